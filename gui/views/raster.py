"""Layers that are painted once, at device resolution, and only added to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.views import segments as seg
from gui.views.items import (
    PixelItem,
    disc,
    draw_segments,
    draw_stamps,
    is_near,
    pen,
    reach_of,
    stamp,
)
from gui.views.mapping import BLANK, SANE_PIXELS, Mapping

FINE_SEGMENTS = 2000
"""Segments of a path that are smoothed; the many that may follow are painted the fast way."""

FULL_SEGMENTS = 8000
"""Segments of a path that are all painted; of those that follow ever fewer."""

DOTTED_ROWS = 60
"""Rows whose points are marked, where they lie apart."""

DOT_RADIUS = 2.5
DOT_SPACING = 7.0


class RasterLayer(PixelItem):
    """A picture over a view box that remembers what was painted into it.

    ``image`` is that picture; ``strokes`` counts the segments painted since it was cleared.
    With a ``ground`` it is opaque, which is painted faster.
    """

    def __init__(self, parent: QGraphicsItem, z: float, ground: QColor | None = None) -> None:
        super().__init__(parent, z)
        self.image = QImage()
        self.strokes = 0
        self.ground = ground
        self._mapping = BLANK

    @property
    def is_empty(self) -> bool:
        """Whether nothing was painted since the last reset."""
        return self._reach.isEmpty()

    def reset(self, mapping: Mapping) -> None:
        """Begin with an empty picture of the mapping's size."""
        width, height = round(mapping.width * mapping.ratio), round(mapping.height * mapping.ratio)
        if (self.image.width(), self.image.height()) != (width, height):
            opaque, clear = QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied
            self.image = QImage(width, height, clear if self.ground is None else opaque)
        self.image.setDevicePixelRatio(mapping.ratio)
        if not (self.is_empty and self._mapping == mapping):
            self.image.fill(Qt.GlobalColor.transparent if self.ground is None else self.ground)
        self._mapping = mapping
        self.strokes = 0
        self.set_reach(QRectF())

    def painter(self, fine: bool = True) -> QPainter:
        """A painter into the picture, smoothing if ``fine``; call ``ink`` with what it painted."""
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, fine)
        return painter

    def ink(self, part: QRectF) -> None:
        """Show a part of the picture that was painted."""
        whole = QRectF(0, 0, self._mapping.width, self._mapping.height)
        part = part.intersected(whole)
        self.set_reach(self._reach.united(part))
        self.update(part)

    def ink_all(self) -> None:
        """Show the whole picture."""
        self.ink(QRectF(0, 0, self._mapping.width, self._mapping.height))

    def paint_lines(self, segments: Vector, line: QPen, fine: bool = True) -> None:
        """Add segments (m, 4)."""
        reach = reach_of(segments, line.widthF() + 1)
        if not is_near(reach, self._mapping):
            segments = seg.clip(segments, self._mapping.width, self._mapping.height)
            reach = reach_of(segments, line.widthF() + 1)
        if not len(segments):
            return
        painter = self.painter(fine)
        painter.setPen(line)
        draw_segments(painter, segments)
        painter.end()
        self.strokes += len(segments)
        self.ink(reach)

    def paint_pixels(self, painter: QPainter) -> None:
        painter.drawImage(QPointF(0, 0), self.image)


class Dashes:
    """The dashes of a line that grows at its end; without any where its pen has none.

    Qt begins a pattern anew with every line that is painted; these go on along the whole way.
    ``pen`` is that of the pieces.
    """

    def __init__(self, line: QPen) -> None:
        self._pattern = tuple(length * line.widthF() for length in line.dashPattern())
        self._drawn_pixels = 0.0
        self.pen = line if not self._pattern else pen(line.color(), line.widthF())

    def cut(self, segments: Vector, mapping: Mapping, whole_uprights: bool = False) -> Vector:
        """What the next segments (m, 4) leave of themselves, and go on behind them.

        Parameters
        ----------
        whole_uprights
            Whether upright ones are no part of the way and have no gaps.
        """
        if not self._pattern:
            return segments
        segments = seg.clip(segments, mapping.width, mapping.height, near=0.0)
        step = segments[:, 2:] - segments[:, :2]
        lengths = np.hypot(step[:, 0], step[:, 1])
        if whole_uprights:
            lengths = np.where(step[:, 0] == 0, 0.0, lengths)
        end = self._drawn_pixels + np.cumsum(lengths)
        self._drawn_pixels += float(lengths.sum())
        return seg.dashed(segments, end - lengths, end, self._pattern)


class PathLayer(RasterLayer):
    """A path over the plane that grows at its end, with dots while its steps can be told apart.

    Parameters
    ----------
    fine, full
        How many of its segments are smoothed, and how many are all painted.
    """

    def __init__(
        self,
        parent: QGraphicsItem,
        z: float,
        fine: int = FINE_SEGMENTS,
        full: int = FULL_SEGMENTS,
    ) -> None:
        super().__init__(parent, z)
        self._fine, self._full = fine, full
        self._dashes = Dashes(QPen())
        self._dot: QPixmap | None = None
        self._tip: Vector = np.zeros((0, 2))
        self._before: Vector = np.zeros((0, 2))
        self._row = 0

    def begin(self, mapping: Mapping, line: QPen, dots: bool) -> None:
        """Clear the picture; the path is drawn with ``line``, and dotted at its first rows."""
        self.reset(mapping)
        self._dashes, self._row = Dashes(line), 0
        self._dot = stamp(disc(DOT_RADIUS), line.color(), None, mapping.ratio) if dots else None
        self.lift()

    def lift(self) -> None:
        """Go on with the next point without a line to it."""
        self._tip = self._before = np.zeros((0, 2))

    def extend(self, x: Vector, y: Vector) -> None:
        """Go on through points of the data x, y (m,)."""
        points = self._mapping.to_pixels(x, y)
        head = max(0, DOTTED_ROWS - self._row) if self._dot is not None else 0
        self._row += len(points)
        for point in points[:head, np.newaxis]:  # one by one: the order shows where edges overlap
            self._paint_line_through(point)
            self._paint_dot(point)
            self._before = point
        self._paint_line_through(points[head:])

    def _paint_line_through(self, points: Vector) -> None:
        points = np.concatenate((self._tip, seg.sane(points)))
        points = seg.without_repeats(points, self._mapping.ratio)
        self._tip = points[-1:]
        if len(points) < 2:
            return
        number, segments = self.strokes, seg.chain(points)
        fine = max(0, self._fine - number)
        self._paint_segments(segments[:fine], fine=True)
        rest = seg.thin(segments[fine:], max(number, self._fine), self._full)
        self._paint_segments(rest, fine=False)
        self.strokes = number + len(segments)

    def _paint_segments(self, segments: Vector, fine: bool) -> None:
        if len(segments):
            pieces = self._dashes.cut(segments, self._mapping)
            self.paint_lines(pieces, self._dashes.pen, fine)

    def _paint_dot(self, point: Vector) -> None:
        """Mark a point (1, 2) if it is apart from the one before it."""
        if not len(self._before) or self._dot is None:
            return
        apart = np.hypot(*(point - self._before)[0]) >= DOT_SPACING
        seen = (point > -DOT_SPACING).all() and (point < seg.NEAR * 4).all()
        if apart and seen:
            painter = self.painter()
            draw_stamps(painter, point, self._dot)
            painter.end()
            self.ink(reach_of(point, DOT_RADIUS + 3))


Piece = tuple[int, Mapping]
"""The mapping of a curve from a row on."""


class Curve:
    """A curve over the rows that grows at its end, by columns of pixels where it is dense.

    Parameters
    ----------
    layer
        What it is painted into; several curves may share one.
    """

    def __init__(self, layer: RasterLayer) -> None:
        self._layer = layer
        self._pieces: Sequence[Piece] = ((0, BLANK),)
        self._piece = 0
        self._dashes = Dashes(QPen())
        self._scale: Callable[[Vector], Vector] = np.asarray
        self._pending: Vector = np.zeros(0)
        self._row = 0

    def begin(
        self,
        pieces: Sequence[Piece],
        line: QPen,
        scale: Callable[[Vector], Vector],
        first_row: int = 0,
    ) -> None:
        """Begin at a row.

        Parameters
        ----------
        pieces
            Mappings with the rows as their x, each from its row on, the first from 0; at its first
            row a mapping has to agree with the one before.
        scale
            Brings values into the units of the y axis and keeps their order.
        """
        self._pieces, self._scale = pieces, scale
        self._dashes = Dashes(line)
        self.move_to(first_row)

    def move_to(self, row: int) -> None:
        """Go on with a later row without a line to it."""
        self._pending, self._row = np.zeros(0), row
        self._piece = bisect_right(self._pieces, row, key=lambda piece: piece[0]) - 1

    def extend(self, values: Vector) -> None:
        """Go on through the next rows' values (m,); NaN is no point."""
        while self._piece + 1 < len(self._pieces):
            bend = self._pieces[self._piece + 1][0]
            until = bend - (self._row + len(self._pending)) + 1
            if until > len(values):
                break
            self._go_on(values[:until])
            self._bend()
            values = values[until:]
        self._go_on(values)

    @property
    def _mapping(self) -> Mapping:
        return self._pieces[self._piece][1]

    def _bend(self) -> None:
        """Finish what is pending, and go on from its last row under the next mapping."""
        segments, _ = self._by_points(self._pending)
        self._paint(segments)
        self._row += len(self._pending) - 1
        self._pending = self._pending[-1:]
        self._piece += 1

    def _go_on(self, values: Vector) -> None:
        values = np.concatenate((self._pending, values))
        if not len(values):
            return
        is_dense = self._mapping.per_x * self._mapping.ratio < 1
        is_dense = is_dense and not np.isnan(values).any()  # else what is known are few
        segments, last = self._by_columns(values) if is_dense else self._by_points(values)
        self._pending, self._row = values[last:], self._row + last
        self._paint(segments)

    def _paint(self, segments: Vector) -> None:
        # the upright strokes of a dense curve are no part of its way
        pieces = self._dashes.cut(segments, self._mapping, whole_uprights=True)
        self._layer.paint_lines(pieces, self._dashes.pen)

    def _by_points(self, values: Vector) -> tuple[Vector, int]:
        """The line through all points, and the index of the last of them."""
        rows = np.arange(self._row, self._row + len(values), dtype=np.float64)
        points = self._mapping.to_pixels(rows, self._scale(values))
        shown = np.flatnonzero((np.abs(points) < SANE_PIXELS).all(axis=1))
        return seg.chain(points[shown]), int(shown[-1]) if len(shown) else len(values)

    def _by_columns(self, values: Vector) -> tuple[Vector, int]:
        """The curve by columns of pixels, and where the last one begins, which may go on.

        The extremes of a column are found among the values as they are: a million of them are
        never scaled nor brought to pixels.
        """
        mapping = self._mapping
        starts = seg.column_starts(
            self._row, self._row + len(values), mapping.x_range[0], mapping.per_x * mapping.ratio
        )
        at = starts - self._row
        last = int(at[-1])
        if last == 0:
            return np.zeros((0, 4)), 0
        low, high = (f.reduceat(values[:last], at[:-1]) for f in (np.minimum, np.maximum))
        x = np.concatenate((starts, starts[:-1], starts[:-1]), dtype=np.float64)
        pixels = mapping.to_pixels(x, self._scale(np.concatenate((values[at], high, low))))
        n = len(at)
        # y grows downwards in pixels: the smallest value is the lowest point, the largest y
        top, bottom = pixels[n : 2 * n - 1, 1], pixels[2 * n - 1 :, 1]
        return seg.clean(seg.strokes(pixels[:n], top, bottom)), last


class CurveLayer(RasterLayer):
    """A layer with one curve."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self.curve = Curve(self)

    def begin(
        self,
        mapping: Mapping,
        line: QPen,
        scale: Callable[[Vector], Vector],
        first_row: int = 0,
        pieces: Sequence[Piece] = (),
    ) -> None:
        """Clear the picture; the curve begins at ``first_row``, under one mapping or several."""
        self.reset(mapping)
        self.curve.begin(pieces or ((0, mapping),), line, scale, first_row)

    def move_to(self, row: int) -> None:
        """Go on with a later row without a line to it."""
        self.curve.move_to(row)

    def extend(self, values: Vector) -> None:
        """Go on through the next rows' values (m,); NaN is no point."""
        self.curve.extend(values)


def line_pen(colour: str | QColor, width: float) -> QPen:
    """The pen of a path or curve: square caps close the gaps at its corners."""
    return pen(colour, width, cap=Qt.PenCapStyle.SquareCap)
