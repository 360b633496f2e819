"""The themes: contrast, completeness, and what they do to the application."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from gui.style import (
    CJK_FAMILIES,
    DARK,
    LIGHT,
    Theme,
    apply_theme,
    mix,
    style_sheet,
    system_theme,
)

themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _rgb(colour: str) -> tuple[float, float, float]:
    value = QColor(colour)
    return value.redF(), value.greenF(), value.blueF()


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.1."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@themes
@pytest.mark.parametrize("ground", ["window", "panel", "field", "button", "plot"])
@pytest.mark.parametrize("ink", ["text", "faint"])
def test_text_is_readable_on_every_ground(theme: Theme, ground: str, ink: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5  # WCAG 2.1, AA


@themes
@pytest.mark.parametrize("state", ["good", "warning", "danger"])
def test_states_are_readable(theme: Theme, state: str) -> None:
    for ground in (theme.window, theme.panel, theme.plot):
        assert contrast(getattr(theme, state), ground) >= 4.5


@themes
@pytest.mark.parametrize(
    "mark", ["data", "fit", "optimum", "truth", "tangent", "difference", "cursor"]
)
def test_marks_stand_out_from_the_plot(theme: Theme, mark: str) -> None:
    assert contrast(getattr(theme, mark), theme.plot) >= 3  # WCAG 2.1 for graphics


def test_marks_are_okabe_and_itos() -> None:
    assert (LIGHT.data, LIGHT.fit, LIGHT.optimum) == ("#0072B2", "#D55E00", "#009E73")


@themes
def test_every_colour_is_one(theme: Theme) -> None:
    for field in fields(theme):
        value = getattr(theme, field.name)
        if field.name not in ("name", "heat_opacity"):
            assert re.fullmatch("#[0-9A-F]{6}", value), field.name


@themes
def test_the_sheet_names_no_colour_that_there_is_not(theme: Theme) -> None:
    assert "@" not in style_sheet(theme)


@themes
def test_applying_a_theme_colours_the_application(qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
    disabled = qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(theme.disabled)


def test_fonts_have_chinese_families_behind_their_own(qapp: QApplication) -> None:
    own = QFontInfo(qapp.font()).family()  # what an alias such as "Sans Serif" stands for
    apply_theme(qapp, LIGHT)
    apply_theme(qapp, DARK)
    assert qapp.font().families() == [own, *CJK_FAMILIES]


def test_the_systems_theme_is_one_of_the_two() -> None:
    assert system_theme() in (LIGHT, DARK)


def test_mixing_is_between() -> None:
    assert mix("#000000", "#FFFFFF", 0.0) == QColor("#FFFFFF")
    assert mix("#000000", "#FFFFFF", 1.0) == QColor("#000000")
    assert mix("#000000", "#FFFFFF", 0.5).red() == pytest.approx(127.5, abs=1)
