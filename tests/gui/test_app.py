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
    script = f"""if True:
        import sys
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        from gui import app
        from gui.notice import Notice

        def look():
            said = [shown.text for window in QApplication.topLevelWidgets()
                    for shown in window.findChildren(Notice) if shown.text]
            if said:
                print(said[0].split(".")[0])
                QApplication.closeAllWindows()

        def create_application(create=app.create_application):
            created = create()
            QTimer(created, interval=20, timeout=look).start()
            return created

        app.create_application = create_application
        import main
        sys.exit(main.main([{str(table)!r}, "--language", "en"]))
    """
    said = "Only columns of numbers can be fitted (classes as 0 and 1); left out: “passed”\n"
    assert ran(script, tmp_path) == (0, said, "")


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
