"""How long a frame of the three plots takes while rows are appended at full speed.

Run as ``python -m tests.benchmarks.frames``; ``measure`` is what other programs call.
"""

from __future__ import annotations

import os
from dataclasses import replace
from statistics import median
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from engine.descent.history import Rows
from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from gui.style import LIGHT, apply_theme
from gui.views.fit import FitView
from gui.views.loss import LossView
from gui.views.plot import PlotView
from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, first, many_points, snapshot

POINTS = 1000
ROWS_PER_FRAME = 5000
FRAMES = 60
SIZE = (1200, 800)
RUNS = 8
SMOOTH_RATE, NOISY_RATE, NOISE = 1e-5, 0.1, 1.0
"""So low a rate that the last of a million rows still moves: what stands still costs nothing."""


def measure(rows: tuple[int, ...] = (1_000, 100_000)) -> dict[str, float]:
    """Median milliseconds of a frame, by the kind of path and the rows there were before it."""
    app = QApplication.instance()
    app = app if isinstance(app, QApplication) else QApplication([])
    apply_theme(app, LIGHT)
    problem, start = many_points(POINTS)
    total = max(rows) + FRAMES * ROWS_PER_FRAME
    paths = {
        "smooth": descend(problem, start, SMOOTH_RATE, total),
        "noisy": descend(problem, start, NOISY_RATE, total, NOISE),
    }
    return {
        f"{name}, {count} rows": median(_frames(app, problem, [path], count))
        for name, path in paths.items()
        for count in rows
    }


def measure_side_by_side(count: int = 1_000) -> dict[str, float]:
    """Median milliseconds of a frame of several runs with all their rows, by the kind of path."""
    app = QApplication.instance()
    app = app if isinstance(app, QApplication) else QApplication([])
    apply_theme(app, LIGHT)
    problem, start = many_points(POINTS)
    total = count + FRAMES * ROWS_PER_FRAME // RUNS
    kinds = {"smooth": (SMOOTH_RATE, 0.0), "noisy": (NOISY_RATE, NOISE)}
    factors = [1 + number / RUNS for number in range(RUNS)]
    return {
        f"{name}, {RUNS} runs": median(
            _frames(
                app,
                problem,
                [descend(problem, start, rate * factor, total, noise) for factor in factors],
                count,
            )
        )
        for name, (rate, noise) in kinds.items()
    }


def _frames(app: QApplication, problem: Problem, paths: list[Rows], count: int) -> list[float]:
    """Milliseconds of each frame, from the snapshot to the painted window."""
    window, views = _window()
    per_frame = ROWS_PER_FRAME // len(paths)
    for view in views:
        view.draw(_side_by_side(problem, paths, count))
    for _ in range(5):
        app.processEvents()
    times = []
    for frame in range(1, FRAMES + 1):
        now = _side_by_side(problem, paths, count + frame * per_frame)
        began = perf_counter()
        for view in views:
            view.draw(now)
        app.processEvents()
        times.append(1000 * (perf_counter() - began))
    window.close()
    window.deleteLater()
    app.processEvents()
    return times


def _side_by_side(problem: Problem, paths: list[Rows], count: int) -> Snapshot:
    """The first rows of runs, while they play."""
    alone = snapshot(problem, first(paths[0], count), playing=True)
    runs = tuple(
        replace(alone.run, name=f"run {number}", rows=first(path, count), generation=number)
        for number, path in enumerate(paths)
    )
    return replace(alone, runs=runs)


def _window() -> tuple[QWidget, list[PlotView]]:
    window = QWidget()
    views: list[PlotView] = [FitView(), SurfaceView(), LossView()]
    layout = QGridLayout(window)
    for view, place in zip(views, ((0, 0), (0, 1), (1, 0)), strict=True):
        layout.addWidget(view, *place)
    window.resize(*SIZE)
    window.show()
    return window, views


if __name__ == "__main__":
    for name, milliseconds in measure((1_000, 100_000, 1_000_000)).items():
        print(f"{name}: {milliseconds:.2f} ms")
    for name, milliseconds in measure_side_by_side().items():
        print(f"{name}: {milliseconds:.2f} ms")
