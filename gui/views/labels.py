"""Short texts in a plot that keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.style import Theme
from gui.views.items import PixelItem

PADDING = (5.0, 1.0)
CORNER = 3.0
EDGE_GAP = 3.0
GROUND_ALPHA = 205


class Label(PixelItem):
    """A text on a half-opaque ground; ``text`` is empty while it is not shown."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.text = ""
        self._font = QFont()
        self._metrics = QFontMetricsF(self._font)
        self._colour, self._ground = QColor(), QColor()
        self.hide()

    @property
    def box(self) -> QRectF:
        """Where it is, in the plot's pixels."""
        return self.boundingRect()

    def dress(self, theme: Theme, font: QFont, colour: str) -> None:
        """Take a theme's colours, the font of the plot and a colour of its own."""
        self._font = QFont(font)
        self._font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width: numbers keep still
        self._metrics = QFontMetricsF(self._font)
        self._colour, self._ground = QColor(colour), QColor(theme.plot)
        self._ground.setAlpha(GROUND_ALPHA)
        self.update()

    def show_near(
        self, text: str, spots: Iterable[QPointF], plot: QRectF, taken: Sequence[QRectF] = ()
    ) -> None:
        """Show a text about the first of some spots where it fits.

        Parameters
        ----------
        spots
            Where its middle may be, in pixels, the best place first.
        plot
            What it has to be within; it is pushed inside where it reaches out a little.
        taken
            Rectangles that it must not cover; hidden where there is no such place.
        """
        size = self._size(text)
        box = next((box for box in _boxes(size, spots, plot) if not _hits(box, taken)), None)
        self.text = text if box is not None else ""
        if box is None:
            self.hide()
        else:
            self.set_reach(box)
            self.setVisible(True)
            self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.text = ""
        self.hide()

    def width_of(self, text: str) -> float:
        """Pixels across that a text needs."""
        return self._size(text)[0]

    def _size(self, text: str) -> tuple[float, float]:
        width, height = self._metrics.horizontalAdvance(text), self._metrics.height()
        return float(round(width + 2 * PADDING[0])), float(round(height + 2 * PADDING[1]))

    def paint_pixels(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self.box, CORNER, CORNER)
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.drawText(self.box, Qt.AlignmentFlag.AlignCenter, self.text)


def _boxes(size: tuple[float, float], spots: Iterable[QPointF], plot: QRectF) -> Iterable[QRectF]:
    """Boxes about spots, pushed into the plot; none for spots outside."""
    room = plot.adjusted(EDGE_GAP, EDGE_GAP, -EDGE_GAP, -EDGE_GAP)
    width, height = size
    if width > room.width() or height > room.height():
        return
    for spot in spots:
        if plot.contains(spot):
            x = min(max(spot.x() - width / 2, room.left()), room.right() - width)
            y = min(max(spot.y() - height / 2, room.top()), room.bottom() - height)
            yield QRectF(round(x), round(y), width, height)


def _hits(box: QRectF, taken: Sequence[QRectF]) -> bool:
    return any(box.intersects(other) for other in taken)
