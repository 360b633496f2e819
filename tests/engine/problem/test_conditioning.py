"""The axes of the contours, and what standardising would make of the conditioning."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiment import Features, LogLoss, Model, Mse
from engine.problem.conditioning import (
    condition_if_standardised,
    contour_axes,
    local_curvature,
)
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import build_problem
from tests.gui.views.descents import tutorial_2, tutorial_3


@pytest.mark.parametrize("axes", [(0, 1), (1, 0)])
def test_both_axes_end_on_one_contour(axes: tuple[int, int]) -> None:
    problem, start = tutorial_2()
    there = contour_axes(problem, start, axes)
    assert there is not None
    assert not there.is_slice
    assert problem.optimum.params is not None
    assert there.centre.tolist() == problem.optimum.params[list(axes)].tolist()
    for k in (0, 1):
        end = there.centre + there.directions[:, k] / np.sqrt(there.eigenvalues[k])
        params = end[list(np.argsort(axes))]
        rise = float(problem.objective.loss(params.tolist())) - problem.optimum.loss
        assert rise == pytest.approx(0.5, rel=1e-9)


def test_of_a_slice_they_are_about_its_own_lowest_point() -> None:
    problem, start = tutorial_3()
    there = contour_axes(problem, start, (1, 2))
    assert there is not None
    assert there.is_slice
    lowest = [float(start[0]), *there.centre.tolist()]
    gradient = problem.objective.gradient(lowest)
    assert gradient[1:] == pytest.approx([0, 0], abs=1e-12)
    bottom = float(problem.objective.loss(lowest))
    for k in (0, 1):
        end = there.centre + there.directions[:, k] / np.sqrt(there.eigenvalues[k])
        rise = float(problem.objective.loss([lowest[0], *end.tolist()])) - bottom
        assert rise == pytest.approx(0.5, rel=1e-9)


def test_a_trough_has_no_axes() -> None:
    x = np.ones((20, 1))
    data = Dataset(Part(x, np.arange(20.0)), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    problem = build_problem(data, Features(), Model(), Mse())
    assert contour_axes(problem, np.zeros(2), (0, 1)) is None


@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_standardising_makes_tutorial_2_round(scale: float) -> None:
    problem, _ = tutorial_2(scale)
    assert condition_if_standardised(problem) == pytest.approx(1, abs=1e-9)


def test_two_features_stay_as_correlated_as_they_are() -> None:
    problem, _ = tutorial_3()
    x = problem.dataset.train.x
    correlation = abs(float(np.asarray(np.corrcoef(x.T))[0, 1]))
    expected = (1 + correlation) / (1 - correlation)
    assert condition_if_standardised(problem) == pytest.approx(expected, rel=1e-9)


def test_of_other_losses_the_curvature_is_that_of_the_place() -> None:
    random = np.random.default_rng(4)
    x = random.standard_normal((40, 1))
    y = (x[:, 0] + random.standard_normal(40) > 0).astype(float)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("x",), "y", None)
    problem = build_problem(data, Features(), Model("logistic"), LogLoss())
    assert condition_if_standardised(problem) is None
    params = np.array([0.4, -1.2])
    curvature = local_curvature(problem, params)
    assert curvature is not None
    p = 1 / (1 + np.exp(-(params[0] + params[1] * x[:, 0])))
    phi = np.column_stack((np.ones(40), x))
    hessian = (phi.T * (p * (1 - p))) @ phi / 40
    assert curvature.eigenvalues == pytest.approx(np.linalg.eigvalsh(hessian), rel=1e-9)
    assert contour_axes(problem, params, (0, 1)) is not None
