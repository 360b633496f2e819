"""The contour line through a point: on a quadratic exact, elsewhere from the heights."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiment import Features, Model, Mse
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from engine.problem.surface import Frame, level_line, rough_map
from tests.gui.views.descents import tutorial_2, tutorial_3


def line(
    problem: Problem, params: list[float], axes: tuple[int, int], frame: Frame
) -> tuple[np.ndarray, np.ndarray, float]:
    values = np.array(params)
    level = float(problem.objective.loss(params))
    heights = rough_map(problem, values, axes, frame)
    assert heights is not None
    return *level_line(problem, values, axes, heights, level), level


def test_on_a_quadratic_every_point_has_the_level() -> None:
    problem, _ = tutorial_2()
    params = [1.3, 1.2]
    x, y, level = line(problem, params, (0, 1), Frame((-2, 4), (-1, 5)))
    assert (x[0], y[0]) == pytest.approx(params, rel=1e-12)
    losses = np.array([problem.objective.loss([b, w]) for b, w in zip(x, y, strict=True)])
    assert losses == pytest.approx(level, rel=1e-10)
    assert (x[-1], y[-1]) == pytest.approx(params, rel=1e-9)  # once around


def test_on_a_slice_the_others_are_held() -> None:
    problem, _ = tutorial_3()
    x, y, level = line(problem, [0.7, 0.2, -0.3], (2, 1), Frame((-4, 4), (-4, 4)))
    assert (x[0], y[0]) == pytest.approx((-0.3, 0.2), rel=1e-12)
    for w2, w1 in zip(x[::30], y[::30], strict=True):
        assert problem.objective.loss([0.7, w1, w2]) == pytest.approx(level, rel=1e-10)


def test_of_a_large_ellipse_only_what_is_seen_is_looked_for() -> None:
    problem, _ = tutorial_2()
    frame = Frame((1.29, 1.31), (1.19, 1.21))
    x, y, level = line(problem, [1.3, 1.2], (0, 1), frame)
    seen = np.isfinite(x)
    assert x[seen].min() >= frame.x[0]
    assert x[seen].max() <= frame.x[1]
    losses = [problem.objective.loss([b, w]) for b, w in zip(x[seen], y[seen], strict=True)]
    assert np.array(losses) == pytest.approx(level, rel=1e-4)


def test_a_trough_without_a_lowest_point_has_lines_too() -> None:
    x = np.ones((20, 1))
    data = Dataset(Part(x, np.arange(20.0)), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    problem = build_problem(data, Features(), Model("line"), Mse())
    b, w, level = line(problem, [8.0, 4.0], (0, 1), Frame((0, 12), (0, 12)))
    seen = np.isfinite(b)
    assert seen.any()
    losses = problem.objective.loss([b[seen], w[seen]])
    assert losses == pytest.approx(level, rel=1e-2)


def test_other_surfaces_are_followed_on_the_grid() -> None:
    x = np.linspace(-3, 3, 25)[:, np.newaxis]
    data = Dataset(Part(x, np.sin(2 * x[:, 0] + 0.5)), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    problem = build_problem(data, Features(), Model("sine"), Mse())
    b, w, level = line(problem, [0.2, 1.0], (0, 1), Frame((-3, 3), (-4, 4)))
    seen = np.isfinite(b)
    assert problem.objective.loss([b[seen], w[seen]]) == pytest.approx(level, abs=0.01)
