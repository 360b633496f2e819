"""A quadratic loss written about its optimum, so that nothing costs anything in n.

A linear model ŷ = b + w·x under a mean of squared residuals has the loss

    L(θ) = L* + c‖F(θ − θ*)‖²,   ∇L(θ) = 2c Fᵀ F(θ − θ*)

with c = 1 for the mean squared error and 1/2 for half of it. θ*, L* and the upper triangular
F come once from a QR decomposition of the centred features (Golub & Van Loan, *Matrix
Computations*, 4th ed., section 5.3). Working with F instead of FᵀF loses no digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.problem.dataset import ROUNDING
from engine.types import Calls, Column, Columns, Vector

CHUNK_ROWS = 65_536
"""Rows that one QR takes at a time: bounds the memory for a table of any length."""

LEAST_SPREAD = 1e-150
"""A feature with less is as good as constant: the squares that all goes by have no digits left."""


@dataclass(frozen=True, eq=False)
class Quadratic:
    """L(θ) = minimum + weight·‖factor(θ − optimum)‖².

    ``factor`` is upper triangular (p, p), ``optimum`` (p,) the least-squares solution (of minimum
    norm where ``rank`` < p), ``spread`` the mean square of the targets about their mean.
    """

    weight: float
    minimum: float
    optimum: Vector
    factor: Vector
    rank: int
    spread: float

    @cached_property
    def _centre(self) -> tuple[float, ...]:
        return tuple(self.optimum.tolist())

    @cached_property
    def _rows(self) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(row) for row in self.factor.tolist())

    @cached_property
    def _slope(self) -> Vector:
        """2cF: its columns times the residual are the gradient."""
        return 2 * self.weight * self.factor

    @cached_property
    def _slope_rows(self) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(row) for row in self._slope.tolist())

    def _residual(self, params: Columns) -> list[Column]:
        """The columns of F(θ − θ*), in a fixed order of summation."""
        offset = [value - centre for value, centre in zip(params, self._centre, strict=True)]
        residual = []
        for i, row in enumerate(self._rows):
            total = row[i] * offset[i]
            for j in range(i + 1, len(row)):
                total = total + row[j] * offset[j]
            residual.append(total)
        return residual

    def excess(self, params: Columns) -> Column:
        """L(θ) − L*, elementwise over the columns; never negative."""
        total: Column = 0.0
        for value in self._residual(params):
            total = total + value * value
        return self.weight * total

    def loss(self, params: Columns) -> Column:
        """L(θ), elementwise over the columns."""
        return self.minimum + self.excess(params)

    @cached_property
    def gradient(self) -> Callable[[Columns], list[Column]]:
        """∇L: columns of θ to columns of the gradient, elementwise, in a fixed order of summation.

        Written out for a line, the case that every step of a lesson pays for: the same operations
        in the same order, so the same bits.
        """
        return _line_gradient(self) if len(self.optimum) == 2 else self.gradient_of_many

    def gradient_of_many(self, params: Columns) -> list[Column]:
        """∇L(θ) for any number of parameters."""
        residual, slope = self._residual(params), self._slope_rows
        gradient = []
        for j in range(len(residual)):
            total = slope[0][j] * residual[0]
            for i in range(1, j + 1):
                total = total + slope[i][j] * residual[i]
            gradient.append(total)
        return gradient

    def gradient_calls(self, params: Vector, runs: int) -> tuple[Calls, Vector]:
        """The calls that find ∇L of several runs at once, and the array where it then stands.

        Both arrays are (p·runs,), what belongs to one parameter side by side: one call for all
        of a diagonal of F. The same operations in the same order as in :attr:`gradient`.
        """
        n, p = len(params), len(self.optimum)
        offset = np.empty(n)
        calls: Calls = [(np.subtract, (params, np.repeat(self.optimum, runs), offset))]

        def times(diagonal: Vector, values: Vector) -> Vector:
            product = np.empty(len(values))
            calls.append((np.multiply, (np.repeat(diagonal, runs), values, product)))
            return product

        def add(values: Vector, to: Vector) -> None:
            calls.append((np.add, (to, values, to)))

        residual = times(np.diag(self.factor), offset)
        for k in range(1, p):
            more = times(np.diag(self.factor, k), offset[k * runs :])
            add(more, to=residual[: n - k * runs])
        total = times(np.diag(self._slope, p - 1), residual[:runs])
        for k in reversed(range(p - 1)):
            more = times(np.diag(self._slope, k), residual[: n - k * runs])
            add(total, to=more[runs:])
            total = more
        return calls, total

    @cached_property
    def hessian(self) -> Vector:
        """The constant second derivative 2c FᵀF, shape (p, p)."""
        return 2 * self.weight * (self.factor.T @ self.factor)

    def loss_and_gradient(self, params: Columns) -> tuple[float, list[Column]]:
        """L(θ) and ∇L(θ) at floats."""
        return self.loss(params), self.gradient(params)

    def hessian_at(self, _params: Columns) -> Vector:
        """The second derivative, the same everywhere."""
        return self.hessian

    def mean_square(self, params: Columns) -> Column:
        """The mean of (ŷ − y)², elementwise over the columns."""
        return self.loss(params) / self.weight

    @cached_property
    def flat(self) -> Vector:
        """Orthonormal directions (p, p − rank) along which the loss does not change."""
        slopes = _null_space(self.factor[1:, 1:], self.rank - 1)
        if not slopes.shape[1]:
            return np.zeros((len(self.optimum), 0))
        intercepts = -self.factor[0, 1:] @ slopes / self.factor[0, 0]
        flat = np.vstack((intercepts, slopes))
        return orthonormal(flat)


def orthonormal(columns: Vector) -> Vector:
    """An orthonormal basis (p, k) of what columns (p, k) span, whatever their lengths."""
    return np.asarray(np.linalg.qr(columns / np.linalg.norm(columns, axis=0))[0])


def _line_gradient(quadratic: Quadratic) -> Callable[[Columns], list[Column]]:
    (f00, f01), (_, f11) = quadratic._rows
    b_best, w_best = quadratic.optimum.tolist()
    (t00, t01), (_, t11) = quadratic._slope_rows

    def gradient(params: Columns) -> list[Column]:
        b, w = params
        w = w - w_best
        first, second = f00 * (b - b_best) + f01 * w, f11 * w
        return [t00 * first, t01 * first + t11 * second]

    return gradient


def fit_quadratic(x: Vector, y: Vector, weight: float) -> Quadratic:
    """The quadratic of ``weight`` times the mean squared residual of b + x·w.

    Parameters
    ----------
    x, y
        Features (n, d) in the model's units and targets (n,), n ≥ 1.
    weight
        1 for the mean squared error, 1/2 for half of it.
    """
    n, d = x.shape
    x_mean, y_mean = x.mean(axis=0), y.mean()
    triangle, spread = _triangle_of_centred(x, y, x_mean, y_mean)
    r, q, rest = triangle[:d, :d] / np.sqrt(n), triangle[:d, d] / np.sqrt(n), triangle[d:, d]
    largest = np.abs(x).max(axis=0)
    _drop_constant_features(r, largest)
    if spread <= (ROUNDING * float(np.abs(y).max())) ** 2:
        spread = 0.0
    slopes, rank = _solve(r, q, largest)
    factor = np.zeros((d + 1, d + 1))
    factor[0, 0], factor[0, 1:], factor[1:, 1:] = 1.0, x_mean, r
    misfit = q - r @ slopes
    mean_square = float(rest @ rest) / n + float(misfit @ misfit)
    optimum = np.concatenate(([y_mean - slopes @ x_mean], slopes))
    return Quadratic(weight, weight * mean_square, optimum, factor, rank + 1, spread)


def with_ridge(quadratic: Quadratic, l2: float) -> Quadratic:
    """The quadratic with λ₂Σw² added: again one, with its own optimum.

    Its rows are those of the factor and √(λ₂/c) for each weight (Golub & Van Loan, section 6.1.5),
    so the optimum is the closed form of ridge regression without squaring the condition.
    """
    p = len(quadratic.optimum)
    pull = np.sqrt(l2 / quadratic.weight) * np.eye(p)[1:]
    q, factor = np.linalg.qr(np.vstack((quadratic.factor, pull)))
    # about the old optimum: minimise ‖F·Δ‖² + ‖pull·(θ* + Δ)‖²
    wanted = np.concatenate((np.zeros(p), -pull @ quadratic.optimum))
    shift = np.linalg.solve(factor, q.T @ wanted)
    misfit = np.vstack((quadratic.factor, pull)) @ shift - wanted
    minimum = quadratic.minimum + quadratic.weight * float(misfit @ misfit)
    optimum = quadratic.optimum + shift
    return Quadratic(quadratic.weight, minimum, optimum, factor, p, quadratic.spread)


def _triangle_of_centred(
    x: Vector, y: Vector, x_mean: Vector, y_mean: float
) -> tuple[Vector, float]:
    """R of the QR of the centred [x, y], (d+1, d+1), chunk by chunk; and the variance of y."""
    d = x.shape[1]
    triangle = np.zeros((d + 1, d + 1))
    sum_of_squares = 0.0
    for first in range(0, len(y), CHUNK_ROWS):
        rows = slice(first, first + CHUNK_ROWS)
        block = np.column_stack((x[rows] - x_mean, y[rows] - y_mean))
        sum_of_squares += float(block[:, -1] @ block[:, -1])
        triangle = np.asarray(np.linalg.qr(np.vstack((triangle, block)), mode="r"))
    return triangle, sum_of_squares / len(y)


def _drop_constant_features(r: Vector, largest: Vector) -> None:
    """Zero the columns whose spread is only the rounding of their mean, or too small, in place."""
    spread = np.linalg.norm(r, axis=0)
    r[:, spread <= np.maximum(ROUNDING * largest, LEAST_SPREAD)] = 0.0


def _solve(r: Vector, q: Vector, largest: Vector) -> tuple[Vector, int]:
    """Least-squares solution of r·w = q and the rank of r; minimum norm where it is short.

    What centring leaves of a feature is rounded to the size of its ``largest`` value, and so much
    of a column says nothing of rank: 20 °C and 68 °F are one feature, not two.
    """
    norms = np.linalg.norm(r, axis=0)
    is_constant = norms == 0
    norms[is_constant] = 1.0  # columns are brought to one length: their units say nothing of rank
    rounding = ROUNDING * float(np.where(is_constant, 1.0, largest / norms).max())
    scaled, _, rank, _ = np.linalg.lstsq(r / norms, q, rcond=rounding)
    slopes = scaled / norms
    basis = _null_space(r, int(rank))  # minimum norm in the features' own units
    return slopes - basis @ (basis.T @ slopes), int(rank)


def _null_space(r: Vector, rank: int) -> Vector:
    """Orthonormal directions (d, d − rank) that r (d, d) of a known rank maps to zero."""
    d = len(r)
    if rank == d:
        return np.zeros((d, 0))
    norms = np.linalg.norm(r, axis=0)
    norms[norms == 0] = 1.0
    flat = np.linalg.svd(r / norms)[2][rank:].T / norms[:, np.newaxis]
    return orthonormal(flat)


def parameter_names(n_features: int) -> tuple[str, ...]:
    """b, w for one feature; b, w1, w2, … for several."""
    if n_features == 1:
        return ("b", "w")
    return ("b", *(f"w{i}" for i in range(1, n_features + 1)))
