"""What the table of results says of a run, held against all of its rows looked at at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.descent.descent import Descent
from engine.descent.history import Epochs, Rows, Stretch
from engine.descent.results import NEAR, Progress, State, minima
from engine.experiment import Experiment
from engine.files.experiments import experiment_from
from engine.headless import run_experiment
from engine.problem.sources import problem_of, start_of

EPOCHS = Epochs()


def tutorial_2(**keys: Any) -> Experiment:
    data = {"source": "tutorial", "name": "tutorial-2"}
    return experiment_from({"format": 1, "data": data} | keys)


def ran(experiment: Experiment) -> Descent:
    (descent,) = run_experiment(experiment)
    return descent


def seen(descent: Descent, step: int | None = None) -> Progress:
    """The progress of a run whose rows came ``step`` at a time, or all at once."""
    progress, rows = Progress(descent.problem), len(descent.history)
    for last in [*range(1, rows, step or rows), rows]:
        progress.see(descent.history.rows(0, last))
    return progress


def state(descent: Descent) -> State:
    reason = None if descent.ending is None else descent.ending.reason
    unstable = descent.is_unstable(descent.head)
    return seen(descent).result(descent.history.rows(), descent.epochs, reason, unstable).state


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"runs": [{"batch": {"size": 8}}]},
        {"loss": {"kind": "mse", "l1": 0.05}},
        {"loss": {"kind": "mse", "l2": 0.05}},
        {"loss": {"kind": "huber"}, "runs": [{"batch": {"size": 8}}]},
    ],
    ids=["plain", "batches", "lasso", "ridge", "huber on batches"],
)
def test_near_is_the_first_row_within_a_hundredth_of_the_excess(keys: dict[str, Any]) -> None:
    descent = ran(tutorial_2(**keys))
    problem, rows = descent.problem, descent.history.rows()
    losses = np.array([problem.objective.loss(params) for params in rows.params.T.tolist()])
    excess = losses - problem.optimum.loss
    first = int(np.argmax(excess <= NEAR * excess[0]))
    assert 0 < first < descent.head
    for step in (None, 1, 37):
        result = seen(descent, step).result(rows, descent.epochs, "iterations")
        assert result.near == first
        assert result.near_epochs == pytest.approx(first / descent.place(first).batches)


def test_the_last_row_is_what_the_optimum_is_held_against() -> None:
    descent = ran(tutorial_2(stop={"iterations": 40}))
    rows, best = descent.history.rows(), descent.problem.optimum.params
    assert best is not None
    result = seen(descent).result(rows, descent.epochs, "iterations")
    assert result.loss == rows.train_loss[-1]
    assert result.distance == pytest.approx(float(np.hypot(*(rows.params[:, -1] - best))))
    assert (result.updates, result.points, result.epochs) == (40, 40 * 80, 40.0)
    assert result.state is State.STOPPED


def test_a_run_may_begin_at_the_optimum() -> None:
    best = problem_of(tutorial_2()).optimum.params
    assert best is not None
    start = {"kind": "values", "values": best.tolist()}
    descent = ran(tutorial_2(runs=[{"start": start}], stop={"iterations": 5}))
    result = seen(descent).result(descent.history.rows(), descent.epochs, "iterations")
    assert result.state in (State.CONVERGED, State.STOPPED)  # but for rounding it stays there
    assert result.distance == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, State.CONVERGED),
        ({"stop": {"iterations": 50}}, State.STOPPED),
        ({"runs": [{"optimizer": {"lr": 1.1}}]}, State.DIVERGED),
        ({"runs": [{"optimizer": {"lr": 0.81}}], "stop": {"iterations": 30}}, State.UNSTABLE),
        ({"runs": [{"batch": {"size": 1}, "optimizer": {"lr": 0.3}}]}, State.STALLED),
    ],
    ids=["converged", "stopped", "diverged", "unstable", "noise of single points"],
)
def test_states(keys: dict[str, Any], expected: State) -> None:
    assert state(ran(tutorial_2(**keys))) is expected


@pytest.mark.parametrize("kind", ["momentum", "nesterov"])
@pytest.mark.parametrize(
    ("momentum", "rate"), [(0.9, 0.9), (0.95, 0.1), (0.99, 0.003), (0.99, 0.1), (0.999, 0.1)]
)
def test_a_run_that_swings_ever_less_has_not_stalled(
    kind: str, momentum: float, rate: float
) -> None:
    """Before it converges the loss is at times far above what it was at a lucky moment before."""
    optimizer = {"kind": kind, "lr": rate, "momentum": momentum}
    descent = ran(tutorial_2(runs=[{"optimizer": optimizer}]))
    assert not {state for state, _ in states(descent)} & {State.STALLED, State.STOPPED}


def states(descent: Descent, step: int = 1) -> list[tuple[State, int]]:
    """What the run was at each row while it went on, and the row; a few rows came at a time."""
    progress, found = Progress(descent.problem), []
    for last in range(1, len(descent.history) + 1, step):
        rows = descent.history.rows(0, last)
        progress.see(rows)
        found.append((progress.result(rows, descent.epochs, None).state, last - 1))
    return found


def test_what_has_become_of_a_run_does_not_hang_on_how_its_rows_came() -> None:
    optimizer = {"kind": "momentum", "lr": 0.1, "momentum": 0.999}
    descent = ran(tutorial_2(runs=[{"optimizer": optimizer}], stop={"iterations": 3000}))
    known = {row: state for state, row in states(descent)}
    assert all(known[row] is state for state, row in states(descent, step=37))


def test_swings_that_stay_as_wide_as_ever_stall() -> None:
    """With a momentum of 1 nothing slows the run down: it goes about the optimum for ever."""
    optimizer = {"kind": "momentum", "lr": 0.1, "momentum": 1.0}
    descent = ran(tutorial_2(runs=[{"optimizer": optimizer}], stop={"iterations": 2000}))
    assert state(descent) is State.STALLED


def test_a_run_that_swung_into_a_valley_and_stays_there_has_stalled() -> None:
    x = np.linspace(-3, 3, 25)
    start = {"kind": "values", "values": [0.0, 0.5]}
    run = {"start": start, "optimizer": {"kind": "momentum", "lr": 0.05, "momentum": 0.9}}
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": x.tolist(), "y": np.sin(2 * x + 0.5).tolist()},
            "model": {"kind": "sine"},
            "runs": [run],
            "stop": {"iterations": 1000},
        }
    )
    descent = ran(experiment)
    assert descent.history.rows().train_loss[-1] > 0.4
    assert state(descent) is State.STALLED


def test_a_run_that_can_go_on_is_going() -> None:
    experiment = tutorial_2()
    problem = problem_of(experiment)
    descent = Descent(problem, experiment, 0, start_of(experiment, experiment.runs[0], problem))
    descent.advance(60)
    assert descent.ending is None
    assert state(descent) is State.GOING


def test_a_run_that_made_no_update_has_not_started() -> None:
    experiment = tutorial_2()
    problem = problem_of(experiment)
    descent = Descent(problem, experiment, 0, start_of(experiment, experiment.runs[0], problem))
    assert state(descent) is State.NOT_STARTED
    descent.advance(1)
    assert state(descent) is State.GOING


def test_without_an_optimum_nothing_is_near_and_falling_for_ever_is_no_stall() -> None:
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": [0.0, 1.0, 2.0, 3.0], "y": [0.0, 0.0, 1.0, 1.0]},
            "model": {"kind": "logistic"},
            "stop": {"iterations": 20_000},
        }
    )
    descent = ran(experiment)
    assert descent.problem.optimum.params is None
    result = seen(descent).result(descent.history.rows(), descent.epochs, "iterations")
    assert (result.near, result.near_epochs, result.distance) == (None, None, None)
    assert result.state is State.STOPPED


def test_losses_too_dear_for_every_row_are_taken_where_they_are_known() -> None:
    descent = ran(tutorial_2())
    rows = descent.history.rows()
    losses = rows.train_loss.copy()
    losses[np.arange(len(losses)) % 5 > 0] = np.nan
    sparse = Rows(rows.params, rows.gradient, rows.loss, losses, rows.validation_loss)
    problem = ran(tutorial_2(loss={"kind": "huber"}, stop={"iterations": 1})).problem
    progress = Progress(problem)
    progress.see(sparse)
    near = progress.result(sparse, EPOCHS, None).near
    excess = losses - problem.optimum.loss
    assert near == int(np.flatnonzero(excess <= NEAR * excess[0])[0])


def test_epochs_of_a_run_whose_batches_changed() -> None:
    epochs = Epochs(100, (Stretch(0, 0, 7, 16), Stretch(14, 2, 2, 50), Stretch(20, 5, 1, None)))
    assert [epochs.at(row) for row in (0, 7, 14, 15, 20, 22)] == [0, 1, 2, 2.5, 5, 7]
    assert [epochs.points(row) for row in (0, 1, 7, 8, 15, 20, 22)] == [
        *(0, 16, 100, 116, 250, 500, 700)
    ]
    for row in range(25):
        assert epochs.row_at(epochs.at(row)) == pytest.approx(row)


def test_runs_that_end_in_the_same_place_are_known() -> None:
    starts = [np.array([float(i), 0.0]) for i in range(4)]
    ends = [np.array(end) for end in ([1.0, 1.0], [3.0, 0.0], [1.001, 1.0], [3.0, 0.002])]
    assert minima(starts, ends) == (0, 1, 0, 1)


def test_the_three_starts_of_the_sine_end_in_three_places() -> None:
    """Tutorials' text on local minima: (0, 1), (0, 0.5) and (1, 4.5) end in different valleys."""
    x = np.linspace(-3, 3, 25)
    runs = [
        {"start": {"kind": "values", "values": values}, "optimizer": {"kind": "gd", "lr": 0.05}}
        for values in ([0.0, 1.0], [0.0, 0.5], [1.0, 4.5], [0.1, 1.1])
    ]
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": x.tolist(), "y": np.sin(2 * x + 0.5).tolist()},
            "model": {"kind": "sine"},
            "runs": runs,
            "stop": {"iterations": 1000},
        }
    )
    assert experiment.differs_in_starts
    rows = [descent.history.rows().params for descent in run_experiment(experiment)]
    assert minima([each[:, 0] for each in rows], [each[:, -1] for each in rows]) == (0, 1, 2, 0)
