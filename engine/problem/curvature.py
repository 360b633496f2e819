"""Eigenvalues of the Hessian and what they say about learning rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.problem.dataset import ROUNDING
from engine.problem.quadratic import Quadratic
from engine.types import Vector


@dataclass(frozen=True, slots=True, eq=False)
class Curvature:
    """Eigenvalues (ascending, (p,)) and eigenvectors (columns, (p, p)) of the Hessian."""

    eigenvalues: Vector
    eigenvectors: Vector

    @property
    def smallest(self) -> float:
        """λmin."""
        return float(self.eigenvalues[0])

    @property
    def largest(self) -> float:
        """λmax."""
        return float(self.eigenvalues[-1])

    @property
    def condition_number(self) -> float:
        """κ = λmax / λmin; infinite where the surface has a flat direction."""
        return self.largest / self.smallest if self.smallest > 0 else float("inf")

    @property
    def best_rate(self) -> float | None:
        """2 / (λmin + λmax), the constant rate at which gradient descent converges fastest.

        Nesterov, *Introductory Lectures on Convex Optimization* (2004), theorem 2.1.15.
        A flat direction plays no part: there is nothing to converge to along it.
        """
        positive = self.eigenvalues[self.eigenvalues > 0]
        return float(2 / (positive[0] + positive[-1])) if len(positive) else None


def curvature_at(hessian: Vector) -> Curvature | None:
    """Curvature from a Hessian (p, p) at a minimum; None where the loss does not curve at all.

    What is smaller than the rounding of the largest eigenvalue counts as flat.
    """
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    if not eigenvalues[-1] > 0:
        return None
    eigenvalues[np.abs(eigenvalues) <= ROUNDING * eigenvalues[-1]] = 0.0
    return Curvature(eigenvalues, eigenvectors)


def curvature_of(quadratic: Quadratic) -> Curvature:
    """Curvature of a quadratic loss, from the singular values of its factor.

    λ = 2c·σ². The smallest singular value comes from the determinant, |Π diag F| over the
    others, because the decomposition finds it only to rounding of the largest.
    """
    _, singular, rows = np.linalg.svd(quadratic.factor)
    if len(singular) > 1 and singular[-2] > 0:
        determinant = np.abs(np.diag(quadratic.factor) / np.append(singular[:-1], 1.0)).prod()
        singular[-1] = min(determinant, singular[-2])
    singular[quadratic.rank :] = 0.0
    eigenvalues = 2 * quadratic.weight * singular[::-1] ** 2
    return Curvature(eigenvalues, rows[::-1].T)
