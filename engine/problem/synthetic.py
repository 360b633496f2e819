"""Made-up data: one recipe per kind, drawn from ``default_rng(seed)``.

All kinds draw in the same order: x, then the noise, and last which points are outliers. So
neither the noise nor the outliers change x, and the outliers change no other point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.experiment import SyntheticData, SyntheticKind
from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.dataset import linear_formula, noisy
from engine.problem.fitting import LOSSES_OF
from engine.types import Vector

LIFT = 10
"""By how many standard deviations of y an outlier is lifted."""

LEAST_NOISE = 1e-12
"""With less noise than this the classes do not overlap, and no slope is steep enough."""

Draw = Callable[[np.random.Generator, int], Vector]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the points of one kind come about, without their noise.

    z = b + w1·t1 + w2·t2 + …, where the terms t are the features or the powers of the only one.

    Parameters
    ----------
    draw
        The features (n, d) from a stream of random numbers.
    params
        [b, w1, w2, …].
    model
        The model that the data are for. Data for ``logistic`` are classes, 0 and 1.
    degree
        The highest power of the feature; where it is above 1, no ``model`` has these parameters.
    response
        h in y = h(z); None for z itself.
    """

    draw: Draw
    params: tuple[float, ...]
    model: str = "line"
    degree: int = 1
    response: np.ufunc | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """What the features are called."""
        d = (len(self.params) - 1) // self.degree
        return ("x",) if d == 1 else tuple(f"x{i}" for i in range(1, d + 1))

    @property
    def is_classes(self) -> bool:
        """Whether y is a class, 0 or 1."""
        return self.model == "logistic"

    def signal(self, x: Vector) -> Vector:
        """h(z) without noise, (n,), for features (n, d); one term after the other."""
        z = np.full(len(x), self.params[0])
        for i, slope in enumerate(self.params[1:]):
            z += slope * (x[:, i] if self.degree == 1 else x[:, 0] ** (i + 1))
        return z if self.response is None else np.asarray(self.response(z))

    @property
    def formula(self) -> Message:
        """How y was made, as a person reads it."""
        terms = self.features if self.degree == 1 else ("x", "x²")
        formula = linear_formula(self.params, terms)
        if self.is_classes:
            return Message(
                QT_TRANSLATE_NOOP("Message", "y = 1 where {formula} + noise > 0, else 0"),
                {"formula": formula},
            )
        if self.response is not None:
            formula = f"{self.response.__name__}({formula})"
        return noisy(formula)


def _uniform(low: float, high: float) -> Draw:
    return lambda stream, n: stream.uniform(low, high, (n, 1))


def _normal(d: int) -> Draw:
    return lambda stream, n: stream.standard_normal((n, d))


RECIPES: dict[SyntheticKind, Recipe] = {
    "line": Recipe(_uniform(0, 1), (1.0, 2.0)),
    "two-features": Recipe(_normal(2), (2.0, -1.0, 1.0)),
    "parabola": Recipe(_uniform(-1, 1), (1.0, 1.0, 2.0), degree=2),
    "sine": Recipe(_uniform(-3, 3), (0.5, 2.0), "sine", response=np.sin),
    "tanh": Recipe(_uniform(-3, 3), (-0.5, 1.5), "tanh", response=np.tanh),
    "two-classes": Recipe(_normal(2), (-0.2, 0.6, -0.4), "logistic"),
    "two-classes-one-feature": Recipe(_normal(1), (-0.2, 0.6), "logistic"),
}


def make_points(data: SyntheticData) -> tuple[Vector, Vector]:
    """Features (n, d) and targets (n,).

    y = h(z) + noise·N(0, 1), and that share of the points which are outliers is lifted by ten
    standard deviations of y. Classes: y = 1 where z + noise·Logistic(0, 1) > 0, else 0, so that
    P(y = 1) = σ(z / noise); outliers have the other class.
    """
    recipe = RECIPES[data.kind]
    stream = np.random.default_rng(data.seed)
    x = recipe.draw(stream, data.n)
    y = recipe.signal(x)
    if recipe.is_classes:
        y += data.noise * stream.logistic(size=data.n)
        y = (y > 0).astype(np.float64)
    else:
        y += data.noise * stream.standard_normal(data.n)
    n_outliers = round(data.outliers * data.n)
    if n_outliers:
        spread = y.std()
        chosen = stream.choice(data.n, n_outliers, replace=False)
        y[chosen] = 1 - y[chosen] if recipe.is_classes else y[chosen] + LIFT * spread
    return x, y


def truth_for(data: SyntheticData, model: str) -> Vector | None:
    """Parameters (p,) of a model with which the points were drawn; None where it has none.

    Those of the logistic model are z's over the noise: less overlap takes a steeper slope.
    """
    recipe = RECIPES[data.kind]
    if model != recipe.model or recipe.degree > 1:
        return None
    if not recipe.is_classes:
        return np.array(recipe.params)
    return np.array(recipe.params) / data.noise if data.noise >= LEAST_NOISE else None


def natural_model(kind: SyntheticKind, loss: str) -> dict[str, str]:
    """The model and the loss that go with a kind of data, as keys of the experiment file.

    Classes take the log loss; for the others a loss that fits stays.
    """
    recipe = RECIPES[kind]
    fitting = LOSSES_OF[recipe.model]
    stays = loss in fitting and not recipe.is_classes
    return {"model.kind": recipe.model, "loss.kind": loss if stays else fitting[0]}
