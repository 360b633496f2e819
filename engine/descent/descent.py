"""Descent: one run going on, row by row, the same however it is driven."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from operator import add
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import specs
from engine.descent.batches import Batches, Evaluated
from engine.descent.history import Before, History, Place, Rates, Rows
from engine.descent.optimizers import OPTIMIZERS, Point, State, limit_on
from engine.descent.stall import why_not_arrived
from engine.experiment import Experiment, Settings, changed, kind_of, settings_of
from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.problem import Problem
from engine.types import Columns, Vector

CHUNK_STEPS = 256
"""Updates between two vectorised fillings of the columns; bounds how late a stop is noticed."""

FREE_ROWS = 2048
"""Rows computed in one go where they cost nothing in the number of points."""

CHECKPOINT_ROWS = 4096
"""Rows after which an optimizer's state is kept, so that going back need not fold from 0."""

MOST_MEMBERS = 2_000
"""Points of a batch that are named one by one."""

MOST_SHUFFLED = 50_000
"""Points that are put in an epoch's order, once more, only to say which of them a batch has."""

DIVERGENCE_FACTOR = 1e12
"""A loss beyond this multiple of max(1, start loss) has diverged."""

MOST_ITERATIONS = int(specs.ITERATIONS.high)
"""Where every run ends, whatever else it is asked to wait for."""

CHUNK_POINTS = 400_000
"""Points that the updates between two looks at the clock may look at."""

PREVIEW_POINTS = 1_000_000
"""Points that a preview may look at."""

EVERY_ROW = 10_000
"""Up to so many points, all of them are looked at for the losses of every row."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run stopped: ``iterations``, ``gradient_norm``, ``loss_change`` or ``diverged``."""

    reason: str
    iteration: int
    message: Message


class Leg(NamedTuple):
    """The next updates that are made under one setting: what they begin from, and how many."""

    params: list[float]
    state: State
    hyper: Any
    steps: int


class Descent:
    """One run of an experiment and what it recorded.

    Parameters
    ----------
    problem, experiment, index
        The problem and the run ``experiment.runs[index]``.
    start
        Parameters (p,) of row 0.
    history
        Rows recorded earlier under the same experiment, to go on from; None begins at row 0.

    ``epochs`` says how far through the training points each row is.
    """

    def __init__(
        self,
        problem: Problem,
        experiment: Experiment,
        index: int,
        start: Vector,
        history: History | None = None,
    ) -> None:
        self.problem = problem
        self.experiment = experiment
        self.index = index
        self._read_settings()
        if history is None:
            history = History(problem.n_params)
            first = self._batches.evaluate(0, start.tolist())
            history.append(self._rows(0, start[:, np.newaxis], [first]).upto_infinity())
        self.history = history
        self._divergence_limit = DIVERGENCE_FACTOR * max(
            1.0, float(history.rows(0, 1).train_loss[0])
        )
        self.ending = self._ending_in(self.head, self.head + 1)
        self._state: State | None = None  # before update `head`; None: to be rebuilt
        self._asked: tuple[int, State] | None = None  # the row of `before`, and its state

    @property
    def head(self) -> int:
        """The last recorded row."""
        return len(self.history) - 1

    @property
    def name(self) -> str:
        """What the experiment calls this run."""
        return self.experiment.runs[self.index].name

    def settings(self, iteration: int) -> Settings:
        """The settings under which update ``iteration`` is made."""
        return self._settings[bisect_right(self._changes_at, iteration)]

    def learning_rates(self, rows: int) -> Vector:
        """η of each of the first ``rows`` rows, shape (rows,)."""
        return self.rates.upto(rows)

    def limit(self, iteration: int) -> float | None:
        """The stability limit of the optimizer at a row; near the optimum where it is curved."""
        return limit_on(self.problem.curvature, self.settings(iteration).optimizer)

    def is_unstable(self, iteration: int) -> bool:
        """Whether the rate in use at a row is at or above the stability limit."""
        limit = self.limit(iteration)
        return limit is not None and self.settings(iteration).optimizer.lr >= limit

    def belong_to(self, experiment: Experiment, index: int) -> None:
        """Be run ``index`` of an experiment that asks the same of it, but for its name."""
        self.experiment, self.index = experiment, index

    def apply(self, experiment: Experiment) -> None:
        """Go on under an experiment that differs only from the head on, or in its stops."""
        self.experiment = experiment
        self._read_settings()
        self._state = None
        self.ending = self._ending_in(self.head, self.head + 1)

    def advance(self, rows: int) -> int:
        """Record up to ``rows`` further rows; returns how many, fewer where the run ends."""
        begun = self.head
        while self.ending is None and self.head - begun < rows:
            chunk = min(CHUNK_STEPS, self.chunk_rows)
            self._advance_chunk(min(rows - (self.head - begun), chunk))
        return self.head - begun

    @property
    def chunk_rows(self) -> int:
        """Rows from the head on that take little enough time to be computed in one go."""
        points = self._points_of_a_row(self.head)
        return max(1, min(CHUNK_STEPS, CHUNK_POINTS // points)) if points else FREE_ROWS

    def _points_of_a_row(self, row: int) -> int:
        """Points that a row looks at: those of its batch, and all where all losses are wanted."""
        problem = self.problem
        if problem.is_free or problem.n_points > EVERY_ROW:
            return self._batches.size(row)
        return self._batches.size(row) + problem.n_points

    def preview(self, steps: int) -> Vector:
        """Parameters (p, m) of the head and the up to ``steps`` rows that would follow it.

        Nothing is recorded; later changes and stops other than ``iterations`` and divergence play
        no part.
        """
        settings = self.settings(self.head)
        if self.ending is not None:
            steps = 0
        steps = min(steps, PREVIEW_POINTS // max(1, self._batches.size(self.head)))
        steps = max(0, min(steps, settings.stop.iterations - self.head))
        params = self._head_params()
        leg = Leg(params, self._head_state(), settings.optimizer, steps)
        rows, evaluated, _ = self._walk(leg)
        path = np.array([params, *rows]).T
        with np.errstate(all="ignore"):
            bad = ~np.isfinite(path).all(axis=0)
            if self.problem.is_free:
                bad |= ~(self.problem.train.loss(list(path)) <= self._divergence_limit)
            else:
                bad[1:] |= ~(np.array([row.loss for row in evaluated]) <= self._divergence_limit)
        return path[:, : max(1, int(bad.argmax()))] if bad.any() else path

    def first_ending(self) -> Ending | None:
        """The first reason to stop at any recorded row, under the experiment as it is now."""
        return self._ending_in(0, self.head + 1)

    def prefix(self, rows: int) -> History:
        """A copy of the first rows, to branch from."""
        return self.history.copy_of_first(rows)

    def _read_settings(self) -> None:
        run = self.experiment.runs[self.index]
        settings = settings_of(run, self.experiment.stop)
        self._changes_at: list[int] = []
        self._settings = [settings]
        for change in run.changes:
            settings = changed(settings, change.set)
            if self._changes_at and self._changes_at[-1] == change.at:
                self._settings[-1] = settings
            else:
                self._changes_at.append(change.at)
                self._settings.append(settings)
        rates = tuple(settings.optimizer.lr for settings in self._settings)
        self.rates = Rates((0, *self._changes_at), rates)
        batches = [settings.batch for settings in self._settings]
        self._batches = Batches(
            self.problem, list(zip([0, *self._changes_at], batches, strict=True))
        )
        self.epochs = self._batches.epochs

    def place(self, row: int) -> Place:
        """Epoch and batch of a row."""
        return self._batches.place(row)

    def before(self, row: int) -> Before:
        """What update ``row`` begins from; cheap at the head and shortly after the last asked."""
        state = self._head_state() if row == self.head else self._fold_state(row)
        self._asked = (row, state)
        is_full = self.place(row).size is None
        return Before(None if is_full else self._batches.members(row), state)

    def members(self, row: int) -> NDArray[np.intp] | None:
        """Positions (m,) in the training part of the points of a row's batch.

        None for the full batch, and where there are too many to be told apart or looked up.
        """
        size = self._batches.place(row).size
        if size is None or size > MOST_MEMBERS or self.problem.dataset.train.n > MOST_SHUFFLED:
            return None
        return self._batches.members(row)

    def _head_params(self) -> list[float]:
        rows = self.history.rows(self.head)
        values: list[float] = rows.params[:, 0].tolist()
        return values

    def leg(self, most: int) -> Leg:
        """What the next updates begin from, and how many of up to ``most`` are made alike."""
        head = self.head
        settings = self.settings(head)
        upcoming = bisect_right(self._changes_at, head)
        if upcoming < len(self._changes_at):
            most = min(most, self._changes_at[upcoming] - head)
        most = min(most, settings.stop.iterations - head)
        return Leg(self._head_params(), self._head_state(), settings.optimizer, most)

    def free_steps(self, most: int) -> int:
        """How many of the next up to ``most`` updates cost nothing in the number of points."""
        if not self.problem.is_free:
            return 0
        full = self._batches.full_until(self.head)
        return most if full is None else max(0, min(most, full - self.head))

    def take(self, rows: Rows, state: State) -> None:
        """Record what the next updates came to, up to where the run ends, and their last state."""
        begun, self._state = self.head, state
        finite = rows.upto_infinity()
        self.history.append(finite)
        self.ending = self._ending_in(begun + 1, self.head + 1)
        if self.ending is None and len(finite) < len(rows):
            self.ending = self._diverged(self.head)
        self._after_chunk(begun)

    def _advance_chunk(self, most: int) -> None:
        params, evaluated, state = self._walk(self.leg(most))
        self.take(self._rows(self.head + 1, np.array(params).T, evaluated), state)

    def _walk(self, leg: Leg) -> tuple[list[Columns], list[Evaluated], State]:
        """Make updates from the head on without recording.

        Returns the parameters after each update, what their batches make of them (nothing where
        all see the full batch, of which the columns can be filled later), and the last state.
        """
        steps = self.free_steps(leg.steps)
        if not steps:
            return self._walk_on_batches(leg)
        rows, state = self._walk_on_all(leg._replace(steps=steps))
        return rows, [], state

    def _walk_on_all(self, leg: Leg) -> tuple[list[Columns], State]:
        params, state, hyper, steps = leg
        update = OPTIMIZERS[kind_of(hyper)].update
        gradient, hessian = self.problem.objective.gradient, self.problem.objective.hessian_at
        rows: list[Columns] = []
        for _ in range(steps):
            delta, state = update(Point(params, gradient(params), hessian), state, hyper)
            params = list(map(add, params, delta))
            rows.append(params)
        return rows, state

    def _walk_on_batches(self, leg: Leg) -> tuple[list[Columns], list[Evaluated], State]:
        params, state, hyper, steps = leg
        update = OPTIMIZERS[kind_of(hyper)].update
        evaluate, hessian = self._batches.evaluate, self.problem.objective.hessian_at
        rows: list[Columns] = []
        evaluated: list[Evaluated] = []
        gradient = self.history.rows(self.head).gradient[:, 0].tolist()
        with np.errstate(all="ignore"):
            for row in range(self.head + 1, self.head + 1 + steps):
                delta, state = update(Point(params, gradient, hessian), state, hyper)
                params = list(map(add, params, delta))
                rows.append(params)
                evaluated.append(evaluate(row, params))
                gradient = evaluated[-1].gradient
        return rows, evaluated, state

    def _rows(self, first: int, params: Vector, evaluated: list[Evaluated]) -> Rows:
        """Rows from ``first`` on with all their columns."""
        if not evaluated:
            return rows_of_all_points(self.problem, params)
        with np.errstate(all="ignore"):  # a diverging run overflows: that is what it shows
            train_loss, validation = self._data_losses(first, list(params), evaluated)
        loss = np.array([row.loss for row in evaluated])
        gradient = np.array([row.gradient for row in evaluated]).T
        return Rows(params, gradient, loss, train_loss, validation)

    def _data_losses(
        self, first: int, columns: Columns, evaluated: list[Evaluated]
    ) -> tuple[Vector, Vector]:
        """Training and validation loss of rows from ``first`` on, NaN where too dear to know."""
        problem, m = self.problem, len(columns[0])
        wanted = np.arange(m)
        if not problem.is_free and problem.n_points > EVERY_ROW:
            wanted = np.array(self._batches.epoch_starts(first, first + m), dtype=int) - first
        chosen = [column[wanted] for column in columns]
        train_loss, validation = np.full(m, np.nan), np.full(m, np.nan)
        if not problem.is_free:
            train_loss[:] = [row.train_loss for row in evaluated]
        unknown = wanted[np.isnan(train_loss[wanted])]
        if len(unknown):
            train_loss[unknown] = problem.train.loss([column[unknown] for column in columns])
        if problem.validation is not None and len(wanted):
            validation[wanted] = problem.validation.loss(chosen)
        return train_loss, validation

    def _after_chunk(self, begun: int) -> None:
        """Cut the history behind the row where the run ended; keep a checkpoint now and then."""
        if self.ending is not None and self.ending.iteration < self.head:
            self.history.truncate(self.ending.iteration + 1)
            self._state = None
        kind_changes = self._kind_begins(self.head) == self.head and self.head > begun
        if kind_changes or (self.ending is not None and self.ending.reason == "diverged"):
            self._state = None
        elif self._state and self.head - self.history.last_checkpoint >= CHECKPOINT_ROWS:
            self.history.checkpoint(self.head, self._state)

    def _kind_begins(self, row: int) -> int:
        """The row at which the optimizer that makes update ``row`` took over."""
        segment = bisect_right(self._changes_at, row)
        kind = kind_of(self._settings[segment].optimizer)
        while segment > 0 and kind_of(self._settings[segment - 1].optimizer) == kind:
            segment -= 1
        return self._changes_at[segment - 1] if segment > 0 else 0

    def _head_state(self) -> State:
        """The optimizer's state before update ``head``, folded from the rows where not at hand."""
        if self._state is None:
            self._state = self._fold_state(self.head)
        return self._state

    def _fold_state(self, row: int) -> State:
        optimizer = OPTIMIZERS[kind_of(self.settings(row).optimizer)]
        first = self._kind_begins(row)
        first, state = self._known_state(first, row)
        if state is None:
            state = optimizer.init([0.0] * self.problem.n_params)
        if not state:
            return state
        rows = self.history.rows(first, row)
        points = zip(rows.params.T.tolist(), rows.gradient.T.tolist(), strict=True)
        for k, (params, gradient) in enumerate(points, start=first):
            _, state = optimizer.update(Point(params, gradient), state, self.settings(k).optimizer)
        return state

    def _known_state(self, first: int, row: int) -> tuple[int, State | None]:
        """The last row from ``first`` to ``row`` whose state is at hand, and that; else None."""
        known = self.history.checkpoint_before(first, row) or (first, None)
        asked = self._asked
        return asked if asked is not None and known[0] < asked[0] <= row else known

    def _ending_in(self, first: int, last: int) -> Ending | None:
        """The first reason to stop at rows first..last−1, each under its own settings."""
        while first < last:
            segment = bisect_right(self._changes_at, first)
            until = self._changes_at[segment] if segment < len(self._changes_at) else last
            until = min(until, last)
            ending = self._ending_under(self._settings[segment], first, until)
            if ending is not None:
                return ending
            first = until
        return None

    def _ending_under(self, settings: Settings, first: int, last: int) -> Ending | None:
        stop = settings.stop
        rows = self.history.rows(first, last)
        seen = np.where(np.isnan(rows.train_loss), rows.loss, rows.train_loss)
        candidates = [(_first(seen > self._divergence_limit, first), self._diverged)]
        known = np.zeros(0, dtype=np.intp)
        if stop.gradient_norm is not None or stop.loss_change is not None:
            known = first + np.flatnonzero(~np.isnan(rows.train_loss))
        if stop.gradient_norm is not None and len(known):
            short = self._gradient_norms(known) < stop.gradient_norm
            candidates.append((_first_of(known, short), self._gradient_small))
        if stop.loss_change is not None and len(known):
            settled = self._loss_settles(known, stop.loss_change)
            candidates.append((_first_of(known, settled), self._loss_settled))
        if stop.iterations < last:
            candidates.append((max(stop.iterations, first), self._iterations_done))
        found = [(row, order) for order, (row, _) in enumerate(candidates) if row is not None]
        if not found:
            return None
        row, order = min(found)
        return candidates[order][1](row)

    def _gradient_norms(self, known: NDArray[np.intp]) -> Vector:
        """‖∇L‖ over all points at rows (m,) whose training loss is known."""
        rows, first = self.history.rows(int(known[0]), int(known[-1]) + 1), int(known[0])
        params = list(rows.params[:, known - first])
        with np.errstate(over="ignore", invalid="ignore"):
            whole = np.array(
                [np.broadcast_to(g, known.shape) for g in self._full_gradient(known, params)]
            )
            return np.asarray(np.sqrt((whole**2).sum(axis=0)))

    def _full_gradient(self, known: NDArray[np.intp], params: Columns) -> Columns:
        """The gradient over all points: as recorded where the batch is all of them."""
        full = self._batches.full_until(int(known[0]))
        if not self.problem.is_free and (full is None or full >= known[-1]):
            first = int(known[0])
            return list(self.history.rows(first, int(known[-1]) + 1).gradient[:, known - first])
        return self.problem.objective.gradient(params)

    def _loss_settles(self, known: NDArray[np.intp], bound: float) -> NDArray[np.bool_]:
        """Whether the loss at rows is within a bound of that at the last row where it is known."""
        before = int(known[0]) - 1
        while before >= 0 and math.isnan(self.history.rows(before, before + 1).train_loss[0]):
            before -= 1
        first = max(before, 0)
        loss = self.history.rows(first, int(known[-1]) + 1).train_loss
        loss = loss[~np.isnan(loss)]
        small = np.abs(np.diff(loss)) <= bound * np.maximum(1, np.abs(loss[1:]))
        return small if before >= 0 else np.concatenate(([False], small))

    def _diverged(self, row: int) -> Ending:
        limit, rate = self.limit(row), self.settings(row).optimizer.lr
        if limit is not None and rate >= limit:
            text = Message(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "Diverged at iteration {iteration}: the learning rate {rate:.4g} is above "
                    "the stability limit {limit:.4g}, so the steps grew instead of shrinking.",
                ),
                {"iteration": row, "rate": rate, "limit": limit},
            )
        else:
            text = Message(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "Diverged at iteration {iteration}: with the learning rate {rate:.4g} the "
                    "loss grew beyond every bound.",
                ),
                {"iteration": row, "rate": rate},
            )
        return Ending("diverged", row, text)

    def _gradient_small(self, row: int) -> Ending:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "Stopped at iteration {iteration}: the gradient is shorter than {bound:.4g}.",
        )
        bound = self.settings(row).stop.gradient_norm
        return self._stopped(
            "gradient_norm", row, Message(text, {"iteration": row, "bound": bound})
        )

    def _loss_settled(self, row: int) -> Ending:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "Stopped at iteration {iteration}: the last update changed the loss by less than "
            "{bound:.4g}.",
        )
        bound = self.settings(row).stop.loss_change
        return self._stopped("loss_change", row, Message(text, {"iteration": row, "bound": bound}))

    def _iterations_done(self, row: int) -> Ending:
        if row >= MOST_ITERATIONS:
            text = QT_TRANSLATE_NOOP(
                "Message", "Stopped: {iteration:,} iterations are the most that a run can record."
            )
        else:
            text = QT_TRANSLATE_NOOP("Message", "Finished at iteration {iteration}, the last one.")
        return self._stopped("iterations", row, Message(text, {"iteration": row}))

    def _stopped(self, reason: str, row: int, said: Message) -> Ending:
        """An ending, with a sentence on why the run has not arrived where it has not."""
        settings, is_full = self.settings(row), self.place(row).size is None
        rows = self.history.rows(0, row + 1)
        with np.errstate(over="ignore", invalid="ignore"):  # far out, where squares overflow
            why = why_not_arrived(self.problem, settings, rows, is_full)
        if why is not None:
            said = Message("{said} {why}", {"said": said, "why": why})
        return Ending(reason, row, said)


def rows_of_all_points(problem: Problem, params: Vector) -> Rows:
    """Rows of parameters (p, m) that all see the full batch, where that costs nothing in n."""
    columns = list(params)
    validation = np.full(params.shape[1], np.nan)
    with np.errstate(all="ignore"):  # a diverging run overflows: that is what it shows
        train_loss = problem.train.loss(columns)
        loss = train_loss if not problem.penalty else problem.objective.loss(columns)
        gradient = np.array(problem.objective.gradient(columns))
        if problem.validation is not None:
            validation = problem.validation.loss(columns)
    return Rows(params, gradient, loss, train_loss, validation)


def _first_of(rows: NDArray[np.intp], hits: NDArray[np.bool_]) -> int | None:
    """The first of ``rows`` that is hit; None where there is none."""
    return int(rows[hits.argmax()]) if hits.any() else None


def _first(hits: NDArray[np.bool_], offset: int) -> int | None:
    """Position of the first True, counted from ``offset``; None where there is none."""
    return offset + int(hits.argmax()) if hits.any() else None
