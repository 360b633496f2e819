"""Build the packaged app, and try it as a user would: ``make package check-package``.

::

    python tools/package.py build    dist/descent-lab and an archive of it
    python tools/package.py check    its smoke test from an empty environment, on every platform
    python tools/package.py wheel    a wheel in a fresh environment, tried from another folder
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "descent-lab"
SPEC = "descent-lab.spec"

MOST_MB, MOST_ARCHIVE_MB = 180, 75
FIRST_PAINT_SECONDS = 1.5
PATIENCE = 4
"""A machine that is busy with something else may be slower than the goal by this factor."""

SCREEN = "1600x1000x24"
SMOKE_TIMEOUT_SECONDS = 180
MEGABYTE = 1e6

READ_ME = """\
Descent Lab {version}: see gradient descent learn.

Start {executable}. Nothing has to be installed, and nothing is written outside of your settings.
{executable} --help shows what else it can do; {executable} --smoke-test tries itself.

MIT licence. Qt is used under the LGPL, version 3: its libraries are the separate files in
{qt} and can be replaced. The licences of all that is
bundled are in {licences}.
"""


def main(arguments: list[str] | None = None) -> int:
    """Build or check; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the packaged app, and try it.")
    parser.add_argument("what", choices=("build", "check", "wheel"))
    return {"build": build, "check": check, "wheel": wheel}[parser.parse_args(arguments).what]()


# building ------------------------------------------------------------------------------------


def build() -> int:
    """Build the folder and the archive, and say how large they are."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", SPEC],
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        return done.returncode
    strip_python(FOLDER)
    write_read_me(FOLDER)
    archive = pack(FOLDER)
    size, packed = folder_megabytes(FOLDER), archive.stat().st_size / MEGABYTE
    print(f"{FOLDER.relative_to(ROOT)}: {size:.0f} MB (goal: at most {MOST_MB})")
    print(f"{archive.relative_to(ROOT)}: {packed:.0f} MB (goal: at most {MOST_ARCHIVE_MB})")
    print(f"built in {time.monotonic() - began:.0f} s")
    if size > MOST_MB or packed > MOST_ARCHIVE_MB:
        print("too large: docs/packaging.md says what is left out and how", file=sys.stderr)
        return 1
    return 0


def strip_python(folder: Path) -> None:
    """Strip Python's own libraries, which some builds leave with their symbols.

    The wheels come stripped, and stripping those that were patched can break them.
    """
    if not sys.platform.startswith("linux"):
        return
    inside = folder / "_internal"
    files = [*inside.glob("libpython*.so*"), *inside.glob("python*/lib-dynload/*.so")]
    subprocess.run(
        ["strip", "--strip-unneeded", *(str(file) for file in files if not file.is_symlink())],
        check=True,
    )


def write_read_me(folder: Path) -> None:
    """Say beside the executable what this is, and how Qt's libraries are replaced."""
    from engine import __version__

    text = READ_ME.format(
        version=__version__,
        executable=executable(folder).name,
        qt="_internal/PySide6 and _internal/shiboken6",
        licences="_internal/resources/licences",
    )
    (folder / "README.txt").write_text(text, encoding="utf-8")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")


def pack(folder: Path) -> Path:
    """Pack the folder as the system's users expect it: .zip on Windows, .tar.gz elsewhere."""
    from engine import __version__

    system = {"Darwin": "macos"}.get(platform.system(), platform.system().lower())
    name = f"descent-lab-{__version__}-{system}-{platform.machine().lower()}"
    if system == "windows":
        target = folder.parent / f"{name}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(folder.rglob("*")):
                archive.write(file, file.relative_to(folder.parent))
        return target
    target = folder.parent / f"{name}.tar.gz"
    app = folder.parent / "Descent Lab.app"
    with tarfile.open(target, "w:gz", compresslevel=9) as tar:
        packed = app if app.is_dir() else folder
        tar.add(packed, packed.name, filter=_of_nobody)
    return target


def _of_nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def folder_megabytes(folder: Path) -> float:
    """The size of all files of a folder, links not followed."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files) / MEGABYTE


def executable(folder: Path) -> Path:
    """Where the executable lies in the folder."""
    return folder / ("descent-lab.exe" if sys.platform == "win32" else "descent-lab")


# trying --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """How a smoke test went: its exit code, its last line, and when the window was painted."""

    code: int
    last_line: str
    first_paint: float | None
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.code == 0 and self.last_line.startswith("ok ")


def check() -> int:
    """Run the smoke test of the packaged app on every platform there is; returns the exit code."""
    command = [str(executable(FOLDER)), "--smoke-test"]
    results = [report("offscreen", try_out(command, QT_QPA_PLATFORM="offscreen"))]
    if sys.platform.startswith("linux") and shutil.which("Xvfb") is None:
        print("smoke test, xcb: not tried, there is no Xvfb")
    elif sys.platform.startswith("linux"):
        with own_display() as display:
            x11 = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
            try_out(command, **x11)  # the first start reads everything from the disk
            trial = try_out(command, **x11)
        results.append(report("xcb", trial))
        if trial.first_paint is None or trial.first_paint > PATIENCE * FIRST_PAINT_SECONDS:
            print("the window takes too long to appear", file=sys.stderr)
            results.append(False)
    return 0 if all(results) else 1


def wheel() -> int:
    """Install a wheel in a fresh environment and try it; returns the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        began = time.monotonic()
        commands = install_wheel(folder)
        print(f"wheel: installed in {time.monotonic() - began:.0f} s")
        smoke = [str(commands / "descent-lab"), "--smoke-test"]
        passed = report("wheel", try_out(smoke, QT_QPA_PLATFORM="offscreen"))
        history = folder / "history.csv"
        headless = ["--headless", "--preset", "tutorial-2", "--history", str(history)]
        done = subprocess.run(
            [smoke[0], *headless], cwd=folder, env=empty_environment(folder), check=False
        )
        rows = len(history.read_text(encoding="utf-8").splitlines()) if history.is_file() else 0
        passed &= done.returncode == 0 and rows == 1002  # the header, the start, 1000 iterations
    return 0 if passed else 1


def install_wheel(folder: Path) -> Path:
    """Build a wheel, install it in a new environment; returns where its commands are."""
    copy, wheels, environment = folder / "source", folder / "wheels", folder / "environment"
    left_out = (".*", "build", "dist", "out", "*.egg-info", "__pycache__", "docs", "tests")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*left_out))
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet")
    subprocess.run(
        [sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", str(wheels), str(copy)],
        check=True,
    )
    shutil.rmtree(copy)
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    commands = environment / ("Scripts" if sys.platform == "win32" else "bin")
    (built,) = wheels.iterdir()
    subprocess.run(
        [
            *(str(commands / "python"), *pip, "install", str(built)),
            *("--constraint", str(ROOT / "constraints.txt")),
        ],
        check=True,
    )
    return commands


def empty_environment(home: Path, **variables: str) -> dict[str, str]:
    """What `env -i` leaves, with a home of its own; Windows cannot do without some more."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    return kept | {"HOME": str(home)} | variables


def try_out(command: Sequence[str], **variables: str) -> Trial:
    """Run a smoke test from an empty environment, in a folder that is not the program's."""
    with tempfile.TemporaryDirectory() as home:
        environment = empty_environment(Path(home), **variables)
        began = time.monotonic()
        first_paint, line = None, ""
        with subprocess.Popen(
            command, env=environment, cwd=home, stdout=subprocess.PIPE, encoding="utf-8"
        ) as process:
            assert process.stdout is not None
            for text in process.stdout:  # the test has a time limit of its own
                line = text.rstrip()
                if line == "first paint":
                    first_paint = time.monotonic() - began
            code = process.wait(SMOKE_TIMEOUT_SECONDS)
        return Trial(code, line, first_paint, time.monotonic() - began)


def report(name: str, trial: Trial) -> bool:
    """Print how a smoke test went; returns whether it passed."""
    paint = "" if trial.first_paint is None else f", first paint after {trial.first_paint:.2f} s"
    outcome = "passed" if trial.passed else f"failed with exit code {trial.code}"
    print(f"smoke test, {name}: {outcome} in {trial.seconds:.1f} s{paint}")
    print(f"  {trial.last_line}", flush=True)
    return trial.passed


@contextmanager
def own_display() -> Iterator[str]:
    """Start an X server without a screen for as long as it is needed; gives its name."""
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        try:
            if not number:
                sys.exit("Xvfb does not start")
            yield f":{number}"
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
