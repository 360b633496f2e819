"""``descent-lab --smoke-test``: everything once, in a real window, and an answer in one line.

For the packaged program above all, where a file that was left behind shows only when it is used.
It neither reads nor writes the user's settings.
"""

from __future__ import annotations

import faulthandler
import math
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QObject,
    QTimer,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QTabWidget,
    QToolBox,
    QWidget,
)

import resources
from engine.files.experiments import checked_iterations, preset
from engine.files.tables import read_table
from gui import style
from gui.actions import ACTIONS
from gui.app import create_application
from gui.controls.form import More
from gui.dialogs.about import AboutDialog, versions
from gui.dialogs.open_data import OpenDataDialog
from gui.documents import SAMPLES
from gui.garbage import GarbageCollector
from gui.i18n import LANGUAGES, set_language
from gui.main_window import MainWindow
from gui.panels import PANELS
from gui.settings import Settings
from gui.text import translate

PASSED, FAILED = 0, 1

STEPS = 200
START_LOSS = 2.7421577700550976
START_GRADIENT = (-3.044811379650508, -1.8337537171510832)
"""∂L/∂b and ∂L/∂w; these and the loss at the start are printed in tutorial 2's text."""

END_LOSS = 0.008503503652717598
"""After 200 updates, by the tutorial's own loop over 80 points in 60-digit decimal arithmetic."""

TOLERANCE = 1e-12

QT_TEXT = ("QPlatformTheme", "Cancel")
"""One of Qt's own texts, and its context."""

WAIT_MS = 20_000
"""How long one thing may take."""

LIMIT_SECONDS = 120.0
"""How long everything may take; the program ends then, whatever it is doing."""

TURNS = 5
SETTLE_MS = 20


class SmokeError(Exception):
    """What is not as it should be, in one line."""


def run_smoke_test(start_loss: float = START_LOSS) -> int:
    """Try everything once; returns 0 if all is well, and ends the program with 1 if not.

    Parameters
    ----------
    start_loss
        The loss that tutorial 2 is to have at its start; another one makes the test fail.
    """
    watchdog = _limit_the_time(LIMIT_SECONDS)
    app = create_application()
    GarbageCollector(app)
    try:
        test = SmokeTest(app, start_loss)
        test.run()
        test.close()
    except Exception as error:
        _end_at_once(_in_one_line(error))
    watchdog.cancel()
    faulthandler.cancel_dump_traceback_later()
    summary = ", ".join(versions().splitlines())
    print(f"ok {summary}, platform {QGuiApplication.platformName()}")
    return PASSED


def _limit_the_time(seconds: float) -> threading.Timer:
    """End the program after a time, even where Python does not get a turn any more."""
    watchdog = threading.Timer(seconds, partial(_give_up, seconds))
    watchdog.daemon = True
    watchdog.start()
    if sys.__stderr__ is not None:
        with suppress(ValueError, OSError):  # standard error may be closed, or no file
            faulthandler.dump_traceback_later(seconds + 5, exit=True, file=sys.__stderr__)
    return watchdog


def _give_up(seconds: float) -> None:
    _end_at_once(f"not done after {seconds:g} s")


def _end_at_once(reason: str) -> NoReturn:
    """Say what failed and end, whatever threads are left running."""
    print(f"descent-lab: the smoke test failed: {reason}", file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(FAILED)


def _in_one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, SmokeError) else f"{type(error).__name__}: {text}"


class SmokeTest(QObject):
    """A window, and what is tried with it."""

    def __init__(self, app: QApplication, start_loss: float) -> None:
        super().__init__()
        self._app = app
        self._start_loss = start_loss
        self._loop = QEventLoop()
        self._faults: list[str] = []
        self._painted = False
        self._usual_hook = sys.excepthook
        sys.excepthook = self._on_exception
        set_language(app, "en")
        self.window = MainWindow(Settings(theme="light", language="en", speed=None), remember=False)
        self.window.session.failed.connect(self._on_failed)
        self.window.documents.failed.connect(self._on_failed)

    def run(self) -> None:
        """Try everything; raises SmokeError where something is amiss."""
        with tempfile.TemporaryDirectory() as folder:
            for name, attempt in (
                ("tutorial 2", self._open_tutorial),
                ("window", self._show_window),
                ("numbers", self._check_start),
                ("playing", self._play),
                ("panels", self._open_every_panel),
                ("dialogs", self._open_dialogs),
                ("themes", self._choose_every_theme),
                ("languages", self._choose_every_language),
                ("saving", partial(self._save_and_load, Path(folder))),
                ("picture", partial(self._save_picture, Path(folder))),
                ("sample data", self._open_samples),
            ):
                try:
                    attempt()
                    self._check_faults()
                except Exception as error:
                    raise SmokeError(f"{name}: {_in_one_line(error)}") from error
                print(f"passed: {name}", flush=True)

    def close(self) -> None:
        """Close the window without asking, and give Python its hook back."""
        self.window.session.mark_saved()
        self.window.close()
        self.window.session.close()
        _turn()
        sys.excepthook = self._usual_hook

    # what is tried -----------------------------------------------------------------------

    def _open_tutorial(self) -> None:
        experiment = checked_iterations(preset("tutorial-2"), STEPS)
        session = self.window.session
        self._await(session.snapshot_ready, partial(session.open, experiment))

    def _show_window(self) -> None:
        centre = self.window.centralWidget()
        assert centre is not None
        centre.installEventFilter(self)
        self.window.show()
        self._await_until(lambda: self._painted, "was not painted")
        centre.removeEventFilter(self)
        _expect(not self._app.windowIcon().pixmap(64).isNull(), "there is no icon")
        _expect_picture(self.window)

    def _check_start(self) -> None:
        snapshot = self.window.session.snapshot
        if snapshot is None:
            raise SmokeError("nothing was drawn")
        rows = snapshot.rows
        _expect_close("loss at the start", float(rows.train_loss[0]), self._start_loss)
        for name, actual, expected in zip(
            ("b", "w"), rows.gradient[:, 0].tolist(), START_GRADIENT, strict=True
        ):
            _expect_close(f"gradient of {name}", actual, expected)

    def _play(self) -> None:
        session = self.window.session
        self._await(session.finished, self._action("toggle").trigger)
        self._await_until(
            lambda: session.snapshot is not None and session.snapshot.cursor == STEPS,
            f"did not come to row {STEPS}",
        )
        assert session.snapshot is not None
        loss = float(session.snapshot.rows.train_loss[STEPS])
        _expect_close(f"loss after {STEPS} steps", loss, END_LOSS)

    def _open_every_panel(self) -> None:
        for more in self.window.findChildren(More):
            self._use_twice(more)
        for info in ACTIONS:
            if info.checkable and not info.group and info.menu != "panels":
                self._use_twice(self._action(info.key))
        for panel in PANELS:
            self._look_at(panel.key)
        self.window.workspace.restore_default()

    def _look_at(self, key: str) -> None:
        """Show a panel, in its place and enlarged, and close it."""
        workspace = self.window.workspace
        workspace.show_panel(key)
        for _ in range(2):
            _turn()
            self._check_faults()
            _expect(workspace.frames[key].is_seen(), f"{key} is not seen")
            _expect_picture(workspace.frames[key])
            workspace.enlarge(key)
        workspace.hide_panel(key)
        _turn()
        _expect(not workspace.frames[key].is_seen(), f"{key} cannot be closed")

    def _open_dialogs(self) -> None:
        table = read_table(resources.path("data", next(iter(SAMPLES.values()))[0]))
        self._open_dialog(AboutDialog(self.window))
        self._open_dialog(OpenDataDialog(table, self.window))

    def _choose_every_theme(self) -> None:
        for key, action in self._group("theme"):
            action.trigger()
            _turn()
            theme = {"theme_light": style.LIGHT, "theme_dark": style.DARK}.get(key)
            theme = theme or style.system_theme()
            shown = self._app.palette().color(QPalette.ColorRole.Window)
            _expect(shown == QColor(theme.window), f"{key} is not shown")
            _expect_picture(self.window)

    def _choose_every_language(self) -> None:
        for key, action in self._group("language"):
            action.trigger()
            _turn()
            language = key.removeprefix("language_")
            if language in LANGUAGES:
                own, qt = translate("Action", "&File"), translate(*QT_TEXT)
                is_english = language == "en"
                _expect((own == "&File") == is_english, f"{language} is not shown")
                _expect((qt == QT_TEXT[1]) == is_english, f"Qt has no texts in {language}")
            _expect_picture(self.window)

    def _save_and_load(self, folder: Path) -> None:
        documents, session = self.window.documents, self.window.session
        path, saved = folder / "实验 1.json", session.experiment
        _expect(documents.save_to(path), "the experiment was not saved")
        self._await(session.opened, partial(documents.choose_tutorial, "tutorial-1"))
        self._await(session.opened, partial(documents.open_path, str(path)))
        _expect(session.experiment == saved, "the experiment that was saved comes back as another")

    def _save_picture(self, folder: Path) -> None:
        path = folder / "window.png"
        _expect(self.window.save_picture(path), "the picture was not saved")
        _expect(_has_content(QImage(str(path))), "the picture is empty")

    def _open_samples(self) -> None:
        session = self.window.session
        for key in SAMPLES:
            self._await(session.opened, self._action(key).trigger)
            _turn()
            _expect_picture(self.window)

    # how ---------------------------------------------------------------------------------

    def _action(self, key: str) -> QAction:
        action = self.window.findChild(QAction, key)
        if action is None:
            raise SmokeError(f"there is no action {key}")
        return action

    def _group(self, group: str) -> Iterator[tuple[str, QAction]]:
        for info in ACTIONS:
            if info.group == group:
                yield info.key, self._action(info.key)

    def _use_twice(self, switch: QAbstractButton | QAction) -> None:
        for _ in range(2):
            switch.toggle() if isinstance(switch, QAbstractButton) else switch.trigger()
            _turn()

    def _turn_pages(self, widget: QWidget) -> None:
        """Show every page of every tab widget and tool box, then the first one again."""
        books: list[QTabWidget | QToolBox] = [
            *widget.findChildren(QTabWidget),
            *widget.findChildren(QToolBox),
        ]
        for book in books:
            first = book.currentIndex()
            for page in (*range(book.count()), first):
                book.setCurrentIndex(page)  # a page that is disabled is not shown
                _turn()
                self._check_faults()

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.open()
        _turn()
        self._turn_pages(dialog)
        _expect_picture(dialog)
        dialog.close()
        dialog.deleteLater()
        _turn()

    def _await(self, signal: SignalInstance, action: Callable[[], object]) -> None:
        """Do something and wait for a signal."""
        signal.connect(self._loop.quit)
        QTimer.singleShot(0, self, action)
        self._wait("no answer")
        signal.disconnect(self._loop.quit)

    def _await_until(self, holds: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds."""
        watch = QTimer(interval=1)
        watch.timeout.connect(lambda: self._loop.quit() if holds() else None)
        watch.start()
        self._wait(otherwise)
        watch.stop()

    def _wait(self, otherwise: str) -> None:
        patience = QTimer(singleShot=True, interval=WAIT_MS)
        patience.timeout.connect(partial(self._loop.exit, FAILED))
        patience.start()
        late = self._loop.exec()
        patience.stop()
        self._check_faults()
        if late:
            raise SmokeError(f"{otherwise} within {WAIT_MS // 1000} s")

    def _check_faults(self) -> None:
        if self._faults:
            raise SmokeError(self._faults[0])

    @Slot(object)
    def _on_failed(self, message: object) -> None:
        self._faults.append(str(message))
        self._loop.quit()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception in a slot, which Qt would only have printed."""
        self._usual_hook(kind, error, trace)
        self._faults.append(f"{kind.__name__}: {error}")
        self._loop.quit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, partial(print, "first paint", flush=True))
        return super().eventFilter(watched, event)


def _turn() -> None:
    """Let the event loop turn a few times."""
    for _ in range(TURNS):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, SETTLE_MS)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SmokeError(otherwise)


def _expect_close(name: str, actual: float, expected: float) -> None:
    if not math.isclose(actual, expected, rel_tol=TOLERANCE):
        raise SmokeError(f"{name} is {actual!r} and not {expected!r}")


def _expect_picture(widget: QWidget) -> None:
    _expect(_has_content(widget.grab().toImage()), f"{type(widget).__name__} is drawn empty")


def _has_content(image: QImage) -> bool:
    """Whether a picture is there and has more than one colour."""
    if image.isNull():
        return False
    pixels = bytes(image.convertToFormat(QImage.Format.Format_RGB32).constBits())
    return pixels != pixels[:4] * (len(pixels) // 4)
