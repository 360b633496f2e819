"""The title of a panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from gui.style import TITLE_POINTS, Theme

FEWEST = 5
"""Characters, an ellipsis among them, under which a title that is cut short says nothing."""


class Title(QLabel):
    """One line in the middle; where it has no room it is cut short, and makes no panel wider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take a theme's colour, and a size larger than that of a font."""
        colours, larger = QPalette(self.palette()), QFont(font)
        colours.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
        larger.setPointSizeF(font.pointSizeF() + TITLE_POINTS)
        self.setPalette(colours)
        self.setFont(larger)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        if shown != self.text() and len(shown) < FEWEST:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), self.alignment(), shown)
        painter.end()
