"""A problem: everything about an experiment that stays the same while its runs go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.experiment import Features, Huber, Loss, Model, kind_of
from engine.problem.curvature import Curvature, curvature_at, curvature_of
from engine.problem.dataset import Dataset, Part, Scaler, fit_scaler
from engine.problem.fitting import check_fitting
from engine.problem.neuron import Neuron
from engine.problem.objective import Objective, objective_of
from engine.problem.optimum import Optimum
from engine.problem.penalty import Penalty
from engine.problem.pointwise import Pointwise
from engine.problem.quadratic import Quadratic, fit_quadratic, parameter_names
from engine.problem.solvers import find_optimum
from engine.types import Vector


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Data in the model's units, the loss on each part, its optimum and curvature.

    Parameters
    ----------
    x_train
        Training features (n, d), scaled.
    neuron
        The model with its loss.
    train, validation
        The mean loss of the data without penalty; None where there are no validation points.
    objective
        What descends: ``train`` with the ``penalty``.
    curvature
        At the optimum; None where there is no optimum, or no curvature to speak of.
    truth
        Parameters (p,) in the model's units, or None.
    """

    dataset: Dataset
    scaler: Scaler
    x_train: Vector
    neuron: Neuron
    penalty: Penalty
    train: Quadratic | Pointwise
    validation: Quadratic | Pointwise | None
    objective: Objective
    optimum: Optimum
    curvature: Curvature | None
    truth: Vector | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, the intercept first."""
        return parameter_names(self.dataset.n_features)

    @property
    def n_params(self) -> int:
        """Number of parameters."""
        return self.dataset.n_features + 1

    @property
    def n_points(self) -> int:
        """Number of points, training and validation."""
        return self.dataset.train.n + self.dataset.validation.n

    @property
    def is_quadratic(self) -> bool:
        """Whether the objective is a quadratic, so that its curvature is the same everywhere."""
        return isinstance(self.objective, Quadratic)

    @property
    def is_free(self) -> bool:
        """Whether the full batch costs nothing in the number of points."""
        return isinstance(self.train, Quadratic)

    @property
    def has_classes(self) -> bool:
        """Whether the model says how likely class 1 is."""
        return self.neuron.model == "logistic"


def build_problem(dataset: Dataset, features: Features, model: Model, loss: Loss) -> Problem:
    """Scale the data and find the loss, its optimum and its curvature.

    Raises
    ------
    InputError
        Where the factors of ``features.scale`` do not fit the number of features, or model, loss
        and data do not fit together.
    """
    check_fitting(dataset, model, loss)
    scaler = fit_scaler(dataset.train, features.scale, features.standardise)
    neuron, penalty = _neuron(model, loss), Penalty(loss.l1, loss.l2)
    x_train = scaler.transform(dataset.train.x)
    train = _loss_of(x_train, dataset.train, neuron)
    validation = None
    if dataset.validation.n:
        rest = dataset.validation
        validation = _loss_of(scaler.transform(rest.x), rest, neuron)
    objective = objective_of(train, penalty)
    optimum = find_optimum(objective, train, penalty)
    return Problem(
        dataset=dataset,
        scaler=scaler,
        x_train=x_train,
        neuron=neuron,
        penalty=penalty,
        train=train,
        validation=validation,
        objective=objective,
        optimum=optimum,
        curvature=_curvature(objective, optimum, neuron),
        truth=None if dataset.truth is None else scaler.to_model_units(dataset.truth),
    )


def _neuron(model: Model, loss: Loss) -> Neuron:
    if isinstance(loss, Huber):
        return Neuron(model.kind, kind_of(loss), loss.delta)
    return Neuron(model.kind, kind_of(loss))


def _loss_of(x: Vector, part: Part, neuron: Neuron) -> Quadratic | Pointwise:
    weight = neuron.quadratic_weight
    if weight is not None:
        return fit_quadratic(x, part.y, weight)
    return Pointwise(neuron, np.ascontiguousarray(x.T), part.y)


def _curvature(objective: Objective, optimum: Optimum, neuron: Neuron) -> Curvature | None:
    if isinstance(objective, Quadratic):
        return curvature_of(objective)
    if optimum.params is None or not neuron.is_smooth:
        return None
    return curvature_at(objective.hessian_at(optimum.params.tolist()))
