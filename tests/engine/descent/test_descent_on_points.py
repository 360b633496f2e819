"""Runs whose loss looks at every point: recorded as by hand, and the same however driven."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.descent.descent import EVERY_ROW, Descent
from engine.messages import InputError
from engine.problem.sources import start_of
from engine.types import Vector
from tests.engine.descents import CASES, begun, ended, experiment, points, same, values

PENALTIES: list[dict[str, float]] = [{}, {"l2": 0.3}, {"l1": 0.2}]
CHANGES = [
    {"at": 9, "set": {"batch.size": 7}},
    {"at": 20, "set": {"optimizer.kind": "adam", "optimizer.lr": 0.05}},
    {"at": 33, "set": {"batch.size": None}},
    {"at": 41, "set": {"batch.size": 1, "batch.order": "sequential"}},
]


def loss_of(kind: str, penalty: dict[str, float]) -> dict[str, Any]:
    return {"kind": kind, **penalty}


# What is recorded


@pytest.mark.parametrize("size", [None, 8, 1])
@pytest.mark.parametrize("penalty", range(len(PENALTIES)))
@pytest.mark.parametrize(("model", "loss"), CASES)
def test_rows_replay_by_hand(model: str, loss: str, penalty: int, size: int | None) -> None:
    """θ ← θ − η∇L of each row's batch, in NumPy's own words."""
    asked = experiment(
        model, loss_of(loss, PENALTIES[penalty]), optimizer={"lr": 0.05}, batch={"size": size}
    )
    descent = ended(asked)
    rows, problem = descent.history.rows(), descent.problem
    l1, l2 = (PENALTIES[penalty].get(key, 0.0) for key in ("l1", "l2"))
    x, y = problem.x_train[:, 0], problem.dataset.train.y
    for k in range(len(rows)):
        b, w = rows.params[:, k]
        chosen = descent._batches.members(k)
        values_, slopes = problem.neuron.loss_and_slope(b + w * x[chosen], y[chosen])
        extra, pull = l2 * w**2 + l1 * abs(w), 2 * l2 * w + l1 * np.sign(w)
        assert rows.loss[k] == pytest.approx(values_.mean() + extra, rel=1e-11)
        gradient = [slopes.mean(), (slopes * x[chosen]).mean() + pull]
        assert_allclose(rows.gradient[:, k], gradient, rtol=1e-9, atol=1e-12)
        whole = problem.neuron.loss(b + w * x, y).mean()
        assert rows.train_loss[k] == pytest.approx(whole, rel=1e-11)
    steps = np.diff(rows.params, axis=1)
    assert_allclose(steps, -0.05 * rows.gradient[:, :-1], rtol=1e-9, atol=1e-15)
    if size is None:
        extra_of_all = l2 * rows.params[1] ** 2 + l1 * np.abs(rows.params[1])
        assert_allclose(rows.loss, rows.train_loss + extra_of_all, rtol=1e-12)


@pytest.mark.parametrize("loss", ["huber", "log_loss"])
def test_validation_is_the_loss_of_the_rest_without_penalty(loss: str) -> None:
    model = "logistic" if loss == "log_loss" else "line"
    asked = experiment(model, {"kind": loss, "l2": 1}, split={"train": 0.5}, batch={"size": 4})
    descent = ended(asked)
    rows, rest = descent.history.rows(), descent.problem.dataset.validation
    z = rows.params[0][:, np.newaxis] + rows.params[1][:, np.newaxis] * rest.x[:, 0]
    expected = descent.problem.neuron.loss(z, rest.y).mean(axis=1)
    assert_allclose(rows.validation_loss, expected, rtol=1e-12)


MANY = EVERY_ROW + 50


@pytest.fixture(scope="module")
def many() -> dict[str, Any]:
    return points("logistic", MANY, seed=3)


def test_many_points_are_all_looked_at_only_where_an_epoch_begins(many: dict[str, Any]) -> None:
    batch = {"size": 3000, "seed": 1}  # four batches: 3000, 3000, 3000, 1050
    descent = ended(experiment("logistic", "log_loss", many, {"iterations": 10}, batch=batch))
    rows = descent.history.rows()
    known = np.flatnonzero(~np.isnan(rows.train_loss))
    assert known.tolist() == [0, 4, 8]
    for k in known:
        expected = descent.problem.train.loss(rows.params[:, k].tolist())
        assert rows.train_loss[k] == pytest.approx(expected, rel=1e-12)
    assert np.isfinite(rows.loss).all()


def test_many_points_on_the_full_batch_have_all_losses(many: dict[str, Any]) -> None:
    asked = experiment("logistic", "log_loss", many, {"iterations": 5}, split={"train": 0.9})
    rows = ended(asked).history.rows()
    assert_array_equal(rows.loss, rows.train_loss)
    assert np.isfinite(rows.validation_loss).all()


def test_few_points_and_free_losses_are_known_at_every_row(many: dict[str, Any]) -> None:
    few = {"source": "points", "x": many["x"][:EVERY_ROW], "y": many["y"][:EVERY_ROW]}
    for model, loss, data in (("logistic", "log_loss", few), ("line", "mse", many)):
        asked = experiment(model, loss, data, {"iterations": 5}, batch={"size": 3000})
        rows = ended(asked).history.rows()
        assert np.isfinite(rows.train_loss).all()


def test_l1_on_a_line_stays_free_of_the_points(many: dict[str, Any]) -> None:
    asked = experiment("line", {"kind": "mse", "l1": 0.5}, many, {"iterations": 50})
    descent = ended(asked)
    rows = descent.history.rows()
    assert descent.problem.is_free
    assert descent._batches.size(0) == 0  # an update looks at no point
    assert_array_equal(rows.loss, rows.train_loss + 0.5 * np.abs(rows.params[1]))


# The same bits, however it is driven


@pytest.mark.parametrize("penalty", range(len(PENALTIES)))
@pytest.mark.parametrize(("model", "loss"), CASES)
@settings(max_examples=5)
@given(cuts=st.lists(st.integers(1, 30), max_size=8))
def test_any_slicing_gives_the_same_bits(
    model: str, loss: str, penalty: int, cuts: list[int]
) -> None:
    asked = experiment(
        *(model, loss_of(loss, PENALTIES[penalty])),
        stop={"iterations": 70},
        split={"train": 0.8},
        changes=CHANGES,
        batch={"size": 16},
    )
    whole = ended(asked).history.rows()
    for rows in ([*cuts, 1000], [1] * 71, [7] * 11):
        sliced = begun(asked)
        for count in rows:
            sliced.advance(count)
        assert same(sliced.history.rows(), whole)


def test_any_slicing_of_many_points_gives_the_same_bits(many: dict[str, Any]) -> None:
    stop = {"iterations": 30, "loss_change": 1e-3}
    asked = experiment("logistic", "log_loss", many, stop, batch={"size": 3000})
    whole = ended(asked)
    for count in (1, 3, 7):
        sliced = begun(asked)
        while sliced.advance(count):
            pass
        assert same(sliced.history.rows(), whole.history.rows())
        assert sliced.ending == whole.ending


@pytest.mark.parametrize("at", [1, 9, 14, 20, 35, 47, 60])
@pytest.mark.parametrize("case", [("logistic", "log_loss"), ("sine", "mse"), ("line", "mae")])
def test_a_branch_is_a_fresh_run_with_the_same_changes(case: tuple[str, str], at: int) -> None:
    kept = [change for change in CHANGES if int(str(change["at"])) < at]
    changes = [*kept, {"at": at, "set": {"batch.size": 5, "optimizer.lr": 0.02}}]
    old, asked = (
        experiment(*case, stop={"iterations": 70}, batch={"size": 16}, changes=list_)
        for list_ in (CHANGES, changes)
    )
    descent = ended(old)
    branch = Descent(descent.problem, asked, 0, descent.history.start, descent.prefix(at + 1))
    branch.advance(1000)
    assert same(branch.history.rows(), ended(asked).history.rows())


@pytest.mark.parametrize(("model", "loss"), CASES)
@settings(max_examples=10)
@given(
    at=st.integers(0, 60),
    steps=st.integers(-3, 80),
    size=st.sampled_from([None, 1, 8]),
    kind=st.sampled_from(["gd", "momentum", "adam", "newton"]),
)
def test_preview_is_what_is_then_recorded(
    model: str, loss: str, at: int, steps: int, size: int | None, kind: str
) -> None:
    if kind == "newton" and (size or loss == "mae"):
        return
    asked = experiment(
        model, loss, stop={"iterations": 60}, optimizer={"kind": kind}, batch={"size": size}
    )
    descent = begun(asked)
    descent.advance(at)
    head = descent.head
    path = descent.preview(steps)
    assert descent.head == head
    descent.advance(steps)
    recorded = descent.history.rows(head).params
    if descent.ending is not None and descent.ending.reason == "diverged":
        recorded = recorded[:, : max(1, recorded.shape[1] - 1)]
    assert_array_equal(path, recorded)


@pytest.mark.parametrize("penalty", range(len(PENALTIES)))
@pytest.mark.parametrize(("model", "loss"), CASES)
def test_order_of_the_points_does_not_matter_to_the_full_batch(
    model: str, loss: str, penalty: int
) -> None:
    data = points(model)
    order = np.random.default_rng(1).permutation(len(data["x"]))
    mixed = data | {key: np.array(data[key])[order].tolist() for key in ("x", "y")}
    if loss == "mae":  # its steps are ±: a residual on the other side of 0 is another path
        data, mixed = (made | {"y": [v + 50 for v in made["y"]]} for made in (data, mixed))
        if model != "line":
            return
    kind = loss_of(loss, PENALTIES[penalty])
    one, other = (ended(experiment(model, kind, made)).history.rows() for made in (data, mixed))
    assert_allclose(one.params, other.params, rtol=1e-9, atol=1e-9)
    assert_allclose(one.loss, other.loss, rtol=1e-9, atol=1e-9)


# Stops


@pytest.mark.parametrize("slice_", [1, 7, 1000])
@pytest.mark.parametrize(
    ("stop", "reason"),
    [({"gradient_norm": 0.02}, "gradient_norm"), ({"loss_change": 1e-4}, "loss_change")],
)
@pytest.mark.parametrize("case", [("logistic", "log_loss"), ("tanh", "mse"), ("line", "huber")])
def test_stops_look_at_all_points_on_batches_too(
    case: tuple[str, str], stop: dict[str, float], reason: str, slice_: int
) -> None:
    batch = {"size": 8}
    free = ended(experiment(*case, stop={"iterations": 600}, batch=batch))
    rows, objective = free.history.rows(), free.problem.objective
    norms = [float(np.hypot(*objective.gradient(row.tolist()))) for row in rows.params.T]
    changes = np.append(np.inf, np.abs(np.diff(rows.train_loss)))
    if reason == "gradient_norm":
        expected = int(np.argmax(np.array(norms) < stop["gradient_norm"]))
    else:
        bound = stop["loss_change"] * np.maximum(1, rows.train_loss)
        expected = int(np.argmax(changes <= bound))
    assert expected > 0
    descent = begun(experiment(*case, stop={"iterations": 600, **stop}, batch=batch))
    while descent.advance(slice_):
        pass
    assert descent.ending is not None
    assert (descent.ending.reason, descent.ending.iteration) == (reason, expected)
    assert descent.head == expected


def test_stops_on_many_points_look_where_all_losses_are_known(many: dict[str, Any]) -> None:
    batch = {"size": 3000}
    free = ended(experiment("logistic", "log_loss", many, {"iterations": 100}, batch=batch))
    loss = free.history.rows().train_loss[::4]
    settled = np.abs(np.diff(loss)) <= 2e-3
    expected = 4 * (1 + int(np.argmax(settled)))
    assert settled.any()
    stop = {"iterations": 400, "loss_change": 2e-3}
    ending = ended(experiment("logistic", "log_loss", many, stop, batch=batch)).ending
    assert ending is not None
    assert (ending.reason, ending.iteration) == ("loss_change", expected)


# Divergence


@pytest.mark.parametrize("slice_", [1, 7, 1000])
@pytest.mark.parametrize("size", [None, 1, 8])
@pytest.mark.parametrize("loss", ["mse", {"kind": "mse", "l1": 0.1}, {"kind": "huber", "l2": 5}])
def test_what_grows_beyond_every_bound_has_diverged(
    loss: Any, size: int | None, slice_: int
) -> None:
    asked = experiment(
        "line", loss, stop={"iterations": 2000}, optimizer={"lr": 5.0}, batch={"size": size}
    )
    descent = begun(asked)
    while descent.advance(slice_):
        pass
    rows, ending = descent.history.rows(), descent.ending
    assert ending is not None
    assert (ending.reason, ending.iteration) == ("diverged", descent.head)
    for column in (rows.params, rows.gradient, rows.loss, rows.train_loss):
        assert np.isfinite(column).all()
    assert descent.preview(10).shape[1] == 1


@pytest.mark.parametrize("kind", ["gd", "momentum", "adam", "rmsprop", "newton"])
@pytest.mark.parametrize(("model", "loss"), CASES)
@pytest.mark.parametrize(("size", "l2"), [(None, 0.0), (None, 0.1), (8, 0.1)])
def test_absurd_rates_end_without_an_error(
    model: str, loss: str, kind: str, size: int | None, l2: float
) -> None:
    if kind == "newton" and (size or loss == "mae"):
        return
    asked = experiment(
        *(model, {"kind": loss, "l2": l2}),
        stop={"iterations": 600},
        optimizer={"kind": kind, "lr": 1e12},
        batch={"size": size},
    )
    descent = ended(asked)
    rows = descent.history.rows()
    assert descent.ending is not None
    assert descent.ending.reason in ("iterations", "diverged")
    assert np.isfinite(rows.params).all()
    assert np.isfinite(rows.loss).all()


@pytest.mark.parametrize("size", [None, 1, 2])
@pytest.mark.parametrize(("model", "loss"), CASES)
def test_a_start_far_off_is_no_error(model: str, loss: str, size: int | None) -> None:
    start = values([1e150, -1e150])
    descent = ended(experiment(model, loss, start=start, batch={"size": size}))
    assert descent.head >= 0
    assert descent.history.rows().params[:, 0].tolist() == [1e150, -1e150]


# Newton


def test_newton_on_the_logistic_loss_doubles_its_digits() -> None:
    """Near the optimum the error is squared by each step (Nocedal & Wright 2006, theorem 3.5)."""
    asked = experiment(
        "logistic", "log_loss", stop={"iterations": 12}, optimizer={"kind": "newton"}
    )
    descent = ended(asked)
    rows = descent.history.rows()
    best = rows.params[:, -1]
    assert np.linalg.norm(rows.gradient[:, -1]) < 1e-15
    errors = np.linalg.norm(rows.params - best[:, np.newaxis], axis=0)
    late = [k for k in range(11) if 1e-7 < errors[k] < 0.3]
    assert len(late) >= 2
    for k in late:
        assert errors[k + 1] < errors[k] ** 2


def test_newton_does_not_climb_where_the_surface_is_indefinite() -> None:
    x = np.linspace(-3, 3, 25)
    sine = {"source": "points", "x": x.tolist(), "y": np.sin(2 * x + 0.5).tolist()}
    climbing = 0
    for b, w in itertools.product((-1.0, 0.0, 1.0), (0.8, 1.2, 2.6, 3.5)):
        optimizer = {"kind": "newton", "lr": 0.05}
        descent = begun(experiment("sine", "mse", sine, start=values([b, w]), optimizer=optimizer))
        start: Vector = descent.history.start
        eigenvalues = np.linalg.eigvalsh(descent.problem.objective.hessian_at(start.tolist()))
        if eigenvalues[0] > 0:
            continue
        climbing += 1
        descent.advance(1)
        assert descent.history.rows().loss[1] < descent.history.rows().loss[0]
    assert climbing >= 5


def test_newton_needs_what_curves() -> None:
    for loss in ("mae", {"kind": "mse", "l1": 0.1}):
        with pytest.raises(InputError, match="smooth loss"):
            experiment("line", loss, optimizer={"kind": "newton"})
    with pytest.raises(InputError, match="full batch"):
        experiment("sine", "mse", optimizer={"kind": "newton"}, batch={"size": 4})
    assert experiment("line", {"kind": "mse", "l2": 1}, optimizer={"kind": "newton"}).runs


def test_newton_that_overflows_has_diverged() -> None:
    """Of three parameters that are not finite no eigenvalues can be found."""
    stream = np.random.default_rng(0)
    x, y = stream.normal(size=(30, 2)).tolist(), stream.integers(0, 2, 30).tolist()
    ending = ended(
        experiment(
            *("logistic", {"kind": "log_loss", "l2": 0.1}),
            data={"source": "points", "x": x, "y": y},
            optimizer={"kind": "newton", "lr": 1e12},
        )
    ).ending
    assert ending is not None
    assert ending.reason == "diverged"


# The lessons' numbers


def test_logistic_rows_are_those_of_torch() -> None:
    stream = np.random.default_rng(7)
    x = stream.normal(0, 2, 40)
    y = (stream.random(40) < 1 / (1 + np.exp(-(1.2 * x - 0.4)))).astype(float)
    data = {"source": "points", "x": x.tolist(), "y": y.tolist()}
    asked = experiment("logistic", "log_loss", data, {"iterations": 1000}, optimizer={"lr": 0.5})
    rows = ended(asked).history.rows()
    assert x[0] == 0.0024603067149651485
    # torch 2.13 in float64: step, b, w, loss, ∂b, ∂w
    for step, *expected in (
        (0, 0.0, 0.0, 0.6931471805599453, 0.2, -0.6339328257921024),
        (1, -0.1, 0.3169664128960512, 0.5183305175548492, 0.1188132867169209, -0.38115062705456215),
        (
            *(3, -0.20029080519860076, 0.6436330497098759, 0.41489236578553806),
            *(0.06118693644104281, -0.21395381341329095),
        ),
        (
            *(100, -0.37767332011989296, 2.167582551580642, 0.29948662411773974),
            *(-0.00016709680216474287, -0.005442766608167705),
        ),
        (
            *(1000, -0.3745799142254807, 2.3127163473041388, 0.29910134699626),
            *(-5.271963421371595e-12, -6.570487660895186e-10),
        ),
    ):
        found = [*rows.params[:, step], rows.loss[step], *rows.gradient[:, step]]
        assert found == pytest.approx(expected, rel=1e-11, abs=1e-14)


# from torch in float64: where gd at 0.05 ends after 20,000 steps
@pytest.mark.parametrize(
    ("start", "end", "loss"),
    [
        ((0.0, 1.0), (0.5, 2.0), 0.0),
        ((0.0, 0.5), (-0.004766605202104287, -0.13614154497110376), 0.441405966409495),
        ((1.0, 4.5), (0.7717479436674876, 4.462867762621589), 0.8915787265354497),
    ],
)
def test_where_a_sine_ends_depends_on_its_start(
    start: tuple[float, float], end: tuple[float, float], loss: float
) -> None:
    x = np.linspace(-3, 3, 25)
    data = {"source": "points", "x": x.tolist(), "y": np.sin(2 * x + 0.5).tolist()}
    stop = {"iterations": 20_000, "gradient_norm": 1e-14}
    asked = experiment("sine", "mse", data, stop, start=values(list(start)), optimizer={"lr": 0.05})
    rows = ended(asked).history.rows()
    assert_allclose(rows.params[:, -1], end, atol=1e-12)
    assert rows.loss[-1] == pytest.approx(loss, abs=1e-14)


# A property


@given(
    seed=st.integers(0, 2**32 - 1),
    share=st.floats(0.01, 0.999),
    l2=st.sampled_from([0.0, 0.1, 3.0]),
    kind=st.sampled_from(["mse", "half_mse"]),
)
@settings(max_examples=40)
def test_below_the_largest_eigenvalue_a_quadratic_never_rises(
    seed: int, share: float, l2: float, kind: str
) -> None:
    data = points("line", seed=seed)
    probe = begun(experiment("line", {"kind": kind, "l2": l2}, data))
    assert probe.problem.curvature is not None
    rate = share / probe.problem.curvature.largest
    asked = experiment("line", {"kind": kind, "l2": l2}, data, optimizer={"lr": rate})
    loss = ended(asked).history.rows().loss
    assert (np.diff(loss) <= 1e-14 * loss[:-1]).all()
    assert loss[-1] < loss[0]


def test_a_start_is_that_of_the_experiment() -> None:
    asked = experiment("tanh", "mse", start=values([0.25, -0.5]))
    descent = begun(asked)
    assert start_of(asked, asked.runs[0], descent.problem).tolist() == [0.25, -0.5]
    assert descent.history.start.tolist() == [0.25, -0.5]
