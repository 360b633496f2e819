"""Races made for you: several runs that differ in one thing only.

Every function takes the run to vary and returns runs with names of their own that say what
differs. Start, data, order of the points and budget are the same for all of them, unless that is
what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from engine import specs
from engine.descent.optimizers import limit_on
from engine.experiment import (
    Batch,
    Experiment,
    Huber,
    LogLoss,
    Loss,
    Mae,
    Mse,
    Newton,
    Optimizer,
    Run,
    Settings,
    ValuesStart,
    at_rate,
    kind_of,
    with_settings,
)
from engine.files.experiments import RUN_NAMES
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.problem import Problem
from engine.problem.sources import problem_of, rate_for, start_of
from engine.problem.surface import Frame, default_frame
from engine.types import Vector

RATES_OF_TUTORIAL_2 = (0.2, 0.8, 1.1)
RATES_OF_TUTORIAL_3 = (0.01, 0.03, 0.1, 0.3, 1.0)
SHARES_OF_THE_LIMIT = (0.1, 0.5, 0.9, 1.1)
METHODS = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
BATCH_SIZES = (1, 16)
SMALLEST_THRESHOLD = 1e-9
"""Share of the range of the targets: residuals below are nothing but rounding."""

PLACES = (
    *((1 / 6, 1 / 6), (1 / 6, 5 / 6), (5 / 6, 1 / 6), (5 / 6, 5 / 6)),
    *((3 / 8, 1 / 2), (5 / 8, 1 / 2), (1 / 2, 3 / 8), (1 / 2, 5 / 8)),
)
"""Where in a frame starts lie, as shares of its sides: far out in the corners, and close about the
middle, where the optimum is."""

KINDS = (
    *("rates_1", "rates_2", "rates_of_the_limit"),
    *("optimizers", "batch_sizes", "losses", "starts"),
)
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
    run = with_settings(run, settings)
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
    if kind == "losses":
        return losses(experiment.with_run(index, run), index, problem)
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
    limit = limit_on(problem.curvature, run.optimizer)
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


def losses(experiment: Experiment, index: int, problem: Problem) -> tuple[Run, ...]:
    """The run with the mean squared error, Huber's loss and the mean absolute error.

    Classes have the log loss in place of Huber's, and first. Huber's loss turns straight at 1.35
    standard deviations of the residuals that the squared error leaves, so that it is nearly as
    good as that one where there are no outliers (Huber 1981). The standard deviation is the
    robust one, 1.4826 times the median distance of the residuals from their median.

    The penalty is that of the run, and its rate where the method is stable with it; otherwise the
    run has a rate that suits its loss, and the name says so.
    """
    run, penalty = experiment.runs[index], experiment.loss_of(index)
    known = experiment.minimising(penalty), problem

    def problem_with(loss: Loss) -> Problem:
        return problem_of(experiment.minimising(loss), known)

    l1, l2 = penalty.l1, penalty.l2
    squared, absolute = Mse(l1=l1, l2=l2), Mae(l1=l1, l2=l2)
    of_squares = problem_with(squared)
    made = [_with_loss(run, "MSE", squared, of_squares)]
    if problem.has_classes:
        log_loss = LogLoss(l1=l1, l2=l2)
        made.insert(0, _with_loss(run, "log loss", log_loss, problem_with(log_loss)))
    else:
        huber = Huber(l1=l1, l2=l2, delta=_threshold(of_squares))
        made.append(_with_loss(run, f"Huber δ = {huber.delta:g}", huber, problem_with(huber)))
    return (*made, msgspec.structs.replace(run, name="MAE", loss=absolute))


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


def _with_loss(run: Run, name: str, loss: Loss, problem: Problem) -> Run:
    """The run with a loss of its own, at a rate at which its method is stable."""
    run = msgspec.structs.replace(run, name=name, loss=loss)
    limit = limit_on(problem.curvature, run.optimizer)
    if limit is None or run.optimizer.lr < limit:
        return run
    best = rate_for(problem)
    rate = best if best is not None and best < limit else float(f"{limit / 2:.2g}")
    return _at_rate(run, f"{name}, η = {rate:.4g}", rate)


def _threshold(of_squares: Problem) -> float:
    """Where Huber's loss is to turn straight: two digits, in the units of the target."""
    best = of_squares.optimum.params
    if best is None:
        return specs.DELTA.number
    part = of_squares.dataset.train
    residuals = of_squares.neuron.predict(best[0] + of_squares.x_train @ best[1:]) - part.y
    deviation = 1.4826 * float(np.median(np.abs(residuals - np.median(residuals))))
    delta = float(f"{1.35 * deviation:.2g}")
    return delta if delta >= SMALLEST_THRESHOLD * float(np.ptp(part.y)) > 0 else specs.DELTA.number


def _at_rate(run: Run, name: str, rate: float) -> Run:
    return msgspec.structs.replace(at_rate(run, rate), name=name)


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
