"""The loss surface as a relief in a box: what lies where in it, and how it is seen. No OpenGL."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QMatrix4x4, QVector3D

from engine.problem.surface import Frame, HeightMap
from engine.types import Column, Columns, Vector
from gui.style import Theme
from gui.views import segments as seg
from gui.views.frames import Axes
from gui.views.heat import heat_colours
from gui.views.ticks import Ticks, linear_ticks, log_ticks

HALF = 0.5
"""Half the side of the box's square floor; its other lengths are in the same unit."""

GAP = 0.22
"""Height of the lowest loss above the floor, so that the contour lines there can be seen."""

TOP = 0.85
"""Height of the highest loss."""

DECADES = 6
"""How many powers of ten a logarithmic height spans at most."""

FULL_ROWS = 1000
"""Rows of a path that are all drawn; of those that follow ever fewer."""

PIECE = 1 / 40
"""Length above the floor of the pieces in which the path lies on the surface."""

MOST_PIECES = 12_000

ELEVATION, AZIMUTH = 40.0, 260.0
"""Degrees; where the tutorial's figure is seen from."""

DISTANCE, NEAREST, FARTHEST = 3.2, 1.2, 8.0
FIELD_OF_VIEW = 28.0
NARROW = 1.25
"""Width by height below which the eye goes back, so that the whole box stays in the picture."""

CENTRE = QVector3D(0.0, 0.0, 0.34)
LIGHT_FROM = np.array([-0.45, -0.35, 0.82])
SHADE = 0.35
"""How much darker a slope is that the light does not reach."""

VIVIDNESS = 0.85
"""Of cividis; more than on the map, for the shade takes some of it."""

OPACITY = 0.86
"""Of the surface: what lies behind it shines through a little."""


@dataclass(frozen=True, slots=True)
class Box:
    """Parameters and losses to places in the box; ``low`` and ``high`` are losses, low < high."""

    frame: Frame
    low: float
    high: float
    logarithmic: bool

    def plan(self, x: Column, y: Column) -> Vector:
        """Places (…, 2) above the floor, from −HALF to HALF where they are in the frame."""
        sides = zip((x, y), (self.frame.x, self.frame.y), strict=True)
        return np.stack(
            [(value - side[0]) / (side[1] - side[0]) - HALF for value, side in sides], axis=-1
        )

    def height(self, loss: Column) -> Vector:
        """Heights above the floor; below the lowest loss it is that of the lowest."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        share = (self._scaled(np.maximum(loss, self.low)) - low) / (high - low)
        return np.asarray(GAP + (TOP - GAP) * share)

    def place(self, x: Column, y: Column, loss: Column) -> Vector:
        """Places (…, 3) in the box."""
        return np.concatenate((self.plan(x, y), self.height(loss)[..., np.newaxis]), axis=-1)

    def ticks(self, pixels: float, gap: float) -> Ticks:
        """Ticks of the losses, as losses."""
        if not self.logarithmic:
            return linear_ticks(self.low, self.high, pixels, gap)
        ticks = log_ticks(math.log10(self.low), math.log10(self.high), pixels, gap)
        major = tuple((10.0**power, text) for power, text in ticks.major)
        return Ticks(major, tuple(10.0**power for power in ticks.minor))

    def _scaled(self, loss: Column) -> Column:
        return np.log10(loss) if self.logarithmic else loss


def box_about(frame: Frame, lowest: float, high: float, logarithmic: bool) -> Box:
    """The box for losses from ``lowest`` to ``high``."""
    if not (math.isfinite(high) and high > lowest):
        high = lowest + max(1.0, abs(lowest))
    if logarithmic:
        lowest = max(lowest, 10.0**-DECADES * high)
    return Box(frame, lowest, high, logarithmic)


def colours(z: Vector, lowest: float, heights: Vector, theme: Theme, even: bool = False) -> Vector:
    """The colours of the map from above, darker on slopes turned from the light.

    Parameters
    ----------
    z, heights
        Losses (ny, nx), and where these lie in the box.
    even
        Whether the colours follow the loss itself, not its logarithm.

    Returns
    -------
    Vector
        Red, green, blue and opacity from 0 to 1, (ny, nx, 4).
    """
    packed = heat_colours(z, lowest, theme, VIVIDNESS, even)
    channels = np.stack([packed >> shift & 255 for shift in (16, 8, 0)], axis=-1) / 255
    lit = np.clip(_normals(heights) @ LIGHT_FROM, 0.0, 1.0)
    shaded = channels * (1 - SHADE + SHADE * lit)[..., np.newaxis]
    return np.concatenate((shaded, np.full((*z.shape, 1), OPACITY)), axis=-1)


def _normals(heights: Vector) -> Vector:
    """Unit vectors (ny, nx, 3) upright on a surface over an even grid."""
    rows, columns = heights.shape
    down, across = np.gradient(heights, 1 / (rows - 1), 1 / (columns - 1))
    normals = np.stack((-across, -down, np.ones_like(heights)), axis=-1)
    return np.asarray(normals / np.sqrt((normals**2).sum(axis=-1, keepdims=True)))


class DrawnRows:
    """Which rows of a growing path are drawn: the first all, of those that follow ever fewer.

    Every row that is chosen brings the next one along, so that a zig-zag stays one. The choice
    depends on nothing but how far the path goes.
    """

    def __init__(self, full: int = FULL_ROWS) -> None:
        self._full = full
        self._kept: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._reached = 0

    def up_to(self, row: int) -> NDArray[np.intp]:
        """The chosen rows from 0 to ``row``, both included, ascending."""
        if row < self._reached:
            self._kept, self._reached = self._kept[:0], 0
        new = seg.drawn_numbers(self._reached, row, self._full)
        self._kept = np.concatenate((self._kept, new))
        self._reached = row
        return np.unique(np.concatenate((self._kept, self._kept + 1, [row])))


Losses = Callable[[NDArray[np.intp], Vector, Columns], Vector]
"""The losses (k,) a share of the way from some rows to the next ones.

It takes the numbers of the rows (k,), the shares (k,), and the columns of the parameters there.
"""


def lifted(params: Vector, axes: Axes, box: Box, losses: Losses) -> Vector:
    """The path through rows (p, m) at its losses, in short pieces (k, 2, 3) inside the box.

    Between two rows it goes straight in the parameters; each piece's ends have their own loss.
    """
    places = box.plan(params[axes[0]], params[axes[1]])
    start, step = places[:-1], np.diff(places, axis=0)
    enter, leave = seg.crossings(start, step, -HALF, HALF)
    seen = np.flatnonzero(enter <= leave)
    length = np.hypot(*step[seen].T) * (leave - enter)[seen]
    pieces = _pieces(length)
    which = np.repeat(seen, pieces)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (leave - enter)[which] / np.repeat(pieces, pieces)
    begin = enter[which] + (np.arange(len(which)) - first) * share
    ends = [_points(params, which, at, axes, box, losses) for at in (begin, begin + share)]
    segments = np.stack(ends, axis=1)
    return segments[(segments[:, :, 2] <= TOP + 1e-3).all(axis=1)]


def _pieces(length: Vector) -> NDArray[np.intp]:
    """Into how many pieces lines of some lengths are cut; all together not too many."""
    pieces = np.ceil(length / PIECE)
    if pieces.sum() > MOST_PIECES:
        pieces = np.floor(pieces * (MOST_PIECES / pieces.sum()))
    return np.maximum(pieces, 1).astype(np.intp)


def _points(
    params: Vector,
    rows: NDArray[np.intp],
    at: Vector,
    axes: Axes,
    box: Box,
    losses: Losses,
) -> Vector:
    """Places (k, 3) that lie a share ``at`` of the way from some rows to the next ones."""
    columns = [column[rows] + at * (column[rows + 1] - column[rows]) for column in params]
    return box.place(columns[axes[0]], columns[axes[1]], losses(rows, at, columns))


def on_map(heights: HeightMap, x: Vector, y: Vector) -> Vector:
    """Losses (k,) at places of a map, linear between its points as the surface is drawn."""
    columns, across = _cells(heights.x, x)
    rows, along = _cells(heights.y, y)
    z = heights.z
    below = z[rows, columns] * (1 - across) + z[rows, columns + 1] * across
    above = z[rows + 1, columns] * (1 - across) + z[rows + 1, columns + 1] * across
    return np.asarray(below * (1 - along) + above * along)


def _cells(grid: Vector, values: Vector) -> tuple[NDArray[np.intp], Vector]:
    """In which cell of an even grid values lie, and which share of it lies before them."""
    at = (values - grid[0]) / (grid[-1] - grid[0]) * (len(grid) - 1)
    cells = np.clip(np.floor(at), 0, len(grid) - 2).astype(np.intp)
    return cells, at - cells


def on_floor(x: Vector, y: Vector, box: Box) -> Vector:
    """A NaN-separated curve over the parameters as lines (k, 2, 3) on the floor."""
    points = np.column_stack((box.plan(x, y), np.zeros(len(x))))
    lines = np.stack((points[:-1], points[1:]), axis=1)
    return lines[np.isfinite(lines).all(axis=(1, 2))]


def wires(x: Vector, y: Vector, heights: Vector, every: int) -> Vector:
    """Grid lines (k, 2, 3) on the surface, along every so many-th row and column of it.

    ``x`` (nx,) and ``y`` (ny,) are places above the floor.
    """
    surface = np.stack((*np.meshgrid(x, y), heights), axis=-1)
    across, along = surface[::every], surface[:, ::every].swapaxes(0, 1)
    return np.concatenate(
        [
            np.stack((lines[:, :-1], lines[:, 1:]), axis=2).reshape(-1, 2, 3)
            for lines in (across, along)
        ]
    )


def sheet(corner: Vector, one: Vector, other: Vector, u: Vector, v: Vector) -> Vector:
    """Lines (k, 2, 3) of a grid over a rectangle.

    It lies at a corner and reaches along two vectors; ``u`` and ``v`` are shares of each at
    which lines stand on it.
    """
    upright = [(corner + s * one, corner + s * one + other) for s in u]
    level = [(corner + s * other, corner + s * other + one) for s in v]
    return np.array([*upright, *level]).reshape(-1, 2, 3)


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the box is seen from: degrees around it and above it, and how far away."""

    azimuth: float = AZIMUTH
    elevation: float = ELEVATION
    distance: float = DISTANCE

    def turned(self, degrees_around: float, degrees_up: float) -> Camera:
        """Seen from somewhere else at the same distance; never from below."""
        elevation = min(90.0, max(0.0, self.elevation + degrees_up))
        return Camera((self.azimuth + degrees_around) % 360.0, elevation, self.distance)

    def nearer(self, factor: float) -> Camera:
        """Seen from the same side, so many times nearer, within reason."""
        distance = min(FARTHEST, max(NEAREST, self.distance / factor))
        return Camera(self.azimuth, self.elevation, distance)

    @property
    def toward(self) -> tuple[float, float]:
        """On which side of the box, −1 or 1 along x and y, the eye is."""
        radians = math.radians(self.azimuth)
        return math.copysign(1.0, math.cos(radians)), math.copysign(1.0, math.sin(radians))

    def matrix(self, width: float, height: float) -> QMatrix4x4:
        """From the box to a picture of some size, in OpenGL's −1…1."""
        aspect = width / max(height, 1.0)
        distance = self.distance * max(1.0, NARROW / aspect)
        matrix = QMatrix4x4()
        matrix.perspective(FIELD_OF_VIEW, aspect, max(distance - 2.0, 0.05), distance + 2.0)
        matrix.translate(0.0, 0.0, -distance)
        matrix.rotate(self.elevation - 90.0, 1.0, 0.0, 0.0)
        matrix.rotate(self.azimuth + 90.0, 0.0, 0.0, -1.0)
        matrix.translate(-CENTRE)
        return matrix

    def pixels(self, places: Vector, width: float, height: float) -> Vector:
        """Pixels (…, 2) of a picture of some size where places (…, 3) are seen."""
        matrix = np.array(self.matrix(width, height).data()).reshape(4, 4)  # its columns, in rows
        seen = places @ matrix[:3] + matrix[3]
        x, y = seen[..., 0] / seen[..., 3], seen[..., 1] / seen[..., 3]
        return np.stack(((x + 1) / 2 * width, (1 - y) / 2 * height), axis=-1)


def rgba(colour: str | QColor, opacity: float = 1.0) -> tuple[float, float, float, float]:
    """A colour as OpenGL takes it."""
    solid = QColor(colour)
    return solid.redF(), solid.greenF(), solid.blueF(), opacity
