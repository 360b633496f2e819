"""Which data: where they come from, how they are split, and in which units the model sees them."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from engine import specs
from engine.experiment import (
    Data,
    Experiment,
    FileData,
    SyntheticData,
    SyntheticKind,
    TutorialData,
    kind_of,
)
from engine.problem.problem import Problem
from engine.problem.synthetic import RECIPES, natural_model
from engine.problem.tutorials import TUTORIALS
from gui.controls.form import Hint, Section, SeedField, SpecField, another_seed
from gui.text import (
    number,
    shortened,
    spec_name,
    tooltip,
    translate_message,
    tutorial_title,
    whole_number,
)

OWN, OPEN = "own", "open"
NARROW = 100.0
"""The condition number from which on the valley is called narrow."""


class DataPanel(Section):
    """Source, points, split and scaling."""

    tutorial_chosen = Signal(str)
    open_table_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._problem: Problem | None = None
        self._made_up = SyntheticData()
        self.source_label, self.source = self.add_choice()
        self.about = Hint()
        self.form.addRow(self.about)
        self._add_made_up_rows()
        self._add_split_rows()
        self._add_scaling_rows()
        self.source.chosen.connect(self._on_source_chosen)
        self.retranslate()

    def _add_made_up_rows(self) -> None:
        self.points = SpecField(specs.N_POINTS)
        self.noise = SpecField(specs.NOISE)
        self.outliers = SpecField(specs.OUTLIERS)
        self.seed = SeedField(specs.SEED)
        for field in (self.points, self.noise, self.outliers, self.seed):
            self.add_field(field)
            field.edited.connect(self._on_made_up_edited)
        self.seed.another_wanted.connect(self._on_seed_wanted)

    def _add_split_rows(self) -> None:
        self.share = SpecField(specs.TRAIN_SHARE)
        self.add_field(self.share)
        self.parts = Hint()
        self.form.addRow("", self.parts)
        self.shuffle = QCheckBox()
        self.split_seed = SeedField(specs.SEED)
        self.form.addRow("", self.shuffle)
        self.add_field(self.split_seed)
        self.share.edited.connect(self._on_share_edited)
        self.shuffle.clicked.connect(self._on_shuffle_clicked)
        self.split_seed.edited.connect(self._on_split_seed_edited)
        self.split_seed.another_wanted.connect(self._on_split_seed_wanted)

    def _add_scaling_rows(self) -> None:
        self.factor = SpecField(specs.FEATURE_SCALE)
        self.add_field(self.factor)
        self.factors = Hint()
        self.form.addRow("", self.factors)
        self.standardise = QCheckBox()
        self.form.addRow("", self.standardise)
        self.valley = QWidget()
        self.valley_text, self.cure = Hint(), QPushButton()
        self.cure.setAutoDefault(False)
        self.cure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self.valley)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.valley_text, 1)
        layout.addWidget(self.cure)
        self.form.addRow(self.valley)
        self.form.setRowVisible(self.valley, False)
        self.factor.edited.connect(self._on_factor_edited)
        self.standardise.clicked.connect(self._on_standardise_clicked)
        self.cure.clicked.connect(self._on_cure_clicked)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what is asked for."""
        self._experiment = experiment
        self._show_source(experiment.data)
        self.share.set_value(experiment.split.train)
        self._show_split_seed(experiment.split.seed)
        self._show_scaling()

    def show_problem(self, problem: Problem) -> None:
        """Show what the data are and how the loss surface is shaped."""
        self._problem = problem
        self._show_about()
        self._show_valley()

    def _show_source(self, data: Data) -> None:
        self._show_choices()
        if isinstance(data, TutorialData):
            self.source.set_key(data.name)
        elif isinstance(data, SyntheticData):
            self.source.set_key(data.kind)
            self._made_up = data
        else:
            self.source.set_key(OWN)
        self.points.set_value(self._made_up.n)
        self.noise.set_value(self._made_up.noise)
        self.outliers.set_value(self._made_up.outliers)
        self.seed.set_value(self._made_up.seed)
        for field in (self.points, self.noise, self.outliers, self.seed):
            self.form.setRowVisible(field, isinstance(data, SyntheticData))

    def _show_choices(self) -> None:
        choices = [(name, tutorial_title(name)) for name in TUTORIALS]
        names = self._made_up_names()
        choices += [(kind, names[kind]) for kind in RECIPES]
        data = self._experiment.data if self._experiment else None
        if isinstance(data, FileData):
            choices.append((OWN, data.name))
        elif data is not None and not isinstance(data, TutorialData | SyntheticData):
            choices.append((OWN, self.tr("Points of this experiment")))
        choices.append((OPEN, self.tr("Open a table…")))
        self.source.set_choices(choices)

    def _made_up_names(self) -> dict[SyntheticKind, str]:
        return {
            "line": self.tr("Made-up line"),
            "two-features": self.tr("Made-up plane (two features)"),
            "parabola": self.tr("Made-up parabola"),
            "sine": self.tr("Made-up sine"),
            "tanh": self.tr("Made-up tanh"),
            "two-classes": self.tr("Two classes"),
            "two-classes-one-feature": self.tr("Two classes (one feature)"),
        }

    def _show_split_seed(self, seed: int | None) -> None:
        self.shuffle.setChecked(seed is not None)
        self.form.setRowVisible(self.split_seed, seed is not None)
        self.split_seed.set_value(int(specs.SEED.number) if seed is None else seed)

    def _show_scaling(self) -> None:
        if self._experiment is None:
            return
        scale = self._experiment.features.scale
        factors = (scale,) if isinstance(scale, float | int) else scale
        is_one = len(set(factors)) == 1
        self.form.setRowVisible(self.factor, is_one)
        self.form.setRowVisible(self.factors, not is_one)
        if is_one:
            self.factor.set_value(factors[0])
        listed = " · ".join(map(number, factors))
        self.factors.setText(f"{spec_name(specs.FEATURE_SCALE)}: {listed}")
        self.standardise.setChecked(self._experiment.features.standardise)
        self._show_valley()

    def _show_about(self) -> None:
        if self._problem is None:
            return
        dataset = self._problem.dataset
        n_train, n_rest = dataset.train.n, dataset.validation.n
        self.about.setText(
            self.tr("{n} points · {formula}").format(
                n=whole_number(n_train + n_rest), formula=self._formula()
            )
        )
        if n_rest:
            text = self.tr("{train} training · {rest} validation")
        else:
            text = self.tr("all {train} points for training")
        self.parts.setText(text.format(train=whole_number(n_train), rest=whole_number(n_rest)))

    def _formula(self) -> str:
        """How the data were made where that is known, else what depends on what."""
        assert self._problem is not None
        dataset = self._problem.dataset
        if dataset.formula is not None:
            return translate_message(dataset.formula)
        names = ", ".join(map(shortened, dataset.features))
        return f"{names} → {shortened(dataset.target)}"

    def _show_valley(self) -> None:
        if self._experiment is None or self._problem is None:
            return
        curvature = self._problem.curvature
        kappa = 1.0 if curvature is None else curvature.condition_number
        is_flat = kappa == float("inf")
        if is_flat:
            text = self.tr("κ = ∞: the valley is flat along one direction")
        else:
            text = self.tr("κ = {kappa}: the valley is narrow").format(kappa=number(kappa, 2))
        self.valley_text.setText(text)
        self.cure.setVisible(not is_flat and not self._experiment.features.standardise)
        self.form.setRowVisible(self.valley, kappa > NARROW)

    def _ask_kind(self, experiment: Experiment, kind: SyntheticKind) -> None:
        """Ask for another kind of made-up points and what goes with it.

        Factors for each of several features belong to the features they were given for.
        """
        self._made_up = msgspec.structs.replace(self._made_up, kind=kind)
        values: dict[str, Any] = {"data": msgspec.to_builtins(self._made_up)}
        if not isinstance(experiment.features.scale, float | int):
            values["features.scale"] = specs.FEATURE_SCALE.number
        self.ask("data", values | natural_model(kind, kind_of(experiment.loss)))

    @Slot(str)
    def _on_source_chosen(self, key: str) -> None:
        if self._experiment is not None:
            self._show_source(self._experiment.data)
        if key in TUTORIALS:
            self.tutorial_chosen.emit(key)
        elif key in RECIPES and self._experiment is not None:
            self._ask_kind(self._experiment, key)
        elif key == OPEN:
            self.open_table_requested.emit()

    @Slot(object, bool)
    def _on_made_up_edited(self, value: float, final: bool) -> None:
        field = self.sender()
        assert isinstance(field, SpecField | SeedField)
        self._ask_made_up(field.spec.key, value, final)

    def _ask_made_up(self, key: str, value: float, final: bool) -> None:
        self._made_up = msgspec.structs.replace(self._made_up, **{key: value})
        self.ask(f"data.{key}", {"data": msgspec.to_builtins(self._made_up)}, final)

    @Slot()
    def _on_seed_wanted(self) -> None:
        self._ask_made_up("seed", another_seed(self._made_up.seed), True)

    @Slot(object, bool)
    def _on_share_edited(self, value: float, final: bool) -> None:
        self.ask("split.train", {"split.train": value}, final)

    @Slot(bool)
    def _on_shuffle_clicked(self, on: bool) -> None:
        self.ask("split.seed", {"split.seed": self.split_seed.box.value if on else None})

    @Slot(object, bool)
    def _on_split_seed_edited(self, value: float, final: bool) -> None:
        self.ask("split.seed", {"split.seed": value}, final)

    @Slot()
    def _on_split_seed_wanted(self) -> None:
        seed = another_seed(int(self.split_seed.box.value or 0))
        self.ask("split.seed", {"split.seed": seed})

    @Slot(object, bool)
    def _on_factor_edited(self, value: float, final: bool) -> None:
        self.ask("features.scale", {"features.scale": value}, final)

    @Slot(bool)
    def _on_standardise_clicked(self, on: bool) -> None:
        self.ask("features.standardise", {"features.standardise": on})

    @Slot()
    def _on_cure_clicked(self) -> None:
        self.ask("features.standardise", {"features.standardise": True})

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Data"))
        self.source_label.setText(self.tr("Source"))
        self.source.setAccessibleName(self.tr("Source of the data"))
        self.shuffle.setText(self.tr("Shuffle"))
        self.shuffle.setToolTip(
            tooltip(self.tr("Shuffle the points before they are split; else keep their order."))
        )
        self.standardise.setText(self.tr("Standardise"))
        explanation = tooltip(
            self.tr(
                "Shift and scale every feature to mean 0 and standard deviation 1, as measured "
                "on the training points."
            )
        )
        self.standardise.setToolTip(explanation)
        self.cure.setText(self.tr("Standardise"))
        self.cure.setToolTip(explanation)
        self._show_choices()
        self._show_scaling()
        self._show_about()
        self._show_valley()
