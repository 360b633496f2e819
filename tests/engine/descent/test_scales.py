"""Three feature scales: tutorial 2's figures 13 to 17, and what becomes of a descent on each.

The numbers of tutorial 2 come from an independent NumPy script that follows its text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.descent.scales import (
    KINDS,
    MOST_POINTS,
    MOST_ROWS,
    Comparison,
    Outcome,
    Scaled,
    comparisons,
    fitted,
    three_scales,
)
from engine.experiment import Experiment
from engine.files.experiments import experiment_from, preset
from engine.problem.problem import Problem, build_problem
from engine.problem.sources import problem_of
from engine.problem.surface import heights
from engine.types import Vector

START = (0.4967141530112327, -0.13826430117118466)


def made(**keys: Any) -> tuple[Experiment, Problem]:
    experiment = experiment_from({"format": 1} | keys)
    return experiment, problem_of(experiment)


def scales(rate: float | None = None) -> tuple[Scaled, Scaled, Scaled]:
    experiment = preset("tutorial-2")
    return three_scales(experiment, 0, problem_of(experiment), rate)


def compared(
    experiment: Experiment, problem: Problem, known: tuple[Problem, ...] = ()
) -> Comparison:
    axes = (0, 1) if problem.n_params == 2 else (1, 2)
    answers = list(comparisons(experiment, 0, problem, None, axes, known, lambda: False))
    assert len(answers) == 1
    return answers[0]


@pytest.mark.parametrize(
    ("number", "kappa", "limit", "best", "optimum", "start_loss"),
    [
        (
            *(0, 16.43544520980615, 0.8055058612732189, 0.7593065327455951),
            *((1.0235407546635165, 1.9689644704814502), 2.742157770055097),
        ),
        (
            *(1, 112.01367175439033, 0.03085488447250676, 0.03058186542982347),
            *((1.0235407546635165, 0.19689644704814505), 5.5148958300847015),
        ),
        (2, 1.0, 1.0, 0.5, (1.9537956365905156, 0.6029460273966293), 2.680523858660704),
    ],
)
def test_tutorial_2_has_its_three_scales(
    number: int,
    kappa: float,
    limit: float,
    best: float,
    optimum: tuple[float, float],
    start_loss: float,
) -> None:
    scaled = scales()[number]
    curvature = scaled.problem.curvature
    assert curvature is not None
    assert curvature.condition_number == pytest.approx(kappa, rel=1e-12)
    assert scaled.limit == pytest.approx(limit, rel=1e-12)
    assert curvature.best_rate == pytest.approx(best, rel=1e-12)
    assert_allclose(scaled.centre, optimum, rtol=1e-12)
    assert_allclose(scaled.rows.params[:, 0], START, rtol=0)
    assert_allclose(scaled.rows.train_loss[0], start_loss, rtol=1e-13)


def test_the_scaler_has_mean_and_sd_of_the_training_part() -> None:
    scaler = scales()[2].problem.scaler
    assert_allclose(scaler.mean, [0.4724589477734627], rtol=1e-14)
    assert_allclose(scaler.sd, [0.3062249402850815], rtol=1e-14)


# The first row with |∇L| < 1e-6 at 0.1, at each one's best rate, and what 0.1 does to × 10.
@pytest.mark.parametrize(
    ("rate", "outcomes", "iterations"),
    [
        (0.1, (Outcome.ARRIVES, Outcome.DIVERGES, Outcome.ARRIVES), (816, 9, 68)),
        (0.7593065327455951, (Outcome.ARRIVES, Outcome.DIVERGES, Outcome.ARRIVES), (124, 4, 23)),
        (
            *(0.03058186542982347, (Outcome.CONVERGES, Outcome.ARRIVES, Outcome.ARRIVES)),
            (MOST_ROWS, 958, 238),
        ),
        (0.5, (Outcome.ARRIVES, Outcome.DIVERGES, Outcome.ARRIVES), (159, 5, 1)),
        (1.1, (Outcome.DIVERGES,) * 3, (26, 4, 76)),
    ],
)
def test_each_rate_has_its_outcomes(
    rate: float, outcomes: tuple[Outcome, ...], iterations: tuple[int, ...]
) -> None:
    found = scales(rate)
    assert tuple(scaled.outcome for scaled in found) == outcomes
    assert tuple(scaled.iteration for scaled in found) == iterations


def test_the_rate_of_the_run_is_taken_where_none_is_given() -> None:
    assert [scaled.rate for scaled in scales()] == [0.1] * 3


def test_a_rate_between_best_and_limit_zigzags() -> None:
    original, _, standardised = scales(0.8)
    assert (original.zigzags, standardised.zigzags) == (True, True)  # −0.986 and −0.6
    original, _, standardised = scales(0.1)
    assert (original.zigzags, standardised.zigzags) == (False, False)
    assert not scales(0.5)[2].zigzags  # the factor is 0 but for its last bit


def test_rows_are_those_of_a_plain_loop() -> None:
    scaled = scales(0.02)[1]
    x = 10 * scaled.problem.dataset.train.x[:, 0]
    y = scaled.problem.dataset.train.y
    b, w = START
    for row in range(50):
        assert_allclose(scaled.rows.params[:, row], (b, w), rtol=1e-10)
        error = b + w * x - y
        assert_allclose(scaled.rows.train_loss[row], np.mean(error**2), rtol=1e-10)
        b, w = b - 0.02 * 2 * error.mean(), w - 0.02 * 2 * (error * x).mean()


def test_criteria_for_stopping_and_live_changes_play_no_part() -> None:
    data = {"source": "tutorial", "name": "tutorial-2"}
    changes = [{"at": 2, "set": {"optimizer.lr": 0.7}}]
    experiment, problem = made(
        data=data,
        runs=[{"name": "a", "changes": changes}],
        stop={"iterations": 5, "gradient_norm": 1.0},
    )
    found = three_scales(experiment, 0, problem)
    assert [len(scaled.rows) for scaled in found] == [MOST_ROWS + 1, 10, MOST_ROWS + 1]
    assert np.array_equal(found[0].rows.params, scales(0.1)[0].rows.params)


def test_the_scale_of_the_experiment_changes_none_of_the_three() -> None:
    data = {"source": "tutorial", "name": "tutorial-2"}
    experiment, problem = made(data=data, features={"scale": 3.0, "standardise": True})
    for scaled, plain in zip(three_scales(experiment, 0, problem), scales(), strict=True):
        assert np.array_equal(scaled.rows.params, plain.rows.params)


def grid(scaled: Scaled, b: tuple[float, float], w: tuple[float, float]) -> Vector:
    x, y = np.linspace(*b, 101), np.linspace(*w, 101)
    return heights(scaled.problem.objective, scaled.centre, (0, 1), x, y)


FIGURE_14, FIGURE_17 = ((-2.0, 4.0), (-2.8, 3.2)), ((-1.0, 5.0), (-2.4, 3.6))


# Corners (first and last w, each with first and last b), the middle and the sum of 101 × 101.
@pytest.mark.parametrize(
    ("number", "sides", "corners", "middle", "total"),
    [
        (
            *(0, FIGURE_14),
            (29.984101418713447, 2.663933134438931, 6.113161381120331, 12.810037336535112),
            *(1.0398877752476747, 51717.85362951741),
        ),
        (
            *(1, FIGURE_14),
            (379.4731881654108, 209.28143407444108, 209.23388080838237, 379.21256911430584),
            *(0.008213795206674118, 1020788.6923464922),
        ),
        (
            *(0, FIGURE_17),
            (18.50725096981387, 5.454885634851958, 1.8273759281445723, 22.792054832871976),
            *(0.2924712989663101, 44093.45815497122),
        ),
        (
            *(1, FIGURE_17),
            (267.53225785199504, 132.01853325415158, 306.1437864920106, 510.80050429106024),
            *(9.831716226876019, 1120998.2406519512),
        ),
        (
            *(2, FIGURE_17),
            (17.750638163893857, 18.30509052480767, 17.715285835134303, 18.26973819604813),
            *(0.010188179970990374, 62534.04962388407),
        ),
    ],
)
def test_surfaces_of_figures_14_and_17(
    number: int,
    sides: tuple[tuple[float, float], tuple[float, float]],
    corners: tuple[float, ...],
    middle: float,
    total: float,
) -> None:
    z = grid(scales()[number], *sides)
    assert_allclose(z[[0, 0, -1, -1], [0, -1, 0, -1]], corners, rtol=1e-12)
    assert_allclose(z[50, 50], middle, rtol=1e-12)
    assert_allclose(z.sum(), total, rtol=1e-12)


def test_cuts_have_the_curvature_of_figure_15() -> None:
    experiment = preset("tutorial-2")
    comparison = compared(experiment, problem_of(experiment))
    b, w = ([pair[side].bend for pair in comparison.slices] for side in (0, 1))
    assert b == pytest.approx([2.0, 2.0, 2.0], rel=1e-12)
    assert w == pytest.approx([0.6339823427676186, 63.39823427676186, 2.0], rel=1e-12)


def test_cuts_are_the_loss_through_the_optimum() -> None:
    experiment = preset("tutorial-2")
    comparison = compared(experiment, problem_of(experiment))
    for scaled, pair in zip(comparison.scales, comparison.slices, strict=True):
        x, y = scaled.problem.x_train[:, 0], scaled.problem.dataset.train.y
        best = scaled.centre
        along_b = [np.mean((b + best[1] * x - y) ** 2) for b in pair[0].values]
        along_w = [np.mean((best[0] + w * x - y) ** 2) for w in pair[1].values]
        assert_allclose(pair[0].losses, along_b, rtol=1e-9)
        assert_allclose(pair[1].losses, along_w, rtol=1e-9)
        assert pair[1].losses.min() == pytest.approx(0.008044657695492986, rel=1e-9)


def test_the_common_frame_is_a_square_about_start_and_optima() -> None:
    experiment = preset("tutorial-2")
    comparison = compared(experiment, problem_of(experiment))
    x, y = comparison.frame.x, comparison.frame.y
    assert x[1] - x[0] == pytest.approx(y[1] - y[0])
    for point in [np.array(START), *(scaled.centre for scaled in comparison.scales)]:
        assert x[0] < point[0] < x[1]
        assert y[0] < point[1] < y[1]


def test_a_scatter_has_the_points_in_the_models_units() -> None:
    experiment = preset("tutorial-2")
    comparison = compared(experiment, problem_of(experiment))
    data = comparison.scales[0].problem.dataset
    original, enlarged, standardised = comparison.scatters
    assert np.array_equal(original.x[0], data.train.x[:, 0])
    assert np.array_equal(enlarged.x[1], 10 * data.validation.x[:, 0])
    assert_allclose(standardised.x[0].mean(), 0, atol=1e-15)
    assert_allclose(standardised.x[0].std(), 1)
    for scatter in comparison.scatters:
        assert np.array_equal(scatter.y[0], data.train.y)


def test_the_fitted_line_passes_through_the_predictions() -> None:
    for scaled in scales():
        x = scaled.problem.x_train[:5, 0]
        assert_allclose(fitted(scaled, scaled.centre, x), scaled.centre[0] + scaled.centre[1] * x)


def test_partial_residuals_lie_about_the_line_of_the_first_feature() -> None:
    experiment = preset("tutorial-3")
    comparison = compared(experiment, problem_of(experiment))
    for scaled, scatter in zip(comparison.scales, comparison.scatters, strict=True):
        away = scatter.y[0] - fitted(scaled, scaled.centre, scatter.x[0])
        assert away.std() == pytest.approx(0.1, rel=0.05)  # the noise of tutorial 3


def test_problems_are_taken_over_where_only_the_rate_is_another() -> None:
    experiment = preset("tutorial-2")
    problem = problem_of(experiment)
    first = compared(experiment, problem)
    known = tuple(scaled.problem for scaled in first.scales)
    again = compared(experiment, problem, known)
    assert [scaled.problem for scaled in again.scales] == list(known)
    other = preset("tutorial-1")
    fresh = compared(other, problem_of(other), known)
    assert not {id(scaled.problem) for scaled in fresh.scales} & set(map(id, known))


def test_many_points_are_thinned_out_and_looked_at_less_often() -> None:
    data = {"source": "synthetic", "kind": "line", "n": 60_000, "noise": 0.3, "seed": 1}
    experiment, problem = made(data=data, loss={"kind": "mae"})
    comparison = compared(experiment, problem)
    assert len(comparison.scatters[0].x[0]) <= MOST_POINTS
    assert all(len(scaled.rows) == 501 for scaled in comparison.scales)


def test_nothing_is_answered_once_nobody_waits() -> None:
    experiment = preset("tutorial-2")
    problem = problem_of(experiment)
    assert not list(comparisons(experiment, 0, problem, None, (0, 1), (), lambda: True))


@pytest.mark.parametrize(
    ("model", "loss", "kind"),
    [
        ("logistic", "log_loss", "two-classes"),
        ("tanh", "mse", "tanh"),
        ("sine", "mse", "sine"),
        ("line", "mae", "two-features"),
        ("line", "huber", "line"),
    ],
)
def test_every_model_can_be_compared(model: str, loss: str, kind: str) -> None:
    data = {"source": "synthetic", "kind": kind, "n": 60, "noise": 0.2, "seed": 3}
    experiment, problem = made(data=data, model={"kind": model}, loss={"kind": loss})
    comparison = compared(experiment, problem)
    assert [scaled.kind for scaled in comparison.scales] == list(KINDS)
    for scaled, pair in zip(comparison.scales, comparison.slices, strict=True):
        assert (scaled.excess >= 0).all()
        assert all(np.isfinite(one.losses).all() for one in pair)


def test_a_constant_feature_has_a_flat_direction_and_still_a_picture() -> None:
    data = {"source": "points", "x": [3.0] * 6, "y": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    comparison = compared(*made(data=data))
    assert np.isfinite([*comparison.frame.x, *comparison.frame.y]).all()
    assert comparison.scales[2].problem.curvature is not None


def test_a_start_at_the_optimum_has_arrived() -> None:
    data = {"source": "points", "x": [-1.0, 0.0, 1.0], "y": [0.0, 0.0, 0.0]}
    comparison = compared(*made(data=data))
    assert [scaled.iteration for scaled in comparison.scales] == [0, 0, 0]
    assert comparison.frame.x == (-1.0, 1.0)


def test_mini_batches_never_arrive_by_chance() -> None:
    data = {"source": "tutorial", "name": "tutorial-2"}
    runs = [{"name": "a", "batch": {"size": 8}, "optimizer": {"kind": "gd", "lr": 0.05}}]
    experiment, problem = made(data=data, runs=runs)
    original, enlarged, standardised = three_scales(experiment, 0, problem)
    assert original.outcome is standardised.outcome is Outcome.CONVERGES
    assert enlarged.outcome is Outcome.DIVERGES
    assert not original.zigzags


def test_a_problem_built_here_is_the_same_as_one_built_elsewhere() -> None:
    experiment = preset("tutorial-2")
    problem = problem_of(experiment)
    for scaled, features in zip(scales(), KINDS.values(), strict=True):
        alone = build_problem(problem.dataset, features, experiment.model, experiment.loss)
        assert np.array_equal(scaled.problem.x_train, alone.x_train)
