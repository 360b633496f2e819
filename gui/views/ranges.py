"""How far the axes reach. Ranges depend on what is shown, never on how one got there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np

from engine.live.snapshot import RunView
from engine.types import Vector

Range = tuple[float, float]

LENGTHS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5)
PAD = 0.07
"""Share of the height that is left free above and below a loss curve."""

GROWTH = 0.35
"""By what share of its first span the axis of the losses grows when they leave it."""

PATH_GROWTH = 1.5
FARTHEST = 8.0
"""How many times the default frame is shown at most when a path leaves it."""

CLOSE_TO_EDGE = 1.05

REACH = 1.5
"""Spans by which a range reaches for what lies outside."""

REACH_STEP = 0.25


class Extents:
    """The lowest and the highest of values that runs have, looking at each row only once.

    Parameters
    ----------
    count
        Values of a row.
    """

    def __init__(self, count: int) -> None:
        self._none = (0, np.full(count, np.inf), np.full(count, -np.inf))
        self._seen: dict[int, tuple[int, Vector, Vector]] = {}

    def forget(self) -> None:
        """Look at all rows again."""
        self._seen = {}

    def of(
        self, runs: Sequence[RunView], values: Callable[[Vector], Vector]
    ) -> tuple[Vector, Vector]:
        """Lowest and highest values (count,) of runs; inf and −inf where there are none.

        Parameters
        ----------
        values
            From the parameters (p, m) of some rows to values of theirs (count, m); NaN is none.
        """
        self._seen = {run.generation: self._seen.get(run.generation, self._none) for run in runs}
        grown = [run for run in runs if len(run.rows) > self._seen[run.generation][0]]
        if grown:
            self._take_in(grown, values)
        _, lows, highs = zip(*self._seen.values(), strict=True)
        return np.min(lows, axis=0), np.max(highs, axis=0)

    def _take_in(self, runs: Sequence[RunView], values: Callable[[Vector], Vector]) -> None:
        """Look at the new rows of runs, at all in one go."""
        fresh = [run.rows.params[:, self._seen[run.generation][0] :] for run in runs]
        starts = [0, *accumulate(part.shape[1] for part in fresh[:-1])]
        found = values(np.concatenate(fresh, axis=1))
        least = np.fmin.reduceat(found, starts, axis=1).T
        most = np.fmax.reduceat(found, starts, axis=1).T
        for run, its_least, its_most in zip(runs, least, most, strict=True):
            _, low, high = self._seen[run.generation]
            extremes = np.fmin(low, its_least), np.fmax(high, its_most)
            self._seen[run.generation] = (len(run.rows), *extremes)


def rounded_up(rows: float) -> float:
    """The next round length, one of LENGTHS times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rows))
    return next((n * power for n in LENGTHS if n * power >= rows), 10 * power)


def log_range(start: Range, seen: Range) -> Range:
    """The range of an axis of log₁₀ losses.

    Parameters
    ----------
    start
        What it holds at first: from the lower of floor and first loss to the highest first loss.
    seen
        The lowest and the highest of all losses, for which it grows in coarse steps.
    """
    span = max(start[1] - start[0], 1.0)
    bottom, top = start[0] - 1.5 * PAD * span, start[1] + PAD * span
    step = max(GROWTH * span, 0.5)
    return (
        bottom - step * max(0, math.ceil((bottom - seen[0]) / step)),
        top + step * max(0, math.ceil((seen[1] - top) / step)),
    )


def linear_range(start: float, seen: float) -> Range:
    """The range of a linear axis of losses from zero on: it doubles when they leave it."""
    top = (start if start > 0 else 1.0) * (1 + PAD)
    if seen > top:
        top *= 2.0 ** math.ceil(math.log2(seen / top))
    return (-PAD * top, top)


def path_range(default: Range, low: float, high: float) -> Range:
    """A default range, grown about its middle for a path from low to high as far as it may."""
    middle, half = (default[0] + default[1]) / 2, (default[1] - default[0]) / 2
    needed = CLOSE_TO_EDGE * max(high - middle, middle - low)
    factor = 1.0
    while factor * half < needed and factor < FARTHEST:
        factor = min(factor * PATH_GROWTH, FARTHEST)
    return middle - factor * half, middle + factor * half


def reaching(shown: Range, value: float) -> Range:
    """A range that reaches to a value in coarse steps; the same one where that is too far away."""
    low, high = shown
    span = high - low
    if low <= value <= high or not low - REACH * span <= value <= high + REACH * span:
        return shown
    steps = math.ceil((low - value if value < low else value - high) / (REACH_STEP * span) + 0.1)
    grown = steps * REACH_STEP * span
    return (low - grown, high) if value < low else (low, high + grown)
