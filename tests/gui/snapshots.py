"""Snapshots of runs that the engine really made, without its threads."""

from __future__ import annotations

from engine.descent.descent import Descent
from engine.experiment import Experiment
from engine.live.snapshot import Health, RunView, Snapshot
from engine.problem.problem import Problem
from engine.problem.sources import problem_of, start_of

MOST_ROWS = 1_000_000


def descended(experiment: Experiment, problem: Problem | None = None) -> Descent:
    """The first run of an experiment, at its end; ``problem`` is one that was built before."""
    problem = problem or problem_of(experiment)
    descent = Descent(problem, experiment, 0, start_of(experiment, experiment.runs[0], problem))
    while descent.ending is None:
        descent.advance(MOST_ROWS)
    return descent


def seen(
    descent: Descent,
    cursor: int | None = None,
    *,
    rows: int | None = None,
    generation: int = 1,
    playing: bool = False,
) -> Snapshot:
    """What the window would see of a run at a row, its last one if none is given.

    ``rows`` is how many of its rows there are by then.
    """
    recorded = descent.history.rows(0, rows)
    at = len(recorded) - 1 if cursor is None else cursor
    view = RunView(
        name=descent.name,
        rows=recorded,
        settings=descent.settings(at),
        stability_limit=descent.limit(at),
        health=Health.STABLE,
        ended=None,
        place=descent.place(at),
        cursor=at,
        generation=generation,
        rates=descent.rates,
    )
    return Snapshot(generation, descent.problem, (view,), 0, at, playing, None, None)
