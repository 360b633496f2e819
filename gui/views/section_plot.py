"""One cut through the loss: the curve, and what the gradient says about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPolygonF,
)
from PySide6.QtWidgets import QComboBox, QGraphicsItem, QVBoxLayout, QWidget

from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from engine.problem.sections import Section
from engine.types import Vector
from gui.text import fixed_number, loss_symbol
from gui.views.items import (
    Curve,
    Marker,
    StraightLine,
    diamond,
    disc,
    pen,
)
from gui.views.mapping import Mapping
from gui.views.plot import PlotView
from gui.views.ranges import PAD, Range, rounded_up
from gui.views.raster import line_pen
from gui.views.readings import Reading, Readings

TANGENT_SHARE = 0.35
"""Half the length of the tangent as a share of the plot's shorter side."""

STEEP = 2.5
"""So many losses of the start are seen of a curve that rises higher."""

FAR = 50.0
"""A landing so many times as high as the point is left out of the picture."""

GRAB = 11.0
"""Pixels within which a mark is taken hold of."""

INSET = 4
"""Pixels at the edges that the curve leaves free, or the axes would be painted in every frame."""

KEY_FACTOR = 1.25
NARROWEST = 1e-6
"""Share of the axis that a triangle is wide at least: below it, there is only rounding."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is shown beside the curve."""

    tangent: bool = True
    jump: bool = True
    difference: bool = False


class CutCurve(Curve):
    """The curve of a cut, which leaves the edges of the plot free."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent, z)
        self._inside = QRectF()

    def place(self, mapping: Mapping, points: Vector | None) -> None:
        self._inside = mapping.rect.adjusted(INSET, INSET, -INSET, -INSET)
        super().place(mapping, points)

    def set_reach(self, reach: QRectF) -> None:
        super().set_reach(reach.intersected(self._inside))

    def paint_pixels(self, painter: QPainter) -> None:
        painter.setClipRect(self.boundingRect())
        super().paint_pixels(painter)


class SectionPlot(PlotView):
    """The loss along one parameter, with the others held.

    Signals
    -------
    point_dragged(float), width_dragged(float)
        Where the point is to be, and how wide the triangle.
    """

    point_dragged = Signal(float)
    width_dragged = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section: Section | None = None
        self._marks = Marks()
        self._is_held = self._is_close = False
        self._batch_slope: float | None = None
        self._overshoots = False
        self._grabbed: Marker | None = None
        self.title.hide()
        self.choice = QComboBox()
        self.choice.hide()
        self.tools.addWidget(self.choice)
        self._build_items()
        self._dress()

    def _build_items(self) -> None:
        self.curve = CutCurve(self.box, -50)
        self.triangle = tuple(StraightLine(self.box, -20) for _ in range(3))
        self.batch_tangent = StraightLine(self.box, -12)
        self.tangent = StraightLine(self.box, -10)
        self.jump = StraightLine(self.box, -5)
        self.drop = StraightLine(self.box, -6)
        self.head = Marker(self.box, _arrow_head(), -4)
        self.bottom = Marker(self.box, diamond(4.5), 0)
        self.joint = Marker(self.box, disc(4.5), 1)
        self.landing = Marker(self.box, disc(4.0), 2)
        self.point = Marker(self.box, disc(6.0), 3)
        self.handle = Marker(self.box, disc(5.0), 4)
        self.readings = Readings(self)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self.plot), self.readings)

    def show_section(
        self,
        snapshot: Snapshot,
        section: Section | None,
        is_held: bool,
        batch_slope: float | None,
        is_close: bool,
    ) -> None:
        """Show a section; None while it is not known yet.

        Parameters
        ----------
        is_held
            Whether it goes through another point than that of the cursor's row.
        batch_slope
            What the row's batch takes the slope for; None where it is the slope.
        is_close
            Whether the losses begin at the lowest that is seen, not at zero.
        """
        if is_held != self._is_held:
            self._is_held = is_held
            self._restyle()
        self.section, self._batch_slope, self._is_close = section, batch_slope, is_close
        self.draw(snapshot)

    @property
    def is_dragged(self) -> bool:
        """Whether the mouse holds the point or the triangle."""
        return self._grabbed is not None

    def show_marks(self, marks: Marks) -> None:
        """Choose what is shown beside the curve."""
        self._marks = marks
        takes_keys = Qt.FocusPolicy.StrongFocus if marks.difference else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(takes_keys)
        self._draw_if_visible()

    def name(self, problem: Problem, axis: int) -> None:
        """Name the axes for a parameter."""
        left = loss_symbol(problem.neuron.loss_kind)
        if problem.penalty:
            left = self.tr("{loss} with penalty").format(loss=left)
        self.set_axis_labels(problem.names[axis], left)

    # Ranges

    def _aim(self, snapshot: Snapshot) -> None:
        lines = [] if self.section is None else self._lines(snapshot.problem, self.section)
        layout = self.layout()
        if self.readings.write(lines) and layout is not None:
            layout.activate()  # now, for the plot is drawn at the size that this leaves it
        if self.section is None:
            return
        first = float(snapshot.rows.train_loss[0])
        losses = close_range(self.section) if self._is_close else losses_range(self.section, first)
        self.set_ranges(self.section.look.span, losses)

    # Painting

    def _place(self, snapshot: Snapshot) -> None:  # noqa: ARG002 - what is drawn is of it
        section = self.section
        if section is None:
            self._hide_all()
            return
        self.curve.place(self.mapping, np.column_stack((section.values, section.losses)))
        cut = section.cut
        at = (cut.at, cut.loss)
        self.point.place(self.mapping, at if _is_sane(at) else None)
        self.bottom.place(self.mapping, section.vertex)
        self._place_tangent(section)
        self._place_jump(section)
        self._place_triangle(section)

    def _hide_all(self) -> None:
        self.curve.place(self.mapping, None)
        for line in (*self.triangle, self.batch_tangent, self.tangent, self.jump, self.drop):
            line.place(self.mapping, None)
        for mark in (self.head, self.bottom, self.joint, self.landing, self.point, self.handle):
            mark.place(self.mapping, None)

    def _place_tangent(self, section: Section) -> None:
        shown, batch = self._marks.tangent, self._batch_slope
        ends = self._tangent_ends(section, section.cut.slope)
        self.tangent.place(self.mapping, ends if shown else None)
        ends = None if batch is None else self._tangent_ends(section, batch)
        self.batch_tangent.place(self.mapping, ends if shown else None)

    def _tangent_ends(self, section: Section, slope: float) -> Vector | None:
        """Ends (2, 2) of a tangent that is as long whatever its slope."""
        mapping, cut = self.mapping, section.cut
        if not _is_sane((cut.loss, slope)):
            return None
        half = TANGENT_SHARE * min(mapping.width, mapping.height)
        across = half / math.hypot(mapping.per_x, slope * mapping.per_y)
        step = np.array([across, slope * across])
        middle = np.array([cut.at, cut.loss])
        return np.array([middle - step, middle + step])

    def _place_jump(self, section: Section) -> None:
        """The jump along the axis, and from its end to the curve."""
        cut, shown = section.cut, self._marks.jump
        begun, over, landed = (
            (cut.at, cut.loss),
            (cut.landing, cut.loss),
            (cut.landing, cut.landing_loss),
        )
        shown = shown and _is_sane((*begun, *landed))
        if cut.overshoots != self._overshoots:
            self._overshoots = cut.overshoots
            self._dress_jump()
        self.jump.place(self.mapping, np.array([begun, over]) if shown else None)
        self.drop.place(self.mapping, np.array([over, landed]) if shown else None)
        self.head.setRotation(0.0 if cut.landing > cut.at else 180.0)
        self.head.place(self.mapping, over if shown and cut.landing != cut.at else None)
        self.landing.place(self.mapping, landed if shown else None)
        joint = section.joint if shown else None
        self.joint.place(self.mapping, joint if joint and _is_sane(joint) else None)

    def _place_triangle(self, section: Section) -> None:
        triangle = section.triangle
        begun = (triangle.at, triangle.loss)
        corner = (triangle.at, triangle.loss + triangle.rise)  # the jump has the other side
        end = (triangle.at + triangle.width, corner[1])
        shown = self._marks.difference and _is_sane((*begun, *end))
        sides = ((begun, corner), (corner, end), (begun, end))
        for line, side in zip(self.triangle, sides, strict=True):
            line.place(self.mapping, np.array(side) if shown else None)
        self.handle.place(self.mapping, end if shown else None)

    def _lines(self, problem: Problem, section: Section) -> list[Reading]:
        """The numbers of what is shown."""
        theme, cut, name = self.theme, section.cut, problem.names[section.look.axis]
        slope, marks = fixed_number(cut.slope), self._marks
        lines = []
        if marks.tangent:
            more = "" if self._batch_slope is None else fixed_number(self._batch_slope)
            more = " " + self.tr("(batch {slope})").format(slope=more) if more else ""
            lines.append(Reading(f"∂L/∂{name} = {slope}", theme.tangent, more))
        if marks.jump:
            lines += self._jump_lines(name, section)
        if marks.difference:
            quotient = fixed_number(section.triangle.quotient)
            more = " " + self.tr("(exact {slope})").format(slope=slope)
            lines.append(Reading(f"ΔL/Δ{name} = {quotient}", theme.difference, more))
        return lines

    def _jump_lines(self, name: str, section: Section) -> list[Reading]:
        theme, cut = self.theme, section.cut
        text = (
            self.tr("overshoots: L = {loss}") if cut.overshoots else self.tr("lands at L = {loss}")
        )
        colour = theme.danger if cut.overshoots else theme.fit
        lines = [
            Reading(f"−η·∂L/∂{name} = {fixed_number(cut.jump)}", theme.fit),
            Reading(text.format(loss=fixed_number(cut.landing_loss)), colour, "", cut.overshoots),
        ]
        if section.joint is not None:
            text = self.tr("joint step: L = {loss}")
            text = text.format(loss=fixed_number(section.joint[1]))
            lines.append(Reading(text, theme.faint, "", matters=False))
        return lines

    # Looks

    def _restyle(self) -> None:
        theme = self.theme
        self.curve.pen = line_pen(theme.axis, 1.6)
        self.tangent.setPen(pen(theme.tangent, 2.2))
        self.batch_tangent.setPen(pen(theme.tangent, 1.2, Qt.PenStyle.DashLine))
        for line, width in zip(self.triangle, (1.4, 1.4, 1.8), strict=True):
            line.setPen(pen(theme.difference, width))
        self.bottom.paint_as(theme.optimum, pen(theme.rim, 1.0))
        self.joint.paint_as(None, pen(theme.fit, 1.8))
        fill = theme.plot if self._is_held else theme.fit
        self.point.paint_as(fill, pen(theme.fit if self._is_held else theme.rim, 2.0))
        self._dress_handle()
        self._dress_jump()
        self.readings.dress(self.font())

    def _dress_jump(self) -> None:
        theme = self.theme
        self.jump.setPen(pen(theme.fit, 2.0))
        self.head.paint_as(theme.fit, None)
        colour = theme.danger if self._overshoots else theme.fit
        self.drop.setPen(pen(colour, 1.4, Qt.PenStyle.DotLine))
        self.landing.paint_as(colour, pen(theme.rim, 1.2))

    def _dress_handle(self) -> None:
        theme = self.theme
        ring = pen(theme.accent, 3.0) if self.hasFocus() else pen(theme.difference, 1.8)
        self.handle.paint_as(theme.plot, ring)

    def _dress(self) -> None:
        super()._dress()
        self._header.setRowMinimumHeight(0, 0)  # there is no title, and seldom a tool

    # The mouse and the keys

    def _on_mouse(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonPress and is_left:
            self._grabbed = self._mark_under(event.position())
        elif event.type() == QEvent.Type.MouseButtonRelease and is_left:
            self._grabbed = None
        elif event.type() == QEvent.Type.MouseMove:
            if self._grabbed is not None:
                self._drag(self._grabbed, event.position())
            self._show_whether_it_moves(event.position())

    def _mark_under(self, position: QPointF) -> Marker | None:
        pixel = self.pixel_under(position)
        near = [
            (math.hypot(mark.x() - pixel.x(), mark.y() - pixel.y()), i, mark)
            for i, mark in enumerate((self.handle, self.point))
            if mark.isVisible()
        ]
        distance, _, mark = min(near, default=(math.inf, 0, self.point))
        return mark if distance <= GRAB else None

    def _drag(self, mark: Marker, position: QPointF) -> None:
        if self.section is None:
            return
        pixel = self.pixel_under(position)
        low, high = self.mapping.x_range
        value = min(max(self.mapping.to_data(pixel.x(), pixel.y())[0], low), high)
        if mark is self.point:
            self.point_dragged.emit(value)
        else:
            self._choose_width(value - self.section.cut.at)

    def _choose_width(self, width: float) -> None:
        low, high = self.mapping.x_range
        least = NARROWEST * (high - low)
        self.width_dragged.emit(math.copysign(max(abs(width), least), width))

    def _show_whether_it_moves(self, position: QPointF) -> None:
        moves = self._grabbed is not None or self._mark_under(position) is not None
        shape = Qt.CursorShape.SizeHorCursor if moves else Qt.CursorShape.ArrowCursor
        self.plot.viewport().setCursor(shape)

    def _takes(self, event: QKeyEvent) -> bool:
        return self._marks.difference and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)

    def event(self, event: QEvent) -> bool:
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.section is None or not self._takes(event):
            super().keyPressEvent(event)
            return
        width = self.section.look.width
        outwards = (event.key() == Qt.Key.Key_Right) == (width > 0)
        self._choose_width(width * (KEY_FACTOR if outwards else 1 / KEY_FACTOR))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._dress_handle()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._dress_handle()


def losses_range(section: Section, first: float) -> Range:
    """From zero to a round loss above all that matters: the marks, and the curve but its heights.

    ``first`` is the training loss of the start.
    """
    cut, (low, high) = section.cut, section.look.span
    finite = section.losses[np.isfinite(section.losses)]
    seen = [min(float(finite.max()), STEEP * first)] if len(finite) else []
    places = [(cut.at, cut.loss), (cut.landing, cut.landing_loss)]
    if section.joint is not None:
        places.append(section.joint)
    limit = FAR * max(cut.loss, first)
    seen += [loss for at, loss in places if low <= at <= high and loss <= limit]
    highest = max((loss for loss in seen if math.isfinite(loss)), default=0.0)
    top = rounded_up(highest) if highest > 0 else 1.0
    return (-PAD * top, (1 + PAD) * top)


def close_range(section: Section) -> Range:
    """From the lowest to the highest loss of the curve, as far as that is known."""
    (low, high) = section.look.span
    inside = (section.values >= low) & (section.values <= high) & np.isfinite(section.losses)
    losses = section.losses[inside]
    if not len(losses):
        return (-1.0, 1.0)
    bottom, top = float(losses.min()), float(losses.max())
    margin = PAD * (top - bottom) or max(abs(top), 1.0) * PAD
    return bottom - margin, top + margin


def _is_sane(numbers: tuple[float, ...]) -> bool:
    return all(math.isfinite(value) for value in numbers)


def _arrow_head() -> QPainterPath:
    """A head whose tip is the origin, pointing to the right."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(0.0, 0.0), QPointF(-9.0, 4.5), QPointF(-9.0, -4.5)]))
    path.closeSubpath()
    return path
