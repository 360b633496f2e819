"""A slider over the usual values of a setting, linear or logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from engine.specs import Spec
from gui.controls.gesture import Gesture

POSITIONS = 1000
KEY_STEP = 10
PAGE_STEP = 100

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

    def _position_under(self, event: QMouseEvent) -> int | None:
        """The position where the mouse is on the groove; None on the handle."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, control = self.style(), QStyle.ComplexControl.CC_Slider
        groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        point = event.position().toPoint()
        if handle.contains(point):
            return None
        return QStyle.sliderValueFromPosition(
            self.minimum(),
            self.maximum(),
            point.x() - groove.x() - handle.width() // 2,
            groove.width() - handle.width(),
            option.upsideDown,
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            position = self._position_under(event)
            if position is not None:
                self.setValue(position)
        super().mousePressEvent(event)
        if self.isSliderDown():
            self.settling.stop()
