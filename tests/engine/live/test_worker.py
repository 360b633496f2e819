"""The worker alone, in the test's thread: several runs side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import thread_time
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engine.descent.history import Rows
from engine.experiment import Experiment
from engine.files.experiments import experiment_from
from engine.headless import run_experiment
from engine.live import edits
from engine.live.edits import Asked
from engine.live.snapshot import Edited, Health, Request, Snapshot
from engine.live.worker import COMPUTE_BUDGET_MS, Worker
from engine.messages import Message

MOST_FRAMES = 5000


class Window:
    """What the window is to a worker: it keeps the newest snapshot, and acknowledges it."""

    def __init__(self, experiment: Experiment) -> None:
        self.worker = Worker()
        self.snapshots: list[Snapshot] = []
        self.edited: list[Edited] = []
        self.finished: list[tuple[str, Message]] = []
        self.failed: list[str] = []
        self.worker.snapshot_ready.connect(self.snapshots.append)
        self.worker.edited.connect(lambda edited, _serial: self.edited.append(edited))
        self.worker.finished.connect(lambda name, why: self.finished.append((name, why)))
        self.worker.failed.connect(lambda message, _serial: self.failed.append(str(message)))
        self.worker.set_speed(None)
        self.worker.load(Request(0, experiment))
        self.draw()

    @property
    def shown(self) -> Snapshot:
        return self.snapshots[-1]

    @property
    def heads(self) -> list[int]:
        return [run.head for run in self.shown.runs]

    @property
    def rows(self) -> list[int]:
        return [run.cursor for run in self.shown.runs]

    @property
    def experiment(self) -> Experiment:
        return self.edited[-1].after.experiment

    def draw(self) -> None:
        """Draw frame by frame until the worker has nothing new to show."""
        for _ in range(MOST_FRAMES):
            before = len(self.snapshots)
            self.worker.acknowledge()
            if len(self.snapshots) == before:
                return
        raise AssertionError("the worker never comes to rest")

    def edit(self, edit: Callable[[Asked], Asked]) -> None:
        self.worker.load(Request(0, edit=edit))
        self.draw()

    def change(self, **values: Any) -> None:
        keys = {key.replace("__", "."): value for key, value in values.items()}
        self.worker.change(keys, "", 0)
        self.draw()

    def do(self, command: Callable[..., None], *arguments: Any) -> None:
        command(*arguments)
        self.draw()


@pytest.fixture
def window() -> Iterator[Callable[[Experiment], Window]]:
    opened: list[Window] = []

    def begin(experiment: Experiment) -> Window:
        opened.append(Window(experiment))
        return opened[-1]

    yield begin
    for one in opened:
        one.worker.shut_down()


Begin = Callable[[Experiment], Window]


def tutorial_2(*runs: dict[str, Any], iterations: int = 100, **keys: Any) -> Experiment:
    tree = {"format": 1, "data": {"source": "tutorial", "name": "tutorial-2"}}
    stop = {"stop": {"iterations": iterations}}
    return experiment_from(tree | {"runs": list(runs)} | stop | keys)


def rate(lr: float, **keys: Any) -> dict[str, Any]:
    return {"name": f"η {lr}", "optimizer": {"lr": lr}} | keys


def assert_same_rows(rows: Rows, others: Rows) -> None:
    for name in ("params", "gradient", "loss", "train_loss", "validation_loss"):
        assert np.array_equal(getattr(rows, name), getattr(others, name), equal_nan=True), name


def assert_rows_of_fresh_runs(window: Window) -> None:
    """Every run has the rows that it has without a window and without the others."""
    experiment = window.experiment
    for index, run in enumerate(window.shown.runs):
        alone = msgspec.structs.replace(experiment, runs=(experiment.runs[index],))
        (fresh,) = run_experiment(alone)
        assert_same_rows(run.rows, fresh.history.rows(0, len(run.rows)))


RATES = st.sampled_from([0.05, 0.3, 1.1, 1.5])
OPTIMIZERS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("gd"), "lr": RATES}),
    st.fixed_dictionaries({"kind": st.sampled_from(["momentum", "adam", "rmsprop"]), "lr": RATES}),
)
CHANGES = st.lists(
    st.builds(lambda at, lr: {"at": at, "set": {"optimizer.lr": lr}}, st.integers(0, 40), RATES),
    max_size=2,
)
RUNS = st.fixed_dictionaries(
    {
        "optimizer": OPTIMIZERS,
        "batch": st.fixed_dictionaries(
            {"size": st.sampled_from([None, 1, 7, 80]), "seed": st.integers(0, 3)}
        ),
        "changes": CHANGES,
    }
)
LOSSES = st.sampled_from(["mse", "huber"])
DRIVES = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(-20, 40)),
        st.tuples(st.just("seek"), st.integers(0, 60)),
        st.tuples(st.just("select"), st.integers(0, 4)),
        st.tuples(st.just("lr"), RATES),
        st.tuples(st.just("copy"), st.none()),
        st.tuples(st.just("remove"), st.integers(0, 4)),
        st.tuples(st.just("run_to_end"), st.none()),
    ),
    max_size=8,
)


@hypothesis_settings(max_examples=60)
@given(LOSSES, st.lists(RUNS, min_size=1, max_size=4), DRIVES)
def test_a_run_has_the_same_bits_alone_and_beside_others_however_it_is_driven(
    loss: str, runs: list[dict[str, Any]], drives: list[tuple[str, Any]]
) -> None:
    window = Window(tutorial_2(*runs, iterations=60, loss={"kind": loss}))
    for what, value in drives:
        if what == "lr":
            window.change(optimizer__lr=value)
        elif what == "copy":
            window.edit(edits.with_copy)
        elif what == "remove":
            window.edit(partial(edits.without, index=value))
        elif what == "run_to_end":
            window.do(window.worker.run_to_end)
        else:
            window.do(getattr(window.worker, what), value)
    shown = window.shown
    assert [run.name for run in shown.runs] == [run.name for run in window.experiment.runs]
    for run in shown.runs:
        assert run.cursor == min(shown.cursor, run.head)
        assert run.head >= shown.cursor or run.ended is not None
    assert_rows_of_fresh_runs(window)
    window.do(window.worker.run_to_end)
    assert window.shown.is_over
    assert_rows_of_fresh_runs(window)
    window.worker.shut_down()


def test_all_runs_go_on_together(window: Begin) -> None:
    shown = window(tutorial_2(rate(0.1), rate(0.2), rate(0.3), iterations=10_000))
    shown.do(shown.worker.step, 7)
    assert (shown.heads, shown.rows) == ([7, 7, 7], [7, 7, 7])
    shown.do(shown.worker.step, -3)
    assert (shown.heads, shown.rows) == ([7, 7, 7], [4, 4, 4])
    shown.worker.play()
    for _ in range(20):
        shown.worker.acknowledge()
        assert len(set(shown.heads)) == 1
    assert shown.heads[0] > 7
    shown.worker.pause()


def test_a_run_that_ended_stays_at_its_last_row(window: Begin) -> None:
    shown = window(tutorial_2(rate(0.1), rate(3.0), iterations=200))
    shown.do(shown.worker.run_to_end)
    heads = shown.heads
    assert heads[0] == 200
    assert heads[1] < 100  # it diverged
    assert (shown.shown.cursor, shown.rows) == (200, heads)
    assert shown.shown.runs[1].health is Health.DIVERGED
    shown.do(shown.worker.select, 1)
    snapshot = shown.shown
    assert (snapshot.row, snapshot.head, snapshot.longest) == (heads[1], heads[1], 200)
    shown.do(shown.worker.seek, heads[1] - 1)
    assert shown.rows == [heads[1] - 1] * 2
    shown.do(shown.worker.seek, 150)
    assert shown.rows == [150, heads[1]]


def test_playing_ends_when_all_have_ended_and_says_so_once(window: Begin) -> None:
    shown = window(tutorial_2(rate(0.1), rate(3.0), rate(0.3), iterations=200))
    shown.do(shown.worker.select, 2)
    shown.do(shown.worker.play)
    ((name, why),) = shown.finished
    assert name == "η 0.3"
    assert str(why) == (
        "All 3 runs have ended, 1 of them diverged. η 0.3: Finished at iteration 200, the last one."
    )
    shown.do(shown.worker.play)  # all of it again, from the start
    assert len(shown.finished) == 2
    assert shown.shown.cursor == 200


def test_only_the_edited_run_branches(window: Begin) -> None:
    shown = window(tutorial_2(rate(0.1), rate(0.2), rate(0.3), iterations=60))
    shown.do(shown.worker.run_to_end)
    shown.do(shown.worker.seek, 25)
    shown.do(shown.worker.select, 1)
    before = shown.shown
    shown.change(optimizer__lr=0.5)
    after = shown.shown
    assert shown.heads == [60, 25, 60]
    assert after.ghost is not None
    assert np.array_equal(after.ghost.params, before.rows.params)
    stayed = [
        now.generation == old.generation for now, old in zip(after.runs, before.runs, strict=True)
    ]
    assert stayed == [True, False, True]
    assert after.generation != before.generation
    assert [len(run.changes) for run in shown.experiment.runs] == [0, 1, 0]
    shown.do(shown.worker.step, 1)
    assert (shown.heads, shown.rows) == ([60, 26, 60], [26, 26, 26])
    shown.do(shown.worker.seek, 40)  # behind the others' recorded rows the branch comes along
    assert (shown.heads, shown.rows) == ([60, 40, 60], [40, 40, 40])
    assert_rows_of_fresh_runs(shown)


def test_a_change_where_the_run_is_over_begins_it_again_and_leaves_the_others(
    window: Begin,
) -> None:
    shown = window(tutorial_2(rate(0.1), rate(3.0), iterations=60))
    shown.do(shown.worker.run_to_end)
    shown.do(shown.worker.select, 1)
    shown.change(optimizer__lr=0.4)
    assert (shown.shown.cursor, shown.heads) == (0, [60, 0])
    assert shown.experiment.runs[1].changes == ()
    shown.do(shown.worker.run_to_end)
    assert shown.heads == [60, 60]
    assert_rows_of_fresh_runs(shown)


def test_another_start_begins_only_its_run_again(window: Begin) -> None:
    shown = window(tutorial_2(rate(0.1), rate(0.2), iterations=60))
    shown.do(shown.worker.step, 30)
    start = {"kind": "values", "values": [2.0, -1.0]}
    shown.edit(partial(edits.restarted, values={"start": start}))
    assert (shown.shown.cursor, shown.heads) == (0, [0, 30])
    assert shown.shown.ghost is not None
    assert shown.shown.runs[1].rows.params[:, 0].tolist() != [2.0, -1.0]


def test_another_problem_begins_all_runs_again_with_what_they_showed(window: Begin) -> None:
    shown = window(tutorial_2(rate(0.1), rate(0.2), iterations=60))
    shown.do(shown.worker.step, 30)
    shown.change(optimizer__lr=0.4)
    shown.edit(partial(edits.restarted, values={"features.standardise": True}))
    assert shown.heads == [0, 0]
    assert [run.learning_rate for run in shown.shown.runs] == [0.4, 0.2]
    assert [run.changes for run in shown.experiment.runs] == [(), ()]


def test_stops_hold_for_all_runs(window: Begin) -> None:
    own = [{"at": 5, "set": {"stop.iterations": 30}}]
    shown = window(tutorial_2(rate(0.1), rate(0.2, changes=own), rate(3.0), iterations=60))
    shown.do(shown.worker.run_to_end)
    diverged = shown.heads[2]
    assert shown.heads == [60, 30, diverged]  # a change in the file is its run's own
    shown.change(stop__iterations=40)
    assert shown.heads == [40, 40, diverged]  # the second had to come along to the cursor
    assert shown.shown.cursor == 40
    assert shown.experiment.stop.iterations == 40
    assert shown.experiment.runs[1].changes == ()
    shown.do(shown.worker.run_to_end)
    assert shown.heads == [40, 40, diverged]
    assert_rows_of_fresh_runs(shown)


def test_a_stop_of_one_run_stays_its_own_when_that_run_is_edited(window: Begin) -> None:
    own = [{"at": 0, "set": {"stop.iterations": 30}}]
    shown = window(tutorial_2(rate(0.1), rate(0.2, changes=own), iterations=60))
    shown.do(shown.worker.select, 1)
    shown.change(optimizer__lr=0.4)
    shown.edit(partial(edits.restarted, values={"start": {"kind": "zeros"}}))
    assert shown.experiment.stop.iterations == 60
    shown.do(shown.worker.run_to_end)
    assert shown.heads == [60, 30]
    assert_rows_of_fresh_runs(shown)


def test_a_copy_takes_the_rows_over_and_then_goes_its_own_way(window: Begin) -> None:
    shown = window(tutorial_2({"name": "GD"}, rate(0.2), iterations=60))
    shown.do(shown.worker.step, 30)
    before = shown.shown
    shown.edit(edits.with_copy)
    after = shown.shown
    assert [run.name for run in after.runs] == ["GD", "η 0.2", "GD 2"]
    assert (after.selected, after.cursor, shown.heads) == (2, 30, [30, 30, 30])
    assert_same_rows(after.runs[2].rows, before.runs[0].rows)
    assert [run.generation for run in after.runs[:2]] == [run.generation for run in before.runs]
    shown.change(optimizer__lr=0.5)
    shown.do(shown.worker.run_to_end)
    assert [len(run.changes) for run in shown.experiment.runs] == [0, 0, 1]
    assert_rows_of_fresh_runs(shown)


@pytest.mark.parametrize(
    ("selected", "index", "left", "then"),
    [(0, 0, ["b", "c"], 0), (2, 2, ["a", "b"], 1), (2, 0, ["b", "c"], 1), (0, 1, ["a", "c"], 0)],
)
def test_removing_a_run_leaves_the_others_as_they_are(
    window: Begin, selected: int, index: int, left: list[str], then: int
) -> None:
    shown = window(tutorial_2(*({"name": name} for name in "abc")))
    shown.do(shown.worker.step, 30)
    shown.do(shown.worker.select, selected)
    before = {run.name: run.generation for run in shown.shown.runs}
    shown.edit(partial(edits.without, index=index))
    after = shown.shown
    assert [run.name for run in after.runs] == left
    assert {run.name: run.generation for run in after.runs} == {n: before[n] for n in left}
    assert (after.selected, after.cursor, shown.heads) == (then, 30, [30, 30])


def test_what_cannot_be_done_to_the_runs_is_refused(window: Begin) -> None:
    shown = window(tutorial_2({"name": "a"}, {"name": "b"}))
    shown.edit(partial(edits.without, index=2))
    shown.edit(partial(edits.renamed, index=1, name="a"))
    shown.edit(partial(edits.renamed, index=1, name=""))
    shown.edit(partial(edits.without, index=1))
    shown.edit(partial(edits.without, index=0))
    assert shown.failed == [
        "There is no run number 3.",
        "Another run is called a already.",
        "A run needs a name.",
        "An experiment needs at least one run.",
    ]
    for _ in range(12):
        shown.edit(edits.with_copy)
    assert shown.failed[4:] == ["An experiment has at most 12 runs."]
    assert len(shown.shown.runs) == 12


def test_a_change_of_the_runs_waits_for_no_newer_request(window: Begin) -> None:
    """Folded into a request that was not built yet, it is done with it."""
    shown = window(tutorial_2(rate(0.1), rate(0.2), iterations=60))
    shown.do(shown.worker.step, 10)
    shown.worker.latest_serial = 5  # a newer request is on its way
    shown.worker.load(Request(1, edit=edits.with_copy))
    assert len(shown.edited) == 2
    shown.worker.load(Request(2, edit=partial(edits.restarted, values={"split.train": 0.5})))
    shown.worker.load(Request(3, edit=partial(edits.renamed, index=1, name="b")))
    shown.worker.load(Request(4, edit=partial(edits.without, index=0)))
    assert len(shown.edited) == 2
    shown.worker.load(Request(5, edit=edits.with_copy))
    shown.draw()
    assert len(shown.edited) == 3
    assert [run.name for run in shown.shown.runs] == ["b", "η 0.1 2", "η 0.1 3"]
    assert shown.shown.problem.dataset.train.n == 50
    assert shown.heads == [0, 0, 0]


def classes(n: int, *runs: dict[str, Any]) -> Experiment:
    """Two classes, whose rows cost the more the more points there are."""
    tree = {
        "format": 1,
        "data": {"source": "synthetic", "kind": "two-classes", "n": n},
        "model": {"kind": "logistic"},
        "runs": [{"name": str(i), **run} for i, run in enumerate(runs)],
        "stop": {"iterations": 1_000_000},
    }
    return experiment_from(tree)


def spent_on_frames(shown: Any) -> float:
    """Milliseconds of the thread's own for a frame: the median, as one may come late."""
    shown.worker.play()
    spent = []
    for _ in range(31):
        begun = thread_time()
        shown.worker.acknowledge()
        spent.append((thread_time() - begun) * 1000)
    shown.worker.pause()
    return float(np.median(spent))


def test_frames_of_many_runs_keep_their_budget(window: Begin) -> None:
    runs = [{"batch": {"size": 1, "seed": seed}} for seed in range(12)]
    shown = window(tutorial_2(*runs, iterations=1_000_000))
    assert spent_on_frames(shown) < 2 * COMPUTE_BUDGET_MS
    assert len(set(shown.heads)) == 1
    assert shown.heads[0] > 31


def test_frames_of_runs_over_many_points_keep_it_too(window: Begin) -> None:
    runs = [{"batch": {"size": 64, "seed": seed}} for seed in range(6)]
    shown = window(classes(8000, *runs))
    assert spent_on_frames(shown) < 2 * COMPUTE_BUDGET_MS
    assert len(set(shown.heads)) == 1
    assert shown.heads[0] >= 31
