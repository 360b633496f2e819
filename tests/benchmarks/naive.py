"""What a frame of three plots takes as anybody would first write it: the unit of the budgets.

The design measured 42 ms for it on the machine on which its budgets of 5, 10 and 20 ms were met.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from tests.benchmarks.timing import line

DESIGN_MS = 42.0
ROWS, FRAMES, POINTS, RESIDUALS = 1000, 60, 1000, 300


def against_naive(what: str, milliseconds: float, naive: float, budget: float) -> str:
    """A row of the report: a frame against a naive one, and what the budgets make of that."""
    share = f"{milliseconds / naive:.2f}×"
    figures = (f"{milliseconds:.1f} ms", f"naive {naive:.0f} ms", share)
    return line(what, *figures, f"≤ {budget:.0f} of {DESIGN_MS:.0f} ms, {budget / DESIGN_MS:.2f}×")


def naive_frame_ms() -> float:
    """Median milliseconds of a frame with 1,000 rows, by ``setData`` and automatic ranges."""
    app = QApplication.instance() or QApplication([])
    window, plots = QWidget(), [pg.PlotWidget() for _ in range(3)]
    layout = QGridLayout(window)
    window.resize(1200, 800)
    for plot, place in zip(plots, ((0, 0), (0, 1), (1, 0)), strict=True):
        layout.addWidget(plot, *place)
        plot.setAntialiasing(True)
        plot.showGrid(x=True, y=True)
    rng = np.random.default_rng(0)
    x = rng.random(POINTS)
    y = 1 + 2 * x + 0.1 * rng.standard_normal(POINTS)
    plots[0].plot(x, y, pen=None, symbol="o", symbolSize=5)
    fit, residuals = plots[0].plot(pen="r"), plots[0].plot(pen="y")
    path, loss = plots[1].plot(pen="r"), plots[2].plot(pen="r")
    walk = np.cumsum(rng.standard_normal((2, ROWS + FRAMES)), axis=1)
    losses = np.abs(walk).sum(axis=0) + 1
    window.show()
    app.processEvents()
    times = []
    for frame in range(FRAMES):
        rows, slope = ROWS + frame, 2 + np.sin(frame)
        ends = np.column_stack((y, 1 + slope * x))[:RESIDUALS].ravel()
        began = perf_counter()
        fit.setData([0, 1], [1, 1 + slope])
        residuals.setData(np.repeat(x[:RESIDUALS], 2), ends, connect="pairs")
        path.setData(*walk[:, :rows])
        loss.setData(np.arange(rows), losses[:rows])
        app.processEvents()
        times.append(1000 * (perf_counter() - began))
    window.close()
    window.deleteLater()
    app.processEvents()
    return median(times)
