"""Draw the pictures of the documentation again, with the program itself.

make screenshots
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"

LARGE, SMALL = "1440x900", "1100x700"

PICTURES: dict[str, tuple[str, ...]] = {
    "window-light": ("--preset", "tutorial-2", "--iterations", "50", "--size", LARGE),
    "window-dark": (
        *("--preset", "tutorial-2", "--iterations", "50", "--size", LARGE),
        *("--theme", "dark"),
    ),
    "window-light-zh": (
        *("--preset", "tutorial-2", "--iterations", "50", "--size", LARGE),
        *("--language", "zh_CN"),
    ),
    "window-dark-zh": (
        *("--preset", "tutorial-2", "--iterations", "50", "--size", LARGE),
        *("--language", "zh_CN", "--theme", "dark"),
    ),
    "small-light": ("--preset", "tutorial-2", "--iterations", "50", "--size", SMALL),
    "small-dark": (
        *("--preset", "tutorial-2", "--iterations", "50", "--size", SMALL),
        *("--theme", "dark"),
    ),
    "small-light-zh": (
        *("--preset", "tutorial-2", "--iterations", "50", "--size", SMALL),
        *("--language", "zh_CN"),
    ),
    "small-dark-zh": (
        *("--preset", "tutorial-2", "--iterations", "50", "--size", SMALL),
        *("--language", "zh_CN", "--theme", "dark"),
    ),
    "tutorial-1": ("--preset", "tutorial-1", "--size", LARGE),
    "tutorial-3": ("--preset", "tutorial-3", "--iterations", "300", "--size", LARGE),
    "tutorial-4": ("--preset", "tutorial-4", "--size", LARGE),
    "tutorial-5": ("--preset", "tutorial-5", "--size", LARGE),
    "hubble": ("resources/data/hubble-1929.csv", "--iterations", "20", "--size", LARGE),
    "cars": ("resources/data/ezekiel-1930-cars.csv", "--iterations", "500", "--size", LARGE),
}
"""Every picture by its name, and the arguments that make it."""


def main() -> int:
    """Draw all pictures, or those whose names are given."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or PICTURES:
        arguments = (*PICTURES[name], "--screenshot", str(IMAGES / f"{name}.png"))
        defaults = ("--language", "en", "--theme", "light")
        subprocess.run([sys.executable, "main.py", *defaults, *arguments], cwd=ROOT, check=True)
        print(IMAGES.relative_to(ROOT) / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
