"""Batches: which points a row sees, and that a run on them is what it should be."""

from __future__ import annotations

import itertools
import tracemalloc
from operator import itemgetter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.descent.batches import Batches
from engine.descent.descent import Descent
from engine.descent.history import Place
from engine.experiment import Batch, Experiment
from engine.files.experiments import experiment_from
from engine.messages import InputError
from engine.problem.problem import Problem
from engine.problem.sources import problem_of
from tests.engine.descents import begun, ended, same


def tutorial_4(iterations: int = 60, changes: Any = (), **run: Any) -> Experiment:
    return experiment_from(
        {
            "format": 1,
            "data": {"source": "tutorial", "name": "tutorial-4"},
            "runs": [run | {"changes": list(changes)}],
            "stop": {"iterations": iterations},
        }
    )


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_of(tutorial_4())


def points_of(problem: Problem, size: int, order: str, seed: int, row: int) -> NDArray[np.intp]:
    """The points of a row's batch, as design and NumPy's documentation have it."""
    n = len(problem.dataset.train.y)
    epoch, batch = divmod(row, -(-n // size))
    shuffled = np.random.default_rng([seed, epoch]).permutation(n)
    points = shuffled if order == "shuffle" else np.arange(n)
    return points[batch * size : (batch + 1) * size]


@pytest.mark.parametrize("order", ["shuffle", "sequential"])
@pytest.mark.parametrize("size", [1, 16, 33, 48, 49, 99])
def test_a_row_has_the_loss_and_gradient_of_its_batch(
    problem: Problem, size: int, order: str
) -> None:
    batches = Batches(problem, [(0, Batch(size=size, order=order, seed=5))])  # type: ignore[arg-type]
    params = [0.3, -1.2]
    for row in (0, 1, 2, 6, 7, 13, 100, 205):
        chosen = points_of(problem, size, order, 5, row)
        x, y = problem.x_train[chosen, 0], problem.dataset.train.y[chosen]
        error = params[0] + params[1] * x - y
        loss, gradient, train_loss = batches.evaluate(row, params)
        assert loss == pytest.approx((error**2).mean(), rel=1e-13)
        assert np.isnan(train_loss)
        assert gradient == pytest.approx([2 * error.mean(), 2 * (error * x).mean()], rel=1e-12)


@settings(max_examples=60)
@given(
    size=st.one_of(st.none(), st.integers(1, 120)),
    later=st.lists(
        st.tuples(st.integers(1, 60), st.one_of(st.none(), st.integers(1, 120))), max_size=3
    ),
    order=st.sampled_from(["shuffle", "sequential"]),
    row=st.integers(0, 200),
)
def test_members_are_the_points_that_a_row_sees(
    problem: Problem,
    size: int | None,
    later: list[tuple[int, int | None]],
    order: Any,
    row: int,
) -> None:
    """Whatever was asked before: rows are visited in any order."""
    asked = [(0, Batch(size=size, order=order, seed=5))]
    asked += [
        (at, Batch(size=m, order=order, seed=5)) for at, m in sorted(later, key=itemgetter(0))
    ]
    batches = Batches(problem, asked)
    place = batches.place(row)
    first = row - place.batch  # the epoch's first row
    epoch = [batches.members(k) for k in range(first, first + place.batches)]
    members = batches.members(row)
    assert sorted(np.concatenate(epoch)) == list(range(100))
    assert members.tolist() == epoch[place.batch].tolist()
    assert len(members) == (place.size or 100)
    if place.size is None:
        assert members.tolist() == list(range(100))
    elif order == "sequential":
        begin = place.batch * batches.place(first).size  # type: ignore[operator]
        assert members.tolist() == list(range(begin, begin + len(members)))
    else:
        expected = np.random.default_rng([5, place.epoch]).permutation(100)
        assert np.concatenate(epoch).tolist() == expected.tolist()
    x, y = problem.x_train[members, 0], problem.dataset.train.y[members]
    error = 0.3 - 1.2 * x - y
    assert batches.evaluate(row, [0.3, -1.2]).loss == pytest.approx((error**2).mean(), rel=1e-12)


@settings(max_examples=60)
@given(
    size=st.one_of(st.none(), st.integers(1, 120)),
    later=st.lists(
        st.tuples(st.integers(1, 60), st.one_of(st.none(), st.integers(1, 120))), max_size=3
    ),
    first=st.integers(0, 100),
    count=st.integers(0, 150),
)
def test_epochs_start_where_the_first_batch_is(
    problem: Problem,
    size: int | None,
    later: list[tuple[int, int | None]],
    first: int,
    count: int,
) -> None:
    asked = [
        (0, Batch(size=size)),
        *((at, Batch(size=m)) for at, m in sorted(later, key=itemgetter(0))),
    ]
    batches = Batches(problem, asked)
    rows = range(first, first + count)
    expected = [row for row in rows if batches.place(row).batch == 0]
    assert batches.epoch_starts(first, first + count) == expected
    epochs = [batches.place(row).epoch for row in range(first + count)]
    assert epochs == sorted(epochs)
    assert set(np.diff(epochs)) <= {0, 1}


def test_an_epoch_sees_every_point_once(problem: Problem) -> None:
    seen = np.concatenate([points_of(problem, 16, "shuffle", 0, row) for row in range(7)])
    assert sorted(seen) == list(range(100))
    batches = Batches(problem, [(0, Batch(size=16))])
    sizes = [16] * 6 + [4]  # the last, partial batch is averaged over its own size
    total = sum(size * batches.evaluate(row, [1.0, 2.0]).loss for row, size in enumerate(sizes))
    assert total / 100 == pytest.approx(problem.train.loss([1.0, 2.0]), rel=1e-13)


def test_places_name_epoch_and_batch(problem: Problem) -> None:
    batches = Batches(problem, [(0, Batch(size=16))])
    assert batches.place(0) == Place(0, 0, 7, 16)
    assert batches.place(6) == Place(0, 6, 7, 4)  # what is left of 100
    assert batches.place(7) == Place(1, 0, 7, 16)
    assert Batches(problem, [(0, Batch())]).place(12) == Place(12, 0, 1, None)
    assert Batches(problem, [(0, Batch(size=100))]).place(12).size is None


def test_another_size_acts_from_the_next_epoch_on(problem: Problem) -> None:
    batches = Batches(problem, [(0, Batch(size=16)), (9, Batch(size=50)), (30, Batch())])
    assert [batches.place(row).size for row in (9, 12, 14, 15)] == [16, 16, 50, 50]
    assert batches.place(14) == Place(2, 0, 2, 50)
    assert batches.place(31).size == 50
    assert batches.place(32) == Place(11, 0, 1, None)
    assert batches.full_until(31) == 30
    assert batches.full_until(32) is None
    replaced = Batches(problem, [(0, Batch(size=16)), (9, Batch(size=50)), (11, Batch(size=20))])
    assert replaced.place(14) == Place(2, 0, 5, 20)
    assert [batches.epochs.at(row) for row in (0, 7, 14, 32)] == [0, 1, 2, 11]
    stretches = batches.epochs.stretches
    assert [(stretch.steps, stretch.size) for stretch in stretches] == [(7, 16), (2, 50), (1, None)]
    taken_back = Batches(problem, [(0, Batch(size=16)), (9, Batch(size=50)), (11, Batch(size=16))])
    assert taken_back.place(14) == Place(2, 0, 7, 16)


def test_a_run_is_the_loop_that_the_tutorial_writes(problem: Problem) -> None:
    experiment = tutorial_4(40, batch={"size": 16, "seed": 3})
    rows = ended(experiment).history.rows()
    b, w = rows.params[:, 0]
    for row in range(40):
        chosen = points_of(problem, 16, "shuffle", 3, row)
        x, y = problem.x_train[chosen, 0], problem.dataset.train.y[chosen]
        error = b + w * x - y
        b, w = b - 0.1 * 2 * error.mean(), w - 0.1 * 2 * (error * x).mean()
        assert rows.params[:, row + 1] == pytest.approx([b, w], rel=1e-12)
    assert rows.train_loss == pytest.approx(problem.train.loss(list(rows.params)), rel=1e-12)


CHANGES = [
    {"at": 9, "set": {"batch.size": 50}},
    {"at": 20, "set": {"optimizer.kind": "adam", "optimizer.lr": 0.05}},
    {"at": 33, "set": {"batch.size": None}},
    {"at": 41, "set": {"batch.size": 1, "batch.order": "sequential"}},
]


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(1, 30), max_size=8))
def test_any_slicing_gives_the_same_bits(cuts: list[int]) -> None:
    experiment = tutorial_4(70, CHANGES, batch={"size": 16})
    whole = ended(experiment).history.rows()
    sliced = begun(experiment)
    for rows in itertools.chain(cuts, [1000]):
        sliced.advance(rows)
    assert same(sliced.history.rows(), whole)


@pytest.mark.parametrize("at", [1, 9, 14, 20, 35, 47, 60])
def test_a_branch_is_a_fresh_run_with_the_same_changes(at: int) -> None:
    run = {"batch": {"size": 16}}
    old = ended(tutorial_4(70, CHANGES, **run))
    kept = [change for change in CHANGES if int(str(change["at"])) < at]
    changes = [*kept, {"at": at, "set": {"batch.size": 5, "optimizer.lr": 0.02}}]
    experiment = tutorial_4(70, changes, **run)
    branch = Descent(old.problem, experiment, 0, old.history.start, old.prefix(at + 1))
    branch.advance(1000)
    assert same(branch.history.rows(), ended(experiment).history.rows())


def test_what_lies_ahead_on_batches_is_what_is_recorded() -> None:
    descent = begun(tutorial_4(60, batch={"size": 1}))
    descent.advance(7)
    ahead = descent.preview(20)
    assert descent.head == 7
    descent.advance(20)
    assert np.array_equal(ahead, descent.history.rows(7, 28).params)


def test_the_gradient_stop_looks_at_all_points() -> None:
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": [0, 1, 2, 3], "y": [1, 3, 5, 7]},
            "runs": [{"optimizer": {"lr": 0.1}, "batch": {"size": 1}}],
            "stop": {"iterations": 100_000, "gradient_norm": 1e-6},
        }
    )
    descent = ended(experiment)
    assert descent.ending is not None
    assert descent.ending.reason == "gradient_norm"
    row = descent.history.rows(descent.head)
    whole = descent.problem.train.gradient(row.params[:, 0].tolist())
    assert np.linalg.norm(whole) < 1e-6


def test_smaller_batches_jitter_more_around_the_optimum() -> None:
    """Tutorial 4's story: all points are exact and slow, one is jittery and fast, 16 between."""
    spread = {}
    for size in (1, 16, None):
        descent = ended(tutorial_4(2000, optimizer={"lr": 0.05}, batch={"size": size, "seed": 0}))
        late, best = descent.history.rows(1000).params, descent.problem.optimum.params
        assert best is not None
        spread[size] = float(np.linalg.norm(late - best[:, None], axis=0).max())
    assert spread[1] > 2 * spread[16] > 1e6 * spread[None]


def test_newton_on_batches_is_refused() -> None:
    with pytest.raises(InputError, match="full batch"):
        tutorial_4(optimizer={"kind": "newton"}, batch={"size": 8})
    with pytest.raises(InputError, match="full batch"):
        tutorial_4(changes=[{"at": 3, "set": {"optimizer.kind": "newton"}}], batch={"size": 8})


@pytest.mark.parametrize(("size", "row"), [(16, 0), (16, 6), (16, 13), (1, 57)])
def test_a_descent_names_the_points_of_a_batch(size: int, row: int, problem: Problem) -> None:
    descent = ended(tutorial_4(batch={"size": size}))
    members = descent.members(row)
    assert members is not None
    assert members.tolist() == points_of(problem, size, "shuffle", 0, row).tolist()
    gradient = descent.history.rows().gradient[:, row]
    b, w = descent.history.rows().params[:, row]
    x, y = problem.dataset.train.x[members, 0], problem.dataset.train.y[members]
    error = b + w * x - y
    assert gradient == pytest.approx([2 * error.mean(), 2 * (error * x).mean()], rel=1e-12)


def test_of_a_full_or_a_large_batch_no_points_are_named() -> None:
    assert ended(tutorial_4()).members(3) is None
    for n, size, named in ((5000, 2000, True), (5000, 2001, False), (50_001, 3, False)):
        data = {"source": "synthetic", "kind": "line", "n": n}
        tree = {"format": 1, "data": data, "runs": [{"batch": {"size": size}}]}
        assert (begun(experiment_from(tree)).members(0) is not None) == named


def test_points_in_their_own_order_are_not_copied_for_every_epoch() -> None:
    n, size = 50_000, 25_000
    x = np.random.default_rng(0).normal(size=(n, 3))
    run = {"batch": {"size": size, "order": "sequential"}}
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": x.tolist(), "y": x.sum(axis=1).tolist()},
            "runs": [run],
        }
    )
    problem = problem_of(experiment)
    batches = Batches(problem, [(0, Batch(size=size, order="sequential"))])
    batches.members(0)
    tracemalloc.start()
    members = batches.members(5)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert members.tolist() == list(range(size, n))
    assert most < 8 * n  # a copy of the points takes three times as much
