"""What a descent minimises: the mean loss over the training points, and penalties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.quadratic import Quadratic, with_ridge
from engine.types import Column, Columns, Vector


class Objective(Protocol):
    """A function of the parameters with its derivatives.

    ``loss`` and ``gradient`` are elementwise over the columns; ``loss_and_gradient`` and
    ``hessian_at`` take floats.
    """

    def loss(self, params: Columns) -> Column:
        """L(θ)."""

    def gradient(self, params: Columns) -> list[Column]:
        """∇L(θ), one column per parameter."""

    def loss_and_gradient(self, params: Columns) -> tuple[float, list[Column]]:
        """L(θ) and ∇L(θ)."""

    def hessian_at(self, params: Columns) -> Vector:
        """The second derivative (p, p)."""


@dataclass(frozen=True, eq=False)
class Penalised:
    """The loss of the data with a penalty added."""

    data: Quadratic | Pointwise
    penalty: Penalty

    def loss(self, params: Columns) -> Column:
        """L(θ), elementwise over the columns."""
        return self.data.loss(params) + self.penalty.value(params)

    def gradient(self, params: Columns) -> list[Column]:
        """∇L(θ), elementwise over the columns; the subgradient 0 of |w| at w = 0."""
        return self.penalty.added_to(self.data.gradient(params), params)

    def loss_and_gradient(self, params: Columns) -> tuple[float, list[Column]]:
        """L(θ) and ∇L(θ) at floats."""
        loss, gradient = self.data.loss_and_gradient(params)
        return loss + self.penalty.value(params), self.penalty.added_to(gradient, params)

    def hessian_at(self, params: Columns) -> Vector:
        """The second derivative (p, p) at floats; that of |w| counts as 0."""
        return self.data.hessian_at(params) + self.penalty.hessian(len(params))


def objective_of(data: Quadratic | Pointwise, penalty: Penalty) -> Objective:
    """The loss of the training data with a penalty; a quadratic with ridge is a quadratic again."""
    if not penalty:
        return data
    if isinstance(data, Quadratic) and not penalty.l1:
        return with_ridge(data, penalty.l2)
    return Penalised(data, penalty)
