"""Sentences for a person, kept apart from the language in which they are read.

The engine says what happened as a template and its values; the window translates the template
(context ``Message``) and fills it in. Without a window, ``str(message)`` is the English sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - the name that lupdate finds
    """Mark a literal for translation without importing Qt; returns the text unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence: an English template in ``str.format`` syntax and the values that fill it.

    A value may itself be a message; it is then translated with the rest.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)


class InputError(ValueError):
    """Something that the user gave cannot be used; one sentence says what, why and what to do."""

    def __init__(self, template: str, **values: object) -> None:
        self.message = Message(template, values)
        super().__init__(str(self.message))
