"""Panels that are not drawn with every frame, one after another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot


class Turns(QObject):
    """Lets whoever waits have its turn, at least ``interval`` apart, in the order of asking.

    Parameters
    ----------
    draw
        Draws by key; False where there was nothing to be seen, which takes no turn.
    interval
        Milliseconds between two turns.
    each_frame
        Whether every frame brings a turn, however early: it then comes right behind the frame, in
        an event of its own, so that others are served in between.
    """

    def __init__(
        self,
        draw: Callable[[str], bool],
        interval: int,
        each_frame: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._draw, self._interval, self._each_frame = draw, interval, each_frame
        self._waiting: list[str] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits, and the next to ask is served at once."""
        return not self._waiting and not self._timer.isActive()

    def ask(self, key: str) -> None:
        """Wait for a turn, with the frame that is there when it comes."""
        if key not in self._waiting:
            self._waiting.append(key)

    def go_on(self) -> None:
        """All have asked that have something to draw of a new frame."""
        if self._waiting and (self._each_frame or not self._timer.isActive()):
            self._timer.start(0)

    def clear(self) -> None:
        """Forget who waits: all has been drawn."""
        self._waiting.clear()

    @Slot()
    def _on_turn(self) -> None:
        while self._waiting:
            if self._draw(self._waiting.pop(0)):
                self._timer.start(self._interval)
                return
