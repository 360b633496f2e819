"""The loss curve: its place, its range, and travelling through time with the mouse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.views.loss import SHORTEST, LossView
from gui.views.mapping import SANE_PIXELS
from gui.views.ranges import rounded_up
from tests.gui.views.descents import beside, descend, first, snapshot, tutorial_2, tutorial_3


def spot(view: LossView, x: float, y: float) -> QPoint:
    """Where a point of the data is on the plot's viewport."""
    scene = view.box.mapViewToScene(QPointF(x, y))
    return QPoint(view.plot.mapFromScene(scene))


def test_the_marker_is_at_the_cursors_loss(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 100)
    view = show(LossView, snapshot(problem, rows, 30))
    assert view.marker.at == pytest.approx((30, math.log10(rows.train_loss[30])))
    x, y = view.mapping.pixel(30, math.log10(rows.train_loss[30]))
    assert (view.marker.x(), view.marker.y()) == pytest.approx((x, y), abs=0.01)
    view.log_scale = False
    assert view.marker.at == pytest.approx((30, rows.train_loss[30]))


def test_the_curve_is_painted_where_the_losses_are(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 40)
    view = show(LossView, snapshot(problem, rows))
    for row in (3, 10, 25):
        x, y = view.mapping.pixel(row, math.log10(rows.train_loss[row]))
        assert view.curves[0].image.pixelColor(int(x), int(y)) == QColor(view.theme.fit)
        assert view.curves[0].image.pixelColor(int(x), int(y) - 9).alpha() == 0


def test_rows_beyond_the_cursor_are_grey(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 40)
    view = show(LossView, snapshot(problem, rows, 20))
    x, y = view.mapping.pixel(30, math.log10(rows.train_loss[30]))
    near = (int(x), int(y))
    assert view.curves[0].image.pixelColor(*near).alpha() == 0
    assert view.beyond[0].image.pixelColor(*near).alpha() > 0
    view.draw(snapshot(problem, rows, 40))
    assert view.curves[0].image.pixelColor(*near).alpha() > 0


def test_the_floor_is_the_least_squares_loss(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 5)))
    level = math.log10(problem.optimum.loss)
    assert view.floor.ends[:, 1] == pytest.approx([level, level])
    assert view.floor.isVisible()


def test_the_iterations_axis_grows_in_coarse_steps(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 1000)
    view = show(LossView, snapshot(problem, first(rows, 1)))
    spans = {view.mapping.x_range}
    for count in range(1, 1001):
        view.draw(snapshot(problem, first(rows, count)))
        assert view.mapping.x_range[1] > max(count - 1, SHORTEST)
        spans.add(view.mapping.x_range)
    assert len(spans) <= 9


@pytest.mark.parametrize(
    ("rows", "length"), [(50, 50), (51, 75), (76, 100), (101, 150), (999, 1000), (1e6, 1e6)]
)
def test_lengths_are_round(rows: float, length: float) -> None:
    assert rounded_up(rows) == length


def test_the_loss_axis_stands_still_while_the_run_converges(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 45)
    view = show(LossView, snapshot(problem, first(rows, 1)))
    mapping = view.mapping
    for count in range(1, 46):
        view.draw(snapshot(problem, first(rows, count)))
        assert view.mapping == mapping


def test_a_diverging_loss_ends_at_the_top(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 1.1, 200)  # grows by 3 a step: 1e95 times the start at the end
    view = show(LossView, snapshot(problem, rows))
    top = math.log10(rows.train_loss[0] * SANE_PIXELS)
    assert top < view.mapping.y_range[1] < top + 2


def test_a_loss_of_zero_has_no_place_on_the_logarithmic_axis(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 10)
    rows.train_loss[4] = 0.0
    view = show(LossView, snapshot(problem, rows, 4))
    places = [view.marker.at]
    view.log_scale = False
    places.append(view.marker.at)
    assert places == [None, (4, 0.0)]
    assert view.mapping.y_range[0] < 0 < view.mapping.y_range[1]


def test_half_the_error_is_called_so(show: Any) -> None:
    problem, start = tutorial_3()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 3)))
    assert "½ MSE" in view.plot.getAxis("left").label.toPlainText()
    assert [entry.text for entry in view.legend.entries] == ["training", "least squares"]
    problem, start = tutorial_2()
    view.draw(snapshot(problem, descend(problem, start, 0.1, 3), generation=2))
    assert "½" not in view.plot.getAxis("left").label.toPlainText()
    assert "validation" in [entry.text for entry in view.legend.entries]


def test_the_ghost_is_drawn_faintly(show: Any) -> None:
    problem, start = tutorial_2()
    old, new = descend(problem, start, 0.02, 40), descend(problem, start, 0.1, 40)
    view = show(LossView, snapshot(problem, new, ghost=old))
    x, y = view.mapping.pixel(20, math.log10(old.train_loss[20]))
    assert view.ghost.image.pixelColor(int(x), int(y)).alpha() > 0
    assert "before the change" in [entry.text for entry in view.legend.entries]
    view.draw(snapshot(problem, new, generation=2))
    assert view.ghost.is_empty


def test_clicking_and_dragging_chooses_the_row(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 40)))
    chosen: list[int] = []
    view.cursor_chosen.connect(chosen.append)
    viewport, left = view.plot.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(viewport, left, pos=spot(view, 12, 0.0))
    qtbot.mouseRelease(viewport, left, pos=spot(view, 12, 0.0))
    assert chosen == [12]


@pytest.mark.parametrize(("x", "row"), [(-1.2, 0), (49, 40)])
def test_a_click_beside_the_rows_chooses_the_nearest(
    x: float, row: int, show: Any, qtbot: QtBot
) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 40)))
    with qtbot.waitSignal(view.cursor_chosen) as signal:
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, x, 0.0))
    assert signal.args == [row]


def test_nothing_is_computed_or_moved_by_a_click(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 40)))
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, 5, 0.0))
    assert view.marker.at is not None
    assert view.marker.at[0] == 40
    assert np.array_equal(view.cursor_line.ends[:, 0], [40, 40])


def test_a_run_that_ended_sooner_stays_at_its_last_row(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    rows, longer = descend(problem, start, 0.1, 14), descend(problem, start, 0.05, 400)
    view = show(LossView, snapshot(problem, rows))
    for cursor in (200, 400, 300):
        view.draw(beside(snapshot(problem, rows), longer, cursor))
        assert view.marker.at == pytest.approx((14, math.log10(rows.train_loss[14])))
        assert view.cursor_line.ends is not None
        assert view.cursor_line.ends[0, 0] == cursor
    with qtbot.waitSignal(view.cursor_chosen) as chosen:
        viewport = view.plot.viewport()
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot(view, 250, 0))
    assert chosen.args[0] == pytest.approx(250, abs=2)
