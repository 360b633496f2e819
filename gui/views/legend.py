"""A legend that looks for the emptiest corner of its plot."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.views.items import PixelItem

SWATCH_WIDTH = 24.0
PADDING = 7.0
MARGIN = 9.0
GROUND_ALPHA = 215


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: a symbol or, without one, a piece of line."""

    text: str
    line: QPen | None = None
    symbol: QPainterPath | None = None
    fill: QColor | None = None


class Legend(PixelItem):
    """Lines of symbol and text on a half-opaque ground, in a corner of the view box."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent, 100)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.entries: tuple[Entry, ...] = ()
        self._font = QFont()
        self._text = QColor()
        self._ground = QColor()

    def write(self, entries: tuple[Entry, ...], font: QFont, text: str, ground: str) -> None:
        """Set what the legend says and how it looks."""
        self.entries, self._font, self._text = entries, font, QColor(text)
        self._ground = QColor(ground)
        self._ground.setAlpha(GROUND_ALPHA)
        self.update()

    def settle(self, width: float, height: float, crowd: Vector) -> None:
        """Go to the corner with the fewest points of ``crowd`` (n, 2), in pixels."""
        size = self._size()
        corners = [
            QRectF(x, y, *size)
            for y in (MARGIN, height - MARGIN - size[1])
            for x in (width - MARGIN - size[0], MARGIN)
        ]
        fits = bool(self.entries) and size[0] < 0.7 * width and size[1] < 0.7 * height
        self.setVisible(fits)
        if fits:
            self.set_reach(min(corners, key=lambda corner: _inside(corner, crowd)))
            self.update()

    def _size(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self._font)
        widest = max((metrics.horizontalAdvance(entry.text) for entry in self.entries), default=0)
        rows = len(self.entries) * self._row_height()
        return float(round(widest + SWATCH_WIDTH + 3 * PADDING)), float(round(rows + PADDING))

    def _row_height(self) -> float:
        return QFontMetricsF(self._font).height() + 3

    def paint_pixels(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self._reach, 4, 4)
        height = self._row_height()
        for i, entry in enumerate(self.entries):
            top = self._reach.top() + PADDING / 2 + i * height
            row = QRectF(self._reach.left() + PADDING, top, self._reach.width(), height)
            paint_entry(painter, entry, row, self._text)


def paint_entry(painter: QPainter, entry: Entry, row: QRectF, colour: QColor) -> None:
    """Paint one line of a legend: its symbol at the left of ``row``, its text beside it."""
    middle = row.center().y()
    painter.setPen(entry.line if entry.line is not None else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(entry.fill if entry.fill is not None else Qt.BrushStyle.NoBrush)
    if entry.symbol is None:
        painter.drawLine(QPointF(row.left(), middle), QPointF(row.left() + SWATCH_WIDTH, middle))
    else:
        painter.drawPath(entry.symbol.translated(row.left() + SWATCH_WIDTH / 2, middle))
    painter.setPen(colour)
    text = row.adjusted(SWATCH_WIDTH + PADDING, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, entry.text)


def _inside(corner: QRectF, crowd: Vector) -> int:
    x, y = crowd[:, 0], crowd[:, 1]
    inside = (x > corner.left()) & (x < corner.right()) & (y > corner.top()) & (y < corner.bottom())
    return int(inside.sum())
