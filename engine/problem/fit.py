"""The fit in the user's own units: predictions, its line, residuals, how dense the points lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.problem.dataset import Part
from engine.problem.problem import Problem
from engine.types import Vector


def predict(params: Sequence[float] | Vector, x: Vector) -> Vector:
    """ŷ = b + x·w for features (n, d) in the model's units; shape (n,)."""
    total = np.full(len(x), float(params[0]))
    for j in range(x.shape[1]):
        total += float(params[j + 1]) * x[:, j]
    return total


def fit_line(problem: Problem, params: Vector, feature: int, x: Vector) -> Vector:
    """The line b + wⱼxⱼ of parameters in the model's units, at own-unit values of feature j.

    With one feature this is the prediction; with several, the line through the partial residuals.

    Parameters
    ----------
    params
        Parameters (p,), or (p, n) for n lines.
    x
        Values (m,) of the feature.

    Returns
    -------
    Vector
        Heights of shape (m,) or (n, m).
    """
    scaler = problem.scaler
    intercept = params[0] - (scaler.mean / scaler.sd) @ params[1:]
    slope = params[1 + feature] * (scaler.scale / scaler.sd)[feature]
    return np.asarray(np.multiply.outer(slope, x) + np.asarray(intercept)[..., np.newaxis])


def partial_residuals(
    problem: Problem, params: Vector, feature: int, part: Part, rows: slice = slice(None)
) -> Vector:
    """The targets less what all other features explain: y − Σ_{k≠j} wₖxₖ = b + wⱼxⱼ + residual.

    Larsen & McCleary, "The use of partial residual plots in regression analysis",
    *Technometrics* 14 (1972). With one feature these are the targets themselves.
    """
    own = problem.scaler.to_own_units(params)
    rest = part.y[rows].copy()
    for k in range(part.x.shape[1]):
        if k != feature:
            rest -= own[1 + k] * part.x[rows, k]
    return rest


def evenly(n: int, limit: int) -> slice:
    """A fixed choice of at most ``limit`` out of ``n`` points, evenly spread over their order."""
    return slice(0, n, max(1, -(-n // limit)))


def extent(values: Vector, margin: float) -> tuple[float, float]:
    """Smallest and largest value with a share of the range added on both sides; never empty."""
    low, high = float(values.min()), float(values.max())
    pad = margin * (high - low) if high > low else 0.5 * max(1.0, abs(low))
    return low - pad, high + pad


def density(
    x: Vector,
    y: Vector,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    shape: tuple[int, int],
) -> Vector:
    """How many points fall into each cell of a grid ``shape`` = (ny, nx) over two ranges."""
    ny, nx = shape
    column = np.floor((x - x_range[0]) * (nx / (x_range[1] - x_range[0])))
    row = np.floor((y - y_range[0]) * (ny / (y_range[1] - y_range[0])))
    inside = (column >= 0) & (column < nx) & (row >= 0) & (row < ny)
    cell = row[inside].astype(np.intp) * nx + column[inside].astype(np.intp)
    return np.bincount(cell, minlength=nx * ny).reshape(shape).astype(np.float64)
