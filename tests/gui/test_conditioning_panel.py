"""The panel of the directions: its numbers, its words, and the rates that a click takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.experiment import Adam, Features, Gd, LogLoss, Model, Momentum, Mse, Optimizer
from engine.live.snapshot import Snapshot
from engine.problem.dataset import Dataset, Part
from engine.problem.problem import Problem, build_problem
from gui.conditioning_panel import ConditioningPanel
from gui.style import DARK
from gui.text import number
from tests.gui.conftest import show_widget
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3


def at_rate(alone: Snapshot, optimizer: Optimizer, limit: float | None = None) -> Snapshot:
    """The snapshot with another optimizer."""
    settings = msgspec.structs.replace(alone.run.settings, optimizer=optimizer)
    return replace(alone, runs=(replace(alone.run, settings=settings, stability_limit=limit),))


@pytest.fixture
def panel(qtbot: QtBot) -> ConditioningPanel:
    made = ConditioningPanel()
    show_widget(qtbot, made, 300, 500)
    return made


def seen(panel: ConditioningPanel) -> list[tuple[str, str, str]]:
    return [
        (row.eigenvalue.text(), row.factor.text(), row.meaning.text().partition(":")[0])
        for row in panel.rows
        if row.isVisibleTo(panel)
    ]


@pytest.mark.parametrize(
    ("rate", "courses"),
    [
        (0.1, ("direct", "crawls")),
        (0.7, ("zig-zags", "direct")),
        (0.85, ("diverges", "direct")),
    ],
)
def test_tutorial_2s_directions(
    rate: float, courses: tuple[str, str], panel: ConditioningPanel
) -> None:
    problem, start = tutorial_2()
    panel.draw(at_rate(snapshot(problem, descend(problem, start, 0.1, 5)), Gd(lr=rate)))
    phi = np.column_stack((np.ones(80), problem.x_train))
    eigenvalues = np.linalg.eigvalsh(2 * phi.T @ phi / 80)[::-1].tolist()
    assert seen(panel) == [
        (f"λ{'₁₂'[k]} = {number(value)}", f"1 − ηλ = {number(1 - rate * value)}", courses[k])
        for k, value in enumerate(eigenvalues)
    ]
    assert panel.kappa.text() == f"κ = {number(eigenvalues[0] / eigenvalues[1])}"
    assert "standardised features: κ = 1." in panel.about.text()
    assert [row.bar.factor for row in panel.rows] == pytest.approx(
        [1 - rate * value for value in eigenvalues]
    )


def test_a_factor_that_is_not_quite_1_does_not_read_as_1(panel: ConditioningPanel) -> None:
    problem, start = tutorial_2()
    panel.draw(at_rate(snapshot(problem, descend(problem, start, 0.1, 5)), Gd(lr=1e-5)))
    flattest = panel.rows[-1]
    assert problem.curvature is not None
    factor = 1 - 1e-5 * problem.curvature.smallest
    assert 0.99999 < factor < 1
    assert flattest.factor.text() == f"1 − ηλ = {number(factor, 6)}"
    assert (
        flattest.meaning.text() == f"crawls: a step leaves {number(100 * factor, 6)} % of the error"
    )


def test_a_click_takes_a_rate(panel: ConditioningPanel, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    alone = snapshot(problem, descend(problem, start, 0.1, 5))
    assert problem.curvature is not None
    panel.draw(at_rate(alone, Gd(lr=0.1), 2 / problem.curvature.largest))
    with qtbot.waitSignal(panel.requested) as asked:
        panel.rates.linkActivated.emit("best")
    assert asked.args == [{"optimizer.lr": problem.curvature.best_rate}, ""]
    with qtbot.waitSignal(panel.requested) as asked:
        panel.rates.linkActivated.emit("limit")
    assert asked.args == [{"optimizer.lr": 0.805}, ""]


def test_other_methods_are_told_apart(panel: ConditioningPanel) -> None:
    problem, start = tutorial_2()
    alone = snapshot(problem, descend(problem, start, 0.1, 5))
    panel.draw(at_rate(alone, Momentum(lr=0.1), 1.5))
    assert "momentum" in panel.note.text()
    assert "stable below" in panel.rates.text()
    assert "fastest" not in panel.rates.text()
    panel.draw(at_rate(alone, Adam(lr=0.1)))
    assert "no such limit applies" in panel.note.text()
    assert not panel.rates.isVisibleTo(panel)
    panel.draw(at_rate(alone, Gd(lr=0.1), 0.8))
    assert not panel.note.isVisibleTo(panel)


def classes() -> Problem:
    random = np.random.default_rng(4)
    x = random.standard_normal((40, 1))
    y = (x[:, 0] + random.standard_normal(40) > 0).astype(float)
    data = Dataset(Part(x, y), Part(x[:0], y[:0]), ("x",), "y", None)
    return build_problem(data, Features(), Model("logistic"), LogLoss())


def test_elsewhere_the_curvature_can_be_that_of_the_current_point(
    panel: ConditioningPanel,
) -> None:
    problem = classes()
    rows = descend(problem, np.array([2.0, -3.0]), 0.5, 4)
    panel.draw(snapshot(problem, rows, 2))
    assert panel.place.isVisibleTo(panel)
    assert panel.place.currentText() == "at the optimum"
    best = seen(panel)
    panel.place.setCurrentIndex(panel.place.findData("here"))
    panel.place.chosen.emit("here")
    hessian = problem.objective.hessian_at(rows.params[:, 2].tolist())
    eigenvalues = np.linalg.eigvalsh(hessian)[::-1].tolist()
    assert [line[0] for line in seen(panel)] == [
        f"λ{'₁₂'[k]} = {number(value)}" for k, value in enumerate(eigenvalues)
    ]
    assert seen(panel) != best


def test_a_flat_direction_is_called_flat(panel: ConditioningPanel) -> None:
    x = np.ones((20, 1))  # a constant feature: rank 1 of 2
    data = Dataset(Part(x, np.arange(20.0)), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    problem = build_problem(data, Features(), Model(), Mse())
    panel.draw(snapshot(problem, descend(problem, np.zeros(2), 0.1, 5)))
    assert seen(panel)[1][2] == "flat"
    assert panel.kappa.text() == "κ = ∞"


def test_without_curvature_it_says_so(panel: ConditioningPanel) -> None:
    x = np.array([[-1.0], [1.0]])  # two classes that a line separates: no minimum
    data = Dataset(Part(x, np.array([0.0, 1.0])), Part(x[:0], np.zeros(0)), ("x",), "y", None)
    problem = build_problem(data, Features(), Model("logistic"), LogLoss())
    assert problem.curvature is None
    panel.set_theme(DARK)
    panel.draw(snapshot(problem, descend(problem, np.zeros(2), 0.1, 5)))
    assert seen(panel) == []
    assert not panel.kappa.isVisibleTo(panel)
    assert panel.about.text().startswith("The surface does not curve upwards")


def test_the_surface_shows_the_directions_along_with_the_panel(
    open_window: Any, qtbot: QtBot
) -> None:
    window = open_window()
    lines = window.surface.principal.lines
    assert not lines[0].isVisible()
    window.workspace.show_panel("conditioning")
    assert lines[0].isVisible()
    panel = window.workspace.panel("conditioning", ConditioningPanel)
    qtbot.waitUntil(lambda: len(seen(panel)) == 2)
    best = window.session.snapshot.problem.curvature.best_rate
    panel.rates.linkActivated.emit("best")
    qtbot.waitUntil(lambda: window.session.settings.optimizer.lr == best)
    window.workspace.hide_panel("conditioning")
    assert not lines[0].isVisible()
    qtbot.mouseClick(window.surface.directions_button, Qt.MouseButton.LeftButton)
    assert window.surface.directions_shown
    assert lines[0].isVisible()


def test_many_directions_are_cut_short(panel: ConditioningPanel) -> None:
    random = np.random.default_rng(2)
    x = random.standard_normal((60, 15))
    names = tuple(f"x{i}" for i in range(1, 16))
    data = Dataset(Part(x, x.sum(axis=1)), Part(x[:0], np.zeros(0)), names, "y", None)
    problem = build_problem(data, Features(), Model(), Mse())
    panel.draw(snapshot(problem, descend(problem, np.zeros(16), 0.1, 2)))
    assert len(seen(panel)) == 8
    assert seen(panel)[-1][0].startswith("λ₁₆")
    two, start = tutorial_3()
    panel.draw(snapshot(two, descend(two, start, 0.1, 2)))
    assert len(seen(panel)) == 3
