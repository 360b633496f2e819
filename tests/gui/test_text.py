import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from engine.messages import Message
from engine.specs import LEARNING_RATE, OUTLIERS
from gui.text import (
    number,
    parse_number,
    shortened,
    spec_help,
    spec_label,
    spec_name,
    tooltip,
    translate_message,
    tutorial_title,
    whole_number,
)


class Backwards(QTranslator):
    """A language in which the known sentences stand backwards."""

    SENTENCES: ClassVar = {
        ("Message", "{path}: {fault}"): "{fault} :{path}",
        ("Message", "there is no {what}"): "{what} on si ereht",
        ("Spec", "Learning rate"): "etar gninraeL",
        ("Tutorial", "Tutorial {number} · {title}"): "{title} · {number} lairotuT",
    }

    def translate(
        self, context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str:
        return self.SENTENCES.get((context, text), text)

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def backwards(qapp: QApplication) -> Iterator[None]:
    translator = Backwards()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.8055, "0.8055"),
        (0.0001235, "1.235e−4"),
        (1e-5, "1e−5"),
        (0.001, "0.001"),
        (0.00099999, "0.001"),
        (-3.25, "−3.25"),
        (-1e-9, "−1e−9"),
        (0.1 + 0.2, "0.3"),
        (9999.9, "1e4"),
        (12345.6, "1.235e4"),
        (1234.56, "1235"),
        (1e12, "1e12"),
        (1_000_000, "1000000"),
        (-7, "−7"),
        (np.int64(123456), "123456"),
        (np.float64(16.4421), "16.44"),
        (0.0, "0"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "—"),
    ],
)
def test_a_number_is_written_for_people(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("digits", "text"), [(1, "2e5"), (2, "1.6e5"), (3, "1.56e5"), (6, "155556"), (7, "155555.6")]
)
def test_a_number_has_the_digits_that_are_asked_for(digits: int, text: str) -> None:
    assert number(155555.56, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_with_all_digits_is_read_as_the_same(value: float) -> None:
    # 17 significant digits tell any two doubles apart
    assert parse_number(number(value, 17)) == value


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(1, 9))
def test_a_number_keeps_its_size(value: float, digits: int) -> None:
    read = parse_number(number(value, digits))
    # rounding to d digits moves a number by half a unit of the last one, 0.5·10^(1−d) at most
    assert read == pytest.approx(value, rel=0.5 * 10.0 ** (1 - digits) * 1.001, abs=0.0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        (" 1e-5 ", 1e-5),
        ("1E−5", 1e-5),
        ("−2", -2.0),
        ("+3", 3.0),
        (".5", 0.5),
        ("1,234", 1.234),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1 000", 1000.0),
        ("０．５", 0.5),
        ("0。5", 0.5),
        ("０，５", 0.5),
    ],
)
def test_a_typed_number_is_read(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", " ", "abc", "1.2.3", "1,2,3", "nan", "inf", "1e999", "0x10"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def test_a_comma_separates_thousands_where_a_whole_number_is_meant() -> None:
    assert parse_number("1,000", integer=True) == 1000
    assert parse_number("1,5", integer=True) == 1.5


@pytest.mark.usefixtures("backwards")
def test_a_message_is_translated_with_the_messages_in_it() -> None:
    fault = Message("there is no {what}", {"what": "file"})
    message = Message("{path}: {fault}", {"path": "a.csv", "fault": fault})
    assert translate_message(message) == "file on si ereht :a.csv"
    assert str(message) == "a.csv: there is no file"


@pytest.mark.usefixtures("qapp")
def test_a_message_without_translation_is_english() -> None:
    assert translate_message(Message("n is {n}", {"n": 3})) == "n is 3"


def test_a_count_has_its_thousands_separated() -> None:
    counts = (0, 999, 1000, 1234567, -1000)
    assert [whole_number(n) for n in counts] == ["0", "999", "1,000", "1,234,567", "−1,000"]


@pytest.mark.usefixtures("qapp")
def test_counts_in_a_message_look_as_everywhere() -> None:
    message = Message("{n} of {all:,} at {rate:.2g}", {"n": 12345, "all": 1000000, "rate": 1 / 3})
    assert translate_message(message) == "12,345 of 1,000,000 at 0.33"


@pytest.mark.usefixtures("backwards")
def test_a_spec_has_a_translated_name_and_its_symbol() -> None:
    assert spec_name(LEARNING_RATE) == "etar gninraeL"
    assert spec_label(LEARNING_RATE) == "etar gninraeL η"
    assert spec_label(OUTLIERS) == "Outliers"
    assert spec_help(OUTLIERS) == OUTLIERS.help


@pytest.mark.usefixtures("qapp")
def test_a_tutorial_has_its_number_and_title() -> None:
    assert tutorial_title("tutorial-2") == "Tutorial 2 · Gradient descent step by step"


@pytest.mark.usefixtures("backwards")
def test_a_tutorial_title_is_translated() -> None:
    assert tutorial_title("tutorial-2") == "Gradient descent step by step · 2 lairotuT"


def test_a_tooltip_wraps_and_keeps_its_characters() -> None:
    assert tooltip("a < b & c") == "<p>a &lt; b &amp; c</p>"
    assert tooltip("one\ntwo") == "<p>one<br>two</p>"
    assert tooltip("") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("distance_Mpc", "distance_Mpc"),
        ("x" * 22, "x" * 22),
        ("a" * 20 + "b" * 20, "a" * 10 + "…" + "b" * 10),
    ],
)
def test_long_names_lose_their_middle(text: str, shown: str) -> None:
    assert shortened(text) == shown
