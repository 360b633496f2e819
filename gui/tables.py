"""What the tables and lists share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QFont, QKeySequence
from PySide6.QtWidgets import QWidget

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


def tabular(font: QFont) -> QFont:
    """The font, with digits of one width."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def copy_action(panel: QWidget, copy: Callable[[], object]) -> QAction:
    """An action of a panel for the key that copies, while the focus is in the panel."""
    action = QAction(panel)
    action.setShortcut(QKeySequence.StandardKey.Copy)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(copy)
    panel.addAction(action)
    return action
