"""The sign that points to a current point outside of the plot."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene

from gui.text import number
from gui.views.edge import INSET, EdgeSign
from gui.views.mapping import Mapping
from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, snapshot, tutorial_2


def test_a_point_outside_is_pointed_to(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 1.1, 200)
    view = show(SurfaceView, snapshot(problem, rows, 200))
    sign = view.outside
    assert isinstance(sign, EdgeSign)
    assert sign.spot is not None
    assert view.mapping.rect.contains(sign.spot)
    b, w = rows.params[:, 200].tolist()
    middle = view.mapping.rect.center()
    away = sign.spot - middle
    x, y = view.mapping.pixel(b, w)
    cross = away.x() * (y - middle.y()) - away.y() * (x - middle.x())
    assert abs(cross) < 1e-6 * abs(x - middle.x()) * abs(away.x())
    assert (x - middle.x()) * away.x() > 0
    assert sign.label.text == f"outside: b = {number(b, 3)} · w = {number(w, 3)}"
    assert view.mapping.rect.contains(sign.label.box)
    view.draw(snapshot(problem, rows, 0))
    assert not sign.isVisible()
    assert not sign.label.isVisible()


def test_a_plot_without_room_points_nowhere() -> None:
    scene = QGraphicsScene()
    box = QGraphicsRectItem()
    scene.addItem(box)
    sign = EdgeSign(box)
    for side in (1.0, INSET, 2 * INSET):
        mapping = Mapping((0.0, 1.0), (0.0, 1.0), side, side, 1.0)
        sign.place(mapping, (0.5, 0.5), str)
        assert sign.spot is None
