"""A loss over points is the mean of what each gives, in whatever pieces it is computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem import pointwise as module
from engine.problem.neuron import Neuron
from engine.problem.pointwise import Pointwise, linear
from engine.types import Vector
from tests.engine.descents import CASES

seeds = st.integers(0, 2**32 - 1)


def made(model: str, loss: str, seed: int, n: int = 40, d: int = 1) -> Pointwise:
    stream = np.random.default_rng(seed)
    x = np.ascontiguousarray(stream.normal(size=(d, n)))
    y = stream.integers(0, 2, n).astype(float) if model == "logistic" else stream.normal(size=n)
    return Pointwise(Neuron(model, loss, 0.5), x, y)


def with_chunks(patch: pytest.MonkeyPatch, points: int, numbers: int) -> None:
    patch.setattr(module, "CHUNK_POINTS", points)
    patch.setattr(module, "CHUNK_NUMBERS", numbers)


@pytest.mark.parametrize(("model", "loss"), CASES)
@given(seed=seeds, d=st.integers(1, 3))
def test_everything_is_a_mean_over_the_points(model: str, loss: str, seed: int, d: int) -> None:
    data = made(model, loss, seed, d=d)
    params = np.random.default_rng(seed + 1).normal(size=d + 1)
    z = params[0] + params[1:] @ data.x
    features = np.vstack((np.ones(data.n), data.x))
    values, slopes = data.neuron.loss_and_slope(z, data.y)
    prediction = data.neuron.predict(z)

    floats = params.tolist()
    assert data.loss(floats) == pytest.approx(values.mean(), rel=1e-12)
    assert_allclose(data.gradient(floats), (slopes * features).mean(axis=1), atol=1e-12)
    bends = data.neuron.bend(z, data.y)
    expected = (features * bends) @ features.T / data.n
    assert_allclose(data.hessian_at(floats), expected, atol=1e-12)
    mean_square = np.mean((prediction - data.y) ** 2)
    assert data.mean_square(floats) == pytest.approx(mean_square, rel=1e-12)
    assert data.spread == pytest.approx(np.var(data.y))
    assert data.n == 40
    if model == "logistic":
        right = np.where(prediction >= 0.5, 1.0, 0.0) == data.y
        assert data.accuracy(floats) == pytest.approx(right.mean())


@pytest.mark.parametrize(("model", "loss"), CASES)
@given(seed=seeds)
def test_floats_and_columns_give_the_same_bits(model: str, loss: str, seed: int) -> None:
    data = made(model, loss, seed)
    columns = np.random.default_rng(seed).normal(size=(2, 7))
    losses, gradients = data.loss(list(columns)), np.array(data.gradient(list(columns)))
    for k, params in enumerate(columns.T.tolist()):
        assert data.loss(params) == np.asarray(losses)[k]
        assert data.gradient(params) == gradients[:, k].tolist()
        assert data.loss_and_gradient(params) == (data.loss(params), data.gradient(params))


@given(seeds, st.integers(1, 6), st.integers(1, 5))
def test_grids_are_each_point_for_itself(seed: int, nx: int, ny: int) -> None:
    data = made("sine", "mse", seed, n=11)
    x, y = np.linspace(-1, 1, nx)[np.newaxis, :], np.linspace(0, 2, ny)[:, np.newaxis]
    grid = np.asarray(data.loss([x, y]))
    assert grid.shape == (ny, nx)
    for i, j in np.ndindex(ny, nx):
        assert grid[i, j] == data.loss([float(x[0, j]), float(y[i, 0])])
    assert np.shape(data.loss([0.5, x])) == (1, nx)


@given(seeds, st.integers(1, 50), st.integers(1, 200))
def test_pieces_change_nothing_but_rounding(seed: int, n_points: int, numbers: int) -> None:
    data = made("logistic", "log_loss", seed)
    columns = list(np.random.default_rng(seed).normal(size=(2, 9)))
    params = [float(column[0]) for column in columns]
    whole: tuple[Any, ...] = (data.loss(columns), data.gradient(params), data.hessian_at(params))
    with pytest.MonkeyPatch.context() as patch:
        with_chunks(patch, n_points, numbers)
        pieces = (data.loss(columns), data.gradient(params), data.hessian_at(params))
        assert np.asarray(pieces[0])[0] == data.loss(params)  # a row does not see the others
    for one, other in zip(whole, pieces, strict=True):
        assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@given(seeds, st.integers(1, 200))
def test_how_many_rows_go_together_changes_no_bit(seed: int, numbers: int) -> None:
    data = made("tanh", "huber", seed)
    columns = list(np.random.default_rng(seed).normal(size=(2, 9)))
    whole = np.asarray(data.loss(columns)).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK_NUMBERS", numbers)
        assert np.asarray(data.loss(columns)).tolist() == whole


def test_the_last_point_of_a_long_table_counts() -> None:
    n = module.CHUNK_POINTS + 1
    y = np.zeros(n)
    y[-1] = 1e6
    data = Pointwise(Neuron("line", "mae"), np.ones((1, n)), y)
    assert data.loss([0.0, 0.0]) == pytest.approx(1e6 / n)
    assert data.loss([np.zeros(2), 0.0]) == pytest.approx(1e6 / n)
    assert data.gradient([0.5, 0.0]) == pytest.approx([(n - 2) / n] * 2)


@pytest.mark.parametrize(("model", "loss"), CASES)
@given(seed=seeds)
def test_order_of_the_points_is_irrelevant(model: str, loss: str, seed: int) -> None:
    data, params = made(model, loss, seed), [0.25, -1.5]
    order = np.random.default_rng(seed).permutation(data.n)
    other = Pointwise(data.neuron, np.ascontiguousarray(data.x[:, order]), data.y[order])
    assert other.loss(params) == pytest.approx(data.loss(params), rel=1e-12)
    assert_allclose(other.gradient(params), data.gradient(params), atol=1e-13)


def test_features_are_added_in_a_fixed_order() -> None:
    x: Vector = np.array([[1e16], [1.0], [-1e16]])
    assert linear(x, [0.0, 1.0, 1.0, 1.0]).tolist() == [0.0]  # 1e16 + 1 is 1e16
