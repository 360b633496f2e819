"""What an edit makes of an experiment."""

from __future__ import annotations

import msgspec
import pytest

from engine.experiment import (
    Adam,
    Batch,
    Change,
    Experiment,
    Gd,
    Huber,
    LogLoss,
    Mae,
    Mse,
    Run,
    Stop,
    TutorialData,
    kind_of,
    settings_at,
)
from engine.files.experiments import checked_experiment, experiment_from, preset
from engine.live import edits
from engine.messages import InputError


def test_a_later_change_that_no_longer_fits_is_dropped() -> None:
    """Newton's method cannot follow where the batch has become a part of the points."""
    run = Run(name="GD", changes=(Change(50, {"optimizer.kind": "newton"}),))
    experiment = Experiment(data=TutorialData("tutorial-4"), runs=(run,))
    settings = msgspec.structs.replace(settings_at(experiment, 0, 0), batch=Batch(size=16))
    edited = edits.with_change(experiment, 0, 10, settings, head=20)
    assert edited.runs[0].changes == (Change(10, {"batch.size": 16}),)
    checked_experiment(msgspec.to_builtins(edited))


def two_losses(selected: int = 1) -> edits.Asked:
    """A run without a loss of its own, and one that minimises Huber's; both are recorded."""
    runs = (Run(name="common"), Run(name="own", loss=Huber(delta=0.5, l2=0.1)))
    experiment = Experiment(data=TutorialData("tutorial-2"), runs=runs)
    asked = edits.anew(experiment, selected)
    return edits.Asked(experiment, selected, asked.settings, (0, 1))


def test_the_loss_of_a_run_is_edited_where_it_has_one() -> None:
    edited = edits.restarted(two_losses(), {"loss.delta": 0.25})
    assert edited.experiment.loss == Mse()
    assert edited.experiment.runs[1].loss == Huber(delta=0.25, l2=0.1)
    assert edited.kept == (0, None)  # the other run keeps its rows
    edited = edits.restarted(two_losses(), {"loss.kind": "mae"})
    assert edited.experiment.runs[1].loss == Mae(l2=0.1)
    edited = edits.restarted(two_losses(), {"loss": None})
    assert edited.experiment.runs[1].loss is None


@pytest.mark.parametrize("key", ["penalty.l1", "penalty", "runs.name", "title.kind", "loss.l3"])
def test_a_key_that_is_not_there_is_refused_in_a_sentence(key: str) -> None:
    with pytest.raises(InputError, match=rf"^{key}: there is no such key; allowed here: \w+, "):
        edits.restarted(two_losses(selected=0), {key: 0.1})


def test_a_run_gets_the_loss_that_it_has_for_its_own_and_keeps_its_rows() -> None:
    asked = two_losses(selected=0)
    edited = edits.with_own_loss(asked, True)
    assert [run.loss for run in edited.experiment.runs] == [Mse(), Huber(delta=0.5, l2=0.1)]
    assert edited.kept == (0, 1)
    assert edits.with_own_loss(edited, False) == asked


def test_a_run_without_its_loss_minimises_the_common_one_from_row_0() -> None:
    edited = edits.with_own_loss(two_losses(), False)
    assert [run.loss for run in edited.experiment.runs] == [None, None]
    assert edited.kept == (0, None)


def test_a_loss_stays_the_runs_own_where_its_method_cannot_minimise_the_common_one() -> None:
    asked = edits.restarted(two_losses(selected=0), {"loss.kind": "mae"})
    newton = edits.changed_anew(
        edits.Asked(asked.experiment, 1, asked.settings, asked.kept), {"optimizer.kind": "newton"}
    )
    with pytest.raises(InputError, match="smooth loss"):
        edits.with_own_loss(newton, False)


def test_a_run_without_a_loss_of_its_own_edits_that_of_the_experiment() -> None:
    edited = edits.restarted(two_losses(selected=0), {"loss.kind": "mae"})
    assert edited.experiment.loss == Mae()
    assert [run.loss for run in edited.experiment.runs] == [None, Huber(delta=0.5, l2=0.1)]
    assert edited.kept == (None, None)


def test_another_model_brings_its_loss_to_the_experiment_and_keeps_what_fits() -> None:
    classes = edits.restarted(two_losses(), {"model.kind": "logistic", "loss.kind": "log_loss"})
    assert classes.experiment.loss == LogLoss()
    assert classes.experiment.runs[1].loss == Huber(delta=0.5, l2=0.1)
    own = edits.restarted(classes, {"loss.kind": "log_loss"})
    assert own.experiment.runs[1].loss == LogLoss(l2=0.1)
    line = edits.restarted(own, {"model.kind": "line", "loss.kind": "mse"})
    assert line.experiment.loss == Mse()
    assert line.experiment.runs[1].loss is None


def test_a_loss_that_does_not_fit_the_model_is_refused_and_not_forgotten() -> None:
    with pytest.raises(InputError, match=r"runs\[1\]: loss.kind: the log loss"):
        edits.restarted(two_losses(), {"loss.kind": "log_loss"})


def test_a_live_change_is_checked_against_the_loss_of_the_run() -> None:
    asked = edits.restarted(two_losses(), {"loss.kind": "mae"})
    with pytest.raises(InputError, match="smooth loss"):
        edits.changed_anew(asked, {"optimizer.kind": "newton"})
    other = edits.changed_anew(two_losses(selected=0), {"optimizer.kind": "newton"})
    assert kind_of(other.experiment.runs[0].optimizer) == "newton"


def test_a_run_begun_again_keeps_its_loss() -> None:
    edited = edits.restarted(two_losses(), {"features.scale": 2.0})
    assert edited.experiment.runs[1].loss == Huber(delta=0.5, l2=0.1)


CLASSES = {
    "data": {"source": "synthetic", "kind": "two-classes"},
    "model.kind": "logistic",
    "loss.kind": "log_loss",
}


def test_the_recipe_of_a_tutorial_goes_with_the_tutorial() -> None:
    for name in ("tutorial-1", "tutorial-2", "tutorial-3"):
        asked = edits.anew(preset(name))
        edited = edits.restarted(asked, CLASSES).experiment
        wanted = experiment_from(
            {"format": 1, "data": CLASSES["data"], "model": {"kind": "logistic"}}
        )
        assert edited == wanted
    line = {"data": {"source": "synthetic"}, "model.kind": "line", "loss.kind": "half_mse"}
    edited = edits.restarted(edits.anew(preset("tutorial-3")), line).experiment
    assert edited == experiment_from({"format": 1, "data": {"source": "synthetic"}})


def test_a_tutorial_brings_its_recipe_to_what_nobody_changed() -> None:
    made_up = experiment_from({"format": 1, "data": {"source": "synthetic"}})
    values = {"data": {"source": "tutorial", "name": "tutorial-3"}}
    edited = edits.restarted(edits.anew(made_up), values).experiment
    assert msgspec.structs.replace(edited, title=preset("tutorial-3").title) == preset("tutorial-3")


def test_what_was_changed_stays_beside_other_data() -> None:
    asked = edits.anew(preset("tutorial-3"))
    for values in (
        {"optimizer.lr": 0.5},
        {"stop.iterations": 70},
        {"stop.gradient_norm": 1e-6},
    ):
        asked = edits.changed_anew(asked, values)
    asked = edits.restarted(asked, {"split.train": 0.6, "loss.l2": 0.1})
    edited = edits.restarted(asked, CLASSES).experiment
    assert edited.runs[0].optimizer == Gd(lr=0.5)
    assert edited.stop == Stop(70, gradient_norm=1e-6)
    assert edited.split.train == 0.6
    assert edited.loss == LogLoss(l2=0.1)


def test_rates_that_are_compared_stay_beside_other_data() -> None:
    """The tutorial's own is one of them, and stands in the name of its run."""
    runs = tuple(Run(name=f"η {rate}", optimizer=Gd(lr=rate)) for rate in (0.01, 0.1, 1.0))
    experiment = msgspec.structs.replace(preset("tutorial-3"), runs=runs)
    edited = edits.restarted(edits.anew(experiment), CLASSES).experiment
    assert [run.optimizer.lr for run in edited.runs] == [0.01, 0.1, 1.0]


def test_a_method_beside_gradient_descent_keeps_its_rate() -> None:
    runs = (Run(name="GD", optimizer=Gd(lr=0.01)), Run(name="Adam", optimizer=Adam(lr=0.01)))
    experiment = msgspec.structs.replace(preset("tutorial-3"), runs=runs)
    edited = edits.restarted(edits.anew(experiment), CLASSES).experiment
    assert [run.optimizer.lr for run in edited.runs] == [0.1, 0.01]
