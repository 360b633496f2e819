"""The log loss has an optimum exactly where no line separates the classes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.curvature import curvature_at
from engine.problem.neuron import Neuron, sigmoid
from engine.problem.objective import objective_of
from engine.problem.optimum import Certainty, Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.solvers import find_optimum
from engine.types import Vector
from tests.engine.problem.optima import distances, solution

seeds = st.integers(0, 2**32 - 1)
penalties = st.sampled_from(
    [Penalty(), Penalty(l2=0.1), Penalty(l1=0.05), Penalty(0.05, 0.1), Penalty(l1=10.0)]
)


def data_of(x: Vector, y: Vector) -> Pointwise:
    return Pointwise(Neuron("logistic", "log_loss"), np.ascontiguousarray(x.T), y.astype(float))


def logistic(x: Vector, y: Vector, penalty: Penalty | None = None) -> Optimum:
    data, penalty = data_of(x, y), penalty or Penalty()
    return find_optimum(objective_of(data, penalty), data, penalty)


def noisy(seed: int, n: int, d: int) -> tuple[Vector, Vector]:
    """Labels by chance, 1 where the first feature is large, both of them far on either side."""
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, d)) * stream.uniform(0.1, 10, d) + stream.normal(size=d)
    size = (x[:, 0] - x[:, 0].mean()) / x[:, 0].std()
    y = (stream.random(n) < sigmoid(size)).astype(float)
    low, high = np.argmin(size), np.argmax(size)
    return np.vstack((x, 2 * x[[low, high]] - x.mean(axis=0))), np.append(y, [1.0, 0.0])


def is_separable(x: Vector, y: Vector) -> bool:
    """Whether a line of those through points, or across one, has each on its side or on it."""
    sides = 2 * y - 1
    for i, j in combinations(range(len(x)), 2):
        along = x[j] - x[i]
        for normal in (along, np.array([-along[1], along[0]])):
            for place in (x[i], x[j], (x[i] + x[j]) / 2):
                margins = sides * ((x - place) @ normal)
                for each in (margins, -margins):
                    if each.min() >= 0 and each.max() > 0:
                        return True
    return False


def test_one_feature_is_that_of_scikit_learn() -> None:
    """The optimum of LogisticRegression without penalty on 40 points."""
    stream = np.random.default_rng(7)
    x = stream.normal(0, 2, 40)
    y = (stream.random(40) < sigmoid(1.2 * x - 0.4)).astype(float)
    optimum = logistic(x[:, np.newaxis], y)

    assert optimum.params is not None
    assert_allclose(optimum.params, [-0.37457991407380764, 2.312716366207286], atol=1e-12)
    assert optimum.loss == pytest.approx(0.29910134699626006, rel=1e-13)
    assert optimum.certainty is Certainty.EXACT
    assert optimum.note is None
    hessian = data_of(x[:, np.newaxis], y).hessian_at(optimum.params.tolist())
    curvature = curvature_at(hessian)
    assert curvature is not None
    assert_allclose(
        curvature.eigenvalues,
        np.linalg.eigvalsh(
            [
                [0.0960914135795584, -0.0004921146202712512],
                [-0.0004921146202712512, 0.034762645333153555],
            ]
        ),
        rtol=1e-9,
    )


@given(seeds, st.integers(6, 60), st.integers(1, 2), penalties)
def test_there_is_no_gradient_at_the_optimum(seed: int, n: int, d: int, penalty: Penalty) -> None:
    x, y = noisy(seed, n, d)
    optimum = logistic(x, y, penalty)
    if optimum.params is None:
        assert not penalty
        assert d == 1 or is_separable(x, y)
        return

    w = optimum.params[1:]
    errors = sigmoid(optimum.params[0] + x @ w) - y
    smooth = errors @ x / len(y) + 2 * penalty.l2 * w
    excess = np.maximum(np.abs(smooth) - penalty.l1, 0)
    left = np.where(w == 0, excess, smooth + penalty.l1 * np.sign(w))
    assert optimum.certainty is Certainty.EXACT
    assert abs(errors.mean()) < 1e-10
    assert np.abs(left).max() < 1e-10 * np.abs(x).max()


@settings(max_examples=200)
@given(seeds, st.integers(2, 12), st.integers(1, 3))
def test_no_optimum_is_where_a_line_separates(seed: int, n: int, grain: int) -> None:
    """Rounded points, so that some lie on the line, or on each other with different labels."""
    stream = np.random.default_rng(seed)
    x, y = np.round(grain * stream.normal(size=(n, 2))), (stream.random(n) < 0.5).astype(float)
    y[:2] = 0, 1
    optimum = logistic(x, y)

    assert (optimum.params is None) == is_separable(x, y)
    if optimum.params is None:
        assert optimum.certainty is Certainty.NONE
        assert "separated" in str(optimum.note)
        assert optimum.offset(np.zeros(3)) is None
    else:
        assert optimum.certainty is Certainty.EXACT


@pytest.mark.parametrize("gap", [1e-6, 1.0])
def test_separated_classes_leave_no_loss(gap: float) -> None:
    x = np.array([-2, -1, 0, gap, gap + 1, gap + 2])
    optimum = logistic(x[:, np.newaxis], np.repeat([0, 1], 3))

    assert optimum.params is None
    assert optimum.loss == 0
    assert optimum.certainty is Certainty.NONE


def test_points_on_the_line_keep_their_loss() -> None:
    """Of seven points three share x = 3, one of them with the other label."""
    x = np.array([1.0, 2, 3, 3, 3, 4, 5])
    optimum = logistic(x[:, np.newaxis], np.array([0, 0, 0, 1, 1, 1, 1]))

    entropy = -(np.log(1 / 3) / 3 + 2 * np.log(2 / 3) / 3)
    assert optimum.params is None
    assert optimum.loss == pytest.approx(3 / 7 * entropy, rel=1e-12)


def test_points_along_the_line_have_an_optimum_of_their_own() -> None:
    """Above the axis all are 1 and below 0; on it one feature decides as if alone."""
    t = np.array([-2.0, -1, 0, 1, 2, 3])
    labels = np.array([0, 1, 0, 0, 1, 1])
    alone = logistic(t[:, np.newaxis], labels)
    x = np.vstack((np.column_stack((t, 0 * t)), [[0, 1], [1, 2], [0, -1], [3, -2]]))
    optimum = logistic(x, np.append(labels, [1, 1, 0, 0]))

    assert alone.params is not None
    assert optimum.params is None
    assert optimum.loss == pytest.approx(0.6 * alone.loss, rel=1e-10)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("penalty", [Penalty(), Penalty(1.0, 1.0)])
def test_a_single_class_has_no_optimum(label: int, penalty: Penalty) -> None:
    """Also with penalties, which let the intercept grow."""
    optimum = logistic(np.arange(5.0)[:, np.newaxis], np.full(5, label), penalty)

    assert optimum.params is None
    assert optimum.loss == 0
    assert "All labels are the same" in str(optimum.note)


@pytest.mark.parametrize("penalty", [Penalty(l1=1e-3), Penalty(l2=1e-6)])
def test_a_penalty_gives_separated_classes_an_optimum(penalty: Penalty) -> None:
    x = np.arange(10.0)[:, np.newaxis]
    optimum = logistic(x, np.where(x[:, 0] > 4, 1.0, 0.0), penalty)

    assert optimum.params is not None
    assert optimum.certainty is Certainty.EXACT
    assert optimum.params[0] == pytest.approx(-4.5 * optimum.params[1], rel=1e-8)


def test_a_constant_feature_leaves_the_log_odds() -> None:
    optimum = logistic(np.full((4, 1), 3.0), np.array([0, 1, 1, 1]))

    assert optimum.params is not None
    assert_allclose(optimum.params, [np.log(3), 0], atol=1e-12)
    assert "valley" in str(optimum.note)
    assert_allclose(distances(optimum, np.array([np.log(3) - 6, 2.0])), 0, atol=1e-12)


@given(seeds)
def test_far_from_zero_no_digits_are_lost(seed: int) -> None:
    x, y = noisy(seed, 60, 1)
    x = np.round(x * 2**20) / 2**20  # so that moving them is exact
    near, far = logistic(x, y), logistic(2.0**20 + x, y)

    if near.params is None:
        assert far.params is None
        return
    assert far.params is not None
    assert far.params[1] == pytest.approx(near.params[1], rel=1e-8)


@given(seeds)
def test_order_of_the_points_is_irrelevant(seed: int) -> None:
    x, y = noisy(seed, 40, 2)
    order = np.random.default_rng(seed).permutation(len(x))
    one, other = logistic(x, y), logistic(x[order], y[order])

    assert other.certainty is one.certainty
    assert other.loss == pytest.approx(one.loss, rel=1e-9)
    if one.params is not None:
        assert_allclose(solution(other), solution(one), rtol=1e-9, atol=1e-9)
