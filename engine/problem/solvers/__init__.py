"""Finding the optimum of every objective, with how sure it is."""

from __future__ import annotations

import numpy as np

from engine.problem.objective import Objective
from engine.problem.optimum import Optimum, optimum_of_quadratic
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.quadratic import Quadratic


def find_optimum(objective: Objective, data: Quadratic | Pointwise, penalty: Penalty) -> Optimum:
    """The parameters with the smallest loss, penalty included."""
    if isinstance(objective, Quadratic):
        return optimum_of_quadratic(objective)
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers near the largest there are
        return _sought(data, penalty)


def _sought(data: Quadratic | Pointwise, penalty: Penalty) -> Optimum:
    """What has no closed form; the methods are loaded only here, since most windows need none."""
    from engine.problem.solvers.absolute import absolute_optimum
    from engine.problem.solvers.lasso import lasso_of_quadratic
    from engine.problem.solvers.many_starts import best_of_many
    from engine.problem.solvers.separable import log_loss_optimum
    from engine.problem.solvers.smooth import huber_optimum

    if isinstance(data, Quadratic):
        return lasso_of_quadratic(data, penalty)
    if not data.neuron.is_convex:
        return best_of_many(data, penalty)
    solvers = {"log_loss": log_loss_optimum, "huber": huber_optimum, "mae": absolute_optimum}
    return solvers[data.neuron.loss_kind](data, penalty)
