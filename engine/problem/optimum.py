"""Where an objective is smallest, how sure that is, and how far parameters are from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.quadratic import Quadratic
from engine.types import Vector

VALLEY = Message(
    QT_TRANSLATE_NOOP(
        "Message",
        "The data cannot tell some parameters apart (a constant or repeated feature, or too few "
        "points): every point of a valley is an optimum; distances are measured to the nearest.",
    )
)
"""What is said where an optimum has flat directions."""

APPROXIMATE = Message(
    QT_TRANSLATE_NOOP("Message", "The optimum is approximate: its last digits are not certain.")
)


class Certainty(Enum):
    """How sure it is that nothing is smaller."""

    EXACT = "exact"
    """In closed form, or certified by the conditions of optimality."""
    APPROXIMATE = "approximate"
    """The optimum but for the last digits."""
    FOUND = "found"
    """The best of many starts; there may be a lower one."""
    NONE = "none"
    """The loss falls for ever and has no minimum."""


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """The parameters (p,) with the smallest loss, in the model's units.

    Parameters
    ----------
    params
        None where there is no minimum.
    loss
        The objective there; what it falls towards where there is no minimum.
    flat
        Orthonormal directions (p, k) along which the solutions go on: those of data whose rank
        is short.
    note
        What is special about it, as a sentence; None for nothing.
    """

    params: Vector | None
    loss: float
    certainty: Certainty = Certainty.EXACT
    flat: Vector = field(default_factory=lambda: np.zeros((0, 0)))
    note: Message | None = None

    def offset(self, params: Vector) -> Vector | None:
        """θ − θ* (p,) for the solution θ* that is nearest; None where there is no minimum."""
        if self.params is None:
            return None
        offset = params - self.params
        if self.flat.size:
            offset = offset - self.flat @ (self.flat.T @ offset)
        return offset


def solution(
    params: Vector, loss: float, is_exact: bool, flat: Vector, note: Message | None
) -> Optimum:
    """The optimum that a solver came to.

    One that is not certified says so, unless there is something else to be said of it.
    """
    if is_exact:
        return Optimum(params, loss, Certainty.EXACT, flat, note)
    return Optimum(params, loss, Certainty.APPROXIMATE, flat, note or APPROXIMATE)


def optimum_of_quadratic(quadratic: Quadratic) -> Optimum:
    """The closed form; of minimum norm in the weights where the rank is short."""
    flat = quadratic.flat
    note = VALLEY if flat.size else None
    return Optimum(quadratic.optimum, quadratic.minimum, flat=flat, note=note)
