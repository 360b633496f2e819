"""A problem: everything about an experiment that stays the same while its runs go on."""

from __future__ import annotations

from dataclasses import dataclass

from engine.problem.curvature import Curvature, curvature_of
from engine.problem.dataset import Dataset, Scaler, fit_scaler
from engine.problem.quadratic import Quadratic, fit_quadratic, parameter_names
from engine.types import Vector

LOSS_WEIGHTS = {"mse": 1.0, "half_mse": 0.5}
"""What each loss multiplies the mean squared residual with."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Data in the model's units, the loss on each part, its optimum and curvature.

    ``x_train`` is (n, d), scaled; ``validation`` is None where there are no validation points;
    ``truth`` (p,) is in the model's units, or None.
    """

    dataset: Dataset
    scaler: Scaler
    x_train: Vector
    loss_kind: str
    train: Quadratic
    validation: Quadratic | None
    curvature: Curvature
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
    def optimum(self) -> Vector:
        """The least-squares parameters (p,), in the model's units."""
        return self.train.optimum


def build_problem(
    dataset: Dataset, scale: float | tuple[float, ...], standardise: bool, loss_kind: str
) -> Problem:
    """Scale the data and find the loss, its optimum and its curvature.

    Raises
    ------
    InputError
        Where the factors of ``scale`` do not fit the number of features.
    """
    scaler = fit_scaler(dataset.train, scale, standardise)
    weight = LOSS_WEIGHTS[loss_kind]
    x_train = scaler.transform(dataset.train.x)
    train = fit_quadratic(x_train, dataset.train.y, weight)
    return Problem(
        dataset=dataset,
        scaler=scaler,
        x_train=x_train,
        loss_kind=loss_kind,
        train=train,
        validation=(
            fit_quadratic(scaler.transform(dataset.validation.x), dataset.validation.y, weight)
            if dataset.validation.n
            else None
        ),
        curvature=curvature_of(train),
        truth=None if dataset.truth is None else scaler.to_model_units(dataset.truth),
    )
