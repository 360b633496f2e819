"""Optimizers as two pure functions each; definitions follow ``torch.optim``.

``init(params) -> state`` and ``update(point, state, hyper) -> (delta, state)``: the state is
never mutated and holds no hyper-parameter. Everything is elementwise over columns, so a run
alone and the same run beside others come out bit for bit the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.types import Column, Columns

State = tuple[Any, ...]


class Point(NamedTuple):
    """Where an update is made: parameters and the gradient there, one column each."""

    params: Columns
    gradient: Columns


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One method.

    ``stability_limit`` maps λmax of the loss and the hyper-parameters to the learning rate from
    which on a quadratic diverges; None for a method that has no such limit.
    """

    init: Callable[[Columns], State]
    update: Callable[[Point, State, Any], tuple[Columns, State]]
    stability_limit: Callable[[float, Any], float] | None


def _sqrt(value: Column) -> Column:
    return math.sqrt(value) if isinstance(value, float) else np.sqrt(value)


def _decayed(point: Point, hyper: Any) -> Columns:
    """The gradient with weight decay added, as torch does: on every parameter."""
    if isinstance(hyper.weight_decay, float) and hyper.weight_decay == 0:
        return point.gradient
    return [
        g + hyper.weight_decay * value
        for g, value in zip(point.gradient, point.params, strict=True)
    ]


def _no_state(_params: Columns) -> State:
    return ()


def gd_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """θ ← θ − ηg (Cauchy 1847; ``torch.optim.SGD``)."""
    return [-hyper.lr * g for g in _decayed(point, hyper)], state


def momentum_init(params: Columns) -> State:
    """The velocity, zero before the first update."""
    return tuple(0.0 * value for value in params)


def momentum_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """V ← μv + g, θ ← θ − ηv (Polyak 1964; ``torch.optim.SGD`` without dampening)."""
    velocity = tuple(
        hyper.momentum * v + g for v, g in zip(state, _decayed(point, hyper), strict=True)
    )
    return [-hyper.lr * v for v in velocity], velocity


def adam_init(params: Columns) -> State:
    """Number of updates, running means of the gradient and of its square."""
    zeros = tuple(0.0 * value for value in params)
    return 0, zeros, zeros


def adam_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), θ ← θ − η·m̂/(√v̂ + ε) (Kingma & Ba 2015, algorithm 1)."""
    t, m, v = state[0] + 1, state[1], state[2]
    beta_1, beta_2 = hyper.betas
    gradient = _decayed(point, hyper)
    m = tuple(beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradient, strict=True))
    v = tuple(beta_2 * a + (1 - beta_2) * (g * g) for a, g in zip(v, gradient, strict=True))
    step, root = hyper.lr / (1 - beta_1**t), _sqrt(1 - beta_2**t)
    delta = [-step * a / (_sqrt(b) / root + hyper.eps) for a, b in zip(m, v, strict=True)]
    return delta, (t, m, v)


OPTIMIZERS: dict[str, Optimizer] = {
    "gd": Optimizer(_no_state, gd_update, lambda top, hyper: 2 / (top + hyper.weight_decay)),
    "momentum": Optimizer(
        momentum_init,
        momentum_update,
        lambda top, hyper: 2 * (1 + hyper.momentum) / (top + hyper.weight_decay),
    ),
    "adam": Optimizer(adam_init, adam_update, None),
}
"""Every method by its ``kind`` in the experiment file."""


def stability_limit(kind: str, largest_eigenvalue: float, hyper: Any) -> float | None:
    """The learning rate from which on a method diverges on a quadratic with this λmax.

    gd 2/λmax; momentum 2(1+μ)/λmax (Polyak 1964); weight decay adds to every eigenvalue. None
    where the method has no limit or the surface is flat.
    """
    limit = OPTIMIZERS[kind].stability_limit
    if limit is None or largest_eigenvalue + hyper.weight_decay <= 0:
        return None
    return limit(largest_eigenvalue, hyper)
