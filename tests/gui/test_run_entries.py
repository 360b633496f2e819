"""What the list of runs says, in lines that fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.live.snapshot import Snapshot
from gui.run_entries import entries_of, wrapped
from tests.gui.views.descents import descend, snapshot, tutorial_2


def begun_at(*starts: list[float]) -> Snapshot:
    """Runs by gradient descent that differ in their starts, after three updates."""
    problem, _ = tutorial_2()
    alone = snapshot(problem, descend(problem, np.array(starts[0]), 0.1, 3))
    rows = [descend(problem, np.array(start), 0.1, 3) for start in starts]
    runs = tuple(replace(alone.run, rows=each, generation=i) for i, each in enumerate(rows))
    return replace(alone, runs=runs)


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (99, ("GD · η = 0.1 · (1, 2, 3)",)),
        (15, ("GD · η = 0.1", "(1, 2, 3)")),
        (9, ("GD", "η = 0.1", "(1, 2, 3)")),
        (7, ("GD", "η = 0.1", "(1, 2,", "3)")),
        (1, ("GD", "η", "=", "0.1", "(1,", "2,", "3)")),
    ],
)
def test_parts_break_at_spaces_only_where_they_are_too_long(
    width: int, lines: tuple[str, ...]
) -> None:
    assert wrapped(("GD", "η = 0.1", "(1, 2, 3)"), len, width) == lines


def test_a_start_that_all_have_stands_only_in_full() -> None:
    for entry in entries_of(begun_at([1.0, 2.5], [1.0, 2.5])):
        assert entry.parts == ("η = 0.1",)
        assert entry.full == "GD · η = 0.1 · all points\nstart b = 1, w = 2.5"


@pytest.mark.parametrize(
    ("others", "shown"),
    [
        (2.0, ("(1, 2.5)", "(1, 2)")),
        (2.5004, ("(1, 2.5)", "(1, 2.5004)")),
        (2.5 + 2**-50, ("(1, 2.5)", "(1, 2.500000000000001)")),
    ],
)
def test_starts_have_as_many_digits_as_tell_them_apart(
    others: float, shown: tuple[str, str]
) -> None:
    entries = entries_of(begun_at([1.0, 2.5], [1.0, others]))
    assert tuple(entry.parts[-1] for entry in entries) == shown
