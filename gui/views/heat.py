"""The loss surface as an image: cividis over the height above the minimum, or its logarithm."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from engine.types import Vector
from gui.style import Theme
from gui.views.mapping import Mapping

SHADES = 256
DEPTH = 1e-4
"""Height above the minimum, as a share of the highest, at which the colours begin."""


@lru_cache(maxsize=8)
def shades(theme: Theme, opacity: float) -> NDArray[np.uint32]:
    """Cividis at part opacity over the theme's plot colour, as 0xffRRGGBB."""
    table = pg.colormap.get("cividis").getLookupTable(nPts=SHADES, alpha=False).astype(float)
    ground = QColor(theme.plot)
    below = np.array([ground.red(), ground.green(), ground.blue()])
    mixed = np.rint(opacity * table[:, :3] + (1 - opacity) * below)
    red, green, blue = mixed.astype(np.uint32).T
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)


def heat_colours(
    z: Vector, minimum: float, theme: Theme, opacity: float, even: bool = False
) -> NDArray[np.uint32]:
    """The colour of every height, as 0xffRRGGBB, in the shape of z.

    The colours follow the logarithm, which shows the bottom of one valley; the height itself if
    ``even``, which shows several.
    """
    above = z - minimum
    highest = float(above.max())
    if not np.isfinite(highest) or highest <= 0:
        highest = 1.0
    share = np.clip(above / highest, 0.0 if even else DEPTH, 1.0)
    if not even:
        share = np.log(share) / -np.log(DEPTH) + 1
    return np.asarray(shades(theme, opacity)[(share * (SHADES - 1)).astype(np.intp)])


def heat_image(z: Vector, minimum: float, theme: Theme, even: bool = False) -> QImage:
    """An opaque image of heights (ny, nx), one pixel a value, the first row of z at the bottom."""
    colours = heat_colours(z, minimum, theme, theme.heat_opacity, even)
    pixels = np.ascontiguousarray(colours[::-1])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def paint_heat(painter: QPainter, image: QImage, mapping: Mapping) -> None:
    """Paint an image whose outer pixels' centres lie on the edges of the plot."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    source = QRectF(0.5, 0.5, image.width() - 1, image.height() - 1)
    painter.drawImage(QRectF(0, 0, mapping.width, mapping.height), image, source)


def contour_path(x: Vector, y: Vector, mapping: Mapping) -> QPainterPath:
    """A NaN-separated curve of the data as a path in pixels."""
    pixels = mapping.to_pixels(x, y)
    path: QPainterPath = pg.arrayToQPath(pixels[:, 0], pixels[:, 1], connect="finite")
    return path
