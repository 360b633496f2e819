"""The fit in own units, partial residuals and density, against NumPy written out."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiment import Features, Model, Mse
from engine.problem.dataset import Dataset, Part
from engine.problem.fit import (
    density,
    evenly,
    extent,
    fit_line,
    partial_residuals,
    predict,
)
from engine.problem.problem import Problem, build_problem


def three_features(standardise: bool) -> Problem:
    random = np.random.default_rng(5)
    x = random.normal([1, -20, 300], [2, 5, 40], (50, 3))
    y = 3 + x @ [1.0, 0.5, -0.1] + random.normal(0, 0.2, 50)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("a", "b", "c"), "y", None)
    return build_problem(data, Features((1.0, 0.1, 0.01), standardise), Model(), Mse())


def test_a_prediction_is_the_intercept_and_the_slopes() -> None:
    x = np.array([[1.0, 20.0, 300.0], [3.0, 40.0, 500.0]])  # times 1, 0.1 and 0.01
    found = predict(three_features(standardise=False), [1.0, 10.0, 100.0, 1000.0], x)
    assert found == pytest.approx([3211.0, 5431.0], rel=1e-14)


@pytest.mark.parametrize("standardise", [False, True])
@pytest.mark.parametrize("feature", [0, 1, 2])
def test_partial_residuals_are_the_line_and_the_residual(standardise: bool, feature: int) -> None:
    problem = three_features(standardise)
    params, train = np.array([1.0, -0.5, 2.0, 0.25]), problem.dataset.train
    residual = train.y - predict(problem, params, train.x)
    line = fit_line(problem, params, feature, train.x[:, feature])
    partial = partial_residuals(problem, params, feature, train)
    assert partial == pytest.approx(line + residual, rel=1e-12, abs=1e-9)
    few = partial_residuals(problem, params, feature, train, slice(3, 9, 2))
    assert few == pytest.approx(partial[3:9:2])


def test_many_lines_at_once_are_each_by_itself() -> None:
    problem, ends = three_features(standardise=True), np.array([-1.0, 2.0])
    many = np.random.default_rng(1).normal(size=(4, 6))
    each = [fit_line(problem, params, 1, ends) for params in many.T]
    assert fit_line(problem, many, 1, ends) == pytest.approx(np.array(each), rel=1e-12)


@pytest.mark.parametrize(("n", "limit"), [(0, 5), (5, 5), (6, 5), (1000, 300), (7, 1)])
def test_an_even_choice_is_no_longer_than_allowed(n: int, limit: int) -> None:
    chosen = len(range(*evenly(n, limit).indices(n)))
    assert chosen <= limit
    assert chosen >= min(n, limit) / 2


def test_an_extent_is_never_empty() -> None:
    assert extent(np.array([1.0, 3.0]), 0.5) == (0.0, 4.0)
    assert extent(np.array([2.0, 2.0]), 0.1) == (1.0, 3.0)


def test_density_counts_what_is_inside() -> None:
    x, y = np.array([0.1, 0.2, 0.9, 5.0, 1.0]), np.array([0.1, 0.3, 1.9, 0.5, 1.0])
    counts = density(x, y, (0.0, 1.0), (0.0, 2.0), (2, 2))
    assert counts.tolist() == [[2, 0], [0, 1]]
