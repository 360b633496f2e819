"""A small window in which the ranges of a plot's axes are typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from engine.specs import Spec
from gui.controls.form import Fault
from gui.controls.number_box import NumberBox
from gui.views.ranges import Range

FARTHEST_END = 1e12
NARROWEST = 1e-9
"""A range narrower than this share of its ends shows nothing but rounding."""

DIGITS = 5
LEAST_WIDTH = 90


class RangesPopup(QFrame):
    """Four boxes: from and to of both axes, whose names and ranges are given; deleted on closing.

    Signals
    -------
    chosen(object, object)
        Ranges of x and y that can be shown.
    reset_wanted()
        The automatic ranges are wanted again.
    """

    chosen = Signal(object, object)
    reset_wanted = Signal()

    def __init__(
        self, names: tuple[str, str], x: Range, y: Range, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._names = names
        self.boxes = tuple(
            tuple(self._box(name, end, ends[end]) for end in (0, 1))
            for name, ends in zip(names, (x, y), strict=True)
        )
        self.fault = Fault(self)
        self.reset_button = QPushButton(self.tr("Reset"), self)
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self._on_reset)
        self._lay_out()
        self.boxes[0][0].setFocus()

    def _box(self, name: str, end: int, value: float) -> NumberBox:
        spec = Spec(
            "range",
            name,
            name,
            "",
            default=0.0,
            low=-FARTHEST_END,
            high=FARTHEST_END,
            soft=(-5.0, 5.0),
        )
        box = NumberBox(spec, DIGITS, self)
        box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)
        box.setMinimumWidth(LEAST_WIDTH)
        text = self.tr("{name} from") if end == 0 else self.tr("{name} to")
        box.setAccessibleName(text.format(name=name))
        box.set_value(value)
        box.edited.connect(self._on_edited)
        box.refused.connect(self._on_refused)
        return box

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 10, 10)
        for column, text in enumerate((self.tr("from"), self.tr("to")), 1):
            grid.addWidget(QLabel(text, self), 0, column)
        for row, (name, boxes) in enumerate(zip(self._names, self.boxes, strict=True), 1):
            grid.addWidget(QLabel(name, self), row, 0, Qt.AlignmentFlag.AlignRight)
            for column, box in enumerate(boxes, 1):
                grid.addWidget(box, row, column)
        grid.addWidget(self.fault, 3, 0, 1, 3)
        grid.addWidget(self.reset_button, 4, 0, 1, 3, Qt.AlignmentFlag.AlignRight)

    def _ranges(self) -> list[Range]:
        return [(float(low.value or 0.0), float(high.value or 0.0)) for low, high in self.boxes]

    def _why_not(self) -> str:
        """The sentence for ranges that cannot be shown; empty where they can."""
        for name, (low, high) in zip(self._names, self._ranges(), strict=True):
            if not high - low > NARROWEST * max(abs(low), abs(high)):
                sentence = self.tr("{name} must go from a smaller to a larger number.")
                return sentence.format(name=name)
        return ""

    @Slot()
    def _on_edited(self) -> None:
        sentence = self._why_not()
        self.fault.show_sentence(sentence)
        self.adjustSize()
        if not sentence:
            self.chosen.emit(*self._ranges())

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.fault.show_sentence(sentence)
        self.adjustSize()

    @Slot()
    def _on_reset(self) -> None:
        self.reset_wanted.emit()
        self.close()
