"""The picture of a relief: what OpenGL draws, numbers and marks over it, and turning it round."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.live.snapshot import Snapshot
from engine.problem import surface
from engine.problem.problem import Problem
from engine.problem.surface import HeightMap
from engine.types import Vector
from gui.run_looks import RunLooks
from gui.style import Theme
from gui.text import loss_symbol, optimum_name
from gui.views import relief
from gui.views.items import diamond, disc, pen, star
from gui.views.legend import PADDING, SWATCH_WIDTH, Entry, paint_entry
from gui.views.other_runs import run_entries
from gui.views.ranges import rounded_up
from gui.views.raster import DOT_RADIUS, DOTTED_ROWS
from gui.views.relief import HALF, TOP, Box, Camera, DrawnRows
from gui.views.relief_labels import Edges, edges_of, grid, paint_edges
from gui.views.relief_paths import Ground, PathsBeside, Sight, recorded_losses

if TYPE_CHECKING:
    from gui.views.scene import Scene

INTERVAL_MS = 67
"""Time between two drawings of a run that goes on: 15 a second."""

SHARE_OF_TIME = 0.4
"""How much of the window's time drawing may take where OpenGL is slow."""

SLOW_MS, SETTLE_MS = 30.0, 250
"""From which time on edges are only smoothed when nothing has moved for a while."""

WIRES = 10
"""Grid lines on the surface in each direction, roughly."""

DOT_APART = 0.012
"""Distance in the box from which on the dots of two rows are two."""

DEGREES_PER_PIXEL = 0.5
ZOOM_PER_NOTCH = 1.15
NOTCH = 120.0

DIAMOND, RING, STAR = diamond(5.5), disc(5.0), star(8.0)
NOW, BESIDE = 6.5, 4.5
"""Radii of the symbols at the rows of the selected run and of the others."""

WIDTH, WIDTH_BESIDE = 2.2, 1.2
"""Of their paths."""

MOST_NAMED = 4
"""Lines of the legend with runs in them."""

WITHOUT_OPENGL = ("offscreen", "minimal", "minimalegl", "vnc", "linuxfb")
"""Qt's platforms that have no OpenGL, or none that draws into memory."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol at a place (3,) in the box."""

    place: Vector
    symbol: QPainterPath
    fill: QColor | None
    line: QPen


class Picture(QWidget):
    """A relief that can be turned and zoomed.

    ``scene`` is None where there is no OpenGL; a text stands there then. ``ratio`` is pixels of
    the picture per logical pixel, None for the screen's.

    Signals
    -------
    looked()
        It is looked at from somewhere else.
    """

    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.camera = Camera()
        self.ratio: float | None = None
        self.box: Box | None = None
        self.marks: tuple[Mark, ...] = ()
        self._opened = False
        self._image = QImage()
        self._stale = self._coarse = True
        self._is_slow = False
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self._refine)
        self._sight: Sight | None = None
        self._heights: HeightMap | None = None
        self._truth_of: Problem | None = None
        self._truth_loss = 0.0
        self._rows, self._generation = DrawnRows(), -1
        self.beside = PathsBeside()
        self._edges: Edges | None = None
        self._legend: tuple[Entry, ...] = ()
        self._without, self._words = "", ("", "", "")
        self._grabbed: QPointF | None = None
        self._since, self._cost_ms = QElapsedTimer(), 0.0

    def retranslate(self, without: str, words: tuple[str, str, str]) -> None:
        """Set what is said where there is no OpenGL, and how start, cursor and truth are called."""
        self._without, self._words = without, words
        self._name_edges()
        self.update()

    def open_scene(self) -> None:
        """See whether there is OpenGL, the first time."""
        if not self._opened:
            self._opened = True
            self.scene = _open_scene()

    def rest(self) -> int:
        """Milliseconds to wait before a run that goes on is drawn again."""
        if not self._since.isValid():
            return 0
        interval = max(INTERVAL_MS, self._cost_ms / SHARE_OF_TIME)
        return max(0, round(interval - self._since.elapsed()))

    def look(self, camera: Camera) -> None:
        """Look from somewhere else."""
        self.camera = camera
        self.looked.emit()
        self._redraw()

    def _redraw(self) -> None:
        """Draw again because something moved."""
        self._stale = True
        self._coarse = self._is_slow
        if self._coarse:
            self._settled.start()
        self.update()

    @Slot()
    def _refine(self) -> None:
        """Draw with smooth edges what was drawn without."""
        self._stale, self._coarse = True, False
        self.update()

    # what is seen ------------------------------------------------------------------------

    def show_snapshot(
        self, snapshot: Snapshot, sight: Sight, heights: HeightMap | None, looks: RunLooks
    ) -> None:
        """Make the surface anew where it changed, and the paths to the cursor.

        ``heights`` is None while nothing is known of the surface.
        """
        self._since.start()
        if self.scene is None:
            return
        if heights is None:
            self._edges, self._heights = None, None
        else:
            if sight != self._sight or heights is not self._heights:
                self._sight, self._heights = sight, heights
                self._set_surface(self.scene, sight, heights)
            assert self.box is not None
            self._set_paths(self.scene, snapshot, Ground(sight, self.box, heights), looks)
        self._redraw()

    def _set_surface(self, scene: Scene, sight: Sight, heights: HeightMap) -> None:
        problem, theme, z = sight.problem, sight.theme, heights.z
        seen, highest = float(z.min()), float(z.max())
        best = min(seen, problem.optimum.loss)
        if sight.is_slice and highest > 0:
            highest = rounded_up(highest)  # or the scale would never stand still
        box = self.box = relief.box_about(sight.frame, best, highest, sight.logarithmic)
        lowest = seen if sight.is_slice else best
        raised = box.height(z)
        x, y = (np.linspace(-HALF, HALF, len(side)) for side in (heights.x, heights.y))
        even = not problem.neuron.is_convex
        scene.set_surface(x, y, raised, relief.colours(z, lowest, raised, theme, even))
        at = surface.levels(z, lowest, even=even)
        lines = relief.on_floor(*surface.contour_lines(heights.x, heights.y, z, at), box)
        scene.set_lines(scene.contours, lines, relief.rgba(theme.contour, 0.8), 1.1)
        lines = relief.wires(x, y, raised, max(1, len(x) // WIRES))
        scene.set_lines(scene.wires, lines, relief.rgba(theme.contour, 0.28), 1.0)
        if self._truth_of is not problem:
            self._truth_of = problem
            truth = problem.truth
            self._truth_loss = (
                0.0 if truth is None else float(problem.objective.loss(truth.tolist()))
            )
        self._name_edges()

    def _name_edges(self) -> None:
        """Choose the numbers along the edges for the size of the picture."""
        if self.box is not None and self._sight is not None:
            problem = self._sight.problem
            x, y = (problem.names[axis] for axis in self._sight.axes)
            names = (x, y, loss_symbol(problem.neuron.loss_kind))
            self._edges = edges_of(self.box, names, min(self._size()))

    def _set_paths(self, scene: Scene, snapshot: Snapshot, ground: Ground, looks: RunLooks) -> None:
        theme = ground.sight.theme
        self.beside.follow(ground, snapshot, looks)
        scene.set_lines(scene.others, self.beside.lines, self.beside.colours, WIDTH_BESIDE)
        if snapshot.generation != self._generation:
            self._generation, self._rows = snapshot.generation, DrawnRows()
        rows = self._rows.up_to(snapshot.row)
        path = snapshot.rows.params[:, rows]
        recorded = recorded_losses(snapshot.rows, rows, ground.sight.problem)
        colour = relief.rgba(looks.colour(snapshot.selected, theme))
        scene.set_lines(scene.path, ground.lifted(path, recorded), colour, WIDTH)
        places = ground.places(path, recorded)
        dots = places[:DOTTED_ROWS]
        scene.set_dots(_apart(dots[_inside(dots)]), colour, 2 * DOT_RADIUS)
        self._set_marks(ground.sight, snapshot, looks, places[0], places[-1])

    def _set_marks(
        self, sight: Sight, snapshot: Snapshot, looks: RunLooks, first: Vector, now: Vector
    ) -> None:
        """Place the marks; those of the first row and of the cursor's are places (3,).

        The legend names the runs where there are several, else what is seen of the only one.
        """
        theme, problem, hollow = sight.theme, sight.problem, sight.is_slice
        best, truth, selected = problem.optimum, problem.truth, snapshot.selected
        own, rim = looks.colour(selected, theme), pen(theme.rim, 2.0)
        green = (None, pen(theme.optimum, 1.6)) if hollow else (theme.optimum, pen(theme.rim, 1.0))
        start_word, now_word, truth_word = self._words
        runs = run_entries(looks, snapshot, theme, MOST_NAMED, with_markers=True)
        kinds: list[tuple[str, Vector | None, QPainterPath, str | None, QPen]] = [
            *self._marks_beside(theme, looks),
            (truth_word, self._at(truth, self._truth_loss), DIAMOND, None, pen(theme.truth, 1.8)),
            ("" if runs else start_word, first, RING, None, pen(own, 2.0)),
            (optimum_name(problem), self._at(best.params, best.loss), STAR, *green),
            ("" if runs else now_word, now, looks.marker(selected, NOW), own, rim),
        ]
        marks, entries = [], runs
        for word, place, symbol, fill, line in kinds:
            if place is None:
                continue
            colour = None if fill is None else QColor(fill)
            if word:
                entries.append(Entry(word, line, symbol, colour))
            if _inside(place):
                marks.append(Mark(place, symbol, colour, line))
        self.marks, self._legend = tuple(marks), tuple(entries)

    def _marks_beside(
        self, theme: Theme, looks: RunLooks
    ) -> Iterator[tuple[str, Vector, QPainterPath, str, QPen]]:
        """The marks of the other runs at their rows, without words."""
        for i, place in self.beside.places.items():
            symbol, colour = looks.marker(i, BESIDE), looks.colour(i, theme)
            yield "", place, symbol, colour, pen(theme.rim, 1.2)

    def _at(self, params: Vector | None, loss: float) -> Vector | None:
        """The place (3,) of parameters (p,) with a loss; None where there are none."""
        if params is None:
            return None
        assert self.box is not None
        assert self._sight is not None
        x, y = (params[axis] for axis in self._sight.axes)
        return self.box.place(x, y, loss)

    # painting ----------------------------------------------------------------------------

    def _strip(self) -> float:
        """Pixels above the relief that the legend has to itself."""
        return max(1, len(self._legend_lines())) * self._line_height()

    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height() + PADDING

    def _legend_lines(self) -> list[list[tuple[Entry, float]]]:
        """The entries of the legend with their widths, in as many lines as they need."""
        metrics, room = QFontMetricsF(self.font()), self.width() - PADDING
        lines: list[list[tuple[Entry, float]]] = []
        for entry in self._legend:
            width = SWATCH_WIDTH + 3 * PADDING + metrics.horizontalAdvance(entry.text)
            if not lines or sum(each for _, each in lines[-1]) + width > room:
                lines.append([])
            lines[-1].append((entry, width))
        return lines

    def _size(self) -> tuple[float, float]:
        """Width and height of the relief in logical pixels."""
        return float(self.width()), max(1.0, self.height() - self._strip())

    def _render(self, scene: Scene, edges: Edges, theme: Theme) -> None:
        """Let OpenGL draw; where that fails, there is no OpenGL from now on."""
        ratio = self.ratio or self.devicePixelRatioF()
        size = QSize(*(max(1, round(side * ratio)) for side in self._size()))
        if not self._stale and self._image.size() == size:
            return
        fine = not self._coarse or self.ratio is not None
        clock = QElapsedTimer()
        clock.start()
        ground, colour = QColor(theme.plot), relief.rgba(theme.axis, 0.3)
        scene.set_lines(scene.box, grid(edges, self.camera), colour, 1.0)
        try:
            matrix = self.camera.matrix(*self._size())
            self._image = scene.render(size, ratio, matrix, ground, fine)
        except Exception:  # whatever a driver's fault raises, the rest of the window goes on
            self.scene = None
            return
        self._stale = False
        self._cost_ms = float(clock.elapsed())
        if fine and self.ratio is None:
            self._is_slow = self._cost_ms > SLOW_MS

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        edges, sight = self._edges, self._sight
        if self.scene is not None and edges is not None and sight is not None:
            self._render(self.scene, edges, sight.theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._opened and self.scene is None:
            painter.fillRect(self.rect(), self.palette().window())
            painter.setPen(self.palette().windowText().color())
            text = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(12, 12, -12, -12), text, self._without)
        elif edges is not None and sight is not None:
            colour = QColor(sight.theme.text)
            self._paint_legend(painter, colour)
            painter.translate(0, self._strip())
            painter.drawImage(QPointF(0, 0), self._image)
            paint_edges(painter, edges, self.camera, self._size(), self.font(), colour)
            self._paint_marks(painter)
        painter.end()

    def _paint_marks(self, painter: QPainter) -> None:
        for mark in self.marks:
            x, y = self.camera.pixels(mark.place, *self._size()).tolist()
            painter.setPen(mark.line)
            painter.setBrush(mark.fill if mark.fill is not None else Qt.BrushStyle.NoBrush)
            painter.drawPath(mark.symbol.translated(x, y))

    def _paint_legend(self, painter: QPainter, colour: QColor) -> None:
        height = self._line_height()
        for row, line in enumerate(self._legend_lines()):
            left = PADDING
            for entry, width in line:
                paint_entry(painter, entry, QRectF(left, row * height, width, height), colour)
                left += width

    # the mouse ---------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.scene is not None:
            self._grabbed = event.position()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            moved = (event.position() - self._grabbed) * DEGREES_PER_PIXEL
            self._grabbed = event.position()
            self.look(self.camera.turned(-moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # it is the panel's

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / NOTCH
        if self.scene is None or not notches:
            event.ignore()
            return
        self.look(self.camera.nearer(ZOOM_PER_NOTCH**notches))
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_edges()


def _inside(places: Vector) -> Vector:
    """Which places (…, 3) are in the box."""
    plan, height = places[..., :2], places[..., 2]
    return np.asarray((np.abs(plan) <= HALF + 1e-6).all(axis=-1) & (height <= TOP + 1e-3))


def _apart(places: Vector) -> Vector:
    """The places (m, 3) that do not lie on the one before."""
    gaps = np.sqrt((np.diff(places, axis=0) ** 2).sum(axis=1))
    return places[np.concatenate(([True], gaps >= DOT_APART))[: len(places)]]


def _open_scene() -> Scene | None:
    """A scene, or None where there is no OpenGL; nothing is printed in any case."""
    platform = QGuiApplication.platformName()
    if platform in WITHOUT_OPENGL:
        return None
    # PyOpenGL asks the session what to load, but Qt may have chosen otherwise.
    loader = {"xcb": "glx", "wayland": "egl"}.get(platform)
    if loader is not None:
        os.environ.setdefault("PYOPENGL_PLATFORM", loader)
    logging.getLogger("OpenGL").setLevel(logging.CRITICAL)
    try:
        from gui.views.scene import Scene

        return Scene()
    except Exception:  # a library that is missing, a driver that is too old, or broken
        return None
