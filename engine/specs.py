"""What can be set: each setting once, for validation, widgets, tooltips and the file alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from engine.messages import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Spec:
    """One setting that takes a number.

    Parameters
    ----------
    key
        Its key in the experiment file, inside its section.
    symbol
        How formulas write it; may be empty.
    label, help
        What the window calls it and says about it; translated in the context ``Spec``.
    default
        What a new experiment has; None where leaving it out switches the setting off.
    low, high
        What is valid, both ends included (the low end only where ``low_open`` is False).
    soft
        What a slider spans.
    logarithmic, integer
        How a slider moves, and whether only whole numbers are meant.
    index
        Position in the file's list, for a setting that shares its key with others.
    """

    key: str
    symbol: str
    label: str
    help: str
    default: float | None
    low: float
    high: float
    soft: tuple[float, float]
    logarithmic: bool = False
    integer: bool = False
    low_open: bool = False
    index: int | None = None

    @property
    def meta(self) -> msgspec.Meta:
        """The limits as msgspec checks them."""
        if self.low_open:
            return msgspec.Meta(gt=self.low, le=self.high)
        return msgspec.Meta(ge=self.low, le=self.high)

    @property
    def number(self) -> float:
        """The default of a setting that cannot be switched off."""
        assert self.default is not None
        return self.default


LEARNING_RATE = Spec(
    "lr",
    "η",
    QT_TRANSLATE_NOOP("Spec", "Learning rate"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "How far one update goes along the negative gradient. Too small crawls, too large "
        "overshoots; above the stability limit every step makes things worse.",
    ),
    default=0.1,
    low=0.0,
    low_open=True,
    high=1e12,
    soft=(1e-4, 10.0),
    logarithmic=True,
)
MOMENTUM = Spec(
    "momentum",
    "μ",
    QT_TRANSLATE_NOOP("Spec", "Momentum"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Share of the previous velocity that is kept: v ← μ·v + ∇L. It carries the descent "
        "along flat valleys, and past the optimum.",
    ),
    default=0.9,
    low=0.0,
    high=1.0,
    soft=(0.0, 1.0),
)
BETA_1 = Spec(
    "betas",
    "β₁",
    QT_TRANSLATE_NOOP("Spec", "Decay of the mean"),
    QT_TRANSLATE_NOOP("Spec", "How slowly the running mean of the gradient forgets."),
    default=0.9,
    low=0.0,
    high=0.999999999,
    soft=(0.0, 0.999),
    index=0,
)
BETA_2 = Spec(
    "betas",
    "β₂",
    QT_TRANSLATE_NOOP("Spec", "Decay of the square"),
    QT_TRANSLATE_NOOP("Spec", "How slowly the running mean of the squared gradient forgets."),
    default=0.999,
    low=0.0,
    high=0.999999999,
    soft=(0.9, 0.9999),
    index=1,
)
EPSILON = Spec(
    "eps",
    "ε",
    QT_TRANSLATE_NOOP("Spec", "Epsilon"),
    QT_TRANSLATE_NOOP("Spec", "Added to the denominator so that it is never zero."),
    default=1e-8,
    low=0.0,
    low_open=True,
    high=1.0,
    soft=(1e-12, 1e-2),
    logarithmic=True,
)
ADAGRAD_EPSILON = replace(EPSILON, default=1e-10)
ALPHA = Spec(
    "alpha",
    "α",
    QT_TRANSLATE_NOOP("Spec", "Smoothing"),
    QT_TRANSLATE_NOOP("Spec", "How slowly the running mean of the squared gradient forgets."),
    default=0.99,
    low=0.0,
    high=1.0,
    soft=(0.5, 0.999),
)
WEIGHT_DECAY = Spec(
    "weight_decay",
    "λ",
    QT_TRANSLATE_NOOP("Spec", "Weight decay"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Adds λ·θ to the gradient of every parameter and so pulls them towards zero.",
    ),
    default=0.0,
    low=0.0,
    high=1e6,
    soft=(0.0, 1.0),
)
DECOUPLED_DECAY = replace(
    WEIGHT_DECAY,
    default=0.01,
    help=QT_TRANSLATE_NOOP(
        "Spec",
        "Shrinks every parameter by the share η·λ at each update, apart from the gradient.",
    ),
)
NEWTON_RATE = replace(
    LEARNING_RATE,
    default=1.0,
    help=QT_TRANSLATE_NOOP(
        "Spec",
        "Share of the way to the optimum of the quadratic that fits the surface here; 1 goes "
        "all the way, from 2 on it overshoots for ever.",
    ),
    soft=(0.01, 3.0),
)
BATCH_SIZE = Spec(
    "size",
    "m",
    QT_TRANSLATE_NOOP("Spec", "Mini-batch"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Points that one update sees: 1 is stochastic gradient descent, all of them the full "
        "batch. Another size acts from the next epoch on.",
    ),
    default=None,
    low=1,
    high=10_000_000,
    soft=(1, 1000),
    logarithmic=True,
    integer=True,
)
ITERATIONS = Spec(
    "iterations",
    "",
    QT_TRANSLATE_NOOP("Spec", "Iterations"),
    QT_TRANSLATE_NOOP("Spec", "The run stops after this many updates."),
    default=1000,
    low=0,
    high=10_000_000,
    soft=(1, 100_000),
    logarithmic=True,
    integer=True,
)
GRADIENT_NORM = Spec(
    "gradient_norm",
    "‖∇L‖",
    QT_TRANSLATE_NOOP("Spec", "Gradient below"),
    QT_TRANSLATE_NOOP(
        "Spec", "The run stops where the length of the training gradient falls below this."
    ),
    default=None,
    low=0.0,
    high=1e12,
    soft=(1e-12, 1.0),
    logarithmic=True,
)
LOSS_CHANGE = Spec(
    "loss_change",
    "|ΔL|",
    QT_TRANSLATE_NOOP("Spec", "Loss change below"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "The run stops where one update changes the loss by less than this, relative to "
        "max(1, |L|).",
    ),
    default=None,
    low=0.0,
    high=1e12,
    soft=(1e-15, 1.0),
    logarithmic=True,
)
DELTA = Spec(
    "delta",
    "δ",
    QT_TRANSLATE_NOOP("Spec", "Threshold"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Errors up to δ count by their square, larger ones by their size: outliers pull less.",
    ),
    default=1.0,
    low=0.0,
    low_open=True,
    high=1e12,
    soft=(0.01, 10.0),
    logarithmic=True,
)
L2 = Spec(
    "l2",
    "λ₂",
    QT_TRANSLATE_NOOP("Spec", "L2 penalty"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Adds λ₂·Σw² to the loss and so keeps the weights small (ridge). The intercept is free.",
    ),
    default=0.0,
    low=0.0,
    high=1e6,
    soft=(0.0, 1.0),
)
L1 = Spec(
    "l1",
    "λ₁",
    QT_TRANSLATE_NOOP("Spec", "L1 penalty"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Adds λ₁·Σ|w| to the loss, which pulls small weights to exactly 0 (lasso). The intercept "
        "is free.",
    ),
    default=0.0,
    low=0.0,
    high=1e6,
    soft=(0.0, 2.0),
)
TRAIN_SHARE = Spec(
    "train",
    "",
    QT_TRANSLATE_NOOP("Spec", "Training share"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "The part of the points that the descent learns from; the rest only checks the result.",
    ),
    default=1.0,
    low=0.0,
    low_open=True,
    high=1.0,
    soft=(0.1, 1.0),
)
FEATURE_SCALE = Spec(
    "scale",
    "",
    QT_TRANSLATE_NOOP("Spec", "Feature factor"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Multiplies the feature before the model sees it, as if it were measured in another unit.",
    ),
    default=1.0,
    low=1e-9,
    high=1e9,
    soft=(0.01, 100.0),
    logarithmic=True,
)
N_POINTS = Spec(
    "n",
    "n",
    QT_TRANSLATE_NOOP("Spec", "Points"),
    QT_TRANSLATE_NOOP("Spec", "How many points are made."),
    default=100,
    low=2,
    high=10_000_000,
    soft=(10, 100_000),
    logarithmic=True,
    integer=True,
)
NOISE = Spec(
    "noise",
    "σ",
    QT_TRANSLATE_NOOP("Spec", "Noise"),
    QT_TRANSLATE_NOOP(
        "Spec", "Standard deviation of the noise added to y; between classes, their overlap."
    ),
    default=0.1,
    low=0.0,
    high=1e6,
    soft=(0.0, 2.0),
)
OUTLIERS = Spec(
    "outliers",
    "",
    QT_TRANSLATE_NOOP("Spec", "Outliers"),
    QT_TRANSLATE_NOOP(
        "Spec",
        "Share of the points that are lifted by ten standard deviations of y, or that have the "
        "other class.",
    ),
    default=0.0,
    low=0.0,
    high=0.5,
    soft=(0.0, 0.5),
)
SEED = Spec(
    "seed",
    "",
    QT_TRANSLATE_NOOP("Spec", "Seed"),
    QT_TRANSLATE_NOOP("Spec", "The same seed gives the same random numbers."),
    default=0,
    low=0,
    high=2**32 - 1,
    soft=(0, 1000),
    integer=True,
)
START_SCALE = Spec(
    "scale",
    "σ",
    QT_TRANSLATE_NOOP("Spec", "Spread"),
    QT_TRANSLATE_NOOP("Spec", "Standard deviation of the random start."),
    default=1.0,
    low=0.0,
    high=1e6,
    soft=(0.0, 10.0),
)
