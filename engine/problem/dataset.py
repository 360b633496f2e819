"""Data as the user gave it, split into training and validation, and the scaling of its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.messages import QT_TRANSLATE_NOOP, InputError, Message
from engine.types import Vector

ROUNDING = 8 * float(np.finfo(np.float64).eps)
"""A spread of no more than this share of the largest value is only the rounding of the mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Points of one part of the data: features ``x`` (n, d) and targets ``y`` (n,), float64."""

    x: Vector
    y: Vector

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.y)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A training part, a validation part (possibly empty) and what the columns are called.

    ``truth`` holds the parameters [b, w1, …] that the data were made with, in the user's own
    units, or None where nobody knows them or the experiment's model has others. ``formula`` says
    how the data were made, whatever the model.
    """

    train: Part
    validation: Part
    features: tuple[str, ...]
    target: str
    truth: Vector | None = None
    formula: Message | None = None

    @property
    def n_features(self) -> int:
        """Number of features."""
        return len(self.features)


def noisy(formula: str) -> Message:
    """How targets were made from what is called ``formula``."""
    return Message(QT_TRANSLATE_NOOP("Message", "y = {formula} + noise"), {"formula": formula})


def linear_formula(params: Sequence[float], terms: Sequence[str]) -> str:
    """[2, −1, 0.5] and x1, x2 as ``2 − x1 + 0.5·x2``, with a real minus sign."""
    text = f"{params[0]:g}".replace("-", "−")
    for factor, term in zip(params[1:], terms, strict=True):
        size = "" if abs(factor) == 1 else f"{abs(factor):g}·"
        text += f" {'−' if factor < 0 else '+'} {size}{term}"
    return text


@dataclass(frozen=True, slots=True, eq=False)
class Scaler:
    """The features' way into the model's units: u = (scale·x − mean) / sd, each of shape (d,)."""

    scale: Vector
    mean: Vector
    sd: Vector

    def transform(self, x: Vector) -> Vector:
        """Features (n, d) in own units to the model's units."""
        if self.is_identity:
            return x
        return (self.scale * x - self.mean) / self.sd

    @property
    def is_identity(self) -> bool:
        """Whether the model's units are the user's own."""
        return bool((self.scale == 1).all() and (self.mean == 0).all() and (self.sd == 1).all())

    def to_own_units(self, params: Vector) -> Vector:
        """Parameters [b, w…] in the model's units to the user's own: same predictions."""
        with np.errstate(over="ignore", invalid="ignore"):  # a diverged run, in small units
            slopes = params[1:] / self.sd
            return np.concatenate(([params[0] - slopes @ self.mean], slopes * self.scale))

    def to_model_units(self, params: Vector) -> Vector:
        """Parameters [b, w…] in the user's own units to the model's: same predictions."""
        slopes = params[1:] / self.scale
        return np.concatenate(([params[0] + slopes @ self.mean], slopes * self.sd))


def fit_scaler(train: Part, scale: float | Sequence[float], standardise: bool) -> Scaler:
    """The scaler for a training part.

    Standardising takes mean and population standard deviation of the scaled training features;
    a constant feature has no spread to divide by and keeps 1, as in scikit-learn.

    Raises
    ------
    InputError
        Where there is one factor per feature and their number is wrong.
    """
    d = train.x.shape[1]
    factors = np.asarray([scale] if isinstance(scale, (int, float)) else scale, dtype=float)
    if len(factors) not in (1, d):
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "features.scale has {given} factors, but the data has {wanted} features; "
                "give one number, or one per feature.",
            ),
            given=len(factors),
            wanted=d,
        )
    factors = np.broadcast_to(factors, (d,)).copy()
    if not standardise:
        return Scaler(factors, np.zeros(d), np.ones(d))
    scaled = factors * train.x
    spread = scaled.std(axis=0)
    is_constant = spread <= ROUNDING * np.abs(scaled).max(axis=0)
    return Scaler(factors, scaled.mean(axis=0), np.where(is_constant, 1.0, spread))


def split(x: Vector, y: Vector, share: float, seed: int | None) -> tuple[Part, Part]:
    """Training and validation part: the first ``share`` of the points, shuffled where seeded.

    Raises
    ------
    InputError
        Where fewer than two points would be left for training.
    """
    n = len(y)
    order = np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)
    n_train = n if share >= 1 else round(share * n)
    if n_train < 2:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "A training share of {share} of {n} points leaves {left} to learn from; "
                "at least 2 are needed.",
            ),
            share=share,
            n=n,
            left=n_train,
        )
    train, rest = order[:n_train], order[n_train:]
    if seed is None:  # slices, not copies: the data may have ten million rows
        return Part(x[:n_train], y[:n_train]), Part(x[n_train:], y[n_train:])
    return Part(x[train], y[train]), Part(x[rest], y[rest])
