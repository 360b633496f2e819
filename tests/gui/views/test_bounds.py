"""The bounds that are kept are those that pyqtgraph works out, wherever the items are put."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.views.loss import LossView
from tests.gui.views.descents import descend, snapshot, tutorial_2


def test_kept_bounds_follow_the_layout(qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = LossView()
    qtbot.addWidget(view)
    view.show()
    view.draw(snapshot(problem, descend(problem, start, 0.1, 50), 40))
    bottom, left = view.plot.getAxis("bottom"), view.plot.getAxis("left")
    seen = set()
    for size in ((600, 400), (300, 700), (900, 500)):
        view.resize(*size)
        QApplication.processEvents()
        for item, kind in ((bottom, pg.AxisItem), (left, pg.AxisItem), (view.box, pg.ViewBox)):
            assert item.boundingRect() == kind.boundingRect(item)
        seen.add(bottom.boundingRect().width())
    assert len(seen) == 3
    wide = bottom.boundingRect().width()
    bottom.setStyle(hideOverlappingLabels=40)
    assert bottom.boundingRect() == pg.AxisItem.boundingRect(bottom)
    assert bottom.boundingRect().width() > wide
