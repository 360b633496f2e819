"""What holds for every test: no screen, no settings of the user's, nothing left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtCore import QThread
    from PySide6.QtWidgets import QWidget

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

settings.register_profile("here", deadline=None)
settings.register_profile("in-ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("in-ci" if os.environ.get("CI") else "here")

GRACE_SECONDS = 1.0  # for a thread that has been told to end
FAILED = pytest.StashKey[bool]()


def pytest_configure() -> None:
    """Let no thread of a test destroy what only the window's may: see ``gui.garbage``."""
    gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure: its traceback keeps the test's objects alive, which is no leak."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test, and what it starts, away from the user's settings."""
    home = str(tmp_path / "settings")
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, home)
    if "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QSettings

    QCoreApplication.setOrganizationName("Descent Lab tests")
    QCoreApplication.setApplicationName("Descent Lab tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for format_ in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(format_, QSettings.Scope.UserScope, home)


@pytest.fixture(autouse=True)
def nothing_left_behind(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail a test that leaves a running thread or a living window, and clear them away."""
    started = _record_started_qthreads(monkeypatch)
    threads, windows = set(threading.enumerate()), _windows()
    yield
    from gui.garbage import collect_what_is_due

    collect_what_is_due()
    leaks = [f"QThread {thread.objectName()!r}" for thread in started if not _end(thread)]
    leaks += [f"thread {thread.name!r}" for thread in _still_running(threads)]
    if _windows() - windows:
        _delete_what_is_unused()
    from shiboken6 import isValid

    for window in _windows() - windows:
        if not isValid(window):  # a menu goes with the window that owned it
            continue
        leaks.append(f"window {type(window).__name__} {window.objectName()!r}")
        window.deleteLater()
        _delete_what_is_unused()
    if leaks and not request.node.stash.get(FAILED, False):
        pytest.fail("left behind: " + ", ".join(leaks))


def _record_started_qthreads(monkeypatch: pytest.MonkeyPatch) -> WeakSet[QThread]:
    """Let every QThread that is started from now on enter the set that is returned."""
    started: WeakSet[QThread] = WeakSet()
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QThread

        start = QThread.start

        def start_and_record(thread: QThread, *priority: QThread.Priority) -> None:
            started.add(thread)
            start(thread, *priority)

        monkeypatch.setattr(QThread, "start", start_and_record)
    return started


def _end(thread: QThread) -> bool:
    """Tell whether the thread has ended by itself; one that has not is stopped."""
    from shiboken6 import isValid

    if not isValid(thread) or thread.wait(int(GRACE_SECONDS * 1000)):
        return True
    thread.requestInterruption()
    thread.quit()
    thread.wait(int(GRACE_SECONDS * 1000))
    return False


def _still_running(known: set[threading.Thread]) -> list[threading.Thread]:
    """Python's threads but the known ones, after a moment of grace."""
    threads = [
        thread
        for thread in threading.enumerate()
        # A dummy only says that one of Qt's threads was here; it stays when that has ended.
        if thread not in known and not isinstance(thread, threading._DummyThread)
    ]
    for thread in threads:
        thread.join(GRACE_SECONDS)
    return [thread for thread in threads if thread.is_alive()]


def _windows() -> set[QWidget]:
    """All top-level widgets there are, hidden ones too; none where Qt's widgets are not in use."""
    if "PySide6.QtWidgets" not in sys.modules:
        return set()
    from PySide6.QtWidgets import QApplication

    if not isinstance(QApplication.instance(), QApplication):
        return set()
    # Qt keeps its one tooltip for a while, whoever asked for it.
    return {
        window
        for window in QApplication.topLevelWidgets()
        if window.metaObject().className() != "QTipLabel"
    }


def _delete_what_is_unused() -> None:
    """Delete what waits for it, and what only refers to itself."""
    from PySide6.QtCore import QCoreApplication, QEvent

    for _ in range(2):  # what is collected may itself put off deletions
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
