"""The loss surface from above, with the path over it, and choosing a start on it."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QPointF,
    QRectF,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QHideEvent, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton, QWidget

from engine.experiment import Gd
from engine.live.analyst import Question
from engine.live.snapshot import RunView, Snapshot
from engine.problem import surface
from engine.problem.conditioning import (
    ContourAxes,
    are_local,
    contour_axes,
    contour_axes_unless,
)
from engine.problem.problem import Problem
from engine.problem.surface import Frame
from engine.types import Vector
from gui.run_looks import RunLooks
from gui.text import loss_symbol, number, optimum_name
from gui.views import segments as seg
from gui.views.arrows import Arrows, Directions
from gui.views.cuts import CutLines
from gui.views.edge import EdgeSign
from gui.views.frames import Axes, PathFrame, first_axes
from gui.views.heat import contour_path, heat_image, paint_heat
from gui.views.hover import Hover
from gui.views.items import Marker, diamond, disc, pen, star
from gui.views.legend import Entry
from gui.views.marker_drag import MarkerDrag
from gui.views.other_runs import (
    EPOCH,
    OtherPaths,
    mark_epoch,
    marks_epochs,
    most_lines,
    path_pen,
    run_entries,
)
from gui.views.plot import PlotView
from gui.views.principal import PrincipalAxes
from gui.views.ranges import Range
from gui.views.ranges_popup import RangesPopup
from gui.views.raster import PathLayer, RasterLayer, line_pen
from gui.views.readout import Facts
from gui.views.terrain import Terrain, others

SLICE_INTERVAL_MS = 80
"""Time between two computations of a slice that moves with the other parameters."""

SEEN_PIXELS = 0.5
"""By how much the ranges differ at least from others."""

HOVER_DIGITS = 5

LINE, LINE_AMONG_OTHERS, SLICED_LINE = 2.0, 2.4, 1.4
CURRENT = 6.5

MOST_LOOKED_AT, MARK_WEIGHT = 300, 200
"""Rows of a path that the legend avoids, and how many dots of it a mark is worth."""

MOST_AHEAD = 1500
"""Segments of the path to come that are drawn."""


class SurfaceView(PlotView):
    """Heat and contour lines of the loss over two parameters, and where the run went.

    With more than two parameters it is the slice through the cursor's row; path and optimum
    are then projections, and only the current point lies on the surface.

    Signals
    -------
    start_chosen(object)
        Parameters that were clicked.
    requested(dict, str)
        The start that was dragged, as a key of the experiment file; the steps of one drag share
        the key of undo.
    question_raised(Question)
        Something that takes longer than a frame.
    """

    start_chosen = Signal(object)
    requested = Signal(dict, str)
    question_raised = Signal(object)

    cut_dragged = Signal(object)
    """The parameters (p,) that the lines of the cross-sections were dragged to."""

    frame_chosen = Signal(object, object)
    """The axes, and the frame that the user zoomed to; None for the automatic one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes: Axes = (0, 1)
        self._frame = PathFrame()
        self._manual = False
        self._looks = RunLooks()
        self._pressed: QPointF | None = None
        self._ahead: Vector | None = None
        self._cut: Vector | None = None
        self._slice: Vector = np.zeros(0)
        self._terrain = Terrain("surface")
        self._arrows_shown = True
        self._directions_shown = self._accompanies = False
        self._directed: tuple[object, ...] = ()
        self._kept_start: list[float] = []
        self._gradient: tuple[object, Vector] | None = None
        self._asked_gradient: object = None
        self._since_slice = QElapsedTimer()
        self._slice_timer = QTimer(self, singleShot=True)
        self._slice_timer.timeout.connect(self._draw_if_visible)
        self._build_items()
        self._build_tools()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.box.setMouseEnabled(x=True, y=True)
        self.box.sigRangeChangedManually.connect(self._on_zoomed)
        self._dress()
        self.retranslate()

    def _build_items(self) -> None:
        self.ghost = PathLayer(self.box, -90)
        self.ahead = RasterLayer(self.box, -85)
        self.beyond = PathLayer(self.box, -80)
        self.path = PathLayer(self.box, -70)
        self.start = Marker(self.box, disc(5.0), 0)
        self.truth = Marker(self.box, diamond(6.0), 1)
        self.optimum = Marker(self.box, star(8.5), 3)
        self.current = Marker(self.box, disc(CURRENT), 2)
        self.epoch = Marker(self.box, disc(EPOCH + 0.6), 1.5)
        self.cuts = CutLines(self, spared=self.start)
        self.cuts.dragged.connect(self._on_cut_dragged)
        self.others = OtherPaths(self.box, -75)
        self.arrows = Arrows(self.box)
        self.principal = PrincipalAxes(self.box)
        self.outside = EdgeSign(self.box)
        self.start_drag = MarkerDrag(self.plot, self.box, self.start)
        self.start_drag.moved.connect(self._on_start_dragged)
        self.hover = Hover(self.plot, self.box)
        self.hover.moved.connect(self._show_hover)

    def _build_tools(self) -> None:
        self.reset_button = QToolButton()
        self.reset_button.setObjectName("surface_reset")
        self.reset_button.hide()
        self.reset_button.clicked.connect(self.reframe)
        self.arrows_button = QToolButton()
        self.arrows_button.setCheckable(True)
        self.arrows_button.setChecked(self._arrows_shown)
        self.arrows_button.setObjectName("surface_arrows")
        self.arrows_button.toggled.connect(self.show_arrows)
        self.directions_button = QToolButton()
        self.directions_button.setCheckable(True)
        self.directions_button.setObjectName("surface_directions")
        self.directions_button.toggled.connect(self.show_directions)
        self.ranges_button = QToolButton()
        self.ranges_button.setObjectName("surface_ranges")
        self.ranges_button.clicked.connect(self.edit_ranges)
        self.choices = (QComboBox(), QComboBox())
        for button in (
            *(self.reset_button, self.arrows_button),
            *(self.directions_button, self.ranges_button),
        ):
            self.tools.addWidget(button)
        for name, choice in zip(("surface_x", "surface_y"), self.choices, strict=True):
            choice.setObjectName(name)
            choice.hide()
            choice.activated.connect(self._on_axes_chosen)
            self.tools.addWidget(choice)

    def retranslate(self) -> None:
        self._directed = ()
        self.set_title(self.tr("Loss surface"))
        self.reset_button.setText(self.tr("Reset view"))
        self.reset_button.setToolTip(self.tr("Show the whole path again (F)"))
        self.arrows_button.setText("∇L")
        self.arrows_button.setAccessibleName(self.tr("Arrows"))
        self.arrows_button.setToolTip(
            self.tr("Show which way is downhill from the current point, and the next step")
        )
        self.directions_button.setText("λ")
        self.directions_button.setAccessibleName(self.tr("Directions of the curvature"))
        self.directions_button.setToolTip(
            self.tr(
                "Show the steepest and the flattest direction, as long as the contours reach "
                "along them; of more than two parameters those of the slice. Where no lowest point "
                "is known they are those at the current point, if the surface curves upwards there"
            )
        )
        self.ranges_button.setText("↔")
        self.ranges_button.setAccessibleName(self.tr("Ranges"))
        self.ranges_button.setToolTip(self.tr("Type the ranges of the axes"))
        self.choices[0].setToolTip(self.tr("The parameter along the horizontal axis"))
        self.choices[1].setToolTip(self.tr("The parameter along the vertical axis"))
        if self._snapshot is not None:
            self._name(self._snapshot.problem)
        super().retranslate()

    def _name(self, problem: Problem) -> None:
        self.set_axis_labels(*(self._axis_name(problem, axis) for axis in self.axes))
        self.set_note(
            self.tr("slice through the current point · path and optimum are projections")
            if problem.n_params > 2
            else ""
        )

    def _axis_name(self, problem: Problem, axis: int) -> str:
        name = problem.names[axis]
        if axis == 0:
            return self.tr("{name} (intercept)").format(name=name)
        if problem.n_params == 2:
            return self.tr("{name} (slope)").format(name=name)
        return self.tr("{name} (slope of {feature})").format(
            name=name, feature=problem.dataset.features[axis - 1]
        )

    @property
    def chosen_frame(self) -> Frame | None:
        """The frame that the user zoomed to; None for the automatic one."""
        return Frame(self.mapping.x_range, self.mapping.y_range) if self._manual else None

    def choose_axes(self, x: int, y: int) -> None:
        """Look at two other parameters."""
        self.axes = (x, y)
        if self._snapshot is not None:
            self._name(self._snapshot.problem)
        for choice, axis in zip(self.choices, self.axes, strict=True):
            choice.setCurrentIndex(axis)
        self._invalidate()

    def show_cuts(self, shown: bool) -> None:
        """Show or hide the lines along which the cross-sections are taken."""
        self.cuts.shown = shown
        self._draw_if_visible()

    def place_cut(self, params: Vector | None) -> None:
        """Let the lines go through parameters (p,); None for those of the cursor's row."""
        self._cut = params
        self._draw_if_visible()

    @Slot(object)
    def _on_cut_dragged(self, params: Vector) -> None:
        self._pressed = None  # what was a drag is no click
        self.cut_dragged.emit(params)

    @Slot()
    def reframe(self) -> None:
        """Go back to the automatic frame."""
        self._frame.forget()
        self._set_manual(False)
        self._invalidate()

    def show_ranges(self, x: Range, y: Range) -> None:
        """Show ranges of the axes until they are reset."""
        self._set_manual(True)
        self.set_ranges(x, y)
        self._invalidate()

    @Slot()
    def edit_ranges(self) -> None:
        """Let the ranges be typed."""
        if self._snapshot is None:
            return
        names = self._snapshot.problem.names
        shown = names[self.axes[0]], names[self.axes[1]]
        popup = RangesPopup(shown, self.mapping.x_range, self.mapping.y_range, self)
        popup.chosen.connect(self.show_ranges)
        popup.reset_wanted.connect(self.reframe)
        button = self.ranges_button
        corner = button.mapToGlobal(button.rect().bottomRight())
        popup.adjustSize()
        popup.move(corner.x() - popup.width(), corner.y() + 2)
        popup.show()

    @property
    def arrows_shown(self) -> bool:
        """Whether there are arrows at the current point."""
        return self._arrows_shown

    @Slot(bool)
    def show_arrows(self, shown: bool) -> None:
        """Show or hide the arrows at the current point."""
        self._arrows_shown = shown
        self.arrows_button.setChecked(shown)
        self._invalidate()

    @property
    def directions_shown(self) -> bool:
        """Whether the directions of the curvature are shown also by themselves."""
        return self._directions_shown

    @Slot(bool)
    def show_directions(self, shown: bool) -> None:
        """Show or hide the directions of the curvature about the lowest or the current point."""
        self._directions_shown = shown
        self.directions_button.setChecked(shown)
        self._place_directions()

    def accompany_directions(self, there: bool) -> None:
        """Show the directions as long as something that explains them is there."""
        self._accompanies = there
        self._place_directions()

    def _place_directions(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or not (self._directions_shown or self._accompanies):
            self._directed = ()
            self.principal.clear()
            return
        problem, params = snapshot.problem, snapshot.rows.params[:, snapshot.row]
        local = are_local(problem)
        waits = local and not surface.is_quick(problem)
        where = params if local else self._others(snapshot)
        taken = self._taken(self.start, self.truth, self.optimum)
        seen = (problem, self.axes, self.mapping, waits and snapshot.playing, *where.tolist())
        looked_at = (*seen, *(box.getRect() for box in taken))
        if looked_at == self._directed:
            return
        self._directed = looked_at
        if not waits:
            self._draw_directions(contour_axes(problem, params, self.axes))
            return
        self.principal.clear()
        if not snapshot.playing:
            answers = partial(contour_axes_unless, problem, params, self.axes)
            self.question_raised.emit(Question("surface axes", looked_at, answers))

    def _draw_directions(self, there: ContourAxes | None) -> None:
        name = self.tr("slice: λ") if self._is_slice() else "λ"
        taken = self._taken(self.start, self.truth, self.optimum)
        self.principal.place(self.mapping, there, name, taken)

    @Slot()
    def _on_axes_chosen(self) -> None:
        x, y = (choice.currentIndex() for choice in self.choices)
        if x == y:  # the other axis makes room
            x, y = (self.axes[1], y) if x == self.axes[0] else (x, self.axes[0])
        self.choose_axes(x, y)

    @Slot()
    def _on_zoomed(self) -> None:
        self._asked = None
        self._set_manual(not self._is_at(self._frame.frame))
        self._refresh.start()

    def _is_at(self, frame: Frame) -> bool:
        """Whether what is shown looks like a frame, such as after a drag that came back."""
        shown = self._measured()
        across = np.subtract(shown.x_range, frame.x) * shown.per_x
        down = np.subtract(shown.y_range, frame.y) * shown.per_y
        return bool((np.abs([across, down]) < SEEN_PIXELS).all())

    def _set_manual(self, on: bool) -> None:
        self._manual = on
        self.reset_button.setVisible(on)

    # Ranges

    def _aim(self, snapshot: Snapshot) -> None:
        problem = snapshot.problem
        if self._drawn is None or self._drawn.problem.names != problem.names:
            self._offer_axes(problem)
        if self._drawn is None or self._drawn.problem is not problem:
            self._name(problem)
        framing, kept = self._looks.framing(snapshot), self._keeps_frame(snapshot)
        if self._frame.follow(snapshot, self.axes, framing, kept=kept):
            self._set_manual(False)
        if not (self._manual or self.start_drag.is_held):
            self.set_ranges(self._frame.frame.x, self._frame.frame.y)

    def _keeps_frame(self, snapshot: Snapshot) -> bool:
        """Whether another start is no reason to look elsewhere: it was dragged to where it is."""
        start = snapshot.rows.params[:, 0].tolist()
        return self._manual or self.start_drag.is_held or start == self._kept_start

    def _offer_axes(self, problem: Problem) -> None:
        self.axes = first_axes(problem)
        for choice, axis in zip(self.choices, self.axes, strict=True):
            with QSignalBlocker(choice):
                choice.clear()
                choice.addItems(list(problem.names))
                choice.setCurrentIndex(axis)
            choice.setVisible(problem.n_params > 2)

    # Painting

    def _is_slice(self) -> bool:
        return self._snapshot is not None and self._snapshot.problem.n_params > 2

    def _paint_still(self, snapshot: Snapshot) -> None:
        """Heat, grid and contour lines of what is seen, at the cursor's other parameters."""
        mapping, problem = self.mapping, snapshot.problem
        self.frame_chosen.emit(self.axes, self.chosen_frame)
        self._slice = self._others(snapshot)
        self._since_slice.start()
        params = snapshot.rows.params[:, snapshot.row]
        frame = Frame(mapping.x_range, mapping.y_range)
        question = self._terrain.look(problem, params, self.axes, frame)
        if question is not None:
            self.question_raised.emit(question)
        heights = self._terrain.map
        if heights is not None:
            x, y, z = heights.x, heights.y, heights.z
            lowest = self._lowest(problem, z)
            painter = self.still.painter()
            even = not problem.neuron.is_convex
            paint_heat(painter, heat_image(z, lowest, self.theme, even), mapping)
            painter.end()
            self._paint_faint_grid()
            at = surface.levels(z, lowest, even=even)
            self._paint_contours(contour_path(*surface.contour_lines(x, y, z, at), mapping))
        self.still.ink_all()
        self._show_hover()

    @Slot(str, object, object)
    def take_answer(self, kind: str, token: object, answer: object) -> None:
        """Show what was asked for, if it still is what is looked at."""
        if self._terrain.take(kind, token, answer):
            self._invalidate()
        elif kind == "surface loss" and token == self.hover.spot and isinstance(answer, float):
            self._show_level(answer)
        elif kind == "surface gradient" and token == self._asked_gradient:
            assert isinstance(answer, np.ndarray)
            self._gradient = (token, answer)
            self._place_arrows()
        elif kind == "surface axes" and token == self._directed:
            assert answer is None or isinstance(answer, ContourAxes)
            self._draw_directions(answer)

    def _lowest(self, problem: Problem, z: Vector) -> float:
        """The height above which levels are spaced: the lowest that there is, or is seen."""
        seen = float(z.min())
        return seen if self._is_slice() else min(seen, problem.optimum.loss)

    def _paint_contours(self, lines: QPainterPath) -> None:
        colour = QColor(self.theme.contour)
        colour.setAlphaF(0.65)
        painter = self.still.painter()
        painter.setPen(pen(colour))
        painter.drawPath(lines)
        painter.end()

    def _paint_faint_grid(self) -> None:
        colour = QColor(self.theme.contour)
        colour.setAlphaF(0.14)
        x, y = ([value for value, _ in ticks.major] for ticks in self.ticks)
        self.paint_grid_lines(x, y, colour)

    def _others(self, snapshot: Snapshot) -> Vector:
        """The parameters that the slice is taken at; none where it is no slice."""
        return others(snapshot.rows.params[:, snapshot.row], self.axes)

    def _follow_slice(self, snapshot: Snapshot) -> None:
        """Compute the slice again where the other parameters moved, but not in every frame."""
        if np.array_equal(self._others(snapshot), self._slice):
            return
        left = SLICE_INTERVAL_MS - self._since_slice.elapsed()
        if left > 0:
            self._slice_timer.start(left)
        else:
            self._paint_still(snapshot)

    def set_looks(self, looks: RunLooks) -> None:
        """Draw the runs that are to be shown."""
        self._looks = looks
        self._invalidate()

    @property
    def _colour(self) -> str:
        """The colour of the selected run."""
        selected = 0 if self._snapshot is None else self._snapshot.selected
        return self._looks.colour(selected, self.theme)

    def _begin(self, snapshot: Snapshot) -> None:
        theme, sliced = self.theme, self._is_slice()
        self.others.begin(self.mapping, self.axes, self._looks, snapshot, theme)
        width = SLICED_LINE if sliced else LINE_AMONG_OTHERS if self.others.runs else LINE
        line = path_pen(self._looks, snapshot.selected, theme, width, sliced)
        self.path.begin(self.mapping, line, dots=True)
        self.beyond.begin(self.mapping, line_pen(theme.beyond, 1.0), dots=False)
        self.ghost.begin(self.mapping, line_pen(theme.ghost, 1.4), dots=False)
        self._write_legend(snapshot)
        if snapshot.ghost is not None:
            self.ghost.extend(*self._on_axes(snapshot.ghost.params))
        self._painted, self._painted_beyond = 0, snapshot.row
        self._paint_ahead(snapshot.ahead)

    def _on_axes(self, params: Vector) -> tuple[Vector, Vector]:
        return params[self.axes[0]], params[self.axes[1]]

    def _extend(self, snapshot: Snapshot) -> None:
        params, reached = snapshot.rows.params, snapshot.row + 1
        self.path.extend(*self._on_axes(params[:, self._painted : reached]))
        self._painted = reached
        self.others.extend(snapshot, self.frames_drawn)
        if snapshot.row < snapshot.head:
            self.beyond.extend(*self._on_axes(params[:, self._painted_beyond :]))
            self._painted_beyond = len(snapshot.rows)
        else:
            self._painted_beyond = snapshot.row
            self.beyond.lift()

    def _ahead_pen(self) -> QPen:
        return pen(self._colour, 1.3, Qt.PenStyle.DotLine)

    def _paint_ahead(self, ahead: Vector | None) -> None:
        """Dot the path that would follow; it is short-lived and painted anew when it changes."""
        self._ahead = ahead
        self.ahead.reset(self.mapping)
        if ahead is None:
            return
        points = seg.sane(self.mapping.to_pixels(*self._on_axes(ahead)))
        points = seg.without_repeats(points)[: MOST_AHEAD + 1]
        self.ahead.paint_lines(seg.chain(points), self._ahead_pen())

    def _place(self, snapshot: Snapshot) -> None:
        problem, params = snapshot.problem, snapshot.rows.params
        if snapshot.ahead is not self._ahead:
            self._paint_ahead(snapshot.ahead)
        if self._is_slice():
            self._follow_slice(snapshot)
        if not self.start_drag.is_held:  # else answers to earlier places may still come
            self.start.place(self.mapping, self._point(params[:, 0]))
        self.current.place(self.mapping, self._point(params[:, snapshot.row]))
        self.outside.place(self.mapping, self._point(params[:, snapshot.row]), self._whereabouts)
        self._place_epoch(snapshot)
        best = problem.optimum.params
        self.optimum.place(self.mapping, None if best is None else self._point(best))
        self.cuts.place(self.mapping, self.axes, self._cut_through(params[:, snapshot.row]))
        truth = None if problem.truth is None else self._point(problem.truth)
        self.truth.place(self.mapping, truth)
        self._place_directions()
        self._place_arrows()

    def _place_epoch(self, snapshot: Snapshot) -> None:
        if marks_epochs(self._looks, snapshot):
            mark_epoch(self.epoch, self.mapping, self.axes, snapshot.run)
        else:
            self.epoch.hide()

    def _cut_through(self, now: Vector) -> Vector:
        """Where the cuts are, unless that was a point of another problem."""
        return now if self._cut is None or len(self._cut) != len(now) else self._cut

    def _whereabouts(self, at: tuple[float, float]) -> str:
        """Where the current point is, which has left the frame."""
        assert self._snapshot is not None
        names = self._snapshot.problem.names
        where = " · ".join(
            f"{names[axis]} = {number(value, 3)}" for axis, value in zip(self.axes, at, strict=True)
        )
        return self.tr("outside: {where}").format(where=where)

    def _place_arrows(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or not self._arrows_shown:
            self.arrows.clear()
            return
        rows, row, hyper = snapshot.rows, snapshot.row, snapshot.run.settings.optimizer
        gradient: Vector | None = rows.gradient[:, row]
        batch: Vector | None = None
        if snapshot.run.place.size is not None:
            gradient, batch = self._full_gradient(snapshot), gradient
        is_plain = isinstance(hyper, Gd) and not hyper.weight_decay
        plain = "‖η∇L‖" if batch is None else "‖ηg‖"
        there = Directions(
            rows.params[:, row],
            gradient,
            batch,
            snapshot.next_params,
            plain if is_plain else "‖Δθ‖",
        )
        taken = self._taken(self.start, self.truth, self.optimum, self.current)
        taken += [label.box for label in self.principal.labels if label.text]
        self.arrows.place(self.mapping, self.axes, there, taken, write=self.is_readable)

    def _full_gradient(self, snapshot: Snapshot) -> Vector | None:
        """The gradient of all training points at the cursor; None while it is to be found out."""
        params, problem = snapshot.rows.params[:, snapshot.row], snapshot.problem
        if surface.is_quick(problem):
            return np.array(problem.objective.gradient(params.tolist()))
        token = (problem, *params.tolist())
        if self._gradient is not None and self._gradient[0] == token:
            return self._gradient[1]
        if not snapshot.playing and self._asked_gradient != token:
            self._asked_gradient = token
            answers = partial(surface.gradients_at, problem, params)
            self.question_raised.emit(Question("surface gradient", token, answers))
        return None

    def _point(self, params: Vector) -> tuple[float, float]:
        return float(params[self.axes[0]]), float(params[self.axes[1]])

    # Looks

    def _restyle(self) -> None:
        self.cuts.dress(self.theme)
        self._directed = ()
        self._dress_markers(hollow=self._is_slice())
        for part in (self.arrows, self.principal, self.outside, self.hover):
            part.dress(self.theme, self.font())

    def _dress_markers(self, hollow: bool) -> None:
        theme = self.theme
        self.start.paint_as(None, pen(self._colour, 2.0))
        self.truth.paint_as(None, pen(theme.truth, 1.8))
        if hollow:
            self.optimum.paint_as(None, pen(theme.optimum, 1.6))
        else:
            self.optimum.paint_as(theme.optimum, pen(theme.rim, 1.0))
        self.current.paint_as(self._colour, pen(theme.rim, 2.0))
        self.epoch.paint_as(theme.plot, pen(self._colour, 2.0))
        selected = 0 if self._snapshot is None else self._snapshot.selected
        self.current.setPath(self._looks.marker(selected, CURRENT))

    def _write_legend(self, snapshot: Snapshot) -> None:
        theme = self.theme
        self._dress_markers(hollow=self._is_slice())
        most = most_lines(self.mapping, self.font())
        runs = run_entries(self._looks, snapshot, theme, most, with_markers=True)
        entries = runs or [Entry(self.tr("start"), self.start.pen(), disc(4.0))]
        if snapshot.problem.optimum.params is not None:
            name, colour = optimum_name(snapshot.problem), QColor(theme.optimum)
            entries.append(Entry(name, self.optimum.pen(), star(7.0), colour))
        if snapshot.problem.truth is not None:
            entries.append(Entry(self.tr("truth"), self.truth.pen(), diamond(5.0)))
        if self._arrows_shown and not runs:  # else there is enough to read
            entries += self._arrow_entries(snapshot)
        if not runs:
            entries.append(Entry(self.tr("next steps"), self._ahead_pen()))
        elif marks_epochs(self._looks, snapshot):
            ring, ground = pen(theme.text, 1.6), QColor(theme.plot)
            entries.append(Entry(self.tr("end of epoch 1"), ring, disc(EPOCH), ground))
        if snapshot.ghost is not None:
            entries.append(Entry(self.tr("before the change"), line_pen(theme.ghost, 1.4)))
        self.legend.write(tuple(entries), self.font(), theme.text, theme.plot)

    def _arrow_entries(self, snapshot: Snapshot) -> list[Entry]:
        entries = [Entry(self.tr("downhill −∇L"), self.arrows.gradient.line)]
        if snapshot.run.place.size is not None:
            entries.append(Entry(self.tr("−g of the batch"), self.arrows.batch.line))
        return entries

    def _crowd(self, snapshot: Snapshot) -> Vector:
        """The paths and, which must not be covered, their ends and the optimum."""
        runs = [snapshot.run, *(snapshot.runs[i] for i in self.others.runs)]
        paths = [self._some_of(run) for run in runs]
        marks = [path[[0, -1]] for path in paths]
        best = snapshot.problem.optimum.params
        if best is not None:
            marks.append(np.array([self.mapping.pixel(*self._point(best))]))
        dots = [self._dotted(path) for path in paths]
        return np.concatenate((*dots, np.repeat(np.concatenate(marks), MARK_WEIGHT, axis=0)))

    def _some_of(self, run: RunView) -> Vector:
        """Pixels (n, 2) of some rows of a run."""
        rows = np.linspace(0, run.head, MOST_LOOKED_AT).astype(np.intp)
        return self.mapping.to_pixels(*self._on_axes(run.rows.params[:, rows]))

    def _taken(self, *marks: Marker) -> list[QRectF]:
        """Where no label stands that has a choice: the legend and some marks."""
        shown = (mark for mark in marks if mark.isVisible())
        return [*self._covered(), *(mark.mapRectToParent(mark.boundingRect()) for mark in shown)]

    def _settle_legend(self, snapshot: Snapshot) -> None:
        before = self._covered()
        super()._settle_legend(snapshot)
        if self._covered() != before:
            self._place_directions()
            self._place_arrows()

    def _spot(self) -> QPointF | None:
        return self.current.pos() if self.current.isVisible() else None

    # The mouse and the keys

    def _on_mouse(self, event: QMouseEvent) -> None:
        if event.type() == QEvent.Type.MouseMove and self._pressed is not None:
            moved = (event.position() - self._pressed).manhattanLength()
            if moved >= QApplication.startDragDistance():
                self._pressed = None  # the plot is panned, also if it comes back
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            moved = (event.position() - self._pressed).manhattanLength()
            self._pressed = None
            if moved < QApplication.startDragDistance():
                self._choose_start(event.position())

    def _choose_start(self, position: QPointF) -> None:
        point = self.data_at(position)
        if point is not None and self._snapshot is not None:
            self.start_chosen.emit(self._on_slice(self._snapshot, point).tolist())

    def _on_slice(self, snapshot: Snapshot, point: tuple[float, float]) -> Vector:
        """Parameters (p,) at a point of what is shown, which goes through the cursor's row."""
        params = snapshot.rows.params[:, snapshot.row].copy()
        params[list(self.axes)] = point
        return params

    @Slot()
    def _on_start_dragged(self) -> None:
        """Ask for the start that is dragged; of more than two parameters the others stay."""
        at, snapshot = self.start_drag.at, self._snapshot
        if at is None or snapshot is None:
            return
        point = self.mapping.to_data(at.x(), at.y())
        self.start.place(self.mapping, point)
        values = snapshot.rows.params[:, 0].tolist()
        values[self.axes[0]], values[self.axes[1]] = point
        if values != self._kept_start:
            self._kept_start = values
            key = f"start-drag#{self.start_drag.gestures}"
            self.requested.emit({"start": {"kind": "values", "values": values}}, key)

    @Slot()
    def _show_hover(self) -> None:
        """Find out the loss under the mouse, and the contour line through it."""
        spot, snapshot = self.hover.spot, self._snapshot
        if spot is None or snapshot is None or not self.isVisible():
            self.hover.clear()
            return
        if surface.is_quick(snapshot.problem):
            params = self._hovered(snapshot, spot)
            self._show_level(float(snapshot.problem.objective.loss(params.tolist())))
        else:
            self._show_facts(None)
            answers = partial(surface.losses_at, snapshot.problem, self._hovered(snapshot, spot))
            self.question_raised.emit(Question("surface loss", spot, answers))

    def _hovered(self, snapshot: Snapshot, spot: QPointF) -> Vector:
        return self._on_slice(snapshot, self.mapping.to_data(spot.x(), spot.y()))

    def _show_level(self, level: float) -> None:
        spot, snapshot = self.hover.spot, self._snapshot
        if spot is None or snapshot is None:
            return
        self._show_facts(level)
        if self._terrain.map is not None and np.isfinite(level):
            params = self._hovered(snapshot, spot)
            line = surface.level_line(snapshot.problem, params, self.axes, self._terrain.map, level)
            self.hover.show_line(self.mapping, *line, number(level))

    def _show_facts(self, level: float | None) -> None:
        spot, snapshot = self.hover.spot, self._snapshot
        assert spot is not None
        assert snapshot is not None
        problem = snapshot.problem
        at = self.mapping.to_data(spot.x(), spot.y())
        rows = [
            (problem.names[axis], number(value, HOVER_DIGITS))
            for axis, value in zip(self.axes, at, strict=True)
        ]
        loss = loss_symbol(problem.neuron.loss_kind)
        if problem.penalty:
            loss = self.tr("{loss} + penalty").format(loss=loss)
        rows.append((loss, "…" if level is None else number(level, HOVER_DIGITS)))
        self.hover.show_facts(self.mapping, Facts("", tuple(rows)), self._covered())

    def hideEvent(self, event: QHideEvent) -> None:
        self._slice_timer.stop()
        super().hideEvent(event)
