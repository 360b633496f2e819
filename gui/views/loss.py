"""The loss against the iterations, and travelling through them."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.descent.history import Rows
from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from engine.types import Vector
from gui.style import mix
from gui.text import loss_symbol, optimum_name
from gui.views.items import Marker, StraightLine, disc, pen
from gui.views.legend import Entry
from gui.views.mapping import SANE_PIXELS, Mapping
from gui.views.plot import PlotView
from gui.views.ranges import Range, linear_range, log_range, rounded_up
from gui.views.raster import CurveLayer, line_pen
from gui.views.ticks import X_GAP, Y_GAP, Ticks, linear_ticks, log_ticks

SHORTEST = 50
"""Iterations that the axis spans at least."""

LEFT_MARGIN = 0.03
RIGHT_MARGIN = 0.03
DEEP = 1e-9
"""A floor less than this share of the start's loss is shown only when the loss comes near it."""


class LossView(PlotView):
    """Training and validation loss of the selected run up to the cursor, the rest in grey."""

    cursor_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log_scale = True
        self._aimed: tuple[object, ...] = ()
        self._rows_seen = 0
        self._extremes: Range = (math.inf, -math.inf)
        self._build_items()
        self._dress()
        self.retranslate()

    def _build_items(self) -> None:
        self.ghost = CurveLayer(self.box, -90)
        self.beyond = [CurveLayer(self.box, -81), CurveLayer(self.box, -80)]
        self.batch = CurveLayer(self.box, -75)
        self.curves = [CurveLayer(self.box, -70), CurveLayer(self.box, -71)]
        self.floor = StraightLine(self.box, -75)
        self.cursor_line = StraightLine(self.box, -10)
        self.marker = Marker(self.box, disc(4.5), 10)

    @property
    def log_scale(self) -> bool:
        """Whether the losses' axis is logarithmic."""
        return self._log_scale

    @log_scale.setter
    def log_scale(self, on: bool) -> None:
        if on != self._log_scale:
            self._log_scale = on
            self._invalidate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Loss"))
        self._name()
        super().retranslate()

    def _name(self) -> None:
        kind = "mse" if self._snapshot is None else self._snapshot.problem.neuron.loss_kind
        self.set_axis_labels(self.tr("iteration"), loss_symbol(kind))

    # Ranges

    def scaled(self, loss: Vector) -> Vector:
        """Losses in the units of the axis; NaN where there is none or no place for it."""
        if not self._log_scale:
            return loss
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(loss > 0, np.log10(loss), np.nan)

    def _aim(self, snapshot: Snapshot) -> None:
        aimed = (snapshot.problem, snapshot.generation, snapshot.selected, self._log_scale)
        if self._aimed != aimed:
            self._aimed = aimed
            self._rows_seen, self._extremes = 0, (math.inf, -math.inf)
            self._name()
        self._see(snapshot)
        length = rounded_up(max(SHORTEST, snapshot.longest))
        self.set_ranges(
            (-LEFT_MARGIN * length, (1 + RIGHT_MARGIN) * length), self._losses_range(snapshot)
        )

    def _see(self, snapshot: Snapshot) -> None:
        """Take the new rows' losses into the extremes, less those that are absurdly large."""
        fresh = np.concatenate([losses[self._rows_seen :] for losses in _losses(snapshot.rows)])
        self._rows_seen = len(snapshot.rows)
        start = float(snapshot.rows.train_loss[0])
        most = SANE_PIXELS * start if start > 0 else math.inf
        fresh = self.scaled(np.minimum(fresh, most))
        low, high = self._extremes
        fresh = fresh[np.isfinite(fresh)]
        if len(fresh):
            self._extremes = (min(low, float(fresh.min())), max(high, float(fresh.max())))

    def _losses_range(self, snapshot: Snapshot) -> Range:
        first = np.array([losses[0] for losses in _losses(snapshot.rows)])
        start = self.scaled(first[np.isfinite(first)])
        start = start[np.isfinite(start)]
        low, high = self._extremes
        if not len(start) or low > high:
            return (-1.0, 1.0)
        highest = float(start.max())
        if not self._log_scale:
            return linear_range(highest, high)
        lowest, floor = float(start.min()), _floor(snapshot.problem)
        if floor > DEEP * float(first[0]):
            lowest = min(lowest, math.log10(floor))
        return log_range((lowest, highest), (low, high))

    def _ticks(self, mapping: Mapping) -> tuple[Ticks, Ticks]:
        vertical = log_ticks if self._log_scale else linear_ticks
        return (
            _whole(linear_ticks(*mapping.x_range, mapping.width, X_GAP)),
            vertical(*mapping.y_range, mapping.height, Y_GAP),
        )

    # Painting

    def _paint_still(self, snapshot: Snapshot) -> None:
        floor = float(self.scaled(np.array([_floor(snapshot.problem)]))[0])
        bottom, top = self.mapping.y_range
        shown = bottom <= floor <= top
        span = np.array(self.mapping.x_range)
        self.floor.place(self.mapping, np.column_stack((span, [floor] * 2)) if shown else None)

    def _begin(self, snapshot: Snapshot) -> None:
        train, validation = self._pens()
        for layer, line in zip(self.curves, (train, validation), strict=True):
            layer.begin(self.mapping, line, self.scaled)
        self.batch.begin(self.mapping, self._batch_pen(), self.scaled)
        grey = line_pen(self.theme.beyond, 1.2)
        for layer in self.beyond:
            layer.begin(self.mapping, grey, self.scaled, snapshot.row)
        self._painted, self._painted_beyond = 0, snapshot.row
        self._paint_ghost(snapshot.ghost)
        self._write_legend(snapshot)

    def _paint_ghost(self, ghost: Rows | None) -> None:
        self.ghost.begin(self.mapping, line_pen(self.theme.ghost, 1.4), self.scaled)
        if ghost is not None:
            shown = math.ceil(self.mapping.x_range[1]) + 1
            self.ghost.extend(ghost.train_loss[:shown])

    def _extend(self, snapshot: Snapshot) -> None:
        reached, behind = snapshot.row + 1, snapshot.row < snapshot.head
        if _has_own_loss(snapshot):
            self.batch.extend(snapshot.rows.loss[self._painted : reached])
        shown = 1 if snapshot.problem.validation is None else 2
        for losses, curve, beyond in zip(
            _losses(snapshot.rows)[:shown], self.curves[:shown], self.beyond[:shown], strict=True
        ):
            curve.extend(losses[self._painted : reached])
            if behind:
                beyond.extend(losses[self._painted_beyond :])
            else:
                beyond.move_to(snapshot.row)
        self._painted = reached
        self._painted_beyond = len(snapshot.rows) if behind else snapshot.row

    def _place(self, snapshot: Snapshot) -> None:
        row, cursor = snapshot.row, snapshot.cursor
        loss = float(self.scaled(snapshot.rows.train_loss[row : row + 1])[0])
        inset = 1 / self.mapping.per_y  # or the axis would be painted again in every frame
        bottom, top = self.mapping.y_range
        upright = np.array([[cursor, bottom + inset], [cursor, top - inset]])
        self.cursor_line.place(self.mapping, upright)
        self.marker.place(self.mapping, (row, loss) if math.isfinite(loss) else None)

    # Looks

    def _pens(self) -> tuple[QPen, QPen]:
        return line_pen(self.theme.fit, 2.0), line_pen(self.theme.data, 1.4)

    def _batch_pen(self) -> QPen:
        return line_pen(mix(self.theme.fit, self.theme.plot, 0.45), 1.0)

    def _restyle(self) -> None:
        theme = self.theme
        self.floor.setPen(pen(theme.optimum, 1.4, Qt.PenStyle.DashLine))
        self.cursor_line.setPen(pen(theme.cursor, 1.0, Qt.PenStyle.DotLine))
        self.marker.paint_as(theme.fit, pen(theme.rim, 1.5))

    def _write_legend(self, snapshot: Snapshot) -> None:
        train, validation = self._pens()
        entries = [Entry(self.tr("training"), train)]
        if _has_own_loss(snapshot):
            is_batch = snapshot.run.place.size is not None
            text = self.tr("batch") if is_batch else self.tr("with penalty")
            entries.append(Entry(text, self._batch_pen()))
        if snapshot.problem.validation is not None:
            entries.append(Entry(self.tr("validation"), validation))
        if self.floor.isVisible():
            entries.append(Entry(optimum_name(snapshot.problem), self.floor.pen()))
        if snapshot.ghost is not None:
            entries.append(Entry(self.tr("before the change"), line_pen(self.theme.ghost, 1.4)))
        self.legend.write(tuple(entries), self.font(), self.theme.text, self.theme.plot)

    def _crowd(self, snapshot: Snapshot) -> Vector:
        rows = np.linspace(0, snapshot.head, 300).astype(np.intp)
        curves = [
            self.mapping.to_pixels(rows.astype(float), self.scaled(losses[rows]))
            for losses in _losses(snapshot.rows)
        ]
        return np.concatenate(curves)

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
        row = round(self.mapping.to_data(pixel.x(), pixel.y())[0])
        self.cursor_chosen.emit(min(max(row, 0), self._snapshot.longest))


def _has_own_loss(snapshot: Snapshot) -> bool:
    """Whether what is descended is not the training loss: that of a batch, or with a penalty."""
    return snapshot.run.place.size is not None or bool(snapshot.problem.penalty)


def _losses(rows: Rows) -> tuple[Vector, Vector]:
    return rows.train_loss, rows.validation_loss


def _floor(problem: Problem) -> float:
    """The training loss at the optimum; what it falls towards where there is none."""
    best = problem.optimum.params
    return problem.optimum.loss if best is None else float(problem.train.loss(best.tolist()))


def _whole(ticks: Ticks) -> Ticks:
    """Only ticks at numbers of iterations that there are."""
    major = tuple((v, text) for v, text in ticks.major if v >= 0 and v == round(v))
    return Ticks(major, tuple(v for v in ticks.minor if v >= 0))
