"""What one iteration computes, as formulas: plain Unicode text in the symbols of the field.

The one source of every formula that is shown. None of it is translated; θ stands for all
parameters, g for the gradient that the optimizer goes by, i for a point and j for a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.problem.neuron import Neuron
from engine.problem.penalty import Penalty

MOST_TERMS = 3
"""Features that are written out; of more, the first and the last."""


@dataclass(frozen=True, slots=True)
class UpdateFormulas:
    """One optimizer's update, line by line.

    ``state`` names the parts of its state in their order, those of one number per parameter;
    ``counts`` says that the number of updates t goes before them. ``decays_gradient`` is whether
    weight decay is added to the gradient.
    """

    lines: tuple[str, ...]
    state: tuple[str, ...] = ()
    counts: bool = False
    decays_gradient: bool = True


_ADAM = (
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "m̂ = m/(1 − β₁ᵗ)",
    "v̂ = v/(1 − β₂ᵗ)",
)

UPDATES: dict[str, UpdateFormulas] = {
    "gd": UpdateFormulas(("θ ← θ − η·g",)),
    "momentum": UpdateFormulas(("v ← μ·v + g", "θ ← θ − η·v"), ("v",)),
    "nesterov": UpdateFormulas(("v ← μ·v + g", "θ ← θ − η·(g + μ·v)"), ("v",)),
    "adagrad": UpdateFormulas(("s ← s + g²", "θ ← θ − η·g/(√s + ε)"), ("s",)),
    "rmsprop": UpdateFormulas(("s ← α·s + (1 − α)·g²", "θ ← θ − η·g/(√s + ε)"), ("s",)),
    "adam": UpdateFormulas((*_ADAM, "θ ← θ − η·m̂/(√v̂ + ε)"), ("m", "v"), counts=True),
    "adamw": UpdateFormulas(
        (*_ADAM, "θ ← (1 − η·λ)·θ − η·m̂/(√v̂ + ε)"),
        ("m", "v"),
        counts=True,
        decays_gradient=False,
    ),
    "newton": UpdateFormulas(("θ ← θ − η·H⁺·g",), decays_gradient=False),
}
"""By the optimizer's ``kind``; the functions are in :mod:`engine.descent.optimizers`."""

PREDICTIONS: dict[str, str] = {
    "line": "ŷ = z",
    "logistic": "ŷ = σ(z) = 1/(1 + e⁻ᶻ)",
    "tanh": "ŷ = tanh(z)",
    "sine": "ŷ = sin(z)",
}
"""By the model's ``kind``."""

ACTIVATION_SLOPES: dict[str, str] = {
    "line": "∂ŷ/∂z = 1",
    "logistic": "∂ŷ/∂z = ŷ·(1 − ŷ)",
    "tanh": "∂ŷ/∂z = 1 − ŷ²",
    "sine": "∂ŷ/∂z = cos(z)",
}
"""By the model's ``kind``."""

LOSSES: dict[str, tuple[str, ...]] = {
    "mse": ("ℓ = (ŷ − y)²",),
    "half_mse": ("ℓ = ½·(ŷ − y)²",),
    "mae": ("ℓ = |ŷ − y|",),
    "huber": ("ℓ = ½·(ŷ − y)²,  |ŷ − y| ≤ δ", "ℓ = δ·(|ŷ − y| − ½·δ),  |ŷ − y| > δ"),
    "log_loss": ("ℓ = −y·ln(ŷ) − (1 − y)·ln(1 − ŷ)",),
}
"""By the loss's ``kind``; a condition follows its comma."""

LOSS_SLOPES: dict[str, tuple[str, ...]] = {
    "mse": ("∂ℓ/∂ŷ = 2·(ŷ − y)",),
    "half_mse": ("∂ℓ/∂ŷ = ŷ − y",),
    "mae": ("∂ℓ/∂ŷ = sign(ŷ − y)",),
    "huber": ("∂ℓ/∂ŷ = ŷ − y,  |ŷ − y| ≤ δ", "∂ℓ/∂ŷ = δ·sign(ŷ − y),  |ŷ − y| > δ"),
    "log_loss": ("∂ℓ/∂ŷ = (ŷ − y)/(ŷ·(1 − ŷ))",),
}
"""By the loss's ``kind``."""


@dataclass(frozen=True, slots=True)
class Formulas:
    """The lines of each step; ``factors`` are those of the chain rule that ``gradient`` names."""

    predict: tuple[str, ...]
    loss: tuple[str, ...]
    gradient: tuple[str, ...]
    factors: tuple[str, ...]
    update: tuple[str, ...]


def formulas_of(
    neuron: Neuron, penalty: Penalty, n_features: int, kind: str, weight_decay: float
) -> Formulas:
    """The formulas of a problem's iteration under an optimizer's kind and weight decay."""
    return Formulas(
        predict=_predict(neuron.model, n_features),
        loss=(*LOSSES[neuron.loss_kind], "L = (1/n)·Σᵢ ℓᵢ" + _penalty(penalty)),
        gradient=("∂L/∂θⱼ = (1/n)·Σᵢ ∂ℓ/∂ŷ · ∂ŷ/∂z · ∂z/∂θⱼ" + _penalty_slope(penalty),),
        factors=(
            *LOSS_SLOPES[neuron.loss_kind],
            ACTIVATION_SLOPES[neuron.model],
            "∂z/∂b = 1",
            "∂z/∂w = x" if n_features == 1 else "∂z/∂wⱼ = xⱼ",
        ),
        update=(_effective_gradient(UPDATES[kind], weight_decay), *UPDATES[kind].lines),
    )


def _predict(model: str, n_features: int) -> tuple[str, ...]:
    if model == "line":
        return (f"ŷ = {_linear(n_features)}",)
    return (f"z = {_linear(n_features)}", PREDICTIONS[model])


def _linear(n_features: int) -> str:
    if n_features == 1:
        return "b + w·x"
    names = [str(i).translate(_SUBSCRIPTS) for i in range(1, n_features + 1)]
    terms = [f"w{name}·x{name}" for name in names]
    if n_features > MOST_TERMS:
        terms[1:-1] = ["…"]
    return " + ".join(["b", *terms])


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _penalty(penalty: Penalty) -> str:
    return (" + λ₂·Σw²" if penalty.l2 else "") + (" + λ₁·Σ|w|" if penalty.l1 else "")


def _penalty_slope(penalty: Penalty) -> str:
    return (" + 2·λ₂·w" if penalty.l2 else "") + (" + λ₁·sign(w)" if penalty.l1 else "")


def _effective_gradient(update: UpdateFormulas, weight_decay: float) -> str:
    return "g = ∇L + λ·θ" if update.decays_gradient and weight_decay else "g = ∇L"
