"""Eigenvalues of the Hessian and what they say about learning rates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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


class Course(Enum):
    """What gradient descent does along one direction of the surface."""

    FLAT = "flat"
    CRAWLS = "crawls"
    DIRECT = "direct"
    ZIGZAGS = "zigzags"
    DIVERGES = "diverges"
    FALLS = "falls"


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """One eigenvector (p,) with its eigenvalue, and what a step makes of the error along it.

    A step of plain gradient descent multiplies the error by ``factor`` 1 − ηλ (Nesterov 2004,
    section 2.1.5): above ``SLOW_FACTOR`` it crawls, below 0 it changes sides, below −1 it grows.
    """

    eigenvalue: float
    vector: Vector
    factor: float
    course: Course


SLOW_FACTOR = 0.9


def directions(curvature: Curvature, rate: float) -> tuple[Direction, ...]:
    """The directions of the surface from the steepest to the flattest, at a learning rate."""
    pairs = zip(curvature.eigenvalues[::-1].tolist(), curvature.eigenvectors.T[::-1], strict=True)
    return tuple(
        Direction(value, vector, 1 - rate * value, _course(value, 1 - rate * value))
        for value, vector in pairs
    )


def _course(eigenvalue: float, factor: float) -> Course:
    if eigenvalue == 0:
        return Course.FLAT
    if eigenvalue < 0:
        return Course.FALLS
    if factor <= -1:
        return Course.DIVERGES
    if factor < 0:
        return Course.ZIGZAGS
    return Course.CRAWLS if factor > SLOW_FACTOR else Course.DIRECT


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
