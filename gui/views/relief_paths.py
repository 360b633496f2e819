"""Paths on a relief: how they are lifted onto it, and those of the runs beside the selected one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.descent.history import Rows
from engine.live.snapshot import RunView, Snapshot
from engine.problem.problem import Problem
from engine.problem.surface import Frame, HeightMap
from engine.types import Columns, Vector
from gui.run_looks import RunLooks
from gui.style import Theme
from gui.views import relief
from gui.views.frames import Axes
from gui.views.other_runs import drawn_beside, is_due
from gui.views.relief import Box, DrawnRows

FULL_ROWS_BESIDE = 250
"""Rows of another run's path that are all drawn; of those that follow ever fewer."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: with the same sight and map, only the paths are made anew."""

    problem: Problem
    axes: Axes
    frame: Frame
    logarithmic: bool
    theme: Theme

    @property
    def is_slice(self) -> bool:
        """Whether there are other parameters as well, held at the cursor's."""
        return self.problem.n_params > 2


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What paths are lifted onto: the surface of a sight, in its box."""

    sight: Sight
    box: Box
    heights: HeightMap

    def is_like(self, other: Ground | None) -> bool:
        """Whether what was lifted onto the other lies on this one, too."""
        if other is None or (self.sight, self.box) != (other.sight, other.box):
            return False
        return self.heights is other.heights or self.sight.problem.is_free

    def carries(self, problem: Problem) -> bool:
        """Whether the heights are known of a path whose run minimises a problem."""
        own = self.sight.problem
        return problem is own or own.is_free or not self.sight.is_slice

    def loss(self, columns: Columns) -> Vector:
        """The loss (k,) on the surface at parameters, each column (k,)."""
        problem, axes = self.sight.problem, self.sight.axes
        if problem.is_free:
            return np.asarray(problem.objective.loss(columns))
        return relief.on_map(self.heights, columns[axes[0]], columns[axes[1]])

    def lifted(self, path: Vector, recorded: Vector) -> Vector:
        """Lines (k, 2, 3) through rows (p, m) whose losses (m,) are known."""

        def losses(row: NDArray[np.intp], at: Vector, columns: Columns) -> Vector:
            if self.sight.problem.is_free or not self.sight.is_slice:
                return self.loss(columns)
            return np.asarray(recorded[row] + at * (recorded[row + 1] - recorded[row]))

        return relief.lifted(path, self.sight.axes, self.box, losses)

    def places(self, path: Vector, losses: Vector) -> Vector:
        """Places (m, 3) of rows (p, m) with some losses (m,)."""
        x, y = path[list(self.sight.axes)]
        return self.box.place(x, y, losses)


def recorded_losses(rows: Rows, at: NDArray[np.intp], problem: Problem) -> Vector:
    """The objective (m,) at some rows: over all points where it was evaluated, else the batch's."""
    train = rows.train_loss[at] + problem.penalty.value(list(rows.params[:, at]))
    return np.where(np.isfinite(train), train, rows.loss[at])


class _OtherPath:
    """The lines of one run up to a ``row``; made anew only as it goes on or the ground changes."""

    def __init__(self) -> None:
        self.lines: Vector = np.zeros((0, 2, 3))
        self._ground: Ground | None = None
        self._generation, self.row = -1, -1
        self._rows = DrawnRows(FULL_ROWS_BESIDE)

    def follow(self, ground: Ground, run: RunView, problem: Problem, due: bool) -> None:
        """Go on to the run's row, where that is due or the lines are not those of the run."""
        is_same = run.generation == self._generation and ground.is_like(self._ground)
        if is_same and (run.cursor == self.row or not due):
            return
        if run.generation != self._generation:
            self._rows = DrawnRows(FULL_ROWS_BESIDE)
        self._ground, self._generation, self.row = ground, run.generation, run.cursor
        rows = self._rows.up_to(run.cursor)
        losses = recorded_losses(run.rows, rows, problem)
        self.lines = ground.lifted(run.rows.params[:, rows], losses)


class PathsBeside:
    """The paths of the runs beside the selected one that are to be shown.

    Parameters
    ----------
    lines
        Lines (k, 2, 3) of all of them.
    colours
        Red, green, blue and opacity (2k, 4) of the ends of the lines.
    places
        The place (3,) of each of the runs, from the lowest on, at its row.
    """

    def __init__(self) -> None:
        self.lines: Vector = np.zeros((0, 2, 3))
        self.colours: Vector = np.zeros((0, 4))
        self.places: dict[int, Vector] = {}
        self._paths: dict[int, _OtherPath] = {}
        self._frame = 0

    def follow(self, ground: Ground, snapshot: Snapshot, looks: RunLooks) -> None:
        """Go on to the cursor; while it plays, the runs' lines take turns."""
        self._frame += 1
        drawn = [
            i
            for i in drawn_beside(looks, snapshot)
            if ground.carries(snapshot.problem_of(snapshot.runs[i]))
        ]
        self._paths = {i: self._paths.get(i) or _OtherPath() for i in drawn}
        self.places = {}
        for i, path in self._paths.items():
            run, problem = snapshot.runs[i], snapshot.problem_of(snapshot.runs[i])
            path.follow(ground, run, problem, is_due(snapshot, i, self._frame, path.row + 1))
            self.places[i] = _place(ground, run, problem)
        theme = ground.sight.theme
        counts = [2 * len(path.lines) for path in self._paths.values()]
        colours = [relief.rgba(looks.colour(i, theme)) for i in drawn]
        self.lines = np.concatenate(
            [np.zeros((0, 2, 3)), *(path.lines for path in self._paths.values())]
        )
        self.colours = np.repeat(np.reshape(colours, (-1, 4)), counts, axis=0)


def _place(ground: Ground, run: RunView, problem: Problem) -> Vector:
    """The place (3,) of a run at its row, on the ground."""
    row = np.array([run.cursor])
    now = run.rows.params[:, row]
    is_own = problem is ground.sight.problem
    losses = recorded_losses(run.rows, row, problem) if is_own else ground.loss(list(now))
    return np.asarray(ground.places(now, losses)[0])
