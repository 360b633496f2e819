"""The smoke test passes from source, fails where a number is wrong, and knows no settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine import __version__

ROOT = Path(__file__).resolve().parent.parent.parent


def start(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=kept | {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        timeout=100,
    )


def test_it_passes_and_leaves_nothing(tmp_path: Path) -> None:
    done = start(tmp_path, "main.py", "--smoke-test")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1].startswith(f"ok Descent Lab {__version__} ")
    assert lines[-1].endswith(", platform offscreen")
    assert "first paint" in lines
    # Qt's caches may appear; settings may not.
    assert not (tmp_path / ".config").exists()


def test_a_wrong_number_fails_with_its_reason(tmp_path: Path) -> None:
    script = "import sys; from gui.smoke import run_smoke_test; sys.exit(run_smoke_test(2.75))"
    done = start(tmp_path, "-c", script)
    assert done.returncode == 1
    assert not any(line.startswith("ok") for line in done.stdout.splitlines())
    reason = "the smoke test failed: numbers: loss at the start is 2.74215777005509"
    assert reason in done.stderr.splitlines()[-1]


def test_an_exception_in_a_slot_fails(tmp_path: Path) -> None:
    """Qt only prints an exception in a slot; the smoke test takes it for what it is."""
    script = """if True:
        import sys
        from gui import smoke
        from gui.views.loss import LossView

        def draw(*_):
            raise ArithmeticError("no curve today")

        LossView.draw = draw
        sys.exit(smoke.run_smoke_test())
    """
    done = start(tmp_path, "-c", script)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("ArithmeticError: no curve today")


def test_a_missing_resource_fails_with_its_name(tmp_path: Path) -> None:
    script = """if True:
        import sys
        from gui import smoke

        smoke.SAMPLES["hubble"] = ("no-such-table.csv", "x", "y")
        sys.exit(smoke.run_smoke_test())
    """
    done = start(tmp_path, "-c", script)
    assert done.returncode == 1
    assert "the smoke test failed: dialogs: InputError: Cannot open " in done.stderr
    assert "no-such-table.csv" in done.stderr.splitlines()[-1]


def test_it_ends_even_where_nothing_goes_on(tmp_path: Path) -> None:
    script = """if True:
        import sys, time
        from gui import smoke

        smoke.LIMIT_SECONDS = 0.5
        smoke.SmokeTest.run = lambda self: time.sleep(60)
        sys.exit(smoke.run_smoke_test())
    """
    done = start(tmp_path, "-c", script)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("failed: not done after 0.5 s")


@pytest.mark.parametrize("argument", ["--headless", "some.json", "--preset=tutorial-1"])
def test_it_takes_nothing_else(tmp_path: Path, argument: str) -> None:
    done = start(tmp_path, "main.py", "--smoke-test", argument)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--smoke-test brings its own experiment" in done.stderr
