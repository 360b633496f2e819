"""When a run ends."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine import specs
from engine.experiment import Settings
from gui.controls.form import Section, SpecField

STOP_SPECS = (specs.ITERATIONS, specs.GRADIENT_NORM, specs.LOSS_CHANGE)


class StopPanel(Section):
    """Iterations, the gradient's length and the change of the loss."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = {spec.key: SpecField(spec) for spec in STOP_SPECS}
        for field in self.fields.values():
            self.add_field(field)
            field.edited.connect(self._on_edited)
        self.retranslate()

    def show_settings(self, settings: Settings) -> None:
        """Show what holds at the cursor."""
        for key, field in self.fields.items():
            field.set_value(getattr(settings.stop, key))

    @Slot(object, bool)
    def _on_edited(self, value: float | None, final: bool) -> None:
        field = self.sender()
        assert isinstance(field, SpecField)
        key = f"stop.{field.spec.key}"
        self.ask(key, {key: value}, final)

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Stop when"))
