"""The fit in the user's own units: predictions, its line, residuals, how dense the points lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.problem.dataset import Part
from engine.problem.pointwise import linear
from engine.problem.problem import Problem
from engine.types import Vector


def predict(problem: Problem, params: Sequence[float] | Vector, x: Vector) -> Vector:
    """ŷ (n,) of parameters in the model's units for features (n, d) in the user's own.

    Not finite where the numbers are too large for it.
    """
    with np.errstate(over="ignore", invalid="ignore"):
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
        Heights of shape (m,) or (n, m); not finite where the numbers are too large for it.
    """
    scaler = problem.scaler
    intercept = params[0] - (scaler.mean / scaler.sd) @ params[1:]
    slope = params[1 + feature] * (scaler.scale / scaler.sd)[feature]
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.multiply.outer(slope, x) + np.asarray(intercept)[..., np.newaxis])


def fit_curve(problem: Problem, params: Vector, feature: int, x: Vector) -> Vector:
    """What the model makes of own-unit values of feature j: h of :func:`fit_line`.

    Parameters and result have the shapes of :func:`fit_line`.
    """
    with np.errstate(invalid="ignore"):  # the sine of infinity
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


def boundary(
    problem: Problem, params: Vector, x1_range: tuple[float, float], x2_range: tuple[float, float]
) -> Vector | None:
    """The line ŷ = ½ of two features in own units: points (2, 2) on opposite sides of a rectangle.

    They lie on the sides that the line crosses less steeply, so either coordinate may leave the
    rectangle; None where there is no such line.
    """
    b, w1, w2 = problem.scaler.to_own_units(params).tolist()
    across, up = (high - low for low, high in (x1_range, x2_range))
    x1, x2 = np.array(x1_range), np.array(x2_range)
    with np.errstate(over="ignore"):
        if abs(w1) * across > abs(w2) * up:
            return np.column_stack((-(b + w2 * x2) / w1, x2))
        return np.column_stack((x1, -(b + w1 * x1) / w2)) if w2 else None


def threshold(problem: Problem, params: Vector) -> float | None:
    """Where ŷ = ½: the value of the only feature, in own units; None where there is none."""
    b, w = problem.scaler.to_own_units(params).tolist()
    return -b / w if w else None


def predicted_range(problem: Problem) -> tuple[float, float] | None:
    """Between which values every prediction lies; None for a line, which has no bounds."""
    return {"logistic": (0.0, 1.0), "tanh": (-1.0, 1.0), "sine": (-1.0, 1.0)}.get(
        problem.neuron.model
    )


def is_outside(problem: Problem, x: Sequence[float]) -> bool:
    """Whether a value of any feature lies beyond all training points: ŷ is an extrapolation."""
    points = problem.dataset.train.x
    return any(
        not column.min() <= value <= column.max() for column, value in zip(points.T, x, strict=True)
    )


@dataclass(frozen=True, slots=True, eq=False)
class PointFacts:
    """What the model makes of one point, features ``x`` (d,) in own units.

    ``error`` is ŷ − y, ``loss`` the point's ℓ and ``share`` ℓ/Σℓ over its part of the data, NaN
    where nothing is lost at all.
    """

    x: Vector
    y: float
    prediction: float
    error: float
    loss: float
    share: float


def point_facts(problem: Problem, params: Vector, part: Part, index: int) -> PointFacts:
    """Hold point ``index`` of a part of the data against parameters (p,) in the model's units."""
    x, y = part.x[index : index + 1], part.y[index : index + 1]
    values = params.tolist()
    z = linear(np.ascontiguousarray(problem.scaler.transform(x).T), values)
    prediction, loss = problem.neuron.predict(z), float(problem.neuron.loss(z, y)[0])
    all_points = problem.train if part is problem.dataset.train else problem.validation
    assert all_points is not None
    total = float(all_points.loss(values)) * part.n
    return PointFacts(
        x=x[0],
        y=float(y[0]),
        prediction=float(prediction[0]),
        error=float(prediction[0] - y[0]),
        loss=loss,
        share=loss / total if total > 0 else float("nan"),
    )


def partial_residuals(
    problem: Problem,
    params: Vector,
    feature: int,
    part: Part,
    rows: slice | NDArray[np.intp] = slice(None),
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
