"""The engine's end of the thread: it descends, records, and publishes snapshots.

It computes for at most :data:`COMPUTE_BUDGET_MS`, publishes one snapshot, and computes nothing
further for the window until that snapshot has been drawn (:meth:`Worker.acknowledge`).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.descent.descent import Descent
from engine.descent.history import Rows
from engine.experiment import Experiment, Settings, settings_at
from engine.files.experiments import checked_change
from engine.live import edits
from engine.live.snapshot import Document, Edited, Health, Request, RunView, Snapshot
from engine.messages import QT_TRANSLATE_NOOP, InputError, Message
from engine.problem.sources import problem_of, rate_for, start_of, with_rate
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


GAVE_UP = -1
"""Stands for the serial of whatever was asked for where the engine itself failed."""


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that fails pause the run and say so, instead of leaving it playing."""

    @wraps(command)
    def run(worker: Worker, *arguments: Any) -> None:
        try:
            command(worker, *arguments)
        except MemoryError:
            worker.give_up(
                Message(QT_TRANSLATE_NOOP("Message", "There is not enough memory for this."))
            )
        except Exception as error:
            traceback.print_exc()
            text = QT_TRANSLATE_NOOP(
                "Message", "Something went wrong in the engine ({error}); the run is paused."
            )
            worker.give_up(Message(text, {"error": repr(error)}))

    return run


class Worker(QObject):
    """Owns the descent; lives in the engine's thread and is reached only by queued signals."""

    snapshot_ready = Signal(object)
    edited = Signal(object, int)
    restored = Signal(object, object, bool, int)
    state_changed = Signal(bool)
    finished = Signal(str, object)
    failed = Signal(object, int)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.latest_serial = 0  # written by the session's thread, only ever read here
        self._descent: Descent | None = None
        self._wanted: Experiment | None = None  # of requests that were not built yet
        self._opened: Request | None = None  # the one among them that was another experiment
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
    @guarded
    def load(self, request: Request) -> None:
        """Begin again at row 0; an edit goes on playing, another experiment does not."""
        self._take(request)
        wanted, opened, merge = self._wanted, self._opened, request.merge
        if wanted is None or request.serial < self.latest_serial:
            return
        self._wanted = self._opened = None
        before = self._document()
        try:
            descent = self._new_descent(wanted, opened)
        except InputError as error:
            self.failed.emit(error.message, request.serial)
            return
        same = before is not None and descent.problem is before.problem
        ghost = self._rows() if same and self._head > 0 else self._ghost if same else None
        self._adopt(descent, 0, ghost)
        if opened is not None:
            self._set_playing(False)
        self.edited.emit(Edited(before, self._current_document(), merge, opened), request.serial)
        self._publish()

    def _take(self, request: Request) -> None:
        """Fold a request into what is wanted; requests that came meanwhile build on each other."""
        if request.experiment is not None:
            self._wanted, self._opened = request.experiment, request
            return
        base = self._wanted
        if base is None and self._descent is not None:
            base = self._descent.experiment
        if base is None:
            return
        try:
            self._wanted = edits.restarted(base, self._settings_to_keep(), dict(request.values))
        except InputError as error:
            self.failed.emit(error.message, request.serial)

    def _settings_to_keep(self) -> Settings:
        """The settings with which a restart begins: those shown at the cursor, or those wanted."""
        if self._wanted is not None:
            return settings_at(self._wanted, 0, 0)
        assert self._descent is not None
        return self._descent.settings(self._cursor)

    @Slot(object, str, int)
    @guarded
    def change(self, values: dict[str, Any], merge: str, serial: int) -> None:
        """A live change at the cursor; behind the head it branches."""
        descent, before = self._descent, self._document()
        if descent is None or before is None:
            return
        try:
            if self._wanted is not None:
                settings = checked_change(
                    settings_at(self._wanted, 0, 0), values, self._wanted.loss
                )
                self._wanted = edits.with_change(self._wanted, 0, settings, 0)
            settings = checked_change(
                descent.settings(self._cursor), values, descent.experiment.loss
            )
        except InputError as error:
            self.failed.emit(error.message, serial)
            return
        if edits.only_stops(values):
            self._stop_elsewhere(descent, edits.with_stop(descent.experiment, settings.stop))
        else:
            self._change_course(descent, settings)
        self.edited.emit(Edited(before, self._current_document(), merge), serial)
        self._publish()

    def _change_course(self, descent: Descent, settings: Settings) -> None:
        """Go on under other settings from the cursor on; begin again where the run is over."""
        is_over = descent.ending is not None and self._cursor == self._head
        at = 0 if is_over else self._cursor
        experiment = edits.with_change(descent.experiment, at, settings, self._head)
        if at == self._head > 0:
            descent.apply(experiment)
            self._ahead = None
            return
        ghost = self._rows() if self._head > at else self._ghost
        history = descent.prefix(at + 1) if at else None  # row 0 may see another batch now
        branch = Descent(descent.problem, experiment, 0, descent.history.start, history)
        self._adopt(branch, at, ghost)

    def _stop_elsewhere(self, descent: Descent, experiment: Experiment) -> None:
        """Let other criteria hold for the whole run; rows behind the first stop are cut off."""
        start, rows = descent.history.start, descent.prefix(self._head + 1)
        ending = Descent(descent.problem, experiment, 0, start, rows).first_ending()
        if ending is None or ending.iteration == self._head:
            descent.apply(experiment)
            self._ahead = None
            return
        last = ending.iteration
        shorter = Descent(descent.problem, experiment, 0, start, descent.prefix(last + 1))
        self._adopt(shorter, min(self._cursor, last), self._rows())

    @Slot(object, bool, int)
    @guarded
    def restore(self, document: Document, is_undo: bool, serial: int) -> None:
        """Bring back what a document recorded."""
        replaced = self._document()
        experiment = document.experiment
        history = document.history.copy_of_first(document.rows)
        descent = Descent(document.problem, experiment, 0, history.start, history)
        same = replaced is not None and replaced.problem is document.problem
        self._adopt(descent, document.cursor, self._rows() if same and self._head > 0 else None)
        self._set_playing(False)
        self.restored.emit(document, replaced, is_undo, serial)
        self._publish()

    def give_up(self, message: Message) -> None:
        """Pause and say why."""
        self._wanted = self._opened = None
        self._set_playing(False)
        self.failed.emit(message, GAVE_UP)

    @Slot()
    @guarded
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
    @guarded
    def pause(self) -> None:
        """Stop going on; the snapshot shows what would follow."""
        self._set_playing(False)
        self._publish()

    @Slot(int)
    @guarded
    def step(self, count: int) -> None:
        """Move the cursor by some rows, computing those that are not recorded yet."""
        self._set_playing(False)
        self._move_to(self._cursor + count)
        self._publish()

    @Slot(int)
    @guarded
    def seek(self, row: int) -> None:
        """Show a recorded row."""
        self._cursor = max(0, min(row, self._head))
        self._publish()

    @Slot()
    @guarded
    def run_to_end(self) -> None:
        """Compute as fast as it goes until the run ends."""
        if self._descent is None:
            return
        self._cursor = self._head
        self._to_end = True
        self._set_playing(True)
        self._publish()

    @Slot(object)
    @guarded
    def set_speed(self, steps_per_second: float | None) -> None:
        """Steps per second, or None for as fast as it goes."""
        self._speed = steps_per_second
        self._begin_pacing()

    @Slot()
    @guarded
    def acknowledge(self) -> None:
        """The last snapshot has been drawn."""
        self._unacknowledged = False
        if self._playing and self._unpaced:
            self._full_speed_frame()
        elif self._stale:
            self._publish()

    @Slot()
    def shut_down(self) -> None:
        """Stop everything that could still fire in this thread, and the thread."""
        self._playing = False
        if self._timer is not None:
            self._timer.stop()
        self.stopped.emit()

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
    @guarded
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

    def _new_descent(self, experiment: Experiment, opened: Request | None) -> Descent:
        """The descent that is wanted, on the same problem where nothing of it changed."""
        old = self._descent
        problem = problem_of(experiment, None if old is None else (old.experiment, old.problem))
        if opened is not None:
            choose = opened.choose_rate
        else:  # a rate that the program chose goes on being chosen
            choose = old is not None and edits.rate_was_chosen(
                old.experiment, old.problem, experiment
            )
        if choose:
            experiment = with_rate(experiment, rate_for(problem))
        start = start_of(experiment, experiment.runs[0], problem)
        return Descent(problem, experiment, 0, start)

    def _adopt(self, descent: Descent, cursor: int, ghost: Rows | None) -> None:
        self._descent, self._cursor, self._ghost = descent, cursor, ghost
        self._ahead = None
        self._generation += 1

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
