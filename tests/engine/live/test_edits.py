"""What an edit makes of an experiment."""

from __future__ import annotations

import msgspec

from engine.experiment import Batch, Change, Experiment, Run, TutorialData, settings_at
from engine.files.experiments import checked_experiment
from engine.live import edits


def test_a_later_change_that_no_longer_fits_is_dropped() -> None:
    """Newton's method cannot follow where the batch has become a part of the points."""
    run = Run(name="GD", changes=(Change(50, {"optimizer.kind": "newton"}),))
    experiment = Experiment(data=TutorialData("tutorial-4"), runs=(run,))
    settings = msgspec.structs.replace(settings_at(experiment, 0, 0), batch=Batch(size=16))
    edited = edits.with_change(experiment, 0, 10, settings, head=20)
    assert edited.runs[0].changes == (Change(10, {"batch.size": 16}),)
    checked_experiment(msgspec.to_builtins(edited))
