"""Races made for you, and what the tutorials say of them."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from engine.comparisons import (
    KINDS,
    METHODS,
    RATES_OF_TUTORIAL_2,
    batch_sizes,
    compared,
    learning_rates,
    optimizers,
    rates_of_the_limit,
    starts,
)
from engine.descent.descent import Descent
from engine.descent.results import Progress, Result, State
from engine.experiment import (
    MOST_RUNS,
    Adam,
    Experiment,
    Gd,
    Huber,
    LogLoss,
    Mae,
    Momentum,
    Mse,
    Newton,
    Run,
    ValuesStart,
    settings_at,
)
from engine.files.experiments import checked_experiment, experiment_from
from engine.headless import run_experiment
from engine.messages import InputError
from engine.problem.problem import Problem
from engine.problem.sources import problem_of
from engine.problem.surface import Frame


def tutorial(number: int, **keys: Any) -> Experiment:
    data = {"source": "tutorial", "name": f"tutorial-{number}"}
    return experiment_from({"format": 1, "data": data} | keys)


def race(experiment: Experiment, runs: tuple[Run, ...]) -> list[Descent]:
    """Run all of them to their ends, as the command line would."""
    experiment = msgspec.structs.replace(experiment, runs=runs)
    return run_experiment(checked_experiment(msgspec.to_builtins(experiment)))


def result_of(descent: Descent) -> Result:
    progress, rows = Progress(descent.problem), descent.history.rows()
    progress.see(rows)
    assert descent.ending is not None
    return progress.result(
        rows, descent.epochs, descent.ending.reason, descent.is_unstable(descent.head)
    )


def comparison(
    kind: str, experiment: Experiment, problem: Problem | None = None
) -> tuple[Run, ...]:
    return compared(
        kind, experiment, 0, settings_at(experiment, 0, 0), problem or problem_of(experiment)
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("kind", KINDS)
def test_every_comparison_can_be_run_on_every_tutorial(kind: str, number: int) -> None:
    experiment = tutorial(number)
    runs = comparison(kind, experiment)
    assert 2 < len(runs) <= MOST_RUNS
    descents = race(experiment, runs)
    assert len({descent.name for descent in descents}) == len(runs)
    if kind != "starts":
        first = descents[0].history.start
        assert all((descent.history.start == first).all() for descent in descents)


def test_the_rates_of_tutorial_2() -> None:
    experiment = tutorial(2)
    runs = learning_rates(experiment.runs[0], RATES_OF_TUTORIAL_2)
    assert [run.name for run in runs] == ["η = 0.2", "η = 0.8", "η = 1.1"]
    gentle, zigzag, wild = map(result_of, race(experiment, runs))
    assert gentle.state is zigzag.state is State.CONVERGED
    assert wild.state is State.DIVERGED
    assert zigzag.distance is not None
    assert zigzag.distance < 1e-3
    assert gentle.near is not None
    assert zigzag.near is not None
    assert gentle.near < zigzag.near  # 0.8 converges, but to and fro


def test_a_rate_that_is_safe_diverges_on_the_tenfold_feature() -> None:
    experiment = tutorial(2, features={"scale": 10.0})
    (only,) = map(result_of, race(experiment, learning_rates(experiment.runs[0], [0.1])))
    assert only.state is State.DIVERGED


def test_half_is_one_step_on_the_standardised_feature() -> None:
    experiment = tutorial(2, features={"standardise": True}, stop={"iterations": 30})
    (descent,) = race(experiment, learning_rates(experiment.runs[0], [0.5]))
    best = descent.problem.optimum.params
    assert best is not None
    assert descent.history.rows().params[:, 1] == pytest.approx(best, rel=1e-14)
    assert result_of(descent).near == 1


def test_shares_of_the_limit_diverge_beyond_it_only() -> None:
    experiment = tutorial(2)
    problem = problem_of(experiment)
    runs = rates_of_the_limit(experiment.runs[0], problem)
    assert [run.optimizer.lr / 0.8055058612732189 for run in runs] == pytest.approx(
        [0.1, 0.5, 0.9, 1.1]
    )
    states = [result_of(descent).state for descent in race(experiment, runs)]
    assert states == [State.CONVERGED] * 3 + [State.DIVERGED]


def test_a_method_without_a_limit_has_no_shares_of_it() -> None:
    experiment = tutorial(2)
    run = msgspec.structs.replace(experiment.runs[0], optimizer=Adam())
    with pytest.raises(InputError, match="Adam has none"):
        rates_of_the_limit(run, problem_of(experiment))


def test_methods_race_at_one_rate_and_keep_what_they_can() -> None:
    experiment = tutorial(2)
    own = msgspec.structs.replace(
        experiment.runs[0], optimizer=Momentum(lr=0.07, momentum=0.5, weight_decay=0.01)
    )
    runs = optimizers(own, problem_of(experiment))
    assert [run.name for run in runs] == [
        *("GD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam")
    ]
    assert len(runs) == len(METHODS)
    assert {run.optimizer.lr for run in runs} == {0.07}
    assert runs[1] == msgspec.structs.replace(own, name="Momentum")
    assert runs[0].optimizer == Gd(lr=0.07, weight_decay=0.01)


def test_newtons_rate_is_not_passed_on() -> None:
    experiment = tutorial(2)
    own = msgspec.structs.replace(experiment.runs[0], optimizer=Newton(lr=1.0))
    runs = optimizers(own, problem_of(experiment))
    assert {run.optimizer.lr for run in runs} == {0.7}  # 2/(λmin+λmax) = 0.759, rounded down


def test_the_batches_of_tutorial_4() -> None:
    """Exact and slow, jittery and fast, and something between, from one start."""
    experiment = tutorial(4, stop={"iterations": 300})
    runs = batch_sizes(experiment.runs[0], 100)
    assert [(run.name, run.batch.size) for run in runs] == [
        ("m = 1", 1),
        ("m = 16", 16),
        ("m = 100", None),
    ]
    descents = race(experiment, runs)
    one, some, all_ = map(result_of, descents)
    assert (one.updates, some.updates, all_.updates) == (300, 300, 300)
    assert (one.points, all_.points) == (300, 30_000)
    assert some.points == 42 * 100 + 6 * 16  # seven batches an epoch: 300 = 42 · 7 + 6
    assert (one.epochs, all_.epochs) == (3.0, 300.0)
    assert one.near_epochs is not None
    assert some.near_epochs is not None
    assert all_.near_epochs is not None
    assert one.near_epochs < some.near_epochs < all_.near_epochs
    assert one.distance is not None
    assert all_.distance is not None
    assert all_.distance < one.distance  # the noise of single points does not settle
    again = race(experiment, runs)
    for before, after in zip(descents, again, strict=True):
        assert (before.history.rows().params == after.history.rows().params).all()


def test_all_points_are_not_a_batch_of_their_own() -> None:
    run = tutorial(4).runs[0]
    assert [each.batch.size for each in batch_sizes(run, 16)] == [1, None]


def test_starts_lie_over_the_frame_and_leave_the_rest_alone() -> None:
    experiment = tutorial(3)
    frame = Frame((0.0, 24.0), (-12.0, 12.0))
    runs = starts(experiment.runs[0], np.array([9.0, 8.0, 7.0]), frame)
    values = [run.start.values for run in runs if isinstance(run.start, ValuesStart)]
    assert [run.name for run in runs] == [f"start {n}" for n in range(1, 9)]
    corners = {(4, -8), (4, 8), (20, -8), (20, 8)}
    about_the_middle = {(9, 0), (15, 0), (12, -3), (12, 3)}
    assert set(values) == {(b, w, 7.0) for b, w in corners | about_the_middle}


def sine(iterations: int, *runs: dict[str, Any]) -> Experiment:
    """25 points on sin(2x + 0.5), so that the loss has a valley for every frequency."""
    x = np.linspace(-3, 3, 25)
    return experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": x.tolist(), "y": np.sin(2 * x + 0.5).tolist()},
            "model": {"kind": "sine"},
            "runs": [{"optimizer": {"lr": 0.05}} | run for run in runs],
            "stop": {"iterations": iterations},
        }
    )


def test_starts_over_the_sines_surface_reach_the_optimum_and_other_valleys() -> None:
    experiment = sine(1000, {})
    states = [
        result_of(descent).state for descent in race(experiment, comparison("starts", experiment))
    ]
    assert states.count(State.CONVERGED) >= 2
    assert states.count(State.STALLED) >= 2


def test_the_sines_starts_end_in_different_valleys() -> None:
    """The values are those of an independent computation in double precision."""
    starts = ([0.0, 1.0], [0.0, 0.5], [1.0, 4.5])
    experiment = sine(20_000, *({"start": {"kind": "values", "values": at}} for at in starts))
    best, beside, far = run_experiment(experiment)
    for descent, params, loss in (
        (best, [0.5, 2.0], 0.0),
        (beside, [-0.004766605202104287, -0.13614154497110376], 0.441405966409495),
        (far, [0.7717479436674876, 4.462867762621589], 0.8915787265354497),
    ):
        rows = descent.history.rows()
        assert rows.params[:, -1] == pytest.approx(params, abs=1e-9)
        assert rows.train_loss[-1] == pytest.approx(loss, rel=1e-9, abs=1e-20)
    assert [result_of(each).state for each in (best, beside, far)] == [
        *(State.CONVERGED, State.STALLED, State.STALLED)
    ]
    assert result_of(beside).near is None


def outliers(**keys: Any) -> Experiment:
    data = {"source": "synthetic", "kind": "line", "n": 100, "noise": 0.1, "outliers": 0.05}
    return experiment_from({"format": 1, "data": data} | keys)


def test_the_losses_share_all_but_the_loss() -> None:
    penalty = {"kind": "half_mse", "l2": 0.01}
    experiment = outliers(loss=penalty, runs=[{"batch": {"size": 8}}])
    runs = comparison("losses", experiment)
    squared, huber, absolute = runs
    assert (squared.name, squared.loss) == ("MSE", Mse(l2=0.01))
    assert (absolute.name, absolute.loss) == ("MAE", Mae(l2=0.01))
    assert isinstance(huber.loss, Huber)
    assert huber.name == f"Huber δ = {huber.loss.delta:g}"
    assert huber.loss.l2 == 0.01
    own = experiment.runs[0]
    assert all(msgspec.structs.replace(run, name=own.name, loss=None) == own for run in runs)


def test_hubers_threshold_is_that_of_the_noise_and_not_of_the_outliers() -> None:
    experiment = outliers()
    huber = comparison("losses", experiment)[1].loss
    train = problem_of(experiment).dataset.train
    design = np.column_stack((np.ones(train.n), train.x))
    best, *_ = np.linalg.lstsq(design, train.y)
    residuals = train.y - design @ best
    deviation = 1.4826 * np.median(np.abs(residuals - np.median(residuals)))
    assert isinstance(huber, Huber)
    assert huber.delta == float(f"{1.35 * deviation:.2g}")
    assert huber.delta < np.std(residuals) / 2  # which the outliers have blown up


def test_the_threshold_is_1_where_no_residuals_are_left() -> None:
    data = {"source": "points", "x": [0, 1, 2, 3], "y": [1, 3, 5, 7]}
    runs = comparison("losses", outliers(data=data))
    assert runs[1].name == "Huber δ = 1"


def test_a_rate_beyond_the_limit_of_a_loss_gives_way_and_the_name_says_so() -> None:
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "tutorial", "name": "tutorial-2"},
            "runs": [{"optimizer": {"lr": 1.1}}],  # of MSE 0.81 is the limit, of Huber twice that
            "stop": {"iterations": 300},
        }
    )
    runs = comparison("losses", experiment)
    assert [run.optimizer.lr for run in runs] == [0.7, 1.1, 1.1]
    assert runs[0].name == "MSE, η = 0.7"
    assert runs[2].name == "MAE"
    states = [result_of(descent).state for descent in race(experiment, runs)]
    assert State.DIVERGED not in states


def test_classes_compare_the_log_loss_instead_of_hubers() -> None:
    data = {"source": "synthetic", "kind": "two-classes", "n": 60}
    runs = comparison("losses", outliers(data=data, model={"kind": "logistic"}))
    assert [run.name for run in runs] == ["log loss", "MSE", "MAE"]
    assert [type(run.loss) for run in runs] == [LogLoss, Mse, Mae]


def test_the_other_comparisons_keep_a_loss_of_the_run() -> None:
    experiment = outliers(runs=[{"loss": {"kind": "huber", "delta": 0.3}}])
    problem = problem_of(experiment.minimising(experiment.loss_of(0)))
    for kind in set(KINDS) - {"losses"}:
        runs = comparison(kind, experiment, problem)
        assert {run.loss for run in runs} == {Huber(delta=0.3)}
