"""Cuts through the loss against the figures of tutorial 2 and against differences.

Figures: tutorial 2's text, or NumPy in float64 as the tutorial writes it, where it says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.files.experiments import experiment_from
from engine.problem import sections
from engine.problem.problem import Problem
from engine.problem.sections import Inquiry, Look
from engine.problem.sources import problem_of
from engine.types import Vector

START = np.array([0.4967141530112327, -0.13826430117118466])  # tutorial 2's b and w
GRID_START = np.array([0.52, -0.16])  # the point of the figures' grid that is nearest to it
B, W = 0, 1


def problem(**keys: Any) -> Problem:
    data = {"source": "tutorial", "name": "tutorial-2"}
    return problem_of(experiment_from({"format": 1, "data": data} | keys))


PROBLEMS: dict[str, dict[str, Any]] = {
    "mse": {},
    "ridge": {"loss": {"kind": "mse", "l2": 0.3}},
    "lasso": {"loss": {"kind": "mse", "l1": 0.2}},
    "mae": {"loss": {"kind": "mae"}},
    "huber": {"loss": {"kind": "huber", "delta": 0.5}},
    "tanh": {"model": {"kind": "tanh"}},
    "sine": {"model": {"kind": "sine"}},
}


@pytest.fixture(params=PROBLEMS)
def any_problem(request: pytest.FixtureRequest) -> Problem:
    return problem(**PROBLEMS[request.param])


def test_the_cuts_at_the_start_of_tutorial_2() -> None:
    objective = problem().objective
    # L(w) = 0.31699 w² − 1.74610 w + 2.49468 with b held, L(b) = b² − 4.03824 b + 4.50128 with
    # w held: sums over the 80 training points in NumPy
    w = sections.cut(objective, START, W, 0.1)
    b = sections.cut(objective, START, B, 0.1)
    assert w.loss == b.loss == pytest.approx(2.7421577700550976, rel=1e-14)  # the tutorial's
    assert w.slope == pytest.approx(-1.833753717151083, rel=1e-14)
    assert b.slope == pytest.approx(-3.044811379650508, rel=1e-14)
    assert sections.vertex(objective, START, w) == pytest.approx(
        (2.7541722754468987, 0.09014960805651548), rel=1e-12
    )
    assert sections.vertex(objective, START, b) == pytest.approx(
        (2.0191198428364867, 0.42443868564278997), rel=1e-12
    )


def test_the_curves_of_tutorial_2() -> None:
    objective, at = problem().objective, np.linspace(-1, 5, 7)
    of_w = sections.profile(objective, START, W, at)
    of_b = sections.profile(objective, START, B, at)
    # the parabolas of the sums over the training points, in NumPy
    assert_allclose(
        of_w, np.polyval([0.3169911713838093, -1.7460965915734479, 2.494675019438474], at)
    )
    assert_allclose(of_b, np.polyval([1.0, -4.038239685672973, 4.501283625378829], at))


def test_the_finite_differences_of_figure_8() -> None:
    objective = problem().objective
    b = sections.triangle(objective, GRID_START, B, 0.12)
    w = sections.triangle(objective, GRID_START, W, 0.12)
    assert b.loss == pytest.approx(2.7113284116288243, rel=1e-14)
    assert b.loss + b.rise == pytest.approx(2.3634750352525997, rel=1e-14)
    assert w.loss + w.rise == pytest.approx(2.4968294181507176, rel=1e-14)
    assert b.quotient == pytest.approx(-2.8987781364685463, rel=1e-12)  # the text: −2.90
    assert w.quotient == pytest.approx(-1.7874916123175564, rel=1e-12)  # the text: −1.79
    assert sections.cut(objective, GRID_START, B, 0.1).slope == pytest.approx(-3.0187781364685393)
    assert sections.cut(objective, GRID_START, W, 0.1).slope == pytest.approx(-1.825530552883613)


@pytest.mark.parametrize(
    ("rate", "w", "at_w", "b", "at_b", "joint"),
    [
        # figures 10 to 12, whose jumps take the gradient as −1.79 and −2.90
        (0.2, 0.198, 2.098415330185725, 1.1, 1.2968370924770714, 0.880126762865336),
        (0.8, 1.272, 0.7471983637272427, 2.84, 1.0901631350218128, 2.265277116422049),
        (1.1, 1.809, 0.34582116180033473, 3.71, 3.2575261562941837, 6.827152149364443),
    ],
)
def test_the_losses_where_the_jumps_of_figures_10_to_12_land(
    rate: float, w: float, at_w: float, b: float, at_b: float, joint: float
) -> None:
    objective = problem().objective
    assert (GRID_START[W] + 1.79 * rate, GRID_START[B] + 2.90 * rate) == pytest.approx((w, b))
    landed_w = sections.profile(objective, GRID_START, W, np.array([w]))
    landed_b = sections.profile(objective, GRID_START, B, np.array([b]))
    assert (landed_w[0], landed_b[0]) == pytest.approx((at_w, at_b), rel=1e-12)
    assert objective.loss([b, w]) == pytest.approx(joint, rel=1e-12)


@pytest.mark.parametrize(
    ("scale", "rate", "crossing", "overshooting"),
    [
        # b: curvature 2, so a jump crosses above η = 0.5 and overshoots above 1;
        # w: curvature 0.634 and 63.4 with the feature × 10, limits 1.58, 3.15 and 0.0158, 0.0315
        (1.0, 0.2, (), ()),
        (1.0, 0.8, (B,), ()),
        (1.0, 1.1, (B,), (B,)),
        (1.0, 1.7, (B, W), (B,)),
        (10.0, 0.01, (), ()),
        (10.0, 0.02, (W,), ()),
        (10.0, 0.1, (W,), (W,)),
    ],
)
def test_what_overshoots(
    scale: float, rate: float, crossing: tuple[int, ...], overshooting: tuple[int, ...]
) -> None:
    objective = problem(features={"scale": scale}).objective
    cuts = [sections.cut(objective, START, axis, rate) for axis in (B, W)]
    assert tuple(c.axis for c in cuts if c.crosses) == crossing
    assert tuple(c.axis for c in cuts if c.overshoots) == overshooting
    assert all((c.landing_loss > c.loss) == c.overshoots for c in cuts)


def test_a_jump_too_short_to_move_is_still_minus_eta_times_the_slope() -> None:
    objective = problem().objective
    for axis in (B, W):
        cut = sections.cut(objective, START, axis, 1e-20)
        assert cut.landing == cut.at
        assert cut.jump == -1e-20 * cut.slope != 0


def test_the_slope_is_the_gradient_and_the_landing_on_the_curve(any_problem: Problem) -> None:
    objective = any_problem.objective
    gradient = objective.gradient(START.tolist())
    for axis in (B, W):
        cut = sections.cut(objective, START, axis, 0.3)
        assert cut.slope == gradient[axis]
        assert cut.jump == -0.3 * gradient[axis]
        assert cut.landing == START[axis] - 0.3 * gradient[axis]
        landed = sections.profile(objective, START, axis, np.array([cut.landing]))
        assert cut.landing_loss == pytest.approx(landed[0], rel=1e-13)


def test_the_quotient_comes_to_the_slope(any_problem: Problem) -> None:
    objective = any_problem.objective
    for axis in (B, W):
        slope = sections.cut(objective, START, axis, 0.3).slope
        for width in (1e-6, -1e-6):
            quotient = sections.triangle(objective, START, axis, width).quotient
            assert quotient == pytest.approx(slope, abs=1e-5)


def test_the_error_of_the_quotient_of_a_parabola_is_half_the_curvature_times_the_width() -> None:
    objective = problem().objective
    slope = sections.cut(objective, START, B, 0.1).slope
    for width in (1.0, 0.1, 0.01, -0.5):
        quotient = sections.triangle(objective, START, B, width).quotient
        assert quotient - slope == pytest.approx(width, rel=1e-9)  # ∂²L/∂b² = 2


def test_a_section_has_the_point_and_the_landing_on_its_curve(any_problem: Problem) -> None:
    looks = (Look(B, (-2.0, 4.0), 0.12), Look(W, (-1.0, 5.0), -0.5))
    after = sections.stepped(any_problem.objective, START, 0.2)
    inquiry = Inquiry(any_problem, START, looks, 0.2, None, descends=True)
    pair = sections.sections(inquiry)
    for look, section in zip(looks, pair, strict=True):
        assert section.look is look
        assert section.triangle.width == look.width
        assert (section.values[0], section.values[-1]) == look.span
        assert (np.diff(section.values) > 0).all()
        found = dict(zip(section.values.tolist(), section.losses.tolist(), strict=True))
        assert found[section.cut.at] == pytest.approx(section.cut.loss, rel=1e-13)
        assert found[section.cut.landing] == pytest.approx(section.cut.landing_loss, rel=1e-13)
        assert section.joint == (after[look.axis], any_problem.objective.loss(after.tolist()))
        assert (section.vertex is None) == (not any_problem.is_quadratic)


def test_the_joint_step_is_the_one_that_follows_where_it_is_known() -> None:
    tutorial, looks = problem(), (Look(B, (0.0, 1.0), 0.1),)
    (known,) = sections.sections(Inquiry(tutorial, START, looks, 0.2, GRID_START, descends=True))
    assert known.joint == pytest.approx((0.52, 2.7113284116288243), rel=1e-14)  # figure 8's point
    (unknown,) = sections.sections(Inquiry(tutorial, START, looks, 0.2, None, descends=False))
    assert unknown.joint is None


def test_equal_inquiries_have_equal_tokens() -> None:
    tutorial, looks = problem(), (Look(B, (0.0, 1.0), 0.1),)
    inquiry = Inquiry(tutorial, START, looks, 0.2, None, descends=True)
    same = Inquiry(tutorial, START.copy(), (Look(B, (0.0, 1.0), 0.1),), 0.2, None, descends=True)
    assert inquiry.token == same.token
    for other in (
        Inquiry(tutorial, GRID_START, looks, 0.2, None, descends=True),
        Inquiry(tutorial, START, (Look(B, (0.0, 1.0), 0.2),), 0.2, None, descends=True),
        Inquiry(tutorial, START, looks, 0.3, None, descends=True),
        Inquiry(tutorial, START, looks, 0.2, None, descends=False),
        Inquiry(tutorial, START, looks, 0.2, GRID_START, descends=True),
    ):
        assert inquiry.token != other.token


def test_nothing_is_computed_for_nobody() -> None:
    inquiry = Inquiry(problem(), START, (Look(B, (0.0, 1.0), 0.1),), 0.2, None, descends=True)
    assert list(sections.sections_unless(inquiry, lambda: True)) == []
    (found,) = sections.sections_unless(inquiry, lambda: False)
    assert found[0].cut == sections.sections(inquiry)[0].cut


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.2, [1.1056764289413343, 0.22848644225903197]),
        (1.1, [3.8460066706267915, 1.8788647876950069]),
    ],
)
def test_all_parameters_together_step_as_the_tutorial_does(rate: float, expected: Vector) -> None:
    there = sections.stepped(problem().objective, START, rate)
    assert_allclose(there, expected, rtol=1e-13)  # row 1 of the run, in NumPy


def test_ridge_and_lasso_are_in_the_curve() -> None:
    for penalty, more in (({"l2": 0.3}, 0.3 * 4.0), ({"l1": 0.2}, 0.2 * 2.0)):
        penalised = problem(loss={"kind": "mse"} | penalty).objective
        there = sections.profile(penalised, START, W, np.array([-2.0]))
        plain = sections.profile(problem().objective, START, W, np.array([-2.0]))
        assert there - plain == pytest.approx(more, rel=1e-12)


def test_a_flat_cut_has_no_vertex() -> None:
    points = {"source": "points", "x": [0.0, 0.0], "y": [1.0, 2.0]}
    objective = problem(data=points).objective
    cut = sections.cut(objective, START, W, 0.1)
    assert (cut.slope, cut.crosses, cut.overshoots) == (0.0, False, False)
    assert sections.vertex(objective, START, cut) is None


def test_far_out_there_is_no_warning_and_no_overshoot_is_missed() -> None:
    objective = problem().objective
    far = sections.cut(objective, np.array([1e200, 0.0]), B, 1e3)
    assert not np.isfinite(far.landing_loss)
    assert np.isinf(sections.profile(objective, START, B, np.array([1e200])))


def test_fewer_samples_where_there_are_many_points() -> None:
    assert sections.sample_count(problem()) == sections.FREE_SAMPLES
    assert sections.sample_count(problem(loss={"kind": "mae"})) == sections.SAMPLES
    data = {"source": "synthetic", "kind": "line", "n": 10_000}
    many = problem(data=data, loss={"kind": "mae"})
    assert sections.sample_count(many) == 50  # 500,000 over the points
    more = problem(data=data | {"n": 100_000}, loss={"kind": "mae"})
    assert sections.sample_count(more) == sections.FEWEST_SAMPLES
    assert sections.is_quick(problem())
    assert sections.is_quick(problem(loss={"kind": "mae"}))
    assert not sections.is_quick(many)
