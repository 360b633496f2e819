"""What is noted once and repeated is what plain arithmetic gives."""

from __future__ import annotations

import numpy as np
import pytest

from engine.descent.tape import UNROLLED, Counted, Tape, Traced

STEPS = [1, UNROLLED - 1, UNROLLED, 3 * UNROLLED + 2]


def moved(tape: Tape, place: np.ndarray, delta: Traced) -> None:
    """Let a step end with place ← place + delta."""
    tape.extend([(np.add, (place, delta.values, place))])


@pytest.mark.parametrize("steps", STEPS)
def test_a_place_moves_and_every_position_is_returned(steps: int) -> None:
    tape = Tape()
    (place,) = tape.place(np.array([1.0, -2.0]), 1)
    moved(tape, place, Traced(tape, place) * 0.5)

    expected = np.array([1.0, -2.0]) * 1.5 ** np.arange(1, steps + 1)[:, np.newaxis]
    assert np.array_equal(tape.repeat(steps), expected)


@pytest.mark.parametrize("steps", STEPS)
def test_parts_move_each_by_their_own_rule(steps: int) -> None:
    tape = Tape()
    first, second = tape.place(np.array([1.0, 2.0, 3.0, 4.0]), 2)
    before = Traced(tape, first) * 1.0
    moved(tape, first, Traced(tape, second) - Traced(tape, first))
    moved(tape, second, before - Traced(tape, second))  # what was first: they change places

    expected = [[3.0, 4.0, 1.0, 2.0], [1.0, 2.0, 3.0, 4.0]] * steps
    assert tape.repeat(steps).tolist() == expected[:steps]


@pytest.mark.parametrize("is_asked_later", [False, True])
def test_a_state_is_carried_also_where_the_old_one_is_asked_for_later(is_asked_later: bool) -> None:
    tape = Tape()
    (place,) = tape.place(np.zeros(2), 1)
    old = Traced(tape, np.array([1.0, 10.0]))
    new = old * 2.0
    moved(tape, place, old + 0.0 if is_asked_later else new + 0.0)
    tape.carry(old.values, new.values)

    sums = [1.0, 3.0, 7.0, 15.0] if is_asked_later else [2.0, 6.0, 14.0, 30.0]
    assert tape.repeat(4)[:, 0].tolist() == sums
    assert old.values.tolist() == [16.0, 160.0]


def test_a_state_that_nothing_made_is_taken_over() -> None:
    tape = Tape()
    (place,) = tape.place(np.zeros(1), 1)
    old, constant = Traced(tape, np.array([5.0])), np.array([7.0])
    moved(tape, place, old + 0.0)
    tape.carry(old.values, constant)

    assert tape.repeat(3)[:, 0].tolist() == [5.0, 12.0, 19.0]


def test_what_is_counted_has_its_own_value_in_each_step() -> None:
    tape = Tape()
    (place,) = tape.place(np.zeros(2), 1)
    count = Counted(np.arange(1, 21)[:, np.newaxis])
    factor = 1 - 0.9**count
    moved(tape, place, Traced(tape, np.ones(2)) * factor)

    expected = np.cumsum([1 - 0.9**k for k in range(1, 21)])
    assert tape.repeat(20)[:, 1].tolist() == expected.tolist()


def test_powers_are_those_of_python_for_each_of_several_bases() -> None:
    bases = np.array([0.9, 0.999, 0.9, 0.0])
    table = (bases ** Counted(np.arange(1, 50)[:, np.newaxis])).table
    assert table.tolist() == [[base**k for base in bases.tolist()] for k in range(1, 50)]
