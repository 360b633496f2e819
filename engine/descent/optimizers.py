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

from engine.experiment import kind_of
from engine.problem.curvature import Curvature
from engine.problem.quadratic import orthonormal
from engine.types import Column, Columns, Vector

State = tuple[Any, ...]

PINV_ROUNDING = 1e-15
"""Share of the largest eigenvalue below which another one counts as zero, as in numpy's pinv."""


def _no_hessian(_params: Columns) -> Vector:
    raise NotImplementedError("no second derivatives here")


class Point(NamedTuple):
    """Where an update is made: parameters and the gradient there, one column each.

    ``hessian`` gives the second derivatives (p, p) at parameters, for the methods that ask.
    """

    params: Columns
    gradient: Columns
    hessian: Callable[[Columns], Vector] = _no_hessian


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One method.

    ``elementwise`` says that the update of a parameter asks for nothing of the others.
    ``stability_limit`` maps λmax of the loss and the hyper-parameters to the learning rate from
    which on a quadratic diverges; None for a method that has no such limit.
    """

    init: Callable[[Columns], State]
    update: Callable[[Point, State, Any], tuple[Columns, State]]
    stability_limit: Callable[[float, Any], float] | None
    elementwise: bool = True


def _sqrt(value: Column) -> Column:
    return math.sqrt(value) if isinstance(value, float) else np.sqrt(value)


def decayed_gradient(point: Point, hyper: Any) -> Columns:
    """The gradient with weight decay added, as torch does: on every parameter."""
    if isinstance(hyper.weight_decay, float) and hyper.weight_decay == 0:
        return point.gradient
    return [
        g + hyper.weight_decay * value
        for g, value in zip(point.gradient, point.params, strict=True)
    ]


def _no_state(_params: Columns) -> State:
    return ()


def _zeros(params: Columns) -> State:
    """One number per parameter, of which there is nothing yet: a velocity, a sum of squares."""
    return tuple(0.0 * value for value in params)


def gd_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """θ ← θ − ηg (Cauchy 1847; ``torch.optim.SGD``)."""
    return [-hyper.lr * g for g in decayed_gradient(point, hyper)], state


def momentum_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """V ← μv + g, θ ← θ − ηv (Polyak 1964; ``torch.optim.SGD`` without dampening)."""
    velocity = tuple(
        hyper.momentum * v + g for v, g in zip(state, decayed_gradient(point, hyper), strict=True)
    )
    return [-hyper.lr * v for v in velocity], velocity


def nesterov_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """V ← μv + g, θ ← θ − η(g + μv) (Sutskever et al. 2013, as ``torch.optim.SGD`` has it)."""
    gradient = decayed_gradient(point, hyper)
    velocity = tuple(hyper.momentum * v + g for v, g in zip(state, gradient, strict=True))
    steps = zip(velocity, gradient, strict=True)
    return [-hyper.lr * (g + hyper.momentum * v) for v, g in steps], velocity


def adagrad_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """S ← s + g², θ ← θ − ηg/(√s + ε) (Duchi, Hazan & Singer 2011)."""
    gradient = decayed_gradient(point, hyper)
    sums = tuple(s + g * g for s, g in zip(state, gradient, strict=True))
    pairs = zip(gradient, sums, strict=True)
    return [-hyper.lr * g / (_sqrt(s) + hyper.eps) for g, s in pairs], sums


def rmsprop_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """S ← αs + (1−α)g², θ ← θ − ηg/(√s + ε) (Tieleman & Hinton 2012)."""
    gradient = decayed_gradient(point, hyper)
    means = tuple(
        hyper.alpha * s + (1 - hyper.alpha) * (g * g) for s, g in zip(state, gradient, strict=True)
    )
    pairs = zip(gradient, means, strict=True)
    return [-hyper.lr * g / (_sqrt(s) + hyper.eps) for g, s in pairs], means


def _count_and_zeros(params: Columns) -> State:
    """Number of updates, running means of the gradient and of its square."""
    return 0, _zeros(params), _zeros(params)


def adam_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), θ ← θ − η·m̂/(√v̂ + ε) (Kingma & Ba 2015, algorithm 1)."""
    return _adam_step(decayed_gradient(point, hyper), state, hyper)


def _adam_step(gradient: Columns, state: State, hyper: Any) -> tuple[Columns, State]:
    t, m, v = state[0] + 1, state[1], state[2]
    beta_1, beta_2 = hyper.betas
    m = tuple(beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradient, strict=True))
    v = tuple(beta_2 * a + (1 - beta_2) * (g * g) for a, g in zip(v, gradient, strict=True))
    step, root = hyper.lr / (1 - beta_1**t), _sqrt(1 - beta_2**t)
    delta = [-step * a / (_sqrt(b) / root + hyper.eps) for a, b in zip(m, v, strict=True)]
    return delta, (t, m, v)


def adamw_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """θ ← (1 − ηλ)θ, then Adam's step with the bare gradient (Loshchilov & Hutter 2019)."""
    steps, state = _adam_step(point.gradient, state, hyper)
    shrink = hyper.lr * hyper.weight_decay
    return [d - shrink * value for d, value in zip(steps, point.params, strict=True)], state


def newton_update(point: Point, state: State, hyper: Any) -> tuple[Columns, State]:
    """θ ← θ − η H⁺g, of minimum norm where H is singular (Nocedal & Wright 2006, ch. 3.3).

    Where H is indefinite it is shifted until its smallest eigenvalue is positive (ch. 3.4): the
    bare step would climb towards a saddle.
    """
    inverse = _damped_inverse(point.hessian(point.params)).tolist()
    return [
        -hyper.lr * sum(a * g for a, g in zip(row, point.gradient, strict=True)) for row in inverse
    ], state


def _damped_inverse(hessian: Vector) -> Vector:
    if not np.isfinite(hessian).all():  # the run has diverged, and LAPACK may refuse it
        return np.full_like(hessian, np.nan)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    if eigenvalues[0] < -PINV_ROUNDING * float(np.abs(eigenvalues).max()):
        eigenvalues = eigenvalues - 2 * eigenvalues[0]
        return np.asarray((vectors / eigenvalues) @ vectors.T)
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers near the smallest there are
        return _pseudoinverse(hessian)


def _pseudoinverse(hessian: Vector) -> Vector:
    """H⁺ of a positive semidefinite H.

    Its rank is that of H with a diagonal of ones: the units of the features, and a mean far from
    0, say nothing of rank (van der Sluis, *Numerische Mathematik* 14, 1969).
    """
    units = np.sqrt(np.abs(np.diag(hessian)))
    units[units == 0] = 1.0
    eigenvalues, vectors = np.linalg.eigh(hessian / units / units[:, np.newaxis])
    solvable = eigenvalues > PINV_ROUNDING * eigenvalues[-1]
    vectors = vectors / units[:, np.newaxis]
    steep, flat = vectors[:, solvable], vectors[:, ~solvable]
    inverse = (steep / eigenvalues[solvable]) @ steep.T
    if flat.shape[1]:  # of minimum norm in the parameters' own units
        flat = orthonormal(flat)
        across = np.eye(len(flat)) - flat @ flat.T
        inverse = across @ inverse @ across
    return np.asarray(inverse)


OPTIMIZERS: dict[str, Optimizer] = {
    "gd": Optimizer(_no_state, gd_update, lambda top, hyper: 2 / (top + hyper.weight_decay)),
    "momentum": Optimizer(
        _zeros,
        momentum_update,
        lambda top, hyper: 2 * (1 + hyper.momentum) / (top + hyper.weight_decay),
    ),
    "nesterov": Optimizer(
        _zeros,
        nesterov_update,
        lambda top, hyper: (
            2 * (1 + hyper.momentum) / ((1 + 2 * hyper.momentum) * (top + hyper.weight_decay))
        ),
    ),
    "adagrad": Optimizer(_zeros, adagrad_update, None),
    "rmsprop": Optimizer(_zeros, rmsprop_update, None),
    "adam": Optimizer(_count_and_zeros, adam_update, None),
    "adamw": Optimizer(_count_and_zeros, adamw_update, None),
    "newton": Optimizer(_no_state, newton_update, lambda _top, _hyper: 2.0, elementwise=False),
}
"""Every method by its ``kind`` in the experiment file."""


def limit_on(curvature: Curvature | None, hyper: Any) -> float | None:
    """The stability limit of a method where the surface has this curvature, if it has any."""
    if curvature is None:
        return None
    return stability_limit(kind_of(hyper), curvature.largest, hyper)


def stability_limit(kind: str, largest_eigenvalue: float, hyper: Any) -> float | None:
    """The learning rate from which on a method diverges on a quadratic with this λmax.

    gd 2/λmax; momentum 2(1+μ)/λmax (Polyak 1964); torch's Nesterov 2(1+μ)/((1+2μ)λmax); Newton 2;
    weight decay adds to every eigenvalue. None where the method has no limit or the surface is
    flat.
    """
    limit = OPTIMIZERS[kind].stability_limit
    if limit is None or largest_eigenvalue <= 0:
        return None
    return limit(largest_eigenvalue, hyper)
