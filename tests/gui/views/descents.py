"""Real problems and really descended rows for the plots' tests and their benchmark."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from engine.descent.history import Place, Rows
from engine.experiment import (
    Batch,
    Features,
    Gd,
    HalfMse,
    Model,
    Mse,
    Schedule,
    Settings,
    Stop,
)
from engine.live.snapshot import Health, RunView, Snapshot
from engine.problem.dataset import Dataset, Part, split
from engine.problem.pointwise import Pointwise
from engine.problem.problem import Problem, build_problem
from engine.problem.quadratic import Quadratic
from engine.types import Vector


def tutorial_2(scale: float = 1.0, standardise: bool = False) -> tuple[Problem, Vector]:
    """The problem of tutorial 2 and its start [b, w]; the feature's factor divides w."""
    random = np.random.RandomState(42)
    x = random.rand(100, 1)
    y = (1 + 2 * x + 0.1 * random.randn(100, 1))[:, 0]
    order = np.arange(100)
    random.shuffle(order)
    train, rest = order[:80], order[80:]
    data = Dataset(
        Part(x[train], y[train]), Part(x[rest], y[rest]), ("x",), "y", np.array([1, 2.0])
    )
    start = np.random.RandomState(42).randn(2)
    start[1] /= scale
    return build_problem(data, Features(scale, standardise), Model(), Mse()), start


def tutorial_3() -> tuple[Problem, Vector]:
    """The problem of tutorial 3, with two features, and its start [b, w1, w2]."""
    random = np.random.default_rng(0)
    x, noise = random.standard_normal((1000, 2)), random.standard_normal(1000)
    y = -x[:, 0] + x[:, 1] + 2 + 0.1 * noise
    train, validation = split(x, y, 1.0, None)
    data = Dataset(train, validation, ("x1", "x2"), "y", np.array([2.0, -1, 1]))
    start = np.concatenate(([0.0], random.normal(0, 0.1, 2)))
    return build_problem(data, Features(), Model(), HalfMse()), start


def many_points(n: int) -> tuple[Problem, Vector]:
    """A line with noise through n points, a fifth of them for validation."""
    random = np.random.default_rng(0)
    x = random.uniform(size=(n, 1))
    y = 1 + 2 * x[:, 0] + 0.3 * random.standard_normal(n)
    train, validation = split(x, y, 0.8, None)
    data = Dataset(train, validation, ("x",), "y", np.array([1.0, 2]))
    return build_problem(data, Features(), Model(), Mse()), np.array([0.5, -0.1])


def descend(problem: Problem, start: Vector, rate: float, steps: int, noise: float = 0.0) -> Rows:
    """Rows of gradient descent; ``noise`` is the deviation of what is added to each gradient."""
    params = np.empty((len(start), steps + 1))
    params[:, 0] = start
    shaken = noise * np.random.default_rng(1).standard_normal((steps, len(start)))
    now = start.tolist()
    for k, shake in enumerate(shaken.tolist()):
        gradient = problem.train.gradient(now)
        now = [
            value - rate * (slope + more)
            for value, slope, more in zip(now, gradient, shake, strict=True)
        ]
        params[:, k + 1] = now
    return rows_at(problem, params)


def rows_at(problem: Problem, params: Vector) -> Rows:
    """Rows with what the engine says at parameters (p, n)."""
    return Rows(
        params,
        np.asarray(problem.train.gradient(list(params))),
        np.asarray(problem.train.loss(list(params))),
        np.asarray(problem.train.loss(list(params))),
        _loss(problem.validation, params),
    )


def _loss(data: Quadratic | Pointwise | None, params: Vector) -> Vector:
    if data is None:
        return np.full(params.shape[1], np.nan)
    return np.asarray(data.loss(list(params)))


def first(rows: Rows, count: int) -> Rows:
    """The first rows, as views."""
    return Rows(
        rows.params[:, :count],
        rows.gradient[:, :count],
        rows.loss[:count],
        rows.train_loss[:count],
        rows.validation_loss[:count],
    )


def snapshot(
    problem: Problem,
    rows: Rows,
    cursor: int | None = None,
    *,
    generation: int = 1,
    ghost: Rows | None = None,
    ahead: Vector | None = None,
    playing: bool = False,
) -> Snapshot:
    """A snapshot of one run, at its head if no cursor is given."""
    settings = Settings(Gd(lr=0.1), Schedule(), Batch(), Stop())
    at = len(rows) - 1 if cursor is None else cursor
    place = Place(0, 0, 1, None)
    run = RunView("GD", rows, settings, None, Health.STABLE, None, place, at, generation)
    return Snapshot(generation, problem, (run,), 0, at, playing, ghost, ahead)


def beside(alone: Snapshot, rows: Rows, cursor: int) -> Snapshot:
    """The snapshot of a run with a second, longer one beside it, at an iteration of that one."""
    other = replace(alone.run, name="other", rows=rows, cursor=cursor, generation=99)
    return replace(alone, runs=(alone.run, other), cursor=cursor)


def several(rates: list[float], steps: int = 200, **changes: Any) -> Snapshot:
    """A snapshot of runs that differ in their rates, at the head of the longest."""
    problem, start = tutorial_2()
    alone = snapshot(problem, descend(problem, start, rates[0], steps))
    runs = []
    for i, rate in enumerate(rates):
        rows = descend(problem, start, rate, steps)
        limit = problem.curvature.largest if problem.curvature else math.inf
        health = Health.UNSTABLE if rate >= 2 / limit else Health.STABLE
        runs.append(
            replace(
                alone.run,
                name=f"run {i}",
                rows=rows,
                health=health,
                cursor=len(rows) - 1,
                generation=i + 10,
            )
        )
    return replace(alone, runs=tuple(runs), **changes)
