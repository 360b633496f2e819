"""What is under the mouse: a place, the contour line through it, and a read-out beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.style import Theme
from gui.views import segments as seg
from gui.views.items import PixelItem, pen
from gui.views.labels import Label
from gui.views.mapping import Mapping
from gui.views.readout import Facts, Readout

LABEL_INSET = 22.0
"""Pixels from the edge of the plot within which a level is not written."""

LEAST_DISTANCE = 90.0
"""Pixels between the mouse and the label of the level: nearer it would only be in the way."""


class LevelLine(PixelItem):
    """One highlighted contour line; ``points`` are its pixels (n, 2), NaN between its parts."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.points: Vector = np.zeros((0, 2))
        self._path = QPainterPath()
        self._pen, self._halo = QPen(), QPen()
        self.hide()

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._pen, self._halo = pen(theme.cursor, 1.6), pen(theme.plot, 3.6)
        self.update()

    def place(self, points: Vector, plot: QRectF) -> None:
        """Show a line through pixels (n, 2)."""
        self.points = points
        self._path = pg.arrayToQPath(points[:, 0], points[:, 1], connect="finite")
        self.set_reach(plot)
        self.setVisible(len(points) > 0)
        self.update()

    def paint_pixels(self, painter: QPainter) -> None:
        for line in (self._halo, self._pen):
            painter.setPen(line)
            painter.drawPath(self._path)


class Hover(QObject):
    """Follows the mouse over a plot's viewport, and shows what the view finds out about the place.

    ``spot`` is where the mouse is, in the plot's pixels, or None while it is elsewhere or held
    down.

    Signals
    -------
    moved()
        The mouse is somewhere else; at most once per turn of the event loop.
    """

    moved = Signal()

    def __init__(self, plot: pg.PlotWidget, box: pg.ViewBox) -> None:
        super().__init__(plot)
        self.spot: QPointF | None = None
        self._plot, self._box = plot, box
        self.line = LevelLine(box, -60)
        self.label = Label(box, 60)
        self.readout = Readout(box)
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._on_turn)
        plot.viewport().installEventFilter(self)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take a theme's colours, and the font of the plot."""
        self.line.dress(theme)
        self.label.dress(theme, font, theme.text)
        self.readout.dress(theme, font)

    def show_line(self, mapping: Mapping, x: Vector, y: Vector, text: str) -> None:
        """Show a contour line of the data (NaN between its parts), and its level on it."""
        plot = mapping.rect
        points = mapping.to_pixels(x, y)
        self.line.place(points, plot)
        spots = [] if self.spot is None else _label_spots(points, self.spot, plot)
        self.label.show_near(text, spots, plot)

    def show_facts(self, mapping: Mapping, facts: Facts, avoided: Sequence[QRectF]) -> None:
        """Show a read-out beside the mouse, off some rectangles if possible."""
        if self.spot is not None:
            self.readout.show_beside(self.spot, mapping, facts, avoided)

    def clear(self) -> None:
        """Show nothing."""
        self.line.hide()
        self.label.clear()
        self.readout.clear()

    def _move(self, spot: QPointF | None) -> None:
        if spot != self.spot:
            self.spot = spot
            self._turn.start()

    @Slot()
    def _on_turn(self) -> None:
        self.clear()
        self.moved.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress)
        if event.type() == QEvent.Type.Leave:
            self._move(None)
        elif isinstance(event, QMouseEvent) and event.type() in kinds:
            scene = self._plot.mapToScene(event.position().toPoint())
            spot = self._box.mapFromScene(scene)
            free = not event.buttons() and self._box.rect().contains(spot)
            self._move(spot if free else None)
        return super().eventFilter(watched, event)


def _label_spots(points: Vector, mouse: QPointF, plot: QRectF) -> list[QPointF]:
    """The point of a line that is seen farthest from the mouse, if it is far enough."""
    inside = (points > LABEL_INSET).all(axis=1)
    inside &= points[:, 0] < plot.width() - LABEL_INSET
    inside &= points[:, 1] < plot.height() - LABEL_INSET
    seen = seg.sane(points[inside])
    if not len(seen):
        return []
    away = np.hypot(seen[:, 0] - mouse.x(), seen[:, 1] - mouse.y())
    at = int(np.argmax(away))
    return [QPointF(*seen[at].tolist())] if away[at] > LEAST_DISTANCE else []
