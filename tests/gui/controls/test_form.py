from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import specs
from engine.specs import Spec
from gui.controls.form import Choice, More, Section, SeedField, SpecField
from gui.controls.number_box import NumberBox, stepped
from gui.controls.slider import POSITIONS, Scale, SpecSlider
from gui.text import number, spec_name

Show = Callable[[QWidget], None]
Make = Callable[[Spec], SpecField]
LEFT = Qt.MouseButton.LeftButton
ALL = [spec for spec in vars(specs).values() if isinstance(spec, Spec)]
EVERY_SPEC = pytest.mark.parametrize("spec", ALL, ids=[f"{s.key}-{s.label}" for s in ALL])


class Recorder:
    """The arguments of every emission."""

    def __init__(self, signal: Any) -> None:
        self.calls: list[tuple[Any, ...]] = []
        signal.connect(self._take)

    def _take(self, *arguments: Any) -> None:
        self.calls.append(arguments)


class Stars(QTranslator):
    def translate(
        self, _context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str:
        return f"*{text}*"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def stars(qapp: QApplication) -> Iterator[QTranslator]:
    """A translation that can be installed; it is gone after the test."""
    translator = Stars()
    yield translator
    qapp.removeTranslator(translator)


@pytest.fixture
def shown(qtbot: QtBot) -> Show:
    """Show a widget in an active window, with somewhere else for the focus to be."""
    windows = []

    def show(widget: QWidget) -> None:
        window = QWidget()
        windows.append(window)
        layout = QVBoxLayout(window)
        elsewhere = QLineEdit()
        layout.addWidget(elsewhere)
        if isinstance(widget, SpecField):
            layout.addWidget(widget.label)
        layout.addWidget(widget)
        layout.addStretch()
        qtbot.addWidget(window)
        window.resize(320, 200)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        elsewhere.setFocus()

    return show


@pytest.fixture
def field_of(shown: Show) -> Make:
    """Show a field of a spec, switched on."""

    def make(spec: Spec) -> SpecField:
        field = SpecField(spec)
        shown(field)
        if field.switch is not None:
            QTest.mouseClick(field.switch, LEFT, pos=QPoint(8, field.switch.height() // 2))
            assert field.value is not None
        return field

    return make


def type_into(box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    for character in text:
        if character.isascii():
            QTest.keyClicks(box, character)
        else:  # QTest knows no keys for these
            press = QKeyEvent.Type.KeyPress
            none = Qt.KeyboardModifier.NoModifier
            QCoreApplication.sendEvent(box, QKeyEvent(press, 0, none, character))


def handle(slider: SpecSlider) -> QPoint:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    return (
        slider.style()
        .subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
        )
        .center()
    )


def turn_wheel(widget: QWidget, notches: int) -> None:
    """Turn the wheel over a widget, the way the window system does."""
    window = widget.window()
    place = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, 120 * notches))


@EVERY_SPEC
def test_a_field_shows_what_its_spec_says(qtbot: QtBot, spec: Spec) -> None:
    field = SpecField(spec)
    qtbot.addWidget(field)
    assert field.value == spec.default
    expected = "" if spec.default is None else number(spec.default, 6)
    assert field.box.lineEdit().text() == expected
    assert spec.label in field.label.text()
    for widget in (field.label, field.slider, field.box):
        assert spec_name(spec) in widget.accessibleName()
        assert spec.help.split(".")[0].split("’")[0] in widget.toolTip()
    if isinstance(field.label, QLabel):
        assert field.label.buddy() is field.box
    field.deleteLater()


@EVERY_SPEC
def test_a_field_refuses_what_its_spec_excludes(spec: Spec, field_of: Make) -> None:
    field = field_of(spec)
    before = field.value
    edited = Recorder(field.edited)
    excluded = [f"{spec.high * 2:.17g}", str(spec.low - 1), "nan", "word", ""]
    excluded += [str(spec.low)] if spec.low_open else []
    excluded += ["2.5"] if spec.integer else []
    for text in excluded:
        type_into(field.box, text or " ")
        QTest.keyClick(field.box, Qt.Key.Key_Return)
        assert field.box.refusal.endswith("."), text
        assert field.fault.isVisible()
        assert field.fault.text() == field.box.refusal
        assert field.box.toolTip()
        assert field.value == before
    assert edited.calls == []


@EVERY_SPEC
def test_a_field_takes_the_ends_of_what_its_spec_allows(spec: Spec, field_of: Make) -> None:
    field = field_of(spec)
    low = spec.low + 1e-9 if spec.low_open else spec.low
    for value in (low, spec.high):
        type_into(field.box, f"{value:.17g}")
        QTest.keyClick(field.box, Qt.Key.Key_Return)
        assert field.value == value
        assert field.box.refusal == ""
        assert not field.fault.isVisible()


@EVERY_SPEC
def test_a_slider_spans_the_soft_limits(spec: Spec) -> None:
    scale = Scale(spec)
    assert scale.value(0) == spec.soft[0]
    assert scale.value(POSITIONS) == spec.soft[1]
    values = [scale.value(position) for position in range(POSITIONS + 1)]
    assert values == sorted(values)
    assert all(spec.low <= value <= spec.high for value in values)
    if spec.integer:
        assert all(isinstance(value, int) for value in values)


@given(st.sampled_from(ALL), st.integers(0, POSITIONS))
def test_a_value_of_the_slider_stays_where_it_is(spec: Spec, position: int) -> None:
    scale = Scale(spec)
    value = scale.value(position)
    assert scale.value(scale.position(value)) == value


@given(st.sampled_from(ALL), st.floats(-1e300, 1e300))
def test_what_is_beyond_the_slider_stands_at_its_end(spec: Spec, value: float) -> None:
    assert 0 <= Scale(spec).position(value) <= POSITIONS


def test_a_logarithmic_slider_has_its_geometric_mean_in_the_middle() -> None:
    # sqrt(1e-4 · 10) = 0.0316
    assert Scale(specs.LEARNING_RATE).value(POSITIONS // 2) == 0.0316


@given(st.sampled_from(ALL), st.floats(0, 1), st.integers(-30, 30))
def test_arrows_stay_within_the_limits(spec: Spec, share: float, steps: int) -> None:
    value = Scale(spec).value(round(share * POSITIONS))
    moved = stepped(spec, value, steps)
    assert spec.low <= moved <= spec.high
    assert not (spec.low_open and moved == spec.low)
    assert (moved - value) * steps >= 0


@pytest.mark.parametrize(
    ("spec", "value", "steps", "expected"),
    [
        (specs.LEARNING_RATE, 0.1, 1, 0.11),
        (specs.LEARNING_RATE, 0.1, -1, 0.09),
        (specs.LEARNING_RATE, 0.8, 1, 0.81),
        (specs.ITERATIONS, 1000, 1, 1100),
        (specs.ITERATIONS, 3, 1, 4),
        (specs.SEED, 0, 1, 1),
        (specs.MOMENTUM, 0.9, 1, 0.91),
        (specs.MOMENTUM, 1.0, 1, 1.0),
        (specs.GRADIENT_NORM, 0.0, 1, 1e-13),
    ],
)
def test_an_arrow_moves_a_round_step(spec: Spec, value: float, steps: int, expected: float) -> None:
    assert stepped(spec, value, steps) == expected


def test_a_drag_is_told_live_and_ends_once(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    begin = handle(field.slider)
    QTest.mousePress(field.slider, LEFT, pos=begin)
    for dx in (5, 10, 20):
        QTest.mouseMove(field.slider, begin + QPoint(dx, 0))
    assert [final for _, final in edited.calls] == [False] * 3
    QTest.mouseRelease(field.slider, LEFT, pos=begin + QPoint(20, 0))
    assert [final for _, final in edited.calls] == [False, False, False, True]
    values = [value for value, _ in edited.calls]
    assert 0.1 < values[0] < values[1] < values[2] == values[3] == field.value
    assert field.box.lineEdit().text() == number(values[3])


def test_a_click_on_the_groove_jumps_there(field_of: Make) -> None:
    field = field_of(specs.TRAIN_SHARE)
    edited = Recorder(field.edited)
    middle = QPoint(field.slider.width() // 2, field.slider.height() // 2)
    QTest.mouseClick(field.slider, LEFT, pos=middle)
    # the middle of 0.1 … 1 is 0.55; a pixel is worth 0.9 / the width of the groove
    assert field.value == pytest.approx(0.55, abs=2 / field.slider.width())
    assert edited.calls[-1] == (field.value, True)


def test_a_click_that_moves_nothing_changes_nothing(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    field.set_value(0.123456)
    QTest.mouseClick(field.slider, LEFT, pos=handle(field.slider))
    assert field.value == 0.123456
    assert edited.calls == []


def test_keys_move_the_slider_and_settle(qtbot: QtBot, field_of: Make) -> None:
    field = field_of(specs.NOISE)
    edited = Recorder(field.edited)
    field.slider.setFocus()
    with qtbot.waitSignal(field.edited, check_params_cb=lambda _value, final: final):
        QTest.keyClick(field.slider, Qt.Key.Key_Right)
        QTest.keyClick(field.slider, Qt.Key.Key_Right)
    # 10 of 1000 positions over 0 … 2 are 0.02
    assert edited.calls == [(0.12, False), (0.14, False), (0.14, True)]


def test_losing_the_focus_ends_a_series_of_keys(field_of: Make) -> None:
    field = field_of(specs.NOISE)
    edited = Recorder(field.edited)
    field.slider.setFocus()
    QTest.keyClick(field.slider, Qt.Key.Key_Right)
    field.box.setFocus()
    assert edited.calls == [(0.12, False), (0.12, True)]


def test_hiding_ends_a_series_of_keys(field_of: Make) -> None:
    field = field_of(specs.NOISE)
    edited = Recorder(field.edited)
    field.box.setFocus()
    QTest.keyClick(field.box, Qt.Key.Key_Up)
    field.hide()
    assert edited.calls == [(0.11 + 0.09, False), (0.2, True)]


def test_arrows_step_the_box_and_settle(qtbot: QtBot, field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    field.box.setFocus()
    with qtbot.waitSignal(field.edited, check_params_cb=lambda _value, final: final):
        QTest.keyClick(field.box, Qt.Key.Key_Up)
        QTest.keyClick(field.box, Qt.Key.Key_Up)
    assert edited.calls == [(0.11, False), (0.12, False), (0.12, True)]


@pytest.mark.parametrize(
    ("text", "value"), [("0,25", 0.25), ("1e-5", 1e-5), ("1E−5", 1e-5), ("1000000", 1e6)]
)
def test_a_typed_number_is_taken_on_enter(text: str, value: float, field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    type_into(field.box, text)
    assert edited.calls == []
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert edited.calls == [(value, True)]
    assert field.box.lineEdit().text() == number(value)


def test_a_typed_number_is_taken_when_the_focus_goes(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    type_into(field.box, "0.5")
    field.slider.setFocus()
    assert edited.calls == [(0.5, True)]


def test_enter_without_typing_keeps_the_digits_that_are_not_shown(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    field.set_value(0.75928912345)
    field.box.setFocus()
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.box.lineEdit().text() == "0.759289"
    assert field.value == 0.75928912345
    assert edited.calls == []


def test_typing_the_value_there_is_changes_nothing(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    edited = Recorder(field.edited)
    type_into(field.box, "0.10")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert edited.calls == []
    assert field.box.lineEdit().text() == "0.1"
    type_into(field.box, "0.1")
    field.set_value(0.3)
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert edited.calls == [(0.1, True)]


def test_escape_brings_the_value_back(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    type_into(field.box, "7")
    QTest.keyClick(field.box, Qt.Key.Key_Escape)
    assert field.box.lineEdit().text() == "0.1"
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.value == 0.1


def test_a_whole_number_is_an_int(field_of: Make) -> None:
    field = field_of(specs.ITERATIONS)
    edited = Recorder(field.edited)
    type_into(field.box, "1e5")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert edited.calls == [(100_000, True)]
    assert isinstance(edited.calls[0][0], int)
    assert field.box.lineEdit().text() == "100000"


def test_the_refusal_says_what_is_allowed(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    for text, sentence in [
        ("0", "Learning rate must be above 0 and at most 1e12."),
        ("x", "“x” is not a number."),
    ]:
        type_into(field.box, text)
        QTest.keyClick(field.box, Qt.Key.Key_Return)
        assert field.box.refusal == sentence
    field = field_of(specs.N_POINTS)
    type_into(field.box, "2.5")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.box.refusal == "Points must be a whole number from 2 to 10000000."
    field = field_of(specs.MOMENTUM)
    type_into(field.box, "1,5")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.box.refusal == "Momentum must be between 0 and 1."


def test_a_refused_box_has_a_red_outline(field_of: Make) -> None:
    field = field_of(specs.MOMENTUM)
    before = field.box.grab().toImage()
    type_into(field.box, "5")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    after = field.box.grab().toImage()
    edge = QPoint(before.width() // 2, 0)
    assert after.pixelColor(edge) != before.pixelColor(edge)
    assert after.pixelColor(edge).red() > after.pixelColor(edge).green() + 60


def test_a_refusal_ends_with_the_next_key_and_with_a_new_value(field_of: Make) -> None:
    field = field_of(specs.MOMENTUM)
    type_into(field.box, "5")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    QTest.keyClick(field.box, Qt.Key.Key_Backspace)
    assert field.box.refusal == ""
    assert specs.MOMENTUM.help.split(":")[0] in field.box.toolTip()
    type_into(field.box, "5")
    field.slider.setFocus()
    assert field.box.refusal
    field.set_value(0.5)
    assert field.box.refusal == ""
    assert field.box.lineEdit().text() == "0.5"


def test_setting_a_value_is_silent(field_of: Make) -> None:
    for spec in ALL:
        field = field_of(spec)
        edited = Recorder(field.edited)
        for value in (spec.soft[0], spec.soft[1], spec.high):
            field.set_value(value)
            assert field.value == value
        assert edited.calls == []


def test_a_new_value_leaves_alone_what_is_being_typed(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    type_into(field.box, "0.")
    field.set_value(0.3)
    assert field.box.lineEdit().text() == "0."
    QTest.keyClicks(field.box, "7")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.value == 0.7
    assert field.box.lineEdit().text() == "0.7"


def test_a_focused_box_follows_while_nothing_is_typed(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    field.box.setFocus()
    field.set_value(0.3)
    assert field.box.lineEdit().text() == "0.3"


def test_a_new_value_leaves_a_drag_alone_and_is_shown_after_it(field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    begin = handle(field.slider)
    QTest.mousePress(field.slider, LEFT, pos=begin)
    QTest.mouseMove(field.slider, begin + QPoint(20, 0))
    position, text = field.slider.value(), field.box.lineEdit().text()
    field.set_value(0.1)  # the engine's answer to an edit that it refused
    assert (field.slider.value(), field.box.lineEdit().text()) == (position, text)
    QTest.mouseRelease(field.slider, LEFT, pos=begin + QPoint(20, 0))
    assert field.value == 0.1
    assert field.box.lineEdit().text() == "0.1"
    assert handle(field.slider) == begin


def test_the_wheel_moves_only_what_has_the_focus(qtbot: QtBot) -> None:
    area = QScrollArea()
    content = QWidget()
    layout = QVBoxLayout(content)
    field, choice, seed = SpecField(specs.NOISE), Choice(), SeedField(specs.SEED)
    seed.set_value(5)
    choice.set_choices([("a", "A"), ("b", "B")])
    choice.set_key("a")
    tall = QWidget()
    tall.setFixedHeight(2000)
    for widget in (field, choice, seed, tall):
        layout.addWidget(widget)
    area.setWidget(content)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.show()
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow)
    area.setFocus()
    for widget in (field.slider, field.box, choice, seed.box):
        area.verticalScrollBar().setValue(0)
        turn_wheel(widget, -1)
        assert area.verticalScrollBar().value() > 0
    assert (field.value, choice.key, seed.box.value) == (0.1, "a", 5)
    area.verticalScrollBar().setValue(0)
    field.slider.setFocus()
    turn_wheel(field.slider, 1)
    assert field.value != 0.1
    moved = field.value
    field.box.setFocus()
    turn_wheel(field.box, 1)
    assert field.value == stepped(specs.NOISE, moved or 0.0, 1)
    choice.setFocus()
    turn_wheel(choice, -1)
    assert choice.key == "a"


@pytest.mark.parametrize("spec", [s for s in ALL if s.default is None], ids=lambda s: s.key)
def test_an_optional_setting_is_switched_on_and_off(spec: Spec, shown: Show) -> None:
    field = SpecField(spec)
    shown(field)
    edited = Recorder(field.edited)
    assert field.switch is not None
    assert not field.slider.isEnabled()
    assert not field.box.isEnabled()
    field.switch.setFocus()
    QTest.keyClick(field.switch, Qt.Key.Key_Space)
    suggested = Scale(spec).value(POSITIONS // 2)
    assert edited.calls == [(suggested, True)]
    assert field.box.isEnabled()
    typed = 7 if spec.integer else 0.001
    type_into(field.box, str(typed))
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    QTest.keyClick(field.switch, Qt.Key.Key_Space)
    QTest.keyClick(field.switch, Qt.Key.Key_Space)
    assert edited.calls[1:] == [(typed, True), (None, True), (typed, True)]
    field.set_value(None)
    assert not field.switch.isChecked()
    assert field.box.lineEdit().text() == ""
    assert len(edited.calls) == 4


def test_a_field_changes_its_language(qtbot: QtBot, stars: QTranslator, field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    QCoreApplication.installTranslator(stars)
    qtbot.waitUntil(lambda: field.label.text() == "*Learning rate* η")
    assert field.slider.accessibleName() == "*Learning rate* η"
    assert field.box.toolTip().startswith(f"<p>*{specs.LEARNING_RATE.help[:20]}")
    type_into(field.box, "0")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.box.refusal == "**Learning rate* must be above 0 and at most 1e12.*"


def test_a_refusal_changes_its_language(qtbot: QtBot, stars: QTranslator, field_of: Make) -> None:
    field = field_of(specs.LEARNING_RATE)
    type_into(field.box, "x")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    assert field.fault.text() == "“x” is not a number."
    QCoreApplication.installTranslator(stars)
    qtbot.waitUntil(lambda: field.fault.text() == "*“x” is not a number.*")
    assert field.box.refusal == field.fault.text()
    assert "is not a number" in field.box.toolTip()
    assert field.box.lineEdit().text() == "x"


def test_a_choice_tells_only_what_the_user_picks(shown: Show) -> None:
    choice = Choice()
    shown(choice)
    chosen = Recorder(choice.chosen)
    choice.set_choices([("a", "First"), ("b", "Second")])
    choice.set_key("b")
    choice.set_choices([("a", "Erste"), ("b", "Zweite"), ("c", "Dritte")])
    assert (choice.key, choice.currentText()) == ("b", "Zweite")
    assert chosen.calls == []
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert chosen.calls == [("c",)]
    QTest.keyClick(choice, Qt.Key.Key_Up)
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert chosen.calls == [("c",), ("b",), ("a",)]


def test_a_seed_can_be_typed_or_drawn(shown: Show) -> None:
    seed = SeedField(specs.SEED)
    shown(seed)
    seed.set_value(7)
    edited, wanted = Recorder(seed.edited), Recorder(seed.another_wanted)
    QTest.mouseClick(seed.button, LEFT)
    type_into(seed.box, "4294967295")
    QTest.keyClick(seed.box, Qt.Key.Key_Return)
    assert wanted.calls == [()]
    assert edited.calls == [(2**32 - 1, True)]
    assert seed.box.lineEdit().text() == "4294967295"
    type_into(seed.box, "-1")
    QTest.keyClick(seed.box, Qt.Key.Key_Return)
    assert seed.fault.isVisible()


def test_more_unfolds_by_mouse_and_key(shown: Show) -> None:
    more = More()
    shown(more)
    toggled = Recorder(more.toggled)
    QTest.mouseClick(more, LEFT)
    more.setFocus()
    QTest.keyClick(more, Qt.Key.Key_Space)
    assert toggled.calls == [(True,), (False,)]


class Plain(Section):
    def retranslate(self) -> None:
        self.setTitle("Plain")


def test_the_requests_of_one_gesture_share_a_key(qtbot: QtBot) -> None:
    section = Plain()
    qtbot.addWidget(section)
    requested = Recorder(section.requested)
    section.ask("a", {"a": 1}, final=False)
    section.ask("a", {"a": 2}, final=False)
    section.ask("a", {"a": 2}, final=True)
    section.ask("a", {"a": 2}, final=True)
    section.ask("a", {"a": 3}, final=False)
    section.ask("b", {"b": 1}, final=False)
    section.ask("b", {"b": None}, final=True)
    assert requested.calls == [
        ({"a": 1}, "a#1"),
        ({"a": 2}, "a#1"),
        ({"a": 2}, ""),
        ({"a": 3}, "a#2"),
        ({"b": 1}, "b#3"),
        ({"b": None}, "b#3"),
    ]
