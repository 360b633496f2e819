"""Marks on a slider: where they are, what a click on them takes, and what they tint."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine import specs
from gui.controls.rate_links import just_below
from gui.controls.slider import MARK_SIZE, MARK_TOP, Mark, SpecSlider
from gui.style import LIGHT

LEFT = Qt.MouseButton.LeftButton
GOOD = Mark(0.02, 0.0201, "good", "the fastest")
LIMIT = Mark(0.5, 0.4999, "limit", "the limit")


def shown(qtbot: QtBot, *marks: Mark) -> SpecSlider:
    slider = SpecSlider(specs.LEARNING_RATE)
    slider.resize(400, 24)
    qtbot.addWidget(slider)
    with qtbot.waitExposed(slider):
        slider.show()
    slider.set_number(0.1)
    slider.set_marks(marks)
    return slider


def spot(slider: SpecSlider, mark: Mark, side: int = 0) -> QPoint:
    """In the middle of a mark's triangle, or beside its value."""
    place = slider.mark_place(mark)
    assert place is not None
    sign = {"good": -1, "limit": 1}[mark.kind]
    x = place + (sign * MARK_SIZE / 2 if side == 0 else side)
    return QPoint(round(x), round(slider.height() / 2 - MARK_TOP) + 1)


@pytest.mark.parametrize("mark", [GOOD, LIMIT])
def test_a_click_takes_the_value_at_once(mark: Mark, qtbot: QtBot) -> None:
    slider = shown(qtbot, GOOD, LIMIT)
    told: list[tuple[float, bool]] = []
    slider.edited.connect(lambda value, final: told.append((value, final)))
    qtbot.mouseClick(slider, LEFT, pos=spot(slider, mark))
    assert told == [(mark.taken, True)]
    assert not slider.is_held
    place = slider.mark_place(mark)
    assert place is not None


def test_two_marks_of_one_place_are_taken_at_their_own_sides(qtbot: QtBot) -> None:
    good, limit = Mark(0.5, 0.49, "good", ""), LIMIT
    slider = shown(qtbot, good, limit)
    told: list[float] = []
    slider.edited.connect(lambda value, _final: told.append(value))
    qtbot.mouseClick(slider, LEFT, pos=spot(slider, good))
    qtbot.mouseClick(slider, LEFT, pos=spot(slider, limit))  # above the handle, which is there now
    assert told == [0.49, 0.4999]


def test_elsewhere_a_click_moves_the_slider_as_ever(qtbot: QtBot) -> None:
    slider = shown(qtbot, GOOD, LIMIT)
    told: list[float] = []
    slider.edited.connect(lambda value, _final: told.append(value))
    qtbot.mouseClick(slider, LEFT, pos=spot(slider, GOOD, side=-30))
    assert told
    assert told[-1] < GOOD.value
    assert told[-1] not in (GOOD.taken, LIMIT.taken)


def test_what_is_beyond_the_limit_is_tinted(qtbot: QtBot) -> None:
    slider = shown(qtbot, LIMIT)
    image = slider.grab().toImage()
    place = slider.mark_place(LIMIT)
    assert place is not None
    middle = slider.height() // 2
    ratio = image.devicePixelRatio()

    def colour(x: float) -> QColor:
        return image.pixelColor(round(x * ratio), round(middle * ratio))

    assert colour(place + 20).red() > colour(place + 20).blue() + 30
    before = colour(place - 20)
    assert abs(before.red() - before.blue()) < 30
    top = round((middle - MARK_TOP + 1) * ratio)
    seen, wanted = image.pixelColor(round((place + 2) * ratio), top), QColor(LIGHT.danger)
    assert abs(seen.red() - wanted.red()) + abs(seen.green() - wanted.green()) < 40  # smoothed
    slider.set_marks([])
    assert slider.grab().toImage() != image


def test_a_mark_beyond_the_ends_is_not_drawn(qtbot: QtBot) -> None:
    far = Mark(1e9, 1e9, "good", "")
    slider = shown(qtbot, far)
    assert slider.mark_place(far) is None
    everything = Mark(1e-12, 1e-12, "limit", "")
    slider.set_marks([everything])
    assert slider.mark_place(everything) is None
    assert not slider.grab().isNull()


def test_the_panel_marks_the_fastest_rate_and_the_limit(open_window: Any, qtbot: QtBot) -> None:
    window = open_window()
    panel, session = window.controls.optimizer, window.session
    slider = panel.fields[specs.LEARNING_RATE].slider
    curvature = session.snapshot.problem.curvature
    best, limit = slider.marks
    assert (best.value, best.kind) == (curvature.best_rate, "good")
    assert (limit.value, limit.kind) == (2 / curvature.largest, "limit")
    assert limit.taken == just_below(limit.value) == 0.805
    slider.ensurePolished()
    qtbot.mouseClick(slider, LEFT, pos=spot(slider, best))
    qtbot.waitUntil(lambda: session.settings.optimizer.lr == curvature.best_rate)
    qtbot.mouseClick(slider, LEFT, pos=spot(slider, limit))
    qtbot.waitUntil(lambda: session.settings.optimizer.lr == 0.805)
    session.apply({"optimizer.kind": "adam"})
    qtbot.waitUntil(lambda: slider.marks == ())
