"""Shown plots for the tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from engine.live.snapshot import Snapshot
from gui.views.plot import PlotView
from tests.gui.conftest import show_widget

View = TypeVar("View", bound=PlotView)
Show = Callable[[type[View], Snapshot], View]


@pytest.fixture
def show(qtbot: QtBot) -> Show[PlotView]:
    """Shows a view of a kind with a snapshot, 600 × 400."""

    def begin(kind: type[View], snapshot: Snapshot) -> View:
        view = kind()
        show_widget(qtbot, view, 600, 400)
        view.draw(snapshot)
        return view

    return begin
