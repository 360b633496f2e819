"""What passes between the threads: documents down and up, snapshots up. All of it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from engine.descent.history import History, Place, Rows
from engine.experiment import Experiment, Settings
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

    ``ended`` says why the run stopped at its head, or is None while it can go on. ``settings``,
    ``stability_limit`` (None for an optimizer that has none), ``health`` and ``place`` (epoch and
    batch) belong to the update made at the cursor.
    """

    name: str
    rows: Rows
    settings: Settings
    stability_limit: float | None
    health: Health
    ended: Message | None
    place: Place

    @property
    def learning_rate(self) -> float:
        """η of the update made at the cursor."""
        return self.settings.optimizer.lr


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything that one frame draws.

    Parameters
    ----------
    generation
        Rows of one generation only ever get appended; a branch, a restart or an undo begins a
        new one, and what was drawn of the old one is stale.
    cursor
        The row that the window shows, 0 ≤ cursor ≤ head.
    ghost
        Rows of the history that the last branch left behind, or None.
    ahead
        Parameters (p, m) that would follow from row ``head`` on if nothing were changed, the
        head itself first and, where the run has ended, alone; None while it is playing.
    """

    generation: int
    problem: Problem
    runs: tuple[RunView, ...]
    selected: int
    cursor: int
    playing: bool
    ghost: Rows | None
    ahead: Vector | None

    @property
    def run(self) -> RunView:
        """The selected run."""
        return self.runs[self.selected]

    @property
    def rows(self) -> Rows:
        """The selected run's rows."""
        return self.run.rows

    @property
    def head(self) -> int:
        """The last recorded row of the selected run."""
        return len(self.run.rows) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An experiment together with what has been recorded of it: what undo goes back to.

    ``history`` is append-only, so its first ``rows`` rows are as frozen as the rest.
    """

    experiment: Experiment
    problem: Problem
    history: History
    rows: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Request:
    """Something that begins again at row 0: another experiment, or an edit of the one there is.

    Parameters
    ----------
    serial
        Orders requests: the worker builds only what the newest comes to.
    experiment
        Another experiment, or None for an edit.
    values
        For an edit: file keys and their new values.
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
    values: Mapping[str, Any] = field(default_factory=dict)
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
