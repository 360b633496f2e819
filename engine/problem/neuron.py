"""One neuron: features → z = θ·φ → ŷ = h(z) → loss ℓ(ŷ, y), and its derivatives point by point.

The backward pass of every model is ∂ℓ/∂ŷ · ∂ŷ/∂z · ∂z/∂θ (Rumelhart, Hinton & Williams,
"Learning representations by back-propagating errors", *Nature* 323, 1986). All functions are
elementwise over float64 arrays, so what a point gives does not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.types import Vector


@dataclass(frozen=True, slots=True)
class Activation:
    """ŷ = h(z) with its first and second derivative, both as functions of (z, ŷ)."""

    value: Callable[[Vector], Vector]
    slope: Callable[[Vector, Vector], Vector]
    bend: Callable[[Vector, Vector], Vector]


def sigmoid(z: Vector) -> Vector:
    """1/(1 + e⁻ᶻ) with all digits, also of the small values far out on the left."""
    # the numerator is 1 from 0 on: a mask for that costs more than an exponential
    return np.asarray(np.exp(np.minimum(z, 0.0)) / (1 + np.exp(-np.abs(z))))


def _sigmoid_slope(z: Vector) -> Vector:
    """σ(1 − σ) with all digits on both sides, where σ(z) itself has rounded to 1."""
    small = np.exp(-np.abs(z))
    return np.asarray(small / ((1 + small) * (1 + small)))


def _log_loss(z: Vector, y: Vector) -> Vector:
    """ln(1 + eᶻ) − y·z for labels 0 and 1, as ln(1 + eᵐ) of the margin m of being wrong.

    m is z for label 0 and −z for label 1: no difference that would lose digits.
    """
    return np.asarray(np.maximum((1 - 2 * y) * z, 0) + np.log1p(np.exp(-np.abs(z))))


def _log_loss_and_slope(z: Vector, y: Vector) -> tuple[Vector, Vector]:
    """The same with its slope σ(z) − y, as ±σ(m); in place, since every step pays for it."""
    sign = -2 * y
    sign += 1
    margin = sign * z
    share = np.abs(margin)
    np.negative(share, out=share)
    np.exp(share, out=share)
    below = 1 + share
    loss = np.log1p(share, out=share)
    slope = np.minimum(margin, 0.0)
    loss += np.maximum(margin, 0.0, out=margin)
    np.exp(slope, out=slope)  # as in `sigmoid`
    slope /= below
    slope *= sign
    return loss, slope


ACTIVATIONS: dict[str, Activation] = {
    "line": Activation(lambda z: z, lambda z, _: np.ones_like(z), lambda z, _: np.zeros_like(z)),
    "logistic": Activation(
        sigmoid, lambda z, _: _sigmoid_slope(z), lambda z, p: _sigmoid_slope(z) * (1 - 2 * p)
    ),
    "tanh": Activation(np.tanh, lambda _, t: 1 - t * t, lambda _, t: -2 * t * (1 - t * t)),
    "sine": Activation(np.sin, lambda z, _: np.cos(z), lambda _, s: -s),
}
"""h of every model, by its ``kind`` in the experiment file."""


@dataclass(frozen=True, slots=True)
class ResidualLoss:
    """A loss of the residual r = ŷ − y, with its first and second derivative.

    Each is a function of (r, δ); only Huber's loss looks at δ.
    """

    value: Callable[[Vector, float], Vector]
    slope: Callable[[Vector, float], Vector]
    bend: Callable[[Vector, float], Vector]


def _huber(r: Vector, delta: float) -> Vector:
    """r²/2 up to δ, then straight on (Huber, *Annals of Mathematical Statistics* 35, 1964)."""
    size = np.abs(r)
    inside = np.minimum(size, delta)
    return np.asarray(inside * (size - 0.5 * inside))


RESIDUAL_LOSSES: dict[str, ResidualLoss] = {
    "mse": ResidualLoss(lambda r, _: r * r, lambda r, _: 2 * r, lambda r, _: np.full_like(r, 2.0)),
    "half_mse": ResidualLoss(
        lambda r, _: 0.5 * (r * r), lambda r, _: r, lambda r, _: np.ones_like(r)
    ),
    "mae": ResidualLoss(
        lambda r, _: np.abs(r), lambda r, _: np.sign(r), lambda r, _: np.zeros_like(r)
    ),
    "huber": ResidualLoss(
        _huber,
        lambda r, delta: np.clip(r, -delta, delta),
        lambda r, delta: np.where(np.abs(r) <= delta, 1.0, 0.0),
    ),
}
"""Losses of the residual by their ``kind`` in the experiment file; ``log_loss`` is none."""


QUADRATIC_WEIGHTS = {"mse": 1.0, "half_mse": 0.5}
"""What each loss that squares the residual multiplies the square with."""


@dataclass(frozen=True, slots=True)
class Neuron:
    """A model with a loss; ``delta`` is where Huber's loss turns straight.

    ``log_loss`` belongs to the logistic model alone, with labels 0 and 1. It is computed from z
    and not from ŷ, so that nothing overflows and no digits are lost for any finite z.
    """

    model: str
    loss_kind: str
    delta: float = 1.0

    def predict(self, z: Vector) -> Vector:
        """ŷ = h(z)."""
        return ACTIVATIONS[self.model].value(z)

    def loss(self, z: Vector, y: Vector) -> Vector:
        """ℓ of each point."""
        if self.loss_kind == "log_loss":
            return _log_loss(z, y)
        return self._residual_loss.value(self.predict(z) - y, self.delta)

    def loss_and_slope(self, z: Vector, y: Vector) -> tuple[Vector, Vector]:
        """ℓ and dℓ/dz of each point."""
        if self.loss_kind == "log_loss":
            return _log_loss_and_slope(z, y)
        prediction = self.predict(z)
        residual = prediction - y
        loss, slope = self._residual_loss, self._residual_loss.slope(residual, self.delta)
        if self.model != "line":
            slope = slope * ACTIVATIONS[self.model].slope(z, prediction)
        return loss.value(residual, self.delta), slope

    def factors(self, z: Vector, y: Vector) -> tuple[Vector, Vector]:
        """The first two factors of the chain rule, ∂ℓ/∂ŷ and ∂ŷ/∂z, of each point.

        For the log loss ∂ℓ/∂ŷ = (ŷ − y)/(ŷ(1 − ŷ)) grows without bound where a label is missed
        by far.
        """
        prediction = self.predict(z)
        inner = ACTIVATIONS[self.model].slope(z, prediction)
        if self.loss_kind == "log_loss":
            with np.errstate(divide="ignore", over="ignore"):
                # for y = 1: −1/ŷ, for y = 0: 1/(1 − ŷ); 1 − ŷ is σ(−z)
                outer = np.where(y > 0.5, -1 / prediction, 1 / sigmoid(-np.asarray(z)))
            return np.asarray(outer), inner
        return self._residual_loss.slope(prediction - y, self.delta), inner

    def bend(self, z: Vector, y: Vector) -> Vector:
        """d²ℓ/dz² of each point."""
        prediction = self.predict(z)
        activation = ACTIVATIONS[self.model]
        inner = activation.slope(z, prediction)
        if self.loss_kind == "log_loss":
            return inner
        loss, residual = self._residual_loss, prediction - y
        return loss.bend(residual, self.delta) * (inner * inner) + loss.slope(
            residual, self.delta
        ) * activation.bend(z, prediction)

    @property
    def quadratic_weight(self) -> float | None:
        """What multiplies the mean of r² where the loss is a quadratic of the parameters."""
        return QUADRATIC_WEIGHTS.get(self.loss_kind) if self.model == "line" else None

    @property
    def is_convex(self) -> bool:
        """Whether the mean loss is a convex function of the parameters."""
        return self.model == "line" or self.loss_kind == "log_loss"

    @property
    def is_smooth(self) -> bool:
        """Whether the loss has second derivatives that say where to go."""
        return self.loss_kind != "mae"

    @property
    def _residual_loss(self) -> ResidualLoss:
        return RESIDUAL_LOSSES[self.loss_kind]
