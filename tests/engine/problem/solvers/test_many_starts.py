"""The best of many starts is no worse than a fine grid, and is not a proof."""

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
from engine.problem.solvers import find_optimum
from engine.types import Vector
from tests.engine.problem.optima import solution

seeds = st.integers(0, 2**32 - 1)
X = np.linspace(-3, 3, 25)
SMOOTH = ["mse", "half_mse", "huber"]
LOSSES = [*SMOOTH, "mae"]


def data_of(model: str, loss: str, x: Vector, y: Vector) -> Pointwise:
    return Pointwise(Neuron(model, loss, 0.5), np.ascontiguousarray(np.atleast_2d(x)), y)


def best(model: str, loss: str, x: Vector, y: Vector, penalty: Penalty | None = None) -> Optimum:
    data, penalty = data_of(model, loss, x, y), penalty or Penalty()
    return find_optimum(objective_of(data, penalty), data, penalty)


def best_of_grid(data: Pointwise, penalty: Penalty, most: float) -> float:
    """The smallest objective over a fine grid of b and w within ±``most``."""
    b, w = np.meshgrid(np.linspace(-np.pi, np.pi, 121), np.linspace(-most, most, 601))
    return float(np.min(objective_of(data, penalty).loss([b.ravel(), w.ravel()])))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("model", "b", "w"), [("tanh", -0.5, 1.5), ("sine", 0.5, 2.0), ("logistic", 0.4, -1.3)]
)
def test_the_curve_that_made_the_points_is_found(model: str, b: float, w: float, loss: str) -> None:
    y = Neuron(model, loss).predict(b + w * X)
    optimum = best(model, loss, X, y)

    assert optimum.params is not None
    assert_allclose(optimum.params, [b, w], atol=1e-8)
    assert optimum.loss < 1e-9
    assert optimum.certainty is Certainty.FOUND
    assert "starts" in str(optimum.note)


@settings(max_examples=25, derandomize=True)  # the best of many starts is no certainty
@given(
    seeds,
    st.sampled_from(["tanh", "sine", "logistic"]),
    st.sampled_from(LOSSES),
    st.sampled_from([Penalty(), Penalty(l2=0.01), Penalty(l1=0.02)]),
)
def test_a_fine_grid_has_nothing_lower(seed: int, model: str, loss: str, penalty: Penalty) -> None:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=30)
    y = Neuron(model, loss).predict(stream.normal() + 2 * stream.normal() * x)
    y = y + 0.2 * stream.normal(size=30)
    if model == "logistic":
        y = (y > 0.5).astype(float)
    data, optimum = data_of(model, loss, x, y), best(model, loss, x, y, penalty)

    assert optimum.loss <= best_of_grid(data, penalty, 6.0) + 1e-6


@settings(max_examples=25)
@given(seeds, st.sampled_from(["tanh", "sine"]), st.sampled_from(SMOOTH))
def test_there_is_no_gradient_where_the_best_start_ends(seed: int, model: str, loss: str) -> None:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=40)
    y = Neuron(model, loss).predict(0.3 + 1.7 * x) + 0.3 * stream.normal(size=40)
    data, optimum = data_of(model, loss, x, y), best(model, loss, x, y)

    assert optimum.params is not None
    assert np.abs(data.gradient(optimum.params.tolist())).max() < 1e-9
    curvature = curvature_at(data.hessian_at(optimum.params.tolist()))
    assert curvature is not None
    assert curvature.smallest > 0


@pytest.mark.parametrize(("b", "w"), [(2.5, -2.0), (9.0, 3.0), (-4.0, 0.7), (0.1, -5.0)])
def test_of_equal_sines_it_is_the_one_with_a_positive_weight(b: float, w: float) -> None:
    optimum = best("sine", "mse", X, np.sin(b + w * X))

    assert optimum.params is not None
    assert optimum.params[1] == pytest.approx(abs(w), abs=1e-8)
    assert -np.pi < optimum.params[0] <= np.pi
    assert_allclose(np.sin(optimum.params[0] + optimum.params[1] * X), np.sin(b + w * X), atol=1e-8)


@pytest.mark.parametrize("waves", [0.3, 4, 20])
def test_slow_and_fast_sines_are_found(waves: float) -> None:
    stream = np.random.default_rng(0)
    x = 100 + np.sort(stream.random(100))
    y = np.sin(1 + 2 * np.pi * waves * (x - 100)) + 0.1 * stream.normal(size=100)
    optimum = best("sine", "mse", x, y)

    assert optimum.params is not None
    assert optimum.params[1] == pytest.approx(2 * np.pi * waves, abs=0.3)
    assert optimum.loss < 0.015


@pytest.mark.parametrize("model", ["tanh", "sine", "logistic"])
def test_the_same_points_give_the_same_bits(model: str) -> None:
    stream = np.random.default_rng(0)
    x, y = stream.normal(size=50), (stream.random(50) > 0.5).astype(float)
    one, other = best(model, "mse", x, y), best(model, "mse", x, y)

    assert one.params is not None
    assert other.params is not None
    assert one.params.tolist() == other.params.tolist()
    assert one.loss == other.loss


@settings(max_examples=20)
@given(seeds, st.sampled_from(["tanh", "sine"]))
def test_order_of_the_points_is_irrelevant(seed: int, model: str) -> None:
    stream = np.random.default_rng(seed)
    x = stream.normal(size=40)
    y = Neuron(model, "mse").predict(0.3 + 1.7 * x) + 0.1 * stream.normal(size=40)
    order = stream.permutation(40)
    one, other = best(model, "mse", x, y), best(model, "mse", x[order], y[order])

    assert_allclose(solution(other), solution(one), rtol=1e-9, atol=1e-9)


def test_two_features_of_classes() -> None:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(2, 200))
    y = (stream.random(200) < 1 / (1 + np.exp(1 - 2 * x[0] + 3 * x[1]))).astype(float)
    optimum = best("logistic", "mse", x, y)
    data = data_of("logistic", "mse", x, y)

    assert optimum.params is not None
    assert np.abs(data.gradient(optimum.params.tolist())).max() < 1e-10
    nearby = stream.uniform(-6, 6, size=(3, 20_000))
    assert optimum.loss <= float(np.min(data.loss(list(nearby))))


def test_more_points_than_a_sample_are_all_used_in_the_end() -> None:
    stream = np.random.default_rng(0)
    x = stream.normal(size=20_000)
    y = np.sin(0.4 + 3 * x) + 0.3 * stream.normal(size=20_000)
    optimum = best("sine", "mse", x, y)

    assert optimum.params is not None
    assert_allclose(optimum.params, [0.4, 3], atol=0.02)
    gradient = data_of("sine", "mse", x, y).gradient(optimum.params.tolist())
    assert np.abs(gradient).max() < 1e-10


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("model", "y", "penalty", "infimum"),
    [
        ("logistic", X > 0.1, Penalty(), 0.0),
        ("tanh", np.where(X > 0.1, 1.0, -1.0), Penalty(), 0.0),
        ("logistic", np.ones(25), Penalty(), 0.0),
        ("logistic", np.zeros(25), Penalty(0.1, 0.1), 0.0),
        ("tanh", np.full(25, 1.4), Penalty(l2=0.1), 0.4),
    ],
)
def test_a_step_is_no_optimum(
    model: str, y: Vector, penalty: Penalty, infimum: float, loss: str
) -> None:
    optimum = best(model, loss, X, y.astype(float), penalty)
    error = {"mse": infimum**2, "half_mse": infimum**2 / 2, "mae": infimum}
    expected = error.get(loss, infimum**2 / 2)  # within Huber's δ

    assert optimum.params is None
    assert optimum.certainty is Certainty.NONE
    assert optimum.loss == pytest.approx(expected, abs=1e-12)
    assert "no optimum" in str(optimum.note)


@pytest.mark.parametrize("model", ["tanh", "sine"])
def test_targets_of_zero_are_met_by_zero(model: str) -> None:
    optimum = best(model, "mse", X, np.zeros(25))

    assert optimum.params is not None
    assert optimum.loss < 1e-20
    assert_allclose(
        Neuron(model, "mse").predict(optimum.params[0] + optimum.params[1] * X), 0, atol=1e-9
    )


@pytest.mark.parametrize("model", ["tanh", "sine", "logistic"])
def test_a_constant_feature_leaves_a_constant(model: str) -> None:
    y = np.array([0.0, 1.0, 0.0, 0.0])
    optimum = best(model, "mse", np.full(4, 3.0), y)

    assert optimum.params is not None
    assert optimum.flat.shape == (2, 1)
    assert "valley" in str(optimum.note)
    assert Neuron(model, "mse").predict(optimum.params[:1]) == pytest.approx(0.25, abs=1e-9)
    assert optimum.loss == pytest.approx(3 / 16, rel=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("model", "loss"), [("sine", "mse"), ("tanh", "mse"), ("line", "huber"), ("line", "mae")]
)
def test_a_feature_whose_squares_vanish_counts_as_constant(model: str, loss: str) -> None:
    x, y = np.array([2e-161, -1.6e-160, 7e-161]), np.array([-0.8, 0.9, 0.6])
    optimum = best(model, loss, x, y)
    assert optimum.params is not None
    assert optimum.params[1] == 0
    assert np.isfinite(optimum.loss)


@pytest.mark.parametrize("constant", [0.0, 2.0])
def test_balanced_labels_over_a_constant_feature_are_a_level_surface(constant: float) -> None:
    """The mean of σ and 1 − σ is ½ wherever one stands: nothing falls."""
    y = np.tile([0.0, 1.0], 6)
    optimum = best("logistic", "mae", np.full(12, constant), y)

    assert optimum.params is not None
    assert optimum.certainty is Certainty.FOUND
    assert optimum.loss == pytest.approx(0.5, rel=1e-12)
    most = best("logistic", "mae", np.full(12, constant), np.append(y[:-1], 0.0))
    assert most.params is None
    assert most.loss == pytest.approx(5 / 12, rel=1e-12)
