"""How late the window's own timer comes while a run plays at full speed."""

from __future__ import annotations

import sys
from time import perf_counter, thread_time
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from engine.files.experiments import experiment_from
from gui.app import SWITCH_INTERVAL_S
from gui.main_window import MainWindow
from gui.settings import Settings
from tests.benchmarks.naive import against_naive, naive_frame_ms
from tests.benchmarks.timing import line

INTERVAL_MS = 10
SECONDS = 5.0
RUNS = 8
SLOW_RATE, NOISY_RATE = 1e-6, 0.05


class Heartbeat(QObject):
    """A precise timer that notes how much later than its interval it came."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._due = 0.0
        self._timer = QTimer(
            self, interval=INTERVAL_MS, singleShot=True, timerType=Qt.TimerType.PreciseTimer
        )
        self._timer.timeout.connect(self._beat)

    @Slot()
    def start(self) -> None:
        """Begin to listen."""
        self._due = perf_counter() + INTERVAL_MS / 1000
        self._timer.start()

    @Slot()
    def _beat(self) -> None:
        self.late_ms.append((perf_counter() - self._due) * 1000)
        self.start()


def report() -> list[str]:
    """Lines of the report: the three plots and the numbers, then with all that follows a step.

    On the full batch at so low a rate that the picture never comes to rest.
    """
    follow = ("sections", "steps")
    slow: dict[str, Any] = {"optimizer": {"lr": SLOW_RATE}}
    batches: dict[str, Any] = {"optimizer": {"lr": NOISY_RATE}, "batch": {"size": 4}}
    eight = [{"optimizer": {"lr": SLOW_RATE * (1 + number)}} for number in range(RUNS)]
    eight_on_batches = [run | {"batch": {"size": 4}} for run in eight]
    return [
        *_report("three plots and numbers", (), [slow], 15),
        *_report("the same, on batches of 4", (), [batches], 15),
        *_report("with cross-sections and this step", follow, [slow], 20),
        *_report("the same, on batches of 4", follow, [batches], 20),
        *_report(f"three plots, {RUNS} runs", (), eight, 20),
        *_report(f"three plots, {RUNS} runs on batches of 4", (), eight_on_batches, 20),
    ]


def _report(what: str, panels: tuple[str, ...], runs: list[dict[str, Any]], goal: int) -> list[str]:
    """An idle window first, then one at full speed, with further panels opened."""
    app = QApplication.instance() or QApplication([])
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    window = MainWindow(Settings(), remember=False)
    window.resize(1440, 900)
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "tutorial", "name": "tutorial-2"},
            "runs": runs,
            "stop": {"iterations": 10_000_000},
        }
    )
    window.session.open(experiment)
    window.session.set_speed(None)
    window.show()
    for key in panels:
        window.workspace.show_panel(key)
    while window.session.snapshot is None:
        app.processEvents()
    idle = _lateness()
    window.session.play()
    frames, begun = window.surface.frames_drawn, perf_counter()
    rows = window.session.snapshot.head
    busy = _lateness()
    passed = perf_counter() - begun
    frame_rate = (window.surface.frames_drawn - frames) / passed
    row_rate = (window.session.snapshot.head - rows) / passed
    work = _work_ms(window)
    window.session.close()
    window.deleteLater()
    return [
        line(
            f"{INTERVAL_MS} ms timer late at p99, {what}",
            f"{busy:.1f} ms",
            f"idle window {idle:.1f} ms",
            "",
            f"≤ {goal} ms",
        ),
        against_naive("  the window's own work on a frame, median", work, naive_frame_ms(), 10),
        line(
            "  frames and rows meanwhile", f"{frame_rate:.0f} /s", f"{row_rate:,.0f} rows/s", "", ""
        ),
    ]


def _work_ms(window: MainWindow) -> float:
    """What this thread works from the beginning of a frame to that of the next; median in ms."""
    worked: list[float] = []
    window.session.snapshot_ready.connect(lambda _: worked.append(thread_time()))
    loop = QEventLoop()
    QTimer.singleShot(int(SECONDS * 1000), loop.quit)
    loop.exec()
    return 1000 * float(np.median(np.diff(worked)))


def _lateness() -> float:
    """Lateness at p99 in ms, over :data:`SECONDS` of the real event loop."""
    heartbeat, loop = Heartbeat(), QEventLoop()
    QTimer.singleShot(int(SECONDS * 1000), loop.quit)
    heartbeat.start()
    loop.exec()
    return float(np.percentile(heartbeat.late_ms, 99))
