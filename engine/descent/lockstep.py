"""Several runs going on side by side: where they do the same sums, all with one call each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.descent.descent import FREE_ROWS, Descent, Leg, rows_of_all_points
from engine.descent.optimizers import OPTIMIZERS, Point, State
from engine.descent.tape import Counted, Tape, Traced
from engine.experiment import kind_of
from engine.problem.quadratic import Quadratic
from engine.types import Vector

LEAST_TOGETHER = 3
"""Runs from which on arrays take less time than floats."""

LEAST_ROWS = 64
"""Rows that are worth the time to follow the formula."""


def advance(descents: Sequence[Descent], row: int) -> None:
    """Let runs go on to a row, or to where they end: each as it would alone, bit for bit."""
    while going := [each for each in descents if each.ending is None and each.head < row]:
        groups = _groups(going, row)
        for group in groups:
            _advance_together(group)
        if not groups:
            for descent in going:
                descent.advance(row - descent.head)


def _groups(going: Sequence[Descent], row: int) -> list[list[tuple[Descent, Leg]]]:
    """The runs that can go on together, by what they have in common."""
    if len(going) < LEAST_TOGETHER:
        return []
    groups: dict[tuple[Any, ...], list[tuple[Descent, Leg]]] = defaultdict(list)
    for descent in going:
        steps = descent.free_steps(min(row - descent.head, FREE_ROWS))
        if steps < LEAST_ROWS or not descent.problem.is_quadratic:
            continue
        leg = descent.leg(steps)
        if leg.steps >= LEAST_ROWS:
            counts = [part for part in leg.state if isinstance(part, int)]
            alike = (id(descent.problem), kind_of(leg.hyper), *counts)
            groups[alike].append((descent, leg))
    return [group for group in groups.values() if len(group) >= LEAST_TOGETHER]


def _advance_together(group: Sequence[tuple[Descent, Leg]]) -> None:
    descents, legs = [descent for descent, _ in group], [leg for _, leg in group]
    problem, runs, steps = descents[0].problem, len(group), min(leg.steps for leg in legs)
    assert isinstance(problem.objective, Quadratic)
    tape, params = Tape(), _side_by_side([leg.params for leg in legs])
    state = _joined([leg.state for leg in legs], tape, steps)
    _follow(tape, problem.objective, params, state, [leg.hyper for leg in legs])
    path = tape.repeat(steps).reshape(steps, -1, runs)
    rows = rows_of_all_points(problem, path.transpose(1, 2, 0).reshape(-1, runs * steps))
    for run, descent in enumerate(descents):
        part = rows.part(run * steps, (run + 1) * steps)
        descent.take(part, _state_of(run, state, runs))


def _side_by_side(values: Sequence[Sequence[float]]) -> Vector:
    """Numbers (p,) of each of m runs as (p·m,): the first ones of all, then the second ones."""
    return np.array(values).T.ravel()


def _joined(states: Sequence[Any], tape: Tape, steps: int) -> Any:
    """The states of several runs as one: of stand-ins for what is a number per parameter."""
    first = states[0]
    if isinstance(first, int):
        return Counted(np.arange(first, first + steps)[:, np.newaxis])
    if first and isinstance(first[0], float):
        return (Traced(tape, _side_by_side(states)),)
    return tuple(_joined(parts, tape, steps) for parts in zip(*states, strict=True))


def _state_of(run: int, state: Any, runs: int) -> Any:
    """The state of one of several runs, after the last step."""
    if isinstance(state, Counted):
        return int(state.table[-1, 0]) + 1
    if isinstance(state, Traced):
        return tuple(state.values.reshape(-1, runs)[:, run].tolist())
    if len(state) == 1:
        return _state_of(run, state[0], runs)
    return tuple(_state_of(run, part, runs) for part in state)


def _follow(
    tape: Tape, objective: Quadratic, params: Vector, state: State, hypers: Sequence[Any]
) -> None:
    """Put a step of several runs on the tape; it leaves the ``state`` as it then is.

    Where a method asks nothing of a parameter about the others, all are one column to it.
    """
    optimizer, runs = OPTIMIZERS[kind_of(hypers[0])], len(hypers)
    calls, gradient = objective.gradient_calls(params, runs)
    tape.extend(calls)
    columns = 1 if optimizer.elementwise else len(params) // runs
    places = tape.place(params, columns)
    point = Point(
        [Traced(tape, values) for values in places],
        [Traced(tape, values) for values in np.split(gradient, columns)],
        objective.hessian_at,
    )
    deltas, after = optimizer.update(point, state, _joined_hyper(hypers, len(places[0])))
    for values, delta in zip(places, deltas, strict=True):
        tape.extend([(np.add, (values, delta.values, values))])
    _carry(tape, state, after)


def _joined_hyper(hypers: Sequence[Any], size: int) -> SimpleNamespace:
    """The hyper-parameters of several runs as one: a number where they agree."""
    first = hypers[0]
    return SimpleNamespace(
        **{
            name: _joined_value([getattr(hyper, name) for hyper in hypers], size)
            for name in first.__struct_fields__
        }
    )


def _joined_value(values: Sequence[Any], size: int) -> Any:
    if isinstance(values[0], tuple):
        return tuple(_joined_value(parts, size) for parts in zip(*values, strict=True))
    if all(value == values[0] for value in values):
        return values[0]
    return np.tile(values, size // len(values))


def _carry(tape: Tape, old: Any, new: Any) -> None:
    """Let the state be, in the next step, what this one made of it."""
    if isinstance(old, Traced):
        tape.carry(old.values, new.values)
    elif isinstance(old, tuple):
        for before, after in zip(old, new, strict=True):
            _carry(tape, before, after)
