"""One iteration with all of its numbers, from the prediction to the new parameters.

The loss, the gradient and the parameters are the recorded ones; the terms of the points are
computed anew, and the update is made again by the optimizer itself. Everything that goes in is
frozen, so any thread may ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.descent.formulas import UPDATES, Formulas, formulas_of
from engine.descent.history import Before, Place, Rows
from engine.descent.optimizers import OPTIMIZERS, Point, State, decayed_gradient
from engine.experiment import Settings, kind_of
from engine.problem.evaluation import length
from engine.problem.pointwise import linear
from engine.problem.problem import Problem
from engine.types import Vector

ALL_POINTS = 10_000
"""Up to so many points of a batch, the terms of all are given."""

FIRST_POINTS = 300
"""Of a larger batch, the terms of so many are given, the first ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What the first points of a batch contribute, each an array (m,) unless said otherwise.

    Parameters
    ----------
    positions
        Of the points in the training part.
    x, y
        Features (d, m) in the model's units, and targets.
    z, prediction, error, loss
        θ·φ, ŷ = h(z), ŷ − y and ℓ.
    outer, inner, features
        The factors of the chain rule: ∂ℓ/∂ŷ, ∂ŷ/∂z, and ∂z/∂θ (p, m).
    slope
        ∂ℓ/∂z. The product of its factors but for rounding; for a log loss it keeps its digits
        where ∂ℓ/∂ŷ leaves every bound.
    products
        ∂ℓ/∂θ (p, m), whose mean over the batch is the gradient of the data.
    """

    positions: NDArray[np.intp]
    x: Vector
    y: Vector
    z: Vector
    prediction: Vector
    error: Vector
    loss: Vector
    outer: Vector
    inner: Vector
    features: Vector
    slope: Vector
    products: Vector

    def __len__(self) -> int:
        return len(self.positions)


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """The step from one row to the next.

    Parameters
    ----------
    gradient
        What the optimizer goes by (p,): ∇L and, where it is added to it, the weight decay.
    count
        t, how many updates the state has seen with this one; None where it does not count.
    before, after
        The parts of the optimizer's state (p,) by their symbols; empty where there is none, or
        where it is not known.
    corrected
        m̂ and v̂, of ``after``, where the optimizer corrects for their zero start.
    delta, params
        The change (p,), and the parameters that it leads to.
    """

    gradient: Vector
    count: int | None
    before: dict[str, Vector]
    after: dict[str, Vector]
    corrected: dict[str, Vector]
    delta: Vector
    params: Vector


class StopRule(NamedTuple):
    """How far one of the criteria for stopping is.

    ``kind`` is its key in the experiment file, ``value`` what it looks at, None at a row where it
    is not looked at; it stops a run from ``bound`` on: iterations upwards, the others downwards.
    None as a bound is switched off.
    """

    kind: str
    value: float | None
    bound: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """All numbers of one row and its update; arrays (p,) with the intercept first.

    Parameters
    ----------
    place, n
        Epoch and batch, and the points of the batch.
    terms
        What its points contribute: all of them, or the first :data:`FIRST_POINTS` where they are
        more than :data:`ALL_POINTS`.
    has_penalty
        Whether there is one at all; its numbers are 0 where there is none.
    data_loss, penalty, loss
        Mean of ℓ over the batch, the penalty, and their sum, the recorded loss.
    data_gradient, penalty_gradient, gradient
        The same for ∇L.
    update
        None where it is not known: nothing is recorded of it and it cannot be made here.
    """

    row: int
    names: tuple[str, ...]
    params: Vector
    place: Place
    n: int
    terms: Terms
    has_penalty: bool
    data_loss: float
    penalty: float
    loss: float
    data_gradient: Vector
    penalty_gradient: Vector
    gradient: Vector
    learning_rate: float
    update: Update | None
    stops: tuple[StopRule, ...]
    formulas: Formulas


def explain(
    problem: Problem,
    settings: Settings,
    rows: Rows,
    row: int,
    place: Place,
    before: Before | None,
    most_points: int | None = None,
) -> Explanation:
    """Explain a recorded row; bounded in time however many points and rows there are.

    Parameters
    ----------
    settings, place
        Those under which update ``row`` is made, and its epoch and batch.
    before
        What it begins from; None where that is not known: there are no terms then, and the
        update is what the next row says of it.
    most_points
        How many points' terms are wanted at most; None for as many as there may be.
    """
    hyper, params = settings.optimizer, rows.params[:, row]
    n = problem.dataset.train.n if place.size is None else place.size
    values: list[float] = params.tolist()
    with np.errstate(all="ignore"):  # a diverging run overflows: that is what it shows
        penalty = float(problem.penalty.value(values))
        penalty_gradient = np.array(problem.penalty.gradient(values))
        return Explanation(
            row=row,
            names=problem.names,
            params=params,
            place=place,
            n=n,
            terms=_terms(problem, values, _positions(n, before, most_points)),
            has_penalty=bool(problem.penalty),
            data_loss=_data_loss(rows, row, place, penalty),
            penalty=penalty,
            loss=float(rows.loss[row]),
            data_gradient=rows.gradient[:, row] - penalty_gradient,
            penalty_gradient=penalty_gradient,
            gradient=rows.gradient[:, row],
            learning_rate=hyper.lr,
            update=_update(problem, hyper, rows, row, before),
            stops=_stops(problem, settings, rows, row, place),
            formulas=formulas_of(
                problem.neuron,
                problem.penalty,
                problem.dataset.n_features,
                kind_of(hyper),
                getattr(hyper, "weight_decay", 0.0),
            ),
        )


# the points ------------------------------------------------------------------------------


def _positions(n: int, before: Before | None, most_points: int | None) -> NDArray[np.intp]:
    """Positions of the points whose terms are given, of a batch of n."""
    if before is None:
        return np.zeros(0, dtype=np.intp)
    count = n if n <= ALL_POINTS else FIRST_POINTS
    if most_points is not None:
        count = min(count, most_points)
    return np.arange(count) if before.members is None else before.members[:count]


def _data_loss(rows: Rows, row: int, place: Place, penalty: float) -> float:
    """The mean of ℓ over the batch, as recorded where the batch is all of the points."""
    known = float(rows.train_loss[row])
    if place.size is None and not np.isnan(known):
        return known
    return float(rows.loss[row]) - penalty


def _terms(problem: Problem, params: list[float], positions: NDArray[np.intp]) -> Terms:
    neuron = problem.neuron
    x = np.ascontiguousarray(problem.x_train[positions].T)
    y = problem.dataset.train.y[positions]
    z = linear(x, params)
    loss, slope = neuron.loss_and_slope(z, y)
    outer, inner = neuron.factors(z, y)
    prediction = neuron.predict(z)
    features = np.vstack((np.ones_like(y), x))
    return Terms(
        positions=positions,
        x=x,
        y=y,
        z=z,
        prediction=prediction,
        error=prediction - y,
        loss=loss,
        outer=outer,
        inner=inner,
        features=features,
        slope=slope,
        products=features * slope,
    )


# the update ------------------------------------------------------------------------------


def _update(
    problem: Problem, hyper: Any, rows: Rows, row: int, before: Before | None
) -> Update | None:
    kind = kind_of(hyper)
    point = Point(
        rows.params[:, row].tolist(), rows.gradient[:, row].tolist(), problem.objective.hessian_at
    )
    decays = UPDATES[kind].decays_gradient
    gradient = np.array(decayed_gradient(point, hyper) if decays else point.gradient)
    if before is None or (kind == "newton" and _is_dear(problem)):
        if row + 1 >= len(rows):
            return None
        new = rows.params[:, row + 1]
        return Update(gradient, None, {}, {}, {}, new - rows.params[:, row], new)
    delta, after = OPTIMIZERS[kind].update(point, before.state, hyper)
    return Update(
        gradient=gradient,
        count=after[0] if UPDATES[kind].counts else None,
        before=_parts(kind, before.state),
        after=_parts(kind, after),
        corrected=_corrected(after, hyper) if UPDATES[kind].counts else {},
        delta=np.array(delta),
        params=np.array(delta) + rows.params[:, row],
    )


def _parts(kind: str, state: State) -> dict[str, Vector]:
    """The parts of a state by their symbols; one that has a single part is that part."""
    formulas = UPDATES[kind]
    parts = state[1:] if formulas.counts else state
    if len(formulas.state) == 1:
        parts = (parts,)
    return {symbol: np.array(part) for symbol, part in zip(formulas.state, parts, strict=True)}


def _corrected(state: State, hyper: Any) -> dict[str, Vector]:
    """The running means without the weight of their zero start (Kingma & Ba 2015, section 3)."""
    t, m, v = state
    beta_1, beta_2 = hyper.betas
    return {"m̂": np.array(m) / (1 - beta_1**t), "v̂": np.array(v) / (1 - beta_2**t)}


# stopping --------------------------------------------------------------------------------


def _stops(
    problem: Problem, settings: Settings, rows: Rows, row: int, place: Place
) -> tuple[StopRule, ...]:
    stop, seen = settings.stop, float(rows.train_loss[row])
    is_looked_at = not np.isnan(seen)
    norm = _gradient_norm(problem, rows, row, place) if is_looked_at else None
    change = _loss_change(rows.train_loss, row) if is_looked_at else None
    bound = None if stop.loss_change is None else stop.loss_change * max(1.0, abs(seen))
    return (
        StopRule("iterations", row, stop.iterations),
        StopRule("gradient_norm", norm, stop.gradient_norm),
        StopRule("loss_change", change, bound),
    )


def _gradient_norm(problem: Problem, rows: Rows, row: int, place: Place) -> float | None:
    """‖∇L‖ over all points; None where that would take a pass over very many."""
    if place.size is None:
        gradient = rows.gradient[:, row]
    elif _is_dear(problem):
        return None
    else:
        gradient = np.array(problem.objective.gradient(rows.params[:, row].tolist()))
    return length(gradient)


def _loss_change(train_loss: Vector, row: int) -> float | None:
    """|ΔL| to the last row before at which the loss of all points is known."""
    if not row:
        return None
    before = float(train_loss[row - 1])
    if np.isnan(before):  # very many points in small batches: known where an epoch begins
        known = np.flatnonzero(~np.isnan(train_loss[:row]))
        before = float(train_loss[known[-1]])
    return abs(float(train_loss[row]) - before)


def _is_dear(problem: Problem) -> bool:
    """Whether looking at all points takes longer than a frame has."""
    return not problem.is_free and problem.dataset.train.n > ALL_POINTS
