"""Numbers in columns whose texts can change with every frame without anything moving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QToolTip, QVBoxLayout, QWidget

from gui.tables import tabular
from gui.text import MINUS, fixed_number

WIDEST_NUMBER = f"{MINUS}0.00000e{MINUS}00"
GAP_PX = 8
GROUP_GAP_PX = 10
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: what it is called, plain or in HTML, and one number per column.

    An int is a count and shown in full.
    """

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together under a title; titles, also of ``columns``, may be empty."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


class _Value(QLabel):
    """One number.

    It overrides nothing of Qt's: each call of an override waits for the interpreter, which the
    engine's thread is using just then.
    """

    def __init__(self, width: int, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._value: float | None = None
        self.setFont(tabular(self.font()))
        self.setAlignment(RIGHT)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedSize(width, height)  # a new text then moves nothing and costs no layout

    def show_value(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self.setText(fixed_number(value))

    @property
    def digits(self) -> str:
        """All digits of the number."""
        return repr(self._value)


class NumberTable(QWidget):
    """Groups under one another, names at the left and numbers in fixed columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: object = None
        self._grid = _Grid((), self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._grid)

    def show_groups(self, groups: Sequence[Group]) -> bool:
        """Show groups; returns whether they needed other lines or columns than the last ones."""
        shape = [_shape_of(group) for group in groups]
        is_new = shape != self._shape
        if is_new:
            self._shape = shape
            self._rebuild(groups)
        self._grid.show_values(groups)
        return is_new

    def _rebuild(self, groups: Sequence[Group]) -> None:
        grid = _Grid(groups, self)
        self._layout.replaceWidget(self._grid, grid)
        self._grid.hide()
        self._grid.deleteLater()
        self._grid = grid
        grid.show()


def _shape_of(group: Group) -> object:
    names = tuple((line.name, len(line.values)) for line in group.lines)
    return group.title, group.columns, names


class _Grid(QWidget):
    """The labels of groups of one shape; the tooltip of a number has all of its digits."""

    def __init__(self, groups: Sequence[Group], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._values: list[_Value] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        for group in groups:
            self._add(group)
        self._make_rows_equal()

    def show_values(self, groups: Sequence[Group]) -> None:
        """Show the numbers of groups of the same shape."""
        for label, value in zip(self._values, _values_of(groups), strict=True):
            label.show_value(value)

    def _add(self, group: Group) -> None:
        row = self._grid.rowCount()
        if group.title or any(group.columns):
            self._add_titles(group, row)
            row += 2
        for offset, line in enumerate(group.lines):
            self._grid.addWidget(QLabel(line.name, self), row + offset, 0)
            for column in range(1, len(line.values) + 1):
                self._grid.addWidget(self._new_value(), row + offset, column, RIGHT)

    def _add_titles(self, group: Group, row: int) -> None:
        self._grid.setRowMinimumHeight(row, GROUP_GAP_PX)
        title = QLabel(group.title, self)
        title.setFont(bold(title.font()))
        self._grid.addWidget(title, row + 1, 0)
        for column, text in enumerate(group.columns, 1):
            self._grid.addWidget(faint(QLabel(text, self)), row + 1, column, RIGHT)

    def _make_rows_equal(self) -> None:
        """Give all lines one height, whichever fonts their names need."""
        height = max((label.sizeHint().height() for label in self.findChildren(QLabel)), default=0)
        for row in range(self._grid.rowCount()):
            if self._grid.itemAtPosition(row, 0):
                self._grid.setRowMinimumHeight(row, height)

    def _new_value(self) -> _Value:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(WIDEST_NUMBER)
        self._values.append(_Value(width, metrics.height(), self))
        return self._values[-1]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            label = self.childAt(event.pos())
            if isinstance(label, _Value):
                QToolTip.showText(event.globalPos(), label.digits, label)
                return True
        return super().event(event)


def _values_of(groups: Sequence[Group]) -> Iterator[float]:
    return (value for group in groups for line in group.lines for value in line.values)


def bold(font: QFont) -> QFont:
    """The font, made bold."""
    font.setBold(True)
    return font


def faint(label: QLabel) -> QLabel:
    """The label, in the colour of what matters less."""
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
