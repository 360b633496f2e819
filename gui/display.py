"""What Qt needs of the system before a window can open, found out without importing Qt.

Qt aborts where there is no display, and Python raises an ImportError where a library is missing;
asking first lets the program say in one line what to do.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ALWAYS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libzstd.so.1": "libzstd1",
}
"""Libraries that Qt needs to draw anything, and the Debian package that has each."""

FOR_X11 = {
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Libraries that a window on X11 needs besides."""


def has_display() -> bool:
    """Whether a window can be shown; on Linux Qt aborts where there is no display to show it on."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    display = os.environ.get("DISPLAY", "")
    if display.startswith(":"):
        number = display[1:].split(".")[0]
        return Path(f"/tmp/.X11-unix/X{number}").exists()
    return bool(display)


def needed_libraries() -> dict[str, str]:
    """Libraries that the window needs here, each with its package; none where Qt brings all."""
    if not sys.platform.startswith("linux"):
        return {}
    return ALWAYS | FOR_X11 if _is_on_x11() else dict(ALWAYS)


def missing_packages(libraries: Mapping[str, str]) -> dict[str, str]:
    """Those of the libraries that cannot be loaded."""
    return {name: package for name, package in libraries.items() if not _loads(name)}


def what_is_missing(missing: Mapping[str, str]) -> str:
    """One line that says how to get missing libraries; ``missing`` is not empty."""
    packages = " ".join(dict.fromkeys(missing.values()))
    return (
        f"the window needs {_listed(missing)}, not found on this system; "
        f"on Debian and Ubuntu: sudo apt install {packages}"
    )


def _is_on_x11() -> bool:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.startswith("xcb")
    return not os.environ.get("WAYLAND_DISPLAY")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
