"""Which parameters a view of the loss surface looks at, and how far it reaches."""

from __future__ import annotations

import numpy as np

from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from engine.problem.surface import Frame, default_frame
from engine.types import Vector
from gui.views.ranges import path_range

Axes = tuple[int, int]
"""Indices of the parameters along x and y."""


def first_axes(problem: Problem) -> Axes:
    """The parameters to look at first: both, or the first two slopes where there are more."""
    return (0, 1) if problem.n_params == 2 else (1, 2)


class PathFrame:
    """The engine's frame, grown in coarse steps where the run's rows leave it.

    It depends on what was recorded, and not on the order in which that was seen.
    """

    def __init__(self) -> None:
        self.frame = self._default = Frame((-1.0, 1.0), (-1.0, 1.0))
        self._aimed: tuple[object, ...] = ()
        self._generation = -1
        self._rows_seen = 0
        self._low, self._high = np.full(2, np.inf), np.full(2, -np.inf)

    def forget(self) -> None:
        """Begin anew with the next snapshot."""
        self._aimed = ()

    def follow(self, snapshot: Snapshot, axes: Axes, kept: bool = False) -> bool:
        """Take in the rows that were added; returns whether it began anew.

        Another start of the same problem is no reason to begin anew where the frame is ``kept``.
        """
        problem, params = snapshot.problem, snapshot.rows.params
        aimed = (problem, axes, *params[:, 0].tolist())
        is_new = self._aimed[:2] != aimed[:2] if kept else self._aimed != aimed
        self._aimed = aimed
        if is_new:
            self._default = default_frame(problem, params[:, 0], axes)
        if is_new or self._generation != snapshot.generation:
            self._generation = snapshot.generation
            self._forget_rows()
        self._see(params[:, self._rows_seen :][list(axes)])
        self._rows_seen = len(snapshot.rows)
        return is_new

    def _forget_rows(self) -> None:
        self._rows_seen = 0
        self._low, self._high = np.full(2, np.inf), np.full(2, -np.inf)

    def _see(self, path: Vector) -> None:
        """Let the frame grow for points (2, m)."""
        if path.shape[1]:
            self._low = np.minimum(self._low, path.min(axis=1))
            self._high = np.maximum(self._high, path.max(axis=1))
        sides = zip((self._default.x, self._default.y), self._low, self._high, strict=True)
        x, y = (path_range(side, float(low), float(high)) for side, low, high in sides)
        self.frame = Frame(x, y)
