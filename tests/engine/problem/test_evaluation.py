"""What the numbers panel says of parameters."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.experiment import Experiment, HalfMse, Huber, Loss, Mae, Mse, PointsData, Run
from engine.files.experiments import experiment_from, preset
from engine.problem.evaluation import evaluate
from engine.problem.problem import Problem
from engine.problem.sources import problem_of
from engine.types import Vector

START = np.array([0.4967141530112327, -0.13826430117118466])  # tutorial 2's b and w


def points(x: list[float], y: list[float], loss: Loss) -> Problem:
    return problem_of(Experiment(data=PointsData(list(x), y), runs=(Run(name="GD"),), loss=loss))


def test_tutorial_2_at_its_start() -> None:
    found = evaluate(problem_of(preset("tutorial-2")), START)
    # Tutorial 2's text for the training part; 60-digit arithmetic for the validation part.
    assert found.train.loss == pytest.approx(2.7421577700550976, rel=1e-14)
    assert_allclose(found.gradient, [-3.044811379650508, -1.8337537171510832], rtol=1e-14)
    assert found.validation is not None
    assert found.validation.loss == pytest.approx(2.3680355942554714, rel=1e-14)
    assert found.gradient_norm == pytest.approx(np.hypot(*found.gradient))
    assert found.to_truth is not None
    assert_allclose(found.to_truth, START - [1, 2])
    assert found.to_optimum is not None
    assert found.distance_to_optimum == pytest.approx(np.linalg.norm(found.to_optimum))


@pytest.mark.parametrize("standardise", [False, True])
def test_tutorial_2_at_least_squares(standardise: bool) -> None:
    tree = {
        "format": 1,
        "data": {"source": "tutorial", "name": "tutorial-2"},
        "features": {"standardise": standardise},
    }
    problem = problem_of(experiment_from(tree))
    assert problem.optimum.params is not None
    found = evaluate(problem, problem.optimum.params)
    # scikit-learn 1.9; a fit is as good in every unit.
    assert found.train.loss == pytest.approx(0.008044657695492986, rel=1e-12)
    assert found.train.r2 == pytest.approx(0.9783506319823165, rel=1e-12)
    assert found.train.rmse == pytest.approx(0.08969201578453338, rel=1e-12)
    assert found.validation is not None
    assert found.validation.loss == pytest.approx(0.008658500113449862, rel=1e-11)
    assert found.validation.r2 == pytest.approx(0.9611667545435196, rel=1e-11)
    assert found.distance_to_optimum == 0
    assert problem.truth is not None
    assert_allclose(problem.scaler.to_own_units(problem.truth), [1, 2])  # y = 1 + 2x + noise


@pytest.mark.parametrize(("kind", "loss"), [(Mse(), 4.0), (HalfMse(), 2.0)])
def test_half_the_loss_is_the_same_fit(kind: Loss, loss: float) -> None:
    # Residuals of ŷ = 0 at y = ±2: mean square 4, variance 4.
    problem = points([0, 1, 2, 3], [2, -2, 2, -2], kind)
    found = evaluate(problem, np.zeros(2)).train
    assert (found.loss, found.r2, found.rmse) == pytest.approx((loss, 0.0, 2.0))
    assert found.accuracy is None


def test_what_is_not_there_is_none() -> None:
    found = evaluate(points([0, 1], [1, 1], Mse()), np.zeros(2))
    assert found.validation is None
    assert found.to_truth is None
    assert np.isnan(found.train.r2)


@pytest.mark.parametrize("loss", [Mae(), Huber()])
def test_squares_that_overflow_are_infinite(loss: Loss) -> None:
    found = evaluate(points([0, 1e10], [1, 2], loss), np.array([0, 1e150])).train
    assert np.isfinite(found.loss)
    assert (found.rmse, found.r2) == (np.inf, -np.inf)


def test_classes_have_an_accuracy() -> None:
    asked = {"source": "points", "x": [-1, 0, 1, 2], "y": [0, 1, 1, 0]}
    problem = problem_of(
        experiment_from(
            {"format": 1, "data": asked, "split": {"train": 0.75}, "model": {"kind": "logistic"}}
        )
    )
    found = evaluate(problem, np.array([0.0, 1.0]))  # classes 0, 1 (ŷ = ½ is 1), 1 and 1
    assert found.validation is not None
    assert (found.train.accuracy, found.validation.accuracy) == (1.0, 0.0)


def test_the_penalty_is_in_the_loss_and_not_in_the_fit() -> None:
    problem = points([0, 1, 2, 3], [2, -2, 2, -2], Mse(l1=0.5, l2=0.25))
    found = evaluate(problem, np.array([0.0, 4.0]))
    bare = evaluate(points([0, 1, 2, 3], [2, -2, 2, -2], Mse()), np.array([0.0, 4.0]))
    assert found.train == bare.train
    assert found.loss == pytest.approx(bare.loss + 0.5 * 4 + 0.25 * 16)
    assert found.gradient - bare.gradient == pytest.approx([0, 0.5 + 2 * 0.25 * 4])


def test_parameters_are_left_alone() -> None:
    params: Vector = START.copy()
    evaluate(problem_of(preset("tutorial-2")), params)
    assert params.tolist() == START.tolist()
