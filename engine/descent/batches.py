"""Which points an update sees: epochs, batches, and the loss and gradient on one batch."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.descent.history import Epochs, Place, Stretch
from engine.experiment import Batch
from engine.problem.neuron import Neuron
from engine.problem.pointwise import Pointwise
from engine.problem.problem import Problem
from engine.types import Column, Columns, Vector

FEW_POINTS, FEW_ON_A_LINE = 16, 48
"""Points of a batch up to which plain floats take less time than arrays, also with one feature."""


class Evaluated(NamedTuple):
    """What a row's batch makes of its parameters.

    ``loss`` and ``gradient`` are those of the batch, penalty included; ``train_loss`` is that of
    all points without it, NaN where it was not computed with the rest.
    """

    loss: float
    gradient: list[Column]
    train_loss: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows from ``first`` on, beginning with epoch ``epoch``, under one setting."""

    first: int
    epoch: int
    setting: Batch
    steps: int  # updates in an epoch


class Batches:
    """The batches of one run on the training part.

    Parameters
    ----------
    problem
        Its training points are what the batches are made of.
    settings
        (at, setting) in the order of ``at``, the first at row 0. A later one acts from the first
        epoch that begins behind its row.
    """

    def __init__(self, problem: Problem, settings: Sequence[tuple[int, Batch]]) -> None:
        self._problem = problem
        self._stretches = [self._stretch(0, 0, settings[0][1])]
        for at, setting in settings[1:]:
            self._change(at, setting)
        self._firsts = [stretch.first for stretch in self._stretches]
        self._shuffled: tuple[int, int] | None = None  # seed and epoch; None: in their own order
        self._order: NDArray[np.intp] = np.zeros(0, dtype=np.intp)  # (n,) once it is asked for
        self._x: Vector = np.zeros((0, 0))
        self._y: Vector = np.zeros(0)

    @property
    def epochs(self) -> Epochs:
        """How far through the training points each row is."""
        stretches = (
            Stretch(
                stretch.first,
                stretch.epoch,
                stretch.steps,
                None if self._is_full(stretch.setting) else stretch.setting.size,
            )
            for stretch in self._stretches
        )
        return Epochs(self._problem.dataset.train.n, tuple(stretches))

    def place(self, row: int) -> Place:
        """Epoch and batch of a row."""
        stretch = self._stretch_of(row)
        epoch, batch = divmod(row - stretch.first, stretch.steps)
        size = stretch.setting.size
        if size is None or self._is_full(stretch.setting):
            return Place(stretch.epoch + epoch, batch, stretch.steps, None)
        rest = self._problem.dataset.train.n - batch * size
        return Place(stretch.epoch + epoch, batch, stretch.steps, min(size, rest))

    def full_until(self, row: int) -> int | None:
        """The last row up to which all, ``row`` included, see the full batch; None: for ever.

        ``row − 1`` where not even ``row`` does.
        """
        position = bisect_right(self._firsts, row) - 1
        if not self._is_full(self._stretches[position].setting):
            return row - 1
        for stretch in self._stretches[position + 1 :]:
            if not self._is_full(stretch.setting):
                return stretch.first - 1
        return None

    def evaluate(self, row: int, params: Columns) -> Evaluated:
        """What the batch of a row makes of parameters given as floats."""
        problem, stretch, train_loss = self._problem, self._stretch_of(row), math.nan
        if not self._is_full(stretch.setting):
            x, y = self._points_of(stretch, row)
            loss, gradient = _loss_and_gradient(x, y, params, problem.neuron)
        elif problem.is_free:
            return Evaluated(*problem.objective.loss_and_gradient(params), math.nan)
        else:
            loss, gradient = problem.train.loss_and_gradient(params)
            train_loss = loss
        penalty = problem.penalty
        total = loss + penalty.value(params)
        return Evaluated(total, penalty.added_to(gradient, params), train_loss)

    def members(self, row: int) -> NDArray[np.intp]:
        """Positions (m,) in the training part of the points that a row's batch sees, in order."""
        stretch = self._stretch_of(row)
        if self._is_full(stretch.setting):
            return np.arange(self._problem.dataset.train.n)
        rows = self._begin_epoch(stretch, row)
        return self._order[rows]

    def epoch_starts(self, first: int, last: int) -> list[int]:
        """The rows from ``first`` to ``last − 1`` with which an epoch begins."""
        found, row = [], first
        while row < last:
            stretch = self._stretch_of(row)
            left = -(row - stretch.first) % stretch.steps
            if not left:
                found.append(row)
            row += left or stretch.steps
        return [row for row in found if row < last]

    def size(self, row: int) -> int:
        """How many points the update of a row looks at; none where they cost nothing."""
        setting = self._stretch_of(row).setting
        if self._is_full(setting):
            return 0 if self._problem.is_free else self._problem.dataset.train.n
        return setting.size or 1

    def _is_full(self, setting: Batch) -> bool:
        return setting.size is None or setting.size >= self._problem.dataset.train.n

    def _stretch(self, first: int, epoch: int, setting: Batch) -> _Stretch:
        n = self._problem.dataset.train.n
        steps = 1 if self._is_full(setting) else -(-n // (setting.size or n))
        return _Stretch(first, epoch, setting, steps)

    def _change(self, at: int, setting: Batch) -> None:
        if self._stretches[-1].first > at:  # one that has not begun yet is replaced
            self._stretches.pop()
        last = self._stretches[-1]
        if setting != last.setting:
            epochs = (at - last.first) // last.steps + 1
            first = last.first + epochs * last.steps
            self._stretches.append(self._stretch(first, last.epoch + epochs, setting))

    def _stretch_of(self, row: int) -> _Stretch:
        return self._stretches[bisect_right(self._firsts, row) - 1]

    def _points_of(self, stretch: _Stretch, row: int) -> tuple[Vector, Vector]:
        rows = self._begin_epoch(stretch, row)
        return self._x[:, rows], self._y[rows]

    def _begin_epoch(self, stretch: _Stretch, row: int) -> slice:
        """Bring the points into the order of the row's epoch; returns where its batch lies."""
        epoch, batch = divmod(row - stretch.first, stretch.steps)
        self._shuffle(stretch.setting, stretch.epoch + epoch)
        size = stretch.setting.size or 1
        return slice(batch * size, (batch + 1) * size)

    def _shuffle(self, setting: Batch, epoch: int) -> None:
        wanted = (setting.seed, epoch) if setting.order == "shuffle" else None
        if len(self._order) and self._shuffled == wanted:
            return
        x, y = self._problem.x_train, self._problem.dataset.train.y
        if wanted is None:
            self._order = np.arange(len(y))
        else:
            self._order = np.random.default_rng(wanted).permutation(len(y))
            x, y = x[self._order], y[self._order]
        self._shuffled = wanted
        self._x, self._y = np.ascontiguousarray(x.T), y


def _loss_and_gradient(
    x: Vector, y: Vector, params: Columns, neuron: Neuron
) -> tuple[float, list[Column]]:
    """Mean loss and its gradient for features (d, m) and targets (m,)."""
    weight = neuron.quadratic_weight
    few = FEW_ON_A_LINE if len(params) == 2 else FEW_POINTS
    if len(y) <= few and weight is not None:
        return _of_few_points(x, y, params, weight)
    return Pointwise(neuron, x, y).loss_and_gradient(params)


def _of_few_points(
    x: Vector, y: Vector, params: Columns, weight: float
) -> tuple[float, list[Column]]:
    """The mean squared error in plain floats: a small batch should not pay for arrays."""
    sums = _sums_on_a_line if len(params) == 2 else _sums
    loss, gradient = sums(x, y, params)
    mean = weight / len(y)
    return mean * loss, [2 * mean * total for total in gradient]


def _sums(x: Vector, y: Vector, params: Columns) -> tuple[float, list[float]]:
    """Σe² and Σe·∂z/∂θ over points with the errors e."""
    intercept, *slopes = params
    loss, gradient = 0.0, [0.0] * len(params)
    for target, *features in zip(y.tolist(), *x.tolist(), strict=True):
        error = intercept - target
        for slope, value in zip(slopes, features, strict=True):
            error += slope * value
        loss += error * error
        gradient[0] += error
        for j, value in enumerate(features, start=1):
            gradient[j] += error * value
    return loss, gradient


def _sums_on_a_line(x: Vector, y: Vector, params: Columns) -> tuple[float, list[float]]:
    """The same sums in the same order, written out for one feature."""
    intercept, slope = params
    loss = of_intercept = of_slope = 0.0
    for target, value in zip(y.tolist(), x[0].tolist(), strict=True):
        error = intercept - target + slope * value
        loss += error * error
        of_intercept += error
        of_slope += error * value
    return loss, [of_intercept, of_slope]
