"""What the window remembers from one time to the next: typed, versioned, never in the way."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from PySide6.QtCore import QLocale, QSettings

VERSION = 1
"""Rises when a field changes its meaning; settings of another version are left unread."""

MOST_RECENT_FILES = 8
VERSION_KEY = "version"

ThemeSetting = Literal["system", "light", "dark"]
LanguageSetting = Literal["system", "en", "zh_CN"]
LossAxis = Literal["iterations", "epochs", "points"]
Size = Annotated[float, msgspec.Meta(gt=0, le=100_000)]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the panels stand; the default is the default layout.

    Parameters
    ----------
    shown
        Whether a panel is shown, by its key; one that is not named is as its table says.
    sizes
        Shares of panels in their row and of the rows ``top`` and ``bottom``; pixels of the
        columns ``controls`` and ``right``.
    tab
        Key of the panel that is seen in the right column; empty for the first.
    enlarged
        Key of the panel that has the whole centre; empty for none.
    right_column
        Whether the right column is there; None leaves it to the width of the window.
    """

    shown: dict[str, bool] = field(default_factory=dict)
    sizes: dict[str, Size] = field(default_factory=dict)
    tab: str = ""
    enlarged: str = ""
    right_column: bool | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the window.

    Parameters
    ----------
    geometry
        As ``QWidget.saveGeometry`` gives it; empty for a first start.
    arrangement
        How the panels stand.
    log_loss, loss_axis
        Whether the axis of the losses is logarithmic, and what they are drawn against.
    speed
        Steps per second; None is as fast as it goes.
    folder
        Where the last file was opened or saved; empty for none.
    recent
        Files that were opened, the latest first.
    """

    geometry: bytes = b""
    arrangement: Arrangement = Arrangement()
    theme: ThemeSetting = "system"
    language: LanguageSetting = "system"
    log_loss: bool = True
    loss_axis: LossAxis = "iterations"
    speed: Annotated[float, msgspec.Meta(gt=0)] | None = 10.0
    folder: str = ""
    recent: tuple[str, ...] = ()

    def with_file(self, file: Path) -> Settings:
        """The settings after a file was opened or saved."""
        path = str(file.absolute())
        if not path.isprintable():  # a name that is no Unicode can't be written down
            return self
        others = [other for other in self.recent if other != path]
        recent = (path, *others)[:MOST_RECENT_FILES]
        return replace(self, folder=str(file.absolute().parent), recent=recent)

    def recent_files(self) -> list[Path]:
        """The recent files that are still there."""
        return [path for path in map(Path, self.recent[:MOST_RECENT_FILES]) if path.is_file()]


def load_settings() -> Settings:
    """Settings as they were saved; what is missing or makes no sense has its default."""
    store = QSettings()
    if store.value(VERSION_KEY) != str(VERSION):
        return Settings()
    return Settings(**_valid_fields(store))


def save_settings(settings: Settings) -> None:
    """Remember settings for the next start."""
    store = QSettings()
    store.setValue(VERSION_KEY, str(VERSION))
    for each in fields(Settings):
        store.setValue(each.name, msgspec.json.encode(getattr(settings, each.name)).decode())


def resolved_language(setting: LanguageSetting) -> str:
    """The language to show, ``en`` or ``zh_CN``: any Chinese system gets Simplified Chinese."""
    if setting != "system":
        return setting
    languages = QLocale.system().uiLanguages()
    return "zh_CN" if languages and languages[0].startswith("zh") else "en"


def _valid_fields(store: QSettings) -> dict[str, Any]:
    hints = get_type_hints(Settings, include_extras=True)
    valid = {}
    for each in fields(Settings):
        text = store.value(each.name)
        if not isinstance(text, str):
            continue
        try:
            valid[each.name] = msgspec.json.decode(text.encode(), type=hints[each.name])
        except ValueError:  # not JSON, not of the type, not even Unicode
            continue
    return valid
