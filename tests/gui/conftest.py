"""Windows for the tests: real ones, closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from engine.experiment import Experiment
from engine.files.experiments import experiment_from, preset
from gui.i18n import set_language
from gui.main_window import MainWindow
from gui.settings import Settings

WAIT_MS = 10_000

OpenWindow = Callable[..., MainWindow]


def tutorial_2(**keys: Any) -> Experiment:
    """Tutorial 2 with some keys of the file overridden."""
    data = {"source": "tutorial", "name": "tutorial-2"}
    return experiment_from({"format": 1, "data": data} | keys)


@pytest.fixture(autouse=True)
def own_look(qapp: QApplication) -> Iterator[None]:
    """Gives the application its look back after a test that themes it, as every window does."""
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    yield
    if qapp.styleSheet() != sheet:
        qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def show_widget(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    """Show a widget by itself, so many pixels large, until the test is over."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[OpenWindow]:
    """Opens windows in English and light, as fast as it goes, and closes them without asking."""
    windows: list[MainWindow] = []

    def begin(experiment: Experiment | None = None, **settings: Any) -> MainWindow:
        chosen = replace(Settings(theme="light", language="en", speed=None), **settings)
        window = MainWindow(chosen, remember=False)
        windows.append(window)
        window.resize(1200, 800)
        with qtbot.waitSignal(window.session.snapshot_ready, timeout=WAIT_MS):
            window.session.open(experiment or preset("tutorial-2"))
        with qtbot.waitActive(window):
            window.show()
        return window

    yield begin
    for window in windows:
        if isValid(window):  # a test may have closed it
            window.session.mark_saved()
            window.close()
    windows.clear()  # pytest keeps what a fixture handed out, and so would keep its windows
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    set_language(app, "en")
