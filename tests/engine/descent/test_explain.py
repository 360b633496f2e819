"""An explanation agrees with what was recorded and with NumPy written anew."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.descent import explain as module
from engine.descent.descent import Descent
from engine.descent.explain import Explanation, StopRule, explain
from engine.descent.formulas import (
    ACTIVATION_SLOPES,
    LOSS_SLOPES,
    LOSSES,
    PREDICTIONS,
    UPDATES,
    formulas_of,
)
from engine.descent.optimizers import OPTIMIZERS
from engine.files.experiments import experiment_from
from engine.problem.neuron import Neuron
from engine.problem.penalty import Penalty
from engine.problem.sources import problem_of, start_of

TUTORIAL_2: dict[str, Any] = {"source": "tutorial", "name": "tutorial-2"}
TUTORIAL_4: dict[str, Any] = {"source": "tutorial", "name": "tutorial-4"}


def descended(rows: int, **keys: Any) -> Descent:
    """A run of an experiment's keys; those of the run stand among them."""
    run: dict[str, Any] = {
        name: keys.pop(name) for name in ("start", "optimizer", "batch") if name in keys
    }
    run["changes"] = keys.pop("changes", [])
    asked = experiment_from({"format": 1, "runs": [{"name": "run", **run}], **keys})
    problem = problem_of(asked)
    descent = Descent(problem, asked, 0, start_of(asked, asked.runs[0], problem))
    descent.advance(rows)
    return descent


def explained(descent: Descent, row: int, **more: Any) -> Explanation:
    return explain(
        descent.problem,
        descent.settings(row),
        descent.history.rows(),
        row,
        descent.place(row),
        descent.before(row),
        **more,
    )


def points_of(n: int = 23, features: int = 1, labels: bool = False) -> dict[str, Any]:
    random = np.random.default_rng(3)
    x = random.uniform(-1, 2, size=(n, features))
    y = np.sin(2 * x[:, 0]) + 0.3 * random.standard_normal(n)
    if labels:
        y = (y > 0.4).astype(float)
    return {"source": "points", "x": x.tolist(), "y": y.tolist()}


# What the tutorials print


def test_row_0_of_tutorial_2_is_what_it_prints() -> None:
    it = explained(descended(3, data=TUTORIAL_2, optimizer={"kind": "gd", "lr": 0.1}), 0)
    # Tutorial 2's figure 3: its first training point.
    assert it.terms.x[0, 0] == pytest.approx(0.7712703466859457, rel=1e-14)
    assert it.terms.y[0] == pytest.approx(2.474538221214042, rel=1e-14)
    assert it.terms.prediction[0] == pytest.approx(0.3900749975126431, rel=1e-14)
    assert it.terms.error[0] == pytest.approx(-2.084463223701399, rel=1e-14)
    # Its text: loss, gradients, b and w after one update.
    assert it.loss == pytest.approx(2.7421577700550976, rel=1e-14)
    assert_allclose(it.gradient, [-3.044811379650508, -1.8337537171510832], rtol=1e-14)
    assert_allclose(it.terms.products.mean(axis=1), it.gradient, rtol=1e-14)
    assert it.update is not None
    assert_allclose(it.update.params, [0.80119529, 0.04511107], atol=5e-9)
    assert it.n == len(it.terms) == 80
    assert it.formulas.predict == ("ŷ = b + w·x",)
    assert it.formulas.loss == ("ℓ = (ŷ − y)²", "L = (1/n)·Σᵢ ℓᵢ")
    assert it.formulas.update == ("g = ∇L", "θ ← θ − η·g")


def test_the_gradient_at_tutorial_2s_grid_point_is_that_of_its_figure_8() -> None:
    start = {"kind": "values", "values": [0.52, -0.16]}
    it = explained(descended(0, data=TUTORIAL_2, start=start), 0)
    # Exact derivatives beside the figure's ratios −2.90 and −1.79, in 60-digit arithmetic.
    assert_allclose(it.gradient, [-3.0187781364685393, -1.825530552883613], rtol=1e-13)
    assert_allclose(it.terms.products.mean(axis=1), it.gradient, rtol=1e-13)


# Adam from tutorial 4's start: parameters after k steps of torch.optim.Adam, rate 0.1.
TORCH_ADAM = {
    1: (-0.25399391131106624, -1.2749512934698064),
    2: (-0.1540593910377468, -1.1750170727912883),
    3: (-0.05423597031686431, -1.0751944698991391),
    10: (0.6373155828252903, -0.3836845997119345),
}


def test_adams_states_lead_where_torch_goes() -> None:
    descent = descended(10, data=TUTORIAL_4, optimizer={"kind": "adam", "lr": 0.1})
    m = v = np.zeros(2)
    for row in range(10):
        it = explained(descent, row)
        update = it.update
        assert update is not None
        assert update.count == row + 1
        assert_allclose(update.before["m"], m, rtol=1e-14, atol=0)
        assert_allclose(update.before["v"], v, rtol=1e-14, atol=0)
        m, v = 0.9 * m + 0.1 * it.gradient, 0.999 * v + 0.001 * it.gradient**2
        assert_allclose(update.after["m"], m, rtol=1e-14)
        assert_allclose(update.after["v"], v, rtol=1e-14)
        m_hat, v_hat = m / (1 - 0.9 ** (row + 1)), v / (1 - 0.999 ** (row + 1))
        assert_allclose(update.corrected["m̂"], m_hat, rtol=1e-14)
        assert_allclose(update.corrected["v̂"], v_hat, rtol=1e-14)
        assert_allclose(update.delta, -0.1 * m_hat / (np.sqrt(v_hat) + 1e-8), rtol=1e-13)
        if row + 1 in TORCH_ADAM:
            assert_allclose(update.params, TORCH_ADAM[row + 1], rtol=1e-12)


# Every model, loss, penalty, optimizer and batch, against NumPy written anew

MODELS: dict[str, Any] = {
    "line": (lambda z: z, lambda z: np.ones_like(z)),
    "logistic": (
        lambda z: 1 / (1 + np.exp(-z)),
        lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    ),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "sine": (np.sin, np.cos),
}
"""ŷ of z, and its derivative."""

POINT_LOSSES: dict[str, Any] = {
    "mse": (lambda p, y: (p - y) ** 2, lambda p, y: 2 * (p - y)),
    "half_mse": (lambda p, y: (p - y) ** 2 / 2, lambda p, y: p - y),
    "mae": (lambda p, y: np.abs(p - y), lambda p, y: np.sign(p - y)),
    "huber": (
        lambda p, y: np.where(np.abs(p - y) <= 0.7, (p - y) ** 2 / 2, 0.7 * (np.abs(p - y) - 0.35)),
        lambda p, y: np.clip(p - y, -0.7, 0.7),
    ),
    "log_loss": (
        lambda p, y: -(y * np.log(p) + (1 - y) * np.log(1 - p)),
        lambda p, y: -y / p + (1 - y) / (1 - p),
    ),
}
"""ℓ of ŷ and y with δ = 0.7, and its derivative by ŷ."""

CASES = [
    *(("line", loss) for loss in ("mse", "half_mse", "mae", "huber")),
    *((model, loss) for model in ("tanh", "sine") for loss in ("mse", "huber")),
    *(("logistic", loss) for loss in ("log_loss", "mse", "mae")),
]


def loss_keys(kind: str, l1: float = 0.0, l2: float = 0.0) -> dict[str, Any]:
    delta = {"delta": 0.7} if kind == "huber" else {}
    return {"kind": kind, "l1": l1, "l2": l2, **delta}


@pytest.mark.parametrize("penalty", [(0.0, 0.0), (0.02, 0.05)])
@pytest.mark.parametrize("size", [None, 1, 5])
@pytest.mark.parametrize(("model", "loss"), CASES)
def test_every_number_of_a_row_is_numpys(
    model: str, loss: str, size: int | None, penalty: tuple[float, float]
) -> None:
    l1, l2 = penalty
    descent = descended(
        7,
        data=points_of(labels=model == "logistic"),
        model={"kind": model},
        loss=loss_keys(loss, l1, l2),
        start={"kind": "values", "values": [0.3, -0.4]},
        optimizer={"kind": "gd", "lr": 0.05},
        batch={"size": size, "seed": 4},
    )
    predict, inner = MODELS[model]
    value, outer = POINT_LOSSES[loss]
    train = descent.problem.dataset.train
    for row in (0, 3, 4, 7):
        it = explained(descent, row)
        if size is None:
            chosen = np.arange(23)
        else:  # the documented shuffle of the epoch
            epoch, batch = divmod(row, -(-23 // size))
            order = np.random.default_rng([4, epoch]).permutation(23)
            chosen = order[batch * size : (batch + 1) * size]
        assert_array_equal(it.terms.positions, chosen)
        assert it.n == len(chosen) == len(it.terms)
        x, y = train.x[chosen, 0], train.y[chosen]
        b, w = descent.history.rows().params[:, row]
        z = b + w * x
        near: dict[str, Any] = {"rtol": 1e-12, "atol": 1e-14}
        assert_allclose(it.terms.x, [x], rtol=0)
        assert_allclose(it.terms.y, y, rtol=0)
        assert_allclose(it.terms.z, z, **near)
        assert_allclose(it.terms.prediction, predict(z), **near)
        assert_allclose(it.terms.error, predict(z) - y, **near)
        assert_allclose(it.terms.loss, value(predict(z), y), **near)
        assert_allclose(it.terms.outer, outer(predict(z), y), **near)
        assert_allclose(it.terms.inner, inner(z), **near)
        assert_array_equal(it.terms.features, [np.ones_like(x), x])
        slope = outer(predict(z), y) * inner(z)
        assert_allclose(it.terms.slope, slope, **near)
        assert_allclose(it.terms.products, [slope, slope * x], **near)
        assert_allclose(it.data_loss, value(predict(z), y).mean(), **near)
        assert_allclose(it.penalty, l1 * abs(w) + l2 * w * w, **near)
        assert_allclose(it.loss, it.data_loss + it.penalty, **near)
        assert_allclose(it.data_gradient, [slope.mean(), (slope * x).mean()], **near)
        assert_allclose(it.penalty_gradient, [0, 2 * l2 * w + l1 * np.sign(w)], **near)
        assert_allclose(it.gradient, it.data_gradient + it.penalty_gradient, **near)


def test_several_features_have_a_factor_each() -> None:
    descent = descended(4, data=points_of(features=3), optimizer={"kind": "gd", "lr": 0.05})
    it = explained(descent, 4)
    x = descent.problem.dataset.train.x
    assert_array_equal(it.terms.features, np.vstack((np.ones(23), x.T)))
    assert_allclose(it.terms.products.mean(axis=1), it.gradient, rtol=1e-12)
    assert it.names == ("b", "w1", "w2", "w3")
    assert it.formulas.predict == ("ŷ = b + w₁·x₁ + w₂·x₂ + w₃·x₃",)


def test_a_log_loss_far_out_keeps_its_slope() -> None:
    data = {"source": "points", "x": [0.0, 1.0], "y": [1.0, 0.0]}
    start = {"kind": "values", "values": [-800.0, 1600.0]}
    descent = descended(
        0, data=data, model={"kind": "logistic"}, loss={"kind": "log_loss"}, start=start
    )
    terms = explained(descent, 0).terms
    assert terms.outer.tolist() == [-np.inf, np.inf]
    assert terms.slope.tolist() == [-1.0, 1.0]
    assert terms.loss.tolist() == [800.0, 800.0]


# The update

OPTIMIZER_KEYS: dict[str, dict[str, Any]] = {
    "gd": {"lr": 0.03, "weight_decay": 0.1},
    "momentum": {"lr": 0.02, "momentum": 0.8, "weight_decay": 0.1},
    "nesterov": {"lr": 0.02, "momentum": 0.8, "weight_decay": 0.1},
    "adagrad": {"lr": 0.3, "weight_decay": 0.1},
    "rmsprop": {"lr": 0.02, "weight_decay": 0.1},
    "adam": {"lr": 0.05, "weight_decay": 0.1},
    "adamw": {"lr": 0.05, "weight_decay": 0.1},
    "newton": {"lr": 0.7},
}


def optimizer_keys(kind: str) -> dict[str, Any]:
    return {"kind": kind, **OPTIMIZER_KEYS[kind]}


def test_every_optimizer_has_its_formulas() -> None:
    assert set(UPDATES) == set(OPTIMIZERS) == set(OPTIMIZER_KEYS)


HATS = {"m̂": "m_hat", "v̂": "v_hat"}

IN_PYTHON = {
    "β₁ᵗ": "β₁**t",
    "β₂ᵗ": "β₂**t",
    "²": "**2",
    "·": "*",
    "−": "-",
    "½": "0.5",
    **HATS,
    "β₁": "beta_1",
    "β₂": "beta_2",
    "H⁺*g": "newton",
    "∇L": "gradient",
    "ŷ": "p",
    "e⁻ᶻ": "exp(-z)",
}
"""Replacements in their order."""


def as_python(formula: str) -> str:
    """The right side of a formula in Python."""
    text = re.split(r" [←=] ", formula)[-1].split(",")[0]
    for symbol, name in IN_PYTHON.items():
        text = text.replace(symbol, name)
    text = re.sub(r"√(\w+)", r"sqrt(\1)", text)
    return re.sub(r"\|([^|]+)\|", r"abs(\1)", text)


def evaluated(formula: str, **values: Any) -> Any:
    functions = {name: getattr(np, name) for name in ("sqrt", "exp", "sign", "tanh", "sin", "cos")}
    return eval(as_python(formula), {"ln": np.log, "abs": np.abs, **functions, **values})


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_the_formulas_are_what_the_optimizer_does(kind: str) -> None:
    descent = descended(6, data=points_of(), optimizer=optimizer_keys(kind))
    hyper: Any = descent.settings(0).optimizer
    beta_1, beta_2 = getattr(hyper, "betas", (0.0, 0.0))
    for row in range(6):
        it = explained(descent, row)
        update = it.update
        assert update is not None
        hessian = descent.problem.objective.hessian_at(it.params.tolist())
        values: dict[str, Any] = {
            "θ": it.params,
            "gradient": it.gradient,
            "η": hyper.lr,
            "λ": getattr(hyper, "weight_decay", 0.0),
            "μ": getattr(hyper, "momentum", 0.0),
            "α": getattr(hyper, "alpha", 0.0),
            "ε": getattr(hyper, "eps", 0.0),
            "t": update.count,
            "beta_1": beta_1,
            "beta_2": beta_2,
            "newton": np.linalg.solve(hessian, it.gradient),
            **update.before,
        }
        for line in it.formulas.update:
            name = re.split(r" [←=] ", line)[0]
            values[HATS.get(name, name)] = evaluated(line, **values)
        assert_allclose(update.gradient, values["g"], rtol=1e-13)
        assert_allclose(update.params, values["θ"], rtol=1e-12)
        for symbol, part in update.after.items():
            assert_allclose(part, values[symbol], rtol=1e-13)
        for symbol, part in update.corrected.items():
            assert_allclose(part, values[HATS[symbol]], rtol=1e-13)


@pytest.mark.parametrize("kind", LOSSES)
def test_the_losses_formulas_are_what_the_neuron_does(kind: str) -> None:
    random = np.random.default_rng(1)
    model = "logistic" if kind == "log_loss" else "tanh"
    neuron, z = Neuron(model, kind, 0.7), random.normal(size=50)
    y = (random.random(50) < 0.5).astype(float)
    p = neuron.predict(z)
    loss, _ = neuron.loss_and_slope(z, y)
    outer, _ = neuron.factors(z, y)
    small = np.abs(p - y) <= 0.7
    for lines, wanted in ((LOSSES[kind], loss), (LOSS_SLOPES[kind], outer)):
        parts = [evaluated(line, p=p, y=y, δ=0.7) for line in lines]
        found = parts[0] if len(parts) == 1 else np.where(small, *parts)
        assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("model", PREDICTIONS)
def test_the_models_formulas_are_what_the_neuron_does(model: str) -> None:
    neuron, z = Neuron(model, "mse"), np.linspace(-3, 3, 21)
    p = neuron.predict(z)
    assert_allclose(evaluated(PREDICTIONS[model], z=z), p, rtol=1e-14)
    _, inner = neuron.factors(z, z)
    assert_allclose(evaluated(ACTIVATION_SLOPES[model], z=z, p=p) + 0 * z, inner, rtol=1e-14)


def test_penalties_and_many_features_are_in_the_formulas() -> None:
    formulas = formulas_of(Neuron("line", "mse"), Penalty(0.1, 0.2), 7, "adam", 0.5)
    assert formulas.predict == ("ŷ = b + w₁·x₁ + … + w₇·x₇",)
    assert formulas.loss[-1] == "L = (1/n)·Σᵢ ℓᵢ + λ₂·Σw² + λ₁·Σ|w|"
    assert formulas.gradient == ("∂L/∂θⱼ = (1/n)·Σᵢ ∂ℓ/∂ŷ · ∂ŷ/∂z · ∂z/∂θⱼ + 2·λ₂·w + λ₁·sign(w)",)
    assert formulas.factors[-1] == "∂z/∂wⱼ = xⱼ"
    assert formulas.update[0] == "g = ∇L + λ·θ"
    assert formulas_of(Neuron("tanh", "mse"), Penalty(), 1, "adamw", 0.5).update[0] == "g = ∇L"


# Agreement with what was recorded

KINDS = st.sampled_from(list(OPTIMIZERS))


@given(
    kind=KINDS,
    other=KINDS,
    at=st.integers(1, 40),
    size=st.sampled_from([None, 4]),
    case=st.sampled_from(CASES),
    asked=st.lists(st.integers(0, 60), min_size=1, max_size=8),
)
@hypothesis_settings(max_examples=60)
def test_an_explanation_is_what_was_recorded(
    kind: str, other: str, at: int, size: int | None, case: tuple[str, str], asked: list[int]
) -> None:
    model, loss = case
    if "newton" in (kind, other):
        size, model, loss = None, "line", "mse"
    changes = [{"at": at, "set": {"optimizer.kind": other, "optimizer.lr": 0.01}}]
    descent = descended(
        60,
        data=points_of(labels=model == "logistic"),
        model={"kind": model},
        loss=loss_keys(loss),
        optimizer=optimizer_keys(kind),
        batch={"size": size},
        changes=changes,
    )
    rows = descent.history.rows()
    for row in asked:
        it = explained(descent, row)
        assert it.loss == rows.loss[row]
        assert it.gradient.tobytes() == rows.gradient[:, row].tobytes()
        assert it.params.tobytes() == rows.params[:, row].tobytes()
        assert it.update is not None
        if row < descent.head:
            assert it.update.params.tobytes() == rows.params[:, row + 1].tobytes()
            without = explain(
                descent.problem, descent.settings(row), rows, row, descent.place(row), None
            )
            assert without.update is not None
            assert without.update.params.tobytes() == it.update.params.tobytes()
            assert_allclose(without.update.delta, it.update.delta, atol=1e-14)
            assert (without.n, without.loss, len(without.terms)) == (it.n, it.loss, 0)


@pytest.mark.parametrize("kind", ["momentum", "adam"])
def test_a_state_is_the_same_whichever_row_was_asked_before(kind: str) -> None:
    changes = [{"at": 700, "set": {"optimizer.lr": 0.001}}]
    keys: dict[str, Any] = {"data": TUTORIAL_4, "optimizer": {"kind": kind, "lr": 0.01}}
    keys |= {"changes": changes, "stop": {"iterations": 20_000}}
    descent = descended(9000, **keys)
    for row in (9000, 5000, 5001, 4095, 4097, 8999, 0, 1, 9000):
        fresh = descended(row, **keys)
        assert descent.before(row) == fresh.before(row)


# Bounds


@pytest.mark.parametrize(
    ("n", "given"), [(module.ALL_POINTS, module.ALL_POINTS), (module.ALL_POINTS + 1, 300)]
)
def test_of_very_many_points_only_the_first_are_given(n: int, given: int) -> None:
    data = {"source": "synthetic", "kind": "line", "n": n, "noise": 0.1, "seed": 1}
    descent = descended(3, data=data, loss={"kind": "huber"}, optimizer={"kind": "gd", "lr": 0.1})
    it = explained(descent, 2)
    assert len(it.terms) == given
    assert it.n == n
    assert len(explained(descent, 2, most_points=1).terms) == 1
    assert_array_equal(it.terms.positions, np.arange(given))


def test_of_a_large_batch_only_its_first_points_are_given() -> None:
    n = module.ALL_POINTS + 2
    data = {"source": "synthetic", "kind": "line", "n": n, "noise": 0.1, "seed": 1}
    descent = descended(3, data=data, loss={"kind": "huber"}, batch={"size": n - 1, "seed": 5})
    order = np.random.default_rng([5, 1]).permutation(n)
    it = explained(descent, 2)
    assert_array_equal(it.terms.positions, order[:300])
    assert it.n == n - 1
    assert explained(descent, 3).n == 1
    _, norm, change = explained(descent, 3).stops
    assert norm.value is None  # inside an epoch it is not looked at
    assert change.value is None
    change = it.stops[2]
    losses = descent.history.rows().train_loss
    assert np.isnan(losses[1])
    assert change.value == abs(losses[2] - losses[0])


def test_the_heads_update_may_be_unknown() -> None:
    descent = descended(2, data=TUTORIAL_2)
    rows = descent.history.rows()
    it = explain(descent.problem, descent.settings(2), rows, 2, descent.place(2), None)
    assert it.update is None


# Stopping


@pytest.mark.parametrize("size", [None, 16])
@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_how_far_the_criteria_are(loss: str, size: int | None) -> None:
    stop = {"iterations": 500, "gradient_norm": 1e-5, "loss_change": 1e-7}
    descent = descended(20, data=TUTORIAL_2, loss=loss_keys(loss), batch={"size": size}, stop=stop)
    rows = descent.history.rows()
    iterations, norm, change = explained(descent, 20).stops
    assert iterations == StopRule("iterations", 20, 500)
    full = descent.problem.objective.gradient(rows.params[:, 20].tolist())
    assert norm.value == pytest.approx(float(np.hypot(*full)), rel=1e-12)
    assert norm.bound == 1e-5
    assert change.value == abs(rows.train_loss[20] - rows.train_loss[19])
    assert change.bound == 1e-7 * max(1, rows.train_loss[20])
    assert explained(descent, 0).stops[2].value is None


def test_a_run_stops_where_the_numbers_say_so() -> None:
    descent = descended(1000, data=TUTORIAL_2, stop={"iterations": 1000, "gradient_norm": 1e-3})
    assert descent.ending is not None
    assert descent.ending.reason == "gradient_norm"
    for row, stops in ((descent.head - 1, False), (descent.head, True)):
        norm = explained(descent, row).stops[1]
        assert norm.value is not None
        assert norm.bound is not None
        assert (norm.value < norm.bound) == stops


def test_criteria_that_are_off_have_no_bound() -> None:
    _, norm, change = explained(descended(1, data=TUTORIAL_2), 1).stops
    assert (norm.bound, change.bound) == (None, None)
    assert norm.value is not None


def test_a_diverging_run_is_explained_to_its_end() -> None:
    start = {"kind": "values", "values": [1e150, 1e150]}
    descent = descended(50, data=TUTORIAL_2, start=start, optimizer={"kind": "gd", "lr": 10})
    it = explained(descent, descent.head)
    assert_array_equal(it.params, descent.history.rows().params[:, -1])
    assert it.update is not None
    assert len(it.terms) == 80
