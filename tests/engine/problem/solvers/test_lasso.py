"""The lasso agrees with trying every pattern of signs, and says how sure it is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.objective import objective_of
from engine.problem.optimum import Certainty, Optimum
from engine.problem.penalty import Penalty
from engine.problem.quadratic import fit_quadratic
from engine.problem.solvers import find_optimum
from engine.problem.tutorials import recipe
from engine.types import Vector

seeds = st.integers(0, 2**32 - 1)


def lasso(x: Vector, y: Vector, l1: float, l2: float = 0.0, weight: float = 1.0) -> Optimum:
    data, penalty = fit_quadratic(x, y, weight), Penalty(l1, l2)
    return find_optimum(objective_of(data, penalty), data, penalty)


def best_of_all_patterns(x: Vector, y: Vector, l1: float, l2: float) -> float:
    """The smallest mean squared error + penalty over all 3^d patterns of signs, by brute force."""
    n, d = x.shape
    best = np.inf
    for pattern in product((-1.0, 0.0, 1.0), repeat=d):
        signs = np.array(pattern)
        design = np.column_stack((np.ones(n), x))[:, np.append(True, signs != 0)]
        pulls = np.append(0.0, signs[signs != 0])
        ridge = np.diag(np.abs(pulls))
        bend = 2 * design.T @ design / n + 2 * l2 * ridge
        theta = np.linalg.lstsq(bend, 2 * design.T @ y / n - l1 * pulls, rcond=None)[0]
        penalty = l2 * theta @ ridge @ theta + l1 * np.abs(theta[1:]).sum()
        best = min(best, float(np.mean((design @ theta - y) ** 2) + penalty))
    return best


# From sklearn.linear_model.Lasso on the data of tutorials 1 and 4, which halves the objective:
# (penalty λ₁, w, b, half the objective).
SKLEARN = [
    (0.02, 2.938389723089147, 4.250592262825347, 0.5257536105312749),
    (0.2, 2.6676896345822976, 4.506562931228411, 0.7780271816264899),
    (1.0, 1.4645781301074106, 5.6442103463531375, 1.6044807345644316),
    (2.0, 0.0, 7.02909738115223, 1.9610543507605673),
    (4.0, 0.0, 7.02909738115223, 1.9610543507605673),
]


@pytest.mark.parametrize(("l1", "w", "b", "half"), SKLEARN)
def test_one_feature_is_that_of_scikit_learn(l1: float, w: float, b: float, half: float) -> None:
    made = recipe("tutorial-4")
    optimum = lasso(made.x, made.y, l1)

    assert optimum.params is not None
    assert_allclose(optimum.params, [b, w], atol=1e-12)
    assert optimum.loss == pytest.approx(2 * half, rel=1e-13)
    assert optimum.certainty is Certainty.EXACT
    assert optimum.note is None
    assert (optimum.params[1] == 0.0) == (w == 0.0)


@settings(max_examples=60)
@given(
    seeds, st.integers(3, 12), st.integers(1, 4), st.floats(1e-3, 10), st.sampled_from([0.0, 0.3])
)
def test_nothing_is_below_over_all_patterns_of_signs(
    seed: int, n: int, d: int, l1: float, l2: float
) -> None:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, d)) * stream.uniform(0.1, 10, d) + stream.normal(size=d)
    y = stream.normal(size=n) + x[:, 0]
    optimum = lasso(x, y, l1, l2)

    assert optimum.certainty is Certainty.EXACT
    assert optimum.loss == pytest.approx(best_of_all_patterns(x, y, l1, l2), rel=1e-8, abs=1e-10)


@given(seeds, st.integers(1, 40), st.floats(0.01, 1), st.sampled_from([1.0, 0.5]))
def test_conditions_of_optimality_hold_over_the_points(
    seed: int, d: int, share: float, weight: float
) -> None:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(60, d))
    x[:, -1] += x[:, 0]
    y = x @ stream.normal(size=d) + stream.normal(size=60)
    centred = x - x.mean(axis=0)
    l1 = share * float(np.abs(2 * weight * centred.T @ (y - y.mean()) / 60).max())
    optimum = lasso(x, y, l1, weight=weight)

    assert optimum.certainty is Certainty.EXACT
    assert optimum.params is not None
    weights = optimum.params[1:]
    errors = optimum.params[0] + x @ weights - y
    gradient = 2 * weight * errors @ x / 60
    is_zero = weights == 0
    assert abs(errors.mean()) < 1e-10
    assert_allclose(gradient[~is_zero], -l1 * np.sign(weights[~is_zero]), atol=1e-9 * l1 / share)
    assert (np.abs(gradient[is_zero]) <= l1 * (1 + 1e-9)).all()


def test_a_penalty_that_is_large_enough_leaves_the_mean() -> None:
    stream = np.random.default_rng(0)
    x, y = stream.normal(size=(30, 5)), stream.normal(size=30)
    optimum = lasso(x, y, 100.0)

    assert optimum.params is not None
    assert optimum.params.tolist()[1:] == [0.0] * 5
    assert optimum.params[0] == pytest.approx(y.mean(), rel=1e-12)


def test_powers_of_one_feature_are_certified() -> None:
    """Columns that almost repeat each other, as those of a polynomial of degree 8."""
    stream = np.random.default_rng(0)
    t = np.linspace(0, 3, 50)
    x = np.column_stack([t**k for k in range(1, 9)])
    optimum = lasso(x, np.sin(3 * t) + 0.1 * stream.normal(size=50), 1e-4)

    assert optimum.certainty is Certainty.EXACT


def test_a_constant_feature_has_no_weight() -> None:
    stream = np.random.default_rng(0)
    x = np.column_stack((stream.normal(size=30), np.full(30, 0.1)))
    y = 2 * x[:, 0] + stream.normal(size=30)
    optimum, alone = lasso(x, y, 0.1), lasso(x[:, :1], y, 0.1)

    assert optimum.params is not None
    assert alone.params is not None
    assert optimum.params[2] == 0.0
    assert_allclose(optimum.params[:2], alone.params, rtol=1e-12)
    assert optimum.note is None


def test_only_constant_features_leave_the_mean() -> None:
    optimum = lasso(np.full((4, 2), 3.0), np.arange(4.0), 0.5)
    assert optimum.params is not None
    assert optimum.params.tolist() == [1.5, 0.0, 0.0]


def test_a_repeated_feature_is_one_of_many_optima() -> None:
    stream = np.random.default_rng(0)
    first = stream.normal(size=30)
    y = 2 * first + stream.normal(size=30)
    twice, alone = lasso(np.column_stack((first, first)), y, 0.1), lasso(first[:, None], y, 0.1)

    assert twice.loss == pytest.approx(alone.loss, rel=1e-12)
    assert twice.certainty is Certainty.EXACT
    assert "one of them" in str(twice.note)


def test_of_a_doubled_feature_the_larger_one_is_cheaper() -> None:
    stream = np.random.default_rng(0)
    first = stream.normal(size=30)
    y = 2 * first + stream.normal(size=30)
    optimum = lasso(np.column_stack((first, 2 * first)), y, 0.1)
    alone = lasso(2 * first[:, None], y, 0.1)

    assert optimum.params is not None
    assert optimum.params[1] == 0.0
    assert optimum.loss == pytest.approx(alone.loss, rel=1e-12)
    assert optimum.note is None


@given(seeds)
def test_far_from_zero_no_digits_are_lost(seed: int) -> None:
    stream = np.random.default_rng(seed)
    centred = stream.normal(size=(100, 1))
    y = 3 * centred[:, 0] + stream.normal(size=100)
    near, far = lasso(centred, y, 0.3), lasso(1e6 + centred, y, 0.3)

    assert near.params is not None
    assert far.params is not None
    assert far.params[1] == pytest.approx(near.params[1], abs=1e-8)
