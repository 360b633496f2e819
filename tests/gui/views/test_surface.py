"""The loss surface: frames, markers, slices, zooming, and choosing a start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.problem.surface import default_frame, heights
from gui.style import DARK, LIGHT
from gui.views.heat import heat_image, shades
from gui.views.ranges import FARTHEST
from gui.views.surface import SurfaceView
from tests.gui.views.descents import beside, descend, snapshot, tutorial_2, tutorial_3


def spot(view: SurfaceView, x: float, y: float) -> QPoint:
    """Where a point of the data is on the plot's viewport."""
    return QPoint(view.plot.mapFromScene(view.box.mapViewToScene(QPointF(x, y))))


def test_markers_stand_where_the_engine_says(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    view = show(SurfaceView, snapshot(problem, rows, 7))
    assert view.start.at == tuple(start)
    assert view.current.at == tuple(rows.params[:, 7])
    assert problem.optimum.params is not None
    assert view.optimum.at == tuple(problem.optimum.params)
    assert view.truth.at == (1.0, 2.0)
    x, y = view.mapping.pixel(*view.current.at)
    assert (view.current.x(), view.current.y()) == pytest.approx((x, y), abs=0.01)
    scene = view.box.mapToScene(QPointF(x, y))
    seen = view.box.mapSceneToView(scene)
    assert (seen.x(), seen.y()) == pytest.approx(view.current.at, abs=1e-3)


def test_the_first_frame_is_the_engines(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 5)))
    frame = default_frame(problem, start, (0, 1))
    assert view.mapping.x_range == pytest.approx(frame.x)
    assert view.mapping.y_range == pytest.approx(frame.y)


def test_the_path_is_painted_through_its_rows(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    view = show(SurfaceView, snapshot(problem, rows))
    for row in (1, 2, 3):
        x, y = view.mapping.pixel(*rows.params[:, row])
        assert view.path.image.pixelColor(int(x), int(y)) == QColor(LIGHT.fit)


def test_rows_beyond_the_cursor_and_the_ghost_are_in_layers_of_their_own(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    view = show(SurfaceView, snapshot(problem, rows, 2, ghost=descend(problem, start, 0.3, 20)))
    assert view.path.strokes == 2
    assert view.beyond.strokes == 18
    assert not view.ghost.is_empty
    view.draw(snapshot(problem, rows, generation=2))
    assert view.beyond.is_empty
    assert view.ghost.is_empty


def test_what_will_come_is_dotted_and_goes_when_it_runs(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    ahead = descend(problem, rows.params[:, -1], 0.1, 30).params
    view = show(SurfaceView, snapshot(problem, rows, ahead=ahead))
    assert not view.ahead.is_empty
    view.draw(snapshot(problem, rows, playing=True))
    assert view.ahead.is_empty


def test_the_frame_grows_with_the_path_but_not_for_ever(show: Any) -> None:
    problem, start = tutorial_2()
    frame = default_frame(problem, start, (0, 1))
    width = frame.x[1] - frame.x[0]
    rows = descend(problem, start, 1.1, 300)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    seen = view.mapping.x_range[1] - view.mapping.x_range[0]
    assert seen == pytest.approx(FARTHEST * width)


def test_a_new_start_frames_anew(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 1.1, 30)))
    other = start + 0.2
    view.draw(snapshot(problem, descend(problem, other, 0.1, 5), generation=2))
    frame = default_frame(problem, other, (0, 1))
    assert view.mapping.x_range == pytest.approx(frame.x)


def test_heat_is_dark_in_the_valley(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 0)))
    mapping = view.mapping
    x, y = (np.linspace(a, b, 101) for a, b in (mapping.x_range, mapping.y_range))
    z = heights(problem.objective, start, (0, 1), x, y)
    image = heat_image(z, problem.optimum.loss, LIGHT)
    row, column = np.unravel_index(np.argmin(z), z.shape)
    lowest = image.pixel(int(column), 100 - int(row))
    assert lowest == shades(LIGHT, LIGHT.heat_opacity)[0]
    row, column = np.unravel_index(np.argmax(z), z.shape)
    assert image.pixel(int(column), 100 - int(row)) == shades(LIGHT, LIGHT.heat_opacity)[-1]
    assert shades(DARK, DARK.heat_opacity)[0] != shades(LIGHT, LIGHT.heat_opacity)[0]


def test_a_click_chooses_a_start_and_computes_nothing(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    with qtbot.waitSignal(view.start_chosen) as signal:
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, 0.2, 3.0))
    pixel = max(1 / view.mapping.per_x, 1 / view.mapping.per_y)
    assert signal.args[0] == pytest.approx([0.2, 3.0], abs=1.5 * pixel)
    assert view.start.at == tuple(start)


def test_a_drag_chooses_no_start(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    viewport, left = view.plot.viewport(), Qt.MouseButton.LeftButton
    with qtbot.assertNotEmitted(view.start_chosen):
        qtbot.mousePress(viewport, left, pos=spot(view, 0.2, 3.0))
        qtbot.mouseRelease(viewport, left, pos=spot(view, 1.2, 2.0))


def test_a_click_on_a_slice_keeps_the_other_parameters(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.1, 10)
    view = show(SurfaceView, snapshot(problem, rows))
    assert view.axes == (1, 2)
    with qtbot.waitSignal(view.start_chosen) as signal:
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, -0.5, 0.5))
    assert signal.args[0][0] == rows.params[0, -1]  # of the row that the slice goes through
    assert signal.args[0][1:] == pytest.approx([-0.5, 0.5], abs=0.02)


def test_a_slice_says_so_and_its_axes_can_be_chosen(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.1, 10)
    view = show(SurfaceView, snapshot(problem, rows))
    assert view.note.text().startswith("slice")
    assert view.optimum.brush().style() == Qt.BrushStyle.NoBrush
    assert view.current.brush().style() == Qt.BrushStyle.SolidPattern
    view.choices[0].setCurrentIndex(0)
    view.choices[0].activated.emit(0)
    assert view.axes == (0, 2)
    assert view.current.at == (rows.params[0, -1], rows.params[2, -1])
    view.choices[1].setCurrentIndex(0)
    view.choices[1].activated.emit(0)
    assert view.axes == (2, 0)


def test_a_slice_follows_the_other_parameters(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.1, 30)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    before = view.still.image.copy()
    view.draw(snapshot(problem, rows, 30))
    qtbot.waitUntil(lambda: view.still.image != before)


def test_zooming_stays_until_it_is_reset(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 30)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    automatic, still = view.mapping, view.still.image.copy()
    view.box.scaleBy((0.5, 0.5))
    view.box.sigRangeChangedManually.emit([True, True])
    qtbot.waitUntil(lambda: view.mapping != automatic)
    assert view.still.image != still
    zoomed = view.mapping
    assert view.reset_button.isVisible()
    view.draw(snapshot(problem, rows, 30))
    assert view.mapping == zoomed
    qtbot.mouseClick(view.reset_button, Qt.MouseButton.LeftButton)
    assert view.mapping == automatic
    assert not view.reset_button.isVisible()


def drag(view: SurfaceView, qtbot: QtBot, *places: tuple[float, float]) -> None:
    """Press at the first place of the data, move to the others and let go."""
    viewport, left = view.plot.viewport(), Qt.MouseButton.LeftButton
    spots = [spot(view, *place) for place in places]
    qtbot.mousePress(viewport, left, pos=spots[0])
    for at in spots[1:]:
        everywhere = QPointF(viewport.mapToGlobal(at))
        none = Qt.KeyboardModifier.NoModifier
        kind = QEvent.Type.MouseMove
        moved = QMouseEvent(kind, QPointF(at), everywhere, Qt.MouseButton.NoButton, left, none)
        QApplication.sendEvent(viewport, moved)
    qtbot.mouseRelease(viewport, left, pos=spots[-1])


def test_a_drag_that_comes_back_leaves_nothing_to_reset(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 30)
    view = show(SurfaceView, snapshot(problem, rows))
    automatic, here, there = view.mapping, (0.2, 3.0), (0.8, 2.0)
    drag(view, qtbot, here, there)
    qtbot.waitUntil(lambda: view.mapping != automatic)
    assert view.reset_button.isVisible()
    assert view.chosen_frame is not None
    view.reframe()
    drag(view, qtbot, here, there, here)
    qtbot.waitUntil(lambda: not view._refresh.isActive())
    assert view.mapping == automatic
    assert not view.reset_button.isVisible()
    assert view.chosen_frame is None


def test_a_surface_without_a_minimum_point_is_drawn(show: Any) -> None:
    from engine.experiment import Features, Model, Mse
    from engine.problem.dataset import Dataset, Part
    from engine.problem.problem import build_problem

    x = np.ones((20, 1))  # a constant feature: rank 1 of 2
    data = Dataset(Part(x, np.arange(20.0)), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    problem = build_problem(data, Features(), Model(), Mse())
    view = show(SurfaceView, snapshot(problem, descend(problem, np.zeros(2), 0.1, 20)))
    assert view.truth.at is None
    assert not view.grab().isNull()


def test_a_run_that_ended_sooner_stays_at_its_last_row(show: Any) -> None:
    for problem, start in (tutorial_2(), tutorial_3()):
        rows, longer = descend(problem, start, 0.1, 14), descend(problem, start, 0.05, 400)
        alone = snapshot(problem, rows)
        view = show(SurfaceView, alone)
        there = view.current.at
        for cursor in (200, 400, 300):
            view.draw(beside(alone, longer, cursor))
            assert view.current.at == there
        view.draw(beside(alone, longer, 5))
        assert view.current.at != there
