"""The five tutorials: their data as the texts make them, and what they start and learn with.

NumPy's legacy ``RandomState`` stays where a text uses ``np.random.seed``: its stream is frozen,
so the printed numbers come out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.messages import QT_TRANSLATE_NOOP
from engine.problem.dataset import Dataset, Part, linear_formula, noisy
from engine.types import Vector


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """Points in the order of the text, training first; the start and the truth, in own units."""

    x: Vector
    y: Vector
    start: Vector
    truth: Vector


@dataclass(frozen=True, slots=True)
class Tutorial:
    """What a tutorial brings: its title, its data, and the settings that it starts with."""

    title: str
    make: Callable[[], Recipe]
    loss: str
    learning_rate: float
    iterations: int
    train_share: float = 1.0


def _line_of_tutorials_1_and_4(start_is_slope_first: bool) -> Recipe:
    stream = np.random.RandomState(0)
    x = 2 * stream.rand(100, 1)
    y = 4 + 3 * x + stream.randn(100, 1)
    start = stream.randn(2)
    return Recipe(
        x, y[:, 0], start[::-1].copy() if start_is_slope_first else start, np.array([4.0, 3.0])
    )


def _tutorial_1() -> Recipe:
    return _line_of_tutorials_1_and_4(start_is_slope_first=True)


def _tutorial_2() -> Recipe:
    stream = np.random.RandomState(42)
    x = stream.rand(100, 1)
    y = 1 + 2 * x + 0.1 * stream.randn(100, 1)
    order = np.arange(100)
    stream.shuffle(order)
    start = np.random.RandomState(42).randn(2)
    return Recipe(x[order], y[order, 0], start, np.array([1.0, 2.0]))


def _tutorial_3() -> Recipe:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(1000, 2))
    y = -x[:, 0] + x[:, 1] + 2 + 0.1 * stream.normal(size=1000)
    slopes = stream.normal(0.0, 0.1, 2)
    return Recipe(x, y, np.concatenate(([0.0], slopes)), np.array([2.0, -1.0, 1.0]))


def _tutorial_4() -> Recipe:
    return _line_of_tutorials_1_and_4(start_is_slope_first=False)


def _tutorial_5() -> Recipe:
    stream = np.random.default_rng(0)
    x = stream.normal(size=100)
    y = 3 * x + 2 + 0.1 * stream.normal(size=100)
    slope, intercept = stream.normal(size=2)
    return Recipe(x[:, np.newaxis], y, np.array([intercept, slope]), np.array([2.0, 3.0]))


TUTORIALS: dict[str, Tutorial] = {
    "tutorial-1": Tutorial(
        QT_TRANSLATE_NOOP("Tutorial", "Learning as parameter estimation"),
        _tutorial_1,
        "mse",
        0.01,
        1000,
    ),
    "tutorial-2": Tutorial(
        QT_TRANSLATE_NOOP("Tutorial", "Gradient descent step by step"),
        _tutorial_2,
        "mse",
        0.1,
        1000,
        train_share=0.8,
    ),
    "tutorial-3": Tutorial(
        QT_TRANSLATE_NOOP("Tutorial", "Two features and the normal equation"),
        _tutorial_3,
        "half_mse",
        0.01,
        3,
    ),
    "tutorial-4": Tutorial(
        QT_TRANSLATE_NOOP("Tutorial", "Batch, stochastic, mini-batch"),
        _tutorial_4,
        "mse",
        0.1,
        1000,
    ),
    "tutorial-5": Tutorial(
        QT_TRANSLATE_NOOP("Tutorial", "Autograd and the chain rule"),
        _tutorial_5,
        "mse",
        0.01,
        1000,
    ),
}


@lru_cache(maxsize=len(TUTORIALS))
def recipe(name: str) -> Recipe:
    """The data, start and truth of a tutorial, made once."""
    return TUTORIALS[name].make()


def tutorial_dataset(name: str, split: Callable[[Vector, Vector], tuple[Part, Part]]) -> Dataset:
    """A tutorial's points, split by the given rule, with the truth of a line."""
    made = recipe(name)
    train, validation = split(made.x, made.y)
    features = ("x",) if made.x.shape[1] == 1 else ("x1", "x2")
    formula = noisy(linear_formula(made.truth.tolist(), features))
    return Dataset(train, validation, features, "y", made.truth, formula)
