"""Where it goes from the current point: downhill, downhill for the batch, and the step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from engine.types import Vector
from gui.style import Theme
from gui.text import number
from gui.views import segments as seg
from gui.views.items import PixelItem, pen
from gui.views.labels import Label
from gui.views.mapping import Mapping

SHORTEST, LONGEST = 34.0, 96.0
"""Pixels that the arrow of a gradient is long: −∇L to scale where that is between them."""

HEAD = 10.0
"""Pixels from an arrow's tip to where its head begins."""

HIDDEN = 12.0
"""Pixels under which a step is covered by the marker of the current point."""

LABEL_GAPS = (15.0, 30.0)
"""Pixels between an arrow and the middle of its label."""

NEAR = 6.0
"""Pixels about an arrow's ends that no label covers."""

LABELS_FROM = 280.0
"""Pixels of a plot's sides under which the arrows have no labels."""


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """What there is to be drawn at a point; all (p,), None for what is not known.

    Parameters
    ----------
    at
        The current point.
    gradient, batch
        ∇L of all training points, and that of the batch where it is another.
    next
        The point after the next update.
    step_name
        What the length of the step is called.
    """

    at: Vector
    gradient: Vector | None
    batch: Vector | None
    next: Vector | None
    step_name: str


class Arrow(PixelItem):
    """An arrow in pixels; ``ends`` are tail and tip, or None while it is not shown."""

    def __init__(self, parent: QGraphicsItem, z: float, filled: bool) -> None:
        super().__init__(parent, z)
        self.ends: tuple[QPointF, QPointF] | None = None
        self.line, self._halo = QPen(), QPen()
        self._filled = filled
        self.hide()

    def dress(self, line: QPen, halo: str) -> None:
        """Take a pen, and the colour that sets it off from what is below."""
        self.line = line
        self._halo = pen(halo, line.widthF() + 1.6)
        self.update()

    def place(self, tail: QPointF, tip: QPointF) -> None:
        """Show the arrow."""
        self.ends = (tail, tip)
        margin = HEAD + 2 * self._halo.widthF()
        reach = QRectF(tail, tip).normalized()
        self.set_reach(reach.adjusted(-margin, -margin, margin, margin))
        self.show()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.ends = None
        self.hide()

    def _head(self) -> list[QPointF]:
        """The two ends of the barbs and the tip between them."""
        assert self.ends is not None
        tail, tip = self.ends
        along = tip - tail
        length = _length(along)
        size = HEAD + self.line.widthF() if self._filled else HEAD
        along = along * (min(size, length) / length)
        across = QPointF(-along.y(), along.x()) * 0.45
        return [tip - along + across, tip, tip - along - across]

    def paint_pixels(self, painter: QPainter) -> None:
        if self.ends is None:
            return
        tail, tip = self.ends
        head = self._head()
        # the line ends inside a filled head, or its flat end would stick out of the tip
        end = (head[0] + head[2]) / 2 if self._filled else tip
        for line in (self._halo, self.line):
            painter.setPen(line)
            painter.drawLine(tail, end)
            if self._filled:
                painter.setPen(pen(line.color(), line.widthF() - self.line.widthF() + 1.0))
                painter.setBrush(line.color())
                painter.drawPolygon(head)
            else:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(head)


class Arrows:
    """The arrows at the current point, with the lengths of what they stand for.

    The step is to scale: it ends where the next row is. The gradients point downhill and are as
    long as −∇L itself, but no shorter or longer than can be read.
    """

    def __init__(self, box: QGraphicsItem) -> None:
        self.step = Arrow(box, 1.2, filled=True)  # below: the others may lie along it
        self.gradient = Arrow(box, 1.3, filled=False)
        self.batch = Arrow(box, 1.4, filled=False)
        self.labels = {arrow: Label(box, 50) for arrow in (self.step, self.gradient, self.batch)}

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours of a theme, and the font of the plot."""
        self.step.dress(pen(theme.fit, 4.0), theme.plot)
        self.gradient.dress(pen(theme.cursor, 1.8), theme.plot)
        self.batch.dress(pen(theme.data, 1.8), theme.plot)
        for arrow, label in self.labels.items():
            label.dress(theme, font, arrow.line.color().name())

    def clear(self) -> None:
        """Show nothing."""
        for arrow, label in self.labels.items():
            arrow.clear()
            label.clear()

    def place(
        self,
        mapping: Mapping,
        axes: tuple[int, int],
        there: Directions,
        covered: Sequence[QRectF] = (),
        *,
        write: bool = True,
    ) -> None:
        """Show what is known; of more than two parameters the projections.

        No label stands where the plot is ``covered``, by the legend or a mark. Those that are
        there stay as they are where there is nothing to ``write``.
        """
        at = _pixel(mapping, axes, there.at)
        plot = mapping.rect
        if at is None or not plot.contains(at):
            self.clear()
            return
        texts = {}
        for arrow, gradient, name in (
            (self.gradient, there.gradient, "‖∇L‖"),
            (self.batch, there.batch, "‖g‖"),
        ):
            tip = None if gradient is None else _downhill(mapping, axes, at, gradient)
            if gradient is not None and tip is not None:
                arrow.place(at, tip)
                texts[arrow] = f"{name} = {number(math.hypot(*gradient.tolist()))}"
            else:
                arrow.clear()
        tip = None if there.next is None else _pixel(mapping, axes, there.next)
        if there.next is not None and tip is not None and _length(tip - at) >= HIDDEN:
            self.step.place(at, tip)
            length = math.hypot(*(there.next - there.at).tolist())
            texts[self.step] = f"{there.step_name} = {number(length)}"
        else:
            self.step.clear()
        if write or any(label.text and arrow not in texts for arrow, label in self.labels.items()):
            self._write(texts, plot, covered)

    def _write(self, texts: dict[Arrow, str], plot: QRectF, covered: Sequence[QRectF]) -> None:
        roomy = min(plot.width(), plot.height()) >= LABELS_FROM
        ends = [end for arrow in texts if arrow.ends is not None for end in arrow.ends]
        taken = [*covered, *(_around(end) for end in ends)]
        for arrow, label in self.labels.items():
            if arrow not in texts or arrow.ends is None or not roomy:
                label.clear()
                continue
            half = label.width_of(texts[arrow]) / 2
            spots = _spots(*arrow.ends, half, in_middle=arrow is self.step)
            label.show_near(texts[arrow], spots, plot, taken)
            if label.text:
                taken.append(label.box)


def _length(along: QPointF) -> float:
    return math.hypot(along.x(), along.y())


def _pixel(mapping: Mapping, axes: tuple[int, int], params: Vector) -> QPointF | None:
    """Where parameters (p,) are; None for what is too far away to be drawn."""
    x, y = mapping.pixel(*(float(params[axis]) for axis in axes))
    return QPointF(x, y) if abs(x) < seg.NEAR and abs(y) < seg.NEAR else None


def _downhill(
    mapping: Mapping, axes: tuple[int, int], at: QPointF, gradient: Vector
) -> QPointF | None:
    """The tip of the arrow along −∇L; None where there is no such direction."""
    x, y = (-float(gradient[axis]) for axis in axes)
    along = x * mapping.per_x, -y * mapping.per_y  # y grows downwards in pixels
    length = math.hypot(*along)
    if not 0 < length < math.inf:
        return None
    share = min(max(length, SHORTEST), LONGEST) / length
    return at + QPointF(along[0] * share, along[1] * share)


def _around(point: QPointF) -> QRectF:
    return QRectF(point.x() - NEAR, point.y() - NEAR, 2 * NEAR, 2 * NEAR)


def _spots(tail: QPointF, tip: QPointF, half: float, in_middle: bool) -> list[QPointF]:
    """Where an arrow's label may stand: beside its middle, or beyond its tip first.

    Farther away there are the same places again, for what lies about the arrow.
    """
    along = (tip - tail) / _length(tip - tail)
    across = QPointF(-along.y(), along.x())
    spots = []
    for gap in LABEL_GAPS:
        room = across * (gap + abs(across.x()) * half)
        beyond = along * (gap + abs(along.x()) * half)
        middle = (tail + tip) / 2
        beside = [middle + room, middle - room]
        ahead = [tip + beyond, tip + room, tip - room]
        behind = [tail + room, tail - room, tail - beyond]
        spots += [*beside, *ahead, *behind] if in_middle else [*ahead, *beside, *behind]
    return spots
