"""The model with its numbers, as a person writes it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.problem.problem import Problem
from engine.types import Vector
from gui.text import MINUS, fixed_number, shortened

LONGEST_NAME = 14

FUNCTIONS = {"logistic": "σ", "tanh": "tanh", "sine": "sin"}


def equation(problem: Problem, params: Vector) -> str:
    """ŷ as a formula of the features in own units, from parameters (p,) in the model's units."""
    own = problem.scaler.to_own_units(params).tolist()
    names = [shortened(name, LONGEST_NAME) for name in problem.dataset.features]
    inner = fixed_number(own[0]) + "".join(_terms(own[1:], names))
    function = FUNCTIONS.get(problem.neuron.model)
    return f"ŷ = {inner}" if function is None else f"ŷ = {function}({inner})"


def _terms(slopes: Sequence[float], names: Sequence[str]) -> list[str]:
    return [
        f" {MINUS if slope < 0 else '+'} {fixed_number(abs(slope))}·{name}"
        for slope, name in zip(slopes, names, strict=True)
    ]
