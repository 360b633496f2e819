"""Steps that look at points, several runs, Adam against PyTorch, and what rows cost in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

import numpy as np

from engine.descent import lockstep
from engine.descent.descent import MOST_ITERATIONS, Descent
from engine.experiment import (
    Adagrad,
    Adam,
    Adamw,
    Batch,
    Experiment,
    Gd,
    LogLoss,
    Model,
    Momentum,
    Nesterov,
    Newton,
    PointsData,
    Rmsprop,
    Run,
    Stop,
    SyntheticData,
    kind_of,
)
from engine.problem.problem import Problem
from engine.problem.sources import problem_of, start_of
from tests.benchmarks.timing import interleaved, line, seconds

STEPS = 5000
RUNS = 8


def line_experiment(n: int, runs: tuple[Run, ...], steps: int = STEPS) -> Experiment:
    """A made-up line of n points."""
    return Experiment(data=SyntheticData(n=n), runs=runs, stop=Stop(iterations=steps))


def all_rows(problem: Problem, experiment: Experiment) -> Callable[[], object]:
    """Every run of an experiment to its end."""
    starts = [start_of(experiment, run, problem) for run in experiment.runs]

    def run() -> None:
        descents = [Descent(problem, experiment, i, start) for i, start in enumerate(starts)]
        lockstep.advance(descents, MOST_ITERATIONS)

    return run


def several_report() -> list[str]:
    """Eight runs of a kind beside each other against one of them alone; and of two kinds."""
    lines, four = [], {}
    for make in (Gd, Momentum, Nesterov, Adagrad, Rmsprop, Adam, Adamw, Newton):
        runs = tuple(Run(name=f"{i}", optimizer=make(lr=0.01 * (i + 1))) for i in range(RUNS))
        many, one = line_experiment(100, runs), line_experiment(100, runs[:1])
        problem = problem_of(many)
        eight, alone = interleaved(all_rows(problem, many), all_rows(problem, one), 5)
        lines.append(_together_line(f"{RUNS} runs of {kind_of(runs[0].optimizer)}", eight, alone))
        four[make] = runs[: RUNS // 2]
    mixed = line_experiment(100, four[Gd] + four[Adam])
    problem = problem_of(mixed)
    kinds = [all_rows(problem, line_experiment(100, four[make])) for make in (Gd, Adam)]
    both, apart = interleaved(
        all_rows(problem, mixed), lambda: [every_row() for every_row in kinds], 5
    )
    what = f"{RUNS // 2} of gd and {RUNS // 2} of adam"
    lines.append(_together_line(what, both, apart, "apart", "≈ 1×"))
    return lines


def _together_line(
    what: str, together: float, other: float, called: str = "one run", goal: str = "≤ 2×"
) -> str:
    together, other = together / STEPS * 1e6, other / STEPS * 1e6
    figures = (f"{together:.2f} µs", f"{called} {other:.2f} µs", f"{together / other:.1f}×")
    return line(f"{what}, a row of each", *figures, goal)


def stochastic_report() -> list[str]:
    """A stochastic step at a thousand and at a million points."""
    times = {}
    for n in (1_000, 1_000_000):
        runs = (Run(name="SGD", optimizer=Gd(lr=0.01), batch=Batch(size=1)),)
        experiment = line_experiment(n, runs)
        problem = problem_of(experiment)
        descent = Descent(problem, experiment, 0, start_of(experiment, runs[0], problem))
        descent.advance(1)  # the first epoch is shuffled once
        times[n] = seconds(partial(descent.advance, STEPS - 1), 1) / STEPS * 1e6
    few, many = times.values()
    return [
        line(
            "stochastic step, n = 1,000,000",
            f"{many:.2f} µs",
            f"n = 1,000: {few:.2f} µs",
            f"{many / few:.2f}×",
            "≈ 1×",
        )
    ]


def general_report() -> list[str]:
    """A full-batch step of a logistic model against the expressions that it must evaluate."""
    lines = []
    for n, steps in ((100, 500), (100_000, 50)):
        rng = np.random.default_rng(0)
        x = rng.normal(size=n)
        y = (rng.random(n) < 0.5).astype(float)
        experiment = Experiment(
            data=PointsData(x.tolist(), y.tolist()),
            model=Model("logistic"),
            loss=LogLoss(),
            runs=(Run(name="GD", optimizer=Gd(lr=0.01)),),
            stop=Stop(iterations=steps),
        )
        problem = problem_of(experiment)

        def literal(x: np.ndarray = x, y: np.ndarray = y, steps: int = steps) -> None:
            b, w = 0.0, 0.0
            for _ in range(steps):
                z = b + w * x
                small = np.exp(-np.abs(z))
                (np.maximum(z, 0) - y * z + np.log1p(small)).mean()
                slope = np.where(z >= 0, 1.0, small) / (1 + small) - y
                b, w = b - 0.01 * slope.mean(), w - 0.01 * (slope * x).mean()

        own, other = interleaved(all_rows(problem, experiment), literal, 5)
        own, other = own / steps * 1e6, other / steps * 1e6
        lines.append(
            line(
                f"logistic step with its row, n = {n:,}",
                f"{own:.1f} µs",
                f"NumPy expressions {other:.1f} µs",
                f"{own / other:.2f}×",
                "≤ 2×",
            )
        )
    return lines


def torch_report() -> list[str]:
    """Adam against a PyTorch loop, where torch is installed."""
    if find_spec("torch") is None:
        return ["Adam against PyTorch: torch is not installed here"]
    import torch  # type: ignore[import-not-found]  # no dependency: measured where it is

    experiment = line_experiment(100, (Run(name="Adam", optimizer=Adam(lr=0.01)),))
    problem = problem_of(experiment)
    x = torch.tensor(problem.x_train[:, 0])
    y = torch.tensor(problem.dataset.train.y)

    def loop() -> None:
        b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.Adam([b, w], lr=0.01)
        for _ in range(STEPS):
            optimizer.zero_grad()
            ((b + w * x - y) ** 2).mean().backward()
            optimizer.step()

    own, other = interleaved(all_rows(problem, experiment), loop, 3)
    own, other = own / STEPS * 1e6, other / STEPS * 1e6
    ratio = f"{other / own:.0f}×"
    return [line("Adam step, n = 100", f"{own:.2f} µs", f"PyTorch {other:.0f} µs", ratio, "≥ 15×")]


def memory_report() -> list[str]:
    """What a million rows of one run take."""
    experiment = line_experiment(100, (Run(name="GD", optimizer=Gd(lr=1e-6)),), 1_000_000)
    problem = problem_of(experiment)
    tracemalloc.start()
    descent = Descent(problem, experiment, 0, start_of(experiment, experiment.runs[0], problem))
    while descent.ending is None:
        descent.advance(100_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return [line("a million rows of one run", f"{kept / 1e6:.0f} MB", "", "", "≤ 120 MB")]


def report() -> list[str]:
    """Lines of the report."""
    return [
        *several_report(),
        *stochastic_report(),
        *general_report(),
        *torch_report(),
        *memory_report(),
    ]
