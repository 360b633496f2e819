"""The lasso, by an active set whose signs are known: certified by the conditions of optimality."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.objective import objective_of
from engine.problem.optimum import Optimum, solution
from engine.problem.penalty import Penalty
from engine.problem.quadratic import Quadratic
from engine.problem.solvers.frame import scales_of
from engine.types import Vector

CERTIFIED = 1e-10
"""What may be left of the gradient, as a share of its scale, for an optimum to be exact."""

ONE_OF_MANY = Message(
    QT_TRANSLATE_NOOP(
        "Message",
        "Several weights share the smallest loss, because features repeat each other; distances "
        "are measured to one of them.",
    )
)


def subgradient(gradient: Vector, params: Vector, pull: Vector) -> Vector:
    """The least subgradient (p,) of a smooth function plus Σ pull·|θ|; 0 only at a minimum."""
    at_zero = np.sign(gradient) * np.maximum(np.abs(gradient) - pull, 0)
    return np.asarray(np.where(params == 0, at_zero, gradient + pull * np.sign(params)))


def minimise_squares(factor: Vector, target: Vector, pull: Vector, start: Vector) -> Vector:
    """θ (p,) that minimises ½‖Fθ − t‖² + Σ pull·|θ|.

    While the signs stay the same the function is a quadratic, so that each step ends in its
    minimum or at the first weight that becomes 0; the rest is which weights are not 0, as in
    Lee, Battle, Raina & Ng, "Efficient sparse coding algorithms" (NeurIPS 2006), algorithm 1.
    """
    params, signs = start.copy(), np.sign(start)
    is_free = (pull == 0) | (start != 0)
    tolerance = 1e-13 * max(float(np.abs(factor.T @ target).max(initial=0)), float(pull.max()))
    is_settled = False
    for _ in range(50 + 20 * len(start)):
        gradient = factor.T @ (factor @ params - target)
        if not is_settled:
            step = _step(factor[:, is_free], (gradient + pull * signs)[is_free])
            is_settled = _walk(params, signs, is_free, pull, step)
            continue
        excess = np.where(is_free, 0.0, np.abs(gradient) - pull)
        worst = int(np.argmax(excess))
        if excess[worst] <= tolerance:
            break
        is_free[worst], signs[worst] = True, -np.sign(gradient[worst])
        is_settled = False
    return params


def _step(columns: Vector, gradient: Vector) -> Vector:
    """Where the quadratic with these columns is smallest, seen from where its gradient is taken.

    Rows far below the rounding of the others keep it finite where columns repeat each other.
    """
    if not columns.shape[1]:
        return np.zeros(0)
    rounding = 1e-13 * np.linalg.norm(columns, axis=0).max(initial=0)
    rows = np.vstack((columns, rounding * np.eye(columns.shape[1])))
    r = np.asarray(np.linalg.qr(rows, mode="r"))
    return np.asarray(-np.linalg.solve(r, np.linalg.solve(r.T, gradient)))


def _walk(
    params: Vector, signs: Vector, is_free: NDArray[np.bool_], pull: Vector, step: Vector
) -> bool:
    """Go along the step, in place, until a weight becomes 0; whether none did."""
    full = np.zeros_like(params)
    full[is_free] = step
    crosses = is_free & (pull > 0) & (signs * (params + full) <= 0)
    if not crosses.any():
        params += full
        return True
    shares = np.where(crosses, np.abs(params) / np.where(crosses, np.abs(full), 1.0), np.inf)
    first = int(np.argmin(shares))
    params += shares[first] * full
    params[first], signs[first], is_free[first] = 0.0, 0.0, False
    return False


def lasso_of_quadratic(quadratic: Quadratic, penalty: Penalty) -> Optimum:
    """The optimum of a quadratic with λ₁Σ|w| + λ₂Σw², λ₁ > 0.

    The intercept follows from the weights, and constant features have weight 0. The rest is
    solved for w over the spread of each feature, from the triangular factor.
    """
    triangle, best = quadratic.factor[1:, 1:], quadratic.optimum
    basis = scales_of(triangle)
    k = basis.shape[1]
    weights = np.zeros(len(triangle))
    is_exact = is_single = True
    if k:
        factor = np.sqrt(2 * quadratic.weight) * triangle
        rows = np.vstack((factor @ basis, np.sqrt(2 * penalty.l2) * basis))
        target = np.concatenate((factor @ best[1:], np.zeros(len(triangle))))
        pull = penalty.l1 * np.abs(basis).sum(axis=0)
        scaled = minimise_squares(rows, target, pull, np.zeros(k))
        gradient = rows.T @ (rows @ scaled - target)
        is_exact = is_optimal(gradient, scaled, pull, float(np.abs(rows.T @ target).max()))
        is_single = _is_single(rows, gradient, pull)
        weights = basis @ scaled
    intercept = best[0] - quadratic.factor[0, 1:] @ (weights - best[1:])
    params = np.concatenate(([intercept], weights))
    loss = float(objective_of(quadratic, penalty).loss(params.tolist()))
    none = np.zeros((len(params), 0))
    return solution(params, loss, is_exact, none, None if is_single else ONE_OF_MANY)


def is_optimal(gradient: Vector, params: Vector, pull: Vector, scale: float) -> bool:
    """Whether the least subgradient is 0 but for rounding, against the scale of the gradient."""
    left = np.abs(subgradient(gradient, params, pull)).max(initial=0)
    return bool(left <= CERTIFIED * max(scale, float(pull.max(initial=0))))


def _is_single(rows: Vector, gradient: Vector, pull: Vector) -> bool:
    """Whether the columns that may have a weight are independent, so that there is one optimum."""
    tied = rows[:, np.abs(gradient) >= pull * (1 - CERTIFIED)]
    return int(np.linalg.matrix_rank(tied, tol=1e-12)) == tied.shape[1] if tied.size else True
