"""What descends: gradients and Hessians of every model, loss and penalty; the lessons' numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine.problem.objective import Penalised
from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic
from engine.types import Vector
from tests.engine.descents import CASES, problem_with

PENALTIES: list[dict[str, float]] = [{}, {"l2": 0.3}, {"l1": 0.2}, {"l1": 0.1, "l2": 0.05}]
STEP = 6e-6
DELTA = 0.7
TUTORIAL_4 = {"source": "tutorial", "name": "tutorial-4"}


def loss_of(kind: str, penalty: dict[str, float]) -> dict[str, Any]:
    return {"kind": kind, **({"delta": DELTA} if kind == "huber" else {}), **penalty}


def is_near_a_corner(problem: Problem, params: Vector) -> bool:
    """Whether a residual or a weight would cross a corner within a step."""
    z = params[0] + problem.x_train @ params[1:]
    size = np.abs(problem.neuron.predict(z) - problem.dataset.train.y)
    corners = {"mae": 0.0, "huber": DELTA}
    corner = corners.get(problem.neuron.loss_kind)
    margin = 10 * STEP * (1 + np.abs(problem.x_train).max())
    crossing = corner is not None and bool((np.abs(size - corner) < margin).any())
    return crossing or bool((np.abs(params[1:]) < margin).any())


PROBLEMS = {
    (model, loss, i): problem_with(model, loss_of(loss, penalty))
    for model, loss in CASES
    for i, penalty in enumerate(PENALTIES)
}


@pytest.mark.parametrize("penalty", range(len(PENALTIES)))
@pytest.mark.parametrize(("model", "loss"), CASES)
@given(seed=st.integers(0, 2**32 - 1))
def test_derivatives_are_those_of_the_loss(model: str, loss: str, penalty: int, seed: int) -> None:
    problem = PROBLEMS[model, loss, penalty]
    objective = problem.objective
    params = np.random.default_rng(seed).normal(0, 1.5, 2)
    if is_near_a_corner(problem, params):
        return
    value, gradient = objective.loss_and_gradient(params.tolist())
    hessian = objective.hessian_at(params.tolist())
    assert value == objective.loss(params.tolist())
    assert gradient == objective.gradient(params.tolist())
    for j in range(2):
        step = np.zeros(2)
        step[j] = STEP
        above, below = (params + step).tolist(), (params - step).tolist()
        slope = (objective.loss(above) - objective.loss(below)) / (2 * STEP)
        # a loss near 10 is rounded to 1e-15, and so its difference to 1e-10
        assert slope == pytest.approx(gradient[j], rel=1e-7, abs=2e-9)
        bend = np.subtract(objective.gradient(above), objective.gradient(below)) / (2 * STEP)
        assert_allclose(hessian[:, j], bend, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("penalty", range(len(PENALTIES)))
@pytest.mark.parametrize(("model", "loss"), CASES)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_penalty_is_what_comes_on_top_of_the_data(
    model: str, loss: str, penalty: int, seed: int
) -> None:
    problem = PROBLEMS[model, loss, penalty]
    params = np.random.default_rng(seed).normal(0, 1.5, 2).tolist()
    l1, l2 = (PENALTIES[penalty].get(key, 0.0) for key in ("l1", "l2"))
    extra = l2 * params[1] ** 2 + l1 * abs(params[1])
    slope = 2 * l2 * params[1] + l1 * np.sign(params[1])
    objective, data = problem.objective, problem.train
    assert objective.loss(params) == pytest.approx(data.loss(params) + extra, rel=1e-11)
    expected = np.add(data.gradient(params), [0.0, slope])
    assert_allclose(objective.gradient(params), expected, rtol=1e-10, atol=1e-11)


@given(seed=st.integers(0, 2**32 - 1))
def test_columns_are_each_row_for_itself(seed: int) -> None:
    columns = np.random.default_rng(seed).normal(size=(2, 5))
    for problem in PROBLEMS.values():
        losses = np.asarray(problem.objective.loss(list(columns)))
        gradients = np.array(problem.objective.gradient(list(columns)))
        for k, params in enumerate(columns.T.tolist()):
            assert problem.objective.loss(params) == losses[k]
            assert problem.objective.gradient(params) == gradients[:, k].tolist()


def test_a_line_with_squares_stays_free_of_the_points() -> None:
    for i, penalty in enumerate(PENALTIES):
        for loss in ("mse", "half_mse"):
            problem = PROBLEMS["line", loss, i]
            assert problem.is_free
            assert isinstance(problem.train, Quadratic)
            assert problem.is_quadratic is ("l1" not in penalty)
            assert isinstance(problem.objective, Quadratic if problem.is_quadratic else Penalised)
    assert not PROBLEMS["line", "mae", 0].is_free
    assert not PROBLEMS["logistic", "mse", 0].is_quadratic


# b, w; loss, ∂b, ∂w by autograd in float64, with r = b + w·x − y on the points of tutorial 4
@pytest.mark.parametrize(
    ("loss", "rows"),
    [
        (
            {"kind": "mse"},
            [
                (0.0, 0.0, 53.330318695242276, -14.058194762304462, -15.26711603446384),
                (4.0, 3.0, 1.0297617241074741, -0.38466868815424854, -0.3427706790144188),
                (4.5, 2.5, 1.0926707101604223, -0.33025636717928375, -0.6237903205309061),
            ],
        ),
        (
            {"kind": "half_mse"},
            [
                (0.0, 0.0, 26.665159347621138, -7.029097381152231, -7.63355801723192),
                (4.0, 3.0, 0.5148808620537371, -0.19233434407712427, -0.1713853395072094),
                (4.5, 2.5, 0.5463353550802111, -0.16512818358964187, -0.31189516026545305),
            ],
        ),
        (
            {"kind": "mae"},
            [
                (0.0, 0.0, 7.02909738115223, -1.0, -0.9455876790250353),
                (4.0, 3.0, 0.8623845994287559, -0.14, -0.09445548350708372),
                (4.5, 2.5, 0.8829665318052665, -0.14, -0.21766105039640965),
            ],
        ),
        (
            {"kind": "huber"},
            [
                (0.0, 0.0, 6.52909738115223, -1.0, -0.9455876790250353),
                (4.0, 3.0, 0.45719934942801765, -0.10561748264711535, -0.08532748651094847),
                (2.0, 1.0, 3.583652522428432, -0.9983099094625616, -0.9452701430884054),
            ],
        ),
        (
            {"kind": "huber", "delta": 0.5},
            [
                (0.0, 0.0, 3.389548690576115, -0.5, -0.47279383951251763),
                (4.0, 3.0, 0.3173578378956434, -0.056939491575711876, -0.04681832380317522),
                (4.5, 2.5, 0.3263605187104666, -0.058827472487910024, -0.10695137403353949),
            ],
        ),
        (
            {"kind": "mse", "l2": 0.5},
            [(0.0, 1.0, 39.78980998131996, -12.16701940425439, -11.813901393380792)],
        ),
    ],
)
def test_losses_on_tutorial_4(loss: dict[str, Any], rows: list[tuple[float, ...]]) -> None:
    objective = problem_with("line", loss, TUTORIAL_4).objective
    for b, w, value, *gradient in rows:
        assert objective.loss([b, w]) == pytest.approx(value, rel=1e-12)
        assert objective.gradient([b, w]) == pytest.approx(gradient, rel=1e-12)


def one_neuron(model: str) -> Problem:
    """Targets tanh(1.5x − 0.5) and sin(2x + 0.5) on linspace(−3, 3, 25)."""
    x = np.linspace(-3, 3, 25)
    y = np.tanh(1.5 * x - 0.5) if model == "tanh" else np.sin(2 * x + 0.5)
    return problem_with(model, "mse", {"source": "points", "x": x.tolist(), "y": y.tolist()})


# b, w; loss, ∂b, ∂w by autograd in float64
@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (
            "tanh",
            [
                (0.0, 0.0, 0.78672121124367, 0.2132917895988778, -2.9709941852299258),
                (-0.5, 0.5, 0.15011655437009014, -0.36913297102365195, -0.6144916781743313),
                (2.0, -1.0, 2.4186459172750276, -0.4474430731532072, -1.1428394500243129),
                (3.0, 0.1, 1.9854101860163007, 0.02904246077390275, -0.04557689039755418),
            ],
        ),
        (
            "sine",
            [
                (0.0, 0.0, 0.5014948671350604, 0.005143640808888832, 0.8909120924214265),
                (0.0, 1.0, 1.0042741738880785, -0.005157266364094165, -1.6926338722608243),
                (2.0, -1.0, 0.995092596955553, 0.006294264035171311, 0.4513466795385367),
                (3.0, 0.1, 0.46606435473484376, -0.2811731292809728, -0.23923904628040538),
                (0.5, 2.0, 0.0, 0.0, 0.0),
            ],
        ),
    ],
)
def test_one_neuron(model: str, rows: list[tuple[float, ...]]) -> None:
    objective = one_neuron(model).objective
    for b, w, value, *gradient in rows:
        assert objective.loss([b, w]) == pytest.approx(value, rel=1e-12)
        assert objective.gradient([b, w]) == pytest.approx(gradient, rel=1e-10, abs=1e-14)
