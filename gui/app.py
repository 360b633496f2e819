"""From an experiment to a window that is open, or to a picture of it."""

from __future__ import annotations

import gc
import signal
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import resources
from engine import __version__
from engine.experiment import Experiment
from engine.live.snapshot import Snapshot
from engine.messages import Message
from gui.garbage import GarbageCollector
from gui.i18n import set_language
from gui.main_window import MainWindow
from gui.settings import (
    LanguageSetting,
    Settings,
    ThemeSetting,
    load_settings,
    resolved_language,
)

SETTLE_MS = 60
"""How long a window may take to lay itself out before its picture is taken."""

SWITCH_INTERVAL_S = 0.001
"""How long the engine keeps the interpreter while the window waits for it; 5 ms can be felt."""

BAD_INPUT = 2


def create_application() -> QApplication:
    """The application object with the names that settings are stored under."""
    QCoreApplication.setApplicationName("Descent Lab")
    QCoreApplication.setOrganizationName("Descent Lab")
    QCoreApplication.setApplicationVersion(__version__)
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(QIcon(str(resources.path("icons", "app.svg"))))
    return app


class _FirstLoad(QObject):
    """Opens another experiment, or ends the program, where the very first one cannot be used."""

    def __init__(self, window: MainWindow, instead: Experiment | None) -> None:
        super().__init__(window)
        self._window, self._instead = window, instead
        window.session.failed.connect(self._on_failed)
        window.session.opened.connect(self.deleteLater)

    @Slot(object)
    def _on_failed(self, message: Message) -> None:
        if self._instead is not None:
            _Remark(self._window, message)
            self._window.session.open(self._instead)
            return
        print(f"descent-lab: {message}", file=sys.stderr)
        self._window.session.close()
        QCoreApplication.exit(BAD_INPUT)


class _Remark(QObject):
    """Says something of the first experiment, once it is shown."""

    def __init__(self, window: MainWindow, remark: Message) -> None:
        super().__init__(window)
        self._window, self._remark = window, remark
        window.session.experiment_changed.connect(self._say)

    @Slot()
    def _say(self) -> None:
        self._window.notice.say(self._remark)
        self.deleteLater()


class _Photographer(QObject):
    """Runs to the end, takes a picture of the window, and ends the program."""

    def __init__(self, window: MainWindow, path: str) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        window.session.opened.connect(window.session.run_to_end)
        window.session.snapshot_ready.connect(self._on_snapshot)
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settled.timeout.connect(self._take)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.is_over:
            self._settled.start()

    @Slot()
    def _take(self) -> None:
        if self._window.session.analyst.is_thinking:
            self._settled.start()
            return
        saved = self._window.save_picture(Path(self._path))
        if not saved:
            print(f"descent-lab: {self._window.notice.text}", file=sys.stderr)
        self._window.session.close()
        QCoreApplication.exit(0 if saved else BAD_INPUT)


def run_app(
    experiment: Experiment,
    instead: Experiment | None = None,
    language: LanguageSetting | None = None,
    theme: ThemeSetting | None = None,
    size: tuple[int, int] | None = None,
    screenshot: str | None = None,
    path: str | None = None,
    remark: Message | None = None,
) -> int:
    """Open the window and stay until it is closed; returns the exit code.

    Parameters
    ----------
    instead
        What is opened, and what was wrong is said, where the experiment turns out not to be
        usable; None ends the program then.
    language, theme
        Instead of what the settings say; None leaves the choice to them.
    size
        Width and height of the window in pixels.
    path
        The experiment file that the experiment was read from, if any.
    screenshot
        Run to the end, save a picture here and return.
    remark
        What is to be said of the experiment as soon as it is shown.
    """
    app = create_application()
    settings = Settings() if screenshot else load_settings()
    if language is not None:
        settings = replace(settings, language=language)
    if theme is not None:
        settings = replace(settings, theme=theme)
    set_language(app, resolved_language(settings.language))
    window = MainWindow(settings, remember=screenshot is None)
    if size is not None:
        window.resize(*size)
    _FirstLoad(window, instead)
    if screenshot is not None:
        _Photographer(window, screenshot)
    if remark is not None:
        _Remark(window, remark)
    window.session.open(experiment, path)
    app.aboutToQuit.connect(window.session.close)
    _let_python_see_signals(app)
    window.show()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    collector = GarbageCollector(app)
    window.session.state_changed.connect(collector.spare_time)
    return app.exec()


def _let_python_see_signals(app: QApplication) -> QTimer:
    """Ctrl-C closes the window; Python runs its handler only when Qt gives it a turn.

    The ticker belongs to the application: the window is gone when it is stopped.
    """
    signal.signal(signal.SIGINT, lambda *_: QCoreApplication.quit())
    ticker = QTimer(app, interval=200)
    ticker.timeout.connect(_nothing)
    ticker.start()
    return ticker


def _nothing() -> None:
    """Give Python a turn."""
