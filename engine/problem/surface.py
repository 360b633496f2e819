"""The loss surface over two parameters: a frame, the heights on a grid, and contour lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

REFINEMENTS = (11, 21, 35, 57, GRID_POINTS)
"""Sides of the grids, coarse to fine, of a surface that is not free."""

ROUGH_NUMBERS = 500_000
"""Points that a map within a frame of the window may look at."""

FINE_NUMBERS = 300_000_000
"""Points that the finest map may look at."""

QUICK_POINTS = 20_000
"""Points that may be looked at while the mouse moves."""

ELLIPSE_POINTS = 361
"""Points of a contour line that is an ellipse."""

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


@dataclass(frozen=True, slots=True, eq=False)
class HeightMap:
    """Losses ``z`` (ny, nx) over coordinates ``x`` (nx,) and ``y`` (ny,)."""

    x: Vector
    y: Vector
    z: Vector


def rough_map(
    problem: Problem, params: Vector, axes: tuple[int, int], frame: Frame
) -> HeightMap | None:
    """What can be known of the surface within a frame of the window; the whole where it is free.

    None where even a rough grid would take too long.
    """
    sides = [GRID_POINTS] if problem.is_free else _sides(problem.dataset.train.n, ROUGH_NUMBERS)
    if not sides:
        return None
    x, y = np.linspace(*frame.x, sides[-1]), np.linspace(*frame.y, sides[-1])
    return HeightMap(x, y, heights(problem.objective, params, axes, x, y))


def finer_maps(
    problem: Problem,
    params: Vector,
    axes: tuple[int, int],
    frame: Frame,
    cancelled: Callable[[], bool],
) -> Iterator[HeightMap]:
    """Ever finer maps of a surface that every point of the data has a say in.

    Stops where it is ``cancelled``, which it asks after every row.
    """
    n = problem.dataset.train.n
    rough = len(_sides(n, ROUGH_NUMBERS))
    for side in _sides(n, FINE_NUMBERS)[rough:]:
        x, y = np.linspace(*frame.x, side), np.linspace(*frame.y, side)
        z = np.empty((side, side))
        for row in range(side):
            if cancelled():
                return
            z[row] = heights(problem.objective, params, axes, x, y[row : row + 1])
        yield HeightMap(x, y, z)


def _sides(n_points: int, most: int) -> list[int]:
    """The grids, coarse to fine, that look at no more than ``most`` points."""
    return [side for side in REFINEMENTS if side * side * n_points <= most]


def levels(z: Vector, minimum: float, count: int = N_LEVELS, even: bool = False) -> Vector:
    """Contour levels above the minimum of the loss; (count,) or fewer, ascending.

    Log-spaced, which shows the bottom of one valley; evenly spaced where there are several.
    """
    above = z[np.isfinite(z)] - minimum
    above = above[above > 0]
    if above.size == 0:
        return np.zeros(0)
    lowest, highest = max(float(above.min()), float(above.max()) * 1e-4), float(above.max())
    if even:
        spaced = minimum + np.linspace(0, highest, count + 2)[1:-1]
    else:
        spaced = minimum + np.geomspace(lowest, highest, count + 2)[1:-1]
    ascending = np.array(sorted(set(spaced.tolist())))
    return ascending[(ascending > minimum) & (ascending < minimum + highest)]


def is_quick(problem: Problem) -> bool:
    """Whether the loss at one point is known within a frame of the window."""
    return problem.is_free or problem.dataset.train.n <= QUICK_POINTS


def losses_at(problem: Problem, params: Vector, cancelled: Callable[[], bool]) -> Iterator[float]:
    """The loss at parameters (p,), as the answer to a question."""
    if not cancelled():
        yield float(problem.objective.loss(params.tolist()))


def gradients_at(
    problem: Problem, params: Vector, cancelled: Callable[[], bool]
) -> Iterator[Vector]:
    """The gradient (p,) at parameters (p,), as the answer to a question."""
    if not cancelled():
        yield np.array(problem.objective.gradient(params.tolist()))


def level_line(
    problem: Problem, params: Vector, axes: tuple[int, int], heights: HeightMap, level: float
) -> tuple[Vector, Vector]:
    """The contour through the loss ``level`` at parameters (p,), as a NaN-separated curve (x, y).

    That of a quadratic is an exact ellipse, unless it is so large that little of it is within
    the heights; any other is found in the heights.
    """
    ellipse = _ellipse(problem, params, axes) if problem.is_quadratic else None
    if ellipse is not None:
        spans = (np.ptp(curve) <= 2 * np.ptp(side) for curve, side in _sides_of(ellipse, heights))
        if all(spans):
            return ellipse
    return contour_lines(heights.x, heights.y, heights.z, np.array([level]))


def _sides_of(curve: tuple[Vector, Vector], heights: HeightMap) -> Iterator[tuple[Vector, Vector]]:
    return zip(curve, (heights.x, heights.y), strict=True)


def _ellipse(
    problem: Problem, params: Vector, axes: tuple[int, int]
) -> tuple[Vector, Vector] | None:
    """The points of a quadratic's slice that are as high as parameters (p,), which come first.

    With the slice's Hessian H and its gradient g there, it is centred at θ − H⁻¹g; along the
    eigenvector of λ its half axis is √(gᵀH⁻¹g / λ). None where the slice has no lowest point.
    """
    objective, chosen = problem.objective, list(axes)
    hessian = objective.hessian_at(params.tolist())[np.ix_(chosen, chosen)]
    gradient = np.array(objective.gradient(params.tolist()))[chosen]
    eigenvalues, vectors = np.linalg.eigh(hessian)
    if not eigenvalues[0] > NEGLIGIBLE * eigenvalues[1]:
        return None
    away = vectors.T @ gradient / eigenvalues  # from the centre, along the eigenvectors
    radii = np.sqrt((away**2 * eigenvalues).sum() / eigenvalues)
    first = np.arctan2(away[1] * radii[0], away[0] * radii[1])
    turn = first + np.linspace(0, 2 * np.pi, ELLIPSE_POINTS)
    ring = radii[:, np.newaxis] * np.array((np.cos(turn), np.sin(turn)))
    x, y = (params[chosen] - vectors @ away)[:, np.newaxis] + vectors @ ring
    return x, y


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
