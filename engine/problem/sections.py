"""Cuts through the loss: one parameter moves, the others are held.

What tutorial 2 draws beside its contour: the loss along an axis, the tangent whose slope is the
partial derivative, the jump −η·∂L/∂θ to where it lands, and the finite difference that comes
close to the derivative as its width shrinks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.problem.objective import Objective
from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic
from engine.types import Vector

FREE_SAMPLES = 201
"""Losses along a curve that costs nothing in the number of points."""

SAMPLES = 101
FEWEST_SAMPLES = 31
SAMPLED_NUMBERS = 500_000
"""Losses along any other curve; ever fewer where so many times the points are more than this."""

QUICK_NUMBERS = 150_000
"""Samples times points up to which a curve takes no longer than a frame."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The loss along one parameter through a point.

    Parameters
    ----------
    axis
        Which parameter moves.
    at, loss, slope
        Its value at the point, the loss and the partial derivative there.
    jump
        −η·slope, the step along this axis alone; near the minimum too short to move ``at``.
    landing, landing_loss
        Where the jump lands, and the loss there.
    overshoots
        Whether it lands beyond the valley's bottom and higher than it began.
    crosses
        Whether it lands on the other side of the valley at all.
    """

    axis: int
    at: float
    loss: float
    slope: float
    jump: float
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


@dataclass(frozen=True, slots=True)
class Look:
    """What of a cut is looked at: which parameter, from where to where, and how wide a triangle."""

    axis: int
    span: tuple[float, float]
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """All that is drawn of one cut.

    Parameters
    ----------
    values, losses
        The curve: values (m,) of the parameter, ascending, and the loss there.
    vertex
        The bottom of a parabola, the parameter and the loss; None for any other curve.
    joint
        Where the step of all parameters together lands: this parameter, and the loss there. It
        lies off the curve, because the others move as well. None where it is not known.
    """

    look: Look
    cut: Cut
    triangle: Triangle
    values: Vector
    losses: Vector
    vertex: tuple[float, float] | None
    joint: tuple[float, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Inquiry:
    """What sections are asked for.

    Parameters
    ----------
    params
        The point (p,) that the cuts go through.
    looks
        One for each cut.
    rate
        The learning rate of the jumps.
    after
        The parameters (p,) of the step that follows; None where they are not known.
    descends
        Whether then −η∇L is that step.
    """

    problem: Problem
    params: Vector
    looks: tuple[Look, ...]
    rate: float
    after: Vector | None
    descends: bool

    @property
    def token(self) -> tuple[object, ...]:
        """Equal for equal sections."""
        after = self.descends if self.after is None else self.after.tobytes()
        return self.problem, self.params.tobytes(), self.looks, self.rate, after


def sections(inquiry: Inquiry) -> tuple[Section, ...]:
    """The cuts through a problem's objective, one for each look."""
    problem, params, after = inquiry.problem, inquiry.params, inquiry.after
    if after is None and inquiry.descends:
        after = stepped(problem.objective, params, inquiry.rate)
    joint = None if after is None else (after, _loss_at(problem.objective, after))
    return tuple(_section(problem, params, look, inquiry.rate, joint) for look in inquiry.looks)


def sections_unless(
    inquiry: Inquiry, cancelled: Callable[[], bool]
) -> Iterator[tuple[Section, ...]]:
    """The sections, unless nobody waits for them any more."""
    if not cancelled():
        yield sections(inquiry)


def _section(
    problem: Problem, params: Vector, look: Look, rate: float, joint: tuple[Vector, float] | None
) -> Section:
    objective, axis = problem.objective, look.axis
    made = cut(objective, params, axis, rate)
    values = _values(look, made, sample_count(problem))
    return Section(
        look=look,
        cut=made,
        triangle=triangle(objective, params, axis, look.width),
        values=values,
        losses=profile(objective, params, axis, values),
        vertex=vertex(objective, params, made),
        joint=None if joint is None else (float(joint[0][axis]), joint[1]),
    )


def sample_count(problem: Problem) -> int:
    """Losses along one curve: as many as the number of points allows."""
    if problem.is_free:
        return FREE_SAMPLES
    most = SAMPLED_NUMBERS // problem.dataset.train.n
    return min(SAMPLES, max(FEWEST_SAMPLES, most))


def is_quick(problem: Problem) -> bool:
    """Whether sections take no longer than a frame."""
    return problem.is_free or sample_count(problem) * problem.dataset.train.n <= QUICK_NUMBERS


def _values(look: Look, made: Cut, count: int) -> Vector:
    """Evenly spaced, and where something stands on the curve."""
    low, high = look.span
    marks = [mark for mark in (made.at, made.landing) if low < mark < high]
    return np.sort(np.concatenate((np.linspace(low, high, count), marks)))


def cut(objective: Objective, params: Vector, axis: int, rate: float) -> Cut:
    """The cut along one axis at parameters (p,), with the jump at learning rate ``rate``."""
    values = params.tolist()
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = objective.loss_and_gradient(values)
        at, slope = values[axis], float(gradient[axis])
        jump = -rate * slope
        landing = at + jump
        there, behind = objective.loss_and_gradient(moved(params, axis, landing).tolist())
    crosses = slope * float(behind[axis]) < 0
    return Cut(
        axis=axis,
        at=at,
        loss=float(loss),
        slope=slope,
        jump=jump,
        landing=landing,
        landing_loss=float(there),
        crosses=crosses,
        overshoots=crosses and float(there) > float(loss),
    )


def vertex(objective: Objective, params: Vector, made: Cut) -> tuple[float, float] | None:
    """The bottom of a cut through a quadratic: the parameter and the loss; None for any other.

    With the curvature h along the axis it lies −slope/h from the point.
    """
    if not isinstance(objective, Quadratic):
        return None
    bend = float(objective.hessian[made.axis, made.axis])
    if bend <= 0:
        return None
    lowest = made.at - made.slope / bend
    return lowest, _loss_at(objective, moved(params, made.axis, lowest))


def stepped(objective: Objective, params: Vector, rate: float) -> Vector:
    """Where −η∇L leads from parameters (p,), all of them together."""
    gradient = np.array(objective.gradient(params.tolist()))
    return np.asarray(params - rate * gradient)


def moved(params: Vector, axis: int, value: float) -> Vector:
    """Parameters (p,) with one of them at another value."""
    there = params.copy()
    there[axis] = value
    return there


def profile(objective: Objective, params: Vector, axis: int, values: Vector) -> Vector:
    """The loss (m,) at values (m,) of one parameter, the others held at ``params`` (p,)."""
    columns: list[float | Vector] = list(params.tolist())
    columns[axis] = values
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(objective.loss(columns))


def triangle(objective: Objective, params: Vector, axis: int, width: float) -> Triangle:
    """The finite difference of a width, to the right where it is positive."""
    at, begun = float(params[axis]), _loss_at(objective, params)
    return Triangle(at, width, begun, _loss_at(objective, moved(params, axis, at + width)) - begun)


def _loss_at(objective: Objective, params: Vector) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(objective.loss(params.tolist()))
