"""The rows of the log: every so many-th iteration, read from what was recorded when it is seen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor

from engine.descent.history import Rows
from gui.number_table import RIGHT
from gui.tables import NO_PARENT, Index
from gui.text import fixed_number, whole_number


class Numbers(Protocol):
    """A number for each row, such as an array (n,)."""

    def __getitem__(self, row: int, /) -> float: ...


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: what stands above it, and where its values come from."""

    title: str
    values: Callable[[Rows], Numbers]


class LogModel(QAbstractTableModel):
    """Every so many-th iteration up to the head, and the cursor and the head between them.

    Nothing is copied: a million rows cost as much as ten.
    """

    def __init__(self) -> None:
        super().__init__()
        self.every = 1
        self.cursor = 0
        self.columns: tuple[Column, ...] = ()
        self.faint = QColor()
        self._rows: Rows | None = None
        self._titles: tuple[str, ...] = ()
        self._values: tuple[Numbers, ...] = ()
        self._regular = 0
        self._between: list[int] = []

    def begin_anew(
        self, rows: Rows, cursor: int, every: int, first: str, columns: tuple[Column, ...]
    ) -> None:
        """List other rows or other columns; ``first`` stands above the iterations."""
        self.beginResetModel()
        self.every, self.columns = every, columns
        self._titles = (first, *(column.title for column in columns))
        self._take(rows, cursor)
        self._regular, self._between = self._wanted(len(rows) - 1)
        self.endResetModel()

    def go_on(self, rows: Rows, cursor: int) -> None:
        """List the rows that were added, and another cursor."""
        self._take(rows, cursor)
        regular, between = self._wanted(len(rows) - 1)
        is_same = regular == self._regular and list(map(self._gap, between)) == list(
            map(self._gap, self._between)
        )
        if is_same:
            self._between = between
        else:
            self._replace(regular, between)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self) - 1, len(self._titles) - 1))

    def _take(self, rows: Rows, cursor: int) -> None:
        self._rows, self.cursor = rows, cursor
        self._values = tuple(column.values(rows) for column in self.columns)

    def _wanted(self, head: int) -> tuple[int, list[int]]:
        """How many multiples there are up to a head, and what is listed between them."""
        between = {row for row in (self.cursor, head) if row % self.every}
        return head // self.every + 1, sorted(between)

    def _gap(self, iteration: int) -> int:
        """Between which multiples an iteration lies."""
        return iteration // self.every

    def _replace(self, regular: int, between: list[int]) -> None:
        """Change what is listed, step by step, so that a view keeps its place."""
        while self._between:
            place = self.place_of(self._between[-1])
            self.beginRemoveRows(NO_PARENT, place, place)
            self._between.pop()
            self.endRemoveRows()
        if regular > self._regular:
            self.beginInsertRows(NO_PARENT, self._regular, regular - 1)
            self._regular = regular
            self.endInsertRows()
        for iteration in between:
            place = self.place_of(iteration)
            self.beginInsertRows(NO_PARENT, place, place)
            self._between.append(iteration)
            self.endInsertRows()

    # which iteration stands where ---------------------------------------------------------

    def __len__(self) -> int:
        return self._regular + len(self._between)

    def place_of(self, iteration: int) -> int:
        """Where in the list an iteration stands, or would stand."""
        before = bisect_left(self._between, iteration)
        return -(-iteration // self.every) + before

    def iteration_at(self, place: int) -> int:
        """The iteration at a place of the list."""
        for before, iteration in enumerate(self._between):
            at = self._gap(iteration) + 1 + before
            if place == at:
                return iteration
            if place < at:
                return (place - before) * self.every
        return (place - len(self._between)) * self.every

    def lines(self) -> Iterator[str]:
        """The whole list with tabs between its columns and every digit, a line each."""
        yield "\t".join(self._titles)
        for place in range(len(self)):
            iteration = self.iteration_at(place)
            numbers = (float(values[iteration]) for values in self._values)
            yield "\t".join([str(iteration), *("" if isnan(n) else repr(n) for n in numbers)])

    # Qt's own -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        iteration = self.iteration_at(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role == Qt.ItemDataRole.ForegroundRole and iteration > self.cursor:
            return self.faint
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if index.column() == 0:
            return whole_number(iteration)
        value = float(self._values[index.column() - 1][iteration])
        if isnan(value):
            return ""
        return fixed_number(value) if role == Qt.ItemDataRole.DisplayRole else repr(value)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT
        return None
