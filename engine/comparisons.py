"""Races made for you: several runs that differ in one thing only.

Every function takes the run to vary and returns runs with names of their own that say what
differs. Start, data, order of the points and budget are the same for all of them, unless that is
what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from engine.descent.optimizers import stability_limit
from engine.experiment import (
    Batch,
    Experiment,
    Newton,
    Optimizer,
    Run,
    Settings,
    ValuesStart,
    kind_of,
)
from engine.files.experiments import RUN_NAMES
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.problem import Problem
from engine.problem.sources import rate_for, start_of
from engine.problem.surface import Frame, default_frame
from engine.types import Vector

RATES_OF_TUTORIAL_2 = (0.2, 0.8, 1.1)
RATES_OF_TUTORIAL_3 = (0.01, 0.03, 0.1, 0.3, 1.0)
SHARES_OF_THE_LIMIT = (0.1, 0.5, 0.9, 1.1)
METHODS = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
BATCH_SIZES = (1, 16)
PLACES = (
    *((1 / 6, 1 / 6), (1 / 6, 5 / 6), (5 / 6, 1 / 6), (5 / 6, 5 / 6)),
    *((3 / 8, 1 / 2), (5 / 8, 1 / 2), (1 / 2, 3 / 8), (1 / 2, 5 / 8)),
)
"""Where in a frame starts lie, as shares of its sides: far out in the corners, and close about the
middle, where the optimum is."""

KINDS = ("rates_1", "rates_2", "rates_of_the_limit", "optimizers", "batch_sizes", "starts")
"""What :func:`compared` makes: the rates of tutorial 3, those of tutorial 2, and so on."""


def compared(
    kind: str,
    experiment: Experiment,
    index: int,
    settings: Settings,
    problem: Problem,
    plane: tuple[Frame, tuple[int, int]] | None = None,
) -> tuple[Run, ...]:
    """One of :data:`KINDS` for a run as the window shows it.

    Parameters
    ----------
    settings
        Those that hold for the run now: all runs of the comparison begin with them.
    plane
        Where starts are to lie: a rectangle, and the two parameters in whose plane it is; None is
        that with which the surface begins.

    Raises
    ------
    InputError
        Where there is no such comparison for this run.
    """
    run = experiment.runs[index]
    run = Run(run.name, run.start, settings.optimizer, settings.schedule, settings.batch)
    if kind == "rates_1":
        return learning_rates(run, RATES_OF_TUTORIAL_3)
    if kind == "rates_2":
        return learning_rates(run, RATES_OF_TUTORIAL_2)
    if kind == "rates_of_the_limit":
        return rates_of_the_limit(run, problem)
    if kind == "optimizers":
        return optimizers(run, problem)
    if kind == "batch_sizes":
        return batch_sizes(run, problem.dataset.train.n)
    start = start_of(experiment, run, problem)
    axes = (0, 1) if problem.n_params == 2 else (1, 2)
    frame, axes = plane or (default_frame(problem, start, axes), axes)
    return starts(run, start, frame, axes)


def learning_rates(run: Run, rates: Sequence[float]) -> tuple[Run, ...]:
    """The run at other rates."""
    return tuple(_at_rate(run, f"η = {rate:.4g}", rate) for rate in rates)


def rates_of_the_limit(
    run: Run, problem: Problem, shares: Sequence[float] = SHARES_OF_THE_LIMIT
) -> tuple[Run, ...]:
    """The run at shares of the rate from which on its method diverges, near the optimum.

    Raises
    ------
    InputError
        Where its method has no such limit, or the surface no curvature to speak of.
    """
    limit, curvature = None, problem.curvature
    if curvature is not None:
        limit = stability_limit(kind_of(run.optimizer), curvature.largest, run.optimizer)
    if limit is None:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "There is no stability limit to take shares of: {method} has none on this "
                "surface. Gradient descent has one wherever the surface is curved.",
            ),
            method=RUN_NAMES[kind_of(run.optimizer)],
        )
    return tuple(_at_rate(run, f"η = {share:.4g} ηmax", share * limit) for share in shares)


def optimizers(run: Run, problem: Problem, kinds: Sequence[str] = METHODS) -> tuple[Run, ...]:
    """The run with other methods at the same rate.

    Its own method keeps all of its settings, the others have their defaults. A rate of Newton's
    method means nothing to the others: they then take the one that suits the data.
    """
    return tuple(
        msgspec.structs.replace(
            run, name=RUN_NAMES[kind], optimizer=_as_method(run.optimizer, kind, problem)
        )
        for kind in kinds
    )


def batch_sizes(run: Run, n: int, sizes: Sequence[int] = BATCH_SIZES) -> tuple[Run, ...]:
    """The run on batches of few of the ``n`` training points, and on all of them."""
    smaller = [size for size in sizes if size < n]
    batches = [msgspec.structs.replace(run.batch, size=size) for size in smaller]
    whole = msgspec.structs.replace(run.batch, size=None)
    return tuple(_on_batches(run, batch, n) for batch in (*batches, whole))


def starts(
    run: Run, start: Vector, frame: Frame, axes: tuple[int, int] = (0, 1)
) -> tuple[Run, ...]:
    """The run from eight starts over a frame; the parameters it does not show are as they were.

    Parameters
    ----------
    start
        Row 0 of the run (p,).
    frame, axes
        A rectangle in the plane of two parameters, and which these are.
    """
    return tuple(
        msgspec.structs.replace(run, name=f"start {number}", start=ValuesStart(values))
        for number, values in enumerate(_values_over(start, frame, axes), 1)
    )


def _at_rate(run: Run, name: str, rate: float) -> Run:
    optimizer = msgspec.structs.replace(run.optimizer, lr=rate)
    return msgspec.structs.replace(run, name=name, optimizer=optimizer)


def _on_batches(run: Run, batch: Batch, n: int) -> Run:
    return msgspec.structs.replace(run, name=f"m = {batch.size or n}", batch=batch)


def _as_method(own: Optimizer, kind: str, problem: Problem) -> Optimizer:
    if kind == kind_of(own):
        return own
    values = {"kind": kind, "lr": own.lr}
    if isinstance(own, Newton):
        values["lr"] = rate_for(problem) or own.lr
    else:
        values["weight_decay"] = own.weight_decay
    method: Optimizer = msgspec.convert(values, Optimizer)
    return method


def _values_over(start: Vector, frame: Frame, axes: tuple[int, int]) -> Iterator[tuple[float, ...]]:
    for across, up in PLACES:
        values = np.array(start, dtype=float)
        values[axes[0]] = frame.x[0] + across * (frame.x[1] - frame.x[0])
        values[axes[1]] = frame.y[0] + up * (frame.y[1] - frame.y[0])
        yield tuple(values.tolist())
