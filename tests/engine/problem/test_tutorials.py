"""The tutorials' data, starts and splits come out of NumPy's frozen streams bit for bit."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.experiment import kind_of
from engine.files.experiments import preset
from engine.headless import run_experiment
from engine.problem.sources import dataset_of, problem_of, start_of
from engine.problem.tutorials import TUTORIALS, recipe
from engine.types import Vector


def checksum(values: Vector) -> str:
    return hashlib.sha256(np.ascontiguousarray(values, dtype="<f8").tobytes()).hexdigest()


# SHA-256 of x and y as little-endian float64, and the first values, run as the texts write them.
@pytest.mark.parametrize(
    ("name", "part", "n", "x", "y", "first_x", "first_y"),
    [
        *(
            (
                *(name, "train", 100),
                "716d2b890b84273c4a4e3b2280d87c5e15923728876fd8fb10ec529dd38747f1",
                "07d08a71842b567eecfdbdffa895f14b7e8989ab1ed0ab195fc4902b213ed6d1",
                [1.0976270078546495, 1.430378732744839, 1.2055267521432877],
                [6.127731182780592, 9.191962685188704, 8.082242696160323],
            )
            for name in ("tutorial-1", "tutorial-4")
        ),
        (
            *("tutorial-2", "train", 80),
            "6de4eb133651890de195228c015dae82a1777822acc2115ae332895f1cc10f4b",
            "eff4da0ae9aef7495a4c7fde495934ad4890e054ab509b76ec79a85064ab79fc",
            [0.7712703466859457, 0.06355835028602363, 0.8631034258755935],
            [2.474538221214042, 1.1927720614354302, 2.912784302865663],
        ),
        (
            *("tutorial-2", "validation", 20),
            "47db4f53c34fee332d89836d8d6d3e3706317b8f523abc569475851df16428e6",
            "25e27d9ccaf92d1f1de5f411cb642b3be2a7e822cbafa86cfa34c73315137dc3",
            [0.3046137691733707, 0.15599452033620265, 0.662522284353982],
            [1.615250559340844, 1.34770029782358, 2.2341058232284903],
        ),
    ],
)
def test_points_are_those_of_the_text(
    name: str, part: str, n: int, x: str, y: str, first_x: list[float], first_y: list[float]
) -> None:
    points = getattr(dataset_of(preset(name)), part)
    assert points.x.shape == (n, 1)
    assert points.x[:3, 0].tolist() == first_x
    assert points.y[:3].tolist() == first_y
    assert (checksum(points.x), checksum(points.y)) == (x, y)


@pytest.mark.parametrize(
    ("name", "start", "truth"),
    [
        # b and w drawn as the texts do: tutorials 1 and 4 swap the same two numbers.
        ("tutorial-1", [-1.3749512934180188, -0.35399391125348395], [4, 3]),
        ("tutorial-2", [0.4967141530112327, -0.13826430117118466], [1, 2]),
        ("tutorial-4", [-0.35399391125348395, -1.3749512934180188], [4, 3]),
    ],
)
def test_start_and_truth_are_those_of_the_text(
    name: str, start: list[float], truth: list[float]
) -> None:
    experiment = preset(name)
    problem = problem_of(experiment)
    assert start_of(experiment, experiment.runs[0], problem).tolist() == start
    assert problem.truth is not None
    assert problem.truth.tolist() == truth


@pytest.mark.parametrize(
    ("name", "loss", "rate", "iterations", "n_validation"),
    [
        ("tutorial-1", "mse", 0.01, 1000, 0),
        ("tutorial-2", "mse", 0.1, 1000, 20),
        ("tutorial-3", "half_mse", 0.01, 3, 0),
        ("tutorial-4", "mse", 0.1, 1000, 0),
        ("tutorial-5", "mse", 0.01, 1000, 0),
    ],
)
def test_settings_are_those_of_the_text(
    name: str, loss: str, rate: float, iterations: int, n_validation: int
) -> None:
    experiment = preset(name)
    assert kind_of(experiment.loss) == loss
    assert experiment.runs[0].optimizer.lr == rate
    assert experiment.stop.iterations == iterations
    assert dataset_of(experiment).validation.n == n_validation
    assert list(TUTORIALS) == [f"tutorial-{i}" for i in range(1, 6)]


def test_a_start_belongs_to_whoever_asks() -> None:
    experiment = preset("tutorial-2")
    start = start_of(experiment, experiment.runs[0], problem_of(experiment))
    start += 1
    assert recipe("tutorial-2").start[0] == 0.4967141530112327


def test_tutorial_3_is_far_from_converged_after_its_three_epochs() -> None:
    made = recipe("tutorial-3")
    problem = problem_of(preset("tutorial-3"))
    descent = run_experiment(preset("tutorial-3"))[0]
    rows = descent.history.rows()

    assert made.x.shape == (1000, 2)
    assert made.start[0] == 0
    # The noise has sd 0.1, so half its mean square is 0.005; bounds are 6 sd of 1000 draws.
    assert problem.optimum.loss == pytest.approx(0.005, abs=0.0014)
    assert problem.optimum.params is not None
    assert_allclose(problem.optimum.params, [2, -1, 1], atol=0.02)
    # The range of 4,000 fresh seeds after three epochs.
    assert 1.9357 < 2 - rows.params[0, 3] < 1.9450
    assert 2.36 < rows.train_loss[3] < 3.52
    # Every eigenvalue of the Hessian is about 1: the excess shrinks by (1 − 0.01)² an epoch.
    assert rows.train_loss[1] / rows.train_loss[0] == pytest.approx(0.9801, abs=0.005)


def test_tutorial_5_converges_to_its_truth() -> None:
    descent = run_experiment(preset("tutorial-5"))[0]
    last = descent.history.rows(descent.head)
    # Five standard deviations over 20,000 fresh seeds.
    assert 1.95 < last.params[0, 0] < 2.05
    assert 2.95 < last.params[1, 0] < 3.05
    assert 0.004 < last.train_loss[0] < 0.018
    best = descent.problem.optimum.params
    assert best is not None
    assert_allclose(last.params[:, 0], best, atol=1e-4)
