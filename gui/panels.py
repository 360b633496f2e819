"""Every panel once: what it is called, where it stands, how it is made.

To add one, write its widget in a module of its own and add an entry to ``PANELS``; its key is then
in the settings, its title in View ▸ Panels, and the smoke test opens it. What the widget has to
offer is ``Panel``; what it may offer besides is in the notes there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from engine.live.snapshot import Snapshot
from engine.messages import QT_TRANSLATE_NOOP
from gui.style import Theme

ENLARGE_KEY, FOLD_KEYS = "E", "Ctrl+B"
"""Keys that enlarge a panel, and that hide the right column."""

CONDITIONING = "conditioning"
"""Key of the panel whose directions the loss surface shows along with it."""

Area = Literal["top", "bottom", "right", "whole"]
Pace = Literal["frame", "follow", "turn"]


@runtime_checkable
class Panel(Protocol):
    """What a panel's widget offers.

    Notes
    -----
    It may also have

    - ``tools``, a ``QHBoxLayout`` at the right of its own title line, into which the buttons of
      the frame then go; a widget without it gets a title line from the frame;
    - ``at_ratio(ratio)``, a context manager that paints it at another resolution for a picture;
    - ``set_looks(looks)``, called with the looks of the runs and which of them are to be shown;
    - ``show_experiment(experiment, settings, selected)``, called when what is asked for changes;
    - signals that the window knows and connects: see ``MainWindow._on_panel_made``.
    """

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot; called only while the panel is visible."""

    def set_theme(self, theme: Theme) -> None:
        """Change all colours; called whether the panel is visible or not."""


@dataclass(frozen=True, slots=True)
class PanelInfo:
    """One panel.

    Parameters
    ----------
    key
        Its name in the code and in the settings.
    title
        What its frame, its tab and the menu say; context ``Panel``.
    area
        ``top`` and ``bottom`` are the rows of the centre, ``right`` are the tabs of the column
        beside it; a ``whole`` panel takes the place of both rows while it is shown.
    make
        Makes its widget, which has to be a ``Panel``; called when it is shown for the first time.
        Import the module only there.
    shown
        Whether it is shown at first; a ``whole`` panel never is.
    pace
        When it is drawn while a run is playing: with every ``frame``; behind it, where one panel
        can ``follow`` each frame and further ones when there is time; or a few times in a second,
        when it is its ``turn``. A panel with a clock of its own takes every frame.
    shortcut
        Shows and hides it; empty for none.
    least
        Width and height in pixels under which it is of no use; the centre scrolls before.
    """

    key: str
    title: str
    area: Area
    make: Callable[[], QWidget]
    shown: bool = True
    pace: Pace = "frame"
    shortcut: str = ""
    least: tuple[int, int] = (160, 170)

    @property
    def action(self) -> str:
        """Key of the action that shows and hides it."""
        return f"panel_{self.key}"

    def translated_title(self) -> str:
        """The title in the language of the window."""
        return QCoreApplication.translate("Panel", self.title)


def _fit() -> QWidget:
    from gui.views.fit import FitView

    return FitView()


def _surface() -> QWidget:
    from gui.views.surface import SurfaceView

    return SurfaceView()


def _loss() -> QWidget:
    from gui.views.loss import LossView

    return LossView()


def _sections() -> QWidget:
    from gui.views.sections import SectionsView

    return SectionsView()


def _numbers() -> QWidget:
    from gui.numbers_panel import NumbersPanel

    return NumbersPanel()


def _surface3d() -> QWidget:
    from gui.views.surface3d import Surface3D

    return Surface3D()


def _log() -> QWidget:
    from gui.log_panel import LogPanel

    return LogPanel()


def _steps() -> QWidget:
    from gui.steps_panel import StepsPanel

    return StepsPanel()


def _conditioning() -> QWidget:
    from gui.conditioning_panel import ConditioningPanel

    return ConditioningPanel()


def _runs() -> QWidget:
    from gui.runs_panel import RunsPanel

    return RunsPanel()


def _results() -> QWidget:
    from gui.results_panel import ResultsPanel

    return ResultsPanel()


def _scales() -> QWidget:
    from gui.views.scales import ScalesView

    return ScalesView()


PANELS = (
    PanelInfo("fit", QT_TRANSLATE_NOOP("Panel", "Data and fit"), "top", _fit, shortcut="Ctrl+1"),
    PanelInfo(
        "surface", QT_TRANSLATE_NOOP("Panel", "Loss surface"), "top", _surface, shortcut="Ctrl+2"
    ),
    PanelInfo(
        "surface3d",
        QT_TRANSLATE_NOOP("Panel", "Loss surface in 3-D"),
        "top",
        _surface3d,
        shown=False,
        shortcut="Ctrl+5",
        least=(260, 220),
    ),
    PanelInfo("loss", QT_TRANSLATE_NOOP("Panel", "Loss"), "bottom", _loss, shortcut="Ctrl+3"),
    PanelInfo(
        "log",
        QT_TRANSLATE_NOOP("Panel", "Log"),
        "bottom",
        _log,
        shown=False,
        pace="follow",
        shortcut="Ctrl+6",
        least=(320, 170),
    ),
    PanelInfo(
        "sections",
        QT_TRANSLATE_NOOP("Panel", "Cross-sections"),
        "bottom",
        _sections,
        shown=False,
        pace="follow",
        shortcut="Ctrl+8",
        least=(400, 190),
    ),
    PanelInfo(
        "numbers",
        QT_TRANSLATE_NOOP("Panel", "Numbers"),
        "right",
        _numbers,
        pace="follow",
        shortcut="Ctrl+4",
    ),
    PanelInfo(
        "steps",
        QT_TRANSLATE_NOOP("Panel", "This step"),
        "right",
        _steps,
        pace="follow",
        shortcut="Ctrl+7",
    ),
    PanelInfo(
        CONDITIONING,
        QT_TRANSLATE_NOOP("Panel", "Conditioning"),
        "right",
        _conditioning,
        shown=False,
        pace="turn",
        shortcut="Ctrl+K",
    ),
    PanelInfo(
        "runs",
        QT_TRANSLATE_NOOP("Panel", "Runs"),
        "right",
        _runs,
        shown=False,
        pace="turn",
        shortcut="Ctrl+9",
    ),
    PanelInfo(
        "results",
        QT_TRANSLATE_NOOP("Panel", "Results"),
        "bottom",
        _results,
        shown=False,
        pace="turn",
        shortcut="Ctrl+0",
        least=(230, 130),
    ),
    PanelInfo(
        "scales",
        QT_TRANSLATE_NOOP("Panel", "Three feature scales"),
        "whole",
        _scales,
        shown=False,
        pace="follow",
        shortcut="Ctrl+T",
        least=(480, 300),
    ),
)
"""All panels, in the order in which they stand."""
