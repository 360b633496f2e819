"""What passes between the threads: documents down and up, snapshots up. All of it frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from engine.descent.history import (
    EVERY_ROW_AN_EPOCH,
    UNKNOWN_RATES,
    Before,
    Epochs,
    History,
    Place,
    Rates,
    Rows,
)
from engine.descent.optimizers import Point, gd_update
from engine.experiment import Experiment, Gd, Settings
from engine.live.edits import Asked
from engine.messages import Message
from engine.problem.problem import Problem
from engine.types import Vector


class Health(Enum):
    """How a run is doing."""

    STABLE = "stable"
    UNSTABLE = "unstable"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True, eq=False)
class RunView:
    """One run as the window sees it.

    ``ended`` says why the run stopped at its head, or is None while it can go on; ``reason`` is
    that in one word (:class:`engine.descent.descent.Ending`). ``settings``,
    ``stability_limit`` (None for an optimizer that has none), ``health`` and ``place`` (epoch and
    batch) belong to the update made at its row ``cursor``: that of the snapshot, or its head
    where it has not as many. ``epochs`` and ``rates`` hold for all rows. Rows of one
    ``generation`` only ever get appended; no two runs ever have the same one. ``members`` are the
    positions of its batch's points in the training part, None for the full batch and for large
    ones. ``problem`` is what it minimises, one object for all runs with the same loss; None is
    that of the snapshot.
    """

    name: str
    rows: Rows
    settings: Settings
    stability_limit: float | None
    health: Health
    ended: Message | None
    place: Place
    cursor: int
    generation: int
    members: NDArray[np.intp] | None = None
    reason: str | None = None
    epochs: Epochs = EVERY_ROW_AN_EPOCH
    problem: Problem | None = None
    rates: Rates = UNKNOWN_RATES

    @property
    def head(self) -> int:
        """The last recorded row."""
        return len(self.rows) - 1

    @property
    def runs_away(self) -> bool:
        """Whether the losses grow without end, or are about to."""
        return self.reason == "diverged" or self.health is not Health.STABLE

    @property
    def learning_rate(self) -> float:
        """η of the update made at the cursor."""
        return self.settings.optimizer.lr


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything that one frame draws.

    Parameters
    ----------
    problem
        What the selected run minimises; others may have losses of their own.
    generation
        Within one generation the same runs are there, the same one is selected, and their rows
        only ever get appended; a branch, a restart or an undo begins a new one, and what was
        drawn of the old one is stale.
    cursor
        The iteration that the window shows, 0 ≤ cursor ≤ ``longest``; a run that has not as many
        rows shows its last one.
    ghost
        Rows of the history that the last branch of the selected run left behind, or None.
    ahead
        Parameters (p, m) that would follow from row ``head`` of the selected run on if nothing
        were changed, the head itself first and, where the run has ended, alone; None while it is
        playing, or has still to come to the cursor.
    before
        What the selected run's update at its row begins from, for whoever explains it; None while
        recorded rows go by at full speed.
    """

    generation: int
    problem: Problem
    runs: tuple[RunView, ...]
    selected: int
    cursor: int
    playing: bool
    ghost: Rows | None
    ahead: Vector | None
    before: Before | None = None

    @property
    def run(self) -> RunView:
        """The selected run."""
        return self.runs[self.selected]

    def problem_of(self, run: RunView) -> Problem:
        """What one of the runs minimises."""
        return self.problem if run.problem is None else run.problem

    @property
    def rows(self) -> Rows:
        """The selected run's rows."""
        return self.run.rows

    @property
    def head(self) -> int:
        """The last recorded row of the selected run."""
        return self.run.head

    @property
    def row(self) -> int:
        """The selected run's row at the cursor."""
        return min(self.cursor, self.head)

    @property
    def next_params(self) -> Vector | None:
        """Parameters (p,) after the update at the selected run's row: recorded, or foreseen.

        None where the run has ended, or goes on by a method whose state is not here.
        """
        run, row = self.run, self.row
        if row < self.head:
            return run.rows.params[:, row + 1]
        if self.ahead is not None:
            return self.ahead[:, 1] if self.ahead.shape[1] > 1 else None
        hyper = run.settings.optimizer
        if run.ended is not None or not isinstance(hyper, Gd):
            return None
        params, gradient = run.rows.params[:, row], run.rows.gradient[:, row]
        step, _ = gd_update(Point(list(params), list(gradient)), (), hyper)
        return np.asarray(params + np.array(step))

    @property
    def longest(self) -> int:
        """The last recorded row of the longest run."""
        return max(run.head for run in self.runs)

    @property
    def is_over(self) -> bool:
        """Whether every run has ended and shows its last row."""
        return self.cursor >= self.longest and all(run.ended is not None for run in self.runs)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An experiment together with what has been recorded of it: what undo goes back to.

    For each run its problem, its history and how many rows of it: histories are append-only, so
    these first rows are as frozen as the rest.
    """

    experiment: Experiment
    problems: tuple[Problem, ...]
    histories: tuple[History, ...]
    rows: tuple[int, ...]
    selected: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Request:
    """Something that may begin again at row 0: another experiment, or an edit of the one there is.

    Parameters
    ----------
    serial
        Orders requests: the worker builds only what the newest comes to.
    experiment
        Another experiment, or None for an edit.
    edit
        For an edit: what it makes of what was asked for (:mod:`engine.live.edits`).
    merge
        Groups the edits of one gesture into one step of undo.
    path
        The file that the experiment comes from, if any.
    undoable
        False where undo is not to reach behind it, as for a file that is opened.
    choose_rate
        Whether the learning rate is to be chosen for the data.
    """

    serial: int
    experiment: Experiment | None = None
    edit: Callable[[Asked], Asked] | None = None
    merge: str = ""
    path: str | None = None
    undoable: bool = True
    choose_rate: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """The worker's answer to a change or a request: what was and what is.

    ``opened`` holds whatever of the request was another experiment, also where an edit followed
    before it was built; None where the experiment stayed the same one.
    """

    before: Document | None
    after: Document
    merge: str
    opened: Request | None = None
