"""The paths of other runs on a relief: where they lie, and when they are made anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.experiment import Features, Mae, Model
from engine.live.snapshot import RunView, Snapshot
from engine.problem.problem import Problem, build_problem
from engine.problem.surface import Frame, rough_map
from gui.run_looks import RunLooks
from gui.style import LIGHT
from gui.views import relief
from gui.views.other_runs import TURNS
from gui.views.relief_paths import Ground, PathsBeside, Sight
from gui.views.view import RUSH_ROWS
from tests.gui.views.descents import descend, rows_at, several, tutorial_3
from tests.gui.views.descents import snapshot as snapshot_of

RATES = [0.1, 0.3, 0.5]
FRAME = Frame((-1.0, 3.0), (-1.0, 4.0))


def ground_of(snapshot: Snapshot, frame: Frame = FRAME, axes: tuple[int, int] = (0, 1)) -> Ground:
    problem = snapshot.problem
    heights = rough_map(problem, snapshot.rows.params[:, snapshot.row], axes, frame)
    assert heights is not None
    box = relief.box_about(frame, problem.optimum.loss, float(heights.z.max()), False)
    return Ground(Sight(problem, axes, frame, False, LIGHT), box, heights)


def at(snapshot: Snapshot, row: int, playing: bool = False) -> Snapshot:
    runs = tuple(replace(run, cursor=row) for run in snapshot.runs)
    return replace(snapshot, runs=runs, cursor=row, playing=playing)


def test_other_paths_lie_on_the_surface_in_their_colours() -> None:
    snapshot = several(RATES, 30)
    ground, looks, paths = ground_of(snapshot), RunLooks(), PathsBeside()
    paths.follow(ground, snapshot, looks)
    assert paths.colours.shape == (2 * len(paths.lines), 4)
    objective = snapshot.problem.objective
    for x, y, z in paths.lines.reshape(-1, 3).tolist():
        b, w = (
            side[0] + (value + relief.HALF) * (side[1] - side[0])
            for value, side in zip((x, y), (FRAME.x, FRAME.y), strict=True)
        )
        assert z == pytest.approx(float(ground.box.height(np.array(objective.loss([b, w])))))
    colours = {tuple(colour) for colour in paths.colours.tolist()}
    assert colours == {relief.rgba(looks.colour(i, LIGHT)) for i in (1, 2)}
    for i in (1, 2):
        b, w = snapshot.runs[i].rows.params[:, 30]
        expected = ground.box.place(b, w, snapshot.runs[i].rows.train_loss[30])
        assert paths.places[i] == pytest.approx(expected)


def test_hidden_runs_and_a_single_one_have_no_paths_beside() -> None:
    snapshot = several(RATES, 10)
    ground, paths = ground_of(snapshot), PathsBeside()
    looks = RunLooks().following([run.name for run in snapshot.runs])
    paths.follow(ground, snapshot, looks.with_solo(0, True))
    assert (paths.lines.shape, paths.colours.shape, paths.places) == ((0, 2, 3), (0, 4), {})
    paths.follow(ground, snapshot, looks.with_visibility(1, False))
    assert set(paths.places) == {2}
    paths.follow(ground, several(RATES[:1], 10), RunLooks())
    assert not len(paths.lines)


def test_lines_take_turns_while_rows_rush_by_and_are_whole_when_it_stops() -> None:
    snapshot = several(RATES, 60)
    ground, looks, paths = ground_of(snapshot), RunLooks(), PathsBeside()
    ends: list[int] = []
    rows = [RUSH_ROWS * frame for frame in range(1, 1 + 2 * TURNS)]
    for row in rows:
        paths.follow(ground, at(snapshot, row, playing=True), looks)
        ends.append(sum(path.row == row for path in paths._paths.values()))
        for i, place in paths.places.items():  # the symbols do not wait
            b, w = snapshot.runs[i].rows.params[:, row]
            assert place[:2] == pytest.approx(ground.box.plan(b, w))
    assert ends[0] == 2
    assert sum(ends[1 : 1 + TURNS]) == 2
    paths.follow(ground, at(snapshot, rows[-1]), looks)
    alone = PathsBeside()
    alone.follow(ground, at(snapshot, rows[-1]), looks)
    assert paths.lines.tolist() == alone.lines.tolist()


def test_what_stays_is_not_lifted_again() -> None:
    snapshot = several(RATES, 30)
    ground, paths = ground_of(snapshot), PathsBeside()
    paths.follow(ground, snapshot, RunLooks())
    before = [path.lines for path in paths._paths.values()]
    paths.follow(ground_of(snapshot), snapshot, RunLooks())
    now = [path.lines for path in paths._paths.values()]
    assert all(one is other for one, other in zip(before, now, strict=True))
    nearer = ground_of(snapshot, Frame((0.0, 2.0), (0.0, 3.0)))
    paths.follow(nearer, snapshot, RunLooks())
    assert paths.lines.shape != np.concatenate(before).shape
    fresh = tuple(replace(run, generation=run.generation + 50) for run in snapshot.runs)
    paths.follow(nearer, replace(at(snapshot, 0), runs=fresh), RunLooks())
    assert all(path.row == 30 for path in paths._paths.values())


def owning(snapshot: Snapshot, problem: Problem) -> tuple[RunView, ...]:
    """The runs, each with the problem it minimises."""
    return tuple(replace(run, problem=run.problem or problem) for run in snapshot.runs)


def with_a_loss_of_its_own(snapshot: Snapshot) -> tuple[Snapshot, Problem]:
    """The last run minimises the mean absolute error; the others what the snapshot does."""
    problem = snapshot.problem
    other = build_problem(problem.dataset, Features(), Model(), Mae())
    rows = rows_at(other, snapshot.runs[-1].rows.params)
    last = replace(snapshot.runs[-1], problem=other, rows=rows)
    return replace(snapshot, runs=(*snapshot.runs[:-1], last)), other


def test_a_run_with_another_loss_lies_on_the_surface_that_is_seen() -> None:
    snapshot, other = with_a_loss_of_its_own(several(RATES, 30))
    ground, paths = ground_of(snapshot), PathsBeside()
    paths.follow(ground, snapshot, RunLooks())
    b, w = snapshot.runs[2].rows.params[:, 30]
    loss = snapshot.problem.objective.loss([b, w])
    assert paths.places[2] == pytest.approx(ground.box.place(b, w, np.asarray(loss)))
    runs = owning(snapshot, snapshot.problem)
    seen = replace(snapshot, problem=other, selected=2, runs=runs)
    paths.follow(ground_of(seen), seen, RunLooks())
    assert set(paths.places) == {0, 1}
    assert len(paths.lines)


def test_in_a_slice_the_heights_are_known_of_the_same_loss_only() -> None:
    problem, start = tutorial_3()
    alone = snapshot_of(problem, descend(problem, start, 0.3, 20))
    runs = tuple(replace(alone.run, name=f"run {i}", generation=i) for i in range(2))
    same, other = with_a_loss_of_its_own(replace(alone, runs=runs))
    ground = ground_of(same, Frame((-3.0, 3.0), (-3.0, 3.0)), (1, 2))
    assert ground.carries(other)  # the surface costs nothing
    dear = Ground(replace(ground.sight, problem=other), ground.box, ground.heights)
    assert dear.carries(other)
    assert not dear.carries(problem)
    paths = PathsBeside()
    paths.follow(
        dear, replace(same, selected=1, problem=other, runs=owning(same, problem)), RunLooks()
    )
    assert paths.places == {}
