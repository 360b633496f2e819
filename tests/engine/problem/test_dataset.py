"""Splitting and scaling keep every point, and every prediction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.files.experiments import preset
from engine.messages import InputError
from engine.problem.dataset import Part, fit_scaler, split
from engine.problem.sources import dataset_of
from engine.types import Vector

seeds = st.integers(0, 2**32 - 1)


def numbered(n: int) -> tuple[Vector, Vector]:
    return np.arange(2.0 * n).reshape(n, 2), np.arange(float(n))


def test_scaler_of_tutorial_2_knows_the_training_part_only() -> None:
    scaler = fit_scaler(dataset_of(preset("tutorial-2")).train, 1.0, standardise=True)
    # Tutorial 2's StandardScaler.
    assert scaler.mean[0] == pytest.approx(0.4724589477734627, rel=1e-14)
    assert scaler.sd[0] == pytest.approx(0.3062249402850815, rel=1e-14)


@given(seeds, st.integers(1, 4), st.floats(1e-3, 1e3), st.booleans())
def test_both_units_predict_the_same(seed: int, d: int, scale: float, standardise: bool) -> None:
    stream = np.random.default_rng(seed)
    part = Part(stream.normal(size=(20, d)), stream.normal(size=20))
    scaler = fit_scaler(part, tuple(scale * stream.uniform(0.5, 2, d)), standardise)
    params = stream.normal(size=d + 1)
    own = scaler.to_own_units(params)

    predicted = params[0] + scaler.transform(part.x) @ params[1:]
    size = np.abs(own).max() + np.abs(predicted).max()
    assert_allclose(own[0] + part.x @ own[1:], predicted, atol=1e-12 * size)
    assert_allclose(scaler.to_model_units(own), params, atol=1e-12 * size)


@given(seeds, st.floats(1e-6, 1e6))
def test_standardised_features_have_mean_0_and_sd_1(seed: int, scale: float) -> None:
    part = Part(np.random.default_rng(seed).normal(3, 2, size=(50, 2)), np.zeros(50))
    x = fit_scaler(part, scale, standardise=True).transform(part.x)
    assert_allclose(x.mean(axis=0), 0, atol=1e-12)
    assert_allclose(x.std(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, -1e6 / 3])  # the mean of ten times 0.1 is not 0.1
def test_constant_feature_keeps_its_unit(value: float) -> None:
    part = Part(np.full((10, 1), value), np.arange(10.0))
    scaler = fit_scaler(part, 1.0, standardise=True)
    assert scaler.sd.tolist() == [1.0]
    assert_allclose(scaler.transform(part.x), 0, atol=1e-9)


def test_own_units_cost_no_copy() -> None:
    part = Part(*numbered(5))
    scaler = fit_scaler(part, 1.0, standardise=False)
    assert scaler.is_identity
    assert scaler.transform(part.x) is part.x


@pytest.mark.parametrize(("factors", "given"), [((1.0, 2.0, 3.0), "3"), ((), "0")])
def test_wrong_number_of_factors_is_refused(factors: tuple[float, ...], given: str) -> None:
    with pytest.raises(InputError, match=rf"features.scale has {given} factors.* 2 features"):
        fit_scaler(Part(*numbered(5)), factors, standardise=False)


@given(st.integers(4, 60), st.floats(0.5, 1.0), st.none() | seeds)
def test_split_keeps_every_point_once(n: int, share: float, seed: int | None) -> None:
    x, y = numbered(n)
    train, rest = split(x, y, share, seed)

    assert train.n == round(share * n)
    assert train.n + rest.n == n
    assert sorted([*train.y, *rest.y]) == y.tolist()
    for part in (train, rest):
        assert_array_equal(part.x[:, 0], 2 * part.y)  # features stay with their targets


def test_seed_decides_the_order() -> None:
    def train(seed: int | None) -> list[float]:
        return [float(value) for value in split(*numbered(20), 0.8, seed)[0].y]

    assert train(None) == list(range(16))
    assert train(1) == train(1)
    assert train(1) != train(2)


@pytest.mark.parametrize(("share", "left"), [(0.01, 0), (0.1, 1)])
def test_too_few_points_to_learn_from_are_refused(share: float, left: int) -> None:
    with pytest.raises(InputError, match=rf"share of {share} of 10 points leaves {left} to learn"):
        split(*numbered(10), share, None)
