"""The runs beside the selected one: their paths over the surface, their fits over the data."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from engine.live.snapshot import Snapshot
from engine.types import Vector
from gui.run_looks import RunLooks
from gui.style import Theme
from gui.text import shortened
from gui.views.items import Curve, Marker, disc, pen
from gui.views.legend import Entry
from gui.views.mapping import Mapping
from gui.views.raster import PathLayer, line_pen

LONGEST_NAME = 14
MOST_NAMES = 8
"""Names of runs in a legend; of more, the others are only counted."""

PATH_WIDTH, FIT_WIDTH, MARKER = 1.3, 1.5, 4.5


def drawn_beside(looks: RunLooks, snapshot: Snapshot) -> tuple[int, ...]:
    """The runs to draw below the selected one."""
    return looks.drawn(snapshot.selected, len(snapshot.runs))[:-1]


def run_entries(
    looks: RunLooks, snapshot: Snapshot, theme: Theme, with_markers: bool
) -> list[Entry]:
    """Lines of a legend with the names of the runs; none where only one is drawn."""
    drawn = sorted(looks.drawn(snapshot.selected, len(snapshot.runs)))
    if len(drawn) < 2:
        return []
    if len(drawn) > MOST_NAMES:
        kept = [i for i in drawn if i != snapshot.selected][: MOST_NAMES - 1]
        drawn = sorted([*kept, snapshot.selected])
    entries = []
    for i in drawn:
        colour = looks.colour(i, theme)
        width = 2.0 if i == snapshot.selected else PATH_WIDTH
        name = shortened(snapshot.runs[i].name, LONGEST_NAME)
        if with_markers:
            entries.append(
                Entry(name, line_pen(colour, width), looks.marker(i, 4.0), QColor(colour))
            )
        else:
            entries.append(Entry(name, looks.pen(i, theme, width)))
    return entries


class OtherPaths:
    """Their paths over the plane of two parameters, each with its marker at its row.

    What is painted stays; a frame adds the new rows.
    """

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        self._parent, self._z = parent, z
        self._layers: list[PathLayer] = []
        self.markers: list[Marker] = []
        self._painted: dict[int, int] = {}

    @property
    def runs(self) -> tuple[int, ...]:
        """The runs whose paths are drawn."""
        return tuple(self._painted)

    def begin(self, mapping: Mapping, looks: RunLooks, snapshot: Snapshot, theme: Theme) -> None:
        """Clear the paths; another choice of runs, looks or ranges begins here."""
        drawn = drawn_beside(looks, snapshot)
        self._painted = dict.fromkeys(drawn, 0)
        while len(self._layers) < len(drawn):
            self._layers.append(PathLayer(self._parent, self._z))
            self.markers.append(Marker(self._parent, disc(MARKER), 1))
        for layer in self._layers[len(drawn) :]:
            layer.reset(mapping)
        for marker in self.markers[len(drawn) :]:
            marker.hide()
        for layer, marker, i in zip(self._layers, self.markers, drawn, strict=False):
            layer.begin(mapping, line_pen(looks.colour(i, theme), PATH_WIDTH), dots=False)
            marker.setPath(looks.marker(i, MARKER))
            marker.paint_as(looks.colour(i, theme), pen(theme.rim, 1.2))

    def extend(
        self,
        mapping: Mapping,
        snapshot: Snapshot,
        on_axes: Callable[[Vector], tuple[Vector, Vector]],
    ) -> None:
        """Go on up to the cursor, and put the markers there."""
        for layer, marker, i in zip(self._layers, self.markers, self._painted, strict=False):
            run = snapshot.runs[i]
            reached = run.cursor + 1
            if reached > self._painted[i]:
                layer.extend(*on_axes(run.rows.params[:, self._painted[i] : reached]))
                self._painted[i] = reached
            x, y = on_axes(run.rows.params[:, run.cursor])
            marker.place(mapping, (float(x), float(y)))


class OtherFits:
    """Their fits over the data."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        self._parent, self._z = parent, z
        self.curves: list[Curve] = []
        self._drawn: tuple[int, ...] = ()

    @property
    def runs(self) -> tuple[int, ...]:
        """The runs whose fits are drawn."""
        return self._drawn

    def dress(self, looks: RunLooks, snapshot: Snapshot, theme: Theme) -> None:
        """Choose the runs and give their lines their looks."""
        self._drawn = drawn_beside(looks, snapshot)
        while len(self.curves) < len(self._drawn):
            self.curves.append(Curve(self._parent, self._z))
        for curve in self.curves[len(self._drawn) :]:
            curve.hide()
        for curve, i in zip(self.curves, self._drawn, strict=False):
            curve.pen = looks.pen(i, theme, FIT_WIDTH)

    def place(
        self, mapping: Mapping, snapshot: Snapshot, curve_of: Callable[[Vector], Vector | None]
    ) -> None:
        """Put the lines where the runs are."""
        for curve, i in zip(self.curves, self._drawn, strict=False):
            run = snapshot.runs[i]
            curve.place(mapping, curve_of(run.rows.params[:, run.cursor]))
