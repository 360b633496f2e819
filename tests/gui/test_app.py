"""The program from its start to its end: it ends well however it is told to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    "end",
    [
        "QApplication.closeAllWindows()",
        "QApplication.quit()",
        pytest.param(
            "os.kill(os.getpid(), signal.SIGINT)",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="has no such signal"),
        ),
    ],
)
def test_it_ends_without_a_complaint(tmp_path: Path, end: str) -> None:
    script = f"""if True:
        import os, signal, sys
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        from gui import app

        def create_application(create=app.create_application):
            created = create()
            QTimer.singleShot(300, created, lambda: {end})
            return created

        app.create_application = create_application
        import main
        sys.exit(main.main(["--preset", "tutorial-2"]))
    """
    assert ran(script, tmp_path) == (0, "", "")


def test_columns_of_a_table_that_no_fit_can_have_are_named(tmp_path: Path) -> None:
    table = tmp_path / "exam.csv"
    table.write_text("hours,score,passed\n1,40,no\n2,55,yes\n3,70,yes\n")
    code, out, err = opened(table, tmp_path)
    said = "Only columns of numbers can be fitted (classes as 0 and 1); left out: “passed”"
    assert (code, out.split(".")[0], err) == (0, said, "")


TOO_FAR = (  # what only the engine's thread finds out
    '{"format": 1, "data": {"source": "points", "x": [1e50, 1], "y": [1, 2]}, "runs": '
    '[{"start": {"kind": "values", "values": [0, 1e150]}}]}'
)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lesson.json", "{", "lesson.json: this is not an experiment"),
        ("lesson.json", TOO_FAR, "The start of run GD is too far from the data"),
        ("lesson.json", None, "Cannot open {path}: there is no such file"),
        ("table.csv", "hours\n1\n2\n", "table.csv has only one column"),
    ],
    ids=["broken", "impossible", "missing", "table"],
)
def test_a_file_that_cannot_be_used_is_told_in_the_window(
    tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    """Who double-clicks it sees no terminal: the window opens as it does without a file."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    code, out, err = opened(path, tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith(said.format(path=path))
    assert out.endswith("\nGradient descent step by step[*] — Descent Lab\n")
    assert out.count("\n") == 2


@pytest.mark.parametrize("content", ["{", TOO_FAR], ids=["broken", "impossible"])
def test_no_picture_is_taken_of_a_file_that_cannot_be_used(tmp_path: Path, content: str) -> None:
    path, picture = tmp_path / "lesson.json", tmp_path / "lesson.png"
    path.write_text(content)
    arguments = [str(path), "--screenshot", str(picture)]
    code, out, err = ran(f"import main, sys; sys.exit(main.main({arguments!r}))", tmp_path)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("descent-lab: ")
    assert not picture.exists()


def opened(path: Path, home: Path) -> tuple[int, str, str]:
    """What a window on a file says and is called, before it is closed."""
    script = f"""if True:
        import sys
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        from gui import app
        from gui.notice import Notice

        def look():
            for window in QApplication.topLevelWidgets():
                for notice in window.findChildren(Notice):
                    if notice.text and window.session.snapshot is not None:
                        print(notice.text)
                        print(window.windowTitle())
                        QApplication.closeAllWindows()
                        return

        def create_application(create=app.create_application):
            created = create()
            QTimer(created, interval=20, timeout=look).start()
            return created

        app.create_application = create_application
        import main
        sys.exit(main.main([{str(path)!r}, "--language", "en"]))
    """
    return ran(script, home)


def ran(script: str, home: Path) -> tuple[int, str, str]:
    """The exit code of a script in an interpreter of its own, and what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=kept | {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"},
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr
