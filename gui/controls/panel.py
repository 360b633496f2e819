"""The left side of the window: all controls, one section above the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.experiment import Experiment, Settings
from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from gui.controls.batch_panel import BatchPanel
from gui.controls.data_panel import DataPanel
from gui.controls.model_panel import ModelPanel
from gui.controls.optimizer_panel import OptimizerPanel
from gui.controls.start_panel import StartPanel
from gui.controls.stop_panel import StopPanel
from gui.focus import KeepsKeys, let_clicks_pass

WIDTH = 330
NARROWEST = 300
MARGIN = 9


class ControlsPanel(KeepsKeys, QScrollArea):
    """What can be set.

    ``requested`` brings file keys with their new values, and the key under which an undo merges
    what belongs to one gesture (empty for a step of its own).
    """

    requested = Signal(dict, str)
    own_loss_asked = Signal(bool)
    tutorial_chosen = Signal(str)
    open_table_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = DataPanel()
        self.model = ModelPanel()
        self.start = StartPanel()
        self.optimizer = OptimizerPanel()
        self.batch = BatchPanel()
        self.stop = StopPanel()
        self._sections = (
            *(self.data, self.model, self.start),
            *(self.optimizer, self.batch, self.stop),
        )
        self._lay_out()
        for section in self._sections:
            section.requested.connect(self.requested)
        self.model.own_loss_asked.connect(self.own_loss_asked)
        self.data.tutorial_chosen.connect(self.tutorial_chosen)
        self.data.open_table_requested.connect(self.open_table_requested)

    def _lay_out(self) -> None:
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        for section in self._sections:
            layout.addWidget(section)
        layout.addStretch()
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._make_room()
        let_clicks_pass(self._content)

    def _make_room(self) -> None:
        """Be wide enough for every row beside the vertical scroll bar: nothing is cut off."""
        bar = self.verticalScrollBar().sizeHint().width()
        needed = self._content.minimumSizeHint().width() + bar
        self.setMinimumWidth(max(NARROWEST, needed))

    def show_experiment(
        self, experiment: Experiment, settings: Settings, selected: int = 0
    ) -> None:
        """Show what is asked for, and the settings that hold at the cursor."""
        self.data.show_experiment(experiment)
        self.model.show_experiment(experiment, selected)
        self.start.show_experiment(experiment, selected)
        self.optimizer.show_settings(settings)
        self.batch.show_settings(settings)
        self.stop.show_settings(settings)

    def show_problem(self, problem: Problem) -> None:
        """Show what the data are and how the loss surface is shaped."""
        self.data.show_problem(problem)
        self.model.show_problem(problem)
        self.start.show_problem(problem)
        self.optimizer.show_problem(problem)

    def draw(self, snapshot: Snapshot) -> None:
        """Show what a frame changed; does nothing where all is as before."""
        self.start.draw(snapshot)
        self.optimizer.draw(snapshot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._content:
            self._make_room()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, super().sizeHint().height())
