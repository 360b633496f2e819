"""Optimizers agree step by step with ``torch.optim`` and are pure functions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.descent.optimizers import OPTIMIZERS, Point
from engine.experiment import Adam, Gd, Momentum, Optimizer, kind_of
from engine.files.experiments import preset
from engine.problem.quadratic import Quadratic
from engine.problem.sources import problem_of

START = [-0.35399391125348395, -1.3749512934180188]  # tutorial 4's b and w


def tutorial_4() -> Quadratic:
    return problem_of(preset("tutorial-4")).train


def walk(quadratic: Quadratic, start: list[Any], hyper: Any, steps: int) -> list[list[Any]]:
    """The parameters of rows 0 to ``steps``."""
    optimizer = OPTIMIZERS[kind_of(hyper)]
    params, rows = start, [start]
    state = optimizer.init(params)
    for _ in range(steps):
        delta, state = optimizer.update(Point(params, quadratic.gradient(params)), state, hyper)
        params = [value + step for value, step in zip(params, delta, strict=True)]
        rows.append(params)
    return rows


# b and w of torch.optim 2.13 (SGD, SGD with momentum 0.9, Adam) in float64 after so many steps.
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
    ],
    ids=lambda value: (
        f"{kind_of(value)}-{value.lr}" if isinstance(value, (Gd, Momentum, Adam)) else ""
    ),
)
def test_steps_are_those_of_torch(
    hyper: Optimizer, b: tuple[float, ...], w: tuple[float, ...]
) -> None:
    rows = walk(tutorial_4(), START, hyper, STEPS[-1])
    for step, *expected in zip(STEPS, b, w, strict=True):
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
            elif kind == "momentum":
                v[j] = 0.9 * v[j] + g
                theta[j] -= rate * v[j]
            else:
                m[j] = 0.9 * m[j] + 0.1 * g
                s[j] = 0.999 * s[j] + 0.001 * g**2
                corrected = math.sqrt(s[j] / (1 - 0.999**t))
                theta[j] -= rate * (m[j] / (1 - 0.9**t)) / (corrected + 1e-8)
    return tuple(theta)


HYPERS = [Gd, Momentum, Adam]
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
