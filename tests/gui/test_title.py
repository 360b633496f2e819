"""The title of a panel where there is room for it, and where there is not."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.style import DARK
from gui.title import Title


@pytest.mark.parametrize(
    ("share", "is_seen"), [(1.0, True), (0.6, True), (0.02, False)], ids=["all", "cut", "none"]
)
def test_a_title_is_written_as_far_as_there_is_room(
    qtbot: QtBot, share: float, is_seen: bool
) -> None:
    title = Title()
    qtbot.addWidget(title)
    title.setText("Loss surface in 3-D")
    title.dress(DARK, title.font())
    width = round(share * title.sizeHint().width())
    assert title.minimumSizeHint().width() == 0
    title.setFixedSize(max(width, 1), title.sizeHint().height())
    picture = title.grab().toImage()
    size = picture.size()
    colours = {picture.pixel(x, y) for x in range(size.width()) for y in range(size.height())}
    assert (QColor(DARK.text).rgb() in colours) == is_seen
    edge = {picture.pixel(size.width() - 1, y) for y in range(size.height())}
    assert len(edge) == 1  # no letter is cut through
