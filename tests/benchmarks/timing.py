"""Medians of several, and a line that puts a figure beside its reference."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter


def seconds(work: Callable[[], object], repeats: int = 7) -> float:
    """Median duration of ``work`` in seconds."""
    times = []
    for _ in range(repeats):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return median(times)


def interleaved(
    ours: Callable[[], object], theirs: Callable[[], object], repeats: int = 7
) -> tuple[float, float]:
    """Medians of two works in turns, so that a busy machine slows both."""
    own, other = [], []
    for _ in range(repeats):
        own.append(seconds(ours, 1))
        other.append(seconds(theirs, 1))
    return median(own), median(other)


def line(what: str, ours: str, reference: str, ratio: str, goal: str) -> str:
    """One row of the report."""
    return f"{what:<44} {ours:>12}   {reference:>24}   {ratio:>9}   {goal}"
