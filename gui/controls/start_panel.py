"""Where a run starts."""

from __future__ import annotations

import sys
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from engine import specs
from engine.experiment import (
    Experiment,
    RandomStart,
    TutorialData,
    ValuesStart,
    kind_of,
)
from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from gui.controls.form import Fault, Hint, Section, SeedField, SpecField, another_seed
from gui.controls.number_box import NumberBox
from gui.text import tooltip

BOXES_IN_A_ROW = 2
DIGITS = 4


def parameter_spec(name: str, index: int) -> specs.Spec:
    """A parameter of the start as a setting: any finite number, stepped by tenths."""
    return specs.Spec(
        "values",
        name,
        name,
        "",
        default=0.0,
        low=-sys.float_info.max,
        high=sys.float_info.max,
        soft=(-5.0, 5.0),
        index=index,
    )


class StartPanel(Section):
    """The parameters before the first update, and where they come from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._random = RandomStart()
        self._shown_run: tuple[int, int] | None = None
        self.names: tuple[str, ...] = ()
        self.boxes: list[NumberBox] = []
        self.kind_label, self.kind = self.add_choice()
        self._add_random_rows()
        self._add_boxes()
        self.kind.chosen.connect(self._on_kind_chosen)
        self.retranslate()

    def _add_random_rows(self) -> None:
        self.seed = SeedField(specs.SEED)
        self.spread = SpecField(specs.START_SCALE)
        for field in (self.seed, self.spread):
            self.add_field(field)
            self.form.setRowVisible(field, False)
            field.edited.connect(self._on_random_edited)
        self.seed.another_wanted.connect(self._on_random_wanted)

    def _add_boxes(self) -> None:
        self._area = QWidget()
        self._grid = QGridLayout(self._area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.form.addRow(self._area)
        self.fault = Fault()
        self.form.addRow(self.fault)
        self.hint, self.random = Hint(), QPushButton()
        self.random.setAutoDefault(False)
        below = QHBoxLayout()
        below.addWidget(self.hint, 1)
        below.addWidget(self.random)
        self.form.addRow(below)
        self.random.clicked.connect(self._on_random_wanted)

    def show_experiment(self, experiment: Experiment, selected: int = 0) -> None:
        """Show what is asked for."""
        self._experiment = experiment
        self._show_choices()
        start = experiment.runs[selected].start
        is_tutorial = isinstance(experiment.data, TutorialData)
        kind = kind_of(start)
        self.kind.set_key("zeros" if kind == "own" and not is_tutorial else kind)
        if isinstance(start, RandomStart):
            self._random = start
        if isinstance(start, ValuesStart):
            self._show_values(start.values)
        self.seed.set_value(self._random.seed)
        self.spread.set_value(self._random.scale)
        for field in (self.seed, self.spread):
            self.form.setRowVisible(field, isinstance(start, RandomStart))
        self._shown_run = None

    def show_problem(self, problem: Problem) -> None:
        """Offer a box for each parameter."""
        if problem.names == self.names:
            return
        self.names = problem.names
        while item := self._grid.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = [self._add_box(name, i) for i, name in enumerate(self.names)]
        self.fault.show_sentence("")
        self._shown_run = None

    def _add_box(self, name: str, index: int) -> NumberBox:
        box, label = NumberBox(parameter_spec(name, index), DIGITS), QLabel(name)
        box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        box.setAccessibleName(name)
        label.setBuddy(box)
        row, place = divmod(index, BOXES_IN_A_ROW)
        self._grid.addWidget(label, row, 2 * place, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(box, row, 2 * place + 1)
        self._grid.setColumnStretch(2 * place + 1, 1)
        box.edited.connect(self._on_box_edited)
        box.refused.connect(self._on_refused)
        return box

    def draw(self, snapshot: Snapshot) -> None:
        """Show the numbers of the start; they are the first row of the run."""
        run = (snapshot.generation, snapshot.selected)
        if run == self._shown_run or not len(snapshot.rows):
            return
        self._shown_run = run
        self._show_values(tuple(snapshot.rows.params[:, 0].tolist()))

    def _show_values(self, values: tuple[float, ...]) -> None:
        if len(values) == len(self.boxes):
            for box, value in zip(self.boxes, values, strict=True):
                box.set_value(value)

    def _show_choices(self) -> None:
        texts = {
            "own": self.tr("As in the tutorial"),
            "zeros": self.tr("Zeros"),
            "random": self.tr("Random"),
            "values": self.tr("These values"),
        }
        if self._experiment and not isinstance(self._experiment.data, TutorialData):
            del texts["own"]
        self.kind.set_choices(texts.items())

    def _values(self) -> dict[str, Any]:
        return {"kind": "values", "values": [box.value or 0.0 for box in self.boxes]}

    @Slot(str)
    def _on_kind_chosen(self, kind: str) -> None:
        if kind == "values":
            self.ask("start", {"start": self._values()})
        elif kind == "random":
            self._ask_random(self._random)
        else:
            self.ask("start", {"start": {"kind": kind}})

    @Slot(object, bool)
    def _on_box_edited(self, _value: float, final: bool) -> None:
        self.ask("start", {"start": self._values()}, final)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        box = self.sender()
        assert isinstance(box, NumberBox)
        box.setToolTip(tooltip(sentence))
        self.fault.show_sentence(next((each.refusal for each in self.boxes if each.refusal), ""))

    @Slot(object, bool)
    def _on_random_edited(self, value: float, final: bool) -> None:
        field = self.sender()
        assert isinstance(field, SpecField | SeedField)
        self._ask_random(msgspec.structs.replace(self._random, **{field.spec.key: value}), final)

    @Slot()
    def _on_random_wanted(self) -> None:
        seed = another_seed(self._random.seed)
        self._ask_random(msgspec.structs.replace(self._random, seed=seed))

    def _ask_random(self, start: RandomStart, final: bool = True) -> None:
        self._random = start
        self.ask("start", {"start": msgspec.to_builtins(start)}, final)

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setTitle(self.tr("Start"))
        self.kind_label.setText(self.tr("From"))
        self.kind.setAccessibleName(self.tr("Where the start comes from"))
        self.hint.setText(self.tr("or click the loss surface"))
        self.random.setText(self.tr("Random"))
        self.random.setToolTip(tooltip(self.tr("Start from random parameters")))
        self._show_choices()
