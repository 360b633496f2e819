"""Runs with losses of their own, without a window."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from engine.experiment import Experiment
from engine.files.experiments import experiment_from
from engine.files.trajectories import readable, summary
from engine.headless import run_experiment

LOSSES: tuple[dict[str, Any], ...] = (
    {"kind": "mse", "l2": 0.01},
    {"kind": "huber", "delta": 0.3},
    {"kind": "mae"},
)


def race(**keys: Any) -> Experiment:
    """Three runs on the same points with outliers, each with a loss of its own."""
    runs = [
        {"name": loss["kind"], "loss": loss, "batch": {"size": 16, "seed": 3}} for loss in LOSSES
    ]
    data = {"source": "synthetic", "kind": "line", "n": 60, "outliers": 0.05}
    return experiment_from(
        {"format": 1, "data": data, "runs": runs, "stop": {"iterations": 200}} | keys
    )


def test_losses_side_by_side_are_three_experiments_bit_for_bit() -> None:
    experiment = race(split={"train": 0.75, "seed": 2})
    together = run_experiment(experiment)
    for index, descent in enumerate(together):
        run = msgspec.structs.replace(experiment.runs[index], loss=None)
        own = experiment.minimising(experiment.loss_of(index))
        (alone,) = run_experiment(msgspec.structs.replace(own, runs=(run,)))
        rows, wanted = descent.history.rows(), alone.history.rows()
        for name in ("params", "gradient", "loss", "train_loss", "validation_loss"):
            assert np.array_equal(getattr(rows, name), getattr(wanted, name), equal_nan=True)
        assert descent.ending == alone.ending
        assert summary(together)["runs"][index] == summary([alone])["runs"][0]


def test_the_curvature_is_named_after_the_run_whose_loss_it_is() -> None:
    descents = run_experiment(race())
    assert readable(descents, summary(descents)).endswith("   for the loss of mse")
    common = run_experiment(race(runs=[{"name": "one"}, {"name": "two"}]))
    assert "for the loss of" not in readable(common, summary(common))


def test_the_outliers_pull_the_squared_error_only() -> None:
    """Not one of the others leaves the true line 1 + 2x as far as the mean squared error does."""
    runs = [{"name": loss["kind"], "loss": loss} for loss in LOSSES]
    squared, huber, absolute = (
        np.linalg.norm(descent.history.rows().params[:, -1] - np.array([1.0, 2.0]))
        for descent in run_experiment(race(runs=runs, stop={"iterations": 5000}))
    )
    assert huber < squared / 2
    assert absolute < squared / 2
