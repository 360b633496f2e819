"""The looks of the runs: told apart by every eye, and following their runs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.experiment import MOST_RUNS
from gui.run_looks import RunLooks
from gui.style import DARK, LIGHT, Theme

# What the world looks like without one kind of cones, in linear RGB; severity 1.0.
# Machado, Oliveira & Fernandes, IEEE Trans. Vis. Comput. Graph. 15 (2009).
EYES = {
    "usual": np.eye(3),
    "without red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1]]
    ),
    "without green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 1]]
    ),
    "without blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.1476], [0.004733, 0.691367, 0.3]]
    ),
}
VISIBLE_DIFFERENCE = 10.0
"""Distance in CIELAB; about 2.3 is just noticeable side by side."""


def linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour))


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, eye: str) -> float:
    seen = [lab(EYES[eye] @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("eye", EYES)
def test_neighbours_differ_to_every_eye(theme: Theme, eye: str) -> None:
    looks = RunLooks()
    for i in range(MOST_RUNS):
        colour, following = looks.colour(i, theme), looks.colour((i + 1) % MOST_RUNS, theme)
        assert distance(colour, following, eye) > VISIBLE_DIFFERENCE
        assert distance(colour, theme.data, eye) > VISIBLE_DIFFERENCE
        assert distance(colour, theme.optimum, eye) > VISIBLE_DIFFERENCE


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_colour_stands_out_from_the_plot(theme: Theme) -> None:
    for i in range(MOST_RUNS):
        light = sorted((luminance(RunLooks().colour(i, theme)), luminance(theme.plot)))
        assert (light[1] + 0.05) / (light[0] + 0.05) > 2.7


def test_runs_can_be_told_apart_without_colour() -> None:
    looks = RunLooks()
    for one, other in combinations(range(MOST_RUNS), 2):
        same_dash = looks.dash(one) == looks.dash(other)
        same_marker = looks.marker(one, 5.0) == looks.marker(other, 5.0)
        assert not (same_dash and same_marker)
        assert not (same_dash and looks.colour(one, LIGHT) == looks.colour(other, LIGHT))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_first_run_looks_like_a_fit(theme: Theme) -> None:
    assert RunLooks().colour(0, theme) == theme.fit
    assert not RunLooks().dash(0)


@pytest.mark.parametrize("width", [1.0, 2.5])
def test_a_pen_has_its_dashes_in_pixels(width: float) -> None:
    pattern = RunLooks().pen(1, LIGHT, width).dashPattern()
    assert [length * width for length in pattern] == pytest.approx(RunLooks().dash(1))


def test_hidden_runs_are_not_drawn_but_the_selected_one_is() -> None:
    looks = RunLooks(("a", "b", "c")).with_visibility(1, False).with_visibility(2, False)
    assert looks.drawn(0, 3) == (0,)
    assert looks.drawn(2, 3) == (0, 2)
    assert looks.with_visibility(1, True).drawn(0, 3) == (1, 0)


def test_one_run_alone_hides_the_others_until_all_are_back() -> None:
    looks = RunLooks(("a", "b", "c")).with_visibility(1, False)
    alone = looks.with_solo(1, True)
    assert [alone.is_visible(i) for i in range(3)] == [False, True, False]
    assert alone.with_solo(1, False) == looks


def test_what_is_hidden_stays_so_under_another_name_and_place() -> None:
    looks = RunLooks(("a", "b", "c")).with_visibility(1, False)
    assert not looks.following(("a", "renamed", "c")).is_visible(1)
    assert [looks.following(("b", "c")).is_visible(i) for i in range(2)] == [False, True]
    gone = looks.with_solo(1, True).following(("a", "c"))
    assert gone.is_visible(0)
    assert gone.is_visible(1)


def test_runs_that_ended_in_the_same_place_have_its_colour() -> None:
    looks = RunLooks(("a", "b", "c")).with_places((0, 1, 0))
    colours = [looks.colour(i, LIGHT) for i in range(3)]
    assert colours[0] == colours[2] != colours[1]
    assert looks.dash(0) != looks.dash(2)  # they still can be told apart
    assert looks.with_places((0, 1, 0)) is looks


def look(looks: RunLooks, name: str) -> tuple[object, ...]:
    """All that makes a run's look."""
    i = looks.names.index(name)
    return looks.colour(i, LIGHT), looks.dash(i), looks.marker(i, 5.0), looks.pen(i, LIGHT, 2.0)


def test_runs_keep_their_looks_when_one_is_removed_and_a_new_one_takes_the_free_look() -> None:
    looks = RunLooks().following(("a", "b", "c", "d"))
    before = {name: look(looks, name) for name in looks.names}
    assert [before[name] for name in "abcd"] == [look(RunLooks(tuple("abcd")), n) for n in "abcd"]
    fewer = looks.following(("a", "c", "d"))
    assert {name: look(fewer, name) for name in fewer.names} == {n: before[n] for n in "acd"}
    more = fewer.following(("a", "c", "d", "e")).following(("a", "c", "d", "e", "f"))
    assert [look(more, name) for name in "acd"] == [before[name] for name in "acd"]
    assert look(more, "e") == before["b"]
    assert look(more, "f") == look(RunLooks(tuple("abcde")), "e")


def test_a_run_that_comes_back_has_its_look_again() -> None:
    """As by undo: two runs are removed one after the other, and come back in the other order."""
    looks = RunLooks().following("abc")
    before = {name: look(looks, name) for name in "abc"}
    for names in ("bc", "c", "bc", "abc"):
        looks = looks.following(names)
        assert {name: look(looks, name) for name in names} == {n: before[n] for n in names}
    taken = looks.following("ac").following("acd").following("abcd")
    assert look(taken, "d") == before["b"]  # which b has to do without
    assert len({look(taken, name)[:2] for name in "abcd"}) == 4


def test_a_run_keeps_its_look_under_another_name_and_its_old_name_gets_no_claim() -> None:
    looks = RunLooks().following("ab")
    renamed = looks.following("xb")
    assert look(renamed, "x") == look(looks, "a")
    assert look(renamed.following("xba"), "a") == look(RunLooks(("a", "b", "c")), "c")
    assert look(renamed.following("ab"), "a") == look(looks, "a")


def test_as_many_runs_as_there_may_be_never_share_a_look() -> None:
    looks = RunLooks().following([f"run {i}" for i in range(MOST_RUNS)])
    for round_ in range(3 * MOST_RUNS):
        kept = [name for i, name in enumerate(looks.names) if i != 5 * round_ % MOST_RUNS]
        looks = looks.following(kept).following([*kept, f"new {round_}"])
        numbers = [looks.numbers[name] for name in looks.names]
        assert sorted(numbers) == list(range(MOST_RUNS))


def test_ends_in_different_places_never_share_a_colour() -> None:
    """Even where the first runs that ended there have colours alike."""
    names = [f"run {i}" for i in range(8)]
    looks = RunLooks().following(names).with_places((0, 0, 0, 0, 0, 0, 1, 2))
    colours = [looks.colour(i, LIGHT) for i in range(8)]
    assert len(set(colours)) == 3
    assert colours[0] == RunLooks().colour(0, LIGHT)
    fewer = looks.following(names[1:]).with_places((0, 0, 0, 0, 0, 1, 2))
    assert fewer.colour(0, LIGHT) == RunLooks().colour(1, LIGHT)
