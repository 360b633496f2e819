"""How good parameters are: losses, R², RMSE, accuracy, and how far they are from their aims."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.problem.pointwise import Pointwise
from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic
from engine.types import Vector


@dataclass(frozen=True, slots=True)
class Fit:
    """How parameters fit one part of the data.

    ``loss`` is without penalty; ``r2`` is NaN where all targets are equal; ``accuracy``, the share
    of points whose class is right, is None but for a model of classes.
    """

    loss: float
    r2: float
    rmse: float
    accuracy: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Parameters held against the data, the optimum and the truth.

    ``loss`` and ``gradient`` (p,) are those of the objective, penalty included; ``to_optimum`` and
    ``to_truth`` (p,) are θ − θ* for the nearest solution and θ − truth, in the model's units, None
    where there is no such thing.
    """

    train: Fit
    validation: Fit | None
    loss: float
    gradient: Vector
    to_optimum: Vector | None
    to_truth: Vector | None

    @property
    def gradient_norm(self) -> float:
        """Euclidean length of the gradient."""
        return length(self.gradient)

    @property
    def distance_to_optimum(self) -> float | None:
        """Euclidean distance to the nearest solution; None where there is no minimum."""
        return None if self.to_optimum is None else length(self.to_optimum)


def length(vector: Vector) -> float:
    """Euclidean length, also of numbers whose squares have no finite value."""
    return math.hypot(*vector.tolist())


def _fit(data: Quadratic | Pointwise, params: list[float], has_classes: bool) -> Fit:
    mean_square, spread = float(data.mean_square(params)), data.spread
    accuracy = None
    if has_classes and isinstance(data, Pointwise):
        accuracy = float(data.accuracy(params))
    return Fit(
        loss=float(data.loss(params)),
        r2=1 - mean_square / spread if spread > 0 else float("nan"),
        rmse=float(np.sqrt(mean_square)),
        accuracy=accuracy,
    )


def evaluate(problem: Problem, params: Vector) -> Evaluation:
    """Evaluate parameters (p,) in the model's units."""
    values, classes = params.tolist(), problem.has_classes
    rest = problem.validation
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged run: that is what it shows
        loss, gradient = problem.objective.loss_and_gradient(values)
        return Evaluation(
            train=_fit(problem.train, values, classes),
            validation=None if rest is None else _fit(rest, values, classes),
            loss=float(loss),
            gradient=np.array(gradient),
            to_optimum=problem.optimum.offset(params),
            to_truth=None if problem.truth is None else params - problem.truth,
        )
