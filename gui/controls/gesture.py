"""What controls share that are moved in many small steps: when such a gesture is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

SETTLE_MS = 400
"""Steps by key, wheel or arrow belong to one gesture until they pause for so long."""

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object


class Gesture(_Widget):
    """Mixed into a widget: a series of steps ends when it pauses, or the widget is left or hidden.

    The wheel moves the widget only while it has the focus, and scrolls the panel otherwise.
    """

    settling: QTimer

    def prepare_gestures(self) -> None:
        """Make the timer; start it at every step."""
        self.settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settling.timeout.connect(self.finish_gesture)

    @Slot()
    def finish_gesture(self) -> None:
        """Tell that the last value is the final one."""
        raise NotImplementedError

    def _finish_if_settling(self) -> None:
        if self.settling.isActive():
            self.finish_gesture()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._finish_if_settling()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._finish_if_settling()
        super().hideEvent(event)
