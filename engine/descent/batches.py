"""Which points an update sees: epochs, batches, and the loss and gradient on one batch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.descent.history import Place
from engine.experiment import Batch
from engine.problem.problem import Problem
from engine.types import Column, Columns, Vector


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
        self._epoch: tuple[Batch, int] | None = None
        self._x: Vector = np.zeros((0, 0))
        self._y: Vector = np.zeros(0)

    def place(self, row: int) -> Place:
        """Epoch and batch of a row."""
        stretch = self._stretch_of(row)
        epoch, batch = divmod(row - stretch.first, stretch.steps)
        size = stretch.setting.size
        if size is None or self._is_full(stretch.setting):
            return Place(stretch.epoch + epoch, batch, stretch.steps, None)
        rest = len(self._problem.dataset.train.y) - batch * size
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

    def evaluate(self, row: int, params: Columns) -> tuple[Column, list[Column]]:
        """Loss and gradient on the batch of a row, at parameters given as floats."""
        stretch = self._stretch_of(row)
        train = self._problem.train
        if self._is_full(stretch.setting):
            return train.loss(params), train.gradient(params)
        epoch, batch = divmod(row - stretch.first, stretch.steps)
        self._shuffle(stretch.setting, stretch.epoch + epoch)
        size = stretch.setting.size or 1
        rows = slice(batch * size, (batch + 1) * size)
        return _loss_and_gradient(self._x[:, rows], self._y[rows], params, train.weight)

    def _is_full(self, setting: Batch) -> bool:
        return setting.size is None or setting.size >= len(self._problem.dataset.train.y)

    def _stretch(self, first: int, epoch: int, setting: Batch) -> _Stretch:
        n = len(self._problem.dataset.train.y)
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

    def _shuffle(self, setting: Batch, epoch: int) -> None:
        """Bring the points into the order of an epoch, once."""
        if self._epoch == (setting, epoch):
            return
        x, y = self._problem.x_train, self._problem.dataset.train.y
        if setting.order == "shuffle":
            order = np.random.default_rng([setting.seed, epoch]).permutation(len(y))
            x, y = x[order], y[order]
        self._epoch = (setting, epoch)
        self._x, self._y = np.ascontiguousarray(x.T), y


def _loss_and_gradient(
    x: Vector, y: Vector, params: Columns, weight: float
) -> tuple[float, list[Column]]:
    """Weighted mean squared residual and its gradient for features (d, m) and targets (m,)."""
    m = len(y)
    if m == 1:  # plain floats: a stochastic step should not pay for arrays of one number
        features = x[:, 0].tolist()
        error = params[0] - float(y[0])
        for slope, value in zip(params[1:], features, strict=True):
            error = error + slope * value
        first = 2 * weight * error
        return weight * (error * error), [first, *(first * value for value in features)]
    residual = params[0] - y
    for slope, column in zip(params[1:], x, strict=True):
        residual = residual + slope * column
    gradient = [float(np.add.reduce(residual * column)) for column in (1.0, *x)]
    loss = weight * float(np.add.reduce(residual * residual)) / m
    return loss, [2 * weight * total / m for total in gradient]
