"""The table of results: its numbers, its order, and what is copied."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from engine.descent.results import Progress
from engine.headless import run_experiment
from gui.main_window import MainWindow
from gui.results_panel import STATE, ResultsPanel
from tests.gui.conftest import WAIT_MS, OpenWindow, tutorial_2

RUNS = [
    {"name": "slow", "optimizer": {"lr": 0.01}},
    {"name": "good", "optimizer": {"lr": 0.7}},
    {"name": "wild, very", "optimizer": {"lr": 1.1}},
    {"name": "small", "optimizer": {"lr": 0.3}, "batch": {"size": 8}},
]
HEADERS = [
    *("Run", "State", "Iterations to 1 %", "Epochs to 1 %"),
    *("Gradients", "Points seen", "Loss", "Distance"),
]


def open_results(qtbot: QtBot, open_window: OpenWindow) -> tuple[MainWindow, ResultsPanel]:
    """A window in which four runs have come to their ends, with their results."""
    window = open_window(tutorial_2(runs=RUNS, stop={"iterations": 300}))
    window.workspace.show_panel("results")
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        window.session.run_to_end()
    qtbot.waitUntil(
        lambda: window.session.snapshot is not None and not window.session.snapshot.playing,
        timeout=WAIT_MS,
    )
    return window, window.workspace.panel("results", ResultsPanel)


def test_every_run_is_held_against_its_own_optimum(qtbot: QtBot, open_window: OpenWindow) -> None:
    losses = ({"kind": "mse"}, {"kind": "huber", "delta": 0.1}, {"kind": "mae"})
    runs = [{"name": loss["kind"], "loss": loss} for loss in losses]
    window = open_window(tutorial_2(runs=runs, stop={"iterations": 300}))
    window.workspace.show_panel("results")
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        window.session.run_to_end()
    panel = window.workspace.panel("results", ResultsPanel)
    assert window.session.experiment is not None
    wanted = []
    for descent in run_experiment(window.session.experiment):
        progress, rows = Progress(descent.problem), descent.history.rows()
        progress.see(rows)
        result = progress.result(rows, descent.epochs, "iterations")
        wanted.append((result.near, result.loss, result.distance))
    qtbot.waitUntil(lambda: column(panel, 4) == ["300"] * 3, timeout=WAIT_MS)
    shown = [panel.model.values(row) for row in range(3)]
    assert [(values[2], values[6], values[7]) for values in shown] == wanted
    assert len({near for near, _, _ in wanted}) == 3  # none of them is another's


def column(panel: ResultsPanel, number: int) -> list[str]:
    model = panel.table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def wait_for_rows(qtbot: QtBot, panel: ResultsPanel, rows: int) -> None:
    qtbot.waitUntil(lambda: column(panel, 4)[1] == str(rows), timeout=WAIT_MS)


def test_the_numbers_are_those_of_the_engine(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_results(qtbot, open_window)
    snapshot = window.session.snapshot
    assert snapshot is not None
    rows = list(csv.reader(panel.as_csv().splitlines()))
    assert rows[0] == HEADERS
    for run, row in zip(snapshot.runs, rows[1:], strict=True):
        progress = Progress(snapshot.problem)
        progress.see(run.rows)
        result = progress.result(run.rows, run.epochs, run.reason)
        near = ["" if result.near is None else str(result.near)]
        near += ["" if result.near_epochs is None else repr(result.near_epochs)]
        assert row[0] == run.name
        assert row[2:] == [
            *near,
            str(result.updates),
            str(result.points),
            repr(result.loss),
            repr(result.distance),
        ]
    assert [row[4] for row in rows[1:]] == ["300", "300", str(snapshot.runs[2].head), "300"]
    assert rows[4][5] == str(30 * 80)  # ten batches of eight an epoch


def test_states_are_said_in_words_and_colours(qtbot: QtBot, open_window: OpenWindow) -> None:
    window, panel = open_results(qtbot, open_window)
    snapshot = window.session.snapshot
    assert snapshot is not None
    states = column(panel, STATE)
    assert states[:3] == ["stopped", "converged", f"diverged at {snapshot.runs[2].head}"]
    cell = panel.table.model().index(2, STATE)
    theme = window.loss.theme
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == QColor(theme.danger)


def test_what_never_ran_is_not_said_to_be_going(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(tutorial_2(runs=RUNS))
    window.workspace.show_panel("results")
    panel = window.workspace.panel("results", ResultsPanel)
    qtbot.waitUntil(lambda: len(column(panel, STATE)) == len(RUNS), timeout=WAIT_MS)
    assert column(panel, STATE) == ["not started", "not started", "unstable", "not started"]
    window.session.step(1)
    qtbot.waitUntil(lambda: column(panel, STATE)[0] == "going", timeout=WAIT_MS)


def test_a_click_on_a_heading_sorts_by_numbers(qtbot: QtBot, open_window: OpenWindow) -> None:
    _, panel = open_results(qtbot, open_window)
    header = panel.table.horizontalHeader()
    assert column(panel, 0) == ["slow", "good", "wild, very", "small"]
    panel.table.horizontalScrollBar().setValue(0)
    where = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    ascending = column(panel, 0)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    descending = column(panel, 0)
    assert ascending == ["good", "small", "slow", "wild, very"]  # what never came near is last
    assert descending == ["slow", "wild, very", "small", "good"]


def test_the_copy_key_copies_as_text_in_the_order_shown(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    _, panel = open_results(qtbot, open_window)
    panel.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == HEADERS
    assert [line.split("\t")[0] for line in lines[1:]] == ["wild, very", "small", "slow", "good"]


def test_csv_quotes_what_needs_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    _, panel = open_results(qtbot, open_window)
    panel.copy_csv()
    text = QGuiApplication.clipboard().text()
    assert '"wild, very"' in text
    assert [len(row) for row in csv.reader(text.splitlines())] == [len(HEADERS)] * 5


def test_rows_that_come_later_are_taken_in(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(tutorial_2(runs=RUNS, stop={"iterations": 300}))
    window.workspace.show_panel("results")
    panel = window.workspace.panel("results", ResultsPanel)
    qtbot.waitUntil(lambda: column(panel, 4) == ["0"] * 4, timeout=WAIT_MS)
    assert column(panel, 2) == ["—"] * 4
    for row in (5, 25):
        window.session.step(row - int(column(panel, 4)[1]))
        wait_for_rows(qtbot, panel, row)
    near = column(panel, 2)[1]
    assert 5 < int(near) <= 25
    window.session.apply({"start.kind": "zeros"})  # only the selected run begins again
    qtbot.waitUntil(lambda: column(panel, 4)[0] == "0", timeout=WAIT_MS)
    assert column(panel, 2)[1] == near


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_line_has_the_look_of_its_run(
    qtbot: QtBot, open_window: OpenWindow, theme: str
) -> None:
    window, panel = open_results(qtbot, open_window)
    window.set_theme(theme)  # type: ignore[arg-type]
    for row in range(4):
        picture = panel.table.model().index(row, 0).data(Qt.ItemDataRole.DecorationRole).toImage()
        middle = picture.pixelColor(picture.width() // 2, picture.height() // 2)
        assert middle == QColor(window._looks.colour(row, window.loss.theme))
