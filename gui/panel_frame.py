"""What is around a panel: its title line with the buttons that enlarge and close it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QMouseEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.live.snapshot import Snapshot
from gui.focus import KeepsKeys, let_clicks_pass
from gui.panels import ENLARGE_KEY, Panel, PanelInfo
from gui.style import LIGHT, Theme
from gui.title import Title
from gui.transport import svg_icon

ICON_PX = 13


@dataclass(frozen=True, slots=True)
class FrameIcons:
    """The icons of all frames, drawn once in a theme's colour."""

    enlarge: QIcon
    shrink: QIcon
    close: QIcon
    fold: QIcon
    unfold: QIcon


def frame_icons(theme: Theme) -> FrameIcons:
    """Draw the icons for a theme."""
    names = ("enlarge", "shrink", "close", "fold-right", "fold-left")
    return FrameIcons(*(svg_icon(name, theme.faint, ICON_PX) for name in names))


class HeaderButton(QToolButton):
    """A small button in a title line; a click leaves the focus where it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def describe(self, text: str, subject: str = "", keys: str = "") -> None:
        """Say what it does: to whom it acts on for a screen reader, its keys in the tooltip."""
        self.setToolTip(f"{text} ({keys})" if keys else text)
        self.setAccessibleName(f"{text}: {subject}" if subject else text)


class PanelButtons(QWidget):
    """The two buttons of a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.enlarge, self.close_ = HeaderButton(self), HeaderButton(self)
        self._icons: FrameIcons | None = None
        self._subject = ""
        self._enlarged = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for button in (self.enlarge, self.close_):
            layout.addWidget(button)

    def set_icons(self, icons: FrameIcons) -> None:
        """Take the icons of a theme."""
        self._icons = icons
        self.close_.setIcon(icons.close)
        self._show_enlarge()

    def show_state(self, subject: str, enlarged: bool) -> None:
        """Say what the buttons do now, and to which panel."""
        self._subject, self._enlarged = subject, enlarged
        self.close_.describe(self.tr("Close"), subject)
        self._show_enlarge()

    def _show_enlarge(self) -> None:
        text = self.tr("Back to all panels") if self._enlarged else self.tr("Enlarge")
        self.enlarge.describe(text, self._subject, "Esc" if self._enlarged else ENLARGE_KEY)
        if self._icons is not None:
            self.enlarge.setIcon(self._icons.shrink if self._enlarged else self._icons.enlarge)


class PanelFrame(KeepsKeys, QWidget):
    """A panel's place, there before the panel is made.

    Signals
    -------
    enlarge_requested(str), close_requested(str)
        The buttons, or a double click on the title line; with the panel's key.
    appeared(str)
        The frame became visible.
    """

    enlarge_requested = Signal(str)
    close_requested = Signal(str)
    appeared = Signal(str)

    def __init__(self, info: PanelInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self.setObjectName(info.key)
        self._panel: Panel | None = None
        self._drawn: Snapshot | None = None
        self._theme = LIGHT
        self._enlarged = False
        self.title = Title()
        self.buttons = PanelButtons()
        self.buttons.enlarge.setVisible(info.area != "whole")
        self.buttons.enlarge.clicked.connect(self._on_enlarge)
        self.buttons.close_.clicked.connect(self._on_close)
        self._header = QWidget()
        self._tools = QHBoxLayout(self._header)
        self._tools.setContentsMargins(8, 6, 8, 0)
        self._tools.addWidget(self.title, 1)
        self._tools.addWidget(self.buttons)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._header)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._retranslate()

    @property
    def panel(self) -> QWidget | None:
        """The panel's widget; None before it is made."""
        assert self._panel is None or isinstance(self._panel, QWidget)
        return self._panel

    def make(self) -> bool:
        """Make the panel, unless it is there; returns whether it is new."""
        if self._panel is not None:
            return False
        panel = self.info.make()
        assert isinstance(panel, Panel), f"{self.info.key} is no panel"
        self._panel = panel
        tools = getattr(panel, "tools", None)
        if isinstance(tools, QHBoxLayout):
            tools.addWidget(self.buttons)
            self._tools = tools
            self._header.hide()
        self._layout.addWidget(panel, 1)
        let_clicks_pass(panel)
        panel.set_theme(self._theme)
        return True

    def draw(self, snapshot: Snapshot) -> None:
        """Hand a snapshot to the panel, if it can be seen and has not got it."""
        if snapshot is self._drawn or not self.is_seen():
            return
        assert self._panel is not None
        self._drawn = snapshot
        self._panel.draw(snapshot)

    def is_seen(self) -> bool:
        """Whether there is anything to draw for."""
        panel = self.panel
        return panel is not None and panel.isVisible() and not self.window().isMinimized()

    def set_theme(self, theme: Theme, icons: FrameIcons) -> None:
        """Change all colours."""
        self._theme = theme
        self.buttons.set_icons(icons)
        self.title.dress(self._theme, self.font())
        if self._panel is not None:
            self._panel.set_theme(theme)

    def show_header(self, shown: bool) -> None:
        """Show or hide title line and buttons, which a tab may have instead."""
        self.buttons.setVisible(shown)
        self._header.setVisible(shown and self._owns_header())

    def show_enlarged(self, enlarged: bool) -> None:
        """Let the button lead there or back."""
        self._enlarged = enlarged
        self._retranslate()

    def at_ratio(self, ratio: float) -> AbstractContextManager[None]:
        """The panel painted at another resolution meanwhile, where it can be."""
        at_ratio: Callable[[float], AbstractContextManager[None]] | None
        at_ratio = getattr(self._panel, "at_ratio", None)
        return nullcontext() if at_ratio is None else at_ratio(ratio)

    def _owns_header(self) -> bool:
        return self._tools is self._header.layout()

    def _title_line_has(self, place: QPoint) -> bool:
        """Whether a place is in the title line, which reaches as far down as the buttons."""
        end = self.buttons.mapTo(self, self.buttons.rect().bottomLeft()).y()
        return self.buttons.isVisible() and place.y() <= end

    def _retranslate(self) -> None:
        title = self.info.translated_title()
        self.title.setText(title)
        self.setAccessibleName(title)
        self.buttons.show_state(title, self._enlarged)

    @Slot()
    def _on_enlarge(self) -> None:
        self.enlarge_requested.emit(self.info.key)

    @Slot()
    def _on_close(self) -> None:
        self.close_requested.emit(self.info.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._title_line_has(event.position().toPoint()):
            self._on_enlarge()
        else:
            super().mouseDoubleClickEvent(event)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(*self.info.least))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.appeared.emit(self.info.key)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self.title.dress(self._theme, self.font())
