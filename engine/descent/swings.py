"""Whether a loss that rises and falls again swings ever less, from the peaks between its lows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.types import Vector

GROUPS = 4
"""Parts of the peaks, as old as each other, that are compared."""

FEWEST_IN_GROUP = 4
"""Peaks of a part below which they prove nothing: the first swings of a slow run are few."""

MOST_SUMS = 64
"""Sums of neighbouring peaks that are kept, however many peaks there are."""

PATIENCE = 3
"""How many times as long as up to its last peak a run may take for another one.

From a low to the peak is half a swing, to the next peak one and a half.
"""


class Swings:
    """The peaks of a run's excess loss since some row; costs only the rows that are new.

    A run with momentum is a damped oscillator: on a quadratic its error shrinks by √μ a step, but
    the loss comes near its lowest whenever the run crosses the optimum, sometimes nearer by
    chance than for many swings after (Goh, "Why Momentum Really Works", Distill 2017;
    O'Donoghue & Candès, Found. Comput. Math. 15, 2015). So not the lows but the peaks between
    them say whether it gets better. They count as falling where the mean of each of
    :data:`GROUPS` successive parts is lower than that of the part before: of noise, whose peaks
    are as high as ever, 1 in 24 has such an order.
    """

    def __init__(self) -> None:
        self._before: Vector = np.zeros(0)  # the last two values: a peak is seen one later
        self.begin(0)

    def begin(self, row: int) -> None:
        """Forget the peaks up to a row."""
        self._first = self._last = row
        self._count, self._width = 0, 1
        self._sums: Vector = np.zeros(0)  # of ``_width`` peaks each, the oldest first

    def see(self, rows: NDArray[np.intp], excess: Vector) -> None:
        """Take further values in; rows and values have the shape (n,)."""
        values = np.concatenate((self._before, excess))
        self._before = values[-2:]
        is_peak = (values[:-2] < values[1:-1]) & (values[1:-1] >= values[2:])
        seen_at = rows[len(rows) - len(is_peak) :] if len(is_peak) else rows[:0]
        is_peak &= seen_at > self._first + 1
        if is_peak.any():
            self._last = int(seen_at[is_peak][-1])
            self._keep(values[1:-1][is_peak])

    def _keep(self, peaks: Vector) -> None:
        """Add peaks up in sums; where these become too many, each takes twice as many peaks."""
        places = np.arange(self._count, self._count + len(peaks)) // self._width
        self._count += len(peaks)
        sums = np.zeros(places[-1] + 1)
        sums[: len(self._sums)] = self._sums
        np.add.at(sums, places, peaks)
        while len(sums) > MOST_SUMS:
            sums = np.append(sums, np.zeros(len(sums) % 2)).reshape(-1, 2).sum(axis=1)
            self._width *= 2
        self._sums = sums

    def fall(self, head: int, gain: float) -> bool:
        """Whether the run still swings at row ``head``, and for all that is known ever less.

        Parameters
        ----------
        gain
            Share by which the mean of each part has to be below that of the part before.
        """
        if head - self._first > PATIENCE * (self._last - self._first):
            return False
        if self._count < GROUPS * FEWEST_IN_GROUP:
            return self._count > 0
        whole = self._sums[: self._count // self._width]
        size = len(whole) // GROUPS
        parts = whole[len(whole) - GROUPS * size :].reshape(GROUPS, size).sum(axis=1)
        return bool((parts[1:] <= parts[:-1] - gain * abs(parts[:-1])).all())
