"""Inference: a value of each feature is typed, and what the model says of it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGraphicsItem, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from engine.problem.fit import is_outside
from engine.problem.problem import Problem
from gui.style import LIGHT, Theme
from gui.text import fixed_number, number, parse_number, shortened, translate
from gui.views.items import Marker, PixelItem, diamond, pen
from gui.views.mapping import Mapping
from gui.views.readout import Facts, Readout

MOST_FEATURES = 2
"""Features for which there is a box."""

LONGEST_NAME = 9
DIGITS = 6
USUAL = "0.0000"
LEAST_WIDTH = 34
INSET = 12.0
"""Pixels from the edge of the plot to the arrow that points beyond it."""


class ValueBox(QLineEdit):
    """A number that is typed, or nothing; text that is no number gets a rim.

    Enter selects it, so that the next one can be typed at once; Escape empties the box and leaves
    it. Letters are never shortcuts here, but the space bar, of no use in a number, still plays.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(LEAST_WIDTH)

    @property
    def value(self) -> float | None:
        """The number in the box."""
        text = self.text()
        return parse_number(text) if text else None  # it is asked for in every frame

    @property
    def is_wrong(self) -> bool:
        """Whether something is in the box that is no number."""
        return bool(self.text().strip()) and self.value is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            return False  # the window's shortcut
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = self.theme
        rim = theme.danger if self.is_wrong else theme.accent if self.hasFocus() else theme.border
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(rim))  # on the ground of a plot, the style's own is not seen
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
        painter.end()


class PredictionInput(QWidget):
    """A box for each feature. ``changed`` says that other values, or none, are asked about."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = [QLabel(self) for _ in range(MOST_FEATURES)]
        self.boxes = [ValueBox(self) for _ in range(MOST_FEATURES)]
        self._features: tuple[str, ...] = ()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for place, (label, box) in enumerate(zip(self.labels, self.boxes, strict=True), 1):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(box)
            box.setObjectName(f"fit_predict_{place}")
            box.textChanged.connect(self._on_text)
            layout.addWidget(label)
            layout.addWidget(box)
        self.ask(())
        self.retranslate()

    def retranslate(self) -> None:
        """Write all texts anew."""
        tip = self.tr("A value of {feature}: what does the model predict there?")
        for box, name in zip(self.boxes, self._features or ("x", "x"), strict=False):
            box.setToolTip(tip.format(feature=name))
            box.setAccessibleName(tip.format(feature=name))

    def ask(self, features: tuple[str, ...]) -> None:
        """Offer boxes for features; for more than two there are none."""
        if features != self._features:
            for box in self.boxes:
                with QSignalBlocker(box):
                    box.clear()
        self._features = features
        offered = features if len(features) <= MOST_FEATURES else ()
        for place, (label, box) in enumerate(zip(self.labels, self.boxes, strict=True)):
            there = place < len(offered)
            label.setVisible(there)
            box.setVisible(there)
            if there:
                label.setText(f"{shortened(offered[place], LONGEST_NAME)} =")
        self.setVisible(bool(offered))
        self.retranslate()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours, and the size of the font."""
        for box in self.boxes:
            box.theme = theme
            box.setMaximumWidth(box.fontMetrics().horizontalAdvance(USUAL) + 14)

    @property
    def values(self) -> tuple[float, ...] | None:
        """A value for each feature; None while one is missing."""
        asked = [box.value for box in self.boxes[: len(self._features)]]
        given = tuple(value for value in asked if value is not None)
        return given if given and len(given) == len(self._features) else None

    @Slot()
    def _on_text(self) -> None:
        self.changed.emit()


class _Guides(PixelItem):
    """Dashed lines from a point to both axes."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.pen = pen("black")
        self.spot = (0.0, 0.0)
        self._height = 0.0

    def place(self, mapping: Mapping, spot: tuple[float, float]) -> None:
        self.spot, self._height = spot, mapping.height
        self.set_reach(QRectF(0, spot[1] - 1, spot[0] + 1, mapping.height - spot[1] + 1))
        self.update()

    def paint_pixels(self, painter: QPainter) -> None:
        x, y = (math.floor(value) + 0.5 for value in self.spot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.pen)
        path = QPainterPath()
        path.moveTo(0, y)
        path.lineTo(x, y)
        path.lineTo(x, self._height)
        painter.drawPath(path)


class PredictionMark:
    """Where the prediction is and what it is, with guides to both axes, or an arrow beyond them.

    ``at`` is the point of the data, ``spot`` the pixel where it is marked; both None for nothing.
    """

    def __init__(self, parent: QGraphicsItem) -> None:
        self.at: tuple[float, float] | None = None
        self.spot: tuple[float, float] | None = None
        self.guides = _Guides(parent, 15)
        self.marker = Marker(parent, diamond(7.0), 30)
        self.arrow = Marker(parent, _arrow_head(), 30)
        self.answer = Readout(parent)
        self.guides.hide()

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take a theme's colours, and the font of the plot."""
        self.answer.dress(theme, font)
        self.guides.pen = pen(theme.cursor, 1.0, Qt.PenStyle.DashLine)
        for marker in (self.marker, self.arrow):
            marker.paint_as(theme.plot, pen(theme.fit, 2.4))

    def clear(self) -> None:
        """Show nothing."""
        self.at = self.spot = None
        for item in (self.guides, self.marker, self.arrow):
            item.hide()
        self.answer.clear()

    def place(
        self, mapping: Mapping, at: tuple[float, float], answer: Facts, avoided: Sequence[QRectF]
    ) -> None:
        """Show a point of the data, and what is said of it, or its title where that is too much."""
        if not all(map(math.isfinite, at)):
            self.clear()
            return
        self.at = at
        x, y = mapping.pixel(*at)
        edge = (
            min(max(x, INSET), mapping.width - INSET),
            min(max(y, INSET), mapping.height - INSET),
        )
        inside = mapping.rect.contains(x, y)
        self.guides.setVisible(inside)
        self.guides.place(mapping, (x, y) if inside else edge)
        self.marker.place(mapping, at if inside else None)
        self.arrow.place(mapping, None if inside else mapping.to_data(*edge))
        self.arrow.setRotation(math.degrees(math.atan2(y - edge[1], x - edge[0])))
        self.spot = (x, y) if inside else edge
        spot = QPointF(*self.spot)
        if not self.answer.show_beside(spot, mapping, answer, avoided):
            self.answer.show_beside(spot, mapping, Facts(answer.title, ()), avoided)


def answer_text(problem: Problem, values: tuple[float, ...], prediction: float) -> Facts:
    """The prediction and what it was asked for."""
    names = [shortened(name, LONGEST_NAME) for name in problem.dataset.features]
    rows = [(name, number(value, DIGITS)) for name, value in zip(names, values, strict=True)]
    if is_outside(problem, values):
        rows.append((translate("PredictionInput", "extrapolation"), ""))
    return Facts(f"ŷ = {fixed_number(prediction)}", tuple(rows))


def _arrow_head() -> QPainterPath:
    """A slender arrow head that points to the right."""
    path = QPainterPath()
    path.moveTo(9, 0)
    path.lineTo(-6, 5.5)
    path.lineTo(-2.5, 0)
    path.lineTo(-6, -5.5)
    path.closeSubpath()
    return path
