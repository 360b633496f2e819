"""Writing files as a whole: a reader sees the old one or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.messages import QT_TRANSLATE_NOOP, InputError


def write_atomically(path: Path, pieces: Iterable[str]) -> None:
    """Write UTF-8 text in pieces; a reader sees the old file or the new one, never a part.

    Raises
    ------
    InputError
        Where the folder is missing, the disk full, or writing is not allowed.
    """
    try:
        target = path.resolve()  # a link stays a link
        if target.exists() and not target.is_file() and not target.is_dir():
            with target.open("w", encoding="utf-8", newline="") as stream:  # such as /dev/stdout
                stream.writelines(pieces)
            return
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.writelines(pieces)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(_permissions(target))
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink()
            raise
    except OSError as error:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "Cannot write {path}: {reason}."),
            path=path,
            reason=error.strerror or str(error),
        ) from None


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, or of a new file under the user's mask."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
