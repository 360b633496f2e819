"""A line of text that changes with every frame without anything being laid out again."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.turns import Paced

MARGIN = 5
"""Pixels on either side that the text leaves free."""

REST_MS = 33
"""Milliseconds for which a text stays: nobody reads faster."""


class TextLine(QWidget):
    """One line, centred and shortened to the room that there is; digits have one width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._paced = Paced(self._show, REST_MS, self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says in full."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self._paced.show(text)

    def _show(self, text: str) -> None:
        self.setToolTip(text)
        self.update()

    def width_of(self, text: str) -> int:
        """Pixels that a text needs to be shown in full."""
        return QFontMetrics(self._digits_font()).horizontalAdvance(text) + 2 * MARGIN

    def _digits_font(self) -> QFont:
        font = QFont(self.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._digits_font())
        painter.setPen(self.palette().windowText().color())
        room = self.width() - 2 * MARGIN
        shown = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()
