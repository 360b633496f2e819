"""What is wrong with an experiment's tree, in a sentence: the key, the value, what is allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from engine.messages import QT_TRANSLATE_NOOP, InputError, Message

_FAULT = re.compile(r"^(?P<what>.*?)(?: - at `\$?\.?(?P<path>.*)`)?$", re.DOTALL)
_TYPES = {
    "float": QT_TRANSLATE_NOOP("Message", "a number"),
    "int": QT_TRANSLATE_NOOP("Message", "a whole number"),
    "str": QT_TRANSLATE_NOOP("Message", "text"),
    "bool": QT_TRANSLATE_NOOP("Message", "true or false"),
    "array": QT_TRANSLATE_NOOP("Message", "a list"),
    "object": QT_TRANSLATE_NOOP("Message", "an object"),
    "null": QT_TRANSLATE_NOOP("Message", "null"),
}


def value_in(tree: Any, *keys: str) -> Any:
    """The value under nested keys; None where there is none."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def explained(text: str, tree: Any, root: type) -> InputError:
    """Msgspec's complaint as a sentence with the path, the value and what is allowed."""
    match = _FAULT.match(text)
    assert match is not None
    what, path = match["what"], match["path"] or ""
    unknown = re.search(r"unknown field `(.*)`", what)
    if unknown:
        key = f"{path}.{unknown[1]}" if path else unknown[1]
        return InputError(
            QT_TRANSLATE_NOOP("Message", "{key}: there is no such key; allowed here: {allowed}."),
            key=key,
            allowed=", ".join(_allowed(root, tree, path)),
        )
    missing = re.search(r"missing required field `(.*)`", what)
    if missing:
        return InputError(
            QT_TRANSLATE_NOOP("Message", "{key}: this key is missing."),
            key=f"{path}.{missing[1]}" if path else missing[1],
        )
    return InputError(
        QT_TRANSLATE_NOOP("Message", "{key}: {value} is not allowed here; expected {expected}."),
        key=path,
        value=shown(_value_at(tree, path)),
        expected=_expected(what, root, tree, path),
    )


def _expected(what: str, root: type, tree: Any, path: str) -> Message | str:
    length = re.search(r"Expected `array` of (?:at least )?length (.*?)(?:, got.*)?$", what)
    if length:
        return Message(
            QT_TRANSLATE_NOOP("Message", "a list of length {length}"),
            {"length": length[1].replace(">=", "≥").replace("<=", "≤")},
        )
    bound = re.search(r"Expected `(\w+)` ([<>]=?) (\S+)", what)
    if bound:
        return Message(
            "{kind} {sign} {bound}",
            {
                "kind": Message(_TYPES[bound[1]]),
                "sign": {"<=": "≤", ">=": "≥"}.get(bound[2], bound[2]),
                "bound": f"{float(bound[3]):.12g}",
            },
        )
    if what == "Number out of range":
        return Message(_TYPES["float"])
    kinds = re.search(r"Expected `([^`]*)`", what)
    if kinds:
        names = [Message(_TYPES[kind]) for kind in kinds[1].split(" | ") if kind in _TYPES]
        return Message(
            ", ".join(f"{{k{i}}}" for i in range(len(names))),
            {f"k{i}": name for i, name in enumerate(names)},
        )
    return ", ".join(_allowed(root, tree, path))


def shown(value: Any, width: int = 60) -> str:
    """A value as JSON, cut to a width."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:  # what could just be decoded may be too deep for the encoder
        return "…"
    return text if len(text) <= width else text[: width - 1] + "…"


def _steps(path: str) -> Iterator[str | int]:
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        yield int(index) if index else name


def _value_at(tree: Any, path: str) -> Any:
    for step in _steps(path):
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _allowed(root: type, tree: Any, path: str) -> list[str]:
    """The keys, or the values, that may stand at a path."""
    info = [msgspec.inspect.type_info(root)]
    for step in _steps(path):
        info = [inner for option in info for inner in _inside(option, step, tree)]
        tree = _value_at(tree, str(step)) if isinstance(step, str) else tree[step]
    return sorted({name for option in info for name in _names(option, tree)})


def _options(info: Any) -> list[Any]:
    if isinstance(info, msgspec.inspect.Metadata):
        return _options(info.type)
    if isinstance(info, msgspec.inspect.UnionType):
        return [option for one in info.types for option in _options(one)]
    return [info]


def _inside(info: Any, step: str | int, tree: Any) -> list[Any]:
    found: list[Any] = []
    for option in _options(info):
        if isinstance(option, msgspec.inspect.StructType):
            if step == option.tag_field:
                found.append(option)
            elif _is_meant(option, tree):
                found += [f.type for f in option.fields if f.encode_name == step]
        elif hasattr(option, "item_type"):
            found.append(option.item_type)
        elif hasattr(option, "item_types"):
            found += list(option.item_types[:1])
    return found


def _is_meant(option: Any, tree: Any) -> bool:
    return option.tag is None or value_in(tree, option.tag_field) == option.tag


def _names(info: Any, tree: Any) -> list[str]:
    names: list[str] = []
    for option in _options(info):
        if isinstance(option, msgspec.inspect.LiteralType):
            names += [str(value) for value in option.values]
        elif isinstance(option, msgspec.inspect.StructType):
            if isinstance(tree, str):  # the path ended at the kind itself
                names.append(str(option.tag))
            elif _is_meant(option, tree):
                names += [f.encode_name for f in option.fields]
                names += [option.tag_field] if option.tag_field else []
    return names
