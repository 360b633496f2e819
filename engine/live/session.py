"""The window's end of the thread: commands down, snapshots up, and the way back (undo)."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from engine.experiment import Experiment, FileData, Settings, kind_of
from engine.files.experiments import checked_change, checked_experiment
from engine.live.snapshot import Document, Edited, LoadRequest, Snapshot
from engine.live.worker import Worker
from engine.messages import Message
from engine.problem.sources import table_experiment

LIVE_SECTIONS = ("optimizer", "schedule", "batch", "stop")
"""Sections whose changes act on a run that goes on; anything else begins again at row 0."""

MAX_UNDO = 100
MAX_UNDO_ROWS = 5_000_000
"""Rows that undo may keep alive; beyond, the oldest steps are forgotten."""

CLOSE_TIMEOUT_MS = 15_000


class Session(QObject):
    """Owns the engine's thread. Lives in the window's thread; all signals arrive there."""

    snapshot_ready = Signal(object)
    experiment_changed = Signal(object)
    opened = Signal()
    undo_changed = Signal()
    state_changed = Signal(bool)
    finished = Signal(str, object)
    failed = Signal(object)

    _load = Signal(object)
    _change = Signal(object, str)
    _restore = Signal(object, bool)
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
        self._clean: list[Experiment | None] = [None]
        self._snapshot: Snapshot | None = None
        self._undo: list[Document] = []
        self._redo: list[Document] = []
        self._merge = ""
        self._serial = 0
        self._asked: Experiment | None = None
        self._is_new = False
        self._closed = False
        self._thread = QThread()
        self._thread.setObjectName("descent")
        self._worker = Worker()
        self._worker.moveToThread(self._thread)
        self._drawn = QTimer(self, interval=0, singleShot=True)
        self._drawn.timeout.connect(self._acknowledge)
        self._connect()
        self._thread.start()

    def _connect(self) -> None:
        worker = self._worker
        self._load.connect(worker.load)
        self._change.connect(worker.change)
        self._restore.connect(worker.restore)
        self._play.connect(worker.play)
        self._pause.connect(worker.pause)
        self._step.connect(worker.step)
        self._seek.connect(worker.seek)
        self._run_to_end.connect(worker.run_to_end)
        self._set_speed.connect(worker.set_speed)
        self._acknowledge.connect(worker.acknowledge)
        self._shut_down.connect(worker.shut_down, Qt.ConnectionType.BlockingQueuedConnection)
        worker.snapshot_ready.connect(self._on_snapshot)
        worker.edited.connect(self._on_edited)
        worker.restored.connect(self._on_restored)
        worker.state_changed.connect(self.state_changed)
        worker.finished.connect(self.finished)
        worker.failed.connect(self._on_failed)

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
        """The live settings at the cursor."""
        return None if self._snapshot is None else self._snapshot.run.settings

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
        """Whether the experiment differs from all that was opened, chosen or saved."""
        return self._experiment not in self._clean

    # commands ----------------------------------------------------------------------------

    def open(self, experiment: Experiment) -> None:
        """Begin with an experiment from outside; undo does not reach behind it."""
        self._request(experiment, is_new=True, undoable=False)

    def replace(self, experiment: Experiment) -> None:
        """Go to another experiment, a tutorial for instance; undo comes back."""
        self._request(experiment, is_new=True)

    def open_table(self, data: FileData) -> None:
        """Fit columns of a table, at the best rate rounded down to one digit; undo comes back."""
        experiment = table_experiment(data.path, data.x, data.y)
        self._request(experiment, is_new=True, choose_rate=True)

    def apply(self, values: dict[str, Any], merge: str = "") -> None:
        """Set keys of the experiment file, such as ``optimizer.lr`` or ``split.train``.

        Live settings act from the next step on; anything else begins again at row 0 with the
        settings that hold at the cursor. Edits with the same ``merge`` are one step of undo.

        Raises
        ------
        InputError
            For a key, type or value that is not allowed; nothing is changed then.
        """
        settings = self.settings
        if self._experiment is None or settings is None:
            return
        if all(key.split(".")[0] in LIVE_SECTIONS for key in values):
            checked_change(settings, values)
            self._change.emit(values, merge)
            return
        base = self._asked or self._experiment
        self._request(_edited(base, settings, values), merge=merge)

    def mark_saved(self) -> None:
        """What there is now is on disk."""
        if self._experiment is not None:
            self._clean.append(self._experiment)
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
        if self._undo:
            self._merge = ""
            self._restore.emit(self._undo.pop(), True)

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        if self._redo:
            self._merge = ""
            self._restore.emit(self._redo.pop(), False)

    @Slot()
    def close(self) -> None:
        """Stop the thread; may be called any number of times."""
        if self._closed:
            return
        self._closed = True
        self._drawn.stop()
        self._worker.latest_serial = self._serial + 1
        for signal in ("snapshot_ready", "edited", "restored", "finished", "failed"):
            getattr(self._worker, signal).disconnect()
        self._worker.state_changed.disconnect()
        self._shut_down.emit()
        self._thread.quit()
        if not self._thread.wait(CLOSE_TIMEOUT_MS):
            raise RuntimeError("the engine's thread did not stop")

    # answers -----------------------------------------------------------------------------

    def _request(self, experiment: Experiment, **options: Any) -> None:
        self._serial += 1
        self._worker.latest_serial = self._serial
        self._asked = experiment
        self._load.emit(LoadRequest(experiment, self._serial, **options))

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        if self._is_new:
            self._is_new = False
            self.experiment_changed.emit(self._experiment)
        self.snapshot_ready.emit(snapshot)
        self._drawn.start()

    @Slot(object)
    def _on_edited(self, edited: Edited) -> None:
        request = edited.request
        self._experiment = edited.after.experiment
        self._is_new = True  # told with the snapshot that shows it
        if request is not None and request.serial == self._serial:
            self._asked = None
        if request is not None and not request.undoable:
            self._undo.clear()
        elif edited.before is not None and not (edited.merge and edited.merge == self._merge):
            self._undo.append(edited.before)
            self._forget_what_is_too_much()
        self._redo.clear()
        self._merge = edited.merge
        if request is not None and request.is_new:
            self._clean.append(self._experiment)
            self.opened.emit()
        self.undo_changed.emit()

    @Slot(object, object, bool)
    def _on_restored(self, document: Document, replaced: Document, is_undo: bool) -> None:
        (self._redo if is_undo else self._undo).append(replaced)
        self._experiment = document.experiment
        self._is_new = True
        self.undo_changed.emit()

    @Slot(object, int)
    def _on_failed(self, message: Message, serial: int) -> None:
        if serial == self._serial:
            self._asked = None
        if self._experiment is not None:
            self.experiment_changed.emit(self._experiment)
        self.failed.emit(message)

    def _forget_what_is_too_much(self) -> None:
        kept = 0
        for position in range(len(self._undo) - 1, -1, -1):
            kept += self._undo[position].rows
            if kept > MAX_UNDO_ROWS or len(self._undo) - position > MAX_UNDO:
                del self._undo[: position + 1]
                return


def _edited(base: Experiment, settings: Settings, values: dict[str, Any]) -> Experiment:
    """The experiment with keys replaced and the settings of the cursor as those of row 0."""
    run = msgspec.structs.replace(
        base.runs[0],
        optimizer=settings.optimizer,
        schedule=settings.schedule,
        batch=settings.batch,
        changes=(),
    )
    tree = msgspec.to_builtins(msgspec.structs.replace(base.with_run(0, run), stop=settings.stop))
    for key, value in values.items():
        section, _, name = key.partition(".")
        owner = tree["runs"][0] if section in (*LIVE_SECTIONS[:3], "start") else tree
        if name:
            owner[section] = owner[section] | {name: value}
        else:
            owner[section] = value
    if "data" in values:
        _forget_what_was_of_other_data(tree, base)
    return checked_experiment(tree)


def _forget_what_was_of_other_data(tree: dict[str, Any], base: Experiment) -> None:
    """A title and a start in numbers belong to the data that they were given for."""
    if tree["data"]["source"] != kind_of(base.data):
        tree["title"] = ""
        tree["runs"][0]["start"] = {"kind": "own"}
