"""Numbers that stand in a plot, one line each, in the colour of the mark that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.views.items import PixelItem

PADDING = 5.0
MARGIN = 6.0
GROUND_ALPHA = 190

HIGHEST = 0.4
"""Share of the plot's height that all lines may take."""

SMALLEST = 0.75
"""Share of its size down to which the text shrinks where the plot is narrow."""

WIDTH_STEP = 12
"""The box gets wider in steps of so many pixels, lest it breathe with every digit."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A line of text and its colour.

    ``more`` follows the text where it is wide enough; a line that does not matter is left out
    where it is not high enough.
    """

    text: str
    colour: str
    more: str = ""
    matters: bool = True


class Readings(PixelItem):
    """Lines on a half-opaque ground, where fewest marks are under them."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent, -1)  # over all lines, but no mark is ever hidden
        self.readings: tuple[Reading, ...] = ()
        self._is_low = self._is_narrow = False
        self._font = QFont()
        self._size = self._font.pointSizeF()
        self._ground = QColor()
        self._room = (0.0, 0.0)
        self._widest = 0.0

    def dress(self, font: QFont, ground: str) -> None:
        """Set the font and the ground; digits all get one width."""
        self._font = QFont(font)
        self._size = font.pointSizeF()
        self._font.setFeature(QFont.Tag("tnum"), 1)
        self._ground = QColor(ground)
        self._ground.setAlpha(GROUND_ALPHA)
        self._widest = 0.0

    def write(self, readings: Sequence[Reading]) -> bool:
        """Set what stands there; returns whether the box needs another place."""
        if tuple(readings) == self.readings:
            return False
        shape, self.readings = self._shape(), tuple(readings)
        self.update()
        if shape == self._shape():  # digits are all as wide as each other
            return False
        return self._fit() != (self._reach.width(), self._reach.height())

    @property
    def shown(self) -> tuple[str, ...]:
        """The lines as they stand there."""
        return tuple(self._text(line) for line in self._lines())

    def _lines(self) -> tuple[Reading, ...]:
        return tuple(line for line in self.readings if line.matters or not self._is_low)

    def _text(self, line: Reading) -> str:
        return line.text if self._is_narrow else line.text + line.more

    def _shape(self) -> tuple[tuple[int, int, bool], ...]:
        return tuple((len(line.text), len(line.more), line.matters) for line in self.readings)

    def settle(self, width: float, height: float, crowd: Vector) -> None:
        """Go to where the fewest points of ``crowd`` (n, 2) lie, in a plot of that size."""
        if (width, height) != self._room:
            self._room, self._widest = (width, height), 0.0
        size = self._fit()
        right = max(MARGIN, width - MARGIN - size[0])
        across = (right, MARGIN, (MARGIN + right) / 2)
        down = (MARGIN, height - MARGIN - size[1])
        places = [QRectF(round(x), round(y), *size) for y in down for x in across]
        self.set_reach(min(places, key=lambda place: _inside(place, crowd)))
        self.setVisible(bool(self.readings))
        self.update()

    def _fit(self) -> tuple[float, float]:
        """Choose what is shown in the room that there is; returns the size of the box."""
        width, height = self._room
        room = max(width - 2 * MARGIN - 2 * PADDING, 0.0)
        self._font.setPointSizeF(self._size)
        metrics = QFontMetricsF(self._font)
        self._is_low = len(self.readings) * metrics.height() > HIGHEST * height
        self._is_narrow = False
        self._is_narrow = _widest(metrics, self.shown) > room
        shown = self.shown
        widest = _widest(metrics, shown)
        if widest > room:
            self._font.setPointSizeF(self._size * max(SMALLEST, room / widest))
            metrics = QFontMetricsF(self._font)
            widest = _widest(metrics, shown)
        self._widest = max(min(self._widest, room), widest)
        across = -(-int(self._widest + 2 * PADDING) // WIDTH_STEP) * WIDTH_STEP
        return float(across), float(round(len(shown) * metrics.height() + PADDING))

    def paint_pixels(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self._reach, 4, 4)
        height = QFontMetricsF(self._font).height()
        row = self._reach.adjusted(PADDING, PADDING / 2, 0, 0)
        row.setHeight(height)
        for line in self._lines():
            painter.setPen(QColor(line.colour))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self._text(line))
            row.translate(0, height)


def _widest(metrics: QFontMetricsF, texts: Sequence[str]) -> float:
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


def _inside(place: QRectF, crowd: Vector) -> int:
    x, y = crowd[:, 0], crowd[:, 1]
    inside = (x > place.left()) & (x < place.right()) & (y > place.top()) & (y < place.bottom())
    return int(inside.sum())
