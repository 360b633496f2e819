"""Numbers that stand in a plot, at sizes that no plot should have."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene
from pytestqt.qtbot import QtBot

from gui.views.readings import Reading, Readings


@pytest.mark.parametrize("lines", [(), (Reading("L = 1", "#000000"),)])
def test_a_plot_squeezed_to_nothing_has_readings(
    lines: tuple[Reading, ...],
    qtbot: QtBot,  # noqa: ARG001 - fonts need an application
) -> None:
    scene = QGraphicsScene()
    box = QGraphicsRectItem()
    scene.addItem(box)
    readings = Readings(box)
    readings.write(lines)
    readings.settle(1.0, 1.0, np.zeros((0, 2)))
    assert readings.isVisible() == bool(lines)
