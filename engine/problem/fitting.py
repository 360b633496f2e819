"""Which model, loss and data fit together, and why others do not."""

from __future__ import annotations

from engine.experiment import Loss, Model, kind_of
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.dataset import Dataset

LOSSES_OF: dict[str, tuple[str, ...]] = {
    "line": ("mse", "half_mse", "mae", "huber"),
    "logistic": ("log_loss", "mse", "half_mse", "mae", "huber"),
    "tanh": ("mse", "half_mse", "mae", "huber"),
    "sine": ("mse", "half_mse", "mae", "huber"),
}
"""The losses that fit each model, the natural one first."""

MOST_FEATURES = {"logistic": 2, "tanh": 1, "sine": 1}
"""How many features a model takes; as many as one likes where it is not listed."""


def check_fitting(dataset: Dataset, model: Model, loss: Loss) -> None:
    """Refuse what does not fit together.

    Raises
    ------
    InputError
        With the reason.
    """
    check_kinds(model, loss)
    most = MOST_FEATURES.get(model.kind)
    if most is not None and dataset.n_features > most:
        raise _too_many_features(model, most, dataset.n_features)
    if model.kind == "logistic":
        _check_labels(dataset)


def check_kinds(model: Model, loss: Loss) -> None:
    """Refuse a loss that does not fit the model, whatever the data.

    Raises
    ------
    InputError
        With the reason.
    """
    if kind_of(loss) not in LOSSES_OF[model.kind]:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "loss.kind: the log loss compares labels with probabilities, and the {model} "
                "model gives none; choose the logistic model, or another loss.",
            ),
            model=model.kind,
        )


def _too_many_features(model: Model, most: int, given: int) -> InputError:
    if most == 1:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "The {model} model takes one feature, and the data have {given}; choose one column or "
            "the line.",
        )
    else:
        text = QT_TRANSLATE_NOOP(
            "Message",
            "The {model} model takes at most {most} features, and the data have {given}; "
            "choose fewer columns or the line.",
        )
    return InputError(text, model=model.kind, most=most, given=given)


def _check_labels(dataset: Dataset) -> None:
    for part in (dataset.train, dataset.validation):
        strange = part.y[(part.y != 0) & (part.y != 1)]
        if len(strange):
            raise InputError(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "The logistic model needs labels 0 and 1, but {target} has the value {value}; "
                    "choose another column or another model.",
                ),
                target=dataset.target,
                value=f"{float(strange[0]):.6g}",
            )
