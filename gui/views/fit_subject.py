"""What of a problem the view of the fit shows: its axes, its points and the line through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.problem import fit
from engine.problem.dataset import Part
from engine.problem.problem import Problem
from engine.types import Vector
from gui.views.ranges import Range

MOST_POINTS = 20_000
"""Points of a scatter; more are shown as an image of their density."""

MOST_PARTIAL = 2_000
"""Points of a scatter that moves with the fit."""

Y_MARGIN = 0.06
CLASS_MARGIN = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A problem drawn against one of its features, the first in the plane of two classes."""

    problem: Problem
    feature: int

    @property
    def is_plane(self) -> bool:
        """Whether two features are the axes, and the boundary of two classes the fit."""
        return fit.has_boundary(self.problem)

    @property
    def is_partial(self) -> bool:
        """Whether partial residuals are shown, which move with the fit."""
        return self.problem.dataset.n_features > 1 and not self.is_plane

    @property
    def is_dense(self) -> bool:
        """Whether the points are too many to be shown one by one."""
        return not self.is_partial and self.problem.n_points > MOST_POINTS

    @property
    def has_threshold(self) -> bool:
        """Whether there is a value of the only feature at which both classes are as likely."""
        return self.problem.has_classes and not self.is_plane

    def parts(self) -> list[tuple[Part, slice]]:
        """Training and validation part and which of their points are shown."""
        parts = [self.problem.dataset.train, self.problem.dataset.validation]
        n = self.problem.n_points
        limit = MOST_PARTIAL if self.is_partial else n
        return [(part, fit.evenly(part.n, max(1, limit * part.n // n))) for part in parts]

    @property
    def n_shown(self) -> int:
        """How many points are shown."""
        return sum(len(range(*rows.indices(part.n))) for part, rows in self.parts())

    def x(self) -> Vector:
        """The values along the horizontal axis of all points, shown or not."""
        return np.concatenate([part.x[:, self.feature] for part, _ in self.parts()])

    def height(self, params: Vector, part: Part, rows: slice | NDArray[np.intp]) -> Vector:
        """What some points are drawn at, upwards, under parameters (p,)."""
        if self.is_plane:
            return part.x[rows, 1]
        return fit.partial_residuals(self.problem, params, self.feature, part, rows)

    def y_range(self, start: Vector) -> Range:
        """The heights of all points that are shown, with a margin.

        Partial residuals are taken at the optimum and at the start, the parameters (p,) of row 0.
        """
        best = start if self.problem.optimum.params is None else self.problem.optimum.params
        framed = [best, start] if self.is_partial else [best]
        y = [self.height(params, *part) for params in framed for part in self.parts()]
        bounds = None if self.is_plane else fit.predicted_range(self.problem)
        if bounds is not None:
            y.append(np.array(bounds))
        return fit.extent(np.concatenate(y), CLASS_MARGIN if self.has_threshold else Y_MARGIN)

    def curves(
        self, params: Vector, along: Vector, x_range: Range, y_range: Range
    ) -> list[Vector | None]:
        """Points (m, 2) of the data through which the fits of parameters (p, k) are drawn.

        That is ŷ at the values ``along`` (m,), and in the plane the boundary across the ranges;
        None where there is none.
        """
        if self.is_plane:
            return [fit.boundary(self.problem, each, x_range, y_range) for each in params.T]
        points = np.empty((params.shape[1], len(along), 2))
        points[:, :, 0] = along
        points[:, :, 1] = fit.fit_curve(self.problem, params, self.feature, along)
        return list(points)
