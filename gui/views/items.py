"""What is drawn over a plot: items in the pixels of its view box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsLineItem,
    QGraphicsPathItem,
    QStyleOptionGraphicsItem,
    QWidget,
)
from shiboken6 import wrapInstance

from engine.types import Vector
from gui.views import segments as seg
from gui.views.mapping import Mapping


class _Table:
    """Numbers that Qt reads as objects of a class, without an object for each of them."""

    def __init__(self, kind: type, columns: int) -> None:
        self._kind = kind
        self._numbers = np.empty((0, columns))
        self._first: Any = None

    def of(self, rows: int) -> tuple[Vector, Any]:
        """Room for so many rows (rows, columns), and the first of them as an object."""
        if rows > len(self._numbers):
            self._numbers = np.empty((2 * rows, self._numbers.shape[1]))
            self._first = wrapInstance(self._numbers.ctypes.data, self._kind)
        return self._numbers[:rows], self._first


_lines = _Table(QLineF, 4)
_fragments = _Table(QPainter.PixmapFragment, 10)


def pen(
    colour: str | QColor,
    width: float = 1.0,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    cap: Qt.PenCapStyle = Qt.PenCapStyle.FlatCap,
) -> QPen:
    """An opaque pen; flat caps, because round ones cost twenty times as much."""
    return QPen(QBrush(QColor(colour)), width, style, cap, Qt.PenJoinStyle.RoundJoin)


def draw_segments(painter: QPainter, segments: Vector) -> None:
    """Draw segments (m, 4) with the painter's pen, without an object per line."""
    if len(segments):
        table, first = _lines.of(len(segments))
        table[:] = segments
        painter.drawLines(first, len(segments))


def draw_stamps(painter: QPainter, points: Vector, stamp: QPixmap) -> None:
    """Draw one small picture centred at every point (n, 2)."""
    if not len(points):
        return
    table, first = _fragments.of(len(points))
    table[:, :2] = points
    table[:, 2:4] = 0.0
    table[:, 4:6] = stamp.width(), stamp.height()
    table[:, 6:8] = 1.0 / stamp.devicePixelRatio()
    table[:, 8:] = 0.0, 1.0
    painter.drawPixmapFragments(first, len(points), stamp)


def stamp(symbol: QPainterPath, fill: QColor | None, line: QPen | None, ratio: float) -> QPixmap:
    """A symbol as a small picture at device resolution, its origin in the middle."""
    half = math.ceil(max(symbol.boundingRect().width(), symbol.boundingRect().height()) / 2 + 2)
    picture = QPixmap(int(2 * half * ratio), int(2 * half * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(half, half)
    painter.setPen(line if line is not None else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QBrush(fill) if fill is not None else QBrush(Qt.BrushStyle.NoBrush))
    painter.drawPath(symbol)
    painter.end()
    return picture


def disc(radius: float) -> QPainterPath:
    """A circle about the origin."""
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), radius, radius)
    return path


def star(radius: float) -> QPainterPath:
    """A five-pointed star about the origin, one point up."""
    return _polygon([(radius if i % 2 == 0 else 0.42 * radius) for i in range(10)])


def diamond(radius: float) -> QPainterPath:
    """A square on its tip about the origin."""
    return _polygon([radius] * 4)


def triangle(radius: float) -> QPainterPath:
    """A triangle about the origin, one corner up, that looks as large as a disc."""
    return _polygon([1.35 * radius] * 3)


def _polygon(radii: list[float]) -> QPainterPath:
    path = QPainterPath()
    for i, radius in enumerate(radii):
        angle = 2 * math.pi * i / len(radii)
        corner = QPointF(radius * math.sin(angle), -radius * math.cos(angle))
        if i == 0:
            path.moveTo(corner)
        else:
            path.lineTo(corner)
    path.closeSubpath()
    return path


class Marker(QGraphicsPathItem):
    """A symbol at a point of the data; ``at`` is that point, or None while it is not shown."""

    def __init__(self, parent: QGraphicsItem, symbol: QPainterPath, z: float) -> None:
        super().__init__(symbol, parent)
        self.at: tuple[float, float] | None = None
        self.setZValue(z)
        self.hide()

    def paint_as(self, fill: str | None, line: QPen | None) -> None:
        """Set the colours."""
        self.setBrush(QBrush(QColor(fill)) if fill else QBrush(Qt.BrushStyle.NoBrush))
        self.setPen(line if line is not None else QPen(Qt.PenStyle.NoPen))

    def place(self, mapping: Mapping, at: tuple[float, float] | None) -> None:
        """Show at a point of the data; hide where it is None or far outside."""
        self.at = at
        point = None if at is None else mapping.pixel(*at)
        if point is None or not all(-seg.NEAR < value < seg.NEAR * 4 for value in point):
            self.hide()
            return
        self.setPos(*point)
        self.show()


class StraightLine(QGraphicsLineItem):
    """A line between two points of the data; ``ends`` are those points, (2, 2)."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent)
        self.ends: Vector | None = None
        self.setZValue(z)
        self.hide()

    def place(self, mapping: Mapping, ends: Vector | None) -> None:
        """Show what can be seen of the line; hide it where that is nothing."""
        self.ends = ends
        if ends is None:
            self.hide()
            return
        points = seg.sane(mapping.to_pixels(ends[:, 0], ends[:, 1]))
        seen = seg.clip(seg.chain(points), mapping.width, mapping.height)
        self.setVisible(len(seen) == 1)
        if len(seen) == 1:
            self.setLine(*seen[0].tolist())


def square(half: float) -> QPainterPath:
    """A square about the origin, upright, from −half to half."""
    path = QPainterPath()
    path.addRect(-half, -half, 2 * half, 2 * half)
    return path


class PixelItem(QGraphicsItem):
    """An item in the view box's pixels that knows how far it reaches."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent)
        self._reach = QRectF()
        self.setZValue(z)

    def set_reach(self, reach: QRectF) -> None:
        """Set the rectangle outside of which nothing is painted."""
        if reach != self._reach:
            self.prepareGeometryChange()
            self._reach = reach

    def paint_pixels(self, painter: QPainter) -> None:
        """Paint the item, in the view box's pixels."""
        raise NotImplementedError

    def boundingRect(self) -> QRectF:
        return self._reach

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 - Qt gives it
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        self.paint_pixels(painter)


class Pairs(PixelItem):
    """Many separate lines as one item, upright and one pixel wide; ``segments`` in pixels."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.segments: Vector = np.zeros((0, 4))
        self.pen = QPen()

    def paint_as(self, line: QPen) -> None:
        """Set the pen."""
        self.pen = line
        self.update()

    def place(self, segments: Vector) -> None:
        """Show segments (m, 4) in pixels."""
        if np.array_equal(segments, self.segments):
            return
        self.segments = segments
        self.set_reach(reach_of(segments, 2.0))
        self.update()

    def paint_pixels(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.pen)
        draw_segments(painter, self.segments)


class Stamps(PixelItem):
    """One small picture at each of many points, as one item."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.points: Vector = np.zeros((0, 2))
        self._picture = QPixmap()

    def place(self, points: Vector, picture: QPixmap) -> None:
        """Show the picture at points (n, 2) in pixels."""
        self.points, self._picture = points, picture
        self.set_reach(reach_of(points, max(picture.width(), picture.height())))
        self.update()

    def paint_pixels(self, painter: QPainter) -> None:
        draw_stamps(painter, self.points, self._picture)


class Polyline:
    """A line through points of the data; ``points`` are those, (m, 2), or None."""

    def __init__(self) -> None:
        self.points: Vector | None = None
        self.segments: Vector = np.zeros((0, 4))
        self.pen = QPen()
        self._path = QPainterPath()

    def take(self, points: Vector | None, segments: Vector) -> None:
        """Be the line through some points, of which these segments (m, 4) in pixels are seen."""
        self.points, self.segments = points, segments
        if self._is_dashed_curve:
            self._path = _joined(segments)

    def paint(self, painter: QPainter) -> None:
        """Paint what can be seen of the line."""
        painter.setPen(self.pen)
        if self._is_dashed_curve:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self._path)
        else:
            draw_segments(painter, self.segments)

    @property
    def _is_dashed_curve(self) -> bool:
        """Whether dashes have to go on around corners; a path takes four times as long as lines."""
        return len(self.segments) > 1 and self.pen.style() != Qt.PenStyle.SolidLine


class _Polylines(PixelItem):
    """Lines as one item, the later over the earlier; nothing new is not painted again."""

    def __init__(self, parent: QGraphicsItem, z: float, count: int) -> None:
        super().__init__(parent, z)
        self.lines = [Polyline() for _ in range(count)]
        self._placed_as: tuple[Any, ...] = ()
        self._points: Vector = np.zeros((0, 2))
        self.hide()

    def _place_all(self, mapping: Mapping, points: Sequence[Vector | None]) -> None:
        ends = list(accumulate(0 if each is None else len(each) for each in points))
        joined = [each for each in points if each is not None]
        together = np.concatenate(joined) if joined else np.zeros((0, 2))
        placed_as = (mapping, ends, [line.pen for line in self.lines])
        if placed_as != self._placed_as or not np.array_equal(together, self._points):
            self._placed_as, self._points = placed_as, together
            self._renew(mapping, points, together, ends)
        self.setVisible(any(len(line.segments) for line in self.lines))

    def _renew(
        self, mapping: Mapping, points: Sequence[Vector | None], together: Vector, ends: list[int]
    ) -> None:
        """Find out what can be seen of the lines, and paint them again."""
        seen, reach = _seen(mapping, together, ends)
        for line, each, segments in zip(self.lines, points, seen, strict=True):
            line.take(each, segments)
        margin = max((line.pen.widthF() for line in self.lines), default=0.0) + 1
        self.set_reach(reach.adjusted(-margin, -margin, margin, margin))
        self.update()

    def paint_pixels(self, painter: QPainter) -> None:
        for line in self.lines:
            line.paint(painter)


def _seen(mapping: Mapping, points: Vector, ends: list[int]) -> tuple[list[Vector], QRectF]:
    """The segments (m, 4) that are seen of each line, and how far they reach.

    Parameters
    ----------
    points, ends
        The points (n, 2) of all lines, and where among them each line ends: NumPy takes its time
        for a call, not for a point.
    """
    pixels = mapping.to_pixels(points[:, 0], points[:, 1])
    reach = reach_of(pixels, 0.0)
    parts = [pixels[begin:end] for begin, end in pairwise([0, *ends])]
    if is_near(reach, mapping):
        return [seg.chain(part) for part in parts], reach
    size = mapping.width, mapping.height
    seen = [seg.clip(seg.chain(seg.sane(part)), *size) for part in parts]
    return seen, reach_of(np.concatenate(seen), 0.0) if seen else QRectF()


class Curves(_Polylines):
    """Several lines through points of the data: an item costs more than a line."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z, 0)

    def dress(self, pens: Sequence[QPen]) -> None:
        """Have a line for each of some pens."""
        if len(pens) != len(self.lines):
            self._placed_as = ()  # of those that are new nothing is known
        del self.lines[len(pens) :]
        self.lines += [Polyline() for _ in range(len(pens) - len(self.lines))]
        for line, each in zip(self.lines, pens, strict=True):
            line.pen = each
        if not self.lines:
            self.hide()

    def place(self, mapping: Mapping, points: Sequence[Vector | None]) -> None:
        """Show what can be seen of each line, of those through points (m, 2)."""
        self._place_all(mapping, points)


class Curve(_Polylines):
    """A line through points of the data."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z, 1)

    @property
    def points(self) -> Vector | None:
        """The points that it goes through, (m, 2), or None."""
        return self.lines[0].points

    @property
    def segments(self) -> Vector:
        """What can be seen of it, (m, 4) in pixels."""
        return self.lines[0].segments

    @property
    def pen(self) -> QPen:
        """Its pen from the next time on that it is placed."""
        return self.lines[0].pen

    @pen.setter
    def pen(self, pen: QPen) -> None:
        self.lines[0].pen = pen

    def place(self, mapping: Mapping, points: Vector | None) -> None:
        """Show what can be seen of the line; hide it where that is nothing."""
        self._place_all(mapping, [points])


def _joined(segments: Vector) -> QPainterPath:
    """Segments (m, 4), each of which begins where the one before it ends, as one path."""
    x = np.concatenate((segments[:1, 0], segments[:, 2]))
    y = np.concatenate((segments[:1, 1], segments[:, 3]))
    path: QPainterPath = pg.arrayToQPath(x, y)
    return path


def reach_of(segments: Vector, margin: float) -> QRectF:
    """The rectangle about segments (m, 4) or points (m, 2), and a margin."""
    if not len(segments):
        return QRectF()
    ends = segments.reshape(-1, 2).T.copy()  # in a row: over pairs NumPy is ten times as slow
    (left, top), (right, bottom) = ends.min(axis=1).tolist(), ends.max(axis=1).tolist()
    return QRectF(left, top, right - left, bottom - top).adjusted(-margin, -margin, margin, margin)


def is_near(reach: QRectF, mapping: Mapping) -> bool:
    """Whether nothing that reaches so far has to be cut off; not where it is not finite."""
    far = seg.NEAR + max(mapping.width, mapping.height)
    return (
        reach.left() > -seg.NEAR
        and reach.top() > -seg.NEAR
        and reach.right() < far
        and reach.bottom() < far
    )
