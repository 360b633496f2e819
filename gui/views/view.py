"""What all views share: the ground of the plots, and following theme, font and language."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from gui.style import LIGHT, Theme

RUSH_ROWS = 5
"""Rows from one frame to the next from which on they rush by: nobody can read what is written."""


class View(QWidget):
    """A widget on the ground of the plots.

    A subclass dresses and writes itself once it is built; in another font or language that is
    done again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT
        self.setAutoFillBackground(True)

    def retranslate(self) -> None:
        """Write all texts anew."""

    def _dress(self) -> None:
        """Give everything the theme's colours, and the font of the program."""
        colours = QPalette(self.palette())
        colours.setColor(QPalette.ColorRole.Window, QColor(self.theme.plot))
        colours.setColor(QPalette.ColorRole.WindowText, QColor(self.theme.text))
        self.setPalette(colours)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._dress()


def dress_label(label: QLabel, colour: str, points: float) -> None:
    """Give a label a colour and a size of its font, in points."""
    font = QFont(label.font())
    font.setPointSizeF(points)
    label.setFont(font)
    colour_label(label, colour)


def colour_label(label: QLabel, colour: str) -> None:
    """Give a label a colour."""
    colours = QPalette(label.palette())
    colours.setColor(QPalette.ColorRole.WindowText, QColor(colour))
    label.setPalette(colours)
