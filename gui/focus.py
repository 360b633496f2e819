"""Who gets a key: the window's shortcuts, or the control that has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QWidget,
)

PRESSING = (Qt.Key.Key_Space,)
MOVING = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object


class KeepsKeys(_Widget):
    """Mixed into what surrounds controls: they keep the keys that they use."""

    def event(self, event: QEvent) -> bool:
        if _takes_key(event):
            event.accept()
            return True
        return super().event(event)


def let_clicks_pass(content: QWidget) -> None:
    """Let a click leave the focus where it is, so that the space bar goes on playing."""
    for kind in (QAbstractButton, QAbstractSlider, QComboBox):
        for control in content.findChildren(kind):
            if control.focusPolicy() & Qt.FocusPolicy.ClickFocus:  # no scroll bars
                control.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _takes_key(event: QEvent) -> bool:
    """Whether the control with the focus uses a key that is also a shortcut of the window.

    To be asked by what surrounds the control when an event comes by: a control that was reached
    by Tab is then pressed by the space bar and moved by the arrows, which else play and step.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    focus = QApplication.focusWidget()
    pressed = isinstance(focus, QAbstractButton | QComboBox) and event.key() in PRESSING
    movable = QAbstractSlider | QComboBox | QAbstractItemView
    return pressed or (isinstance(focus, movable) and event.key() in MOVING)
