"""Surfaces, frames and contours, against sums over the points and tutorial 2's figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.experiment import Features, Model, Mse
from engine.files.experiments import preset
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from engine.problem.sources import dataset_of
from engine.problem.surface import (
    GRID_POINTS,
    N_LEVELS,
    contour_lines,
    default_frame,
    heights,
    levels,
)
from engine.types import Vector

seeds = st.integers(0, 2**32 - 1)
START = np.array([0.4967141530112327, -0.13826430117118466])  # tutorial 2's b and w


def tutorial_2(scale: float = 1.0, standardise: bool = False) -> Problem:
    features = Features(scale, standardise)
    return build_problem(dataset_of(preset("tutorial-2")), features, Model(), Mse())


def problem_with(x: Vector, y: Vector) -> Problem:
    names = tuple(f"x{j}" for j in range(x.shape[1]))
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), names, "y")
    return build_problem(data, Features(), Model(), Mse())


def random_problem(seed: int, d: int) -> Problem:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(30, d))
    return problem_with(x, stream.normal(size=30))


# Tutorial 2's figures 4, 14 and 17, drawn by the text's own loops: b across, w upwards; the
# heights at (b, w) low-low, high-low, low-high, high-high, in the centre, and the sum of all.
@pytest.mark.parametrize(
    ("scale", "standardise", "b", "w", "corners", "centre", "total"),
    [
        (
            *(1.0, False, (-2, 4), (-1, 5)),
            [20.426366151773927, 3.3113111394061847, 3.4024354160710715, 20.30442464339264],
            *(0.00821379520667412, 41193.74735911917),
        ),
        (
            *(10.0, False, (-2, 4), (-2.8, 3.2)),
            [379.4731881654108, 209.28143407444108, 209.23388080838237, 379.21256911430584],
            *(0.008213795206674118, 1020788.6923464922),
        ),
        (
            *(1.0, False, (-1, 5), (-2.4, 3.6)),
            [18.50725096981387, 5.454885634851958, 1.8273759281445723, 22.792054832871976],
            *(0.2924712989663101, 44093.45815497122),
        ),
        (
            *(10.0, False, (-1, 5), (-2.4, 3.6)),
            [267.53225785199504, 132.01853325415158, 306.1437864920106, 510.80050429106024],
            *(9.831716226876019, 1120998.2406519512),
        ),
        (
            *(1.0, True, (-1, 5), (-2.4, 3.6)),
            [17.750638163893857, 18.30509052480767, 17.715285835134303, 18.26973819604813],
            *(0.010188179970990374, 62534.04962388407),
        ),
    ],
)
def test_figures_of_tutorial_2(
    scale: float,
    standardise: bool,
    b: tuple[float, float],
    w: tuple[float, float],
    corners: list[float],
    centre: float,
    total: float,
) -> None:
    assert GRID_POINTS == 101  # as in the text
    x, y = np.linspace(*b, GRID_POINTS), np.linspace(*w, GRID_POINTS)
    z = heights(tutorial_2(scale, standardise).objective, START, (0, 1), x, y)

    assert_allclose([z[0, 0], z[0, -1], z[-1, 0], z[-1, -1]], corners, rtol=1e-12)
    assert z[50, 50] == pytest.approx(centre, rel=1e-11)
    assert z.sum() == pytest.approx(total, rel=1e-12)


@given(seeds, st.permutations(range(4)))
def test_heights_are_losses_with_rows_along_y(seed: int, order: list[int]) -> None:
    objective = random_problem(seed, 3).objective
    params = np.random.default_rng(seed).normal(size=4)
    x, y = np.linspace(-1, 1, 5), np.linspace(0, 3, 4)
    i, j = order[:2]
    z = heights(objective, params, (i, j), x, y)

    assert z.shape == (4, 5)
    for row, column in np.ndindex(z.shape):
        at = params.copy()
        at[i], at[j] = x[column], y[row]
        assert z[row, column] == objective.loss(at.tolist())


@given(seeds, st.floats(-12, 12))
def test_levels_ascend_between_the_minimum_and_the_top(seed: int, exponent: float) -> None:
    minimum = 10.0**exponent
    z = minimum + np.random.default_rng(seed).exponential(size=(5, 5)) ** 4
    at = levels(z, minimum)

    assert len(at) <= N_LEVELS
    assert (np.diff(at) > 0).all()
    assert ((at > minimum) & (at < z.max())).all()
    if exponent < 6:
        assert len(at) == N_LEVELS


@pytest.mark.parametrize(
    "z",
    [np.ones((3, 3)), np.full((3, 3), np.nan), np.full((3, 3), 2.0), np.array([[1 + 3e-16, 1.0]])],
)
def test_surface_without_relief_has_no_levels(z: Vector) -> None:
    assert levels(z, 1.0).size == 0


def test_contour_lines_lie_on_their_level() -> None:
    problem = tutorial_2()
    objective, lowest = problem.objective, problem.optimum.loss
    x, y = np.linspace(-2, 4, GRID_POINTS), np.linspace(-1, 5, GRID_POINTS)
    z = heights(objective, START, (0, 1), x, y)
    for level in levels(z, lowest)[3:]:
        line_x, line_y = contour_lines(x, y, z, np.array([level]))
        on = np.isfinite(line_x)
        assert on.sum() > 20
        assert not on[-1]  # every piece ends with a gap
        assert_array_equal(on, np.isfinite(line_y))
        # Between two grid points a parabola is at most h²·f''/8 = 0.0009 above its chord.
        assert_allclose(objective.loss([line_x[on], line_y[on]]), level, atol=1e-3)


def test_no_level_no_line() -> None:
    line_x, line_y = contour_lines(np.arange(3.0), np.arange(3.0), np.ones((3, 3)), np.zeros(0))
    assert (line_x.size, line_y.size) == (0, 0)


@given(seeds, st.integers(1, 3), st.floats(-6, 6))
def test_frame_holds_optimum_and_start(seed: int, d: int, exponent: float) -> None:
    problem = random_problem(seed, d)
    best = problem.optimum.params
    assert best is not None
    start = 10.0**exponent * np.random.default_rng(seed).normal(size=d + 1)
    frame = default_frame(problem, start, (0, 1))
    for axis, (low, high) in enumerate((frame.x, frame.y)):
        margin = 0.1 * (high - low)
        assert low + margin < start[axis] < high - margin
        assert (low + high) / 2 == pytest.approx(best[axis], rel=1e-6, abs=1e-6)
        # A long valley does not shrink the path to a dot.
        assert high - low <= 8.001 * abs(start[axis] - best[axis]) + 1e-12


@pytest.mark.parametrize(
    ("x", "offset"),
    [
        ([0.0, 1.0, 2.0], [0.0, 0.0]),  # the start is the optimum
        ([0.0, 1.0, 2.0], [1e-16, -1e-16]),  # … but for rounding
        ([0.0, 1.0, 2.0], [1.0, 0.0]),
        ([0.0, 0.0, 0.0], [0.0, 0.0]),  # w is flat
        ([0.0, 0.0, 0.0], [1.0, 5.0]),
        ([3.0, 3.0, 3.0], [0.0, 1.0]),  # a mixture of b and w is flat
        ([1e9, 1e9 + 1, 1e9 + 2], [1e-3, 0.0]),
    ],
)
def test_degenerate_frames_still_show_something(x: list[float], offset: list[float]) -> None:
    problem = problem_with(np.array(x)[:, np.newaxis], np.array([1.0, 2.0, 4.0]))
    assert problem.optimum.params is not None
    start = problem.optimum.params + offset
    frame = default_frame(problem, start, (0, 1))
    sides = [np.linspace(*side, 11) for side in (frame.x, frame.y)]
    z = heights(problem.objective, start, (0, 1), *sides)

    for side in sides:
        assert (np.diff(side) > 0).all()
    assert np.isfinite(z).all()
    line, _ = contour_lines(sides[0], sides[1], z, levels(z, problem.optimum.loss))
    assert line.size > 0
