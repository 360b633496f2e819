"""The engine's end of the thread: it descends, records, and publishes snapshots.

All runs go on side by side: the window shows one iteration of all, and a run that has not come to
it catches up, whether it plays or not. The worker computes for at most :data:`COMPUTE_BUDGET_MS`,
publishes one snapshot, and computes nothing further for the window until that snapshot has been
drawn (:meth:`Worker.acknowledge`).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from itertools import count
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.descent import lockstep
from engine.descent.descent import CHUNK_STEPS, Descent
from engine.descent.history import Before, Rows
from engine.experiment import Experiment, Settings, Stop
from engine.files.experiments import checked_change
from engine.live import edits
from engine.live.edits import Asked
from engine.live.snapshot import Document, Edited, Health, Request, RunView, Snapshot
from engine.messages import QT_TRANSLATE_NOOP, InputError, Message
from engine.problem.problem import Problem
from engine.problem.sources import Known, problems_of, rate_for, start_of, with_rate
from engine.types import Vector

COMPUTE_BUDGET_MS = 6
"""Work between two frames; longer, and the window's own timers come late."""

FIRST_ROWS = 30.0
"""Rows that a frame is taken to have time for before that was measured."""

LEAST_ROWS = 8
"""Rows of a round that look at few points: they cost less than the round itself.

Of rows that look at more, so that fewer are computed in one go, there are fewer in proportion.
"""

LEAST_SHARE = 0.2
"""Share of a frame's time that must be left for another round: each has a price of its own."""

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


@dataclass(frozen=True, slots=True, eq=False)
class _Lane:
    """A run that goes on beside the others, and the generation of its rows."""

    descent: Descent
    generation: int


class Worker(QObject):
    """Owns the descents; lives in the engine's thread and is reached only by queued signals."""

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
        self._lanes: tuple[_Lane, ...] = ()
        self._selected = 0
        self._wanted: Asked | None = None  # of requests that were not built yet
        self._opened: Request | None = None  # the one among them that was another experiment
        self._generations = count(1)
        self._generation = 0
        self._cursor = 0
        self._ghost: Rows | None = None
        self._ahead: Vector | None = None
        self._speed: float | None = None
        self._rows_in_frame = FIRST_ROWS
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
        """Take an edit, or another experiment, which begins again at row 0 and does not play."""
        self._take(request)
        wanted, opened, merge = self._wanted, self._opened, request.merge
        if wanted is None or (wanted.begins_again and request.serial < self.latest_serial):
            return
        self._wanted = self._opened = None
        before = self._document()
        try:
            experiment, lanes = self._built(wanted, opened)
        except InputError as error:
            self.failed.emit(error.message, request.serial)
            return
        ghost = self._ghost_beside(lanes[wanted.selected], experiment.runs[wanted.selected].name)
        cursor = 0 if wanted.begins_again else self._cursor
        self._adopt(experiment, lanes, wanted.selected, cursor, ghost)
        if opened is not None:
            self._set_playing(False)
        self.edited.emit(Edited(before, self._current_document(), merge, opened), request.serial)
        self._publish()

    def _take(self, request: Request) -> None:
        """Fold a request into what is wanted; requests that came meanwhile build on each other."""
        if request.experiment is not None:
            self._wanted, self._opened = edits.anew(request.experiment), request
            return
        asked = self._asked()
        if asked is None or request.edit is None:
            return
        try:
            self._wanted = request.edit(asked)
        except InputError as error:
            self.failed.emit(error.message, request.serial)

    def _asked(self) -> Asked | None:
        """What is asked for so far: what is wanted, or what there is at the cursor."""
        if self._wanted is not None or not self._lanes:
            return self._wanted
        return Asked(
            self._descent.experiment,
            self._selected,
            tuple(lane.descent.settings(self._row(lane)) for lane in self._lanes),
            tuple(range(len(self._lanes))),
        )

    @Slot(object, str, int)
    @guarded
    def change(self, values: dict[str, Any], merge: str, serial: int) -> None:
        """A live change of the selected run at the cursor; behind its head it branches."""
        before = self._document()
        if before is None:
            return
        stops = {key: value for key, value in values.items() if edits.is_stop(key)}
        others = {key: value for key, value in values.items() if not edits.is_stop(key)}
        try:
            if self._wanted is not None:
                self._wanted = edits.changed_anew(self._wanted, values)
            settings = self._changed(values)
        except InputError as error:
            self.failed.emit(error.message, serial)
            return
        if stops:
            self._stop_elsewhere(settings.stop)
        if others:
            self._change_course(self._changed(others))
        self.edited.emit(Edited(before, self._current_document(), merge), serial)
        self._publish()

    def _changed(self, values: dict[str, Any]) -> Settings:
        """The selected run's settings at the cursor, with other values."""
        descent = self._descent
        settings = descent.settings(self._row(self._lanes[self._selected]))
        return checked_change(settings, values, descent.experiment.loss_of(self._selected))

    def _change_course(self, settings: Settings) -> None:
        """Let the selected run go on under other settings; begin again where it is over."""
        descent = self._descent
        head, cursor = descent.head, self._cursor
        is_over = descent.ending is not None and cursor >= head
        at = 0 if is_over else min(cursor, head)
        experiment = edits.with_change(descent.experiment, self._selected, at, settings, head)
        if at == head > 0:
            descent.apply(experiment)
            self._belong_to(experiment)
            return
        ghost = descent.history.rows() if head > at else self._ghost
        history = descent.prefix(at + 1) if at else None  # row 0 may see another batch now
        start = descent.history.start
        branch = Descent(descent.problem, experiment, self._selected, start, history)
        lanes = list(self._lanes)
        lanes[self._selected] = self._lane(branch)
        self._adopt(experiment, lanes, self._selected, 0 if is_over else cursor, ghost)

    def _stop_elsewhere(self, stop: Stop) -> None:
        """Let other criteria hold for all runs; rows behind a run's first stop are cut off."""
        experiment = edits.with_stop(self._descent.experiment, stop)
        self._belong_to(experiment)
        rows = self._descent.history.rows()
        lanes = [self._stopped(lane, experiment) for lane in self._lanes]
        if all(now is lane for now, lane in zip(lanes, self._lanes, strict=True)):
            return
        was_cut = lanes[self._selected] is not self._lanes[self._selected]
        ghost = rows if was_cut else self._ghost
        self._adopt(experiment, lanes, self._selected, self._cursor, ghost)

    def _stopped(self, lane: _Lane, experiment: Experiment) -> _Lane:
        descent = lane.descent
        descent.apply(experiment)
        ending = descent.first_ending()
        if ending is None or ending.iteration == descent.head:
            return lane
        start, rows = descent.history.start, descent.prefix(ending.iteration + 1)
        return self._lane(Descent(descent.problem, experiment, descent.index, start, rows))

    @Slot(int)
    @guarded
    def select(self, index: int) -> None:
        """Let edits act on another run, and the window show it."""
        if not 0 <= index < len(self._lanes):
            return
        if index != self._selected:
            wanted = self._wanted
            if wanted is not None and self._opened is None and index < len(wanted.kept):
                self._wanted = replace(wanted, selected=index)
            self._adopt(self._descent.experiment, self._lanes, index, self._cursor, None)
        self._publish()

    @Slot(object, bool, int)
    @guarded
    def restore(self, document: Document, is_undo: bool, serial: int) -> None:
        """Bring back what a document recorded."""
        replaced = self._document()
        experiment = document.experiment
        generations = {id(lane.descent.history): lane.generation for lane in self._lanes}
        lanes = []
        recorded = zip(document.problems, document.histories, document.rows, strict=True)
        for index, (problem, kept, rows) in enumerate(recorded):
            history = kept if len(kept) == rows else kept.copy_of_first(rows)
            descent = Descent(problem, experiment, index, history.start, history)
            lanes.append(self._lane(descent, generations.get(id(history))))
        selected = document.selected
        ghost = self._ghost_beside(lanes[selected], experiment.runs[selected].name)
        self._adopt(experiment, lanes, selected, document.cursor, ghost)
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
        if not self._lanes:
            return
        if self._is_over:
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
        self._cursor = max(0, min(row, self._longest))
        self._publish()

    @Slot()
    @guarded
    def run_to_end(self) -> None:
        """Compute as fast as it goes until all runs have ended."""
        if not self._lanes:
            return
        self._cursor = max(self._cursor, self._recorded)
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
        elif self._going(self._cursor):
            self._record_up_to(self._cursor)
            self._publish()
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
        recorded = self._recorded
        if self._cursor < recorded:
            self._cursor = min(recorded, self._cursor + REPLAY_ROWS_PER_FRAME)
        else:
            self._move_to(self._cursor + 10**9)
        self._stop_at_end()
        self._publish()

    def _move_to(self, row: int) -> None:
        """Put the cursor on a row, recording up to it for as long as one frame allows."""
        if row <= self._cursor:
            self._cursor = max(0, row)
        elif self._lanes:
            self._record_up_to(row)
            self._cursor = max(self._cursor, min(row, self._recorded))

    def _record_up_to(self, row: int) -> None:
        """Let the runs go on side by side up to a row, for as long as one frame allows.

        In each round the hindmost go first, and all come to the same row: as many rows as can be
        recorded in the time that is left.
        """
        budget, begun = COMPUTE_BUDGET_MS / 1000, perf_counter()
        passed, recorded = 0.0, 0
        while passed < (1 - LEAST_SHARE) * budget and (going := self._going(row)):
            first = min(descent.head for descent in going)
            most = min(descent.chunk_rows for descent in going)
            aimed = int(self._rows_in_frame * (1 - passed / budget))
            least = LEAST_ROWS * min(most, CHUNK_STEPS) // CHUNK_STEPS
            rows = min(max(aimed, least, 1), most, row - first)
            lockstep.advance(going, first + rows)
            recorded += rows
            passed = perf_counter() - begun
            self._ahead = None
        if recorded:
            self._rows_in_frame = recorded * budget / passed

    def _going(self, row: int) -> list[Descent]:
        """The runs that have to go on to come to a row."""
        descents = [lane.descent for lane in self._lanes]
        return [each for each in descents if each.ending is None and each.head < row]

    @property
    def _recorded(self) -> int:
        """The row up to which every run is recorded that can go on, or the last one of all."""
        going = [lane.descent.head for lane in self._lanes if lane.descent.ending is None]
        return min(going) if going else self._longest

    @property
    def _longest(self) -> int:
        """The last row of the longest run."""
        return max((lane.descent.head for lane in self._lanes), default=0)

    @property
    def _is_over(self) -> bool:
        """Whether all runs have ended and everything has been shown."""
        ended = all(lane.descent.ending is not None for lane in self._lanes)
        return ended and self._cursor >= self._longest

    def _stop_at_end(self) -> None:
        if self._is_over:
            self._set_playing(False)
            self.finished.emit(self._descent.name, self._last_words())

    def _last_words(self) -> Message:
        """Why the selected run ended, and that all others did."""
        endings = [lane.descent.ending for lane in self._lanes]
        selected = endings[self._selected]
        assert selected is not None
        if len(endings) == 1:
            return selected.message
        diverged = sum(ending is not None and ending.reason == "diverged" for ending in endings)
        values = {
            "count": len(endings),
            "diverged": diverged,
            "name": self._descent.name,
            "ending": selected.message,
        }
        if diverged:
            text = QT_TRANSLATE_NOOP(
                "Message",
                "All {count} runs have ended, {diverged} of them diverged. {name}: {ending}",
            )
        else:
            text = QT_TRANSLATE_NOOP("Message", "All {count} runs have ended. {name}: {ending}")
        return Message(text, values)

    # documents ---------------------------------------------------------------------------

    @property
    def _descent(self) -> Descent:
        """The selected run."""
        return self._lanes[self._selected].descent

    def _row(self, lane: _Lane) -> int:
        """The row of a run at the cursor."""
        return min(self._cursor, lane.descent.head)

    def _built(self, wanted: Asked, opened: Request | None) -> tuple[Experiment, list[_Lane]]:
        """The experiment that is wanted and its runs, with what stays the same taken over."""
        old = self._lanes
        problems = problems_of(wanted.experiment, self._known())
        experiment = self._with_chosen_rates(wanted.experiment, problems, opened)
        lanes: list[_Lane] = []
        for index, (run, origin) in enumerate(zip(experiment.runs, wanted.kept, strict=True)):
            recorded, problem = None, problems[index]
            if (
                old
                and origin is not None
                and problem is old[origin].descent.problem
                and edits.takes_over(self._descent.experiment, origin, experiment, index)
            ):
                recorded = old[origin]
            if recorded is None:
                descent = Descent(problem, experiment, index, start_of(experiment, run, problem))
                lanes.append(self._lane(descent))
            elif recorded in lanes:  # a copy
                history = recorded.descent.prefix(recorded.descent.head + 1)
                descent = Descent(problem, experiment, index, history.start, history)
                lanes.append(self._lane(descent))
            else:
                lanes.append(recorded)
        return experiment, lanes

    def _known(self) -> list[Known]:
        """The problems of the runs there are, the selected one's first."""
        lanes = self._lanes[self._selected :] + self._lanes[: self._selected]
        descents = [lane.descent for lane in lanes]
        return [
            (each.experiment.minimising(each.experiment.loss_of(each.index)), each.problem)
            for each in descents
        ]

    def _common_problem(self) -> Problem | None:
        """That of the runs without a loss of their own; None where there are none."""
        descents = [lane.descent for lane in self._lanes]
        shared = [each for each in descents if each.experiment.runs[each.index].loss is None]
        return shared[0].problem if shared else None

    def _with_chosen_rates(
        self, experiment: Experiment, problems: Sequence[Problem], opened: Request | None
    ) -> Experiment:
        """The experiment with the rates that the program is to choose, or goes on choosing.

        A run with a loss of its own keeps its rate.
        """
        if opened is not None:
            rate = rate_for(problems[0]) if opened.choose_rate else None
            return with_rate(experiment, rate)
        before = self._descent.experiment if self._lanes else None
        common = self._common_problem()
        for index, (run, problem) in enumerate(zip(experiment.runs, problems, strict=True)):
            if (
                before is not None
                and common is not None
                and run.loss is None
                and edits.rate_was_chosen(before, common, experiment, index)
            ):
                experiment = with_rate(experiment, edits.rate_to_choose(experiment, problem), index)
        return experiment

    def _lane(self, descent: Descent, generation: int | None = None) -> _Lane:
        """A place among the runs; rows that are drawn already keep their generation."""
        return _Lane(descent, next(self._generations) if generation is None else generation)

    def _adopt(
        self,
        experiment: Experiment,
        lanes: Sequence[_Lane],
        selected: int,
        cursor: int,
        ghost: Rows | None,
    ) -> None:
        """Go on with these runs."""
        self._lanes, self._selected, self._ghost = tuple(lanes), selected, ghost
        self._belong_to(experiment)
        self._cursor = min(cursor, self._longest)
        self._generation = next(self._generations)

    def _belong_to(self, experiment: Experiment) -> None:
        """Let all runs know the experiment; what lies ahead and how fast it goes may differ."""
        for index, lane in enumerate(self._lanes):
            lane.descent.belong_to(experiment, index)
        self._ahead = None
        self._rows_in_frame = FIRST_ROWS

    def _ghost_beside(self, lane: _Lane, name: str) -> Rows | None:
        """The old rows where a lane is the selected run begun again, or the ghost there was."""
        if not self._lanes or lane.descent.problem is not self._descent.problem:
            return None
        old = self._lanes[self._selected]
        if lane.generation == old.generation:
            return self._ghost
        if self._descent.name != name:
            return None
        return old.descent.history.rows() if old.descent.head > 0 else self._ghost

    def _document(self) -> Document | None:
        return self._current_document() if self._lanes else None

    def _current_document(self) -> Document:
        descents = [lane.descent for lane in self._lanes]
        return Document(
            experiment=self._descent.experiment,
            problems=tuple(descent.problem for descent in descents),
            histories=tuple(descent.history for descent in descents),
            rows=tuple(descent.head + 1 for descent in descents),
            selected=self._selected,
            cursor=self._cursor,
        )

    # publishing --------------------------------------------------------------------------

    def _publish(self) -> None:
        """Send a snapshot, or remember to once the last one has been drawn."""
        if not self._lanes:
            return
        if self._unacknowledged:
            self._stale = True
            return
        self._unacknowledged, self._stale = True, False
        self.snapshot_ready.emit(self._snapshot())

    def _snapshot(self) -> Snapshot:
        descent = self._descent
        is_still = not self._playing and descent not in self._going(self._cursor)
        if self._ahead is None and is_still:
            self._ahead = descent.preview(AHEAD_STEPS)
        return Snapshot(
            generation=self._generation,
            problem=descent.problem,
            runs=tuple(_view(lane, self._row(lane)) for lane in self._lanes),
            selected=self._selected,
            cursor=self._cursor,
            playing=self._playing,
            ghost=self._ghost,
            ahead=self._ahead if is_still else None,
            before=self._before(descent),
        )

    def _before(self, descent: Descent) -> Before | None:
        """What explains the selected run's row; not while rows go by faster than states fold."""
        row = min(self._cursor, descent.head)
        rushes = self._playing and self._unpaced and row < descent.head
        return None if rushes else descent.before(row)


def _view(lane: _Lane, row: int) -> RunView:
    descent = lane.descent
    return RunView(
        name=descent.name,
        rows=descent.history.rows(),
        settings=descent.settings(row),
        stability_limit=descent.limit(row),
        health=_health(descent, row),
        ended=None if descent.ending is None else descent.ending.message,
        place=descent.place(row),
        cursor=row,
        generation=lane.generation,
        members=descent.members(row),
        reason=None if descent.ending is None else descent.ending.reason,
        epochs=descent.epochs,
        problem=descent.problem,
        rates=descent.rates,
    )


def _health(descent: Descent, cursor: int) -> Health:
    ending = descent.ending
    if ending is not None and ending.reason == "diverged" and cursor == descent.head:
        return Health.DIVERGED
    return Health.UNSTABLE if descent.is_unstable(cursor) else Health.STABLE
