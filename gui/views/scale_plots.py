"""The plots of the view of three feature scales: scatter, contours, cuts and losses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.descent.scales import Comparison, Outcome, Scaled, fitted
from engine.live.snapshot import Snapshot
from engine.problem import fit, surface
from engine.problem.surface import Frame
from engine.types import Vector
from gui.style import Theme
from gui.text import loss_symbol, number, whole_number
from gui.views.fit_points import looks, seen
from gui.views.heat import contour_path, heat_image, paint_heat
from gui.views.items import Curve, Marker, StraightLine, disc, draw_stamps, pen, star
from gui.views.mapping import Mapping
from gui.views.plot import PlotView
from gui.views.ranges import Range, log_range, rounded_up
from gui.views.raster import PathLayer, RasterLayer, line_pen
from gui.views.terrain import Terrain
from gui.views.ticks import X_GAP, Ticks, count_ticks, linear_ticks, log_ticks
from gui.views.view import dress_label

X_MARGIN, Y_MARGIN = 0.06, 0.08
REACH = 0.4
"""Spans of the points by which a scatter reaches for the lines at the start."""

LINE_POINTS = 80
SHORTEST = 20
"""Iterations that the axis of the losses spans at least."""

HIGHEST = 2.0
"""How many times the middle one of the three losses at the start the cuts reach up to."""

ABOVE_START = 2.0
"""Decades above the highest loss at the start in which one that grows is still shown."""

DEEPEST = 16.0
"""Decades below it in which one that falls is shown; deeper there is only rounding."""

ACROSS, UP = 38, 26
"""Pixels between the labels of the axes of these small plots."""

MOST_WILD = 60
"""Rows of a path that leads nowhere; all of them would cover the plot."""

LINE_WIDTH = 2.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A comparison and which of its scales a plot is about."""

    comparison: Comparison
    number: int

    @property
    def scaled(self) -> Scaled:
        """The scale that the plot is about."""
        return self.comparison.scales[self.number]


def scale_colours(theme: Theme) -> tuple[str, str, str]:
    """The colours of the three where they are overlaid."""
    return theme.data, theme.truth, theme.optimum


def scale_pen(number: int, theme: Theme, width: float = LINE_WIDTH) -> QPen:
    """The line of a scale: they can be told apart without any colour, also one over another."""
    colour = scale_colours(theme)[number]
    if number == 0:
        return line_pen(colour, width)
    line = pen(colour, width, Qt.PenStyle.CustomDashLine)
    line.setDashPattern(((), (4.0, 3.0), (1.2, 2.2))[number])
    return line


class ScalePlot(PlotView):
    """A small plot about one of three scales; its title is shown only where it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._aimed: Comparison | None = None
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.plot.setMinimumSize(0, 0)

    @property
    def scene(self) -> Scene:
        """What is shown; there is one from the first drawing on."""
        assert self._scene is not None
        return self._scene

    def take_scene(self, scene: Scene) -> None:
        """Be about another scene from the next snapshot on, which has its problem and rows.

        Until then nothing is drawn: what was drawn last is not of this scene.
        """
        self._scene, self._snapshot = scene, None
        self.name_axes()

    def name_axes(self) -> None:
        """Name the axes for what is shown."""

    def _prepare(self) -> None:
        """Choose the ranges for another comparison."""

    def _aim(self, snapshot: Snapshot) -> None:  # noqa: ARG002 - all is in the scene
        if self._aimed is not self.scene.comparison:
            self._aimed = self.scene.comparison
            self._prepare()

    def _dress(self) -> None:
        super()._dress()
        dress_label(self.title, self.theme.text, self.font().pointSizeF())
        self._header.setRowMinimumHeight(0, 0)
        self._header.setContentsMargins(8, 0, 8, 0)
        self.title.setVisible(bool(self.title.text()))

    def _ticks(self, mapping: Mapping) -> tuple[Ticks, Ticks]:
        return (
            linear_ticks(*mapping.x_range, mapping.width, ACROSS),
            linear_ticks(*mapping.y_range, mapping.height, UP),
        )


class ScatterPlot(ScalePlot):
    """The points against the feature as this scale has it, and the line at the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = RasterLayer(self.box, -50)
        self.optimum = Curve(self.box, 0)
        self.line = Curve(self.box, 10)
        self._along = np.zeros(2)
        self._dress()

    def name_axes(self) -> None:
        data = self.scene.scaled.problem.dataset
        feature, target = data.features[0], data.target
        kind = self.scene.scaled.kind
        if kind == "enlarged":
            feature = self.tr("{feature} × 10").format(feature=feature)
        elif kind == "standardised":
            feature = self.tr("{feature} standardised").format(feature=feature)
        self.set_axis_labels(feature, target)
        n = self.scene.scaled.problem.n_points
        shown = sum(map(len, self.scene.comparison.scatters[self.scene.number].y))
        note = self.tr("{shown} of {n} points") if shown < n else ""
        self.set_note(note.format(shown=whole_number(shown), n=whole_number(n)))

    def _prepare(self) -> None:
        scatters = self.scene.comparison.scatters
        x_range = fit.extent(np.concatenate(scatters[self.scene.number].x), X_MARGIN)
        self._along = np.linspace(*x_range, LINE_POINTS)
        y = np.concatenate([part for scatter in scatters for part in scatter.y])
        low, high = fit.extent(y, Y_MARGIN)
        reach = REACH * (high - low)
        starts = np.clip(self._start_lines(), low - reach, high + reach)
        self.set_ranges(x_range, (min(low, float(starts.min())), max(high, float(starts.max()))))

    def _start_lines(self) -> Vector:
        """ŷ of all three at the start, at both ends of their points."""
        comparison = self.scene.comparison
        ends = []
        for scaled, scatter in zip(comparison.scales, comparison.scatters, strict=True):
            x = np.concatenate(scatter.x)
            ends.append(fitted(scaled, scaled.rows.params[:, 0], np.array([x.min(), x.max()])))
        return np.concatenate(ends)

    def _paint_still(self, snapshot: Snapshot) -> None:
        scatter, best = self.scene.comparison.scatters[self.scene.number], self.scene.scaled
        pictures = looks(self.theme, self.mapping.ratio)
        self.points.reset(self.mapping)
        painter = self.points.painter()
        for x, y, (picture, _) in zip(scatter.x, scatter.y, pictures.by_part, strict=True):
            draw_stamps(painter, seen(self.mapping.to_pixels(x, y), self.mapping), picture)
        painter.end()
        self.points.ink_all()
        params = snapshot.problem.optimum.params
        self.optimum.place(self.mapping, None if params is None else self._line(best, params))

    def _line(self, scaled: Scaled, params: Vector) -> Vector:
        return np.column_stack((self._along, fitted(scaled, params, self._along)))

    def _place(self, snapshot: Snapshot) -> None:
        params = snapshot.rows.params[:, snapshot.row]
        self.line.place(self.mapping, self._line(self.scene.scaled, params))

    def _restyle(self) -> None:
        self.line.pen = line_pen(self.theme.fit, 2.4)
        self.optimum.pen = pen(self.theme.optimum, 1.6, Qt.PenStyle.DashLine)


class ContourPlot(ScalePlot):
    """The loss from above with the whole path, and where it is at the cursor."""

    question_raised = Signal(object)
    resized = Signal()

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terrain = Terrain(f"scales_{kind}")
        self._frame = Frame((-1.0, 1.0), (-1.0, 1.0))
        self.path = PathLayer(self.box, -70)
        self.start = Marker(self.box, disc(4.5), 0)
        self.optimum = Marker(self.box, star(8.0), 3)
        self.current = Marker(self.box, disc(5.5), 2)
        self.box.sigResized.connect(self.resized)
        self._dress()

    @property
    def size_in_pixels(self) -> tuple[float, float]:
        """Width and height of what is inside the axes."""
        rect = self.box.rect()
        return rect.width(), rect.height()

    def look_at(self, frame: Frame) -> None:
        """Show other ranges with the next drawing."""
        self._frame = frame

    def name_axes(self) -> None:
        problem = self.scene.scaled.problem
        self.set_axis_labels(*(problem.names[axis] for axis in self.scene.comparison.axes))
        self.set_note(self.tr("slice through the optimum") if problem.n_params > 2 else "")

    def _aim(self, snapshot: Snapshot) -> None:  # noqa: ARG002
        self.set_ranges(self._frame.x, self._frame.y)

    def _paint_still(self, snapshot: Snapshot) -> None:
        mapping, problem, axes = self.mapping, snapshot.problem, self.scene.comparison.axes
        frame = Frame(mapping.x_range, mapping.y_range)
        question = self._terrain.look(problem, self.scene.scaled.centre, axes, frame)
        if question is not None:
            self.question_raised.emit(question)
        heights = self._terrain.map
        if heights is not None:
            x, y, z = heights.x, heights.y, heights.z
            lowest = min(float(z.min()), problem.optimum.loss)
            even = not problem.neuron.is_convex
            painter = self.still.painter()
            paint_heat(painter, heat_image(z, lowest, self.theme, even), mapping)
            at = surface.levels(z, lowest, even=even)
            colour = QColor(self.theme.contour)
            colour.setAlphaF(0.65)
            painter.setPen(pen(colour))
            painter.drawPath(contour_path(*surface.contour_lines(x, y, z, at), mapping))
            painter.end()
        self.still.ink_all()

    @Slot(str, object, object)
    def take_answer(self, kind: str, token: object, answer: object) -> None:
        """Show a finer surface, if it still is the one that is looked at."""
        if self._terrain.take(kind, token, answer):
            self._invalidate()

    def _begin(self, snapshot: Snapshot) -> None:
        x, y = self.scene.comparison.axes
        settles = self.scene.scaled.outcome in (Outcome.ARRIVES, Outcome.CONVERGES)
        shown = snapshot.rows.params[:, : None if settles else MOST_WILD]
        is_plain = settles and not self.scene.scaled.zigzags  # what covers itself is thinner
        self.path.begin(self.mapping, line_pen(self.theme.fit, 1.7 if is_plain else 1.1), dots=True)
        self.path.extend(shown[x], shown[y])

    def _place(self, snapshot: Snapshot) -> None:
        params, best = snapshot.rows.params, snapshot.problem.optimum.params
        self.start.place(self.mapping, self._point(params[:, 0]))
        self.current.place(self.mapping, self._point(params[:, snapshot.row]))
        self.optimum.place(self.mapping, None if best is None else self._point(best))

    def _point(self, params: Vector) -> tuple[float, float]:
        x, y = self.scene.comparison.axes
        return float(params[x]), float(params[y])

    def _restyle(self) -> None:
        theme = self.theme
        self.start.paint_as(theme.plot, pen(theme.fit, 2.0))
        self.optimum.paint_as(theme.optimum, pen(theme.rim, 1.0))
        self.current.paint_as(theme.fit, pen(theme.rim, 1.8))


class OverlaidPlot(ScalePlot):
    """A curve of each scale in one plot; the headings show which line is whose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = [Curve(self.box, number) for number in range(3)]

    def _restyle(self) -> None:
        for k, curve in enumerate(self.curves):
            curve.pen = scale_pen(k, self.theme)


class CutPlot(OverlaidPlot):
    """The loss of all three along one of the two parameters, through each one's optimum."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._dress()

    def name_axes(self) -> None:
        problem = self.scene.scaled.problem
        name = problem.names[self.scene.comparison.axes[self._side]]
        self.set_title(self.tr("Loss along {parameter}").format(parameter=name))
        self.set_axis_labels(name, loss_symbol(problem.neuron.loss_kind))
        self.title.show()
        self._note_bends()

    def _note_bends(self) -> None:
        """Say how strongly each is curved, in its colour."""
        bends = [pair[self._side].bend for pair in self.scene.comparison.slices]
        colours = scale_colours(self.theme)
        told = [
            f'<span style="color: {colour}">{number(bend)}</span>'
            for bend, colour in zip(bends, colours, strict=True)
            if bend is not None
        ]
        text = self.tr("curvature {values}").format(values=" · ".join(told))
        self.set_note(text if told else "")

    def _prepare(self) -> None:
        comparison = self.scene.comparison
        frame = comparison.frame
        starts = sorted(float(scaled.rows.loss[0]) for scaled in comparison.scales)
        lowest = min(scaled.problem.optimum.loss for scaled in comparison.scales)
        height = HIGHEST * (starts[1] - lowest)
        height = height if height > 0 else 1.0
        bottom = lowest - Y_MARGIN * height
        self.set_ranges((frame.x, frame.y)[self._side], (bottom, lowest + height))

    def _begin(self, snapshot: Snapshot) -> None:  # noqa: ARG002
        slices = [pair[self._side] for pair in self.scene.comparison.slices]
        for curve, one in zip(self.curves, slices, strict=True):
            finite = np.isfinite(one.losses)
            curve.place(self.mapping, np.column_stack((one.values, one.losses))[finite])

    def _restyle(self) -> None:
        super()._restyle()
        if self._scene is not None:
            self._note_bends()


class LossesPlot(OverlaidPlot):
    """How far the loss of all three is above the smallest one, logarithmic, and the cursor.

    Where a descent removes the same share with every step, that is a straight line.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._losses: list[Vector] = []
        self.cursor_line = StraightLine(self.box, -10)
        self.markers = [Marker(self.box, disc(4.0), 10 + number) for number in range(3)]
        self._dress()

    def name_axes(self) -> None:
        symbol = loss_symbol(self.scene.scaled.problem.neuron.loss_kind)
        self.set_title(self.tr("Loss above the minimum"))
        self.set_axis_labels(self.tr("iteration"), self.tr("{loss} − min").format(loss=symbol))
        self.title.show()

    def _prepare(self) -> None:
        scales = self.scene.comparison.scales
        self._losses = [_logarithms(scaled.excess) for scaled in scales]
        length = rounded_up(max(SHORTEST, *(scaled.iteration for scaled in scales)))
        self.set_ranges((-0.03 * length, 1.03 * length), self._heights())

    def _heights(self) -> Range:
        ends = [scaled.iteration for scaled in self.scene.comparison.scales]
        first = np.array([losses[0] for losses in self._losses])
        first = first[np.isfinite(first)]
        if not len(first):
            return (-1.0, 1.0)
        highest = float(first.max())
        seen = [losses[: end + 1] for losses, end in zip(self._losses, ends, strict=True)]
        known = np.concatenate(seen)
        known = known[np.isfinite(known)]
        bottom = max(float(known.min()), highest - DEEPEST)
        top = min(float(known.max()), highest + ABOVE_START)
        return log_range((float(first.min()), highest), (bottom, top))

    def _ticks(self, mapping: Mapping) -> tuple[Ticks, Ticks]:
        return (
            count_ticks(*mapping.x_range, mapping.width, X_GAP),
            log_ticks(*mapping.y_range, mapping.height, UP),
        )

    def _begin(self, snapshot: Snapshot) -> None:  # noqa: ARG002
        for curve, losses in zip(self.curves, self._losses, strict=True):
            known = np.flatnonzero(np.isfinite(losses))
            curve.place(self.mapping, np.column_stack((known, losses[known])))

    def _place(self, snapshot: Snapshot) -> None:
        inset = 1 / self.mapping.per_y  # or the axis would be painted again in every frame
        bottom, top = self.mapping.y_range
        cursor = min(snapshot.cursor, self.mapping.x_range[1])
        upright = np.array([[cursor, bottom + inset], [cursor, top - inset]])
        self.cursor_line.place(self.mapping, upright)
        for marker, losses in zip(self.markers, self._losses, strict=True):
            row = min(snapshot.cursor, len(losses) - 1)
            known = row <= self.mapping.x_range[1] and math.isfinite(losses[row])
            marker.place(self.mapping, (row, float(losses[row])) if known else None)

    def _restyle(self) -> None:
        super()._restyle()
        theme = self.theme
        self.cursor_line.setPen(pen(theme.cursor, 1.0, Qt.PenStyle.DotLine))
        for marker, colour in zip(self.markers, scale_colours(theme), strict=True):
            marker.paint_as(colour, pen(theme.rim, 1.2))


def _logarithms(losses: Vector) -> Vector:
    """log₁₀ of losses; NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(losses > 0, np.log10(losses), np.nan)
