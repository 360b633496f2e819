"""The smallest mean |r| of a line: a linear program, solved from corner to corner.

A corner is a line through as many points as it has parameters. From one the next lies along an
edge, where one of those points is let go: Barrodale & Roberts, "An improved algorithm for discrete
l1 linear approximation", *SIAM Journal on Numerical Analysis* 10 (1973).
"""

from __future__ import annotations

from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from engine.messages import QT_TRANSLATE_NOOP, Message
from engine.problem.optimum import Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.solvers.frame import Frame, frame_of
from engine.problem.solvers.smooth import goal_of, minimise_absolute
from engine.types import Vector

MOST_POINTS = 20_000
"""Points up to which the corners are visited."""

CERTIFIED = 1e-9
"""How far a multiplier may be outside of ±1, and the gap between bounds as a share of the loss."""

MOST_EDGES = 200
"""Edges from a corner that are looked at for others as low."""

ONE_OF_MANY_LINES = Message(
    QT_TRANSLATE_NOOP(
        "Message",
        "Several lines share the smallest loss, as every number between the two middle ones is a "
        "median; distances are measured to one of them.",
    )
)

Corner = tuple[Vector, NDArray[np.intp], bool]
"""Parameters (p,), the p rows that they pass through, and whether nothing can be below."""


def absolute_optimum(data: Pointwise, penalty: Penalty) -> Optimum:
    """The line with the smallest mean |r|, penalty included."""
    frame = frame_of(data, penalty)
    if penalty.l2 or data.n > MOST_POINTS:
        return frame.optimum(minimise_absolute(goal_of(frame), frame.start), is_exact=False)
    return frame.optimum(*_corner(frame))


def _corner(frame: Frame) -> tuple[Vector, bool, Message | None]:
    """γ of the best corner, whether nothing can be below it, and whether it is one of many.

    The points are sorted, so that their order says nothing. λ₁Σ|w| is that of more points.
    """
    n, pull = frame.data.n, frame.pull
    order = np.lexsort((*frame.data.x, frame.data.y))
    rows = np.vstack((np.ones(n), frame.data.x[:, order])).T
    is_pulled = pull > 0
    rows = np.vstack((rows, n * np.diag(pull)[is_pulled]))
    targets = np.concatenate((frame.data.y[order], np.zeros(int(is_pulled.sum()))))
    gamma, corner, is_optimal = least_absolute(rows, targets, frame.start)
    gamma[is_pulled & np.isin(np.cumsum(is_pulled) - 1 + n, corner)] = 0.0
    return gamma, is_optimal, None if _is_single(rows, targets, gamma) else ONE_OF_MANY_LINES


def _is_single(rows: Vector, targets: Vector, gamma: Vector) -> bool:
    """Whether Σ|rows·γ − targets| rises along every edge from its minimum γ (p,).

    An edge keeps all but one of p points that the corner passes through. Where many points meet
    there, only the first :data:`MOST_EDGES` edges are looked at.
    """
    errors = targets - rows @ gamma
    meets = np.abs(errors) <= CERTIFIED * np.abs(errors).max() + 1e-13 * np.abs(targets).max()
    met, pull = rows[meets], np.sign(errors[~meets]) @ rows[~meets]
    for kept in islice(combinations(range(len(met)), rows.shape[1] - 1), MOST_EDGES):
        edge = np.linalg.svd(met[list(kept)])[2][-1]
        rise = np.abs(met @ edge).sum()  # of the points met, against the others' fall
        if abs(pull @ edge) >= (1 - CERTIFIED) * rise:
            return False
    return True


def least_absolute(rows: Vector, targets: Vector, start: Vector) -> Corner:
    """γ (p,) that minimises Σ|rows·γ − targets|, the rows it goes through, and a certificate.

    Targets are moved by less than matters, so that no more than p rows pass through one corner;
    the multipliers that certify that corner also bound the loss of the true targets from below.
    """
    p = rows.shape[1]
    errors = targets - rows @ start
    size = float(np.abs(errors).max(initial=0))
    rounding = 1e-14 * float(np.abs(targets).max(initial=0))
    noise = np.random.default_rng(0).uniform(-1, 1, len(targets))
    moved = targets + (1e-10 * size + rounding) * noise
    corner = _first_corner(rows, errors)
    for _ in range(100 + 20 * p):
        inverse = np.linalg.inv(rows[corner])
        errors = moved - rows @ (inverse @ moved[corner])
        errors[corner] = 0.0
        signs = np.sign(errors)
        multipliers = -(signs @ rows) @ inverse
        worst = int(np.argmax(np.abs(multipliers)))
        if abs(multipliers[worst]) <= 1 + CERTIFIED:
            break
        edge = -np.sign(multipliers[worst]) * inverse[:, worst]
        corner[worst] = _end_of_edge(errors, rows @ edge, abs(multipliers[worst]), corner)
    gamma = np.asarray(np.linalg.solve(rows[corner], targets[corner]), dtype=float)
    errors = targets - rows @ gamma
    errors[corner] = 0.0
    signs[corner] = np.clip(multipliers, -1, 1)
    total = float(np.abs(errors).sum())
    gap = total - float(signs @ errors) + size * float(np.abs(signs @ rows).max())
    return gamma, corner, gap <= CERTIFIED * total + len(targets) * rounding


def _first_corner(rows: Vector, errors: Vector) -> NDArray[np.intp]:
    """Indices of p rows with small errors that are far from depending on each other.

    Gram–Schmidt, each time with the row that has most left for its error.
    """
    size = float(np.abs(errors).max())
    rest = rows / (np.abs(errors) + (1e-3 * size or 1.0))[:, np.newaxis]
    rest /= np.abs(rest).max()  # so that no square underflows
    corner = []
    for _ in range(rows.shape[1]):
        lengths = np.einsum("ij,ij->i", rest, rest)
        best = int(np.argmax(lengths))
        corner.append(best)
        unit = rest[best] / np.sqrt(lengths[best])
        rest = rest - np.outer(rest @ unit, unit)
    return np.array(corner)


def _end_of_edge(errors: Vector, rates: Vector, steepness: float, corner: NDArray[np.intp]) -> int:
    """The row where the sum of |errors − t·rates| over t > 0 is smallest: a weighted median."""
    ahead = (errors * rates > 0) & (np.abs(rates) > 1e-13 * np.abs(rates).max())
    ahead[corner] = False
    candidates = np.flatnonzero(ahead)
    distances = errors[candidates] / rates[candidates]
    order = np.argsort(distances, kind="stable")
    slopes = 1 - steepness + 2 * np.cumsum(np.abs(rates[candidates[order]]))
    end = min(int(np.searchsorted(slopes, 0.0)), len(order) - 1)
    return int(candidates[order[end]])
