"""The relief: places in the box, the path on it, and how the camera sees it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QVector3D

from engine.files.experiments import preset
from engine.problem.sources import problem_of
from engine.problem.surface import Frame, HeightMap, heights
from engine.types import Columns, Vector
from gui.style import LIGHT
from gui.views import relief
from gui.views.heat import heat_colours
from gui.views.relief import GAP, HALF, MOST_PIECES, TOP, Box, Camera, DrawnRows

FRAME = Frame((-2.0, 4.0), (-1.0, 5.0))  # of tutorial 2's figure 4
PROBLEM = problem_of(preset("tutorial-2"))


def losses(_rows: object, _at: object, columns: Columns) -> Vector:
    return np.asarray(PROBLEM.objective.loss(columns))


def test_the_frame_and_the_losses_fill_the_box() -> None:
    box = Box(FRAME, 0.5, 10.5, logarithmic=False)
    assert box.place(-2.0, -1.0, 0.5).tolist() == [-HALF, -HALF, GAP]
    assert box.place(4.0, 5.0, 10.5).tolist() == [HALF, HALF, TOP]
    assert box.place(1.0, 2.0, 5.5).tolist() == pytest.approx([0, 0, (GAP + TOP) / 2])


def test_a_logarithmic_box_has_its_decades_evenly() -> None:
    box = relief.box_about(FRAME, 0.0, 100.0, logarithmic=True)
    assert box.low == pytest.approx(1e-4)  # six decades below the highest
    raised = box.height(np.array([1e-3, 1e-2, 1e-1, 1.0]))
    assert np.diff(raised) == pytest.approx((TOP - GAP) / 6)
    assert box.height(np.array(0.0)) == pytest.approx(GAP)
    assert [value for value, _ in box.ticks(400, 30).major] == pytest.approx(
        [10.0**k for k in range(-4, 3)]
    )


@pytest.mark.parametrize("high", [2.0, np.inf, np.nan])
def test_a_flat_or_endless_surface_has_a_box_too(high: float) -> None:
    box = relief.box_about(FRAME, 2.0, high, logarithmic=False)
    assert box.high > box.low
    assert np.isfinite(box.height(np.array(2.0)))


def test_the_path_lies_on_the_surface() -> None:
    start, end = np.array([3.0, 4.0]), PROBLEM.optimum.params
    assert end is not None
    box = Box(FRAME, 0.0, 30.0, logarithmic=False)
    lines = relief.lifted(np.column_stack((start, end)), (0, 1), box, losses)
    assert lines[0, 0] == pytest.approx(
        box.place(start[0], start[1], PROBLEM.objective.loss(start.tolist()))
    )
    assert lines[-1, 1] == pytest.approx(box.place(end[0], end[1], PROBLEM.optimum.loss))
    assert all(after[0] == pytest.approx(before[1]) for before, after in pairwise(lines))
    assert len(lines) > 10  # it follows the bowl instead of flying over it
    middle = lines[len(lines) // 2, 0]
    b, w = (
        s[0] + (at + HALF) * (s[1] - s[0])
        for s, at in zip((FRAME.x, FRAME.y), middle, strict=False)
    )
    assert middle[2] == pytest.approx(box.height(PROBLEM.objective.loss([b, w])))


def test_the_path_ends_at_the_edge_of_the_frame() -> None:
    box = Box(FRAME, 0.0, 1e9, logarithmic=False)
    path = np.array([[1.0, 7.0, 1e300], [2.0, 2.0, 2.0]])
    lines = relief.lifted(path, (0, 1), box, losses)
    assert lines[:, :, 0].max() == pytest.approx(HALF)
    assert np.abs(lines[:, :, :2]).max() <= HALF + 1e-9
    assert np.isfinite(lines).all()


def test_a_path_of_one_row_has_no_pieces() -> None:
    box = Box(FRAME, 0.0, 30.0, logarithmic=False)
    assert relief.lifted(np.array([[1.0], [2.0]]), (0, 1), box, losses).shape == (0, 2, 3)


def test_a_wild_path_has_a_bounded_number_of_pieces() -> None:
    box = Box(FRAME, 0.0, 1e3, logarithmic=False)
    path = np.random.default_rng(0).uniform(-1.0, 4.0, (2, 6000))
    assert 5000 < len(relief.lifted(path, (0, 1), box, losses)) <= MOST_PIECES


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=8))
def test_the_rows_that_are_drawn_do_not_depend_on_how_the_path_grew(steps: list[int]) -> None:
    growing = DrawnRows()
    for row in steps:  # forth and back
        rows = growing.up_to(row)
        assert rows.tolist() == DrawnRows().up_to(row).tolist()
        assert (rows[0], rows[-1]) == (0, row)


def test_few_of_many_rows_are_drawn_and_a_zig_zag_stays_one() -> None:
    rows = DrawnRows().up_to(1_000_000)
    assert len(rows) < 12_000
    assert rows[:1000].tolist() == list(range(1000))
    late = rows[rows > 900_000]
    assert (np.diff(late) == 1).sum() >= len(late) // 2 - 1  # every row with its successor


def test_losses_on_a_map_are_those_of_its_grid() -> None:
    x, y = np.linspace(*FRAME.x, 7), np.linspace(*FRAME.y, 5)
    z = heights(PROBLEM.objective, np.zeros(2), (0, 1), x, y)
    grid = np.meshgrid(x, y)
    seen = relief.on_map(HeightMap(x, y, z), grid[0].ravel(), grid[1].ravel())
    assert seen == pytest.approx(z.ravel())
    between = relief.on_map(HeightMap(x, y, z), (x[:1] + x[1:2]) / 2, y[2:3])
    assert between == pytest.approx([(z[2, 0] + z[2, 1]) / 2])


def test_contour_lines_lie_on_the_floor_without_their_gaps() -> None:
    box = Box(FRAME, 0.0, 30.0, logarithmic=False)
    x, y = np.array([-2.0, 1.0, np.nan, 1.0, 4.0]), np.array([-1.0, 2.0, np.nan, 2.0, 5.0])
    lines = relief.on_floor(x, y, box)
    assert lines.tolist() == [[[-0.5, -0.5, 0], [0, 0, 0]], [[0, 0, 0], [0.5, 0.5, 0]]]


def test_the_colours_are_those_of_the_map_in_light_and_shade() -> None:
    x, y = np.linspace(*FRAME.x, 41), np.linspace(*FRAME.y, 41)
    z = heights(PROBLEM.objective, np.zeros(2), (0, 1), x, y)
    raised = Box(FRAME, 0.0, float(z.max()), logarithmic=False).height(z)
    colours = relief.colours(z, PROBLEM.optimum.loss, raised, LIGHT)
    assert colours.shape == (41, 41, 4)
    assert colours.min() >= 0
    assert colours.max() <= 1
    low, high = (np.unravel_index(f(z), z.shape) for f in (np.argmin, np.argmax))
    assert colours[low][2] > colours[low][0]  # cividis: blue at the bottom, yellow at the top
    assert colours[high][0] > colours[high][2]


@pytest.mark.parametrize("even", [False, True])
def test_the_colours_are_as_even_as_those_of_the_map(even: bool) -> None:
    z = np.linspace(0.0, 3.0, 12).reshape(3, 4)
    shaded = relief.colours(z, 0.0, np.zeros_like(z), LIGHT, even)[..., :3]
    packed = heat_colours(z, 0.0, LIGHT, relief.VIVIDNESS, even)
    flat = np.stack([packed >> shift & 255 for shift in (16, 8, 0)], axis=-1) / 255
    assert np.ptp(shaded / flat) < 1e-12  # the light is the same everywhere


def test_the_camera_sees_as_its_matrix_says() -> None:
    camera = Camera(azimuth=215.0, elevation=25.0)
    place = np.array([0.3, -0.2, 0.6])
    seen = camera.matrix(640, 480).map(QVector3D(*place.tolist()))
    pixel = ((seen.x() + 1) * 320, (1 - seen.y()) * 240)
    assert camera.pixels(place, 640, 480).tolist() == pytest.approx(pixel, abs=1e-3)


@pytest.mark.parametrize("size", [(700, 500), (300, 500), (900, 250)])
def test_the_whole_box_is_in_the_picture(size: tuple[int, int]) -> None:
    corners = np.array([[x, y, z] for x in (-HALF, HALF) for y in (-HALF, HALF) for z in (0, TOP)])
    for azimuth in range(0, 360, 15):
        seen = Camera(azimuth=azimuth).pixels(corners, *size)
        assert (seen > 0).all()
        assert (seen < size).all()


def test_the_tutorials_side_is_seen_first() -> None:
    """Elevation 40°, azimuth 260°: b grows to the right, w away from the eye."""
    origin, along_b, along_w = Camera().pixels(np.diag([1.0, 1, 0])[[2, 0, 1]], 600, 400)
    assert along_b[0] > origin[0]
    assert along_w[1] < origin[1]
    assert Camera().toward == (-1.0, -1.0)


def test_turning_and_zooming_stay_within_reason() -> None:
    assert Camera().turned(130, 0).azimuth == 30
    assert Camera().turned(0, 500).elevation == 90
    assert Camera().turned(0, -500).elevation == 0
    assert Camera().nearer(2).distance == Camera().distance / 2
    assert Camera().nearer(1e9).distance == relief.NEAREST
    assert Camera().nearer(1e-9).distance == relief.FARTHEST


def test_colours_for_opengl() -> None:
    assert relief.rgba(QColor(255, 0, 51), 0.5) == pytest.approx((1, 0, 0.2, 0.5), abs=1e-4)
