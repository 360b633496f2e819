"""A history grows behind what was handed out, never under it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from engine.descent.history import FIRST_CAPACITY, History, Rates, Rows
from tests.engine.descents import same


def block(first: int, m: int) -> Rows:
    """Rows first..first+m−1 that say which row they are."""
    rows = np.arange(first, first + m, dtype=float)
    params, gradient = np.array([rows, -rows]), np.array([rows + 0.25, rows + 0.5])
    return Rows(params, gradient, rows + 0.125, rows**2, rows + 0.75)


def filled(*sizes: int) -> History:
    history = History(2)
    for size in sizes:
        history.append(block(len(history), size))
    return history


@given(st.lists(st.integers(0, 2 * FIRST_CAPACITY), max_size=6))
def test_rows_come_back_as_they_were_appended(sizes: list[int]) -> None:
    history = filled(*sizes)
    rows = history.rows()

    assert len(history) == len(rows) == sum(sizes)
    assert same(rows, block(0, sum(sizes)))


@given(st.integers(1, 2 * FIRST_CAPACITY), st.integers(1, 4 * FIRST_CAPACITY))
def test_views_stay_unchanged_while_it_grows(begun: int, more: int) -> None:
    history = filled(begun)
    view = history.rows()
    copies = [view.params.copy(), view.gradient.copy(), view.train_loss.copy()]
    history.append(block(begun, more))

    assert len(view) == begun
    for column, copy in zip((view.params, view.gradient, view.train_loss), copies, strict=True):
        assert_array_equal(column, copy)


def test_views_are_read_only() -> None:
    rows = filled(3).rows()
    for column in (rows.params, rows.gradient, rows.loss, rows.train_loss, rows.validation_loss):
        with pytest.raises(ValueError, match="read-only"):
            column[..., 0] = 1.0


def test_part_of_the_rows() -> None:
    history = filled(FIRST_CAPACITY + 5)
    assert history.rows(3, 6).params[0].tolist() == [3, 4, 5]
    assert history.rows(FIRST_CAPACITY + 3).params[0].tolist() == [1027, 1028]  # 1024 + 3, + 4
    assert history.start.tolist() == [0, 0]


def test_copies_grow_apart() -> None:
    history = filled(10)
    copy = history.copy_of_first(4)
    copy.append(block(100, 2))
    history.append(block(10, 1))

    assert copy.rows().params[0].tolist() == [0, 1, 2, 3, 100, 101]
    assert history.rows().params[0].tolist() == list(range(11))


def test_forgotten_rows_are_written_anew() -> None:
    history = filled(10)
    history.truncate(7)
    history.append(block(50, 1))
    assert history.rows(6).params[0].tolist() == [6, 50]


def test_checkpoints_are_found_between_a_change_of_kind_and_a_row() -> None:
    history = filled(100)
    assert history.last_checkpoint == 0
    history.checkpoint(10, "at 10")
    history.checkpoint(30, "at 30")

    assert history.last_checkpoint == 30
    assert history.checkpoint_before(0, 9) is None
    assert history.checkpoint_before(0, 29) == (10, "at 10")
    assert history.checkpoint_before(0, 30) == (30, "at 30")
    assert history.checkpoint_before(29, 99) == (30, "at 30")
    assert history.checkpoint_before(30, 99) is None  # it is of the optimizer before
    assert history.copy_of_first(30).last_checkpoint == 10  # row 30 is not in the copy
    assert history.copy_of_first(31).last_checkpoint == 30


def test_a_rate_holds_until_the_next_and_the_last_of_one_row_counts() -> None:
    rates = Rates((0, 0, 3, 5), (0.1, 0.2, 0.4, 0.2))
    assert [rates[row] for row in range(7)] == [0.2, 0.2, 0.2, 0.4, 0.4, 0.2, 0.2]
    for rows in (1, 3, 4, 7):
        assert rates.upto(rows).tolist() == [rates[row] for row in range(rows)]
    assert [rates.differ_upto(head) for head in (0, 2, 3, 9)] == [False, False, True, True]
