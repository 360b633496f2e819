"""A loss that has to look at every point: the mean over points of what one neuron gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.problem.neuron import Neuron
from engine.types import Column, Columns, Vector

CHUNK_POINTS = 16_384
"""Points that are looked at together: with what is made of them they fit the processor's cache."""

CHUNK_NUMBERS = 16_384
"""Rows of parameters times points that are looked at together, for the same reason."""


PointFunction = Callable[[Vector, Vector], Vector]
"""Something of each point, from (z, y)."""


def linear(x: Vector, params: Columns) -> Vector:
    """The z of points, b + w₁x₁ + …, for features (d, n), in a fixed order of summation."""
    if not len(x):
        return np.asarray(params[0] + np.zeros(x.shape[1:]))
    z = np.asarray(params[1] * x[0])
    z += params[0]
    for slope, column in zip(params[2:], x[1:], strict=True):
        z += slope * column
    return z


@dataclass(frozen=True, eq=False)
class Pointwise:
    """The mean loss of a neuron over points.

    ``x`` is (d, n), each row contiguous, in the model's units; ``y`` (n,).
    """

    neuron: Neuron
    x: Vector
    y: Vector

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.y)

    @property
    def spread(self) -> float:
        """Mean square of the targets about their mean."""
        return float(self.y.var())

    def loss(self, params: Columns) -> Column:
        """L(θ) for floats, or elementwise for columns that broadcast against each other."""
        if all(isinstance(value, float) for value in params):
            total = 0.0
            for x, y in self.chunks():
                total += float(np.add.reduce(self.neuron.loss(linear(x, params), y)))
            return total / self.n
        return self._over_rows(params, self.neuron.loss)

    def mean_square(self, params: Columns) -> Column:
        """The mean of (ŷ − y)², elementwise over the columns."""
        return self._over_rows(params, lambda z, y: (self.neuron.predict(z) - y) ** 2)

    def accuracy(self, params: Columns) -> Column:
        """The share of points whose class, 1 where ŷ ≥ ½, is their label; elementwise."""
        return self._over_rows(params, lambda z, y: (self.neuron.predict(z) >= 0.5) == (y > 0.5))

    def gradient(self, params: Columns) -> list[Column]:
        """∇L(θ) for floats, or elementwise for columns of one shape (m,)."""
        if all(isinstance(value, float) for value in params):
            return self.loss_and_gradient(params)[1]
        rows = np.broadcast_arrays(*params)
        each = [self.loss_and_gradient(list(row))[1] for row in np.array(rows).T.tolist()]
        return list(np.array(each).T.reshape(len(params), *rows[0].shape))

    def loss_and_gradient(self, params: Columns) -> tuple[float, list[Column]]:
        """L(θ) and ∇L(θ) at floats, in one pass over the points."""
        loss, gradient = 0.0, [0.0] * len(params)
        for x, y in self.chunks():
            values, slopes = self.neuron.loss_and_slope(linear(x, params), y)
            loss += float(np.add.reduce(values))
            gradient[0] += float(np.add.reduce(slopes))
            for j, column in enumerate(x, start=1):
                gradient[j] += float(np.add.reduce(slopes * column))
        return loss / self.n, [total / self.n for total in gradient]

    def hessian_at(self, params: Columns) -> Vector:
        """The second derivative (p, p) at floats: the mean of d²ℓ/dz² · φφᵀ."""
        p = len(params)
        total = np.zeros((p, p))
        for x, y in self.chunks():
            bend = self.neuron.bend(linear(x, params), y)
            features = np.vstack((np.ones_like(y), x))
            total += (features * bend) @ features.T
        return total / self.n

    def chunks(self) -> Iterator[tuple[Vector, Vector]]:
        """(x, y) of the points, in bounded pieces."""
        if self.n <= CHUNK_POINTS:
            yield self.x, self.y
            return
        for first in range(0, self.n, CHUNK_POINTS):
            chunk = slice(first, first + CHUNK_POINTS)
            yield self.x[:, chunk], self.y[chunk]

    def _over_rows(self, params: Columns, of_points: PointFunction) -> Column:
        """The mean over the points of a function of (z, y), for parameters of any shape.

        Each row of parameters is summed over its own points, so it does not depend on the others.
        """
        columns = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in params))
        shape = columns[0].shape
        flat = [column.reshape(-1, 1) for column in columns]
        total = np.zeros(len(flat[0]))
        for x, y in self.chunks():
            rows = max(1, CHUNK_NUMBERS // len(y))
            for first in range(0, len(total), rows):
                block = slice(first, first + rows)
                z = linear(x[:, np.newaxis, :], [column[block] for column in flat])
                total[block] += np.add.reduce(of_points(z, y), axis=1, dtype=float)
        mean = total.reshape(shape) / self.n
        return mean if shape else float(mean)
