"""The language of the window, changed while it is open."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

import resources

LANGUAGES = ("en", "zh_CN")

_installed: list[QTranslator] = []


def set_language(app: QApplication, language: str) -> None:
    """Install the translations of a language, ours and Qt's own; English needs none."""
    for translator in _installed:
        app.removeTranslator(translator)
        translator.deleteLater()
    _installed.clear()
    QLocale.setDefault(QLocale(language))
    if language == "en":
        return
    own = str(resources.path("i18n", f"descent-lab_{language}.qm"))
    qt = f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_{language}.qm"
    for file in (qt, own):
        translator = QTranslator(app)
        if translator.load(file):
            app.installTranslator(translator)
            _installed.append(translator)
