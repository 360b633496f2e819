"""What is shown of the place under the mouse: the loss there, and the line of that loss."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.experiment import Features, LogLoss, Model, Mse
from engine.live.analyst import Question
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from gui.text import number
from gui.views.surface import HOVER_DIGITS, SurfaceView
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3


def move(view: SurfaceView, x: float, y: float, qtbot: QtBot) -> tuple[float, float]:
    """Move the mouse over a point of the data; returns the point that its pixel stands for."""
    viewport = view.plot.viewport()
    pixel = QPoint(view.plot.mapFromScene(view.box.mapViewToScene(QPointF(x, y))))
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(pixel),
        QPointF(viewport.mapToGlobal(pixel)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(view.hover.moved):
        QApplication.sendEvent(viewport, event)
    at = view.data_at(QPointF(pixel))
    assert at is not None
    return at


def shown(view: SurfaceView) -> dict[str, str]:
    assert view.hover.readout.facts is not None
    return dict(view.hover.readout.facts.rows)


def test_the_loss_under_the_mouse_is_computed(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    for x, y in ((0.2, 3.0), (1.2, 1.9), (2.0, 0.0)):
        b, w = move(view, x, y, qtbot)
        loss = float(np.mean((b + w * problem.x_train[:, 0] - problem.dataset.train.y) ** 2))
        assert shown(view) == {
            "b": number(b, HOVER_DIGITS),
            "w": number(w, HOVER_DIGITS),
            "MSE": number(loss, HOVER_DIGITS),
        }
        if view.hover.label.text:
            assert view.hover.label.text == number(loss)


def test_the_line_goes_through_the_mouse_at_its_level(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    at = move(view, 1.2, 1.9, qtbot)
    points = view.hover.line.points
    spot = view.hover.spot
    assert spot is not None
    assert np.hypot(points[:, 0] - spot.x(), points[:, 1] - spot.y()).min() < 1e-6
    level = problem.objective.loss(list(at))
    x, y = np.array([view.mapping.to_data(*point) for point in points.tolist()]).T
    assert problem.objective.loss([x, y]) == pytest.approx(float(level), rel=1e-9)


def test_on_a_slice_the_others_are_those_of_the_cursor(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.1, 30)
    view = show(SurfaceView, snapshot(problem, rows, 4))
    w1, w2 = move(view, -0.5, 0.4, qtbot)
    loss = float(problem.objective.loss([float(rows.params[0, 4]), w1, w2]))
    assert shown(view)["½ MSE"] == number(loss, HOVER_DIGITS)


def test_nothing_is_shown_once_the_mouse_is_elsewhere(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    move(view, 1.2, 1.9, qtbot)
    assert view.hover.line.isVisible()
    with qtbot.waitSignal(view.hover.moved):
        QApplication.sendEvent(view.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert view.hover.readout.facts is None
    assert not view.hover.line.isVisible()
    assert not view.hover.label.isVisible()


def test_many_moves_are_one_answer(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    answers: list[None] = []
    view.hover.moved.connect(lambda: answers.append(None))
    viewport = view.plot.viewport()
    for x in range(200, 260):
        place = QPointF(x, 150)
        QApplication.sendEvent(
            viewport,
            QMouseEvent(
                QEvent.Type.MouseMove,
                place,
                viewport.mapToGlobal(place),
                Qt.MouseButton.NoButton,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
            ),
        )
    qtbot.waitUntil(lambda: bool(answers))
    assert len(answers) == 1


def waves() -> Problem:
    """A sine through 25 points: a loss with several valleys."""
    x = np.linspace(-3, 3, 25)[:, np.newaxis]
    data = Dataset(Part(x, np.sin(2 * x[:, 0] + 0.5)), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    return build_problem(data, Features(), Model("sine"), Mse())


def test_a_line_in_a_hilly_surface_has_the_level_nearly(show: Any, qtbot: QtBot) -> None:
    problem = waves()
    view = show(SurfaceView, snapshot(problem, descend(problem, np.array([0.0, 1.0]), 0.05, 10)))
    at = move(view, 0.4, 1.0, qtbot)
    level = float(problem.objective.loss(list(at)))
    assert shown(view)["MSE"] == number(level, HOVER_DIGITS)
    points = view.hover.line.points
    points = points[np.isfinite(points).all(axis=1)]
    x, y = np.array([view.mapping.to_data(*point) for point in points.tolist()]).T
    assert problem.objective.loss([x, y]) == pytest.approx(level, abs=0.02)
    assert np.hypot(*(points - view.hover.spot.toTuple()).T).min() < 6


def test_where_a_loss_takes_long_it_is_asked_for(show: Any, qtbot: QtBot) -> None:
    random = np.random.default_rng(4)
    x = random.standard_normal((30_000, 1))
    y = (x[:, 0] + random.standard_normal(30_000) > 0).astype(float)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("x",), "y", None)
    problem = build_problem(data, Features(), Model("logistic"), LogLoss())
    view = show(SurfaceView, snapshot(problem, descend(problem, np.zeros(2), 0.5, 2)))
    asked: list[Question] = []
    view.question_raised.connect(asked.append)
    x, y = view.mapping.to_data(view.mapping.width / 2, view.mapping.height / 2)
    at = move(view, x, y, qtbot)
    assert shown(view)["log loss"] == "…"
    assert asked[-1].kind == "surface loss"
    for answer in asked[-1].answers(partial(bool, False)):
        view.take_answer(asked[-1].kind, asked[-1].token, answer)
    loss = float(problem.objective.loss(list(at)))
    assert shown(view)["log loss"] == number(loss, HOVER_DIGITS)
    x, y = view.mapping.to_data(200.0, 100.0)
    move(view, x, y, qtbot)
    view.take_answer("surface loss", asked[-2].token, 7.0)  # for where the mouse was
    assert shown(view)["log loss"] == "…"
