"""Running an experiment without a window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.descent import lockstep
from engine.descent.descent import MOST_ITERATIONS, Descent
from engine.experiment import Experiment
from engine.files.trajectories import readable, summary, write_history
from engine.files.writing import check_writable, write_json
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.sources import problems_of, start_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a headless run prints, and whether any run diverged."""

    text: str
    diverged: bool


def run_experiment(experiment: Experiment) -> list[Descent]:
    """Run every run of an experiment until it ends."""
    problems = problems_of(experiment)
    descents = [
        Descent(problem, experiment, index, start_of(experiment, run, problem))
        for index, (run, problem) in enumerate(zip(experiment.runs, problems, strict=True))
    ]
    lockstep.advance(descents, MOST_ITERATIONS)
    return descents


def run_headless(
    experiment: Experiment,
    history: str | None = None,
    summary_path: str | None = None,
    only: str | None = None,
) -> Outcome:
    """Run an experiment and write what was asked for.

    Parameters
    ----------
    only
        The name of the one run whose history is wanted.

    Raises
    ------
    InputError
        Where there is no such run, the data cannot be used, or a file cannot be written.
    """
    names = [run.name for run in experiment.runs]
    if only is not None and only not in names:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "There is no run {name}; the runs are {names}."),
            name=only,
            names=", ".join(names),
        )
    for path in (history, summary_path):
        if path is not None:
            check_writable(Path(path))  # a long run should not be for nothing
    descents = run_experiment(experiment)
    if history is not None:
        chosen = [d for d in descents if only in (None, d.name)]
        write_history(history, chosen, with_run=only is None and len(descents) > 1)
    facts = summary(descents)
    if summary_path is not None:
        write_json(Path(summary_path), facts)
    endings = [descent.ending for descent in descents]
    return Outcome(
        readable(descents, facts),
        any(ending is not None and ending.reason == "diverged" for ending in endings),
    )
