"""The window's end of the thread: commands down, snapshots up, and the way back (undo)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from engine.experiment import Experiment, FileData, Run, Settings
from engine.files.experiments import checked_change
from engine.live import edits
from engine.live.analyst import Analyst
from engine.live.edits import Asked
from engine.live.snapshot import Document, Edited, Request, Snapshot
from engine.live.worker import GAVE_UP, Worker
from engine.messages import Message
from engine.problem.sources import table_experiment

MAX_UNDO = 100
MAX_UNDO_ROWS = 5_000_000
"""Recorded rows and points that undo may keep alive; beyond, the oldest steps are forgotten."""

CLOSE_TIMEOUT_MS = 15_000


@dataclass(frozen=True, slots=True)
class _Step:
    """What undo goes back to: a document, and which of the experiments that were opened it is."""

    document: Document
    identity: int


@dataclass(slots=True)
class _Stored:
    """Where an experiment is stored, and what stands there; None for what was never saved."""

    path: str | None
    clean: Experiment | None


class Session(QObject):
    """Owns the engine's threads. Lives in the window's thread; all signals arrive there.

    ``analyst`` answers the questions that take longer than a frame.

    Signals
    -------
    snapshot_ready(Snapshot)
        A frame to draw.
    experiment_changed(Experiment)
        The experiment is another, with the snapshot that shows it.
    opened()
        It is another one altogether: a file, a tutorial, a table.
    undo_changed()
        What can be undone, or whether something is unsaved.
    settled()
        All that was asked for so far has been answered.
    finished(str, Message)
        All runs ended: the selected one's name, and why.
    failed(Message)
        Something that was asked for cannot be done; all is as before.
    """

    snapshot_ready = Signal(object)
    experiment_changed = Signal(object)
    opened = Signal()
    undo_changed = Signal()
    settled = Signal()
    state_changed = Signal(bool)
    finished = Signal(str, object)
    failed = Signal(object)

    _load = Signal(object)
    _change = Signal(object, str, int)
    _select = Signal(int)
    _restore = Signal(object, bool, int)
    _play = Signal()
    _pause = Signal()
    _step = Signal(int)
    _seek = Signal(int)
    _run_to_end = Signal()
    _set_speed = Signal(object)
    _acknowledge = Signal()
    _shut_down = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._snapshot: Snapshot | None = None
        self._stored: dict[int, _Stored] = {}
        self._identity = 0
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._postponed: list[bool] = []
        self._merge = ""
        self._sent = 0
        self._answered = 0
        self._is_new = False
        self._closed = False
        self.analyst = Analyst(self)
        self._thread = QThread()
        self._thread.setObjectName("descent")
        self._worker = Worker()
        self._worker.moveToThread(self._thread)
        self._drawn = QTimer(self, interval=0, singleShot=True)
        self._drawn.timeout.connect(self._on_events_done)
        self._is_drawing: Callable[[], bool] = _never
        self._connect()
        self._thread.start()

    def _connect(self) -> None:
        worker = self._worker
        self._load.connect(worker.load)
        self._change.connect(worker.change)
        self._select.connect(worker.select)
        self._restore.connect(worker.restore)
        self._play.connect(worker.play)
        self._pause.connect(worker.pause)
        self._step.connect(worker.step)
        self._seek.connect(worker.seek)
        self._run_to_end.connect(worker.run_to_end)
        self._set_speed.connect(worker.set_speed)
        self._acknowledge.connect(worker.acknowledge)
        self._shut_down.connect(worker.shut_down)
        worker.snapshot_ready.connect(self._on_snapshot)
        worker.edited.connect(self._on_edited)
        worker.restored.connect(self._on_restored)
        worker.state_changed.connect(self.state_changed)
        worker.finished.connect(self.finished)
        worker.failed.connect(self._on_failed)
        # directly: closing waits for the thread, so no event could come back
        worker.stopped.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)

    # what there is -----------------------------------------------------------------------

    @property
    def experiment(self) -> Experiment | None:
        """The experiment as it is now, live changes included; None before the first."""
        return self._experiment

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot."""
        return self._snapshot

    @property
    def settings(self) -> Settings | None:
        """The selected run's live settings at the cursor."""
        return None if self._snapshot is None else self._snapshot.run.settings

    @property
    def selected(self) -> int:
        """The run that edits act on, by its place in the experiment."""
        if self._snapshot is None or self._experiment is None:
            return 0
        return min(self._snapshot.selected, len(self._experiment.runs) - 1)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._redo)

    @property
    def is_modified(self) -> bool:
        """Whether the experiment differs from what was opened, chosen or saved last."""
        stored = self._stored.get(self._identity)
        return stored is not None and self._experiment != stored.clean

    @property
    def identity(self) -> int:
        """A number that each of the opened experiments has for itself; undo brings it back."""
        return self._identity

    @property
    def path(self) -> str | None:
        """The file that the experiment was opened from or saved to."""
        stored = self._stored.get(self._identity)
        return None if stored is None else stored.path

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked for has been answered."""
        return self._answered == self._sent

    # commands ----------------------------------------------------------------------------

    def open(self, experiment: Experiment, path: str | None = None) -> None:
        """Begin with an experiment from outside; undo does not reach behind it."""
        self._request(experiment=experiment, path=path, undoable=False)

    def replace(self, experiment: Experiment) -> None:
        """Go to another experiment, a tutorial for instance; undo comes back."""
        self._request(experiment=experiment)

    def open_table(self, data: FileData) -> None:
        """Fit columns of a table, at the best rate rounded down to one digit; undo comes back."""
        experiment = table_experiment(data.path, data.x, data.y)
        self._request(experiment=experiment, choose_rate=True)

    def apply(self, values: dict[str, Any], merge: str = "") -> None:
        """Set keys of the experiment file, such as ``optimizer.lr`` or ``split.train``.

        Keys of a run are those of the selected one. Live settings act from the next step on;
        anything else begins again at row 0 with the settings that hold at the cursor. Edits with
        the same ``merge`` are one step of undo.

        Raises
        ------
        InputError
            For a key, type or value that is not allowed; nothing is changed then.
        """
        settings = self.settings
        if self._experiment is None or settings is None:
            return
        if edits.is_live(values):
            checked_change(settings, values, self._experiment.loss_of(self.selected))
            self._sent += 1
            self._change.emit(values, merge, self._sent)
        else:
            self._edit(partial(edits.restarted, values=values), merge)

    def select(self, index: int) -> None:
        """Show another run and let edits act on it; no step of undo."""
        self._select.emit(index)

    def add_run(self) -> None:
        """Put a copy of the selected run beside the others, with its rows, and select it.

        Raises
        ------
        InputError
            Where there are as many runs as there may be.
        """
        self._edit(edits.with_copy)

    def remove_run(self, index: int) -> None:
        """Take a run away; all others keep their rows.

        Raises
        ------
        InputError
            For the last run, and for one that is not there.
        """
        self._edit(partial(edits.without, index=index))

    def rename_run(self, index: int, name: str) -> None:
        """Give a run another name.

        Raises
        ------
        InputError
            For no name, that of another run, and a run that is not there.
        """
        name = name.strip()
        runs = () if self._experiment is None else self._experiment.runs
        if not (0 <= index < len(runs) and runs[index].name == name):
            self._edit(partial(edits.renamed, index=index, name=name))

    def set_own_loss(self, own: bool) -> None:
        """Give the selected run a loss of its own, at first the one it has, or take it away.

        Raises
        ------
        InputError
            Where the run's method cannot minimise the experiment's loss.
        """
        self._edit(partial(edits.with_own_loss, own=own))

    def set_runs(self, runs: tuple[Run, ...], selected: int = 0, merge: str = "") -> None:
        """Replace all runs by others on the same problem, beginning at row 0.

        Raises
        ------
        InputError
            Where the experiment file could not have these runs: names that are not unique, for
            instance.
        """
        self._edit(partial(edits.with_runs, runs=runs, selected=selected), merge)

    def mark_saved(self, path: str | None = None) -> None:
        """What there is now is on disk."""
        self._stored[self._identity] = _Stored(path or self.path, self._experiment)
        self.undo_changed.emit()

    @Slot()
    def play(self) -> None:
        """Go on."""
        self._play.emit()

    @Slot()
    def pause(self) -> None:
        """Stop going on."""
        self._pause.emit()

    @Slot()
    def toggle(self) -> None:
        """Play where it is paused, pause where it plays."""
        if self._snapshot is not None and self._snapshot.playing:
            self._pause.emit()
        else:
            self._play.emit()

    @Slot(int)
    def step(self, count: int) -> None:
        """Move by some rows, forward or back."""
        self._step.emit(count)

    @Slot(int)
    def seek(self, row: int) -> None:
        """Show a recorded row."""
        self._seek.emit(row)

    @Slot()
    def run_to_end(self) -> None:
        """Compute as fast as it goes until the run ends."""
        self._run_to_end.emit()

    @Slot(object)
    def set_speed(self, steps_per_second: float | None) -> None:
        """Steps per second, or None for as fast as it goes."""
        self._set_speed.emit(steps_per_second)

    @Slot()
    def undo(self) -> None:
        """Take back the last change, branch or restart."""
        self._travel(is_undo=True)

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        self._travel(is_undo=False)

    @Slot()
    def close(self) -> None:
        """Stop the thread; may be called any number of times."""
        if self._closed:
            return
        self._closed = True
        self._drawn.stop()
        self._worker.latest_serial = self._sent + 1
        for signal in ("snapshot_ready", "edited", "restored", "finished", "failed"):
            getattr(self._worker, signal).disconnect()
        self._worker.state_changed.disconnect()
        self._shut_down.emit()
        self.analyst.close()
        if not self._thread.wait(CLOSE_TIMEOUT_MS):
            raise RuntimeError("the engine's thread did not stop")

    # answers -----------------------------------------------------------------------------

    def _edit(self, edit: Callable[[Asked], Asked], merge: str = "") -> None:
        """Ask for an edit, unless it cannot be done to what there is now."""
        experiment, snapshot = self._experiment, self._snapshot
        if experiment is None or snapshot is None:
            return
        asked = edits.anew(experiment, self.selected)
        if len(snapshot.runs) == len(experiment.runs):
            shown = tuple(run.settings for run in snapshot.runs)
            asked = replace(asked, settings=shown)
        edit(asked)
        self._request(edit=edit, merge=merge)

    def _request(self, **what: Any) -> None:
        self._sent += 1
        self._worker.latest_serial = self._sent
        self._load.emit(Request(self._sent, **what))

    def _travel(self, is_undo: bool) -> None:
        """Go back or forward; after all that was asked for before, where that is not done yet."""
        if not self.is_settled:
            self._postponed.append(is_undo)
            return
        steps = self._undo if is_undo else self._redo
        if steps:
            self._merge = ""
            self._sent += 1
            self._restore.emit(steps[-1].document, is_undo, self._sent)

    def _settle(self, serial: int) -> None:
        self._answered = self._sent if serial == GAVE_UP else max(self._answered, serial)
        if self.is_settled:
            self.settled.emit()
            if self._postponed:
                self._travel(self._postponed.pop(0))

    def wait_for(self, is_drawing: Callable[[], bool]) -> None:
        """Let the engine go on with the next frame only once a function says False.

        It is asked whenever all events have been dealt with. To compute while others still draw
        would make both wait for the interpreter.
        """
        self._is_drawing = is_drawing

    @Slot()
    def _on_events_done(self) -> None:
        if self._is_drawing():
            self._drawn.start()
        else:
            self._acknowledge.emit()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        if self._is_new:
            self._is_new = False
            self.experiment_changed.emit(self._experiment)
        self.snapshot_ready.emit(snapshot)
        self._drawn.start()

    @Slot(object, int)
    def _on_edited(self, edited: Edited, serial: int) -> None:
        opened = edited.opened
        self._experiment = edited.after.experiment
        self._is_new = True  # told with the snapshot that shows it
        if opened is not None and not opened.undoable:
            self._undo.clear()
        elif edited.before is not None and not (edited.merge and edited.merge == self._merge):
            self._undo.append(_Step(edited.before, self._identity))
            self._forget_what_is_too_much()
        self._redo.clear()
        self._merge = edited.merge
        if opened is not None:
            self._identity = max(self._stored, default=0) + 1
            self._stored[self._identity] = _Stored(opened.path, self._experiment)
            self.opened.emit()
        self.undo_changed.emit()
        self._settle(serial)

    @Slot(object, object, bool, int)
    def _on_restored(
        self, document: Document, replaced: Document, is_undo: bool, serial: int
    ) -> None:
        source, target = (self._undo, self._redo) if is_undo else (self._redo, self._undo)
        target.append(_Step(replaced, self._identity))
        self._identity = source.pop().identity
        self._experiment = document.experiment
        self._is_new = True
        self.undo_changed.emit()
        self._settle(serial)

    @Slot(object, int)
    def _on_failed(self, message: Message, serial: int) -> None:
        is_stale = serial != GAVE_UP and serial < self._worker.latest_serial
        self._settle(serial)
        if is_stale:
            return
        if self._experiment is not None:
            self.experiment_changed.emit(self._experiment)
        self.failed.emit(message)

    def _forget_what_is_too_much(self) -> None:
        kept, problems = 0, set()
        histories: dict[int, int] = {}  # which documents share: rows of each that were counted
        for position in range(len(self._undo) - 1, -1, -1):
            document = self._undo[position].document
            for history, rows in zip(document.histories, document.rows, strict=True):
                counted = histories.get(id(history), 0)
                histories[id(history)] = max(rows, counted)
                kept += max(0, rows - counted)
            for problem in document.problems:
                if id(problem) not in problems:
                    problems.add(id(problem))
                    kept += problem.n_points
            if kept > MAX_UNDO_ROWS or len(self._undo) - position > MAX_UNDO:
                del self._undo[: position + 1]
                return


def _never() -> bool:
    return False
