"""The picture of a relief: what OpenGL draws, numbers and marks over it, and turning it round."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer, Slot
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
from engine.problem.surface import Frame
from engine.types import Vector
from gui.style import LIGHT, Theme
from gui.text import loss_symbol
from gui.views import relief
from gui.views.frames import Axes
from gui.views.items import diamond, disc, pen, star
from gui.views.legend import PADDING, SWATCH_WIDTH, Entry, paint_entry
from gui.views.raster import DOT_RADIUS, DOTTED_ROWS
from gui.views.relief import HALF, TOP, Box, Camera, DrawnRows
from gui.views.relief_labels import Edges, edges_of, grid, paint_edges

if TYPE_CHECKING:
    from gui.views.scene import Scene

INTERVAL_MS = 67
"""Time between two drawings of a run that goes on: 15 a second."""

SHARE_OF_TIME = 0.4
"""How much of the window's time drawing may take where OpenGL is slow."""

SLOW_MS, SETTLE_MS = 30.0, 250
"""From which time on edges are only smoothed when nothing has moved for a while."""

WIRE_EVERY = 10
DOT_APART = 0.012
"""Distance in the box from which on the dots of two rows are two."""

DEGREES_PER_PIXEL = 0.5
ZOOM_PER_NOTCH = 1.15
NOTCH = 120.0

WITHOUT_OPENGL = ("offscreen", "minimal", "minimalegl", "vnc", "linuxfb")
"""Qt's platforms that have no OpenGL, or none that draws into memory."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol at a place (3,) in the box."""

    place: Vector
    symbol: QPainterPath
    fill: QColor | None
    line: QPen


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """What the surface depends on; as long as it is the same, only the path is made anew."""

    problem: Problem
    axes: Axes
    frame: Frame
    logarithmic: bool
    theme: Theme
    others: Vector

    def is_same_as(self, other: Still | None) -> bool:
        """Whether the surface of another one is the same."""
        return (
            other is not None
            and self.problem is other.problem
            and self.theme is other.theme
            and (self.axes, self.frame, self.logarithmic)
            == (other.axes, other.frame, other.logarithmic)
            and np.array_equal(self.others, other.others)
        )


class Picture(QWidget):
    """A relief that can be turned and zoomed.

    ``scene`` is None where there is no OpenGL; a text stands there then. ``ratio`` is pixels of
    the picture per logical pixel, None for the screen's.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.camera = Camera()
        self.ratio: float | None = None
        self.box: Box | None = None
        self.marks: tuple[Mark, ...] = ()
        self.theme = LIGHT
        self._opened = False
        self._image = QImage()
        self._stale = self._coarse = True
        self._is_slow = False
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self._refine)
        self._still: Still | None = None
        self._rows, self._generation = DrawnRows(), -1
        self._edges: Edges | None = None
        self._legend: tuple[Entry, ...] = ()
        self._without, self._words = "", ("", "", "", "")
        self._grabbed: QPointF | None = None
        self._since, self._cost_ms = QElapsedTimer(), 0.0

    def retranslate(self, without: str, words: tuple[str, str, str, str]) -> None:
        """Set what is said where there is no OpenGL, and the words of the legend."""
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
        self, snapshot: Snapshot, axes: Axes, frame: Frame, logarithmic: bool, theme: Theme
    ) -> None:
        """Make the surface anew where it changed, and the path to the cursor."""
        self._since.start()
        if self.scene is None:
            return
        others = np.delete(snapshot.rows.params[:, snapshot.cursor], axes)
        still = Still(snapshot.problem, axes, frame, logarithmic, theme, others)
        if not still.is_same_as(self._still):
            self._still, self.theme = still, theme
            self._set_surface(self.scene, snapshot, still)
        self._set_path(self.scene, snapshot, still)
        self._redraw()

    def _set_surface(self, scene: Scene, snapshot: Snapshot, still: Still) -> None:
        problem, frame, theme = still.problem, still.frame, still.theme
        x, y = (np.linspace(*side, surface.GRID_POINTS) for side in (frame.x, frame.y))
        params = snapshot.rows.params[:, snapshot.cursor]
        z = surface.heights(problem.train, params, still.axes, x, y)
        lowest = float(z.min()) if problem.n_params > 2 else problem.train.minimum
        box = self.box = relief.box_about(
            frame, min(lowest, problem.train.minimum), z, still.logarithmic
        )
        heights = box.height(z)
        across = np.linspace(-HALF, HALF, surface.GRID_POINTS)
        scene.set_surface(across, across, heights, relief.colours(z, lowest, heights, theme))
        contours = surface.contour_lines(x, y, z, surface.levels(z, lowest))
        lines = relief.on_floor(*contours, box)
        scene.set_lines(scene.contours, lines, relief.rgba(theme.contour, 0.8), 1.1)
        lines = relief.wires(across, across, heights, WIRE_EVERY)
        scene.set_lines(scene.wires, lines, relief.rgba(theme.contour, 0.28), 1.0)
        self._name_edges()

    def _name_edges(self) -> None:
        """Choose the numbers along the edges for the size of the picture."""
        if self.box is not None and self._still is not None:
            problem = self._still.problem
            x, y = (problem.names[axis] for axis in self._still.axes)
            names = (x, y, loss_symbol(problem.loss_kind))
            self._edges = edges_of(self.box, names, min(self._size()))

    def _set_path(self, scene: Scene, snapshot: Snapshot, still: Still) -> None:
        box, problem, axes = self.box, still.problem, still.axes
        assert box is not None
        if snapshot.generation != self._generation:
            self._generation, self._rows = snapshot.generation, DrawnRows()
        rows = self._rows.up_to(snapshot.cursor)
        path = snapshot.rows.params[:, rows]
        colour = relief.rgba(still.theme.fit)
        lines = relief.lifted(path, axes, box, problem.train.loss)
        scene.set_lines(scene.path, lines, colour, 2.2)
        dots = self._place(path[:, :DOTTED_ROWS])
        scene.set_dots(_apart(dots[_inside(dots)]), colour, 2 * DOT_RADIUS)
        self._set_marks(snapshot, still)

    def _place(self, params: Vector) -> Vector:
        """Places in the box of parameters (p,) or (p, m), at their losses."""
        assert self.box is not None
        assert self._still is not None
        x, y = (params[axis] for axis in self._still.axes)
        return self.box.place(x, y, self._still.problem.train.loss(list(params)))

    def _set_marks(self, snapshot: Snapshot, still: Still) -> None:
        theme, problem, params = still.theme, still.problem, snapshot.rows.params
        is_slice = problem.n_params > 2
        start, now, optimum, truth = self._words
        kinds: list[tuple[str, Vector | None, QPainterPath, str | None, QPen]] = [
            (truth, problem.truth, diamond(5.5), None, pen(theme.truth, 1.8)),
            (start, params[:, 0], disc(5.0), None, pen(theme.fit, 2.0)),
            (
                optimum,
                optimum_of(problem),
                star(8.0),
                None if is_slice else theme.optimum,
                pen(theme.optimum, 1.6) if is_slice else pen(theme.rim, 1.0),
            ),
            (now, params[:, snapshot.cursor], disc(6.5), theme.fit, pen(theme.rim, 2.0)),
        ]
        marks, entries = [], []
        for word, at, symbol, fill, line in kinds:
            if at is None:
                continue
            colour = None if fill is None else QColor(fill)
            entries.append(Entry(word, line, symbol, colour))
            place = self._place(at)
            if _inside(place):
                marks.append(Mark(place, symbol, colour, line))
        self.marks, self._legend = tuple(marks), tuple(entries)

    # painting ----------------------------------------------------------------------------

    def _strip(self) -> float:
        """Pixels above the relief that the legend has to itself."""
        return QFontMetricsF(self.font()).height() + PADDING

    def _size(self) -> tuple[float, float]:
        """Width and height of the relief in logical pixels."""
        return float(self.width()), max(1.0, self.height() - self._strip())

    def _render(self, scene: Scene, edges: Edges) -> None:
        """Let OpenGL draw; where that fails, there is no OpenGL from now on."""
        ratio = self.ratio or self.devicePixelRatioF()
        size = QSize(*(max(1, round(side * ratio)) for side in self._size()))
        if not self._stale and self._image.size() == size:
            return
        fine = not self._coarse or self.ratio is not None
        clock = QElapsedTimer()
        clock.start()
        ground, colour = QColor(self.theme.plot), relief.rgba(self.theme.axis, 0.3)
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
        if self.scene is not None and self._edges is not None and not self.size().isEmpty():
            self._render(self.scene, self._edges)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._opened and self.scene is None:
            painter.setPen(self.palette().windowText().color())
            text = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(12, 12, -12, -12), text, self._without)
        elif self._edges is not None:
            colour = QColor(self.theme.text)
            self._paint_legend(painter, colour)
            painter.translate(0, self._strip())
            painter.drawImage(QPointF(0, 0), self._image)
            paint_edges(painter, self._edges, self.camera, self._size(), self.font(), colour)
            self._paint_marks(painter)
        painter.end()

    def _paint_marks(self, painter: QPainter) -> None:
        for mark in self.marks:
            x, y = self.camera.pixels(mark.place, *self._size()).tolist()
            painter.setPen(mark.line)
            painter.setBrush(mark.fill if mark.fill is not None else Qt.BrushStyle.NoBrush)
            painter.drawPath(mark.symbol.translated(x, y))

    def _paint_legend(self, painter: QPainter, colour: QColor) -> None:
        """Paint as much of the legend as goes into one line."""
        metrics = QFontMetricsF(self.font())
        left = PADDING
        for entry in self._legend:
            width = SWATCH_WIDTH + 2 * PADDING + metrics.horizontalAdvance(entry.text)
            if left + width > self.width():
                break
            paint_entry(painter, entry, QRectF(left, 0, width, self._strip()), colour)
            left += width + PADDING

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


def optimum_of(problem: Problem) -> Vector | None:
    """The best parameters (p,); None where a problem has none."""
    return problem.optimum


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
