"""When panels are drawn while a run plays: one at a time, each in an event of its own.

So the window's timers, the mouse and the keys wait for one panel at most, and not for all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

DrawPanel = Callable[[str], bool]
"""Draws a panel by its key; False where there was nothing to be seen, which takes no turn."""


class FrameTurns(QObject):
    """Draws the panels of a frame, and now and then one of those that follow frames.

    Parameters
    ----------
    interval
        Milliseconds from one that follows to the next, behind a later frame or without one.
    """

    def __init__(self, draw: DrawPanel, interval: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draw, self._interval = draw, interval
        self._now: list[str] = []
        self._later: list[str] = []
        self._may_follow = False
        self._followed_at = -math.inf
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_drawing(self) -> bool:
        """Whether a panel of the frame is still to be drawn, or the last one to be painted."""
        return self._timer.isActive() and self._timer.interval() == 0

    def begin(self, now: Iterable[str], later: Iterable[str]) -> None:
        """Draw a frame: some panels with it, others behind it when it is their turn.

        Who waits since an earlier frame keeps its place, so that none is left out.
        """
        for queue, keys in ((self._now, now), (self._later, later)):
            queue += [key for key in keys if key not in queue]
        self._may_follow = 1000 * (perf_counter() - self._followed_at) >= self._interval
        self._timer.start(0)

    def clear(self) -> None:
        """Forget who waits: all has been drawn."""
        self._now.clear()
        self._later.clear()

    @Slot()
    def _on_turn(self) -> None:
        self._timer.start(0)  # the next one comes also if this one fails, and behind its painting
        while self._now:
            if self._draw(self._now.pop(0)):
                return
        while self._later and self._may_follow:
            if self._draw(self._later.pop(0)):
                self._may_follow, self._followed_at = False, perf_counter()
                return
        self._timer.stop()
        if self._later:
            self._may_follow = True
            self._timer.start(self._interval)


class Turns(QObject):
    """Lets whoever asks have its turn, in the order of asking, but only every ``interval`` ms."""

    def __init__(self, draw: DrawPanel, interval: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draw = draw
        self._waiting: list[str] = []
        self._timer = QTimer(self, interval=interval)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits, and the next to ask is served at once."""
        return not self._timer.isActive()

    def begin(self, keys: Iterable[str]) -> None:
        """Let panels have their turn, with the frame that is there when it comes."""
        self._waiting += [key for key in keys if key not in self._waiting]
        if self._waiting and self.is_idle:
            self._on_turn()

    def clear(self) -> None:
        """Forget who waits: all has been drawn."""
        self._waiting.clear()

    @Slot()
    def _on_turn(self) -> None:
        self._timer.start()
        while self._waiting:
            if self._draw(self._waiting.pop(0)):
                return
        self._timer.stop()


class Paced(QObject):
    """Shows the newest of what comes, but at most every ``interval`` milliseconds."""

    def __init__(
        self, show: Callable[[Any], None], interval: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._show = show
        self._waiting: list[Any] = []  # the newest, or nothing
        self._timer = QTimer(self, interval=interval, singleShot=True)
        self._timer.timeout.connect(self._on_rested)

    def show(self, it: Any, at_once: bool = False) -> None:
        """Show it, now or soon."""
        if self._timer.isActive() and not at_once:
            self._waiting = [it]
            return
        self._waiting = []
        self._timer.start()
        self._show(it)

    @Slot()
    def _on_rested(self) -> None:
        if self._waiting:
            self.show(self._waiting.pop())
