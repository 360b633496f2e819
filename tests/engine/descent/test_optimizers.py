"""Optimizers agree step by step with ``torch.optim`` and are pure functions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.descent.optimizers import OPTIMIZERS, Point
from engine.experiment import (
    Adagrad,
    Adam,
    Adamw,
    Gd,
    Momentum,
    Nesterov,
    Newton,
    Optimizer,
    Rmsprop,
    kind_of,
)
from engine.files.experiments import preset
from engine.problem.quadratic import Quadratic, fit_quadratic
from engine.problem.sources import problem_of

START = [-0.35399391125348395, -1.3749512934180188]  # tutorial 4's b and w


def tutorial_4() -> Quadratic:
    train = problem_of(preset("tutorial-4")).train
    assert isinstance(train, Quadratic)
    return train


def walk(quadratic: Quadratic, start: list[Any], hyper: Any, steps: int) -> list[list[Any]]:
    """The parameters of rows 0 to ``steps``."""
    optimizer = OPTIMIZERS[kind_of(hyper)]
    params, rows = start, [start]
    state = optimizer.init(params)
    for _ in range(steps):
        delta, state = optimizer.update(
            Point(params, quadratic.gradient(params), quadratic.hessian_at), state, hyper
        )
        params = [value + step for value, step in zip(params, delta, strict=True)]
        rows.append(params)
    return rows


# b and w of torch.optim 2.13 in float64 after so many steps: momentum and Nesterov with 0.9, the
# others with their defaults.
STEPS = (1, 2, 3, 10, 100, 1000)


@pytest.mark.parametrize(
    ("hyper", "b", "w"),
    [
        (
            Gd(lr=0.1),
            (
                *(1.3826517476907818, 2.4067892871027947, 3.012618475019344),
                *(3.910667935031648, 4.206826799745077, 4.222151077447219),
            ),
            (
                *(0.5560118305935164, 1.6848381062973936, 2.343056699542667),
                *(3.2041275283989843, 2.9820651977199666, 2.968467510701028),
            ),
        ),
        (
            Gd(lr=0.01),
            (
                *(-0.1803293453590574, -0.01378986065995332, 0.14591874261186505),
                *(1.094897046114778, 3.8681115204032235, 4.20607718142562),
            ),
            (
                *(-1.1818549810168653, -0.9967800370987884, -0.8193949324979389),
                *(0.23209519094629155, 3.158976087021312, 2.9827303563323175),
            ),
        ),
        (
            Momentum(lr=0.1),
            (
                *(1.3826517476907818, 3.969770380152634, 6.262749029705822),
                *(2.237940118323039, 4.227389178678665, 4.222151077447229),
            ),
            (
                *(0.5560118305935164, 3.4227049179077755, 5.939024126258991),
                *(0.7342359057988331, 2.975198782867571, 2.968467510701019),
            ),
        ),
        (
            Momentum(lr=0.01),
            (
                *(-0.1803293453590574, 0.1425082486450306, 0.5863581134447378),
                *(4.604918582822227, 4.213798967921747, 4.222151077447232),
            ),
            (
                *(-1.1818549810168653, -0.8229933559377501, -0.329852020400466),
                *(4.108238360932582, 2.9609925615998005, 2.9684675107010166),
            ),
        ),
        (
            Adam(lr=0.1),
            (
                *(-0.25399391131106624, -0.1540593910377468, -0.05423597031686431),
                *(0.6373155828252903, 4.167542030174546, 4.222150563870542),
            ),
            (
                *(-1.2749512934698064, -1.1750170727912883, -1.0751944698991391),
                *(-0.3836845997119345, 3.102201556325556, 2.9684679704452135),
            ),
        ),
        (
            Adam(lr=0.01),
            (
                *(-0.34399391125924217, -0.33399450224394395, -0.32399607847989803),
                *(-0.25406741175169156, 0.6054131525654001, 4.063283092146434),
            ),
            (
                *(-1.3649512934231975, -1.3549518868704167, -1.3449534696827663),
                *(-1.275025102346461, -0.41572861834504304, 2.997158297653068),
            ),
        ),
        (
            Nesterov(lr=0.1),
            (
                *(2.9456328407406214, 5.079788264968148, 5.7326202800986765),
                *(4.175348143901977, 4.2222070913656, 4.222151077447229),
            ),
            (
                *(2.2938786422038984, 4.631074685884513, 5.285210154046588),
                *(2.9014111192428182, 2.968417807886545, 2.968467510701019),
            ),
        ),
        (
            Nesterov(lr=0.01),
            (
                *(-0.024031236054073445, 0.4208781944047082, 0.9467544665751741),
                *(4.561053695947949, 4.217888383690598, 4.222151077447226),
            ),
            (
                *(-1.008068299855827, -0.5137344334726075, 0.0699936907847953),
                *(4.045259585900424, 2.9688974671353257, 2.9684675107010228),
            ),
        ),
        (
            Adagrad(lr=0.1),
            (
                *(-0.2539939112540598, -0.18408887664440576, -0.12741639496591808),
                *(0.1368736644491928, 1.3436617067379053, 3.6903526771073327),
            ),
            (
                *(-1.2749512934185367, -1.205049633657935, -1.1483816465949956),
                *(-0.8841323652407657, 0.32189031447913563, 2.6515905157873467),
            ),
        ),
        (
            Adagrad(lr=0.01),
            (
                *(-0.3439939112535415, -0.33693077858214454, -0.3311677075254178),
                *(-0.3038929939442191, -0.16954174455707213, 0.24849866618981992),
            ),
            (
                *(-1.3649512934180705, -1.3578881934876608, -1.352125165514697),
                *(-1.324850827595743, -1.1905051912009548, -0.7725271196994637),
            ),
        ),
        (
            Rmsprop(lr=0.1),
            (
                *(0.6460060829882888, 1.2609625294244067, 1.7141149790576666),
                *(3.273667107743486, 4.185254732047084),
            ),
            (
                *(-0.3749512985967819, 0.23954999701882718, 0.6920273232799978),
                *(2.243204645137228, 3.0014911076426523),
            ),
        ),
        (
            Rmsprop(lr=0.01),
            (
                *(-0.2539939118293067, -0.1839094669550166, -0.126946627870669),
                *(0.14118608684055398, 1.4913307497744712, 4.210656378676952),
            ),
            (
                *(-1.2749512939358951, -1.2048702159250755, -1.1479118702773148),
                *(-0.8798203077624396, 0.4694311763350679, 2.9787441178717766),
            ),
        ),
        (
            Adamw(lr=0.1),
            (
                *(-0.2536399173998128, -0.15345237586653168, -0.0534770906408988),
                *(0.6363125501143495, 4.052658016073878, 4.169283910032765),
            ),
            (
                *(-1.2735763421763884, -1.1723692256724585, -1.071376009964496),
                *(-0.37453251677190413, 3.0742883596665003, 2.9862879426088282),
            ),
        ),
        (
            Adamw(lr=0.01),
            (
                *(-0.3439585118681168, -0.33392471208578106, -0.32389290934446496),
                *(-0.25375916322167674, 0.6039175696932891, 3.9603592888602908),
            ),
            (
                *(-1.3648137982938557, -1.3546779159492055, -1.3445440458089661),
                *(-1.273696418705533, -0.40710252599584557, 2.979215864985617),
            ),
        ),
    ],
    ids=lambda value: f"{kind_of(value)}-{value.lr}" if hasattr(value, "lr") else "",
)
def test_steps_are_those_of_torch(
    hyper: Optimizer, b: tuple[float, ...], w: tuple[float, ...]
) -> None:
    rows = walk(tutorial_4(), START, hyper, STEPS[-1])
    # RMSProp at 0.1 ends in a cycle whose last digits are rounding: its row 1000 is not compared
    for step, *expected in zip(STEPS, b, w, strict=len(b) == len(STEPS)):
        for value, there, begun in zip(rows[step], expected, START, strict=True):
            assert abs(value - there) <= 1e-12 * max(abs(there), abs(begun)), step


def by_hand(
    quadratic: Quadratic, kind: str, rate: float, decay: float, steps: int
) -> tuple[float, ...]:
    """Each parameter for itself, as torch's documentation writes the loops."""
    theta = list(START)
    v, m, s = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    for t in range(1, steps + 1):
        gradient = quadratic.gradient(theta)
        for j in (0, 1):
            g = gradient[j] + decay * theta[j]
            if kind == "gd":
                theta[j] -= rate * g
            elif kind in ("momentum", "nesterov"):
                v[j] = 0.9 * v[j] + g
                theta[j] -= rate * (v[j] if kind == "momentum" else g + 0.9 * v[j])
            elif kind in ("adagrad", "rmsprop"):
                keep, take = (1.0, 1.0) if kind == "adagrad" else (0.99, 0.01)
                s[j] = keep * s[j] + take * g**2
                theta[j] -= rate * g / (math.sqrt(s[j]) + (1e-10 if kind == "adagrad" else 1e-8))
            else:
                m[j] = 0.9 * m[j] + 0.1 * g
                s[j] = 0.999 * s[j] + 0.001 * g**2
                corrected = math.sqrt(s[j] / (1 - 0.999**t))
                theta[j] -= rate * (m[j] / (1 - 0.9**t)) / (corrected + 1e-8)
    return tuple(theta)


HYPERS = [Gd, Momentum, Nesterov, Adagrad, Rmsprop, Adam]
rates = st.floats(1e-4, 0.2)
decays = st.floats(0, 10)


@pytest.mark.parametrize("hyper", HYPERS)
@given(rate=rates, decay=decays)
def test_weight_decay_pulls_every_parameter(hyper: Any, rate: float, decay: float) -> None:
    quadratic = tutorial_4()
    settings = hyper(lr=rate, weight_decay=decay)
    expected = by_hand(quadratic, kind_of(settings), rate, decay, 30)
    assert walk(quadratic, START, settings, 30)[-1] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("hyper", HYPERS)
@given(rate=rates, decay=decays, numbers=st.lists(st.floats(-1e3, 1e3), min_size=8, max_size=8))
def test_updates_are_pure(hyper: Any, rate: float, decay: float, numbers: list[float]) -> None:
    settings = hyper(lr=rate, weight_decay=decay)
    optimizer = OPTIMIZERS[kind_of(settings)]
    columns = [np.array(numbers[i : i + 2]) for i in range(0, 8, 2)]
    point = Point(columns[:2], columns[2:])
    _, state = optimizer.update(point, optimizer.init(columns[:2]), settings)
    before = repr((point, state))
    once = optimizer.update(point, state, settings)
    again = optimizer.update(point, state, settings)

    assert repr((point, state)) == before
    assert repr(once) == repr(again)


@pytest.mark.parametrize("hyper", HYPERS)
@given(several=st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=9), decay=decays)
def test_runs_in_lockstep_are_bit_for_bit_those_alone(
    hyper: Any, several: list[float], decay: float
) -> None:
    quadratic = tutorial_4()
    start = [np.full(len(several), value) for value in START]
    together = walk(quadratic, start, hyper(lr=np.array(several), weight_decay=decay), 20)
    for k, rate in enumerate(several):
        alone = walk(quadratic, START, hyper(lr=rate, weight_decay=decay), 20)
        assert [[float(column[k]) for column in row] for row in together] == alone


@pytest.mark.parametrize(
    "hyper",
    [
        Gd(lr=1e12),
        Gd(lr=1e12, weight_decay=1e6),
        Momentum(lr=1e12, momentum=1.0),
        Momentum(lr=1e12, momentum=0.0),
        Adam(lr=1e12),
        Adam(lr=1e12, betas=(0.0, 0.0), eps=5e-324),
        Adam(lr=5e-324, betas=(0.999999999, 0.999999999)),
    ],
)
@pytest.mark.parametrize("start", [[0.0, 0.0], [1e150, -1e150], [5e-324, 0.0]])
def test_floats_overflow_to_infinity_and_never_raise(hyper: Optimizer, start: list[float]) -> None:
    assert len(walk(tutorial_4(), start, hyper, 200)) == 201


def test_without_momentum_it_is_plain_descent() -> None:
    quadratic = tutorial_4()
    plain = walk(quadratic, START, Gd(lr=0.1), 50)
    assert walk(quadratic, START, Momentum(lr=0.1, momentum=0.0), 50) == plain


@pytest.mark.parametrize(
    ("hyper", "steps"),
    # gd's best rate contracts by 19/21 a step, so log(4.3e6) / log(21/19) = 152.6 are enough;
    # the other numbers are bounds that a loop over torch.optim's formulas stays within
    [
        (Gd(lr=2 / 2.1), 153),
        (Momentum(lr=0.5, momentum=0.7), 90),
        (Nesterov(lr=0.5, momentum=0.7), 80),
        (Adagrad(lr=1.0), 100),
        (Rmsprop(lr=0.01), 800),
        (Adam(lr=0.1), 300),
        (Newton(), 1),
    ],
    ids=lambda value: kind_of(value) if hasattr(value, "lr") else "",
)
def test_every_method_reaches_the_bottom_of_a_bowl(hyper: Optimizer, steps: int) -> None:
    factor = np.diag([1.0, math.sqrt(0.05)])  # eigenvalues 2 and 0.1: κ = 20
    bowl = Quadratic(1.0, 0.0, np.array([0.5, 1.0]), factor, 2, 1.0)
    end = np.array(walk(bowl, [2.0, -3.0], hyper, steps)[-1])
    assert np.linalg.norm(end - bowl.optimum) < 1e-6


def test_newton_lands_on_the_least_squares_solution_in_one_step() -> None:
    quadratic = tutorial_4()
    end = walk(quadratic, START, Newton(), 1)[-1]
    assert end == pytest.approx(quadratic.optimum, rel=1e-12)


def test_adamw_shrinks_apart_from_the_gradient() -> None:
    quadratic = tutorial_4()
    plain = walk(quadratic, START, Adam(lr=0.1), 1)[-1]
    decayed = walk(quadratic, START, Adamw(lr=0.1, weight_decay=0.5), 1)[-1]
    shrunk = [value - 0.1 * 0.5 * begun for value, begun in zip(plain, START, strict=True)]
    assert decayed == pytest.approx(shrunk, rel=1e-12)


@pytest.mark.parametrize("middle", [1e4, 1e6])
def test_newton_arrives_where_the_feature_is_far_from_zero(middle: float) -> None:
    # κ is about middle⁴: 1e16 and 1e24, which is no reason to take the data for a valley.
    stream = np.random.default_rng(1)
    x = middle + stream.normal(size=50)
    quadratic = fit_quadratic(x[:, np.newaxis], 3 * x + 2 + stream.normal(size=50), 1.0)
    end = walk(quadratic, [0.0, 0.0], Newton(), 6)[-1]
    assert quadratic.excess(end) <= 1e-15 * quadratic.minimum
    assert end[1] == pytest.approx(quadratic.optimum[1], rel=1e-10)


def test_newton_goes_the_shortest_way_into_a_valley() -> None:
    features = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]])
    quadratic = fit_quadratic(features, np.array([1.0, 3.0, 2.0]), 1.0)
    end = np.array(walk(quadratic, [1.0, 1.0, 1.0], Newton(), 1)[-1])
    # numpy's pseudoinverse of the same second derivatives
    start = np.ones(3)
    gradient = np.array(quadratic.gradient(start.tolist()))
    wanted = start - np.linalg.pinv(quadratic.hessian, rcond=1e-12) @ gradient
    np.testing.assert_allclose(end, wanted, rtol=1e-10)
