"""The loss of all runs against the iterations, epochs or points seen, and travelling through it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from engine.descent.history import Rows
from engine.live.snapshot import RunView, Snapshot
from engine.problem.problem import Problem
from engine.types import Vector
from gui.run_looks import RunLooks
from gui.settings import LossAxis
from gui.style import mix
from gui.text import loss_symbol, optimum_name
from gui.views.items import Marker, StraightLine, disc, draw_segments, pen
from gui.views.labels import Label
from gui.views.legend import Entry
from gui.views.mapping import SANE_PIXELS, Mapping
from gui.views.other_runs import OTHER_LINE, is_due, most_lines, run_entries
from gui.views.plot import PlotView
from gui.views.ranges import Range, linear_range, log_range, rounded_up
from gui.views.raster import Curve, CurveLayer, Piece, RasterLayer, line_pen
from gui.views.ticks import X_GAP, Y_GAP, Ticks, count_ticks, linear_ticks, log_ticks

AXES: tuple[LossAxis, ...] = get_args(LossAxis)

SHORTEST = 50
"""Iterations that the axis spans at least."""

LEFT_MARGIN = 0.03
RIGHT_MARGIN = 0.03
DEEP = 1e-9
"""A floor less than this share of the start's loss is shown only when the loss comes near it."""

EPOCH_GAP = 8.0
"""Pixels between two epochs from which on they are marked."""

EPOCH_LABEL_GAP = 2.0
"""Pixels between the end of the first epoch and its name."""

LEAST_GROWTH, LEAST_OWN_GROWTH = 2.0, 1.0
"""Pixels by which another run's curve, or the selected one's, grows at least while playing.

Short strokes cost more, and the run's marker stands over the end.
"""

SOME_POINTS = 100
"""Points of a curve by which the legend gives way to it."""

LINE, LINE_AMONG_OTHERS = 2.0, 2.6


@dataclass(slots=True)
class _Extremes:
    """The smallest positive and the largest of the losses of one generation seen so far."""

    rows: int = 0
    low: float = math.inf
    high: float = -math.inf

    def see(self, losses: Vector, most: float) -> None:
        """Take in the rows that are new, less those that are absurdly large."""
        fresh = losses[self.rows :]
        self.rows = len(losses)
        if not len(fresh):
            return
        low, high = float(fresh.min()), float(fresh.max())
        if not (low > 0 and high <= most and math.isfinite(high)):  # some are to be left out
            fresh = np.minimum(fresh[np.isfinite(fresh)], most)
            low = float(fresh.min(initial=math.inf, where=fresh > 0))
            high = float(fresh.max(initial=-math.inf))
        self.low, self.high = min(self.low, low), max(self.high, high)


class LossView(PlotView):
    """Training loss of every run up to the cursor; of the selected one all else that is known.

    Where runs that minimise different losses are drawn together, each is divided by its training
    loss at the start, and the axis says so.

    Signals
    -------
    cursor_chosen(int)
        An iteration to travel to.
    log_scale_chosen(bool)
        The losses' axis was asked to be logarithmic, or not.
    axis_chosen(str)
        One of AXES: what the user wants the losses drawn against.
    """

    cursor_chosen = Signal(int)
    log_scale_chosen = Signal(bool)
    axis_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log_scale = True
        self._axis: LossAxis = "iterations"
        self._is_relative = False
        self._looks = RunLooks()
        self._named: tuple[object, ...] = ()
        self._marked: tuple[object, ...] = ()
        self._extremes: dict[tuple[int, str], _Extremes] = {}
        self._build_items()
        self._build_tools()
        self._dress()
        self.retranslate()

    def _build_items(self) -> None:
        self.ghost = CurveLayer(self.box, -90)
        self.others = RasterLayer(self.box, -85)
        self.beyond = [CurveLayer(self.box, -81), CurveLayer(self.box, -80)]
        self.batch = CurveLayer(self.box, -75)
        self.curves = [CurveLayer(self.box, -70), CurveLayer(self.box, -71)]
        self.floor = StraightLine(self.box, -75)
        self.cursor_line = StraightLine(self.box, -10)
        self.marker = Marker(self.box, disc(4.5), 10)
        self.epoch_label = Label(self.box, 20)
        self._first_epoch: float | None = None  # pixels from the left
        self.other_markers: list[Marker] = []
        self._other_curves: dict[int, Curve] = {}
        self._painted_others: dict[int, int] = {}

    def _build_tools(self) -> None:
        self.axis_choice = QComboBox()
        self.axis_choice.activated.connect(self._on_axis_chosen)
        self.log_button = QToolButton()
        self.log_button.setCheckable(True)
        self.log_button.setChecked(self._log_scale)
        self.log_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.log_button.clicked.connect(self.log_scale_chosen)
        for tool in (self.axis_choice, self.log_button):
            self.tools.addWidget(tool)

    @property
    def log_scale(self) -> bool:
        """Whether the losses' axis is logarithmic."""
        return self._log_scale

    @log_scale.setter
    def log_scale(self, on: bool) -> None:
        self.log_button.setChecked(on)
        if on != self._log_scale:
            self._log_scale = on
            self._invalidate()

    @property
    def axis(self) -> LossAxis:
        """What the losses are drawn against."""
        return self._axis

    def set_axis(self, axis: LossAxis) -> None:
        """Draw the losses against something else."""
        self.axis_choice.setCurrentIndex(AXES.index(axis))
        if axis != self._axis:
            self._axis = axis
            self._name()
            self._invalidate()

    def set_looks(self, looks: RunLooks) -> None:
        """Draw the runs that are to be shown."""
        self._looks = looks
        self._restyle()
        self._invalidate()

    @Slot(int)
    def _on_axis_chosen(self, index: int) -> None:
        self.set_axis(AXES[index])
        self.axis_chosen.emit(AXES[index])

    def retranslate(self) -> None:
        self.set_title(self.tr("Loss"))
        texts = (self.tr("iterations"), self.tr("epochs"), self.tr("points seen"))
        self.axis_choice.clear()
        self.axis_choice.addItems(texts)
        self.axis_choice.setCurrentIndex(AXES.index(self._axis))
        self.axis_choice.setToolTip(self.tr("What the loss is drawn against"))
        self.axis_choice.setAccessibleName(self.tr("What the loss is drawn against"))
        self.log_button.setText(self.tr("log"))
        self.log_button.setToolTip(self.tr("Logarithmic axis (L)"))
        self._name()
        super().retranslate()

    def _name(self) -> None:
        kind = "mse" if self._snapshot is None else self._snapshot.problem.neuron.loss_kind
        names = {
            "iterations": self.tr("iteration"),
            "epochs": self.tr("epochs"),
            "points": self.tr("points seen"),
        }
        losses = self.tr("loss ÷ loss at the start") if self._is_relative else loss_symbol(kind)
        self.set_axis_labels(names[self._axis], losses)

    # From rows to the axis and back

    def _x_of(self, run: RunView, row: float) -> float:
        """Where a row of a run, also one that it has not come to, is on the axis."""
        if self._axis == "iterations":
            return row
        return run.epochs.at(row) * (run.epochs.n if self._axis == "points" else 1)

    def _row_of(self, run: RunView, x: float) -> float:
        if self._axis == "iterations":
            return x
        return run.epochs.row_at(x / (run.epochs.n if self._axis == "points" else 1))

    def _pieces(self, run: RunView) -> tuple[Piece, ...]:
        """Mappings with the rows of a run as their x, from each row at which that changes."""
        mapping = self.mapping
        if self._axis == "iterations":
            return ((0, mapping),)
        per_epoch = run.epochs.n if self._axis == "points" else 1
        pieces = []
        for stretch in run.epochs.stretches:
            left, right = (
                stretch.first + (x / per_epoch - stretch.epoch) * stretch.steps
                for x in mapping.x_range
            )
            size = (mapping.width, mapping.height, mapping.ratio)
            pieces.append((stretch.first, Mapping((left, right), mapping.y_range, *size)))
        return tuple(pieces)

    # Ranges

    def scaled(self, loss: Vector) -> Vector:
        """Losses in the units of the axis; NaN where there is none or no place for it."""
        if not self._log_scale:
            return loss
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(loss > 0, np.log10(loss), np.nan)

    def _unit(self, run: RunView) -> float:
        """What losses of a run are divided by: 1, or the first one where it is a unit."""
        return _first_loss(run) if self._is_relative else 1.0

    def _in_units(self, run: RunView, losses: Vector) -> Vector:
        """Losses of a run as they are drawn."""
        return losses / self._unit(run) if self._is_relative else losses

    def _floor(self, snapshot: Snapshot) -> float:
        """What the selected run's training loss falls towards, as it is drawn."""
        return _floor(snapshot.problem) / self._unit(snapshot.run)

    def _aim(self, snapshot: Snapshot) -> None:
        runs = self._looks.shown(snapshot)
        self._is_relative = len({snapshot.problem_of(run).neuron for run in runs}) > 1
        named = (snapshot.problem, self._axis, self._is_relative)
        if self._named != named:
            self._named = named
            self._name()
        ends = [self._x_of(run, max(SHORTEST, run.head)) for run in runs]
        length = rounded_up(max(*ends, self._x_of(snapshot.run, snapshot.cursor)))
        x_range = (-LEFT_MARGIN * length, (1 + RIGHT_MARGIN) * length)
        self.set_ranges(x_range, self._losses_range(snapshot))
        marked = (snapshot.run.epochs, self._axis)
        if self._marked != marked:  # they are painted with what stands still
            self._marked, self._stale = marked, True

    def _losses_range(self, snapshot: Snapshot) -> Range:
        seen: dict[tuple[int, str], _Extremes] = {}
        firsts, lows, highs = [], [], []
        for run in self._looks.framing(snapshot):
            unit = self._unit(run)
            parts = {"train": run.rows.train_loss}
            if run is snapshot.run:
                parts["validation"] = run.rows.validation_loss
            for part, losses in parts.items():
                key = (run.generation, part)
                seen[key] = self._extremes.get(key) or _Extremes()
                start = float(run.rows.train_loss[0])
                seen[key].see(losses, SANE_PIXELS * start if start > 0 else math.inf)
                firsts.append(float(losses[0]) / unit)
                lows.append(seen[key].low / unit)
                highs.append(seen[key].high / unit)
        self._extremes = seen
        low, high = min(lows), max(highs)
        first = np.array(firsts)
        return self._range_of(self._floor(snapshot), first[np.isfinite(first)], low, high)

    def _range_of(self, floor: float, first: Vector, low: float, high: float) -> Range:
        start = self.scaled(first)
        start = start[np.isfinite(start)]
        if not len(start):
            return (-1.0, 1.0)
        highest = float(start.max())
        if not self._log_scale:
            return linear_range(highest, high)
        lowest = float(start.min())
        if floor > DEEP * float(first[0]):
            lowest = min(lowest, math.log10(floor))
        return log_range((lowest, highest), (math.log10(low), math.log10(high)))

    def _ticks(self, mapping: Mapping) -> tuple[Ticks, Ticks]:
        vertical = log_ticks if self._log_scale else linear_ticks
        whole = self._axis != "epochs"
        return (
            count_ticks(*mapping.x_range, mapping.width, X_GAP, whole),
            vertical(*mapping.y_range, mapping.height, Y_GAP),
        )

    # Painting

    def _paint_still(self, snapshot: Snapshot) -> None:
        floor = float(self.scaled(np.array([self._floor(snapshot)]))[0])
        bottom, top = self.mapping.y_range
        shown = bottom <= floor <= top
        span = np.array(self.mapping.x_range)
        self.floor.place(self.mapping, np.column_stack((span, [floor] * 2)) if shown else None)
        self._mark_epochs(snapshot.run)
        self._name_epoch()

    def _mark_epochs(self, run: RunView) -> None:
        """Mark where the epochs of the selected run begin, and name the end of the first."""
        self._first_epoch = None
        if not run.epochs.has_batches:
            return
        last = math.floor(run.epochs.at(self._row_of(run, self.mapping.x_range[1])))
        epochs = range(1, min(last, int(self.mapping.width)) + 1)
        at = [self._x_of(run, run.epochs.row_at(epoch)) for epoch in epochs]
        x = np.floor(self.mapping.to_pixels(np.array(at), np.zeros(len(at)))[:, 0]) + 0.5
        x = x[np.diff(x, prepend=self.mapping.pixel(0.0, 0.0)[0]) >= EPOCH_GAP]
        if not len(x):
            return
        painter = self.still.painter()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen(mix(self.theme.faint, self.theme.plot, 0.45)))
        draw_segments(painter, np.column_stack((x, 0 * x, x, 0 * x + self.mapping.height)))
        painter.end()
        self._first_epoch = float(x[0])

    def _settle_legend(self, snapshot: Snapshot) -> None:
        super()._settle_legend(snapshot)
        self._name_epoch()

    def _name_epoch(self) -> None:
        """Name the first epoch beside its line, where the legend leaves room for it."""
        if self._first_epoch is None:
            self.epoch_label.clear()
            return
        text = self.tr("epoch 1")
        aside = EPOCH_LABEL_GAP + self.epoch_label.width_of(text) / 2
        spots = [
            QPointF(self._first_epoch + side * aside, y)
            for y in (0.0, self.mapping.height - 1)
            for side in (1, -1)
        ]
        self.epoch_label.show_near(text, spots, self.mapping.rect, self._covered())

    def _begin(self, snapshot: Snapshot) -> None:
        run, pieces = snapshot.run, self._pieces(snapshot.run)
        train, validation = self._pens(snapshot)
        for layer, line in zip(self.curves, (train, validation), strict=True):
            layer.begin(self.mapping, line, self.scaled, pieces=pieces)
        self.batch.begin(self.mapping, self._batch_pen(snapshot), self.scaled, pieces=pieces)
        grey = line_pen(self.theme.beyond, 1.2)
        for layer in self.beyond:
            layer.begin(self.mapping, grey, self.scaled, run.cursor, pieces)
        self._painted, self._painted_beyond = 0, run.cursor
        self._begin_others(snapshot)
        self._paint_ghost(snapshot)
        self._write_legend(snapshot)

    def _begin_others(self, snapshot: Snapshot) -> None:
        self.others.reset(self.mapping)
        self._other_curves, self._painted_others = {}, {}
        for i in self._looks.drawn(snapshot.selected, len(snapshot.runs))[:-1]:
            curve = Curve(self.others)
            line = self._looks.pen(i, self.theme, OTHER_LINE)
            curve.begin(self._pieces(snapshot.runs[i]), line, self.scaled)
            self._other_curves[i], self._painted_others[i] = curve, 0
        while len(self.other_markers) < len(self._other_curves):
            self.other_markers.append(Marker(self.box, disc(3.5), 5))
        for marker in self.other_markers:
            marker.hide()
        for marker, i in zip(self.other_markers, self._other_curves, strict=False):
            marker.setPath(self._looks.marker(i, 3.5))
            marker.paint_as(self._looks.colour(i, self.theme), pen(self.theme.rim, 1.0))
        self.marker.setPath(self._looks.marker(snapshot.selected, 4.5))
        colour = self._looks.colour(snapshot.selected, self.theme)
        self.marker.paint_as(colour, pen(self.theme.rim, 1.5))

    def _paint_ghost(self, snapshot: Snapshot) -> None:
        ghost = snapshot.ghost
        self.ghost.begin(self.mapping, line_pen(self.theme.ghost, 1.4), self.scaled)
        if ghost is not None and self._axis == "iterations":  # its epochs may have been others
            shown = math.ceil(self.mapping.x_range[1]) + 1
            self.ghost.extend(self._in_units(snapshot.run, ghost.train_loss[:shown]))

    def _extend(self, snapshot: Snapshot) -> None:
        run, reached, behind = snapshot.run, snapshot.row + 1, snapshot.row < snapshot.head
        self._extend_others(snapshot)
        if not self._has_grown(snapshot, run, self._painted, LEAST_OWN_GROWTH):
            return
        if _has_own_loss(snapshot):
            self.batch.extend(self._in_units(run, run.rows.loss[self._painted : reached]))
        shown = 1 if snapshot.problem.validation is None else 2
        for losses, curve, beyond in zip(
            _losses(run.rows)[:shown], self.curves[:shown], self.beyond[:shown], strict=True
        ):
            curve.extend(self._in_units(run, losses[self._painted : reached]))
            if behind:
                beyond.extend(self._in_units(run, losses[self._painted_beyond :]))
            else:
                beyond.move_to(snapshot.row)
        self._painted = reached
        self._painted_beyond = len(snapshot.rows) if behind else snapshot.row

    def _extend_others(self, snapshot: Snapshot) -> None:
        """Go on with the other curves, while playing only where there is something to see of it."""
        for i, other in self._other_curves.items():
            run, painted = snapshot.runs[i], self._painted_others[i]
            has_grown = self._has_grown(snapshot, run, painted, LEAST_GROWTH)
            if has_grown and is_due(snapshot, i, self.frames_drawn, painted):
                other.extend(self._in_units(run, run.rows.train_loss[painted : run.cursor + 1]))
                self._painted_others[i] = run.cursor + 1

    def _has_grown(self, snapshot: Snapshot, run: RunView, painted: int, least: float) -> bool:
        """Whether a curve is to go on from so many rows; while playing by ``least`` pixels."""
        grown = self._x_of(run, run.cursor + 1) - self._x_of(run, painted)
        return not snapshot.playing or painted == 0 or grown * self.mapping.per_x >= least

    def _place(self, snapshot: Snapshot) -> None:
        x = self._x_of(snapshot.run, snapshot.cursor)
        inset = 1 / self.mapping.per_y  # or the axis would be painted again in every frame
        bottom, top = self.mapping.y_range
        upright = np.array([[x, bottom + inset], [x, top - inset]])
        self.cursor_line.place(self.mapping, upright)
        self._place_marker(self.marker, snapshot.run)
        for marker, i in zip(self.other_markers, self._other_curves, strict=False):
            self._place_marker(marker, snapshot.runs[i])

    def _place_marker(self, marker: Marker, run: RunView) -> None:
        losses = self._in_units(run, run.rows.train_loss[run.cursor : run.cursor + 1])
        loss = float(self.scaled(losses)[0])
        bottom, top = self.mapping.y_range
        shown = bottom <= loss <= top if len(self._other_curves) else math.isfinite(loss)
        marker.place(self.mapping, (self._x_of(run, run.cursor), loss) if shown else None)

    # Looks

    def _pens(self, snapshot: Snapshot) -> tuple[QPen, QPen]:
        """Pens of the selected run's training and validation loss."""
        is_alone = len(self._looks.drawn(snapshot.selected, len(snapshot.runs))) == 1
        width = LINE if is_alone else LINE_AMONG_OTHERS
        train = self._looks.pen(snapshot.selected, self.theme, width)
        return train, line_pen(self.theme.data, 1.4)

    def _batch_pen(self, snapshot: Snapshot) -> QPen:
        colour = self._looks.colour(snapshot.selected, self.theme)
        return line_pen(mix(colour, self.theme.plot, 0.45), 1.0)

    def _restyle(self) -> None:
        theme = self.theme
        self.epoch_label.dress(theme, self.font(), theme.faint)
        self.floor.setPen(pen(theme.optimum, 1.4, Qt.PenStyle.DashLine))
        self.cursor_line.setPen(pen(theme.cursor, 1.0, Qt.PenStyle.DotLine))

    def _write_legend(self, snapshot: Snapshot) -> None:
        train, validation = self._pens(snapshot)
        most = most_lines(self.mapping, self.font())
        runs = run_entries(self._looks, snapshot, self.theme, most)
        entries = runs or [Entry(self.tr("training"), train)]
        if _has_own_loss(snapshot):
            is_batch = snapshot.run.place.size is not None
            text = self.tr("batch") if is_batch else self.tr("with penalty")
            entries.append(Entry(text, self._batch_pen(snapshot)))
        if snapshot.problem.validation is not None:
            entries.append(Entry(self.tr("validation"), validation))
        if self.floor.isVisible():
            entries.append(Entry(optimum_name(snapshot.problem), self.floor.pen()))
        if snapshot.ghost is not None and self._axis == "iterations":
            entries.append(Entry(self.tr("before the change"), line_pen(self.theme.ghost, 1.4)))
        self.legend.write(tuple(entries), self.font(), self.theme.text, self.theme.plot)

    def _crowd(self, snapshot: Snapshot) -> Vector:
        drawn = self._looks.shown(snapshot)
        curves = [self._pixels_of(run, run.rows.train_loss) for run in drawn]
        curves.append(self._pixels_of(snapshot.run, snapshot.rows.validation_loss))
        if _has_own_loss(snapshot):
            curves.append(self._pixels_of(snapshot.run, snapshot.rows.loss))
        return np.concatenate([self._dotted(curve) for curve in curves])

    def _pixels_of(self, run: RunView, losses: Vector) -> Vector:
        """Some points of a curve."""
        rows = np.linspace(0, run.head, SOME_POINTS).astype(np.intp)
        x = np.array([self._x_of(run, row) for row in rows.tolist()], dtype=float)
        return self.mapping.to_pixels(x, self.scaled(self._in_units(run, losses[rows])))

    def _spot(self) -> QPointF | None:
        return self.marker.pos() if self.marker.isVisible() else None

    # The mouse

    def _on_mouse(self, event: QMouseEvent) -> None:
        pressed = event.type() == QEvent.Type.MouseButtonPress
        held = event.type() == QEvent.Type.MouseMove
        if (pressed or held) and event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def _choose(self, position: QPointF) -> None:
        if self._snapshot is None:
            return
        pixel = self.pixel_under(position)
        x = self.mapping.to_data(pixel.x(), pixel.y())[0]
        row = round(self._row_of(self._snapshot.run, x))
        self.cursor_chosen.emit(min(max(row, 0), self._snapshot.longest))


def _has_own_loss(snapshot: Snapshot) -> bool:
    """Whether what is descended is not the training loss: that of a batch, or with a penalty."""
    return snapshot.run.place.size is not None or bool(snapshot.problem.penalty)


def _first_loss(run: RunView) -> float:
    """The training loss of a run's row 0; 1 where nothing can be a share of it."""
    first = float(run.rows.train_loss[0])
    return first if math.isfinite(first) and first > 0 else 1.0


def _losses(rows: Rows) -> tuple[Vector, Vector]:
    return rows.train_loss, rows.validation_loss


def _floor(problem: Problem) -> float:
    """The training loss at the optimum; what it falls towards where there is none."""
    best = problem.optimum.params
    return problem.optimum.loss if best is None else float(problem.train.loss(best.tolist()))
