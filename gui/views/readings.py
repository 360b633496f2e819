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

HIGHEST = 0.28
"""Share of the height of plot and strip that the strip may take."""

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


class Readings(QWidget):
    """Readings one after another, in as few lines as they need; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readings: tuple[Reading, ...] = ()
        self._room = 0
        self._is_narrow = False
        self._own_font = QFont()
        self._widths: list[float] = []
        self._places: list[tuple[Reading, QRectF]] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def dress(self, font: QFont) -> None:
        """Take the font of the plot; digits all get one width."""
        self.setFont(font)
        self._arrange_anew()

    def fit_into(self, height: int) -> None:
        """Suit so many pixels for the strip and the plot below it."""
        if height != self._room:
            self._room = height
            self._arrange_anew()

    def write(self, readings: Sequence[Reading]) -> bool:
        """Say something else; returns whether the strip has got another height by that."""
        if tuple(readings) == self.readings:
            return False
        before = self.sizeHint() if self.readings else QSize()
        if len(readings) != len(self.readings):
            self._widths = []
        self.readings = tuple(readings)
        self._arrange()
        self.setVisible(bool(readings))
        return before != (self.sizeHint() if readings else QSize())

    @property
    def shown(self) -> tuple[str, ...]:
        """The readings as they stand there."""
        return tuple(self._text(reading) for reading, _ in self._places)

    def _text(self, reading: Reading) -> str:
        return reading.text if self._is_narrow else reading.text + reading.more

    def _arrange_anew(self) -> None:
        self._widths = []
        self._arrange()

    def _arrange(self) -> None:
        """Choose what is shown in the room that there is, and where it stands."""
        room = max(self.width() - 2 * MARGIN, 0.0)
        widths = self._fit_text(room)
        if len(widths) == len(self._widths):  # no line breaks elsewhere for a shorter number
            widths = [max(pair) for pair in zip(widths, self._widths, strict=True)]
        self._widths = widths
        readings = list(zip(self.readings, widths, strict=True))
        self._places = _flow(readings, room, self._line)
        if self.sizeHint().height() > HIGHEST * self._room:
            self._places = _flow([pair for pair in readings if pair[0].matters], room, self._line)
        self.updateGeometry()
        self.update()

    def _fit_text(self, room: float) -> list[float]:
        """Shorten and shrink what is too wide for a line; returns the widths of all."""
        self._own_font = QFont(self.font())
        self._own_font.setFeature(QFont.Tag("tnum"), 1)
        self._is_narrow = False
        self._is_narrow = max(self._measured(), default=0.0) > room
        widest = max(self._measured(), default=0.0)
        if widest > room:
            share = max(SMALLEST, room / widest)
            self._own_font.setPointSizeF(share * self.font().pointSizeF())
        return self._measured()

    @property
    def _line(self) -> float:
        """Height of a line."""
        return QFontMetricsF(self._own_font).height()

    def _measured(self) -> list[float]:
        metrics = QFontMetricsF(self._own_font)
        return [metrics.horizontalAdvance(self._text(reading)) for reading in self.readings]

    def sizeHint(self) -> QSize:
        bottom = max((place.bottom() for _, place in self._places), default=0.0)
        return QSize(0, round(bottom + BELOW) if self._places else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange_anew()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._own_font)
        for reading, place in self._places:
            painter.setPen(QColor(reading.colour))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._text(reading))
        painter.end()


def _flow(
    readings: Iterable[tuple[Reading, float]], room: float, line: float
) -> list[tuple[Reading, QRectF]]:
    """Places for readings of some widths: one after another, and on the next line when full."""
    places = []
    x = y = 0.0
    for reading, width in readings:
        if x > 0 and x + width > room:
            x, y = 0.0, y + line
        places.append((reading, QRectF(MARGIN + x, y, width + 1, line)))
        x += width + GAP
    return places
