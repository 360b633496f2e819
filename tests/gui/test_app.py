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
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
