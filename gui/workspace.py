"""Where all panels are: the rows of the centre, the column at the right, and what is drawn when.

What is seen follows from five things only: which panels are shown, which one is enlarged, which
tab is chosen, whether the right column is there, and the sizes. ``_arrange`` makes it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.live.snapshot import Snapshot
from gui.panel_frame import HeaderButton, PanelFrame, frame_icons
from gui.panels import FOLD_KEYS, PANELS, Pace, PanelInfo
from gui.right_column import RightColumn
from gui.run_looks import RunLooks
from gui.settings import Arrangement
from gui.style import Theme
from gui.turns import FrameTurns, Turns

FOLLOW_MS = 40
"""Milliseconds from one of those panels that follow frames to the next: nobody reads faster."""

TURNS_PER_SECOND = 15
"""How often one of the panels that take turns is drawn while a run is playing."""

ROOMY_CENTRE = 500
"""Pixels of the centre below which the right column gives way, unless it was asked for."""

NARROWEST_CENTRE = 260
CONTROLS_WIDTH = 330
SHARES = {"top": 3.0, "bottom": 2.0}
"""Shares of the rows; a panel's share of its row is 1 until it is given another."""

UNSEEN = 10_000
"""Pixels that are divided where nothing has a size yet."""

P = TypeVar("P", bound=QWidget)


class Workspace(QWidget):
    """The controls, the panels in the centre and those at the right.

    Parameters
    ----------
    controls
        What stands at the left; it is no panel.
    panels
        The table of panels.

    Signals
    -------
    panel_made(QWidget)
        A panel is there for the first time; it has drawn nothing yet.
    arranged()
        Something is shown, hidden, enlarged or back.
    """

    panel_made = Signal(QWidget)
    arranged = Signal()

    def __init__(
        self,
        controls: QWidget,
        panels: Sequence[PanelInfo] = PANELS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.frames = {info.key: PanelFrame(info) for info in panels}
        self._shown: dict[str, bool] = {}
        self._sizes: dict[str, float] = {}
        self._tab = self._enlarged = ""
        self._asked_right: bool | None = None
        self._set(Arrangement())
        self._on_screen: frozenset[str] = frozenset()
        self._snapshot: Snapshot | None = None
        self._frame_turns = FrameTurns(self._draw_latest, FOLLOW_MS, self)
        self._turns = Turns(self._draw_latest, 1000 // TURNS_PER_SECOND, self)
        self._build(controls)
        for frame in self.frames.values():
            frame.enlarge_requested.connect(self.toggle_enlarged)
            frame.close_requested.connect(self.hide_panel)
            frame.appeared.connect(self._on_appeared)
        self._retranslate()

    # asking ------------------------------------------------------------------------------

    @property
    def enlarged(self) -> str:
        """Key of the panel that has the whole centre; empty for none."""
        return self._enlarged

    @property
    def has_right_column(self) -> bool:
        """Whether the right column is there."""
        return self._right.isVisibleTo(self)

    def panel(self, key: str, kind: type[P]) -> P:
        """A panel by its key; it is made if it was never shown."""
        self._make(key)
        panel = self.frames[key].panel
        assert isinstance(panel, kind)
        return panel

    def is_shown(self, key: str) -> bool:
        """Whether a panel has its place, be it behind another tab or behind an enlarged panel."""
        info = self.frames[key].info
        return key == self._enlarged if info.area == "whole" else self._shown[key]

    def is_on_screen(self, key: str) -> bool:
        """Whether a panel is neither hidden nor covered."""
        return key in self._on_screen

    def arrangement(self) -> Arrangement:
        """How the panels stand now."""
        self._note_sizes()
        shown = {key: shown for key, shown in self._shown.items() if shown != self._default(key)}
        return Arrangement(shown, dict(self._sizes), self._tab, self._enlarged, self._asked_right)

    # arranging ---------------------------------------------------------------------------

    def restore(self, arrangement: Arrangement) -> None:
        """Arrange the panels as they were; keys of panels that there are not are ignored."""
        self._set(arrangement)
        self._arrange()
        self._apply_columns()

    @Slot()
    def restore_default(self) -> None:
        """Arrange the panels as they were at the first start."""
        self.restore(Arrangement())

    @Slot(str)
    def show_panel(self, key: str) -> None:
        """Bring a panel to the eye, whatever covers it."""
        area = self.frames[key].info.area
        if area == "whole":
            self.enlarge(key)
            return
        self._note_sizes()
        self._shown[key] = True
        if area == "right":
            self._tab = key
            if self._enlarged != key and not self._wants_right():
                self._asked_right = True
        elif self._enlarged != key:
            self._enlarged = ""
        self._arrange()

    @Slot(str)
    def offer_panel(self, key: str) -> None:
        """Show a panel at the right where there is room for the column; else only its tab."""
        self._note_sizes()
        self._shown[key], self._tab = True, key
        self._arrange()

    @Slot(str)
    def hide_panel(self, key: str) -> None:
        """Take a panel away."""
        self._note_sizes()
        if self.frames[key].info.area != "whole":
            self._shown[key] = False
        if key == self._enlarged:
            self._enlarged = ""
        self._arrange()

    def toggle_panel(self, key: str) -> None:
        """Hide a panel that can be seen, bring any other to the eye."""
        if self.is_on_screen(key):
            self.hide_panel(key)
        else:
            self.show_panel(key)

    @Slot(str)
    def enlarge(self, key: str) -> None:
        """Give a panel the whole centre."""
        self._note_sizes()
        self._enlarged = key
        if self.frames[key].info.area != "whole":
            self._shown[key] = True
        self._arrange()

    @Slot()
    def shrink(self) -> None:
        """Put the enlarged panel back among the others."""
        if self._enlarged:
            self._note_sizes()
            self._enlarged = ""
            self._arrange()

    @Slot(str)
    def toggle_enlarged(self, key: str) -> None:
        """Enlarge a panel, or bring back all of them."""
        if key == self._enlarged:
            self.shrink()
        else:
            self.enlarge(key)

    @Slot()
    def toggle_enlarged_one(self) -> None:
        """Bring back all panels, or enlarge the one with the focus or under the pointer."""
        if self._enlarged:
            self.shrink()
        elif self._on_screen:
            self.enlarge(self._pointed_at())

    @Slot()
    def toggle_right_column(self) -> None:
        """Hide the right column, or show it however narrow the window is."""
        self._note_sizes()
        self._asked_right = not self.has_right_column
        self._arrange()

    # drawing -----------------------------------------------------------------------------

    def draw(self, snapshot: Snapshot) -> None:
        """Draw what can be seen: all of it at once, or while playing one panel at a time."""
        self._snapshot = snapshot
        if snapshot.playing:
            self._frame_turns.begin(self._seen("frame"), self._seen("follow"))
            self._turns.begin(self._seen("turn"))
            return
        self._frame_turns.clear()
        self._turns.clear()
        for frame in self.frames.values():
            frame.draw(snapshot)

    def is_drawing(self) -> bool:
        """Whether there is still something to draw of the last frame."""
        return self._frame_turns.is_drawing

    def _seen(self, pace: Pace) -> list[str]:
        """The panels of a pace that can be seen."""
        return [
            key for key, frame in self.frames.items() if frame.info.pace == pace and frame.is_seen()
        ]

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        icons = frame_icons(theme)
        for frame in self.frames.values():
            frame.set_theme(theme, icons)
        self._right.set_icons(icons)
        self._unfold.setIcon(icons.unfold)

    def set_looks(self, looks: RunLooks) -> None:
        """Let the panels that show several runs know how these look."""
        for frame in self.frames.values():
            take = getattr(frame.panel, "set_looks", None)
            if take is not None:
                take(looks)

    @contextmanager
    def at_ratio(self, ratio: float) -> Iterator[None]:
        """Paint the panels at another resolution meanwhile: pixels per logical pixel."""
        with ExitStack() as sharper:
            for frame in self.frames.values():
                sharper.enter_context(frame.at_ratio(ratio))
            yield

    # From here on: how it is done.

    def _build(self, controls: QWidget) -> None:
        self._controls = controls
        self._rows = {name: _splitter(Qt.Orientation.Horizontal) for name in SHARES}
        self._plots = _splitter(Qt.Orientation.Vertical, *self._rows.values())
        self._divided: list[tuple[QSplitter, tuple[str, ...]]] = [(self._plots, tuple(SHARES))]
        for name, row in self._rows.items():
            keys = tuple(key for key, frame in self.frames.items() if frame.info.area == name)
            for key in keys:
                row.addWidget(self.frames[key])
            self._divided.append((row, keys))
        scroll = QScrollArea()
        scroll.setObjectName("centre")
        scroll.setWidget(self._plots)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._centre = QStackedWidget()
        self._centre.setMinimumWidth(NARROWEST_CENTRE)
        self._centre.addWidget(scroll)
        self._centre.addWidget(self._empty)
        self._right = RightColumn()
        self._right.fold_requested.connect(self.toggle_right_column)
        self._right.row.chosen.connect(self.show_panel)
        self._right.row.double_clicked.connect(self.enlarge)
        self._right.buttons.enlarge.clicked.connect(self._on_enlarge_tab)
        self._right.buttons.close_.clicked.connect(self._on_close_tab)
        for frame in self.frames.values():
            if frame.info.area in ("right", "whole"):
                self._home_of(frame).addWidget(frame)
        self._columns = _splitter(Qt.Orientation.Horizontal, controls, self._centre, self._right)
        self._columns.setStretchFactor(1, 1)
        self._columns.splitterMoved.connect(self._on_column_moved)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._columns, 1)
        layout.addWidget(self._build_rail())

    def _build_rail(self) -> QWidget:
        """The strip that is left of the right column while it is hidden."""
        self._unfold = HeaderButton()
        self._unfold.clicked.connect(self.toggle_right_column)
        self._rail = QWidget()
        layout = QVBoxLayout(self._rail)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self._unfold)
        layout.addStretch(1)
        return self._rail

    def _home_of(self, frame: PanelFrame) -> QStackedWidget:
        """The pages among which the frame of a panel that is in no row belongs now."""
        at_right = frame.info.area == "right" and frame.info.key != self._enlarged
        return self._right.pages if at_right else self._centre

    def _default(self, key: str) -> bool:
        info = self.frames[key].info
        return info.shown and info.area != "whole"

    def _set(self, arrangement: Arrangement) -> None:
        self._shown = {
            key: arrangement.shown.get(key, self._default(key)) and frame.info.area != "whole"
            for key, frame in self.frames.items()
        }
        self._sizes = dict(arrangement.sizes)
        self._tab = arrangement.tab
        enlarged = arrangement.enlarged
        is_whole = enlarged in self.frames and self.frames[enlarged].info.area == "whole"
        self._enlarged = enlarged if is_whole or self._shown.get(enlarged, False) else ""
        self._asked_right = arrangement.right_column

    def _make(self, key: str) -> None:
        frame = self.frames[key]
        if frame.make():
            assert frame.panel is not None
            self.panel_made.emit(frame.panel)

    # arranging

    def _arrange(self) -> None:
        """Let be seen what is to be seen."""
        self.setUpdatesEnabled(False)
        on_screen = {*self._arrange_rows(), *self._arrange_right(), *self._arrange_stage()}
        self._on_screen = frozenset(on_screen)
        for key, frame in self.frames.items():
            frame.show_enlarged(key == self._enlarged)
        self._apply_sizes()
        self.setUpdatesEnabled(True)
        self.arranged.emit()

    def _arrange_rows(self) -> list[str]:
        """Show the rows; returns the keys of what is to be seen of them."""
        on_stage = self._is_on_stage(self._enlarged)
        seen = []
        for row, keys in self._divided[1:]:
            visible = [
                key
                for key in keys
                if self._shown[key] and (on_stage or self._enlarged in ("", key))
            ]
            for key in visible:
                if not on_stage:
                    self._make(key)
            for key in keys:
                self.frames[key].setVisible(key in visible)
            row.setVisible(bool(visible))
            seen += visible
        if not on_stage:
            self._centre.setCurrentIndex(0 if seen else 1)
        return [] if on_stage else seen

    def _arrange_right(self) -> list[str]:
        """Show the tabs; returns the key of the panel that is to be seen."""
        keys = [
            key
            for key, frame in self.frames.items()
            if frame.info.area == "right" and self._shown[key] and key != self._enlarged
        ]
        for key in keys:
            if self._right.pages.indexOf(self.frames[key]) < 0:
                self._right.pages.addWidget(self.frames[key])
            self.frames[key].show_header(False)
        there = bool(keys) and self._wants_right()
        if there:
            current = self._tab if self._tab in keys else keys[0]
            self._make(current)
            self._right.pages.setCurrentWidget(self.frames[current])
            titles = {key: self.frames[key].info.translated_title() for key in keys}
            self._right.show_tabs(titles, current)
        self._right.setVisible(there)
        self._rail.setVisible(bool(keys) and not there)
        return [current] if there else []

    def _arrange_stage(self) -> list[str]:
        """Show the panel that covers the rows, if there is one; returns its key."""
        key = self._enlarged
        if not self._is_on_stage(key):
            return []
        frame = self.frames[key]
        self._make(key)
        if self._centre.indexOf(frame) < 0:
            self._centre.addWidget(frame)
        frame.show_header(True)
        self._centre.setCurrentWidget(frame)
        return [key]

    def _is_on_stage(self, key: str) -> bool:
        """Whether a panel is enlarged over the rows, and not within them."""
        return key in self.frames and self.frames[key].info.area not in self._rows

    def _wants_right(self) -> bool:
        return self._has_room() if self._asked_right is None else self._asked_right

    def _has_room(self) -> bool:
        """Whether the window is wide enough for the right column beside the panels."""
        left = max(self._controls.minimumWidth(), round(self._size("controls", CONTROLS_WIDTH)))
        right = max(self._right.minimumSizeHint().width(), round(self._size("right", 1)))
        needed = max(ROOMY_CENTRE, self._plots.minimumSizeHint().width())
        return self.width() - left - right - 2 * self._columns.handleWidth() >= needed

    def _pointed_at(self) -> str:
        """Key of the panel with the focus or under the pointer, or else of the first."""
        focus = QApplication.focusWidget()
        frames = [frame for key, frame in self.frames.items() if key in self._on_screen]
        focused = (frame for frame in frames if focus is not None and frame.isAncestorOf(focus))
        pointed = (frame for frame in frames if frame.underMouse())
        return next(focused, next(pointed, frames[0])).info.key

    # sizes

    def _size(self, key: str, default: float = 1.0) -> float:
        return self._sizes.get(key, SHARES.get(key, default))

    def _note_sizes(self) -> None:
        """Note the sizes of what can be seen; what is hidden keeps its share beside them."""
        for splitter, keys in self._divided:
            sizes = dict(zip(keys, splitter.sizes(), strict=True))
            sizes = {key: size for key, size in sizes.items() if size > 0}
            if splitter.isVisible() and sizes:
                unit = sum(map(self._size, sizes)) / sum(sizes.values())
                self._sizes |= {key: size * unit for key, size in sizes.items()}
        if self._columns.isVisible():
            self._sizes["controls"] = self._controls.width()
            if self.has_right_column:
                self._sizes["right"] = self._right.width()

    def _apply_sizes(self) -> None:
        """Divide the rows, and the panels in each, by their shares."""
        for splitter, keys in self._divided:
            parts: dict[str, QWidget] = {**self.frames, **self._rows}
            shares = [0.0 if parts[key].isHidden() else self._size(key) for key in keys]
            gaps = splitter.handleWidth() * (sum(share > 0 for share in shares) - 1)
            extent = splitter.height() if splitter is self._plots else splitter.width()
            pixels = extent - gaps if splitter.isVisible() else UNSEEN
            whole = sum(shares) or 1.0
            splitter.setSizes([round(pixels * share / whole) for share in shares])

    def _apply_columns(self) -> None:
        """Give the columns beside the centre their widths; it takes what is left."""
        right = max(self._right.sizeHint().width(), self._right.minimumSizeHint().width())
        widths = self._size("controls", CONTROLS_WIDTH), self._size("right", right)
        centre = self.width() - sum(widths)
        self._columns.setSizes([round(widths[0]), max(1, round(centre)), round(widths[1])])

    # events

    @Slot(str)
    def _on_appeared(self, key: str) -> None:
        """Draw what has become visible at once."""
        if self._snapshot is not None:
            self.frames[key].draw(self._snapshot)

    def _draw_latest(self, key: str) -> bool:
        """Draw the newest frame, if the panel is still to be seen."""
        frame = self.frames[key]
        if self._snapshot is None or not frame.is_seen():
            return False
        frame.draw(self._snapshot)
        return True

    @Slot()
    def _on_enlarge_tab(self) -> None:
        self.enlarge(self._current_tab())

    @Slot()
    def _on_close_tab(self) -> None:
        self.hide_panel(self._current_tab())

    def _current_tab(self) -> str:
        frame = self._right.pages.currentWidget()
        assert isinstance(frame, PanelFrame)
        return frame.info.key

    @Slot()
    def _on_column_moved(self) -> None:
        self._note_sizes()

    def _retranslate(self) -> None:
        self._unfold.describe(self.tr("Show the column at the right"), keys=FOLD_KEYS)
        self._empty.setText(self.tr("All panels are closed. View ▸ Panels opens them again."))

    def _make_room(self) -> None:
        """Let the right column give way or come back, unless it was asked for."""
        shown = self.has_right_column or self._rail.isVisibleTo(self)
        if shown and self._asked_right is None and self._has_room() != self.has_right_column:
            self._note_sizes()
            self._arrange()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # a panel needs another width than before
            self._make_room()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST_CENTRE, NARROWEST_CENTRE)


def _splitter(orientation: Qt.Orientation, *widgets: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter
