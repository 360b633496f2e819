"""Writing files as a whole: a reader sees the old one or the new one, never a part."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from engine.messages import QT_TRANSLATE_NOOP, InputError


def write_atomically(path: Path, pieces: Iterable[str]) -> None:
    """Write UTF-8 text in pieces; a reader sees the old file or the new one, never a part.

    Raises
    ------
    InputError
        Where the folder is missing, the disk full, or writing is not allowed.
    """
    with _naming(path):
        target = path.resolve()  # a link stays a link
        if _is_device(target):
            with target.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(pieces)
            return
        handle, temporary = _begun_beside(target)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.writelines(pieces)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(_permissions(target))
            temporary.replace(target)
        except BaseException:
            temporary.unlink()
            raise


def write_json(path: Path, tree: Any) -> None:
    """Write a tree as JSON that a person can read, likewise."""
    write_atomically(path, [json.dumps(tree, ensure_ascii=False, indent=2) + "\n"])


def check_writable(path: Path) -> None:
    """Refuse a path that :func:`write_atomically` could not write; nothing is changed.

    Raises
    ------
    InputError
        Where the folder is missing, or writing is not allowed.
    """
    with _naming(path):
        target = path.resolve()
        if not _is_device(target):
            handle, temporary = _begun_beside(target)
            os.close(handle)
            temporary.unlink()


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let what the system refuses be an error that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(
            QT_TRANSLATE_NOOP("Message", "Cannot write {path}: {reason}."),
            path=path,
            reason=error.strerror or str(error),
        ) from None


def _is_device(target: Path) -> bool:
    """Whether it is neither a file nor a folder, such as ``/dev/stdout``."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _begun_beside(target: Path) -> tuple[int, Path]:
    """A new, empty file beside the one to be written: its handle and its path."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    return handle, Path(temporary)


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, or of a new file under the user's mask."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
