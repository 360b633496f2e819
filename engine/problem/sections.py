"""Cuts through the loss: one parameter moves, the others are held.

What tutorial 2 draws beside its contour: the loss along an axis, the tangent whose slope is the
partial derivative, the jump −η·∂L/∂θ to where it lands, and the finite difference that comes
close to the derivative as its width shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.problem.objective import Objective
from engine.types import Vector


@dataclass(frozen=True, slots=True)
class Cut:
    """The loss along one parameter through a point.

    Parameters
    ----------
    axis
        Which parameter moves.
    at, loss, slope
        Its value at the point, the loss and the partial derivative there.
    landing, landing_loss
        Where the jump −η·slope along this axis alone lands, and the loss there.
    overshoots
        Whether it lands beyond the valley's bottom and higher than it began.
    crosses
        Whether it lands on the other side of the valley at all.
    """

    axis: int
    at: float
    loss: float
    slope: float
    landing: float
    landing_loss: float
    crosses: bool
    overshoots: bool


@dataclass(frozen=True, slots=True)
class Triangle:
    """A finite difference: from ``at`` a ``width`` to the side and ``rise`` up."""

    at: float
    width: float
    loss: float
    rise: float

    @property
    def quotient(self) -> float:
        """Rise over width, which the slope is the limit of."""
        return self.rise / self.width


def cut(objective: Objective, params: Vector, axis: int, rate: float) -> Cut:
    """The cut along one axis at parameters (p,), with the jump at learning rate ``rate``."""
    values = params.tolist()
    loss, gradient = objective.loss_and_gradient(values)
    at, slope = values[axis], float(gradient[axis])
    landing = at - rate * slope
    there, behind = objective.loss_and_gradient(moved(params, axis, landing).tolist())
    crosses = slope * float(behind[axis]) < 0
    return Cut(
        axis=axis,
        at=at,
        loss=float(loss),
        slope=slope,
        landing=landing,
        landing_loss=float(there),
        crosses=crosses,
        overshoots=crosses and float(there) > float(loss),
    )


def moved(params: Vector, axis: int, value: float) -> Vector:
    """Parameters (p,) with one of them at another value."""
    there = params.copy()
    there[axis] = value
    return there


def profile(objective: Objective, params: Vector, axis: int, values: Vector) -> Vector:
    """The loss (m,) at values (m,) of one parameter, the others held at ``params`` (p,)."""
    columns: list[float | Vector] = list(params.tolist())
    columns[axis] = values
    with np.errstate(over="ignore"):
        return np.asarray(objective.loss(columns))


def triangle(objective: Objective, params: Vector, axis: int, width: float) -> Triangle:
    """The finite difference of a width, to the right where it is positive."""
    begun = float(objective.loss(params.tolist()))
    at = float(params[axis])
    there = float(objective.loss(moved(params, axis, at + width).tolist()))
    return Triangle(at, width, begun, there - begun)
