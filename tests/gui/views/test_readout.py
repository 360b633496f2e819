"""The read-out stands beside its point: inside the plot, and never over the point."""

from __future__ import annotations

import itertools

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from gui.style import DARK, LIGHT, Theme
from gui.views.mapping import Mapping
from gui.views.readout import Facts, Readout, beside

PLOT = QRectF(0, 0, 300, 200)
MAPPING = Mapping((0.0, 1.0), (0.0, 1.0), 300.0, 200.0, 1.0)
FACTS = Facts("training point 1", (("x", "0.7797"), ("ŷ − y", "−2.0845")))


@pytest.mark.parametrize("size", [(80.0, 60.0), (200.0, 80.0), (130.0, 120.0)])
def test_it_stays_inside_and_beside_the_point(size: tuple[float, float]) -> None:
    for x, y in itertools.product(range(0, 301, 20), range(0, 201, 20)):
        box = beside(QPointF(x, y), size, PLOT)
        assert box is not None
        assert PLOT.contains(box)
        assert (box.width(), box.height()) == size
        assert not box.adjusted(-5, -5, 5, 5).contains(QPointF(x, y))


def test_it_stands_right_above_where_there_is_room() -> None:
    box = beside(QPointF(100, 150), (80, 60), PLOT)
    assert box is not None
    assert box.left() > 100
    assert box.bottom() < 150


@pytest.mark.parametrize("size", [(310.0, 20.0), (20.0, 210.0), (290.0, 190.0)])
def test_without_room_there_is_no_box(size: tuple[float, float]) -> None:
    assert beside(QPointF(150, 100), size, PLOT) is None


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_facts_are_painted_in_the_theme(theme: Theme, qtbot: QtBot) -> None:
    widget = pg.PlotWidget()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    box = widget.getViewBox()
    readout = Readout(box)
    readout.dress(theme, QFont())
    with qtbot.waitExposed(widget):
        widget.show()
    assert not readout.isVisible()
    readout.show_beside(QPointF(50, 150), MAPPING, FACTS)
    assert readout.isVisible()
    assert readout.facts == FACTS
    place = widget.mapFromScene(box.mapToScene(readout.box.center()))
    image = widget.grab().toImage()
    greys = [
        image.pixelColor(place.x() + dx, place.y() + dy).lightness()
        for dx in range(-40, 40)
        for dy in range(-20, 20)
    ]
    assert max(greys) - min(greys) > 100  # text on its ground
    assert (sum(greys) / len(greys) < 128) == theme.is_dark
    readout.clear()
    assert not readout.isVisible()
    assert readout.facts is None


def test_a_point_outside_the_plot_has_no_box(qtbot: QtBot) -> None:
    widget = pg.PlotWidget()
    qtbot.addWidget(widget)
    readout = Readout(widget.getViewBox())
    readout.dress(LIGHT, QFont())
    readout.show_beside(QPointF(-1, 50), MAPPING, FACTS)
    assert readout.facts is None
