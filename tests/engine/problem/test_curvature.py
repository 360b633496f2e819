"""Eigenvalues and what they say about rates, against the tutorials' numbers and exact sums."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.descent.optimizers import stability_limit
from engine.experiment import Adam, Features, Gd, Model, Momentum, Mse
from engine.files.experiments import preset
from engine.problem.curvature import Curvature, curvature_of
from engine.problem.problem import build_problem
from engine.problem.quadratic import fit_quadratic
from engine.problem.sources import dataset_of
from engine.types import Vector


def curvature(name: str, scale: float = 1.0, standardise: bool = False) -> Curvature:
    features = Features(scale, standardise)
    found = build_problem(dataset_of(preset(name)), features, Model(), Mse()).curvature
    assert found is not None
    return found


# λmin, λmax, κ, 2/λmax, 2/(λmin + λmax) by 60-digit arithmetic.
@pytest.mark.parametrize(
    ("name", "scale", "standardise", "smallest", "largest", "kappa", "limit", "best"),
    [
        (
            *("tutorial-1", 1.0, False, 0.321903901996047, 4.131310739086998),
            *(12.833987763024167, 0.4841078597835009, 0.4491137663900228),
        ),
        (
            *("tutorial-2", 1.0, False, 0.151070552605459, 2.4829117901621593),
            *(16.43544520980615, 0.8055058612732189, 0.7593065327455951),
        ),
        (
            *("tutorial-2", 10.0, False, 0.578675422730182, 64.81955885403168),
            *(112.01367175439033, 0.03085488447250676, 0.03058186542982347),
        ),
        ("tutorial-2", 1.0, True, 2.0, 2.0, 1.0, 1.0, 0.5),
        ("tutorial-2", 10.0, True, 2.0, 2.0, 1.0, 1.0, 0.5),
    ],
)
def test_tutorials_have_their_curvature(
    name: str,
    scale: float,
    standardise: bool,
    smallest: float,
    largest: float,
    kappa: float,
    limit: float,
    best: float,
) -> None:
    found = curvature(name, scale, standardise)
    assert found.smallest == pytest.approx(smallest, rel=1e-12)
    assert found.largest == pytest.approx(largest, rel=1e-12)
    assert found.condition_number == pytest.approx(kappa, rel=1e-12)
    assert found.best_rate == pytest.approx(best, rel=1e-12)
    assert stability_limit("gd", found.largest, Gd()) == pytest.approx(limit, rel=1e-12)
    # Polyak 1964: momentum 0.9 bears a rate 1.9 times as large.
    assert stability_limit("momentum", found.largest, Momentum()) == pytest.approx(1.9 * limit)
    assert stability_limit("adam", found.largest, Adam()) is None


def exact_eigenvalues(x: Vector) -> tuple[float, float]:
    """λmin and λmax of 2·[[1, m], [m, q]], m and q the means of x and x²: exact, then rounded."""
    values = [Fraction(value) for value in x.tolist()]
    mean = sum(values, Fraction()) / len(values)
    square = sum((value * value for value in values), Fraction()) / len(values)
    with localcontext() as context:
        context.prec = 80

        def decimal(value: Fraction) -> Decimal:
            return Decimal(value.numerator) / Decimal(value.denominator)

        trace, determinant = decimal(2 + 2 * square), decimal(4 * (square - mean * mean))
        largest = (trace + (trace * trace - 4 * determinant).sqrt()) / 2
        return float(determinant / largest), float(largest)


@pytest.mark.parametrize("offset", [0.0, 1.0, 1e3, 1e6])  # κ is 1e24 at 1e6, beyond eigvalsh
@given(seed=st.integers(0, 2**32 - 1))
def test_smallest_eigenvalue_survives_any_condition(offset: float, seed: int) -> None:
    x = offset + np.random.default_rng(seed).random(20)
    found = curvature_of(fit_quadratic(x[:, np.newaxis], x, 1.0))
    smallest, largest = exact_eigenvalues(x)

    # The mean of the features is rounded to 1e-16 of their size.
    assert found.smallest == pytest.approx(smallest, rel=1e-12 + 1e-15 * offset)
    assert found.largest == pytest.approx(largest, rel=1e-12)


def exact_smallest_of_three(x: Vector) -> float:
    """λmin for two features: Newton's way up from 0 to the first root of the characteristic."""
    rows = [[Fraction(1), *map(Fraction, row)] for row in x.tolist()]
    h = [
        [2 * sum((r[i] * r[j] for r in rows), Fraction()) / len(rows) for j in range(3)]
        for i in range(3)
    ]
    minors = [h[i][i] * h[j][j] - h[i][j] ** 2 for i, j in ((0, 1), (0, 2), (1, 2))]
    determinant = (
        h[0][0] * minors[2]
        - h[0][1] * (h[0][1] * h[2][2] - h[1][2] * h[0][2])
        + h[0][2] * (h[0][1] * h[1][2] - h[1][1] * h[0][2])
    )
    trace, minor, root = h[0][0] + h[1][1] + h[2][2], sum(minors), Fraction(0)
    for _ in range(8):
        value = ((root - trace) * root + minor) * root - determinant
        root -= value / ((3 * root - 2 * trace) * root + minor)
        root = root.limit_denominator(10**60)
    return float(root)


@given(seed=st.integers(0, 2**32 - 1))
def test_smallest_eigenvalue_survives_two_far_features(seed: int) -> None:
    x = 1e6 + np.random.default_rng(seed).random((20, 2))
    found = curvature_of(fit_quadratic(x, x[:, 0], 1.0))
    assert found.smallest == pytest.approx(exact_smallest_of_three(x), rel=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.booleans())
def test_eigenvectors_make_up_the_hessian(seed: int, d: int, doubled: bool) -> None:
    x = np.random.default_rng(seed).normal(size=(30, d))
    if doubled:
        x = np.column_stack((x, x[:, 0]))
    quadratic = fit_quadratic(x, x[:, 0], 0.5)
    found = curvature_of(quadratic)
    vectors = found.eigenvectors

    assert (np.diff(found.eigenvalues) >= 0).all()
    assert found.condition_number >= 1
    assert_allclose(vectors * found.eigenvalues @ vectors.T, quadratic.hessian, atol=1e-12)
    assert (found.smallest == 0) is doubled


def test_flat_direction_plays_no_part_in_the_best_rate() -> None:
    # Of one constant feature 0 the Hessian is diag(2, 0).
    found = curvature_of(fit_quadratic(np.zeros((3, 1)), np.arange(3.0), 1.0))
    assert found.eigenvalues.tolist() == [0.0, 2.0]
    assert found.condition_number == float("inf")
    assert found.best_rate == 0.5


def test_flat_surface_has_no_limit() -> None:
    assert stability_limit("gd", 0.0, Gd()) is None
    assert stability_limit("gd", 3.0, Gd(weight_decay=1.0)) == 0.5  # λ + decay = 4
