"""A relief drawn with OpenGL; importing this takes most of a second, so only a shown view does.

Everything is drawn into a framebuffer in memory and comes back as an image, which any widget can
paint: no window has to become an OpenGL window, texts and marks are painted over it as anywhere
else, and a picture of the window has it in it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from OpenGL import GL
from pyqtgraph.opengl import GLLinePlotItem, GLScatterPlotItem, GLSurfacePlotItem
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QColor, QImage, QMatrix4x4, QOffscreenSurface, QOpenGLContext
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat

from engine.types import Vector

Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, from 0 to 1."""

OLDEST = (2, 1)
SAMPLES = 4
"""Samples a pixel, which smooth edges; a driver may give fewer."""

_BLEND = (GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA, GL.GL_ONE, GL.GL_ONE_MINUS_SRC_ALPHA)
_USUAL = {
    GL.GL_DEPTH_TEST: True,
    GL.GL_BLEND: True,
    GL.GL_CULL_FACE: False,
    GL.GL_POLYGON_OFFSET_FILL: False,
    "glDepthFunc": (GL.GL_LEQUAL,),
    "glColorMask": (True, True, True, True),
    "glBlendFuncSeparate": _BLEND,
}
# The surface lies a little deeper than what is drawn on it.
_ON_THE_SURFACE = {GL.GL_POLYGON_OFFSET_FILL: True, "glPolygonOffset": (2.0, 8.0)}
_SOLID = _USUAL | _ON_THE_SURFACE
_DEPTH_ONLY = _SOLID | {"glColorMask": (False, False, False, False)}


class NoOpenGLError(Exception):
    """There is no OpenGL that is new enough."""


class _Device:
    """A context and somewhere to make it current: one for all scenes, which share its programs."""

    def __init__(self) -> None:
        self.surface = QOffscreenSurface()
        self.surface.create()
        self.context = QOpenGLContext()
        if not (self.context.create() and self.context.makeCurrent(self.surface)):
            raise NoOpenGLError
        if self.context.format().version() < OLDEST and not self.context.isOpenGLES():
            raise NoOpenGLError
        app = QCoreApplication.instance()
        assert app is not None
        app.aboutToQuit.connect(_let_go)

    def make_current(self) -> None:
        if not self.context.makeCurrent(self.surface):
            raise NoOpenGLError


@cache
def _device() -> _Device:
    return _Device()


def _let_go() -> None:
    """Destroy the context while there still is an application."""
    _device.cache_clear()


class _View:
    """What an item asks of the view that it is in."""

    def __init__(self) -> None:
        self.matrix = QMatrix4x4()

    def currentProjection(self) -> QMatrix4x4:
        return self.matrix

    def currentModelView(self) -> QMatrix4x4:
        return QMatrix4x4()

    def update(self) -> None:
        """Nothing: the scene is drawn when it is asked for."""


class Scene:
    """Floor, surface and paths, in a box.

    Raises
    ------
    NoOpenGLError
        Where there is no OpenGL, here or later when something is drawn.
    """

    def __init__(self) -> None:
        self._device = _device()
        self._view = _View()
        self._buffers: dict[bool, QOpenGLFramebufferObject] = {}
        self.surface = GLSurfacePlotItem(shader=None, smooth=True, computeNormals=False)
        self.wires = GLLinePlotItem(mode="lines")
        self.box = GLLinePlotItem(mode="lines")
        self.contours = GLLinePlotItem(mode="lines")
        self.others = GLLinePlotItem(mode="lines")
        self.path = GLLinePlotItem(mode="lines")
        self.dots = GLScatterPlotItem()
        # What lies behind the surface shines through it; what lies on it is drawn once more.
        self._passes: tuple[tuple[GLGraphicsItem, dict[object, object]], ...] = (
            (self.box, _USUAL),
            (self.contours, _USUAL),
            (self.others, _USUAL),
            (self.path, _USUAL),
            (self.surface, _DEPTH_ONLY),
            (self.surface, _SOLID),
            (self.wires, _USUAL),
            (self.others, _USUAL),
            (self.path, _USUAL),
            (self.dots, _USUAL),
        )
        self._widths: dict[GLGraphicsItem, float] = {}
        for item, _ in self._passes:
            item._setView(self._view)

    def set_surface(self, x: Vector, y: Vector, heights: Vector, colours: Vector) -> None:
        """Set the heights (ny, nx) over places x (nx,) and y (ny,), and their colours."""
        flat = np.ascontiguousarray(colours.swapaxes(0, 1).reshape(-1, 4), dtype=np.float32)
        self.surface.setData(x=x, y=y, z=heights.T, colors=flat)

    def set_lines(
        self, item: GLLinePlotItem, lines: Vector, colour: Colour | Vector, width: float
    ) -> None:
        """Set what an item draws: lines (k, 2, 3), so many logical pixels wide.

        They all have one colour, or each end has its own (2k, 4).
        """
        item.setData(pos=lines.reshape(-1, 3), color=colour)
        self._widths[item] = width

    def set_dots(self, places: Vector, colour: Colour, size: float) -> None:
        """Set dots at places (k, 3), so many logical pixels wide."""
        self.dots.setData(pos=places, color=colour)
        self._widths[self.dots] = size

    def render(
        self, size: QSize, ratio: float, matrix: QMatrix4x4, ground: QColor, fine: bool
    ) -> QImage:
        """Draw everything.

        Parameters
        ----------
        size, ratio
            Of the picture, in its pixels; these per logical pixel.
        matrix
            From the box to OpenGL's −1…1.
        fine
            With smooth edges, which takes three times as long where there is no graphics card.
        """
        self._device.make_current()
        self._view.matrix = matrix
        buffer = self._buffer_of(size, fine)
        buffer.bind()
        GL.glViewport(0, 0, size.width(), size.height())
        GL.glClearColor(ground.redF(), ground.greenF(), ground.blueF(), 1.0)
        GL.glColorMask(True, True, True, True)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT)
        for item, width in self._widths.items():
            item.setData(**{"size" if item is self.dots else "width": width * ratio})
        for item, options in self._passes:
            item.setGLOptions(options)
            item.paint()
        buffer.release()
        image = buffer.toImage()
        image.setDevicePixelRatio(ratio)
        return image

    def _buffer_of(self, size: QSize, fine: bool) -> QOpenGLFramebufferObject:
        buffer = self._buffers.get(fine)
        if buffer is None or buffer.size() != size:
            form = QOpenGLFramebufferObjectFormat()
            form.setAttachment(QOpenGLFramebufferObject.Attachment.Depth)
            form.setSamples(SAMPLES if fine else 0)
            buffer = self._buffers[fine] = QOpenGLFramebufferObject(size, form)
        if not buffer.isValid():
            raise NoOpenGLError
        return buffer
