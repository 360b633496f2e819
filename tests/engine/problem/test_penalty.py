"""Penalties against their definition, and what they leave alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.penalty import Penalty

seeds = st.integers(0, 2**32 - 1)
strengths = st.floats(0, 10)


@given(seeds, strengths, strengths, st.integers(2, 5))
def test_value_and_gradient_are_those_of_the_definition(
    seed: int, l1: float, l2: float, p: int
) -> None:
    penalty = Penalty(l1, l2)
    params = np.random.default_rng(seed).normal(size=p)
    w = params[1:]
    value = l2 * (w**2).sum() + l1 * np.abs(w).sum()
    gradient = np.append(0.0, 2 * l2 * w + l1 * np.sign(w))

    assert penalty.value(params.tolist()) == pytest.approx(value, rel=1e-13)
    assert_allclose(penalty.gradient(params.tolist()), gradient, rtol=1e-13)
    assert_allclose(penalty.hessian(p), np.diag([0.0] + [2 * l2] * (p - 1)))
    assert bool(penalty) is (l1 > 0 or l2 > 0)
    for j in range(p):
        step = np.zeros(p)
        step[j] = 6e-6
        ends = [penalty.value((params + h).tolist()) for h in (step, -step)]
        slope = (ends[0] - ends[1]) / 1.2e-5
        if j == 0 or abs(params[j]) > 1e-5:  # away from the corner
            assert slope == pytest.approx(gradient[j], rel=1e-8, abs=1e-8)


@given(seeds, strengths, strengths)
def test_floats_and_columns_give_the_same_bits(seed: int, l1: float, l2: float) -> None:
    penalty, columns = Penalty(l1, l2), np.random.default_rng(seed).normal(size=(3, 9))
    values, gradients = penalty.value(list(columns)), penalty.gradient(list(columns))
    for k in range(9):
        alone = columns[:, k].tolist()
        assert penalty.value(alone) == np.asarray(values)[k]
        assert penalty.gradient(alone)[1:] == [np.asarray(g)[k] for g in gradients[1:]]


def test_on_the_corner_the_slope_is_none() -> None:
    assert Penalty(l1=3.0).gradient([5.0, 0.0, -0.0, 2.0]) == [0.0, 0.0, 0.0, 3.0]


@given(st.floats(1e155, 1e307))
def test_what_is_not_penalised_costs_nothing_however_large(weight: float) -> None:
    """Its square would overflow, and nothing times infinity is not a number."""
    assert Penalty().value([1.0, weight]) == 0
    assert Penalty(l1=0.5).value([1.0, -weight]) == 0.5 * weight
    column = np.array([weight])
    assert Penalty(l1=0.5).value([column, column]) == 0.5 * column
    assert Penalty(l1=1e-300, l2=1e-200).value([weight, 1.0]) == 1e-200 + 1e-300  # b is free


def test_a_gradient_without_penalty_is_left_as_it_is() -> None:
    gradient = [1.0, 2.0]
    assert Penalty().added_to(gradient, [3.0, 4.0]) is gradient
    assert Penalty(l1=0.5, l2=0.25).added_to(gradient, [3.0, -4.0]) == [1.0, -0.5]
