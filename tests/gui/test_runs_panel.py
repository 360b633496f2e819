"""The list of runs: what it says, and what it asks for when a person uses it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from engine.experiment import MOST_RUNS, Huber, Mse
from gui.comparisons import COMPARISONS
from gui.main_window import MainWindow
from gui.results_panel import ResultsPanel
from gui.runs_panel import DESCRIPTION, EYE, NAME, SOLO, WARNING, RunsPanel
from tests.gui.conftest import WAIT_MS, OpenWindow, tutorial_2

THREE = [
    {"name": "slow", "optimizer": {"lr": 0.05}},
    {"optimizer": {"kind": "adam", "lr": 0.1}},
    {"name": "small", "batch": {"size": 16}},
]


def open_three(open_window: OpenWindow) -> tuple[MainWindow, RunsPanel]:
    window = open_window(tutorial_2(runs=THREE, stop={"iterations": 100}))
    return window, window.workspace.panel("runs", RunsPanel)


def names(window: MainWindow) -> list[str]:
    assert window.session.experiment is not None
    return [run.name for run in window.session.experiment.runs]


def shown(panel: RunsPanel) -> list[str]:
    model = panel.list.model()
    return [model.index(row, NAME).data() for row in range(model.rowCount())]


def wait_for_selected(qtbot: QtBot, window: MainWindow, index: int) -> None:
    qtbot.waitUntil(lambda: window.session.selected == index, timeout=WAIT_MS)


def wait_for_count(qtbot: QtBot, panel: RunsPanel, count: int) -> None:
    qtbot.waitUntil(lambda: len(shown(panel)) == count, timeout=WAIT_MS)


def wait_for_shown(qtbot: QtBot, panel: RunsPanel, wanted: list[str]) -> None:
    qtbot.waitUntil(lambda: shown(panel) == wanted, timeout=WAIT_MS)


def middle(panel: RunsPanel, row: int, column: int) -> QPoint:
    return panel.list.visualRect(panel.list.model().index(row, column)).center()


def click(qtbot: QtBot, panel: RunsPanel, row: int, column: int) -> None:
    where = middle(panel, row, column)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_the_list_shows_itself_with_the_second_run(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(tutorial_2())
    assert not window.workspace.is_shown("runs")
    add = window.findChild(QAction, "add_run")
    assert add is not None
    add.trigger()
    qtbot.waitUntil(lambda: window.workspace.is_on_screen("runs"), timeout=WAIT_MS)
    panel = window.workspace.panel("runs", RunsPanel)
    qtbot.waitUntil(lambda: shown(panel) == ["GD", "GD 2"], timeout=WAIT_MS)
    assert panel.list.currentIndex().row() == window.session.selected == 1


def test_each_line_says_what_its_run_does(open_window: OpenWindow) -> None:
    _, panel = open_three(open_window)
    model = panel.list.model()
    assert shown(panel) == ["slow", "Adam", "small"]
    tips = [model.index(row, NAME).data(Qt.ItemDataRole.ToolTipRole) for row in range(3)]
    assert tips[0] == ("<p>slow<br>GD · η = 0.05 · all points<br>start b = 0.4967, w = −0.1383</p>")
    assert tips[1].startswith("<p>Adam<br>Adam · η = 0.1 · all points")
    assert tips[2].startswith("<p>small<br>GD · η = 0.1 · m = 16")
    briefly = [model.index(row, NAME).data(DESCRIPTION) for row in range(3)]
    assert briefly == ["GD · η = 0.05", "η = 0.1", "GD · η = 0.1 · m = 16"]


def test_starts_that_differ_stand_in_the_list_where_they_can_be_read(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    """However narrow the list is: a line that is too long goes on below."""
    starts = [[-1234.5678, 0.00012345], [-1234.5678, 12.345]]
    runs = [
        {
            "name": name,
            "optimizer": {"kind": "momentum", "lr": 0.123456},
            "batch": {"size": 16},
            "start": {"kind": "values", "values": values},
        }
        for name, values in zip("ab", starts, strict=True)
    ]
    window = open_window(tutorial_2(runs=runs, stop={"iterations": 5}))
    panel = window.workspace.panel("runs", RunsPanel)
    wait_for_shown(qtbot, panel, ["a", "b"])
    indexes = [panel.list.model().index(row, NAME) for row in range(2)]
    briefly = [index.data(DESCRIPTION).rpartition(" · ")[2] for index in indexes]
    assert briefly == ["(−1235, 1.23e−4)", "(−1235, 12.3)"]
    tip = indexes[0].data(Qt.ItemDataRole.ToolTipRole)
    assert "start b = −1235, w = 1.234e−4" in tip
    lines = panel.list.fontMetrics().height()
    for index in indexes:
        assert panel.list.rowHeight(index.row()) >= 3 * lines


def test_a_run_that_diverged_says_so_without_its_colour(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    runs = [{"name": "slow"}, {"name": "fast", "optimizer": {"lr": 1.1}}]
    window = open_window(tutorial_2(runs=runs, stop={"iterations": 100}))
    panel = window.workspace.panel("runs", RunsPanel)
    wait_for_shown(qtbot, panel, ["slow", "fast"])
    slow, fast = (panel.list.model().index(row, NAME) for row in range(2))
    assert not fast.data(WARNING)
    before = panel.list.rowHeight(1)
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        window.session.run_to_end()
    qtbot.waitUntil(lambda: bool(fast.data(WARNING)), timeout=WAIT_MS)
    assert window.session.snapshot is not None
    assert fast.data(WARNING) == f"diverged at {window.session.snapshot.runs[1].head}"
    assert not slow.data(WARNING)
    assert panel.list.rowHeight(1) > before
    tip = fast.data(Qt.ItemDataRole.ToolTipRole)
    assert "the learning rate 1.1 is above the stability limit" in tip
    assert fast.data(WARNING) in fast.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_click_on_a_button_leaves_the_space_bar_to_play(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    wait_for_count(qtbot, panel, 4)
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
    assert len(shown(panel)) == 4


def test_a_loss_of_one_run_is_chosen_in_the_controls_and_named(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    window.workspace.show_panel("results")
    results = window.workspace.panel("results", ResultsPanel)
    model = window.controls.model
    qtbot.mouseClick(model.own, Qt.MouseButton.LeftButton)
    model.loss.setCurrentIndex(model.loss.findData("huber"))
    model.loss.activated.emit(model.loss.currentIndex())
    qtbot.waitUntil(lambda: window.session.is_settled, timeout=WAIT_MS)
    experiment = window.session.experiment
    assert experiment is not None
    assert experiment.loss == Mse()
    assert [run.loss for run in experiment.runs] == [Huber(), None, None]
    tips = [panel.list.model().index(row, NAME) for row in range(3)]
    qtbot.waitUntil(
        lambda: "GD · Huber δ = 1 · η" in tips[0].data(Qt.ItemDataRole.ToolTipRole),
        timeout=WAIT_MS,
    )
    assert "Adam · MSE · η" in tips[1].data(Qt.ItemDataRole.ToolTipRole)
    names = [results.model.values(row)[0] for row in range(3)]
    assert names == ["slow · Huber δ = 1", "Adam · MSE", "small · MSE"]


def test_a_click_selects_a_run_and_the_controls_are_its(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    click(qtbot, panel, 1, NAME)
    wait_for_selected(qtbot, window, 1)
    assert window.controls.optimizer.method.key == "adam"
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    wait_for_selected(qtbot, window, 2)
    assert window.controls.optimizer.method.key == "gd"


def test_the_list_follows_the_selection_made_elsewhere(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    for key, row in (("next_run", 1), ("next_run", 2), ("next_run", 0), ("previous_run", 2)):
        action = window.findChild(QAction, key)
        assert action is not None
        action.trigger()
        wait_for_selected(qtbot, window, row)
        assert panel.list.currentIndex().row() == row


def test_a_double_click_renames(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_three(open_window)
    where, viewport = middle(panel, 1, NAME), panel.list.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=where)
    editor = panel.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "quick")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(window) == ["slow", "quick", "small"], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown(panel) == ["slow", "quick", "small"], timeout=WAIT_MS)
    window.session.undo()
    qtbot.waitUntil(lambda: shown(panel) == ["slow", "Adam", "small"], timeout=WAIT_MS)


def test_a_name_that_is_taken_is_refused_in_a_sentence(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    panel.list.setCurrentIndex(panel.list.model().index(0, NAME))
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Adam")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(window.notice.isVisible, timeout=WAIT_MS)
    assert shown(panel) == names(window) == ["slow", "Adam", "small"]


def test_runs_are_added_and_removed(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_three(open_window)
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(window)) == 4, timeout=WAIT_MS)
    assert names(window)[3] == "slow 2"
    for left in (3, 2, 1):
        qtbot.waitUntil(panel.remove.isEnabled, timeout=WAIT_MS)
        qtbot.mouseClick(panel.remove, Qt.MouseButton.LeftButton)
        wait_for_count(qtbot, panel, left)
        assert len(names(window)) == left
    assert not panel.remove.isEnabled()
    remove = window.findChild(QAction, "remove_run")
    assert remove is not None
    assert not remove.isEnabled()


def looks_of(window: MainWindow) -> dict[str, tuple[object, ...]]:
    """The looks of the runs in the list, in the results and over the loss."""
    panel = window.workspace.panel("runs", RunsPanel)
    results = window.workspace.panel("results", ResultsPanel)
    role = Qt.ItemDataRole.DecorationRole
    found: dict[str, tuple[object, ...]] = {}
    for row, name in enumerate(shown(panel)):
        swatches = [
            model.index(row, 0).data(role).toImage()
            for model in (panel.list.model(), results.model)
        ]
        entry = next(entry for entry in window.loss.legend.entries if entry.text == name)
        assert entry.line is not None
        dashes = tuple(entry.line.dashPattern()) if row != window.session.selected else ()
        assert swatches[0] == swatches[1]
        found[name] = (bytes(swatches[0].constBits()), entry.line.color().name(), dashes)
    return found


def test_a_run_keeps_its_look_while_others_are_removed_come_back_and_are_added(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    window.workspace.show_panel("results")
    window.session.select(2)
    wait_for_selected(qtbot, window, 2)
    before = looks_of(window)
    for index, left in ((0, ["Adam", "small"]), (0, ["small"])):
        window.session.remove_run(index)
        wait_for_shown(qtbot, panel, left)
        if len(left) == 2:
            assert looks_of(window) == {name: before[name] for name in left}
    for back in (["Adam", "small"], ["slow", "Adam", "small"]):
        window.session.undo()
        wait_for_shown(qtbot, panel, back)
        assert looks_of(window) == {name: before[name] for name in back}
    window.session.remove_run(0)
    wait_for_count(qtbot, panel, 2)
    window.session.add_run()
    wait_for_count(qtbot, panel, 3)
    window.session.select(1)
    wait_for_selected(qtbot, window, 1)
    after = looks_of(window)
    assert after["small 2"][:2] == before["slow"][:2]
    assert after["Adam"][:2] == before["Adam"][:2]


def test_another_experiment_has_its_looks_in_order_and_undo_brings_those_of_before(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    window.workspace.show_panel("results")
    before = looks_of(window)
    window.session.remove_run(0)
    wait_for_count(qtbot, panel, 2)
    window.session.replace(tutorial_2(runs=[THREE[1], THREE[2]], stop={"iterations": 50}))
    qtbot.waitUntil(lambda: window.session.is_settled, timeout=WAIT_MS)
    assert looks_of(window)["Adam"][:2] == before["slow"][:2]
    window.session.undo()
    qtbot.waitUntil(lambda: looks_of(window)["Adam"][:2] == before["Adam"][:2], timeout=WAIT_MS)
    window.session.open(tutorial_2(runs=[THREE[1], THREE[2]]))
    qtbot.waitUntil(lambda: looks_of(window)["Adam"][:2] == before["slow"][:2], timeout=WAIT_MS)


def test_there_are_never_more_runs_than_there_may_be(qtbot: QtBot, open_window: OpenWindow) -> None:
    runs = [{"optimizer": {"lr": 0.01}}] * MOST_RUNS
    window = open_window(tutorial_2(runs=runs, stop={"iterations": 5}))
    panel = window.workspace.panel("runs", RunsPanel)
    wait_for_count(qtbot, panel, MOST_RUNS)
    assert not panel.add.isEnabled()


def test_the_eye_hides_a_run_from_the_loss(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_three(open_window)
    assert len(window.loss.legend.entries) == 3 + 2
    click(qtbot, panel, 1, EYE)
    texts = [entry.text for entry in window.loss.legend.entries]
    assert texts[:2] == ["slow", "small"]
    tip = panel.list.model().index(1, EYE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "Show"
    click(qtbot, panel, 1, EYE)
    assert window.loss.legend.entries[1].text == "Adam"


def test_solo_shows_one_run_and_the_selected(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_three(open_window)
    panel.list.setCurrentIndex(panel.list.model().index(0, SOLO))
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert window.loss.legend.entries[0].text == "training"
    click(qtbot, panel, 2, SOLO)
    wait_for_selected(qtbot, window, 2)
    assert window.loss.legend.entries[0].text == "training"
    click(qtbot, panel, 2, SOLO)
    texts = [entry.text for entry in window.loss.legend.entries]
    assert texts[:3] == ["slow", "Adam", "small"]


@pytest.mark.parametrize("kind", COMPARISONS)
def test_every_comparison_is_one_action_and_one_step_of_undo(
    qtbot: QtBot, open_window: OpenWindow, kind: str
) -> None:
    window = open_window(tutorial_2(stop={"iterations": 30}))
    action = window.findChild(QAction, f"compare_{kind}")
    assert action is not None
    action.trigger()
    qtbot.waitUntil(lambda: len(names(window)) > 2, timeout=WAIT_MS)
    panel = window.workspace.panel("runs", RunsPanel)
    qtbot.waitUntil(lambda: shown(panel) == names(window), timeout=WAIT_MS)
    window.session.undo()
    qtbot.waitUntil(lambda: names(window) == ["GD"], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: shown(panel) == ["GD"], timeout=WAIT_MS)


def test_the_compare_button_offers_what_the_menu_does(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window, panel = open_three(open_window)
    menu = panel.findChild(QMenu)
    assert menu is not None
    actions = menu.actions()
    assert [action.text() for action in actions] == list(COMPARISONS.values())
    actions[list(COMPARISONS).index("rates_2")].trigger()
    wanted = ["η = 0.2", "η = 0.8", "η = 1.1"]
    qtbot.waitUntil(lambda: names(window) == wanted, timeout=WAIT_MS)


def test_a_comparison_begins_with_the_settings_that_the_controls_show(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(tutorial_2(stop={"iterations": 30}))
    window.session.apply({"optimizer.lr": 0.3})
    qtbot.waitUntil(lambda: window.session.is_settled, timeout=WAIT_MS)
    action = window.findChild(QAction, "compare_optimizers")
    assert action is not None
    action.trigger()
    qtbot.waitUntil(lambda: len(names(window)) == 6, timeout=WAIT_MS)
    assert window.session.experiment is not None
    assert {run.optimizer.lr for run in window.session.experiment.runs} == {0.3}


def test_a_comparison_that_cannot_be_made_says_why(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(tutorial_2(runs=[{"optimizer": {"kind": "adam"}}]))
    action = window.findChild(QAction, "compare_rates_of_the_limit")
    assert action is not None
    action.trigger()
    qtbot.waitUntil(window.notice.isVisible, timeout=WAIT_MS)
    assert names(window) == ["Adam"]


def test_another_language_and_theme_come_live(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_three(open_window)
    before = panel.grab().toImage()
    window.set_theme("dark")
    qtbot.waitUntil(lambda: panel.grab().toImage() != before, timeout=WAIT_MS)
    assert panel.add.text() == "Add"
