"""Points and line segments in pixels, made few before anything is painted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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


def clean(segments: Vector) -> Vector:
    """The segments (m, 4) whose ends are finite and not absurdly far away."""
    if not len(segments) or np.abs(segments).max() < SANE_PIXELS:
        return segments
    return segments[(np.abs(segments) < SANE_PIXELS).all(axis=1)]


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
    segments = np.empty((max(0, len(points) - 1), 4))
    segments[:, :2], segments[:, 2:] = points[:-1], points[1:]  # hstack takes five times as long
    return segments


def clip(segments: Vector, width: float, height: float, near: float = NEAR) -> Vector:
    """What is seen of segments (m, 4): the far ones cut at the edge, the invisible ones dropped.

    Where none goes more than ``near`` pixels outside, all stay as they are.

    Liang & Barsky, "A new concept and method for line clipping", *ACM TOG* 3 (1984).
    """
    if not len(segments):
        return segments
    if segments.min() > -near and segments.max() < near + max(width, height):
        return segments
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    enter, leave = crossings(start, step, -EDGE, np.array([width + EDGE, height + EDGE]))
    seen = enter <= leave
    start, step = start[seen], step[seen]
    return np.hstack((start + enter[seen, None] * step, start + leave[seen, None] * step))


def crossings(
    start: Vector, step: Vector, near: float, far: float | Vector
) -> tuple[Vector, Vector]:
    """Where on each segment, 0…1, it enters and leaves the rectangle near…far.

    Segments go from ``start`` to ``start + step``, both (m, 2); one that leaves before it enters
    lies outside.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one, other = (near - start) / step, (far - start) / step
    enter, leave = np.minimum(one, other), np.maximum(one, other)
    still = step == 0  # along an edge: inside it for ever, or never
    inside = (start >= near) & (start <= far)
    enter[still] = np.where(inside[still], -np.inf, np.inf)
    leave[still] = np.where(inside[still], np.inf, -np.inf)
    return np.maximum(enter.max(axis=1), 0.0), np.minimum(leave.min(axis=1), 1.0)


def dotted(points: Vector, gap: float, width: float, height: float) -> Vector:
    """Dots (n, 2) along what is seen of a polyline (m, 2), about ``gap`` pixels apart."""
    segments = chain(without_repeats(sane(points)))
    start, step = segments[:, :2], segments[:, 2:] - segments[:, :2]
    enter, leave = crossings(start, step, 0.0, np.array([width, height]))
    part = np.maximum(leave - enter, 0.0)
    counts = np.ceil(part * np.hypot(step[:, 0], step[:, 1]) / gap).astype(np.intp)
    owner = np.repeat(np.arange(len(segments)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = enter[owner] + (number + 0.5) / counts[owner] * part[owner]
    return np.asarray(start[owner] + at[:, None] * step[owner])


def thin(segments: Vector, number: int, full: int) -> Vector:
    """What to draw of segments that are the ``number``-th and following ones of a long path."""
    if number + len(segments) <= full:
        return segments
    return np.asarray(segments[drawn_numbers(number, number + len(segments), full) - number])


def drawn_numbers(first: int, last: int, full: int) -> NDArray[np.intp]:
    """The numbers among first..last−1 of the segments of a long path that are drawn.

    The first ``full`` ones are all drawn, of as many more every second, of twice as many every
    fourth, and so on: what is drawn grows with the logarithm of the length. The choice depends
    on nothing but a segment's own number, so that a path comes out the same however it grows.
    """
    ends = [math.log2(number / full) if number >= full else -1 for number in (first, last - 1)]
    if math.floor(ends[0]) == math.floor(ends[1]):  # as nearly always
        every = 1 << math.floor(ends[0] + 1)
        return np.arange(-(-first // every) * every, last, every)
    numbers = np.arange(first, last)
    doublings = np.where(numbers < full, 0, np.log2(np.maximum(numbers, full) / full) + 1)
    return np.asarray(numbers[numbers % (1 << doublings.astype(np.intp)) == 0])


def column_starts(first: int, last: int, x_0: float, per_x: float) -> NDArray[np.intp]:
    """The rows among first..last−1 at which columns of device pixels begin, ``first`` included.

    Parameters
    ----------
    x_0, per_x
        The row at the left edge and the columns per row, at most 1.
    """
    begin, end = math.floor((first - x_0) * per_x), math.floor((last - 1 - x_0) * per_x)
    edges = np.ceil(x_0 + np.arange(begin + 1, end + 1) / per_x).astype(np.intp)
    starts = np.concatenate(([first], edges[(edges > first) & (edges < last)]))
    return starts[np.concatenate(([True], starts[1:] > starts[:-1]))]


def strokes(points: Vector, low: Vector, high: Vector) -> Vector:
    """The segments (m, 4) of a curve of which every column of pixels holds many points.

    Every column is drawn as the line from its first point to the next column's first, and a
    vertical stroke over whatever of its points lies beyond that line.

    Parameters
    ----------
    points
        The first point of every column (n, 2), with ascending x.
    low, high
        Smallest and largest y of each column but the last (n−1,).
    """
    joined = chain(points)
    begin, end = joined[:, 1], joined[:, 3]
    beyond = (low < np.minimum(begin, end) - 0.5) | (high > np.maximum(begin, end) + 0.5)
    if not beyond.any():
        return joined
    x = joined[beyond, 0]
    upright = np.column_stack((x, low[beyond], x, high[beyond]))
    # Each line is followed by its column's stroke: the order shows where edges overlap.
    order = np.argsort(
        np.concatenate((np.arange(len(joined)), np.flatnonzero(beyond))), kind="stable"
    )
    return np.concatenate((joined, upright))[order]


def dashed(segments: Vector, begin: Vector, end: Vector, pattern: Sequence[float]) -> Vector:
    """The pieces (k, 4) of segments (m, 4) that dashes leave of them.

    Parameters
    ----------
    begin, end
        How far along the dashes each segment begins and ends (m,), in ascending order; those of
        one that goes across them are equal.
    pattern
        Lengths of line and gap in turn.
    """
    if not len(segments):
        return segments
    ends = np.cumsum([0.0, *pattern])
    at = float(begin[0]) % float(ends[-1])
    dash = int(np.searchsorted(ends, at, side="right")) - 1
    if at + float(end[-1] - begin[0]) <= ends[dash + 1]:  # all within one, as often when it grows
        return segments if dash % 2 == 0 else segments[:0]
    first, last = math.floor(begin[0] / ends[-1]), math.floor(end[-1] / ends[-1])
    edges = (np.arange(first, last + 2)[:, np.newaxis] * ends[-1] + ends[:-1]).ravel()
    cell_0 = np.searchsorted(edges, begin, side="right") - 1
    counts = np.maximum(np.searchsorted(edges, end, side="left") - 1, cell_0) - cell_0 + 1
    owner = np.repeat(np.arange(len(segments)), counts)
    cell = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts - cell_0, counts)
    owner, cell = owner[cell % 2 == 0], cell[cell % 2 == 0]
    along, start = (end - begin)[owner], segments[owner, :2]
    with np.errstate(divide="ignore", invalid="ignore"):
        enter = np.where(along == 0, 0.0, (edges[cell] - begin[owner]) / along)
        leave = np.where(along == 0, 1.0, (edges[cell + 1] - begin[owner]) / along)
    step = segments[owner, 2:] - start
    enter, leave = np.maximum(enter, 0.0)[:, None], np.minimum(leave, 1.0)[:, None]
    return np.hstack((start + enter * step, start + leave * step))
