"""What all plots share: axes, grid, legend, theme, and the way from a snapshot to a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGraphicsItem,
    QGraphicsView,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.live.snapshot import Snapshot
from engine.types import Vector
from gui.style import Theme
from gui.title import Title
from gui.views.bounds import Axis, Box
from gui.views.items import draw_segments, pen
from gui.views.legend import Legend
from gui.views.mapping import BLANK, Mapping
from gui.views.ranges import Range
from gui.views.raster import RasterLayer
from gui.views.segments import dotted
from gui.views.ticks import X_GAP, Y_GAP, Ticks, linear_ticks
from gui.views.view import RUSH_ROWS, View, dress_label

AXIS_STEP = 8
"""An axis gets wider in steps of so many pixels, lest the plot jump with every label."""

CROWD_GAP = 6.0
"""Pixels between two dots of a line that a legend should not cover."""

NARROWEST_AXIS = 56
RIGHT_MARGIN = 14
"""Pixels beside the plot into which the last label may reach."""

TOOLS_GAP = 8
"""Pixels between the title and the tools beside it."""

LABEL_MARGIN = 8.0
"""Pixels around the text of an axis' name."""

RUSH_FRAMES = 4
"""Frames of which one looks at the ranges and writes labels while rows rush by."""

LEAST_LABEL = 60.0
"""Pixels that an axis' name gets at least, also before the plot has a size."""


class PlotView(View):
    """A plot of the current snapshot.

    A subclass aims (chooses ranges), paints what stands still, adds the new rows to what it
    has painted, and places what moves. Drawing costs the difference between two snapshots;
    all is painted again only when the ranges, the size, the theme or the history change.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames_drawn = 0
        self.is_readable = True
        self._settled_in = (0.0, 0.0)
        self.mapping = BLANK
        self.ticks = (Ticks((), ()), Ticks((), ()))
        self._snapshot: Snapshot | None = None
        self._drawn: Snapshot | None = None
        self._ratio: float | None = None
        self._asked: tuple[Range, Range] | None = None
        self._stale = True
        self._busy = False
        self._was_covered = False
        self._axis_names: dict[str, str] = {}
        self._build()
        self.still = RasterLayer(self.box, -100, QColor(self.theme.plot))
        self.legend = Legend(self.box)
        self._cache(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._refresh.timeout.connect(self._draw_if_visible)

    def _build(self) -> None:
        self.title = Title()
        self.note = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        self.note.hide()
        self.tools = QHBoxLayout()
        self.plot = _plot_widget()
        self.box = self.plot.getViewBox()
        self.plot.viewport().installEventFilter(self)
        self.box.sigResized.connect(self._on_resized)
        self._header = QGridLayout()
        self._header.setContentsMargins(8, 6, 8, 0)
        self._header.setVerticalSpacing(0)
        self._header.setHorizontalSpacing(TOOLS_GAP)
        self._header.setColumnStretch(0, 1)
        self._header.addWidget(self.title, 0, 0)
        self._header.addLayout(self.tools, 0, 1)
        self._header.addWidget(self.note, 1, 0, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._header)
        layout.addWidget(self.plot, 1)

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot; while hidden, only remember it for when the view is shown."""
        self._snapshot = snapshot
        self._draw_if_visible()

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        if theme is self.theme:
            return
        self.theme = theme
        self._dress()
        self._invalidate()

    def retranslate(self) -> None:
        """Write all texts anew."""
        self._invalidate()

    def set_title(self, text: str) -> None:
        """Set what stands above the plot."""
        self.title.setText(text)

    def set_axis_labels(self, bottom: str, left: str) -> None:
        """Name the axes; the names may come from the user's table and are taken literally."""
        self._axis_names = {"bottom": bottom, "left": left}
        self._fit_axis_labels()

    def _fit_axis_labels(self) -> None:
        """Shorten the axes' names to the room that there is."""
        metrics = QFontMetricsF(self.font())
        room = {"bottom": self.mapping.width, "left": self.mapping.height}
        for side, text in self._axis_names.items():
            elide = Qt.TextElideMode.ElideMiddle
            width = max(room[side] - LABEL_MARGIN, LEAST_LABEL)
            shown = _literal(metrics.elidedText(text, elide, width))
            axis = self.plot.getAxis(side)
            if axis.labelText != shown:
                axis.setLabel(shown, color=self.theme.text)
                axis.resizeEvent()  # pyqtgraph centres a label only then

    def set_note(self, text: str) -> None:
        """Set the small line below the title; an empty one takes no room."""
        if text != self.note.text():
            self.note.setText(text)
            self.note.setVisible(bool(text))

    def set_ranges(self, x: Range, y: Range) -> None:
        """Aim at ranges of the axes; the same ones cost nothing."""
        if (x, y) != self._asked:
            self._asked = (x, y)
            self.box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)

    def pixel_under(self, position: QPointF) -> QPointF:
        """The view box's pixel under one of the plot's viewport, also beside the plot."""
        pixel: QPointF = self.box.mapFromScene(self.plot.mapToScene(position.toPoint()))
        return pixel

    def pixel_at(self, position: QPointF) -> QPointF | None:
        """The plot's pixel under one of its viewport's; None beside the plot."""
        pixel = self.pixel_under(position)
        return pixel if self.box.rect().contains(pixel) else None

    def data_at(self, position: QPointF) -> tuple[float, float] | None:
        """The point of the data under a pixel of the plot's viewport; None beside the plot."""
        pixel = self.pixel_at(position)
        return None if pixel is None else self.mapping.to_data(pixel.x(), pixel.y())

    @contextmanager
    def at_ratio(self, ratio: float) -> Iterator[None]:
        """Paint everything at another resolution meanwhile, for a picture of the view.

        Parameters
        ----------
        ratio
            Pixels of the picture per logical pixel.
        """
        self._ratio = ratio
        self._cache(QGraphicsItem.CacheMode.NoCache)
        self._draw_if_visible()
        try:
            yield
        finally:
            self._ratio = None
            self._cache(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            self._draw_if_visible()

    def _cache(self, mode: QGraphicsItem.CacheMode) -> None:
        """Keep pictures of what seldom changes, at the screen's resolution, or none."""
        for item in (self.legend, self.plot.getAxis("bottom"), self.plot.getAxis("left")):
            item.setCacheMode(mode)

    # What a subclass does, in the order in which a frame goes through it.

    def _aim(self, snapshot: Snapshot) -> None:
        """Choose the ranges."""

    def _paint_still(self, snapshot: Snapshot) -> None:
        """Paint what stands still, in ``self.still`` over the grid."""

    def _begin(self, snapshot: Snapshot) -> None:
        """Clear what was painted of the history."""

    def _extend(self, snapshot: Snapshot) -> None:
        """Paint the rows that were not painted yet."""

    def _place(self, snapshot: Snapshot) -> None:
        """Put in place what moves."""

    def _crowd(self, snapshot: Snapshot) -> Vector:  # noqa: ARG002 - what has a legend uses it
        """Pixels (n, 2) over which a legend would lie badly."""
        return np.zeros((0, 2))

    def _dotted(self, points: Vector) -> Vector:
        """Dots along a line through pixels (n, 2), for the crowd."""
        return dotted(points, CROWD_GAP, self.mapping.width, self.mapping.height)

    def _spot(self) -> QPointF | None:
        """The pixel where the run is, if it moves about the plot."""
        return None

    def _restyle(self) -> None:
        """Give the items the theme's colours."""

    def _ticks(self, mapping: Mapping) -> tuple[Ticks, Ticks]:
        return (
            linear_ticks(*mapping.x_range, mapping.width, X_GAP),
            linear_ticks(*mapping.y_range, mapping.height, Y_GAP),
        )

    def _on_mouse(self, event: QMouseEvent) -> None:
        """Take notice of a mouse event over the plot."""

    def _on_leave(self) -> None:
        """Take notice that the mouse has left the plot."""

    # From here on: how a frame is made.

    @Slot()
    def _draw_if_visible(self) -> None:
        if self._snapshot is not None and self.isVisible() and not self._busy:
            self._busy = True
            try:
                self._draw(self._snapshot)
            finally:
                self._busy = False

    def _draw(self, snapshot: Snapshot) -> None:
        same_problem = self._drawn is not None and self._drawn.problem is snapshot.problem
        goes_on = same_problem and _goes_on(self._drawn, snapshot)
        rushes = self._rushes(snapshot)
        self.is_readable = not rushes or self.frames_drawn % RUSH_FRAMES == 0
        if not goes_on or self.is_readable:
            self._aim(snapshot)
        still = self._stale or not same_problem or self._measured() != self.mapping
        if still:
            self._lay_out(narrower=not same_problem)
            self._paint_grid()
            self._paint_still(snapshot)
        if still or not goes_on:
            self._begin(snapshot)
        self._extend(snapshot)
        self._place(snapshot)
        # where only the ranges have grown while rows rush by, the legend stays: looking takes time
        has_grown = rushes and (self.mapping.width, self.mapping.height) == self._settled_in
        self._look_after_legend(snapshot, still and not has_grown)
        self._drawn, self._stale = snapshot, False
        self.frames_drawn += 1

    def _rushes(self, snapshot: Snapshot) -> bool:
        """Whether rows go by so fast that a few frames more or less are not seen."""
        drawn = self._drawn
        return (
            drawn is not None and snapshot.playing and snapshot.cursor - drawn.cursor >= RUSH_ROWS
        )

    def _look_after_legend(self, snapshot: Snapshot, is_another: bool) -> None:
        """Let the legend find a place where the plot is another, or the run has come under it.

        What has no better place is not moved again before the run pauses: looking takes time.
        """
        drawn = self._drawn
        renewed = drawn is None or drawn.generation != snapshot.generation
        paused = drawn is not None and drawn.playing and not snapshot.playing
        if is_another or renewed or paused or (self._is_covered() and not self._was_covered):
            self._settle_legend(snapshot)
        self._was_covered = self._is_covered()

    def _is_covered(self) -> bool:
        """Whether the run has come under the legend."""
        spot = self._spot()
        return spot is not None and self.legend.boundingRect().contains(spot)

    def _covered(self) -> list[QRectF]:
        """Where the legend is, over which nothing is written."""
        return [self.legend.boundingRect()] if self.legend.isVisible() else []

    def _settle_legend(self, snapshot: Snapshot) -> None:
        self._settled_in = (self.mapping.width, self.mapping.height)
        self.legend.settle(*self._settled_in, self._crowd(snapshot))

    def _measured(self) -> Mapping:
        x, y = self.box.viewRange()
        size = self.box.rect()
        return Mapping(
            (x[0], x[1]),
            (y[0], y[1]),
            max(1.0, size.width()),
            max(1.0, size.height()),
            self._ratio or self.devicePixelRatioF(),
        )

    def _lay_out(self, narrower: bool) -> None:
        """Choose the ticks, and make the left axis as wide as its labels need."""
        left = self.plot.getAxis("left")
        ticks = self._ticks(self._measured())
        width = self._axis_width(ticks[1])
        if width > left.width() or narrower:
            left.setWidth(width)
            self.plot.plotItem.layout.activate()
        self.mapping = self._measured()
        self.ticks = self._ticks(self.mapping)
        self._fit_axis_labels()
        for side, axis_ticks in zip(("bottom", "left"), self.ticks, strict=True):
            minor = [(value, "") for value in axis_ticks.minor]
            self.plot.getAxis(side).setTicks([list(axis_ticks.major), minor])

    def _axis_width(self, ticks: Ticks) -> int:
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(text) for _, text in ticks.major), default=0.0)
        needed = int(widest + metrics.height() + 14)
        return max(NARROWEST_AXIS, -(-needed // AXIS_STEP) * AXIS_STEP)

    def _paint_grid(self) -> None:
        self.still.ground = QColor(self.theme.plot)
        self.still.reset(self.mapping)
        self.still.ink_all()
        x, y = self.ticks
        self.paint_grid_lines(x.minor, y.minor, QColor(self.theme.minor_grid))
        values = [[value for value, _ in ticks.major] for ticks in self.ticks]
        self.paint_grid_lines(values[0], values[1], QColor(self.theme.grid))

    def paint_grid_lines(self, x: Sequence[float], y: Sequence[float], colour: QColor) -> None:
        """Paint lines across the whole plot at positions of the axes, on whole pixels."""
        painter = self.still.painter()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen(colour))
        draw_segments(painter, self.grid_lines(x, y))
        painter.end()

    def grid_lines(self, x: Sequence[float], y: Sequence[float]) -> Vector:
        """Lines (m, 4) in pixels across the whole plot at positions of the axes."""
        mapping = self.mapping
        across = np.floor((np.asarray(x) - mapping.x_range[0]) * mapping.per_x) + 0.5
        down = np.floor((mapping.y_range[1] - np.asarray(y)) * mapping.per_y) + 0.5
        upright = np.column_stack((across, 0 * across, across, 0 * across + mapping.height))
        level = np.column_stack((0 * down, down, 0 * down + mapping.width, down))
        return np.concatenate((upright, level))

    def _invalidate(self) -> None:
        """Paint everything again."""
        self._stale = True
        self._draw_if_visible()

    @Slot()
    def _on_resized(self) -> None:
        self._draw_if_visible()

    def _dress(self) -> None:
        super()._dress()
        self.title.dress(self.theme, self.font())
        dress_label(self.note, self.theme.faint, self.font().pointSizeF())
        tools = (QComboBox().sizeHint().height(), QToolButton().sizeHint().height())
        self._header.setRowMinimumHeight(0, max(tools))  # whether they are shown or not
        self.plot.setBackground(self.theme.plot)
        for side in ("bottom", "left"):
            self._dress_axis(self.plot.getAxis(side))
        self._restyle()

    def _dress_axis(self, axis: pg.AxisItem) -> None:
        axis.setPen(pen(self.theme.axis))
        axis.setTickPen(pen(self.theme.axis))
        axis.setTextPen(self.theme.text)
        axis.setTickFont(self.font())
        axis.label.setFont(self.font())
        axis.setLabel(axis.labelText, color=self.theme.text)
        height = QFontMetricsF(self.font()).height()
        if axis.orientation == "bottom":
            axis.setHeight(round(2 * height + 8))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and watched is self.plot.viewport():
            self._on_mouse(event)
        elif event.type() == QEvent.Type.Leave and watched is self.plot.viewport():
            self._on_leave()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_if_visible()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._invalidate()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._draw_if_visible()
        return super().event(event)


def _goes_on(drawn: Snapshot | None, now: Snapshot) -> bool:
    """Whether rows were only added to what was drawn, and the cursor did not go back."""
    return (
        drawn is not None
        and drawn.generation == now.generation
        and drawn.selected == now.selected
        and drawn.ghost is now.ghost
        and drawn.cursor <= now.cursor
        and drawn.head <= now.head
    )


def _plot_widget() -> pg.PlotWidget:
    axes = {side: Axis(side) for side in ("left", "bottom")}
    widget = pg.PlotWidget(enableMenu=False, viewBox=Box(enableMenu=False), axisItems=axes)
    widget.setAntialiasing(True)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # one rectangle: to clip by the many of all that moves takes longer than to paint the rest
    widget.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
    item = widget.getPlotItem()
    item.hideButtons()
    item.layout.setContentsMargins(2, 4, RIGHT_MARGIN, 2)
    box = item.getViewBox()
    box.disableAutoRange()
    box.setMouseEnabled(x=False, y=False)
    box.setDefaultPadding(0)
    for side in ("bottom", "left"):
        item.getAxis(side).enableAutoSIPrefix(False)
        item.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=False)
    item.getAxis("bottom").setStyle(hideOverlappingLabels=RIGHT_MARGIN)
    return widget


def _literal(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
