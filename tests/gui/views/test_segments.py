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


def test_a_line_is_dotted_where_it_is_seen() -> None:
    """Evenly and without the ends, so that parts of equal length have equally many dots."""
    line = np.array([[-1e9, 10], [20, 10], [np.nan, 0], [20, 40], [20, 1e9]])
    dots = seg.dotted(line, 10, 100, 60)
    assert dots.tolist() == [[5, 10], [15, 10], [20, 15], [20, 25], [20, 35], [20, 45], [20, 55]]
    assert len(seg.dotted(np.array([[5.0, 5.0]]), 10, 100, 60)) == 0
    assert len(seg.dotted(np.array([[5.0, 5.0], [6.0, 5.0]]), 10, 100, 60)) == 1


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


@pytest.mark.parametrize(("first", "last"), [(0, 1001), (7, 300), (250, 251), (93, 640)])
def test_columns_begin_where_the_pixel_changes(first: int, last: int) -> None:
    starts = seg.column_starts(first, last, -30.0, 0.1)
    pixels = np.floor((np.arange(first, last) + 30.0) * 0.1)
    expected = [first, *(first + 1 + np.flatnonzero(np.diff(pixels)))]
    assert starts.tolist() == expected


@given(cut=st.integers(1, 999))
def test_columns_do_not_depend_on_how_the_rows_came(cut: int) -> None:
    whole = seg.column_starts(0, 1000, -13.7, 0.0317)
    part = seg.column_starts(0, cut, -13.7, 0.0317)
    rest = seg.column_starts(int(part[-1]), 1000, -13.7, 0.0317)
    assert np.concatenate((part[:-1], rest)).tolist() == whole.tolist()


def test_strokes_reach_the_extremes_of_their_columns() -> None:
    y = 100 * np.sin(np.arange(1001))
    starts = seg.column_starts(0, 1001, 0.0, 0.1)
    low = np.minimum.reduceat(y[:1000], starts[:-1])
    high = np.maximum.reduceat(y[:1000], starts[:-1])
    drawn = seg.strokes(np.column_stack((starts * 0.1, y[starts])), low, high)
    for column in range(100):
        inside = drawn[:, 0] == starts[column] * 0.1
        assert drawn[inside, 1::2].max() >= high[column] - 0.5
        assert drawn[inside, 1::2].min() <= low[column] + 0.5


def test_a_smooth_curve_has_one_segment_a_column() -> None:
    x = np.arange(11.0)
    points = np.column_stack((x, 0.2 * x))
    assert len(seg.strokes(points, points[:-1, 1], points[1:, 1])) == 10


def test_dashes_leave_gaps_along_a_line_however_it_is_cut() -> None:
    pattern = (9.0, 4.0)
    whole = np.array([[0.0, 0.0, 100.0, 0.0]])
    dashes = seg.dashed(whole, np.array([0.0]), np.array([100.0]), pattern)
    assert dashes[:, 0].tolist() == [13.0 * k for k in range(8)]
    assert (dashes[:-1, 2] - dashes[:-1, 0]).tolist() == [9.0] * 7
    x = np.linspace(0, 100, 38)
    pieces = np.column_stack((x[:-1], 0 * x[:-1], x[1:], 0 * x[1:]))
    cut = seg.dashed(pieces, x[:-1], x[1:], pattern)
    assert np.abs(cut[:, 2] - cut[:, 0]).sum() == pytest.approx(8 * 9.0)
    grid = np.linspace(0.05, 99.95, 500)
    covered = ((grid[:, None] >= cut[:, 0]) & (grid[:, None] <= cut[:, 2])).any(axis=1)
    assert (covered == (grid % 13 <= 9)).all()


def test_dashes_keep_what_goes_across_them_whole_or_not_at_all() -> None:
    upright = np.array([[3.0, 0.0, 3.0, 50.0], [11.0, 0.0, 11.0, 50.0]])
    across = np.array([3.0, 11.0])
    assert seg.dashed(upright, across, across, (9.0, 4.0)).tolist() == upright[:1].tolist()


def test_dashes_of_a_slanted_line_lie_on_it() -> None:
    line = np.array([[0.0, 0.0, 30.0, 40.0]])
    dashes = seg.dashed(line, np.array([5.0]), np.array([55.0]), (10.0, 10.0))
    assert dashes == pytest.approx(np.array([[0, 0, 3, 4], [9, 12, 15, 20], [21, 28, 27, 36]]))
