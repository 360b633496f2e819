"""Whatever row the timeline shows, all panels show it, and agree to the last digit."""

from __future__ import annotations

from functools import partial
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.problem.evaluation import evaluate
from gui.log_panel import LogPanel
from gui.main_window import MainWindow
from gui.text import fixed_number
from gui.transport import RowField
from gui.views.sections import SectionsView
from tests.gui.conftest import WAIT_MS, OpenWindow, tutorial_2

ITERATIONS = 60


def texts(panel: QWidget) -> set[str]:
    """All that the labels of a panel say."""
    return {label.text() for label in panel.findChildren(QLabel)}


def logged(log: LogPanel) -> set[str]:
    """What the chosen row of the log says."""
    row, model = log.table.currentIndex().row(), log.model
    cells = [model.index(row, column) for column in range(model.columnCount())]
    return {str(model.data(cell, Qt.ItemDataRole.DisplayRole)) for cell in cells}


def has_come_to(window: MainWindow, row: int) -> bool:
    """Whether the newest snapshot shows a row."""
    return window.session.snapshot is not None and window.session.snapshot.cursor == row


def show(window: MainWindow, key: str, qtbot: QtBot) -> QWidget:
    """A panel that is on the screen and drawn."""
    window.workspace.show_panel(key)
    qtbot.waitUntil(lambda: window.workspace.is_on_screen(key), timeout=WAIT_MS)
    return window.workspace.panel(key, QWidget)


@pytest.mark.parametrize("batch", [None, 16])
def test_every_panel_shows_the_same_row_to_the_last_digit(
    open_window: OpenWindow, qtbot: QtBot, batch: int | None
) -> None:
    runs = [{"batch": {"size": batch}}]
    window = open_window(tutorial_2(runs=runs, stop={"iterations": ITERATIONS}))
    window.resize(1900, 1000)
    session = window.session
    session.run_to_end()
    qtbot.waitUntil(
        lambda: session.snapshot is not None and session.snapshot.is_over, timeout=WAIT_MS
    )
    log = cast(LogPanel, show(window, "log", qtbot))
    sections = cast(SectionsView, show(window, "sections", qtbot))
    for row in (0, 1, 37, ITERATIONS):
        session.seek(row)
        qtbot.waitUntil(partial(has_come_to, window, row), timeout=WAIT_MS)
        snapshot = session.snapshot
        assert snapshot is not None
        params = snapshot.rows.params[:, row]
        b, w = map(fixed_number, params.tolist())
        evaluation = evaluate(snapshot.problem, params)
        gradient = [fixed_number(value) for value in evaluation.gradient.tolist()]
        batch_gradient = [fixed_number(value) for value in snapshot.rows.gradient[:, row].tolist()]
        loss = fixed_number(evaluation.train.loss)
        assert window.fit.equation.text().startswith(f"ŷ = {b} ")
        assert {b, w, loss, *gradient} <= texts(show(window, "numbers", qtbot))
        assert {b, w, *batch_gradient} <= texts(show(window, "steps", qtbot))
        assert {str(row), b, w, loss} <= logged(log)
        said = [line for plot in sections.plots for line in plot.readings.shown]
        for name, slope in zip(("b", "w"), gradient, strict=True):
            assert any(line.startswith(f"∂L/∂{name} = {slope}") for line in said)
        assert window.surface.current.at == pytest.approx(tuple(params), abs=0)
        assert window.loss.cursor_line.isVisible()
        assert [field.text() for field in window.transport.findChildren(RowField)] == [str(row)]
