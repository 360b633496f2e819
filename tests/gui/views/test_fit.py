"""The fit: its line, residuals and points are what the engine says, in the user's own units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

from engine.problem.fit import evenly, partial_residuals, predict
from gui.views.fit import MOST_RESIDUALS, TRAIL, FitView
from gui.views.fit_subject import MOST_PARTIAL
from gui.views.segments import EDGE
from tests.gui.views.descents import (
    beside,
    descend,
    many_points,
    snapshot,
    tutorial_2,
    tutorial_3,
)


@pytest.mark.parametrize(("scale", "standardise"), [(1.0, False), (10.0, False), (1.0, True)])
def test_the_line_ends_where_the_model_predicts(scale: float, standardise: bool, show: Any) -> None:
    problem, start = tutorial_2(scale, standardise)
    rows = descend(problem, start, 0.02, 30)
    view = show(FitView, snapshot(problem, rows, 12))
    x = view.line.points[:, :1]
    expected = predict(problem, rows.params[:, 12], x)
    assert view.line.points[:, 1] == pytest.approx(expected, rel=1e-12)
    assert problem.optimum.params is not None
    best = predict(problem, problem.optimum.params, x)
    assert view.optimum.points[:, 1] == pytest.approx(best, rel=1e-12)


def test_the_line_is_painted_where_its_ends_say(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(FitView, snapshot(problem, descend(problem, start, 0.1, 3)))
    assert len(view.line.segments) == 1
    ends = view.line.segments.reshape(2, 2)
    for point, end in zip(ends, view.line.points, strict=True):
        assert point == pytest.approx(view.mapping.pixel(*end), abs=1e-6)


def test_the_line_reaches_a_little_beyond_the_data(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(FitView, snapshot(problem, descend(problem, start, 0.1, 1)))
    x = problem.dataset.train.x
    assert view.line.points[0, 0] < x.min()
    assert view.line.points[1, 0] > x.max()


def test_a_residual_goes_from_its_point_to_the_line(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    view = show(FitView, snapshot(problem, rows))
    train, mapping = problem.dataset.train, view.mapping
    fitted = predict(problem, rows.params[:, -1], train.x)
    assert len(view.residuals.segments) == 80
    ends = np.clip(mapping.to_pixels(train.x[:, 0], fitted), -EDGE, mapping.height + EDGE)
    points = mapping.to_pixels(train.x[:, 0], train.y)
    assert view.residuals.segments[:, 1] == pytest.approx(points[:, 1])
    assert view.residuals.segments[:, 3] == pytest.approx(ends[:, 1])
    assert np.abs(view.residuals.segments[:, 0] - points[:, 0]).max() <= 0.5


def test_points_are_painted_at_their_place(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(FitView, snapshot(problem, descend(problem, start, 0.1, 0)))
    image = view.points.image
    for part, colour in (
        (problem.dataset.train, view.theme.data),
        (problem.dataset.validation, view.theme.plot),
    ):
        k = int(np.argmax(_distance_to_others(problem, part)))
        x, y = view.mapping.pixel(float(part.x[k, 0]), float(part.y[k]))
        assert image.pixelColor(int(x), int(y)) == QColor(colour)


def _distance_to_others(problem: Any, part: Any) -> np.ndarray[Any, Any]:
    """How far each point lies from the nearest one, in the data's units."""
    data = problem.dataset
    x = np.concatenate((data.train.x[:, 0], data.validation.x[:, 0]))
    y = np.concatenate((data.train.y, data.validation.y))
    far = np.hypot(part.x[:, :1] - x, (part.y[:, None] - y) / 3)
    far[far == 0] = np.inf
    return np.asarray(far.min(axis=1))


def test_the_lines_before_the_current_one_fade(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.8, 20)
    view = show(FitView, snapshot(problem, rows, 2))
    assert [item.points is not None for item in view.trail.lines] == [False] * (TRAIL - 2) + [
        True
    ] * 2
    x = view.trail.lines[-1].points[:, :1]
    assert view.trail.lines[-1].points[:, 1] == pytest.approx(
        predict(problem, rows.params[:, 1], x), rel=1e-12
    )
    shades = [item.pen.color().lightness() for item in view.trail.lines]
    assert shades == sorted(shades, reverse=True)


def test_the_range_holds_the_start_line_if_it_is_near(show: Any) -> None:
    problem, _ = tutorial_2()  # the data reach from y = 1 to 3
    near = show(FitView, snapshot(problem, descend(problem, np.array([-1.0, 0.0]), 0.0, 0)))
    assert near.mapping.y_range[0] < -1
    far = show(FitView, snapshot(problem, descend(problem, np.array([-100.0, 0.0]), 0.0, 0)))
    assert far.mapping.y_range[0] > 0
    assert not far.line.isVisible()


def test_ranges_do_not_move_while_the_fit_approaches(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 500)
    view = show(FitView, snapshot(problem, rows, 0))
    mapping = view.mapping
    for row in range(0, 501, 50):
        view.draw(snapshot(problem, rows, row))
        assert view.mapping == mapping


def test_many_points_get_few_residuals_and_become_a_density(show: Any) -> None:
    problem, start = many_points(30_000)
    view = show(FitView, snapshot(problem, descend(problem, start, 0.1, 5)))
    assert 100 < len(view.residuals.segments) <= MOST_RESIDUALS
    assert view.legend.entries[0].text == "points (density)"
    x, y = view.mapping.pixel(0.5, 2.0)  # in the middle of the line y = 1 + 2x
    assert view.points.image.pixelColor(int(x), int(y)).alpha() > 100
    x, y = view.mapping.pixel(0.02, 3.3)  # more than seven deviations above it
    assert view.points.image.pixelColor(int(x), int(y)).alpha() == 0


def test_partial_residuals_move_with_the_fit(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(FitView, snapshot(problem, rows))
    assert view.choice.isVisible()
    assert view.note.text() == "partial residuals"
    train, params = problem.dataset.train, rows.params[:, -1]
    expected = train.y - params[2] * train.x[:, 1]  # what x2 explains is taken away
    assert partial_residuals(problem, params, 0, train) == pytest.approx(expected)
    chosen = evenly(1000, MOST_RESIDUALS)
    pixels = view.mapping.to_pixels(train.x[chosen, 0], expected[chosen])
    assert view.residuals.segments[:, 1] == pytest.approx(
        np.clip(pixels[:, 1], -EDGE, view.mapping.height + EDGE)
    )
    assert view.line.points[:, 1] == pytest.approx(params[0] + params[1] * view.line.points[:, 0])


def test_another_feature_can_be_chosen(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(FitView, snapshot(problem, rows))
    view.choice.setCurrentIndex(1)
    view.choice.activated.emit(1)
    params = rows.params[:, -1]
    assert view.line.points[:, 1] == pytest.approx(params[0] + params[2] * view.line.points[:, 0])
    assert "x2" in view.plot.getAxis("bottom").label.toPlainText()


def test_it_says_how_many_of_many_partial_residuals_are_shown(show: Any) -> None:
    from engine.experiment import Features, Model, Mse
    from engine.problem.dataset import Dataset, Part
    from engine.problem.problem import build_problem

    random = np.random.default_rng(3)
    x, noise = random.standard_normal((9000, 2)), random.standard_normal(9000)
    data = Dataset(Part(x, x.sum(axis=1) + noise), Part(x[:0], noise[:0]), ("x1", "x2"), "y", None)
    problem = build_problem(data, Features(), Model(), Mse())
    view = show(FitView, snapshot(problem, descend(problem, np.zeros(3), 0.1, 1)))
    assert view.note.text() == "partial residuals · 1,800 of 9,000 points shown"
    assert MOST_PARTIAL >= 1_800


def test_a_run_that_ended_sooner_stays_at_its_last_row(show: Any) -> None:
    for problem, start in (tutorial_2(), tutorial_3()):
        rows, longer = descend(problem, start, 0.1, 14), descend(problem, start, 0.05, 400)
        alone = snapshot(problem, rows)
        view = show(FitView, alone)
        line = view.line.segments.tolist()
        for cursor in (200, 400):
            view.draw(beside(alone, longer, cursor))
            assert view.line.segments.tolist() == line
        view.draw(beside(alone, longer, 5))
        assert view.line.segments.tolist() != line
