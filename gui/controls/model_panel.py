"""What is fitted, and what is minimised."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from engine import specs
from engine.experiment import Experiment, Huber, Model, kind_of
from engine.problem.fitting import LOSSES_OF
from engine.problem.problem import Problem
from gui.controls.form import Hint, More, Section, SpecField
from gui.text import tooltip, translate_message

MODELS: tuple[str, ...] = get_args(get_type_hints(Model)["kind"])


class ModelPanel(Section):
    """Model, loss and penalties; what does not apply is not shown.

    ``own_loss_asked`` says whether the selected run is to have a loss of its own.
    """

    own_loss_asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem: Problem | None = None
        self._common = LOSSES_OF[MODELS[0]][0]  # what runs without a loss of their own minimise
        self.model_label, self.model = self.add_choice()
        self.formula = Hint()
        self.form.addRow("", self.formula)
        self.loss_label, self.loss = self.add_choice()
        self.delta = SpecField(specs.DELTA)
        self.l2, self.l1 = SpecField(specs.L2), SpecField(specs.L1)
        self.more = More()
        self.own = QCheckBox()
        self.note = Hint()
        self._add_rows()
        self.model.chosen.connect(self._on_model_chosen)
        self.loss.chosen.connect(self._on_loss_chosen)
        self.own.clicked.connect(self.own_loss_asked)
        self.more.toggled.connect(self._show_rows)
        self.retranslate()
        self._show_rows()
        self.form.setRowVisible(self.own, False)

    def _add_rows(self) -> None:
        self.form.addRow("", self.own)
        self.add_field(self.delta)
        self.form.addRow(self.more)
        self.add_field(self.l2)
        self.add_field(self.l1)
        self.form.addRow(self.note)
        for field in (self.delta, self.l2, self.l1):
            field.edited.connect(self._on_edited)

    def show_experiment(self, experiment: Experiment, selected: int = 0) -> None:
        """Show what is asked for: the loss of the selected run, where it has one of its own."""
        loss, run = experiment.loss_of(selected), experiment.runs[selected]
        self._common = kind_of(experiment.loss)
        self.model.set_key(experiment.model.kind)
        self._offer_losses()
        self.loss.set_key(kind_of(loss))
        if isinstance(loss, Huber):
            self.delta.set_value(loss.delta)
        self.l2.set_value(loss.l2)
        self.l1.set_value(loss.l1)
        if loss.l1 or loss.l2:
            self.more.setChecked(True)
        self._show_formula()
        self.own.setChecked(run.loss is not None)
        self.form.setRowVisible(self.own, len(experiment.runs) > 1 or run.loss is not None)
        self._show_rows()

    def show_problem(self, problem: Problem) -> None:
        """Say what is special about the optimum."""
        self._problem = problem
        self._show_note()

    def _show_note(self) -> None:
        note = None if self._problem is None else self._problem.optimum.note
        self.note.setText("" if note is None else translate_message(note))
        self.form.setRowVisible(self.note, note is not None)

    def _offer_losses(self) -> None:
        losses = {
            "mse": self.tr("Mean squared error"),
            "half_mse": self.tr("Half the mean squared error"),
            "mae": self.tr("Mean absolute error"),
            "huber": self.tr("Huber loss"),
            "log_loss": self.tr("Log loss (cross-entropy)"),
        }
        kinds = LOSSES_OF[self.model.key or MODELS[0]]
        self.loss.set_choices((kind, losses[kind]) for kind in kinds)

    def _show_formula(self) -> None:
        formulas = {
            "line": "ŷ = b + w·x",
            "logistic": "ŷ = σ(b + w·x) = 1 / (1 + e⁻⁽ᵇ⁺ʷˣ⁾)",
            "tanh": "ŷ = tanh(b + w·x)",
            "sine": "ŷ = sin(b + w·x)",
        }
        self.formula.setText(formulas[self.model.key or MODELS[0]])

    @Slot()
    def _show_rows(self) -> None:
        self.form.setRowVisible(self.delta, self.loss.key == "huber")
        for field in (self.l2, self.l1):
            self.form.setRowVisible(field, self.more.isChecked())

    @Slot(str)
    def _on_model_chosen(self, kind: str) -> None:
        """Ask for a model, with its natural loss where the one there is does not suit it."""
        values: dict[str, Any] = {"model.kind": kind}
        fitting = LOSSES_OF[kind]
        if self._common not in fitting or "log_loss" in fitting:
            values["loss.kind"] = fitting[0]
        self.ask("model.kind", values)

    @Slot(str)
    def _on_loss_chosen(self, kind: str) -> None:
        self.ask("loss.kind", {"loss.kind": kind})

    @Slot(object, bool)
    def _on_edited(self, value: float, final: bool) -> None:
        field = self.sender()
        assert isinstance(field, SpecField)
        key = f"loss.{field.spec.key}"
        self.ask(key, {key: value}, final)

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Model"))
        self.model_label.setText(self.tr("Model"))
        self.model.setAccessibleName(self.tr("Model"))
        self.loss_label.setText(self.tr("Loss"))
        self.loss.setAccessibleName(self.tr("Loss"))
        self.own.setText(self.tr("for this run only"))
        self.own.setToolTip(
            tooltip(
                self.tr(
                    "Let the selected run minimise a loss of its own, while all others keep theirs."
                )
            )
        )
        models = {
            "line": self.tr("Line"),
            "logistic": self.tr("Logistic (two classes)"),
            "tanh": self.tr("Tanh neuron"),
            "sine": self.tr("Sine neuron"),
        }
        self.model.set_choices((kind, models[kind]) for kind in MODELS)
        self.model.setToolTip(
            tooltip(self.tr("What turns features into a prediction ŷ; the intercept is b."))
        )
        self._offer_losses()
        self._show_formula()
        self._show_note()
