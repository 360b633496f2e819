"""How runs compare: how soon each came near the optimum, at what cost, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from engine.descent.history import Epochs, Rows
from engine.descent.stall import ARRIVED
from engine.descent.swings import Swings
from engine.problem.evaluation import length
from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic
from engine.types import Columns, Vector

NEAR = 0.01
"""Share of the start's excess loss from which on a run is near the optimum."""

GAIN = 0.01
"""Share by which the lowest excess so far has to fall to count as a gain."""

SAME_PLACE = 0.02
"""Share of the extent of starts and ends within which two ends are the same."""

FEWEST = 20
"""Rows without a gain that prove nothing."""


class State(Enum):
    """What has become of a run at its last row."""

    CONVERGED = "converged"
    """The excess loss is at most a millionth of the start's."""
    NOT_STARTED = "not started"
    """It has made no update yet."""
    GOING = "going"
    """It can go on, and has been getting better."""
    STOPPED = "stopped"
    """It ended on its way."""
    STALLED = "stalled"
    """Its newer half brought no gain: a valley that is not the lowest, a plateau, or noise.

    A run that swings about the optimum gains as long as it swings ever less.
    """
    UNSTABLE = "unstable"
    """Its rate is at or above the stability limit."""
    DIVERGED = "diverged"
    """The loss grew beyond every bound."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run in the table of results, as of its last recorded row.

    Parameters
    ----------
    near
        The first iteration whose excess loss L − L* is at most 1 % of the start's, with L the
        objective over all training points, penalty included, and L* its value at the optimum;
        None where it has not come so far, or there is no optimum.
    near_epochs
        The same in epochs.
    updates
        Updates made, each with one gradient of a batch.
    points
        Points that those gradients looked at, each as often as it was.
    epochs
        The same in epochs.
    loss
        Mean loss over all training points, without penalty.
    distance
        Euclidean distance to the nearest solution in the model's units; None where there is none.
    """

    near: int | None
    near_epochs: float | None
    updates: int
    points: int
    epochs: float
    loss: float
    distance: float | None
    state: State


class Progress:
    """What is to be known of the rows of one run so far; costs only the rows that are new.

    The rows of a run that branched or began again need a new one.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._seen = 0
        self._start = self._excess = self._best = np.inf
        self._near: int | None = None
        self._gained = 0
        self._swings = Swings()

    def see(self, rows: Rows) -> None:
        """Take the rows in that were appended since the last time."""
        first, self._seen = self._seen, len(rows)
        if first == self._seen:
            return
        with np.errstate(all="ignore"):  # a diverging run overflows
            excess = self._excess_of(rows, first)
        known = ~np.isnan(excess)
        at, excess = first + np.flatnonzero(known), excess[known]
        if not len(excess):
            return
        if first == 0:
            self._start = self._best = float(excess[0])
        self._excess = float(excess[-1])
        near = excess <= NEAR * self._start
        if self._near is None and near.any():
            self._near = int(at[near.argmax()])
        gained = self._gained
        self._note_gains(at, excess)
        if self._gained > gained:
            self._swings.begin(self._gained)
        with np.errstate(all="ignore"):
            self._swings.see(at, excess)

    def result(
        self, rows: Rows, epochs: Epochs, reason: str | None, is_unstable: bool = False
    ) -> Result:
        """The result at the last of the rows, all of which have been seen.

        Parameters
        ----------
        reason
            Why the run ended there, in one word; None while it can go on.
        """
        problem, head = self._problem, len(rows) - 1
        params = rows.params[:, head]
        has_optimum = problem.optimum.params is not None
        near = self._near if has_optimum else None
        loss = float(rows.train_loss[head])
        if np.isnan(loss):  # too dear for every row
            loss = float(problem.train.loss(params.tolist()))
        offset = problem.optimum.offset(params)
        return Result(
            near=near,
            near_epochs=None if near is None else epochs.at(near),
            updates=head,
            points=epochs.points(head),
            epochs=epochs.at(head),
            loss=loss,
            distance=None if offset is None else length(offset),
            state=self._state(head, reason, is_unstable),
        )

    def _state(self, head: int, reason: str | None, is_unstable: bool) -> State:
        if reason == "diverged":
            return State.DIVERGED
        has_optimum = self._problem.optimum.params is not None
        if has_optimum and self._excess <= ARRIVED * self._start:
            return State.CONVERGED
        if is_unstable:
            return State.UNSTABLE
        if head >= 2 * self._gained + FEWEST and not self._swings.fall(head, GAIN):
            return State.STALLED
        if reason is not None:
            return State.STOPPED
        return State.GOING if head else State.NOT_STARTED

    def _excess_of(self, rows: Rows, first: int) -> Vector:
        """L − L* of rows from ``first`` on; NaN where the loss was too dear to know."""
        problem = self._problem
        columns: Columns = list(rows.params[:, first:])
        if isinstance(problem.objective, Quadratic):
            return np.asarray(problem.objective.excess(columns))  # exact where L is nearly L*
        losses = rows.train_loss[first:]
        if problem.penalty:
            losses = losses + problem.penalty.value(columns)
        return np.asarray(losses - problem.optimum.loss)

    def _note_gains(self, at: NDArray[np.intp], excess: Vector) -> None:
        """Remember the last row at which the lowest excess fell by a gain."""
        lowest = np.minimum.accumulate(excess)
        while True:
            wanted = self._best - GAIN * abs(self._best)  # a run may come below what was found
            row = int(np.searchsorted(-lowest, -wanted, side="right"))
            if row == len(lowest):
                return
            self._gained, self._best = int(at[row]), float(lowest[row])


def minima(starts: Sequence[Vector], ends: Sequence[Vector]) -> tuple[int, ...]:
    """Which of the runs ended in the same place: a number for each, from 0 in their order.

    Two ends (p,) are the same place where they are closer than :data:`SAME_PLACE` of the extent of
    starts and ends together.
    """
    extent = float(np.linalg.norm(np.ptp(np.array([*starts, *ends]), axis=0)))
    places: list[Vector] = []
    found = []
    for end in ends:
        apart = [float(np.linalg.norm(end - place)) for place in places]
        if not apart or min(apart) > SAME_PLACE * extent:
            places.append(end)
            apart.append(0.0)
        found.append(int(np.argmin(apart)))
    return tuple(found)
