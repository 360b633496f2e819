"""Where an axis has its ticks and what stands at them; pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from gui.text import whole_number

X_GAP = 52
"""Pixels between the labels of a horizontal axis, at least."""

Y_GAP = 34
"""Pixels between the labels of a vertical axis, at least."""

TIGHT = 0.6
"""Share of that gap which has to do where only one label would be left."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN_EXPONENTS = range(-3, 4)  # 0.001 … 1000 are written out on a logarithmic axis
_PLAIN_LIMIT = 1e6  # from here on a linear axis counts in powers of ten
_MOST_DECIMALS = 4
_LABELLED_DIGITS = (range(1, 10), (1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1, 5), (2, 5), (3, 6))


@dataclass(frozen=True, slots=True)
class Ticks:
    """Labelled ticks and the positions of the lines between them, in the axis' units."""

    major: tuple[tuple[float, str], ...]
    minor: tuple[float, ...]


def linear_ticks(low: float, high: float, pixels: float, gap: float) -> Ticks:
    """Ticks at 1, 2 or 5 times a power of ten, at least ``gap`` pixels apart.

    They stand closer where there would be a single one, from which no scale can be read.
    """
    for share in (1.0, TIGHT):
        step, parts = _round_step((high - low) * share * gap / max(pixels, gap))
        values = _multiples(low, high, step)
        if len(values) > 1:
            break
    fine = [v for v in _multiples(low, high, step / parts) if not _is_multiple(v, step)]
    return Ticks(tuple(zip(values, _texts(values, step), strict=True)), tuple(fine))


def count_ticks(low: float, high: float, pixels: float, gap: float, whole: bool = True) -> Ticks:
    """Ticks from zero on, with separated thousands as in every text.

    Parameters
    ----------
    whole
        Whether there is nothing between two whole numbers.
    """
    ticks = linear_ticks(low, high, pixels, gap)
    major = tuple(
        (value, whole_number(int(text)) if text.isdecimal() else text)
        for value, text in ticks.major
        if value >= 0 and not (whole and value != round(value))
    )
    return Ticks(major, tuple(value for value in ticks.minor if value >= 0))


def log_ticks(low: float, high: float, pixels: float, gap: float) -> Ticks:
    """Ticks for an axis of log₁₀ values: decades, and steps within one where it is short."""
    decades_apart = max(1, math.ceil((high - low) * gap / max(pixels, gap)))
    decades = [float(k) for k in range(math.ceil(low), math.floor(high) + 1)]
    within = _within_decades(low, high)
    if len(decades) >= 2:
        labelled = [k for k in decades if k % decades_apart == 0]
        between = within if decades_apart == 1 else [k for k in decades if k not in labelled]
        return Ticks(tuple((k, power_text(int(k))) for k in labelled), tuple(between))
    if len(within) + len(decades) >= 3:
        return _one_decade(sorted([*decades, *within]), pixels * 1.0 / (high - low), gap)
    linear = linear_ticks(10**low, 10**high, pixels, gap)
    major = tuple((math.log10(v), text) for v, text in linear.major if v > 0)
    return Ticks(major, tuple(math.log10(v) for v in linear.minor if v > 0))


def power_text(exponent: int) -> str:
    """Ten to a power, written out where that is short."""
    if exponent in _PLAIN_EXPONENTS:
        return f"{10.0**exponent:g}"
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def _within_decades(low: float, high: float) -> list[float]:
    return [
        position
        for k in range(math.floor(low), math.floor(high) + 1)
        for m in range(2, 10)
        if low <= (position := k + math.log10(m)) <= high
    ]


def _one_decade(positions: list[float], scale: float, gap: float) -> Ticks:
    """Labels at the densest of the usual choices of digits for which there is room."""
    labelled = positions[:1]
    for digits in _LABELLED_DIGITS:
        chosen = [p for p in positions if _digit(p)[0] in digits]
        apart = all((b - a) * scale >= gap for a, b in pairwise(chosen))
        if len(chosen) >= 2 and apart:
            labelled = chosen
            break
    major = tuple((p, _significant(p)) for p in labelled)
    return Ticks(major, tuple(p for p in positions if p not in labelled))


def _digit(position: float) -> tuple[int, int]:
    """The leading digit of 10 to the position, and its decade."""
    k = math.floor(position + 1e-9)
    return round(10 ** (position - k)), k


def _significant(position: float) -> str:
    digit, k = _digit(position)
    return f"{digit * 10.0**k:g}" if k in _PLAIN_EXPONENTS else f"{digit}×{power_text(k)}"


def _round_step(at_least: float) -> tuple[float, int]:
    """The round step not below a length, and into how many parts it falls."""
    power = 10.0 ** math.floor(math.log10(at_least))
    for factor, parts in ((1, 5), (2, 4), (5, 5), (10, 5)):
        if factor * power >= at_least * (1 - 1e-9):
            return factor * power, parts
    return 10 * power, 5


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _is_multiple(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def _texts(values: list[float], step: float) -> list[str]:
    largest = max((abs(v) for v in values), default=1.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if largest < _PLAIN_LIMIT and decimals <= _MOST_DECIMALS:
        return [_minus(f"{v:.{decimals}f}") for v in values]
    power = math.floor(math.log10(largest) + 1e-9) if largest else 0
    digits = max(0, power - math.floor(math.log10(step) + 1e-9))
    return [_scientific(v / 10.0**power, digits, power) if v else "0" for v in values]


def _scientific(mantissa: float, digits: int, power: int) -> str:
    return _minus(f"{mantissa:.{digits}f}×10{str(power).translate(_SUPERSCRIPTS)}")


def _minus(text: str) -> str:
    text = text.replace("-", "\u2212")
    return text[1:] if text.startswith("\u2212") and not text.strip("\u22120.") else text
