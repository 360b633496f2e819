"""A legend that looks for the emptiest place at the edge of its plot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.views.items import PixelItem

SWATCH_WIDTH = 24.0
PADDING = 7.0
MARGIN = 9.0
GROUND_ALPHA, COVERING_ALPHA = 215, 150
"""Opacity of the ground over nothing, and over what should be seen through it."""

CORNERS = ((1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (0.0, 1.0))
BETWEEN = (0.25, 0.5, 0.75)
ELSEWHERE = (*((x, y) for y in (0, 1) for x in BETWEEN), *((x, y) for x in (1, 0) for y in BETWEEN))
"""Places along the edges of the plot, in shares of the room that the legend leaves."""

MOST_COLUMNS = 3
TALLEST, WIDEST = 0.55, 0.7
"""Shares of the plot's height up to which a legend has one column, and of its sides at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: a symbol or, without one, a piece of line.

    ``line`` is the pen of the one or the other, ``behind`` that of a line behind the symbol.
    """

    text: str
    line: QPen | None = None
    symbol: QPainterPath | None = None
    fill: QColor | None = None
    behind: QPen | None = None


class Legend(PixelItem):
    """Lines of symbol and text on a half-opaque ground, at an edge of the view box."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent, 100)
        self.entries: tuple[Entry, ...] = ()
        self._font = QFont()
        self._text = QColor()
        self._ground = QColor(0, 0, 0, GROUND_ALPHA)
        self._columns = 1

    def write(self, entries: tuple[Entry, ...], font: QFont, text: str, ground: str) -> None:
        """Set what the legend says and how it looks."""
        self.entries, self._font, self._text = entries, font, QColor(text)
        alpha = self._ground.alpha()
        self._ground = QColor(ground)
        self._ground.setAlpha(alpha)
        self.update()

    def settle(self, width: float, height: float, crowd: Vector) -> None:
        """Go where it covers the fewest points of ``crowd`` (n, 2), in pixels: to a free corner.

        Where no corner is free, it may be wider, or stand elsewhere at the edges of the plot.
        """
        covered = len(crowd) + 1
        for columns, place in self._places(width, height):
            inside = _inside(place, crowd)
            if inside < covered:
                covered, self._columns = inside, columns
                self.set_reach(place)
            if not covered:
                break
        self.setVisible(covered <= len(crowd))
        self._ground.setAlpha(COVERING_ALPHA if covered else GROUND_ALPHA)
        self.update()

    def _places(self, width: float, height: float) -> Iterator[tuple[int, QRectF]]:
        """Where in a plot it may stand, with so many columns; none where it is too large."""
        for shares in (CORNERS, ELSEWHERE):
            for columns in self._possible_columns(height):
                size = self._size(columns)
                if size[0] < WIDEST * width and size[1] < WIDEST * height:
                    room = width - 2 * MARGIN - size[0], height - 2 * MARGIN - size[1]
                    for x, y in shares:
                        yield columns, QRectF(MARGIN + x * room[0], MARGIN + y * room[1], *size)

    @staticmethod
    def lines_over(width: float, height: float, font: QFont, characters: int) -> int:
        """About how many lines of so many characters a legend may have over a plot."""
        metrics = QFontMetricsF(font)
        column = SWATCH_WIDTH + 2 * PADDING + characters * metrics.horizontalAdvance("n")
        columns = min(max(1, int(WIDEST * width / column)), MOST_COLUMNS)
        return columns * int((TALLEST * height - PADDING) / _row_height(font))

    def _possible_columns(self, height: float) -> range:
        """From as few columns as leave the legend low enough to as many as have something in."""
        most = min(MOST_COLUMNS, len(self.entries))
        low = (c for c in range(1, most) if self._size(c)[1] <= TALLEST * height)
        return range(next(low, max(most, 1)), most + 1)

    def _size(self, columns: int) -> tuple[float, float]:
        rows = self._rows(columns) * _row_height(self._font)
        width = columns * self._column_width() + PADDING
        return float(round(width)), float(round(rows + PADDING))

    def _rows(self, columns: int) -> int:
        return -(-len(self.entries) // columns)

    def _column_width(self) -> float:
        metrics = QFontMetricsF(self._font)
        widest = max((metrics.horizontalAdvance(entry.text) for entry in self.entries), default=0)
        return widest + SWATCH_WIDTH + 2 * PADDING

    def paint_pixels(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self._reach, 4, 4)
        height, width, rows = (
            _row_height(self._font),
            self._column_width(),
            self._rows(self._columns),
        )
        for i, entry in enumerate(self.entries):
            left = self._reach.left() + PADDING + i // rows * width
            top = self._reach.top() + PADDING / 2 + i % rows * height
            paint_entry(painter, entry, QRectF(left, top, width, height), self._text)


def _row_height(font: QFont) -> float:
    return QFontMetricsF(font).height() + 3


def paint_entry(painter: QPainter, entry: Entry, row: QRectF, colour: QColor) -> None:
    """Paint one line of a legend: its symbol at the left of ``row``, its text beside it."""
    middle = row.center().y()
    swatch = QLineF(row.left(), middle, row.left() + SWATCH_WIDTH, middle)
    if entry.behind is not None:
        painter.setPen(entry.behind)
        painter.drawLine(swatch)
    painter.setPen(entry.line if entry.line is not None else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(entry.fill if entry.fill is not None else Qt.BrushStyle.NoBrush)
    if entry.symbol is None:
        painter.drawLine(swatch)
    else:
        painter.drawPath(entry.symbol.translated(row.left() + SWATCH_WIDTH / 2, middle))
    painter.setPen(colour)
    text = row.adjusted(SWATCH_WIDTH + PADDING, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, entry.text)


def _inside(place: QRectF, crowd: Vector) -> int:
    x, y = crowd[:, 0], crowd[:, 1]
    inside = (x > place.left()) & (x < place.right()) & (y > place.top()) & (y < place.bottom())
    return int(inside.sum())
