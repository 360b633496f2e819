"""Cross-sections of the loss: one cut for each of two parameters, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QElapsedTimer, QSignalBlocker, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.experiment import Gd
from engine.live.analyst import Question
from engine.live.snapshot import Snapshot
from engine.problem import sections
from engine.problem.problem import Problem
from engine.problem.sections import Inquiry, Look, Section
from engine.problem.surface import Frame
from engine.types import Vector
from gui.text import tooltip
from gui.title import Title
from gui.views.frames import PathFrame, first_axes
from gui.views.plot import PlotView
from gui.views.ranges import Range, rounded_up
from gui.views.section_plot import Marks, SectionPlot
from gui.views.several_plots import SeveralPlots
from gui.views.surface import SurfaceView

WIDTH_SHARE = 0.05
"""Share of the axis that a triangle spans, about, until it is given a width."""

ZOOM = 5.0
"""How many times narrower the ranges are close to the point."""

STAYS = 0.2
"""Share of half such a range that the point moves before the range follows."""

SECTION_INTERVAL_MS = 66
"""Time between two computations of sections that every point has a say in, while playing."""

SYMBOLS = {"tangent": "∂", "jump": "−η∂", "difference": "Δ", "zoom": f"×{ZOOM:g}"}
KIND = "sections"
SMALLEST = QSize(300, 170)


class SectionsView(SeveralPlots):
    """The loss along each of two parameters with the others held, and the gradient on it.

    The cuts go through the cursor's row, or through the point that is ``held``.

    Signals
    -------
    held_changed(object)
        The parameters (p,) that the cuts go through now, or None for those of the cursor's row.
    question_raised(Question)
        Sections that take longer than a frame.
    appeared(bool)
        Whether the view can be seen now.
    """

    held_changed = Signal(object)
    appeared = Signal(bool)
    question_raised = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes = (0, 1)
        self._marks = Marks()
        self._problem: Problem | None = None
        self._held: Vector | None = None
        self._frame = PathFrame()
        self._ranges: dict[int, Range] = {}
        self._widths: dict[int, float] = {}
        self._middles: dict[int, float] = {}
        self._words: dict[str, str] = {}
        self._sections: tuple[Section, ...] | None = None
        self._token: tuple[object, ...] = ()
        self._asked: tuple[object, ...] = ()
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._draw_if_visible)
        self._build()
        self._dress()
        self.retranslate()

    def _build(self) -> None:
        self.title = Title()
        self.tools = QHBoxLayout()
        self.tools.setContentsMargins(8, 6, 8, 0)
        self.tools.setSpacing(4)
        self.tools.addWidget(self.title, 1)
        self.reset_button = self._tool("sections_reset", checkable=False)
        self.reset_button.hide()
        self.reset_button.clicked.connect(self.follow)
        self.buttons = {name: self._tool(f"sections_{name}") for name in Marks.__slots__}
        for name, button in self.buttons.items():
            button.setChecked(getattr(self._marks, name))
            button.toggled.connect(self._on_toggled)
        self.zoom_button = self._tool("sections_zoom")
        self.zoom_button.toggled.connect(self._on_zoom_toggled)
        self.plots = (SectionPlot(), SectionPlot())
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(0)
        for i, plot in enumerate(self.plots):
            plot.choice.setObjectName(f"sections_axis_{i}")
            plot.choice.activated.connect(self._on_axes_chosen)
            plot.point_dragged.connect(partial(self._move_point, i))
            plot.width_dragged.connect(partial(self._choose_width, i))
            self._body.addWidget(plot, 1)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # buttons can shrink
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.tools)
        layout.addLayout(self._body, 1)

    def _tool(self, name: str, checkable: bool = True) -> QToolButton:
        button = QToolButton()
        button.setCheckable(checkable)
        button.setObjectName(name)
        self.tools.addWidget(button)
        return button

    # What is shown

    def _all_plots(self) -> Sequence[PlotView]:
        return self.plots

    @property
    def marks(self) -> Marks:
        """Which marks are shown: tangent, jump, difference."""
        return self._marks

    @marks.setter
    def marks(self, marks: Marks) -> None:
        if marks == self._marks:
            return
        self._marks = marks
        for name, button in self.buttons.items():
            with QSignalBlocker(button):
                button.setChecked(getattr(marks, name))
        for plot in self.plots:
            plot.show_marks(marks)

    @property
    def is_close(self) -> bool:
        """Whether only what is close to the point is shown, so large that slopes can be seen."""
        return self.zoom_button.isChecked()

    @property
    def held(self) -> Vector | None:
        """The parameters (p,) that the cuts go through; None for those of the cursor's row."""
        return self._held

    def hold_at(self, params: Vector | None) -> None:
        """Cut through other parameters (p,) than those of the cursor's row; None goes back."""
        self._held_is(None if params is None else np.array(params, dtype=float))
        self._draw_if_visible()

    def _held_is(self, params: Vector | None) -> None:
        if params is None and self._held is None:
            return
        self._held = params
        self.reset_button.setVisible(params is not None)
        self._fit_tools()
        self.held_changed.emit(params)

    @Slot()
    def follow(self) -> None:
        """Cut through the cursor's row again."""
        self.hold_at(None)

    @Slot(object, object)
    def show_frame(self, axes: tuple[int, int], frame: Frame | None) -> None:
        """Show two parameters over the ranges of another view; None goes back to the automatic."""
        ranges = {} if frame is None else dict(zip(axes, (frame.x, frame.y), strict=True))
        if ranges != self._ranges:
            self._ranges = ranges
            self._draw_if_visible()

    def choose_axes(self, first: int, second: int) -> None:
        """Look at two other parameters."""
        self.axes = (first, second)
        if self._snapshot is not None:
            self._name(self._snapshot.problem)
        self._draw_if_visible()

    def couple(self, surface: SurfaceView) -> None:
        """Let the cuts over the surface and these sections move each other."""
        self.held_changed.connect(surface.place_cut)
        self.appeared.connect(surface.show_cuts)
        surface.cut_dragged.connect(self.hold_at)

    # From a snapshot to sections

    def _draw(self, snapshot: Snapshot) -> None:
        if snapshot.problem is not self._problem:
            self._take_problem(snapshot.problem)
        self._frame.follow(snapshot, self.axes)
        self._find_sections(snapshot)
        batch = snapshot.run.place.size is not None and self._held is None
        for i, plot in enumerate(self.plots):
            section = None if self._sections is None else self._sections[i]
            slope = float(snapshot.rows.gradient[self.axes[i], snapshot.row]) if batch else None
            plot.show_section(snapshot, section, self._held is not None, slope, self.is_close)

    def _take_problem(self, problem: Problem) -> None:
        before, self._problem = self._problem, problem
        self._sections, self._token, self._asked = None, (), ()
        if before is None or before.names != problem.names:
            self._offer_axes(problem)
            self._widths.clear()
            self._middles.clear()
            self._held_is(None)
        self._name(problem)

    def _offer_axes(self, problem: Problem) -> None:
        self.axes = first_axes(problem)
        for plot, axis in zip(self.plots, self.axes, strict=True):
            with QSignalBlocker(plot.choice):
                plot.choice.clear()
                plot.choice.addItems(list(problem.names))
            plot.choice.setVisible(problem.n_params > 2)
            plot.choice.setCurrentIndex(axis)

    def _find_sections(self, snapshot: Snapshot) -> None:
        """Compute the sections that are not known yet, here or in the analyst's thread."""
        inquiry = self._inquiry(snapshot)
        problem, waits = snapshot.problem, snapshot.playing and self._sections is not None
        if inquiry.token == self._token:
            return
        if not sections.is_quick(problem):
            if not (waits and self._asked):  # or no question would ever be answered
                self._ask(inquiry)
            return
        left = SECTION_INTERVAL_MS - self._since.elapsed() if self._since.isValid() else 0
        if waits and not problem.is_free and left > 0:
            self._timer.start(left)
            return
        self._since.start()
        self._sections, self._token = sections.sections(inquiry), inquiry.token

    def _ask(self, inquiry: Inquiry) -> None:
        if inquiry.token != self._asked:
            self._asked = inquiry.token
            answers = partial(sections.sections_unless, inquiry)
            self.question_raised.emit(Question(KIND, inquiry.token, answers))

    @Slot(str, object, object)
    def take_answer(self, kind: str, token: object, answer: object) -> None:
        """Show sections that were asked for."""
        if kind == KIND and token == self._asked and isinstance(answer, tuple):
            self._sections, self._token, self._asked = answer, self._asked, ()
            self._draw_if_visible()

    def _inquiry(self, snapshot: Snapshot) -> Inquiry:
        is_held = self._held is not None
        run, after = snapshot.run, None if is_held else _next_row(snapshot)
        descends = is_held or (isinstance(run.settings.optimizer, Gd) and run.place.size is None)
        looks = tuple(self._look(i) for i in range(len(self.axes)))
        params = self._point(snapshot)
        return Inquiry(snapshot.problem, params, looks, run.learning_rate, after, descends)

    def _point(self, snapshot: Snapshot) -> Vector:
        return snapshot.rows.params[:, snapshot.row] if self._held is None else self._held

    def _look(self, i: int) -> Look:
        axis, frame = self.axes[i], self._frame.frame
        low, high = self._ranges.get(axis, (frame.x, frame.y)[i])
        width = self._widths.get(axis, 0.0)
        if not 0 < abs(width) <= high - low:
            width = rounded_up(WIDTH_SHARE * (high - low))
        span = self._near(i, (high - low) / ZOOM / 2) if self.is_close else (low, high)
        return Look(axis, span, width)

    def _near(self, i: int, half: float) -> Range:
        """A range about the point, which follows it in steps, but not while it is dragged."""
        assert self._snapshot is not None
        axis = self.axes[i]
        at = float(self._point(self._snapshot)[axis])
        middle = self._middles.get(axis, at)
        if abs(at - middle) > STAYS * half and not self.plots[i].is_dragged:
            middle = at
        self._middles[axis] = middle
        return middle - half, middle + half

    # What the user asked for

    def _move_point(self, i: int, value: float) -> None:
        if self._snapshot is not None:
            params = np.array(self._point(self._snapshot))
            params[self.axes[i]] = value
            self.hold_at(params)

    def _choose_width(self, i: int, width: float) -> None:
        self._widths[self.axes[i]] = width
        self._draw_if_visible()

    @Slot()
    def _on_axes_chosen(self) -> None:
        first, second = (plot.choice.currentIndex() for plot in self.plots)
        if first == second:  # the other one makes room
            keeps = first == self.axes[0]
            first, second = (self.axes[1], second) if keeps else (first, self.axes[0])
        for plot, axis in zip(self.plots, (first, second), strict=True):
            plot.choice.setCurrentIndex(axis)
        self.choose_axes(first, second)

    @Slot()
    def _on_toggled(self) -> None:
        shown = {name: button.isChecked() for name, button in self.buttons.items()}
        self.marks = replace(self._marks, **shown)

    @Slot()
    def _on_zoom_toggled(self) -> None:
        self._middles.clear()
        self._draw_if_visible()

    # Looks

    def _name(self, problem: Problem) -> None:
        for plot, axis in zip(self.plots, self.axes, strict=True):
            plot.name(problem, axis)
            plot.setAccessibleName(
                self.tr("Loss along {parameter}").format(parameter=problem.names[axis])
            )

    def retranslate(self) -> None:
        self.title.setText(self.tr("Cross-sections"))
        self.reset_button.setText(self.tr("Reset"))
        self.reset_button.setToolTip(tooltip(self.tr("Cut through the run's current point again")))
        tips = {
            "tangent": self.tr("The line whose slope is the gradient"),
            "jump": self.tr("The step −η·gradient along each axis, and where it lands"),
            "difference": self.tr(
                "The finite difference: drag its corner, or use the arrow keys, and see the "
                "quotient come to the gradient as the triangle gets narrower"
            ),
            "zoom": self.tr("Show the curve close to the point, where it looks like its tangent"),
        }
        self._words = {
            "tangent": self.tr("Tangent"),
            "jump": self.tr("Jump"),
            "difference": self.tr("Difference"),
            "zoom": self.tr("Zoom"),
        }
        for name, button in self._worded().items():
            button.setAccessibleName(self._words[name])
            button.setToolTip(tooltip(f"{self._words[name]}: {tips[name]}"))
        self._fit_tools()
        for plot in self.plots:
            plot.choice.setToolTip(self.tr("The parameter along the horizontal axis"))
        if self._snapshot is not None:
            self._name(self._snapshot.problem)

    def _worded(self) -> dict[str, QToolButton]:
        """The buttons that bear a word or a symbol."""
        return {**self.buttons, "zoom": self.zoom_button}

    def _fit_tools(self) -> None:
        """Let the buttons bear words, or symbols where there is no room for words.

        The title gives way before the words do: they say what there is to see.
        """
        for names in (self._words, SYMBOLS):
            for name, button in self._worded().items():
                button.setText(names[name])
            self.tools.invalidate()  # a layout within a layout remembers its old size
            room = self.width() - self.tools.minimumSize().width()
            if room >= 0:
                break
        self.title.setMaximumWidth(room if room >= self.title.sizeHint().width() else 0)

    def _dress(self) -> None:
        super()._dress()
        self.title.dress(self.theme, self.font())

    def minimumSizeHint(self) -> QSize:
        return SMALLEST

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        stacked = self.height() > self.width()
        direction = QBoxLayout.Direction
        self._body.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)

    def showEvent(self, event: QShowEvent) -> None:
        self.appeared.emit(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self.appeared.emit(False)
        super().hideEvent(event)


def _next_row(snapshot: Snapshot) -> Vector | None:
    """The parameters (p,) of the row after the cursor's, recorded or foreseen; None if unknown."""
    if snapshot.row < snapshot.head:
        return snapshot.rows.params[:, snapshot.row + 1]
    if snapshot.ahead is not None and snapshot.ahead.shape[1] > 1:
        return snapshot.ahead[:, 1]
    return None
