"""Files are written as a whole or not at all."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.files.experiments import preset, save_experiment
from engine.files.writing import check_writable, write_atomically
from engine.messages import InputError


def full_disk() -> Iterator[str]:
    yield "half of it"
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupted() -> Iterator[str]:
    yield "half of it"
    raise KeyboardInterrupt


def test_the_old_file_survives_a_failing_write(tmp_path: Path) -> None:
    path = tmp_path / "lesson.json"
    path.write_text("old")
    with pytest.raises(InputError, match=r"Cannot write .*lesson\.json: No space left on device\."):
        write_atomically(path, full_disk())
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, interrupted())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["folder", "none/lesson.json", "x" * 300])
def test_what_cannot_be_written_is_known_before(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as before:
        check_writable(tmp_path / name)
    with pytest.raises(InputError) as after:
        write_atomically(tmp_path / name, ["text"])
    assert str(before.value) == str(after.value)
    assert list(tmp_path.rglob("*")) == [tmp_path / "folder"]


def test_what_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_text("old")
    check_writable(old)
    check_writable(tmp_path / "new.csv")
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_text() == "old"


@pytest.mark.parametrize("name", ["folder", "none/lesson.json", "x" * 300])
def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="Cannot write"):
        save_experiment(tmp_path / name, preset("tutorial-1"))
    assert list(tmp_path.rglob("*")) == [tmp_path / "folder"]


def test_lines_end_as_they_were_given(tmp_path: Path) -> None:
    write_atomically(tmp_path / "out.csv", ["a\n", "κ\r\n"])
    assert (tmp_path / "out.csv").read_bytes() == b"a\n\xce\xba\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions, links and devices")
def test_permissions_links_and_devices_stay(tmp_path: Path) -> None:
    path, link, null = (tmp_path / name for name in ("real.json", "link.json", "null.json"))
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    null.symlink_to("/dev/null")
    check_writable(null)
    write_atomically(link, ["new"])
    write_atomically(null, ["nothing"])

    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert null.is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is full")
def test_a_full_device_is_named(tmp_path: Path) -> None:
    (tmp_path / "full.json").symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"Cannot write .*: No space left on device"):
        write_atomically(tmp_path / "full.json", ["text"])
