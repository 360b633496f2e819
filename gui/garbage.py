"""Python's search for unreachable cycles, kept in the window's thread.

Left to itself, Python searches in whatever thread happens to allocate, the worker's and the
analyst's too, and destroys there what it finds. Widgets, items and timers must be destroyed in the
thread that they live in: elsewhere they take the process with them. So Python does not search by
itself while there is a window; a timer of the window's thread has it search.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500

PATIENCE = 10
"""How many times later than usual everything is searched while a run is playing: it takes up to
10 ms, and the youngest objects, which are searched all the same, are nearly all of the garbage."""


def collect_what_is_due(patience: int = 1) -> int | None:
    """Search the youngest objects, and older ones with them, if Python would have by now.

    Parameters
    ----------
    patience
        How many times later than usual it is time for the oldest ones.

    Returns
    -------
    int | None
        The oldest generation that was searched; None for none.
    """
    young, middle, old = gc.get_count()
    most_young, most_middle, most_old = gc.get_threshold()
    if young <= most_young:
        return None
    is_old_due = old > patience * most_old
    generation = 0 if middle <= most_middle else 1 + is_old_due
    gc.collect(generation)
    return generation


class GarbageCollector(QObject):
    """Searches for garbage in the thread it lives in, and from now on nothing else does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._patience = 1
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    @Slot(bool)
    def spare_time(self, is_playing: bool) -> None:
        """Leave the oldest objects alone for longer while a run is playing."""
        self._patience = PATIENCE if is_playing else 1

    @Slot()
    def _collect(self) -> None:
        collect_what_is_due(self._patience)
