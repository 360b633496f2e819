"""What an edit makes of an experiment; pure functions."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.experiment import (
    Change,
    Data,
    Experiment,
    FileData,
    OwnStart,
    PointsData,
    Run,
    Settings,
    Stop,
    SyntheticData,
    changed,
    kind_of,
    settings_at,
)
from engine.files.experiments import checked_experiment, difference
from engine.problem.problem import Problem
from engine.problem.sources import rate_for

LIVE_SECTIONS = ("optimizer", "schedule", "batch", "stop")
"""Sections whose changes act on a run that goes on; anything else begins again at row 0."""


def is_live(values: dict[str, Any]) -> bool:
    """Whether all keys may change while a run goes on."""
    return all(key.split(".")[0] in LIVE_SECTIONS for key in values)


def only_stops(values: dict[str, Any]) -> bool:
    """Whether only criteria for stopping change."""
    return all(key.startswith("stop.") for key in values)


def restarted(experiment: Experiment, settings: Settings, values: dict[str, Any]) -> Experiment:
    """The experiment with keys replaced, and ``settings`` as those of row 0.

    Raises
    ------
    InputError
        For a key, type or value that is not allowed.
    """
    run = msgspec.structs.replace(
        experiment.runs[0],
        optimizer=settings.optimizer,
        schedule=settings.schedule,
        batch=settings.batch,
        changes=(),
    )
    tree = msgspec.to_builtins(
        msgspec.structs.replace(experiment.with_run(0, run), stop=settings.stop)
    )
    for key in sorted(values, key=lambda key: not key.endswith(".kind")):
        value, (section, _, name) = values[key], key.partition(".")
        owner = tree["runs"][0] if section in (*LIVE_SECTIONS[:3], "start") else tree
        if key == "loss.kind" and value != owner[section]["kind"]:
            owner[section] = {name: owner[section][name] for name in ("l1", "l2")}
        owner[section] = owner[section] | {name: value} if name else value
    new = checked_experiment(tree)
    if _origin(new.data) == _origin(experiment.data):
        return new
    # a title and a start in numbers belong to the data that they were given for
    run = msgspec.structs.replace(new.runs[0], start=OwnStart())
    return msgspec.structs.replace(new.with_run(0, run), title="")


def _origin(data: Data) -> tuple[str, str]:
    """Where data come from: their source, and what kind of made-up data they are."""
    return kind_of(data), data.kind if isinstance(data, SyntheticData) else ""


def with_change(experiment: Experiment, at: int, settings: Settings, head: int) -> Experiment:
    """The experiment whose settings are ``settings`` from update ``at`` on.

    Changes at ``at`` … ``head`` are dropped: they belong to the recorded future that this one
    replaces. Those behind the head have not acted yet and stay, where they still make sense. At
    update 0 there is no past to keep, so the experiment itself is edited.
    """
    run = experiment.runs[0]
    later = tuple(change for change in run.changes if change.at > max(at, head))
    if at == 0:
        run = Run(run.name, run.start, settings.optimizer, settings.schedule, settings.batch, ())
        experiment = msgspec.structs.replace(experiment.with_run(0, run), stop=settings.stop)
    else:
        earlier = tuple(change for change in run.changes if change.at < at)
        experiment = experiment.with_run(0, msgspec.structs.replace(run, changes=earlier))
        values = difference(settings_at(experiment, 0, at), settings)
        if values:
            run = msgspec.structs.replace(run, changes=(*earlier, Change(at, values)))
            experiment = experiment.with_run(0, run)
    return _with_later(experiment, settings, later)


def with_stop(experiment: Experiment, stop: Stop) -> Experiment:
    """The experiment with other criteria for stopping, from row 0 on."""
    run = experiment.runs[0]
    others = [
        Change(change.at, {k: v for k, v in change.set.items() if not k.startswith("stop.")})
        for change in run.changes
    ]
    run = msgspec.structs.replace(run, changes=tuple(change for change in others if change.set))
    return msgspec.structs.replace(experiment.with_run(0, run), stop=stop)


def _with_later(
    experiment: Experiment, settings: Settings, later: tuple[Change, ...]
) -> Experiment:
    """The experiment with changes appended, up to the first that no longer applies."""
    for change in later:
        try:
            settings = changed(settings, change.set)
        except msgspec.ValidationError:
            break
        run = experiment.runs[0]
        run = msgspec.structs.replace(run, changes=(*run.changes, change))
        experiment = experiment.with_run(0, run)
    return experiment


def rate_was_chosen(old: Experiment, problem: Problem, new: Experiment) -> bool:
    """Whether the rate still is the one that was chosen for the user's own data."""
    optimizer = new.runs[0].optimizer
    return (
        isinstance(new.data, FileData | PointsData)
        and old.data == new.data
        and kind_of(optimizer) == "gd"
        and optimizer.lr == rate_for(problem)
    )
