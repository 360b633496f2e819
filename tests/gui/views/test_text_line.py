"""A line of text that changes with every frame is painted only as often as it can be read."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from gui.views.text_line import REST_MS, TextLine
from tests.gui.conftest import WAIT_MS


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_a_text_that_changes_fast_rests_between_and_ends_with_the_newest(qtbot: QtBot) -> None:
    line, paints = TextLine(), Paints()
    qtbot.addWidget(line)
    line.resize(200, 30)
    with qtbot.waitExposed(line):
        line.show()
    line.installEventFilter(paints)
    began, number = monotonic(), 0
    while monotonic() - began < 10 * REST_MS / 1000:
        number += 1
        line.set_text(f"{number}")
        assert line.text() == f"{number}"
        qtbot.wait(1)
    qtbot.waitUntil(lambda: line.toolTip() == f"{number}", timeout=WAIT_MS)
    assert 2 <= paints.count <= 2 + (monotonic() - began) * 1000 / REST_MS
    assert number > 2 * paints.count
