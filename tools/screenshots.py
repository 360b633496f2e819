"""Draw the pictures of the documentation again, with the program itself.

make screenshots
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.live.session import Session
    from engine.live.snapshot import Snapshot
    from gui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LARGE, SMALL = (1440, 900), (1100, 700)
TOO_LONG_MS = 60_000
SETTLE_MS = 400
"""How long what is asked for aside may take to be drawn."""


@dataclass(frozen=True)
class Picture:
    """One picture of the window.

    Parameters
    ----------
    experiment
        The experiment's tree, as the file has it.
    row
        The row that is shown; None is the last.
    panels
        Panels that are opened, or closed where their key begins with a minus.
    enlarged
        The panel that fills the centre; empty for none.
    compare
        A comparison made for you that the experiment begins with; empty for none.
    """

    experiment: dict[str, Any]
    row: int | None = None
    panels: tuple[str, ...] = ()
    enlarged: str = ""
    compare: str = ""
    size: tuple[int, int] = LARGE
    theme: str = "light"
    language: str = "en"


def tutorial(number: int, **more: Any) -> dict[str, Any]:
    """A tutorial's experiment with other keys on top."""
    return {"format": 1, "data": {"source": "tutorial", "name": f"tutorial-{number}"}, **more}


def made_up(kind: str, model: str, **more: Any) -> dict[str, Any]:
    """Made-up points and the model that suits them."""
    data = {"source": "synthetic", "kind": kind, **more.pop("data", {})}
    return {"format": 1, "data": data, "model": {"kind": model}, **more}


def sample(name: str, x: str, y: str, rate: float, iterations: int) -> dict[str, Any]:
    """A table that comes with the program, at a rate that suits it."""
    data = {"source": "file", "path": f"sample:{name}", "x": [x], "y": y}
    return {"format": 1, "data": data, "runs": [gd(rate)], "stop": {"iterations": iterations}}


def gd(rate: float, **more: Any) -> dict[str, Any]:
    """A run of gradient descent."""
    return {"optimizer": {"kind": "gd", "lr": rate}, **more}


STEP_BY_STEP = tutorial(2)
FIFTY = {"iterations": 50}
WINDOWS = {
    f"{name}-{theme}{'-zh' if language == 'zh_CN' else ''}": Picture(
        tutorial(2, stop=FIFTY), size=size, theme=theme, language=language
    )
    for name, size in (("window", LARGE), ("small", SMALL))
    for theme in ("light", "dark")
    for language in ("en", "zh_CN")
}
SINE = made_up(
    "sine",
    "sine",
    data={"n": 60, "noise": 0.05},
    runs=[
        gd(0.05, name="from w = 1", start={"kind": "values", "values": [0.0, 1.0]}),
        gd(0.05, name="from w = 0.5", start={"kind": "values", "values": [0.0, 0.5]}),
        gd(0.05, name="from w = 4.5", start={"kind": "values", "values": [1.0, 4.5]}),
    ],
    stop={"iterations": 400},
)
ONE_SINE = made_up(
    "sine", "sine", data={"n": 60, "noise": 0.05}, runs=[gd(0.05)], stop={"iterations": 400}
)
OUTLIERS = made_up(
    "line",
    "line",
    data={"n": 100, "noise": 0.1, "outliers": 0.05, "seed": 3},
    runs=[gd(0.2)],
    stop={"iterations": 300},
)
CLASSES = made_up(
    "two-classes",
    "logistic",
    data={"n": 200, "noise": 0.5, "seed": 1},
    runs=[gd(0.5, batch={"size": 16})],
    stop={"iterations": 100},
)

PICTURES: dict[str, Picture] = {
    **WINDOWS,
    "tutorial-1": Picture(tutorial(1)),
    "tutorial-3": Picture(tutorial(3, stop={"iterations": 300})),
    "tutorial-4": Picture(tutorial(4), compare="batch_sizes", panels=("runs",)),
    "tutorial-5": Picture(tutorial(5), panels=("steps",)),
    "hubble": Picture(sample("hubble-1929.csv", "distance_Mpc", "velocity_km_per_s", 0.4, 20)),
    "cars": Picture(sample("ezekiel-1930-cars.csv", "speed_mph", "distance_ft", 0.003, 500)),
    "classes": Picture(CLASSES),
    "sine": Picture(SINE, panels=("runs",), theme="dark"),
    "surface": Picture(STEP_BY_STEP, row=3, panels=("conditioning",), enlarged="surface"),
    "sections": Picture(tutorial(2, runs=[gd(0.8)]), row=2, enlarged="sections"),
    "steps": Picture(STEP_BY_STEP, row=1, panels=("steps",)),
    "scales": Picture(STEP_BY_STEP, row=20, panels=("scales",)),
    "conditioning": Picture(tutorial(2, runs=[gd(0.75)]), row=6, panels=("conditioning",)),
    "surface-3d": Picture(STEP_BY_STEP, row=30, enlarged="surface3d"),
    "log": Picture(tutorial(1), panels=("log", "-fit")),
    "rates": Picture(STEP_BY_STEP, row=12, compare="rates_2", panels=("runs", "results")),
    "losses": Picture(OUTLIERS, compare="losses", panels=("runs", "results")),
    "starts": Picture(ONE_SINE, compare="starts", panels=("runs",), theme="dark"),
    "optimizers": Picture(
        STEP_BY_STEP, row=60, compare="optimizers", panels=("runs",), theme="dark"
    ),
}
"""Every picture by its name."""


def draw(name: str) -> None:
    """Draw one picture, in a program of its own."""
    from engine.files.experiments import experiment_from
    from gui.app import create_application
    from gui.i18n import set_language
    from gui.main_window import MainWindow
    from gui.settings import Settings

    picture = PICTURES[name]
    app = create_application()
    set_language(app, picture.language)
    settings = Settings(theme=picture.theme, language=picture.language)  # type: ignore[arg-type]
    window = MainWindow(settings, remember=False)
    window.resize(*picture.size)
    window.session.open(experiment_from(picture.experiment))
    window.show()
    arrange(window, picture)
    window.save_picture(IMAGES / f"{name}.png")
    window.session.close()


def arrange(window: MainWindow, picture: Picture) -> None:
    """Run to the end and show what the picture is of."""
    from PySide6.QtGui import QAction

    session, workspace = window.session, window.workspace
    wait_until(lambda: session.snapshot is not None)
    if picture.compare:
        action = window.findChild(QAction, f"compare_{picture.compare}")
        assert action is not None
        action.trigger()
        wait_until(lambda: len(shown(session).runs) > 1 and session.is_settled)
    for key in picture.panels:
        if key.startswith("-"):
            workspace.hide_panel(key.removeprefix("-"))
        else:
            workspace.show_panel(key)
    if picture.enlarged:
        workspace.show_panel(picture.enlarged)
        workspace.enlarge(picture.enlarged)
    session.run_to_end()
    wait_until(lambda: shown(session).is_over and not shown(session).playing)
    if picture.row is not None:
        session.seek(picture.row)
        wait_until(lambda: shown(session).cursor == picture.row)
    settle()
    wait_until(lambda: not session.analyst.is_thinking)
    settle()


def shown(session: Session) -> Snapshot:
    """The newest snapshot; there has to be one."""
    assert session.snapshot is not None
    return session.snapshot


def wait_until(is_true: Callable[[], bool]) -> None:
    """Let the program run until something holds."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop

    late, loop = QDeadlineTimer(TOO_LONG_MS), QEventLoop()
    while not is_true():
        if late.hasExpired():
            raise TimeoutError("the picture does not come about")
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def settle() -> None:
    """Let the program lay itself out."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(SETTLE_MS, loop.quit)
    loop.exec()


def main() -> int:
    """Draw all pictures, or those whose names are given."""
    if sys.argv[1:2] == ["--draw"]:
        draw(sys.argv[2])
        return 0
    from tools.package import own_display

    IMAGES.mkdir(parents=True, exist_ok=True)
    with own_display() if shutil.which("Xvfb") else nullcontext("") as display:
        for name in sys.argv[1:] or PICTURES:
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            if display and PICTURES[name].enlarged == "surface3d":  # the only one with OpenGL
                environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
            command = [sys.executable, __file__, "--draw", name]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            print(IMAGES.relative_to(ROOT) / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
