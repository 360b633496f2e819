"""From what an experiment asks for to data, problem and start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

import resources
from engine.experiment import (
    Experiment,
    FileData,
    PointsData,
    RandomStart,
    Run,
    SyntheticData,
    TutorialData,
    ValuesStart,
    at_rate,
)
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.dataset import Dataset, split
from engine.problem.problem import Problem, build_problem
from engine.problem.synthetic import RECIPES, make_points, truth_for
from engine.problem.tutorials import recipe, tutorial_dataset
from engine.types import Vector

PROBLEM_KEYS = ("data", "split", "features", "model", "loss")
"""Sections of an experiment that make its problem."""

Known = tuple[Experiment, Problem]
"""An experiment and the problem of its loss, whatever its runs minimise."""

LARGEST = 1e100
"""Data beyond this are refused: squares, times the largest factor, must stay finite."""


def problems_of(experiment: Experiment, known: Sequence[Known] = ()) -> tuple[Problem, ...]:
    """The problem of each run: one object for all that minimise the same loss, of the same points.

    Parameters
    ----------
    known
        Of which everything that stays the same is taken over.

    Raises
    ------
    InputError
        Where the data cannot be read or do not fit what is asked of them.
    """
    made: list[Known] = []
    for index in range(len(experiment.runs)):
        asked = experiment.minimising(experiment.loss_of(index))
        alike = max((*made, *known), key=lambda each: len(_same_keys(asked, each[0])), default=None)
        made.append((asked, problem_of(asked, alike)))
    return tuple(problem for _, problem in made)


def _same_keys(one: Experiment, other: Experiment) -> set[str]:
    """Sections of a problem that two experiments have in common."""
    return {key for key in PROBLEM_KEYS if getattr(one, key) == getattr(other, key)}


def problem_of(experiment: Experiment, known: Known | None = None) -> Problem:
    """The problem of an experiment's loss.

    Parameters
    ----------
    known
        An experiment and its problem, of which everything that stays the same is taken over.

    Raises
    ------
    InputError
        Where the data cannot be read or do not fit what is asked of them.
    """
    dataset = None
    if known is not None:
        same = _same_keys(experiment, known[0])
        if same == set(PROBLEM_KEYS):
            return known[1]
        if {"data", "split"} <= same:
            dataset = known[1].dataset
            if "model" not in same:
                dataset = replace(dataset, truth=truth_of(experiment))
    return build_problem(
        dataset_of(experiment) if dataset is None else dataset,
        experiment.features,
        experiment.model,
        experiment.loss,
    )


def truth_of(experiment: Experiment) -> Vector | None:
    """Parameters (p,) of the experiment's model that its data were made with, in own units."""
    data = experiment.data
    if isinstance(data, SyntheticData):
        return truth_for(data, experiment.model.kind)
    if isinstance(data, TutorialData) and experiment.model.kind == "line":
        return recipe(data.name).truth
    return None


def dataset_of(experiment: Experiment) -> Dataset:
    """Read or make the points of an experiment and split them."""
    return replace(_points_of(experiment), truth=truth_of(experiment))


def _points_of(experiment: Experiment) -> Dataset:
    rule = partial(split, share=experiment.split.train, seed=experiment.split.seed)
    data = experiment.data
    if isinstance(data, TutorialData):
        return tutorial_dataset(data.name, rule)
    if isinstance(data, SyntheticData):
        made = RECIPES[data.kind]
        parts = rule(*make_points(data))
        return Dataset(*parts, made.features, "y", formula=made.formula)
    if isinstance(data, FileData):
        from engine.files.tables import pick_columns, table_at  # only where a table is read

        path = resources.path("data", data.name) if data.is_sample else data.path
        x, y = pick_columns(table_at(path), data.x, data.y)
        _refuse_too_large(x, y)
        return Dataset(*rule(x, y), tuple(data.x), data.y)
    x, y = _points(data)
    _refuse_too_large(x, y)
    d = x.shape[1]
    features = ("x",) if d == 1 else tuple(f"x{i}" for i in range(1, d + 1))
    return Dataset(*rule(x, y), features, "y")


def _points(data: PointsData) -> tuple[Vector, Vector]:
    widths = {len(row) if isinstance(row, list) else 1 for row in data.x}
    if len(data.x) != len(data.y):
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "data.x has {n_x} points and data.y has {n_y}; both need the same number.",
            ),
            n_x=len(data.x),
            n_y=len(data.y),
        )
    if len(data.y) < 2 or len(widths) != 1 or 0 in widths:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "data.x and data.y need at least two points with the same number of features each.",
            )
        )
    rows = [row if isinstance(row, list) else [row] for row in data.x]
    return np.array(rows, dtype=float), np.array(data.y, dtype=float)


def _refuse_too_large(*arrays: Vector) -> None:
    for values in arrays:
        if values.max() > LARGEST or values.min() < -LARGEST:
            raise InputError(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "The data have numbers beyond {largest:g}, too large to square; use another "
                    "unit.",
                ),
                largest=LARGEST,
            )


def start_of(experiment: Experiment, run: Run, problem: Problem) -> Vector:
    """Row 0 of a run: parameters (p,) in the model's units.

    Raises
    ------
    InputError
        Where a start in numbers does not have one for each parameter, or is so far off that its
        loss is not a number.
    """
    params = _start_params(experiment, run, problem)
    with np.errstate(over="ignore", invalid="ignore"):
        loss, gradient = problem.objective.loss_and_gradient(params.tolist())
    if not np.isfinite([loss, *gradient]).all():
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "The start of run {name} is too far from the data: its loss has no finite value.",
            ),
            name=run.name,
        )
    return params


def _start_params(experiment: Experiment, run: Run, problem: Problem) -> Vector:
    p = problem.n_params
    start = run.start
    if isinstance(start, ValuesStart):
        if len(start.values) != p:
            raise InputError(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "The start of run {name} has {given} values, but the model has {wanted} "
                    "parameters ({names}).",
                ),
                name=run.name,
                given=len(start.values),
                wanted=p,
                names=", ".join(problem.names),
            )
        return np.array(start.values, dtype=float)
    if isinstance(start, RandomStart):
        return np.random.default_rng(start.seed).normal(0.0, start.scale, p)
    if isinstance(experiment.data, TutorialData) and start.__struct_config__.tag == "own":
        return recipe(experiment.data.name).start.copy()
    return np.zeros(p)


def rate_for(problem: Problem) -> float | None:
    """The best constant rate 2/(λmin+λmax), rounded down to one digit; below the limit 2/λmax."""
    best = None if problem.curvature is None else problem.curvature.best_rate
    if problem.curvature is None or best is None or not np.isfinite(best) or best <= 0:
        return None
    exponent = int(np.floor(np.log10(best)))
    digit = max(1, int(best / 10.0**exponent + 1e-12))
    rate = float(f"{digit}e{exponent}")
    if rate < 2 / problem.curvature.largest:
        return rate
    return float(f"{digit - 1}e{exponent}" if digit > 1 else f"9e{exponent - 1}")


def with_rate(experiment: Experiment, rate: float | None, index: int = 0) -> Experiment:
    """The experiment with another learning rate in one of its runs; unchanged for None."""
    if rate is None:
        return experiment
    return experiment.with_run(index, at_rate(experiment.runs[index], rate))


def table_experiment(path: str, x: Sequence[str], y: str) -> Experiment:
    """A new experiment on columns of a table."""
    return Experiment(data=FileData(path, tuple(x), y), runs=(Run(name="GD"),))


def experiment_on_table(path: str) -> Experiment:
    """A new experiment on the columns of a table that most likely belong together.

    It starts at the best rate, rounded down to one digit.

    Raises
    ------
    InputError
        Where the table cannot be read or has fewer than two numeric columns.
    """
    from engine.files.tables import suggest_columns, table_at, too_few_numeric_columns

    table = table_at(path)
    columns = suggest_columns(table)
    if columns is None:
        raise too_few_numeric_columns(table)
    experiment = table_experiment(str(Path(path).resolve()), [columns[0]], columns[1])
    return with_rate(experiment, rate_for(problem_of(experiment)))
