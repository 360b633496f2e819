"""What is fitted, and what is minimised."""

from __future__ import annotations

from typing import get_args, get_type_hints

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.experiment import Experiment, Loss, Model
from gui.controls.form import Section

MODELS: tuple[str, ...] = get_args(get_type_hints(Model)["kind"])
LOSSES: tuple[str, ...] = get_args(get_type_hints(Loss)["kind"])


class ModelPanel(Section):
    """Model and loss."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_label, self.model = self.add_choice()
        self.loss_label, self.loss = self.add_choice()
        self.model.chosen.connect(self._on_model_chosen)
        self.loss.chosen.connect(self._on_loss_chosen)
        self.retranslate()

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what is asked for."""
        self.model.set_key(experiment.model.kind)
        self.loss.set_key(experiment.loss.kind)

    @Slot(str)
    def _on_model_chosen(self, kind: str) -> None:
        self.ask("model.kind", {"model.kind": kind})

    @Slot(str)
    def _on_loss_chosen(self, kind: str) -> None:
        self.ask("loss.kind", {"loss.kind": kind})

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Model"))
        self.model_label.setText(self.tr("Model"))
        self.model.setAccessibleName(self.tr("Model"))
        self.loss_label.setText(self.tr("Loss"))
        self.loss.setAccessibleName(self.tr("Loss"))
        models = {"line": self.tr("Line   ŷ = b + w·x")}
        losses = {
            "mse": self.tr("Mean squared error"),
            "half_mse": self.tr("Half the mean squared error"),
        }
        self.model.set_choices((kind, models[kind]) for kind in MODELS)
        self.loss.set_choices((kind, losses[kind]) for kind in LOSSES)
