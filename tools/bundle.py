"""What goes into the packaged app and what does not; ``descent-lab.spec`` asks here.

``docs/packaging.md`` says what each measure is worth.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeAlias

from tools.licences import LICENCES, PROGRAM, normal

if TYPE_CHECKING:
    from PyInstaller.utils.win32.versioninfo import VSVersionInfo

Entry: TypeAlias = tuple[str, str, str]
"""Of PyInstaller: where a file goes, where it comes from, what kind it is."""

EXCLUDED_MODULES = (
    "PySide6.QtNetwork",
    "PySide6.QtTest",
    "PySide6.QtDBus",
    "PySide6.scripts",
    "pyqtgraph.examples",
    "pyqtgraph.jupyter",
    "pyqtgraph.flowchart",
    "pyqtgraph.dockarea",
    "pyqtgraph.console",
    "numpy.distutils",
    "numpy.f2py",
    "numpy.testing",
    "_hashlib",  # OpenSSL; the hashes that are used come with Python itself
    "_ssl",
    "ssl",
    "_curses",
    "curses",
    "readline",  # GPL
    "idlelib",
    "lib2to3",
    "pip",
    "setuptools",
    "sqlite3",
    "test",
    "tkinter",
    "unittest",
    "xmlrpc",
)
"""Modules that PyInstaller finds on the way and that the program never imports."""

HIDDEN_MODULES = (
    "resources",
    "OpenGL.platform.egl",  # by name, where Qt runs on Wayland; PyInstaller knows of the others
)
"""Modules that are imported in ways that PyInstaller does not see."""

PLUGINS = {
    "platforms": ("*xcb*", "*wayland*", "*offscreen*", "*windows*", "*cocoa*"),
    "platforminputcontexts": ("*",),
    "platformthemes": ("*xdgdesktopportal*",),
    "imageformats": ("*svg*", "*ico.*"),
    "iconengines": ("*svg*",),
    "styles": ("*",),
    "xcbglintegrations": ("*",),
    "wayland-decoration-client": ("*",),
    "wayland-graphics-integration-client": ("*",),
    "wayland-shell-integration": ("*",),
}
"""Qt's plugins that are kept, by their folder."""

UNNEEDED = (
    "*Qt6EglF*",
    "*Qt6Network*",
    "*Qt6Test*",
    "pyqtgraph/icons/peegee/*",
    "*.pyi",
)

TRANSLATIONS = ("qtbase_zh_CN.qm",)
"""Qt's own texts in the languages of the window; English needs none."""

FROM_THE_DESKTOP = (
    "libstdc++.*",
    "libgcc_s.*",
    "libX11*.so*",
    "libXau.*",
    "libXdmcp.*",
    "libXext.*",
    "libXrender.*",
    "libdbus-1.*",
    "libexpat.*",
    "libfontconfig.*",
    "libfreetype.*",
    "libglib-2.0.*",
    "libgthread-2.0.*",
    "libwayland-*.so*",
    "libz.*",
    "libzstd.*",
)
"""Libraries that every desktop has, and that have to match what is installed there.

``gui/display.py`` names the package of one that is missing.
"""


# files ---------------------------------------------------------------------------------------


def resource_files(root: Path) -> list[tuple[str, str]]:
    """Every file of ``resources`` with the folder it goes to; what only the build reads stays."""
    skipped = {".py", ".ts", ".icns", ".pyc"}
    files = (path for path in (root / "resources").rglob("*") if path.is_file())
    return [
        (str(path), path.parent.relative_to(root).as_posix())
        for path in sorted(files)
        if path.suffix not in skipped
    ]


def is_needed(destination: str) -> bool:
    """Whether a file that PyInstaller found goes in.

    Parameters
    ----------
    destination
        Its path in the folder, such as ``PySide6/Qt/plugins/tls/libqopensslbackend.so``.
    """
    path = PurePath(destination.replace("\\", "/"))
    if "plugins" in path.parts:
        *_, folder, name = path.parts
        return any(fnmatch(name, pattern) for pattern in PLUGINS.get(folder, ()))
    if "translations" in path.parts:
        return path.name in TRANSLATIONS
    if any(fnmatch(path.as_posix(), pattern) for pattern in UNNEEDED):
        return False
    return not any(fnmatch(path.name, pattern) for pattern in FROM_THE_DESKTOP)


def without_orphans(binaries: Iterable[Entry]) -> list[Entry]:
    """Leave out libraries of the system that nothing needs any more, on Linux.

    PyInstaller collected them for plugins and modules that were left out.
    """
    entries = list(binaries)
    if not sys.platform.startswith("linux"):
        return entries
    by_name = {PurePath(entry[0]).name: entry for entry in entries}
    waiting = [entry for entry in entries if not _is_of_the_system(entry)]
    kept = {entry[0] for entry in waiting}
    while waiting:
        for name in _needed_by(waiting.pop()):
            entry = by_name.get(name)
            if entry is not None and entry[0] not in kept:
                kept.add(entry[0])
                waiting.append(entry)
    return [entry for entry in entries if entry[0] in kept]


def _needed_by(entry: Entry) -> list[str]:
    """The libraries that a library itself names; PyInstaller's own answer has theirs as well."""
    if entry[2] == "SYMLINK":
        return []
    told = subprocess.run(["objdump", "-p", entry[1]], capture_output=True, text=True, check=True)
    return re.findall(r"^ +NEEDED +(\S+)$", told.stdout, re.M)


def without_dangling(entries: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Leave out links to files that were left out."""
    entries = list(entries)
    there = {entry[0] for entry in (*entries, *others) if entry[2] != "SYMLINK"}
    return [
        entry
        for entry in entries
        if entry[2] != "SYMLINK"
        or (PurePath(entry[0]).parent / entry[1]).as_posix() in there
        or entry[1] in there
    ]


def _is_of_the_system(entry: Entry) -> bool:
    """Whether a file is one of the operating system's libraries, not a wheel's or Python's."""
    _, source, kind = entry
    is_system = source.startswith(("/lib", "/usr/lib"))
    return kind == "BINARY" and is_system and "python" not in source


# licences ------------------------------------------------------------------------------------


def check_licences(modules: Iterable[Entry], binaries: Iterable[Entry]) -> None:
    """Stop the build where something goes in whose licence is not in ``resources/licences``."""
    index = json.loads((LICENCES / "index.json").read_text(encoding="utf-8"))
    listed = {normal(component["name"]) for component in index}
    owners = packages_distributions()
    names = {entry[0].partition(".")[0] for entry in modules}
    names |= {PurePath(entry[0]).parts[0] for entry in binaries if "/" in entry[0]}
    bundled = {normal(owner) for name in names for owner in owners.get(name, ())}
    missing = bundled - listed - {PROGRAM}
    if missing:
        sys.exit(f"no licence of {', '.join(sorted(missing))}: run tools/licences.py")


def system_licences(binaries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Collect the licences of bundled libraries of the system from Debian's documentation."""
    target = folder / "system-licences"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    if shutil.which("dpkg") is None:
        return []
    sources = {entry[1] for entry in binaries if _is_of_the_system(entry)}
    packages = {package for source in sources if (package := _debian_package(source))}
    found = []
    for package in sorted(packages):
        text = Path("/usr/share/doc", package, "copyright")
        if text.is_file():
            copied = Path(shutil.copyfile(text, target / f"{package}.txt"))
            found.append((f"resources/licences/system/{copied.name}", str(copied), "DATA"))
    return found


def _debian_package(library: str) -> str | None:
    """The package that a library belongs to; None where there is none."""
    real = Path(library).resolve()
    for path in (Path(library), real, Path("/usr") / str(real).lstrip("/"), _without_usr(real)):
        done = subprocess.run(
            ["dpkg", "-S", str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    return None


def _without_usr(path: Path) -> Path:
    return Path("/", *path.parts[2:]) if path.parts[:2] == ("/", "usr") else path


# Windows -------------------------------------------------------------------------------------


def windows_version(version: str) -> VSVersionInfo:
    """Build what Windows shows in the properties of the executable."""
    from PyInstaller.utils.win32.versioninfo import (
        FixedFileInfo,
        StringFileInfo,
        StringStruct,
        StringTable,
        VarFileInfo,
        VarStruct,
        VSVersionInfo,
    )

    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    four = (*numbers, 0, 0, 0, 0)[:4]
    texts = {
        "FileDescription": "Descent Lab",
        "FileVersion": version,
        "LegalCopyright": "MIT licence",
        "OriginalFilename": "descent-lab.exe",
        "ProductName": "Descent Lab",
        "ProductVersion": version,
    }
    table = StringTable("040904B0", [StringStruct(key, text) for key, text in texts.items()])
    return VSVersionInfo(
        ffi=FixedFileInfo(filevers=four, prodvers=four),
        kids=[StringFileInfo([table]), VarFileInfo([VarStruct("Translation", [1033, 1200])])],
    )
