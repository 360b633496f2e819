"""Making few of many points before they are painted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.views import segments as seg


def test_consecutive_points_of_a_pixel_become_one() -> None:
    points = np.array([[1.1, 1.1], [1.9, 1.2], [2.0, 1.2], [1.5, 1.5]])
    assert seg.without_repeats(points).tolist() == [[1.1, 1.1], [2.0, 1.2], [1.5, 1.5]]
    assert len(seg.without_repeats(points, ratio=4)) == 4


def test_what_is_no_number_or_far_away_is_left_out() -> None:
    points = np.array([[0, 0], [np.nan, 1], [np.inf, 1], [1e13, 0], [5, 5.0]])
    assert seg.sane(points).tolist() == [[0, 0], [5, 5]]


def test_far_segments_are_cut_and_invisible_ones_dropped() -> None:
    segments = np.array(
        [[10, 10, 1e9, 10.0], [-1e9, -1e9, -1e8, -1e8], [50, -1e7, 50, 1e7], [1, 1, 2, 2]]
    )
    seen = seg.clip(segments, 100, 80)
    far, low = 100 + seg.EDGE, 80 + seg.EDGE
    assert seen == pytest.approx(
        np.array([[10, 10, far, 10], [50, -seg.EDGE, 50, low], [1, 1, 2, 2]]), abs=1e-5
    )


@given(st.lists(st.tuples(*[st.floats(-1e11, 1e11)] * 4), min_size=1, max_size=20))
def test_clipping_leaves_nothing_outside(segments: list[tuple[float, ...]]) -> None:
    seen = seg.clip(np.array([*segments, (0, 0, 1e8, 1e8)]), 100, 80)
    assert (seen >= -seg.EDGE - 1e-3).all()
    assert (seen <= 100 + seg.EDGE + 1e-3).all()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12))
def test_thinning_depends_only_on_a_segments_number(cuts: list[int]) -> None:
    total = sum(cuts)
    numbered = np.arange(float(total))[:, None] * np.ones(4)
    whole = seg.thin(numbered, 0, 50)
    parts, begin = [], 0
    for cut in cuts:
        parts.append(seg.thin(numbered[begin : begin + cut], begin, 50))
        begin += cut
    assert np.array_equal(np.concatenate(parts), whole)
    assert len(whole) >= min(50, total)


def test_thinning_bounds_what_is_drawn() -> None:
    assert len(seg.thin(np.zeros((1_000_000, 4)), 0, 8000)) < 45_000


def test_columns_hold_the_extremes_of_dense_points() -> None:
    x = np.linspace(0, 10, 1001)
    y = 100 * np.sin(np.arange(1001))
    drawn, last = seg.columns(np.column_stack((x, y)))
    assert last == 1000
    for column in range(10):
        inside = (drawn[:, 0] >= column) & (drawn[:, 0] < column + 1)
        assert drawn[inside, 1::2].max() >= y[(x >= column) & (x < column + 1)].max() - 1
        assert drawn[inside, 1::2].min() <= y[(x >= column) & (x < column + 1)].min() + 1


def test_a_smooth_curve_has_one_segment_a_column() -> None:
    x = np.linspace(0, 10, 101)
    drawn, _ = seg.columns(np.column_stack((x, 0.2 * x)))
    assert len(drawn) == 10
