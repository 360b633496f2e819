"""A gd step with its row, against the NumPy loop that the tutorials write."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.descent.descent import Descent
from engine.experiment import Experiment, Gd, Run, Stop, SyntheticData
from engine.problem.sources import problem_of, start_of
from engine.types import Vector
from tests.benchmarks.timing import interleaved, line


def tutorial_loop(x: Vector, y: Vector, steps: int) -> Callable[[], object]:
    """Predict, loss, gradients, update, as tutorial 2 writes them, recording the loss."""

    def run() -> list[float]:
        b, w, rate, losses = 0.5, -0.1, 0.1, []
        for _ in range(steps):
            error = b + w * x - y
            losses.append((error**2).mean())
            b, w = b - rate * 2 * error.mean(), w - rate * 2 * (x * error).mean()
        return losses

    return run


def own_steps(n: int, steps: int) -> tuple[Callable[[], object], Vector, Vector]:
    """The engine on made-up points, and these points."""
    experiment = Experiment(
        data=SyntheticData(n=n),
        runs=(Run(name="GD", optimizer=Gd(lr=0.1)),),
        stop=Stop(iterations=steps),
    )
    problem = problem_of(experiment)
    start = start_of(experiment, experiment.runs[0], problem)
    return (
        lambda: Descent(problem, experiment, 0, start).advance(steps),
        problem.x_train[:, 0],
        problem.dataset.train.y,
    )


def report() -> list[str]:
    """Lines of the report."""
    lines = []
    for n, steps, loop_steps, goal in ((100, 5000, 500, 3), (1_000_000, 5000, 3, 300)):
        ours, x, y = own_steps(n, steps)
        own, loop = interleaved(ours, tutorial_loop(x, y, loop_steps))
        own, loop = own / steps * 1e6, loop / loop_steps * 1e6
        lines.append(
            line(
                f"gd step with its row, n = {n:,}",
                f"{own:.2f} µs",
                f"NumPy loop {loop:,.1f} µs",
                f"{loop / own:,.1f}×",
                f"≥ {goal}×",
            )
        )
    return lines


def surface_report() -> list[str]:
    """The 101×101 surface against ``np.apply_along_axis`` over the grid, n = 80."""
    from engine.files.experiments import preset
    from engine.problem.surface import heights

    problem = problem_of(preset("tutorial-2"))
    x, y = problem.x_train[:, 0], problem.dataset.train.y
    b, w = np.linspace(-2, 4, 101), np.linspace(-1, 5, 101)
    grid = np.stack(np.meshgrid(b, w), axis=-1)
    params = problem.optimum.params
    assert params is not None

    def theirs() -> Vector:
        return np.apply_along_axis(lambda p: ((p[0] + p[1] * x - y) ** 2).mean(), 2, grid)

    own, other = interleaved(lambda: heights(problem.train, params, (0, 1), b, w), theirs, 5)
    return [
        line(
            "101×101 surface, n = 80",
            f"{own * 1e3:.3f} ms",
            f"apply_along_axis {other * 1e3:.1f} ms",
            f"{other / own:,.0f}×",
            "≥ 40×",
        )
    ]
