"""Where ticks stand and what is written at them."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.views.ticks import TIGHT, X_GAP, Y_GAP, count_ticks, linear_ticks, log_ticks, power_text


def texts(ticks: object) -> list[str]:
    return [text for _, text in ticks.major]  # type: ignore[attr-defined]


def test_round_numbers_with_as_many_decimals_as_the_step() -> None:
    assert texts(linear_ticks(-0.05, 1.05, 400, 64)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert texts(linear_ticks(-1.2, 1.2, 400, 64)) == [
        "\u22121.0",
        "\u22120.5",
        "0.0",
        "0.5",
        "1.0",
    ]


def test_no_tick_stands_alone_where_others_fit() -> None:
    assert texts(linear_ticks(0.4, 3.1, 100, X_GAP)) == ["1", "2", "3"]  # and not 2 alone
    assert texts(linear_ticks(-0.8, 3.6, 120, X_GAP)) == ["0", "2"]


def test_large_and_small_numbers_are_short() -> None:
    assert texts(linear_ticks(0, 3e6, 300, 64)) == ["0", "1×10⁶", "2×10⁶", "3×10⁶"]
    assert texts(linear_ticks(0, 2e-6, 200, 64)) == ["0", "1×10⁻⁶", "2×10⁻⁶"]


def test_counts_begin_at_zero_and_have_their_thousands_separated() -> None:
    assert texts(count_ticks(-50, 1030, 300, X_GAP)) == ["0", "200", "400", "600", "800", "1,000"]
    assert texts(count_ticks(0, 3e5, 300, X_GAP)) == ["0", "100,000", "200,000", "300,000"]
    assert texts(count_ticks(0, 3e6, 300, X_GAP))[1] == "1×10⁶"
    assert len(texts(count_ticks(0, 1.1, 300, X_GAP))) == 2
    assert texts(count_ticks(0, 1.1, 300, X_GAP, whole=False))[:2] == ["0.0", "0.2"]


def test_decades() -> None:
    assert texts(log_ticks(-2.2, 0.5, 300, Y_GAP)) == ["0.01", "0.1", "1"]
    assert [power_text(k) for k in (-4, -3, 0, 3, 4)] == ["10⁻⁴", "0.001", "1", "1000", "10⁴"]


def test_within_a_decade_its_parts_are_named() -> None:
    assert texts(log_ticks(-0.7, 0.1, 300, Y_GAP))[0] == "0.2"


ranges = st.tuples(st.floats(-1e9, 1e9, allow_nan=False), st.floats(1e-6, 1e9, allow_nan=False))


@given(ranges, st.floats(40, 4000))
def test_linear_ticks_are_inside_apart_and_ascending(
    where: tuple[float, float], pixels: float
) -> None:
    low, high = where[0], where[0] + where[1] + 1e-6 * abs(where[0])
    values = [v for v, _ in linear_ticks(low, high, pixels, Y_GAP).major]
    slack = (high - low) * 1e-6
    assert all(low - slack <= v <= high + slack for v in values)
    steps = [b - a for a, b in pairwise(values)]
    gap = Y_GAP if len(values) > 5 else TIGHT * Y_GAP  # few stand closer where one would be alone
    assert all(step * pixels / (high - low) >= gap * 0.999 for step in steps)


@given(st.floats(-30, 30), st.floats(0.01, 60), st.floats(40, 4000))
def test_logarithmic_ticks_are_inside_and_positive(low: float, span: float, pixels: float) -> None:
    ticks = log_ticks(low, low + span, pixels, Y_GAP)
    for value in [v for v, _ in ticks.major] + list(ticks.minor):
        assert math.isfinite(value)
        assert value == pytest.approx(min(max(value, low), low + span), abs=span * 1e-3 + 1e-6)
