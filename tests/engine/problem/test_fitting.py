"""Which models, losses and data go together."""

from __future__ import annotations

from typing import Any

import pytest

from engine.messages import InputError
from engine.problem.fitting import LOSSES_OF, MOST_FEATURES
from engine.problem.problem import Problem
from engine.problem.sources import problem_of
from tests.engine.descents import CASES, experiment, problem_with


def built(model: str, x: list[Any], y: list[float], split: dict[str, Any] | None = None) -> Problem:
    data = {"source": "points", "x": x, "y": y}
    return problem_of(experiment(model, LOSSES_OF[model][0], data, split=split))


@pytest.mark.parametrize(("model", "loss"), CASES)
def test_every_loss_of_a_model_makes_a_problem(model: str, loss: str) -> None:
    problem = problem_with(model, loss)
    assert (problem.neuron.model, problem.neuron.loss_kind) == (model, loss)
    assert problem.has_classes is (model == "logistic")
    assert problem.names == ("b", "w")


def test_the_natural_loss_comes_first() -> None:
    natural = {model: losses[0] for model, losses in LOSSES_OF.items()}
    assert natural == {"line": "mse", "logistic": "log_loss", "tanh": "mse", "sine": "mse"}


@pytest.mark.parametrize("model", ["line", "tanh", "sine"])
def test_the_log_loss_needs_probabilities(model: str) -> None:
    with pytest.raises(InputError, match=f"the {model} model gives none"):
        experiment(model, "log_loss")


@pytest.mark.parametrize(
    ("y", "value"), [([0, 1, 2], "2"), ([-1, 1, 1], "-1"), ([0, 0.5, 1], "0.5"), ([1, 2, 3], "2")]
)
def test_labels_are_0_and_1(y: list[float], value: str) -> None:
    with pytest.raises(InputError) as refused:
        built("logistic", [1, 2, 3], y)
    assert str(refused.value) == (
        f"The logistic model needs labels 0 and 1, but y has the value {value}; "
        "choose another column or another model."
    )


def test_labels_for_validation_are_0_and_1_as_well() -> None:
    with pytest.raises(InputError, match="y has the value 7"):
        built("logistic", [1, 2, 3, 4], [0, 1, 0, 7], split={"train": 0.75})
    assert built("logistic", [1, 2, 3, 4], [0, 1, 0, 1], split={"train": 0.75}).n_points == 4


@pytest.mark.parametrize("model", list(LOSSES_OF))
def test_a_model_takes_so_many_features(model: str) -> None:
    most = MOST_FEATURES.get(model, 5)
    y = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    rows = [[float((i * j) % 5) for j in range(1, most + 2)] for i in range(6)]
    assert built(model, [row[:most] for row in rows], y).n_params == most + 1
    if model == "line":
        return
    with pytest.raises(InputError) as refused:
        built(model, rows, y)
    said = {
        1: f"The {model} model takes one feature, and the data have 2; choose one column or the "
        "line.",
        2: f"The {model} model takes at most 2 features, and the data have 3; choose fewer "
        "columns or the line.",
    }
    assert str(refused.value) == said[most]
