from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QSplitter, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.descent.history import History, Place, Rows
from engine.experiment import Batch, Features, Gd, HalfMse, Model, Mse, Schedule, Settings, Stop
from engine.files.experiments import checked_iterations, preset
from engine.live.snapshot import Health, RunView, Snapshot
from engine.messages import Message
from engine.problem.dataset import Dataset, Part, split
from engine.problem.evaluation import evaluate
from engine.problem.problem import Problem, build_problem
from engine.problem.tutorials import TUTORIALS, recipe, tutorial_dataset
from engine.types import Vector
from gui.numbers_panel import NumbersPanel
from gui.style import DARK, LIGHT, Theme, apply_theme
from gui.text import fixed_number
from tests.gui import snapshots
from tests.gui.conftest import show_widget


def tutorial(name: str, scale: float = 1.0, standardise: bool = False) -> Problem:
    share = TUTORIALS[name].train_share
    dataset = tutorial_dataset(name, partial(split, share=share, seed=None))
    loss = HalfMse() if TUTORIALS[name].loss == "half_mse" else Mse()
    return build_problem(dataset, Features(scale, standardise), Model(), loss)


def optimum_of(problem: Problem) -> Vector:
    assert problem.optimum.params is not None
    return problem.optimum.params


def descended(problem: Problem, params: list[float], rate: float, steps: int) -> History:
    history = History(problem.n_params)
    for _ in range(steps + 1):
        gradient = problem.train.gradient(params)
        loss = np.array([problem.train.loss(params)])
        validation = np.array([problem.validation.loss(params) if problem.validation else np.nan])
        history.append(Rows(np.array([params]).T, np.array([gradient]).T, loss, loss, validation))
        params = [value - rate * slope for value, slope in zip(params, gradient, strict=True)]
    return history


FULL_BATCH = Place(0, 0, 1, None)


def snapshot(
    problem: Problem,
    history: History,
    cursor: int,
    *,
    rate: float = 0.1,
    limit: float | None = 0.811,
    health: Health = Health.STABLE,
    ended: Message | None = None,
    place: Place = FULL_BATCH,
) -> Snapshot:
    settings = Settings(Gd(lr=rate), Schedule(), Batch(size=place.size), Stop())
    run = RunView("GD", history.rows(), settings, limit, health, ended, place, cursor, 1)
    return Snapshot(1, problem, (run,), 0, cursor, False, None, None)


def content_of(panel: NumbersPanel) -> QWidget:
    content = panel.widget()
    assert content is not None
    return content


def shown(panel: NumbersPanel) -> list[str]:
    """The texts on the panel from top to bottom and from left to right."""
    content = content_of(panel)
    labels = [label for label in content.findChildren(QLabel) if label.text() and label.isVisible()]
    place = {label: label.mapTo(content, QPoint(0, 0)) for label in labels}
    labels.sort(key=lambda label: (place[label].y() + label.height() // 2, place[label].x()))
    return [label.text() for label in labels]


def table(text: str) -> dict[tuple[str, str], list[float]]:
    """The copied numbers by group and line."""
    found, group = {}, ""
    for line in text.splitlines()[2:]:
        name, *cells = line.split("\t")
        try:
            numbers = [float(cell) for cell in cells]
        except ValueError:
            numbers = []
        if numbers:
            found[group, name] = numbers
        else:
            group = name
    return found


def copied(panel: NumbersPanel) -> dict[tuple[str, str], list[float]]:
    panel.copy_numbers()
    return table(QGuiApplication.clipboard().text())


@pytest.fixture
def panel(qtbot: QtBot) -> NumbersPanel:
    panel = NumbersPanel()
    show_widget(qtbot, panel, 340, 700)
    return panel


def test_row_0_has_the_numbers_that_tutorial_2_prints(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, recipe("tutorial-2").start.tolist(), 0.1, 3)
    panel.draw(snapshot(problem, history, 0))
    numbers = copied(panel)
    # printed by tutorial 2 at its first step
    assert numbers["Loss", "training"] == pytest.approx([2.7421577700550976], rel=1e-14)
    assert numbers["Gradient", "∂L/∂b"] == pytest.approx([-3.044811379650508], rel=1e-14)
    assert numbers["Gradient", "∂L/∂w"] == pytest.approx([-1.8337537171510832], rel=1e-14)
    texts = shown(panel)
    assert texts[:3] == ["Iteration 0", "full batch · 80 points", "learning rate η = 0.1"]
    for text in ("2.74216", "−3.04481", "−1.83375", "0.496714", "−0.138264"):  # b and w: its start
        assert text in texts


def test_every_number_is_the_evaluations(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, recipe("tutorial-2").start.tolist(), 0.8, 20)
    for row in (0, 6, 20, 3):
        panel.draw(snapshot(problem, history, row))
        params = history.rows().params[:, row]
        is_ = evaluate(problem, params)
        assert is_.validation is not None
        assert is_.to_truth is not None
        best = optimum_of(problem)
        assert is_.to_optimum is not None
        assert copied(panel) == {
            ("Parameters", "b"): [params[0], best[0]],
            ("Parameters", "w"): [params[1], best[1]],
            ("Loss", "training"): [is_.train.loss],
            ("Loss", "validation"): [is_.validation.loss],
            ("Loss", "least squares"): [problem.optimum.loss],
            ("Gradient", "∂L/∂b"): [is_.gradient[0]],
            ("Gradient", "∂L/∂w"): [is_.gradient[1]],
            ("Gradient", "‖∇L‖"): [is_.gradient_norm],
            ("R²", "training"): [is_.train.r2],
            ("R²", "validation"): [is_.validation.r2],
            ("Distance to", "Δb"): [is_.to_optimum[0], is_.to_truth[0]],
            ("Distance to", "Δw"): [is_.to_optimum[1], is_.to_truth[1]],
            ("Distance to", "‖Δ‖"): [is_.distance_to_optimum],
        }


def test_the_labels_show_the_copied_numbers_in_their_order(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, recipe("tutorial-2").start.tolist(), 0.1, 9)
    panel.draw(snapshot(problem, history, 9))
    QApplication.processEvents()
    expected = [fixed_number(value) for line in copied(panel).values() for value in line]
    texts = shown(panel)
    start = texts.index("Parameters")
    numbers = [text for text in texts[start:] if text[-1].isdigit() and "." in text]
    assert numbers == expected


def test_a_scaled_feature_is_shown_in_own_units_too(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2", standardise=True)
    history = descended(problem, recipe("tutorial-2").start.tolist(), 0.1, 5)
    panel.draw(snapshot(problem, history, 5))
    own = problem.scaler.to_own_units
    params = own(history.rows().params[:, 5])
    numbers = copied(panel)
    assert numbers["Own units", "b"] == [params[0], own(optimum_of(problem))[0]]
    assert numbers["Own units", "w"] == [params[1], own(optimum_of(problem))[1]]


def test_another_problem_brings_another_table(panel: NumbersPanel) -> None:
    for name in ("tutorial-2", "tutorial-3", "tutorial-2"):
        problem = tutorial(name)
        history = descended(problem, recipe(name).start.tolist(), 0.1, 2)
        panel.draw(snapshot(problem, history, 2))
        QApplication.processEvents()
        names = {line for group, line in copied(panel) if group == "Parameters"}
        assert names == set(problem.names)
        assert set(problem.names) <= set(shown(panel))
    problem = tutorial("tutorial-3")
    panel.draw(snapshot(problem, descended(problem, [0.0, 0.0, 0.0], 0.1, 0), 0))
    assert ("Loss", "validation") not in copied(panel)  # it has no validation points


def test_data_without_a_known_truth_has_no_column_for_it(panel: NumbersPanel) -> None:
    x = np.arange(4.0)[:, np.newaxis]
    part, none = Part(x, x[:, 0] ** 2), Part(x[:0], np.zeros(0))
    problem = build_problem(Dataset(part, none, ("x",), "y"), Features(), Model(), Mse())
    panel.draw(snapshot(problem, descended(problem, [0.0, 0.0], 0.01, 0), 0))
    QApplication.processEvents()
    assert len(copied(panel)["Distance to", "Δb"]) == 1
    assert "truth" not in shown(panel)


def test_twenty_parameters_scroll(panel: NumbersPanel) -> None:
    x = np.random.default_rng(0).normal(size=(50, 19))
    part, none = Part(x, x.sum(axis=1)), Part(x[:0], np.zeros(0))
    names = tuple(f"x{i}" for i in range(19))
    problem = build_problem(Dataset(part, none, names, "y"), Features(), Model(), Mse())
    panel.draw(snapshot(problem, descended(problem, [0.0] * 20, 0.01, 0), 0))
    QApplication.processEvents()
    assert panel.verticalScrollBar().maximum() > 0
    assert content_of(panel).width() >= content_of(panel).minimumSizeHint().width()


def test_health_and_the_end_of_the_run_are_said(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, [0.0, 0.0], 0.1, 1)
    panel.draw(snapshot(problem, history, 0, limit=0.811))
    assert "stable below η = 0.811" in shown(panel)
    panel.draw(snapshot(problem, history, 0, limit=None))
    assert shown(panel)[3] == "Parameters"
    panel.draw(snapshot(problem, history, 0, health=Health.UNSTABLE, limit=0.811))
    assert "unstable: stable below η = 0.811" in shown(panel)
    panel.draw(snapshot(problem, history, 0, health=Health.UNSTABLE, limit=None))
    assert "unstable" in shown(panel)
    end = Message("The loss left every bound at iteration {row}.", {"row": 45})
    panel.draw(snapshot(problem, history, 0, health=Health.DIVERGED, ended=end))
    texts = shown(panel)
    assert texts.index("diverged") < texts.index("The loss left every bound at iteration 45.")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("health", "colour"), [(Health.UNSTABLE, "warning"), (Health.DIVERGED, "danger")]
)
def test_a_bad_state_keeps_its_colour_in_a_window(
    qtbot: QtBot, qapp: QApplication, theme: Theme, health: Health, colour: str
) -> None:
    apply_theme(qapp, theme)
    panel = NumbersPanel()
    panel.set_theme(theme)
    problem = tutorial("tutorial-2")
    panel.draw(snapshot(problem, descended(problem, [0.0, 0.0], 0.1, 0), 0, health=health))
    window = QSplitter()  # only now: a new parent's style must not take the colour away
    qtbot.addWidget(window)
    window.addWidget(panel)
    window.show()
    qtbot.waitExposed(window)
    labels = content_of(panel).findChildren(QLabel)
    state = next(label for label in labels if label.text().startswith(health.value))
    picture = state.grab().toImage()
    places = product(range(picture.width()), range(picture.height()))
    colours = {picture.pixelColor(x, y).name() for x, y in places}
    assert QColor(getattr(theme, colour)).name() in colours


def test_nothing_moves_while_the_numbers_change(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, recipe("tutorial-2").start.tolist(), 2.0, 150)

    def places() -> list[tuple[int, int, int, int]]:
        QApplication.processEvents()
        labels = content_of(panel).findChildren(QLabel)
        return [label.geometry().getRect() for label in labels]  # type: ignore[misc]

    panel.draw(snapshot(problem, history, 0))
    before = places()
    for row in range(0, 151, 15):  # up to losses of some 1e178
        panel.draw(snapshot(problem, history, row, health=Health.UNSTABLE))
        assert places() == before


def test_no_number_is_cut_off(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, recipe("tutorial-2").start.tolist(), 2.0, 150)
    for row in (0, 1, 7, 50, 150):
        panel.draw(snapshot(problem, history, row))
        for label in content_of(panel).findChildren(QLabel):
            if not label.wordWrap():
                assert label.sizeHint().width() <= label.width(), label.text()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.4807, "2.48070"),
        (-0.1, "−0.100000"),
        (0.0, "0.00000"),
        (-0.0, "0.00000"),
        (123456.7, "123457"),
        (999999.6, "1.00000e6"),
        (-1.5e-8, "−1.50000e−8"),
        (-1.23456789e-123, "−1.2346e−123"),
        (1.23456789e123, "1.2346e123"),
        (float("inf"), "∞"),
        (float("nan"), "—"),
    ],
)
def test_a_number_keeps_its_digits(value: float, text: str) -> None:
    assert fixed_number(value) == text


@pytest.mark.qt_log_ignore("does not support", extend=True)  # offscreen has no real pop-ups
def test_a_tooltip_has_all_digits(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    panel.draw(snapshot(problem, descended(problem, [0.5, 0.25], 0.1, 0), 0))
    label = next(
        label
        for label in content_of(panel).findChildren(QLabel)
        if label.text() == fixed_number(optimum_of(problem)[1])
    )
    place = label.rect().center()
    help_ = QHelpEvent(QEvent.Type.ToolTip, place, label.mapToGlobal(place))
    QApplication.sendEvent(label, help_)
    assert QToolTip.text() == repr(float(optimum_of(problem)[1]))
    QToolTip.hideText()


@pytest.mark.qt_log_ignore("does not support", extend=True)  # offscreen has no real pop-ups
def test_the_context_menu_copies(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    panel.draw(snapshot(problem, descended(problem, [0.5, 0.25], 0.1, 0), 0))
    QGuiApplication.clipboard().clear()
    label = next(la for la in content_of(panel).findChildren(QLabel) if la.text() == "0.500000")
    place = label.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, label.mapToGlobal(place))
    QApplication.sendEvent(label, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = menu.actions()[0]
    assert action.text() == "Copy numbers"
    place = menu.actionGeometry(action).center()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[:2] == ["Iteration\t0", "Learning rate\t0.1"]
    assert lines[3].startswith("b\t0.5\t")


def test_the_copy_key_copies(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    panel.draw(snapshot(problem, descended(problem, [0.5, 0.25], 0.1, 0), 0))
    QGuiApplication.clipboard().clear()
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == panel.numbers_as_text()


def test_before_the_first_draw_there_is_nothing_to_copy(panel: NumbersPanel) -> None:
    assert panel.numbers_as_text() == ""


def test_a_change_of_language_writes_the_texts_again(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    panel.draw(snapshot(problem, descended(problem, [0.5, 0.25], 0.1, 0), 0))
    before = shown(panel)
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    QApplication.processEvents()
    assert shown(panel) == before


def test_a_mini_batch_is_named(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    history = descended(problem, [0.0, 0.0], 0.1, 0)
    panel.draw(snapshot(problem, history, 0, place=Place(3, 1, 5, 16)))
    assert "epoch 4 · batch 2 of 5 · 16 points" in shown(panel)


def test_a_run_that_ended_sooner_shows_its_last_row(panel: NumbersPanel) -> None:
    problem = tutorial("tutorial-2")
    alone = snapshot(problem, descended(problem, [0.0, 0.0], 0.1, 14), 14)
    panel.draw(alone)
    texts = shown(panel)
    longer = descended(problem, [0.0, 0.0], 0.05, 400)
    other = replace(alone.run, rows=longer.rows(), cursor=300)
    panel.draw(replace(alone, runs=(alone.run, other), cursor=300))
    assert shown(panel) == texts
    assert "Iteration 14" in texts


def test_behind_the_end_it_says_at_which_iteration_the_run_ended(panel: NumbersPanel) -> None:
    descent = snapshots.descended(checked_iterations(preset("tutorial-2"), 30))
    assert descent.ending is not None
    rows, ended = descent.history, descent.ending.message
    panel.draw(snapshot(descent.problem, rows, 7, ended=ended))
    texts = shown(panel)
    assert "Iteration 7" in texts
    assert any(text.startswith("Finished at iteration 30") for text in texts)
