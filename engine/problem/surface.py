"""The loss surface over two parameters: a frame, the heights on a grid, and contour lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.problem.objective import Objective
from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic
from engine.types import Vector

GRID_POINTS = 101
N_LEVELS = 14

SATURATED = 8.0
"""Half side, in units of z, of the frame of a loss that has no optimum."""

HILLS = 5.0
"""Half side, in units of z, that the frame of a loss with several valleys has at least."""

NEGLIGIBLE = 1e-9
"""A frame narrower than this share of its centre shows nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle in the plane of two parameters."""

    x: tuple[float, float]
    y: tuple[float, float]


def default_frame(problem: Problem, start: Vector, axes: tuple[int, int]) -> Frame:
    """A rectangle about the optimum with the start well inside.

    Each half side is half the extent of the contour through the start, as the curvature at the
    optimum has it, but at least 1.3 and at most 4 times the start's distance on that axis, so
    that a long valley does not shrink the path to a dot. Where there is no optimum it lies about
    the start.
    """
    sides = [_side(problem, start, axis) for axis in axes]
    return Frame(sides[0], sides[1])


def _side(problem: Problem, start: Vector, axis: int) -> tuple[float, float]:
    best = problem.optimum.params
    if best is None:
        half = SATURATED / _spread(problem, axis)
        return float(start[axis]) - half, float(start[axis]) + half
    centre = float(best[axis])
    distance = abs(float(start[axis]) - centre)
    half = 0.5 * _contour_extent(problem, start, axis)
    if distance > 0:
        half = min(max(half, 1.3 * distance), 4 * distance)
    if not problem.neuron.is_convex:  # or only one of its valleys would be seen
        half = max(half, HILLS / _spread(problem, axis))
    if not (np.isfinite(half) and half > NEGLIGIBLE * abs(centre)):
        half = max(1.0, abs(centre))
    return centre - half, centre + half


def _spread(problem: Problem, axis: int) -> float:
    """How far z moves per unit of a parameter: 1 for the intercept, else the feature's spread."""
    spread = 1.0 if axis == 0 else float(problem.x_train[:, axis - 1].std())
    return spread if spread > 0 else 1.0


def _contour_extent(problem: Problem, start: Vector, axis: int) -> float:
    """Half the extent along one axis of the contour through the start: √(2(L₀−L*) (H⁻¹)ᵢᵢ)."""
    unit, optimum, objective = np.zeros(len(start)), problem.optimum, problem.objective
    unit[axis] = 1.0
    if isinstance(objective, Quadratic):
        solution, *_ = np.linalg.lstsq(objective.factor.T, unit, rcond=None)
        height = float(objective.excess(start.tolist())) / objective.weight
        return float(np.sqrt(height) * np.linalg.norm(solution))
    assert optimum.params is not None
    hessian = objective.hessian_at(optimum.params.tolist())
    inverse = float((np.linalg.pinv(hessian, hermitian=True) @ unit)[axis])
    height = max(0.0, float(objective.loss(start.tolist())) - optimum.loss)
    return float(np.sqrt(2 * height * max(0.0, inverse)))


def heights(
    objective: Objective, params: Vector, axes: tuple[int, int], x: Vector, y: Vector
) -> Vector:
    """Loss on a grid of two parameters, the others held at ``params`` (p,).

    Parameters
    ----------
    axes
        Which parameters lie along x and y.
    x, y
        Grid coordinates (nx,) and (ny,).

    Returns
    -------
    Vector
        Heights of shape (ny, nx): rows are y, columns are x.
    """
    columns: list[float | Vector] = list(params.tolist())
    columns[axes[0]] = x[np.newaxis, :]
    columns[axes[1]] = y[:, np.newaxis]
    return np.asarray(objective.loss(columns))


def levels(z: Vector, minimum: float, count: int = N_LEVELS) -> Vector:
    """Contour levels, log-spaced above the minimum of the loss; (count,) or fewer, ascending."""
    above = z[np.isfinite(z)] - minimum
    above = above[above > 0]
    if above.size == 0:
        return np.zeros(0)
    lowest, highest = max(float(above.min()), float(above.max()) * 1e-4), float(above.max())
    spaced = minimum + np.geomspace(lowest, highest, count + 2)[1:-1]
    ascending = np.array(sorted(set(spaced.tolist())))
    return ascending[(ascending > minimum) & (ascending < minimum + highest)]


def contour_lines(x: Vector, y: Vector, z: Vector, at: Vector) -> tuple[Vector, Vector]:
    """All lines of the given levels as one NaN-separated curve (x, y), one item to draw."""
    import contourpy  # only here: the first paint of the window should not wait for it

    # contourpy's own factory looks for masked arrays, and so loads numpy.ma at the first surface
    generator = contourpy.SerialContourGenerator(
        *np.meshgrid(x, y),
        z,
        None,  # type: ignore[arg-type]  # no mask; the stubs know only arrays
        corner_mask=False,
        line_type=contourpy.LineType.ChunkCombinedNan,
        fill_type=contourpy.FillType.OuterOffset,
        quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
        x_chunk_size=0,
        y_chunk_size=0,
    )
    pieces = [lines for level in at for lines in generator.lines(level)[0] if lines is not None]
    if not pieces:
        return np.zeros(0), np.zeros(0)
    gap = np.full((1, 2), np.nan)
    joined = np.concatenate([part for piece in pieces for part in (piece, gap)])
    return joined[:, 0], joined[:, 1]
