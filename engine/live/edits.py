"""What an edit makes of an experiment; pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from engine.experiment import (
    MOST_RUNS,
    Change,
    Data,
    Experiment,
    FileData,
    Gd,
    OwnStart,
    PointsData,
    Run,
    Settings,
    Stop,
    SyntheticData,
    at_rate,
    kind_of,
    settings_at,
    settings_of,
    with_settings,
)
from engine.files.experiments import (
    checked_change,
    checked_experiment,
    difference,
    unique_name,
    usual,
)
from engine.files.faults import explained, value_in
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.fitting import LOSSES_OF
from engine.problem.problem import Problem
from engine.problem.sources import rate_for

LIVE_SECTIONS = ("optimizer", "schedule", "batch", "stop")
"""Sections whose changes act on a run that goes on; anything else begins again at row 0."""

RUN_SECTIONS = ("optimizer", "schedule", "batch", "start")
"""Sections that each run has for itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the engine, and which recorded rows may stay.

    Parameters
    ----------
    selected
        The run that edits act on.
    settings
        For each run those that the controls show, with which it begins again where it must.
    kept
        For each run the recorded run whose rows it takes over; None begins at row 0.
    """

    experiment: Experiment
    selected: int
    settings: tuple[Settings, ...]
    kept: tuple[int | None, ...]

    @property
    def begins_again(self) -> bool:
        """Whether any run begins at row 0, and with it the window."""
        return None in self.kept


def anew(experiment: Experiment, selected: int = 0) -> Asked:
    """An experiment all of whose runs begin at row 0."""
    runs = range(len(experiment.runs))
    settings = tuple(settings_at(experiment, index, 0) for index in runs)
    return Asked(experiment, selected, settings, (None,) * len(runs))


def is_live(values: dict[str, Any]) -> bool:
    """Whether all keys may change while a run goes on."""
    return all(key.split(".")[0] in LIVE_SECTIONS for key in values)


def is_stop(key: str) -> bool:
    """Whether a key is a criterion for stopping, which all runs have in common."""
    return key.startswith("stop.")


def restarted(asked: Asked, values: dict[str, Any]) -> Asked:
    """Keys replaced, beginning again at row 0 under the settings that the controls show.

    Keys of a run restart the selected one, all others every run. Other data bring what belongs to
    them, in place of what the former data brought and nobody changed. Where the selected run has a
    loss of its own, keys of the loss are the run's; beside another model they are those of the
    experiment, and a loss of a run that does not fit the model any more is forgotten.

    Raises
    ------
    InputError
        For a key, type or value that is not allowed.
    """
    experiment, kept = asked.experiment, list(asked.kept)
    of_the_run = _sections_of(experiment.runs[asked.selected], values)
    is_own = _sections(values) <= set(of_the_run)
    for index in (asked.selected,) if is_own else range(len(kept)):
        run = _begun(experiment.runs[index], asked.settings[index], experiment.stop)
        experiment = experiment.with_run(index, run)
        kept[index] = None
    tree = msgspec.to_builtins(experiment)
    for key in sorted(values, key=lambda key: not key.endswith(".kind")):
        value, (section, _, name) = values[key], key.partition(".")
        owner = tree["runs"][asked.selected] if section in of_the_run else tree
        if name and not isinstance(owner.get(section), dict):
            raise explained(f"Object contains unknown field `{key}`", tree, Experiment)
        if key == "loss.kind" and value != owner[section]["kind"]:
            owner[section] = {name: owner[section][name] for name in ("l1", "l2")}
        owner[section] = owner[section] | {name: value} if name else value
    if "model" in _sections(values):
        _forget_unfit_losses(tree)
    new = checked_experiment(tree)
    if _origin(new.data) != _origin(experiment.data):
        new = _with_recipe(new, experiment)
    settings = tuple(
        fresh if origin is None else old
        for fresh, old, origin in zip(anew(new).settings, asked.settings, kept, strict=True)
    )
    return Asked(new, asked.selected, settings, tuple(kept))


def with_own_loss(asked: Asked, own: bool) -> Asked:
    """The selected run with a loss of its own, at first the one it has, or again without one.

    It keeps its rows where it goes on minimising the same.

    Raises
    ------
    InputError
        Where the run's method cannot minimise the experiment's loss.
    """
    experiment, index = asked.experiment, asked.selected
    run = experiment.runs[index]
    if own or run.loss == experiment.loss:
        loss = experiment.loss_of(index) if own else None
        run = msgspec.structs.replace(run, loss=loss)
        return Asked(experiment.with_run(index, run), index, asked.settings, asked.kept)
    return restarted(asked, {"loss": None}) if run.loss is not None else asked


def _sections_of(run: Run, values: dict[str, Any]) -> tuple[str, ...]:
    """Sections whose keys are those of a run, among the keys that are edited together."""
    is_own = run.loss is not None and "model" not in _sections(values)
    return (*RUN_SECTIONS, "loss") if is_own else RUN_SECTIONS


def _sections(values: dict[str, Any]) -> set[str]:
    return {key.split(".")[0] for key in values}


def _forget_unfit_losses(tree: dict[str, Any]) -> None:
    """Let runs whose own loss does not fit the model minimise that of the experiment."""
    model = value_in(tree, "model", "kind")
    fitting = LOSSES_OF.get(model, ()) if isinstance(model, str) else ()
    for run in tree["runs"]:
        if run["loss"] is not None and run["loss"]["kind"] not in fitting:
            run["loss"] = None


def _origin(data: Data) -> tuple[str, str]:
    """Where data come from: their source, and what kind of made-up data they are."""
    return kind_of(data), data.kind if isinstance(data, SyntheticData) else ""


def _with_recipe(new: Experiment, old: Experiment) -> Experiment:
    """The experiment on other data than before, with what these bring.

    A title and starts in numbers belong to the data that they were given for. Split, loss,
    iterations and the rate of gradient descent are those that the data usually have, where they
    still are what the former data usually have: a tutorial's own go with the tutorial.
    """
    before, after = usual(old.data, old.model.kind), usual(new.data, new.model.kind)
    runs = [msgspec.structs.replace(run, start=OwnStart()) for run in new.runs]
    if _plain_rates(new) == _plain_rates(before):
        (rate,) = _plain_rates(after)
        runs = [_with_plain_rate(run, rate) for run in runs]
    new = msgspec.structs.replace(new, runs=tuple(runs), title="")
    if new.split.train == before.split.train:
        split = msgspec.structs.replace(new.split, train=after.split.train)
        new = msgspec.structs.replace(new, split=split)
    if new.stop.iterations == before.stop.iterations:
        stop = msgspec.structs.replace(new.stop, iterations=after.stop.iterations)
        new = msgspec.structs.replace(new, stop=stop)
    if kind_of(new.loss) == kind_of(before.loss):
        loss = msgspec.structs.replace(after.loss, l1=new.loss.l1, l2=new.loss.l2)
        new = msgspec.structs.replace(new, loss=loss)
    return new


def _plain_rates(experiment: Experiment) -> set[float]:
    """The rates of all runs by gradient descent."""
    return {run.optimizer.lr for run in experiment.runs if isinstance(run.optimizer, Gd)}


def _with_plain_rate(run: Run, rate: float) -> Run:
    """The run with another rate, if it goes by gradient descent."""
    return at_rate(run, rate) if isinstance(run.optimizer, Gd) else run


def _begun(run: Run, settings: Settings, stop: Stop) -> Run:
    """A run that has ``settings`` from row 0 on, where ``stop`` is what holds for all runs."""
    run = with_settings(run, settings)
    own = difference(settings_of(run, stop), settings)
    return msgspec.structs.replace(run, changes=(Change(0, own),)) if own else run


def changed_anew(asked: Asked, values: dict[str, Any]) -> Asked:
    """Live keys replaced where the selected run has yet to begin at row 0.

    Raises
    ------
    InputError
        For a key, type or value that is not allowed.
    """
    index, experiment = asked.selected, asked.experiment
    settings = checked_change(asked.settings[index], values, experiment.loss_of(index))
    if any(is_stop(key) for key in values):
        experiment = with_stop(experiment, settings.stop)
    experiment = with_change(experiment, index, 0, settings, 0)
    return Asked(
        experiment,
        index,
        (*asked.settings[:index], settings, *asked.settings[index + 1 :]),
        (*asked.kept[:index], None, *asked.kept[index + 1 :]),
    )


def with_change(
    experiment: Experiment, index: int, at: int, settings: Settings, head: int
) -> Experiment:
    """The experiment where run ``index`` has ``settings`` from update ``at`` on.

    Changes at ``at`` … ``head`` are dropped: they belong to the recorded future that this one
    replaces. Those behind the head have not acted yet and stay, where they still make sense. At
    update 0 there is no past to keep, so the run itself is edited.
    """
    run = experiment.runs[index]
    later = tuple(change for change in run.changes if change.at > max(at, head))
    if at == 0:
        experiment = experiment.with_run(index, _begun(run, settings, experiment.stop))
    else:
        earlier = tuple(change for change in run.changes if change.at < at)
        experiment = experiment.with_run(index, msgspec.structs.replace(run, changes=earlier))
        values = difference(settings_at(experiment, index, at), settings)
        if values:
            run = msgspec.structs.replace(run, changes=(*earlier, Change(at, values)))
            experiment = experiment.with_run(index, run)
    return _with_later(experiment, index, settings, later)


def with_stop(experiment: Experiment, stop: Stop) -> Experiment:
    """The experiment with other criteria for stopping, for all runs and from row 0 on."""
    for index, run in enumerate(experiment.runs):
        others = [
            Change(change.at, {k: v for k, v in change.set.items() if not is_stop(k)})
            for change in run.changes
        ]
        changes = tuple(change for change in others if change.set)
        experiment = experiment.with_run(index, msgspec.structs.replace(run, changes=changes))
    return msgspec.structs.replace(experiment, stop=stop)


def _with_later(
    experiment: Experiment, index: int, settings: Settings, later: tuple[Change, ...]
) -> Experiment:
    """The experiment with changes appended to a run, up to the first that no longer applies."""
    for change in later:
        try:
            settings = checked_change(settings, change.set, experiment.loss_of(index))
        except InputError:
            break
        run = experiment.runs[index]
        run = msgspec.structs.replace(run, changes=(*run.changes, change))
        experiment = experiment.with_run(index, run)
    return experiment


# the list of runs ------------------------------------------------------------------------


def with_copy(asked: Asked) -> Asked:
    """A further run, the last and selected: the selected one again, under another name.

    Raises
    ------
    InputError
        Where there are as many runs as there may be.
    """
    runs, index = asked.experiment.runs, asked.selected
    if len(runs) == MOST_RUNS:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "An experiment has at most {most} runs."), most=MOST_RUNS
        )
    name = unique_name(runs[index].name, [run.name for run in runs])
    copy = msgspec.structs.replace(runs[index], name=name)
    return Asked(
        msgspec.structs.replace(asked.experiment, runs=(*runs, copy)),
        len(runs),
        (*asked.settings, asked.settings[index]),
        (*asked.kept, asked.kept[index]),
    )


def without(asked: Asked, index: int) -> Asked:
    """One run less; where it was the selected one, its neighbour is.

    Raises
    ------
    InputError
        For a run that is not there, and for the last one.
    """
    runs = asked.experiment.runs
    _check_index(asked, index)
    if len(runs) == 1:
        raise InputError(QT_TRANSLATE_NOOP("Message", "An experiment needs at least one run."))
    selected = asked.selected - (index < asked.selected)
    rest = [position for position in range(len(runs)) if position != index]
    return Asked(
        msgspec.structs.replace(asked.experiment, runs=tuple(runs[i] for i in rest)),
        min(selected, len(rest) - 1),
        tuple(asked.settings[i] for i in rest),
        tuple(asked.kept[i] for i in rest),
    )


def renamed(asked: Asked, index: int, name: str) -> Asked:
    """Another name for a run.

    Raises
    ------
    InputError
        For a run that is not there, no name, or that of another run.
    """
    _check_index(asked, index)
    others = [run.name for i, run in enumerate(asked.experiment.runs) if i != index]
    if not name:
        raise InputError(QT_TRANSLATE_NOOP("Message", "A run needs a name."))
    if name in others:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "Another run is called {name} already."), name=name
        )
    run = msgspec.structs.replace(asked.experiment.runs[index], name=name)
    experiment = asked.experiment.with_run(index, run)
    return replace(asked, experiment=experiment)


def with_runs(asked: Asked, runs: tuple[Run, ...], selected: int) -> Asked:
    """Other runs in place of all there are, from row 0 on.

    Raises
    ------
    InputError
        Where the experiment file could not have these runs, or not the one to select.
    """
    experiment = msgspec.structs.replace(asked.experiment, runs=runs)
    replaced = anew(checked_experiment(msgspec.to_builtins(experiment)), selected)
    _check_index(replaced, selected)
    return replaced


def _check_index(asked: Asked, index: int) -> None:
    if not 0 <= index < len(asked.experiment.runs):
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "There is no run number {number}."), number=index + 1
        )


def takes_over(old: Experiment, origin: int, new: Experiment, index: int) -> bool:
    """Whether run ``index`` of ``new`` is what recorded run ``origin`` of ``old`` was.

    That it minimises the same is for its problem to say.
    """
    before = old.runs[origin]
    run = msgspec.structs.replace(new.runs[index], name=before.name, loss=before.loss)
    return run == before and new.stop == old.stop


def rate_was_chosen(old: Experiment, problem: Problem, new: Experiment, index: int) -> bool:
    """Whether a run's rate still is the one that was chosen for the user's own data."""
    optimizer = new.runs[index].optimizer
    return (
        isinstance(old.data, FileData | PointsData)
        and kind_of(optimizer) == "gd"
        and optimizer.lr == rate_for(problem)
    )


def rate_to_choose(experiment: Experiment, problem: Problem) -> float | None:
    """The rate that goes with the data: the best one for the user's own, else the usual one."""
    if isinstance(experiment.data, FileData | PointsData):
        return rate_for(problem)
    (rate,) = _plain_rates(usual(experiment.data, experiment.model.kind))
    return rate
