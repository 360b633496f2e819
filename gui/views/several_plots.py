"""A view that consists of several plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from engine.live.snapshot import Snapshot
from gui.style import Theme
from gui.views.plot import PlotView
from gui.views.view import View


class SeveralPlots(View):
    """A view of a snapshot in several plots, which a subclass builds and draws."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None

    def _all_plots(self) -> Sequence[PlotView]:
        raise NotImplementedError

    def _draw(self, snapshot: Snapshot) -> None:
        """Draw all plots."""
        raise NotImplementedError

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot; while hidden, only remember it for when the view is shown."""
        self._snapshot = snapshot
        self._draw_if_visible()

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        self.theme = theme
        for plot in self._all_plots():
            plot.set_theme(theme)
        self._dress()

    @contextmanager
    def at_ratio(self, ratio: float) -> Iterator[None]:
        """Paint everything at another resolution meanwhile, for a picture of the view."""
        with ExitStack() as sharper:
            for plot in self._all_plots():
                sharper.enter_context(plot.at_ratio(ratio))
            yield

    @Slot()
    def _draw_if_visible(self) -> None:
        if self._snapshot is not None and self.isVisible():
            self._draw(self._snapshot)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_if_visible()
