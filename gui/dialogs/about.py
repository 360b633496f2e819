"""What this is, which version, what it is made of, and under which licences."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import contourpy
import msgspec
import numpy
import pyqtgraph
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QSize, Qt, Slot, qVersion
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

import resources
from engine import __version__

SIZE = QSize(880, 600)
ICON_PX = 64
TITLE_POINTS = 6
"""How much larger than the rest the name is."""


@dataclass(frozen=True, slots=True)
class Component:
    """Something that is bundled: its name with the version, its licence in short and in full."""

    name: str
    licence: str
    files: tuple[Path, ...]

    def text(self) -> str:
        """The full text of the licence."""
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in self.files]
        return "\n\n".join(texts)


def components() -> list[Component]:
    """Everything that is bundled, in the order in which it is shown.

    ``resources/licences/index.json`` lists it; the libraries of the operating system that a
    packaged program brings lie in ``system`` beside it.
    """
    folder = resources.path("licences")
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    listed = [
        Component(
            f"{each['name']} {each['version']}",
            each["licence"],
            tuple(folder / name for name in each["files"]),
        )
        for each in index
    ]
    system = sorted((folder / "system").glob("*.txt"))
    return [*listed, *(Component(file.stem, "", (file,)) for file in system)]


def versions() -> str:
    """Versions of everything that matters for a bug report, one a line."""
    kind = "packaged" if getattr(sys, "frozen", False) else "from source or wheel"
    return "\n".join(
        (
            f"Descent Lab {__version__} ({kind})",
            f"Python {platform.python_version()}",
            f"Qt {qVersion()}, PySide6 {pyside_version}",
            f"pyqtgraph {pyqtgraph.__version__}, NumPy {numpy.__version__}",
            f"contourpy {contourpy.__version__}, msgspec {msgspec.__version__}",
            platform.platform(),
        )
    )


class AboutDialog(QDialog):
    """Name, purpose, versions to copy for a bug report, and the licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._components = components()
        self.setWindowTitle(self.tr("About Descent Lab"))
        self.tabs = QTabWidget()
        self.tabs.addTab(self._versions_page(), self.tr("Versions"))
        self.tabs.addTab(self._licences_page(), self.tr("Licences"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = QPushButton(self.tr("Copy versions"))
        self.copy_button.clicked.connect(self._copy)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(self._header())
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)
        self.resize(SIZE)

    def _header(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(
            QGuiApplication.windowIcon().pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF())
        )
        name = QLabel("Descent Lab")
        font = QFont(name.font())
        font.setPointSizeF(font.pointSizeF() + TITLE_POINTS)
        font.setBold(True)
        name.setFont(font)
        version = QLabel(self.tr("Version {version}").format(version=__version__))
        purpose = QLabel(self.tr("See gradient descent learn, step by step."))
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (name, version, purpose):
            words.addWidget(label)
        header = QHBoxLayout()
        header.setContentsMargins(4, 4, 4, 8)
        header.setSpacing(14)
        header.addWidget(picture)
        header.addLayout(words, 1)
        return header

    def _versions_page(self) -> QWidget:
        self.versions = QLabel(versions())
        self.versions.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.versions.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.versions.setWordWrap(True)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addWidget(_paragraph(self.tr("A bug report needs these lines: copy them into it.")))
        layout.addWidget(self.versions, 1)
        return page

    def _licences_page(self) -> QWidget:
        self.list, self.text = QListWidget(), QPlainTextEdit()
        self.list.addItems([each.name for each in self._components])
        self.list.setAccessibleName(self.tr("What is bundled"))
        self.list.setFixedWidth(
            self.list.sizeHintForColumn(0)
            + self.list.verticalScrollBar().sizeHint().width()
            + 2 * self.list.frameWidth()
            + 8
        )
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setAccessibleName(self.tr("Text of the licence"))
        self.list.currentRowChanged.connect(self._show_licence)
        self.list.setCurrentRow(0)
        both = QHBoxLayout()
        both.addWidget(self.list)
        both.addWidget(self.text, 1)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addWidget(
            _paragraph(
                self.tr(
                    "Descent Lab is under the MIT licence. Qt is used under the LGPL, version 3, "
                    "as dynamic libraries: separate files that you may replace by your own."
                )
            )
        )
        layout.addLayout(both, 1)
        return page

    @Slot(int)
    def _show_licence(self, row: int) -> None:
        component = self._components[row]
        heading = f"{component.name}\n{component.licence}".strip()
        self.text.setPlainText(f"{heading}\n\n{component.text()}")

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(versions())


def _paragraph(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label
