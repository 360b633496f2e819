"""Finding the optimum of every objective, with how sure it is."""

from __future__ import annotations

import numpy as np

from engine.problem.objective import Objective
from engine.problem.optimum import Certainty, Optimum, optimum_of_quadratic
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.quadratic import Quadratic


def find_optimum(objective: Objective, data: Quadratic | Pointwise, penalty: Penalty) -> Optimum:
    """The parameters with the smallest loss, penalty included."""
    if isinstance(objective, Quadratic):
        return optimum_of_quadratic(objective)
    return _descended(objective, data)


def _descended(objective: Objective, data: Quadratic | Pointwise) -> Optimum:
    p = len(data.x) + 1 if isinstance(data, Pointwise) else len(data.optimum)
    params = np.zeros(p)
    for _ in range(100):
        loss, gradient = objective.loss_and_gradient(params.tolist())
        values, vectors = np.linalg.eigh(objective.hessian_at(params.tolist()))
        step = vectors @ ((vectors.T @ np.array(gradient)) / np.maximum(np.abs(values), 1e-6))
        t = 1.0
        while t > 1e-10 and objective.loss((params - t * step).tolist()) > loss:
            t /= 2
        params = params - t * step
    return Optimum(params, float(objective.loss(params.tolist())), Certainty.APPROXIMATE)
