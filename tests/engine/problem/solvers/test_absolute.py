"""The least absolute errors agree with trying every line through points."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.neuron import Neuron
from engine.problem.objective import objective_of
from engine.problem.optimum import Certainty, Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.solvers import absolute, find_optimum
from engine.problem.tutorials import recipe
from engine.types import Vector
from tests.engine.problem.optima import distances, solution

seeds = st.integers(0, 2**32 - 1)


def mae(x: Vector, y: Vector, l1: float = 0.0, l2: float = 0.0) -> Optimum:
    data = Pointwise(Neuron("line", "mae"), np.ascontiguousarray(x.T), y)
    penalty = Penalty(l1, l2)
    return find_optimum(objective_of(data, penalty), data, penalty)


def best_of_all_corners(x: Vector, y: Vector, l1: float = 0.0) -> float:
    """The smallest objective over all fits through p of the points and planes w = 0."""
    n, d = x.shape
    rows = np.vstack((np.column_stack((np.ones(n), x)), np.eye(d + 1)[1:]))
    targets = np.append(y, np.zeros(d))
    best = np.inf
    for chosen in combinations(range(n + d), d + 1):
        corner = rows[list(chosen)]
        if np.linalg.cond(corner) < 1e12:
            theta = np.linalg.solve(corner, targets[list(chosen)])
            value = np.abs(theta[0] + x @ theta[1:] - y).mean() + l1 * np.abs(theta[1:]).sum()
            best = min(best, float(value))
    return best


def test_the_data_of_tutorial_4() -> None:
    """The optimum as scipy's linear program finds it."""
    made = recipe("tutorial-4")
    optimum = mae(made.x, made.y)

    assert optimum.params is not None
    assert_allclose(optimum.params, [4.377532696351021, 2.851017217779354], atol=1e-12)
    assert optimum.loss == pytest.approx(0.8466554609996795, rel=1e-13)
    assert optimum.certainty is Certainty.EXACT
    assert optimum.note is None


@settings(max_examples=60)
@given(seeds, st.integers(2, 9), st.integers(1, 2), st.sampled_from([0.0, 0.1, 1.0]), st.booleans())
def test_no_line_through_points_is_below(
    seed: int, n: int, d: int, l1: float, is_rounded: bool
) -> None:
    """Also where rounded numbers let many points lie on one line, or on one spot."""
    stream = np.random.default_rng(seed)
    x, y = 2 * stream.normal(size=(n, d)), 2 * stream.normal(size=n)
    if is_rounded:
        x, y = np.round(x), np.round(y)
    optimum = mae(x, y, l1)

    assert optimum.certainty is Certainty.EXACT
    assert optimum.loss == pytest.approx(best_of_all_corners(x, y, l1), rel=1e-9, abs=1e-12)


@settings(max_examples=30)
@given(seeds, st.integers(20, 300), st.integers(1, 6), st.floats(1e-3, 1e3))
def test_multipliers_of_the_points_met_prove_the_optimum(
    seed: int, n: int, d: int, unit: float
) -> None:
    """Signs of the errors, and some in [−1, 1] for the points met, balance: theorem of duality."""
    stream = np.random.default_rng(seed)
    x = unit * stream.normal(size=(n, d)) + stream.normal(size=d)
    y = x.sum(axis=1) + stream.standard_t(1.5, n)
    optimum = mae(x, y)

    assert optimum.certainty is Certainty.EXACT
    assert optimum.params is not None
    errors = y - optimum.params[0] - x @ optimum.params[1:]
    met = np.argsort(np.abs(errors))[: d + 1]
    assert np.abs(errors[met]).max() < 1e-9 * np.abs(y).max()
    rows = np.column_stack((np.ones(n), x / unit))
    others = np.delete(np.arange(n), met)
    balance = np.linalg.solve(rows[met].T, -(np.sign(errors[others]) @ rows[others]))
    assert np.abs(balance).max() <= 1 + 1e-7


@given(seeds)
def test_order_of_the_points_is_irrelevant(seed: int) -> None:
    stream = np.random.default_rng(seed)
    x, y = stream.normal(size=(41, 1)), stream.normal(size=41)
    order = stream.permutation(41)
    one, other = mae(x, y), mae(x[order], y[order])

    assert other.loss == pytest.approx(one.loss, rel=1e-12)
    assert_allclose(solution(other), solution(one), rtol=1e-9, atol=1e-9)


def test_far_from_zero_no_digits_are_lost() -> None:
    stream = np.random.default_rng(0)
    x = stream.random((101, 1))
    y = 3 * x[:, 0] + stream.normal(size=101)
    near, far = mae(x, y), mae(1e6 + x, y)

    assert near.params is not None
    assert far.params is not None
    assert far.params[1] == pytest.approx(near.params[1], abs=1e-8)


def test_the_median_where_a_feature_is_constant() -> None:
    optimum = mae(np.full((5, 1), 2.0), np.array([1.0, 7.0, 3.0, 100.0, 2.0]))

    assert optimum.params is not None
    assert_allclose(optimum.params, [3.0, 0.0], atol=1e-12)
    assert optimum.certainty is Certainty.EXACT
    assert "valley" in str(optimum.note)
    assert_allclose(distances(optimum, np.array([1.0, 1.0])), 0, atol=1e-12)


def test_points_on_a_line_leave_no_loss() -> None:
    x = np.arange(20.0)[:, np.newaxis]
    optimum = mae(x, 5 - 2 * x[:, 0])

    assert optimum.params is not None
    assert_allclose(optimum.params, [5, -2], rtol=1e-12)
    assert optimum.loss < 1e-14
    assert optimum.certainty is Certainty.EXACT


def test_a_strong_penalty_leaves_the_median() -> None:
    made = recipe("tutorial-4")
    optimum = mae(made.x, made.y, l1=5.0)

    assert optimum.params is not None
    assert optimum.params[1] == 0.0
    assert optimum.loss == pytest.approx(np.abs(made.y - np.median(made.y)).mean(), rel=1e-12)
    assert optimum.certainty is Certainty.EXACT


@pytest.mark.parametrize("l1", [0.0, 0.2])
def test_with_ridge_it_is_approximate_but_near(l1: float) -> None:
    """Against the minimum over a fine grid of slopes, each with its median as the intercept."""
    made = recipe("tutorial-4")
    x, y = made.x[:, 0], made.y
    optimum = mae(made.x, y, l1, 0.1)
    assert optimum.params is not None
    slopes = np.append(np.linspace(0, 4, 4001), optimum.params[1] + np.linspace(-1e-3, 1e-3, 2001))
    rest = y - slopes[:, np.newaxis] * x
    errors = np.abs(rest - np.median(rest, axis=1, keepdims=True)).mean(axis=1)
    best = float((errors + 0.1 * slopes**2 + l1 * np.abs(slopes)).min())

    assert optimum.certainty is Certainty.APPROXIMATE
    assert "approximate" in str(optimum.note)
    assert best * (1 - 1e-7) <= optimum.loss <= best * (1 + 1e-6)


def test_many_points_are_approximate_but_near(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(5000, 2))
    y = x @ np.array([1.0, -2.0]) + stream.standard_t(2, 5000)
    exact = mae(x, y)
    monkeypatch.setattr(absolute, "MOST_POINTS", 100)
    optimum = mae(x, y)

    assert exact.certainty is Certainty.EXACT
    assert optimum.certainty is Certainty.APPROXIMATE
    assert exact.loss * (1 - 1e-12) <= optimum.loss <= exact.loss * (1 + 1e-6)


@pytest.mark.parametrize(
    ("x", "y", "l1"),
    [
        ([-1, -1, 1, 1], [1, 3, 2, 5], 0.0),  # any height between two at either side
        ([-2, -1, 1, 2], [0, 4, 4, 0], 5.0),  # w = 0: any median
        ([0, 1, 2, 3, 4, 5], [0, 1, 1, 0, 0, 1], 9.0),
    ],
)
def test_one_of_many_is_said_to_be_one(x: list[float], y: list[float], l1: float) -> None:
    features, targets = np.array(x, dtype=float)[:, np.newaxis], np.array(y, dtype=float)
    optimum = mae(features, targets, l1)

    assert optimum.certainty is Certainty.EXACT
    assert "one of them" in str(optimum.note)


@settings(max_examples=60)
@given(seeds, st.integers(2, 7), st.sampled_from([0.0, 0.1]))
def test_others_are_as_low_exactly_where_that_is_said(seed: int, n: int, l1: float) -> None:
    """Of rounded points: whether another corner, somewhere else, is as low as the best."""
    stream = np.random.default_rng(seed)
    x, y = np.round(2 * stream.normal(size=(n, 1))), np.round(2 * stream.normal(size=n))
    if np.ptp(x) == 0:
        x[0] += 1
    optimum = mae(x, y, l1)
    rows = np.vstack((np.column_stack((np.ones(n), x)), [0.0, 1.0]))
    targets = np.append(y, 0.0)
    others = []
    for chosen in combinations(range(n + 1), 2):
        corner = rows[list(chosen)]
        if np.linalg.cond(corner) < 1e12:
            theta = np.linalg.solve(corner, targets[list(chosen)])
            value = np.abs(theta[0] + x @ theta[1:] - y).mean() + l1 * np.abs(theta[1:]).sum()
            if value <= optimum.loss + 1e-10:
                others.append(np.abs(theta - solution(optimum)).max())
    assert (optimum.note is not None) == (max(others) > 1e-6)
