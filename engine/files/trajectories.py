"""What a run leaves behind: its history as CSV, and a summary of where it ended."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.descent.descent import Descent
from engine.descent.history import Rows
from engine.files.writing import write_atomically
from engine.messages import Message
from engine.problem.evaluation import Fit, evaluate
from engine.problem.problem import Problem
from engine.types import Vector

ROWS_AT_A_TIME = 65_536


def write_history(path: str | Path, descents: Sequence[Descent], with_run: bool) -> None:
    """Write the recorded rows as CSV, numbers in full precision, atomically.

    Parameters
    ----------
    with_run
        Whether a first column names the run.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    write_atomically(Path(path), _history_lines(descents, with_run))


def _history_lines(descents: Sequence[Descent], with_run: bool) -> Iterator[str]:
    names = descents[0].problem.names
    header = ["iteration", "learning_rate", "loss", "train_loss", "validation_loss", *names]
    header += [f"grad_{name}" for name in names]
    yield ",".join(["run", *header] if with_run else header) + "\n"
    for descent in descents:
        prefix = _quoted(descent.name) + "," if with_run else ""
        for first in range(0, descent.head + 1, ROWS_AT_A_TIME):
            yield _history_block(descent, first, prefix)


def _history_block(descent: Descent, first: int, prefix: str) -> str:
    last = min(first + ROWS_AT_A_TIME, descent.head + 1)
    rows = descent.history.rows(first, last)
    rates = descent.learning_rates(last)[first:]
    train_loss, validation_loss = rows.train_loss, rows.validation_loss
    if last == descent.head + 1:
        train_loss, validation_loss = _with_last(descent.problem, rows)
    columns = [rates, rows.loss, train_loss, validation_loss, *rows.params, *rows.gradient]
    texts = [[_text(value) for value in column.tolist()] for column in columns]
    numbered = zip(range(first, last), zip(*texts, strict=True), strict=True)
    return "".join(f"{prefix}{k},{','.join(values)}\n" for k, values in numbered)


def _with_last(problem: Problem, rows: Rows) -> tuple[Vector, Vector]:
    """Training and validation loss of rows, also at the last one.

    A run on batches of many points leaves them out where no epoch begins; where it ended is what
    a reader looks at first.
    """
    if not math.isnan(rows.train_loss[-1]):
        return rows.train_loss, rows.validation_loss
    train_loss, validation_loss = rows.train_loss.copy(), rows.validation_loss.copy()
    params = rows.params[:, -1].tolist()
    with np.errstate(over="ignore", invalid="ignore"):
        train_loss[-1] = problem.train.loss(params)
        if problem.validation is not None:
            validation_loss[-1] = problem.validation.loss(params)
    return train_loss, validation_loss


def _text(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def _quoted(name: str) -> str:
    if any(mark in name for mark in ',"\n\r'):
        return '"' + name.replace('"', '""') + '"'
    return name


def summary(descents: Sequence[Descent]) -> dict[str, Any]:
    """Where each run ended and how the loss is curved, ready for JSON (``docs/headless.md``).

    The curvature is that of the first run's loss.
    """
    curvature = descents[0].problem.curvature
    eigenvalues = None if curvature is None else curvature.eigenvalues.tolist()
    return {
        "runs": [_run_summary(descent) for descent in descents],
        "curvature": {
            "eigenvalues": eigenvalues,
            "condition_number": None if curvature is None else _finite(curvature.condition_number),
            "stability_limit": descents[0].limit(descents[0].head),
            "best_rate": None if curvature is None else curvature.best_rate,
        },
    }


def _run_summary(descent: Descent) -> dict[str, Any]:
    problem, params = descent.problem, descent.history.rows(descent.head).params[:, 0]
    result = evaluate(problem, params)
    return {
        "name": descent.name,
        "stop": None if descent.ending is None else _stop(descent),
        "parameters": _named(problem, params),
        "own_units": _named(problem, problem.scaler.to_own_units(params)),
        "train": _fit(result.train),
        "validation": None if result.validation is None else _fit(result.validation),
        "optimum": _optimum(problem),
        "distance_to_optimum": _finite(result.distance_to_optimum),
        "truth": None if problem.truth is None else _named(problem, problem.truth),
    }


def _stop(descent: Descent) -> dict[str, Any]:
    assert descent.ending is not None
    return {"reason": descent.ending.reason, "iteration": descent.ending.iteration}


def _optimum(problem: Problem) -> dict[str, Any] | None:
    optimum = problem.optimum
    if optimum.params is None:
        return None
    return {
        "parameters": _named(problem, optimum.params),
        "own_units": _named(problem, problem.scaler.to_own_units(optimum.params)),
        "loss": _finite(optimum.loss),
        "certainty": optimum.certainty.value,
    }


def _named(problem: Problem, params: Vector) -> dict[str, float | None]:
    return dict(zip(problem.names, map(_finite, params.tolist()), strict=True))


def _fit(fit: Fit) -> dict[str, float | None]:
    values = {"loss": _finite(fit.loss), "r2": _finite(fit.r2), "rmse": _finite(fit.rmse)}
    return values if fit.accuracy is None else values | {"accuracy": fit.accuracy}


def _finite(value: float | None) -> float | None:
    """JSON has neither infinity nor NaN."""
    return None if value is None or not math.isfinite(value) else value


def readable(descents: Sequence[Descent], facts: dict[str, Any]) -> str:
    """The summary as a person reads it."""
    lines: list[str] = []
    for descent, run in zip(descents, facts["runs"], strict=True):
        lines.append(f"{run['name']}: {descent.ending.message if descent.ending else ''}")
        lines += _readable_run(run, descent.problem.optimum.note)
    curvature = facts["curvature"]
    kappa, best = curvature["condition_number"], curvature["best_rate"]
    limit = _short(curvature["stability_limit"])
    if len(descents) > 1:  # the others may have other methods, and other limits
        limit += f" ({descents[0].name})"
    line = f"  curvature    κ {_short(kappa)}   stable below {limit}   fastest {_short(best)}"
    if any(descent.problem is not descents[0].problem for descent in descents):
        line += f"   for the loss of {descents[0].name}"
    lines.append(line)
    return "\n".join(lines)


def _readable_run(run: dict[str, Any], note: Message | None) -> list[str]:
    lines = [f"  parameters   {_pairs(run['parameters'])}"]
    if run["own_units"] != run["parameters"]:
        lines.append(f"  own units    {_pairs(run['own_units'])}")
    for part in ("train", "validation"):
        if run[part] is not None:
            fit = run[part]
            lines.append(
                f"  {part:<12} loss {_short(fit['loss'])}   R² {_short(fit['r2'])}   "
                f"RMSE {_short(fit['rmse'])}"
                + (f"   accuracy {_short(fit['accuracy'])}" if "accuracy" in fit else "")
            )
    if run["optimum"] is None:
        lines.append(f"  optimum      none: {note}")
    else:
        sure = "" if run["optimum"]["certainty"] == "exact" else f" ({run['optimum']['certainty']})"
        lines.append(
            f"  optimum      {_pairs(run['optimum']['parameters'])}   loss "
            f"{_short(run['optimum']['loss'])}{sure}   distance "
            f"{_short(run['distance_to_optimum'])}"
        )
        if note is not None:
            lines.append(f"               {note}")
    if run["truth"] is not None:
        lines.append(f"  truth        {_pairs(run['truth'])}")
    return lines


def _pairs(values: dict[str, float | None]) -> str:
    return "  ".join(f"{name} = {_short(value)}" for name, value in values.items())


def _short(value: float | None) -> str:
    return "—" if value is None else f"{value:.10g}"
