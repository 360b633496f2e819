"""The experiment file: reading with one clear sentence for every fault, and writing."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Collection
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from engine.experiment import (
    FORMAT,
    Batch,
    Data,
    Experiment,
    FileData,
    Gd,
    Loss,
    Mae,
    Mse,
    Newton,
    Optimizer,
    Run,
    Settings,
    ValuesStart,
    changed,
    kind_of,
    settings_of,
)
from engine.files.faults import explained, shown, value_in
from engine.files.writing import write_json
from engine.messages import QT_TRANSLATE_NOOP, InputError
from engine.problem.fitting import LOSSES_OF, check_kinds
from engine.problem.tutorials import TUTORIALS

RUN_NAMES = {
    "gd": "GD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "adamw": "AdamW",
    "newton": "Newton",
}

LATER: dict[str, tuple[str, ...]] = {
    "model.kind": ("polynomial",),
    "optimizer.kind": ("adadelta", "amsgrad", "adamax", "nadam", "radam"),
    "schedule.kind": ("step", "exponential", "inverse_time", "cosine", "warmup"),
}
"""Values that the format has and this version refuses by name, so that none is ever ignored."""


def preset(name: str) -> Experiment:
    """The experiment of a tutorial, by its name.

    Raises
    ------
    InputError
        For a name that no tutorial has; the names are listed.
    """
    if name not in TUTORIALS:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "There is no preset {name}; choose one of {names}."),
            name=name,
            names=", ".join(TUTORIALS),
        )
    return experiment_from({"format": FORMAT, "data": {"source": "tutorial", "name": name}})


def usual(data: Data, model: str) -> Experiment:
    """What a file comes to that names nothing but its data and its model."""
    tree = {"format": FORMAT, "data": msgspec.to_builtins(data), "model": {"kind": model}}
    return experiment_from(tree)


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment file; a relative data path becomes absolute.

    Raises
    ------
    InputError
        With one sentence that names the file and the fault. Nothing is half-loaded.
    """
    path = Path(path)
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "Cannot open {path}: there is no such file."), path=path
        ) from None
    except IsADirectoryError:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "Cannot open {path}: it is a folder, not a file."),
            path=path,
        ) from None
    except OSError as error:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "Cannot open {path}: {reason}."),
            path=path,
            reason=error.strerror or str(error),
        ) from None
    try:
        experiment = experiment_from(_decoded(text))
    except InputError as error:
        raise InputError("{path}: {fault}", path=path.name, fault=error.message) from None
    if isinstance(experiment.data, FileData) and not experiment.data.is_sample:
        absolute = str(path.parent.resolve() / experiment.data.path)
        data = msgspec.structs.replace(experiment.data, path=absolute)
        experiment = msgspec.structs.replace(experiment, data=data)
    return experiment


def save_experiment(path: str | Path, experiment: Experiment) -> None:
    """Write an experiment file atomically: the old file stays until the new one is complete.

    Raises
    ------
    InputError
        Where it cannot be written.
    """
    path = Path(path)
    tree = msgspec.to_builtins(experiment)
    if isinstance(experiment.data, FileData) and not experiment.data.is_sample:
        with contextlib.suppress(ValueError):
            relative = Path(experiment.data.path).relative_to(path.parent.resolve())
            tree["data"]["path"] = relative.as_posix()
    write_json(path, tree)


def experiment_from(tree: Any) -> Experiment:
    """An experiment with every key filled in, from the file's JSON tree.

    A tutorial brings its own split, loss, start, rate and stop; keys that are given override
    them.

    Raises
    ------
    InputError
        With the path of the key, the value and what is allowed.
    """
    _check_format(tree)
    defaults = _defaults(tree.get("data"), value_in(tree, "model", "kind"))
    merged = _merged(defaults, tree)
    runs = tree.get("runs", [{}])
    if isinstance(runs, list):
        merged["runs"] = _runs(defaults["runs"][0], runs)
    return checked_experiment(merged)


def checked_experiment(tree: dict[str, Any]) -> Experiment:
    """An experiment from a tree in which nothing is left to fill in.

    Raises
    ------
    InputError
        With the path of the key, the value and what is allowed.
    """
    _refuse_what_comes_later(tree)
    try:
        experiment = msgspec.convert(tree, Experiment)
    except msgspec.ValidationError as error:
        raise explained(str(error), tree, Experiment) from None
    check_kinds(experiment.model, experiment.loss)
    experiment = _with_changes_in_order(experiment)
    for i, run in enumerate(experiment.runs):
        _check_own_loss(experiment, i)
        _refuse_newton_on_batches(run.optimizer, run.batch)
        _refuse_newton_on_corners(run.optimizer, experiment.loss_of(i))
    _check_names(experiment)
    _check_changes(experiment)
    _check_finite(experiment)
    return experiment


def checked_change(settings: Settings, values: dict[str, Any], loss: Loss) -> Settings:
    """Settings after a live change of a run that minimises ``loss``.

    Raises
    ------
    InputError
        For a key, type or value that is not allowed.
    """
    _refuse_later_kinds(values)
    try:
        after = changed(settings, values)
    except msgspec.ValidationError as error:
        tree = msgspec.to_builtins(settings)
        for key, value in values.items():
            section, _, name = key.partition(".")
            if isinstance(tree.get(section), dict):
                tree[section][name] = value
        raise explained(str(error), tree, Settings) from None
    _refuse_newton_on_batches(after.optimizer, after.batch)
    _refuse_newton_on_corners(after.optimizer, loss)
    return after


def checked_iterations(experiment: Experiment, iterations: int) -> Experiment:
    """The experiment with another number of iterations.

    Raises
    ------
    InputError
        Where the number is out of range.
    """
    tree = msgspec.to_builtins(experiment)
    tree["stop"]["iterations"] = iterations
    return checked_experiment(tree)


def _decoded(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text.removeprefix(codecs.BOM_UTF8))
    except RecursionError:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "the JSON is nested too deeply to be an experiment.")
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "this is not an experiment: it is not valid JSON. Experiments are made with "
                "File ▸ Save.",
            )
        ) from None


def _check_format(tree: Any) -> None:
    if not isinstance(tree, dict) or "data" not in tree or "format" not in tree:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                'this is not an experiment: it needs an object with the keys "format" and "data".',
            )
        )
    given = tree["format"]
    if isinstance(given, int) and not isinstance(given, bool) and given > FORMAT:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "this was saved by a newer version of Descent Lab (format {given}; this version "
                "reads up to {newest}); please update.",
            ),
            given=shown(given),
            newest=FORMAT,
        )
    if type(given) is not int or given != FORMAT:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message", "format: {value} is not allowed here; expected {expected}."
            ),
            value=shown(given),
            expected=str(FORMAT),
        )


def _refuse_what_comes_later(tree: dict[str, Any]) -> None:
    """Name what the format has and a later version will do."""
    given = {"model.kind": value_in(tree, "model", "kind")}
    _refuse_later_kinds(given)
    runs = tree.get("runs")
    if not isinstance(runs, list):
        return
    for i, run in enumerate(runs):
        kinds = {f"{name}.kind": value_in(run, name, "kind") for name in ("optimizer", "schedule")}
        _refuse_later_kinds(kinds, f"runs[{i}].")


def _refuse_later_kinds(given: dict[str, Any], prefix: str = "") -> None:
    for key, value in given.items():
        if isinstance(value, str) and value in LATER.get(key, ()):
            raise _not_yet(prefix + key, value)


def _refuse_newton_on_batches(optimizer: Optimizer, batch: Batch) -> None:
    """Second derivatives of a few points lead anywhere."""
    if isinstance(optimizer, Newton) and batch.size is not None:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "Newton's method needs the full batch; set batch.size to null or choose another "
                "method.",
            )
        )


def _refuse_newton_on_corners(optimizer: Optimizer, loss: Loss) -> None:
    """Where a loss has corners, its second derivatives say nothing of the way."""
    if isinstance(optimizer, Newton) and (isinstance(loss, Mae) or loss.l1 > 0):
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "Newton's method needs a smooth loss, and |r| and |w| have corners; choose "
                "another loss, set loss.l1 to 0 or choose another method.",
            )
        )


def _not_yet(key: str, value: Any) -> InputError:
    return InputError(
        QT_TRANSLATE_NOOP("Message", "{key}: {value} is not supported yet."),
        key=key,
        value=shown(value),
    )


def _defaults(data: Any, model: Any) -> dict[str, Any]:
    """The tree that an experiment on these data has where its file says nothing.

    A model that is named brings its natural loss, unless it is the line of a tutorial.
    """
    losses = LOSSES_OF.get(model) if isinstance(model, str) else None
    loss = {"kind": losses[0] if losses else kind_of(Mse())}
    name = value_in(data, "name")
    tutorial = TUTORIALS.get(name) if isinstance(name, str) else None
    if value_in(data, "source") != "tutorial" or tutorial is None:
        run = msgspec.to_builtins(Run(name=""))
        return {"loss": loss, "runs": [run]}
    run = msgspec.to_builtins(Run(name="", optimizer=Gd(lr=tutorial.learning_rate)))
    return {
        "title": tutorial.title,
        "split": {"train": tutorial.train_share},
        "loss": {"kind": tutorial.loss} if model in (None, "line") else loss,
        "stop": {"iterations": tutorial.iterations},
        "runs": [run],
    }


def _merged(base: Any, given: Any) -> Any:
    """``given`` over ``base``, object by object; another kind replaces the whole object."""
    if not isinstance(base, dict) or not isinstance(given, dict):
        return given
    if "kind" in base and given.get("kind", base["kind"]) != base["kind"]:
        return given
    return base | {key: _merged(base.get(key), value) for key, value in given.items()}


def _runs(base: dict[str, Any], given: list[Any]) -> list[Any]:
    """The runs with every key filled in; one without a name is called after its method."""
    runs = [_merged(base, run) for run in given]
    taken = {name for run in given if isinstance(name := value_in(run, "name"), str)}
    for run, own in zip(runs, given, strict=True):
        if isinstance(own, dict) and "name" not in own:
            kind = value_in(run, "optimizer", "kind")
            name = RUN_NAMES.get(kind, "") if isinstance(kind, str) else ""
            run["name"] = unique_name(name, taken)
            taken.add(run["name"])
    return runs


def unique_name(name: str, taken: Collection[str]) -> str:
    """A name that is not taken: the given one, or with the next free number behind it."""
    if name not in taken:
        return name
    stem = re.sub(r" \d+$", "", name)
    return next(free for n in count(2) if (free := f"{stem} {n}") not in taken)


def _with_changes_in_order(experiment: Experiment) -> Experiment:
    """Changes act in the order of their rows, in whatever order a file lists them."""
    for i, run in enumerate(experiment.runs):
        changes = tuple(sorted(run.changes, key=lambda change: change.at))
        if changes != run.changes:
            experiment = experiment.with_run(i, msgspec.structs.replace(run, changes=changes))
    return experiment


def _check_names(experiment: Experiment) -> None:
    """Refuse a run without a name, and two of one name: ``--run`` tells them apart by it."""
    first: dict[str, int] = {}
    for i, run in enumerate(experiment.runs):
        if not run.name.strip():
            raise InputError(
                QT_TRANSLATE_NOOP("Message", "{key}: a run needs a name."), key=f"runs[{i}].name"
            )
        if run.name in first:
            raise InputError(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "{key}: {value} is the name of {other} already; every run needs a name of "
                    "its own.",
                ),
                key=f"runs[{i}].name",
                value=shown(run.name),
                other=f"runs[{first[run.name]}]",
            )
        first[run.name] = i


def _check_own_loss(experiment: Experiment, index: int) -> None:
    """Refuse a loss of a run that does not fit the model."""
    own = experiment.runs[index].loss
    if own is None:
        return
    try:
        check_kinds(experiment.model, own)
    except InputError as error:
        raise InputError("{key}: {fault}", key=f"runs[{index}]", fault=error.message) from None


def _check_changes(experiment: Experiment) -> None:
    for i, run in enumerate(experiment.runs):
        settings = settings_of(run, experiment.stop)
        for j, change in enumerate(run.changes):
            if not change.set:
                raise InputError(
                    QT_TRANSLATE_NOOP("Message", "{key}: a change must set something."),
                    key=f"runs[{i}].changes[{j}].set",
                )
            try:
                settings = checked_change(settings, change.set, experiment.loss_of(i))
            except InputError as error:
                raise InputError(
                    "{key}: {fault}", key=f"runs[{i}].changes[{j}].set", fault=error.message
                ) from None


def _check_finite(experiment: Experiment) -> None:
    """Refuse a start whose loss could not be computed: squares must stay finite."""
    starts = [run.start for run in experiment.runs if isinstance(run.start, ValuesStart)]
    for start in starts:
        if any(abs(value) > 1e150 for value in start.values):
            raise InputError(
                QT_TRANSLATE_NOOP("Message", "start.values: numbers beyond 1e150 are too large.")
            )


def difference(before: Settings, after: Settings) -> dict[str, Any]:
    """The live change that leads from one to the other, with as few keys as possible."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    values: dict[str, Any] = {}
    for section, fields in new.items():
        other_kind = fields.get("kind") != old[section].get("kind")
        for name, value in fields.items():
            if other_kind or value != old[section][name]:
                values[f"{section}.{name}"] = value
    return values
