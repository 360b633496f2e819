"""Points and line segments in pixels, made few before anything is painted."""

from __future__ import annotations

import numpy as np

from engine.types import Vector
from gui.views.mapping import SANE_PIXELS

NEAR = 2000.0
"""Pixels outside the picture up to which the painter clips well by itself."""

EDGE = 8.0
"""Pixels outside the picture at which lines are cut, so that their ends are not seen."""


def sane(points: Vector) -> Vector:
    """The points (n, 2) that are finite and not absurdly far away."""
    if not len(points) or np.abs(points).max() < SANE_PIXELS:
        return points
    return points[(np.abs(points) < SANE_PIXELS).all(axis=1)]


def without_repeats(points: Vector, ratio: float = 1.0) -> Vector:
    """The points (n, 2) less those that fall on the same device pixel as the one before."""
    if len(points) < 2:
        return points
    cells = np.floor(points * ratio)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (cells[1:, 0] != cells[:-1, 0]) | (cells[1:, 1] != cells[:-1, 1])
    return points[keep]


def chain(points: Vector) -> Vector:
    """The segments (n−1, 4) of the polyline through points (n, 2)."""
    return np.hstack((points[:-1], points[1:]))


def clip(segments: Vector, width: float, height: float) -> Vector:
    """What is seen of segments (m, 4): the far ones cut at the edge, the invisible ones dropped.

    Liang & Barsky, "A new concept and method for line clipping", *ACM TOG* 3 (1984).
    """
    if not len(segments):
        return segments
    if segments.min() > -NEAR and segments.max() < NEAR + max(width, height):
        return segments
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    enter, leave = _crossings(start, step, np.array([width + EDGE, height + EDGE]))
    seen = enter <= leave
    start, step = start[seen], step[seen]
    return np.hstack((start + enter[seen, None] * step, start + leave[seen, None] * step))


def _crossings(start: Vector, step: Vector, far: Vector) -> tuple[Vector, Vector]:
    """Where on each segment, 0…1, it enters and leaves the rectangle −EDGE…far."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one, other = (-EDGE - start) / step, (far - start) / step
    enter, leave = np.minimum(one, other), np.maximum(one, other)
    still = step == 0  # along an edge: inside it for ever, or never
    inside = (start >= -EDGE) & (start <= far)
    enter[still] = np.where(inside[still], -np.inf, np.inf)
    leave[still] = np.where(inside[still], np.inf, -np.inf)
    return np.maximum(enter.max(axis=1), 0.0), np.minimum(leave.min(axis=1), 1.0)


def thin(segments: Vector, number: int, full: int) -> Vector:
    """What to draw of segments that are the ``number``-th and following ones of a long path.

    The first ``full`` ones are all drawn, of as many more every second, of twice as many every
    fourth, and so on: what is drawn grows with the logarithm of the length. The choice depends
    on nothing but a segment's own number, so that a path comes out the same however it grows.
    """
    if number + len(segments) <= full:
        return segments
    numbers = np.arange(number, number + len(segments))
    doublings = np.where(numbers < full, 0, np.log2(np.maximum(numbers, full) / full) + 1)
    drawn = numbers % (1 << doublings.astype(np.intp)) == 0
    return np.asarray(segments[drawn])


def columns(points: Vector, ratio: float = 1.0) -> tuple[Vector, int]:
    """The segments of a dense curve by columns of device pixels, and where the last one begins.

    Every column is drawn as the line from its first point to the next column's first, and a
    vertical stroke over whatever of its points lies beyond that line. The last column may still
    get more points and is left out.

    Parameters
    ----------
    points
        Pixel coordinates (n, 2) with ascending x.

    Returns
    -------
    tuple[Vector, int]
        Segments (m, 4) and the index of the first point of the last column.
    """
    column = np.floor(points[:, 0] * ratio)
    starts = np.concatenate(([0], np.flatnonzero(column[1:] != column[:-1]) + 1))
    last = int(starts[-1])
    if last == 0:
        return np.zeros((0, 4)), 0
    joined = chain(points[starts])
    y = points[:last, 1]
    low, high = np.minimum.reduceat(y, starts[:-1]), np.maximum.reduceat(y, starts[:-1])
    return _with_strokes(joined, low, high), last


def _with_strokes(joined: Vector, low: Vector, high: Vector) -> Vector:
    """The lines, each followed by its column's stroke: the order shows where edges overlap."""
    beyond = (low < joined[:, 1::2].min(axis=1) - 0.5) | (high > joined[:, 1::2].max(axis=1) + 0.5)
    x = joined[beyond, 0]
    strokes = np.column_stack((x, low[beyond], x, high[beyond]))
    order = np.argsort(
        np.concatenate((np.arange(len(joined)), np.flatnonzero(beyond))), kind="stable"
    )
    return np.concatenate((joined, strokes))[order]
