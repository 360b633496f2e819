"""What a run that has not arrived says of what it waits for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.descents import ended, experiment, values


def sentence(*args: Any, **keys: Any) -> str:
    ending = ended(experiment(*args, **keys)).ending
    assert ending is not None
    return str(ending.message)


def one_neuron(model: str) -> dict[str, Any]:
    x = np.linspace(-3, 3, 25)
    y = np.tanh(1.5 * x - 0.5) if model == "tanh" else np.sin(2 * x + 0.5)
    return {"source": "points", "x": x.tolist(), "y": y.tolist()}


@pytest.mark.parametrize(
    ("start", "excess"), [([0.0, 0.5], "0.4414"), ([1.0, 4.5], "0.8916")]
)  # by autograd; the global minimum is 0
def test_a_sine_that_sticks_is_in_a_local_minimum(start: list[float], excess: str) -> None:
    stop, optimizer = {"iterations": 3000}, {"lr": 0.05}
    said = sentence(
        "sine", "mse", one_neuron("sine"), stop, start=values(start), optimizer=optimizer
    )
    assert said == (
        "Finished at iteration 3000, the last one. This is a local minimum: the loss here is "
        f"{excess} above the lowest that is known."
    )


def test_a_sine_that_arrives_says_nothing() -> None:
    stop, optimizer = {"iterations": 3000}, {"lr": 0.05}
    said = sentence(
        "sine", "mse", one_neuron("sine"), stop, start=values([0.0, 1.0]), optimizer=optimizer
    )
    assert said == "Finished at iteration 3000, the last one."


@pytest.mark.parametrize(
    ("model", "loss", "start"),
    [
        ("tanh", "mse", [12.0, 0.0]),
        ("tanh", "huber", [-9.0, 0.5]),
        ("logistic", "mse", [30.0, -5.0]),
        ("logistic", "half_mse", [-25.0, -1.0]),
    ],
)
def test_far_out_where_all_is_level_is_a_plateau(model: str, loss: str, start: list[float]) -> None:
    data = one_neuron("tanh") if model == "tanh" else None
    said = sentence(model, loss, data, {"iterations": 50}, start=values(start))
    assert said.startswith(
        "Finished at iteration 50, the last one. This is a plateau: the surface is almost level "
        "here, but the loss is "
    )


def test_a_run_on_its_way_says_nothing() -> None:
    for model, loss in (("tanh", "mse"), ("logistic", "log_loss"), ("line", "huber")):
        said = sentence(model, loss, stop={"iterations": 5})
        assert said == "Finished at iteration 5, the last one."


def test_a_gradient_below_rounding_cannot_be_reached() -> None:
    stop = {"iterations": 20_000, "gradient_norm": 1e-200}
    said = sentence("logistic", "log_loss", stop=stop, optimizer={"lr": 1.0})
    assert said.startswith("Finished at iteration 20000, the last one. The gradient, ")
    assert said.endswith(", is as short as rounding lets it become; 1e-200 cannot be reached.")
    reached = sentence("logistic", "log_loss", stop=stop | {"gradient_norm": 1e-10})
    assert "rounding" not in reached


@pytest.mark.parametrize("l2", [0.0, 0.125])
def test_a_slow_direction_is_named_with_its_share(l2: float) -> None:
    # λ of mean(r²) + λ₂w² for x = ±1/8: 2 for b and 2/64 + 2λ₂ for w
    data = {"source": "points", "x": [-0.125, 0.125], "y": [0.0, 1.0]}
    loss = {"kind": "mse", "l2": l2}
    said = sentence("line", loss, data, {"iterations": 20}, optimizer={"lr": 0.1})
    share = 10 * (2 / 64 + 2 * l2)
    assert said == (
        "Finished at iteration 20, the last one. It has not arrived: along the flattest direction "
        f"a step removes only {share:.2g} % of the error (η·λmin)."
    )


def test_other_methods_and_batches_do_not_wait_for_the_flattest_direction() -> None:
    data = {"source": "points", "x": [-0.125, 0.125], "y": [0.0, 1.0]}
    for run in ({"optimizer": {"kind": "momentum"}}, {"batch": {"size": 1}}):
        said = sentence("line", "mse", data, {"iterations": 20}, **run)
        assert said == "Finished at iteration 20, the last one."


@pytest.mark.parametrize(
    ("model", "loss", "start"),
    [
        ("line", {"kind": "huber", "delta": 0.1}, [50.0, 0.0]),
        ("logistic", "log_loss", [900.0, 0.0]),
    ],
)
def test_newton_says_why_it_stays_where_nothing_is_curved(
    model: str, loss: dict[str, Any] | str, start: list[float]
) -> None:
    run = {"start": values(start), "optimizer": {"kind": "newton"}}
    said = sentence(model, loss, stop={"iterations": 20}, **run)
    assert said == (
        "Finished at iteration 20, the last one. Newton's method stays where it is: the surface is "
        "straight here, without the curvature that says how far to go; start nearer to the optimum "
        "or choose another method."
    )
    slow = sentence(model, loss, stop={"iterations": 20}, start=values(start))
    assert "Newton" not in slow


def test_newton_that_arrives_says_nothing() -> None:
    run = {"start": values([0.5, 1.5]), "optimizer": {"kind": "newton"}}
    said = sentence("line", "huber", stop={"iterations": 50}, **run)
    assert said == "Finished at iteration 50, the last one."
