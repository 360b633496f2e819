"""What a run leaves behind: CSV that gives every bit back, and a summary for programs."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from engine.descent.descent import Descent
from engine.experiment import Experiment
from engine.files import trajectories
from engine.files.experiments import experiment_from, preset
from engine.files.trajectories import readable, summary, write_history
from engine.headless import run_experiment, run_headless
from engine.messages import InputError
from engine.problem.evaluation import evaluate
from engine.problem.fitting import LOSSES_OF
from tests.engine.descents import ended, experiment, points


def asked(name: str = "tutorial-2", **keys: Any) -> Experiment:
    return experiment_from({"format": 1, "data": {"source": "tutorial", "name": name}} | keys)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def written(path: Path, descents: list[Descent], with_run: bool = False) -> list[dict[str, str]]:
    write_history(path, descents, with_run)
    return rows_of(path)


FIRST = "iteration,learning_rate,loss,train_loss,validation_loss"


@pytest.mark.parametrize(
    ("name", "with_run", "header"),
    [
        ("tutorial-2", False, f"{FIRST},b,w,grad_b,grad_w"),
        ("tutorial-2", True, f"run,{FIRST},b,w,grad_b,grad_w"),
        ("tutorial-3", False, f"{FIRST},b,w1,w2,grad_b,grad_w1,grad_w2"),
    ],
)
def test_header_names_every_column(tmp_path: Path, name: str, with_run: bool, header: str) -> None:
    path = tmp_path / "out.csv"
    write_history(path, run_experiment(asked(name, stop={"iterations": 2})), with_run)
    assert path.read_text(encoding="utf-8").splitlines()[0] == header


@pytest.mark.parametrize("block", [1, 7, 20, 21, 100])
def test_every_bit_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(trajectories, "ROWS_AT_A_TIME", block)
    change = {"at": 4, "set": {"optimizer.lr": 1 / 3}}
    (descent,) = run_experiment(asked(stop={"iterations": 20}, runs=[{"changes": [change]}]))
    table = written(tmp_path / "out.csv", [descent])
    recorded = descent.history.rows()
    columns = {
        "learning_rate": descent.learning_rates(21),
        "loss": recorded.train_loss,
        "train_loss": recorded.train_loss,
        "validation_loss": recorded.validation_loss,
        "b": recorded.params[0],
        "w": recorded.params[1],
        "grad_b": recorded.gradient[0],
        "grad_w": recorded.gradient[1],
    }

    assert [row["iteration"] for row in table] == [str(k) for k in range(21)]
    for name, column in columns.items():
        assert_array_equal([float(row[name]) for row in table], column)
    assert [row["learning_rate"] for row in table[3:5]] == ["0.1", "0.3333333333333333"]


def test_what_is_not_evaluated_is_empty(tmp_path: Path) -> None:
    table = written(tmp_path / "out.csv", run_experiment(asked("tutorial-1")))
    assert {row["validation_loss"] for row in table} == {""}
    assert len(table) == 1001  # 1000 iterations and the start


@pytest.mark.parametrize("share", [1.0, 0.9])
@pytest.mark.parametrize("block", [1, 4, 100])
def test_many_points_have_their_losses_at_epochs_and_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, share: float
) -> None:
    monkeypatch.setattr(trajectories, "ROWS_AT_A_TIME", block)
    asked = experiment(
        *("logistic", "log_loss"),
        data=points("logistic", 11_200),
        stop={"iterations": 9},
        split={"train": share},
        batch={"size": 3000},
    )
    descent = ended(asked)
    table = written(tmp_path / "out.csv", [descent])
    there = [k for k, row in enumerate(table) if row["train_loss"]]
    assert there == [0, 4, 8, 9]  # four batches are an epoch
    problem, last = descent.problem, descent.history.rows(9).params[:, 0]
    found = evaluate(problem, last)
    assert float(table[9]["train_loss"]) == found.train.loss
    if found.validation is None:
        assert {row["validation_loss"] for row in table} == {""}
    else:
        assert [k for k, row in enumerate(table) if row["validation_loss"]] == there
        assert float(table[9]["validation_loss"]) == found.validation.loss
    recorded = descent.history.rows()
    assert np.isnan(recorded.train_loss[9])  # only what is written has it
    assert float(table[8]["train_loss"]) == recorded.train_loss[8]


@pytest.mark.parametrize("name", ["GD", "a,b", 'the "best"', "two\nlines", "线"])
def test_names_of_runs_are_quoted(tmp_path: Path, name: str) -> None:
    descents = run_experiment(asked(stop={"iterations": 1}, runs=[{"name": name}]))
    table = written(tmp_path / "out.csv", [*descents, *descents], with_run=True)
    assert [row["run"] for row in table] == [name] * 4


def test_the_run_that_is_wanted_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run SGD; the runs are GD"):
        run_headless(preset("tutorial-1"), str(tmp_path / "out.csv"), only="SGD")
    assert list(tmp_path.iterdir()) == []
    run_headless(preset("tutorial-1"), str(tmp_path / "out.csv"), only="GD")
    assert "run" not in rows_of(tmp_path / "out.csv")[0]


# Of the format's description, in its order.
RUN_KEYS = [
    *("name", "stop", "parameters", "own_units", "train", "validation", "optimum"),
    *("distance_to_optimum", "truth"),
]


def test_summary_has_the_keys_of_its_description() -> None:
    facts = summary(run_experiment(asked(features={"standardise": True})))
    (run,) = facts["runs"]

    assert list(facts) == ["runs", "curvature"]
    assert list(run) == RUN_KEYS
    assert run["stop"] == {"reason": "iterations", "iteration": 1000}
    assert list(run["parameters"]) == list(run["own_units"]) == list(run["truth"]) == ["b", "w"]
    assert list(run["train"]) == list(run["validation"]) == ["loss", "r2", "rmse"]
    assert list(run["optimum"]) == ["parameters", "own_units", "loss", "certainty"]
    assert list(facts["curvature"]) == [
        *("eigenvalues", "condition_number", "stability_limit", "best_rate")
    ]


def test_summary_of_tutorial_2() -> None:
    facts = summary(run_experiment(asked(features={"standardise": True})))
    (run,) = facts["runs"]
    # scikit-learn 1.9: the standardised and the original solution; R² on both parts.
    assert run["parameters"] == pytest.approx({"b": 1.9537956365905156, "w": 0.602946027396629})
    assert run["own_units"] == pytest.approx({"b": 1.0235407546635162, "w": 1.9689644704814506})
    assert run["train"]["r2"] == pytest.approx(0.9783506319823165)
    assert run["validation"]["r2"] == pytest.approx(0.9611667545435196)
    assert run["distance_to_optimum"] < 1e-12
    # y = 1 + 2x with x = mean + sd·u, of the scaler of tutorial 2.
    assert run["truth"] == pytest.approx(
        {"b": 1 + 2 * 0.4724589477734627, "w": 2 * 0.3062249402850815}
    )
    assert facts["curvature"]["eigenvalues"] == pytest.approx([2, 2])
    assert facts["curvature"]["stability_limit"] == pytest.approx(1)
    assert facts["curvature"]["best_rate"] == pytest.approx(0.5)


def test_what_nobody_knows_is_null() -> None:
    points = {"source": "points", "x": [0, 0, 0], "y": [1, 1, 1]}
    facts = summary(run_experiment(experiment_from({"format": 1, "data": points})))
    (run,) = facts["runs"]
    assert run["validation"] is None
    assert run["truth"] is None
    assert run["train"]["r2"] is None
    assert facts["curvature"]["condition_number"] is None  # w is flat
    adam = run_experiment(asked(runs=[{"optimizer": {"kind": "adam"}}]))
    assert summary(adam)["curvature"]["stability_limit"] is None


def test_a_summary_is_json_whatever_overflows(tmp_path: Path) -> None:
    """A start far off, and a validation point further off still: its loss has no finite value."""
    tree = {
        "format": 1,
        "data": {"source": "points", "x": [0, 0.001, 1e10], "y": [1, 2, 3]},
        "split": {"train": 0.7},
        "runs": [{"start": {"kind": "values", "values": [0, 1e150]}}],
    }
    path = tmp_path / "summary.json"
    run_headless(experiment_from(tree), None, str(path))

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    facts = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    assert facts["runs"][0]["validation"] == {"loss": None, "r2": None, "rmse": None}
    assert np.isfinite(facts["runs"][0]["train"]["loss"])


def test_summary_is_readable() -> None:
    descents = run_experiment(preset("tutorial-2"))
    text = readable(descents, summary(descents))
    assert text.startswith("GD: Finished at iteration 1000, the last one.\n")
    # Ten digits of 60-digit arithmetic after 1000 updates, of least squares, and of κ.
    for part in (
        "w = 1.968964114",
        "w = 1.96896447 ",
        "κ 16.43544521",
        "truth        b = 1  w = 2",
    ):
        assert part in text
    assert "own units" not in text  # they are the model's


def test_several_runs_stand_in_one_history_in_their_order(tmp_path: Path) -> None:
    runs = [{"name": "slow", "optimizer": {"lr": 0.01}}, {"name": "far", "optimizer": {"lr": 3.0}}]
    experiment = asked(runs=runs, stop={"iterations": 30})
    path = tmp_path / "out.csv"
    outcome = run_headless(experiment, str(path))
    assert outcome.diverged  # one of them is enough
    for name in ("slow", "far"):
        (one,) = (run for run in experiment.runs if run.name == name)
        alone = tmp_path / f"{name}.csv"
        run_headless(msgspec.structs.replace(experiment, runs=(one,)), str(alone))
        rows = [row for row in rows_of(path) if row.pop("run") == name]
        assert rows == rows_of(alone)  # to the last bit: full precision
        run_headless(experiment, str(alone), only=name)
        assert rows == rows_of(alone)
    assert [row["run"] for row in rows_of(path)][::31] == ["slow", "far"]


def test_a_summary_has_every_run() -> None:
    runs = [{"optimizer": {"kind": "adam"}}, {}, {"optimizer": {"lr": 3.0}}]
    descents = run_experiment(asked(runs=runs, stop={"iterations": 30}))
    facts = summary(descents)
    assert [run["name"] for run in facts["runs"]] == ["Adam", "GD", "GD 2"]
    reasons = [run["stop"]["reason"] for run in facts["runs"]]
    assert reasons == ["iterations", "iterations", "diverged"]
    text = readable(descents, facts)
    for start in (
        "Adam: Finished at iteration 30",
        "GD: Finished at iteration 30",
        "GD 2: Diverged at iteration",
    ):
        assert f"\n{start}" in "\n" + text
    assert "stable below — (Adam)" in text


@pytest.mark.filterwarnings("error")
def test_a_summary_is_json_where_parameters_run_away(tmp_path: Path) -> None:
    """A bounded loss lets parameters grow until their squares, and own units, overflow."""
    asked = {
        "format": 1,
        "data": {"source": "points", "x": [0, 1e-90, 2e-90, 3e-90], "y": [0, 1, 1, 0]},
        "features": {"standardise": True},
        "model": {"kind": "sine"},
        "runs": [{"optimizer": {"kind": "adamw", "lr": 1e12}}],
        "stop": {"iterations": 300, "gradient_norm": 0.0},
    }
    path = tmp_path / "summary.json"
    assert run_headless(experiment_from(asked), None, str(path)).diverged
    text = path.read_text(encoding="utf-8")
    assert "Infinity" not in text
    assert "NaN" not in text
    (run,) = json.loads(text)["runs"]
    assert max(map(abs, run["parameters"].values())) > 1e155
    assert run["distance_to_optimum"] > 1e155
    assert run["own_units"]["w"] is None


@pytest.mark.parametrize(
    ("x", "y", "model", "said"),
    [
        ([2, 2, 2, 2], [1, 2, 3, 4], "line", "The data cannot tell some parameters apart"),
        ([1, 2, 3, 4], [0, 0, 1, 1], "logistic", "none: The two classes can be separated"),
        ([1, 2, 3, 4], [1, 1, 1, 1], "logistic", "none: All labels are the same"),
    ],
)
def test_what_is_special_about_an_optimum_is_said(
    x: list[float], y: list[float], model: str, said: str
) -> None:
    data = {"source": "points", "x": x, "y": y}
    descents = run_experiment(experiment(model, LOSSES_OF[model][0], data))
    assert said in readable(descents, summary(descents))
