"""Penalties on the weights: λ₂Σw² and λ₁Σ|w|, never on the intercept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.types import Column, Columns, Vector


@dataclass(frozen=True, slots=True)
class Penalty:
    """λ₂Σw² + λ₁Σ|w| over the weights, the parameters but for the first.

    Ridge: Hoerl & Kennard, *Technometrics* 12 (1970); lasso: Tibshirani, *Journal of the Royal
    Statistical Society* B 58 (1996).
    """

    l1: float = 0.0
    l2: float = 0.0

    def __bool__(self) -> bool:
        return self.l1 > 0 or self.l2 > 0

    def value(self, params: Columns) -> Column:
        """The penalty, elementwise over the columns."""
        total: Column = 0.0
        for weight in params[1:]:
            # not w² first: where nothing is penalised it may overflow, and 0·∞ is not a number
            total = total + (self.l2 * weight * weight + self.l1 * abs(weight))
        return total

    def gradient(self, params: Columns) -> list[Column]:
        """2λ₂w + λ₁·sign(w), the subgradient 0 at w = 0; one column per parameter."""
        return [0.0, *(2 * self.l2 * weight + self.l1 * _sign(weight) for weight in params[1:])]

    def added_to(self, gradient: list[Column], params: Columns) -> list[Column]:
        """A gradient with that of the penalty added; unchanged where there is none."""
        if not self:
            return gradient
        return [g + extra for g, extra in zip(gradient, self.gradient(params), strict=True)]

    def hessian(self, n_params: int) -> Vector:
        """The second derivative (p, p), that of |w| counted as 0."""
        return np.diag([0.0] + [2 * self.l2] * (n_params - 1))


def _sign(value: Column) -> Column:
    if isinstance(value, float):
        return float((value > 0) - (value < 0))
    return np.sign(value)
