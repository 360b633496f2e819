"""Collect the licences of everything that is bundled into ``resources/licences``.

``python tools/licences.py`` reads them from the environment that runs it: one file for each
distribution that the program needs, for Python and for PyInstaller's start program, and
``index.json``, which the window's About page shows. With ``--check`` nothing is written, and the
exit code is 1 if something is missing or of another version.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import sysconfig
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LICENCES = ROOT / "resources" / "licences"
PROGRAM = "descent-lab"

QT = {"pyside6-essentials", "shiboken6"}
QT_NOTE = """\
Qt and Qt for Python ({name} {version}) are used under the GNU
Lesser General Public License, version 3; its text, and that of the GNU General
Public License to which it refers, follow or lie beside this file.

They are dynamic libraries, unchanged from the wheels on the Python Package
Index, and can be replaced by others with the same interface: in the packaged
program they lie as separate files in _internal/PySide6 (Qt itself in
_internal/PySide6/Qt) and _internal/shiboken6; elsewhere in the folder of the
Python environment. You may change them for your own use, and take the program
apart to find faults in such changes.

Sources: https://download.qt.io/official_releases/
         https://code.qt.io/cgit/pyside/pyside-setup.git

Qt itself holds parts by others, under the licences listed at
https://doc.qt.io/qt-6/licenses-used-in-qt.html; among them are ICU, HarfBuzz,
FreeType, libpng, PCRE2, zlib and double-conversion.
"""

BUILD_TOOL = "pyinstaller"
BUILD_NOTE = """\
The executable of the packaged program begins with PyInstaller's bootloader, and
some of PyInstaller's modules prepare its start. PyInstaller is under the GNU
General Public License, version 2 or later, with an exception that lets programs
under any licence be built with it.

"""

LONGEST_NAME = 150
"""A longer one is the licence itself and not its name."""

FROM_THE_SOURCES = {"pyopengl.txt"}
"""Texts that no wheel has; they were copied from the distribution's sources, and stay."""

COMMON = {  # where Debian keeps the texts
    "LGPL-3.0.txt": Path("/usr/share/common-licenses/LGPL-3"),
    "GPL-3.0.txt": Path("/usr/share/common-licenses/GPL-3"),
}


def main(arguments: list[str] | None = None) -> int:
    """Collect, or check; returns the exit code."""
    parser = argparse.ArgumentParser(description="Collect the licences of what is bundled.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is amiss")
    if parser.parse_args(arguments).check:
        faults = check()
        for fault in faults:
            print(fault, file=sys.stderr)
        return 1 if faults else 0
    collect()
    return 0


def bundled() -> list[Distribution]:
    """What the program needs at run time, in this environment, without the program itself."""
    found: dict[str, Distribution] = {}
    waiting = [PROGRAM]
    while waiting:
        dist = distribution(waiting.pop())
        if normal(dist.name) in found:
            continue
        found[normal(dist.name)] = dist
        waiting += [name for line in dist.requires or () if (name := _required(line))]
    del found[PROGRAM]
    return [found[name] for name in sorted(found)]


def _required(requirement: str) -> str | None:
    """The name in a requirement that holds here; None for an extra or another system's."""
    name, _, marker = requirement.partition(";")
    if "extra" in marker:
        return None
    name = re.split(r"[\s\[<>=!~(]", name.strip())[0]
    try:
        distribution(name)
    except PackageNotFoundError:
        if marker:
            return None
        raise
    return name


def normal(name: str) -> str:
    """Bring the name of a distribution to its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(dist: Distribution) -> str:
    """What a distribution says its licence is, in a few words."""
    stated = _stated(dist, "License-Expression") or _stated(dist, "License")
    if stated and len(stated[0]) <= LONGEST_NAME:
        return stated[0].strip()
    classifiers = _stated(dist, "Classifier")
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License")]
    return ", ".join(names)


def texts_of(dist: Distribution) -> str:
    """All licence files of a distribution, one below the other."""
    wanted = re.compile(r"\.dist-info/(licenses/.+|[^/]*(LICEN[CS]E|COPYING|NOTICE)[^/]*)$", re.I)
    parts = []
    for file in dist.files or ():
        match = wanted.search(file.as_posix())
        if match:
            heading = match[1].removeprefix("licenses/")
            text = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
            parts.append((heading.count("/"), heading, text.strip()))
    parts.sort()
    if len(parts) == 1:
        return parts[0][2] + "\n"
    return "\n\n".join(f"{heading}\n{'=' * len(heading)}\n\n{text}" for _, heading, text in parts)


def homepage_of(dist: Distribution) -> str:
    """Where a distribution is at home."""
    pairs = (line.partition(", ") for line in _stated(dist, "Project-URL"))
    urls = {name.lower(): url for name, _, url in pairs}
    for name in ("homepage", "source", "repository", "source code"):
        if name in urls:
            return urls[name]
    return next(iter([*_stated(dist, "Home-page"), *urls.values()]), "")


def _stated(dist: Distribution, field: str) -> list[str]:
    """What a distribution's metadata say under a name, any number of times."""
    return [str(value) for value in dist.metadata.get_all(field) or ()]


def component(dist: Distribution, files: list[str]) -> dict[str, Any]:
    """One entry of the index."""
    return {
        "name": dist.name.replace("_", "-"),
        "version": dist.version,
        "licence": licence_of(dist),
        "homepage": homepage_of(dist),
        "files": files,
    }


def collect() -> None:
    """Write the texts and the index."""
    LICENCES.mkdir(parents=True, exist_ok=True)
    for old in LICENCES.glob("*.txt"):
        if old.name not in COMMON and old.name not in FROM_THE_SOURCES:
            old.unlink()
    for name, source in COMMON.items():
        if source.is_file():
            _write(name, source.read_text(encoding="utf-8"))
    index = []
    for dist in bundled():
        file = f"{normal(dist.name)}.txt"
        if normal(dist.name) in QT:
            _write(file, QT_NOTE.format(name=dist.name.replace("_", "-"), version=dist.version))
            index.append(component(dist, [file, *COMMON]))
        else:
            if file not in FROM_THE_SOURCES:
                _write(file, texts_of(dist))
            index.append(component(dist, [file]))
    index.append(_python())
    index.append(_build_tool())
    _write("index.json", json.dumps(index, indent=1, ensure_ascii=False))


def _python() -> dict[str, Any]:
    """Python itself; its licence lies beside its library."""
    library = Path(sysconfig.get_path("stdlib"))
    _write("python.txt", (library / "LICENSE.txt").read_text(encoding="utf-8"))
    return {
        "name": "Python",
        "version": platform.python_version(),
        "licence": "PSF-2.0",
        "homepage": "https://www.python.org",
        "files": ["python.txt"],
    }


def _build_tool() -> dict[str, Any]:
    """PyInstaller, of which the start program goes in; as before where it is not installed."""
    dist = distribution(BUILD_TOOL)
    _write("pyinstaller.txt", BUILD_NOTE + texts_of(dist))
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return component(dist, ["pyinstaller.txt"]) | {"name": "PyInstaller", "licence": licence}


def _write(name: str, text: str) -> None:
    lines = (line.rstrip() for line in text.strip("\n").splitlines())
    (LICENCES / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def check() -> list[str]:
    """One line for each distribution that is missing or of another version, and for each file."""
    index = json.loads((LICENCES / "index.json").read_text(encoding="utf-8"))
    listed = {normal(each["name"]): each for each in index}
    faults = []
    for dist in bundled():
        entry = listed.get(normal(dist.name))
        if entry is None:
            faults.append(f"missing: {dist.name}")
        elif entry["version"] != dist.version:
            faults.append(f"{dist.name}: {entry['version']} is listed, {dist.version} installed")
    used = {name for each in index for name in each["files"]}
    for name in sorted(used):
        file = LICENCES / name
        if not file.is_file() or not file.read_text(encoding="utf-8").strip():
            faults.append(f"missing: {name}")
    unused = {file.name for file in LICENCES.glob("*.txt")} - used
    return faults + [f"belongs to nothing: {name}" for name in sorted(unused)]


if __name__ == "__main__":
    sys.exit(main())
