"""Three feature scales side by side: the same data, the same start and the same rate on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine import specs
from engine.descent.scales import KINDS, Comparison, comparisons
from engine.experiment import Experiment, Run, Settings
from engine.live.analyst import Question
from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from engine.problem.surface import Frame
from gui.controls.number_box import NumberBox
from gui.style import frame_palette
from gui.title import Title
from gui.views.frames import first_axes
from gui.views.scale_heading import ScaleHeading
from gui.views.scale_plots import (
    ContourPlot,
    CutPlot,
    LossesPlot,
    OverlaidPlot,
    ScalePlot,
    ScatterPlot,
    Scene,
)
from gui.views.several_plots import SeveralPlots
from gui.views.view import dress_label

QUESTION = "scales"

LEAST_HEIGHTS = (112, 160, 150)
"""Pixels of the rows of plots; below, the view scrolls."""

SHARES = (3, 5, 4)
LEAST_WIDTH = 156
"""Pixels of a column."""

GAP = 10
WIDEST_BOX = 120
ROOM_FOR_TITLE = 760
"""Pixels of width from which on there is room for the title beside the tools."""


class ScalesView(SeveralPlots):
    """Original, × 10 and standardised: points, contours with the path, and all three overlaid.

    Everything is computed by the analyst, anew only when data, model, loss, start, optimizer or
    rate change; the window's cursor only moves markers and lines.

    Signals
    -------
    question_raised(Question)
        The comparison, and surfaces that take longer than a frame.
    """

    question_raised = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comparison: Comparison | None = None
        self._experiment: Experiment | None = None
        self._run: Run | None = None
        self._own_rate: float | None = None
        self._asked: tuple[object, ...] = ()
        self._answers = 0
        self._resized = QTimer(self, singleShot=True, interval=0)
        self._resized.timeout.connect(self._on_resized)
        self._build()
        self._dress()
        self.retranslate()

    # Building

    def _build(self) -> None:
        self.headings = tuple(ScaleHeading(number) for number in range(len(KINDS)))
        self.scatters = tuple(ScatterPlot() for _ in KINDS)
        self.contours = tuple(ContourPlot(kind) for kind in KINDS)
        self.cuts = (CutPlot(0), CutPlot(1))
        self.losses = LossesPlot()
        self._overlaid: tuple[OverlaidPlot, ...] = (*self.cuts, self.losses)
        self._plots: tuple[ScalePlot, ...] = (*self.scatters, *self.contours, *self._overlaid)
        for heading in self.headings:
            heading.rate_chosen.connect(self.choose_rate)
        for plot in self.contours:
            plot.question_raised.connect(self.question_raised)
            plot.resized.connect(self._resized.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._build_tools())
        self._pages = QStackedLayout()
        self.waiting = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self.waiting)
        self._pages.addWidget(self._build_body())
        layout.addLayout(self._pages, 1)

    def _build_tools(self) -> QHBoxLayout:
        self.title = Title()
        self.rate_label = QLabel()
        self.rate = NumberBox(specs.LEARNING_RATE)
        self.rate.setObjectName("scales_rate")
        self.rate.setMaximumWidth(WIDEST_BOX)
        self.rate.edited.connect(self._on_rate_edited)
        self.follow_button = QToolButton()
        self.follow_button.setObjectName("scales_follow")
        self.follow_button.hide()
        self.follow_button.clicked.connect(self.follow)
        self.equal_ranges = QCheckBox()
        self.equal_ranges.setObjectName("scales_equal")
        self.equal_ranges.setChecked(True)
        self.equal_ranges.toggled.connect(self._draw_if_visible)
        self.tools = QHBoxLayout()
        self.tools.setContentsMargins(GAP, 6, 8, 2)
        self.tools.setSpacing(8)
        for tool in (self.rate_label, self.rate, self.follow_button):
            self.tools.addWidget(tool)
        self.tools.addWidget(self.title, 1)
        self.tools.addStretch(0)
        self.tools.addWidget(self.equal_ranges)
        return self.tools

    def _build_body(self) -> QScrollArea:
        self._body = QWidget()
        self._grid = grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        rows = (self.headings, self.scatters, self.contours, self._overlaid)
        for i, row in enumerate(rows):
            for j, widget in enumerate(row):
                grid.addWidget(widget, i, j)
        for i, (share, least) in enumerate(zip(SHARES, LEAST_HEIGHTS, strict=True), start=1):
            grid.setRowStretch(i, share)
            grid.setRowMinimumHeight(i, least)
        for j in range(len(KINDS)):
            grid.setColumnStretch(j, 1)
            grid.setColumnMinimumWidth(j, LEAST_WIDTH)
        scroll = QScrollArea()
        scroll.setWidget(self._body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return scroll

    # What is shown

    def show_experiment(
        self, experiment: Experiment, settings: Settings, selected: int = 0
    ) -> None:
        """Take what is asked for, and the selected run's settings that hold at the cursor."""
        if self._experiment is not None and experiment.data != self._experiment.data:
            self._own_rate = None  # other data have another scale of rates
        if experiment is not self._experiment:
            self._snapshot = None  # of the one before; that of this one is on its way
        self._experiment = experiment
        self._run = msgspec.structs.replace(
            experiment.runs[selected],
            name="",
            optimizer=settings.optimizer,
            schedule=settings.schedule,
            batch=settings.batch,
            changes=(),
        )
        self._show_rate()

    def _all_plots(self) -> Sequence[ScalePlot]:
        return self._plots

    @property
    def learning_rate(self) -> float | None:
        """The rate on all three: the run's, or the one that was chosen here."""
        if self._own_rate is not None or self._run is None:
            return self._own_rate
        return self._run.optimizer.lr

    @Slot(float)
    def choose_rate(self, rate: float) -> None:
        """Take a rate of its own on all three."""
        self._set_rate(rate)

    @Slot()
    def follow(self) -> None:
        """Take the run's rate again."""
        self._set_rate(None)

    def _set_rate(self, rate: float | None) -> None:
        self._own_rate = rate
        self._show_rate()
        self._draw_if_visible()

    def _show_rate(self) -> None:
        self.rate.set_value(self.learning_rate)
        self.follow_button.setVisible(self._own_rate is not None)

    @Slot(object, bool)
    def _on_rate_edited(self, rate: float, _final: bool) -> None:
        self._set_rate(rate)

    # From a snapshot to a comparison

    def _draw(self, snapshot: Snapshot) -> None:
        self._ask(snapshot.problem)
        if self.comparison is None:
            return
        self._aim(self.comparison)
        own = [self._own_snapshot(snapshot, number) for number in range(len(KINDS))]
        for plot in self._plots:
            plot.draw(own[plot.scene.number])

    def _ask(self, problem: Problem) -> None:
        """Ask for the comparison, unless it is known or being computed."""
        rate, axes = self.learning_rate, first_axes(problem)
        if self._experiment is None or self._run is None:
            return
        experiment = msgspec.structs.replace(self._experiment, runs=(self._run,))
        token = (problem, self._run, rate)
        if token == self._asked:
            return
        self._asked = token
        known = () if self.comparison is None else self.comparison.scales
        problems = tuple(scaled.problem for scaled in known)
        answers = partial(comparisons, experiment, 0, problem, rate, axes, problems)
        self.question_raised.emit(Question(QUESTION, token, answers))

    @Slot(str, object, object)
    def take_answer(self, kind: str, token: object, answer: object) -> None:
        """Show the comparison that was asked for, or a finer surface."""
        for plot in self.contours:
            plot.take_answer(kind, token, answer)
        if kind == QUESTION and token == self._asked and isinstance(answer, Comparison):
            self.comparison = answer
            self._answers += 1
            self._pages.setCurrentIndex(1)
            self._describe(answer)
            self._draw_if_visible()

    def _describe(self, comparison: Comparison) -> None:
        for number, heading in enumerate(self.headings):
            heading.describe(comparison.scales[number])
        scenes = [Scene(comparison, number) for number in range(len(KINDS))]
        for plots in (self.scatters, self.contours):
            for scene, plot in zip(scenes, plots, strict=True):
                plot.take_scene(scene)
        for overlaid in self._overlaid:
            overlaid.take_scene(scenes[0])
        self._resized.start()

    @Slot()
    def _on_resized(self) -> None:
        """Let the headings, and the ranges of the contours, suit the new size."""
        stacked = any(heading.width() < heading.first_line for heading in self.headings)
        for heading in self.headings:
            heading.stack(stacked)
        self._grid.activate()
        self._draw_if_visible()

    def _own_snapshot(self, snapshot: Snapshot, number: int) -> Snapshot:
        """The window's snapshot with the problem and the rows of one scale."""
        assert self.comparison is not None
        scaled = self.comparison.scales[number]
        run = replace(snapshot.run, rows=scaled.rows)
        return replace(
            snapshot,
            generation=self._answers,
            problem=scaled.problem,
            runs=(run,),
            selected=0,
            ghost=None,
            ahead=None,
            before=None,
        )

    def _aim(self, comparison: Comparison) -> None:
        """Let the contours look at the same ranges, or at those that suit each of them best."""
        equal = self._widened(comparison.frame)
        for plot, own in zip(self.contours, comparison.frames, strict=True):
            plot.look_at(equal if self.equal_ranges.isChecked() else own)

    def _widened(self, frame: Frame) -> Frame:
        """The frame, widened to the plots' shape: as many pixels for b as for w."""
        sizes = [plot.size_in_pixels for plot in self.contours]
        width, height = (max(1.0, min(side)) for side in zip(*sizes, strict=True))
        across, up = max(1.0, width / height), max(1.0, height / width)
        return Frame(_scaled(frame.x, across), _scaled(frame.y, up))

    # Looks

    def _dress(self) -> None:
        super()._dress()
        for heading in self.headings:
            heading.set_theme(self.theme)
        self.title.dress(self.theme, self.font())
        self.rate.setPalette(frame_palette(self.theme))
        dress_label(self.waiting, self.theme.faint, self.font().pointSizeF())

    def retranslate(self) -> None:
        names = (self.tr("original"), self.tr("× 10"), self.tr("standardised"))
        self.title.setText(self.tr("Three feature scales"))
        self.waiting.setText(self.tr("Computing…"))
        self.rate_label.setText(self.tr("Learning rate on all three"))
        self.rate.setAccessibleName(self.rate_label.text())
        self.follow_button.setText(self.tr("As the run"))
        self.follow_button.setToolTip(self.tr("Take the learning rate of the run again"))
        self.equal_ranges.setText(self.tr("Equal ranges"))
        self.equal_ranges.setToolTip(
            self.tr("Show all three surfaces over the same ranges, or each over its own")
        )
        for heading, name in zip(self.headings, names, strict=True):
            heading.set_name(name)
        if self.comparison is not None:
            self._describe(self.comparison)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.title.setVisible(self.width() >= ROOM_FOR_TITLE)


def _scaled(side: tuple[float, float], factor: float) -> tuple[float, float]:
    middle, half = (side[0] + side[1]) / 2, (side[1] - side[0]) / 2
    return middle - factor * half, middle + factor * half
