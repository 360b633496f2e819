"""Models and losses point by point: against their definitions, differences and exact sums."""

from __future__ import annotations

import cmath
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.neuron import Neuron, sigmoid
from tests.engine.descents import CASES

H: dict[str, Callable[[complex], complex]] = {
    "line": lambda z: z,
    "logistic": lambda z: 1 / (1 + cmath.exp(-z)),
    "tanh": cmath.tanh,
    "sine": cmath.sin,
}


def complex_loss(neuron: Neuron, z: complex, y: float) -> complex:
    """ℓ by its definition, of a complex z: its real part decides between the pieces."""
    p = H[neuron.model](z)
    r, delta = p - y, neuron.delta
    size = r if r.real > 0 else -r
    if neuron.loss_kind == "log_loss":
        return -(y * cmath.log(p) + (1 - y) * cmath.log(1 - p))
    found: dict[str, complex] = {
        "mse": r * r,
        "half_mse": r * r / 2,
        "mae": size,
        "huber": r * r / 2 if size.real <= delta else delta * (size - delta / 2),
    }
    return found[neuron.loss_kind]


@pytest.mark.parametrize(("model", "loss"), CASES)
@given(
    z=st.floats(-6, 6),
    y=st.floats(-3, 3),
    label=st.sampled_from([0.0, 1.0]),
    delta=st.floats(0.01, 2),
)
def test_values_and_slopes_are_those_of_the_definition(
    model: str, loss: str, z: float, y: float, label: float, delta: float
) -> None:
    target = label if model == "logistic" else y
    neuron = Neuron(model, loss, delta)
    value, slope = neuron.loss_and_slope(np.array([z]), np.array([target]))
    # the complex step has no error of truncation or cancellation
    expected = complex_loss(neuron, complex(z, 1e-30), target)
    residual = abs(H[model](complex(z)) - target)
    if loss in ("mae", "huber") and (residual < 1e-9 or abs(residual - delta) < 1e-9):
        return  # on a corner rounding decides

    assert value[0] == pytest.approx(expected.real, rel=1e-12, abs=1e-14)
    assert slope[0] == pytest.approx(expected.imag / 1e-30, rel=1e-12, abs=1e-14)
    assert neuron.loss(np.array([z]), np.array([target])) == value
    outer, inner = neuron.factors(np.array([z]), np.array([target]))
    assert outer * inner == pytest.approx(slope, rel=1e-12, abs=1e-14)
    assert inner[0] == pytest.approx(H[model](complex(z, 1e-30)).imag / 1e-30, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(("model", "loss"), CASES)
@given(seed=st.integers(0, 2**32 - 1))
def test_bends_are_differences_of_slopes(model: str, loss: str, seed: int) -> None:
    stream = np.random.default_rng(seed)
    z, step = stream.uniform(-4, 4, 20), 6e-6
    y = stream.integers(0, 2, 20).astype(float) if model == "logistic" else stream.normal(size=20)
    neuron = Neuron(model, loss, 0.5)
    size = np.abs(neuron.predict(z) - y)
    far = (size > 1e-4) & (np.abs(size - 0.5) > 1e-4)  # away from corners
    (_, above), (_, below) = (neuron.loss_and_slope(z + h, y) for h in (step, -step))
    assert_allclose(neuron.bend(z, y)[far], ((above - below) / (2 * step))[far], atol=1e-8)


def exact_log_loss(z: float, y: float) -> tuple[float, float, float]:
    """ln(1 + eᶻ) − y·z, its slope 1/(1 + e⁻ᶻ) − y and its bend, in long arithmetic."""
    with localcontext() as context:
        context.prec = 60
        context.Emin = -(10**6)
        small = (-abs(Decimal(z))).exp()
        rest = Decimal(0) if (z > 0) == (y == 1) else abs(Decimal(z))
        share = (small if (z > 0) == (y == 1) else Decimal(1)) / (1 + small)
        loss = rest + (1 + small).ln() if small > Decimal("1e-50") else rest + small
        return float(loss), float(share if y == 0 else -share), float(small / (1 + small) ** 2)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("size", [1e-9, 0.3, 3.0, 20.0, 36.5, 40.0, 300.0, 700.0, 1e4, 1e300])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_log_loss_keeps_its_digits_however_far_out(y: float, size: float, sign: int) -> None:
    z = sign * size
    neuron = Neuron("logistic", "log_loss")
    value, slope = neuron.loss_and_slope(np.array([z]), np.array([y]))
    bend = neuron.bend(np.array([z]), np.array([y]))
    found = (float(value[0]), float(slope[0]), float(bend[0]))
    assert found == pytest.approx(exact_log_loss(z, y), rel=1e-14, abs=0)


@given(st.floats(-700, 700))
def test_the_sigmoid_keeps_its_small_values(z: float) -> None:
    with localcontext() as context:
        context.prec = 40
        expected = float(1 / (1 + (-Decimal(z)).exp()))
    assert float(sigmoid(np.array([z]))[0]) == pytest.approx(expected, rel=1e-14, abs=0)
    assert sigmoid(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]


def test_a_missed_label_has_a_factor_without_bound() -> None:
    outer, inner = Neuron("logistic", "log_loss").factors(np.array([-1e4, 1e4]), np.array([1.0, 0]))
    assert outer.tolist() == [-np.inf, np.inf]
    assert inner.tolist() == [0.0, 0.0]


def test_residuals_on_a_corner_have_the_slope_between() -> None:
    zero = np.zeros(1)
    assert Neuron("line", "mae").loss_and_slope(zero, zero)[1].tolist() == [0.0]
    huber = Neuron("line", "huber", 0.5)
    assert huber.loss(np.array([-0.5, 0.5]), np.zeros(2)).tolist() == [0.125, 0.125]
    assert huber.loss_and_slope(np.array([-0.5, 9.0]), np.zeros(2))[1].tolist() == [-0.5, 0.5]


@pytest.mark.parametrize(("model", "loss"), CASES)
def test_a_neuron_knows_what_kind_of_loss_it_has(model: str, loss: str) -> None:
    neuron = Neuron(model, loss)
    assert neuron.is_convex is (model == "line" or loss == "log_loss")
    assert neuron.is_smooth is (loss != "mae")
    weights = {("line", "mse"): 1.0, ("line", "half_mse"): 0.5}
    assert neuron.quadratic_weight == weights.get((model, loss))


@given(st.integers(0, 2**32 - 1))
def test_what_a_point_gives_does_not_depend_on_its_neighbours(seed: int) -> None:
    stream = np.random.default_rng(seed)
    z, y = stream.normal(0, 5, 17), stream.integers(0, 2, 17).astype(float)
    for model, loss in CASES:
        neuron = Neuron(model, loss)
        together = np.array(neuron.loss_and_slope(z, y)).T
        alone = [np.ravel(neuron.loss_and_slope(z[k : k + 1], y[k : k + 1])) for k in range(17)]
        assert together.tolist() == np.array(alone).tolist()


def test_the_log_loss_of_infinite_parameters_is_0_or_infinite() -> None:
    """Where a run has left every bound, a step sees the same loss."""
    neuron = Neuron("logistic", "log_loss")
    z, y = np.array([-np.inf, np.inf, -np.inf, np.inf]), np.array([0.0, 1.0, 1.0, 0.0])
    loss, slope = neuron.loss_and_slope(z, y)
    assert loss.tolist() == neuron.loss(z, y).tolist() == [0.0, 0.0, np.inf, np.inf]
    assert slope.tolist() == [0.0, 0.0, -1.0, 1.0]
    assert neuron.predict(z).tolist() == [0.0, 1.0, 0.0, 1.0]
