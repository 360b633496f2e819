"""The fit in own units, partial residuals and density, against NumPy written out."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from engine.experiment import Features, HalfMse, Huber, LogLoss, Loss, Mae, Model, Mse
from engine.files.experiments import preset
from engine.problem.dataset import Dataset, Part
from engine.problem.fit import (
    boundary,
    density,
    evenly,
    extent,
    fit_curve,
    fit_line,
    is_outside,
    is_straight,
    partial_residuals,
    point_facts,
    predict,
    predicted_range,
    probabilities,
    threshold,
)
from engine.problem.problem import Problem, build_problem
from engine.problem.sources import problem_of


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


# Curves, boundaries and the facts of one point


def one_feature(kind: str, loss: Loss, standardise: bool = False) -> Problem:
    random = np.random.default_rng(8)
    x = random.normal(3, 2, (30, 1))
    y = (x[:, 0] + random.normal(size=30) > 3).astype(float)
    data = Dataset(Part(x[:20], y[:20]), Part(x[20:], y[20:]), ("x",), "y", None)
    model = msgspec.convert({"kind": kind}, Model)
    return build_problem(data, Features(standardise=standardise), model, loss)


def plane(standardise: bool = False) -> Problem:
    random = np.random.default_rng(9)
    x = random.normal([2, -30], [1, 10], (40, 2))
    y = (x[:, 0] > 2).astype(float)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("p", "q"), "y", None)
    return build_problem(data, Features(standardise=standardise), Model("logistic"), LogLoss())


POINT_LOSSES: list[tuple[str, Loss, Callable[[float, float], float]]] = [
    ("line", Mse(), lambda p, y: (p - y) ** 2),
    ("line", HalfMse(), lambda p, y: (p - y) ** 2 / 2),
    ("line", Mae(), lambda p, y: abs(p - y)),
    ("tanh", Huber(delta=0.5), lambda p, y: _huber(p - y)),
    ("sine", Mse(), lambda p, y: (p - y) ** 2),
    ("logistic", LogLoss(), lambda p, y: -math.log(p if y else 1 - p)),
    ("logistic", Mse(), lambda p, y: (p - y) ** 2),
]


def _huber(r: float) -> float:
    return r * r / 2 if abs(r) <= 0.5 else 0.5 * (abs(r) - 0.25)


def _value(kind: str, z: float) -> float:
    h: dict[str, Callable[[float], float]] = {
        "line": lambda z: z,
        "tanh": math.tanh,
        "sine": math.sin,
        "logistic": lambda z: 1 / (1 + math.exp(-z)),
    }
    return h[kind](z)


@pytest.mark.parametrize(("kind", "loss", "formula"), POINT_LOSSES)
@pytest.mark.parametrize("standardise", [False, True])
def test_the_facts_of_every_point(
    kind: str, loss: Loss, formula: Callable[[float, float], float], standardise: bool
) -> None:
    problem, params = one_feature(kind, loss, standardise), np.array([-0.4, 0.7])
    mean, sd = problem.scaler.mean[0], problem.scaler.sd[0]
    for part in (problem.dataset.train, problem.dataset.validation):
        predictions = [_value(kind, -0.4 + 0.7 * (x - mean) / sd) for x in part.x[:, 0]]
        losses = [formula(p, y) for p, y in zip(predictions, part.y, strict=True)]
        for k in range(part.n):
            facts = point_facts(problem, params, part, k)
            assert (facts.x.tolist(), facts.y) == (part.x[k].tolist(), part.y[k])
            assert facts.prediction == pytest.approx(predictions[k], rel=1e-12)
            assert facts.error == pytest.approx(predictions[k] - part.y[k], rel=1e-10)
            assert facts.loss == pytest.approx(losses[k], rel=1e-9)
            assert facts.share == pytest.approx(losses[k] / sum(losses), rel=1e-8)


def test_the_first_point_of_tutorial_2() -> None:
    problem = problem_of(preset("tutorial-2"))
    start = np.array([0.4967141530112327, -0.13826430117118466])
    facts = point_facts(problem, start, problem.dataset.train, 0)
    assert round(facts.error, 4) == -2.0845  # the tutorial's figure 3


def test_where_nothing_is_lost_there_are_no_shares() -> None:
    x = np.array([[0.0], [1.0], [2.0]])
    data = Dataset(Part(x, x[:, 0]), Part(x[:0], x[:0, 0]), ("x",), "y", None)
    problem = build_problem(data, Features(), Model(), Mae())
    facts = point_facts(problem, np.array([0.0, 1.0]), problem.dataset.train, 1)
    assert facts.loss == 0
    assert math.isnan(facts.share)


@pytest.mark.parametrize("standardise", [False, True])
@pytest.mark.parametrize(
    "params", [[0.1, 1.0, 2.0], [0.1, 1.0, 0.0], [0.1, 0.0, 2.0], [0.0, 1e-3, -50.0], [5, 40, 0.1]]
)
def test_on_the_boundary_both_classes_are_as_likely(standardise: bool, params: list[float]) -> None:
    problem, own = plane(standardise), ((-1.0, 5.0), (-60.0, 0.0))
    ends = boundary(problem, np.array(params), *own)
    assert ends is not None
    assert predict(problem, params, ends) == pytest.approx([0.5, 0.5], abs=1e-9)
    on_sides = [set(ends[:, k].tolist()) == set(own[k]) for k in (0, 1)]
    assert any(on_sides)
    other = ends[:, 0 if on_sides[1] else 1]
    span = own[0 if on_sides[1] else 1]
    assert abs(other[1] - other[0]) <= (span[1] - span[0]) * (1 + 1e-12)


def test_without_slopes_there_is_no_boundary() -> None:
    assert boundary(plane(), np.array([1.0, 0.0, 0.0]), (0.0, 1.0), (0.0, 1.0)) is None


@pytest.mark.parametrize("standardise", [False, True])
def test_at_the_threshold_both_classes_are_as_likely(standardise: bool) -> None:
    problem = one_feature("logistic", LogLoss(), standardise)
    at = threshold(problem, np.array([0.3, -1.5]))
    assert at is not None
    assert predict(problem, [0.3, -1.5], np.array([[at]]))[0] == pytest.approx(0.5, rel=1e-12)
    assert threshold(problem, np.array([0.3, 0.0])) is None


def test_probabilities_are_predictions_on_a_grid() -> None:
    problem, params = plane(standardise=True), np.array([0.2, 1.0, -2.0])
    x1, x2 = np.array([0.0, 1.0, 2.5]), np.array([-40.0, -20.0])
    found = probabilities(problem, params, x1, x2)
    assert found.shape == (2, 3)
    each = [[predict(problem, params, np.array([[p, q]]))[0] for p in x1] for q in x2]
    assert found == pytest.approx(np.array(each), rel=1e-12)


@pytest.mark.parametrize("kind", ["line", "logistic", "tanh", "sine"])
def test_no_prediction_leaves_its_range(kind: str) -> None:
    problem = one_feature(kind, Mse())
    bounds, x = predicted_range(problem), np.linspace(-100, 100, 999)
    curve = fit_curve(problem, np.array([0.1, 1.3]), 0, x)
    if bounds is None:
        assert is_straight(problem)
        assert curve == pytest.approx(0.1 + 1.3 * x)
    else:
        assert bounds[0] <= curve.min() < bounds[0] + 0.01
        assert bounds[1] - 0.01 < curve.max() <= bounds[1]


def test_beyond_the_training_points_it_is_an_extrapolation() -> None:
    problem = plane()
    low, high = problem.dataset.train.x.min(axis=0), problem.dataset.train.x.max(axis=0)
    assert not is_outside(problem, low.tolist())
    assert not is_outside(problem, high.tolist())
    assert is_outside(problem, [low[0], high[1] + 1e-9])
    assert is_outside(problem, [low[0] - 1e-9, high[1]])


def test_what_overflows_is_not_finite_and_no_fault() -> None:
    problem = one_feature("sine", Mse())
    huge = np.array([0.0, 1e200])
    assert not np.isfinite(fit_curve(problem, huge, 0, np.array([1e200]))).any()
    assert not np.isfinite(predict(problem, huge, np.array([[1e200]]))).any()
