"""The same data at three scales of the features, and the same descent on each (tutorial 2)."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from engine.descent.descent import Descent, Ending
from engine.descent.history import Rows
from engine.experiment import Experiment, Features
from engine.problem.problem import Problem, build_problem
from engine.problem.sources import start_of
from engine.types import Vector

ENLARGED = 10.0
"""What tutorial 2 multiplies its "bad feature" with."""

MOST_ROWS = 2_000
"""Rows of each descent that are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """One scale: ``kind`` is ``original``, ``enlarged`` or ``standardised``.

    ``rows`` are those of the descent on it, ``rate`` its learning rate, ``ended`` why it stopped,
    None where it goes on.
    """

    kind: str
    problem: Problem
    rate: float
    rows: Rows
    ended: Ending | None


def three_scales(
    experiment: Experiment, index: int, problem: Problem, rate: float | None = None
) -> tuple[Scaled, Scaled, Scaled]:
    """Run one descent from the same numbers on the features as they are, × 10 and standardised.

    Parameters
    ----------
    index
        Which run; its live changes play no part.
    problem
        That of the experiment; it lends its points.
    rate
        The learning rate on all three; None takes that of the run.
    """
    run = experiment.runs[index]
    optimizer = run.optimizer
    if rate is not None:
        optimizer = msgspec.structs.replace(optimizer, lr=rate)
    run = msgspec.structs.replace(run, optimizer=optimizer, changes=())
    experiment = msgspec.structs.replace(experiment, runs=(run,))
    start = start_of(experiment, run, problem)
    original, enlarged, standardised = (
        _descended(kind, features, experiment, problem, start)
        for kind, features in (
            ("original", Features()),
            ("enlarged", Features(scale=ENLARGED)),
            ("standardised", Features(standardise=True)),
        )
    )
    return original, enlarged, standardised


def _descended(
    kind: str, features: Features, experiment: Experiment, problem: Problem, start: Vector
) -> Scaled:
    scaled = build_problem(problem.dataset, features, experiment.model, experiment.loss)
    experiment = msgspec.structs.replace(experiment, features=features)
    descent = Descent(scaled, experiment, 0, start)
    descent.advance(MOST_ROWS)
    rate = experiment.runs[0].optimizer.lr
    return Scaled(kind, scaled, rate, descent.history.rows(), descent.ending)
