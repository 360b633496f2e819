"""The log: which iterations it lists, with which numbers, and what choosing and copying do."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from engine.descent.descent import Descent
from engine.descent.history import Rows
from engine.experiment import Change, Experiment
from engine.files.experiments import checked_iterations, experiment_from, preset
from engine.problem.sources import problem_of, start_of
from gui.log_model import Column, LogModel
from gui.log_panel import MOST_COPIED, LogPanel
from gui.style import DARK, LIGHT, Theme
from gui.text import fixed_number
from tests.gui.conftest import OpenWindow, show_widget, tutorial_2
from tests.gui.snapshots import descended, seen

TUTORIAL_1 = (  # its text, every hundred updates
    *(81.0287983452256, 1.3412078261208689, 1.1664378082856437, 1.0837415754330317),
    *(1.0403492394094551, 1.0175794060119359, 1.0056310904780545, 0.999361292996188),
    *(0.9960712593213872, 0.9943448364803573, 0.9934389078119494),
)


def rows_up_to(head: int) -> Rows:
    """Rows 0…head whose losses are their numbers."""
    numbers = np.arange(head + 1.0)
    return Rows(np.vstack((numbers, -numbers)), np.zeros((2, head + 1)), *([numbers] * 3))


def listed(model: LogModel) -> list[int]:
    return [model.iteration_at(place) for place in range(model.rowCount())]


def shown(model: LogModel, place: int) -> list[str]:
    return [model.index(place, column).data() for column in range(model.columnCount())]


def titles(model: LogModel) -> list[str]:
    return [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]


def expected(every: int, cursor: int, head: int) -> list[int]:
    return sorted({*range(0, head + 1, every), cursor, head})


LOSS = (Column("loss", lambda rows: rows.loss),)


STEP = st.tuples(st.integers(0, 90), st.floats(0, 1))  # rows that are added, where the cursor is


@given(every=st.integers(1, 40), steps=st.lists(STEP, max_size=5))
def test_the_list_is_what_it_says_however_it_grew(
    every: int, steps: list[tuple[int, float]]
) -> None:
    model = LogModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    head = 0
    model.begin_anew(rows_up_to(0), 0, every, "iteration", LOSS)
    for more, share in steps:
        head += more
        cursor = round(share * head)
        model.go_on(rows_up_to(head), cursor)
        assert listed(model) == expected(every, cursor, head)
        places = [model.place_of(iteration) for iteration in listed(model)]
        assert places == list(range(model.rowCount()))
    assert tester.model() is model


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[LogPanel]:
    panel = LogPanel()
    show_widget(qtbot, panel, 700, 400)
    yield panel
    panel.hide()


def show(qtbot: QtBot, panel: LogPanel, descent: Descent, cursor: int | None = None) -> LogModel:
    panel.draw(seen(descent, cursor))
    head = descent.head if cursor is None else cursor
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0 and panel.model.cursor == head)
    return panel.model


def test_it_prints_what_tutorial_1_prints(qtbot: QtBot, panel: LogPanel) -> None:
    model = show(qtbot, panel, descended(preset("tutorial-1")))
    assert titles(model) == ["iteration", "loss", "b", "w"]
    assert listed(model) == list(range(0, 1001, 100))
    table = [line.split("\t") for line in model.lines()][1:]
    assert [float(line[1]) for line in table] == pytest.approx(TUTORIAL_1, rel=1e-14)
    assert shown(model, 10)[:2] == ["1,000", fixed_number(float(table[10][1]))]


def test_the_copy_has_every_digit(qtbot: QtBot, panel: LogPanel) -> None:
    descent = descended(preset("tutorial-2"))
    show(qtbot, panel, descent, 437)
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    header, *lines = QGuiApplication.clipboard().text().splitlines()
    assert header.split("\t") == ["iteration", "loss", "b", "w", "validation"]
    rows = descent.history.rows()
    assert [int(line.split("\t")[0]) for line in lines] == expected(100, 437, 1000)
    for line in lines:
        k, *numbers = line.split("\t")
        exact = [rows.loss, *rows.params, rows.validation_loss]
        assert [float(number) for number in numbers] == [float(each[int(k)]) for each in exact]


def test_the_copy_key_copies(qtbot: QtBot, panel: LogPanel) -> None:
    model = show(qtbot, panel, descended(preset("tutorial-2")))
    QGuiApplication.clipboard().clear()
    panel.table.setFocus()
    qtbot.waitUntil(panel.table.hasFocus)
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "\n".join(model.lines()) + "\n"


def test_the_row_of_the_cursor_is_marked_and_what_is_ahead_is_faint(
    qtbot: QtBot, panel: LogPanel
) -> None:
    panel.set_theme(DARK)
    model = show(qtbot, panel, descended(preset("tutorial-2")), 437)
    assert panel.table.currentIndex().row() == model.place_of(437) == 5
    assert panel.table.selectionModel().isRowSelected(5)
    ahead, behind = model.index(6, 1), model.index(5, 1)
    assert ahead.data(Qt.ItemDataRole.ForegroundRole) == QColor(DARK.faint)
    assert behind.data(Qt.ItemDataRole.ForegroundRole) is None
    assert ahead.data(Qt.ItemDataRole.ToolTipRole) == list(model.lines())[7].split("\t")[1]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_frame_of_its_box_is_seen_on_its_ground(open_window: OpenWindow, theme: Theme) -> None:
    window = open_window(tutorial_2())
    window.set_theme("dark" if theme.is_dark else "light")
    window.workspace.show_panel("log")
    panel = window.workspace.panel("log", LogPanel)
    image = window.workspace.grab().toImage()
    box = QRect(panel.every.mapTo(window.workspace, QPoint()), panel.every.size())
    across = [image.pixelColor(x, box.center().y()) for x in range(box.left() - 4, box.left() + 4)]
    down = [image.pixelColor(box.left() + 20, y) for y in range(box.top() - 4, box.top() + 4)]
    for ground, *line in (across, down):
        assert ground == QColor(theme.field)
        assert max(abs(colour.lightness() - ground.lightness()) for colour in line) >= 25


def test_choosing_a_row_asks_for_its_iteration(qtbot: QtBot, panel: LogPanel) -> None:
    show(qtbot, panel, descended(preset("tutorial-2")), 437)
    place = panel.table.visualRect(panel.model.index(3, 1)).center()
    with qtbot.waitSignal(panel.cursor_chosen) as chosen:
        qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [300]
    with qtbot.waitSignal(panel.cursor_chosen) as chosen:
        qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    assert chosen.args == [400]


def test_being_drawn_asks_for_nothing(qtbot: QtBot, panel: LogPanel) -> None:
    descent = descended(preset("tutorial-2"))
    with qtbot.assertNotEmitted(panel.cursor_chosen):
        for cursor in (10, 437, 1000, 0):
            show(qtbot, panel, descent, cursor)


def test_how_many_iterations_lie_between_can_be_set(qtbot: QtBot, panel: LogPanel) -> None:
    model = show(qtbot, panel, descended(preset("tutorial-2")))
    panel.every.setValue(7)
    qtbot.waitUntil(lambda: model.every == 7)
    assert listed(model) == expected(7, 1000, 1000)


def test_gradients_are_listed_where_they_are_wanted(qtbot: QtBot, panel: LogPanel) -> None:
    descent = descended(preset("tutorial-2"))
    model = show(qtbot, panel, descent)
    qtbot.mouseClick(panel.gradients, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: model.columnCount() == 7)
    assert titles(model)[-2:] == ["∂L/∂b", "∂L/∂w"]
    first = list(model.lines())[1].split("\t")
    assert [float(number) for number in first[-2:]] == descent.history.rows().gradient[
        :, 0
    ].tolist()


def on_batches(size: int, n: int, **keys: object) -> Experiment:
    run = {"batch": {"size": size}}
    data = {"source": "synthetic", "kind": "line", "n": n, "noise": 0.1, "seed": 0}
    return experiment_from(
        {"format": 1, "data": data, "runs": [run], "stop": {"iterations": 30}} | keys
    )


def test_the_training_loss_has_its_column_where_it_is_another(
    qtbot: QtBot, panel: LogPanel
) -> None:
    descent = descended(on_batches(10, 100))
    model = show(qtbot, panel, descent)
    assert titles(model)[:3] == ["iteration", "loss", "training"]
    rows = descent.history.rows()
    assert shown(model, 0)[1:3] == [fixed_number(rows.loss[0]), fixed_number(rows.train_loss[0])]


def test_the_rate_has_its_column_where_it_changes(qtbot: QtBot, panel: LogPanel) -> None:
    changes = [{"at": 250, "set": {"optimizer.lr": 0.7}}]
    run = {"optimizer": {"lr": 0.1}, "changes": changes}
    data = {"source": "tutorial", "name": "tutorial-2"}
    descent = descended(experiment_from({"format": 1, "data": data, "runs": [run]}))
    model = show(qtbot, panel, descent)
    assert titles(model)[:3] == ["iteration", "rate η", "loss"]
    rates = [line.split("\t")[1] for line in list(model.lines())[1:]]
    assert rates == ["0.1"] * 3 + ["0.7"] * 8
    assert shown(model, 2)[1] == fixed_number(0.1)


def test_the_rates_column_comes_when_the_first_row_has_another_rate(
    qtbot: QtBot, panel: LogPanel
) -> None:
    experiment = preset("tutorial-2")
    problem = problem_of(experiment)
    descent = Descent(problem, experiment, 0, start_of(experiment, experiment.runs[0], problem))
    descent.advance(40)
    model = show(qtbot, panel, descent)
    assert titles(model)[1] == "loss"
    run = msgspec.structs.replace(experiment.runs[0], changes=(Change(40, {"optimizer.lr": 0.5}),))
    descent.apply(experiment.with_run(0, run))
    show(qtbot, panel, descent)
    qtbot.waitUntil(lambda: titles(model)[1] == "rate η")
    descent.advance(7)
    show(qtbot, panel, descent)
    assert [float(line.split("\t")[1]) for line in list(model.lines())[1:]] == [0.1, 0.5]


def test_the_rates_column_comes_when_a_run_reaches_a_change_of_its_file(
    qtbot: QtBot, panel: LogPanel
) -> None:
    changes = [{"at": 60, "set": {"optimizer.lr": 0.5}}]
    run = {"optimizer": {"lr": 0.1}, "changes": changes}
    data = {"source": "tutorial", "name": "tutorial-2"}
    experiment = experiment_from({"format": 1, "data": data, "runs": [run]})
    problem = problem_of(experiment)
    descent = Descent(problem, experiment, 0, start_of(experiment, experiment.runs[0], problem))
    descent.advance(40)
    model = show(qtbot, panel, descent)
    assert titles(model)[1] == "loss"
    descent.advance(40)
    show(qtbot, panel, descent)
    qtbot.waitUntil(lambda: titles(model)[1] == "rate η")


def test_what_was_not_evaluated_is_empty(qtbot: QtBot, panel: LogPanel) -> None:
    """Over 10,000 points, a loss that is no quadratic is evaluated once an epoch."""
    descent = descended(on_batches(1001, 10_010, loss={"kind": "mae"}))
    panel.every.setValue(1)
    model = show(qtbot, panel, descent)
    texts = [shown(model, place)[2] for place in range(31)]
    assert [place for place, text in enumerate(texts) if text] == [0, 10, 20, 30]
    lines = [line.split("\t") for line in model.lines()][1:]
    assert lines[1][2] == ""
    assert float(lines[10][2]) == descent.history.rows().train_loss[10]


def test_rows_that_are_added_leave_the_list_where_it_is(qtbot: QtBot, panel: LogPanel) -> None:
    descent = descended(checked_iterations(preset("tutorial-2"), 20_000))
    panel.draw(seen(descent, 0, rows=10_001))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 101)
    panel.table.scrollToBottom()
    top = panel.table.verticalScrollBar().value()
    with qtbot.assertNotEmitted(panel.model.modelReset):
        panel.draw(seen(descent, 0, rows=20_001))
        qtbot.waitUntil(lambda: panel.model.rowCount() == 201)
    assert panel.table.verticalScrollBar().value() == top > 0


def test_another_generation_is_listed_anew(qtbot: QtBot, panel: LogPanel) -> None:
    descent = descended(preset("tutorial-2"))
    show(qtbot, panel, descent)
    with qtbot.waitSignal(panel.model.modelReset):
        panel.draw(seen(descent, 20, rows=51, generation=2))
    assert listed(panel.model) == [0, 20, 50]


def test_a_million_rows_are_listed_but_not_copied(qtbot: QtBot, panel: LogPanel) -> None:
    descent = descended(checked_iterations(preset("tutorial-2"), 1_000_000))
    panel.every.setValue(1)
    model = show(qtbot, panel, descent)
    assert model.rowCount() == 1_000_001 > MOST_COPIED
    assert shown(model, 1_000_000)[0] == "1,000,000"
    assert panel.table.currentIndex().row() == 1_000_000
    assert not panel.copy_button.isEnabled()
    QGuiApplication.clipboard().setText("before")
    panel.copy()
    assert QGuiApplication.clipboard().text() == "before"


def test_a_hidden_log_reads_nothing(qtbot: QtBot, panel: LogPanel) -> None:
    panel.hide()
    panel.draw(seen(descended(preset("tutorial-2"))))
    assert panel.model.rowCount() == 0
    panel.show()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 11)


def test_the_iterations_have_room_when_there_come_to_be_more(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(tutorial_2(stop={"iterations": 100}))
    window.workspace.show_panel("log")
    panel = window.workspace.panel("log", LogPanel)
    qtbot.waitUntil(lambda: len(panel.model) > 0)
    header = panel.table.horizontalHeader()
    narrow = header.sectionSize(0)
    window.session.apply({"stop.iterations": 10_000_000})
    qtbot.waitUntil(lambda: header.sectionSize(0) > narrow)
    needed = panel.table.fontMetrics().horizontalAdvance("10,000,000")
    assert header.sectionSize(0) > needed
