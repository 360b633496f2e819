"""Made-up data are what their documented recipes say, bit for bit."""

from __future__ import annotations

import time
from typing import Any, get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.experiment import Experiment, Model, SyntheticData, SyntheticKind
from engine.files.experiments import experiment_from
from engine.problem.sources import dataset_of, problem_of
from engine.problem.synthetic import RECIPES, make_points, natural_model, truth_for
from engine.types import Vector

KINDS: tuple[SyntheticKind, ...] = get_args(SyntheticKind)
CURVES: tuple[SyntheticKind, ...] = ("line", "two-features", "parabola", "sine", "tanh")
CLASSES: tuple[SyntheticKind, ...] = ("two-classes", "two-classes-one-feature")
N = 1000


def experiment(kind: str, model: Any = "line", **keys: Any) -> Experiment:
    tree = {"format": 1, "data": {"source": "synthetic", "kind": kind, **keys}}
    made = experiment_from(tree)
    return Experiment(data=made.data, runs=made.runs, model=Model(model))


def as_documented(kind: SyntheticKind, n: int, noise: float, seed: int) -> tuple[Vector, Vector]:
    """The formulas of docs/experiment-file.md, as one writes them with NumPy."""
    rng = np.random.default_rng(seed)
    if kind == "line":
        x = rng.random(n)
        return x[:, np.newaxis], 1 + 2 * x + noise * rng.standard_normal(n)
    if kind == "two-features":
        x = rng.normal(0, 1, (n, 2))
        return x, 2 - x[:, 0] + x[:, 1] + noise * rng.normal(0, 1, n)
    if kind == "parabola":
        x = rng.uniform(-1, 1, n)
        return x[:, np.newaxis], 1 + x + 2 * x**2 + noise * rng.normal(0, 1, n)
    if kind == "sine":
        x = rng.uniform(-3, 3, n)
        return x[:, np.newaxis], np.sin(0.5 + 2 * x) + noise * rng.normal(0, 1, n)
    if kind == "tanh":
        x = rng.uniform(-3, 3, n)
        return x[:, np.newaxis], np.tanh(-0.5 + 1.5 * x) + noise * rng.normal(0, 1, n)
    if kind == "two-classes":
        x = rng.normal(0, 1, (n, 2))
        z = -0.2 + 0.6 * x[:, 0] - 0.4 * x[:, 1]
        return x, np.where(z + noise * rng.logistic(0, 1, n) > 0, 1.0, 0.0)
    x = rng.normal(0, 1, n)
    z = -0.2 + 0.6 * x
    return x[:, np.newaxis], np.where(z + noise * rng.logistic(0, 1, n) > 0, 1.0, 0.0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("noise", "seed"), [(0.1, 0), (0.0, 7), (1.5, 2**32 - 1)])
def test_points_are_those_of_the_documented_formula(
    kind: SyntheticKind, noise: float, seed: int
) -> None:
    x, y = make_points(SyntheticData(kind, N, noise, seed))
    wanted_x, wanted_y = as_documented(kind, N, noise, seed)
    assert x.shape == (N, len(RECIPES[kind].features))
    assert x.dtype == y.dtype == np.float64
    assert_array_equal(x, wanted_x)
    assert_array_equal(y, wanted_y)


def test_every_kind_has_a_recipe_in_the_order_of_the_file() -> None:
    assert tuple(RECIPES) == KINDS
    assert set(KINDS) == {*CURVES, *CLASSES}


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_seed_changes_x(kind: SyntheticKind) -> None:
    x, y = make_points(SyntheticData(kind, N, 0.1, 3))
    for again in (SyntheticData(kind, N, 0.1, 3), SyntheticData(kind, N, 2.0, 3, 0.3)):
        assert_array_equal(make_points(again)[0], x)
    assert_array_equal(make_points(SyntheticData(kind, N, 0.1, 3))[1], y)
    assert not (make_points(SyntheticData(kind, N, 0.1, 4))[0] == x).any()


@pytest.mark.parametrize("kind", CURVES)
def test_outliers_lift_that_share_by_ten_standard_deviations(kind: SyntheticKind) -> None:
    x, y = make_points(SyntheticData(kind, N, 0.1, 3))
    same_x, lifted = make_points(SyntheticData(kind, N, 0.1, 3, 0.2))
    assert_array_equal(same_x, x)
    is_outlier = lifted != y
    assert is_outlier.sum() == 200
    assert_array_equal(lifted[is_outlier], y[is_outlier] + 10 * y.std())


@pytest.mark.parametrize("kind", CLASSES)
def test_outliers_among_classes_have_the_other_class(kind: SyntheticKind) -> None:
    y = make_points(SyntheticData(kind, N, 0.1, 3))[1]
    flipped = make_points(SyntheticData(kind, N, 0.1, 3, 0.2))[1]
    assert set(flipped.tolist()) == {0.0, 1.0}
    assert (flipped != y).sum() == 200


def test_outliers_are_drawn_last() -> None:
    stream = np.random.default_rng(5)
    stream.random(50)
    stream.standard_normal(50)
    chosen = stream.choice(50, 10, replace=False)
    y = make_points(SyntheticData("line", 50, 0.1, 5))[1]
    lifted = make_points(SyntheticData("line", 50, 0.1, 5, 0.2))[1]
    assert sorted(chosen.tolist()) == np.flatnonzero(lifted != y).tolist()


@pytest.mark.parametrize("kind", CLASSES)
def test_classes_follow_the_logistic_model_with_the_truth(kind: SyntheticKind) -> None:
    data = SyntheticData(kind, 400_000, 0.5, 1)
    x, y = make_points(data)
    truth = truth_for(data, "logistic")
    assert truth is not None
    assert truth.tolist() == [-0.4, 1.2, -0.8][: len(truth)]
    p = 1 / (1 + np.exp(-truth[0] - x @ truth[1:]))
    for low in np.arange(0.1, 0.9, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        n = inside.sum()
        assert n > 10_000
        assert abs(y[inside].mean() - p[inside].mean()) < 4 * 0.5 / np.sqrt(n)  # four sd


@pytest.mark.parametrize("kind", CLASSES)
def test_classes_without_noise_are_apart_and_with_more_overlap_more(kind: SyntheticKind) -> None:
    wrong = []
    for noise in (0.0, 0.1, 0.5, 2.0):
        x, y = make_points(SyntheticData(kind, N, noise, 1))
        z = -0.2 + x @ np.array([0.6, -0.4])[: x.shape[1]]
        wrong.append(int(((z > 0) != y).sum()))
    assert wrong[0] == 0
    assert wrong == sorted(set(wrong))
    assert wrong[-1] < N / 2


@pytest.mark.parametrize(
    ("kind", "model", "truth"),
    [
        ("line", "line", [1, 2]),
        ("two-features", "line", [2, -1, 1]),
        ("parabola", "line", None),
        ("sine", "sine", [0.5, 2]),
        ("tanh", "tanh", [-0.5, 1.5]),
        ("two-classes", "logistic", [-2, 6, -4]),
        ("two-classes-one-feature", "logistic", [-2, 6]),
    ],
)
def test_a_truth_is_that_of_one_model(
    kind: SyntheticKind, model: str, truth: list[float] | None
) -> None:
    for other in ("line", "polynomial", "logistic", "sine", "tanh"):
        found = dataset_of(experiment(kind, other)).truth
        if other != model or truth is None:
            assert found is None
        else:
            assert found is not None
            assert_allclose(found, truth, rtol=1e-15)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("noise", [0.0, 5e-324, 1e-13])
def test_classes_that_are_apart_have_no_finite_truth(kind: SyntheticKind, noise: float) -> None:
    assert truth_for(SyntheticData(kind, 10, noise), "logistic") is None


def test_another_model_of_the_same_points_has_another_truth() -> None:
    line = experiment("line")
    problem = problem_of(line)
    assert problem.dataset.truth is not None
    other = problem_of(experiment("line", "sine"), (line, problem)).dataset
    assert other.truth is None
    assert other.train is problem.dataset.train
    assert other.formula == problem.dataset.formula


@pytest.mark.parametrize("kind", KINDS)
def test_formulas_say_what_is_drawn(kind: SyntheticKind) -> None:
    x, y = make_points(SyntheticData(kind, N, 0.0))
    formula = RECIPES[kind].formula
    text = str(formula.values["formula"])
    for shown, python in (("−", "-"), ("·", "*"), ("x²", "x**2")):
        text = text.replace(shown, python)
    names = dict(zip(RECIPES[kind].features, x.T, strict=True))
    found = eval(text, {"sin": np.sin, "tanh": np.tanh}, names)
    assert_allclose(found > 0 if kind in CLASSES else found, y, atol=1e-14)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("line", "y = 1 + 2·x + noise"),
        ("two-features", "y = 2 − x1 + x2 + noise"),
        ("parabola", "y = 1 + x + 2·x² + noise"),
        ("sine", "y = sin(0.5 + 2·x) + noise"),
        ("tanh", "y = tanh(−0.5 + 1.5·x) + noise"),
        ("two-classes", "y = 1 where −0.2 + 0.6·x1 − 0.4·x2 + noise > 0, else 0"),
        ("two-classes-one-feature", "y = 1 where −0.2 + 0.6·x + noise > 0, else 0"),
    ],
)
def test_datasets_say_how_they_were_made(kind: SyntheticKind, sentence: str) -> None:
    dataset = dataset_of(experiment(kind))
    assert str(dataset.formula) == sentence
    assert dataset.features == RECIPES[kind].features


@pytest.mark.parametrize(
    ("kind", "loss", "model", "natural"),
    [
        ("line", "mse", "line", "mse"),
        ("two-features", "half_mse", "line", "half_mse"),
        ("parabola", "log_loss", "line", "mse"),
        ("line", "huber", "line", "huber"),
        ("sine", "mse", "sine", "mse"),
        ("tanh", "log_loss", "tanh", "mse"),
        ("two-classes", "mse", "logistic", "log_loss"),
        ("two-classes-one-feature", "half_mse", "logistic", "log_loss"),
    ],
)
def test_a_kind_of_data_brings_the_model_and_the_loss_that_fit(
    kind: SyntheticKind, loss: str, model: str, natural: str
) -> None:
    assert natural_model(kind, loss) == {"model.kind": model, "loss.kind": natural}
    problem_of(
        experiment_from(
            {
                "format": 1,
                "data": {"source": "synthetic", "kind": kind},
                "model": {"kind": model},
                "loss": {"kind": natural},
            }
        )
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_million_points_are_no_wait(kind: SyntheticKind) -> None:
    begin = time.process_time()
    x, y = make_points(SyntheticData(kind, 1_000_000, 0.1, 0, 0.1))
    assert time.process_time() - begin < 2.0  # a tenth of a second; a loop takes many
    assert len(x) == len(y) == 1_000_000
