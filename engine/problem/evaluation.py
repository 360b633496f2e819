"""How good parameters are: losses, R², RMSE, and how far they are from where they should be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic
from engine.types import Vector


@dataclass(frozen=True, slots=True)
class Fit:
    """How parameters fit one part of the data; ``r2`` is NaN where all targets are equal."""

    loss: float
    r2: float
    rmse: float


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Parameters held against the data, the optimum and the truth.

    ``gradient`` is that of the training loss, ``to_optimum`` and ``to_truth`` are θ − θ* and
    θ − truth, all of shape (p,) in the model's units; ``to_truth`` is None where nobody knows it.
    """

    train: Fit
    validation: Fit | None
    gradient: Vector
    to_optimum: Vector
    to_truth: Vector | None

    @property
    def gradient_norm(self) -> float:
        """Euclidean length of the gradient."""
        return float(np.linalg.norm(self.gradient))

    @property
    def distance_to_optimum(self) -> float:
        """Euclidean distance to the least-squares parameters."""
        return float(np.linalg.norm(self.to_optimum))


def _fit(quadratic: Quadratic, params: list[float]) -> Fit:
    loss = float(quadratic.loss(params))
    return Fit(loss, float(quadratic.r2(params)), float(np.sqrt(loss / quadratic.weight)))


def evaluate(problem: Problem, params: Vector) -> Evaluation:
    """Evaluate parameters (p,) in the model's units."""
    values = params.tolist()
    return Evaluation(
        train=_fit(problem.train, values),
        validation=None if problem.validation is None else _fit(problem.validation, values),
        gradient=np.array(problem.train.gradient(values)),
        to_optimum=params - problem.optimum,
        to_truth=None if problem.truth is None else params - problem.truth,
    )
