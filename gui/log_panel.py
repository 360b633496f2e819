"""The log: the table that the tutorials print, every so many iterations."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QModelIndex, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHideEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.descent.history import Rows
from engine.live.snapshot import Snapshot
from engine.types import Vector
from gui.log_model import Column, LogModel
from gui.number_table import WIDEST_NUMBER
from gui.style import LIGHT, Theme, frame_palette
from gui.tables import copy_action, tabular
from gui.text import whole_number

FIRST_EVERY = 100
"""The tutorials print every hundredth iteration."""

MOST_EVERY = 1_000_000
INTERVAL_MS = 200
"""Time between two updates of a run that goes on: nobody reads faster."""

MOST_COPIED = 200_000
"""Lines that are copied at most; more would stop the window for seconds."""

CELL_PADDING_PX = 14
ROW_PADDING_PX = 4


class LogPanel(QWidget):
    """Iteration, losses and parameters at every so many-th iteration, at the cursor and the head.

    The rate has a column where it is not the same all the time, the training loss where it is
    not that of the batches.

    A row that is chosen becomes the cursor. Numbers are shortened as everywhere; the copied
    ones and the tooltips have all digits.
    """

    cursor_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._snapshot: Snapshot | None = None
        self._drawn: Snapshot | None = None
        self._train_differs = False
        self._last = 0  # iteration that the run may come to
        self._seen = 0
        self._placing = False
        self._since = QElapsedTimer()
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self._show_snapshot)
        self.model = LogModel()
        self._build()
        self.set_theme(LIGHT)
        self._retranslate()

    def _build(self) -> None:
        self.table = _table_of(self.model)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_chosen)
        self._label = QLabel()
        self.every = QSpinBox()
        self.every.setObjectName("log_every")
        self.every.setRange(1, MOST_EVERY)
        self.every.setValue(FIRST_EVERY)
        self.every.setGroupSeparatorShown(True)
        self.every.setKeyboardTracking(False)
        self.every.valueChanged.connect(self._begin_anew)
        self._label.setBuddy(self.every)
        self.gradients = QCheckBox()
        self.gradients.setObjectName("log_gradients")
        self.gradients.toggled.connect(self._begin_anew)
        self.copy_button = QToolButton()
        self.copy_button.setObjectName("log_copy")
        self.copy_button.clicked.connect(self.copy)
        self._copy_action = copy_action(self, self.copy)
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 4, 8, 4)
        tools.setSpacing(8)
        for widget in (self._label, self.every, self.gradients):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)

    def draw(self, snapshot: Snapshot) -> None:
        """List a snapshot's rows, soon; while hidden, only remember it for when it is shown."""
        self._snapshot = snapshot
        if self.isVisible() and not self._due.isActive():
            resting = snapshot.playing and self._since.isValid()
            left = INTERVAL_MS - self._since.elapsed() if resting else 0
            self._due.start(max(0, left))

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of what lies ahead of the cursor, and of the frame of the box."""
        self._theme = theme
        self.every.setPalette(frame_palette(theme))
        self.model.faint = QColor(theme.faint)
        self.table.viewport().update()

    @Slot()
    def copy(self) -> None:
        """Put the table on the clipboard, with all digits; a very long one not at all."""
        if self._drawn is not None and len(self.model) <= MOST_COPIED:
            QGuiApplication.clipboard().setText("\n".join(self.model.lines()) + "\n")

    @Slot()
    def _begin_anew(self) -> None:
        self._drawn = None
        if self._snapshot is not None and self.isVisible():
            self._due.start(0)

    @Slot()
    def _show_snapshot(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or not self.isVisible():
            return
        self._since.start()
        self._placing = True
        goes_on = self._drawn is not None and _goes_on(self._drawn, snapshot)
        last = snapshot.run.settings.stop.iterations
        if self._watch_training(snapshot, goes_on) and goes_on and last == self._last:
            self.model.go_on(snapshot.rows, snapshot.row)
        else:
            columns = self._columns(snapshot)
            every = self.every.value()
            first = self.tr("iteration")
            self.model.begin_anew(snapshot.rows, snapshot.row, every, first, columns)
            self._last = last
            self._fix_widths()
        if not goes_on or self._drawn is None or self._drawn.row != snapshot.row:
            row = self.model.index(self.model.place_of(snapshot.row), 0)
            self.table.setCurrentIndex(row)
            self.table.scrollTo(row)
        self._placing = False
        self._drawn = snapshot
        self._allow_copying()

    def _watch_training(self, snapshot: Snapshot, goes_on: bool) -> bool:
        """Look at the new rows; returns whether the training loss has its column, or needs none."""
        seen = self._seen if goes_on else 0
        before = self._train_differs and goes_on
        rows = snapshot.rows
        differs = bool((rows.loss[seen:] != rows.train_loss[seen:]).any())
        self._train_differs, self._seen = before or differs, len(rows)
        return self._train_differs == before

    def _columns(self, snapshot: Snapshot) -> tuple[Column, ...]:
        problem, rates, columns = snapshot.problem, snapshot.run.rates, []
        if rates.differ_upto(snapshot.head):
            columns.append(Column(self.tr("rate η"), lambda _rows: rates))
        columns.append(Column(self.tr("loss"), lambda rows: rows.loss))
        if self._train_differs:
            columns.append(Column(self.tr("training"), lambda rows: rows.train_loss))
        names = list(enumerate(problem.names))
        columns += [Column(name, partial(_parameter, at=at)) for at, name in names]
        if problem.validation is not None:
            columns.append(Column(self.tr("validation"), lambda rows: rows.validation_loss))
        if self.gradients.isChecked():
            columns += [Column(f"∂L/∂{name}", partial(_slope, at=at)) for at, name in names]
        return tuple(columns)

    def _fix_widths(self) -> None:
        """Give every column the width of the widest number, lest the table jump."""
        metrics = self.table.fontMetrics()
        header = self.table.horizontalHeader()
        for column in range(self.model.columnCount()):
            widest = WIDEST_NUMBER if column else whole_number(self._last)
            width = metrics.horizontalAdvance(widest) + CELL_PADDING_PX
            header.resizeSection(column, max(width, header.sectionSizeHint(column)))

    def _allow_copying(self) -> None:
        allowed = len(self.model) <= MOST_COPIED
        if allowed != self.copy_button.isEnabled():
            self.copy_button.setEnabled(allowed)
            self._explain_copying()

    def _explain_copying(self) -> None:
        self.copy_button.setToolTip(
            self.tr("Copy the table with all digits")
            if self.copy_button.isEnabled()
            else self.tr("More than {most} lines: list fewer iterations to copy them").format(
                most=whole_number(MOST_COPIED)
            )
        )

    @Slot(QModelIndex, QModelIndex)
    def _on_row_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._placing:
            self.cursor_chosen.emit(self.model.iteration_at(now.row()))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Log"))
        self.table.setAccessibleName(self.tr("Log"))
        self._label.setText(self.tr("Every"))
        self.every.setSuffix(" " + self.tr("iterations"))
        self._make_room_for_every()
        self.every.setToolTip(self.tr("List every so many-th iteration"))
        self.gradients.setText(self.tr("gradients"))
        self.gradients.setToolTip(self.tr("List the gradient too"))
        self.copy_button.setText(self.tr("Copy"))
        self._copy_action.setText(self.tr("Copy the log"))
        self._explain_copying()
        self._begin_anew()

    def _make_room_for_every(self) -> None:
        """Let the box be narrower than its largest number, which would widen the panel."""
        size, metrics = self.every.sizeHint(), self.every.fontMetrics()
        spared = metrics.horizontalAdvance(whole_number(MOST_EVERY))
        spared -= metrics.horizontalAdvance(whole_number(FIRST_EVERY))
        self.every.setMinimumWidth(size.width() - spared)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_snapshot()

    def hideEvent(self, event: QHideEvent) -> None:
        self._due.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()


def _table_of(model: LogModel) -> QTableView:
    """A table whose rows all have one height, so that it never looks at those not seen."""
    table = QTableView()
    table.setModel(model)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setWordWrap(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setTabKeyNavigation(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setFont(tabular(table.font()))
    numbers = table.verticalHeader()
    numbers.hide()
    numbers.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    numbers.setDefaultSectionSize(table.fontMetrics().height() + ROW_PADDING_PX)
    table.horizontalHeader().setHighlightSections(False)
    return table


def _parameter(rows: Rows, at: int) -> Vector:
    return np.asarray(rows.params[at])


def _slope(rows: Rows, at: int) -> Vector:
    return np.asarray(rows.gradient[at])


def _goes_on(drawn: Snapshot, now: Snapshot) -> bool:
    """Whether rows were only added to what was drawn; the cursor may be anywhere.

    Rows under another rate need its column.
    """
    return (
        drawn.problem is now.problem
        and drawn.generation == now.generation
        and drawn.selected == now.selected
        and drawn.run.rates == now.run.rates
        and now.run.rates.differ_upto(drawn.head) == now.run.rates.differ_upto(now.head)
        and drawn.head <= now.head
    )
