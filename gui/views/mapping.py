"""From data to the pixels of a plot and back; plain numbers, exact for any range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from engine.types import Vector

SANE_PIXELS = 1e12
"""Whatever lies further out than this is not drawn at all."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Ranges of a plot, its size in logical pixels and the device's pixels per logical one."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: float
    height: float
    ratio: float

    @property
    def per_x(self) -> float:
        """Pixels per unit of x."""
        return self.width / (self.x_range[1] - self.x_range[0])

    @property
    def per_y(self) -> float:
        """Pixels per unit of y (positive, though y grows upwards and pixels downwards)."""
        return self.height / (self.y_range[1] - self.y_range[0])

    @property
    def rect(self) -> QRectF:
        """The whole plot, in pixels."""
        return QRectF(0, 0, self.width, self.height)

    def to_pixels(self, x: Vector, y: Vector) -> Vector:
        """Pixel coordinates (n, 2) of points x, y (n,)."""
        pixels = np.empty((len(x), 2))
        np.subtract(x, self.x_range[0], out=pixels[:, 0])
        np.subtract(self.y_range[1], y, out=pixels[:, 1])
        pixels[:, 0] *= self.per_x
        pixels[:, 1] *= self.per_y
        return pixels

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Pixel coordinates of one point."""
        return (x - self.x_range[0]) * self.per_x, (self.y_range[1] - y) * self.per_y

    def to_data(self, px: float, py: float) -> tuple[float, float]:
        """The point of the data under a pixel."""
        return self.x_range[0] + px / self.per_x, self.y_range[1] - py / self.per_y


BLANK = Mapping((0.0, 1.0), (0.0, 1.0), 1.0, 1.0, 1.0)
"""The mapping of a plot that was not shown yet."""
