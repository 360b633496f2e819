"""What an edit makes of an experiment."""

from __future__ import annotations

import msgspec
import pytest

from engine.experiment import (
    Batch,
    Change,
    Experiment,
    Huber,
    LogLoss,
    Mae,
    Mse,
    Run,
    TutorialData,
    kind_of,
    settings_at,
)
from engine.files.experiments import checked_experiment
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
