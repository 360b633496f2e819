"""The loss surface in three dimensions, with the paths of the runs lifted onto it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from engine.problem.surface import Frame
from gui.run_looks import RunLooks
from gui.style import Theme
from gui.title import Title
from gui.views.frames import Axes, PathFrame, first_axes
from gui.views.relief import Camera
from gui.views.relief_paths import Sight
from gui.views.relief_picture import Picture
from gui.views.terrain import Terrain
from gui.views.view import View, dress_label


class Surface3D(View):
    """The loss over two parameters as a relief in a box, seen from anywhere above its floor.

    It shows the parameters and the frame of the map from above; ``show_frame`` takes over what
    is chosen there. Without OpenGL a line of text says so. With more than two parameters it is
    the slice through the cursor's row, and paths and optimum are at their own heights. The runs
    beside the selected one have thin paths.
    """

    question_raised = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._problem: Problem | None = None
        self._looks = RunLooks()
        self.axes: Axes | None = None
        self._frame = PathFrame()
        self._terrain = Terrain("surface3d")
        self._chosen: Frame | None = None
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self._show_snapshot)
        self._build()
        self._dress()
        self.retranslate()

    def _build(self) -> None:
        self.title = Title()
        self.note = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        self.note.hide()
        self.log_button = QToolButton()
        self.log_button.setObjectName("surface3d_log")
        self.log_button.setCheckable(True)
        self.log_button.toggled.connect(self._draw_again)
        self.reset_button = QToolButton()
        self.reset_button.setObjectName("surface3d_reset")
        self.reset_button.hide()
        self.reset_button.clicked.connect(self.reset_camera)
        self.tools = QHBoxLayout()
        self.tools.addWidget(self.log_button)
        self.tools.addWidget(self.reset_button)
        self.picture = Picture()
        self.picture.looked.connect(self._on_looked)
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 6, 8, 0)
        layout.setVerticalSpacing(0)
        layout.setColumnStretch(0, 1)
        layout.setRowStretch(2, 1)
        layout.addWidget(self.title, 0, 0)
        layout.addLayout(self.tools, 0, 1)
        layout.addWidget(self.note, 1, 0, 1, 2)
        layout.addWidget(self.picture, 2, 0, 1, 2)

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot, soon; while hidden, only remember it for when the view is shown."""
        self._snapshot = snapshot
        if self.isVisible() and not self._due.isActive():
            self._due.start(self.picture.rest() if snapshot.playing else 0)

    def show_frame(self, axes: Axes, frame: Frame | None) -> None:
        """Look at two parameters; None is the frame that follows the path."""
        if (axes, frame) != (self.axes, self._chosen):
            self.axes, self._chosen = axes, frame
            self._draw_again()

    def set_looks(self, looks: RunLooks) -> None:
        """Show other runs, or the same otherwise."""
        self._looks = looks
        self._draw_again()

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        if theme is not self.theme:
            self.theme = theme
            self._dress()
            self._draw_again()

    @property
    def is_logarithmic(self) -> bool:
        """Whether the heights are logarithms of the loss."""
        return self.log_button.isChecked()

    @Slot()
    def reset_camera(self) -> None:
        """Look at the box from where the tutorial does."""
        self.picture.look(Camera())

    @Slot()
    def _on_looked(self) -> None:
        self.reset_button.setVisible(self.picture.camera != Camera())

    @contextmanager
    def at_ratio(self, ratio: float) -> Iterator[None]:
        """Draw at another resolution meanwhile, for a picture of the window."""
        self.picture.ratio = ratio
        try:
            yield
        finally:
            self.picture.ratio = None

    def retranslate(self) -> None:
        self.title.setText(self.tr("Loss surface in 3-D"))
        self.log_button.setText(self.tr("log"))
        self.log_button.setToolTip(self.tr("Draw the heights on a logarithmic scale"))
        self.reset_button.setText(self.tr("Reset view"))
        self.reset_button.setToolTip(self.tr("Look at the surface from the first side again"))
        self.picture.setToolTip(self.tr("Drag to rotate, turn the wheel to zoom"))
        self.picture.retranslate(
            self.tr("The surface in 3-D needs OpenGL 2.1, and there is none here."),
            (self.tr("start"), self.tr("now"), self.tr("truth")),
        )
        self.setAccessibleName(self.tr("Loss surface in 3-D"))
        if self._snapshot is not None:
            self._say_what_it_is(self._snapshot.problem)
        self._draw_again()

    def _say_what_it_is(self, problem: Problem) -> None:
        is_slice = problem.n_params > 2
        self.note.setText(
            self.tr("slice through the current point · path and optimum at their own heights")
            if is_slice
            else ""
        )
        self.note.setVisible(is_slice)

    @Slot()
    def _draw_again(self) -> None:
        if self._snapshot is not None and self.isVisible():
            self._due.start(0)

    @Slot()
    def _show_snapshot(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or not self.isVisible():
            return
        axes = self._aim(snapshot)
        frame = self._chosen or self._frame.frame
        sight = Sight(snapshot.problem, axes, frame, self.is_logarithmic, self.theme)
        params = snapshot.rows.params[:, snapshot.row]
        question = self._terrain.look(snapshot.problem, params, axes, frame)
        if question is not None:
            self.question_raised.emit(question)
        self.picture.show_snapshot(snapshot, sight, self._terrain.map, self._looks)

    @Slot(str, object, object)
    def take_answer(self, kind: str, token: object, answer: object) -> None:
        """Show a finer surface, if it still is the one that is looked at."""
        if self._terrain.take(kind, token, answer):
            self._draw_again()

    def _aim(self, snapshot: Snapshot) -> Axes:
        """Let axes and frame follow; what was chosen holds until something else is looked at."""
        problem, before = snapshot.problem, self._problem
        if self.axes is not None and max(self.axes) >= problem.n_params:
            self.axes = self._chosen = None  # the map was not seen since another problem
        if self.axes is None or (before is not None and before.names != problem.names):
            self.axes = first_axes(problem)
        if problem is not before:
            self._problem = problem
            self._say_what_it_is(problem)
        kept = self._chosen is not None
        framing = self._looks.framing(snapshot)
        if self._frame.follow(snapshot, self.axes, framing, kept=kept) and before is not None:
            self._chosen = None
        return self.axes

    def _dress(self) -> None:
        super()._dress()
        self.title.dress(self.theme, self.font())
        dress_label(self.note, self.theme.faint, self.font().pointSizeF())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.picture.open_scene()
        self._draw_again()

    def hideEvent(self, event: QHideEvent) -> None:
        self._due.stop()
        super().hideEvent(event)
