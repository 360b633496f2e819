"""What Qt needs of the system is found before Qt is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gui.display import ALWAYS, FOR_X11, missing_packages, needed_libraries, what_is_missing

ROOT = Path(__file__).resolve().parent.parent.parent
ABSENT = "libno-such-library-anywhere.so.7"

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring all")


@on_linux
@pytest.mark.parametrize(
    ("environment", "on_x11"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, False),
    ],
)
def test_only_a_window_on_x11_needs_its_libraries(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], on_x11: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert needed_libraries() == (ALWAYS | FOR_X11 if on_x11 else ALWAYS)


@on_linux
def test_a_library_that_is_missing_is_found_out() -> None:
    libraries = {"libc.so.6": "libc6", ABSENT: "no-such-package"}
    assert missing_packages(libraries) == {ABSENT: "no-such-package"}


def test_one_line_says_what_to_install() -> None:
    assert what_is_missing({"libxcb-cursor.so.0": "libxcb-cursor0"}) == (
        "the window needs libxcb-cursor.so.0, not found on this system; "
        "on Debian and Ubuntu: sudo apt install libxcb-cursor0"
    )
    several = what_is_missing({"liba.so.1": "a", "libb.so.1": "a", "libc.so.1": "c"})
    assert "needs liba.so.1, libb.so.1 and libc.so.1," in several
    assert several.endswith("sudo apt install a c")


@on_linux
@pytest.mark.parametrize("arguments", [["--screenshot", "window.png"], ["--smoke-test"]])
def test_the_program_says_it_instead_of_failing_to_import(
    tmp_path: Path, arguments: list[str]
) -> None:
    script = (
        "import sys; from gui import display; import main\n"
        f"display.ALWAYS[{ABSENT!r}] = 'libno-such0'\n"
        f"sys.exit(main.main({arguments!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"descent-lab: the window needs {ABSENT}, not found on this system; "
        "on Debian and Ubuntu: sudo apt install libno-such0\n"
    )


def test_asking_imports_no_qt() -> None:
    script = "import sys, gui.display; print([m for m in sys.modules if m.startswith('PySide6')])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_installed_for_the_window_is_what_is_looked_for() -> None:
    """`make run` installs what the program would miss."""
    script = (ROOT / "tools" / "system-libraries.sh").read_text(encoding="utf-8")
    installed = dict(re.findall(r"^    (lib\S+\.so\.\d+):(\S+)", script, re.M))
    known = ALWAYS | FOR_X11
    for_tools = {"libgssapi_krb5.so.2", "libbrotlidec.so.1"}  # of pyside6-lupdate
    assert {name: known.get(name) for name in installed.keys() - for_tools} == {
        name: package for name, package in installed.items() if name not in for_tools
    }
