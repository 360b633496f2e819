"""How many points one update sees, and in which order they come."""

from __future__ import annotations

from typing import get_args, get_type_hints

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine import specs
from engine.experiment import Batch, Newton, Settings
from gui.controls.form import Section, SeedField, SpecField, another_seed

ORDERS: tuple[str, ...] = get_args(get_type_hints(Batch)["order"])


class BatchPanel(Section):
    """The size of the mini-batch; with one, also the order of the points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.size_field = SpecField(specs.BATCH_SIZE)
        self.add_field(self.size_field)
        self.order_label, self.order = self.add_choice()
        self.seed = SeedField(specs.SEED)
        self.add_field(self.seed)
        self.size_field.edited.connect(self._on_size_edited)
        self.order.chosen.connect(self._on_order_chosen)
        self.seed.edited.connect(self._on_seed_edited)
        self.seed.another_wanted.connect(self._on_seed_wanted)
        self.retranslate()

    def show_settings(self, settings: Settings) -> None:
        """Show what holds at the cursor."""
        batch = settings.batch
        self.size_field.set_value(batch.size)
        self.order.set_key(batch.order)
        self.seed.set_value(batch.seed)
        is_mini = batch.size is not None
        self.form.setRowVisible(self.order, is_mini)
        self.form.setRowVisible(self.seed, is_mini and batch.order == "shuffle")
        self.setVisible(not isinstance(settings.optimizer, Newton))  # which needs all points

    @Slot(object, bool)
    def _on_size_edited(self, value: float | None, final: bool) -> None:
        self.ask("batch.size", {"batch.size": None if value is None else int(value)}, final)

    @Slot(str)
    def _on_order_chosen(self, order: str) -> None:
        self.ask("batch.order", {"batch.order": order})

    @Slot(object, bool)
    def _on_seed_edited(self, value: float, final: bool) -> None:
        self.ask("batch.seed", {"batch.seed": int(value)}, final)

    @Slot()
    def _on_seed_wanted(self) -> None:
        self.ask("batch.seed", {"batch.seed": another_seed(int(self.seed.box.value or 0))})

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Batch"))
        self.order_label.setText(self.tr("Order"))
        self.order.setAccessibleName(self.tr("Order"))
        names = {
            "shuffle": self.tr("shuffled in every epoch"),
            "sequential": self.tr("as in the data"),
        }
        self.order.set_choices((order, names[order]) for order in ORDERS)
