"""Which parameters a view of the loss surface looks at, and how far it reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.live.snapshot import RunView, Snapshot
from engine.problem.problem import Problem
from engine.problem.surface import Frame, default_frame
from gui.views.ranges import Extents, path_range

Axes = tuple[int, int]
"""Indices of the parameters along x and y."""


def first_axes(problem: Problem) -> Axes:
    """The parameters to look at first: both, or the first two slopes where there are more."""
    return (0, 1) if problem.n_params == 2 else (1, 2)


class PathFrame:
    """The engine's frame about the starts of runs, grown in coarse steps where their rows leave it.

    It depends on what was recorded, and not on the order in which that was seen.
    """

    def __init__(self) -> None:
        self.frame = self._default = Frame((-1.0, 1.0), (-1.0, 1.0))
        self._aimed: tuple[object, ...] = ()
        self._seen = Extents(2)

    def forget(self) -> None:
        """Begin anew with the next snapshot."""
        self._aimed = ()

    def follow(
        self,
        snapshot: Snapshot,
        axes: Axes,
        runs: Sequence[RunView] = (),
        *,
        kept: bool = False,
    ) -> bool:
        """Take in the rows that were added; returns whether it is another problem.

        Parameters
        ----------
        runs
            Those that are to be seen; the selected one if none are given.
        kept
            Whether another start of the same problem is no reason to look elsewhere.
        """
        problem, runs = snapshot.problem, runs or (snapshot.run,)
        starts = _starts(runs)
        aimed = (problem, axes, starts)
        is_other = self._aimed[:2] != aimed[:2]
        if is_other or (not kept and self._aimed != aimed):
            self._default = _about(problem, starts, axes)
            self._seen.forget()
        self._aimed = aimed
        low, high = self._seen.of(runs, lambda params: params[list(axes)])
        sides = zip((self._default.x, self._default.y), low.tolist(), high.tolist(), strict=True)
        self.frame = Frame(*(path_range(*side) for side in sides))
        return is_other


Starts = frozenset[tuple[float, ...]]


def _starts(runs: Sequence[RunView]) -> Starts:
    return frozenset(tuple(run.rows.params[:, 0].tolist()) for run in runs)


def _about(problem: Problem, starts: Starts, axes: Axes) -> Frame:
    """The smallest frame that holds those of all starts."""
    frames = [default_frame(problem, np.array(start), axes) for start in starts]
    return Frame(
        (min(each.x[0] for each in frames), max(each.x[1] for each in frames)),
        (min(each.y[0] for each in frames), max(each.y[1] for each in frames)),
    )
