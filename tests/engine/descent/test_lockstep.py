"""Runs that take their steps together record what each would alone, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engine.descent import lockstep
from engine.descent.descent import MOST_ITERATIONS, Descent
from engine.descent.optimizers import OPTIMIZERS
from engine.files.experiments import experiment_from
from engine.problem.sources import problems_of, start_of
from tests.engine.descents import points, same

DATA = {
    "line": points("line"),
    "plane": {
        "source": "points",
        "x": np.random.default_rng(0).normal(size=(25, 3)).tolist(),
        "y": np.random.default_rng(1).normal(size=25).tolist(),
    },
}

RATES = st.sampled_from([0.001, 0.05, 0.3, 0.9, 1.3])
KINDS: dict[str, dict[str, Any]] = {
    "gd": {"weight_decay": st.sampled_from([0.0, 0.0, 0.1])},
    "momentum": {"momentum": st.sampled_from([0.0, 0.5, 0.9])},
    "nesterov": {"momentum": st.sampled_from([0.5, 0.9])},
    "adagrad": {"eps": st.sampled_from([1e-10, 1e-3])},
    "rmsprop": {"alpha": st.sampled_from([0.9, 0.99])},
    "adam": {"betas": st.sampled_from([[0.9, 0.999], [0.8, 0.99], [0.0, 0.5]])},
    "adamw": {"weight_decay": st.sampled_from([0.0, 0.01, 0.3])},
    "newton": {},
}


def optimizers(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), "lr": RATES, **KINDS[kind]})


def changes() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Live changes of the rate, or of the method."""
    values = st.one_of(
        st.fixed_dictionaries({"optimizer.lr": RATES}),
        st.sampled_from([{"optimizer.kind": "gd"}, {"optimizer.kind": "adam"}]),
    )
    at = st.integers(0, 150)
    return st.lists(st.builds(lambda at, set: {"at": at, "set": set}, at, values), max_size=2)


@st.composite
def runs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Several runs of one method, and perhaps some of others or on small batches."""
    kind = draw(st.sampled_from(list(OPTIMIZERS)))
    run = {
        "optimizer": optimizers(kind),
        "changes": changes(),
        "batch": st.sampled_from([{}, {}, {}, {"size": 5}] if kind != "newton" else [{}]),
        "start": st.sampled_from([{"kind": "own"}, {"kind": "random", "seed": 3}]),
    }
    alike = draw(st.lists(st.fixed_dictionaries(run), min_size=2, max_size=6))
    other = optimizers(draw(st.sampled_from(list(OPTIMIZERS))))
    return alike + [{"optimizer": draw(other)} for _ in range(draw(st.integers(0, 2)))]


def descents(experiment: Any) -> list[Descent]:
    problems = problems_of(experiment)
    return [
        Descent(problem, experiment, index, start_of(experiment, run, problem))
        for index, (run, problem) in enumerate(zip(experiment.runs, problems, strict=True))
    ]


def asked(runs: list[dict[str, Any]], **other: Any) -> Any:
    return experiment_from({"format": 1, "data": DATA["line"], "runs": runs} | other)


def go_as_alone(experiment: Any, together: list[Descent]) -> None:
    """Runs that went on together to their ends recorded what each does alone."""
    for one, other in zip(descents(experiment), together, strict=True):
        one.advance(MOST_ITERATIONS)
        assert same(one.history.rows(), other.history.rows())
        assert one.ending == other.ending
        for row in {0, one.head // 2, max(one.head - 1, 0), one.head}:
            assert one.before(row).state == other.before(row).state


@hypothesis_settings(max_examples=40)
@given(
    runs(),
    st.sampled_from(["line", "plane"]),
    st.sampled_from([{"kind": "mse"}, {"kind": "half_mse", "l2": 0.1}]),
    st.sampled_from([{}, {"train": 0.7}]),
    st.sampled_from([{}, {"gradient_norm": 1e-3}, {"loss_change": 1e-6}]),
    st.lists(st.integers(1, 120), max_size=2),
)
def test_together_as_alone(
    runs: list[dict[str, Any]],
    data: str,
    loss: dict[str, Any],
    split: dict[str, Any],
    stop: dict[str, Any],
    rows: list[int],
) -> None:
    experiment = asked(
        runs, data=DATA[data], loss=loss, split=split, stop={"iterations": 160} | stop
    )
    together = descents(experiment)
    for row in [*np.cumsum(rows).tolist(), MOST_ITERATIONS]:
        lockstep.advance(together, row)
        assert all(each.ending is not None or each.head == row for each in together)
    go_as_alone(experiment, together)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_rows_of_many_chunks(kind: str) -> None:
    """More rows than are recorded in one go, and a checkpoint among them."""
    runs = [{"optimizer": {"kind": kind, "lr": 0.01 * (1 + i)}} for i in range(4)]
    experiment = asked(runs, stop={"iterations": 5001})
    together = descents(experiment)
    lockstep.advance(together, MOST_ITERATIONS)
    go_as_alone(experiment, together)


def test_runs_that_took_their_method_up_at_other_rows() -> None:
    """Adam counts its updates from there; and one is asked to go on from a row behind the rest."""
    adam = {"kind": "adam", "lr": 0.1}
    later = [{"at": 40, "set": {"optimizer.kind": "adam", "optimizer.lr": 0.1}}]
    runs = 3 * [{"optimizer": adam}] + 4 * [{"changes": later}]
    experiment = asked([dict(run) for run in runs], stop={"iterations": 300})
    together = descents(experiment)
    together[0].advance(70)
    for row in (40, 120, MOST_ITERATIONS):
        lockstep.advance(together, row)
    go_as_alone(experiment, together)


def test_infinity_meets_no_decay_of_another_run() -> None:
    runs = [
        {"optimizer": {"lr": 40.0, "weight_decay": decay}}
        for decay in (0.0, 0.0, 0.0, 0.1, 0.1, 0.1)
    ]
    experiment = asked(runs, stop={"iterations": 1000})
    together = descents(experiment)
    lockstep.advance(together, MOST_ITERATIONS)
    go_as_alone(experiment, together)


def test_one_that_diverges_leaves_the_others() -> None:
    runs = [{"optimizer": {"lr": rate}} for rate in (0.1, 50.0, 0.2, 0.3)]
    together = descents(asked(runs, stop={"iterations": 1000}))
    lockstep.advance(together, MOST_ITERATIONS)

    reasons = [each.ending.reason for each in together if each.ending is not None]
    assert reasons == ["iterations", "diverged", "iterations", "iterations"]
    assert [each.head for each in together[::2]] == [1000, 1000]
    assert together[1].head < 100
