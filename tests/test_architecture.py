"""The dependency rule: the mathematics knows no Qt, the engine no window, the window no worker."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import PySide6
import pytest

ROOT = Path(__file__).resolve().parent.parent
QT = {"PySide6", "shiboken6", "PyQt6", "PyQt5", "qtpy", "pyqtgraph", "superqt", "qtawesome"}
# Of the engine's threads and of its stepping, the window knows no more than this.
MACHINERY = {"engine.live", "engine.descent"}
OPEN_TO_THE_WINDOW = {
    "engine.live.analyst",
    "engine.live.session",
    "engine.live.snapshot",
    "engine.descent.history",
    "engine.descent.explain",
    "engine.descent.results",
    "engine.descent.scales",
}


def files(*patterns: str) -> list[Path]:
    """Find the files of every pattern; a pattern without any would prove nothing."""
    found = []
    for pattern in patterns:
        matches = sorted(ROOT.glob(pattern))
        assert matches, f"no file matches {pattern}"
        found += matches
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


def imported(source: str, package: str) -> Iterator[str]:
    """Everything that may be a module in the import statements, under its full name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                kept = parents[: len(parents) - node.level + 1]
                base = ".".join([*kept, base] if base else kept)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_within(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def is_qt(name: str) -> bool:
    return is_within(name, *QT)


def is_qt_beyond_core(name: str) -> bool:
    return is_qt(name) and not is_within(name, "PySide6.QtCore") and name != "PySide6"


def is_window(name: str) -> bool:
    return is_within(name, "gui", "main")


def is_not_for_the_window(name: str) -> bool:
    """Tell whether `name` belongs to the engine's machinery: its threads, its stepping."""
    return (
        is_within(name, *MACHINERY)
        and name not in MACHINERY  # "from engine.live import session" names the package as well
        and not is_within(name, *OPEN_TO_THE_WINDOW)
    )


def uses_linear_algebra(source: str) -> bool:
    """Tell whether the source imports ``numpy.linalg`` or reaches for ``np.linalg``."""
    names = set(imported(source, "gui"))
    reached = any(
        isinstance(node, ast.Attribute) and node.attr == "linalg"
        for node in ast.walk(ast.parse(source))
    )
    return reached or any(is_within(name, "numpy.linalg", "scipy") for name in names)


def offences(paths: list[Path], is_forbidden: Callable[[str], bool]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        for name in imported(path.read_text(encoding="utf-8"), package_name(path))
        if is_forbidden(name)
    ]


MATHEMATICS = (
    "engine/*.py",
    "engine/problem/**/*.py",
    "engine/descent/**/*.py",
    "engine/files/**/*.py",
)


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("import numpy.linalg", {"numpy.linalg"}),
        ("from numpy import linalg", {"numpy", "numpy.linalg"}),
        ("from .worker import Worker", {"engine.live.worker", "engine.live.worker.Worker"}),
        ("from . import worker", {"engine.live", "engine.live.worker"}),
        ("from ..descent import run", {"engine.descent", "engine.descent.run"}),
        ("def late():\n    import PySide6.QtGui as g", {"PySide6.QtGui"}),
    ],
)
def test_imports_are_seen_in_every_form(statement: str, names: set[str]) -> None:
    assert set(imported(statement, "engine.live")) == names


def test_rules_tell_right_from_wrong() -> None:
    assert is_qt("PySide6.QtCore.QObject")
    assert not is_qt("numpy")
    assert is_qt_beyond_core("PySide6.QtWidgets")
    assert not is_qt_beyond_core("PySide6.QtCore.Signal")
    assert is_window("gui.style")
    assert not is_window("guitar")
    assert is_not_for_the_window("engine.live.worker.Worker")
    assert is_not_for_the_window("engine.descent.optimizers.update")
    assert is_not_for_the_window("engine.live.Worker")
    assert not is_not_for_the_window("engine.live.session.Session")
    assert not is_not_for_the_window("engine.experiment.OPTIMIZER_SPECS")
    assert uses_linear_algebra("import numpy as np\nnp.linalg.solve(a, b)")
    assert uses_linear_algebra("from numpy.linalg import solve")
    assert not uses_linear_algebra("import numpy as np\nnp.linspace(0, 1)")


def test_mathematics_runs_without_qt() -> None:
    modules = [module_name(path) for path in files(*MATHEMATICS)]
    script = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        f"print(*sorted({QT | {'gui'}!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_mathematics_never_mentions_qt() -> None:
    assert offences(files(*MATHEMATICS), is_qt) == []


def test_live_engine_imports_only_qt_core() -> None:
    assert offences(files("engine/live/**/*.py"), is_qt_beyond_core) == []


def test_engine_does_not_know_the_window() -> None:
    assert offences(files("engine/**/*.py"), is_window) == []


def test_mathematics_does_not_know_the_live_engine() -> None:
    assert offences(files(*MATHEMATICS), lambda name: is_within(name, "engine.live")) == []


def test_window_neither_steps_nor_touches_a_worker() -> None:
    assert offences(files("gui/**/*.py"), is_not_for_the_window) == []


def test_window_does_no_linear_algebra() -> None:
    window = files("gui/**/*.py")
    assert [path.name for path in window if uses_linear_algebra(path.read_text("utf-8"))] == []


def test_pyside_is_a_version_that_does_not_abort() -> None:
    assert PySide6.__version_info__ < (6, 12)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_void_slots_keep_their_references_to_none() -> None:
    """PySide6 6.12.0 loses one reference to None a call, until Python aborts."""
    script = """if True:
        import sys
        from PySide6.QtCore import QObject, Signal, Slot

        class Receiver(QObject):
            called = Signal()

            @Slot()
            def receive(self) -> None:
                pass

        receiver = Receiver()
        receiver.called.connect(receiver.receive)
        before = sys.getrefcount(None)
        for _ in range(10_000):
            receiver.called.emit()
            receiver.receive()
            receiver.setObjectName("x")
        print(before - sys.getrefcount(None))
    """
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100  # the loop's own names come and go
