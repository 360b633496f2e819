"""From start to first paint, against a bare script with four empty plots."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.timing import line

BARE = """
import os, time
begun = float(os.environ["BEGUN"])
import PySide6.QtWidgets as widgets, pyqtgraph as pg, numpy
app = widgets.QApplication([])
window = widgets.QWidget()
layout = widgets.QGridLayout(window)
for k in range(4):
    layout.addWidget(pg.PlotWidget(), k // 2, k % 2)
window.resize(1440, 900)
window.show()
window.grab()
print(time.time() - begun)
print(0)
"""

OURS = """
import gc, os, time
begun = float(os.environ["BEGUN"])
gc.disable()  # as main.py does
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
window.grab()
print(time.time() - begun)
while not ready:
    app.processEvents()
window.grab()
print(time.time() - begun)
window.session.close()
"""


def _once(script: str) -> list[float]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(Path.cwd()),
        "BEGUN": repr(time.time()),  # the interpreter's own start counts, for both
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True
    )
    return [float(text) for text in done.stdout.split()]


def report(repeats: int = 7) -> list[str]:
    """Lines of the report; the first of each, with cold caches, does not count."""
    pairs = [(_once(OURS), _once(BARE)) for _ in range(repeats + 1)][1:]
    first = median(ours[0] for ours, _ in pairs)
    shown = median(ours[1] for ours, _ in pairs)
    bare = median(theirs[0] for _, theirs in pairs)
    reference = f"bare script {bare * 1e3:.0f} ms"
    return [
        line(
            "start to first paint",
            f"{first * 1e3:.0f} ms",
            reference,
            f"{first / bare:.2f}×",
            "≤ 1.4×",
        ),
        line("  with the data drawn", f"{shown * 1e3:.0f} ms", "", f"{shown / bare:.2f}×", ""),
    ]
