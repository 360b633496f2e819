"""How the curvature looks on the surface: the axes of its contours, and what scaling would give."""

from __future__ import annotations

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
    """The axes of the contours about a lowest point of what is looked at.

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
    """The axes about the optimum, or of a quadratic's slice through parameters (p,).

    None where the surface has no lowest point there, or no contours that close about it.
    """
    is_slice, curvature = problem.n_params > 2, problem.curvature
    if is_slice:
        if not problem.is_quadratic:
            return None
        chosen, values = list(axes), params.tolist()
        hessian = problem.objective.hessian_at(values)[np.ix_(chosen, chosen)]
        gradient = np.array(problem.objective.gradient(values))[chosen]
        curvature = curvature_at(hessian)
        if curvature is None or curvature.smallest <= 0:
            return None
        centre = params[chosen] - np.linalg.solve(hessian, gradient)
        vectors = curvature.eigenvectors
    else:
        best = problem.optimum.params
        if best is None or curvature is None or curvature.smallest <= 0:
            return None
        centre, vectors = best[list(axes)], curvature.eigenvectors[list(axes)]
    return ContourAxes(centre, curvature.eigenvalues[::-1], vectors[:, ::-1], is_slice)


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
