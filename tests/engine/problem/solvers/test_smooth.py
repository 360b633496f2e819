"""Newton's method ends where the gradient over the points is 0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.curvature import curvature_at
from engine.problem.neuron import Neuron
from engine.problem.objective import objective_of
from engine.problem.optimum import Certainty, Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.quadratic import fit_quadratic
from engine.problem.solvers import find_optimum
from engine.problem.tutorials import recipe
from engine.types import Vector
from tests.engine.problem.optima import distances, solution

seeds = st.integers(0, 2**32 - 1)
deltas = st.floats(-3, 2).map(lambda power: 10.0**power)
penalties = st.sampled_from(
    [Penalty(), Penalty(l2=0.2), Penalty(l1=0.2), Penalty(0.1, 0.1), Penalty(l1=100.0)]
)


def huber(x: Vector, y: Vector, delta: float = 1.0, penalty: Penalty | None = None) -> Optimum:
    data = Pointwise(Neuron("line", "huber", delta), np.ascontiguousarray(x.T), y)
    penalty = penalty or Penalty()
    return find_optimum(objective_of(data, penalty), data, penalty)


def points(seed: int, n: int, d: int) -> tuple[Vector, Vector]:
    """A line with errors of heavy tails."""
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, d)) * stream.uniform(0.1, 10, d) + stream.normal(size=d)
    return x, x.sum(axis=1) + stream.standard_t(2, n)


def least_subgradient(
    x: Vector, y: Vector, delta: float, penalty: Penalty, params: Vector
) -> Vector:
    """That of Huber's loss with penalties, written out over the points."""
    w = params[1:]
    slopes = np.clip(params[0] + x @ w - y, -delta, delta)
    smooth = slopes @ x / len(y) + 2 * penalty.l2 * w
    pulled = np.where(
        w == 0,
        np.sign(smooth) * np.maximum(np.abs(smooth) - penalty.l1, 0),
        smooth + penalty.l1 * np.sign(w),
    )
    return np.concatenate(([slopes.mean()], pulled))


def test_huber_on_the_data_of_tutorial_4() -> None:
    """The optimum for δ = 1 as scipy finds it, with a gradient of 2e-17."""
    made = recipe("tutorial-4")
    optimum = huber(made.x, made.y)

    assert optimum.params is not None
    assert_allclose(optimum.params, [4.229272223380581, 2.9309184553319203], atol=1e-12)
    assert optimum.loss == pytest.approx(0.4479393582140075, rel=1e-13)
    assert optimum.certainty is Certainty.EXACT
    assert optimum.note is None


@settings(max_examples=60)
@given(seeds, st.integers(10, 40), st.integers(1, 4), deltas, penalties)
def test_huber_has_no_gradient_at_its_optimum(
    seed: int, n: int, d: int, delta: float, penalty: Penalty
) -> None:
    x, y = points(seed, n, d)
    optimum = huber(x, y, delta, penalty)

    assert optimum.certainty is Certainty.EXACT
    assert optimum.params is not None
    left = least_subgradient(x, y, delta, penalty, optimum.params)
    scale = min(delta, float(np.abs(y).max())) * (1 + np.abs(x).max())
    assert np.abs(left).max() <= 1e-9 * (scale + penalty.l1)


@settings(max_examples=30)
@given(seeds, deltas, penalties)
def test_nothing_around_a_huber_optimum_is_below(seed: int, delta: float, penalty: Penalty) -> None:
    x, y = points(seed, 15, 2)
    optimum = huber(x, y, delta, penalty)
    data = Pointwise(Neuron("line", "huber", delta), np.ascontiguousarray(x.T), y)
    stream = np.random.default_rng(seed)
    size = 10.0 ** stream.uniform(-6, 1, size=200)
    others = solution(optimum) + (stream.normal(size=(200, 3)).T * size).T
    losses = objective_of(data, penalty).loss(list(others.T))

    assert losses.min() >= optimum.loss * (1 - 1e-12)


def test_a_threshold_beyond_all_errors_is_least_squares() -> None:
    x, y = points(0, 30, 3)
    optimum = huber(x, y, 1e12)

    assert optimum.params is not None
    assert_allclose(optimum.params, fit_quadratic(x, y, 0.5).optimum, rtol=1e-11)


@pytest.mark.parametrize("delta", [1.0, 1e-3])
def test_far_from_zero_no_digits_are_lost(delta: float) -> None:
    x, y = points(1, 100, 1)
    near, far = huber(x, y, delta), huber(1e6 + x, y, delta)

    assert near.params is not None
    assert far.params is not None
    assert far.params[1] == pytest.approx(near.params[1], abs=1e-8)


@given(seeds, deltas)
def test_order_of_the_points_is_irrelevant(seed: int, delta: float) -> None:
    x, y = points(seed, 40, 2)
    order = np.random.default_rng(seed).permutation(40)
    one, other = huber(x, y, delta), huber(x[order], y[order], delta)

    assert other.loss == pytest.approx(one.loss, rel=1e-12)
    if np.linalg.cond(_inside(x, y, delta, one)) < 1e3:  # else several optima may be equal
        assert_allclose(solution(other), solution(one), rtol=1e-9, atol=1e-9)


def _inside(x: Vector, y: Vector, delta: float, optimum: Optimum) -> Vector:
    """The rows [1, x] of the points within δ; they hold the optimum."""
    params = solution(optimum)
    rows = np.column_stack((np.ones(len(x)), x))
    inside = np.abs(rows @ params - y) < delta * (1 - 1e-6)
    return rows[inside] if inside.sum() >= rows.shape[1] else np.zeros_like(rows)


def test_points_on_a_line_leave_no_loss() -> None:
    x, _ = points(0, 20, 2)
    y = 2 + x @ np.array([3.0, -1.0])
    optimum = huber(x, y)

    assert optimum.params is not None
    assert_allclose(optimum.params, [2, 3, -1], rtol=1e-12)
    assert optimum.loss < 1e-28
    assert optimum.certainty is Certainty.EXACT


def spoilt(x: Vector) -> Vector:
    return np.column_stack((x, 2 * x[:, 0], np.full(len(x), 7.0)))


def test_a_valley_of_optima_is_said_and_distances_end_at_it() -> None:
    x, y = points(3, 30, 1)
    alone, optimum = huber(x, y), huber(spoilt(x), y)

    assert alone.params is not None
    assert optimum.params is not None
    assert optimum.certainty is Certainty.EXACT
    assert "valley" in str(optimum.note)
    assert optimum.flat.shape == (4, 2)
    # Of w + 2v = s the shortest is (s, 2s)/5; a constant feature explains nothing.
    slope = alone.params[1]
    assert_allclose(optimum.params[1:], [slope / 5, 2 * slope / 5, 0], atol=1e-10)
    elsewhere = np.array([alone.params[0] - 7 * 3, slope - 2, 1.0, 3.0])
    assert_allclose(distances(optimum, elsewhere), 0, atol=1e-9)


def test_ridge_leaves_one_optimum_of_a_valley() -> None:
    x, y = points(3, 30, 1)
    optimum = huber(spoilt(x), y, 1.0, Penalty(l2=0.1))

    assert optimum.certainty is Certainty.EXACT
    assert optimum.params is not None
    assert optimum.note is None
    assert optimum.flat.size == 0
    assert optimum.params[2] == pytest.approx(2 * optimum.params[1], rel=1e-10)
    assert optimum.params[3] == pytest.approx(0, abs=1e-12)
    left = least_subgradient(spoilt(x), y, 1.0, Penalty(l2=0.1), optimum.params)
    assert np.abs(left).max() < 1e-10


def test_fewer_points_than_parameters_are_met_exactly() -> None:
    x, y = points(4, 3, 4)
    optimum = huber(x, y)

    assert optimum.params is not None
    assert optimum.flat.shape == (5, 2)
    assert_allclose(optimum.params[0] + x @ optimum.params[1:], y, atol=1e-10)


def test_curvature_at_the_optimum_is_that_of_the_points_within_the_threshold() -> None:
    x, y = points(5, 50, 1)
    optimum = huber(x, y)
    assert optimum.params is not None
    data = Pointwise(Neuron("line", "huber", 1.0), np.ascontiguousarray(x.T), y)
    curvature = curvature_at(data.hessian_at(optimum.params.tolist()))

    rows = np.column_stack((np.ones(50), x))
    inside = rows[np.abs(rows @ optimum.params - y) <= 1]
    assert curvature is not None
    assert_allclose(curvature.eigenvalues, np.linalg.eigvalsh(inside.T @ inside / 50), rtol=1e-9)
