from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.descent.descent import Descent
from engine.descent.explain import FIRST_POINTS, Explanation, explain
from engine.files.experiments import experiment_from
from engine.live.snapshot import Health, RunView, Snapshot
from engine.problem.sources import problem_of, start_of
from gui.points_table import PointsTable
from gui.steps_panel import StepsPanel
from gui.style import DARK, LIGHT
from gui.text import fixed_number, translate_message
from tests.gui.conftest import WAIT_MS, OpenWindow, show_widget, tutorial_2

TUTORIAL_2: dict[str, Any] = {"source": "tutorial", "name": "tutorial-2"}
CLASSES = {"source": "points", "x": [0.1, 0.9, 0.4, 1.2, 0.6], "y": [0, 1, 1, 1, 0]}
PLANE: dict[str, Any] = {
    "source": "points",
    "x": np.random.default_rng(0).normal(size=(12, 3)).tolist(),
    "y": np.random.default_rng(1).normal(size=12).tolist(),
}


def descended(rows: int, **keys: Any) -> Descent:
    run: dict[str, Any] = {name: keys.pop(name) for name in ("optimizer", "batch") if name in keys}
    data = keys.pop("data", TUTORIAL_2)
    asked = experiment_from({"format": 1, "data": data, "runs": [{"name": "run", **run}], **keys})
    problem = problem_of(asked)
    descent = Descent(problem, asked, 0, start_of(asked, asked.runs[0], problem))
    descent.advance(rows)
    return descent


def snapshot(
    descent: Descent, row: int, *, playing: bool = False, knows_state: bool = True
) -> Snapshot:
    view = RunView(
        name=descent.name,
        rows=descent.history.rows(),
        settings=descent.settings(row),
        stability_limit=descent.limit(row),
        health=Health.STABLE,
        ended=None if descent.ending is None else descent.ending.message,
        place=descent.place(row),
        cursor=row,
        generation=1,
    )
    before = descent.before(row) if knows_state else None
    return Snapshot(1, descent.problem, (view,), 0, row, playing, None, None, before)


def explained(shot: Snapshot) -> Explanation:
    run = shot.run
    return explain(shot.problem, run.settings, run.rows, shot.row, run.place, shot.before)


@pytest.fixture
def panel(qtbot: QtBot) -> StepsPanel:
    panel = StepsPanel()
    show_widget(qtbot, panel, 360, 700)
    return panel


def plain(text: str) -> str:
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def shown(panel: StepsPanel, step: int) -> list[str]:
    """The texts of a card from top to bottom and from left to right, without their type."""
    QApplication.processEvents()
    owner = panel._cards[step - 1]
    labels = [label for label in owner.findChildren(QLabel) if label.isVisible() and label.text()]
    place = {label: label.mapTo(owner, QPoint(0, 0)) for label in labels}
    labels.sort(key=lambda label: (place[label].y() + label.height() // 2, place[label].x()))
    return [plain(label.text()) for label in labels]


def line(panel: StepsPanel, step: int, name: str, nth: int = 0) -> list[str]:
    """The numbers behind the nth line of that name."""
    texts = shown(panel, step)
    at = [i for i, text in enumerate(texts) if text == name][nth]
    numbers = []
    for text in texts[at + 1 :]:
        if not re.fullmatch("−?[0-9.,]+(e−?[0-9]+)?|—", text):
            break
        numbers.append(text)
    return numbers


def fixed(values: Any) -> list[str]:
    return [fixed_number(float(value)) for value in values]


# The numbers


def test_the_five_steps_of_tutorial_2_have_the_numbers_that_it_prints(panel: StepsPanel) -> None:
    panel.draw(snapshot(descended(3), 0))
    assert [shown(panel, step)[:2] for step in range(1, 6)] == [
        ["1", "Predict"],
        ["2", "Loss"],
        ["3", "Gradients"],
        ["4", "Update"],
        ["5", "Repeat"],
    ]
    assert shown(panel, 1)[2] == "ŷ = b + w·x"
    # printed by tutorial 2: its start, its figure 3, its first loss, gradients and update
    assert line(panel, 1, "b") == ["0.496714"]
    assert line(panel, 1, "w") == ["−0.138264"]
    assert line(panel, 1, "ŷ") == ["0.390075"]
    assert line(panel, 1, "ŷ − y") == ["−2.08446"]
    assert line(panel, 2, "L") == ["2.74216"]
    assert line(panel, 2, "points n") == ["80"]
    assert line(panel, 3, "∂L/∂b") == ["−3.04481"]
    assert line(panel, 3, "∂L/∂w") == ["−1.83375"]
    assert line(panel, 4, "θ ←") == ["0.801195", "0.0451111"]
    assert line(panel, 5, "iteration") == ["0", "1,000"]
    assert line(panel, 5, "left") == ["1,000"]


@pytest.mark.parametrize("kind", ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_the_update_is_the_optimizers(panel: StepsPanel, kind: str) -> None:
    descent = descended(9, optimizer={"kind": kind, "lr": 0.05, "weight_decay": 0.25})
    shot = snapshot(descent, 7)
    panel.draw(shot)
    it = explained(shot)
    assert it.update is not None
    assert line(panel, 4, "g") == fixed(it.update.gradient)
    assert line(panel, 4, "θ") == fixed(it.params)
    assert line(panel, 4, "Δθ") == fixed(it.update.delta)
    assert line(panel, 4, "θ ←") == fixed(descent.history.rows().params[:, 8])
    for symbol, values in it.update.before.items():
        assert line(panel, 4, symbol) == fixed(values)
        assert line(panel, 4, f"{symbol} ←") == fixed(it.update.after[symbol])
    for symbol, values in it.update.corrected.items():
        assert line(panel, 4, symbol) == fixed(values)
    assert ("t" in shown(panel, 4)) == (kind == "adam")
    assert ("The optimizer's state" in shown_buttons(panel)) == (kind != "gd")
    texts = shown(panel, 4)
    assert any("λ = 0.25" in text for text in texts)
    assert texts[2].splitlines()[0] == "g = ∇L + λ·θ"


def shown_buttons(panel: StepsPanel) -> list[str]:
    folds = (panel._loss_fold, panel._factor_fold, panel._slope_fold, panel._state_fold)
    return [fold.button.text() for fold in folds if fold.isVisible()]


def test_three_features_stand_in_blocks_of_two(panel: StepsPanel) -> None:
    shot = snapshot(descended(5, data=PLANE, optimizer={"kind": "momentum", "lr": 0.1}), 4)
    panel.draw(shot)
    it = explained(shot)
    assert it.update is not None
    assert line(panel, 4, "θ ←", 0) == fixed(it.update.params[:2])
    assert line(panel, 4, "θ ←", 1) == fixed(it.update.params[2:])
    assert [text for text in shown(panel, 4) if text.startswith("w")] == ["w1", "w2", "w3"] * 2
    assert line(panel, 1, "x3") == fixed(it.terms.x[2, :1])


def test_a_penalty_is_shown_beside_the_mean(panel: StepsPanel) -> None:
    shot = snapshot(descended(5, loss={"kind": "mse", "l1": 0.1, "l2": 0.2}), 4)
    panel.draw(shot)
    it = explained(shot)
    assert line(panel, 2, "(1/n)·Σi ℓi") == fixed([it.data_loss])
    assert line(panel, 2, "penalty") == fixed([it.penalty])
    assert line(panel, 2, "L") == fixed([it.loss])
    assert line(panel, 3, "∂/∂w") == fixed([it.data_gradient[1], it.penalty_gradient[1]])
    assert line(panel, 3, "∂L/∂w") == fixed([it.gradient[1]])


def test_a_model_with_an_activation_shows_z(panel: StepsPanel) -> None:
    keys: dict[str, Any] = {"model": {"kind": "logistic"}, "loss": {"kind": "log_loss"}}
    shot = snapshot(descended(5, data=CLASSES, **keys), 4)
    panel.draw(shot)
    it = explained(shot)
    assert shown(panel, 1)[2].splitlines() == ["z = b + w·x", "ŷ = σ(z) = 1/(1 + e−z)"]
    assert line(panel, 1, "z") == fixed(it.terms.z[:1])


def test_a_mini_batch_shows_its_own_first_point(panel: StepsPanel) -> None:
    shot = snapshot(descended(9, batch={"size": 16}), 7)
    panel.draw(shot)
    it = explained(shot)
    assert line(panel, 1, "number") == [str(it.terms.positions[0] + 1)]
    assert line(panel, 1, "y") == fixed(it.terms.y[:1])
    assert line(panel, 2, "points n") == ["16"]
    assert "First point of the batch" in shown(panel, 1)


def test_how_far_every_criterion_is(panel: StepsPanel) -> None:
    stop = {"iterations": 50, "gradient_norm": 1e-4, "loss_change": None}
    shot = snapshot(descended(20, stop=stop), 20)
    panel.draw(shot)
    it = explained(shot)
    assert line(panel, 5, "left") == ["30"]
    assert line(panel, 5, "‖∇L‖") == fixed([it.stops[1].value, 1e-4])
    assert line(panel, 5, "|ΔL|") == [*fixed([it.stops[2].value]), "—"]
    assert shown(panel, 5)[-1] == "Not yet: on to iteration 21"


def test_the_end_of_the_run_is_said_at_its_last_row_only(panel: StepsPanel) -> None:
    descent = descended(20, stop={"iterations": 20})
    assert descent.ending is not None
    panel.draw(snapshot(descent, 20))
    assert shown(panel, 5)[-1] == translate_message(descent.ending.message)
    panel.draw(snapshot(descent, 19))
    assert shown(panel, 5)[-1] == "Not yet: on to iteration 20"


# What unfolds


def cells(table: PointsTable) -> dict[str, list[str]]:
    """The columns of a table by their titles."""
    model = table.model()
    horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    rows = range(model.rowCount(QModelIndex()))
    found = {"i": [model.headerData(row, vertical) for row in rows]}
    for column in range(model.columnCount(QModelIndex())):
        title = model.headerData(column, horizontal)
        found[title] = [model.index(row, column).data() for row in rows]
    return found


def click(panel: StepsPanel, fold: Any) -> None:
    panel.ensureWidgetVisible(fold.button)
    QTest.mouseClick(fold.button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def test_the_factors_of_the_chain_rule_unfold(panel: StepsPanel) -> None:
    shot = snapshot(descended(5), 4)
    panel.draw(shot)
    assert "∂ℓ/∂ŷ" not in shown(panel, 3)
    click(panel, panel._factor_fold)
    terms = explained(shot).terms
    assert line(panel, 3, "∂ℓ/∂ŷ") == fixed(terms.outer[:1])
    assert line(panel, 3, "∂ŷ/∂z") == fixed(terms.inner[:1])
    assert line(panel, 3, "∂z/∂w") == fixed(terms.features[1, :1])
    assert line(panel, 3, "∂ℓ/∂w") == fixed(terms.products[1, :1])
    assert any(text.startswith("∂ℓ/∂ŷ = 2·(ŷ − y)\n") for text in shown(panel, 3))
    click(panel, panel._factor_fold)
    assert "∂ℓ/∂ŷ" not in shown(panel, 3)


def test_the_mean_unfolds_to_the_terms_of_the_points(panel: StepsPanel) -> None:
    shot = snapshot(descended(9, batch={"size": 16}), 7)
    panel.draw(shot)
    click(panel, panel._loss_fold)
    click(panel, panel._slope_fold)
    terms = explained(shot).terms
    numbers = [f"{position + 1}" for position in terms.positions]
    assert cells(panel._loss_points) == {
        "i": numbers,
        "x": fixed(terms.x[0]),
        "y": fixed(terms.y),
        "ŷ": fixed(terms.prediction),
        "ŷ − y": fixed(terms.error),
        "ℓ": fixed(terms.loss),
    }
    assert cells(panel._slope_points) == {
        "i": numbers,
        "∂ℓ/∂ŷ": fixed(terms.outer),
        "∂ŷ/∂z": fixed(terms.inner),
        "∂z/∂b": fixed(terms.features[0]),
        "∂z/∂w": fixed(terms.features[1]),
        "∂ℓ/∂b": fixed(terms.products[0]),
        "∂ℓ/∂w": fixed(terms.products[1]),
    }
    assert not panel._loss_note.isVisible()
    index = panel._loss_points.model().index(0, 4)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == repr(float(terms.loss[0]))


def test_an_open_table_follows_the_cursor(panel: StepsPanel) -> None:
    descent = descended(9, batch={"size": 30})
    panel.draw(snapshot(descent, 0))
    click(panel, panel._loss_fold)
    for row in (1, 2, 0):  # the last batch of an epoch has 20 points
        shot = snapshot(descent, row)
        panel.draw(shot)
        terms = explained(shot).terms
        assert cells(panel._loss_points)["ℓ"] == fixed(terms.loss)
        assert cells(panel._loss_points)["i"] == [str(p + 1) for p in terms.positions]


def test_tables_rest_while_iterations_rush_by(panel: StepsPanel) -> None:
    descent = descended(90)
    panel.draw(snapshot(descent, 0))
    click(panel, panel._loss_fold)
    panel.draw(snapshot(descent, 1, playing=True))
    assert len(cells(panel._loss_points)["i"]) == 80
    panel.draw(snapshot(descent, 60, playing=True))
    assert cells(panel._loss_points)["i"] == []
    assert panel._loss_points._reason.isVisible()
    assert line(panel, 2, "L") == fixed([descent.history.rows().loss[60]])
    panel.draw(snapshot(descent, 60))
    assert len(cells(panel._loss_points)["i"]) == 80
    assert not panel._loss_points._reason.isVisible()


def test_of_very_many_points_only_the_first_are_listed(panel: StepsPanel) -> None:
    data = {"source": "synthetic", "kind": "line", "n": 20_000, "noise": 0.1, "seed": 1}
    panel.draw(snapshot(descended(2, data=data), 1))
    click(panel, panel._loss_fold)
    assert len(cells(panel._loss_points)["i"]) == FIRST_POINTS
    assert panel._loss_note.text() == "The first 300 of 20,000 points."
    assert panel._loss_note.isVisible()
    assert not panel._slope_note.isVisible()  # its table is folded


# Without a state


def test_recorded_rows_at_full_speed_show_what_was_recorded(panel: StepsPanel) -> None:
    descent = descended(30, optimizer={"kind": "adam", "lr": 0.1})
    panel.draw(snapshot(descent, 20, playing=True, knows_state=False))
    rows = descent.history.rows()
    assert line(panel, 4, "θ ←") == fixed(rows.params[:, 21])
    assert line(panel, 1, "ŷ") == ["—"]
    assert not panel._state_fold.isVisible()
    panel.draw(snapshot(descent, 30, knows_state=False))
    assert line(panel, 4, "θ ←") == ["—", "—"]


# The look


def test_nothing_moves_while_the_numbers_change(panel: StepsPanel) -> None:
    descent = descended(150, optimizer={"kind": "momentum", "lr": 2.0})

    def places() -> list[Any]:
        QApplication.processEvents()
        content = panel.widget()
        assert content is not None
        return [label.geometry().getRect() for label in content.findChildren(QLabel)]

    panel.draw(snapshot(descent, 0))
    before = places()
    for row in range(0, descent.head, 4):  # up to losses of some 1e12
        panel.draw(snapshot(descent, row, playing=True))
        assert places() == before


@pytest.mark.parametrize("width", [320, 420])
def test_no_text_is_cut_off(panel: StepsPanel, width: int) -> None:
    panel.resize(width, 700)
    for descent in (
        descended(9, optimizer={"kind": "adam", "lr": 0.1}),
        descended(9, data=PLANE, loss={"kind": "huber", "l1": 0.1}, batch={"size": 5}),
    ):
        panel.draw(snapshot(descent, 8))
        QApplication.processEvents()
        assert panel.minimumWidth() <= width
        content = panel.widget()
        assert content is not None
        assert content.width() <= panel.viewport().width()
        for label in content.findChildren(QLabel):
            if label.isVisible() and not label.wordWrap():
                assert label.sizeHint().width() <= label.width(), label.text()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_end_has_the_themes_colour(panel: StepsPanel, theme: Any) -> None:
    panel.set_theme(theme)
    panel.draw(snapshot(descended(5, stop={"iterations": 5}), 5))
    picture = panel._ended.grab().toImage()
    colours = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    }
    assert QColor(theme.good).name() in colours


def test_a_change_of_language_writes_the_texts_again(panel: StepsPanel) -> None:
    panel.draw(snapshot(descended(5), 4))
    before = [shown(panel, step) for step in range(1, 6)]
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    assert [shown(panel, step) for step in range(1, 6)] == before


# In the window


def test_the_window_explains_the_row_at_its_cursor(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.workspace.show_panel("steps")
    panel = window.workspace.panel("steps", StepsPanel)
    session = window.session
    session.step(30)
    session.step(-10)

    def is_there() -> bool:
        shot = session.snapshot
        return shot is not None and (shot.row, shot.head) == (20, 30)

    qtbot.waitUntil(is_there, timeout=WAIT_MS)
    shot = session.snapshot
    assert shot is not None
    assert shot.before is not None
    it = explained(shot)
    assert it.update is not None
    assert line(panel, 4, "θ ←") == fixed(shot.rows.params[:, 21])
    assert line(panel, 2, "L") == fixed([shot.rows.loss[20]])


def test_a_run_at_full_speed_is_explained_at_its_head(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(tutorial_2(stop={"iterations": 20_000}))
    shots: list[Snapshot] = []
    window.session.snapshot_ready.connect(shots.append)
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        window.session.run_to_end()
    assert all(shot.before is not None for shot in shots)
    window.session.seek(0)
    qtbot.waitUntil(lambda: shots[-1].row == 0, timeout=WAIT_MS)
    begun = len(shots)
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        window.session.play()
    rushing = [shot for shot in shots[begun:] if shot.playing and shot.row < shot.head]
    assert rushing
    assert all(shot.before is None for shot in rushing)
