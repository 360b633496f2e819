"""The points of the data as they are painted, and which of them is near the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.style import Theme
from gui.views.items import disc, draw_stamps, pen, square, stamp
from gui.views.mapping import Mapping
from gui.views.raster import RasterLayer
from gui.views.segments import EDGE

POINT_RADIUS = 2.8
SQUARE_HALF = 2.7
RING_RADIUS = 5.2
NEAR_PIXELS = 10.0
"""How near the mouse must come to a point."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the data: its part, 0 for training and 1 for validation, and its place there."""

    part: int
    index: int


class PointLayer(RasterLayer):
    """Points painted once, and where they are, by part."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self._pixels: list[Vector] = []
        self._spots: list[tuple[int, NDArray[np.intp]]] = []

    def reset(self, mapping: Mapping) -> None:
        super().reset(mapping)
        self._pixels, self._spots = [], []

    def add(self, part: int, indices: NDArray[np.intp], pixels: Vector, picture: QPixmap) -> None:
        """Paint points of a part, ascending ``indices`` (n,), at ``pixels`` (n, 2)."""
        painter = self.painter()
        draw_stamps(painter, seen(pixels, self._mapping), picture)
        painter.end()
        self.ink_all()
        self._pixels.append(pixels)
        self._spots.append((part, indices))

    def nearest(self, x: float, y: float) -> Spot | None:
        """The point nearest to a pixel, if one is near."""
        best, found = NEAR_PIXELS**2, None
        for pixels, (part, indices) in zip(self._pixels, self._spots, strict=True):
            if not len(pixels):
                continue
            away = (pixels[:, 0] - x) ** 2 + (pixels[:, 1] - y) ** 2
            k = int(away.argmin())
            if away[k] < best:
                best, found = float(away[k]), Spot(part, int(indices[k]))
        return found

    def pixel_of(self, spot: Spot) -> tuple[float, float] | None:
        """Where a point is; None where it is not among the painted ones."""
        for pixels, (part, indices) in zip(self._pixels, self._spots, strict=True):
            k = int(np.searchsorted(indices, spot.index))
            if part == spot.part and k < len(indices) and indices[k] == spot.index:
                return float(pixels[k, 0]), float(pixels[k, 1])
        return None

    def paint_density(self, counts: Sequence[Vector], colours: Sequence[QColor]) -> None:
        """Paint how many points of each kind (ny, nx) are in the cells of a grid."""
        painter = self.painter()
        painter.drawImage(self._mapping.rect, density_image(counts, colours))
        painter.end()
        self.ink_all()


def seen(pixels: Vector, mapping: Mapping) -> Vector:
    """The pixels (n, 2) that are in the plot, or just outside."""
    size = np.array([mapping.width, mapping.height])
    return pixels[((pixels > -EDGE) & (pixels < size + EDGE)).all(axis=1)]


@dataclass(frozen=True, slots=True)
class Looks:
    """Small pictures of points: by part and class, and of one that is in the current batch."""

    by_part: tuple[tuple[QPixmap, QPixmap], tuple[QPixmap, QPixmap]]
    ring: QPixmap


def looks(theme: Theme, ratio: float) -> Looks:
    """Training points filled, validation points hollow; class 1 as squares in its own colour."""
    data, second, ground = QColor(theme.data), QColor(theme.second), QColor(theme.plot)
    filled = (
        stamp(disc(POINT_RADIUS + 0.3), data, None, ratio),
        stamp(square(SQUARE_HALF + 0.3), second, pen(theme.plot, 0.6), ratio),
    )
    hollow = (
        stamp(disc(POINT_RADIUS), ground, pen(data, 1.2), ratio),
        stamp(square(SQUARE_HALF), ground, pen(second, 1.4), ratio),
    )
    return Looks((filled, hollow), stamp(disc(RING_RADIUS), None, pen(theme.cursor, 1.5), ratio))


def density_image(counts: Sequence[Vector], colours: Sequence[QColor]) -> QImage:
    """One pixel a cell, its opacity growing with the logarithm of the count.

    Where points of several kinds share a cell, their colours are mixed by their numbers.
    """
    total = np.sum(counts, axis=0)
    share = np.log1p(total) / max(np.log1p(total.max()), 1.0)
    alpha = np.where(total > 0, 40 + 215 * share, 0).astype(np.uint32)
    pixels = alpha << 24
    for shift, channel in ((16, "red"), (8, "green"), (0, "blue")):
        mixed = sum(
            count * getattr(colour, channel)()
            for count, colour in zip(counts, colours, strict=True)
        )
        pixels |= np.rint(mixed / np.maximum(total, 1)).astype(np.uint32) << shift
    pixels = np.ascontiguousarray(pixels[::-1])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
