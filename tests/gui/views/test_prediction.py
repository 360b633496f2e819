"""Inference: typed values, the mark on the fit, and what is said of it; and the equation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from pytestqt.qtbot import QtBot

from engine.experiment import Features, Model, Mse
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import build_problem
from engine.types import Vector
from gui.views.equation import equation
from gui.views.fit import FitView
from gui.views.prediction import INSET
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3
from tests.gui.views.test_fit_models import at, curved, two_classes

B, W = 0.4967141530112327, -0.13826430117118466  # tutorial 2's start


def tutorial(show: Any) -> FitView:
    """The view at tutorial 2's start."""
    problem, start = tutorial_2()
    shown: FitView = show(FitView, snapshot(problem, descend(problem, start, 0.1, 20), 0))
    return shown


def marked(view: FitView) -> tuple[float, float] | None:
    return view.mark.at


def said(view: FitView) -> tuple[str, ...]:
    facts = view.mark.answer.facts
    assert facts is not None
    return (facts.title, *(name for name, _ in facts.rows))


@pytest.mark.parametrize("typed", ["0.5", "0,5", "5e-1", " .5 "])
def test_a_typed_value_is_predicted(typed: str, show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    assert marked(view) is None
    qtbot.keyClicks(view.asked.boxes[0], typed)
    assert marked(view) == pytest.approx((0.5, B + 0.5 * W))
    assert view.mark.marker.isVisible()
    assert view.mark.guides.isVisible()
    assert view.mark.guides.spot == pytest.approx(view.mapping.pixel(0.5, B + 0.5 * W))
    assert said(view) == ("ŷ = 0.427582", "x")


def test_it_follows_the_cursor_and_goes_with_the_text(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    box, now = view.asked.boxes[0], view._snapshot
    qtbot.keyClicks(box, "0.5")
    view.draw(snapshot(now.problem, now.rows, 20))  # type: ignore[union-attr]
    b, w = now.rows.params[:, 20]  # type: ignore[union-attr]
    assert marked(view) == pytest.approx((0.5, b + 0.5 * w))
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""
    assert marked(view) is None
    for item in (view.mark.marker, view.mark.guides, view.mark.arrow, view.mark.answer):
        assert not item.isVisible()


def test_text_that_is_no_number_gets_a_rim(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    box = view.asked.boxes[0]
    qtbot.keyClicks(box, "0.5z")
    assert box.is_wrong
    assert marked(view) is None
    danger = QColor(view.theme.danger)
    image = box.grab().toImage()
    rim = [image.pixelColor(x, 0) for x in range(image.width())]
    assert any(abs(colour.red() - danger.red()) < 40 and colour.green() < 120 for colour in rim)


def test_beyond_the_data_it_is_an_extrapolation_and_the_picture_grows(
    show: Any, qtbot: QtBot
) -> None:
    view = tutorial(show)
    before = view.mapping
    qtbot.keyClicks(view.asked.boxes[0], "1.8")
    assert "extrapolation" in said(view)
    assert view.mapping.x_range[1] > 1.8
    assert view.mapping.x_range[0] == before.x_range[0]
    assert view.line.points[-1, 0] > 1.8  # type: ignore[index]
    assert view.mark.marker.isVisible()
    view.asked.boxes[0].clear()
    assert view.mapping == before


def test_far_away_an_arrow_points_there(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    before = view.mapping
    qtbot.keyClicks(view.asked.boxes[0], "500")
    assert view.mapping.x_range == before.x_range
    assert not view.mark.marker.isVisible()
    assert view.mark.arrow.isVisible()
    assert view.mark.arrow.pos().x() == pytest.approx(view.mapping.width - INSET)
    assert view.mapping.rect.contains(
        view.mark.arrow.mapRectToParent(view.mark.arrow.boundingRect())
    )
    assert said(view)[0] == "ŷ = −68.6354"  # far below the plot, and still told
    assert view.mark.arrow.rotation() == pytest.approx(0, abs=15)


def test_a_diverged_fit_predicts_nothing_that_could_be_drawn(show: Any) -> None:
    problem, _ = tutorial_2()
    view = show(FitView, at(problem, [0.0, 1e150]))
    view.asked.boxes[0].setText("1e200")
    assert marked(view) is None
    assert not view.mark.arrow.isVisible()


def test_two_features_have_two_boxes(show: Any, qtbot: QtBot) -> None:
    problem = two_classes()
    view = show(FitView, at(problem, [0.2, 1.0, -2.0]))
    one, other = view.asked.boxes
    qtbot.keyClicks(one, "1.5")
    assert marked(view) is None  # a value is missing
    qtbot.keyClicks(other, "0.5")
    assert marked(view) == (1.5, 0.5)
    assert said(view)[0] == f"ŷ = {1 / (1 + np.exp(-0.7)):.6f}"  # z = 0.2 + 1.5 − 1
    assert [label.text() for label in view.asked.labels] == ["height =", "width ="]


def test_with_partial_residuals_the_mark_is_on_the_line(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(FitView, snapshot(problem, rows))
    for box, text in zip(view.asked.boxes, ("1", "-2"), strict=True):
        box.setText(text)
    b, w1, w2 = rows.params[:, -1]
    assert marked(view) == pytest.approx((1.0, b + w1))
    assert float(said(view)[0].removeprefix("ŷ = ").replace("−", "-")) == pytest.approx(
        b + w1 - 2 * w2, rel=1e-5
    )


def test_other_features_empty_the_boxes_and_other_data_of_the_same_do_not(show: Any) -> None:
    view = show(FitView, at(curved("tanh"), [0.0, 1.0]))
    view.asked.boxes[0].setText("1")
    view.draw(at(curved("sine"), [0.0, 1.0]))
    assert marked(view) == pytest.approx((1.0, np.sin(1.0)))
    view.draw(at(two_classes(), [0.0, 1.0, 1.0]))
    assert view.asked.boxes[0].text() == ""


def test_after_enter_the_next_number_replaces_the_last(show: Any, qtbot: QtBot) -> None:
    view = tutorial(show)
    box = view.asked.boxes[0]
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, "0.5")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.hasFocus()
    assert box.text() == "0.5"
    qtbot.keyClicks(box, "2e-1")
    place = marked(view)
    assert place is not None
    assert place[0] == 0.2
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.hasFocus()


@pytest.mark.parametrize("width", [200, 300, 600, 1200])
def test_the_header_fits_into_any_width(width: int, show: Any, qtbot: QtBot) -> None:
    view = show(FitView, at(two_classes(), [0.0, 1.0, 1.0]))
    view.resize(width, 400)
    qtbot.waitUntil(lambda: bool(view.width() == width))
    expected = width < 500

    def is_below() -> bool:
        bottom = view.equation.mapTo(view, QPoint(0, view.equation.height())).y()
        return bool(view.asked.mapTo(view, QPoint(0, 0)).y() >= bottom)

    qtbot.waitUntil(lambda: is_below() == expected)
    for widget in (*view.asked.boxes, view.equation):
        left = widget.mapTo(view, QPoint(0, 0)).x()
        assert left >= 0
        assert left + widget.width() <= width


# The equation


def test_the_equation_has_the_numbers_of_the_cursor(show: Any) -> None:
    view = tutorial(show)
    assert view.equation.text() == "ŷ = 0.496714 − 0.138264·x"
    now = view._snapshot
    view.draw(snapshot(now.problem, now.rows, 1))  # type: ignore[union-attr]
    b, w = B + 0.3044811379650508, W + 0.18337537171510832  # 0.1 of tutorial 2's gradients
    assert view.equation.text() == f"ŷ = {b:.6f} + {w:.7f}·x"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("logistic", "ŷ = σ(0.500000 − 2.00000·x)"),
        ("tanh", "ŷ = tanh(0.500000 − 2.00000·x)"),
        ("sine", "ŷ = sin(0.500000 − 2.00000·x)"),
    ],
)
def test_the_equation_names_the_function(kind: str, expected: str) -> None:
    assert equation(curved(kind), np.array([0.5, -2.0])) == expected


def test_the_equation_is_in_own_units_and_names_every_feature() -> None:
    x: Vector = np.array([[1.0, 10.0], [2.0, 30.0], [4.0, 20.0]])
    data = Dataset(
        Part(x, x[:, 0]), Part(x[:0], x[:0, 0]), ("age", "the weight of the car"), "y", None
    )
    problem = build_problem(data, Features((2.0, 0.1)), Model(), Mse())
    # ŷ = 1 + 3·(2·age) − 4·(0.1·weight)
    text = equation(problem, np.array([1.0, 3.0, -4.0]))
    assert text == "ŷ = 1.00000 + 6.00000·age − 0.400000·the we…he car"


@pytest.mark.parametrize("names", [("x",), ("median income of block",)])
@pytest.mark.parametrize("width", [280, 330, 380, 430, 480, 700])
def test_the_equation_never_touches_the_boxes(
    names: tuple[str, ...], width: int, show: Any, qtbot: QtBot
) -> None:
    x = np.arange(8.0)[:, np.newaxis]
    data = Dataset(Part(x, 2 * x[:, 0]), Part(x[:0], x[:0, 0]), names, "y", None)
    problem = build_problem(data, Features(), Model(), Mse())
    view = show(FitView, snapshot(problem, descend(problem, np.array([-0.5, -0.25]), 0.01, 3), 0))
    view.resize(width, 300)
    equation, boxes = view.equation, view.asked
    needed = QFontMetricsF(equation.font()).horizontalAdvance(equation.text())

    def is_clear() -> bool:
        if boxes.y() > equation.geometry().bottom():  # there was no room beside it
            return bool(needed + boxes.width() > width - 60)
        beside = equation.x() + equation.width() <= boxes.x()
        return bool(beside and needed + 10 <= equation.width())

    qtbot.waitUntil(is_clear)
