"""What passes between the threads: documents down and up, snapshots up. All of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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
        head itself first; None while the run is playing or has ended.
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
class LoadRequest:
    """Begin an experiment at row 0.

    Parameters
    ----------
    serial
        Orders requests: the worker skips one when a newer was made.
    merge
        Groups the edits of one gesture into one step of undo.
    is_new
        Whether this is another experiment, not an edit of the one there is.
    undoable
        False where undo is not to reach behind it, as for a file that is opened.
    choose_rate
        Whether the learning rate is to be chosen for the data.
    """

    experiment: Experiment
    serial: int
    merge: str = ""
    is_new: bool = False
    undoable: bool = True
    choose_rate: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """The worker's answer to a change or a load: what was and what is.

    ``request`` is the load that was answered; None after a live change, which has ``merge``.
    """

    before: Document | None
    after: Document
    merge: str
    request: LoadRequest | None = None
