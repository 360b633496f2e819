"""The fit in the user's own units: predictions, its line, residuals, how dense the points lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.problem.dataset import Part
from engine.problem.pointwise import linear
from engine.problem.problem import Problem
from engine.types import Vector


def predict(problem: Problem, params: Sequence[float] | Vector, x: Vector) -> Vector:
    """ŷ (n,) of parameters in the model's units for features (n, d) in the user's own."""
    columns = np.ascontiguousarray(problem.scaler.transform(x).T)
    return problem.neuron.predict(linear(columns, [float(value) for value in params]))


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


def fit_curve(problem: Problem, params: Vector, feature: int, x: Vector) -> Vector:
    """What the model makes of own-unit values of feature j: h of :func:`fit_line`.

    Parameters and result have the shapes of :func:`fit_line`.
    """
    return problem.neuron.predict(fit_line(problem, params, feature, x))


def is_straight(problem: Problem) -> bool:
    """Whether the fit is a line, of which two points say all."""
    return problem.neuron.model == "line"


def has_boundary(problem: Problem) -> bool:
    """Whether two features make two classes, told apart by a line between them."""
    return problem.has_classes and problem.dataset.n_features == 2


def probabilities(problem: Problem, params: Vector, x1: Vector, x2: Vector) -> Vector:
    """ŷ (n2, n1) over own-unit values of two features, rows along the second."""
    first, second = np.meshgrid(x1, x2)
    points = np.column_stack((first.ravel(), second.ravel()))
    return predict(problem, params, points).reshape(first.shape)


def boundary(problem: Problem, params: Vector, x1: Vector) -> Vector:
    """Where ŷ = ½: the second feature (m,) at values of the first, in own units.

    Not finite where the boundary is upright or there is none.
    """
    b, w1, w2 = problem.scaler.to_own_units(params).tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(-(b + w1 * x1) / w2 if w2 else np.full(x1.shape, np.nan))


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
