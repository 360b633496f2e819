"""Distances end at the nearest of all solutions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.problem.optimum import Certainty, Optimum, optimum_of_quadratic
from engine.problem.quadratic import fit_quadratic
from tests.engine.problem.optima import distances

seeds = st.integers(0, 2**32 - 1)


def test_a_single_optimum_is_the_closed_form_without_a_note() -> None:
    stream = np.random.default_rng(0)
    quadratic = fit_quadratic(stream.normal(size=(20, 2)), stream.normal(size=20), 1.0)
    optimum = optimum_of_quadratic(quadratic)

    assert_array_equal(optimum.params, quadratic.optimum)
    assert optimum.loss == quadratic.minimum
    assert optimum.certainty is Certainty.EXACT
    assert optimum.note is None
    moved = quadratic.optimum + np.array([1.0, 2.0, 3.0])
    assert_allclose(distances(optimum, moved), [1, 2, 3], rtol=1e-12)


@given(seeds)
def test_in_a_valley_the_nearest_solution_counts(seed: int) -> None:
    """Against the nearest of all θ with the same predictions as θ*, by least squares."""
    stream = np.random.default_rng(seed)
    first = stream.normal(size=(20, 1))
    x = np.column_stack((first, -3 * first, np.full(20, 0.5)))
    quadratic = fit_quadratic(x, stream.normal(size=20), 1.0)
    optimum = optimum_of_quadratic(quadratic)
    params = stream.normal(size=4)
    rows = np.column_stack((np.ones(20), x))
    nearest = np.linalg.pinv(rows, rcond=1e-10) @ (rows @ (params - quadratic.optimum))

    assert optimum.flat.shape == (4, 2)
    assert "valley" in str(optimum.note)
    assert_allclose(distances(optimum, params), nearest, atol=1e-10)


def test_every_solution_of_a_valley_is_at_no_distance() -> None:
    """Two points and a plane: all that pass through both."""
    quadratic = fit_quadratic(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([1.0, 3.0]), 1.0)
    optimum = optimum_of_quadratic(quadratic)

    assert_allclose(quadratic.optimum, [1, 1, 1], atol=1e-12)
    assert_allclose(distances(optimum, np.array([1.0, 5.0, -3.0])), 0, atol=1e-12)


def test_without_an_optimum_there_is_no_distance() -> None:
    assert Optimum(None, 0.0, Certainty.NONE).offset(np.zeros(2)) is None
