"""The session with its real thread: commands down, snapshots up, undo, closing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast, get_args

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.experiment import (
    Change,
    Experiment,
    FileData,
    Gd,
    Momentum,
    Mse,
    Run,
    SyntheticKind,
    ValuesStart,
    kind_of,
)
from engine.files.experiments import experiment_from, preset
from engine.headless import run_experiment
from engine.live import edits
from engine.live.session import Session
from engine.live.snapshot import Edited, Health, Request, Snapshot
from engine.live.worker import Worker
from engine.messages import InputError
from engine.problem.synthetic import RECIPES, natural_model

WAIT_MS = 10_000

Start = Callable[..., Session]


def tutorial_2(**keys: Any) -> Experiment:
    data = {"source": "tutorial", "name": "tutorial-2"}
    return experiment_from({"format": 1, "data": data} | keys)


def with_rate(rate: float, iterations: int) -> Experiment:
    return tutorial_2(
        runs=[{"optimizer": {"kind": "gd", "lr": rate}}], stop={"iterations": iterations}
    )


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    sessions: list[Session] = []

    def begin(experiment: Experiment | None = None, speed: float | None = None) -> Session:
        session = Session()
        sessions.append(session)
        session.set_speed(speed)
        with qtbot.waitSignal(session.snapshot_ready, timeout=WAIT_MS):
            session.open(experiment or tutorial_2())
        return session

    yield begin
    for session in sessions:
        session.close()


def shown(session: Session) -> Snapshot:
    assert session.snapshot is not None
    return session.snapshot


def until(
    qtbot: QtBot, session: Session, ready: Callable[[Snapshot], bool], timeout: int = WAIT_MS
) -> Snapshot:
    qtbot.waitUntil(lambda: ready(shown(session)), timeout=timeout)
    return shown(session)


def at(row: int) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.cursor == row


def _is_made_as(formula: str, snapshot: Snapshot) -> bool:
    dataset = snapshot.problem.dataset
    return dataset.train.n == 30 and str(dataset.formula) == formula


def _is_beyond(head: int, snapshot: Snapshot) -> bool:
    return snapshot.head > head


def _has_rate(rate: float, snapshot: Snapshot) -> bool:
    return snapshot.run.learning_rate == rate


def _has_begun(session: Session) -> bool:
    return session.snapshot is not None and session.snapshot.head > 0


def finished(snapshot: Snapshot) -> bool:
    return snapshot.run.ended is not None and not snapshot.playing


def assert_rows_of_a_fresh_run(session: Session) -> None:
    """The rows equal those of a headless run of the same experiment, bit for bit."""
    experiment = session.experiment
    assert experiment is not None
    rows = shown(session).rows
    fresh = run_experiment(experiment)[0].history.rows(0, len(rows))
    for name in ("params", "gradient", "train_loss", "validation_loss"):
        assert np.array_equal(getattr(rows, name), getattr(fresh, name)), name


def test_opens_at_row_0_with_the_numbers_of_tutorial_2(start: Start) -> None:
    snapshot = shown(start())
    assert (snapshot.cursor, snapshot.head, snapshot.playing) == (0, 0, False)
    # tutorial 2's printed loss and gradients at its start
    assert snapshot.rows.train_loss[0] == pytest.approx(2.7421577700550976, rel=1e-12)
    assert snapshot.rows.gradient[:, 0] == pytest.approx(
        [-3.044811379650508, -1.8337537171510832], rel=1e-12
    )


def test_a_snapshot_names_the_points_of_the_batch_at_its_cursor(qtbot: QtBot, start: Start) -> None:
    tree = {
        "format": 1,
        "data": {"source": "tutorial", "name": "tutorial-2"},
        "runs": [{"batch": {"size": 30, "order": "sequential"}}],
    }
    session = start(experiment_from(tree))
    session.step(4)
    members = until(qtbot, session, at(4)).run.members
    assert members is not None
    assert members.tolist() == list(range(30, 60))  # epochs of 30, 30 and 20 points
    session.seek(2)
    members = until(qtbot, session, at(2)).run.members
    assert members is not None
    assert members.tolist() == list(range(60, 80))


@pytest.mark.parametrize("speed", [None, 20_000.0, 300.0])
def test_any_speed_records_the_rows_of_a_headless_run(
    qtbot: QtBot, start: Start, speed: float | None
) -> None:
    session = start(with_rate(0.1, 150), speed)
    session.play()
    assert until(qtbot, session, finished).cursor == 150
    assert len(shown(session).rows) == 151
    assert_rows_of_a_fresh_run(session)


def test_steps_with_detours_record_the_rows_of_a_headless_run(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.3, 40))
    for step, row in [(5, 5), (-3, 2), (1, 3), (9, 12), (-12, 0), (30, 30)]:
        session.step(step)
        until(qtbot, session, at(row))
    session.seek(7)
    assert until(qtbot, session, at(7)).head == 30
    session.run_to_end()
    until(qtbot, session, finished)
    assert_rows_of_a_fresh_run(session)


def test_a_change_at_the_head_acts_from_the_next_step_on(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 50))
    session.step(20)
    generation = until(qtbot, session, at(20)).generation
    session.apply({"optimizer.lr": 0.4})
    until(qtbot, session, lambda s: s.run.learning_rate == 0.4)
    assert shown(session).generation == generation
    session.run_to_end()
    until(qtbot, session, finished)
    assert session.experiment is not None
    assert session.experiment.runs[0].changes == (Change(20, {"optimizer.lr": 0.4}),)
    assert_rows_of_a_fresh_run(session)


def test_a_change_behind_the_head_branches_and_undo_brings_the_old_rows_back(
    qtbot: QtBot, start: Start
) -> None:
    session = start(with_rate(0.1, 60))
    session.run_to_end()
    old = until(qtbot, session, finished)
    session.seek(25)
    until(qtbot, session, at(25))
    session.apply({"optimizer.kind": "momentum", "optimizer.lr": 0.05})
    branch = until(qtbot, session, lambda s: s.generation != old.generation)
    assert (branch.cursor, branch.head) == (25, 25)
    assert branch.ghost is not None
    assert np.array_equal(branch.ghost.params, old.rows.params)
    session.run_to_end()
    until(qtbot, session, finished)
    assert isinstance(shown(session).run.settings.optimizer, Momentum)
    assert_rows_of_a_fresh_run(session)
    session.undo()
    back = until(qtbot, session, lambda s: s.head == 60 and s.run.learning_rate == 0.1)
    assert back.cursor == 25
    assert np.array_equal(back.rows.params, old.rows.params)
    assert not session.can_undo
    session.redo()
    until(qtbot, session, lambda s: isinstance(s.run.settings.optimizer, Momentum))
    assert_rows_of_a_fresh_run(session)


def test_changes_while_playing_are_part_of_the_experiment(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.01, 100_000))
    session.play()
    for rate in (0.02, 0.05, 0.3):
        head = shown(session).head
        until(qtbot, session, partial(_is_beyond, head))
        session.apply({"optimizer.lr": rate})
        until(qtbot, session, partial(_has_rate, rate))
    session.pause()
    until(qtbot, session, lambda s: not s.playing)
    assert session.experiment is not None
    assert len(session.experiment.runs[0].changes) == 3
    assert_rows_of_a_fresh_run(session)


def test_one_gesture_is_one_step_of_undo(qtbot: QtBot, start: Start) -> None:
    session = start()
    for rate in (0.2, 0.3, 0.4):
        session.apply({"optimizer.lr": rate}, "optimizer.lr#1")
    until(qtbot, session, lambda s: s.run.learning_rate == 0.4)
    session.undo()
    until(qtbot, session, lambda s: s.run.learning_rate == 0.1)
    assert not session.can_undo


def test_a_change_at_row_0_edits_the_experiment_itself(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.apply({"optimizer.lr": 0.8})
    until(qtbot, session, lambda s: s.run.learning_rate == 0.8)
    assert session.experiment is not None
    assert session.experiment.runs[0].optimizer == Gd(lr=0.8)
    assert session.experiment.runs[0].changes == ()


def test_another_start_begins_again_and_leaves_a_ghost(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 30))
    session.run_to_end()
    until(qtbot, session, finished)
    session.apply({"start": {"kind": "values", "values": [2.0, -1.0]}})
    again = until(qtbot, session, lambda s: s.head == 0)
    assert again.rows.params[:, 0].tolist() == [2.0, -1.0]
    assert again.ghost is not None
    assert len(again.ghost) == 31
    session.undo()
    assert until(qtbot, session, lambda s: s.head == 30).cursor == 30


def test_a_restart_keeps_what_the_controls_show(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 30))
    session.step(10)
    until(qtbot, session, at(10))
    session.apply({"optimizer.lr": 0.2})
    until(qtbot, session, lambda s: s.run.learning_rate == 0.2)
    session.apply({"features.standardise": True})
    until(qtbot, session, lambda s: s.head == 0)
    assert session.experiment is not None
    assert session.experiment.runs[0].optimizer == Gd(lr=0.2)
    assert session.experiment.features.standardise


def test_more_iterations_go_on_where_the_run_ended(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 30))
    session.run_to_end()
    until(qtbot, session, finished)
    session.seek(5)
    until(qtbot, session, at(5))
    session.apply({"stop.iterations": 45})
    until(qtbot, session, lambda s: s.run.ended is None)
    assert shown(session).head == 30  # nothing that was recorded is lost
    session.run_to_end()
    assert until(qtbot, session, finished).head == 45
    assert_rows_of_a_fresh_run(session)


def test_fewer_iterations_than_recorded_cut_the_run(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 30))
    session.run_to_end()
    old = until(qtbot, session, finished)
    session.seek(20)
    until(qtbot, session, at(20))
    session.apply({"stop.iterations": 12})
    shorter = until(qtbot, session, lambda s: s.head == 12)
    assert shorter.cursor == 12
    assert shorter.run.ended is not None
    assert "12" in str(shorter.run.ended)
    assert shorter.ghost is not None
    assert session.experiment is not None
    assert session.experiment.stop.iterations == 12
    assert_rows_of_a_fresh_run(session)
    session.undo()
    back = until(qtbot, session, lambda s: s.head == 30)
    assert np.array_equal(back.rows.params, old.rows.params)


def test_a_change_where_the_run_is_over_begins_again(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 30))
    session.run_to_end()
    until(qtbot, session, finished)
    session.apply({"optimizer.lr": 0.5})
    again = until(qtbot, session, lambda s: s.run.learning_rate == 0.5)
    assert (again.cursor, again.head) == (0, 0)
    assert again.ghost is not None
    assert len(again.ghost) == 31
    assert session.experiment is not None
    assert session.experiment.runs[0].changes == ()
    session.run_to_end()
    until(qtbot, session, finished)
    assert_rows_of_a_fresh_run(session)


def test_a_stop_leaves_rates_and_scheduled_changes_alone(qtbot: QtBot, start: Start) -> None:
    changes = [{"at": 20, "set": {"optimizer.lr": 0.2}}]
    session = start(
        tutorial_2(runs=[{"optimizer": {"lr": 0.1}, "changes": changes}], stop={"iterations": 40})
    )
    session.apply({"stop.iterations": 50})
    until(qtbot, session, lambda s: s.run.settings.stop.iterations == 50)
    session.run_to_end()
    until(qtbot, session, finished)
    session.seek(5)
    until(qtbot, session, at(5))
    session.apply({"stop.iterations": 60})
    snapshot = until(qtbot, session, lambda s: s.run.settings.stop.iterations == 60)
    assert snapshot.head == 50
    session.run_to_end()
    assert until(qtbot, session, finished).run.learning_rate == 0.2
    assert session.experiment is not None
    assert session.experiment.runs[0].changes == (Change(20, {"optimizer.lr": 0.2}),)
    assert_rows_of_a_fresh_run(session)


def test_above_the_limit_it_is_unstable_at_once_and_diverges_with_a_reason(
    qtbot: QtBot, start: Start
) -> None:
    session = start(with_rate(1.1, 1000))
    assert shown(session).run.health is Health.UNSTABLE
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS) as end:
        session.play()
    sentence = str(end.args[1])
    assert "1.1" in sentence
    assert "0.8055" in sentence  # 2/λmax of tutorial 2's training data
    snapshot = until(qtbot, session, finished)
    assert snapshot.run.health is Health.DIVERGED
    assert np.isfinite(snapshot.rows.train_loss).all()


def test_what_lies_ahead_is_what_is_then_computed(qtbot: QtBot, start: Start) -> None:
    session = start()
    ahead = shown(session).ahead
    assert ahead is not None
    session.step(50)
    rows = until(qtbot, session, at(50)).rows
    assert np.array_equal(ahead[:, :51], rows.params)


def test_playing_at_the_end_shows_it_again_from_the_start(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 20), 200.0)
    session.run_to_end()
    end = until(qtbot, session, finished)
    session.play()
    until(qtbot, session, lambda s: s.playing and s.cursor < 20)
    again = until(qtbot, session, finished)
    assert (again.cursor, again.generation) == (20, end.generation)


def test_refused_changes_leave_all_as_it_was(start: Start) -> None:
    session = start()
    before = session.experiment
    for values in (
        {"optimizer.lr": -1.0},
        {"optimizer.lrr": 1.0},
        {"optimizer.kind": "radam"},
        {"batch.size": "all"},
        {"split.train": 2.0},
        {"penalty.l1": 0.1},
        {"loss.kind": "log_loss"},  # a line gives no probabilities
    ):
        with pytest.raises(InputError):
            session.apply(values)
    assert session.experiment == before
    assert not session.can_undo


def test_data_that_cannot_be_read_leave_all_as_it_was(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    session = start()
    before = session.experiment
    with qtbot.waitSignal(session.failed, timeout=WAIT_MS) as failure:
        session.open_table(FileData(str(tmp_path / "none.csv"), ("x",), "y"))
    assert "none.csv" in str(failure.args[0])
    assert session.experiment == before
    assert not session.is_modified


def test_an_opened_table_starts_at_the_best_rate_rounded_down(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    table = tmp_path / "cars.csv"
    table.write_text("speed,distance\n" + "\n".join(f"{v},{3 * v + 1}" for v in range(4, 26)))
    session = start()
    with qtbot.waitSignal(session.opened, timeout=WAIT_MS):
        session.open_table(FileData(str(table), ("speed",), "distance"))
    problem = until(qtbot, session, lambda s: s.problem.dataset.target == "distance").problem
    assert problem.curvature is not None
    best = problem.curvature.best_rate
    assert best is not None
    assert session.experiment is not None
    rate = session.experiment.runs[0].optimizer.lr
    assert rate <= best < rate + 10.0 ** np.floor(np.log10(rate))
    session.apply({"features.standardise": True})
    scaled = until(qtbot, session, lambda s: s.problem is not problem)
    # standardised, both eigenvalues are 2, so the best rate is 1/2; the chosen rate follows it
    assert scaled.run.learning_rate == 0.5


def test_a_tutorial_can_be_chosen_and_taken_back(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.replace(preset("tutorial-3"))
    until(qtbot, session, lambda s: s.problem.n_params == 3)
    assert session.can_undo
    assert not session.is_modified
    session.undo()
    until(qtbot, session, lambda s: s.problem.n_params == 2)


def test_other_data_forget_a_start_in_numbers(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.apply({"start": {"kind": "values", "values": [2.0, -1.0]}})
    until(qtbot, session, lambda s: s.rows.params[0, 0] == 2.0)
    session.apply({"data": {"source": "synthetic", "n": 50}})
    snapshot = until(qtbot, session, lambda s: s.problem.dataset.train.n == 50)
    assert snapshot.rows.params[:, 0].tolist() == [0.0, 0.0]
    assert session.experiment is not None
    assert not isinstance(session.experiment.runs[0].start, ValuesStart)
    assert kind_of(session.experiment.data) == "synthetic"


def test_other_data_than_a_tutorials_have_the_usual_recipe_until_undo(
    qtbot: QtBot, start: Start
) -> None:
    session = start(preset("tutorial-3"))
    data = {"source": "synthetic", "kind": "two-classes"}
    session.apply({"data": data} | natural_model("two-classes", "half_mse"))
    snapshot = until(qtbot, session, lambda s: s.problem.neuron.loss_kind == "log_loss")
    assert session.experiment is not None
    assert session.experiment.stop.iterations == 1000
    assert snapshot.run.learning_rate == 0.1
    session.undo()
    until(qtbot, session, lambda s: s.problem.neuron.loss_kind == "half_mse")
    assert session.experiment == preset("tutorial-3")


def test_another_kind_of_made_up_points_forgets_a_start_in_numbers(
    qtbot: QtBot, start: Start
) -> None:
    session = start()
    session.apply({"data": {"source": "synthetic", "n": 50}})
    until(qtbot, session, lambda s: s.problem.dataset.train.n == 50)
    session.apply({"start": {"kind": "values", "values": [2.0, -1.0]}})
    until(qtbot, session, lambda s: s.rows.params[0, 0] == 2.0)
    session.apply({"data": {"source": "synthetic", "kind": "line", "n": 60}})
    snapshot = until(qtbot, session, lambda s: s.problem.dataset.train.n == 60)
    assert snapshot.rows.params[:, 0].tolist() == [2.0, -1.0]
    session.apply({"data": {"source": "synthetic", "kind": "two-features", "n": 60}})
    snapshot = until(qtbot, session, lambda s: s.problem.n_params == 3)
    assert snapshot.rows.params[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_every_kind_of_made_up_points_can_follow_every_other(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.apply({"loss": {"kind": "huber", "delta": 0.5}})
    loss = "huber"
    kinds = get_args(SyntheticKind)
    for kind in (*kinds, *reversed(kinds[:-1]), "two-classes", "line"):
        natural = natural_model(kind, loss)
        data = {"source": "synthetic", "kind": kind, "n": 30, "noise": 0.5}
        session.apply({"data": data} | natural)
        until(qtbot, session, partial(_is_made_as, str(RECIPES[kind].formula)))
        loss = natural["loss.kind"]
        assert session.experiment is not None
        assert session.experiment.model.kind == RECIPES[kind].model
        assert kind_of(session.experiment.loss) == loss
    assert loss == "mse"


def test_quick_edits_come_to_the_newest_with_all_values(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.replace(preset("tutorial-3"))
    session.apply({"split.train": 0.5})
    session.apply({"optimizer.lr": 0.02})
    session.apply({"features.standardise": True})
    qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    experiment = session.experiment
    assert experiment is not None
    assert experiment.split.train == 0.5
    assert experiment.features.standardise
    assert experiment.runs[0].optimizer == Gd(lr=0.02)
    assert experiment.stop.iterations == 3  # tutorial 3's own, not the old run's 1000
    qtbot.waitUntil(lambda: shown(session).problem.dataset.train.n == 500, timeout=WAIT_MS)
    assert shown(session).problem.n_params == 3


def test_what_a_newer_request_follows_is_not_built_but_not_lost() -> None:
    worker = Worker()
    answers: list[Edited] = []
    worker.edited.connect(lambda edited, _serial: answers.append(edited))
    worker.load(Request(0, tutorial_2()))
    worker.latest_serial = 4  # as the session writes it while the worker is busy
    worker.load(Request(1, preset("tutorial-3"), path="/three.json", undoable=False))
    worker.load(Request(2, edit=partial(edits.restarted, values={"split.train": 0.5})))
    worker.change({"optimizer.lr": 0.02}, "", 3)
    assert [answer.after.problems[0].n_params for answer in answers] == [2, 2]  # the live change
    worker.load(Request(4, edit=partial(edits.restarted, values={"features.standardise": True})))
    assert len(answers) == 3
    experiment = answers[-1].after.experiment
    assert experiment.data == preset("tutorial-3").data
    assert experiment.split.train == 0.5
    assert experiment.features.standardise
    assert experiment.runs[0].optimizer == Gd(lr=0.02)
    assert answers[-1].opened is not None
    assert answers[-1].opened.path == "/three.json"
    worker.shut_down()


def test_undo_waits_for_what_was_asked_before(qtbot: QtBot, start: Start) -> None:
    session = start()
    for share in (0.7, 0.6, 0.5):
        session.apply({"split.train": share})
        if share > 0.5:
            qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    session.undo()
    until(qtbot, session, lambda s: s.problem.dataset.train.n == 60)
    session.undo()
    until(qtbot, session, lambda s: s.problem.dataset.train.n == 70)


def test_an_edit_ends_what_could_be_redone(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.apply({"optimizer.lr": 0.3})
    until(qtbot, session, lambda s: s.run.learning_rate == 0.3)
    session.undo()
    until(qtbot, session, lambda s: s.run.learning_rate == 0.1)
    assert session.can_redo
    session.apply({"optimizer.lr": 0.4})
    until(qtbot, session, lambda s: s.run.learning_rate == 0.4)
    assert not session.can_redo


def test_an_edit_goes_on_playing(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 100_000), 200.0)
    session.play()
    until(qtbot, session, lambda s: s.head > 5)
    session.apply({"start": {"kind": "zeros"}})
    again = until(qtbot, session, lambda s: s.rows.params[0, 0] == 0.0)
    assert again.playing
    until(qtbot, session, lambda s: s.head > 5)


def test_undo_forgets_what_would_fill_the_memory(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.live.session.MAX_UNDO_ROWS", 450)
    session = start()
    for share in (0.7, 0.6, 0.5, 0.4, 0.3, 0.9):  # each a problem of 100 points and one row
        session.apply({"split.train": share})
        qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    undone = 0
    while session.can_undo:
        session.undo()
        undone += 1
        qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    assert undone == 4


CARS = FileData("sample:ezekiel-1930-cars.csv", ("speed_mph",), "distance_ft")


def test_the_same_table_again_starts_at_the_same_rate(qtbot: QtBot, start: Start) -> None:
    session = start()
    for _ in range(2):
        with qtbot.waitSignal(session.opened, timeout=WAIT_MS):
            session.open_table(
                FileData("sample:ezekiel-1930-cars.csv", ("speed_mph",), "distance_ft")
            )
        qtbot.waitUntil(lambda: shown(session).run.learning_rate == 0.003, timeout=WAIT_MS)


def test_an_opened_file_keeps_its_rate(qtbot: QtBot, start: Start) -> None:
    session = start()
    data = {
        "source": "file",
        "path": "sample:ezekiel-1930-cars.csv",
        "x": ["speed_mph"],
        "y": "distance_ft",
    }
    raw = experiment_from({"format": 1, "data": data, "runs": [{"optimizer": {"lr": 0.003}}]})
    scaled = experiment_from(
        {
            "format": 1,
            "data": data,
            "features": {"standardise": True},
            "runs": [{"optimizer": {"lr": 0.003}}],
        }
    )
    for experiment in (raw, scaled):
        with qtbot.waitSignal(session.opened, timeout=WAIT_MS):
            session.open(experiment)
        assert session.experiment == experiment


def test_the_file_travels_with_undo(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.mark_saved("/a.json")
    session.replace(preset("tutorial-5"))
    qtbot.waitUntil(lambda: session.is_settled and session.path is None, timeout=WAIT_MS)
    session.mark_saved("/b.json")
    session.undo()
    qtbot.waitUntil(lambda: session.path == "/a.json", timeout=WAIT_MS)
    assert not session.is_modified
    session.redo()
    qtbot.waitUntil(lambda: session.path == "/b.json", timeout=WAIT_MS)


def test_what_is_on_disk_is_what_counts_as_saved(qtbot: QtBot, start: Start) -> None:
    session = start()
    session.mark_saved("/a.json")
    session.apply({"optimizer.lr": 0.2})
    qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    session.mark_saved()
    session.undo()
    qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    assert session.is_modified


def test_modified_until_saved(qtbot: QtBot, start: Start) -> None:
    session = start()
    assert not session.is_modified
    session.apply({"optimizer.lr": 0.3})
    qtbot.waitUntil(lambda: session.is_modified, timeout=WAIT_MS)
    session.mark_saved()
    qtbot.waitUntil(lambda: not session.is_modified, timeout=WAIT_MS)


def test_a_command_that_fails_pauses_the_run_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    worker = Worker()
    said: list[str] = []
    worker.failed.connect(lambda message, _serial: said.append(str(message)))
    worker.load(Request(0, with_rate(0.1, 1000)))
    worker.play()
    worker.load(cast(Any, "not a request"))
    assert len(said) == 1
    assert "paused" in said[0]
    assert "AttributeError" in capsys.readouterr().err  # for the bug report
    worker.step(3)  # and it can go on
    worker.acknowledge()
    assert len(said) == 1
    worker.shut_down()


@pytest.mark.parametrize("speed", [None, 100_000.0])
def test_no_frame_is_computed_before_the_last_one_was_drawn(speed: float | None) -> None:
    """The worker in this thread: the window is as slow as the test wants it to be."""
    worker = Worker()
    snapshots: list[Snapshot] = []
    worker.snapshot_ready.connect(snapshots.append)
    worker.load(Request(0, with_rate(0.1, 10_000_000)))
    worker.set_speed(speed)
    worker.play()
    assert len(snapshots) == 1
    for _ in range(3):
        worker._tick()
    assert len(snapshots) == 1
    assert snapshots[-1].head == 0
    for frames in range(2, 5):
        worker.acknowledge()
        worker._tick()
        assert len(snapshots) == frames
    assert snapshots[-1].head < 200_000  # three frames' work, nothing that was caught up with
    worker.shut_down()


def three_runs(iterations: int = 60) -> Experiment:
    runs = [{"name": f"η {lr}", "optimizer": {"lr": lr}} for lr in (0.1, 0.2, 3.0)]
    return tutorial_2(runs=runs, stop={"iterations": iterations})


def settle(qtbot: QtBot, session: Session) -> Snapshot:
    """Wait for all answers and for the snapshot that shows the experiment as it is."""
    qtbot.waitUntil(lambda: session.is_settled, timeout=WAIT_MS)
    assert session.experiment is not None
    names = [run.name for run in session.experiment.runs]
    return until(qtbot, session, lambda s: [run.name for run in s.runs] == names)


def names(snapshot: Snapshot) -> list[str]:
    return [run.name for run in snapshot.runs]


def test_several_runs_end_with_the_rows_of_a_headless_run(qtbot: QtBot, start: Start) -> None:
    session = start(three_runs())
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS) as end:
        session.play()
    assert end.args[0] == "η 0.1"
    snapshot = until(qtbot, session, lambda s: s.is_over and not s.playing)
    assert session.experiment is not None
    for run, fresh in zip(snapshot.runs, run_experiment(session.experiment), strict=True):
        assert run.head == fresh.head
        assert np.array_equal(run.rows.params, fresh.history.rows().params)
        assert np.array_equal(run.rows.loss, fresh.history.rows().loss)


def test_edits_act_on_the_selected_run(qtbot: QtBot, start: Start) -> None:
    session = start(three_runs())
    session.select(1)
    until(qtbot, session, lambda s: s.selected == 1)
    assert session.selected == 1
    assert (session.can_undo, session.is_modified) == (False, False)
    session.apply({"optimizer.lr": 0.5})
    until(qtbot, session, partial(_has_rate, 0.5))
    assert session.experiment is not None
    assert [run.optimizer.lr for run in session.experiment.runs] == [0.1, 0.5, 3.0]
    assert (session.can_undo, session.is_modified) == (True, True)
    session.select(0)
    until(qtbot, session, lambda s: s.selected == 0)
    session.undo()  # brings back which run it was as well
    back = until(qtbot, session, lambda s: s.selected == 1)
    assert back.run.learning_rate == 0.2
    assert not session.is_modified


def two_losses() -> Experiment:
    runs = [
        *({"name": "squared", "loss": None}, {"name": "robust", "loss": {"kind": "huber"}}),
        {"name": "again", "loss": {"kind": "huber"}},
    ]
    return tutorial_2(runs=runs, stop={"iterations": 60})


def test_every_run_descends_its_own_loss(qtbot: QtBot, start: Start) -> None:
    session = start(two_losses())
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS):
        session.play()
    snapshot = until(qtbot, session, lambda s: s.is_over and not s.playing)
    squared, robust, again = (snapshot.problem_of(run) for run in snapshot.runs)
    assert (squared.neuron.loss_kind, robust.neuron.loss_kind) == ("mse", "huber")
    assert snapshot.problem is squared
    assert robust is again
    assert robust.dataset is squared.dataset
    for run, fresh in zip(snapshot.runs, run_experiment(two_losses()), strict=True):
        assert np.array_equal(run.rows.params, fresh.history.rows().params)
        assert np.array_equal(run.rows.train_loss, fresh.history.rows().train_loss)
    session.select(1)
    assert until(qtbot, session, lambda s: s.selected == 1).problem is robust


def test_a_runs_own_loss_is_edited_and_undone(qtbot: QtBot, start: Start) -> None:
    session = start(two_losses())
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS):
        session.play()
    session.select(1)
    before = until(qtbot, session, lambda s: s.selected == 1)
    session.apply({"loss.delta": 0.25})
    after = until(qtbot, session, lambda s: s.problem.neuron.delta == 0.25)
    assert after.head == after.cursor == 0
    for index in (0, 2):  # the others keep their rows
        assert after.runs[index].generation == before.runs[index].generation
        assert after.runs[index].head == 60
        assert after.problem_of(after.runs[index]) is before.problem_of(before.runs[index])
    assert session.experiment is not None
    assert session.experiment.loss == two_losses().loss
    session.undo()
    back = until(qtbot, session, lambda s: s.problem.neuron.delta == 1.0)
    assert back.problem is before.problem
    assert [run.head for run in back.runs] == [60, 60, 60]
    assert session.experiment == two_losses()


def test_newton_is_refused_by_the_loss_of_the_selected_run(qtbot: QtBot, start: Start) -> None:
    runs = [{"name": "squared"}, {"name": "absolute", "loss": {"kind": "mae"}}]
    session = start(tutorial_2(runs=runs))
    session.select(1)
    until(qtbot, session, lambda s: s.selected == 1)
    with pytest.raises(InputError, match="smooth loss"):
        session.apply({"optimizer.kind": "newton"})
    session.select(0)
    until(qtbot, session, lambda s: s.selected == 0)
    session.apply({"optimizer.kind": "newton"})
    until(qtbot, session, lambda s: kind_of(s.run.settings.optimizer) == "newton")


def test_a_run_with_a_loss_of_its_own_keeps_its_rate(qtbot: QtBot, start: Start) -> None:
    session = start()
    with qtbot.waitSignal(session.opened, timeout=WAIT_MS):
        session.open_table(CARS)
    until(qtbot, session, lambda s: s.run.learning_rate == 0.003)
    assert session.experiment is not None
    (run,) = session.experiment.runs
    own = msgspec.structs.replace(run, name="own", loss=Mse())
    session.set_runs((run, own))
    settle(qtbot, session)
    session.apply({"features.standardise": True})
    scaled = until(qtbot, session, lambda s: not s.problem.scaler.is_identity)
    assert [run.learning_rate for run in scaled.runs] == [0.5, 0.003]


def test_the_list_of_runs_is_edited_in_steps_of_undo(qtbot: QtBot, start: Start) -> None:
    session = start(three_runs())
    session.run_to_end()
    old = until(qtbot, session, lambda s: s.is_over)
    heads = [run.head for run in old.runs]
    begun = session.experiment

    session.add_run()
    added = settle(qtbot, session)
    assert names(added) == ["η 0.1", "η 0.2", "η 3.0", "η 0.1 2"]
    assert [run.head for run in added.runs] == [*heads, 60]
    assert added.selected == 3
    assert (session.can_undo, session.is_modified) == (True, True)
    session.rename_run(3, " mine ")
    settle(qtbot, session)
    session.remove_run(1)
    removed = settle(qtbot, session)
    assert names(removed) == ["η 0.1", "η 3.0", "mine"]
    assert removed.selected == 2
    assert [run.head for run in removed.runs] == [heads[0], heads[2], 60]

    for expected in (4, 4, 3):
        session.undo()
        assert len(settle(qtbot, session).runs) == expected
    assert session.experiment == begun
    assert (session.can_undo, session.is_modified) == (False, False)
    back = shown(session)
    for run, before in zip(back.runs, old.runs, strict=True):
        assert np.array_equal(run.rows.params, before.rows.params)
    for _ in range(3):
        session.redo()
        settle(qtbot, session)
    assert names(shown(session)) == ["η 0.1", "η 3.0", "mine"]
    assert [run.head for run in shown(session).runs] == [heads[0], heads[2], 60]


def test_all_runs_can_be_replaced(qtbot: QtBot, start: Start) -> None:
    session = start(with_rate(0.1, 60))
    session.step(20)
    old = until(qtbot, session, at(20))
    runs = tuple(Run(name=f"η {lr}", optimizer=Gd(lr=lr)) for lr in (0.1, 0.2, 0.8))
    session.set_runs(runs, 1)
    again = settle(qtbot, session)
    assert (again.selected, again.cursor) == (1, 0)
    assert [run.head for run in again.runs] == [0, 0, 0]
    assert again.problem is old.problem
    session.undo()
    back = until(qtbot, session, lambda s: len(s.runs) == 1)
    assert (back.cursor, back.head) == (20, 20)
    assert not session.can_undo


def test_runs_of_one_gesture_are_one_step_of_undo(qtbot: QtBot, start: Start) -> None:
    session = start()
    for lr in (0.2, 0.3):
        session.set_runs((Run(name="a", optimizer=Gd(lr=lr)), Run(name="b")), merge="compare")
        settle(qtbot, session)
    session.undo()
    assert names(settle(qtbot, session)) == ["GD"]
    assert not session.can_undo


def test_runs_that_cannot_be_are_refused_at_once(start: Start) -> None:
    session = start(three_runs())
    before = session.experiment
    twin = Run(name="a")
    for refused, what in (
        (partial(session.rename_run, 0, "η 0.2"), "Another run is called η 0.2 already."),
        (partial(session.rename_run, 0, "  "), "A run needs a name."),
        (partial(session.remove_run, 3), "There is no run number 4."),
        (partial(session.set_runs, (twin, twin)), "runs[1].name"),
        (partial(session.set_runs, ()), "runs: []"),
        (partial(session.set_runs, (twin,), 1), "There is no run number 2."),
    ):
        with pytest.raises(InputError, match=re.escape(what)):
            refused()
    session.rename_run(0, "η 0.1")  # its own name: nothing to do
    assert session.is_settled
    assert session.experiment == before
    assert not session.can_undo


def test_every_chosen_rate_goes_on_being_chosen(qtbot: QtBot, start: Start) -> None:
    session = start()
    with qtbot.waitSignal(session.opened, timeout=WAIT_MS):
        session.open_table(CARS)
    until(qtbot, session, lambda s: s.run.learning_rate == 0.003)
    session.add_run()
    settle(qtbot, session)
    session.add_run()
    settle(qtbot, session)
    session.apply({"optimizer.lr": 0.001})
    until(qtbot, session, lambda s: s.run.learning_rate == 0.001)
    session.apply({"features.standardise": True})
    scaled = until(qtbot, session, lambda s: not s.problem.scaler.is_identity)
    assert [run.learning_rate for run in scaled.runs] == [0.5, 0.5, 0.001]


def test_a_rate_chosen_for_a_table_goes_with_it_and_comes_back(qtbot: QtBot, start: Start) -> None:
    session = start()
    with qtbot.waitSignal(session.opened, timeout=WAIT_MS):
        session.open_table(CARS)
    until(qtbot, session, lambda s: s.run.learning_rate == 0.003)
    data = {"source": "synthetic", "kind": "two-classes"}
    session.apply({"data": data} | natural_model("two-classes", "mse"))
    until(qtbot, session, lambda s: s.problem.n_params == 3)
    assert shown(session).run.learning_rate == 0.1
    session.undo()
    until(qtbot, session, lambda s: s.problem.n_params == 2)
    assert shown(session).run.learning_rate == 0.003


def test_a_loss_of_its_own_is_given_changed_and_taken_back(qtbot: QtBot, start: Start) -> None:
    session = start(three_runs())
    session.run_to_end()
    before = until(qtbot, session, lambda s: s.is_over)
    session.set_own_loss(True)
    settle(qtbot, session)
    assert session.experiment is not None
    assert session.experiment.runs[0].loss == session.experiment.loss
    assert [run.generation for run in shown(session).runs] == [
        run.generation for run in before.runs
    ]
    assert shown(session).cursor == before.cursor
    session.apply({"loss.kind": "mae"})
    now = until(qtbot, session, lambda s: s.problem.neuron.loss_kind == "mae")
    assert [run.head for run in now.runs][1:] == [run.head for run in before.runs][1:]
    assert now.problem_of(now.runs[1]).neuron.loss_kind == "mse"
    session.undo()
    session.undo()
    until(qtbot, session, lambda s: s.problem.neuron.loss_kind == "mse")
    settle(qtbot, session)
    assert session.experiment == three_runs()


def test_undo_counts_shared_rows_once(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.live.session.MAX_UNDO_ROWS", 450)
    session = start(three_runs())
    session.run_to_end()
    until(qtbot, session, lambda s: s.is_over)
    for name in "abcdefgh":  # all the same 61 + 61 + 9 rows and 100 points
        session.rename_run(0, name)
        settle(qtbot, session)
    undone = 0
    while session.can_undo:
        session.undo()
        undone += 1
        settle(qtbot, session)
    assert undone == 8


def test_closing_in_the_middle_of_a_run_stops_the_thread(qtbot: QtBot) -> None:
    for _ in range(20):
        session = Session()
        session.open(with_rate(0.1, 10_000_000))
        session.set_speed(None)
        session.play()
        qtbot.waitUntil(partial(_has_begun, session), timeout=WAIT_MS)
        session.close()
        session.close()
    assert [thread.name for thread in threading.enumerate()] == ["MainThread"]
