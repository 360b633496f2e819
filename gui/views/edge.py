"""A sign at the edge of a plot that points to what lies outside."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from gui.style import Theme
from gui.views.items import PixelItem, pen
from gui.views.labels import Label
from gui.views.mapping import Mapping

INSET = 11.0
"""Pixels between the sign's middle and the edge."""

SIZE = 8.0
LABEL_GAP = 14.0


class EdgeSign(PixelItem):
    """A small triangle and a text; ``spot`` is its middle, None while the point can be seen."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent, 40)
        self.spot: QPointF | None = None
        self.label = Label(parent, 41)
        self._angle = 0.0
        self._fill, self._rim = QColor(), QColor()
        self.hide()

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours of a theme, and the font of the plot."""
        self._fill, self._rim = QColor(theme.fit), QColor(theme.rim)
        self.label.dress(theme, font, theme.text)
        self.update()

    def place(
        self, mapping: Mapping, at: tuple[float, float], write: Callable[[tuple[float, float]], str]
    ) -> None:
        """Point to a point of the data and write about it, if it lies outside of the plot."""
        plot = mapping.rect
        room = plot.adjusted(INSET, INSET, -INSET, -INSET)
        spot = _towards(room, QPointF(*mapping.pixel(*at)))
        if spot is None:
            self.clear()
            return
        self.spot = spot
        away = spot - plot.center()
        self._angle = math.atan2(away.y(), away.x())
        self.set_reach(QRectF(spot.x() - SIZE - 2, spot.y() - SIZE - 2, *(2 * [2 * SIZE + 4])))
        self.show()
        self.update()
        inward = -away / max(math.hypot(away.x(), away.y()), 1.0)
        text = write(at)
        half = self.label.width_of(text) / 2
        room_for_text = LABEL_GAP + abs(inward.x()) * half
        self.label.show_near(text, [spot + inward * room_for_text], plot)

    def clear(self) -> None:
        """Show nothing."""
        if self.spot is not None:
            self.spot = None
            self.hide()
            self.label.clear()

    def paint_pixels(self, painter: QPainter) -> None:
        if self.spot is None:
            return
        corners = [
            QPointF(SIZE * math.cos(self._angle + turn), SIZE * math.sin(self._angle + turn))
            for turn in (0.0, 2.4, -2.4)
        ]
        painter.setPen(pen(self._rim, 1.5, Qt.PenStyle.SolidLine))
        painter.setBrush(self._fill)
        painter.drawPolygon(QPolygonF([self.spot + corner for corner in corners]))


def _towards(room: QRectF, point: QPointF) -> QPointF | None:
    """Where the way from the middle of a room to a point outside leaves it; None for one inside.

    None as well where there is no room: a plot may be squeezed to nothing.
    """
    if room.isEmpty():
        return None
    middle = room.center()
    x, y = point.x() - middle.x(), point.y() - middle.y()
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    reach = max(abs(x) / (room.width() / 2), abs(y) / (room.height() / 2))
    if reach <= 1 + 2 * INSET / min(room.width(), room.height()):
        return None
    return middle + QPointF(x / reach, y / reach)
