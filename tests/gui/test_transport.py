from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from engine.descent.history import History, Place, Rows
from engine.experiment import Batch, Features, Gd, Model, Mse, Schedule, Settings, Stop
from engine.live.snapshot import Health, RunView, Snapshot
from engine.messages import Message
from engine.problem.dataset import split
from engine.problem.problem import Problem, build_problem
from engine.problem.tutorials import recipe, tutorial_dataset
from gui.actions import ACTIONS
from gui.style import DARK, LIGHT, apply_theme
from gui.transport import (
    SPEEDS,
    RowField,
    Timeline,
    Transport,
    nearest_notch,
    svg_icon,
    timeline_span,
)

WIDTH = 1000
HEAD = 59  # as in the picture of the window
DONE = Message("Stopped after {n} iterations.", {"n": HEAD})


@pytest.fixture(scope="module")
def problem() -> Problem:
    dataset = tutorial_dataset("tutorial-2", partial(split, share=0.8, seed=None))
    return build_problem(dataset, Features(), Model(), Mse())


def descended(problem: Problem, steps: int) -> History:
    history = History(problem.n_params)
    params = recipe("tutorial-2").start.tolist()
    for _ in range(steps + 1):
        gradient = problem.train.gradient(params)
        loss = np.array([problem.train.loss(params)])
        history.append(Rows(np.array([params]).T, np.array([gradient]).T, loss, loss, loss))
        params = [value - 0.1 * slope for value, slope in zip(params, gradient, strict=True)]
    return history


class Drawn:
    """A transport on the screen that can be given snapshots of one descent."""

    def __init__(self, qtbot: QtBot, problem: Problem) -> None:
        self.qtbot = qtbot
        self.problem = problem
        self.history = descended(problem, HEAD)
        self.widget = Transport()
        qtbot.addWidget(self.widget)
        self.widget.resize(WIDTH, 40)
        self.widget.show()
        qtbot.waitExposed(self.widget)
        self.draw(0)

    def draw(
        self,
        cursor: int,
        head: int = HEAD,
        *,
        playing: bool = False,
        ended: Message | None = None,
    ) -> None:
        rows = self.history.rows(0, head + 1)
        settings = Settings(Gd(lr=0.1), Schedule(), Batch(), Stop())
        place = Place(0, 0, 1, None)
        run = RunView("GD", rows, settings, 0.8, Health.STABLE, ended, place, cursor, 1)
        self.snapshot = Snapshot(1, self.problem, (run,), 0, cursor, playing, None, None)
        self.widget.draw(self.snapshot)

    def button(self, key: str) -> QToolButton:
        button = self.widget.findChild(QToolButton, key)
        assert isinstance(button, QToolButton)
        return button

    def click(self, key: str) -> None:
        QTest.mouseClick(self.button(key), Qt.MouseButton.LeftButton)

    @property
    def timeline(self) -> Timeline:
        timeline = self.widget.findChild(Timeline)
        assert isinstance(timeline, Timeline)
        return timeline

    @property
    def row(self) -> RowField:
        field = self.widget.findChild(RowField)
        assert isinstance(field, RowField)
        return field

    @property
    def speed(self) -> QSlider:
        return next(s for s in self.widget.findChildren(QSlider) if not isinstance(s, Timeline))

    def texts(self) -> list[str]:
        return [label.text() for label in self.widget.findChildren(QLabel)]

    def mouse(self, kind: QEvent.Type, row: int) -> None:
        """Press, move or release the left button over a row of the timeline."""
        place = QPointF(self.timeline.x_of(row), self.timeline.height() / 2)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind is QEvent.Type.MouseMove else left
        held = none if kind is QEvent.Type.MouseButtonRelease else left
        everywhere = QPointF(self.timeline.mapToGlobal(place.toPoint()))
        event = QMouseEvent(kind, place, everywhere, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.timeline, event)


@pytest.fixture
def drawn(qtbot: QtBot, problem: Problem) -> Drawn:
    return Drawn(qtbot, problem)


def test_the_play_button_asks_for_what_it_shows(drawn: Drawn, qtbot: QtBot) -> None:
    assert drawn.button("toggle").accessibleName() == "Play"
    with qtbot.waitSignal(drawn.widget.play_requested):
        drawn.click("toggle")
    play_icon = drawn.button("toggle").icon().cacheKey()
    drawn.draw(3, playing=True)
    assert drawn.button("toggle").accessibleName() == "Pause"
    assert drawn.button("toggle").icon().cacheKey() != play_icon
    with qtbot.waitSignal(drawn.widget.pause_requested):
        drawn.click("toggle")


@pytest.mark.parametrize(("key", "step"), [("forward", 1), ("back", -1)])
def test_a_step_button_asks_for_one_row(drawn: Drawn, qtbot: QtBot, key: str, step: int) -> None:
    drawn.draw(6)
    with qtbot.waitSignal(drawn.widget.step_requested) as asked:
        drawn.click(key)
    assert asked.args == [step]


def test_the_outer_buttons_ask_for_the_start_and_the_end(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.draw(6)
    with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
        drawn.click("start")
    assert asked.args == [0]
    with qtbot.waitSignal(drawn.widget.end_requested):
        drawn.click("end")


def test_only_what_is_possible_is_enabled(drawn: Drawn) -> None:
    def enabled() -> set[str]:
        return {b.objectName() for b in drawn.widget.findChildren(QToolButton) if b.isEnabled()}

    drawn.draw(0)
    assert enabled() == {"toggle", "forward", "end"}
    drawn.draw(HEAD)
    assert enabled() == {"start", "back", "toggle", "forward", "end"}
    drawn.draw(HEAD, ended=DONE)
    assert enabled() == {"start", "back", "toggle"}
    drawn.draw(HEAD - 1, ended=DONE)
    assert enabled() == {"start", "back", "toggle", "forward", "end"}


def test_the_buttons_leave_the_focus_and_name_their_keys(drawn: Drawn) -> None:
    keys = {info.key: info.shortcut for info in ACTIONS}
    for button in drawn.widget.findChildren(QToolButton):
        assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
        assert button.accessibleName()
        assert button.toolTip().endswith(f"({keys[button.objectName()]})")


def test_drawing_emits_nothing(drawn: Drawn, qtbot: QtBot) -> None:
    widget = drawn.widget
    with (
        qtbot.assertNotEmitted(widget.seek_requested),
        qtbot.assertNotEmitted(widget.step_requested),
        qtbot.assertNotEmitted(widget.speed_changed),
    ):
        for cursor in (0, 6, HEAD, 3):
            drawn.draw(cursor)
        drawn.draw(5, head=5)
        widget.set_speed(1000)


def test_a_click_on_the_timeline_jumps_there(drawn: Drawn, qtbot: QtBot) -> None:
    for row in (40, 7, 0, HEAD):
        place = QPoint(round(drawn.timeline.x_of(row)), drawn.timeline.height() // 2)
        drawn.draw(20)
        with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
            QTest.mouseClick(drawn.timeline, Qt.MouseButton.LeftButton, pos=place)
        assert asked.args == [row]


def test_a_click_beyond_what_is_recorded_shows_the_last_row(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.draw(20)
    place = QPoint(drawn.timeline.width() - 1, drawn.timeline.height() // 2)
    with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
        QTest.mouseClick(drawn.timeline, Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [HEAD]


def test_a_drag_scrubs_and_snapshots_do_not_fight_it(drawn: Drawn) -> None:
    asked: list[int] = []
    drawn.draw(0, head=20)
    drawn.widget.seek_requested.connect(asked.append)
    drawn.mouse(QEvent.Type.MouseButtonPress, 10)
    for row in (12, 15, 11):
        drawn.draw(20, playing=True)  # the run goes on, and its head with it
        drawn.mouse(QEvent.Type.MouseMove, row)
        assert drawn.timeline.value() == row
    drawn.mouse(QEvent.Type.MouseButtonRelease, 11)
    assert asked == [10, 12, 15, 11]
    drawn.draw(HEAD)
    assert drawn.timeline.value() == HEAD


def test_other_mouse_buttons_leave_the_timeline_alone(drawn: Drawn, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(drawn.widget.seek_requested):
        QTest.mouseClick(drawn.timeline, Qt.MouseButton.RightButton)


def test_the_arrow_keys_move_the_timeline_by_one_row(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.draw(20)
    with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
        QTest.keyClick(drawn.timeline, Qt.Key.Key_Right)
    assert asked.args == [21]


@pytest.mark.parametrize(
    ("head", "ended", "span"),
    [
        (0, False, 10),
        (9, False, 10),
        (10, False, 20),
        (59, False, 100),
        (99, False, 100),
        (100, False, 200),
        (499, False, 500),
        (10_000_000, False, 20_000_000),
        (59, True, 59),
        (0, True, 1),
    ],
)
def test_the_span_grows_in_coarse_steps_until_the_run_ends(
    head: int, ended: bool, span: int
) -> None:
    assert timeline_span(head, ended) == span


def test_an_ended_run_fills_the_timeline(drawn: Drawn) -> None:
    drawn.draw(HEAD, ended=DONE)
    timeline = drawn.timeline
    assert timeline.x_of(HEAD) == pytest.approx(timeline.width() - timeline.x_of(0))


def test_ten_million_rows_can_be_reached(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(800, 20)
    timeline.show_rows(5_000_000, 10_000_000, 10_000_000)
    assert timeline.x_of(5_000_000) == 400
    with qtbot.waitSignal(timeline.valueChanged) as asked:
        QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(799, 10))
    assert asked.args == [10_000_000]


def test_the_groove_shows_how_far_is_recorded(drawn: Drawn) -> None:
    drawn.draw(20)
    picture = drawn.timeline.grab().toImage()
    palette, timeline = drawn.timeline.palette(), drawn.timeline

    def colour_at(row: int) -> str:
        return picture.pixelColor(round(timeline.x_of(row)), timeline.height() // 2).name()

    group, role = QPalette.ColorGroup, QPalette.ColorRole
    assert colour_at(10) == palette.color(role.Highlight).name()
    assert colour_at(40) == palette.color(group.Disabled, role.Text).name()
    assert colour_at(80) == palette.color(role.Mid).name()


def test_the_text_says_row_and_head(drawn: Drawn) -> None:
    drawn.draw(6)
    assert drawn.row.text() == "6"
    assert "/ 59" in drawn.texts()


def test_a_typed_row_is_asked_for(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.draw(6)
    QTest.mouseClick(drawn.row, Qt.MouseButton.LeftButton)
    assert drawn.row.selectedText() == "6"
    QTest.keyClicks(drawn.row, "42")
    drawn.draw(7)  # a frame in between leaves what is typed alone
    assert drawn.row.text() == "42"
    with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
        QTest.keyClick(drawn.row, Qt.Key.Key_Return)
    assert asked.args == [42]
    assert not drawn.row.hasFocus()


def test_a_typed_row_beyond_the_head_means_the_head(drawn: Drawn, qtbot: QtBot) -> None:
    QTest.mouseClick(drawn.row, Qt.MouseButton.LeftButton)
    QTest.keyClicks(drawn.row, "99999")
    with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
        QTest.keyClick(drawn.row, Qt.Key.Key_Return)
    assert asked.args == [HEAD]


def test_rows_have_their_thousands_separated(drawn: Drawn) -> None:
    drawn.history = descended(drawn.problem, 12345)
    drawn.draw(1234, 12345)
    assert drawn.row.text() == "1,234"
    assert "/ 12,345" in drawn.texts()
    metrics = drawn.row.fontMetrics()
    assert drawn.row.width() > metrics.horizontalAdvance("12,345")


@pytest.mark.parametrize("typed", ["1234", "1,234", "12,34"])
def test_a_row_may_be_typed_with_separators(drawn: Drawn, qtbot: QtBot, typed: str) -> None:
    drawn.history = descended(drawn.problem, 2000)
    drawn.draw(1500, 2000)
    QTest.mouseClick(drawn.row, Qt.MouseButton.LeftButton)
    QTest.keyClicks(drawn.row, typed)
    with qtbot.waitSignal(drawn.widget.seek_requested) as asked:
        QTest.keyClick(drawn.row, Qt.Key.Key_Return)
    assert asked.args == [1234]


def test_escape_gives_the_shown_row_back(drawn: Drawn, qtbot: QtBot) -> None:
    drawn.draw(6)
    with qtbot.assertNotEmitted(drawn.widget.seek_requested):
        QTest.mouseClick(drawn.row, Qt.MouseButton.LeftButton)
        QTest.keyClicks(drawn.row, "4x 2")  # only digits are taken
        assert drawn.row.text() == "42"
        QTest.keyClick(drawn.row, Qt.Key.Key_Escape)
    assert drawn.row.text() == "6"
    assert not drawn.row.hasFocus()


def test_the_speed_goes_from_one_step_a_second_to_as_fast_as_it_goes(
    drawn: Drawn, qtbot: QtBot
) -> None:
    assert drawn.widget.speed == 10
    assert "10 steps/s" in drawn.texts()
    with qtbot.waitSignal(drawn.widget.speed_changed) as asked:
        QTest.keyClick(drawn.speed, Qt.Key.Key_Home)
    assert asked.args == [1.0]
    assert "1 step/s" in drawn.texts()
    with qtbot.waitSignal(drawn.widget.speed_changed) as asked:
        QTest.keyClick(drawn.speed, Qt.Key.Key_PageUp)
    assert asked.args == [10.0]
    with qtbot.waitSignal(drawn.widget.speed_changed) as asked:
        QTest.keyClick(drawn.speed, Qt.Key.Key_End)
    assert asked.args == [None]
    assert "max" in drawn.texts()
    assert drawn.widget.speed is None


def test_every_speed_finds_its_notch(drawn: Drawn) -> None:
    assert SPEEDS[:4] == (1, 2, 5, 10)
    assert [nearest_notch(speed) for speed in SPEEDS] == list(range(len(SPEEDS)))
    assert SPEEDS[nearest_notch(900.0)] == 1000
    drawn.widget.set_speed(1000)
    assert drawn.widget.speed == 1000
    assert "1,000 steps/s" in drawn.texts()


def test_nothing_moves_while_the_numbers_grow(drawn: Drawn) -> None:
    def places() -> list[tuple[int, int, int, int]]:
        parts = (*drawn.widget.findChildren(QToolButton), drawn.timeline, drawn.row, drawn.speed)
        return [part.geometry().getRect() for part in parts]  # type: ignore[misc]

    drawn.draw(0, head=0)
    before = places()
    for notch, _ in enumerate(SPEEDS):
        drawn.draw(HEAD, playing=notch % 2 == 0)
        drawn.speed.setValue(notch)
        QApplication.processEvents()
        assert places() == before


def test_it_fits_into_700_pixels(drawn: Drawn) -> None:
    drawn.draw(HEAD)
    assert drawn.widget.minimumSizeHint().width() <= 700
    drawn.widget.resize(700, 40)
    QApplication.processEvents()
    assert drawn.timeline.width() >= 80


def test_an_icon_takes_the_colour_of_the_theme(drawn: Drawn) -> None:
    assert svg_icon("play", "#ff0000").pixmap(20).toImage().pixelColor(8, 10) == QColor("#ff0000")
    drawn.widget.set_icon_colour("#00ff00")
    picture = drawn.button("toggle").icon().pixmap(20).toImage()
    assert picture.pixelColor(8, 10) == QColor("#00ff00")


def test_the_row_is_plain_text_in_every_theme_until_it_is_clicked(
    drawn: Drawn, qapp: QApplication
) -> None:
    def ground() -> QColor:
        QApplication.processEvents()
        corner = drawn.row.mapTo(drawn.widget, QPoint(2, 2))
        return drawn.widget.grab().toImage().pixelColor(corner)

    for theme in (DARK, LIGHT, DARK):
        apply_theme(qapp, theme)
        assert ground() == QColor(theme.window)
        QTest.mouseClick(drawn.row, Qt.MouseButton.LeftButton)
        assert ground() == QColor(theme.field)
        QTest.keyClick(drawn.row, Qt.Key.Key_Escape)


def test_a_change_of_language_writes_the_texts_again(drawn: Drawn) -> None:
    drawn.draw(3, playing=True)
    drawn.button("toggle").setToolTip("")
    QApplication.sendEvent(drawn.widget, QEvent(QEvent.Type.LanguageChange))
    assert drawn.button("toggle").toolTip() == "Pause (Space)"


def test_the_timeline_spans_the_longest_run(drawn: Drawn) -> None:
    drawn.draw(14, head=14, ended=DONE)
    alone = drawn.snapshot
    longer = replace(alone.run, rows=drawn.history.rows(), cursor=40, ended=None)
    drawn.widget.draw(replace(alone, runs=(alone.run, longer), cursor=40))
    assert (drawn.row.text(), drawn.timeline.value()) == ("40", 40)
    assert f"/ {HEAD}" in drawn.texts()
    assert all(drawn.button(key).isEnabled() for key in ("toggle", "forward", "end"))
    drawn.widget.draw(replace(alone, runs=(alone.run, replace(longer, ended=DONE)), cursor=HEAD))
    assert not drawn.button("end").isEnabled()
    assert drawn.timeline.x_of(HEAD) == pytest.approx(
        drawn.timeline.width() - drawn.timeline.x_of(0)
    )
