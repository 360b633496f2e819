"""How the curvature looks on the surface: the axes of its contours, and what scaling would give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.experiment import Features
from engine.problem.curvature import Curvature, curvature_at, curvature_of
from engine.problem.dataset import fit_scaler
from engine.problem.problem import Problem
from engine.problem.quadratic import Quadratic, fit_quadratic
from engine.types import Vector


@dataclass(frozen=True, slots=True, eq=False)
class ContourAxes:
    """The axes of the contours about a lowest point of what is looked at, or about a point of it.

    Parameters
    ----------
    centre
        That point (2,).
    eigenvalues
        λ₁ ≥ λ₂ > 0 (2,): a contour reaches 1/√λ along its axes.
    directions
        Unit vectors (2, 2), a column each.
    is_slice
        Whether they are those of a slice, of which the others are not seen.
    """

    centre: Vector
    eigenvalues: Vector
    directions: Vector
    is_slice: bool


def contour_axes(problem: Problem, params: Vector, axes: tuple[int, int]) -> ContourAxes | None:
    """The axes about the optimum, or of the slice through parameters (p,).

    Those of a quadratic's slice are about its own lowest point. Where that is not known (see
    ``are_local``) they are about ``params``: a contour of the parabola that bends as the loss does
    there. None where the surface has no contours that close.
    """
    chosen = list(axes)
    if problem.n_params == 2 and problem.optimum.params is not None:
        curvature, centre = problem.curvature, problem.optimum.params[chosen]
        directions = None if curvature is None else curvature.eigenvectors[chosen]
    else:
        hessian = problem.objective.hessian_at(params.tolist())[np.ix_(chosen, chosen)]
        curvature = curvature_at(hessian) if np.isfinite(hessian).all() else None
        centre = params[chosen]
        directions = None if curvature is None else curvature.eigenvectors
    if curvature is None or directions is None or curvature.smallest <= 0:
        return None
    if problem.n_params > 2 and problem.is_quadratic:
        gradient = np.array(problem.objective.gradient(params.tolist()))[chosen]
        centre = centre - np.linalg.solve(hessian, gradient)
    is_slice = problem.n_params > 2
    return ContourAxes(centre, curvature.eigenvalues[::-1], directions[:, ::-1], is_slice)


def are_local(problem: Problem) -> bool:
    """Whether the axes of the contours are those at a point, and others at any other point."""
    return not problem.is_quadratic and (problem.n_params > 2 or problem.optimum.params is None)


def contour_axes_unless(
    problem: Problem, params: Vector, axes: tuple[int, int], cancelled: Callable[[], bool]
) -> Iterator[ContourAxes | None]:
    """The axes of the contours, as the answer to a question."""
    if not cancelled():
        yield contour_axes(problem, params, axes)


def local_curvature(problem: Problem, params: Vector) -> Curvature | None:
    """The curvature at parameters (p,); None where the loss does not curve upwards at all."""
    if problem.is_quadratic:
        return problem.curvature
    hessian = problem.objective.hessian_at(params.tolist())
    return curvature_at(hessian) if np.isfinite(hessian).all() else None


def condition_if_standardised(problem: Problem) -> float | None:
    """κ of the data's loss with every feature standardised.

    None but for a quadratic without a penalty, whose curvature is the same everywhere.
    """
    if problem.penalty or not isinstance(problem.objective, Quadratic):
        return None
    train, weight = problem.dataset.train, problem.objective.weight
    standard = Features(standardise=True)
    scaler = fit_scaler(train, standard.scale, standard.standardise)
    quadratic = fit_quadratic(scaler.transform(train.x), train.y, weight)
    return curvature_of(quadratic).condition_number
