"""Dragging a marker of a plot to another place."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gui.views.items import Marker

GRAB = 9.0
"""Pixels about the marker within which it is taken hold of."""


class MarkerDrag(QObject):
    """Lets a marker be taken hold of; what is done with it never reaches the plot below.

    Whoever owns the marker places it.

    ``at`` is the pixel of the plot that it is dragged to, or None while it is not; ``gestures``
    counts how often it was taken hold of.

    Signals
    -------
    moved()
        It was dragged to ``at``.
    """

    moved = Signal()

    def __init__(self, plot: pg.PlotWidget, box: pg.ViewBox, marker: Marker) -> None:
        super().__init__(plot)
        self.at: QPointF | None = None
        self.gestures = 0
        self._plot, self._box, self._marker = plot, box, marker
        self._pressed: QPointF | None = None
        self._shows_hand = False
        plot.viewport().installEventFilter(self)

    @property
    def is_held(self) -> bool:
        """Whether it is being dragged."""
        return self.at is not None

    def _pixel(self, event: QMouseEvent) -> QPointF:
        scene = self._plot.mapToScene(event.position().toPoint())
        return QPointF(self._box.mapFromScene(scene))

    def _is_over(self, event: QMouseEvent) -> bool:
        away = self._pixel(event) - self._marker.pos()
        return self._marker.isVisible() and away.manhattanLength() <= GRAB

    def _drag(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = (event.position() - self._pressed).manhattanLength()
        if self.at is None and moved < QApplication.startDragDistance():
            return
        pixel, room = self._pixel(event), self._box.rect()
        self.at = QPointF(
            min(max(pixel.x(), room.left()), room.right()),
            min(max(pixel.y(), room.top()), room.bottom()),
        )
        self.moved.emit()

    def _show_hand(self, shape: Qt.CursorShape | None) -> None:
        viewport = self._plot.viewport()
        if shape is not None:
            viewport.setCursor(shape)
        elif self._shows_hand:  # what others show stays
            viewport.unsetCursor()
        self._shows_hand = shape is not None

    def _on_mouse(self, event: QMouseEvent) -> bool:
        """Take part; returns whether nobody else is to see the event."""
        kind, left = event.type(), Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonPress:
            if event.button() == left and self._is_over(event):
                self._pressed = event.position()
                self.gestures += 1
                self._show_hand(Qt.CursorShape.ClosedHandCursor)
            return self._pressed is not None
        if kind == QEvent.Type.MouseMove:
            if self._pressed is not None:
                self._drag(event)
                return True
            over = not event.buttons() and self._is_over(event)
            self._show_hand(Qt.CursorShape.OpenHandCursor if over else None)
            return False
        if kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            if event.button() == left:
                self._pressed = self.at = None
                over = self._is_over(event)
                self._show_hand(Qt.CursorShape.OpenHandCursor if over else None)
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and self._on_mouse(event):
            return True
        return super().eventFilter(watched, event)
