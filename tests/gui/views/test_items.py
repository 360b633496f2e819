"""Lines as one item: what is new is painted again, and shown again what was hidden."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QGraphicsView
from pytestqt.qtbot import QtBot

from gui.views.items import Curve, Curves, pen
from gui.views.mapping import Mapping

MAPPING = Mapping((0.0, 1.0), (0.0, 1.0), 200.0, 200.0, 1.0)
LOW, HIGH = (np.array([[0.1, y], [0.9, y]]) for y in (0.25, 0.75))
PENS = [pen("red", 3.0), pen("blue", 3.0)]


@pytest.fixture
def ground(qtbot: QtBot) -> Iterator[QGraphicsRectItem]:
    """What items lie on, on the screen."""
    scene = QGraphicsScene(0.0, 0.0, 200.0, 200.0)
    ground = QGraphicsRectItem(0.0, 0.0, 200.0, 200.0)
    scene.addItem(ground)
    view = QGraphicsView(scene)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    yield ground
    scene.clear()


def test_a_line_less_is_painted_although_the_others_stay(
    qtbot: QtBot, ground: QGraphicsRectItem
) -> None:
    curves = Curves(ground, 0.0)
    curves.dress(PENS)
    with qtbot.waitSignal(ground.scene().changed):
        curves.place(MAPPING, [LOW, HIGH])
    both = curves.boundingRect()
    with qtbot.waitSignal(ground.scene().changed) as painted:
        curves.dress(PENS[:1])
        curves.place(MAPPING, [LOW])
    assert any(region.contains(150.0, 50.0) for region in painted.args[0])
    assert both.contains(150.0, 50.0)
    assert not curves.boundingRect().contains(150.0, 50.0)


def test_a_line_that_was_hidden_is_shown_where_it_was(ground: QGraphicsRectItem) -> None:
    curve = Curve(ground, 0.0)
    curve.place(MAPPING, LOW)
    curve.hide()
    curve.place(MAPPING, LOW)
    assert curve.isVisible()
    curve.place(MAPPING, None)
    assert not curve.isVisible()


def test_lines_of_which_none_is_left_come_back(ground: QGraphicsRectItem) -> None:
    curves = Curves(ground, 0.0)
    curves.dress(PENS)
    curves.place(MAPPING, [LOW, HIGH])
    curves.dress([])
    assert not curves.isVisible()
    curves.dress(PENS)
    curves.place(MAPPING, [LOW, HIGH])
    assert curves.isVisible()


def test_another_pen_is_painted_and_the_same_again_is_not(
    qtbot: QtBot, ground: QGraphicsRectItem
) -> None:
    curve = Curve(ground, 0.0)
    curve.pen = pen("red", 3.0)
    with qtbot.waitSignal(ground.scene().changed):
        curve.place(MAPPING, LOW)
    curve.pen = pen("red", 3.0)
    with qtbot.assertNotEmitted(ground.scene().changed, wait=50):
        curve.place(MAPPING, LOW.copy())
    curve.pen = pen("blue", 3.0)
    with qtbot.waitSignal(ground.scene().changed):
        curve.place(MAPPING, LOW)
