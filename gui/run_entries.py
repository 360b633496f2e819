"""What the list of runs says of each: what it is called, does and came to, in lines that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.experiment import kind_of
from engine.files.experiments import RUN_NAMES
from engine.live.snapshot import RunView, Snapshot
from gui.text import losses_apart, number, translate, translate_message, whole_number

FEWEST_DIGITS, DIGITS_OF_ALL, MOST_DIGITS = 3, 4, 17
"""Digits of a start in the list and in full, and with which no two numbers are alike."""

BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list says of a run.

    Parameters
    ----------
    parts
        What the run does, briefly: the method, unless that is its name, the loss where runs differ
        in it, the rate, the batch and, where runs differ in it, the start.
    full
        The same in full, and why it diverged.
    diverged_at
        The row at which it diverged; None where it has not.
    """

    name: str
    parts: tuple[str, ...]
    full: str
    diverged_at: int | None = None


def entries_of(snapshot: Snapshot) -> tuple[Entry, ...]:
    """What the list says of the runs of a snapshot, in their order."""
    names = snapshot.problem.names
    starts = tuple(tuple(run.rows.params[:, 0].tolist()) for run in snapshot.runs)
    briefly = _apart(starts, FEWEST_DIGITS) if len(set(starts)) > 1 else ((),) * len(starts)
    fully = _apart(starts, DIGITS_OF_ALL)
    lines = zip(snapshot.runs, losses_apart(snapshot), briefly, fully, strict=True)
    return tuple(_entry(run, names, loss, brief, full) for run, loss, brief, full in lines)


def wrapped(
    parts: Sequence[str], width_of: Callable[[str], float], width: float
) -> tuple[str, ...]:
    """The parts in as few lines of a width as they need; a part that is too long breaks at spaces.

    A piece without spaces that is longer than a line has one for itself.
    """
    lines: list[str] = []
    for part in parts:
        pieces = [part] if width_of(part) <= width else part.split(" ")
        between = BETWEEN
        for piece in pieces:
            if lines and width_of(lines[-1] + between + piece) <= width:
                lines[-1] += between + piece
            else:
                lines.append(piece)
            between = " "
    return tuple(lines)


@lru_cache(maxsize=4)  # it is asked for in every frame
def _apart(starts: tuple[tuple[float, ...], ...], digits: int) -> tuple[tuple[str, ...], ...]:
    """Starts in numbers, with as many digits more than these as tell all of them apart."""
    for more in range(digits, MOST_DIGITS + 1):
        texts = tuple(tuple(number(value, more) for value in start) for start in starts)
        if len(set(texts)) == len(set(starts)):
            break
    return texts


def _entry(
    run: RunView, names: tuple[str, ...], loss: str, brief: tuple[str, ...], full: tuple[str, ...]
) -> Entry:
    kind, size = RUN_NAMES[kind_of(run.settings.optimizer)], run.settings.batch.size
    batch = translate("RunsPanel", "all points") if size is None else f"m = {whole_number(size)}"
    parts = (kind, *([loss] if loss else []), f"η = {number(run.learning_rate)}", batch)
    shown = parts[run.name == kind : -1 if size is None else None]  # for want of room
    start = (f"({', '.join(brief)})",) if brief else ()
    values = ", ".join(f"{name} = {value}" for name, value in zip(names, full, strict=True))
    began = translate("RunsPanel", "start {values}").format(values=values)
    text = f"{BETWEEN.join(parts)}\n{began}"
    if run.reason != "diverged" or run.ended is None:
        return Entry(run.name, (*shown, *start), text)
    text = f"{text}\n{translate_message(run.ended)}"
    return Entry(run.name, (*shown, *start), text, run.head)
