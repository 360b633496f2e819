"""How the runs compare, as a table that can be sorted and copied."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QObject,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFont,
    QGuiApplication,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.descent.results import Progress, Result, State
from engine.live.snapshot import Health, RunView, Snapshot
from gui.run_looks import RunLooks
from gui.runs_panel import SWATCH, swatch
from gui.style import LIGHT, Theme
from gui.tables import NO_PARENT, Index, copy_action, tabular
from gui.text import NOT_A_NUMBER, losses_apart, number, whole_number

MARGIN_PX = 8
STATE = 1
"""The column that says what has become of a run."""

SORT_ROLE = Qt.ItemDataRole.UserRole
ALIGN = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Line:
    """A run and its result; ``name`` says the loss too where runs differ in it.

    ``head`` is its last row.
    """

    name: str
    result: Result
    head: int


class _Model(QAbstractTableModel):
    """One line for each run, one column for each thing to know of it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self._looks = RunLooks()
        self._theme, self._ratio = LIGHT, 1.0
        self._swatches: list[QPixmap] = []
        self._tabular = tabular(QFont())
        self._headers: tuple[tuple[str, str], ...] = ()
        self.retranslate()

    def dress(self, theme: Theme, ratio: float, count: int) -> None:
        """Take the colours of a theme."""
        self._theme, self._ratio = theme, ratio
        self._swatches = [swatch(self._looks, i, theme, ratio) for i in range(count)]
        self._tell(0)

    def take_looks(self, looks: RunLooks) -> None:
        """Take other looks for the runs."""
        before, self._looks = self._looks, looks
        if not looks.are_like(before):
            self.dress(self._theme, self._ratio, len(self._swatches))

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show results."""
        if len(lines) != len(self.lines):
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()
        elif lines != self.lines:
            self.lines = lines
            self._tell()

    def _tell(self, last: int | None = None) -> None:
        if self.lines:
            columns = self.columnCount() - 1 if last is None else last
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, columns))

    def retranslate(self) -> None:
        """Write all texts anew."""
        near = self.tr("First time the loss is within 1 % of its way to the optimum")
        self._headers = (
            (self.tr("Run"), ""),
            (self.tr("State"), ""),
            (self.tr("Iterations\nto 1 %"), near),
            (self.tr("Epochs\nto 1 %"), near),
            (self.tr("Gradients"), self.tr("Gradients evaluated so far, one for each update")),
            (self.tr("Points\nseen"), self.tr("Points that those gradients looked at")),
            (self.tr("Loss"), self.tr("Training loss at the last row")),
            (self.tr("Distance"), self.tr("Distance to the optimum at the last row")),
        )
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headers) - 1)
        self._tell()

    def state_text(self, line: Line) -> str:
        """What has become of a run."""
        texts = {
            State.CONVERGED: self.tr("converged"),
            State.NOT_STARTED: self.tr("not started"),
            State.GOING: self.tr("going"),
            State.STOPPED: self.tr("stopped"),
            State.STALLED: self.tr("stalled"),
            State.UNSTABLE: self.tr("unstable"),
            State.DIVERGED: self.tr("diverged at {row}"),
        }
        return texts[line.result.state].format(row=whole_number(line.head))

    def values(self, row: int) -> tuple[Any, ...]:
        """What stands in a line, with all digits; None where there is nothing to say."""
        line = self.lines[row]
        result = line.result
        return (
            line.name,
            self.state_text(line),
            result.near,
            result.near_epochs,
            result.updates,
            result.points,
            result.loss,
            result.distance,
        )

    def headers(self) -> tuple[str, ...]:
        """What the columns are called, each in one line."""
        return tuple(text.replace("\n", " ") for text, _ in self._headers)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._headers[section][1] or None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DecorationRole:
            return self._swatches[row] if column == 0 and row < len(self._swatches) else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row) if column == STATE else None
        value = self.values(row)[column]
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(value)
        is_text = isinstance(value, str)
        if role == SORT_ROLE:  # Qt compares numbers of one type only
            return value if is_text else math.inf if value is None else float(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN | (Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight)
        if role == Qt.ItemDataRole.ToolTipRole:
            return None if is_text or value is None else repr(value)
        return self._tabular if role == Qt.ItemDataRole.FontRole and not is_text else None

    def _colour(self, row: int) -> QColor | None:
        colours = {
            State.CONVERGED: self._theme.good,
            State.STALLED: self._theme.warning,
            State.UNSTABLE: self._theme.warning,
            State.DIVERGED: self._theme.danger,
        }
        colour = colours.get(self.lines[row].result.state)
        return None if colour is None else QColor(colour)


class ResultsPanel(QWidget):
    """The table; click a heading to sort by it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress: dict[int, Progress] = {}
        self._snapshot: Snapshot | None = None
        self._theme = LIGHT
        self.model = _Model(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.table = _table(self._sorted, self)
        self._copy_text = copy_action(self, self.copy_text)
        self._copy_csv = QAction(self)
        self._copy_csv.triggered.connect(self.copy_csv)
        self.addAction(self._copy_csv)
        self._lay_out()
        self._retranslate()

    def draw(self, snapshot: Snapshot) -> None:
        """Show the results of a snapshot's runs as of their last rows."""
        self._snapshot = snapshot
        old, self._progress = self._progress, {}
        lines = []
        for run, loss in zip(snapshot.runs, losses_apart(snapshot), strict=True):
            progress = old.get(run.generation) or Progress(snapshot.problem_of(run))
            self._progress[run.generation] = progress
            lines.append(_line(run, progress, loss))
        is_more = len(lines) != len(self.model.lines)
        self.model.show(tuple(lines))
        if is_more:
            self.model.dress(self._theme, self.devicePixelRatioF(), len(lines))
            self.table.resizeColumnToContents(0)

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        self._theme = theme
        self.model.dress(theme, self.devicePixelRatioF(), len(self.model.lines))

    def set_looks(self, looks: RunLooks) -> None:
        """Show the runs in their looks."""
        self.model.take_looks(looks)

    def as_text(self) -> str:
        """The table as it is sorted, with tabs between its columns and all digits."""
        return "".join("\t".join(row) + "\n" for row in self._rows())

    def as_csv(self) -> str:
        """The table as it is sorted, as CSV with all digits."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self._rows())
        return text.getvalue()

    def _rows(self) -> list[list[str]]:
        rows = [list(self.model.headers())]
        for row in range(self._sorted.rowCount()):
            source = self._sorted.mapToSource(self._sorted.index(row, 0)).row()
            rows.append([_written(value) for value in self.model.values(source)])
        return rows

    @Slot()
    def copy_text(self) -> None:
        """Put the table on the clipboard as text."""
        QGuiApplication.clipboard().setText(self.as_text())

    @Slot()
    def copy_csv(self) -> None:
        """Put the table on the clipboard as CSV."""
        QGuiApplication.clipboard().setText(self.as_csv())

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for action in (self._copy_text, self._copy_csv):
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, 2, MARGIN_PX, MARGIN_PX)
        layout.setSpacing(2)
        layout.addLayout(buttons)
        layout.addWidget(self.table, 1)

    def _retranslate(self) -> None:
        self.table.setAccessibleName(self.tr("Results of the runs"))
        self._copy_text.setText(self.tr("Copy"))
        self._copy_csv.setText(self.tr("Copy as CSV"))
        self.model.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addActions([self._copy_text, self._copy_csv])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def _table(model: QSortFilterProxyModel, parent: QWidget) -> QTableView:
    table = QTableView(parent)
    table.setModel(model)
    table.setSortingEnabled(True)
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # as the runs stand
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setIconSize(SWATCH)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSortIndicatorClearable(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    return table


def _line(run: RunView, progress: Progress, loss: str) -> Line:
    progress.see(run.rows)
    is_unstable = run.health is Health.UNSTABLE
    name = f"{run.name} · {loss}" if loss else run.name
    return Line(name, progress.result(run.rows, run.epochs, run.reason, is_unstable), run.head)


def _shown(value: Any) -> str:
    if value is None:
        return NOT_A_NUMBER
    if isinstance(value, int):
        return whole_number(value)
    return number(value) if isinstance(value, float) else str(value)


def _written(value: Any) -> str:
    """A value with all its digits."""
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
