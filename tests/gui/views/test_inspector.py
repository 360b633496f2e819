"""The point under the mouse: its numbers, its error, and that a click holds on to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.experiment import Features, Mae, Model
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import build_problem
from gui.style import DARK
from gui.views.fit import FitView
from gui.views.fit_points import Spot
from tests.gui.views.descents import descend, many_points, snapshot, tutorial_2, tutorial_3

LEFT = Qt.MouseButton.LeftButton


def place(view: FitView, x: float, y: float) -> QPoint:
    """Where a point of the data is on the plot's viewport."""
    pixel = QPointF(*view.mapping.pixel(x, y))
    return QPoint(view.plot.mapFromScene(view.box.mapToScene(pixel)))


def move(view: FitView, x: float, y: float) -> None:
    """Move the mouse to a point of the data, from somewhere else."""
    QTest.mouseMove(view.plot.viewport(), place(view, x, y) + QPoint(3, 0))
    QTest.mouseMove(view.plot.viewport(), place(view, x, y))


def looked_at(view: FitView) -> Spot | None:
    return view.inspector.spot


def value(view: FitView, name: str) -> str:
    facts = view.inspector.readout.facts
    assert facts is not None
    return dict(facts.rows)[name]


def tutorial(show: Any) -> FitView:
    """The view at tutorial 2's start."""
    problem, start = tutorial_2()
    shown: FitView = show(FitView, snapshot(problem, descend(problem, start, 0.1, 20), 0))
    return shown


def first_point(view: FitView) -> tuple[float, float]:
    train = view._snapshot.problem.dataset.train  # type: ignore[union-attr]
    return float(train.x[0, 0]), float(train.y[0])


def test_the_first_point_of_tutorial_2_has_its_error(show: Any) -> None:
    view = tutorial(show)
    move(view, *first_point(view))
    assert looked_at(view) == Spot(0, 0)
    assert view.inspector.readout.isVisible()
    assert view.inspector.readout.facts.title == "training point 1"  # type: ignore[union-attr]
    assert value(view, "error ŷ − y") == "−2.08446"  # tutorial 2's figure 3: −2.0845
    assert value(view, "x") == "0.77127"
    assert value(view, "loss ℓ") == "4.34499"
    # 4.34499 of 80 × tutorial 2's first loss, 2.74216
    assert value(view, "share of Σℓ") == "1.98 %"
    assert view.inspector.error.isVisible()
    x, y = first_point(view)
    fitted = 0.4967141530112327 - 0.13826430117118466 * x
    assert view.inspector.error.points[:, 1] == pytest.approx([y, fitted])  # type: ignore[index]


def test_the_box_is_beside_the_point(show: Any) -> None:
    view = tutorial(show)
    x, y = first_point(view)
    move(view, x, y)
    box = view.inspector.readout.box
    assert view.mapping.rect.contains(box)
    assert not box.contains(QPointF(*view.mapping.pixel(x, y)))


def test_in_a_small_plot_the_error_is_left(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    view.resize(260, 210)
    qtbot.waitUntil(lambda: bool(view.mapping.height < 120))
    move(view, *first_point(view))
    facts = view.inspector.readout.facts
    assert facts is not None
    assert [name for name, _ in facts.rows] == ["y", "ŷ", "error ŷ − y"]


def test_the_numbers_follow_the_cursor(show: Any) -> None:
    view = tutorial(show)
    move(view, *first_point(view))
    before = value(view, "error ŷ − y")
    now = view._snapshot
    view.draw(snapshot(now.problem, now.rows, 20))  # type: ignore[union-attr]
    assert value(view, "error ŷ − y") != before
    params, (x, y) = now.rows.params[:, 20], first_point(view)  # type: ignore[union-attr]
    shown = float(value(view, "error ŷ − y").replace("−", "-"))
    assert shown == pytest.approx(params[0] + params[1] * x - y, rel=1e-5)


def test_where_no_point_is_there_is_no_box(show: Any) -> None:
    view = tutorial(show)
    move(view, *first_point(view))
    move(view, 0.1, 2.8)
    assert looked_at(view) is None
    assert not view.inspector.readout.isVisible()
    assert not view.inspector.ring.isVisible()
    assert not view.inspector.error.isVisible()


def test_leaving_the_plot_leaves_the_point(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    move(view, *first_point(view))
    assert looked_at(view) is not None
    QTest.mouseMove(view.title, view.title.rect().center())
    qtbot.waitUntil(lambda: looked_at(view) is None)


def test_the_same_point_looked_at_again_has_its_error_again(show: Any) -> None:
    view = tutorial(show)
    on_it, beside = place(view, *first_point(view)), QPoint(2, 2)
    for _ in range(2):
        QTest.mouseMove(view.plot.viewport(), on_it)
        assert looked_at(view) == Spot(0, 0)
        assert view.inspector.error.isVisible()
        QTest.mouseMove(view.plot.viewport(), beside)
        assert looked_at(view) is None
        assert not view.inspector.error.isVisible()


def test_a_click_pins_a_point_and_another_lets_go(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    port, here, elsewhere = view.plot.viewport(), first_point(view), (0.1, 2.8)
    move(view, *here)
    qtbot.mouseClick(port, LEFT, pos=place(view, *here))
    move(view, *elsewhere)
    assert looked_at(view) == Spot(0, 0)
    qtbot.mouseClick(port, LEFT, pos=place(view, *here))
    move(view, *elsewhere)
    assert looked_at(view) is None
    qtbot.mouseClick(port, LEFT, pos=place(view, *here))
    qtbot.mouseClick(port, LEFT, pos=place(view, *elsewhere))
    move(view, *elsewhere)
    assert looked_at(view) is None


def test_a_validation_point_says_so(show: Any) -> None:
    view = tutorial(show)
    rest = view._snapshot.problem.dataset.validation  # type: ignore[union-attr]
    move(view, float(rest.x[2, 0]), float(rest.y[2]))
    assert looked_at(view) == Spot(1, 2)
    assert view.inspector.readout.facts.title == "validation point 3"  # type: ignore[union-attr]


def test_another_problem_forgets_the_point(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    qtbot.mouseClick(view.plot.viewport(), LEFT, pos=place(view, *first_point(view)))
    assert looked_at(view) is not None
    problem, start = tutorial_3()
    view.draw(snapshot(problem, descend(problem, start, 0.1, 3), generation=2))
    assert looked_at(view) is None
    assert not view.inspector.readout.isVisible()


def test_partial_residuals_have_all_features(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(FitView, snapshot(problem, rows))
    view.set_theme(DARK)
    train, params = problem.dataset.train, rows.params[:, -1]
    k = int(train.x[:, 0].argmin())  # far from the others
    x = train.x[k]
    move(view, float(x[0]), float(train.y[k] - params[2] * x[1]))
    assert looked_at(view) == Spot(0, k)
    assert value(view, "x2") == f"{x[1]:.5g}".replace("-", "−")
    error = params[0] + params[1:] @ x - train.y[k]
    shown = float(value(view, "error ŷ − y").replace("−", "-"))
    assert shown == pytest.approx(error, rel=1e-5)


def test_of_many_features_only_the_one_along_the_axis_is_named(show: Any) -> None:
    x = np.random.default_rng(1).normal(size=(12, 7))
    names = tuple("abcdefg")
    data = Dataset(Part(x, x.sum(axis=1)), Part(x[:0], x[:0, 0]), names, "y", None)
    problem = build_problem(data, Features(), Model(), Mae())
    view = show(FitView, snapshot(problem, descend(problem, np.zeros(8), 0.1, 2), 0))
    view.choose_feature(3)
    move(view, float(x[0, 3]), float(x[0].sum()))
    facts = view.inspector.readout.facts
    assert facts is not None
    assert [name for name, _ in facts.rows][:2] == ["d", "y"]
    assert not view.asked.isVisible()


def test_a_density_has_no_single_points(show: Any) -> None:
    problem, start = many_points(30_000)
    view = show(FitView, snapshot(problem, descend(problem, start, 0.1, 1)))
    train = problem.dataset.train
    move(view, float(train.x[0, 0]), float(train.y[0]))
    assert looked_at(view) is None
    assert not view.inspector.readout.isVisible()
