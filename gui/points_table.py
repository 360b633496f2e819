"""The terms of the points in a table that asks for a number only when it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.descent.explain import Terms
from engine.types import Vector
from gui.formula import indexed
from gui.number_table import RIGHT, WIDEST_NUMBER
from gui.tables import Index
from gui.text import fixed_number, whole_number

ROWS_SHOWN = 8
PADDING_PX = 10


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, and its number for each of the points."""

    title: str
    values: Callable[[Terms], Vector]


def _row_of(matrix: Callable[[Terms], Vector], j: int) -> Callable[[Terms], Vector]:
    return lambda terms: matrix(terms)[j]


def feature_names(n_features: int) -> tuple[str, ...]:
    """Symbols of the features: x, or x₁, x₂ and so on."""
    return ("x",) if n_features == 1 else tuple(indexed(f"x{j + 1}") for j in range(n_features))


def loss_columns(n_features: int) -> tuple[Column, ...]:
    """What leads to the loss of each point."""
    features = enumerate(feature_names(n_features))
    return (
        *(Column(name, _row_of(lambda terms: terms.x, j)) for j, name in features),
        Column("y", lambda terms: terms.y),
        Column("ŷ", lambda terms: terms.prediction),
        Column("ŷ − y", lambda terms: terms.error),
        Column("ℓ", lambda terms: terms.loss),
    )


def gradient_columns(names: tuple[str, ...]) -> tuple[Column, ...]:
    """The factors of the chain rule and their products for parameters with these names."""
    symbols = [indexed(name) for name in names]
    return (
        Column("∂ℓ/∂ŷ", lambda terms: terms.outer),
        Column("∂ŷ/∂z", lambda terms: terms.inner),
        *(
            Column(f"∂z/∂{name}", _row_of(lambda terms: terms.features, j))
            for j, name in enumerate(symbols)
        ),
        *(
            Column(f"∂ℓ/∂{name}", _row_of(lambda terms: terms.products, j))
            for j, name in enumerate(symbols)
        ),
    )


class PointsModel(QAbstractTableModel):
    """The columns of the terms; a row's title is the point's number in the training part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._numbers: list[int] = []
        self._values: list[Vector] = []

    def show_terms(self, columns: tuple[Column, ...], terms: Terms | None) -> None:
        """Have these columns with the numbers of these points; of none for None."""
        titles = [column.title for column in columns]
        count = 0 if terms is None else len(terms)
        is_new = titles != [column.title for column in self._columns] or count != self.rowCount()
        if is_new:
            self.beginResetModel()
        before, self._columns = self._numbers, columns
        self._numbers = [] if terms is None else (terms.positions + 1).tolist()
        self._values = [] if terms is None else [column.values(terms) for column in columns]
        if is_new:
            self.endResetModel()
        elif count:
            last = self.index(count - 1, len(columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            if self._numbers != before:
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, count - 1)

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self._numbers)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        value = float(self._values[index.column()][index.row()])
        return fixed_number(value) if role == Qt.ItemDataRole.DisplayRole else repr(value)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._columns[section].title
        return whole_number(self._numbers[section])


class _Numbers(QStyledItemDelegate):
    """Paints nothing but the number: with every frame of a run that plays, and in time."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        area = option.rect.adjusted(0, 0, -PADDING_PX // 2, 0)
        painter.drawText(area, RIGHT, index.data())


class PointsTable(QTableView):
    """A few rows of the points; says why where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PointsModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Numbers(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._reason = QLabel(self.viewport())
        self._reason.setWordWrap(True)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._fix_sizes()

    def show_terms(self, columns: tuple[Column, ...], terms: Terms | None, reason: str) -> None:
        """Show the columns of these points; ``reason`` where there are none."""
        self._model.show_terms(columns, terms)
        self._widen(1 if terms is None else int(terms.positions.max()) + 1)
        self._reason.setText(reason)
        self._reason.setVisible(terms is None)
        self._reason.setGeometry(self.viewport().rect())

    def _widen(self, number: int) -> None:
        """Make room for a point's number; the room stays, so that nothing jumps."""
        width = self.fontMetrics().horizontalAdvance(whole_number(number)) + PADDING_PX
        if width > self.verticalHeader().width():
            self.verticalHeader().setFixedWidth(width)

    def _fix_sizes(self) -> None:
        """Give all cells one size, so that no text is measured."""
        metrics = self.fontMetrics()
        height = metrics.height() + PADDING_PX // 2
        for header, size in (
            (self.horizontalHeader(), metrics.horizontalAdvance(WIDEST_NUMBER) + PADDING_PX),
            (self.verticalHeader(), height),
        ):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(height)
            header.setDefaultSectionSize(size)
            header.setHighlightSections(False)
        self.verticalHeader().setFixedWidth(metrics.horizontalAdvance("000") + PADDING_PX)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(
            (ROWS_SHOWN + 1) * height + PADDING_PX // 2 + bar + 2 * self.frameWidth()
        )
