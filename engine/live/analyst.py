"""Answers questions that take longer than a frame, in a thread of its own."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from engine.messages import InputError

Cancelled = Callable[[], bool]
"""Whether nobody waits for the answer any more."""

CLOSE_TIMEOUT_MS = 15_000


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Something to be computed from frozen inputs by functions of the engine.

    Parameters
    ----------
    kind
        Of each kind only the newest question is answered.
    token
        Handed back with the answer, so that who asked knows what it belongs to.
    answers
        Yields answers, the rough one first; stops early where it is cancelled.
    """

    kind: str
    token: Any
    answers: Callable[[Cancelled], Iterator[Any]]


class _Thinker(QObject):
    """Lives in the analyst's thread and is reached only by queued signals."""

    answered = Signal(str, object, object)
    done = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.newest: dict[str, int] = {}  # written by the window's thread, only ever read here

    @Slot(object, int)
    def think(self, question: Question, serial: int) -> None:
        """Answer a question, unless a newer one of its kind was asked."""

        def cancelled() -> bool:
            return self.newest.get(question.kind) != serial

        try:
            if not cancelled():
                for answer in question.answers(cancelled):
                    if cancelled():
                        return
                    self.answered.emit(question.kind, question.token, answer)
        except InputError:
            pass  # asked in the moment between two experiments; the next question is on its way
        except Exception:
            traceback.print_exc()  # a picture that stays rough is no reason to stop
        finally:
            self.done.emit(serial)


class Analyst(QObject):
    """Owns the thread for questions. Lives in the window's thread; answers arrive there."""

    answered = Signal(str, object, object)
    _asked = Signal(object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._serial = 0
        self._thread: QThread | None = None
        self._thinker: _Thinker | None = None
        self._done = 0

    @property
    def is_thinking(self) -> bool:
        """Whether an answer is still to come."""
        return self._done < self._serial

    @Slot(int)
    def _on_done(self, serial: int) -> None:
        self._done = serial

    @Slot(object)
    def ask(self, question: Question) -> None:
        """Ask; an earlier question of the same kind is forgotten."""
        self._serial += 1
        thinker = self._begun()
        thinker.newest[question.kind] = self._serial
        self._asked.emit(question, self._serial)

    def _begun(self) -> _Thinker:
        """The thread begins with the first question: most windows never ask one."""
        if self._thinker is None:
            self._thinker, self._thread = _Thinker(), QThread()
            self._thread.setObjectName("analyst")
            self._thinker.moveToThread(self._thread)
            self._asked.connect(self._thinker.think)
            self._thinker.answered.connect(self.answered)
            self._thinker.done.connect(self._on_done)
            self._thread.start()
        return self._thinker

    def close(self) -> None:
        """Stop the thread; may be called any number of times."""
        if self._thread is None or self._thinker is None:
            return
        self._thinker.newest.clear()
        self._thinker.answered.disconnect(self.answered)
        self._thinker.done.disconnect(self._on_done)
        self._thread.quit()
        if not self._thread.wait(CLOSE_TIMEOUT_MS):
            raise RuntimeError("the analyst's thread did not stop")
        self._thread = self._thinker = None
