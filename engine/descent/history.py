"""What a run recorded: append-only columns that grow without moving what was handed out."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.types import Vector

FIRST_CAPACITY = 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its epoch, its batch in that epoch (both from 0), and the sizes.

    ``size`` is None for the full batch, of which each row is an epoch of its own.
    """

    epoch: int
    batch: int
    batches: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows from ``first`` on, with which epoch ``epoch`` begins: ``steps`` updates an epoch.

    ``size`` is the points of one update (the last of an epoch sees what is left); None is all.
    """

    first: int
    epoch: int
    steps: int
    size: int | None


@dataclass(frozen=True, slots=True)
class Epochs:
    """How far through the training points a run is at each of its rows.

    Parameters
    ----------
    n
        Training points.
    stretches
        In the order of their rows, the first at row 0; the last goes on for ever.
    """

    n: int = 1
    stretches: tuple[Stretch, ...] = (Stretch(0, 0, 1, None),)

    @property
    def has_batches(self) -> bool:
        """Whether there are epochs of several updates."""
        return any(stretch.steps > 1 for stretch in self.stretches)

    def at(self, row: float) -> float:
        """Epochs before a row's update: whole ones where an epoch begins, linear in between."""
        last = bisect_right(self.stretches, row, key=lambda stretch: stretch.first) - 1
        stretch = self.stretches[max(last, 0)]
        return stretch.epoch + (row - stretch.first) / stretch.steps

    def row_at(self, epochs: float) -> float:
        """The row, whole or between two, at which so many epochs are done."""
        last = bisect_right(self.stretches, epochs, key=lambda stretch: stretch.epoch) - 1
        stretch = self.stretches[max(last, 0)]
        return stretch.first + (epochs - stretch.epoch) * stretch.steps

    def points(self, row: int) -> int:
        """How many points the updates before a row have looked at, each as often as it was."""
        last = bisect_right(self.stretches, row, key=lambda stretch: stretch.first) - 1
        stretch = self.stretches[last]
        epochs, batches = divmod(row - stretch.first, stretch.steps)
        return (stretch.epoch + epochs) * self.n + batches * (stretch.size or self.n)


EVERY_ROW_AN_EPOCH = Epochs()
"""Those of the full batch."""


@dataclass(frozen=True, slots=True)
class Rates:
    """η of the update made at each row, recorded or to come.

    Parameters
    ----------
    firsts
        Rows from which on each rate holds, in their order, the first 0; of several at one row the
        last counts.
    values
        The rates.
    """

    firsts: tuple[int, ...] = (0,)
    values: tuple[float, ...] = (nan,)

    def __getitem__(self, row: int) -> float:
        return self.values[bisect_right(self.firsts, row) - 1]

    def upto(self, rows: int) -> Vector:
        """η of each of the first rows, shape (rows,)."""
        bounds = [*(min(first, rows) for first in self.firsts), rows]
        return np.repeat(np.array(self.values, dtype=float), np.diff(bounds))

    def differ_upto(self, head: int) -> bool:
        """Whether there is more than one rate among rows 0 … head."""
        return len({self[first] for first in self.firsts if first <= head}) > 1


UNKNOWN_RATES = Rates()


class Before(NamedTuple):
    """What an update begins from besides its row.

    ``members`` are the positions (m,) in the training part of the points that its batch sees,
    None for all of them in order; ``state`` is the optimizer's.
    """

    members: NDArray[np.intp] | None
    state: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Recorded rows as read-only views; row k is what the optimizer saw before update k.

    ``params`` is (p, n); ``gradient`` (p, n) and ``loss`` (n,) are those of each row's batch;
    ``train_loss`` and ``validation_loss`` (n,) are those of all points of that part, the latter
    all NaN where there is no validation set.
    """

    params: Vector
    gradient: Vector
    loss: Vector
    train_loss: Vector
    validation_loss: Vector

    def __len__(self) -> int:
        return int(self.params.shape[1])

    def part(self, first: int, last: int) -> Rows:
        """Rows first..last−1."""
        rows = slice(first, last)
        return Rows(
            self.params[:, rows],
            self.gradient[:, rows],
            self.loss[rows],
            self.train_loss[rows],
            self.validation_loss[rows],
        )

    def upto_infinity(self) -> Rows:
        """The rows before the first that is not finite; a loss that was not computed may be NaN."""
        finite = np.isfinite(self.params).all(axis=0) & ~np.isinf(self.train_loss)
        finite &= np.isfinite(self.loss) & np.isfinite(self.gradient).all(axis=0)
        return self if finite.all() else self.part(0, int(finite.argmin()))


class History:
    """Append-only columns of one run, and the optimizer's states kept along the way.

    A view that was handed out stays valid and unchanged: growing allocates a new block and
    copies, and rows are only ever written behind the last one.
    """

    def __init__(self, n_params: int) -> None:
        self._n_params = n_params
        self._block = np.empty((2 * n_params + 3, FIRST_CAPACITY))
        self._rows = 0
        self._checkpoints: list[tuple[int, Any]] = []

    def __len__(self) -> int:
        return self._rows

    @property
    def start(self) -> Vector:
        """Parameters (p,) of row 0."""
        return self.rows(0, 1).params[:, 0]

    def append(self, rows: Rows) -> None:
        """Append rows."""
        first, last = self._rows, self._rows + len(rows)
        self._reserve(last)
        p = self._n_params
        self._block[:p, first:last] = rows.params
        self._block[p : 2 * p, first:last] = rows.gradient
        self._block[2 * p, first:last] = rows.loss
        self._block[2 * p + 1, first:last] = rows.train_loss
        self._block[2 * p + 2, first:last] = rows.validation_loss
        self._rows = last

    def _reserve(self, rows: int) -> None:
        if rows <= self._block.shape[1]:
            return
        capacity = max(rows, 2 * self._block.shape[1])
        grown = np.empty((self._block.shape[0], capacity))
        grown[:, : self._rows] = self._block[:, : self._rows]
        self._block = grown

    def truncate(self, rows: int) -> None:
        """Forget rows that were appended but never handed out."""
        self._rows = rows

    def rows(self, first: int = 0, last: int | None = None) -> Rows:
        """Read-only views of rows first..last−1 (all by default)."""
        view = self._block[:, first : self._rows if last is None else last]
        view.flags.writeable = False
        p = self._n_params
        return Rows(view[:p], view[p : 2 * p], *view[2 * p :])

    def copy_of_first(self, rows: int) -> History:
        """A new history that begins with the first ``rows`` rows of this one."""
        history = History(self._n_params)
        history.append(self.rows(0, rows))
        history._checkpoints = [kept for kept in self._checkpoints if kept[0] < rows]
        return history

    @property
    def last_checkpoint(self) -> int:
        """The row of the newest checkpoint, 0 before the first."""
        return self._checkpoints[-1][0] if self._checkpoints else 0

    def checkpoint(self, row: int, state: Any) -> None:
        """Keep the optimizer's state before update ``row``."""
        self._checkpoints.append((row, state))

    def checkpoint_before(self, first: int, row: int) -> tuple[int, Any] | None:
        """The newest (row, state) with first < row ≤ ``row``; None where there is none.

        A state kept at ``first`` itself belongs to the optimizer that was replaced there.
        """
        position = bisect_right(self._checkpoints, row, key=lambda kept: kept[0]) - 1
        if position < 0 or self._checkpoints[position][0] <= first:
            return None
        return self._checkpoints[position]
