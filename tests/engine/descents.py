"""Experiments on made-up points and their really descended rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.descent.descent import Descent
from engine.descent.history import Rows
from engine.experiment import Experiment
from engine.files.experiments import experiment_from
from engine.problem.fitting import LOSSES_OF
from engine.problem.neuron import ACTIVATIONS
from engine.problem.problem import Problem
from engine.problem.sources import problem_of, start_of
from engine.types import Vector

CASES = [(model, loss) for model, losses in LOSSES_OF.items() for loss in losses]
"""Every model with each of its losses."""


def points(model: str, n: int = 30, seed: int = 0) -> dict[str, Any]:
    """Points that suit a model but do not lie on it; labels overlap."""
    stream = np.random.default_rng(seed)
    x = stream.uniform(-2, 2, n)
    noise = stream.normal(size=n)
    if model == "logistic":
        y = np.where(x + noise > 0.3, 1.0, 0.0)
    else:
        y = ACTIVATIONS[model].value(0.5 + 1.5 * x) + 0.3 * noise
    return {"source": "points", "x": x.tolist(), "y": y.tolist()}


def experiment(
    model: str = "line",
    loss: dict[str, Any] | str = "mse",
    data: dict[str, Any] | None = None,
    stop: dict[str, Any] | None = None,
    split: dict[str, Any] | None = None,
    **run: Any,
) -> Experiment:
    """One run of a model and loss, by the keys of the experiment file."""
    return experiment_from(
        {
            "format": 1,
            "data": data or points(model),
            "split": split or {},
            "model": {"kind": model},
            "loss": {"kind": loss} if isinstance(loss, str) else loss,
            "runs": [run],
            "stop": stop or {"iterations": 100},
        }
    )


def problem_with(
    model: str = "line", loss: dict[str, Any] | str = "mse", data: dict[str, Any] | None = None
) -> Problem:
    """The problem of a model and loss."""
    return problem_of(experiment(model, loss, data))


PROBLEMS: dict[str, Problem] = {}


def begun(asked: Experiment) -> Descent:
    """A descent at row 0; problems are built once."""
    key = repr((asked.data, asked.split, asked.features, asked.model, asked.loss))
    if key not in PROBLEMS:
        PROBLEMS[key] = problem_of(asked)
    problem = PROBLEMS[key]
    return Descent(problem, asked, 0, start_of(asked, asked.runs[0], problem))


def ended(asked: Experiment) -> Descent:
    """A descent that was driven to its end."""
    descent = begun(asked)
    descent.advance(10**7)
    return descent


def same(one: Rows, other: Rows) -> bool:
    """Whether all that was recorded is the same, bit for bit."""
    names = ("params", "gradient", "loss", "train_loss", "validation_loss")
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in names
    )


def values(start: Vector | list[float]) -> dict[str, Any]:
    """A start in numbers, as the experiment file has it."""
    return {"kind": "values", "values": [float(value) for value in start]}
