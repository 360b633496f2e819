"""Gradients of every model, loss and penalty against PyTorch's autograd, where it is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.descents import CASES, problem_with

torch: Any = pytest.importorskip("torch", reason="autograd is checked where torch is installed")


def literal_loss(model: str, loss: str, theta: Any, x: Any, y: Any, penalties: Any) -> Any:
    """The objective as one writes it in PyTorch."""
    z = theta[0] + theta[1] * x
    if loss == "log_loss":
        mean = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
    else:
        models = {"line": lambda z: z, "logistic": torch.sigmoid, "tanh": torch.tanh}
        prediction = {**models, "sine": torch.sin}[model](z)
        residual = prediction - y
        mean = {
            "mse": lambda: (residual**2).mean(),
            "half_mse": lambda: (residual**2).mean() / 2,
            "mae": lambda: residual.abs().mean(),
            "huber": lambda: torch.nn.functional.huber_loss(prediction, y, delta=0.7),
        }[loss]()
    return mean + penalties[0] * theta[1:].abs().sum() + penalties[1] * (theta[1:] ** 2).sum()


@pytest.mark.parametrize("penalties", [(0.0, 0.0), (0.3, 0.0), (0.0, 0.4), (0.3, 0.4)])
@pytest.mark.parametrize(("model", "loss"), CASES)
def test_the_gradient_is_that_of_autograd(
    model: str, loss: str, penalties: tuple[float, float]
) -> None:
    section: dict[str, Any] = {"kind": loss, "l1": penalties[0], "l2": penalties[1]}
    problem = problem_with(model, section | ({"delta": 0.7} if loss == "huber" else {}))
    x = torch.tensor(problem.x_train[:, 0].tolist(), dtype=torch.float64)
    y = torch.tensor(problem.dataset.train.y.tolist(), dtype=torch.float64)
    for params in np.random.default_rng(1).normal(0, 2, (5, 2)).tolist():
        theta = torch.tensor(params, dtype=torch.float64, requires_grad=True)
        expected = literal_loss(model, loss, theta, x, y, penalties)
        expected.backward()
        value, gradient = problem.objective.loss_and_gradient(params)
        assert value == pytest.approx(expected.item(), rel=1e-12)
        assert gradient == pytest.approx(theta.grad.tolist(), rel=1e-10, abs=1e-12)
