"""What needs OpenGL, and so a display: ``test_surface3d.py`` runs this file on one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count as count_from

import numpy as np
import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.descent.descent import Descent
from engine.experiment import Experiment
from engine.files.experiments import experiment_from, preset
from engine.live.analyst import Question
from engine.live.snapshot import Snapshot
from engine.problem.surface import Frame, default_frame
from gui.run_looks import RunLooks
from gui.style import DARK, LIGHT, Theme
from gui.views import relief
from gui.views.relief import Camera
from gui.views.relief_picture import INTERVAL_MS
from gui.views.surface3d import Surface3D
from tests.gui.conftest import WAIT_MS, show_widget
from tests.gui.snapshots import descended, seen


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[Surface3D]:
    view = Surface3D()
    show_widget(qtbot, view, 640, 480)
    assert view.picture.scene is not None
    yield view
    view.hide()


def show(qtbot: QtBot, view: Surface3D, descent: Descent, cursor: int | None = None) -> QImage:
    """Draw a row and wait until it is seen."""
    view.draw(seen(descent, cursor))
    qtbot.waitUntil(lambda: not view._due.isActive())
    return picture(view)


def picture(view: Surface3D) -> QImage:
    return view.picture.grab().toImage()


def count(image: QImage, colour: str, tolerance: int = 24, area: QRect | None = None) -> int:
    """How many pixels have nearly a colour."""
    part = image.copy(area or image.rect()).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.width(), 4)
    solid = QColor(colour)
    wanted = np.array([solid.blue(), solid.green(), solid.red()])
    off = np.abs(pixels[:, :, :3].astype(int) - wanted).max(axis=2)
    return int((off <= tolerance).sum())


def below_legend(image: QImage) -> QRect:
    return image.rect().adjusted(0, 40, 0, 0)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_surface_path_and_marks_are_seen(qtbot: QtBot, view: Surface3D, theme: Theme) -> None:
    view.set_theme(theme)
    descent = descended(preset("tutorial-2"))
    image = show(qtbot, view, descent, 60)
    area = below_legend(image)
    assert count(image, theme.plot, 2, area) > 0.3 * area.width() * area.height()
    assert count(image, theme.fit, 24, area) > 300  # path, start and the current point
    assert count(image, theme.optimum, 24, area) > 20
    box = view.picture.box
    assert box is not None
    for mark in view.picture.marks:
        x, y = view.picture.camera.pixels(mark.place, *view.picture._size()).tolist()
        assert view.picture.rect().contains(QPoint(round(x), round(y)))
    assert len(view.picture.marks) == 4
    without = show(qtbot, view, descent, 0)
    assert count(without, theme.fit, 24, area) < count(image, theme.fit, 24, area)


def test_the_current_point_is_where_the_engine_says(qtbot: QtBot, view: Surface3D) -> None:
    descent = descended(preset("tutorial-2"))
    image = show(qtbot, view, descent, 7)
    rows, box = descent.history.rows(), view.picture.box
    assert box is not None
    place = box.place(rows.params[0, 7], rows.params[1, 7], rows.train_loss[7])
    assert view.picture.marks[-1].place.tolist() == pytest.approx(place.tolist())
    x, y = view.picture.camera.pixels(place, *view.picture._size()).tolist()
    at = QPointF(x, y + view.picture._strip()).toPoint()
    assert image.pixelColor(at) == QColor(LIGHT.fit)


def test_the_frame_is_that_of_the_map(qtbot: QtBot, view: Surface3D) -> None:
    descent = descended(preset("tutorial-2"))
    show(qtbot, view, descent)
    start = descent.history.start
    assert view.picture.box is not None
    expected = default_frame(descent.problem, start, (0, 1))
    assert view.picture.box.frame.x == pytest.approx(expected.x)
    assert view.picture.box.frame.y == pytest.approx(expected.y)
    chosen = Frame((0.0, 2.0), (1.0, 3.0))
    view.show_frame((0, 1), chosen)
    qtbot.waitUntil(lambda: view.picture.box is not None and view.picture.box.frame == chosen)
    view.show_frame((0, 1), None)
    qtbot.waitUntil(lambda: view.picture.box is not None and view.picture.box.frame != chosen)


def drag(picture: QWidget, begin: QPointF, end: QPointF) -> None:
    """Drag with the left button, by real events."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, at, button, buttons in (
        (QEvent.Type.MouseButtonPress, begin, left, left),
        (QEvent.Type.MouseMove, end, none, left),
        (QEvent.Type.MouseButtonRelease, end, left, none),
    ):
        above = picture.mapToGlobal(at)
        event = QMouseEvent(kind, at, above, button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(picture, event)


def turn_wheel(picture: QWidget, notches: int) -> None:
    at = QPointF(picture.rect().center())
    event = QWheelEvent(
        at,
        picture.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picture, event)


def test_it_turns_zooms_and_comes_back(qtbot: QtBot, view: Surface3D) -> None:
    first = show(qtbot, view, descended(preset("tutorial-2")))
    drag(view.picture, QPointF(300, 200), QPointF(360, 190))
    assert view.picture.camera.azimuth == pytest.approx(230)  # half a degree a pixel
    assert view.picture.camera.elevation == pytest.approx(35)
    turned = picture(view)
    assert turned != first
    turn_wheel(view.picture, 2)
    assert view.picture.camera.distance < Camera().distance
    assert picture(view) != turned
    qtbot.mouseClick(view.reset_button, Qt.MouseButton.LeftButton)
    assert view.picture.camera == Camera()
    view.picture._refine()
    assert picture(view) == first


def test_heights_can_be_logarithms(qtbot: QtBot, view: Surface3D) -> None:
    linear = show(qtbot, view, descended(preset("tutorial-2")))
    qtbot.mouseClick(view.log_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.picture.box is not None and view.picture.box.logarithmic)
    assert picture(view) != linear


class DoubleClicks(QWidget):
    """Counts the double clicks that come to it."""

    def __init__(self, child: QWidget) -> None:
        super().__init__()
        self.seen = 0
        layout = QVBoxLayout(self)
        layout.addWidget(child)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.seen += 1
        event.accept()


def test_a_double_click_is_the_panels(qtbot: QtBot) -> None:
    view = Surface3D()
    around = DoubleClicks(view)
    qtbot.addWidget(around)
    with qtbot.waitExposed(around):
        around.show()
    qtbot.mouseDClick(view.picture, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert around.seen == 1


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_a_run_that_goes_on_is_drawn_fifteen_times_a_second(qtbot: QtBot, view: Surface3D) -> None:
    descent = descended(preset("tutorial-2"))
    show(qtbot, view, descent, 0)
    counter = Paints(view.picture)
    clock, rows = QElapsedTimer(), count_from(1)
    clock.start()

    def is_painted_again() -> bool:
        row = next(rows)
        view.draw(seen(descent, row, rows=row + 1, playing=True))
        return counter.times >= 3

    qtbot.waitUntil(is_painted_again, timeout=WAIT_MS)  # asks, and draws, every 10 ms
    assert counter.times <= clock.elapsed() // INTERVAL_MS + 2
    qtbot.waitUntil(lambda: not view._due.isActive())


def test_a_snapshot_that_comes_too_soon_waits_unless_paused(qtbot: QtBot, view: Surface3D) -> None:
    descent = descended(preset("tutorial-2"))
    for playing in (True, False):
        show(qtbot, view, descent, 0)
        view.picture._since.start()
        view.draw(seen(descent, 1, playing=playing))
        assert (view._due.interval() > INTERVAL_MS / 2) is playing


def test_with_three_parameters_it_is_a_slice(qtbot: QtBot, view: Surface3D) -> None:
    descent = descended(preset("tutorial-3"))
    show(qtbot, view, descent)
    assert view.axes == (1, 2)
    assert view.note.isVisible()
    rows, box = descent.history.rows(), view.picture.box
    assert box is not None
    _, w1, w2 = rows.params[:, -1]
    place = box.place(w1, w2, rows.train_loss[-1])
    assert view.picture.marks[-1].place.tolist() == pytest.approx(place.tolist())


def beside(
    descents: tuple[Descent, ...], rows: int, selected: int = 0, playing: bool = False
) -> Snapshot:
    """What the window would see of several runs at a row."""
    alone = [seen(descent, rows, generation=i) for i, descent in enumerate(descents)]
    runs = tuple(replace(each.run, problem=each.problem) for each in alone)
    problem = alone[selected].problem
    return replace(alone[selected], runs=runs, selected=selected, problem=problem, playing=playing)


def test_other_runs_have_thin_paths_in_their_colours(qtbot: QtBot, view: Surface3D) -> None:
    keys = {"format": 1, "data": {"source": "tutorial", "name": "tutorial-2"}}
    starts = ([0.5, -0.1], [2.0, 3.0], [0.0, 3.0])
    descents = tuple(
        descended(
            experiment_from(
                keys
                | {"runs": [{"start": {"kind": "values", "values": start}}]}
                | {"stop": {"iterations": 60}}
            )
        )
        for start in starts
    )
    looks = RunLooks().following(("a", "b", "c"))
    view.set_looks(looks)
    view.draw(beside(descents, 60, selected=1))
    qtbot.waitUntil(lambda: not view._due.isActive())
    image, colours = picture(view), [looks.colour(i, LIGHT) for i in range(3)]
    area = below_legend(image)
    seen_of = [count(image, colour, 24, area) for colour in colours]
    assert min(seen_of) > 40
    box = view.picture.box
    assert box is not None
    for start in starts:  # the frame has room for all
        assert np.abs(box.plan(*np.array(start))).max() <= 0.5
    view.set_looks(looks.with_visibility(0, False))
    qtbot.waitUntil(lambda: not view._due.isActive())
    assert count(picture(view), colours[0], 24, area) < seen_of[0] / 4
    assert set(view.picture.beside.places) == {2}


def sine() -> Experiment:
    x = [-3 + k / 400 for k in range(2401)]  # so many that a fine map takes a while
    return experiment_from(
        {
            "format": 1,
            "data": {"source": "points", "x": x, "y": [0.1 * value for value in x]},
            "model": {"kind": "sine"},
            "stop": {"iterations": 20},
        }
    )


def test_what_is_not_free_is_asked_for_and_becomes_finer(qtbot: QtBot, view: Surface3D) -> None:
    questions: list[Question] = []
    view.question_raised.connect(questions.append)
    show(qtbot, view, descended(sine()))
    (question,) = questions
    assert question.kind == "surface3d"
    *_, finest = question.answers(lambda: False)
    rough = picture(view)
    view.take_answer("surface3d", question.token, finest)
    qtbot.waitUntil(lambda: view.picture._heights is finest)
    assert picture(view) != rough
    view.take_answer("surface3d", ("another",), finest)
    assert view.picture._heights is finest


@pytest.mark.parametrize("even", [False, True])
def test_the_colours_are_spaced_as_on_the_map(qtbot: QtBot, view: Surface3D, even: bool) -> None:
    show(qtbot, view, descended(sine() if even else preset("tutorial-2")))
    picture = view.picture
    assert picture.scene is not None
    assert picture.box is not None
    assert picture._heights is not None
    assert picture._sight is not None
    z, problem = picture._heights.z, picture._sight.problem
    lowest = min(float(z.min()), problem.optimum.loss)
    expected = relief.colours(z, lowest, picture.box.height(z), view.theme, even)
    drawn = picture.scene.surface._meshdata.vertexColors()
    assert drawn.reshape(-1, 4) == pytest.approx(expected.swapaxes(0, 1).reshape(-1, 4), abs=1e-6)


def test_a_picture_of_the_window_has_it_at_its_resolution(qtbot: QtBot, view: Surface3D) -> None:
    show(qtbot, view, descended(preset("tutorial-2")))
    target = QPixmap(view.size() * 2)
    target.setDevicePixelRatio(2.0)
    with view.at_ratio(2.0):
        view.render(target)
        assert view.picture._image.width() == 2 * view.picture.width()
    image = target.toImage()
    assert count(image, LIGHT.fit) > 4 * 300
    picture(view)
    assert view.picture._image.width() == view.picture.width()


def test_two_views_share_one_context(qtbot: QtBot, view: Surface3D) -> None:
    descent = descended(preset("tutorial-2"))
    first = show(qtbot, view, descent)
    other = Surface3D()
    qtbot.addWidget(other)
    other.resize(640, 480)
    with qtbot.waitExposed(other):
        other.show()
    assert show(qtbot, other, descent) == first
    view.picture.look(Camera().turned(40, 0))
    assert picture(view) != first
    assert view.picture.scene is not None


def test_a_fault_of_the_driver_leaves_a_line_of_text(
    qtbot: QtBot, view: Surface3D, capfd: pytest.CaptureFixture[str]
) -> None:
    show(qtbot, view, descended(preset("tutorial-2")))
    view.picture.ratio = 1e4  # no framebuffer is that large
    picture(view)
    assert view.picture.scene is None
    view.picture.ratio = None
    view.draw(seen(descended(preset("tutorial-1"))))
    assert count(picture(view), LIGHT.text) > 50
    assert capfd.readouterr().err == ""
