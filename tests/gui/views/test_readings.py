"""Numbers in a strip over a plot, at all sizes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from gui.views.readings import BELOW, GAP, MARGIN, Reading, Readings

LINES = (
    Reading("∂L/∂w = −1.12535", "#0000ff", " (batch −1.20112)"),
    Reading("lands at L = 0.884193", "#ff0000"),
    Reading("joint step: L = 0.649511", "#777777", matters=False),
)


def strip(qtbot: QtBot, width: int) -> Readings:
    readings = Readings()
    qtbot.addWidget(readings)
    readings.write(LINES)
    readings.resize(width, readings.sizeHint().height())
    return readings


@pytest.mark.parametrize("lines", [(), LINES])
def test_a_plot_squeezed_to_nothing_has_readings(lines: tuple[Reading, ...], qtbot: QtBot) -> None:
    readings = strip(qtbot, 1)
    readings.write(lines)
    assert readings.isHidden() != bool(lines)
    assert not readings.grab().isNull()


def test_a_wide_strip_has_one_line_and_a_narrow_one_several(qtbot: QtBot) -> None:
    wide, narrow = strip(qtbot, 900), strip(qtbot, 240)
    assert wide.shown == tuple(line.text + line.more for line in LINES)
    line = QFontMetricsF(wide.font()).height()
    assert wide.sizeHint().height() == pytest.approx(line + BELOW, abs=1)
    assert narrow.sizeHint().height() == pytest.approx(3 * line + BELOW, abs=1)


def test_what_does_not_matter_is_left_out_of_many_lines(qtbot: QtBot) -> None:
    readings = strip(qtbot, 240)
    readings.write((*LINES[:2], *LINES))
    assert [text.split(" ")[0] for text in readings.shown] == 2 * ["∂L/∂w", "lands"]


def test_no_line_breaks_elsewhere_because_a_number_is_shorter(qtbot: QtBot) -> None:
    words = QFontMetricsF(Readings().font()).horizontalAdvance("w = 0.1b = 1")
    width = words + GAP + 2 * MARGIN + 6
    readings = Readings()
    qtbot.addWidget(readings)
    readings.resize(round(width), 40)
    heights = []
    for number in ("0.1", "0.10000", "0.1"):
        readings.write((Reading(f"w = {number}", "#000"), Reading("b = 1", "#000")))
        heights.append(readings.sizeHint().height())
    assert heights[0] < heights[1] == heights[2]
