"""The races made for you, as the menus offer them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from engine.messages import QT_TRANSLATE_NOOP

COMPARISONS = {
    "rates_1": QT_TRANSLATE_NOOP("Action", "Learning rates 0.01, 0.03, 0.1, 0.3, 1"),
    "rates_2": QT_TRANSLATE_NOOP("Action", "Learning rates 0.2, 0.8, 1.1"),
    "rates_of_the_limit": QT_TRANSLATE_NOOP("Action", "Shares of the stability limit"),
    "optimizers": QT_TRANSLATE_NOOP("Action", "Optimizers"),
    "batch_sizes": QT_TRANSLATE_NOOP("Action", "Batch sizes"),
    "losses": QT_TRANSLATE_NOOP("Action", "Losses"),
    "starts": QT_TRANSLATE_NOOP("Action", "Starts over the surface"),
}
"""What the menus call each of ``engine.comparisons.KINDS``."""


def fill_menu(menu: QMenu, chosen: SignalInstance) -> None:
    """Let a menu offer all of them in the language of now; ``chosen(str)`` gets the key."""
    menu.clear()
    for key, text in COMPARISONS.items():
        action = QAction(QCoreApplication.translate("Action", text), menu)
        action.triggered.connect(partial(_choose, chosen, key))
        menu.addAction(action)


def _choose(chosen: SignalInstance, key: str, _checked: bool = False) -> None:
    chosen.emit(key)
