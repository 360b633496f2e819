"""Why a run that stopped has not arrived at the optimum, in one sentence."""

from __future__ import annotations

import numpy as np

from engine.descent.history import Rows
from engine.experiment import Settings, kind_of
from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.evaluation import length
from engine.problem.problem import Problem

SLOW = 0.1
"""η·λmin below which the flattest direction is what gradient descent waits for."""

ARRIVED = 1e-6
"""Share of the start's excess loss from which on a run counts as arrived."""

LEVEL = 1e-4
"""Share of the steepest gradient of the run, or of the one that the valley of the optimum has at
the same height, below which the surface counts as level."""

FLOOR = 1e-13
"""Share of the start's gradient below which a gradient is mostly rounding."""


def why_not_arrived(
    problem: Problem, settings: Settings, rows: Rows, is_full: bool
) -> Message | None:
    """What the run waits for at the last of its rows; None where it has arrived or is on its way.

    Parameters
    ----------
    settings
        Those of the last row.
    is_full
        Whether its batch is all of the points: the noise of smaller ones explains nothing here.
    """
    if problem.optimum.params is None:
        return problem.optimum.note
    if not is_full:
        return None
    start, last = rows.params[:, 0].tolist(), rows.params[:, -1].tolist()
    loss = problem.objective.loss
    before, excess = (float(loss(params)) - problem.optimum.loss for params in (start, last))
    norms = [length(rows.gradient[:, k]) for k in (0, -1)]
    if excess <= ARRIVED * max(before, 0.0):
        return _rounding(settings, norms)
    if _newton_stays(settings, rows):
        text = QT_TRANSLATE_NOOP(
            "Message",
            "Newton's method stays where it is: the surface is straight here, without the "
            "curvature that says how far to go; start nearer to the optimum or choose another "
            "method.",
        )
        return Message(text)
    slow = _slowest_share(problem, settings)
    if slow is not None:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "It has not arrived: along the flattest direction a step removes only {share:.2g} % "
            "of the error (η·λmin).",
        )
        return Message(text, {"share": 100 * slow})
    steepest = max(_steepest(rows), _expected(problem, excess))
    if problem.neuron.is_convex or norms[-1] > LEVEL * steepest:
        return None
    return _level(problem, last, excess)


def _rounding(settings: Settings, norms: list[float]) -> Message | None:
    wanted = settings.stop.gradient_norm
    if wanted is None or norms[1] < wanted or norms[1] > FLOOR * norms[0]:
        return None
    text = QT_TRANSLATE_NOOP(
        "Message",
        "The gradient, {norm:.2g}, is as short as rounding lets it become; {wanted:.2g} cannot be "
        "reached.",
    )
    return Message(text, {"norm": norms[1], "wanted": wanted})


def _newton_stays(settings: Settings, rows: Rows) -> bool:
    """Whether the last step of Newton's method led nowhere, although there is a gradient."""
    if kind_of(settings.optimizer) != "newton" or len(rows) < 2:
        return False
    moved = (rows.params[:, -1] != rows.params[:, -2]).any()
    return bool(rows.gradient[:, -1].any() and not moved)


def _slowest_share(problem: Problem, settings: Settings) -> float | None:
    """η·λmin of a quadratic where that is what gradient descent waits for; else None."""
    curvature, rate = problem.curvature, settings.optimizer.lr
    if curvature is None or not problem.is_quadratic or kind_of(settings.optimizer) != "gd":
        return None
    positive = curvature.eigenvalues[curvature.eigenvalues > 0]
    if not len(positive) or rate >= 2 / curvature.largest:
        return None
    share = rate * float(positive[0])
    return share if share < SLOW else None


def _steepest(rows: Rows) -> float:
    """The longest gradient of the run, from at most a thousand of its rows."""
    every = max(1, len(rows) // 1000)
    return float(np.sqrt((rows.gradient[:, ::every] ** 2).sum(axis=0).max()))


def _expected(problem: Problem, excess: float) -> float:
    """The gradient √(2λmax·(L − L*)) that the valley of the optimum has so high up, as a quadratic.

    A run that begins on a plateau has seen nothing steeper.
    """
    return (
        0.0 if problem.curvature is None else float(np.sqrt(2 * problem.curvature.largest * excess))
    )


def _level(problem: Problem, params: list[float], excess: float) -> Message:
    """What a level place above the optimum is: the bottom of another valley, or a plateau."""
    lowest = float(np.linalg.eigvalsh(problem.objective.hessian_at(params))[0])
    if lowest > 0:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "This is a local minimum: the loss here is {excess:.4g} above the lowest that is "
            "known.",
        )
    else:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "This is a plateau: the surface is almost level here, but the loss is {excess:.4g} "
            "above the lowest that is known.",
        )
    return Message(text, {"excess": excess})
