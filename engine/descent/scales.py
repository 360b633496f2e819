"""The same data at three scales of the features, and the same descent on each (tutorial 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import msgspec
import numpy as np

from engine.descent.descent import Descent, Ending
from engine.descent.history import Rows
from engine.experiment import Experiment, Features, Gd, Run, Stop, at_rate
from engine.problem import fit, sections
from engine.problem.curvature import Course, directions
from engine.problem.problem import Problem, build_problem
from engine.problem.quadratic import Quadratic
from engine.problem.sources import start_of
from engine.problem.surface import Frame, default_frame
from engine.types import Vector

KINDS = {
    "original": Features(),
    "enlarged": Features(scale=10.0),
    "standardised": Features(standardise=True),
}
"""The scales; tutorial 2 multiplies its "bad feature" with 10."""

MOST_ROWS = 2_000
"""Updates of each descent that are made."""

MOST_NUMBERS = 30_000_000
"""Points that a descent or the cuts through a loss may look at."""

ARRIVED, ARRIVED_SHARE = 1e-6, 1e-9
"""‖∇L‖ below which a descent has arrived, also as a share of that at the start."""

SEEN = 0.1
"""Share of the error that a step must leave on the other side to be called a zig-zag."""

MARGIN = 2.0
"""How many times as wide as what has to be seen the common frame is."""

FEWEST_VALUES, MOST_VALUES = 21, 161
"""Points of each cut, on either side of which as many again are close to the bottom."""

MOST_POINTS = 1_500
"""Points of each part that are handed out for a scatter."""

Cancelled = Callable[[], bool]


class Outcome(Enum):
    """What becomes of a descent."""

    ARRIVES = "arrives"
    CONVERGES = "converges"
    WANDERS = "wanders"
    GROWS = "grows"
    DIVERGES = "diverges"


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """One scale: ``kind`` is ``original``, ``enlarged`` or ``standardised``.

    ``rows`` are those of the descent on it and ``excess`` (n,) how far the loss of each is above
    the smallest one; ``rate`` is its learning rate, ``limit`` the rate from which on it is
    unstable (None for an optimizer that has none), ``ended`` why it stopped, None where it goes
    on. ``arrived`` is the first row whose gradient is as good as zero, None where
    there is none, or where each batch has a gradient of its own. ``is_plain`` says whether it is
    gradient descent, ``zigzags`` whether that changes sides with every step along some direction.
    """

    kind: str
    problem: Problem
    rate: float
    limit: float | None
    rows: Rows
    excess: Vector
    ended: Ending | None
    arrived: int | None
    is_plain: bool
    zigzags: bool

    @property
    def has_diverged(self) -> bool:
        """Whether the loss left every bound."""
        return self.ended is not None and self.ended.reason == "diverged"

    @property
    def outcome(self) -> Outcome:
        """What becomes of it, as far as its rows and the curvature tell."""
        if self.has_diverged:
            return Outcome.DIVERGES
        if self.arrived is not None:
            return Outcome.ARRIVES
        if self.limit is not None and self.rate >= self.limit:
            return Outcome.GROWS
        falls = len(self.rows) < 2 or self.rows.loss[-1] < self.rows.loss[0]
        return Outcome.CONVERGES if falls else Outcome.WANDERS

    @property
    def iteration(self) -> int:
        """The row at which the outcome is known: that of the arrival, else the last one."""
        return len(self.rows) - 1 if self.arrived is None else self.arrived

    @property
    def centre(self) -> Vector:
        """The optimum (p,); the start where there is none."""
        best = self.problem.optimum.params
        return self.rows.params[:, 0] if best is None else best


def _never() -> bool:
    return False


def three_scales(
    experiment: Experiment,
    index: int,
    problem: Problem,
    rate: float | None = None,
    known: tuple[Problem, ...] = (),
    cancelled: Cancelled = _never,
) -> tuple[Scaled, Scaled, Scaled]:
    """Run one descent from the same numbers on the features as they are, × 10 and standardised.

    Parameters
    ----------
    index
        Which run; its live changes and the experiment's criteria for stopping play no part.
    problem
        That of the experiment; it lends its points.
    rate
        The learning rate on all three; None takes that of the run.
    known
        Problems of an earlier answer, which are taken over where they are still the same.
    cancelled
        Whether nobody waits any more; what is returned then is cut short.
    """
    run = msgspec.structs.replace(experiment.runs[index], changes=())
    if rate is not None:
        run = at_rate(run, rate)
    experiment = msgspec.structs.replace(
        experiment, runs=(run,), stop=Stop(iterations=_most_rows(problem))
    )
    start = start_of(experiment, run, problem)
    reusable = dict(zip(KINDS, known, strict=False)) if _are_of(known, problem) else {}
    original, enlarged, standardised = (
        _descended(kind, reusable.get(kind), experiment, problem, start, cancelled)
        for kind in KINDS
    )
    return original, enlarged, standardised


def _most_rows(problem: Problem) -> int:
    if problem.is_free:
        return MOST_ROWS
    return max(1, min(MOST_ROWS, MOST_NUMBERS // problem.n_points))


def _are_of(known: tuple[Problem, ...], problem: Problem) -> bool:
    """Whether problems are the given one but for the scale of the features."""
    return all(
        each.dataset is problem.dataset
        and each.neuron == problem.neuron
        and each.penalty == problem.penalty
        for each in known
    )


def _descended(
    kind: str,
    scaled: Problem | None,
    experiment: Experiment,
    problem: Problem,
    start: Vector,
    cancelled: Cancelled,
) -> Scaled:
    features = KINDS[kind]
    if scaled is None:
        is_same = features == experiment.features
        model, loss = experiment.model, experiment.loss_of(0)
        scaled = problem if is_same else build_problem(problem.dataset, features, model, loss)
    descent = Descent(scaled, msgspec.structs.replace(experiment, features=features), 0, start)
    while not cancelled() and descent.advance(descent.chunk_rows):
        pass
    run, rows = experiment.runs[0], descent.history.rows()
    return Scaled(
        kind=kind,
        problem=scaled,
        rate=run.optimizer.lr,
        limit=descent.limit(0),
        rows=rows,
        excess=_excess(scaled, rows),
        ended=descent.ending,
        arrived=_arrival(rows) if run.batch.size is None else None,
        is_plain=isinstance(run.optimizer, Gd),
        zigzags=_zigzags(scaled, run),
    )


def _excess(problem: Problem, rows: Rows) -> Vector:
    """L − L* of every row, all digits of it where it is a quadratic, else that of each batch."""
    if isinstance(problem.objective, Quadratic):
        with np.errstate(over="ignore"):
            return np.asarray(problem.objective.excess(list(rows.params)))
    return np.maximum(rows.loss - problem.optimum.loss, 0.0)


def _arrival(rows: Rows) -> int | None:
    """The first row with a gradient that is as good as zero; None where there is none."""
    with np.errstate(over="ignore"):
        length = np.sqrt((rows.gradient**2).sum(axis=0))
    small = length < max(ARRIVED, ARRIVED_SHARE * float(length[0]))
    return int(small.argmax()) if small.any() else None


def _zigzags(problem: Problem, run: Run) -> bool:
    plain = isinstance(run.optimizer, Gd) and run.batch.size is None
    if not plain or problem.curvature is None:
        return False
    found = directions(problem.curvature, run.optimizer.lr)
    return any(each.course is Course.ZIGZAGS and each.factor < -SEEN for each in found)


# What is drawn of them


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Some points of one scale against its first feature, in the model's units.

    ``x`` are values of that feature and ``y`` the targets, of the training part and of the
    validation part; where a line is fitted to several features, the targets less what the other
    features explain at the optimum.
    """

    x: tuple[Vector, Vector]
    y: tuple[Vector, Vector]


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """The loss (m,) at values (m,) of one parameter, the others held at the scale's centre.

    ``bend`` is the second derivative at the optimum; None where there is none.
    """

    values: Vector
    losses: Vector
    bend: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Three scales and what is drawn of them.

    ``axes`` are the two parameters that are looked at, ``frame`` holds all three optima and the
    start, ``frames`` are those that each scale has on its own, ``slices`` the cuts of each along
    both axes.
    """

    scales: tuple[Scaled, Scaled, Scaled]
    axes: tuple[int, int]
    frame: Frame
    frames: tuple[Frame, ...]
    scatters: tuple[Scatter, ...]
    slices: tuple[tuple[Slice, Slice], ...]


def comparisons(
    experiment: Experiment,
    index: int,
    problem: Problem,
    rate: float | None,
    axes: tuple[int, int],
    known: tuple[Problem, ...],
    cancelled: Cancelled,
) -> Iterator[Comparison]:
    """The comparison of three scales, unless nobody waits for it; parameters as above."""
    scales = three_scales(experiment, index, problem, rate, known, cancelled)
    if cancelled():
        return
    frame = common_frame(scales, axes)
    start = scales[0].rows.params[:, 0]
    slices = []
    for scaled in scales:
        pair = [_slice(scaled, axis, side) for axis, side in _sides(axes, frame)]
        slices.append((pair[0], pair[1]))
        if cancelled():
            return
    yield Comparison(
        scales=scales,
        axes=axes,
        frame=frame,
        frames=tuple(default_frame(scaled.problem, start, axes) for scaled in scales),
        scatters=tuple(_scatter(scaled) for scaled in scales),
        slices=tuple(slices),
    )


def _sides(
    axes: tuple[int, int], frame: Frame
) -> tuple[tuple[int, tuple[float, float]], tuple[int, tuple[float, float]]]:
    return (axes[0], frame.x), (axes[1], frame.y)


def common_frame(scales: tuple[Scaled, ...], axes: tuple[int, int]) -> Frame:
    """A square about the start and all optima, the same length along both axes.

    On the same length a standardised feature has round contours.
    """
    seen = np.array([scales[0].rows.params[:, 0], *(scaled.centre for scaled in scales)])
    low, high = seen.min(axis=0)[list(axes)], seen.max(axis=0)[list(axes)]
    middle, half = (low + high) / 2, 0.5 * MARGIN * float((high - low).max())
    if not half > 0:
        half = max(1.0, float(np.abs(middle).max()))
    x, y = ((float(at) - half, float(at) + half) for at in middle)
    return Frame(x, y)


def _slice(scaled: Scaled, axis: int, side: tuple[float, float]) -> Slice:
    problem, centre = scaled.problem, scaled.centre
    count = MOST_VALUES
    if not problem.is_free:
        most = MOST_NUMBERS // (6 * problem.dataset.train.n)
        count = max(FEWEST_VALUES, min(MOST_VALUES, most))
    bend = _bend(problem, axis)
    values = np.linspace(*side, count)
    if bend:  # a valley may be narrower than what is between two of them
        height = float(problem.objective.loss(scaled.rows.params[:, 0].tolist()))
        reach = 2 * np.sqrt(2 * max(0.0, height - problem.optimum.loss) / bend)
        values = np.union1d(values, centre[axis] + reach * np.linspace(-1, 1, count))
    return Slice(values, sections.profile(problem.objective, centre, axis, values), bend)


def _bend(problem: Problem, axis: int) -> float | None:
    """∂²L/∂θⱼ² at the optimum: Σλᵢvᵢⱼ² over the eigenvectors."""
    if problem.curvature is None:
        return None
    weights = problem.curvature.eigenvectors[axis] ** 2
    return float((problem.curvature.eigenvalues * weights).sum())


def _scatter(scaled: Scaled) -> Scatter:
    problem = scaled.problem
    x, y = [], []
    for part in (problem.dataset.train, problem.dataset.validation):
        few = fit.evenly(part.n, MOST_POINTS)
        features = problem.scaler.transform(part.x[few])
        rest = part.y[few].copy()
        if problem.neuron.model == "line":
            for slope, column in zip(scaled.centre[2:], features.T[1:], strict=True):
                rest -= slope * column
        x.append(features[:, 0])
        y.append(rest)
    return Scatter((x[0], x[1]), (y[0], y[1]))


def fitted(scaled: Scaled, params: Vector, x: Vector) -> Vector:
    """ŷ (m,) of parameters (p,) at model-unit values x (m,) of the first feature, the others 0."""
    return scaled.problem.neuron.predict(params[0] + params[1] * x)
