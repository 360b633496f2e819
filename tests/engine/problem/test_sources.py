"""From an experiment to the problems of its runs."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.experiment import Experiment, Features, Mse
from engine.files.experiments import experiment_from
from engine.problem.sources import problem_of, problems_of


def race(*losses: dict[str, Any] | None) -> Experiment:
    runs = [{"name": str(i), "loss": loss} for i, loss in enumerate(losses)]
    data = {"source": "tutorial", "name": "tutorial-2"}
    return experiment_from({"format": 1, "data": data, "runs": runs})


def test_runs_with_the_same_loss_share_one_problem_and_all_of_them_the_points() -> None:
    problems = problems_of(race({"kind": "mae"}, None, {"kind": "mae"}, {"kind": "mse"}))
    assert [problem.neuron.loss_kind for problem in problems] == ["mae", "mse", "mae", "mse"]
    assert problems[0] is problems[2]
    assert problems[1] is problems[3]  # its own loss, equal to that of the experiment
    assert len({id(problem.dataset) for problem in problems}) == 1


def test_what_is_known_is_taken_over() -> None:
    experiment = race({"kind": "mae"}, None)
    absolute, squared = problems_of(experiment)
    known = [(experiment.minimising(experiment.loss_of(0)), absolute)]
    assert problems_of(experiment, known)[0] is absolute
    known.append((experiment.minimising(Mse()), squared))
    assert problems_of(experiment, known) == (absolute, squared)
    scaled = msgspec.structs.replace(experiment, features=Features(scale=10.0))
    others = problems_of(scaled, known)
    assert all(problem.dataset is absolute.dataset for problem in others)
    assert all(problem.scaler is not absolute.scaler for problem in others)


def test_the_problem_of_an_experiment_is_that_of_its_own_loss() -> None:
    assert problem_of(race({"kind": "mae"})).neuron.loss_kind == "mse"
