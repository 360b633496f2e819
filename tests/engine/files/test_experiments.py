"""Experiment files: what is filled in, what is refused and in which words."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment import (
    Adam,
    Experiment,
    FileData,
    Gd,
    HalfMse,
    Huber,
    LogLoss,
    Mae,
    Momentum,
    Mse,
    Settings,
    SyntheticKind,
    kind_of,
    settings_at,
)
from engine.files.experiments import (
    checked_change,
    checked_iterations,
    difference,
    experiment_from,
    load_experiment,
    preset,
    save_experiment,
)
from engine.messages import InputError

Tree = dict[str, Any]

TUTORIAL: Tree = {"format": 1, "data": {"source": "tutorial", "name": "tutorial-2"}}
POINTS: Tree = {"format": 1, "data": {"source": "points", "x": [0, 1, 2], "y": [1, 2, 4]}}
HUGE = 10**400  # JSON can spell it, a double cannot hold it


def run(**keys: Any) -> Tree:
    return TUTORIAL | {"runs": [keys]}


def data(**keys: Any) -> Tree:
    return {"format": 1, "data": keys}


def change(**values: Any) -> Tree:
    return run(changes=[{"at": 3, "set": {key.replace("__", "."): values[key] for key in values}}])


def complaint_about(tree: Any) -> str:
    with pytest.raises(InputError) as refused:
        experiment_from(tree)
    return str(refused.value)


# What is filled in


def test_a_tutorial_brings_its_own_settings() -> None:
    # The example of the format's description, with all that it leaves to defaults.
    assert json.loads(msgspec.json.encode(preset("tutorial-2"))) == {
        "format": 1,
        "title": "Gradient descent step by step",
        "data": {"source": "tutorial", "name": "tutorial-2"},
        "split": {"train": 0.8, "seed": None},
        "features": {"scale": 1.0, "standardise": False},
        "model": {"kind": "line"},
        "loss": {"kind": "mse", "l1": 0.0, "l2": 0.0},
        "runs": [
            {
                "name": "GD",
                "start": {"kind": "own"},
                "optimizer": {"kind": "gd", "lr": 0.1, "weight_decay": 0.0},
                "schedule": {"kind": "constant"},
                "batch": {"size": None, "order": "shuffle", "seed": 0},
                "changes": [],
                "loss": None,
            }
        ],
        "stop": {"iterations": 1000, "gradient_norm": None, "loss_change": None},
    }


def test_a_run_may_have_a_loss_of_its_own(tmp_path: Path) -> None:
    own = {"kind": "huber", "delta": 0.5}
    tree = data(source="tutorial", name="tutorial-3") | {
        "runs": [{"name": "common"}, {"name": "own", "loss": own}]
    }
    experiment = experiment_from(tree)
    assert experiment.runs[0].loss is None
    assert experiment.runs[1].loss == Huber(delta=0.5)
    assert [kind_of(experiment.loss_of(i)) for i in (0, 1)] == ["half_mse", "huber"]
    save_experiment(tmp_path / "own.json", experiment)
    assert load_experiment(tmp_path / "own.json") == experiment


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        ({"kind": "log_loss"}, "runs[0]: loss.kind: the log loss compares labels"),
        ({"kind": "cubic"}, 'runs[0].loss.kind: "cubic" is not allowed here'),
        ({"kind": "huber", "delta": 0}, "runs[0].loss.delta: 0 is not allowed here"),
        ({"delta": 1}, "runs[0].loss.kind: this key is missing"),
        (3, "runs[0].loss: 3 is not allowed here; expected an object, null."),
    ],
)
def test_a_loss_of_a_run_is_checked_like_any_other(own: Any, complaint: str) -> None:
    assert complaint_about(run(loss=own)).startswith(complaint)


def test_newton_needs_a_smooth_loss_of_its_own_run() -> None:
    newton = {"kind": "newton"}
    assert "smooth loss" in complaint_about(run(optimizer=newton, loss={"kind": "mae"}))
    later = [{"at": 3, "set": {"optimizer.kind": "newton"}}]
    assert "smooth loss" in complaint_about(run(changes=later, loss={"kind": "mse", "l1": 0.1}))
    smooth = experiment_from(
        run(optimizer=newton, loss={"kind": "mse"}) | {"loss": {"kind": "mae"}}
    )
    assert kind_of(smooth.runs[0].optimizer) == "newton"


def test_given_keys_override_a_tutorial_one_by_one() -> None:
    experiment = experiment_from(
        data(source="tutorial", name="tutorial-3")
        | {"split": {"seed": 7}, "stop": {"gradient_norm": 1e-6}, "runs": [{"name": "mine"}]}
    )
    assert (experiment.split.train, experiment.split.seed) == (1.0, 7)
    assert (experiment.stop.iterations, experiment.stop.gradient_norm) == (3, 1e-6)
    assert (experiment.runs[0].name, experiment.runs[0].optimizer.lr) == ("mine", 0.01)
    assert kind_of(experiment.loss) == "half_mse"


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (POINTS, Mse()),
        (POINTS | {"model": {"kind": "line"}}, Mse()),
        (POINTS | {"model": {"kind": "logistic"}}, LogLoss()),
        (POINTS | {"model": {"kind": "tanh"}}, Mse()),
        (POINTS | {"model": {"kind": "logistic"}, "loss": {"l2": 0.5}}, LogLoss(l2=0.5)),
        (POINTS | {"model": {"kind": "logistic"}, "loss": {"kind": "mse"}}, Mse()),
        (POINTS | {"loss": {"kind": "huber"}}, Huber(delta=1.0)),
        (POINTS | {"loss": {"kind": "huber", "delta": 2, "l1": 0.5}}, Huber(delta=2.0, l1=0.5)),
        (data(source="tutorial", name="tutorial-3"), HalfMse()),
        (data(source="tutorial", name="tutorial-3") | {"loss": {"l1": 1}}, HalfMse(l1=1.0)),
        (data(source="tutorial", name="tutorial-3") | {"loss": {"kind": "mae"}}, Mae()),
        (data(source="tutorial", name="tutorial-3") | {"model": {"kind": "sine"}}, Mse()),
    ],
)
def test_a_model_brings_its_natural_loss(tree: Tree, expected: object) -> None:
    assert experiment_from(tree).loss == expected


@pytest.mark.parametrize(
    ("given", "expected", "name"),
    [
        ({}, Gd(lr=0.01), "GD"),  # the tutorial's own rate
        ({"weight_decay": 1}, Gd(lr=0.01, weight_decay=1.0), "GD"),
        ({"kind": "gd", "lr": 1}, Gd(lr=1.0), "GD"),
        ({"kind": "momentum"}, Momentum(lr=0.1, momentum=0.9), "Momentum"),
        ({"kind": "adam"}, Adam(lr=0.1, betas=(0.9, 0.999), eps=1e-8), "Adam"),
    ],
)
def test_a_tutorials_rate_is_for_plain_descent(given: Tree, expected: object, name: str) -> None:
    tree = data(source="tutorial", name="tutorial-1") | {"runs": [{"optimizer": given}]}
    found = experiment_from(tree).runs[0]
    assert (found.optimizer, found.name) == (expected, name)


def test_other_data_have_the_general_defaults() -> None:
    experiment = experiment_from(POINTS)
    assert experiment.split.train == 1.0
    assert experiment.runs[0].optimizer == Gd(lr=0.1)
    assert experiment.stop.iterations == 1000
    assert experiment.title == ""


def test_changes_act_in_the_order_of_their_rows() -> None:
    late = {"at": 10, "set": {"optimizer.lr": 0.01}}
    early = {"at": 5, "set": {"optimizer.lr": 0.02}}
    experiment = experiment_from(run(changes=[late, early]))
    assert [settings_at(experiment, 0, k).optimizer.lr for k in (4, 5, 10)] == [0.1, 0.02, 0.01]


# What is refused

PLAIN = "is not allowed here; expected"
LOSSES = "half_mse, huber, log_loss, mae, mse"
METHODS = "adagrad, adam, adamw, gd, momentum, nesterov, newton, rmsprop"
CORNERS = (
    "Newton's method needs a smooth loss, and |r| and |w| have corners; choose another loss, "
    "set loss.l1 to 0 or choose another method."
)
BATCHES = "Newton's method needs the full batch; set batch.size to null or choose another method."
TOP = "data, features, format, loss, model, runs, split, stop, title"
RUN = "batch, changes, loss, name, optimizer, schedule, start"
NOT_AN_EXPERIMENT = (
    'this is not an experiment: it needs an object with the keys "format" and "data".'
)


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        # typing errors in a key, at each level
        (TUTORIAL | {"titel": ""}, f"titel: there is no such key; allowed here: {TOP}."),
        (
            data(source="tutorial", name="tutorial-1", n=5),
            "data.n: there is no such key; allowed here: name, source.",
        ),
        (
            TUTORIAL | {"split": {"trian": 1}},
            "split.trian: there is no such key; allowed here: seed, train.",
        ),
        (
            TUTORIAL | {"loss": {"delta": 1}},
            "loss.delta: there is no such key; allowed here: kind, l1, l2.",
        ),
        (
            TUTORIAL | {"stop": {"iteration": 1}},
            "stop.iteration: there is no such key; allowed here: "
            "gradient_norm, iterations, loss_change.",
        ),
        (run(nme="x"), f"runs[0].nme: there is no such key; allowed here: {RUN}."),
        (
            run(optimizer={"momentum": 0.5}),  # a key of another kind
            "runs[0].optimizer.momentum: there is no such key; allowed here: "
            "kind, lr, weight_decay.",
        ),
        (
            run(start={"values": [1, 2]}),
            "runs[0].start.values: there is no such key; allowed here: kind.",
        ),
        (
            run(changes=[{"at": 1, "sett": {}}]),
            "runs[0].changes[0].sett: there is no such key; allowed here: at, set.",
        ),
        (
            change(lr=1),
            "runs[0].changes[0].set: lr: there is no such key; allowed here: "
            "batch, optimizer, schedule, stop.",
        ),
        (
            change(split__train=0.5),  # not live
            "runs[0].changes[0].set: split.train: there is no such key; allowed here: "
            "batch, optimizer, schedule, stop.",
        ),
        (
            change(optimizer__kind="adam", optimizer__momentum=0.5),
            "runs[0].changes[0].set: optimizer.momentum: there is no such key; allowed here: "
            "betas, eps, kind, lr, weight_decay.",
        ),
        # missing keys
        ({}, NOT_AN_EXPERIMENT),
        ({"format": 1}, NOT_AN_EXPERIMENT),
        ({"data": TUTORIAL["data"]}, NOT_AN_EXPERIMENT),
        ([TUTORIAL], NOT_AN_EXPERIMENT),
        (None, NOT_AN_EXPERIMENT),
        (data(), "data.source: this key is missing."),
        (data(source="tutorial"), "data.name: this key is missing."),
        (data(source="points", x=[1, 2]), "data.y: this key is missing."),
        (run(start={"kind": "values"}), "runs[0].start.values: this key is missing."),
        (run(changes=[{"set": {}}]), "runs[0].changes[0].at: this key is missing."),
        (change(), "runs[0].changes[0].set: a change must set something."),
        # wrong types
        (data() | {"data": 5}, f"data: 5 {PLAIN} an object."),
        (TUTORIAL | {"title": 5}, f"title: 5 {PLAIN} text."),
        (TUTORIAL | {"split": None}, f"split: null {PLAIN} an object."),
        (TUTORIAL | {"split": {"seed": 1.5}}, f"split.seed: 1.5 {PLAIN} a whole number, null."),
        (
            TUTORIAL | {"features": {"standardise": 1}},
            f"features.standardise: 1 {PLAIN} true or false.",
        ),
        (TUTORIAL | {"features": {"scale": [1, "a"]}}, f'features.scale[1]: "a" {PLAIN} a number.'),
        (TUTORIAL | {"runs": "x"}, f'runs: "x" {PLAIN} a list.'),
        (TUTORIAL | {"runs": [5]}, f"runs[0]: 5 {PLAIN} an object."),
        (run(optimizer={"lr": "a"}), f'runs[0].optimizer.lr: "a" {PLAIN} a number.'),
        (run(optimizer={"lr": True}), f"runs[0].optimizer.lr: true {PLAIN} a number."),
        (run(optimizer={"lr": None}), f"runs[0].optimizer.lr: null {PLAIN} a number."),
        (TUTORIAL | {"loss": {"l1": "a"}}, f'loss.l1: "a" {PLAIN} a number.'),
        (change(optimizer__lr="x"), f'runs[0].changes[0].set: optimizer.lr: "x" {PLAIN} a number.'),
        (
            data(source="points", x=[1, [2, "a"]], y=[1, 2]),
            f'data.x[1][1]: "a" {PLAIN} a number.',
        ),
        # values that are not allowed
        (
            data(source="tutorial", name="tutorial-6"),
            f'data.name: "tutorial-6" {PLAIN} '
            "tutorial-1, tutorial-2, tutorial-3, tutorial-4, tutorial-5.",
        ),
        (data(source="web"), f'data.source: "web" {PLAIN} file, points, synthetic, tutorial.'),
        (TUTORIAL | {"loss": {"kind": "mea"}}, f'loss.kind: "mea" {PLAIN} {LOSSES}.'),
        (
            run(optimizer={"kind": "gb"}),
            f'runs[0].optimizer.kind: "gb" {PLAIN} {METHODS}.',
        ),
        (
            run(start={"kind": "one"}),
            f'runs[0].start.kind: "one" {PLAIN} own, random, values, zeros.',
        ),
        (
            change(optimizer__kind="gb"),
            f'runs[0].changes[0].set: optimizer.kind: "gb" {PLAIN} {METHODS}.',
        ),
        # what does not go together
        *(
            (
                TUTORIAL | {"model": {"kind": kind}, "loss": {"kind": "log_loss"}},
                "loss.kind: the log loss compares labels with probabilities, and the "
                f"{kind} model gives none; choose the logistic model, or another loss.",
            )
            for kind in ("line", "tanh", "sine")
        ),
        *(
            (
                run(optimizer={"kind": "newton"}) | {"loss": loss},
                CORNERS,
            )
            for loss in ({"kind": "mae"}, {"l1": 0.1}, {"kind": "huber", "l1": 1})
        ),
        (
            change(optimizer__kind="newton") | {"loss": {"kind": "mae"}},
            f"runs[0].changes[0].set: {CORNERS}",
        ),
        (run(optimizer={"kind": "newton"}, batch={"size": 8}), BATCHES),
        (
            run(optimizer={"kind": "newton"}, changes=[{"at": 3, "set": {"batch.size": 8}}]),
            f"runs[0].changes[0].set: {BATCHES}",
        ),
        # out of range
        (TUTORIAL | {"loss": {"l1": -1}}, f"loss.l1: -1 {PLAIN} a number ≥ 0."),
        (TUTORIAL | {"loss": {"l2": -1}}, f"loss.l2: -1 {PLAIN} a number ≥ 0."),
        (
            TUTORIAL | {"loss": {"kind": "huber", "delta": 0}},
            f"loss.delta: 0 {PLAIN} a number > 0.",
        ),
        (TUTORIAL | {"split": {"train": 0}}, f"split.train: 0 {PLAIN} a number > 0."),
        (TUTORIAL | {"split": {"train": 1.5}}, f"split.train: 1.5 {PLAIN} a number ≤ 1."),
        (
            TUTORIAL | {"stop": {"iterations": -1}},
            f"stop.iterations: -1 {PLAIN} a whole number ≥ 0.",
        ),
        (run(optimizer={"lr": 0}), f"runs[0].optimizer.lr: 0 {PLAIN} a number > 0."),
        (run(optimizer={"lr": -1}), f"runs[0].optimizer.lr: -1 {PLAIN} a number > 0."),
        (
            run(optimizer={"kind": "adam", "betas": [0.9]}),
            f"runs[0].optimizer.betas: [0.9] {PLAIN} a list of length 2.",
        ),
        (
            run(optimizer={"kind": "adam", "betas": [1, 0.9]}),
            f"runs[0].optimizer.betas[0]: 1 {PLAIN} a number ≤ 0.999999999.",
        ),
        (
            change(optimizer__kind="adam", optimizer__betas=[0.9, 2]),
            f"runs[0].changes[0].set: optimizer.betas[1]: 2 {PLAIN} a number ≤ 0.999999999.",
        ),
        (
            run(start={"kind": "values", "values": [1]}),
            f"runs[0].start.values: [1] {PLAIN} a list of length ≥ 2.",
        ),
        (TUTORIAL | {"runs": []}, f"runs: [] {PLAIN} a list of length ≥ 1."),
        (run(batch={"size": 0}), f"runs[0].batch.size: 0 {PLAIN} a whole number ≥ 1."),
        (
            data(source="synthetic", kind="circle"),
            f'data.kind: "circle" {PLAIN} line, parabola, sine, tanh, two-classes, '
            "two-classes-one-feature, two-features.",
        ),
        (data(source="synthetic", n=1), f"data.n: 1 {PLAIN} a whole number ≥ 2."),
        (
            data(source="synthetic", n=10**8),
            f"data.n: 100000000 {PLAIN} a whole number ≤ 10000000.",
        ),
        (
            run(start={"kind": "values", "values": [0, 1e200]}),
            "start.values: numbers beyond 1e150 are too large.",
        ),
        # numbers that no double holds
        (
            run(start={"kind": "values", "values": [0, HUGE]}),
            f"runs[0].start.values[1]: 1{'0' * 58}… {PLAIN} a number.",
        ),
        (
            data(source="points", x=[HUGE, 1], y=[1, 2]),
            f"data.x[0]: 1{'0' * 58}… {PLAIN} a number.",
        ),
        (
            TUTORIAL | {"stop": {"iterations": HUGE}},
            f"stop.iterations: 1{'0' * 58}… {PLAIN} a whole number ≤ 10000000.",
        ),
        # the format
        (TUTORIAL | {"format": "1"}, f'format: "1" {PLAIN} 1.'),
        (TUTORIAL | {"format": 1.0}, f"format: 1.0 {PLAIN} 1."),
        (TUTORIAL | {"format": True}, f"format: true {PLAIN} 1."),
        (TUTORIAL | {"format": 0}, f"format: 0 {PLAIN} 1."),
        *(
            (
                TUTORIAL | {"format": newer},
                "this was saved by a newer version of Descent Lab "
                f"(format {shown}; this version reads up to 1); please update.",
            )
            for newer, shown in ((2, "2"), (HUGE, "1" + "0" * 58 + "…"))
        ),
    ],
)
def test_refusals_name_the_key_the_value_and_what_is_allowed(tree: Any, sentence: str) -> None:
    assert complaint_about(tree) == sentence


# What the format's description has and this version does not do yet.
LATER_OPTIMIZERS = (
    *("adadelta", "amsgrad", "adamax", "nadam"),
    *("radam",),
)
LATER_SCHEDULES = ("step", "exponential", "inverse_time", "cosine", "warmup")


@pytest.mark.parametrize(
    ("tree", "key", "value"),
    [
        (TUTORIAL | {"model": {"kind": "polynomial", "degree": 3}}, "model.kind", '"polynomial"'),
        *(
            (run(optimizer={"kind": kind, "rho": 1}), "runs[0].optimizer.kind", f'"{kind}"')
            for kind in LATER_OPTIMIZERS
        ),
        *(
            (run(schedule={"kind": kind, "every": 3}), "runs[0].schedule.kind", f'"{kind}"')
            for kind in LATER_SCHEDULES
        ),
        *(
            (change(**{f"{key}__kind": kind}), f"runs[0].changes[0].set: {key}.kind", f'"{kind}"')
            for key, kinds in (("optimizer", LATER_OPTIMIZERS), ("schedule", LATER_SCHEDULES))
            for kind in kinds
        ),
    ],
)
def test_what_comes_later_is_refused_by_name(tree: Tree, key: str, value: str) -> None:
    assert complaint_about(tree) == f"{key}: {value} is not supported yet."


def test_runs_without_names_get_their_own() -> None:
    adam = {"optimizer": {"kind": "adam"}}
    runs: list[dict[str, Any]] = [{}, {"name": "GD"}, {}, adam, {"name": "GD 3"}, adam]
    names = [run.name for run in experiment_from(TUTORIAL | {"runs": runs}).runs]
    assert names == ["GD 2", "GD", "GD 4", "Adam", "GD 3", "Adam 2"]


def test_each_run_has_the_defaults_of_its_tutorial() -> None:
    tree = data(source="tutorial", name="tutorial-1") | {
        "runs": [{}, {"batch": {"size": 5}}, {"optimizer": {"kind": "momentum"}}]
    }
    gd, batches, momentum = experiment_from(tree).runs
    assert (gd.optimizer.lr, batches.optimizer.lr, momentum.optimizer.lr) == (0.01, 0.01, 0.1)
    assert (gd.batch.size, batches.batch.size) == (None, 5)


def test_two_runs_of_one_name_are_refused() -> None:
    twins = TUTORIAL | {"runs": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}
    assert complaint_about(twins) == (
        'runs[2].name: "a" is the name of runs[0] already; every run needs a name of its own.'
    )


def test_there_are_at_most_twelve_runs() -> None:
    assert len(experiment_from(TUTORIAL | {"runs": [{}] * 12}).runs) == 12
    complaint = complaint_about(TUTORIAL | {"runs": [{}] * 13})
    assert complaint.startswith("runs: [")
    assert complaint.endswith("expected a list of length ≤ 12.")


def test_unknown_presets_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no preset tutorial-9; choose one of tutorial-1, tut"):
        preset("tutorial-9")


def test_iterations_from_the_command_line_are_checked_like_the_file() -> None:
    assert checked_iterations(preset("tutorial-1"), 50).stop.iterations == 50
    with pytest.raises(InputError) as refused:
        checked_iterations(preset("tutorial-1"), -1)
    assert str(refused.value) == f"stop.iterations: -1 {PLAIN} a whole number ≥ 0."


def experiment_or_complaint(tree: Any) -> Experiment | str:
    try:
        return experiment_from(tree)
    except InputError as error:
        return str(error)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(
        [
            *("title", "data", "split", "features", "model", "loss", "runs", "stop", "format"),
            *("runs.0", "runs.0.start", "runs.0.optimizer", "runs.0.changes", "runs.0.batch"),
            *("split.train", "features.scale", "stop.iterations", "runs.0.optimizer.kind", "{x}"),
        ]
    ),
)
def test_anything_anywhere_is_taken_or_refused_in_a_sentence(value: Any, place: str) -> None:
    tree: Any = json.loads(json.dumps(msgspec.to_builtins(preset("tutorial-2"))))
    *parents, last = place.split(".")
    target = tree
    for step in parents:
        target = target[int(step)] if step.isdigit() else target[step]
    target[int(last) if last.isdigit() else last] = value
    found = experiment_or_complaint(tree)
    if isinstance(found, str):
        assert 0 < len(found) < 1000
    else:
        assert experiment_from(msgspec.to_builtins(found)) == found


# Files

DEEP = 100_000


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "not valid JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not valid JSON"),
        (b'{"format": 1', "not valid JSON"),
        (b"format: 1", "not valid JSON"),
        ("{}".encode("utf-16"), "not valid JSON"),
        (b'{"format": 1, "data": {"source": "points", "x": [NaN, 1], "y": [1, 2]}}', "not valid"),
        (b'{"format": 1, "data": {"source": "points", "x": [1e999, 1], "y": [1, 2]}}', "not valid"),
        (b'{"format": 1, "data": {"source": "tutorial"}, "title": "\\ud800"}', "not valid JSON"),
        (b"[" * DEEP, "nested too deeply"),
        (b"[" * DEEP + b"]" * DEEP, "nested too deeply"),
        (b'{"a":' * DEEP, "nested too deeply"),
        (b"[]", 'needs an object with the keys "format" and "data"'),
        (b'"text"', 'needs an object with the keys "format" and "data"'),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_experiment_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "lesson.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"^lesson\.json: ") as refused:
        load_experiment(path)
    assert fault in str(refused.value)


@pytest.mark.parametrize("place", ["title", "runs", "changes", "format"])
def test_any_depth_of_nesting_is_refused_in_a_sentence(tmp_path: Path, place: str) -> None:
    """What the decoder just takes may be too deep for everything that comes after."""
    before, after = {
        "title": ('{"format": 1, "data": {"source": "tutorial"}, "title": ', "}"),
        "format": ('{"data": 1, "format": ', "}"),
        "runs": ('{"format": 1, "data": {"source": "tutorial"}, "runs": ', "}"),
        "changes": (
            '{"format": 1, "data": {"source": "tutorial", "name": "tutorial-1"}, '
            '"runs": [{"changes": [{"at": 1, "set": {"optimizer.lr": ',
            "}}]}]}",
        ),
    }[place]
    limit = sys.getrecursionlimit()
    path = tmp_path / "deep.json"
    for depth in range(limit - 150, limit + 10):
        path.write_text(before + "[" * depth + "]" * depth + after)
        with pytest.raises(InputError, match=r"not allowed here|too deeply|key is missing"):
            load_experiment(path)


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Cannot open .*none\.json: there is no such file\."):
        load_experiment(tmp_path / "none.json")
    with pytest.raises(InputError, match=r"Cannot open .*: it is a folder, not a file"):
        load_experiment(tmp_path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "notepad.json"
    path.write_text(json.dumps(TUTORIAL), encoding="utf-8-sig")
    assert load_experiment(path) == preset("tutorial-2")


small = st.floats(1e-9, 1e3)
optimizer_trees = st.one_of(
    st.fixed_dictionaries({"kind": st.just("gd"), "lr": small, "weight_decay": small}),
    st.fixed_dictionaries({"kind": st.just("momentum"), "momentum": st.floats(0, 1)}),
    st.fixed_dictionaries(
        {"kind": st.just("adam"), "betas": st.just([0.5, 0.25]), "eps": st.floats(1e-9, 1)}
    ),
)
trees = st.fixed_dictionaries(
    {
        "format": st.just(1),
        "data": st.sampled_from(
            [
                {"source": "tutorial", "name": "tutorial-3"},
                {"source": "synthetic", "n": 20, "noise": 0.5, "seed": 3, "outliers": 0.25},
                *({"source": "synthetic", "kind": kind} for kind in get_args(SyntheticKind)),
                {"source": "points", "x": [[1, 2.5], [3, 4]], "y": [0.1, 1e-300]},
                {"source": "points", "x": [1, 2], "y": [3, 4]},
            ]
        ),
    },
    optional={
        "title": st.text(),
        "split": st.fixed_dictionaries(
            {"train": st.floats(0.5, 1), "seed": st.none() | st.just(5)}
        ),
        "features": st.fixed_dictionaries({"scale": small | st.lists(small, max_size=3)}),
        "loss": st.sampled_from([{"kind": "mse"}, {"kind": "half_mse", "l1": 0}]),
        "runs": st.fixed_dictionaries(
            {},
            optional={
                "name": st.text().filter(str.strip),
                "optimizer": optimizer_trees,
                "start": st.sampled_from(
                    [{"kind": "values", "values": [0.1, -2]}, {"kind": "random", "scale": 2}]
                ),
                "changes": st.just([{"at": 4, "set": {"optimizer.lr": 0.5}}]),
            },
        ).map(lambda one: [one]),
        "stop": st.fixed_dictionaries({"iterations": st.integers(0, 10**7), "loss_change": small}),
    },
)


@given(tree=trees)
def test_saved_and_loaded_is_the_same(tmp_path_factory: pytest.TempPathFactory, tree: Tree) -> None:
    experiment = experiment_from(tree)
    path = tmp_path_factory.getbasetemp() / "saved.json"
    save_experiment(path, experiment)
    assert load_experiment(path) == experiment
    text = path.read_bytes()
    save_experiment(path, load_experiment(path))
    assert path.read_bytes() == text


def test_a_data_path_is_relative_to_the_experiment(tmp_path: Path) -> None:
    tree = data(source="file", path="tables/cars.csv", x=["speed"], y="dist")
    (tmp_path / "lesson.json").write_text(json.dumps(tree))
    experiment = load_experiment(tmp_path / "lesson.json")
    assert isinstance(experiment.data, FileData)
    assert Path(experiment.data.path) == tmp_path.resolve() / "tables" / "cars.csv"

    (tmp_path / "elsewhere").mkdir()
    for folder, expected in (
        (tmp_path, "tables/cars.csv"),
        (tmp_path / "elsewhere", str(tmp_path.resolve() / "tables" / "cars.csv")),
    ):
        save_experiment(folder / "copy.json", experiment)
        written = json.loads((folder / "copy.json").read_text(encoding="utf-8"))
        assert written["data"]["path"] == expected
        assert load_experiment(folder / "copy.json") == experiment


# Live changes


def settings_of(name: str) -> Settings:
    return settings_at(preset(name), 0, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"optimizer.lr": 0.5},
        {"optimizer.kind": "adam", "optimizer.betas": [0.5, 0.5]},
        {"optimizer.kind": "momentum", "stop.iterations": 7},
        {"stop.gradient_norm": 1e-6, "stop.loss_change": 0.0},
        {"batch.size": None},
    ],
)
def test_a_difference_leads_from_one_to_the_other(values: Tree) -> None:
    before = settings_of("tutorial-2")
    after = checked_change(before, values, Mse())
    found = difference(before, after)
    assert checked_change(before, found, Mse()) == after
    assert difference(before, before) == {}
    assert set(values) - {"batch.size"} <= set(found)


def test_another_kind_begins_with_its_defaults() -> None:
    settings = checked_change(settings_of("tutorial-1"), {"optimizer.kind": "adam"}, Mse())
    assert settings.optimizer == Adam(lr=0.1)  # not the tutorial's 0.01


@pytest.mark.parametrize("name", ["", " "])
def test_a_run_needs_a_name(name: str) -> None:
    data = {"source": "tutorial", "name": "tutorial-2"}
    with pytest.raises(InputError, match=r"^runs\[0\]\.name: a run needs a name\.$"):
        experiment_from({"format": 1, "data": data, "runs": [{"name": name}]})
