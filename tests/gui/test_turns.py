"""When things are drawn while a run plays: one at a time, and what is read not too often."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from pytestqt.qtbot import QtBot

from engine.live.snapshot import Snapshot
from gui.turns import FrameTurns, Paced
from tests.gui.conftest import WAIT_MS
from tests.gui.views.descents import descend, snapshot, tutorial_2


def frames_of(count: int) -> list[Snapshot]:
    """Snapshots of tutorial 2 while it plays, one row further each."""
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, count)
    return [snapshot(problem, rows, cursor, playing=True) for cursor in range(count)]


def test_panels_that_follow_come_behind_a_frame_one_at_a_time_and_not_too_often(
    qtbot: QtBot,
) -> None:
    order: list[str] = []

    def take(key: str) -> bool:
        order.append(key)
        return key != "hidden"

    turns, began = FrameTurns(take, 40), monotonic()
    while order.count("step") < 3:
        turns.begin(("fit", "hidden", "loss"), ("cuts", "step"))
        assert turns.is_drawing
        qtbot.waitUntil(lambda: not turns.is_drawing, timeout=WAIT_MS)
    followed = [key for key in order if key in ("cuts", "step")]
    assert followed == ["cuts", "step"] * 3
    assert monotonic() - began >= 0.04 * (len(followed) - 1)
    frames = order.count("fit")
    assert frames > len(followed)
    assert [key for key in order if key not in followed] == ["fit", "hidden", "loss"] * frames
    assert all(order[at - 1] == "loss" for at, key in enumerate(order) if key in followed)


def test_frames_that_come_faster_than_they_are_drawn_leave_no_panel_out(qtbot: QtBot) -> None:
    order: list[str] = []

    def take(key: str) -> bool:
        order.append(key)
        if len(order) < 7:
            turns.begin(("fit", "surface", "loss"), ())
        return True

    turns = FrameTurns(take, 10_000)
    turns.begin(("fit", "surface", "loss"), ())
    qtbot.waitUntil(lambda: not turns.is_drawing, timeout=WAIT_MS)
    assert order == ["fit", "surface", "loss"] * 3


def test_what_is_paced_is_drawn_at_once_then_rests_and_ends_with_the_newest(qtbot: QtBot) -> None:
    drawn: list[Snapshot] = []
    frames, paced = frames_of(4), Paced(drawn.append, 40)
    began = monotonic()
    for frame in frames:
        paced.show(frame, at_once=not frame.playing)
    assert drawn == frames[:1]
    qtbot.waitUntil(lambda: len(drawn) == 2, timeout=WAIT_MS)
    assert drawn == [frames[0], frames[3]]
    assert monotonic() - began >= 0.04


def test_what_is_paced_shows_a_frame_that_stands_at_once(qtbot: QtBot) -> None:
    drawn: list[Snapshot] = []
    frames, paced = frames_of(3), Paced(drawn.append, 40)
    still = replace(frames[2], playing=False)
    for frame in (*frames[:2], still):
        paced.show(frame, at_once=not frame.playing)
    assert drawn == [frames[0], still]
    qtbot.wait(80)
    assert drawn == [frames[0], still]
