"""What this is, which version, and what it is made of."""

from __future__ import annotations

import platform

import numpy
import pyqtgraph
from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from engine import __version__


def versions() -> str:
    """Versions of everything that matters for a bug report, one a line."""
    return "\n".join(
        (
            f"Descent Lab {__version__}",
            f"Python {platform.python_version()}",
            f"Qt {qVersion()}, PySide6 {pyside_version}",
            f"pyqtgraph {pyqtgraph.__version__}, NumPy {numpy.__version__}",
            platform.platform(),
        )
    )


class AboutDialog(QDialog):
    """Name, purpose, versions to copy for a bug report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Descent Lab"))
        purpose = QLabel(self.tr("See gradient descent learn, step by step."))
        versions_label = QLabel(versions())
        versions_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        licence = QLabel(self.tr("MIT licence. Qt is used under the LGPL, as dynamic libraries."))
        licence.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton(self.tr("Copy versions"))
        copy.clicked.connect(self._copy)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (purpose, versions_label, licence, buttons):
            layout.addWidget(widget)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(versions())
