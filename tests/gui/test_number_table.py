from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.number_table import Group, Line, NumberTable
from gui.text import fixed_number


@pytest.fixture
def table(qtbot: QtBot) -> NumberTable:
    table = NumberTable()
    qtbot.addWidget(table)
    table.show()
    qtbot.waitExposed(table)
    return table


def shown(table: NumberTable) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in table.findChildren(QLabel) if label.isVisible()]


def test_new_numbers_are_written_into_the_labels_that_are_there(table: NumberTable) -> None:
    assert table.show_groups([Group("Loss", ("now",), (Line("training", (1.5,)),))])
    assert shown(table) == ["Loss", "now", "training", "1.50000"]
    labels = table.findChildren(QLabel)
    assert not table.show_groups([Group("Loss", ("now",), (Line("training", (2.5,)),))])
    assert shown(table) == ["Loss", "now", "training", "2.50000"]
    assert table.findChildren(QLabel) == labels


@pytest.mark.parametrize(
    "other",
    [
        Group("Loss", ("then",), (Line("training", (1.5,)),)),
        Group("Loss", ("now",), (Line("validation", (1.5,)),)),
        Group("Loss", ("now",), (Line("training", (1.5, 2.5)),)),
        Group("Gain", ("now",), (Line("training", (1.5,)),)),
    ],
)
def test_other_lines_or_columns_bring_other_labels(table: NumberTable, other: Group) -> None:
    table.show_groups([Group("Loss", ("now",), (Line("training", (1.5,)),))])
    assert table.show_groups([other])
    numbers = [fixed_number(value) for value in other.lines[0].values]
    assert shown(table) == [other.title, *other.columns, other.lines[0].name, *numbers]


def test_a_group_without_titles_takes_no_room_for_them(table: NumberTable) -> None:
    table.show_groups([Group("", (), (Line("n", (80,)),))])
    assert shown(table) == ["n", "80"]
    one_line = table.sizeHint().height()
    table.show_groups([Group("", ("now",), (Line("n", (80,)),))])
    assert table.sizeHint().height() > one_line


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1_234_567, "1,234,567"), (-5, "−5")])
def test_a_count_is_shown_in_full(count: int, text: str) -> None:
    assert fixed_number(count) == text
