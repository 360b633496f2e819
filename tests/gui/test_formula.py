from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from engine.descent.formulas import (
    ACTIVATION_SLOPES,
    LOSS_SLOPES,
    LOSSES,
    PREDICTIONS,
    UPDATES,
    formulas_of,
)
from engine.problem.neuron import Neuron
from engine.problem.penalty import Penalty
from gui.formula import indexed, rich, rich_lines


@pytest.mark.parametrize(
    ("formula", "html"),
    [
        ("ŷ = b + w·x", "<i>ŷ</i> = <i>b</i> + <i>w</i>·<i>x</i>"),
        ("m̂ = m/(1 − β₁ᵗ)", "<i>m̂</i> = <i>m</i>/(1 − <i>β</i><sub>1</sub><sup><i>t</i></sup>)"),
        ("ŷ = tanh(z)", "<i>ŷ</i> = tanh(<i>z</i>)"),
        ("g²", "<i>g</i><sup>2</sup>"),
        ("1/(1 + e⁻ᶻ)", "1/(1 + <i>e</i><sup>−<i>z</i></sup>)"),
        ("H⁺·g", "<i>H</i><sup>+</sup>·<i>g</i>"),
        ("Δθ", "Δ<i>θ</i>"),
        ("∂L/∂w₁₂", "∂<i>L</i>/∂<i>w</i><sub>12</sub>"),
        ("Σᵢ ℓᵢ", "Σ<sub><i>i</i></sub> ℓ<sub><i>i</i></sub>"),
        ("a > δ,  b < 1", "<i>a</i> &gt; <i>δ</i>,&nbsp; <i>b</i> &lt; 1"),
    ],
)
def test_a_formula_is_set_as_in_print(formula: str, html: str) -> None:
    assert rich(formula) == html


def test_a_number_goes_below_the_line() -> None:
    assert [indexed(name) for name in ("b", "w", "w1", "w20")] == ["b", "w", "w₁", "w₂₀"]


@pytest.mark.usefixtures("qapp")
def test_no_sign_of_any_formula_is_lost() -> None:
    all_lines = [*PREDICTIONS.values(), *ACTIVATION_SLOPES.values()]
    for table in (LOSSES, LOSS_SLOPES):
        all_lines += [line for lines in table.values() for line in lines]
    all_lines += [line for update in UPDATES.values() for line in update.lines]
    whole = formulas_of(Neuron("tanh", "mse"), Penalty(0.1, 0.1), 12, "gd", 0.1)
    all_lines += [*whole.predict, *whole.loss, *whole.gradient, *whole.factors, *whole.update]
    below_and_above = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼ²⁺⁻ᵗᶻ", "0123456789ij2+−tz")
    document = QTextDocument()
    document.setHtml(rich_lines(all_lines))
    shown = document.toPlainText().replace("\u00a0", " ").splitlines()
    assert shown == [line.translate(below_and_above) for line in all_lines]
