"""Swings: a loss that rises and falls ever less, held against such as do not."""

from __future__ import annotations

import numpy as np
import pytest

from engine.descent.swings import MOST_SUMS, Swings
from engine.types import Vector

GAIN = 0.01


def seen(values: Vector, step: int | None = None) -> Swings:
    """The swings of values that came ``step`` at a time, or all at once."""
    swings, rows = Swings(), np.arange(len(values), dtype=np.intp)
    for first in range(0, len(values), step or len(values)):
        last = first + (step or len(values))
        swings.see(rows[first:last], values[first:last])
    return swings


def cosine(rows: int, period: float, decay: float) -> Vector:
    """The excess of a damped oscillator from its lowest on: its square, of half the period."""
    k = np.arange(rows)
    return np.asarray(decay**k * np.sin(2 * np.pi * k / period) ** 2)


@pytest.mark.parametrize("rows", [100, 1000, 20_000])
@pytest.mark.parametrize("step", [None, 1, 97])
def test_damped_swings_fall_and_even_ones_do_not(rows: int, step: int | None) -> None:
    assert seen(cosine(rows, 11.3, 0.99), step).fall(rows - 1, GAIN)
    assert not seen(cosine(rows, 11.3, 1.0), step).fall(rows - 1, GAIN)


def test_the_first_swings_prove_nothing_but_take_their_time() -> None:
    swings = seen(cosine(60, 40, 1.0))  # peaks at 10, 30 and 50, seen a row later
    assert swings.fall(59, GAIN)
    assert swings.fall(3 * 51, GAIN)
    assert not swings.fall(3 * 51 + 1, GAIN)


def test_what_never_rises_does_not_swing() -> None:
    assert not seen(np.linspace(1.0, 0.0, 50)).fall(49, GAIN)
    assert not seen(np.ones(50)).fall(49, GAIN)


def test_after_a_new_beginning_older_peaks_do_not_count() -> None:
    swings = seen(cosine(400, 11.3, 0.99))
    swings.begin(399)
    assert not swings.fall(420, GAIN)


def test_noise_seldom_looks_like_falling() -> None:
    streams = np.random.default_rng(1).chisquare(2, (200, 1000))
    assert sum(seen(values).fall(999, GAIN) for values in streams) < 200 / 12


def test_many_peaks_take_little_room() -> None:
    values = np.tile([0.0, 1.0], 100_000)
    assert len(seen(values, 1000)._sums) <= MOST_SUMS
