"""The directions of the curvature as the axes of a contour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.text import number
from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3


@pytest.mark.parametrize("scale", [1.0, 10.0])
def test_the_lines_are_the_axes_of_one_contour(scale: float, show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2(scale)
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.01, 5)))
    assert not any(line.isVisible() for line in view.principal.lines)
    qtbot.mouseClick(view.directions_button, Qt.MouseButton.LeftButton)
    losses = []
    for line in view.principal.lines:
        assert line.ends is not None
        assert line.ends.mean(axis=0) == pytest.approx(problem.optimum.params, rel=1e-9)
        losses += [float(problem.objective.loss(end)) for end in line.ends.tolist()]
        for end in view.mapping.to_pixels(line.ends[:, 0], line.ends[:, 1]).tolist():
            assert view.mapping.rect.contains(*end)
    assert losses == pytest.approx([losses[0]] * 4, rel=1e-9)
    assert problem.curvature is not None
    values = problem.curvature.eigenvalues[::-1].tolist()
    texts = [f"λ{'₁₂'[k]} = {number(value)}" for k, value in enumerate(values)]
    assert [label.text for label in view.principal.labels] == texts
    view.show_directions(False)
    assert not any(line.isVisible() for line in view.principal.lines)


def test_those_of_a_slice_say_so_and_move_with_it(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 10)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    view.accompany_directions(True)
    assert view.principal.labels[0].text.startswith("slice: λ₁ = ")
    middles = []
    for row in (0, 10):
        view.draw(snapshot(problem, rows, row))
        ends = view.principal.lines[0].ends
        assert ends is not None
        middles.append(ends.mean(axis=0))
    assert np.abs(middles[1] - middles[0]).max() > 1e-3
