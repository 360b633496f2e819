"""Files that come with the program: icons, translations, lessons, sample data."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def path(*parts: str) -> Path:
    """Return where a resource lies: in the source tree, an installed wheel or a frozen program.

    All three keep the resources as files on disk, so that a plain path serves readers (Qt among
    them) that know nothing of packages.
    """
    return Path(str(files(__name__))).joinpath(*parts)
