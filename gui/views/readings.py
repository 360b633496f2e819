"""Numbers in a strip of their own over a plot, in the colours of the marks they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

MARGIN = 8.0
"""Pixels beside the strip."""

GAP = 14.0
"""Pixels between two readings in one line."""

BELOW = 3.0
"""Pixels between the strip and the plot, out of which an axis' highest number reaches."""

MOST_LINES = 4
"""Lines that the strip may take if what does not matter can be left out."""

SMALLEST = 0.75
"""Share of its size down to which the text shrinks where the plot is narrow."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A short text and its colour.

    ``more`` follows the text where the strip is wide enough; a reading that does not matter is
    left out where the strip would get too high.
    """

    text: str
    colour: str
    more: str = ""
    matters: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Arrangement:
    """What is shown in some width, where, and in which font."""

    font: QFont
    places: list[tuple[Reading, str, QRectF]]

    @property
    def height(self) -> int:
        """Pixels that it needs."""
        bottom = max((place.bottom() for _, _, place in self.places), default=-BELOW)
        return round(bottom + BELOW)


class Readings(QWidget):
    """Readings one after another, in as few lines as they need; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readings: tuple[Reading, ...] = ()
        self._known: tuple[int, _Arrangement] | None = None
        self._least: tuple[int, list[float]] = (-1, [])
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def dress(self, font: QFont) -> None:
        """Take the font of the plot; digits all get one width."""
        font = QFont(font)
        font.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(font)
        self._known, self._least = None, (-1, [])
        self.updateGeometry()
        self.update()

    def write(self, readings: Sequence[Reading]) -> bool:
        """Say something else; returns whether the strip needs another height by that."""
        if tuple(readings) == self.readings:
            return False
        before = self._arranged(self.width()).height
        if len(readings) != len(self.readings):
            self._least = (-1, [])
        self.readings, self._known = tuple(readings), None
        self.setVisible(bool(readings))
        self.update()
        if self._arranged(self.width()).height == before:
            return False
        self.updateGeometry()
        return True

    @property
    def shown(self) -> tuple[str, ...]:
        """The readings as they stand there."""
        return tuple(text for _, text, _ in self._arranged(self.width()).places)

    def _arranged(self, width: int) -> _Arrangement:
        if self._known is None or self._known[0] != width:
            self._known = width, self._arrange(width)
        return self._known[1]

    def _arrange(self, width: int) -> _Arrangement:
        """Choose what is shown in a width, and where it stands."""
        room = max(width - 2 * MARGIN, 0.0)
        font, texts = self._fit_text(room)
        metrics = QFontMetricsF(font)
        widths = [metrics.horizontalAdvance(text) for text in texts]
        if self._least[0] == width:  # no line breaks elsewhere because a number has got shorter
            widths = [max(pair) for pair in zip(widths, self._least[1], strict=True)]
        self._least = width, widths
        lines = list(zip(self.readings, texts, widths, strict=True))
        line = metrics.height()
        places = _flow(lines, room, line)
        if places and places[-1][2].top() > (MOST_LINES - 0.5) * line:
            places = _flow([part for part in lines if part[0].matters], room, line)
        return _Arrangement(font, places)

    def _fit_text(self, room: float) -> tuple[QFont, list[str]]:
        """The font and the texts, shortened and shrunk where one is too wide for a line."""
        font, metrics = QFont(self.font()), QFontMetricsF(self.font())
        texts = [reading.text + reading.more for reading in self.readings]
        if _widest(metrics, texts) > room:
            texts = [reading.text for reading in self.readings]
        widest = _widest(metrics, texts)
        if widest > room:
            font.setPointSizeF(font.pointSizeF() * max(SMALLEST, room / widest))
        return font, texts

    def heightForWidth(self, width: int) -> int:
        return self._arranged(width).height

    def sizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.height() != self.heightForWidth(self.width()):
            self.updateGeometry()  # layouts remember what a width needed with other numbers

    def paintEvent(self, _event: QPaintEvent) -> None:
        arrangement = self._arranged(self.width())
        painter = QPainter(self)
        painter.setFont(arrangement.font)
        for reading, text, place in arrangement.places:
            painter.setPen(QColor(reading.colour))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


def _widest(metrics: QFontMetricsF, texts: Sequence[str]) -> float:
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


def _flow(
    readings: Iterable[tuple[Reading, str, float]], room: float, line: float
) -> list[tuple[Reading, str, QRectF]]:
    """Places for texts of some widths: one after another, and on the next line when full."""
    places = []
    x = y = 0.0
    for reading, text, width in readings:
        if x > 0 and x + width > room:
            x, y = 0.0, y + line
        places.append((reading, text, QRectF(MARGIN + x, y, width + 1, line)))
        x += width + GAP
    return places
