"""How the parameters are updated, and what the surface says about the learning rate."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine import specs
from engine.experiment import OPTIMIZER_SPECS, Settings, kind_of
from engine.live.snapshot import Health, Snapshot
from engine.problem.problem import Problem
from gui.controls.form import Hint, More, Section, SpecField
from gui.controls.rate_links import RateLinks, just_below
from gui.controls.slider import Mark
from gui.style import LIGHT
from gui.text import number, tooltip

SELDOM = (specs.EPSILON, specs.ADAGRAD_EPSILON, specs.WEIGHT_DECAY)
ALL_SPECS = tuple(dict.fromkeys(spec for kind in OPTIMIZER_SPECS.values() for spec in kind))


class OptimizerPanel(Section):
    """The method, its settings, and the rates that the curvature suggests."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: Settings | None = None
        self._problem: Problem | None = None
        self._limit: float | None = None
        self._is_unstable = False
        self.method_label, self.method = self.add_choice()
        self.fields = {spec: SpecField(spec) for spec in ALL_SPECS}
        self.more = More()
        self._add_rows()
        self.method.chosen.connect(self._on_method_chosen)
        self.more.toggled.connect(self._show_rows)
        self.rates.chosen.connect(self._on_rate_chosen)
        self.retranslate()
        self._show_rows()

    def _add_rows(self) -> None:
        self.add_field(self.fields[specs.LEARNING_RATE])
        self._add_rates()
        for spec in ALL_SPECS:
            if spec is not specs.LEARNING_RATE and spec not in SELDOM:
                self.add_field(self.fields[spec])
        self.form.addRow(self.more)
        for spec in SELDOM:
            self.add_field(self.fields[spec])
        for field in self.fields.values():
            field.edited.connect(self._on_edited)

    def _add_rates(self) -> None:
        self.rates = RateLinks()
        self.form.addRow(self.rates)
        self.warning = QWidget()
        self.badge, self.reason = QLabel(), Hint()
        self.badge.setStyleSheet(
            f"color: white; background: {LIGHT.danger}; border-radius: 3px; padding: 1px 5px;"
        )
        layout = QHBoxLayout(self.warning)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.reason, 1)
        self.form.addRow(self.warning)

    def show_settings(self, settings: Settings) -> None:
        """Show what holds at the cursor."""
        before, self._settings = self._settings, settings
        optimizer = settings.optimizer
        self.method.set_key(kind_of(optimizer))
        for spec in OPTIMIZER_SPECS[kind_of(optimizer)]:
            value = getattr(optimizer, spec.key)
            self.fields[spec].set_value(value if spec.index is None else value[spec.index])
        if before is None or type(before.optimizer) is not type(optimizer):
            self._show_rows()
            self._show_rates()

    def show_problem(self, problem: Problem) -> None:
        """Show what the curvature says about the learning rate."""
        self._problem = problem
        self._show_rates()

    def draw(self, snapshot: Snapshot) -> None:
        """Show the stability limit, and warn where the rate in use reaches it."""
        run = snapshot.run
        limit = run.stability_limit
        is_unstable = limit is not None and run.health is not Health.STABLE
        if (limit, is_unstable) != (self._limit, self._is_unstable):
            self._limit, self._is_unstable = limit, is_unstable
            self._show_rates()

    @Slot()
    def _show_rows(self) -> None:
        kind = self.method.key or "gd"
        for spec, field in self.fields.items():
            belongs = spec in OPTIMIZER_SPECS[kind]
            visible = belongs and (spec not in SELDOM or self.more.isChecked())
            self.form.setRowVisible(field, visible)

    def _show_rates(self) -> None:
        others = []
        if self._problem is not None and self._problem.curvature is not None:
            kappa = self._problem.curvature.condition_number
            others.append(f"κ&nbsp;{number(kappa, 3)}")
        self.rates.show_rates(self._best_rate, self._limit, *others)
        self.form.setRowVisible(self.rates, bool(self.rates.text()))
        if self._limit is not None:
            self.reason.setText(
                self.tr("Above {limit} every step overshoots further, and the loss grows.").format(
                    limit=number(self._limit)
                )
            )
        self.form.setRowVisible(self.warning, self._is_unstable)
        self._mark_rates()

    def _mark_rates(self) -> None:
        """Mark on the rate's slider what the links below it say."""
        marks = []
        if self._best_rate is not None:
            text = self.tr("Fastest for gradient descent: {rate}. Click to take it.")
            best = self._best_rate
            marks.append(Mark(best, best, "good", text.format(rate=number(best))))
        if self._limit is not None:
            text = self.tr("The limit of stability: {rate}. Click to take the rate just below.")
            below, help_ = just_below(self._limit), text.format(rate=number(self._limit))
            marks.append(Mark(self._limit, below, "limit", help_))
        for spec in OPTIMIZER_SPECS[self.method.key or "gd"]:
            if spec.key == specs.LEARNING_RATE.key:
                self.fields[spec].slider.set_marks(marks)

    @property
    def _best_rate(self) -> float | None:
        """The rate at which plain gradient descent is fastest; None for other methods."""
        if self._problem is None or self._problem.curvature is None or self.method.key != "gd":
            return None
        return self._problem.curvature.best_rate

    @Slot(float)
    def _on_rate_chosen(self, rate: float) -> None:
        if rate != self.fields[specs.LEARNING_RATE].value:
            self.ask("optimizer.lr", {"optimizer.lr": rate})

    @Slot(str)
    def _on_method_chosen(self, kind: str) -> None:
        self.ask("optimizer.kind", {"optimizer.kind": kind})

    @Slot(object, bool)
    def _on_edited(self, value: float, final: bool) -> None:
        field = self.sender()
        assert isinstance(field, SpecField)
        key = f"optimizer.{field.spec.key}"
        self.ask(key, {key: self._file_value(field.spec, value)}, final)

    def _file_value(self, spec: specs.Spec, value: float) -> Any:
        """The value as the file has it: settings that share a key stand in one list."""
        if spec.index is None:
            return value
        shared = {other.index: other for other in ALL_SPECS if other.key == spec.key}
        return [
            value if index == spec.index else self.fields[other].value
            for index, other in sorted(shared.items(), key=lambda item: item[1].index or 0)
        ]

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Optimizer"))
        self.method_label.setText(self.tr("Method"))
        self.method.setAccessibleName(self.tr("Method"))
        methods = {
            "gd": self.tr("Gradient descent"),
            "momentum": self.tr("Momentum"),
            "nesterov": self.tr("Nesterov momentum"),
            "adagrad": self.tr("AdaGrad"),
            "rmsprop": self.tr("RMSProp"),
            "adam": self.tr("Adam"),
            "adamw": self.tr("AdamW"),
            "newton": self.tr("Newton's method"),
        }
        self.method.set_choices((kind, methods[kind]) for kind in OPTIMIZER_SPECS)
        self.badge.setText(self.tr("unstable"))
        self.rates.setToolTip(
            tooltip(
                self.tr(
                    "Click a rate to take it. κ is the condition number: how many times steeper "
                    "the surface curves in one direction than in another."
                )
            )
        )
        self._show_rates()
