"""From start to first paint, against a bare script with four empty plots."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks.timing import line

BARE = """
import time
begun = time.perf_counter()
import PySide6.QtWidgets as widgets, pyqtgraph as pg, numpy
app = widgets.QApplication([])
window = widgets.QWidget()
layout = widgets.QGridLayout(window)
for k in range(4):
    layout.addWidget(pg.PlotWidget(), k // 2, k % 2)
window.resize(1440, 900)
window.show()
window.grab()
app.processEvents()
print(time.perf_counter() - begun)
"""

OURS = """
import time
begun = time.perf_counter()
from engine.files.experiments import preset
from gui.app import create_application
from gui.main_window import MainWindow
from gui.settings import Settings
app = create_application()
window = MainWindow(Settings(), remember=False)
window.resize(1440, 900)
ready = []
window.session.snapshot_ready.connect(ready.append)
window.session.open(preset("tutorial-2"))
window.show()
while not ready:
    app.processEvents()
window.grab()
app.processEvents()
print(time.perf_counter() - begun)
window.session.close()
"""


def _once(script: str) -> float:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    return float(done.stdout)


def report(repeats: int = 7) -> list[str]:
    """Lines of the report; the first of each, with cold caches, does not count."""
    pairs = [(_once(OURS), _once(BARE)) for _ in range(repeats + 1)][1:]
    own, bare = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return [
        line(
            "start to first paint, data and plots shown",
            f"{own * 1e3:.0f} ms",
            f"bare script {bare * 1e3:.0f} ms",
            f"{own / bare:.2f}×",
            "≤ 1.4×",
        )
    ]
