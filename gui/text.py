"""Words and numbers as a person reads and types them, in the language of the window."""

from __future__ import annotations

import math
import re
from string import Formatter
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.descent.history import Place
from engine.live.snapshot import Snapshot
from engine.messages import Message
from engine.problem.optimum import Certainty
from engine.problem.problem import Problem
from engine.problem.tutorials import TUTORIALS
from engine.specs import DELTA, L1, L2, Spec

translate = QCoreApplication.translate

MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"
NOT_A_NUMBER = "—"
SMALLEST_FIXED_EXPONENT = -3
FIXED_DIGITS = 4
STEADY_DIGITS = 6

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


class _Sentence(Formatter):
    """Fills a template in: counts and messages in it look as they do elsewhere."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return translate_message(value)
        if isinstance(value, int) and not format_spec:
            return whole_number(value)
        return format(value, format_spec)


def translate_message(message: Message) -> str:
    """The sentence in the language of the window, messages among its values included."""
    return _Sentence().vformat(translate("Message", message.template), (), message.values)


def whole_number(value: int) -> str:
    """A count, such as an iteration, with its thousands separated: 12,345.

    The comma does that in both languages.
    """
    return f"{value:,}".replace("-", MINUS)


def number(value: float, digits: int = 4) -> str:
    """A number for people: few digits, no trailing zeros, a real minus sign.

    Integers are written in full, everything else with ``digits`` significant
    digits: 0.8055, 1.235e−4, 1.2e4, ∞, and — for what is not a number.
    """
    if math.isnan(value):
        return NOT_A_NUMBER
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if isinstance(value, int | np.integer):
        return str(value).replace("-", MINUS)
    mantissa, _, power = f"{float(value):.{digits - 1}e}".partition("e")
    exponent = int(power)
    if SMALLEST_FIXED_EXPONENT <= exponent < max(digits, FIXED_DIGITS):
        text = _without_zeros(f"{float(value):.{max(digits - 1 - exponent, 0)}f}")
    else:
        text = f"{_without_zeros(mantissa)}e{exponent}"
    return "0" if float(text) == 0 else text.replace("-", MINUS)


def fixed_number(value: float) -> str:
    """A number whose width keeps still while it changes: six significant digits, zeros kept.

    An int is a count and shown in full.
    """
    if isinstance(value, int):
        return whole_number(value)
    if not math.isfinite(value):
        return number(value)
    has_long_exponent = value != 0 and not 1e-99 <= abs(value) < 1e99
    digits = STEADY_DIGITS - 1 if has_long_exponent else STEADY_DIGITS
    mantissa, e, power = f"{value + 0.0:#.{digits}g}".partition("e")  # + 0.0 makes 0 of -0
    text = f"{mantissa}e{int(power)}" if e else mantissa.rstrip(".")
    return text.replace("-", MINUS)


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str, *, integer: bool = False) -> float | None:
    """The finite number that a person typed, or None.

    Takes a decimal comma or point, exponents, a typographic minus, full-width characters, and
    1,234.5 with separated thousands. One comma before three digits separates thousands only
    where a whole number is meant.
    """
    import unicodedata  # only here: nobody types before the first paint

    plain = unicodedata.normalize("NFKC", text).replace("。", ".").replace(MINUS, "-")
    plain = "".join(plain.split())
    grouped = _THOUSANDS.fullmatch(plain)
    if grouped and (integer or plain.count(",") > 1 or "." in plain):
        plain = plain.replace(",", "")
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def shortened(text: str, most: int = 22) -> str:
    """A name with its middle left out where it is longer than ``most`` characters."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def loss_symbol(kind: str) -> str:
    """What formulas and axes call a loss."""
    return {
        "mse": translate("Message", "MSE"),
        "half_mse": translate("Message", "½ MSE"),
        "mae": translate("Message", "MAE"),
        "huber": translate("Message", "Huber"),
        "log_loss": translate("Message", "log loss"),
    }[kind]


def loss_text(problem: Problem) -> str:
    """A loss with what it depends on, such as ``Huber δ = 0.25`` or ``MSE λ₂ = 0.1``."""
    neuron, penalty = problem.neuron, problem.penalty
    numbers = {
        DELTA.symbol: neuron.delta if neuron.loss_kind == "huber" else 0.0,
        L2.symbol: penalty.l2,
        L1.symbol: penalty.l1,
    }
    given = (f"{symbol} = {number(value)}" for symbol, value in numbers.items() if value)
    return " ".join((loss_symbol(neuron.loss_kind), *given))


def losses_apart(snapshot: Snapshot) -> tuple[str, ...]:
    """What each run minimises, where it is not the same for all and its name does not say it."""
    problems = [snapshot.problem_of(run) for run in snapshot.runs]
    texts = [loss_text(problem) for problem in problems]
    symbols = [loss_symbol(problem.neuron.loss_kind).casefold() for problem in problems]
    is_one = len(set(texts)) == 1
    return tuple(
        "" if is_one or symbol in run.name.casefold() else text
        for run, symbol, text in zip(snapshot.runs, symbols, texts, strict=True)
    )


def batch_text(place: Place, n: int) -> str:
    """The epoch and the batch of a row of a run on ``n`` points."""
    if place.size is None:
        return translate("NumbersPanel", "full batch · {n} points").format(n=whole_number(n))
    text = translate("NumbersPanel", "epoch {epoch} · batch {batch} of {batches} · {size} points")
    return text.format(
        epoch=place.epoch + 1,
        batch=place.batch + 1,
        batches=place.batches,
        size=whole_number(place.size),
    )


def optimum_name(problem: Problem) -> str:
    """What the optimum of a problem is called, and how sure it is."""
    optimum = problem.optimum
    if optimum.certainty is Certainty.FOUND:
        return translate("Message", "best found")
    if optimum.certainty is Certainty.APPROXIMATE:
        return translate("Message", "≈ optimum")
    if problem.is_quadratic and not problem.penalty:
        return translate("Message", "least squares")
    return translate("Message", "optimum")


def spec_name(spec: Spec) -> str:
    """What a setting is called."""
    return translate("Spec", spec.label)


def spec_label(spec: Spec) -> str:
    """What a setting is called, with the symbol that formulas use for it."""
    return f"{spec_name(spec)} {spec.symbol}".rstrip()


def spec_help(spec: Spec) -> str:
    """What a setting does."""
    return translate("Spec", spec.help)


def tutorial_title(name: str) -> str:
    """The title of a tutorial with its number, such as ``Tutorial 2 · Step by step``."""
    return translate("Tutorial", "Tutorial {number} · {title}").format(
        number=name.rpartition("-")[2], title=translate("Tutorial", TUTORIALS[name].title)
    )


def tooltip(text: str) -> str:
    """A text as a tooltip that wraps its lines and keeps its line breaks; empty for no text."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<p>{escaped}</p>" if text else ""
