"""The fit of models that are no line: curves, thresholds, and the plane of two classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from engine.experiment import Features, LogLoss, Loss, Model, Mse
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from engine.types import Vector
from gui.style import DARK, LIGHT
from gui.views.fit import MOST_RINGS, FitView
from gui.views.fit_points import POINT_RADIUS
from gui.views.segments import EDGE
from tests.gui.views.descents import descend, rows_at, snapshot, tutorial_2, tutorial_3


def _sigmoid(z: Vector) -> Vector:
    return np.asarray(1 / (1 + np.exp(-z)))


FORMULAS: dict[str, Callable[[Vector], Vector]] = {
    "logistic": _sigmoid,
    "tanh": np.tanh,
    "sine": np.sin,
}


def curved(kind: str, standardise: bool = False) -> Problem:
    """Fifty points over −3…3 that a model of one feature fits well, ten of them to validate."""
    random = np.random.default_rng(2)
    x = random.uniform(-3, 3, (50, 1))
    y = FORMULAS[kind](0.5 + 2 * x[:, 0])
    y = (y > random.uniform(size=50)).astype(float) if kind == "logistic" else y
    data = Dataset(Part(x[:40], y[:40]), Part(x[40:], y[40:]), ("x",), "y", None)
    loss: Loss = LogLoss() if kind == "logistic" else Mse()
    return build_problem(data, Features(standardise=standardise), Model(kind), loss)  # type: ignore[arg-type]


def two_classes(n: int = 200) -> Problem:
    """Two clouds in the plane, the last fifth for validation."""
    random = np.random.default_rng(4)
    label = random.integers(0, 2, n).astype(float)
    x = random.normal(size=(n, 2)) + np.outer(2 * label - 1, [1.5, 1.0])
    m = n * 4 // 5
    data = Dataset(
        Part(x[:m], label[:m]), Part(x[m:], label[m:]), ("height", "width"), "kind", None
    )
    return build_problem(data, Features(), Model("logistic"), LogLoss())


def at(problem: Problem, *params: list[float]) -> Any:
    """A snapshot at the last of some parameters."""
    return snapshot(problem, rows_at(problem, np.array(params).T))


@pytest.mark.parametrize("kind", FORMULAS)
@pytest.mark.parametrize("standardise", [False, True])
def test_a_curve_is_the_formula_all_along(kind: str, standardise: bool, show: Any) -> None:
    problem = curved(kind, standardise)
    view = show(FitView, at(problem, [0.0, 0.4], [0.3, 1.2]))
    x, y = view.line.points.T
    u = (x - problem.scaler.mean[0]) / problem.scaler.sd[0]
    assert y == pytest.approx(FORMULAS[kind](0.3 + 1.2 * u), rel=1e-12)
    assert view.start.points[:, 1] == pytest.approx(FORMULAS[kind](0.4 * u), rel=1e-12)
    assert np.diff(x).max() * view.mapping.per_x < 3  # pixels
    assert x[0] < problem.dataset.train.x.min()
    assert x[-1] > problem.dataset.train.x.max()
    assert len(view.line.segments) == len(x) - 1


@pytest.mark.parametrize("kind", FORMULAS)
def test_residuals_end_on_the_curve(kind: str, show: Any) -> None:
    problem = curved(kind)
    view = show(FitView, at(problem, [0.3, 1.2]))
    fitted = FORMULAS[kind](0.3 + 1.2 * problem.dataset.train.x[:, 0])
    pixels = view.mapping.to_pixels(problem.dataset.train.x[:, 0], fitted)
    ends = np.clip(pixels[:, 1], -EDGE, view.mapping.height + EDGE)
    assert view.residuals.segments[:, 3] == pytest.approx(ends)


def test_probabilities_have_room_and_a_name(show: Any) -> None:
    view = show(FitView, at(curved("logistic"), [0.0, 1.0]))
    assert view.mapping.y_range == pytest.approx((-0.1, 1.1))
    assert "P(y = 1)" in view.plot.getAxis("left").label.toPlainText()


@pytest.mark.parametrize("kind", ["tanh", "sine"])
def test_every_prediction_fits_into_the_picture(kind: str, show: Any) -> None:
    problem = curved(kind)
    view = show(FitView, at(problem, [0.0, 9.0]))
    low, high = view.mapping.y_range
    assert low < view.line.points[:, 1].min()
    assert view.line.points[:, 1].max() < high


@pytest.mark.parametrize("standardise", [False, True])
def test_a_half_is_marked(standardise: bool, show: Any) -> None:
    problem = curved("logistic", standardise)
    view = show(FitView, at(problem, [0.3, 1.2]))
    mean, sd = problem.scaler.mean[0], problem.scaler.sd[0]
    expected = mean - 0.3 / 1.2 * sd
    assert view.threshold.points[:, 0] == pytest.approx(expected)
    assert view.threshold.isVisible()
    view.draw(at(problem, [0.3, 0.0]))
    assert not view.threshold.isVisible()  # ŷ is the same everywhere


def test_two_classes_are_drawn_over_both_features(show: Any) -> None:
    problem = two_classes()
    view = show(FitView, at(problem, [0.0, 1.0, 0.0], [0.4, 1.0, 2.0]))
    assert view.is_plane
    assert not view.choice.isVisible()
    names = [view.plot.getAxis(side).label.toPlainText() for side in ("bottom", "left")]
    assert [name.strip() for name in names] == ["height", "width"]
    assert 0.4 + view.line.points @ [1.0, 2.0] == pytest.approx([0, 0], abs=1e-12)
    assert view.start.points[:, 0] == pytest.approx([0, 0])  # an upright boundary
    assert len(view.residuals.segments) == 0
    assert view.line.isVisible()
    texts = [entry.text for entry in view.legend.entries]
    assert {"kind = 0", "kind = 1", "validation", "boundary ŷ = ½"} <= set(texts)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_classes_differ_in_colour_and_shape(theme: Any, show: Any) -> None:
    problem = two_classes(20)
    view = show(FitView, at(problem, [0.0, 1.0, 1.0]))
    view.set_theme(theme)
    train = problem.dataset.train
    corner = POINT_RADIUS - 0.4  # beyond the rim of a disc, within a square
    for label, colour in ((0, theme.data), (1, theme.second)):
        k = int(np.flatnonzero(train.y == label)[0])
        x, y = view.mapping.pixel(*train.x[k])
        assert view.points.image.pixelColor(int(x), int(y)) == QColor(colour)
        outside = view.points.image.pixelColor(int(x - corner), int(y - corner))
        assert (outside.alpha() > 200) == (label == 1)
    rest = problem.dataset.validation
    for label in (0, 1):
        k = int(np.flatnonzero(rest.y == label)[0])
        x, y = view.mapping.pixel(*rest.x[k])
        assert view.points.image.pixelColor(int(x), int(y)) == QColor(theme.plot)


def test_the_tint_says_how_likely_class_1_is(show: Any) -> None:
    problem = two_classes()
    view = show(FitView, at(problem, [0.0, 20.0, 0.0]))  # class 1 on the right
    image = view.tint.image
    left, right = image.pixelColor(2, 30), image.pixelColor(image.width() - 3, 30)
    assert left.blue() > left.red()
    assert right.red() > right.blue()
    assert abs(image.pixelColor(2, 3).rgb() - left.rgb()) == 0  # the same all the way up
    even = show(FitView, at(problem, [0.0, 0.0, 0.0])).tint.image
    assert even.pixelColor(5, 5) == QColor(LIGHT.plot)
    assert even.pixelColor(70, 50) == QColor(LIGHT.plot)


def test_the_tint_is_computed_only_for_other_parameters(show: Any) -> None:
    problem = two_classes()
    rows = descend(problem, np.array([0.0, 1.0, 0.0]), 0.5, 3)
    view = show(FitView, snapshot(problem, rows, 1))
    image = view.tint.image
    view.draw(snapshot(problem, rows, 1))
    assert view.tint.image is image
    view.draw(snapshot(problem, rows, 2))
    assert view.tint.image is not image


def test_many_points_of_two_classes_become_one_density(show: Any) -> None:
    view = show(FitView, at(two_classes(25_000), [0.0, 1.0, 1.0]))
    seen = [
        view.points.image.pixelColor(*map(int, view.mapping.pixel(*point)))
        for point in (
            (-1.5, -1.0),
            (1.5, 1.0),
        )
    ]
    assert seen[0].blue() > seen[0].red() + 50
    assert seen[1].red() > seen[1].blue() + 50
    assert "validation" not in [entry.text for entry in view.legend.entries]


def test_going_from_the_plane_to_a_line_leaves_nothing_of_it(show: Any) -> None:
    view = show(FitView, at(two_classes(), [0.0, 1.0, 1.0]))
    assert view.tint.isVisible()
    problem, start = tutorial_2()
    view.draw(snapshot(problem, descend(problem, start, 0.1, 3), generation=2))
    assert not view.tint.isVisible()
    assert not view.faint_grid.isVisible()
    assert len(view.residuals.segments) == 80
    assert not view.threshold.isVisible()


def test_the_start_stays_as_a_ghost(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 30)
    view = show(FitView, snapshot(problem, rows))
    x = view.start.points[:, 0]
    assert view.start.points[:, 1] == pytest.approx(start[0] + start[1] * x, rel=1e-12)
    assert {"start", "earlier"} <= {entry.text for entry in view.legend.entries}


# The points of the current batch


def _with_members(now: Any, members: Any) -> Any:
    return replace(now, runs=(replace(now.run, members=members),))


def test_the_points_of_the_batch_have_rings(show: Any) -> None:
    problem, start = tutorial_2()
    plain = snapshot(problem, descend(problem, start, 0.1, 3))
    members = np.array([3, 70, 12])
    view = show(FitView, _with_members(plain, members))
    train = problem.dataset.train
    expected = view.mapping.to_pixels(train.x[members, 0], train.y[members])
    assert view.rings.points == pytest.approx(expected)
    assert "current batch" in [entry.text for entry in view.legend.entries]
    view.draw(plain)
    assert len(view.rings.points) == 0
    assert "current batch" not in [entry.text for entry in view.legend.entries]


def test_rings_move_with_partial_residuals_and_are_not_too_many(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(FitView, _with_members(snapshot(problem, rows), np.array([5])))
    train, params = problem.dataset.train, rows.params[:, -1]
    height = train.y[5] - params[2] * train.x[5, 1]
    assert view.rings.points[0] == pytest.approx(view.mapping.pixel(train.x[5, 0], height))
    view.draw(_with_members(snapshot(problem, rows), np.arange(1000)))
    assert MOST_RINGS / 2 <= len(view.rings.points) <= MOST_RINGS


@pytest.mark.parametrize("name", ["line", "optimum"])
def test_a_curve_is_painted_where_its_points_say(name: str, show: Any) -> None:
    problem = curved("tanh")
    view = show(FitView, at(problem, [0.0, 0.3]))
    curve = getattr(view, name)  # one solid, the other dashed
    image = view.plot.grab().toImage()
    middle = curve.points[20:-20]
    painted = 0
    for pixel in view.mapping.to_pixels(middle[:, 0], middle[:, 1]).tolist():
        place = view.plot.mapFromScene(view.box.mapToScene(QPointF(*pixel)))
        colour, wanted = image.pixelColor(place), curve.pen.color()
        painted += abs(colour.red() - wanted.red()) + abs(colour.blue() - wanted.blue()) < 120
    assert painted > 0.35 * len(middle)  # dashes leave gaps, and points lie on top
