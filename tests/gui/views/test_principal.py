"""The directions of the curvature as the axes of a contour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.experiment import Features, LogLoss, Model
from engine.live.analyst import Analyst
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from engine.problem.surface import QUICK_POINTS
from gui.text import number
from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3


@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_the_lines_are_the_axes_of_one_contour(scale: float, show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2(scale)
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.01, 5)))
    assert not any(line.isVisible() for line in view.principal.lines)
    qtbot.mouseClick(view.directions_button, Qt.MouseButton.LeftButton)
    losses = []
    for line in view.principal.lines:
        assert line.ends is not None
        assert line.ends.mean(axis=0) == pytest.approx(problem.optimum.params, rel=1e-9)
        losses += [float(problem.objective.loss(end)) for end in line.ends.tolist()]
        for end in view.mapping.to_pixels(line.ends[:, 0], line.ends[:, 1]).tolist():
            assert view.mapping.rect.contains(*end)
    assert losses == pytest.approx([losses[0]] * 4, rel=1e-9)
    assert problem.curvature is not None
    values = problem.curvature.eigenvalues[::-1].tolist()
    texts = [f"λ{'₁₂'[k]} = {number(value)}" for k, value in enumerate(values)]
    assert [label.text for label in view.principal.labels] == texts
    view.show_directions(False)
    assert not any(line.isVisible() for line in view.principal.lines)


def test_those_of_a_slice_say_so_and_move_with_it(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    view.accompany_directions(True)
    assert view.principal.labels[0].text.startswith("slice: λ₁ = ")
    middles = []
    for row in (0, 10):
        view.draw(snapshot(problem, rows, row))
        ends = view.principal.lines[0].ends
        assert ends is not None
        middles.append(ends.mean(axis=0))
    assert np.abs(middles[1] - middles[0]).max() > 1e-3


def logistic(n: int = 200) -> Problem:
    """Two classes of two features."""
    random = np.random.default_rng(3)
    x = random.standard_normal((n, 2))
    y = (x[:, 0] - x[:, 1] + random.standard_normal(n) > 0).astype(float)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("u", "v"), "y", None)
    return build_problem(data, Features(), Model("logistic"), LogLoss())


def test_of_a_logistic_neuron_they_are_those_at_the_current_point(show: Any, qtbot: QtBot) -> None:
    problem = logistic()
    rows = descend(problem, np.zeros(3), 0.5, 20)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    qtbot.mouseClick(view.directions_button, Qt.MouseButton.LeftButton)
    for row in (0, 1, 20):
        view.draw(snapshot(problem, rows, row))
        params = rows.params[:, row]
        axes = list(view.axes)
        hessian = problem.objective.hessian_at(params.tolist())[np.ix_(axes, axes)]
        values = np.linalg.eigvalsh(hessian)[::-1].tolist()
        for line, label, value in zip(
            view.principal.lines, view.principal.labels, values, strict=True
        ):
            assert line.ends is not None
            assert line.ends.mean(axis=0) == pytest.approx(params[axes], rel=1e-9, abs=1e-12)
            assert label.text.endswith(f" = {number(value)}")


@pytest.fixture
def analyst() -> Iterator[Analyst]:
    """An analyst whose thread ends with the test."""
    analyst = Analyst()
    yield analyst
    analyst.close()


def test_of_many_points_they_are_asked_for_when_nothing_plays(
    show: Any, qtbot: QtBot, analyst: Analyst
) -> None:
    problem = logistic(QUICK_POINTS + 1)
    rows = descend(problem, np.zeros(3), 0.5, 2)
    view = show(SurfaceView, snapshot(problem, rows, 1, playing=True))
    analyst.answered.connect(view.take_answer)
    view.question_raised.connect(analyst.ask)
    view.show_directions(True)
    assert not any(line.isVisible() for line in view.principal.lines)
    view.draw(snapshot(problem, rows, 1))
    qtbot.waitUntil(lambda: all(line.isVisible() for line in view.principal.lines))
    view.draw(snapshot(problem, rows, 2, playing=True))
    assert not any(line.isVisible() for line in view.principal.lines)
