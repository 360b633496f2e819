"""The column at the right: panels under tabs that wrap into lines where they need to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.focus import KeepsKeys
from gui.panel_frame import FrameIcons, HeaderButton, PanelButtons
from gui.panels import FOLD_KEYS

GAP_PX = 2


class _Tab(QToolButton):
    """One tab; a double click is one on the panel's title."""

    double_clicked = Signal(str)

    def __init__(self, key: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setText(title)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.double_clicked.emit(self.key)


class TabRow(QWidget):
    """Tabs beside one another, in as many lines as they need: no text is ever cut.

    Signals
    -------
    chosen(str), double_clicked(str)
        With the key of the tab.
    """

    chosen = Signal(str)
    double_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs: dict[str, QToolButton] = {}
        self._titles: dict[str, str] = {}
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_clicked)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_tabs(self, titles: Mapping[str, str], current: str) -> None:
        """Have one tab for each title, by their keys, and one of them chosen."""
        if dict(titles) != self._titles:
            self._titles = dict(titles)
            self._rebuild()
        if current in self.tabs:
            self.tabs[current].setChecked(True)

    def _rebuild(self) -> None:
        for tab in self.tabs.values():
            self._group.removeButton(tab)
            tab.hide()
            tab.deleteLater()
        self.tabs = {}
        for key, title in self._titles.items():
            tab = _Tab(key, title, self)
            tab.double_clicked.connect(self.double_clicked)
            self._group.addButton(tab)
            self.tabs[key] = tab
            tab.show()
        self.updateGeometry()
        self._place()

    def _places(self, width: int) -> list[QRect]:
        """Where each tab stands in a row of some width."""
        places: list[QRect] = []
        x = y = 0
        for tab in self.tabs.values():
            size = tab.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + size.height() + GAP_PX
            places.append(QRect(x, y, size.width(), size.height()))
            x += size.width() + GAP_PX
        return places

    def _place(self) -> None:
        for tab, place in zip(self.tabs.values(), self._places(self.width()), strict=True):
            tab.setGeometry(place)

    @Slot(object)
    def _on_clicked(self, tab: object) -> None:
        assert isinstance(tab, _Tab)
        self.chosen.emit(tab.key)

    def heightForWidth(self, width: int) -> int:
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        width = max((place.right() + 1 for place in self._places(1 << 20)), default=0)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = max((tab.sizeHint().width() for tab in self.tabs.values()), default=0)
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self._place()


class RightColumn(KeepsKeys, QWidget):
    """Tabs, the chosen panel under them, and the buttons that enlarge, close and fold.

    Signals
    -------
    fold_requested()
        The whole column should give way.
    """

    fold_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = TabRow()
        self.buttons = PanelButtons()
        self.fold = HeaderButton()
        self.fold.clicked.connect(self.fold_requested)
        self.pages = QStackedWidget()
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 6, 0)
        head.setSpacing(0)
        head.addWidget(self.row, 1)
        for button in (self.buttons, self.fold):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._retranslate()

    def show_tabs(self, titles: Mapping[str, str], current: str) -> None:
        """Show tabs by their keys, and which of them is chosen."""
        self.row.show_tabs(titles, current)
        self.buttons.show_state(titles.get(current, ""), enlarged=False)

    def set_icons(self, icons: FrameIcons) -> None:
        """Take the icons of a theme."""
        self.buttons.set_icons(icons)
        self.fold.setIcon(icons.fold)

    def _retranslate(self) -> None:
        self.fold.describe(self.tr("Hide the column"), keys=FOLD_KEYS)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
