"""The about box tells versions and licences, in the language of the window."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from engine import __version__
from gui.dialogs.about import AboutDialog, components, versions
from gui.i18n import set_language


@pytest.fixture
def dialog(qtbot: QtBot) -> AboutDialog:
    about = AboutDialog()
    qtbot.addWidget(about)
    about.open()
    qtbot.waitExposed(about)
    return about


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    set_language(qapp, "zh_CN")
    yield
    set_language(qapp, "en")


def test_versions_name_what_matters_for_a_bug_report() -> None:
    lines = versions().splitlines()
    assert lines[0] == f"Descent Lab {__version__} (from source or wheel)"
    assert f"Python {platform.python_version()}" in lines
    for name in ("Qt ", "PySide6 ", "pyqtgraph ", "NumPy ", platform.system()):
        assert name in versions()


def test_versions_can_be_copied(dialog: AboutDialog, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == versions()


def test_the_header_has_icon_name_and_version(dialog: AboutDialog) -> None:
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Descent Lab" in texts
    assert f"Version {__version__}" in texts


def test_every_component_shows_its_licence(dialog: AboutDialog) -> None:
    dialog.tabs.setCurrentIndex(1)
    for row, component in enumerate(components()):
        dialog.list.setCurrentRow(row)
        text = dialog.text.toPlainText()
        assert text.startswith(f"{component.name}\n{component.licence}")
        assert len(text) > 500, component.name


def test_qt_says_that_it_can_be_replaced() -> None:
    (qt,) = (each for each in components() if each.name.startswith("PySide6-Essentials"))
    assert "LGPL-3.0-only" in qt.licence
    assert "can be replaced" in qt.text()
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.text()


def test_close_closes(dialog: AboutDialog, qtbot: QtBot) -> None:
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    close = buttons.button(QDialogButtonBox.StandardButton.Close)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


@pytest.mark.usefixtures("chinese")
def test_it_speaks_chinese(qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    assert about.windowTitle() == "关于 Descent Lab"
    assert [about.tabs.tabText(page) for page in range(2)] == ["版本", "许可证"]
