"""A slider over the usual values of a setting, linear or logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip, QWidget

from engine.specs import Spec
from gui.controls.gesture import Gesture
from gui.style import theme_of
from gui.text import tooltip

POSITIONS = 1000
KEY_STEP = 10
PAGE_STEP = 100

MARK_SIZE = 5.0
"""Width of a mark's triangle, in pixels."""

MARK_GRAB = 5.0
"""Pixels from the middle of a mark's triangle within which a click takes it."""

MARK_TOP = 10.0
"""Pixels above the groove's middle at which the triangles begin."""

MARK_HEIGHT = 6.0

BEYOND_ALPHA = 110

_RATIO_DIGITS = 3  # significant digits of a value on a logarithmic slider
_COUNT_DIGITS = 2  # the same for whole numbers
_LEAST_PARTS = 200  # a linear slider has at least so many different values


@dataclass(frozen=True, slots=True)
class Scale:
    """The way between the positions 0…POSITIONS of a slider and round values of a setting."""

    spec: Spec

    def value(self, position: int) -> float:
        """The value at a position, rounded to what a person would write."""
        low, high = self.spec.soft
        if position <= 0 or position >= POSITIONS:
            return self._typed(low if position <= 0 else high)
        share = position / POSITIONS
        if self.spec.logarithmic:
            exact = low * (high / low) ** share
            digits = _COUNT_DIGITS if self.spec.integer else _RATIO_DIGITS
            rounded = float(f"{exact:.{digits - 1}e}")
        else:
            exact = low + (high - low) * share
            rounded = round(exact, -math.floor(math.log10((high - low) / _LEAST_PARTS)))
        return self._typed(min(max(rounded, low), high))

    def position(self, value: float) -> int:
        """The position nearest to a value; an end of the slider where the value is beyond."""
        low, high = self.spec.soft
        value = min(max(value, low), high)
        if self.spec.logarithmic:
            return round(POSITIONS * math.log(value / low) / math.log(high / low))
        return round(POSITIONS * (value - low) / (high - low))

    def _typed(self, value: float) -> float:
        return round(value) if self.spec.integer else value


@dataclass(frozen=True, slots=True)
class Mark:
    """A value worth knowing, shown above the groove.

    Its triangle stands at the left of the value if that is good, at the right if it is a limit,
    so that two marks of one place can be told apart, and clicked.

    Parameters
    ----------
    value
        Where it is.
    taken
        The value that a click on it takes.
    kind
        ``good``, or ``limit``, beyond which the groove is tinted.
    help
        What it is.
    """

    value: float
    taken: float
    kind: Literal["good", "limit"]
    help: str


class SpecSlider(Gesture, QSlider):
    """A horizontal slider over the soft limits of a setting.

    ``edited`` brings the value and whether the gesture is over: a drag ends with the mouse
    button, a series of keys or wheel turns when it pauses.
    """

    edited = Signal(object, bool)

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale = Scale(spec)
        self._last: float | None = None
        self._has_moved = False
        self._marks: tuple[Mark, ...] = ()
        self.setMouseTracking(True)
        self.setRange(0, POSITIONS)
        self.setSingleStep(KEY_STEP)
        self.setPageStep(PAGE_STEP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(3 * self.sizeHint().height())
        self.prepare_gestures()
        self.valueChanged.connect(self._on_moved)
        self.sliderReleased.connect(self.finish_gesture)

    @property
    def is_held(self) -> bool:
        """Whether a gesture is going on."""
        return self.isSliderDown() or self.settling.isActive()

    def set_number(self, value: float) -> None:
        """Move to a value without a signal."""
        self._last = value
        with QSignalBlocker(self):
            self.setValue(self._scale.position(value))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The values that are marked."""
        return self._marks

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Mark values; those beyond the ends of the slider have no mark."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self.update()

    def mark_place(self, mark: Mark) -> float | None:
        """Where a mark is, in pixels from the left; None beyond the ends of the slider."""
        low, high = self._scale.spec.soft
        return self._place(mark.value) if low <= mark.value <= high else None

    @Slot(int)
    def _on_moved(self, position: int) -> None:
        value = self._scale.value(position)
        if value != self._last:
            self._last = value
            self._has_moved = True
            self.edited.emit(value, False)
        if not self.isSliderDown():
            self.settling.start()

    @Slot()
    def finish_gesture(self) -> None:
        self.settling.stop()
        if self._has_moved:
            self._has_moved = False
            self.edited.emit(self._last, True)

    def _parts(self) -> tuple[QRect, QRect]:
        """The groove and the handle."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, control = self.style(), QStyle.ComplexControl.CC_Slider
        groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        return groove, handle

    def _place(self, value: float) -> float:
        """Where the middle of the handle is for a value, in pixels from the left."""
        groove, handle = self._parts()
        room = groove.width() - handle.width()
        share = self._scale.position(value) / POSITIONS
        return groove.x() + handle.width() / 2 + share * room

    def _position_under(self, event: QMouseEvent) -> int | None:
        """The position where the mouse is on the groove; None on the handle."""
        groove, handle = self._parts()
        point = event.position().toPoint()
        if handle.contains(point):
            return None
        return QStyle.sliderValueFromPosition(
            self.minimum(),
            self.maximum(),
            point.x() - groove.x() - handle.width() // 2,
            groove.width() - handle.width(),
            self.layoutDirection() == Qt.LayoutDirection.RightToLeft,
        )

    def _mark_under(self, place: QPointF) -> Mark | None:
        """The mark nearest to the mouse, if it is near enough and not under the handle."""
        groove, handle = self._parts()
        is_above = place.y() < groove.center().y() - MARK_TOP + MARK_HEIGHT
        if not self.isEnabled() or (handle.contains(place.toPoint()) and not is_above):
            return None
        places = [(self.mark_place(mark), mark) for mark in self._marks]
        near = [
            (abs(at + _side(mark) * MARK_SIZE / 2 - place.x()), mark)
            for at, mark in places
            if at is not None
        ]
        near = [(away, mark) for away, mark in near if away <= MARK_GRAB]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def _take(self, mark: Mark) -> None:
        self.settling.stop()
        self.set_number(mark.taken)
        self._has_moved = False
        self.edited.emit(mark.taken, True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            mark = self._mark_under(event.position())
            if mark is not None:
                self._take(mark)
                return
            position = self._position_under(event)
            if position is not None:
                self.setValue(position)
        super().mousePressEvent(event)
        if self.isSliderDown():
            self.settling.stop()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = not event.buttons() and self._mark_under(event.position()) is not None
        if over:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        super().mouseMoveEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self._mark_under(QPointF(event.pos()))
            if mark is not None:
                QToolTip.showText(event.globalPos(), tooltip(mark.help), self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marks and self.isEnabled():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for mark in self._marks:
                self._paint_mark(painter, mark)
            painter.end()

    def _paint_mark(self, painter: QPainter, mark: Mark) -> None:
        theme = theme_of(self.palette())
        colour = QColor(theme.danger if mark.kind == "limit" else theme.good)
        place = self.mark_place(mark)
        if mark.kind == "limit" and mark.value < self._scale.spec.soft[1]:
            self._tint_beyond(painter, self._place(mark.value), colour)
        if place is not None:
            top = self._parts()[0].center().y() - MARK_TOP
            tip = QPointF(place, top + MARK_HEIGHT)
            side = QPointF(place + _side(mark) * MARK_SIZE, top)
            corners = [QPointF(place, top), side, tip]
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF(corners))

    def _tint_beyond(self, painter: QPainter, place: float, colour: QColor) -> None:
        """Tint the groove from a place on, but not the handle."""
        groove, handle = self._parts()
        band = QRectF(place, groove.center().y() - 1.5, groove.right() + 1 - place, 4)
        tinted, covered = QPainterPath(), QPainterPath()
        tinted.addRoundedRect(band, 2, 2)
        covered.addEllipse(QRectF(handle))
        tint = QColor(colour)
        tint.setAlpha(BEYOND_ALPHA)
        painter.setBrush(tint)
        painter.drawPath(tinted - covered)


def _side(mark: Mark) -> int:
    """On which side of its value a mark's triangle is: −1 left, 1 right."""
    return 1 if mark.kind == "limit" else -1
