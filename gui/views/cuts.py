"""Two lines over the loss surface, along which the cross-sections are taken."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.types import Vector
from gui.style import Theme
from gui.views.items import Marker, StraightLine, pen
from gui.views.mapping import Mapping
from gui.views.marker_drag import GRAB as SPARED
from gui.views.plot import PlotView

GRAB = 6.0
"""Pixels within which a line is taken hold of."""

SHAPES = {
    (True, False): Qt.CursorShape.SizeHorCursor,
    (False, True): Qt.CursorShape.SizeVerCursor,
    (True, True): Qt.CursorShape.SizeAllCursor,
}


class CutLines(QObject):
    """The lines through a point of a plot of two parameters; dragging one moves the point.

    Parameters
    ----------
    spared
        A marker that is dragged itself: where it lies, the lines are not taken hold of.

    Signals
    -------
    dragged(object)
        The parameters (p,) of the point that was dragged to; the lines stay until they are placed.
    """

    dragged = Signal(object)

    def __init__(self, view: PlotView, spared: Marker) -> None:
        super().__init__(view)
        self._spared = spared
        self._shows_shape = False
        self.shown = False
        self._view = view
        self._axes = (0, 1)
        self._params: Vector | None = None
        self._mapping: Mapping = view.mapping
        self._grabbed = (False, False)
        self._pressed: QPointF | None = None
        self.lines = (StraightLine(view.box, -20), StraightLine(view.box, -20))
        view.plot.viewport().installEventFilter(self)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for line in self.lines:
            line.setPen(pen(theme.cursor, 1.0, Qt.PenStyle.DashLine))

    def place(self, mapping: Mapping, axes: tuple[int, int], params: Vector) -> None:
        """Show the cuts through parameters (p,), of which ``axes`` lie along x and y."""
        self._mapping, self._axes, self._params = mapping, axes, params
        x, y = float(params[axes[0]]), float(params[axes[1]])
        (left, right), (bottom, top) = mapping.x_range, mapping.y_range
        upright = left <= x <= right and self.shown
        level = bottom <= y <= top and self.shown
        self.lines[0].place(mapping, np.array([[x, bottom], [x, top]]) if upright else None)
        self.lines[1].place(mapping, np.array([[left, y], [right, y]]) if level else None)

    def _is_spared(self, position: QPointF) -> bool:
        away = self._view.pixel_under(position) - self._spared.pos()
        return self._spared.isVisible() and away.manhattanLength() <= SPARED

    def _under(self, position: QPointF) -> tuple[bool, bool]:
        """Which of the lines are under a pixel of the viewport: the upright, the level one."""
        pixel = self._view.pixel_at(position)
        if self._params is None or pixel is None or self._is_spared(position):
            return False, False
        point = self._mapping.pixel(*(float(self._params[axis]) for axis in self._axes))
        away = (pixel.x() - point[0], pixel.y() - point[1])
        upright, level = (
            line.isVisible() and abs(distance) <= GRAB
            for line, distance in zip(self.lines, away, strict=True)
        )
        return upright, level

    def _drag(self, position: QPointF) -> None:
        assert self._params is not None
        pixel, mapping = self._view.pixel_under(position), self._mapping
        to = mapping.to_data(pixel.x(), pixel.y())
        params = self._params.copy()
        ranges = (mapping.x_range, mapping.y_range)
        for axis, grabbed, value, (low, high) in zip(
            self._axes, self._grabbed, to, ranges, strict=True
        ):
            if grabbed:
                params[axis] = min(max(value, low), high)
        self.dragged.emit(params)

    def _on_press(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = self._under(event.position())
            self._pressed = event.position() if any(self._grabbed) else None

    def _on_move(self, event: QMouseEvent) -> bool:
        """Drag; returns whether nobody else is to see the event, who would pan."""
        if not any(self._grabbed):
            if not event.buttons():
                self._show_shape(event.position())
            return False
        if self._pressed is not None:
            moved = (event.position() - self._pressed).manhattanLength()
            if moved < QApplication.startDragDistance():
                return True
            self._pressed = None
        self._drag(event.position())
        return True

    def _show_shape(self, position: QPointF) -> None:
        shape = SHAPES.get(self._under(position))
        viewport = self._view.plot.viewport()
        if shape is not None:
            viewport.setCursor(shape)
        elif self._shows_shape and not self._is_spared(position):
            viewport.unsetCursor()
        self._shows_shape = shape is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.shown and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                self._on_press(event)
            elif event.type() == QEvent.Type.MouseMove:
                return self._on_move(event)
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._grabbed, self._pressed = (False, False), None
        return super().eventFilter(watched, event)
