"""A small box of facts that stands beside a point of a plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.style import Theme
from gui.views.items import PixelItem, pen
from gui.views.mapping import Mapping

PADDING = 6.0
COLUMN_GAP = 10.0
CORNER = 4.0
DISTANCE = 12.0
"""Pixels between the point and the box."""

EDGE_GAP = 3.0
"""Pixels between the box and the edge of the plot."""

GROUND_ALPHA = 235


@dataclass(frozen=True, slots=True)
class Facts:
    """A title, and rows of what something is called and what it is; the title may be empty."""

    title: str
    rows: tuple[tuple[str, str], ...]


class Readout(PixelItem):
    """Facts on an almost opaque ground; never outside the plot, never over its point.

    ``facts`` is what is shown, or None while nothing is.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent, 110)
        self.facts: Facts | None = None
        self._font = self._bold = QFont()
        self._ground, self._rim = QColor(), QColor()
        self._text, self._faint = QColor(), QColor()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def box(self) -> QRectF:
        """Where the box is, in the plot's pixels."""
        return self.boundingRect().adjusted(1, 1, -1, -1)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take a theme's colours, and the font of the plot."""
        self._font, self._bold = QFont(font), QFont(font)
        self._font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width: numbers keep still
        self._bold.setBold(True)
        self._ground = QColor(theme.field)
        self._ground.setAlpha(GROUND_ALPHA)
        self._rim, self._text = QColor(theme.border), QColor(theme.text)
        self._faint = QColor(theme.faint)
        self.update()

    def show_beside(
        self,
        spot: QPointF,
        mapping: Mapping,
        facts: Facts,
        avoided: Sequence[QRectF] = (),
    ) -> bool:
        """Show facts of a point, given in the plot's pixels; hide where there is no room.

        Parameters
        ----------
        avoided
            Rectangles, such as the legend's, over which it does not stand if it can help it.

        Returns
        -------
        bool
            Whether it is shown.
        """
        plot = mapping.rect
        box = beside(spot, self._size(facts), plot, avoided) if plot.contains(spot) else None
        self.facts = facts if box is not None else None
        self.setVisible(box is not None)
        if box is not None:
            self.set_reach(box.adjusted(-1, -1, 1, 1))
            self.update()
        return box is not None

    def clear(self) -> None:
        """Show nothing."""
        self.facts = None
        self.hide()

    def _widths(self, facts: Facts) -> tuple[float, float]:
        """Of the column of names, and of all, without padding."""
        metrics = QFontMetricsF(self._font)
        names, values = (
            max((metrics.horizontalAdvance(row[side]) for row in facts.rows), default=0.0)
            for side in (0, 1)
        )
        title = QFontMetricsF(self._bold).horizontalAdvance(facts.title)
        return names, max(title, names + COLUMN_GAP + values)

    def _size(self, facts: Facts) -> tuple[float, float]:
        lines = len(facts.rows) + bool(facts.title)
        width, height = self._widths(facts)[1], lines * QFontMetricsF(self._font).height()
        return float(round(width + 2 * PADDING)), float(round(height + 2 * PADDING))

    def paint_pixels(self, painter: QPainter) -> None:
        if self.facts is None:
            return
        painter.setPen(pen(self._rim))
        painter.setBrush(self._ground)
        painter.drawRoundedRect(self.box.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        inner = self.box.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        height = QFontMetricsF(self._font).height()
        line = QRectF(inner.left(), inner.top(), inner.width(), height)
        if self.facts.title:
            painter.setFont(self._bold)
            painter.setPen(self._text)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.facts.title)
            line.translate(0, height)
        painter.setFont(self._font)
        for name, value in self.facts.rows:
            painter.setPen(self._faint)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(self._text)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, right, value)
            line.translate(0, height)


def beside(
    spot: QPointF, size: tuple[float, float], plot: QRectF, avoided: Sequence[QRectF] = ()
) -> QRectF | None:
    """A place for a box inside the plot that does not cover the spot; None where there is none.

    Right and above first, then around the spot, pushed along its side where the plot ends; of
    these places the first that meets the fewest of the rectangles that are to be avoided.
    """
    room = plot.adjusted(EDGE_GAP, EDGE_GAP, -EDGE_GAP, -EDGE_GAP)
    width, height = size
    if width > room.width() or height > room.height():
        return None
    right, left = spot.x() + DISTANCE, spot.x() - DISTANCE - width
    above, below = spot.y() - DISTANCE - height, spot.y() + DISTANCE
    middle = spot.x() - width / 2, spot.y() - height / 2
    corners = [(right, above), (right, below), (left, above), (left, below)]
    sides = [(right, middle[1]), (left, middle[1]), (middle[0], above), (middle[0], below)]
    near = DISTANCE - 1
    kept_free = QRectF(spot.x() - near, spot.y() - near, 2 * near, 2 * near)
    places = []
    for x, y in corners + sides:
        x = min(max(x, room.left()), room.right() - width)
        y = min(max(y, room.top()), room.bottom() - height)
        box = QRectF(round(x), round(y), width, height)
        if not box.intersects(kept_free):
            places.append(box)
    return min(places, key=lambda box: sum(map(box.intersects, avoided)), default=None)
