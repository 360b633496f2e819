"""Collect the window's texts into the translation file and compile it.

``python tools/translations.py`` brings ``resources/i18n/descent-lab_zh_CN.ts`` up to date and
compiles it; with ``--check`` nothing is written, and the exit code is 1 if a text is missing,
unfinished or vanished, or if the compiled file is an old one.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("main.py", "gui", "engine")
TRANSLATION = ROOT / "resources" / "i18n" / "descent-lab_zh_CN.ts"

Text: TypeAlias = tuple[str, str, str]  # context, source, disambiguation


def main(arguments: list[str] | None = None) -> int:
    """Update and compile, or check; returns the exit code."""
    parser = argparse.ArgumentParser(description="Update the translations, or check them.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is amiss")
    if not parser.parse_args(arguments).check:
        TRANSLATION.parent.mkdir(parents=True, exist_ok=True)
        update(TRANSLATION, "-no-obsolete")
        compile_to(TRANSLATION, TRANSLATION.with_suffix(".qm"))
        return 0
    faults = check(TRANSLATION)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def update(translation: Path, *options: str) -> None:
    """Bring the texts in `translation` up to date with the sources."""
    collect = ("-extensions", "py", *SOURCES, "-ts", str(translation), "-locations", "none")
    _run("pyside6-lupdate", *collect, *options)


def compile_to(translation: Path, compiled: Path) -> None:
    """Compile `translation` into what Qt reads."""
    _run("pyside6-lrelease", str(translation), "-qm", str(compiled))


def check(translation: Path) -> list[str]:
    """Compare `translation` with the sources, and its compiled form with it.

    Returns
    -------
    list of str
        One line for each text that is missing, unfinished or vanished, and for a compiled file
        that is absent or old; empty if all is well.
    """
    if not translation.is_file():
        return [f"missing: {translation.name}"]
    before = _states(translation)
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, translation.name)
        shutil.copyfile(translation, fresh)
        update(fresh)
        after = _states(fresh)
        compiled = fresh.with_suffix(".qm")
        compile_to(translation, compiled)
        current = translation.with_suffix(".qm")
        is_old = not current.is_file() or current.read_bytes() != compiled.read_bytes()
    faults = [
        f"{state if text in before else 'missing'}: {': '.join(part for part in text if part)}"
        for text, state in after.items()
        if state
    ]
    if is_old:
        faults.append(f"not compiled since it changed: {translation.name}")
    return faults


def _states(translation: Path) -> dict[Text, str]:
    """Each text's state: "" for one that is translated, else unfinished, vanished or obsolete."""
    states = {}
    for context in ElementTree.parse(translation).getroot().iter("context"):
        for message in context.iter("message"):
            text = (
                context.findtext("name", ""),
                message.findtext("source", ""),
                message.findtext("comment", ""),
            )
            target = message.find("translation")
            states[text] = "unfinished" if target is None else target.get("type", "")
    return states


def _run(tool: str, *arguments: str) -> None:
    """Run one of Qt's tools of this environment; shows what it says only if it fails."""
    path = shutil.which(tool, path=str(Path(sys.executable).parent))
    if path is None:
        sys.exit(f"{tool} is not installed beside {sys.executable}")
    done = subprocess.run(
        [path, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"{tool} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
