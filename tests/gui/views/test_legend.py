"""Where a legend goes, and what is seen through it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QGraphicsRectItem

from engine.types import Vector
from gui.views.legend import Entry, Legend

WIDTH, HEIGHT = 600.0, 300.0


@pytest.fixture
def legend(qapp: object) -> Iterator[Legend]:  # noqa: ARG001 - fonts need an application
    parent = QGraphicsRectItem(0, 0, WIDTH, HEIGHT)
    made = Legend(parent)
    made.write((Entry("one"), Entry("two")), QFont(), "#000000", "#FFFFFF")
    yield made
    del made, parent


def box(left: float, top: float, right: float, bottom: float, each: float = 5.0) -> Vector:
    """Points that fill a part of the plot, in shares of its sides, this many pixels apart."""
    x = np.arange(left * WIDTH, right * WIDTH, each)
    y = np.arange(top * HEIGHT, bottom * HEIGHT, each)
    return np.array([(a, b) for a in x for b in y])


def middle(legend: Legend) -> tuple[float, float]:
    """Where the legend's middle is, in shares of the plot's sides."""
    centre = legend.boundingRect().center()
    return centre.x() / WIDTH, centre.y() / HEIGHT


def ground(legend: Legend) -> int:
    """How opaque the legend's ground is, from 0 to 255."""
    image = QImage(int(WIDTH), int(HEIGHT), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    legend.paint_pixels(painter)
    painter.end()
    edge = QPointF(legend.boundingRect().right() - 3, legend.boundingRect().center().y())
    return image.pixelColor(edge.toPoint()).alpha()


def test_a_legend_stands_in_a_free_corner(legend: Legend) -> None:
    legend.settle(WIDTH, HEIGHT, np.zeros((0, 2)))
    assert middle(legend) > (0.8, 0.0)
    legend.settle(WIDTH, HEIGHT, box(0.5, 0.0, 1.0, 1.0))
    assert middle(legend) < (0.2, 0.3)


def test_without_a_free_corner_it_stands_where_it_covers_least(legend: Legend) -> None:
    """Beside the middle of an edge, where there is a gap."""
    crowd = np.concatenate((box(0.0, 0.0, 0.35, 1.0), box(0.65, 0.0, 1.0, 1.0)))
    legend.settle(WIDTH, HEIGHT, np.concatenate((crowd, box(0.35, 0.0, 0.65, 0.5))))
    x, y = middle(legend)
    assert x == pytest.approx(0.5)
    assert y > 0.7


def test_it_is_wider_where_only_a_low_one_has_room(legend: Legend) -> None:
    legend.write(tuple(Entry(text) for text in "abc"), QFont(), "#000000", "#FFFFFF")
    legend.settle(WIDTH, HEIGHT, np.zeros((0, 2)))
    high = legend.boundingRect().height()
    legend.settle(WIDTH, HEIGHT, box(0.0, (high - 4) / HEIGHT, 1.0, 1.0))
    assert legend.boundingRect().height() < high
    assert middle(legend) > (0.7, 0.0)


def test_a_plot_without_room_has_none(legend: Legend) -> None:
    legend.settle(40.0, 30.0, np.zeros((0, 2)))
    assert not legend.isVisible()


def test_a_legend_that_says_nothing_is_not_seen(legend: Legend) -> None:
    legend.write((), QFont(), "#000000", "#FFFFFF")
    legend.settle(WIDTH, HEIGHT, np.zeros((0, 2)))
    assert not legend.isVisible()


def test_what_it_has_to_cover_is_seen_through_it(legend: Legend) -> None:
    legend.settle(WIDTH, HEIGHT, np.zeros((0, 2)))
    alone = ground(legend)
    legend.settle(WIDTH, HEIGHT, box(0.0, 0.0, 1.0, 1.0))
    assert ground(legend) < alone - 40
    legend.settle(WIDTH, HEIGHT, np.zeros((0, 2)))
    assert ground(legend) == alone
