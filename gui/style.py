"""The look of the program: two themes, the palette, a restrained style sheet and the fonts."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

import resources

CJK_FAMILIES = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC")
"""Families with Simplified Chinese glyphs; without them Qt falls back to Japanese shapes."""

HALF_LIGHT = 128
FUSION_DARKER = 140  # per cent

TITLE_POINTS = 2.5
"""By how many points a title over a plot or a panel is larger than other text."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #RRGGBB; the marks of the plots are Okabe–Ito, lighter on dark.

    ``window`` … ``border`` colour the widgets; ``plot`` … ``cursor`` what all plots share;
    ``data`` … ``difference`` are marks that mean the same in every plot (``second`` the points
    of class 1); ``good``, ``warning`` and ``danger`` are states of a run. ``heat_opacity`` is
    how much of cividis covers the plot.
    """

    name: str
    window: str
    panel: str
    field: str
    button: str
    text: str
    faint: str
    disabled: str
    border: str
    accent: str
    on_accent: str
    plot: str
    axis: str
    grid: str
    minor_grid: str
    contour: str
    cursor: str
    rim: str
    data: str
    second: str
    fit: str
    residual: str
    optimum: str
    ghost: str
    beyond: str
    truth: str
    tangent: str
    difference: str
    good: str
    warning: str
    danger: str
    heat_opacity: float

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    window="#F3F5F8",
    panel="#EBEEF2",
    field="#FFFFFF",
    button="#FBFCFD",
    text="#1F2429",
    faint="#5C646D",
    disabled="#9AA1A9",
    border="#CDD3DA",
    accent="#2F7FC4",
    on_accent="#FFFFFF",
    plot="#FFFFFF",
    axis="#3A4148",
    grid="#DFE3E8",
    minor_grid="#F0F2F5",
    contour="#5F666E",
    cursor="#2B3036",
    rim="#FFFFFF",
    data="#0072B2",
    second="#E69F00",
    fit="#D55E00",
    residual="#F3C9A9",
    optimum="#009E73",
    ghost="#8E7CC3",
    beyond="#8A929B",
    truth="#8A3F7A",
    tangent="#2468A6",
    difference="#6F42C1",
    good="#007A59",
    warning="#9A5B00",
    danger="#B3261E",
    heat_opacity=0.5,
)

DARK = Theme(
    name="dark",
    window="#25282F",
    panel="#2A2E36",
    field="#1B1E22",
    button="#343943",
    text="#E3E6EA",
    faint="#A0A8B1",
    disabled="#6B727B",
    border="#3F4550",
    accent="#4A9BE3",
    on_accent="#0E1216",
    plot="#1C1F23",
    axis="#C3C8CE",
    grid="#343940",
    minor_grid="#24282D",
    contour="#AEB4BB",
    cursor="#DADDE1",
    rim="#FFFFFF",
    data="#56B4E9",
    second="#F0C04A",
    fit="#FF8C42",
    residual="#6B4227",
    optimum="#2BC49A",
    ghost="#A99BD6",
    beyond="#9AA1A9",
    truth="#E39BD0",
    tangent="#6CB4F0",
    difference="#BFA0FF",
    good="#2BC49A",
    warning="#F0B04A",
    danger="#FF7B72",
    heat_opacity=0.55,
)


def system_theme() -> Theme:
    """The theme that the desktop asks for; light where it says nothing."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def theme_of(colours: QPalette) -> Theme:
    """The theme that a widget with a palette is drawn in."""
    return DARK if colours.window().color().lightness() < HALF_LIGHT else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program a theme; can be called again at any time."""
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
    app.setFont(_with_cjk(app.font()))


def mix(first: str, second: str, share: float) -> QColor:
    """An opaque colour: ``share`` of the first over the second (opaque pens paint fast)."""
    a, b = QColor(first), QColor(second)
    return QColor.fromRgbF(
        share * a.redF() + (1 - share) * b.redF(),
        share * a.greenF() + (1 - share) * b.greenF(),
        share * a.blueF() + (1 - share) * b.blueF(),
    )


def palette(theme: Theme) -> QPalette:
    """The theme as a palette, from which Fusion draws everything it draws itself."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.faint,
        role.Button: theme.button,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.ToolTipBase: theme.field,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.field if not theme.is_dark else theme.border,
        role.Midlight: theme.panel,
        role.Mid: theme.border,
        role.Dark: theme.disabled if not theme.is_dark else "#15181B",
        role.Shadow: "#8D949C" if not theme.is_dark else "#0B0D0F",
    }
    result = QPalette()
    for key, colour in colours.items():
        result.setColor(key, QColor(colour))
    _disable(result, theme)
    return result


def frame_palette(theme: Theme) -> QPalette:
    """What a box gets on the ground of a plot, where its frame would not be seen on dark.

    Fusion frames a box in the colour of the window, darkened to 1/1.4 of its value.
    """
    result = QPalette()
    result.setColor(QPalette.ColorRole.Window, QColor(theme.border).lighter(FUSION_DARKER))
    return result


def _disable(target: QPalette, theme: Theme) -> None:
    role, disabled = QPalette.ColorRole, QPalette.ColorGroup.Disabled
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        target.setColor(disabled, key, QColor(theme.disabled))
    target.setColor(disabled, role.Base, QColor(theme.panel))
    target.setColor(disabled, role.Button, QColor(theme.panel))
    target.setColor(disabled, role.Highlight, QColor(theme.border))


def style_sheet(theme: Theme) -> str:
    """What a palette can't say. Boxes with native arrows (combo, spin) are left to Fusion."""
    sheet = _SHEET
    for field in fields(theme):
        sheet = sheet.replace(f"@{field.name};", f"{getattr(theme, field.name)};")
    return sheet.replace("@check;", resources.path("icons", "check.svg").as_posix())


def _with_cjk(font: QFont) -> QFont:
    # An alias such as "Sans Serif" in a list of families would itself resolve to a CJK font.
    own = QFontInfo(font).family()
    result = QFont(font)
    result.setFamilies([own, *(family for family in CJK_FAMILIES if family != own)])
    return result


_SHEET = """
QGroupBox {
    background-color: @panel;
    border: 1px solid @border;
    border-radius: 6px;
    margin-top: 1.6em;
    padding: 4px 2px 2px 2px;
}
QGroupBox::title {
    subcontrol-origin: margin;
    subcontrol-position: top left;
    padding: 0 2px 3px 2px;
    color: @text;
}
QGroupBox::title:disabled { color: @disabled; }
QSlider:horizontal { min-height: 20px; }
QSlider::groove:horizontal {
    height: 4px;
    border-radius: 2px;
    background: @border;
}
QSlider::sub-page:horizontal {
    border-radius: 2px;
    background: @accent;
}
QSlider::handle:horizontal {
    width: 14px;
    height: 14px;
    margin: -6px 0;
    border: 1px solid @disabled;
    border-radius: 8px;
    background: @button;
}
QSlider::handle:horizontal:hover { border-color: @accent; }
QSlider::handle:horizontal:focus { border: 2px solid @accent; width: 12px; height: 12px; }
QSlider::sub-page:horizontal:disabled { background: @disabled; }
QSlider::handle:horizontal:disabled { background: @panel; border-color: @border; }
QCheckBox::indicator, QListView::indicator {
    width: 13px;
    height: 13px;
    border: 1px solid @faint;
    border-radius: 3px;
    background: @field;
}
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: @accent; }
QCheckBox::indicator:checked, QListView::indicator:checked {
    border-color: @accent;
    background: @accent;
    image: url("@check;");
}
QCheckBox::indicator:disabled { border-color: @border; background: @panel; }
QToolTip {
    color: @text;
    background-color: @field;
    border: 1px solid @border;
    padding: 3px;
}
QFrame#notice { background-color: @field; border: none; border-bottom: 2px solid @warning; }
QFrame#card { background-color: @panel; border: 1px solid @border; border-radius: 6px; }
QLabel#badge { background-color: @accent; color: @on_accent; border-radius: 10px; }
QSplitter::handle { background-color: @window; }
QMenuBar { background-color: @window; }
QStatusBar::item { border: none; }
QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 3px; }
QToolButton:hover { background-color: @panel; border-color: @border; }
QToolButton:pressed, QToolButton:checked { background-color: @border; }
QToolButton:focus { border-color: @accent; }
"""
