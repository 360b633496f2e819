"""How likely class 1 is over the plane of two features, as a tint between the classes' colours."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.style import Theme
from gui.views.heat import paint_heat
from gui.views.items import PixelItem
from gui.views.mapping import BLANK, Mapping

COLUMNS, ROWS = 81, 61
"""Points of the grid on which the probability is computed."""

SHADES = 256
STRENGTH = 0.34
"""How much of a class' colour covers the plot where the class is certain."""


class Tint(PixelItem):
    """An opaque image under the points; the plot's own colour where both classes are as likely."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.image = QImage()
        self._mapping = BLANK
        self.hide()

    def place(self, mapping: Mapping, probabilities: Vector, theme: Theme) -> None:
        """Show probabilities (ny, nx) over the whole plot, the first row at the bottom."""
        self._mapping = mapping
        self.image = tint_image(probabilities, theme)
        self.set_reach(mapping.rect)
        self.show()
        self.update()

    def paint_pixels(self, painter: QPainter) -> None:
        paint_heat(painter, self.image, self._mapping)


@lru_cache(maxsize=4)
def shades(theme: Theme) -> NDArray[np.uint32]:
    """From class 0 through the plot's colour to class 1, as 0xffRRGGBB."""
    likely = np.linspace(-1, 1, SHADES)
    channels = []
    for channel in ("red", "green", "blue"):
        low, ground, high = (
            getattr(QColor(name), channel)() for name in (theme.data, theme.plot, theme.second)
        )
        towards = np.where(likely < 0, low, high) - ground
        channels.append(np.rint(ground + STRENGTH * np.abs(likely) * towards).astype(np.uint32))
    red, green, blue = channels
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)


def tint_image(probabilities: Vector, theme: Theme) -> QImage:
    """One opaque pixel a probability, the first row at the bottom."""
    index = np.rint(np.nan_to_num(probabilities, nan=0.5) * (SHADES - 1)).astype(np.intp)
    pixels = np.ascontiguousarray(shades(theme)[index][::-1])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
