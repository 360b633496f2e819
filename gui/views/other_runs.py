"""The runs beside the selected one: their paths over the surface, their fits over the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.live.snapshot import RunView, Snapshot
from engine.types import Vector
from gui.run_looks import RunLooks
from gui.style import Theme, mix
from gui.text import shortened
from gui.views.frames import Axes
from gui.views.items import Curves, Marker, disc, pen
from gui.views.legend import Entry, Legend
from gui.views.mapping import BLANK, Mapping
from gui.views.raster import PathLayer
from gui.views.view import RUSH_ROWS

LONGEST_NAME = 14
MOST_LINES, FEWEST_LINES = 7, 3
"""Lines of a legend with runs in them; where there are more runs, the last line counts the rest."""

OTHER_LINES = 3
"""Lines of a legend that are left for what is no run."""

SELECTED_LINE, OTHER_LINE = 2.5, 1.5
"""Widths of lines in a legend."""

PATH_WIDTH, FIT_WIDTH = 1.4, 1.5
MARKER, START, EPOCH = 4.5, 3.5, 3.2
"""Radii of the symbols at a run's row, at its start and at the end of its first epoch."""

FINE_SEGMENTS, FULL_SEGMENTS = 500, 1500
"""Segments of another run's path that are smoothed, and that are all painted: there may be many."""

TURNS = 5
"""Frames in which the line of each other run grows once, while rows rush by."""

SLICED = 0.55
"""The share of its colour that a path has which is a projection."""


def drawn_beside(looks: RunLooks, snapshot: Snapshot) -> tuple[int, ...]:
    """The runs to draw below the selected one, from the lowest on."""
    return looks.drawn(snapshot.selected, len(snapshot.runs))[:-1]


def is_due(snapshot: Snapshot, index: int, frame: int, painted: int) -> bool:
    """Whether another run's line with so many rows ``painted`` is to grow in a frame.

    While rows rush by they take turns: many short strokes cost more than a few longer ones, and a
    line is hardly seen to be some frames behind its marker.
    """
    missing = snapshot.runs[index].cursor + 1 - painted
    takes_turns = snapshot.playing and painted > 0 and missing >= RUSH_ROWS
    return not takes_turns or (frame + index) % TURNS == 0


def most_lines(mapping: Mapping, font: QFont) -> int:
    """How many lines with runs in them a legend over a plot has at most."""
    room = Legend.lines_over(mapping.width, mapping.height, font, LONGEST_NAME)
    return min(max(room - OTHER_LINES, FEWEST_LINES), MOST_LINES)


def run_entries(
    looks: RunLooks, snapshot: Snapshot, theme: Theme, most: int, with_markers: bool = False
) -> list[Entry]:
    """At most so many lines of a legend, with the names of the runs; none for a single one."""
    drawn = sorted(looks.drawn(snapshot.selected, len(snapshot.runs)))
    if len(drawn) < 2:
        return []
    named = drawn
    if len(drawn) > most:
        others = [i for i in drawn if i != snapshot.selected]
        named = sorted([*others[: most - 2], snapshot.selected])
    entries = []
    for i in named:
        name = shortened(snapshot.runs[i].name, LONGEST_NAME)
        line = looks.pen(i, theme, SELECTED_LINE if i == snapshot.selected else OTHER_LINE)
        if with_markers:
            symbol, fill = looks.marker(i, MARKER), QColor(looks.colour(i, theme))
            entries.append(Entry(name, None, symbol, fill, behind=line))
        else:
            entries.append(Entry(name, line))
    if len(named) < len(drawn):
        entries.append(Entry(f"… +{len(drawn) - len(named)}"))
    return entries


def path_pen(looks: RunLooks, index: int, theme: Theme, width: float, sliced: bool) -> QPen:
    """The pen of a run's path; a paler one where the path is a projection on a slice."""
    line = looks.pen(index, theme, width)
    if sliced:
        line.setColor(mix(looks.colour(index, theme), theme.plot, SLICED))
    return line


def mark_epoch(marker: Marker, mapping: Mapping, axes: Axes, run: RunView) -> None:
    """Put a marker where a run's first epoch ended; hide it where that is still to come."""
    row = math.ceil(run.epochs.row_at(1))
    marker.place(mapping, point_of(run, axes, row) if row <= run.cursor else None)


def point_of(run: RunView, axes: Axes, row: int) -> tuple[float, float]:
    """The parameters along the axes at a row of a run."""
    return float(run.rows.params[axes[0], row]), float(run.rows.params[axes[1], row])


class OtherPath:
    """One run's path over the plane of two parameters, with a marker at its row.

    It is painted again only where that run began anew, or is to look otherwise.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        self.layer = PathLayer(parent, 0, FINE_SEGMENTS, FULL_SEGMENTS)
        self.marker = Marker(parent, disc(MARKER), 1)
        self.start = Marker(parent, disc(START), 0)
        self.epoch = Marker(parent, disc(EPOCH), 0.5)
        self.painted = 0
        self._painted_as: tuple[object, ...] = ()

    def clear(self) -> None:
        """Show nothing, and keep no picture."""
        self.layer.reset(BLANK)
        for marker in (self.marker, self.start, self.epoch):
            marker.hide()
        self._painted_as = ()

    def begin(self, mapping: Mapping, axes: Axes, run: RunView, line: QPen) -> None:
        """Keep what is painted, if it is the beginning of what is to be seen."""
        painted_as = (mapping, axes, run.generation, line)
        if painted_as != self._painted_as or run.cursor + 1 < self.painted:
            self.layer.begin(mapping, line, dots=False)
            self._painted_as, self.painted = painted_as, 0

    def dress(self, looks: RunLooks, index: int, theme: Theme, sliced: bool) -> None:
        """Give the markers the run's look; hollow ones are no points of the surface."""
        colour = looks.colour(index, theme)
        self.marker.setPath(looks.marker(index, MARKER))
        if sliced:
            self.marker.paint_as(None, pen(colour, 1.6))
        else:
            self.marker.paint_as(colour, pen(theme.rim, 1.2))
        self.start.paint_as(None, pen(colour, 1.5))
        self.epoch.paint_as(theme.plot, pen(colour, 1.6))

    def extend(self, axes: Axes, run: RunView) -> None:
        """Go on up to the run's row."""
        reached = run.cursor + 1
        if reached > self.painted:
            fresh = run.rows.params[:, self.painted : reached]
            self.layer.extend(fresh[axes[0]], fresh[axes[1]])
            self.painted = reached


class OtherPaths:
    """The paths of the other runs, each with what marks its start, its first epoch and its row."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        self._parent, self._z = parent, z
        self._mapping, self._axes = BLANK, (0, 1)
        self._marks_epochs = False
        self.paths: dict[int, OtherPath] = {}
        self.runs: tuple[int, ...] = ()
        """The runs whose paths are drawn, from the lowest on."""

    def begin(
        self,
        mapping: Mapping,
        axes: Axes,
        looks: RunLooks,
        snapshot: Snapshot,
        theme: Theme,
    ) -> None:
        """Choose the runs and their looks; what is painted of them stays where it still holds."""
        self.runs, self._mapping, self._axes = drawn_beside(looks, snapshot), mapping, axes
        self._marks_epochs = marks_epochs(looks, snapshot)
        sliced = snapshot.problem.n_params > 2
        start = point_of(snapshot.run, axes, 0)
        for i, path in self.paths.items():
            if i not in self.runs:
                path.clear()
        for order, i in enumerate(self.runs):
            path = self.paths.setdefault(i, OtherPath(self._parent))
            run = snapshot.runs[i]
            path.layer.setZValue(self._z + order / len(self.runs))
            path.begin(mapping, axes, run, path_pen(looks, i, theme, PATH_WIDTH, sliced))
            path.dress(looks, i, theme, sliced)
            begun = point_of(run, axes, 0)
            path.start.place(mapping, begun if begun != start else None)

    def extend(self, snapshot: Snapshot, frame: int) -> None:
        """Go on up to the cursor in a frame with this number, and put the markers there."""
        for i in self.runs:
            path, run = self.paths[i], snapshot.runs[i]
            if is_due(snapshot, i, frame, path.painted):
                path.extend(self._axes, run)
            path.marker.place(self._mapping, point_of(run, self._axes, run.cursor))
            if self._marks_epochs:
                mark_epoch(path.epoch, self._mapping, self._axes, run)
            else:
                path.epoch.hide()


def marks_epochs(looks: RunLooks, snapshot: Snapshot) -> bool:
    """Whether to mark where epochs end: runs are compared that take them in several updates."""
    drawn = looks.shown(snapshot)
    return len(drawn) > 1 and any(run.epochs.has_batches for run in drawn)


class OtherFits:
    """Their fits over the data."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        self.curves = Curves(parent, z)
        self.runs: tuple[int, ...] = ()
        """The runs whose fits are drawn, from the lowest on."""

    def dress(self, looks: RunLooks, snapshot: Snapshot, theme: Theme) -> None:
        """Choose the runs and give their lines their looks."""
        self.runs = drawn_beside(looks, snapshot)
        self.curves.dress([looks.pen(i, theme, FIT_WIDTH) for i in self.runs])

    def place(
        self,
        mapping: Mapping,
        snapshot: Snapshot,
        curves_of: Callable[[Vector], Sequence[Vector | None]],
    ) -> None:
        """Put the lines where the runs are.

        Parameters
        ----------
        curves_of
            From the parameters (p, k) of runs to the points of their fits.
        """
        if self.runs:
            runs = [snapshot.runs[i] for i in self.runs]
            params = np.column_stack([run.rows.params[:, run.cursor] for run in runs])
            self.curves.place(mapping, curves_of(params))
