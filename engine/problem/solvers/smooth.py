"""Newton's method for losses with second derivatives, damped, and with λ₁Σ|w| where wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.problem.neuron import Neuron
from engine.problem.optimum import Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.solvers.frame import Frame, frame_of
from engine.problem.solvers.lasso import CERTIFIED, is_optimal, minimise_squares, subgradient
from engine.types import Vector

MOST_STEPS = 100
LEAST_DAMPING, MOST_DAMPING = 1e-10, 1e12
"""Limits of what is added to the curvature; features of mean square 1 make it about 1."""


@dataclass(frozen=True, eq=False)
class Goal:
    """The objective in the coordinates of a frame: a mean loss + γᵀCγ + Σ pull·|γ|."""

    data: Pointwise
    curve: Vector
    pull: Vector

    def value(self, gamma: Vector) -> float:
        """The objective."""
        return float(self.data.loss(gamma.tolist())) + self._penalty(gamma)

    def value_and_gradient(self, gamma: Vector) -> tuple[float, Vector]:
        """The objective, and the gradient of its smooth part."""
        loss, gradient = self.data.loss_and_gradient(gamma.tolist())
        return loss + self._penalty(gamma), np.array(gradient) + 2 * (self.curve @ gamma)

    def hessian(self, gamma: Vector) -> Vector:
        """The second derivative of the smooth part."""
        return self.data.hessian_at(gamma.tolist()) + 2 * self.curve

    def scale(self, start: Vector) -> float:
        """How large a gradient is that does not cancel: the root mean square of dℓ/dz.

        Taken without features, and no smaller than what rounded targets make of it.
        """
        neuron, total, largest = self.data.neuron, 0.0, 0.0
        for _, y in self.data.chunks():
            slopes = neuron.loss_and_slope(np.full_like(y, start[0]), y)[1]
            total += float(slopes @ slopes)
            largest = max(largest, float(np.abs(y).max()))
        size = float(np.sqrt(total / self.data.n))
        if neuron.loss_kind == "huber":
            largest = min(largest, 1e5 * neuron.delta)
        return max(size, 1e-5 * largest)

    def _penalty(self, gamma: Vector) -> float:
        return float(gamma @ self.curve @ gamma + self.pull @ np.abs(gamma))


def goal_of(frame: Frame) -> Goal:
    """What to minimise in a frame."""
    return Goal(frame.data, frame.curve, frame.pull)


@dataclass(frozen=True, slots=True, eq=False)
class Iterate:
    """Parameters with the gradient of the smooth part, and the step that led there."""

    gamma: Vector
    gradient: Vector
    step: Vector


def newton(goal: Goal, start: Vector) -> Iterator[Iterate]:
    """The iterates of Newton's method, each below the one before, until nothing is gained.

    The quadratic model is damped by a multiple of the identity where its step does not do what
    it promises, or does not curve upwards (Levenberg and Marquardt; Nocedal & Wright, *Numerical
    Optimization*, 2nd ed., section 10.3); with λ₁ each step minimises the model plus Σ pull·|γ|
    (proximal Newton: Lee, Sun & Saunders, *SIAM Journal on Optimization* 24, 2014).
    """
    gamma, damping = start, 0.0
    value, gradient = goal.value_and_gradient(gamma)
    left = np.linalg.norm(subgradient(gradient, gamma, goal.pull))
    tolerance = CERTIFIED * goal.scale(gamma)
    for _ in range(MOST_STEPS):
        bend = goal.hessian(gamma)
        while True:
            step = _step(goal, gamma, gradient, bend + damping * np.eye(len(gamma)))
            if step is not None:
                promise = _promise(goal, gamma, gradient, bend, step)
                new_value, new_gradient = goal.value_and_gradient(gamma + step)
                new_left = np.linalg.norm(subgradient(new_gradient, gamma + step, goal.pull))
                is_rounding = abs(new_value - value) <= 1e-13 * abs(value)
                if value - new_value >= 1e-4 * promise > 0 or (is_rounding and new_left < left):
                    break
            if damping >= MOST_DAMPING or left <= tolerance:
                return
            damping = max(10 * damping, 1e-8)
        was_left, left = left, new_left
        gamma, value, gradient = gamma + step, new_value, new_gradient
        damping = damping / 30 if damping > LEAST_DAMPING else 0.0
        yield Iterate(gamma, gradient, step)
        if left == 0 or (left <= tolerance and left > 0.1 * was_left):
            return


def _step(goal: Goal, gamma: Vector, gradient: Vector, bend: Vector) -> Vector | None:
    """To the minimum of the quadratic model with Σ pull·|γ|; None where it has none."""
    try:
        lower = np.asarray(np.linalg.cholesky(bend), dtype=float)
    except np.linalg.LinAlgError:
        return None
    newton_step = -np.linalg.solve(lower.T, np.linalg.solve(lower, gradient))
    if not goal.pull.any():
        return np.asarray(newton_step)
    target = lower.T @ (gamma + newton_step)
    return minimise_squares(lower.T, target, goal.pull, gamma) - gamma


def _promise(goal: Goal, gamma: Vector, gradient: Vector, bend: Vector, step: Vector) -> float:
    """By how much the quadratic model says that the step lowers the objective."""
    smooth = gradient @ step + 0.5 * (step @ bend @ step)
    return -float(smooth + goal.pull @ (np.abs(gamma + step) - np.abs(gamma)))


def minimise(goal: Goal, start: Vector) -> tuple[Vector, bool]:
    """The last of Newton's iterates, and whether the conditions of optimality hold there."""
    gamma = start
    for iterate in newton(goal, start):
        gamma = iterate.gamma
    gradient = goal.value_and_gradient(gamma)[1]
    return gamma, is_optimal(gradient, gamma, goal.pull, goal.scale(start))


def minimise_huber(goal: Goal, start: Vector) -> tuple[Vector, bool]:
    """The optimum under Huber's loss, by way of larger δ where δ is small against the errors.

    Each δ starts from the optimum of a larger one: Madsen & Nielsen, *SIAM Journal on
    Optimization* 3 (1993).
    """
    delta = goal.data.neuron.delta
    size = typical_error(goal.data, start)
    while size > 3 * delta:
        # the weight of the penalty grows with the slope of the loss far out, which is δ
        start = minimise(with_delta(goal, size, size / delta), start)[0]
        size /= 10
    return minimise(goal, start)


def huber_optimum(data: Pointwise, penalty: Penalty) -> Optimum:
    """The line with the smallest mean of Huber's loss, penalty included."""
    frame = frame_of(data, penalty)
    return frame.optimum(*minimise_huber(goal_of(frame), frame.start))


def minimise_absolute(goal: Goal, start: Vector) -> Vector:
    """Nearly the optimum under |r|: that of Huber's loss over δ with a δ that hardly matters.

    Huber's loss over δ is at most δ/2 below |r|, and only for points within δ, of which there
    are few: a share of about p/n + δ.
    """
    size = typical_error(goal.data, start)
    if size == 0:
        return start
    delta = size * min(max(1e-8 * goal.data.n, 1e-6), 1e-3)
    return minimise_huber(with_delta(goal, delta, delta), start)[0]


def with_delta(goal: Goal, delta: float, share: float) -> Goal:
    """The goal with Huber's loss of this δ, and with this multiple of its penalties."""
    neuron = Neuron(goal.data.neuron.model, "huber", delta)
    data = replace(goal.data, neuron=neuron)
    return Goal(data, share * goal.curve, share * goal.pull)


def typical_error(data: Pointwise, gamma: Vector) -> float:
    """The root mean square of ŷ − y."""
    return float(np.sqrt(data.mean_square(gamma.tolist())))
