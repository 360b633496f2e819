"""A run records what the tutorials print, and the same bits however it is driven."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from engine.descent import descent as module
from engine.descent.descent import Descent
from engine.descent.history import History
from engine.experiment import (
    Adam,
    Change,
    Experiment,
    Features,
    Gd,
    Momentum,
    Optimizer,
    OwnStart,
    Run,
    Split,
    Start,
    Stop,
    TutorialData,
    TutorialName,
    ValuesStart,
)
from engine.files.experiments import experiment_from
from engine.problem.problem import Problem
from engine.problem.sources import problem_of, start_of
from engine.types import Vector

ALL = 1000


def experiment(
    optimizer: Optimizer | None = None,
    changes: dict[int, dict[str, Any]] | None = None,
    stop: Stop | None = None,
    features: Features | None = None,
    start: Start | None = None,
    name: TutorialName = "tutorial-2",
) -> Experiment:
    """Tutorial 2, or another one, with what a test wants different."""
    run = Run(
        name="run",
        start=start or OwnStart(),
        optimizer=optimizer or Gd(lr=0.1),
        changes=tuple(Change(at, values) for at, values in (changes or {}).items()),
    )
    return Experiment(
        data=TutorialData(name),
        runs=(run,),
        split=Split(0.8 if name == "tutorial-2" else 1.0),
        features=features or Features(),
        stop=stop or Stop(ALL),
    )


PROBLEMS: dict[str, Problem] = {}


def begun(asked: Experiment, history: History | None = None) -> Descent:
    key = repr((asked.data, asked.split, asked.features))
    problem = PROBLEMS.setdefault(key, problem_of(asked))
    start = start_of(asked, asked.runs[0], problem)
    return Descent(problem, asked, 0, start, history)


def run(asked: Experiment) -> Descent:
    descent = begun(asked)
    descent.advance(asked.stop.iterations)
    return descent


def bits(descent: Descent) -> list[Any]:
    """All that was recorded, to be compared bit for bit."""
    rows = descent.history.rows()
    columns = (rows.params, rows.gradient, rows.train_loss, rows.validation_loss)
    rates = descent.learning_rates(len(rows))
    ending = descent.ending and (descent.ending.reason, descent.ending.iteration)
    return [
        ending,
        rates.tobytes(),
        *(np.ascontiguousarray(column).tobytes() for column in columns),
    ]


# What the tutorials print


def test_tutorial_1_prints_its_losses() -> None:
    losses = run(experiment(Gd(lr=0.01), name="tutorial-1")).history.rows().train_loss
    # Tutorial 1's text, every hundred updates.
    assert losses[::100] == pytest.approx(
        [
            *(81.0287983452256, 1.3412078261208689, 1.1664378082856437, 1.0837415754330317),
            *(1.0403492394094551, 1.0175794060119359, 1.0056310904780545, 0.999361292996188),
            *(0.9960712593213872, 0.9943448364803573, 0.9934389078119494),
        ],
        rel=1e-14,
    )


def test_tutorial_2_prints_its_first_step() -> None:
    rows = run(experiment()).history.rows()
    # Tutorial 2's text: loss, gradients, b and w after one update.
    assert rows.train_loss[0] == pytest.approx(2.7421577700550976, rel=1e-14)
    assert_allclose(rows.gradient[:, 0], [-3.044811379650508, -1.8337537171510832], rtol=1e-14)
    assert_allclose(rows.params[:, 1], [0.80119529, 0.04511107], atol=5e-9)  # as printed


ORIGINAL, BAD, SCALED = Features(), Features(scale=10.0), Features(standardise=True)


# b, w and loss after so many updates from tutorial 2's start: 60-digit arithmetic.
@pytest.mark.parametrize(
    ("features", "rate", "step", "b", "w", "loss"),
    [
        (ORIGINAL, 0.01, 10, 0.7682315282839185, 0.02807653481103934, 1.7355797258075785),
        (ORIGINAL, 0.01, 1000, 1.1877700105544344, 1.647615590534196, 0.01788209646304684),
        (ORIGINAL, 0.1, 1, 0.8011952909762835, 0.04511107054392366, 1.634931811122577),
        (ORIGINAL, 0.1, 1000, 1.02354093708, 1.9689641135454568, 0.008044657695505122),
        (ORIGINAL, 0.2, 100, 1.0581844137928484, 1.9011769073168794, 0.008482410064793024),
        (ORIGINAL, 0.8, 10, 0.12085891443548295, 1.000716602488422, 1.945936551709931),
        (ORIGINAL, 0.8, 1000, 1.0235394169869168, 1.9689637868455443, 0.008044657698294625),
        (ORIGINAL, 1.1, 5, 21.097912476695708, 11.487400446179016, 612.2597619767301),
        (ORIGINAL, 1.1, 10, -306.3506495026443, -155.41694817003267, 148042.57070658906),
        (BAD, 0.01, 10, 0.5839346746448498, 0.2630089855173599, 0.0652248461346519),
        (BAD, 0.01, 1000, 1.0221353176639474, 0.19710784976987417, 0.0080452421415453),
        (BAD, 0.1, 5, 302.4539979252097, 2006.5027352607797, 133402648.84452231),
        (BAD, 0.2, 5, 14941.55596353922, 99328.80954030306, 326994995160.50934),
        (SCALED, 0.01, 1000, 1.9537956341382952, 0.6029460261491965, 0.008044657695492993),
        (SCALED, 0.1, 10, 1.7973427036010112, 0.523359174380225, 0.03885624510956613),
        (SCALED, 0.5, 1, 1.9537956365905156, 0.6029460273966293, 0.008044657695492985),
        (SCALED, 1.1, 10, -7.068068855691972, -3.986432960655784, 102.46448307078002),
    ],
)
def test_rows_are_those_of_exact_arithmetic(
    features: Features, rate: float, step: int, b: float, w: float, loss: float
) -> None:
    rows = run(experiment(Gd(lr=rate), features=features)).history.rows()
    found = (*rows.params[:, step], rows.train_loss[step])
    begun_at = (*rows.params[:, 0], rows.train_loss[0])
    for value, expected, scale in zip(found, (b, w, loss), begun_at, strict=True):
        assert abs(value - expected) <= 1e-12 * max(abs(expected), abs(scale))


@pytest.mark.parametrize(
    ("features", "rate", "step"),
    [
        # 60-digit arithmetic: the first step with |∇| < 1e-6, at 0.1 and at the best rate.
        (ORIGINAL, 0.1, 816),
        (SCALED, 0.1, 68),
        (ORIGINAL, 0.7593065327455951, 124),
        (BAD, 0.03058186542982347, 958),
        (SCALED, 0.5, 1),
    ],
)
def test_gradient_is_small_after_so_many_steps(features: Features, rate: float, step: int) -> None:
    stop = Stop(ALL, gradient_norm=1e-6)
    ending = run(experiment(Gd(lr=rate), stop=stop, features=features)).ending
    assert ending is not None
    assert (ending.reason, ending.iteration) == ("gradient_norm", step)
    assert "shorter than 1e-06" in str(ending.message)


# Divergence


@pytest.mark.parametrize(
    ("optimizer", "features", "limit"),
    [
        # 60-digit arithmetic: 2/λmax, and 1.9 times as much for momentum 0.9.
        (Gd(), ORIGINAL, 0.8055058612732189),
        (Gd(), BAD, 0.03085488447250676),
        (Gd(), SCALED, 1.0),
        (Momentum(), ORIGINAL, 1.5304611364191159),
        (Momentum(), BAD, 0.058624280497762846),
    ],
)
def test_above_the_limit_it_is_unstable_at_once_and_diverges_later(
    optimizer: Any, features: Features, limit: float
) -> None:
    def at(rate: float) -> Experiment:
        changed = type(optimizer)(lr=rate)
        return experiment(changed, features=features, stop=Stop(200_000))

    assert begun(at(1.0)).limit(0) == pytest.approx(limit, rel=1e-12)
    assert not begun(at(0.999 * limit)).is_unstable(0)
    descent = begun(at(1.01 * limit))
    assert descent.is_unstable(0)
    descent.advance(200_000)
    rows = descent.history.rows()

    assert descent.ending is not None
    assert (descent.ending.reason, descent.ending.iteration) == ("diverged", descent.head)
    assert f"rate {1.01 * limit:.4g} is above the stability limit {limit:.4g}" in str(
        descent.ending.message
    )
    bound = 1e12 * max(1.0, rows.train_loss[0])
    assert rows.train_loss[-1] > bound >= rows.train_loss[:-1].max()
    for column in (rows.params, rows.gradient, rows.train_loss, rows.validation_loss):
        assert np.isfinite(column).all()
    assert descent.advance(10) == 0


def test_a_rate_on_the_limit_is_unstable() -> None:
    descent = begun(experiment())
    limit = descent.limit(0)
    assert limit is not None
    assert begun(experiment(Gd(lr=limit))).is_unstable(0)
    assert not begun(experiment(Gd(lr=float(np.nextafter(limit, 0))))).is_unstable(0)


@pytest.mark.parametrize("optimizer", [Adam(lr=1e12), Gd(lr=1e12), Momentum(lr=1e12, momentum=1.0)])
def test_absurd_rates_diverge_in_one_step(optimizer: Optimizer) -> None:
    descent = run(experiment(optimizer))
    assert descent.ending is not None
    assert (descent.ending.reason, descent.ending.iteration) == ("diverged", 1)
    assert f"{optimizer.lr:.4g}" in str(descent.ending.message)


def test_a_method_without_limit_diverges_without_blaming_one() -> None:
    ending = run(experiment(Adam(lr=1e12))).ending
    assert ending is not None
    assert str(ending.message) == (
        "Diverged at iteration 1: with the learning rate 1e+12 the loss grew beyond every bound."
    )


def test_what_is_not_finite_is_not_recorded() -> None:
    """From a start whose loss times 1e12 overflows, only infinity itself ends the run."""
    descent = run(experiment(Gd(lr=1.1), start=ValuesStart((1e150, 1e150))))
    rows = descent.history.rows()

    assert descent.ending is not None
    assert (descent.ending.reason, descent.ending.iteration) == ("diverged", descent.head)
    assert np.isfinite(rows.train_loss).all()
    assert rows.train_loss[-1] > 1e306  # the next row, 1.73² times as high, is the last or beyond
    assert descent.preview(10).shape[1] == 1


# Stops


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (Stop(100), "iterations"),
        (Stop(ALL, gradient_norm=1e-3), "gradient_norm"),
        (Stop(ALL, loss_change=1e-6), "loss_change"),
        (Stop(ALL, gradient_norm=1e-3, loss_change=1e-6), "loss_change"),
        (Stop(ALL, gradient_norm=1e-1, loss_change=1e-6), "gradient_norm"),
        (Stop(20, gradient_norm=1e-3, loss_change=1e-6), "iterations"),
        (Stop(0), "iterations"),
        (Stop(ALL, gradient_norm=1e12), "gradient_norm"),
        (Stop(ALL, loss_change=1e12), "loss_change"),
    ],
)
@pytest.mark.parametrize("slice_", [1, 7, ALL])
def test_the_first_criterion_reached_ends_the_run(stop: Stop, reason: str, slice_: int) -> None:
    rows = run(experiment()).history.rows()
    loss = rows.train_loss
    changes = np.append(np.inf, np.abs(np.diff(loss)))
    ended = np.arange(ALL + 1) == stop.iterations
    if stop.gradient_norm is not None:
        ended |= np.hypot(*rows.gradient) < stop.gradient_norm
    if stop.loss_change is not None:
        ended |= changes <= stop.loss_change * np.maximum(1, loss)
    row = int(ended.argmax())
    descent = begun(experiment(stop=stop))
    while descent.advance(slice_):
        pass

    assert descent.ending is not None
    assert (descent.ending.reason, descent.ending.iteration) == (reason, row)
    assert descent.head == row
    assert f" {row}" in str(descent.ending.message)
    assert descent.first_ending() == descent.ending


def test_of_two_reasons_on_one_row_the_more_telling_is_named() -> None:
    ending = run(experiment(stop=Stop(816, gradient_norm=1e-6))).ending  # 816: see above
    assert ending is not None
    assert ending.reason == "gradient_norm"


def test_the_most_iterations_that_can_be_are_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ITERATIONS", 1200)
    for iterations, sentence in (
        (1200, "Stopped: 1,200 iterations are the most that a run can record."),
        (1199, "Finished at iteration 1199, the last one."),
    ):
        ending = run(experiment(stop=Stop(iterations))).ending
        assert ending is not None
        assert (ending.reason, ending.iteration) == ("iterations", iterations)
        assert str(ending.message) == sentence


def test_a_start_on_the_optimum_is_the_end() -> None:
    optimum = begun(experiment()).problem.optimum.params
    assert optimum is not None
    start = ValuesStart(tuple(optimum.tolist()))
    descent = run(experiment(start=start, stop=Stop(ALL, gradient_norm=1e-12)))
    assert descent.ending is not None
    assert (descent.ending.reason, descent.ending.iteration) == ("gradient_norm", 0)


def test_a_later_stop_goes_on_and_an_earlier_one_is_found() -> None:
    descent = run(experiment(stop=Stop(500)))
    descent.apply(experiment(stop=Stop(800)))
    assert descent.ending is None
    assert descent.advance(ALL) == 300
    assert bits(descent) == bits(run(experiment(stop=Stop(800))))

    stop = Stop(800, gradient_norm=1e-3)
    descent.apply(experiment(stop=stop))
    assert descent.first_ending() == run(experiment(stop=stop)).ending


# Changes


def test_a_change_acts_on_the_update_at_its_row() -> None:
    plain = run(experiment(Gd(lr=0.1))).history.rows()
    descent = run(experiment(Gd(lr=0.1), {5: {"optimizer.lr": 0.3}}))
    rows = descent.history.rows()

    assert_array_equal(rows.params[:, :6], plain.params[:, :6])
    assert_array_equal(rows.params[:, 6], rows.params[:, 5] - 0.3 * rows.gradient[:, 5])
    assert descent.learning_rates(8).tolist() == [0.1] * 5 + [0.3] * 3
    assert [descent.settings(k).optimizer.lr for k in (4, 5)] == [0.1, 0.3]


def test_a_change_at_the_start_is_another_start() -> None:
    changed = run(experiment(Gd(lr=0.1), {0: {"optimizer.lr": 0.3}}))
    assert bits(changed) == bits(run(experiment(Gd(lr=0.3))))


def test_another_kind_begins_with_a_fresh_state() -> None:
    there_and_back = {10: {"optimizer.kind": "gd"}, 11: {"optimizer.kind": "momentum"}}
    rows = run(experiment(Momentum(lr=0.05), there_and_back)).history.rows()
    # The first step of momentum is one of plain descent; a kind begins with its own rate, 0.1.
    assert_array_equal(rows.params[:, 12], rows.params[:, 11] - 0.1 * rows.gradient[:, 11])


def test_another_rate_keeps_the_state() -> None:
    rows = run(experiment(Momentum(lr=0.05), {10: {"optimizer.lr": 0.02}})).history.rows()
    velocity = np.zeros(2)
    for k in range(11):
        velocity = 0.9 * velocity + rows.gradient[:, k]
    assert_allclose(rows.params[:, 11], rows.params[:, 10] - 0.02 * velocity, rtol=1e-13)


def test_stops_can_change_on_the_way() -> None:
    longer = {20: {"stop.iterations": 40}}
    assert run(experiment(stop=Stop(50), changes=longer)).head == 40
    descent = begun(experiment(stop=Stop(20), changes=longer))
    descent.advance(100)
    assert descent.head == 40


# The same bits, however it is driven

optimizers: st.SearchStrategy[Optimizer] = st.sampled_from(
    [Gd(lr=0.2), Momentum(lr=0.05), Adam(lr=0.1), Adam(lr=0.3, weight_decay=0.1), Gd(lr=1.1)]
)
settings_to_change = st.sampled_from(
    [
        {"optimizer.lr": 0.02},
        {"optimizer.weight_decay": 0.5},
        {"optimizer.kind": "gd", "optimizer.lr": 0.3},
        {"optimizer.kind": "momentum", "optimizer.momentum": 0.5},
        {"optimizer.kind": "adam"},
        {"stop.gradient_norm": 1e-2},
    ]
)
changes = st.dictionaries(st.integers(0, 300), settings_to_change, max_size=4).map(
    lambda found: dict(sorted(found.items()))
)
SHORT = Stop(300)


@given(optimizers, changes, st.lists(st.integers(0, 90), max_size=30))
def test_any_slicing_gives_the_same_rows(
    optimizer: Optimizer, changed: dict[int, dict[str, Any]], slices: list[int]
) -> None:
    asked = experiment(optimizer, changed, SHORT)
    descent = begun(asked)
    for rows in slices:
        before = descent.head
        recorded = descent.advance(rows)
        assert descent.head == before + recorded
        assert recorded == rows or (recorded < rows and descent.ending is not None)
    descent.advance(SHORT.iterations)
    assert bits(descent) == bits(run(asked))


@given(optimizers, changes, st.integers(0, 299), settings_to_change, st.booleans())
def test_a_change_on_the_way_is_as_if_it_had_always_been_there(
    optimizer: Optimizer,
    changed: dict[int, dict[str, Any]],
    at: int,
    values: dict[str, Any],
    branches: bool,
) -> None:
    """A branch from recorded rows, or a change at the head, is the run of the final experiment."""
    earlier = {row: set_ for row, set_ in changed.items() if row < at}
    before = experiment(optimizer, changed if branches else earlier, SHORT)
    after = experiment(optimizer, {**earlier, at: values}, SHORT)
    descent = begun(before)
    descent.advance(SHORT.iterations if branches else at)
    if branches:
        descent = begun(after, descent.prefix(min(at, descent.head) + 1))
    else:
        descent.apply(after)
    descent.advance(SHORT.iterations)
    assert bits(descent) == bits(run(after))


@given(optimizers, st.integers(0, 300), st.integers(-3, 400))
def test_preview_is_what_is_then_recorded(optimizer: Optimizer, at: int, steps: int) -> None:
    asked = experiment(optimizer, stop=SHORT)
    descent = begun(asked)
    descent.advance(at)
    head, before = descent.head, bits(descent)
    path = descent.preview(steps)
    assert bits(descent) == before

    descent.advance(steps)
    recorded = descent.history.rows(head).params
    if descent.ending is not None and descent.ending.reason == "diverged":
        recorded = recorded[:, : max(1, recorded.shape[1] - 1)]  # the row beyond bounds is left out
    assert_array_equal(path, recorded)
    descent.advance(SHORT.iterations)
    assert bits(descent) == bits(run(asked))


@pytest.mark.parametrize(
    ("optimizer", "changed"),
    [
        (Momentum(lr=1e-3, momentum=0.99), None),
        (Adam(lr=1e-3), None),
        (Adam(lr=1e-3), {6000: {"optimizer.lr": 1e-4}}),
        (Momentum(lr=1e-3), {6050: {"optimizer.kind": "adam"}, 7000: {"optimizer.lr": 1e-4}}),
    ],
)
# Driven by 100 rows at a time, every 4,096 rows a checkpoint falls on the next hundred.
@pytest.mark.parametrize(
    ("at", "checkpoint"), [(4099, 0), (4100, 4100), (5000, 4100), (6000, 4100), (9000, 8200)]
)
def test_going_back_folds_from_a_checkpoint(
    optimizer: Optimizer, changed: dict[int, dict[str, Any]] | None, at: int, checkpoint: int
) -> None:
    earlier = {row: values for row, values in (changed or {}).items() if row < at}
    descent = begun(experiment(optimizer, changed, Stop(10_000)))
    while descent.advance(100):
        pass
    assert module.CHECKPOINT_ROWS == 4096
    assert descent.prefix(at + 1).last_checkpoint == checkpoint
    after = experiment(optimizer, {**earlier, at: {"optimizer.weight_decay": 0.1}}, Stop(10_000))
    branch = begun(after, descent.prefix(at + 1))
    branch.advance(10_000)
    assert bits(branch) == bits(run(after))


def test_two_hundred_thousand_rows_follow_the_closed_form() -> None:
    rate, n = 2e-5, 200_000
    descent = run(experiment(Gd(lr=rate), stop=Stop(n)))
    assert descent.head == n
    problem = descent.problem
    best = problem.optimum.params
    assert best is not None
    values, vectors = np.linalg.eigh(problem.objective.hessian_at(best.tolist()))

    def after(k: int) -> Vector:
        """θ* + Q (1 − ηΛ)ᵏ Qᵀ (θ₀ − θ*)."""
        offset = vectors.T @ (descent.history.start - best)
        return np.asarray(best + vectors @ ((1 - rate * values) ** k * offset))

    rows = descent.history.rows()
    for k in (1, 1024, 65_536, n):
        assert_allclose(rows.params[:, k], after(k), rtol=1e-10)
    assert (np.diff(rows.train_loss) < 0).all()


@pytest.mark.parametrize(
    ("name", "iterations", "share"),
    # η·λmin of tutorials 1 and 2: 0.01 · 0.3219 and 0.1 · 0.15107; tutorial 2 arrives in 1000
    [("tutorial-1", 1000, "0.32 %"), ("tutorial-2", 50, "1.5 %"), ("tutorial-2", 1000, None)],
)
def test_a_run_that_has_not_arrived_says_what_it_waits_for(
    name: str, iterations: int, share: str | None
) -> None:
    tree = {"format": 1, "data": {"source": "tutorial", "name": name}}
    experiment = experiment_from(tree | {"stop": {"iterations": iterations}})
    problem = problem_of(experiment)
    start = start_of(experiment, experiment.runs[0], problem)
    descent = Descent(problem, experiment, 0, start)
    descent.advance(iterations)
    assert descent.ending is not None
    sentence = str(descent.ending.message)
    expected = f"Finished at iteration {iterations}, the last one."
    if share is not None:
        expected += (
            " It has not arrived: along the flattest direction a step removes only "
            f"{share} of the error (η·λmin)."
        )
    assert sentence == expected
