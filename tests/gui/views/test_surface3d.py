"""The surface in three dimensions: without OpenGL here, and with it on an X server of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.files.experiments import preset
from engine.problem.surface import Frame
from gui.style import DARK, LIGHT
from gui.views.relief import Camera
from gui.views.surface3d import Surface3D
from tests.gui.conftest import show_widget
from tests.gui.snapshots import descended, seen
from tools.package import own_display

ROOT = Path(__file__).resolve().parents[3]
WITH_OPENGL = Path(__file__).with_name("with_opengl.py")


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | variables,
        check=False,
        timeout=110,
    )


def test_opengl_is_not_loaded_before_the_view_is_shown() -> None:
    script = """if True:
        import sys
        from PySide6.QtWidgets import QApplication
        from engine.files.experiments import preset
        from gui.views.surface3d import Surface3D
        from tests.gui.snapshots import descended, seen
        app = QApplication([])
        view = Surface3D()
        view.draw(seen(descended(preset("tutorial-2"))))
        heavy = ("OpenGL", "pyqtgraph.opengl", "gui.views.scene")
        print(*[name for name in heavy if name in sys.modules])
    """
    done = python("-c", script)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == []


def test_a_line_of_text_stands_where_there_is_no_opengl(
    qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    view = Surface3D()
    show_widget(qtbot, view, 400, 300)
    view.set_theme(DARK)
    descent = descended(preset("tutorial-3"))
    for cursor in (0, 1, 3):
        view.draw(seen(descent, cursor))
        qtbot.wait(1)
    view.show_frame((0, 2), None)
    view.log_button.click()
    assert view.picture.scene is None
    picture = view.picture.grab().toImage()
    middle = picture.copy(0, picture.height() // 2 - 20, picture.width(), 40)
    pixels = [middle.pixelColor(x, y) for x in range(middle.width()) for y in range(40)]
    text, ground = QColor(DARK.text), QColor(DARK.plot)
    assert max(pixel.lightness() for pixel in pixels) > (text.lightness() + ground.lightness()) / 2
    assert min(pixel.lightness() for pixel in pixels) <= ground.lightness() + 10
    assert capfd.readouterr().err == ""


def test_without_opengl_the_mouse_does_nothing(qtbot: QtBot) -> None:
    view = Surface3D()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    qtbot.mouseClick(view.picture, Qt.MouseButton.LeftButton)
    assert view.picture.camera == Camera()
    assert view.theme is LIGHT


@pytest.fixture(scope="module")
def display() -> str:
    """Gives nothing but the assurance that an X server can be started."""
    if shutil.which("Xvfb") is None:
        assert not os.environ.get("CI"), "CI has to have Xvfb"
        pytest.skip("there is no Xvfb")
    return "xcb"


def test_it_is_drawn_with_opengl(display: str) -> None:
    with own_display() as name:
        done = python(
            *("-m", "pytest", "-q", "-p", "no:cacheprovider", str(WITH_OPENGL)),
            DISPLAY=name,
            QT_QPA_PLATFORM=display,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout


def test_without_pyopengl_there_is_a_line_of_text(display: str) -> None:
    script = """if True:
        import sys
        sys.modules["OpenGL"] = None
        from PySide6.QtWidgets import QApplication
        from engine.files.experiments import preset
        from gui.views.surface3d import Surface3D
        from tests.gui.snapshots import descended, seen
        app = QApplication([])
        view = Surface3D()
        view.show()
        view.draw(seen(descended(preset("tutorial-2"))))
        app.processEvents()
        print(view.picture.scene, app.platformName())
        view.close()
    """
    with own_display() as name:
        done = python("-c", script, DISPLAY=name, QT_QPA_PLATFORM=display)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["None", "xcb"]


def test_parameters_of_another_problem_are_let_go(qtbot: QtBot) -> None:
    view = Surface3D()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    view.show_frame((1, 2), Frame((-1.0, 1.0), (-1.0, 1.0)))
    view.draw(seen(descended(preset("tutorial-2"))))
    qtbot.waitUntil(lambda: view.axes == (0, 1))


def test_only_what_was_turned_can_be_reset(qtbot: QtBot) -> None:
    view = Surface3D()
    show_widget(qtbot, view, 600, 400)
    assert not view.reset_button.isVisible()
    view.picture.look(Camera().turned(30, 5))
    assert view.reset_button.isVisible()
    qtbot.mouseClick(view.reset_button, Qt.MouseButton.LeftButton)
    assert view.picture.camera == Camera()
    assert not view.reset_button.isVisible()
