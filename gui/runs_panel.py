"""The runs beside each other: how each looks, what it is called and does, and which are shown."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QPainter,
    QPalette,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.experiment import MOST_RUNS
from engine.live.snapshot import Snapshot
from gui.comparisons import fill_menu
from gui.run_entries import BETWEEN, Entry, entries_of, wrapped
from gui.run_looks import RunLooks
from gui.style import LIGHT, Theme
from gui.tables import NO_PARENT, Index
from gui.text import tooltip, whole_number
from gui.transport import svg_icon

MARGIN_PX = 8
SWATCH = QSize(34, 18)
ICON_PX = 15
LINE_GAP, ROW_GAP = 1, 6
NAME, EYE, SOLO = range(3)
DESCRIPTION, PARTS, WARNING, WARNING_COLOUR = (Qt.ItemDataRole.UserRole + i for i in range(4))
"""What a run does, as one text and in parts, and that it diverged."""

NARROWEST = 230
MOST_LINES = 5
"""Lines of a run with its name; what does not fit is left to the tooltip."""

FILLED = "filled"
"""Property of an editor that has got its text."""


def swatch(looks: RunLooks, index: int, theme: Theme, ratio: float) -> QPixmap:
    """A piece of a run's line with its marker."""
    picture = QPixmap(SWATCH * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(SWATCH.width() / 2, SWATCH.height() / 2)
    line = looks.pen(index, theme, 2.5)
    painter.setPen(line)
    painter.drawLine(QPointF(1, middle.y()), QPointF(SWATCH.width() - 1, middle.y()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line.color())
    painter.drawPath(looks.marker(index, 4.5).translated(middle))
    painter.end()
    return picture


class _Model(QAbstractTableModel):
    """One line for each run."""

    renamed = Signal(int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        self.looks = RunLooks()
        self.selected = 0
        self._theme, self._ratio = LIGHT, 1.0
        self._swatches: list[QPixmap] = []
        self._icons: dict[str, QIcon] = {}
        self.dress(LIGHT, 1.0)

    def dress(self, theme: Theme, ratio: float) -> None:
        """Draw the icons in a theme's colours."""
        self._theme, self._ratio = theme, ratio
        self._icons = {name: svg_icon(name, theme.text, ICON_PX) for name in ("eye", "solo")}
        faint = {name: svg_icon(name, theme.disabled, ICON_PX) for name in ("eye-off", "solo")}
        self._icons |= {f"{name} faint": icon for name, icon in faint.items()}
        self._draw_swatches()
        self._tell()

    def _draw_swatches(self) -> None:
        self._swatches = [swatch(self.looks, i, self._theme, self._ratio) for i in range(MOST_RUNS)]

    def show(self, entries: tuple[Entry, ...], selected: int) -> None:
        """Show runs, one of them selected."""
        if len(entries) != len(self.entries):
            self.beginResetModel()
            self.entries, self.selected = entries, selected
            self.endResetModel()
        elif (entries, selected) != (self.entries, self.selected):
            self.entries, self.selected = entries, selected
            self._tell()

    def take_looks(self, looks: RunLooks) -> None:
        """Show which runs are shown."""
        recoloured = not looks.are_like(self.looks)
        self.looks = looks
        if recoloured:
            self._draw_swatches()
        self._tell()

    def _tell(self) -> None:
        if self.entries:
            last = self.index(len(self.entries) - 1, SOLO)
            self.dataChanged.emit(self.index(0, NAME), last)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else SOLO + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, row = self.entries[index.row()], index.row()
        if index.column() == NAME:
            return self._of_name(entry, row, role)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(index.column(), row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._toggle_text(index.column(), row)
        return None

    def _of_name(self, entry: Entry, row: int, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return entry.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._swatches[row]
        if role == DESCRIPTION:
            return BETWEEN.join(entry.parts)
        if role == PARTS:
            return entry.parts
        if role == WARNING:
            return self._warning(entry)
        if role == WARNING_COLOUR:
            return QColor(self._theme.danger)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(f"{entry.name}\n{entry.full}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.name, self._warning(entry), entry.full)))
        return None

    def _warning(self, entry: Entry) -> str:
        """That a run diverged, and where; empty for one that did not."""
        row = entry.diverged_at
        return "" if row is None else self.tr("diverged at {row}").format(row=whole_number(row))

    def _icon(self, column: int, row: int) -> QIcon:
        if column == EYE:
            return self._icons["eye" if self.looks.is_visible(row) else "eye-off faint"]
        alone = self.looks.solo == self.entries[row].name
        return self._icons["solo" if alone else "solo faint"]

    def _toggle_text(self, column: int, row: int) -> str:
        if column == EYE:
            return self.tr("Hide") if self.looks.is_visible(row) else self.tr("Show")
        alone = self.looks.solo == self.entries[row].name
        return self.tr("Show all runs again") if alone else self.tr("Show this run alone")

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name; the new one comes with a snapshot, if it can be had."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        self.renamed.emit(index.row(), str(value))
        return True


class _Delegate(QStyledItemDelegate):
    """A swatch, the name and, fainter below it, whether the run diverged and what it does."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        lines = 2 if index.column() != NAME else 1 + len(self._below(option, index))
        height = option.fontMetrics.height()
        return QSize(size.width(), max(lines, 2) * (height + LINE_GAP) + ROW_GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        own.text, own.icon = "", QIcon()
        own.features &= ~QStyleOptionViewItem.ViewItemFeature.HasDecoration
        style = own.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, own.widget)
        if index.column() != NAME:
            icon = index.data(Qt.ItemDataRole.DecorationRole)
            icon.paint(painter, own.rect, Qt.AlignmentFlag.AlignCenter)
            return
        self._paint_name(painter, own, index)

    def _paint_name(self, painter: QPainter, own: QStyleOptionViewItem, index: Index) -> None:
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        line = self._name_line(own)
        top = own.rect.top() + (own.rect.height() - SWATCH.height()) // 2
        is_chosen = bool(own.state & QStyle.StateFlag.State_Selected)
        if is_chosen:  # a line of the accent's colour would not be seen on it
            ground = QRect(own.rect.left() + 3, top - 2, SWATCH.width() + 4, SWATCH.height() + 4)
            painter.fillRect(ground, own.palette.base())
        painter.drawPixmap(own.rect.left() + 5, top, picture)
        role = QPalette.ColorRole
        text = role.HighlightedText if is_chosen else role.Text
        font = QFont(own.font)
        font.setBold(is_chosen)
        self._write(painter, line, index.data(), font, own.palette.color(text))
        faint = own.palette.color(text if is_chosen else role.PlaceholderText)
        is_warning = bool(index.data(WARNING))
        for below in self._below(own, index):
            line = line.translated(0, line.height() + LINE_GAP)
            warns = is_warning and not is_chosen  # on the accent no other colour can be read
            colour = index.data(WARNING_COLOUR) if warns else faint
            self._write(painter, line, below, own.font, colour)
            is_warning = False

    def _write(self, painter: QPainter, line: QRect, text: str, font: QFont, colour: Any) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        metrics = QFontMetrics(font)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)

    def _name_line(self, own: QStyleOptionViewItem) -> QRect:
        """Where the name stands."""
        left = own.rect.left() + SWATCH.width() + 12
        return QRect(
            left, own.rect.top() + 3, own.rect.right() - left - 3, own.fontMetrics.height()
        )

    def _below(self, option: QStyleOptionViewItem, index: Index) -> tuple[str, ...]:
        """What stands below the name, in lines that fit; the last takes what is too much."""
        warning = index.data(WARNING)
        most = MOST_LINES - (2 if warning else 1)
        width_of = option.fontMetrics.horizontalAdvance
        lines = wrapped(index.data(PARTS), width_of, self._name_line(option).width())
        lines = (*lines[: most - 1], " ".join(lines[most - 1 :])) if len(lines) > most else lines
        return (warning, *lines) if warning else lines

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        editor.setGeometry(self._name_line(option).adjusted(-4, -3, 2, 4))

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the editor once: whatever the run does meanwhile, what is typed stays."""
        if not editor.property(FILLED):
            editor.setProperty(FILLED, True)
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        if editor.text() != index.data():
            model.setData(index, editor.text())


class _List(QTableView):
    """The lines; a click on an icon does what it says, Space does it with the keyboard."""

    toggled = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(_Delegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._on_clicked)

    def attach(self, model: _Model) -> None:
        """Show a model's lines, each as high as its text needs."""
        self.setModel(model)
        model.modelReset.connect(self.resizeRowsToContents)
        model.dataChanged.connect(self.resizeRowsToContents)
        self.lay_out()

    def lay_out(self) -> None:
        """Give the columns and lines their sizes; the model has to be there."""
        header = self.horizontalHeader()
        header.setMinimumSectionSize(ICON_PX + 8)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (EYE, SOLO):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, ICON_PX + 10)
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resizeRowsToContents()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() != NAME:
            self.toggled.emit(index.column(), index.row())

    def _presses(self, event: QEvent) -> bool:
        """Whether a key presses the icon that the focus is on."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        return is_space and self.currentIndex().column() in (EYE, SOLO)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._presses(event):
            event.accept()  # the space bar plays else
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._presses(event):
            self.toggled.emit(self.currentIndex().column(), self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class RunsPanel(QWidget):
    """All runs; whatever is asked for here the window hands to the session.

    Signals
    -------
    select_requested(int), remove_requested(int)
        With the place of a run.
    add_requested()
        A copy of the selected run.
    rename_requested(int, str)
        A run and its new name.
    compare_requested(str)
        One of ``gui.comparisons.COMPARISONS``.
    looks_changed(RunLooks)
        Other runs are to be shown.
    """

    select_requested = Signal(int)
    add_requested = Signal()
    remove_requested = Signal(int)
    rename_requested = Signal(int, str)
    compare_requested = Signal(str)
    looks_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.list = _List(self)
        self.list.attach(self._model)
        self.add, self.remove = QPushButton(self), QPushButton(self)
        self.compare = QPushButton(self)
        self._menu = QMenu(self)
        self.compare.setMenu(self._menu)
        self._lay_out()
        self._connect()
        self._retranslate()

    def draw(self, snapshot: Snapshot) -> None:
        """Show the runs of a snapshot."""
        entries = entries_of(snapshot)
        self._model.show(entries, snapshot.selected)
        self._show_selection()
        self.add.setEnabled(len(entries) < MOST_RUNS)
        self.remove.setEnabled(len(entries) > 1)

    def set_looks(self, looks: RunLooks) -> None:
        """Show which runs are shown."""
        self._model.take_looks(looks)

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        self._model.dress(theme, self.devicePixelRatioF())

    def _show_selection(self) -> None:
        """Let the selected run be the current line, without asking for it."""
        current = self.list.currentIndex()
        if current.row() == self._model.selected:
            return
        blocked = self.list.selectionModel().blockSignals(True)
        self.list.setCurrentIndex(self._model.index(self._model.selected, NAME))
        self.list.selectionModel().blockSignals(blocked)
        self.list.viewport().update()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(NARROWEST, 0))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.add, self.remove, self.compare):
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.setStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.addLayout(buttons)
        layout.addWidget(self.list, 1)

    def _connect(self) -> None:
        self._model.renamed.connect(self.rename_requested)
        self.list.selectionModel().currentRowChanged.connect(self._on_current)
        self.list.toggled.connect(self._on_toggled)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and current.row() != self._model.selected:
            self.select_requested.emit(current.row())

    @Slot(int, int)
    def _on_toggled(self, column: int, row: int) -> None:
        looks = self._model.looks
        if column == EYE:
            looks = looks.with_visibility(row, not looks.is_visible(row))
        else:
            looks = looks.with_solo(row, looks.solo != self._model.entries[row].name)
        self.looks_changed.emit(looks)

    @Slot()
    def _on_add(self) -> None:
        self.add_requested.emit()

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self._model.selected)

    def _retranslate(self) -> None:
        self.list.setAccessibleName(self.tr("Runs"))
        self.add.setText(self.tr("Add"))
        self.add.setToolTip(self.tr("Put a copy of the selected run beside it"))
        self.remove.setText(self.tr("Remove"))
        self.remove.setToolTip(self.tr("Remove the selected run"))
        self.compare.setText(self.tr("Compare"))
        self.compare.setToolTip(self.tr("Replace all runs by some that differ in one thing"))
        fill_menu(self._menu, self.compare_requested)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.list.lay_out()
