"""A box for one number within the hard limits of a setting."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from engine.specs import Spec
from gui.controls.gesture import Gesture
from gui.style import theme_of
from gui.text import number, parse_number, spec_name

DIGITS = 6
_LONGEST = "0.0000000"  # with as many digits as are shown
_PARTS = 20  # the arrows cross a linear range in at least so many steps


def stepped(spec: Spec, value: float, steps: int) -> float:
    """The value some arrow presses away: in the second digit where the setting is logarithmic."""
    for _ in range(abs(steps)):
        places = _places_of_a_step(spec, value)
        moved = round(value + math.copysign(10.0**-places, steps), places)
        moved = min(max(moved, spec.low), spec.high)
        if spec.low_open and moved <= spec.low:
            break
        value = round(moved) if spec.integer else moved
    return value


def _places_of_a_step(spec: Spec, value: float) -> int:
    if spec.logarithmic:
        places = 1 - math.floor(math.log10(abs(value) or spec.soft[0]))
    else:
        places = -math.floor(math.log10((spec.soft[1] - spec.soft[0]) / _PARTS))
    if spec.integer:
        return min(places, 0) if spec.logarithmic else 0
    return places


class NumberBox(Gesture, QAbstractSpinBox):
    """A number that can be typed, or stepped with the arrows.

    ``edited`` brings a valid value and whether the gesture is over. Text that is no valid number
    leaves the value as it was; ``refused`` brings the sentence that says why, and an empty one
    as soon as it no longer holds.
    """

    edited = Signal(object, bool)
    refused = Signal(str)

    def __init__(self, spec: Spec, digits: int = DIGITS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._digits = digits
        self._value: float | None = None
        self._refusal = ""
        self._is_typed = False  # the line edit forgets it on Enter, before anyone is told
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.prepare_gestures()
        self.editingFinished.connect(self._on_editing_finished)
        self.lineEdit().textEdited.connect(self._on_text_edited)

    @property
    def value(self) -> float | None:
        """The last valid value."""
        return self._value

    @property
    def refusal(self) -> str:
        """Why the text in the box is not taken; empty where all is well."""
        return self._refusal

    @property
    def is_stepping(self) -> bool:
        """Whether the arrows are being pressed."""
        return self.settling.isActive()

    def set_value(self, value: float | None) -> None:
        """Show a value without a signal; what is being typed stays until it is finished."""
        self._value = value
        if not (self._is_typed and self.hasFocus()):
            self._show()

    def _show(self) -> None:
        self._refuse("")
        text = "" if self._value is None else number(self._value, self._digits)
        if text != self.lineEdit().text():
            self.lineEdit().setText(text)
            self.lineEdit().setCursorPosition(0)
        self._is_typed = False

    def _refuse(self, sentence: str) -> None:
        if sentence != self._refusal:
            self._refusal = sentence
            self.refused.emit(sentence)
            self.update()

    @Slot()
    def _on_editing_finished(self) -> None:
        if not self._is_typed:
            return
        value = self._parsed()
        sentence = self._why_not(value)
        if sentence or value is None:
            self._refuse(sentence)
            return
        before, self._value = self._value, round(value) if self._spec.integer else value
        self._show()
        if self._value != before:
            self.edited.emit(self._value, True)

    @Slot(str)
    def _on_text_edited(self, _text: str) -> None:
        self._is_typed = True
        self._refuse("")

    def _parsed(self) -> float | None:
        """The number that the text says; None where it says none."""
        return parse_number(self.lineEdit().text(), integer=self._spec.integer)

    def _why_not(self, value: float | None) -> str:
        """The sentence for a text that cannot be taken; empty where it can."""
        if value is None:
            text = self.lineEdit().text().strip()
            return self.tr("“{text}” is not a number.").format(text=text)
        spec = self._spec
        above_low = value > spec.low if spec.low_open else value >= spec.low
        is_whole = not spec.integer or value == round(value)
        if above_low and value <= spec.high and is_whole:
            return ""
        if spec.integer:
            sentence = self.tr("{name} must be a whole number from {low} to {high}.")
        elif spec.low_open:
            sentence = self.tr("{name} must be above {low} and at most {high}.")
        else:
            sentence = self.tr("{name} must be between {low} and {high}.")
        return sentence.format(
            name=spec_name(spec), low=number(spec.low, 9), high=number(spec.high, 9)
        )

    @Slot()
    def finish_gesture(self) -> None:
        self.settling.stop()
        self.edited.emit(self._value, True)

    def _size_for(self, text: str) -> QSize:
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        size = QSize(
            self.fontMetrics().horizontalAdvance(text), self.lineEdit().sizeHint().height()
        )
        return self.style().sizeFromContents(QStyle.ContentsType.CT_SpinBox, option, size, self)

    def stepBy(self, steps: int) -> None:
        if self._value is None:
            return
        value = stepped(self._spec, self._value, steps)
        changed = value != self._value
        self._value = value
        self._show()
        if changed:
            self.settling.start()
            self.edited.emit(value, False)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        up, down = (
            QAbstractSpinBox.StepEnabledFlag.StepUpEnabled,
            QAbstractSpinBox.StepEnabledFlag.StepDownEnabled,
        )
        return up | down

    def sizeHint(self) -> QSize:
        return self._size_for(_LONGEST)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._refusal:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme_of(self.palette()).danger))
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._refusal:
            self._refuse(self._why_not(self._parsed()))
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_typed:
            self._show()
            self.selectAll()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._is_typed:
            self.clearFocus()  # the space bar plays again
