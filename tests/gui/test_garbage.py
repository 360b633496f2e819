"""Unreachable cycles with Qt's objects are destroyed in the window's thread, whoever allocates."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from gui.garbage import GarbageCollector, collect_what_is_due

ROOT = Path(__file__).resolve().parent.parent.parent
MANY = 2 * gc.get_threshold()[0]


class Allocating(QThread):
    """Allocates as the analyst does, only more; ends when it is asked to."""

    def run(self) -> None:
        while not self.isInterruptionRequested():
            self.held = [[i] for i in range(MANY)]


@pytest.fixture
def allocating() -> Iterator[Allocating]:
    thread = Allocating()
    yield thread
    thread.requestInterruption()
    thread.wait()


def drop_cycle(destroyed_in: list[int]) -> None:
    """Leave an object of Qt's that only refers to itself; its end tells the thread it came in."""
    dropped = QObject()
    dropped.itself = dropped  # type: ignore[attr-defined]
    weakref.finalize(dropped, lambda: destroyed_in.append(threading.get_ident()))


def test_cycles_are_destroyed_in_the_window_s_thread(qtbot: QtBot, allocating: Allocating) -> None:
    gc.enable()  # as Python comes
    collector = GarbageCollector()
    assert not gc.isenabled()
    destroyed_in: list[int] = []
    allocating.start()
    for _ in range(20):
        drop_cycle(destroyed_in)
    qtbot.waitUntil(lambda: len(destroyed_in) == 20)
    assert set(destroyed_in) == {threading.get_ident()}
    assert collector.thread() is QThread.currentThread()


def test_no_other_thread_of_the_program_searches(tmp_path: Path) -> None:
    """The whole program, with a thread beside it that allocates until the window has searched."""
    script = """if True:
        import gc, sys, threading
        from PySide6.QtCore import QTimer
        from gui import app

        searched_in = []
        ended = threading.Event()

        def allocate():
            while not ended.is_set():
                held = [[] for _ in range(2000)]

        thread = threading.Thread(target=allocate)

        class Application(app.QApplication):
            def exec(self):
                thread.start()
                gc.callbacks.append(lambda *_: searched_in.append(threading.current_thread()))
                enough = QTimer(self, interval=50)
                enough.timeout.connect(lambda: self.quit() if len(searched_in) > 3 else None)
                enough.start()
                return super().exec()

        app.QApplication = Application
        import main
        code = main.main(["--preset", "tutorial-2"])
        ended.set()
        thread.join()
        print({each.name for each in searched_in}, file=sys.stderr)
        sys.exit(code)
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=kept | {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "{'MainThread'}\n")


@pytest.fixture
def few() -> Iterator[None]:
    """A search is due after 100 objects, one of older objects after two of younger ones."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(100, 2, 2)
    yield
    gc.set_threshold(*thresholds)


def search(patience: int) -> int | None:
    held = [[i] for i in range(200)]
    assert held
    return collect_what_is_due(patience)


@pytest.mark.usefixtures("few")
@pytest.mark.skipif(sys.version_info >= (3, 14), reason="searches old objects piece by piece")
@pytest.mark.parametrize(("patience", "first"), [(1, 15), (2, 23)])
def test_old_objects_are_searched_more_rarely(patience: int, first: int) -> None:
    """As Python does by itself; the oldest still later where a run is playing."""
    generations = [search(patience) for _ in range(24)]
    assert [i for i, each in enumerate(generations) if each == 1][:3] == [3, 7, 11]
    assert generations.index(2) == first
    assert generations.count(0) == 18


@pytest.mark.usefixtures("few")
def test_nothing_is_searched_where_nothing_was_made() -> None:
    assert collect_what_is_due() is None
