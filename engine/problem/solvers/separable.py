"""The log loss, which has a minimum only where no line separates the classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.optimum import Certainty, Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise, linear
from engine.problem.solvers.frame import frame_of
from engine.problem.solvers.lasso import is_optimal
from engine.problem.solvers.smooth import goal_of, newton
from engine.types import Vector

SEPARABLE = Message(
    QT_TRANSLATE_NOOP(
        "Message",
        "The two classes can be separated, so the loss falls for ever as the weights grow: there "
        "is no optimum.",
    )
)
ONE_CLASS = Message(
    QT_TRANSLATE_NOOP(
        "Message",
        "All labels are the same, so the loss falls for ever as the intercept grows: there is no "
        "optimum.",
    )
)
ON_THE_LINE = 1e-9
"""A distance from the separating line, as a share of the largest, that is only rounding."""


def log_loss_optimum(data: Pointwise, penalty: Penalty) -> Optimum:
    """The optimum of the log loss, or what it falls towards where classes are separable.

    A minimum exists without penalty exactly where no direction has every point on the side of its
    label (Albert & Anderson, *Biometrika* 71, 1984). Where one has, Newton's steps find it: in
    the end each goes along it.
    """
    share = float(data.y.mean())
    if share in (0.0, 1.0):
        return Optimum(None, 0.0, Certainty.NONE, note=ONE_CLASS)
    frame = frame_of(data, penalty)
    goal = goal_of(frame)
    start = np.zeros_like(frame.start)
    start[0] = np.log(share / (1 - share))
    gamma, gradient = start, goal.value_and_gradient(start)[1]
    for iterate in newton(goal, start):
        gamma, gradient = iterate.gamma, iterate.gradient
        if penalty:
            continue
        for direction in (gamma, iterate.step):
            stays = _on_the_line(frame.data, direction)
            if stays is not None:
                return Optimum(None, _infimum(data, stays), Certainty.NONE, note=SEPARABLE)
    return frame.optimum(gamma, is_optimal(gradient, gamma, goal.pull, goal.scale(start)))


def _on_the_line(data: Pointwise, direction: Vector) -> NDArray[np.intp] | None:
    """The indices of the points on a line with all others on their side; None for no such line."""
    values, pieces = direction.tolist(), []
    for x, y in data.chunks():
        margins = (2 * y - 1) * linear(x, values)
        if margins.min() < -ON_THE_LINE * np.abs(margins).max():
            return None
        pieces.append(margins)
    margins = np.concatenate(pieces)
    return np.flatnonzero(margins <= ON_THE_LINE * margins.max()) if margins.any() else None


def _infimum(data: Pointwise, stays: NDArray[np.intp]) -> float:
    """What the loss falls towards: only the points on the line keep any."""
    if not stays.size:
        return 0.0
    rest = replace(data, x=np.ascontiguousarray(data.x[:, stays]), y=data.y[stays])
    return log_loss_optimum(rest, Penalty()).loss * rest.n / data.n
