"""Widgets built from the specs of the engine, and the look that all panels share."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from engine.specs import Spec
from gui.controls.number_box import NumberBox
from gui.controls.slider import POSITIONS, Scale, SpecSlider
from gui.text import spec_help, spec_label, spec_name, tooltip

HINT_SIZE = 0.9
SEEDS = 10_000
MARGIN = 9
SPACING = 6
TEXT_MARGIN = 2
SHORTEST_CHOICE = 8  # characters


class Hint(QLabel):
    """Small, wrapping text below a control."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names of columns are not HTML
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * HINT_SIZE)
        self.setFont(font)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # one long word makes nothing wider


class Fault(Hint):
    """A sentence that says what cannot be taken; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hide()

    @Slot(str)
    def show_sentence(self, sentence: str) -> None:
        """Show a sentence, or nothing."""
        self.setText(sentence)
        self.setVisible(bool(sentence))


class Choice(QComboBox):
    """A list of named choices, each with a key; ``chosen`` brings the key the user picked.

    The wheel scrolls the panel and never the choice: a method changed by accident restarts
    the descent.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(SHORTEST_CHOICE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._on_activated)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer (key, text) pairs; keeps the current key where it is still among them."""
        wanted = list(choices)
        if wanted == [(self.itemData(i), self.itemText(i)) for i in range(self.count())]:
            return
        key = self.key
        with QSignalBlocker(self):
            self.clear()
            for name, text in wanted:
                self.addItem(text, name)
            self.setCurrentIndex(self.findData(key))
        self._make_room()

    @property
    def key(self) -> str | None:
        """The key of the current choice."""
        key: str | None = self.currentData()
        return key

    def set_key(self, key: str) -> None:
        """Show a choice without a signal."""
        self._told = key
        index = self.findData(key)
        if index != self.currentIndex():
            with QSignalBlocker(self):
                self.setCurrentIndex(index)
        self.setToolTip(tooltip(self.currentText()))

    def _make_room(self) -> None:
        """Let the list be as wide as its longest text."""
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth())

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        if self.itemData(index) != self._told:
            self._told = self.itemData(index)
            self.chosen.emit(self._told)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 2 * TEXT_MARGIN
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SpecField(QWidget):
    """A slider and a number box for one setting; ``label`` stands before them in a form.

    ``edited`` brings the value (None where an optional setting is switched off) and whether the
    gesture is over. Setting a value emits nothing, and leaves alone what the user is holding.
    """

    edited = Signal(object, bool)

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.switch = QCheckBox() if spec.default is None else None
        self.label: QCheckBox | QLabel = self.switch or QLabel()
        self.slider = SpecSlider(spec)
        self.box = NumberBox(spec)
        self.box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        self.fault = Fault()
        self._value: float | None = None
        self._last_number = spec.default
        self._asked: float | None = None
        self._came_while_held = False
        self._lay_out()
        self._connect()
        self.retranslate()
        self.set_value(spec.default)

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self.slider, 0, 0)
        layout.addWidget(self.box, 0, 1)
        layout.addWidget(self.fault, 1, 0, 1, 2)
        self.box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        if isinstance(self.label, QLabel):
            self.label.setBuddy(self.box)
        if self.switch is not None:
            self.switch.toggled.connect(self._on_switched)
        self.slider.edited.connect(self._on_slid)
        self.box.edited.connect(self._on_typed)
        self.box.refused.connect(self._on_refused)

    @property
    def value(self) -> float | None:
        """The value shown; None where the setting is switched off."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a value without a signal."""
        self._value = value
        if self.slider.is_held or self.box.is_stepping:
            self._came_while_held = True
        else:
            self._show()

    def _show(self) -> None:
        value = self._value
        self._came_while_held = False
        if value is not None:
            self._last_number = value
            self.slider.set_number(value)
        self.box.set_value(value)
        if self.switch is not None:
            with QSignalBlocker(self.switch):
                self.switch.setChecked(value is not None)
            self.slider.setEnabled(value is not None)
            self.box.setEnabled(value is not None)

    @Slot(object, bool)
    def _on_slid(self, value: float, final: bool) -> None:
        self.box.set_value(value)
        self._edit(value, final)

    @Slot(object, bool)
    def _on_typed(self, value: float, final: bool) -> None:
        self.slider.set_number(value)
        self._edit(value, final)

    def _edit(self, value: float, final: bool) -> None:
        """Pass on what the user did; when it is over, show what was told meanwhile."""
        if not final or value != self._asked:
            self._value = self._last_number = value
            self._came_while_held = False
        self._asked = None if final else value
        self.edited.emit(value, final)
        if final and self._came_while_held:
            self._show()

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:
        if self._last_number is None:
            self._last_number = Scale(self.spec).value(POSITIONS // 2)
        self._value = self._last_number if on else None
        self._show()
        self.edited.emit(self._value, True)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.fault.show_sentence(sentence)
        self.box.setToolTip(tooltip(sentence or spec_help(self.spec)))

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        label, help_ = spec_label(self.spec), spec_help(self.spec)
        if self.switch is not None:  # has no room for the symbol
            label, help_ = spec_name(self.spec), f"{self.spec.symbol}: {help_}"
        self.label.setText(label)
        for widget in (self.label, self.slider, self.box):
            widget.setToolTip(tooltip(help_))
            widget.setAccessibleName(label)
            widget.setAccessibleDescription(help_)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class SeedField(QWidget):
    """A box for a seed and a button that draws another one."""

    edited = Signal(object, bool)
    another_wanted = Signal()

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.label = QLabel()
        self.box = NumberBox(spec, digits=10)
        self.box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.fault = Fault()
        self.label.setBuddy(self.box)
        self._lay_out()
        self.box.edited.connect(self.edited)
        self.box.refused.connect(self.fault.show_sentence)
        self.button.clicked.connect(self._on_clicked)
        self.retranslate()

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self.box, 0, 0)
        layout.addWidget(self.button, 0, 1)
        layout.addWidget(self.fault, 1, 0, 1, 2)

    def set_value(self, value: int) -> None:
        """Show a seed without a signal."""
        self.box.set_value(value)

    @Slot()
    def _on_clicked(self) -> None:
        self.another_wanted.emit()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.label.setText(spec_label(self.spec))
        self.button.setText(self.tr("New seed"))
        for widget in (self.label, self.box, self.button):
            widget.setToolTip(tooltip(spec_help(self.spec)))
        self.box.setAccessibleName(spec_label(self.spec))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def another_seed(seed: int) -> int:
    """A short seed that is not the given one."""
    drawn = random.randrange(SEEDS - 1)
    return drawn + (drawn >= seed)


class Section(QGroupBox):
    """A titled group of rows: a label on the left, its control on the right.

    ``requested`` brings file keys with their new values, and the key under which an undo merges
    what belongs to one gesture; empty for a step of its own.
    """

    requested = Signal(dict, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = QFormLayout(self)
        self.form.setContentsMargins(MARGIN, SPACING, MARGIN, MARGIN)
        self.form.setSpacing(SPACING)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._gesture = ""
        self._gestures = 0
        self._last: dict[str, Any] = {}

    def add_choice(self) -> tuple[QLabel, Choice]:
        """Append a row with a list of choices."""
        label, choice = QLabel(), Choice()
        label.setBuddy(choice)
        self.form.addRow(label, choice)
        return label, choice

    def add_field(self, field: SpecField | SeedField) -> None:
        """Append the row of a setting."""
        self.form.addRow(field.label, field)

    def ask(self, name: str, values: dict[str, Any], final: bool = True) -> None:
        """Send a request; requests of one gesture share a key, and its end repeats none."""
        if not final and self._gesture != name:
            self._gestures += 1
            self._gesture = name
        key = f"{name}#{self._gestures}" if self._gesture == name else ""
        repeated = bool(key) and values == self._last
        self._last = values
        if final:
            self._gesture, self._last = "", {}
        if not repeated:
            self.requested.emit(values, key)

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class Unfold(QToolButton):
    """An arrow with a text that unfolds something; ``toggled`` says whether it is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setStyleSheet("QToolButton:checked { background: transparent; }")
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)


class More(Unfold):
    """Unfolds the rows that are seldom needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setText(self.tr("More"))
        self.setToolTip(tooltip(self.tr("Settings that are seldom needed")))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
