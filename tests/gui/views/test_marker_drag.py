"""Dragging the start over the loss surface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3

LEFT = Qt.MouseButton.LeftButton


def spot(view: SurfaceView, x: float, y: float) -> QPoint:
    """Where a point of the data is on the plot's viewport."""
    return QPoint(view.plot.mapFromScene(view.box.mapViewToScene(QPointF(x, y))))


def drag(view: SurfaceView, begin: QPoint, *places: QPoint, qtbot: QtBot) -> None:
    """Drag with the left button."""
    viewport = view.plot.viewport()
    qtbot.mousePress(viewport, LEFT, pos=begin)
    for place in places:
        qtbot.mouseMove(viewport, place)
    qtbot.mouseRelease(viewport, LEFT, pos=places[-1])


@pytest.mark.parametrize("make", [tutorial_2, tutorial_3])
def test_the_start_is_asked_for_while_it_is_dragged(make: Any, show: Any, qtbot: QtBot) -> None:
    problem, start = make()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    asked: list[tuple[Any, str]] = []
    view.requested.connect(lambda values, key: asked.append((values, key)))
    x, y = (float(start[axis]) for axis in view.axes)
    places = [spot(view, x + 0.1, y + 0.1), spot(view, x + 0.3, y + 0.2)]
    with qtbot.assertNotEmitted(view.start_chosen):
        drag(view, spot(view, x, y), *places, qtbot=qtbot)
    assert len(asked) == 2
    assert len({key for _, key in asked}) == 1  # one step of undo
    values = asked[-1][0]["start"]["values"]
    pixel = 1.5 * max(1 / view.mapping.per_x, 1 / view.mapping.per_y)
    assert [values[axis] for axis in view.axes] == pytest.approx([x + 0.3, y + 0.2], abs=pixel)
    others = set(range(len(start))) - set(view.axes)
    assert all(values[i] == start[i] for i in others)
    view.draw(snapshot(problem, descend(problem, start, 0.1, 10), generation=2))  # taken back
    drag(view, spot(view, x, y), places[0], qtbot=qtbot)
    assert asked[-1][1] != asked[0][1]


def test_the_frame_stays_under_a_start_that_is_dragged(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    mapping, viewport = view.mapping, view.plot.viewport()
    asked: list[Any] = []
    view.requested.connect(lambda values, _key: asked.append(values["start"]["values"]))
    qtbot.mousePress(viewport, LEFT, pos=spot(view, *start.tolist()))
    qtbot.mouseMove(viewport, spot(view, 2.0, 3.0))
    other = start + 0.02  # an answer to an earlier place
    view.draw(snapshot(problem, descend(problem, other, 0.1, 10), 0, generation=2))
    assert view.mapping == mapping
    assert view.data_at(QPointF(spot(view, 2.0, 3.0))) is not None
    assert view.start.x() == pytest.approx(mapping.pixel(2.0, 3.0)[0], abs=1)
    qtbot.mouseRelease(viewport, LEFT, pos=spot(view, 2.0, 3.0))
    view.draw(snapshot(problem, descend(problem, np.array(asked[-1]), 0.1, 10), 0, generation=3))
    assert view.mapping == mapping
    assert view.start.at == tuple(asked[-1])
    view.reframe()
    assert view.mapping != mapping


def test_a_click_on_the_start_does_nothing(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    with qtbot.assertNotEmitted(view.start_chosen), qtbot.assertNotEmitted(view.requested):
        qtbot.mouseClick(view.plot.viewport(), LEFT, pos=spot(view, *start.tolist()))


def test_a_hand_shows_what_can_be_dragged(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    viewport = view.plot.viewport()
    usual = viewport.cursor().shape()
    at = spot(view, *start.tolist())
    qtbot.mouseMove(viewport, at)
    assert viewport.cursor().shape() == Qt.CursorShape.OpenHandCursor
    qtbot.mousePress(viewport, LEFT, pos=at)
    assert viewport.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    qtbot.mouseRelease(viewport, LEFT, pos=at)
    qtbot.mouseMove(viewport, at + QPoint(60, -60))
    assert viewport.cursor().shape() == usual


def test_panning_there_and_back_chooses_no_start(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    place = spot(view, 0.2, 3.0)
    with qtbot.assertNotEmitted(view.start_chosen):
        drag(view, place, place + QPoint(60, 20), place, qtbot=qtbot)


def test_a_drag_in_the_window_restarts_and_is_undone_at_once(
    open_window: Any, qtbot: QtBot
) -> None:
    window = open_window()
    view, session = window.surface, window.session
    first = session.experiment
    x, y = view.start.at
    places = [spot(view, x + 0.1 * step, y + 0.2 * step) for step in range(1, 6)]
    viewport = view.plot.viewport()
    qtbot.mousePress(viewport, LEFT, pos=spot(view, x, y))
    for place in places:
        qtbot.mouseMove(viewport, place)
        qtbot.wait(1)
    qtbot.waitUntil(lambda: session.snapshot.rows.params[0, 0] != x)  # while it is held
    qtbot.mouseRelease(viewport, LEFT, pos=places[-1])
    at = view.data_at(QPointF(places[-1]))
    qtbot.waitUntil(lambda: view.start.at == pytest.approx(at, abs=1e-9))
    assert session.can_undo
    session.undo()
    qtbot.waitUntil(lambda: session.experiment == first)
    assert not session.can_undo
