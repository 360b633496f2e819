"""Every action once: menus, shortcuts and their test all come from this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from engine.messages import QT_TRANSLATE_NOOP
from gui.comparisons import COMPARISONS
from gui.panels import ENLARGE_KEY, FOLD_KEYS, PANELS

translate = QCoreApplication.translate

StandardKey = QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """One action.

    Parameters
    ----------
    key
        Its name in the code, and its ``objectName``.
    text
        What the menu says; context ``Action``.
    menu
        Key of the menu it stands in.
    shortcut
        A key sequence or a standard key; empty for none.
    group
        Actions of one group are checkable and exclude each other.
    """

    key: str
    text: str
    menu: str
    shortcut: str | QKeySequence.StandardKey = ""
    checkable: bool = False
    group: str = ""
    separator_before: bool = False


@dataclass(frozen=True, slots=True)
class MenuInfo:
    """A menu, or a submenu of ``parent``."""

    key: str
    text: str
    parent: str = ""
    separator_before: bool = False


MENUS = (
    MenuInfo("file", QT_TRANSLATE_NOOP("Action", "&File")),
    MenuInfo("edit", QT_TRANSLATE_NOOP("Action", "&Edit")),
    MenuInfo("run", QT_TRANSLATE_NOOP("Action", "&Run")),
    MenuInfo("view", QT_TRANSLATE_NOOP("Action", "&View")),
    MenuInfo("help", QT_TRANSLATE_NOOP("Action", "&Help")),
    MenuInfo("tutorials", QT_TRANSLATE_NOOP("Action", "&Tutorials"), "file"),
    MenuInfo("samples", QT_TRANSLATE_NOOP("Action", "Sa&mple data"), "file"),
    MenuInfo("recent", QT_TRANSLATE_NOOP("Action", "Open &recent"), "file"),
    MenuInfo("compare", QT_TRANSLATE_NOOP("Action", "&Compare"), "run"),
    MenuInfo("panels", QT_TRANSLATE_NOOP("Action", "&Panels"), "view"),
    MenuInfo("theme", QT_TRANSLATE_NOOP("Action", "&Theme"), "view"),
    MenuInfo("language", QT_TRANSLATE_NOOP("Action", "&Language"), "view"),
)

ACTIONS = (
    ActionInfo("tutorial-1", "", "tutorials"),
    ActionInfo("tutorial-2", "", "tutorials"),
    ActionInfo("tutorial-3", "", "tutorials"),
    ActionInfo("tutorial-4", "", "tutorials"),
    ActionInfo("tutorial-5", "", "tutorials"),
    ActionInfo("hubble", QT_TRANSLATE_NOOP("Action", "Hubble 1929: galaxies"), "samples"),
    ActionInfo("cars", QT_TRANSLATE_NOOP("Action", "Ezekiel 1930: stopping cars"), "samples"),
    ActionInfo(
        "open",
        QT_TRANSLATE_NOOP("Action", "&Open experiment…"),
        "file",
        StandardKey.Open,
        separator_before=True,
    ),
    ActionInfo("open_data", QT_TRANSLATE_NOOP("Action", "Open &data…"), "file", "Ctrl+D"),
    ActionInfo(
        "save",
        QT_TRANSLATE_NOOP("Action", "&Save"),
        "file",
        StandardKey.Save,
        separator_before=True,
    ),
    ActionInfo("save_as", QT_TRANSLATE_NOOP("Action", "Save &as…"), "file", "Ctrl+Shift+S"),
    ActionInfo("save_picture", QT_TRANSLATE_NOOP("Action", "Save &picture…"), "file", "Ctrl+E"),
    ActionInfo(
        "quit", QT_TRANSLATE_NOOP("Action", "&Quit"), "file", "Ctrl+Q", separator_before=True
    ),
    ActionInfo("undo", QT_TRANSLATE_NOOP("Action", "&Undo"), "edit", StandardKey.Undo),
    ActionInfo("redo", QT_TRANSLATE_NOOP("Action", "&Redo"), "edit", StandardKey.Redo),
    ActionInfo(
        "copy_numbers",
        QT_TRANSLATE_NOOP("Action", "&Copy numbers"),
        "edit",
        "Ctrl+Shift+C",
        separator_before=True,
    ),
    ActionInfo("toggle", QT_TRANSLATE_NOOP("Action", "&Play or pause"), "run", "Space"),
    ActionInfo("forward", QT_TRANSLATE_NOOP("Action", "One step &forward"), "run", "Right"),
    ActionInfo("back", QT_TRANSLATE_NOOP("Action", "One step &back"), "run", "Left"),
    ActionInfo(
        "start",
        QT_TRANSLATE_NOOP("Action", "To the &start"),
        "run",
        "Home",
        separator_before=True,
    ),
    ActionInfo("end", QT_TRANSLATE_NOOP("Action", "To the &end"), "run", "End"),
    ActionInfo(
        "add_run",
        QT_TRANSLATE_NOOP("Action", "&Add a run"),
        "run",
        "Ctrl+Shift+A",
        separator_before=True,
    ),
    ActionInfo("remove_run", QT_TRANSLATE_NOOP("Action", "&Remove this run"), "run"),
    ActionInfo("previous_run", QT_TRANSLATE_NOOP("Action", "Pre&vious run"), "run", "PgUp"),
    ActionInfo("next_run", QT_TRANSLATE_NOOP("Action", "&Next run"), "run", "PgDown"),
    *(ActionInfo(f"compare_{key}", text, "compare") for key, text in COMPARISONS.items()),
    ActionInfo("reframe", QT_TRANSLATE_NOOP("Action", "&Frame the path"), "view", "F"),
    ActionInfo(
        "log_loss", QT_TRANSLATE_NOOP("Action", "Loss on a lo&garithmic axis"), "view", "L", True
    ),
    *(ActionInfo(panel.action, "", "panels", panel.shortcut, True) for panel in PANELS),
    ActionInfo(
        "enlarge",
        QT_TRANSLATE_NOOP("Action", "&Enlarge the panel under the pointer"),
        "panels",
        ENLARGE_KEY,
        True,
        separator_before=True,
    ),
    ActionInfo(
        "right_column", QT_TRANSLATE_NOOP("Action", "&Right column"), "panels", FOLD_KEYS, True
    ),
    ActionInfo(
        "default_panels",
        QT_TRANSLATE_NOOP("Action", "Restore the &default layout"),
        "panels",
        separator_before=True,
    ),
    ActionInfo(
        "theme_system",
        QT_TRANSLATE_NOOP("Action", "As the system"),
        "theme",
        checkable=True,
        group="theme",
    ),
    ActionInfo(
        "theme_light",
        QT_TRANSLATE_NOOP("Action", "Light"),
        "theme",
        checkable=True,
        group="theme",
    ),
    ActionInfo(
        "theme_dark", QT_TRANSLATE_NOOP("Action", "Dark"), "theme", checkable=True, group="theme"
    ),
    ActionInfo(
        "language_system",
        QT_TRANSLATE_NOOP("Action", "As the system"),
        "language",
        checkable=True,
        group="language",
    ),
    ActionInfo("language_en", "English", "language", checkable=True, group="language"),
    ActionInfo("language_zh_CN", "简体中文", "language", checkable=True, group="language"),
    ActionInfo("about", QT_TRANSLATE_NOOP("Action", "&About Descent Lab"), "help"),
)


class Actions(QObject):
    """The menus of a window, built from the tables.

    Parameters
    ----------
    window
        Owner of the actions; they work wherever in it the focus is.
    handlers
        What each key does; every action of the table needs one.
    texts
        Texts of actions that the table leaves empty.
    """

    def __init__(
        self,
        window: QWidget,
        menu_bar: QMenuBar,
        handlers: dict[str, Callable[[], object]],
        texts: Callable[[str], str],
    ) -> None:
        super().__init__(window)
        self._texts = texts
        self._menus: dict[str, QMenu] = {}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        for info in ACTIONS:
            self._add(window, info, handlers[info.key])
        for menu in MENUS:
            self._menus[menu.key] = QMenu(menu_bar)
            if not menu.parent:
                menu_bar.addMenu(self._menus[menu.key])
        self._fill()
        self.retranslate()

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def menu(self, key: str) -> QMenu:
        """A menu by its key."""
        return self._menus[key]

    def retranslate(self) -> None:
        """Write every text in the language that is installed now."""
        for menu in MENUS:
            self._menus[menu.key].setTitle(translate("Action", menu.text))
        for info in ACTIONS:
            text = translate("Action", info.text) if info.text else self._texts(info.key)
            self._actions[info.key].setText(text)

    def _add(self, window: QWidget, info: ActionInfo, handler: Callable[[], object]) -> None:
        action = QAction(window)
        action.setObjectName(info.key)
        if info.shortcut:
            action.setShortcut(QKeySequence(info.shortcut))
        action.setCheckable(info.checkable)
        if info.group:
            group = self._groups.setdefault(info.group, QActionGroup(self))
            group.addAction(action)
        action.triggered.connect(lambda _checked=False: handler())
        window.addAction(action)
        self._actions[info.key] = action

    def _fill(self) -> None:
        for menu in MENUS:
            if menu.parent == "file":
                self._menus["file"].addMenu(self._menus[menu.key])
        for info in ACTIONS:
            if info.separator_before:
                self._menus[info.menu].addSeparator()
            self._menus[info.menu].addAction(self._actions[info.key])
        for parent in ("run", "view"):
            self._menus[parent].addSeparator()
            for menu in MENUS:
                if menu.parent == parent:
                    self._menus[parent].addMenu(self._menus[menu.key])
