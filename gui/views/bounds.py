"""pyqtgraph's items with bounds that are kept: Qt asks for them several times a frame."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF


class _KeptBounds(pg.GraphicsWidget):
    """Works its bounds out only where it was put elsewhere."""

    _placed: QRectF | None = None
    _bounds = QRectF()

    def boundingRect(self) -> QRectF:
        geometry = self.geometry()
        if geometry != self._placed:
            self._placed, self._bounds = geometry, super().boundingRect()
        return self._bounds


class Axis(_KeptBounds, pg.AxisItem):
    """An axis."""

    def setStyle(self, **style: Any) -> None:
        self._placed = None
        super().setStyle(**style)


class Box(_KeptBounds, pg.ViewBox):
    """What the plot is drawn in."""
