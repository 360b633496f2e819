"""Experiment: what the user asked for, frozen and typed, every key filled in.

The structs mirror the experiment file (``docs/experiment-file.md``); limits and defaults come
from :mod:`engine.specs`.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any, Literal

import msgspec

from engine import specs

FORMAT = 1
"""The newest format of the experiment file that this version reads and writes."""

MOST_RUNS = 12
"""Runs of one experiment."""

SAMPLE = "sample:"
"""Begins the path of a table that comes with the program."""

TutorialName = Literal["tutorial-1", "tutorial-2", "tutorial-3", "tutorial-4", "tutorial-5"]

SyntheticKind = Literal[
    "line",
    "two-features",
    "parabola",
    "sine",
    "tanh",
    "two-classes",
    "two-classes-one-feature",
]

Seed = Annotated[int, specs.SEED.meta]
Rate = Annotated[float, specs.LEARNING_RATE.meta]
Decay = Annotated[float, specs.WEIGHT_DECAY.meta]
Factor = Annotated[float, specs.FEATURE_SCALE.meta]


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class TutorialData(_Section, tag_field="source", tag="tutorial", frozen=True):
    """The data of one of the five tutorials."""

    name: TutorialName


class SyntheticData(_Section, tag_field="source", tag="synthetic", frozen=True):
    """Made-up points, from one seeded stream; :mod:`engine.problem.synthetic` has the recipes."""

    kind: SyntheticKind = "line"
    n: Annotated[int, specs.N_POINTS.meta] = int(specs.N_POINTS.number)
    noise: Annotated[float, specs.NOISE.meta] = specs.NOISE.number
    seed: Seed = int(specs.SEED.number)
    outliers: Annotated[float, specs.OUTLIERS.meta] = specs.OUTLIERS.number


class PointsData(_Section, tag_field="source", tag="points", frozen=True):
    """Points that stand in the experiment itself."""

    x: list[float | list[float]]
    y: list[float]


class FileData(_Section, tag_field="source", tag="file", frozen=True):
    """Columns of a table.

    ``path`` is absolute, relative to the experiment file, or ``sample:NAME`` for a table that
    comes with the program.
    """

    path: str
    x: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    y: str

    @property
    def is_sample(self) -> bool:
        """Whether the table comes with the program."""
        return self.path.startswith(SAMPLE)

    @property
    def name(self) -> str:
        """What the table is called."""
        return self.path.removeprefix(SAMPLE) if self.is_sample else PurePath(self.path).name


Data = TutorialData | SyntheticData | PointsData | FileData


class Split(_Section, frozen=True):
    """Which points are for training."""

    train: Annotated[float, specs.TRAIN_SHARE.meta] = specs.TRAIN_SHARE.number
    seed: Seed | None = None


class Features(_Section, frozen=True):
    """How features are scaled before the model sees them."""

    scale: Factor | tuple[Factor, ...] = specs.FEATURE_SCALE.number
    standardise: bool = False


class Model(_Section, frozen=True):
    """What is fitted: ŷ = h(b + w·x) with h the identity, the sigmoid, tanh or sin."""

    kind: Literal["line", "logistic", "tanh", "sine"] = "line"


class _Loss(_Section, frozen=True):
    l1: Annotated[float, specs.L1.meta] = specs.L1.number
    l2: Annotated[float, specs.L2.meta] = specs.L2.number


class Mse(_Loss, tag_field="kind", tag="mse", frozen=True):
    """The mean squared error, mean(r²)."""


class HalfMse(_Loss, tag_field="kind", tag="half_mse", frozen=True):
    """Half the mean squared error, mean(r²)/2."""


class Mae(_Loss, tag_field="kind", tag="mae", frozen=True):
    """The mean absolute error, mean|r|."""


class Huber(_Loss, tag_field="kind", tag="huber", frozen=True):
    """Huber's loss: r²/2 up to δ, then the straight line δ(|r| − δ/2)."""

    delta: Annotated[float, specs.DELTA.meta] = specs.DELTA.number


class LogLoss(_Loss, tag_field="kind", tag="log_loss", frozen=True):
    """The mean log loss (binary cross-entropy) of labels 0 and 1."""


Loss = Mse | HalfMse | Mae | Huber | LogLoss


class Gd(_Section, tag_field="kind", tag="gd", frozen=True):
    """Gradient descent: θ ← θ − η∇L."""

    lr: Rate = specs.LEARNING_RATE.number
    weight_decay: Decay = specs.WEIGHT_DECAY.number


class Momentum(_Section, tag_field="kind", tag="momentum", frozen=True):
    """Gradient descent with momentum: v ← μv + ∇L, θ ← θ − ηv."""

    lr: Rate = specs.LEARNING_RATE.number
    momentum: Annotated[float, specs.MOMENTUM.meta] = specs.MOMENTUM.number
    weight_decay: Decay = specs.WEIGHT_DECAY.number


class Nesterov(_Section, tag_field="kind", tag="nesterov", frozen=True):
    """Momentum that looks ahead: v ← μv + ∇L, θ ← θ − η(∇L + μv)."""

    lr: Rate = specs.LEARNING_RATE.number
    momentum: Annotated[float, specs.MOMENTUM.meta] = specs.MOMENTUM.number
    weight_decay: Decay = specs.WEIGHT_DECAY.number


class Adagrad(_Section, tag_field="kind", tag="adagrad", frozen=True):
    """AdaGrad: a rate for each parameter that falls with the gradients it has seen."""

    lr: Rate = specs.LEARNING_RATE.number
    eps: Annotated[float, specs.ADAGRAD_EPSILON.meta] = specs.ADAGRAD_EPSILON.number
    weight_decay: Decay = specs.WEIGHT_DECAY.number


class Rmsprop(_Section, tag_field="kind", tag="rmsprop", frozen=True):
    """RMSProp: the gradient over the root of a running mean of its square."""

    lr: Rate = specs.LEARNING_RATE.number
    alpha: Annotated[float, specs.ALPHA.meta] = specs.ALPHA.number
    eps: Annotated[float, specs.EPSILON.meta] = specs.EPSILON.number
    weight_decay: Decay = specs.WEIGHT_DECAY.number


Betas = tuple[Annotated[float, specs.BETA_1.meta], Annotated[float, specs.BETA_2.meta]]
BETAS = (specs.BETA_1.number, specs.BETA_2.number)


class Adam(_Section, tag_field="kind", tag="adam", frozen=True):
    """Adam: bias-corrected running means of the gradient and of its square."""

    lr: Rate = specs.LEARNING_RATE.number
    betas: Betas = BETAS
    eps: Annotated[float, specs.EPSILON.meta] = specs.EPSILON.number
    weight_decay: Decay = specs.WEIGHT_DECAY.number


class Adamw(_Section, tag_field="kind", tag="adamw", frozen=True):
    """AdamW: Adam with the weight decay apart from the gradient."""

    lr: Rate = specs.LEARNING_RATE.number
    betas: Betas = BETAS
    eps: Annotated[float, specs.EPSILON.meta] = specs.EPSILON.number
    weight_decay: Annotated[float, specs.DECOUPLED_DECAY.meta] = specs.DECOUPLED_DECAY.number


class Newton(_Section, tag_field="kind", tag="newton", frozen=True):
    """Newton's method: θ ← θ − η H⁺∇L with the second derivatives H."""

    lr: Annotated[float, specs.NEWTON_RATE.meta] = specs.NEWTON_RATE.number


Optimizer = Gd | Momentum | Nesterov | Adagrad | Rmsprop | Adam | Adamw | Newton


class Schedule(_Section, frozen=True):
    """How the learning rate changes by itself."""

    kind: Literal["constant"] = "constant"


class Batch(_Section, frozen=True):
    """How many points one update sees; None is all of them."""

    size: Annotated[int, specs.BATCH_SIZE.meta] | None = None
    order: Literal["shuffle", "sequential"] = "shuffle"
    seed: Seed = 0


class OwnStart(_Section, tag_field="kind", tag="own", frozen=True):
    """The tutorial's start; zeros for other data."""


class ValuesStart(_Section, tag_field="kind", tag="values", frozen=True):
    """A start in numbers, the intercept first, in the model's units."""

    values: Annotated[tuple[float, ...], msgspec.Meta(min_length=2)]


class ZerosStart(_Section, tag_field="kind", tag="zeros", frozen=True):
    """All parameters zero."""


class RandomStart(_Section, tag_field="kind", tag="random", frozen=True):
    """Parameters drawn from N(0, scale²), the intercept first."""

    seed: Seed = 0
    scale: Annotated[float, specs.START_SCALE.meta] = specs.START_SCALE.number


Start = OwnStart | ValuesStart | ZerosStart | RandomStart


class Change(_Section, frozen=True):
    """A live change: from update ``at`` on, the settings in ``set`` hold."""

    at: Annotated[int, msgspec.Meta(ge=0)]
    set: dict[str, Any]


class Run(_Section, frozen=True):
    """One descent; ``loss`` is its own, None that of the experiment."""

    name: str
    start: Start = OwnStart()
    optimizer: Optimizer = Gd()
    schedule: Schedule = Schedule()
    batch: Batch = Batch()
    changes: tuple[Change, ...] = ()
    loss: Loss | None = None


class Stop(_Section, frozen=True):
    """When a run ends; the first criterion reached does it. None switches one off."""

    iterations: Annotated[int, specs.ITERATIONS.meta] = int(specs.ITERATIONS.number)
    gradient_norm: Annotated[float, specs.GRADIENT_NORM.meta] | None = None
    loss_change: Annotated[float, specs.LOSS_CHANGE.meta] | None = None


class Experiment(_Section, frozen=True):
    """Everything that is needed to do it again."""

    data: Data
    runs: Annotated[tuple[Run, ...], msgspec.Meta(min_length=1, max_length=MOST_RUNS)]
    format: int = FORMAT
    title: str = ""
    split: Split = Split()
    features: Features = Features()
    model: Model = Model()
    loss: Loss = Mse()
    stop: Stop = Stop()

    @property
    def differs_in_starts(self) -> bool:
        """Whether its runs are the same but for their starts and names."""
        first, *others = (
            msgspec.structs.replace(run, name="", start=OwnStart()) for run in self.runs
        )
        starts = [run.start for run in self.runs]
        return all(run == first for run in others) and any(s != starts[0] for s in starts)

    def with_run(self, index: int, run: Run) -> Experiment:
        """The experiment with one run replaced."""
        return msgspec.structs.replace(
            self, runs=(*self.runs[:index], run, *self.runs[index + 1 :])
        )

    def loss_of(self, index: int) -> Loss:
        """What a run minimises: its own loss, or that of the experiment."""
        own = self.runs[index].loss
        return self.loss if own is None else own

    def minimising(self, loss: Loss) -> Experiment:
        """The experiment with another loss for all runs that have none of their own."""
        return msgspec.structs.replace(self, loss=loss)


class Settings(_Section, frozen=True):
    """What may change while a run goes on."""

    optimizer: Optimizer
    schedule: Schedule
    batch: Batch
    stop: Stop


def at_rate(run: Run, rate: float) -> Run:
    """The run at another learning rate."""
    return msgspec.structs.replace(run, optimizer=msgspec.structs.replace(run.optimizer, lr=rate))


def settings_of(run: Run, stop: Stop) -> Settings:
    """The settings with which a run begins where ``stop`` holds for all runs."""
    return Settings(run.optimizer, run.schedule, run.batch, stop)


def with_settings(run: Run, settings: Settings) -> Run:
    """The run with other settings from row 0 on, and without changes."""
    return msgspec.structs.replace(
        run,
        optimizer=settings.optimizer,
        schedule=settings.schedule,
        batch=settings.batch,
        changes=(),
    )


OPTIMIZER_SPECS: dict[str, tuple[specs.Spec, ...]] = {
    "gd": (specs.LEARNING_RATE, specs.WEIGHT_DECAY),
    "momentum": (specs.LEARNING_RATE, specs.MOMENTUM, specs.WEIGHT_DECAY),
    "nesterov": (specs.LEARNING_RATE, specs.MOMENTUM, specs.WEIGHT_DECAY),
    "adagrad": (specs.LEARNING_RATE, specs.ADAGRAD_EPSILON, specs.WEIGHT_DECAY),
    "rmsprop": (specs.LEARNING_RATE, specs.ALPHA, specs.EPSILON, specs.WEIGHT_DECAY),
    "adam": (
        *(specs.LEARNING_RATE, specs.BETA_1, specs.BETA_2),
        *(specs.EPSILON, specs.WEIGHT_DECAY),
    ),
    "adamw": (
        *(specs.LEARNING_RATE, specs.BETA_1, specs.BETA_2),
        *(specs.EPSILON, specs.DECOUPLED_DECAY),
    ),
    "newton": (specs.NEWTON_RATE,),
}
"""The settings of each optimizer, in the order of the form."""


def kind_of(section: msgspec.Struct) -> str:
    """The ``kind`` or ``source`` under which a section stands in the file."""
    return str(section.__struct_config__.tag)


def changed(settings: Settings, values: dict[str, Any]) -> Settings:
    """Settings after a live change.

    Parameters
    ----------
    values
        File keys with dots, such as ``optimizer.lr``. A new ``optimizer.kind`` begins with that
        kind's defaults; the other keys of the same change come on top.

    Raises
    ------
    msgspec.ValidationError
        For a key that is not there or cannot change during a run, a wrong type, or a value out
        of range; the message's path begins at the settings.
    """
    tree = msgspec.to_builtins(settings)
    for key in sorted(values, key=lambda key: not key.endswith(".kind")):
        section, _, name = key.partition(".")
        if section not in tree or not name or "." in name:
            raise msgspec.ValidationError(f"Object contains unknown field `{key}`")
        if name == "kind" and values[key] != tree[section]["kind"]:
            tree[section] = {}
        tree[section][name] = values[key]
    return msgspec.convert(tree, Settings)


def settings_at(experiment: Experiment, index: int, iteration: int) -> Settings:
    """The settings under which update ``iteration`` of a run is made."""
    run = experiment.runs[index]
    settings = settings_of(run, experiment.stop)
    for change in run.changes:
        if change.at <= iteration:
            settings = changed(settings, change.set)
    return settings
