"""The engine's formulas, plain Unicode text, as a person finds them in print."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼ", "0123456789ij")
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗᶻ", "0123456789+−tz")

_TOKEN = re.compile(
    "(?P<sub>[₀-₉ᵢⱼ]+)"
    "|(?P<sup>[⁰¹²³⁴-⁹⁺⁻ᵗᶻ]+)"
    "|(?P<name>[a-zA-Zα-ωŷ]\u0302?(?![a-z]))"
    "|(?P<word>[a-z]+)"
    "|(?P<other>.)",
    re.DOTALL,
)


def rich(formula: str) -> str:
    """HTML of one formula: variables in italics, indices and exponents where they belong."""
    html = "".join(_html(match) for match in _TOKEN.finditer(formula))
    return html.replace("  ", "&nbsp; ")  # before a condition


def rich_lines(formulas: Iterable[str]) -> str:
    """HTML of formulas under one another."""
    return "<br>".join(rich(formula) for formula in formulas)


def indexed(name: str) -> str:
    """A name such as w12 as the formulas have it, the number below the line."""
    return name[0] + name[1:].translate(_BELOW)


def _html(match: re.Match[str]) -> str:
    text = match.group()
    if match.lastgroup == "sub":
        return f"<sub>{_plain(text.translate(_SUBSCRIPTS))}</sub>"
    if match.lastgroup == "sup":
        return f"<sup>{_plain(text.translate(_SUPERSCRIPTS))}</sup>"
    if match.lastgroup == "name":
        return f"<i>{text}</i>"
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(text, text)


def _plain(text: str) -> str:
    return "".join(f"<i>{sign}</i>" if sign.isalpha() else sign for sign in text)
