"""Losses with several minima: the best of many starts, found and not proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.neuron import ACTIVATIONS, RESIDUAL_LOSSES
from engine.problem.objective import objective_of
from engine.problem.optimum import VALLEY, Certainty, Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.solvers.frame import frame_of
from engine.problem.solvers.smooth import Goal, goal_of, minimise, typical_error, with_delta
from engine.types import Vector

STARTS = 48
"""Starts that descend, at most: the best of a grid."""

SAMPLE = 1000
"""Points that the starts look at; the best goes on with all."""

ROUNDS = 25
FAR = 1e6
"""The least length of parameters that stand for infinitely large ones."""

FOUND = QT_TRANSLATE_NOOP("Message", "The best of {starts} starts; a lower one may exist.")
RUNS_AWAY = Message(
    QT_TRANSLATE_NOOP(
        "Message",
        "The loss falls for ever as the parameters grow, so there is no optimum: the best curve is "
        "a step.",
    )
)


def best_of_many(data: Pointwise, penalty: Penalty) -> Optimum:
    """The lowest minimum that many starts find; deterministic."""
    frame = frame_of(data, penalty)
    goal = goal_of(frame)
    few = _sample(goal)
    starts = _best(few, _STARTS_OF[data.neuron.model](few.data))
    losses, ends = _descend_all(few, starts)
    # Of equal ends the one with the smallest weights: a sine that the points see has many others.
    is_best = losses <= losses.min() * (1 + 1e-6) + 1e-9 * max(few.data.spread, 1e-300)
    ends = ends[is_best]
    gamma = ends[np.argmin(np.abs(ends[:, 1:]).sum(axis=1))]
    gamma = _polished(few, gamma)
    limit = _limit(goal, gamma, penalty)
    if limit is None and few is not goal:
        gamma = _polished(goal, gamma)
        limit = _limit(goal, gamma, penalty)
    if limit is not None:
        return Optimum(None, limit, Certainty.NONE, note=RUNS_AWAY)
    params = frame.to_params(gamma)
    if data.neuron.model == "sine":
        params = _canonical_sine(params)
    loss = float(objective_of(data, penalty).loss(params.tolist()))
    note = VALLEY if frame.flat.size else Message(FOUND, {"starts": len(starts)})
    return Optimum(params, loss, Certainty.FOUND, frame.flat, note)


def _sample(goal: Goal) -> Goal:
    """The goal over no more than ``SAMPLE`` points."""
    data = goal.data
    if data.n <= SAMPLE:
        return goal
    chosen = np.sort(np.random.default_rng(0).choice(data.n, SAMPLE, replace=False))
    return replace(
        goal, data=replace(data, x=np.ascontiguousarray(data.x[:, chosen]), y=data.y[chosen])
    )


def _waves(data: Pointwise) -> Vector:
    """Starts (m, 8, p) of a sine: the frequencies that the points tell apart, in eight phases.

    Steps of a quarter of a wave over the range, up to half a wave between neighbours on average
    (Nyquist); negative frequencies are the same waves.
    """
    phases = np.linspace(-np.pi, np.pi, 8, endpoint=False)
    if not len(data.x):
        return phases[:, np.newaxis, np.newaxis]
    positions = np.unique(data.x[0])
    reach = positions[-1] - positions[0]
    steps = np.arange(min(2 * len(positions), 256)) * (np.pi / 2 / reach)
    return np.stack(np.meshgrid(phases, steps), axis=-1)


def _curves(data: Pointwise) -> Vector:
    """Starts (m, 1, p) of an S-shaped curve: where it turns, how steeply and in which direction."""
    levels = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
    k = len(data.x)
    flat = np.column_stack((levels, np.zeros((len(levels), k))))
    if not k:
        return flat[:, np.newaxis]
    angles = np.linspace(0, 2 * np.pi, 16 if k == 2 else 2, endpoint=False)
    starts = [flat]
    for direction in np.column_stack((np.cos(angles), np.sin(angles)))[:, :k]:
        places = np.quantile(direction @ data.x, [0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0])
        for steepness in (0.3, 1.0, 3.0, 10.0, 30.0):
            slopes = np.tile(steepness * direction, (len(places), 1))
            starts.append(np.column_stack((-steepness * places, slopes)))
    return np.concatenate(starts)[:, np.newaxis]


_STARTS_OF = {"sine": _waves, "tanh": _curves, "logistic": _curves}


def _values(goal: Goal, gammas: Vector) -> Vector:
    """The objective of each row of parameters (m, p)."""
    losses = np.asarray(goal.data.loss(list(gammas.T)))
    penalties = np.einsum("ij,jk,ik->i", gammas, goal.curve, gammas)
    return np.asarray(losses + penalties + np.abs(gammas) @ goal.pull)


def _best(goal: Goal, starts: Vector) -> Vector:
    """The lowest of starts (m, alternatives, p), and of each only the lowest alternative."""
    m, alternatives, p = starts.shape
    values = _values(goal, starts.reshape(-1, p)).reshape(m, alternatives)
    chosen = starts[np.arange(m), np.argmin(values, axis=1)]
    order = np.argsort(values.min(axis=1), kind="stable")
    return np.asarray(chosen[order[:STARTS]])


def _descend_all(goal: Goal, gammas: Vector) -> tuple[Vector, Vector]:
    """Objective (m,) and parameters (m, p) where damped Gauss–Newton steps take each start.

    The curvature of a loss that is not a square is taken as slope over error, as in iteratively
    reweighted least squares.
    """
    data, p = goal.data, gammas.shape[1]
    features = np.vstack((np.ones(data.n), data.x))
    products = np.array([features[i] * features[j] for i in range(p) for j in range(p)])
    damping = np.full(len(gammas), 1e-2)
    values = _values(goal, gammas)
    for _ in range(ROUNDS):
        gradient, bend = _model(goal, gammas, features, products)
        added = damping * (1e-3 + np.trace(bend, axis1=1, axis2=2))
        bend += added[:, np.newaxis, np.newaxis] * np.eye(p)
        trials = gammas - np.linalg.solve(bend, gradient[:, :, np.newaxis])[:, :, 0]
        found = _values(goal, trials)
        is_lower = found < values
        is_done = bool((np.abs(values - found) <= 1e-6 * values).all())
        gammas = np.where(is_lower[:, np.newaxis], trials, gammas)
        values = np.where(is_lower, found, values)
        damping = np.clip(np.where(is_lower, damping / 5, damping * 10), 1e-9, 1e9)
        if is_done:
            break
    return values, gammas


def _model(goal: Goal, gammas: Vector, features: Vector, products: Vector) -> tuple[Vector, Vector]:
    """Gradient (m, p) and Gauss–Newton curvature (m, p, p) of each row of parameters."""
    neuron, y = goal.data.neuron, goal.data.y
    activation, loss = ACTIVATIONS[neuron.model], RESIDUAL_LOSSES[neuron.loss_kind]
    z = gammas @ features
    prediction = activation.value(z)
    inner = activation.slope(z, prediction)
    errors = prediction - y
    outer = loss.slope(errors, neuron.delta)
    size = np.maximum(np.abs(errors), 1e-9)
    p = gammas.shape[1]
    gradient = (outer * inner) @ features.T / len(y)
    bend = (np.abs(outer) / size * inner * inner) @ products.T / len(y)
    weights = goal.pull / np.maximum(np.abs(gammas), 1e-9)
    gradient = gradient + gammas @ (2 * goal.curve) + weights * gammas
    bend = bend.reshape(-1, p, p) + 2 * goal.curve
    bend[:, range(p), range(p)] += weights
    return gradient, bend


def _polished(goal: Goal, gamma: Vector) -> Vector:
    """The minimum near a place, over all points and to the last digits.

    Under |r| that of Huber's loss over ever smaller δ, as far as it is lower under |r| as well.
    """
    if goal.data.neuron.is_smooth:
        return minimise(goal, gamma)[0]
    size, value = typical_error(goal.data, gamma), goal.value(gamma)
    shares = (1e-2, 1e-4, 1e-6) if goal.data.n <= SAMPLE else (1e-2, 1e-3)
    for delta in (share * size for share in shares):
        if delta > 0:
            trial = minimise(with_delta(goal, delta, delta), gamma)[0]
            lower = goal.value(trial)
            if lower < value:
                gamma, value = trial, lower
    return gamma


def _limit(goal: Goal, gamma: Vector, penalty: Penalty) -> float | None:
    """What the loss falls towards far along the way from 0; None where it does not fall."""
    if goal.data.neuron.model == "sine":
        return None
    way = gamma.copy()
    if penalty:
        way[1:] = 0.0  # only the intercept can grow
    length = float(np.linalg.norm(way))
    if length == 0:
        return None
    far = way * max(FAR / length, 1e3)
    begun, value, limit = (goal.value(at) for at in (gamma - way, gamma, far))
    is_level = begun - limit <= 1e-12 * begun
    return None if is_level or limit > value else limit


def _canonical_sine(params: Vector) -> Vector:
    """The same sine with w > 0 and b in (−π, π]; sin(b + wx) = sin(π − b − wx)."""
    b, w = params[0], params[1:]
    is_backward = bool((w < 0).any())
    b, w = (np.pi - b, -w) if is_backward else (b, w)
    b = np.pi - (np.pi - b) % (2 * np.pi)
    return np.concatenate(([b], w))
