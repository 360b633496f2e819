"""Coordinates in which a problem is well scaled, whatever the units and the rank of its data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.messages import Message
from engine.problem.objective import objective_of
from engine.problem.optimum import VALLEY, Optimum, solution
from engine.problem.penalty import Penalty
from engine.problem.pointwise import CHUNK_POINTS, Pointwise
from engine.problem.quadratic import Quadratic, fit_quadratic
from engine.types import Vector


@dataclass(frozen=True, eq=False)
class Frame:
    """θ = (a − m·w, w) with w = Mc, so that z = a + c·u with centred features u = Mᵀ(x − m).

    Without λ₁ the u (k, n) have mean square 1 and no correlation, k is the rank of the centred
    data, and w has the least norm of all weights that give the same z. With λ₁ every u is one
    feature over its standard deviation, so that a weight is 0 where its c is; constant features
    are left out.

    Parameters
    ----------
    points, penalty
        What the optimum is looked for.
    data
        The points with the features u.
    curve
        C (k + 1, k + 1) such that γᵀCγ is the penalty λ₂Σw² of γ = (a, c).
    pull
        (k + 1,) such that Σ pull·|γ| is the penalty λ₁Σ|w|.
    start
        γ (k + 1,) of the least-squares line.
    flat
        Orthonormal directions of θ (p, ·) along which no optimum is distinguished.
    """

    points: Pointwise
    penalty: Penalty
    data: Pointwise
    mean: Vector
    basis: Vector
    curve: Vector
    pull: Vector
    start: Vector
    flat: Vector

    def to_params(self, gamma: Vector) -> Vector:
        """θ (p,) in the model's units."""
        weights = self.basis @ gamma[1:]
        return np.concatenate(([gamma[0] - self.mean @ weights], weights))

    def optimum(self, gamma: Vector, is_exact: bool, note: Message | None = None) -> Optimum:
        """The optimum at γ, or what is nearly one; ``note`` says what is special about it."""
        params = self.to_params(gamma)
        loss = float(objective_of(self.points, self.penalty).loss(params.tolist()))
        return solution(params, loss, is_exact, self.flat, VALLEY if self.flat.size else note)


def frame_of(data: Pointwise, penalty: Penalty) -> Frame:
    """The coordinates for data (with features in the model's units) under a penalty."""
    squares = fit_quadratic(data.x.T, data.y, 1.0)
    mean, triangle = squares.factor[0, 1:], squares.factor[1:, 1:]
    basis = scales_of(triangle) if penalty.l1 else _whitening(squares)
    k = basis.shape[1]
    curve, pull = np.zeros((k + 1, k + 1)), np.zeros(k + 1)
    curve[1:, 1:] = penalty.l2 * (basis.T @ basis)
    pull[1:] = penalty.l1 * np.abs(basis).sum(axis=0)
    weights = squares.optimum[1:]
    start = np.linalg.lstsq(basis, weights, rcond=None)[0] if k else np.zeros(0)
    intercept = squares.optimum[0] + mean @ weights
    return Frame(
        data,
        penalty,
        Pointwise(data.neuron, _features(data.x, mean, basis), data.y),
        mean,
        basis,
        curve,
        pull,
        np.concatenate(([intercept], start)),
        np.zeros((len(mean) + 1, 0)) if penalty else squares.flat,
    )


def scales_of(triangle: Vector) -> Vector:
    """The diagonal of 1/σ (d, d) without the columns of constant features, from R of the data."""
    spread = np.linalg.norm(triangle, axis=0)
    varies = spread > 0
    return np.diag(1 / np.where(varies, spread, 1.0))[:, varies]


def _whitening(squares: Quadratic) -> Vector:
    """M (d, k) that gives the centred features unit covariance, least in norm."""
    scales = scales_of(squares.factor[1:, 1:])
    rank = squares.rank - 1
    _, singular, rows = np.linalg.svd(squares.factor[1:, 1:] @ scales)
    basis = scales @ (rows[:rank].T / singular[:rank])
    if squares.flat.size:
        null = np.linalg.qr(squares.flat[1:])[0]
        basis = basis - null @ (null.T @ basis)
    return np.asarray(basis)


def _features(x: Vector, mean: Vector, basis: Vector) -> Vector:
    """The features u = Mᵀ(x − m) (k, n), in bounded chunks of working memory."""
    features = np.empty((basis.shape[1], x.shape[1]))
    for first in range(0, x.shape[1], CHUNK_POINTS):
        chunk = slice(first, first + CHUNK_POINTS)
        features[:, chunk] = basis.T @ (x[:, chunk] - mean[:, np.newaxis])
    return features
