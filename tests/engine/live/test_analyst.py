"""Questions are answered in a thread of their own; of each kind only the newest."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.live.analyst import Analyst, Cancelled, Question
from engine.messages import InputError


@pytest.fixture
def analyst() -> Iterator[Analyst]:
    analyst = Analyst()
    yield analyst
    analyst.close()


def heard_by(analyst: Analyst) -> list[tuple[str, object, object]]:
    heard: list[tuple[str, object, object]] = []
    analyst.answered.connect(lambda *answer: heard.append(answer))
    return heard


def test_answers_come_in_order_with_their_token(qtbot: QtBot, analyst: Analyst) -> None:
    heard = heard_by(analyst)

    def answers(_cancelled: Cancelled) -> Iterator[object]:
        yield "rough"
        yield "fine"

    analyst.ask(Question("surface", 7, answers))
    assert analyst.is_thinking
    qtbot.waitUntil(lambda: not analyst.is_thinking)
    assert heard == [("surface", 7, "rough"), ("surface", 7, "fine")]


def test_they_are_computed_elsewhere_and_arrive_here(qtbot: QtBot, analyst: Analyst) -> None:
    heard: list[tuple[object, int]] = []

    def take(_kind: str, _token: object, answer: object) -> None:
        heard.append((answer, threading.get_ident()))

    def answers(_cancelled: Cancelled) -> Iterator[object]:
        yield threading.get_ident()

    analyst.answered.connect(take)
    analyst.ask(Question("surface", None, answers))
    qtbot.waitUntil(lambda: bool(heard))
    ((computed, arrived),) = heard
    assert arrived == threading.get_ident() != computed


def test_a_newer_question_cancels_an_older_one_of_its_kind(qtbot: QtBot, analyst: Analyst) -> None:
    heard, begun, saw_it = heard_by(analyst), threading.Event(), threading.Event()

    def endless(cancelled: Cancelled) -> Iterator[object]:
        begun.set()
        while not cancelled():
            pass
        saw_it.set()
        yield "late"

    analyst.ask(Question("surface", 1, endless))
    qtbot.waitUntil(begun.is_set)
    analyst.ask(Question("surface", 2, lambda _cancelled: iter(["new"])))
    qtbot.waitUntil(lambda: not analyst.is_thinking)
    assert saw_it.is_set()
    assert heard == [("surface", 2, "new")]


def test_other_kinds_do_not_cancel(qtbot: QtBot, analyst: Analyst) -> None:
    heard = heard_by(analyst)
    analyst.ask(Question("surface", 1, lambda _cancelled: iter(["a"])))
    analyst.ask(Question("sections", 2, lambda _cancelled: iter(["b"])))
    qtbot.waitUntil(lambda: not analyst.is_thinking)
    assert heard == [("surface", 1, "a"), ("sections", 2, "b")]


def test_closing_cancels_what_is_being_thought_about(qtbot: QtBot) -> None:
    analyst, begun = Analyst(), threading.Event()

    def endless(cancelled: Cancelled) -> Iterator[object]:
        begun.set()
        while not cancelled():
            pass
        yield "late"

    heard = heard_by(analyst)
    analyst.ask(Question("surface", 1, endless))
    qtbot.waitUntil(begun.is_set)
    analyst.close()
    analyst.close()
    assert heard == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        # between two experiments: the next question is on its way
        (InputError("the start has 3 values, the model 2 parameters"), []),
        (ZeroDivisionError("no answer"), ["ZeroDivisionError: no answer"]),
    ],
)
def test_a_question_that_fails_leaves_the_analyst_working(
    qtbot: QtBot,
    analyst: Analyst,
    capfd: pytest.CaptureFixture[str],
    error: Exception,
    said: list[str],
) -> None:
    heard = heard_by(analyst)

    def fails(_cancelled: Cancelled) -> Iterator[object]:
        raise error

    analyst.ask(Question("scales", 1, fails))
    analyst.ask(Question("surface", 2, lambda _cancelled: iter(["well"])))
    qtbot.waitUntil(lambda: not analyst.is_thinking)
    assert heard == [("surface", 2, "well")]
    assert capfd.readouterr().err.splitlines()[-1:] == said
