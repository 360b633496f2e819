"""The edges of a relief's box: the grid on its floor and walls, and the numbers along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from engine.types import Vector
from gui.views.relief import HALF, TOP, Box, Camera, sheet
from gui.views.ticks import Ticks, linear_ticks

TICK_GAP = 44.0
"""Pixels between two numbers."""

SHARE_OF_PICTURE = 0.45
"""Length of an edge, roughly, as a share of the picture's smaller side."""

NUMBERS_OUT, NAME_OUT = 15.0, 38.0
"""Pixels by which the numbers and the name of an edge stand outside of it."""

LEAST_EDGE = 60.0
"""Pixels that an edge has to be seen long to have numbers."""

UP = np.array([0.0, 0.0, TOP])


@dataclass(frozen=True, slots=True)
class Edges:
    """What stands along the edges of a box: ticks and names of x, y and the loss."""

    box: Box
    ticks: tuple[Ticks, Ticks, Ticks]
    names: tuple[str, str, str]


def edges_of(box: Box, names: tuple[str, str, str], side: float) -> Edges:
    """The edges of a box that is seen in a picture whose smaller side has so many pixels."""
    pixels = SHARE_OF_PICTURE * side
    x, y = (linear_ticks(*each, pixels, TICK_GAP) for each in (box.frame.x, box.frame.y))
    return Edges(box, (x, y, box.ticks(pixels, TICK_GAP * 0.75)), names)


def _places(edges: Edges) -> tuple[Vector, Vector, Vector]:
    """Where along its edge, in the box, every labelled tick stands."""
    x, y, loss = (np.array([value for value, _ in ticks.major]) for ticks in edges.ticks)
    box = edges.box
    return (
        box.plan(x, np.zeros(len(x)))[:, 0],
        box.plan(np.zeros(len(y)), y)[:, 1],
        box.height(loss),
    )


def grid(edges: Edges, camera: Camera) -> Vector:
    """Lines (k, 2, 3) on the floor and on the two walls at the back."""
    x, y, z = _places(edges)
    far_x, far_y = (-HALF * side for side in camera.toward)
    corner = np.array([-HALF, -HALF, 0.0])
    along_x, along_y = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    u, v, w = (np.concatenate(([0.0, 1.0], share)) for share in (x + HALF, y + HALF, z / TOP))
    back_x = np.array([far_x, -HALF, 0.0])
    back_y = np.array([-HALF, far_y, 0.0])
    return np.concatenate(
        (
            sheet(corner, along_x, along_y, u, v),
            sheet(back_x, along_y, UP, v, w),
            sheet(back_y, along_x, UP, u, w),
        )
    )


def paint_edges(
    painter: QPainter,
    edges: Edges,
    camera: Camera,
    size: tuple[float, float],
    font: QFont,
    colour: QColor,
) -> None:
    """Paint the numbers and names along the two near edges of the floor and an upright one."""
    painter.setFont(font)
    painter.setPen(colour)
    near_x, near_y = (HALF * side for side in camera.toward)
    x, y, z = _places(edges)
    lying_x = np.column_stack((x, np.full(len(x), near_y), np.zeros(len(x))))
    lying_y = np.column_stack((np.full(len(y), near_x), y, np.zeros(len(y))))
    left = _leftmost(near_x, near_y, camera, size)
    upright = np.column_stack((np.full(len(z), left[0]), np.full(len(z), left[1]), z))
    middle = camera.pixels(np.array([0.0, 0.0, TOP / 2]), *size)
    ends = (
        np.array([[-HALF, near_y, 0.0], [HALF, near_y, 0.0]]),
        np.array([[near_x, -HALF, 0.0], [near_x, HALF, 0.0]]),
        np.array([[*left, 0.0], [*left, TOP]]),
    )
    for places, end, ticks, name in zip(
        (lying_x, lying_y, upright), ends, edges.ticks, edges.names, strict=True
    ):
        seen = camera.pixels(end, *size)
        if np.hypot(*(seen[1] - seen[0])) < LEAST_EDGE:
            continue
        out = _outward(seen, middle)
        texts = [text for _, text in ticks.major]
        for place, text in zip(camera.pixels(places, *size), texts, strict=True):
            _paint_text(painter, place, out, NUMBERS_OUT, text)
        widest = max((painter.fontMetrics().horizontalAdvance(text) for text in texts), default=0)
        name_out = NAME_OUT + abs(float(out[0])) * max(0.0, widest - NUMBERS_OUT)
        _paint_text(painter, seen.mean(axis=0), out, name_out, name)


def _leftmost(
    near_x: float, near_y: float, camera: Camera, size: tuple[float, float]
) -> tuple[float, float]:
    """The corner of the floor, of the two between near and far, that is seen further left."""
    corners = ((near_x, -near_y), (-near_x, near_y))
    seen = camera.pixels(np.array([[x, y, 0.0] for x, y in corners]), *size)
    return corners[int(np.argmin(seen[:, 0]))]


def _outward(ends: Vector, middle: Vector) -> Vector:
    """The unit vector across a line that is seen, away from the middle of the picture."""
    along = ends[1] - ends[0]
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
    return across if across @ (ends.mean(axis=0) - middle) > 0 else -across


def _paint_text(painter: QPainter, at: Vector, out: Vector, distance: float, text: str) -> None:
    """Paint a text beside a pixel, its nearer border at a distance from it."""
    metrics, picture = painter.fontMetrics(), painter.viewport()
    width, height = float(metrics.horizontalAdvance(text)) + 2, float(metrics.height())
    x, y = (at + out * distance).tolist()
    x += float(out[0]) * width / 2
    left = min(max(0.0, x - width / 2), picture.width() - width)
    top = min(y - height / 2, picture.height() - painter.worldTransform().dy() - height)
    area = QRectF(left, top, width, height)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
