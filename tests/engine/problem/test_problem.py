"""A problem knows where its loss curves, and where that says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiment import Features, HalfMse, Huber, LogLoss, Loss, Mae, Model, Mse
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from engine.types import Vector

STREAM = np.random.default_rng(0)
X = STREAM.normal(size=60)
LINE = 1 + 2 * X + STREAM.normal(size=60)
CLASSES = np.where(STREAM.random(60) < 1 / (1 + np.exp(-X)), 1.0, 0.0)


def problem(model: Model, loss: Loss, y: Vector) -> Problem:
    rest = Part(np.zeros((0, 1)), np.zeros(0))
    data = Dataset(Part(X[:, np.newaxis], y), rest, ("x",), "y")
    return build_problem(data, Features(), model, loss)


@pytest.mark.parametrize(
    ("model", "loss", "y"),
    [
        (Model("line"), Mse(l1=0.1), LINE),
        (Model("line"), Huber(), LINE),
        (Model("line"), Huber(l2=0.1), LINE),
        (Model("logistic"), LogLoss(), CLASSES),
        (Model("logistic"), HalfMse(), CLASSES),
        (Model("tanh"), Mse(), np.tanh(LINE)),
        (Model("sine"), Mse(), np.sin(LINE)),
    ],
)
def test_curvature_is_that_of_the_gradient_about_the_optimum(
    model: Model, loss: Loss, y: Vector
) -> None:
    """Against central differences of the gradient, which see the curvature once more."""
    made = problem(model, loss, y)
    assert made.optimum.params is not None
    columns = []
    for step in 1e-5 * np.eye(2):
        after, before = (
            made.objective.gradient((made.optimum.params + s).tolist()) for s in (step, -step)
        )
        columns.append((np.array(after) - np.array(before)) / 2e-5)

    assert made.curvature is not None
    assert made.curvature.smallest > 0
    np.testing.assert_allclose(
        made.curvature.eigenvalues, np.linalg.eigvalsh(np.array(columns)), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("model", "loss", "y"),
    [
        (Model("line"), Mae(), LINE),
        (Model("line"), Mae(l2=0.1), LINE),
        (Model("tanh"), Mae(), np.tanh(LINE)),
        (Model("logistic"), LogLoss(), np.where(X > 0, 1.0, 0.0)),
    ],
)
def test_no_curvature_where_there_is_a_kink_or_no_optimum(
    model: Model, loss: Loss, y: Vector
) -> None:
    assert problem(model, loss, y).curvature is None
