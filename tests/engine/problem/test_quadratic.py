"""The quadratic agrees with sums over the points, also where the data are awkward."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.problem import quadratic as module
from engine.problem.quadratic import Quadratic, fit_quadratic, parameter_names, with_ridge
from engine.problem.tutorials import recipe
from engine.types import Vector

seeds = st.integers(0, 2**32 - 1)
weights = st.sampled_from([1.0, 0.5])


def points(seed: int, n: int, d: int) -> tuple[Vector, Vector, Vector]:
    """Features (n, d), targets (n,) and parameters (d + 1,) that have nothing to do with them."""
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(n, d)) * stream.uniform(0.1, 10, d) + stream.normal(size=d)
    return x, stream.normal(size=n) + x.sum(axis=1), stream.normal(size=d + 1)


def direct_loss(x: Vector, y: Vector, params: Vector, weight: float) -> float:
    return float(weight * np.mean((params[0] + x @ params[1:] - y) ** 2))


def direct_gradient(x: Vector, y: Vector, params: Vector, weight: float) -> Vector:
    residual = params[0] + x @ params[1:] - y
    slopes = (residual[:, np.newaxis] * x).mean(axis=0)
    return 2 * weight * np.concatenate(([residual.mean()], slopes))


def loss_at(quadratic: Quadratic, params: Vector) -> float:
    return float(quadratic.loss(params.tolist()))


@given(seeds, st.integers(1, 40), st.integers(1, 5), weights)
def test_loss_and_gradient_are_those_of_the_points(
    seed: int, n: int, d: int, weight: float
) -> None:
    x, y, params = points(seed, n, d)
    quadratic = fit_quadratic(x, y, weight)
    loss = direct_loss(x, y, params, weight)

    assert loss_at(quadratic, params) == pytest.approx(loss, rel=1e-10, abs=1e-10)
    assert_allclose(
        quadratic.gradient(params.tolist()),
        direct_gradient(x, y, params, weight),
        rtol=1e-9,
        atol=1e-9 * (1 + np.abs(x).max()) * (1 + np.sqrt(loss)),
    )


@given(seeds, st.integers(1, 4), weights)
def test_gradient_is_the_slope_of_the_loss(seed: int, d: int, weight: float) -> None:
    x, y, params = points(seed, 30, d)
    quadratic = fit_quadratic(x, y, weight)
    gradient = quadratic.gradient(params.tolist())
    for j in range(d + 1):
        step = np.zeros(d + 1)
        step[j] = 1e-4  # a central difference has no error but rounding on a quadratic
        slope = (loss_at(quadratic, params + step) - loss_at(quadratic, params - step)) / 2e-4
        assert slope == pytest.approx(gradient[j], rel=1e-6, abs=1e-6 * (1 + np.abs(x).max() ** 2))


@given(seeds, st.integers(1, 4), weights)
def test_optimum_is_least_squares_and_nothing_is_below(seed: int, d: int, weight: float) -> None:
    x, y, params = points(seed, 30, d)
    quadratic = fit_quadratic(x, y, weight)
    design = np.column_stack((np.ones(30), x))

    assert_allclose(quadratic.optimum, np.linalg.lstsq(design, y, rcond=None)[0], atol=1e-8)
    assert quadratic.rank == d + 1
    assert loss_at(quadratic, quadratic.optimum) == quadratic.minimum
    assert loss_at(quadratic, params) >= quadratic.minimum
    assert_array_equal(quadratic.gradient(quadratic.optimum.tolist()), np.zeros(d + 1))


@given(seeds, st.integers(1, 4), weights)
def test_hessian_and_mean_square_are_those_of_the_points(seed: int, d: int, weight: float) -> None:
    x, y, params = points(seed, 30, d)
    quadratic = fit_quadratic(x, y, weight)
    design = np.column_stack((np.ones(30), x))
    residual = y - design @ params

    assert_allclose(quadratic.hessian, 2 * weight * design.T @ design / 30, rtol=1e-9, atol=1e-9)
    mean_square = quadratic.mean_square(params.tolist())
    assert mean_square == pytest.approx(residual @ residual / 30, rel=1e-9, abs=1e-9)
    assert quadratic.spread == pytest.approx(y.var(), rel=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e6 / 3])  # the mean of ten times 0.1 is not 0.1
def test_equal_targets_have_no_spread(value: float) -> None:
    quadratic = fit_quadratic(np.arange(10.0)[:, np.newaxis], np.full(10, value), 1.0)
    assert quadratic.spread == 0


def constant_feature(x: Vector) -> Vector:
    return np.column_stack((x, np.full(len(x), 0.1)))


def doubled_column(x: Vector) -> Vector:
    return np.column_stack((x, 2 * x[:, 0]))


def celsius_and_fahrenheit(x: Vector) -> Vector:
    return np.column_stack((20 + x, 32 + 1.8 * (20 + x)))


def fewer_points_than_parameters(x: Vector) -> Vector:
    return np.column_stack([x, *(x[:, :1] ** k for k in range(2, 5))])[:3]


def single_point(x: Vector) -> Vector:
    return x[:1]


@pytest.mark.parametrize(
    ("spoil", "rank"),
    [
        (constant_feature, 2),
        (doubled_column, 2),
        (celsius_and_fahrenheit, 2),
        (fewer_points_than_parameters, 3),
        (single_point, 1),
    ],
)
@given(seed=seeds)
def test_short_rank_has_the_slopes_of_minimum_norm(spoil: object, rank: int, seed: int) -> None:
    assert callable(spoil)
    x, y, _ = points(seed, 30, 1)
    x = spoil(x)
    y = y[: len(x)]
    quadratic = fit_quadratic(x, y, 1.0)
    expected = np.linalg.pinv(x - x.mean(axis=0), rcond=1e-10) @ (y - y.mean())

    assert quadratic.rank == rank
    assert_allclose(quadratic.optimum[1:], expected, rtol=1e-6, atol=1e-8)
    assert direct_loss(x, y, quadratic.optimum, 1.0) == pytest.approx(
        quadratic.minimum, rel=1e-9, abs=1e-12
    )


SPOILT = [
    (constant_feature, 1),
    (doubled_column, 1),
    (celsius_and_fahrenheit, 1),
    (fewer_points_than_parameters, 2),
    (single_point, 1),
]


@pytest.mark.parametrize(("spoil", "flat"), SPOILT)
@given(seed=seeds)
def test_along_flat_directions_the_loss_does_not_change(
    spoil: object, flat: int, seed: int
) -> None:
    assert callable(spoil)
    x, y, _ = points(seed, 30, 1)
    x = spoil(x)
    quadratic = fit_quadratic(x, y[: len(x)], 1.0)
    directions = quadratic.flat
    predictions = np.column_stack((np.ones(len(x)), x)) @ directions

    assert directions.shape == (x.shape[1] + 1, flat)
    assert_allclose(directions.T @ directions, np.eye(flat), atol=1e-12)
    assert_allclose(predictions, 0, atol=1e-11 * (1 + np.abs(x).max()))


@given(seeds, st.integers(1, 4))
def test_a_full_rank_has_no_flat_direction(seed: int, d: int) -> None:
    x, y, _ = points(seed, 30, d)
    assert fit_quadratic(x, y, 1.0).flat.shape == (d + 1, 0)


def unspoilt(x: Vector) -> Vector:
    return x


def spoilt_points(spoil: object, seed: int) -> tuple[Vector, Vector]:
    """Points x (n, d), y (n,) of one feature after ``spoil`` had its way with them."""
    assert callable(spoil)
    x, y, _ = points(seed, 30, 1)
    x = spoil(x)
    return x, y[: len(x)]


@pytest.mark.parametrize("spoil", [unspoilt, *(spoil for spoil, _ in SPOILT)])
@given(seed=seeds, weight=weights, l2=st.floats(-4, 4).map(lambda power: 10.0**power))
def test_ridge_is_the_loss_of_the_points_with_the_penalty(
    spoil: object, seed: int, weight: float, l2: float
) -> None:
    x, y = spoilt_points(spoil, seed)
    p = x.shape[1] + 1
    ridge = with_ridge(fit_quadratic(x, y, weight), l2)
    params = np.random.default_rng(seed).normal(size=p)
    expected = direct_loss(x, y, params, weight) + l2 * float(params[1:] @ params[1:])
    slope = direct_gradient(x, y, params, weight) + 2 * l2 * np.append(0.0, params[1:])

    assert ridge.rank == p
    assert ridge.flat.shape == (p, 0)
    assert loss_at(ridge, params) == pytest.approx(expected, rel=1e-9)
    assert_allclose(
        ridge.gradient(params.tolist()), slope, rtol=1e-8, atol=1e-9 * np.abs(slope).max()
    )


@pytest.mark.parametrize("spoil", [unspoilt, *(spoil for spoil, _ in SPOILT)])
@given(seed=seeds, weight=weights, l2=st.floats(-4, 4).map(lambda power: 10.0**power))
def test_the_optimum_of_ridge_is_its_closed_form(
    spoil: object, seed: int, weight: float, l2: float
) -> None:
    """(XᵀX/n + λ₂/c)⁻¹Xᵀy/n over the centred points, without inverting what is singular."""
    x, y = spoilt_points(spoil, seed)
    n, d = x.shape
    ridge = with_ridge(fit_quadratic(x, y, weight), l2)
    rows = np.vstack((x - x.mean(axis=0), np.sqrt(n * l2 / weight) * np.eye(d)))
    weights = np.linalg.lstsq(rows, np.append(y - y.mean(), np.zeros(d)), rcond=None)[0]
    optimum = np.append(y.mean() - x.mean(axis=0) @ weights, weights)
    loss = direct_loss(x, y, optimum, weight) + l2 * float(weights @ weights)

    assert_allclose(ridge.optimum, optimum, rtol=1e-7, atol=1e-8 * np.abs(optimum).max())
    assert ridge.minimum == pytest.approx(loss, rel=1e-9, abs=1e-12)


# From sklearn.linear_model.Ridge on the data of tutorials 1 and 4: (n·λ₂, w, b, n·objective).
SKLEARN = [
    (0.1, 2.9595657915707965, 4.2305684333789095, 100.12240236227082),
    (1.0, 2.8817896535591756, 4.304112591204849, 107.79836383172957),
    (10.0, 2.282071032418211, 4.871199130237628, 166.98640204091873),
    (100.0, 0.7406764912895729, 6.328722816845316, 319.1112749057772),
]


@pytest.mark.parametrize(("alpha", "w", "b", "objective"), SKLEARN)
def test_ridge_of_tutorial_4_is_that_of_scikit_learn(
    alpha: float, w: float, b: float, objective: float
) -> None:
    made = recipe("tutorial-4")
    ridge = with_ridge(fit_quadratic(made.x, made.y, 1.0), alpha / 100)

    assert_allclose(ridge.optimum, [b, w], rtol=1e-13)
    assert 100 * ridge.minimum == pytest.approx(objective, rel=1e-13)


@given(seeds)
def test_ridge_far_from_zero_loses_no_digits(seed: int) -> None:
    stream = np.random.default_rng(seed)
    x, y = stream.random((100, 1)), stream.normal(size=100)
    near = with_ridge(fit_quadratic(x, y, 1.0), 0.1)
    far = with_ridge(fit_quadratic(1e6 + x, y, 1.0), 0.1)

    assert far.optimum[1] == pytest.approx(near.optimum[1], abs=1e-8)


def test_units_say_nothing_of_rank() -> None:
    """A doubled column of 1e-9 beside one of 1e9 explains as much as in other units."""
    stream = np.random.default_rng(0)
    first, second, noise = stream.normal(size=(3, 50))
    y = first + 3 * second + noise
    plain = fit_quadratic(np.column_stack((first, second)), y, 1.0)
    mixed = np.column_stack((1e9 * first, 1e-9 * second, 2e-9 * second))
    quadratic = fit_quadratic(mixed, y, 1.0)

    assert quadratic.rank == 3
    assert quadratic.minimum == pytest.approx(plain.minimum, rel=1e-12)
    assert direct_loss(mixed, y, quadratic.optimum, 1.0) == pytest.approx(plain.minimum, rel=1e-9)
    # Of w and v with w + 2v given, the shortest pair has v = 2w.
    assert quadratic.optimum[3] == pytest.approx(2 * quadratic.optimum[2], rel=1e-6)


@given(seeds)
def test_far_from_zero_no_digits_are_lost(seed: int) -> None:
    x = 1e6 + np.random.default_rng(seed).random((100, 1))
    y = 3 * x[:, 0] + 2
    quadratic = fit_quadratic(x, y, 1.0)

    assert quadratic.optimum[1] == pytest.approx(3, abs=1e-8)
    assert_allclose(quadratic.optimum[0] + quadratic.optimum[1] * x[:, 0], y, rtol=1e-12)
    assert quadratic.minimum < 1e-17  # targets near 3e6 are rounded to 5e-10


@given(seeds, st.integers(1, 70))
def test_chunks_change_nothing(seed: int, rows: int) -> None:
    x, y, params = points(seed, 70, 2)
    whole = fit_quadratic(x, y, 1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK_ROWS", rows)
        chunked = fit_quadratic(x, y, 1.0)

    assert_allclose(chunked.optimum, whole.optimum, rtol=1e-10, atol=1e-10)
    assert loss_at(chunked, params) == pytest.approx(loss_at(whole, params), rel=1e-12)
    assert chunked.spread == pytest.approx(whole.spread, rel=1e-12)


@pytest.mark.parametrize("n", [module.CHUNK_ROWS, module.CHUNK_ROWS + 1])
def test_the_last_row_of_a_long_table_counts(n: int) -> None:
    x, y, params = points(0, n, 1)
    y[-1] += 1e4
    expected = direct_loss(x, y, params, 1.0)
    assert loss_at(fit_quadratic(x, y, 1.0), params) == pytest.approx(expected, rel=1e-12)


@given(seeds)
def test_order_of_the_points_is_irrelevant(seed: int) -> None:
    x, y, params = points(seed, 50, 3)
    order = np.random.default_rng(seed).permutation(50)
    one, other = fit_quadratic(x, y, 1.0), fit_quadratic(x[order], y[order], 1.0)

    assert_allclose(other.optimum, one.optimum, rtol=1e-9, atol=1e-9)
    assert loss_at(other, params) == pytest.approx(loss_at(one, params), rel=1e-9)


@given(seeds, st.integers(1, 3))
def test_floats_and_arrays_give_the_same_bits(seed: int, d: int) -> None:
    x, y, _ = points(seed, 20, d)
    quadratic = fit_quadratic(x, y, 0.5)
    columns = np.random.default_rng(seed).normal(size=(d + 1, 17))
    losses, gradients = quadratic.loss(list(columns)), quadratic.gradient(list(columns))
    for k in range(17):
        alone = columns[:, k].tolist()
        assert quadratic.loss(alone) == losses[k]
        assert quadratic.gradient(alone) == [column[k] for column in gradients]
        assert quadratic.gradient_of_many(alone) == quadratic.gradient(alone)


@given(seeds, st.integers(1, 4), st.integers(1, 5))
def test_calls_for_several_runs_give_the_same_bits(seed: int, d: int, runs: int) -> None:
    x, y, _ = points(seed, 20, d)
    quadratic = fit_quadratic(x, y, 0.5)
    params = np.random.default_rng(seed).normal(size=(d + 1) * runs)
    calls, gradient = quadratic.gradient_calls(params, runs)
    for ufunc, args in calls:
        ufunc(*args)

    assert list(gradient) == list(np.concatenate(quadratic.gradient(np.split(params, d + 1))))


def test_parameters_have_names_with_the_intercept_first() -> None:
    assert parameter_names(1) == ("b", "w")
    assert parameter_names(3) == ("b", "w1", "w2", "w3")
