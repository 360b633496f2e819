"""Which columns of a table are fitted."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.experiment import FileData
from engine.files.tables import Table, pick_columns, suggest_columns, too_few_numeric_columns
from engine.messages import InputError
from engine.types import Vector
from gui.controls.form import Choice, Hint
from gui.style import DARK, LIGHT
from gui.text import tooltip, translate_message

PREVIEW_ROWS = 8
SCATTER_POINTS = 2000
"""Points that the little scatter draws at most: more would only cover each other."""

SCATTER_SIZE = QSize(200, 140)
POINT_SIZE = 4
FRAME = 8
ROW_GAP = 2
"""Pixels about each feature, whose boxes are else as high as its line."""

SIZE = QSize(720, 480)
HALF_LIGHT = 128


class Scatter(QWidget):
    """A glance at y over x, without axes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[tuple[float, float]] = []
        self.setMinimumSize(SCATTER_SIZE)

    @property
    def n_points(self) -> int:
        """How many points are drawn."""
        return len(self._points)

    def show_points(self, x: Vector, y: Vector) -> None:
        """Show points (n,) and (n,), some of them where there are many."""
        some = slice(None, None, -(-len(x) // SCATTER_POINTS) or 1)
        self._points = list(zip(_shares(x[some]), _shares(y[some]), strict=True))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        dark = self.palette().base().color().lightness() < HALF_LIGHT
        pen = QPen(QColor((DARK if dark else LIGHT).data), POINT_SIZE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        width, height = self.width() - 2 * FRAME, self.height() - 2 * FRAME
        painter.drawPoints(
            [QPointF(FRAME + x * width, FRAME + (1 - y) * height) for x, y in self._points]
        )


def _shares(values: Vector) -> list[float]:
    """Where the values lie between the least and the largest, 0 to 1."""
    if not len(values):
        return []
    halves = values / 2  # the range of the values themselves may be beyond the largest float
    span = halves.max() - halves.min()
    shares: list[float] = ((halves - halves.min()) / span if span else 0.5 + 0 * halves).tolist()
    return shares


class OpenDataDialog(QDialog):
    """Choose one or several columns for x and one for y."""

    def __init__(self, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.about = QLabel()
        self.x_label, self.x_list = QLabel(), QListWidget()
        self.y_label, self.y_choice = QLabel(), Choice()
        self.x_list.setSpacing(ROW_GAP)
        self.preview = QTableWidget()
        self.scatter = Scatter()
        self.reason = Hint()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self._fill_columns()
        self._fill_preview()
        self._connect()
        self.retranslate()
        self.resize(SIZE)

    def _lay_out(self) -> None:
        choices = QFormLayout()
        choices.addRow(self.x_label)
        choices.addRow(self.x_list)
        choices.addRow(self.y_label, self.y_choice)
        choices.addRow(self.scatter)
        self.x_label.setBuddy(self.x_list)
        self.y_label.setBuddy(self.y_choice)
        middle = QHBoxLayout()
        middle.addLayout(choices, 2)
        middle.addWidget(self.preview, 3)
        layout = QVBoxLayout(self)
        layout.addWidget(self.about)
        layout.addLayout(middle, 1)
        layout.addWidget(self.reason)
        layout.addWidget(self.buttons)

    def _fill_columns(self) -> None:
        suggested = suggest_columns(self._table)
        self.y_choice.set_choices((name, name) for name in self._table.columns)
        for name in self._table.columns:
            item = QListWidgetItem(name)
            chosen = suggested is not None and name == suggested[0]
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
            if not self._table.contents[name].numeric:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.x_list.addItem(item)
        self._disable_what_is_not_numeric()
        if suggested is not None:
            self.y_choice.set_key(suggested[1])

    def _disable_what_is_not_numeric(self) -> None:
        model = self.y_choice.model()
        assert isinstance(model, QStandardItemModel)
        for row, name in enumerate(self._table.columns):
            model.item(row).setEnabled(self._table.contents[name].numeric)

    def _fill_preview(self) -> None:
        rows = self._table.preview[:PREVIEW_ROWS]
        self.preview.setRowCount(len(rows))
        self.preview.setColumnCount(len(self._table.columns))
        self.preview.setHorizontalHeaderLabels(self._table.columns)
        self.preview.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.preview.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.preview.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for i, cells in enumerate(rows):
            for j, cell in enumerate(cells):
                self.preview.setItem(i, j, QTableWidgetItem(cell))
        self.preview.resizeColumnsToContents()

    def _connect(self) -> None:
        self.x_list.itemChanged.connect(self._check)
        self.y_choice.currentIndexChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that are checked, in the order of the table."""
        items = (self.x_list.item(row) for row in range(self.x_list.count()))
        return tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked)

    @property
    def target(self) -> str:
        """The column that is fitted; empty where there is none to choose."""
        return self.y_choice.key or ""

    @property
    def data(self) -> FileData | None:
        """What was chosen, with an absolute path; None where it cannot be fitted."""
        if self.reason.text():
            return None
        return FileData(str(self._table.path.resolve()), self.features, self.target)

    @Slot()
    def _check(self) -> None:
        """Show what is chosen, or say why it cannot be fitted."""
        sentence = ""
        x, y = np.empty((0, 1)), np.empty(0)
        try:
            if suggest_columns(self._table) is None:
                raise too_few_numeric_columns(self._table)
            x, y = pick_columns(self._table, self.features, self.target)
        except InputError as error:
            sentence = translate_message(error.message)
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(not sentence)
        ok.setToolTip(tooltip(sentence))
        self.reason.setText(sentence)
        self.scatter.show_points(x[:, 0], y)

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setWindowTitle(self.tr("Open a table"))
        self.about.setText(
            self.tr("{file} · {n} rows").format(file=self._table.path.name, n=self._table.n)
        )
        self.x_label.setText(self.tr("Features x"))
        self.y_label.setText(self.tr("Target y"))
        self.x_list.setAccessibleName(self.tr("Features x"))
        self.y_choice.setAccessibleName(self.tr("Target y"))
        self.preview.setAccessibleName(self.tr("First rows of the table"))
        self.scatter.setAccessibleName(self.tr("Points of the chosen columns"))
        self._explain_columns()
        self._check()

    def _explain_columns(self) -> None:
        """Say of each column that holds no numbers, or not only numbers, why."""
        with QSignalBlocker(self.x_list):
            for row, name in enumerate(self._table.columns):
                fault = self._table.contents[name].fault
                text = tooltip(translate_message(fault)) if fault is not None else ""
                self.x_list.item(row).setToolTip(text)
                self.y_choice.setItemData(row, text, Qt.ItemDataRole.ToolTipRole)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
