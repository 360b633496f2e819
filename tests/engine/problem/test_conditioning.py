"""The axes of the contours, and what standardising would make of the conditioning."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiment import Features, LogLoss, Model, Mse
from engine.problem.conditioning import (
    are_local,
    condition_if_standardised,
    contour_axes,
    contour_axes_unless,
    local_curvature,
)
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from engine.types import Vector
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


def two_classes(n: int = 60) -> tuple[Problem, Vector]:
    """Two features, a logistic neuron, and a design matrix (n, 3)."""
    random = np.random.default_rng(7)
    x = random.standard_normal((n, 2))
    y = (x[:, 0] - x[:, 1] + random.standard_normal(n) > 0).astype(float)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("u", "v"), "y", None)
    problem = build_problem(data, Features(), Model("logistic"), LogLoss())
    return problem, np.column_stack((np.ones(n), x))


@pytest.mark.parametrize("axes", [(1, 2), (2, 0)])
def test_of_a_slice_of_another_loss_they_are_those_at_the_point(axes: tuple[int, int]) -> None:
    problem, phi = two_classes()
    assert are_local(problem)
    for params in np.array([[0.3, -1.0, 0.4], [0.0, 2.0, -2.0]]):
        there = contour_axes(problem, params, axes)
        assert there is not None
        assert there.is_slice
        assert there.centre.tolist() == params[list(axes)].tolist()
        p = 1 / (1 + np.exp(-(phi @ params)))
        block = ((phi.T * (p * (1 - p))) @ phi / len(phi))[np.ix_(axes, axes)]
        assert there.eigenvalues == pytest.approx(np.linalg.eigvalsh(block)[::-1], rel=1e-9)
        made = there.directions @ np.diag(there.eigenvalues) @ there.directions.T
        assert made == pytest.approx(block, rel=1e-9, abs=1e-12)


def test_where_a_neuron_has_no_lowest_point_they_are_those_at_the_point() -> None:
    x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    y = np.array([0.0, 0.0, 1.0, 1.0])  # separable: the loss falls for ever
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("x",), "y", None)
    problem = build_problem(data, Features(), Model("logistic"), LogLoss())
    assert problem.optimum.params is None
    there = contour_axes(problem, np.array([0.5, 0.25]), (0, 1))
    assert there is not None
    assert there.centre.tolist() == [0.5, 0.25]


def test_where_a_surface_curves_downwards_there_are_none() -> None:
    data = two_classes()[0].dataset
    problem = build_problem(data, Features(), Model("logistic"), Mse())
    places = np.linspace(-6, 6, 13)
    found = {contour_axes(problem, np.array([0.0, w, 0.0]), (0, 1)) is None for w in places}
    assert found == {True, False}


def test_the_question_is_answered_unless_nobody_waits() -> None:
    problem, _ = two_classes()
    params = np.zeros(3)
    (answer,) = contour_axes_unless(problem, params, (0, 1), lambda: False)
    expected = contour_axes(problem, params, (0, 1))
    assert answer is not None
    assert expected is not None
    assert answer.eigenvalues.tolist() == expected.eigenvalues.tolist()
    assert not list(contour_axes_unless(problem, params, (0, 1), lambda: True))
