"""The engine's end of the thread: it descends, records, and publishes snapshots.

It computes for at most :data:`COMPUTE_BUDGET_MS`, publishes one snapshot, and computes nothing
further for the window until that snapshot has been drawn (:meth:`Worker.acknowledge`).
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.descent.descent import Descent
from engine.descent.history import Rows
from engine.experiment import (
    Change,
    Experiment,
    FileData,
    PointsData,
    Run,
    Settings,
    changed,
    settings_at,
)
from engine.files.experiments import difference
from engine.live.snapshot import Document, Edited, Health, LoadRequest, RunView, Snapshot
from engine.messages import QT_TRANSLATE_NOOP, InputError, Message
from engine.problem.sources import problem_of, rate_for, same_problem, start_of, with_rate
from engine.types import Vector

COMPUTE_BUDGET_MS = 6
"""Work between two frames; longer, and the window's own timers come late."""

CHUNK_ROWS = 512
"""Rows between two looks at the clock."""

REPLAY_ROWS_PER_FRAME = 4096
"""Recorded rows that one frame replays at full speed."""

TICK_MS = 15
"""How often a paced run looks at the clock."""

MAX_BACKLOG_S = 0.1
"""A paced run that fell behind by more than this does not catch up."""

AHEAD_STEPS = 400
"""Steps of the preview of what comes next."""


LIVE_CHANGE = -1
"""Stands for the serial of a load where a live change failed."""


class Worker(QObject):
    """Owns the descent; lives in the engine's thread and is reached only by queued signals."""

    snapshot_ready = Signal(object)
    edited = Signal(object)
    restored = Signal(object, object, bool)
    state_changed = Signal(bool)
    finished = Signal(str, object)
    failed = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self.latest_serial = 0  # written by the session's thread, only ever read here
        self._descent: Descent | None = None
        self._generation = 0
        self._cursor = 0
        self._ghost: Rows | None = None
        self._ahead: Vector | None = None
        self._speed: float | None = None
        self._playing = False
        self._to_end = False
        self._unacknowledged = False
        self._stale = False
        self._due = 0.0
        self._last_tick = 0.0
        self._timer: QTimer | None = None

    # commands ----------------------------------------------------------------------------

    @Slot(object)
    def load(self, request: LoadRequest) -> None:
        """Begin an experiment at row 0; an edit goes on playing, another experiment does not."""
        if request.serial < self.latest_serial:
            return
        before = self._document()
        try:
            descent = self._new_descent(request)
        except InputError as error:
            self.failed.emit(error.message, request.serial)
            return
        except MemoryError:
            text = QT_TRANSLATE_NOOP("Message", "There is not enough memory for these data.")
            self.failed.emit(Message(text), request.serial)
            return
        same = before is not None and descent.problem is before.problem
        ghost = self._rows() if same and self._head > 0 else self._ghost if same else None
        self._adopt(descent, 0, ghost)
        if request.is_new:
            self._set_playing(False)
        self.edited.emit(Edited(before, self._current_document(), request.merge, request))
        self._publish()

    @Slot(object, str)
    def change(self, values: dict[str, Any], merge: str) -> None:
        """A live change at the cursor; behind the head it branches."""
        descent, before = self._descent, self._document()
        if descent is None or before is None:
            return
        try:
            settings = changed(descent.settings(self._cursor), values)
        except msgspec.ValidationError as error:
            self.failed.emit(Message("{fault}", {"fault": str(error)}), LIVE_CHANGE)
            return
        at = self._place_of(values, settings)
        experiment = _with_change(descent.experiment, at, settings)
        if at == 0 or at < self._head:
            ghost = self._rows() if self._head > at else self._ghost
            history = descent.prefix(at + 1) if at else None  # row 0 may see another batch now
            branch = Descent(descent.problem, experiment, 0, descent.history.start, history)
            self._adopt(branch, at, ghost)
        else:
            descent.apply(experiment)
            self._ahead = None
        self.edited.emit(Edited(before, self._current_document(), merge))
        self._publish()

    @Slot(object, bool)
    def restore(self, document: Document, is_undo: bool) -> None:
        """Bring back what a document recorded."""
        replaced = self._document()
        experiment = document.experiment
        history = document.history.copy_of_first(document.rows)
        descent = Descent(document.problem, experiment, 0, history.start, history)
        same = replaced is not None and replaced.problem is document.problem
        self._adopt(descent, document.cursor, self._rows() if same and self._head > 0 else None)
        self._set_playing(False)
        self.restored.emit(document, replaced, is_undo)
        self._publish()

    @Slot()
    def play(self) -> None:
        """Go on from the cursor; from the start again where everything has been shown."""
        if self._descent is None:
            return
        if self._descent.ending is not None and self._cursor == self._head:
            self._cursor = 0
        self._to_end = False
        self._set_playing(True)
        self._publish()

    @Slot()
    def pause(self) -> None:
        """Stop going on; the snapshot shows what would follow."""
        self._set_playing(False)
        self._publish()

    @Slot(int)
    def step(self, count: int) -> None:
        """Move the cursor by some rows, computing those that are not recorded yet."""
        self._set_playing(False)
        self._move_to(self._cursor + count)
        self._publish()

    @Slot(int)
    def seek(self, row: int) -> None:
        """Show a recorded row."""
        self._cursor = max(0, min(row, self._head))
        self._publish()

    @Slot()
    def run_to_end(self) -> None:
        """Compute as fast as it goes until the run ends."""
        if self._descent is None:
            return
        self._cursor = self._head
        self._to_end = True
        self._set_playing(True)
        self._publish()

    @Slot(object)
    def set_speed(self, steps_per_second: float | None) -> None:
        """Steps per second, or None for as fast as it goes."""
        self._speed = steps_per_second
        self._begin_pacing()

    @Slot()
    def acknowledge(self) -> None:
        """The last snapshot has been drawn."""
        self._unacknowledged = False
        if self._playing and self._unpaced:
            self._full_speed_frame()
        elif self._stale:
            self._publish()

    @Slot()
    def shut_down(self) -> None:
        """Stop everything that could still fire in this thread."""
        self._playing = False
        if self._timer is not None:
            self._timer.stop()

    # playing -----------------------------------------------------------------------------

    @property
    def _unpaced(self) -> bool:
        return self._speed is None or self._to_end

    @property
    def _head(self) -> int:
        return 0 if self._descent is None else self._descent.head

    def _set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.state_changed.emit(playing)
        if not playing:
            self._to_end = False
        self._begin_pacing()

    def _begin_pacing(self) -> None:
        self._due, self._last_tick = 0.0, perf_counter()
        if self._timer is None:
            self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
            self._timer.timeout.connect(self._tick)
        if self._playing and not self._unpaced:
            self._timer.start()
        else:
            self._timer.stop()
            if self._playing and not self._unacknowledged:
                self._publish()

    @Slot()
    def _tick(self) -> None:
        """Advance by what is due since the last tick; drop what cannot be shown in time."""
        now = perf_counter()
        speed = self._speed or 0.0
        self._due += (now - self._last_tick) * speed
        self._last_tick = now
        if self._unacknowledged:
            self._due = min(self._due, max(1.0, MAX_BACKLOG_S * speed))
            return
        steps = int(min(self._due, max(1.0, MAX_BACKLOG_S * speed)))
        if steps:
            self._due -= steps
            self._move_to(self._cursor + steps)
            self._stop_at_end()
            self._publish()

    def _full_speed_frame(self) -> None:
        if self._cursor < self._head:
            self._cursor = min(self._head, self._cursor + REPLAY_ROWS_PER_FRAME)
        else:
            self._move_to(self._cursor + 10**9)
        self._stop_at_end()
        self._publish()

    def _move_to(self, row: int) -> None:
        """Put the cursor on a row, recording up to it for as long as one frame allows."""
        descent = self._descent
        if descent is None:
            return
        until = perf_counter() + COMPUTE_BUDGET_MS / 1000
        while descent.head < row and perf_counter() < until:
            if not descent.advance(min(CHUNK_ROWS, row - descent.head)):
                break
            self._ahead = None
        self._cursor = max(0, min(row, descent.head))

    def _stop_at_end(self) -> None:
        descent = self._descent
        if descent is None or descent.ending is None or self._cursor < self._head:
            return
        self._set_playing(False)
        self.finished.emit(descent.name, descent.ending.message)

    # documents ---------------------------------------------------------------------------

    def _new_descent(self, request: LoadRequest) -> Descent:
        """The descent that a request asks for, on the same problem where nothing of it changed."""
        experiment, old = request.experiment, self._descent
        if old is not None and same_problem(experiment, old.experiment):
            problem = old.problem
        else:
            problem = problem_of(experiment)
            if request.choose_rate or self._rate_was_chosen(experiment):
                experiment = with_rate(experiment, rate_for(problem))
        start = start_of(experiment, experiment.runs[0], problem)
        return Descent(problem, experiment, 0, start)

    def _rate_was_chosen(self, experiment: Experiment) -> bool:
        """Whether the rate still is the one that the program chose for the same own data."""
        old = self._descent
        if old is None or not isinstance(experiment.data, FileData | PointsData):
            return False
        rate = experiment.runs[0].optimizer.lr
        return old.experiment.data == experiment.data and rate == rate_for(old.problem)

    def _adopt(self, descent: Descent, cursor: int, ghost: Rows | None) -> None:
        self._descent, self._cursor, self._ghost = descent, cursor, ghost
        self._ahead = None
        self._generation += 1

    def _place_of(self, values: dict[str, Any], settings: Settings) -> int:
        """The update at which a change acts: the cursor's; the head's for a harmless stop."""
        descent = self._descent
        assert descent is not None
        only_stops = all(key.startswith("stop.") for key in values)
        if only_stops and descent.head > self._cursor:
            moved = _with_change(descent.experiment, 0, settings)
            replay = Descent(
                descent.problem, moved, 0, descent.history.start, descent.prefix(descent.head)
            )
            if replay.first_ending() is None:
                return descent.head
        return self._cursor

    def _document(self) -> Document | None:
        return None if self._descent is None else self._current_document()

    def _current_document(self) -> Document:
        descent = self._descent
        assert descent is not None
        return Document(
            descent.experiment, descent.problem, descent.history, self._head + 1, self._cursor
        )

    # publishing --------------------------------------------------------------------------

    def _rows(self) -> Rows:
        assert self._descent is not None
        return self._descent.history.rows()

    def _publish(self) -> None:
        """Send a snapshot, or remember to once the last one has been drawn."""
        if self._descent is None:
            return
        if self._unacknowledged:
            self._stale = True
            return
        self._unacknowledged, self._stale = True, False
        self.snapshot_ready.emit(self._snapshot(self._descent))

    def _snapshot(self, descent: Descent) -> Snapshot:
        if self._ahead is None and not self._playing:
            self._ahead = descent.preview(AHEAD_STEPS)
        view = RunView(
            name=descent.name,
            rows=self._rows(),
            settings=descent.settings(self._cursor),
            stability_limit=descent.limit(self._cursor),
            health=_health(descent, self._cursor),
            ended=None if descent.ending is None else descent.ending.message,
            place=descent.place(self._cursor),
        )
        return Snapshot(
            generation=self._generation,
            problem=descent.problem,
            runs=(view,),
            selected=0,
            cursor=self._cursor,
            playing=self._playing,
            ghost=self._ghost,
            ahead=None if self._playing else self._ahead,
        )


def _health(descent: Descent, cursor: int) -> Health:
    ending = descent.ending
    if ending is not None and ending.reason == "diverged" and cursor == descent.head:
        return Health.DIVERGED
    return Health.UNSTABLE if descent.is_unstable(cursor) else Health.STABLE


def _with_change(experiment: Experiment, at: int, settings: Settings) -> Experiment:
    """The experiment whose settings are ``settings`` from update ``at`` on.

    Later changes are dropped: they belong to the future that a change at ``at`` replaces. At
    update 0 there is no past to keep, so the experiment itself is edited.
    """
    run = experiment.runs[0]
    if at == 0:
        run = Run(run.name, run.start, settings.optimizer, settings.schedule, settings.batch, ())
        return msgspec.structs.replace(experiment.with_run(0, run), stop=settings.stop)
    earlier = tuple(change for change in run.changes if change.at < at)
    experiment = experiment.with_run(0, msgspec.structs.replace(run, changes=earlier))
    values = difference(settings_at(experiment, 0, at), settings)
    if not values:
        return experiment
    changes = (*earlier, Change(at, values))
    return experiment.with_run(0, msgspec.structs.replace(run, changes=changes))
