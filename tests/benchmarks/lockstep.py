"""How fast several runs go on side by side at full speed, in an open window."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from engine.files.experiments import experiment_from
from gui.main_window import MainWindow
from gui.settings import Settings
from tests.benchmarks.timing import line

RUNS = 8
SECONDS = 4.0


def report() -> list[str]:
    """Lines of the report: updates of all runs together, computed and drawn."""
    app = QApplication.instance() or QApplication([])
    window = MainWindow(Settings(), remember=False)
    window.resize(1440, 900)
    rates = [0.1 * (1 + number) for number in range(RUNS)]  # the last one is just unstable
    experiment = experiment_from(
        {
            "format": 1,
            "data": {"source": "tutorial", "name": "tutorial-2"},
            "runs": [{"optimizer": {"lr": rate}} for rate in rates],
            "stop": {"iterations": 10_000_000},
        }
    )
    window.session.open(experiment)
    window.show()
    while window.session.snapshot is None:
        app.processEvents()
    window.session.run_to_end()
    begun, frames = perf_counter(), window.surface.frames_drawn
    loop = QEventLoop()
    QTimer.singleShot(int(SECONDS * 1000), loop.quit)
    loop.exec()
    passed = perf_counter() - begun
    steps = sum(run.head for run in window.session.snapshot.runs)
    frame_rate = (window.surface.frames_drawn - frames) / passed
    window.session.close()
    window.deleteLater()
    return [
        line(
            f"{RUNS} runs side by side, updates of all",
            f"{steps / passed:,.0f} /s",
            f"{frame_rate:.0f} frames/s",
            "",
            "≥ 25,000 /s",
        )
    ]
