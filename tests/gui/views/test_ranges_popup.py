"""Typing the ranges of the loss surface's axes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.controls.number_box import NumberBox
from gui.views.ranges_popup import RangesPopup
from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, snapshot, tutorial_2

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)

LEFT = Qt.MouseButton.LeftButton


def opened(view: SurfaceView, qtbot: QtBot) -> RangesPopup:
    qtbot.mouseClick(view.ranges_button, LEFT)
    popup = view.findChild(RangesPopup)
    assert isinstance(popup, RangesPopup)
    return popup


def type_into(box: NumberBox, text: str, qtbot: QtBot) -> None:
    box.setFocus()
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), text)
    qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Return)


def test_tutorial_2s_ranges_can_be_typed(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 10)
    view = show(SurfaceView, snapshot(problem, rows))
    automatic = view.mapping
    popup = opened(view, qtbot)
    assert popup.boxes[0][0].value == automatic.x_range[0]
    for box, text in zip(
        (popup.boxes[0][1], popup.boxes[0][0], *popup.boxes[1]),
        ("4", "-2", "-1", "5"),
        strict=True,
    ):
        type_into(box, text, qtbot)
    assert (view.mapping.x_range, view.mapping.y_range) == ((-2.0, 4.0), (-1.0, 5.0))
    assert view.reset_button.isVisible()
    other = descend(problem, start + 0.5, 0.1, 10)
    view.draw(snapshot(problem, other, generation=2))  # another start is no reason to forget them
    assert view.mapping.x_range == (-2.0, 4.0)
    view.draw(snapshot(problem, rows, generation=3))
    qtbot.mouseClick(popup.reset_button, LEFT)
    assert view.mapping == automatic
    assert not popup.isVisible()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9", "b must go from a smaller to a larger number."),
        ("nan", "“nan” is not a number."),
        ("1e300", "b must be between −1e12 and 1e12."),
    ],
)
def test_what_is_no_range_is_said_in_one_sentence(
    text: str, sentence: str, show: Any, qtbot: QtBot
) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.1, 10)))
    mapping, popup = view.mapping, opened(view, qtbot)
    type_into(popup.boxes[0][0], text, qtbot)
    assert popup.fault.text() == sentence
    assert not popup.fault.isHidden()
    assert view.mapping == mapping
    type_into(popup.boxes[0][0], "-1", qtbot)
    assert popup.fault.isHidden()
    assert view.mapping.x_range[0] == -1
    popup.close()
