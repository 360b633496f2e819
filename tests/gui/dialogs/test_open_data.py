from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QStyle
from pytestqt.qtbot import QtBot

from engine.experiment import FileData
from engine.files.tables import read_table
from gui.dialogs.open_data import PREVIEW_ROWS, SCATTER_POINTS, OpenDataDialog

TABLE = "name,height,weight,age\n" + "".join(
    f"p{i},{150 + i},{50 + 2 * i},{'' if i == 3 else 20 + i}\n" for i in range(12)
)
Open = Callable[[str], OpenDataDialog]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Open:
    """Shows the dialog for a CSV text."""

    def open_text(text: str) -> OpenDataDialog:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        dialog = OpenDataDialog(read_table(path))
        qtbot.addWidget(dialog)
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    return open_text


def check(dialog: OpenDataDialog, column: str) -> None:
    """Check or uncheck a column with the space bar."""
    items = dialog.x_list.findItems(column, Qt.MatchFlag.MatchExactly)
    dialog.x_list.setFocus()
    dialog.x_list.setCurrentItem(items[0])
    QTest.keyClick(dialog.x_list, Qt.Key.Key_Space)


def ok_is_enabled(dialog: OpenDataDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_the_first_numeric_columns_are_suggested(opened: Open, tmp_path: Path) -> None:
    dialog = opened(TABLE)
    assert dialog.features == ("height",)
    assert dialog.target == "weight"
    assert dialog.data == FileData(str(tmp_path / "people.csv"), ("height",), "weight")
    assert dialog.about.text() == "people.csv · 12 rows"
    assert ok_is_enabled(dialog)


def test_the_first_rows_are_shown(opened: Open) -> None:
    dialog = opened(TABLE)
    assert dialog.preview.rowCount() == PREVIEW_ROWS
    header = dialog.preview.horizontalHeaderItem(1)
    cell = dialog.preview.item(2, 1)
    assert header is not None
    assert cell is not None
    assert (header.text(), cell.text()) == ("height", "152")
    blank = dialog.preview.item(3, 3)
    assert blank is not None
    assert blank.text() == ""


def test_columns_that_are_not_numeric_cannot_be_chosen(opened: Open) -> None:
    dialog = opened(TABLE)
    item = dialog.x_list.item(0)
    assert item.text() == "name"
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "“p0” is not a number" in item.toolTip()
    choice = dialog.y_choice.model().index(0, 0)
    assert not choice.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "“p0” is not a number" in choice.data(Qt.ItemDataRole.ToolTipRole)
    check(dialog, "name")
    assert dialog.features == ("height",)


def test_the_boxes_to_check_stand_apart(opened: Open) -> None:
    dialog = opened(TABLE)
    items = [dialog.x_list.item(row) for row in range(2)]
    above, below = (dialog.x_list.visualItemRect(item) for item in items)
    indicator = QStyle.PixelMetric.PM_IndicatorHeight
    assert below.center().y() - above.center().y() >= dialog.style().pixelMetric(indicator) + 4


def test_several_features_stand_in_the_order_of_the_table(opened: Open) -> None:
    dialog = opened("a,b,c\n1,2,3\n2,4,5\n3,1,9\n")
    assert dialog.target == "b"
    check(dialog, "a")
    check(dialog, "c")
    check(dialog, "a")
    assert dialog.features == ("a", "c")
    assert ok_is_enabled(dialog)


def test_a_column_with_a_blank_is_refused_with_the_reason(opened: Open) -> None:
    dialog = opened(TABLE)
    check(dialog, "age")
    assert not ok_is_enabled(dialog)
    assert dialog.data is None
    # the header is line 1, so the fourth row is line 5
    assert dialog.reason.text().startswith("people.csv, line 5, column “age”: the cell is blank")
    assert dialog.scatter.n_points == 0
    check(dialog, "age")
    assert ok_is_enabled(dialog)
    assert dialog.reason.text() == ""


def test_x_and_y_must_differ_and_x_must_be_something(opened: Open) -> None:
    dialog = opened(TABLE)
    check(dialog, "weight")
    assert "“weight” is chosen more than once" in dialog.reason.text()
    check(dialog, "weight")
    check(dialog, "height")
    assert dialog.reason.text() == "Choose at least one column for x."
    assert not ok_is_enabled(dialog)


def test_the_target_can_be_chosen(opened: Open) -> None:
    dialog = opened("a,b,c\n1,2,3\n2,4,5\n3,1,9\n")
    dialog.y_choice.setFocus()
    QTest.keyClick(dialog.y_choice, Qt.Key.Key_Down)
    assert dialog.target == "c"
    assert ok_is_enabled(dialog)


def test_a_table_without_two_numeric_columns_cannot_be_fitted(opened: Open) -> None:
    dialog = opened("a,b\n1,x\n2,y\n")
    assert not ok_is_enabled(dialog)
    assert dialog.data is None
    assert "too few columns of numbers (1)" in dialog.reason.text()
    assert "“x” is not a number" in dialog.reason.text()


def test_the_points_are_drawn(opened: Open) -> None:
    dialog = opened(TABLE)
    assert dialog.scatter.n_points == 12
    picture = dialog.scatter.grab().toImage()
    # the least x and y stand at the lower left, the largest at the upper right, 8 pixels inside
    ground = picture.pixelColor(picture.width() // 2, 8)
    assert picture.pixelColor(8, picture.height() - 8) != ground
    assert picture.pixelColor(picture.width() - 8, 8) != ground


def test_extreme_numbers_are_drawn(opened: Open) -> None:
    dialog = opened("a,b\n-1.7e308,5\n1.7e308,5\n0,5\n")
    assert dialog.scatter.n_points == 3
    assert not dialog.scatter.grab().isNull()


@pytest.mark.parametrize("n", [SCATTER_POINTS, 10 * SCATTER_POINTS + 1])
def test_many_points_are_thinned_out(opened: Open, n: int) -> None:
    dialog = opened("a,b\n" + "".join(f"{i},{-i}\n" for i in range(n)))
    assert SCATTER_POINTS / 2 < dialog.scatter.n_points <= SCATTER_POINTS


@pytest.mark.parametrize("which", ["Ok", "Cancel"])
def test_the_buttons_answer(opened: Open, which: str) -> None:
    dialog = opened(TABLE)
    chosen = dialog.buttons.button(QDialogButtonBox.StandardButton[which])
    QTest.mouseClick(chosen, Qt.MouseButton.LeftButton)
    assert dialog.result() == (which == "Ok")
    assert not dialog.isVisible()


class Brackets(QTranslator):
    def translate(
        self, _context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str:
        return f"[{text}]"

    def isEmpty(self) -> bool:
        return False


def test_the_dialog_changes_its_language(opened: Open, qapp: QApplication) -> None:
    dialog = opened(TABLE)
    check(dialog, "age")
    translator = Brackets()
    qapp.installTranslator(translator)
    QApplication.processEvents()
    texts = [dialog.windowTitle(), dialog.about.text(), dialog.x_label.text()]
    texts += [dialog.y_label.text(), dialog.reason.text(), dialog.x_list.item(0).toolTip()]
    qapp.removeTranslator(translator)
    assert [text for text in texts if "[" not in text] == []
    assert dialog.features == ("height", "age")
