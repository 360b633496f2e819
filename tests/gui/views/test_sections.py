"""Cross-sections: what they show, what can be dragged, and how they go with the surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.descent.history import Place
from engine.experiment import Adam, Gd, Optimizer
from engine.files.experiments import experiment_from
from engine.live.analyst import Analyst
from engine.live.snapshot import Snapshot
from engine.problem.problem import Problem
from engine.problem.sources import problem_of
from engine.problem.surface import Frame, default_frame
from engine.types import Vector
from gui.style import DARK, LIGHT
from gui.views.plot import PlotView
from gui.views.section_plot import Marks, SectionPlot, losses_range
from gui.views.sections import SMALLEST, SYMBOLS, ZOOM, SectionsView
from gui.views.surface import SurfaceView
from tests.gui.conftest import OpenWindow
from tests.gui.views.descents import descend, snapshot, tutorial_2, tutorial_3

LEFT = Qt.MouseButton.LeftButton
ALL = Marks(tangent=True, jump=True, difference=True)
B, W = 0, 1

Present = Callable[..., SectionsView]


@pytest.fixture
def present(qtbot: QtBot) -> Present:
    """Shows cross-sections of a snapshot, 900 × 400 unless another size is given."""

    def begin(snapshot: Snapshot, width: int = 900, height: int = 400) -> SectionsView:
        view = SectionsView()
        qtbot.addWidget(view)
        view.resize(width, height)
        with qtbot.waitExposed(view):
            view.show()
        view.draw(snapshot)
        return view

    return begin


def at_start(rate: float = 0.1, steps: int = 5) -> tuple[Problem, Vector, Snapshot]:
    """Tutorial 2 at its start, with rows and the snapshot's rate of one learning rate."""
    problem, start = tutorial_2()
    return problem, start, at_rate(snapshot(problem, descend(problem, start, rate, steps), 0), rate)


def with_optimizer(shown: Snapshot, optimizer: Optimizer) -> Snapshot:
    settings = msgspec.structs.replace(shown.run.settings, optimizer=optimizer)
    return replace(shown, runs=(replace(shown.run, settings=settings),))


def at_rate(shown: Snapshot, rate: float) -> Snapshot:
    return with_optimizer(shown, Gd(lr=rate))


def tutorial(**keys: Any) -> Problem:
    data = {"source": "tutorial", "name": "tutorial-2"}
    return problem_of(experiment_from({"format": 1, "data": data} | keys))


START = tutorial_2()[1]


def spot(view: PlotView, x: float, y: float) -> QPoint:
    """Where a point of the data is on the plot's viewport."""
    return QPoint(view.plot.mapFromScene(view.box.mapViewToScene(QPointF(x, y))))


def send(target: QWidget, kind: QEvent.Type, at: QPoint, buttons: Qt.MouseButton) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    place, everywhere = QPointF(at), QPointF(target.mapToGlobal(at))
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QMouseEvent(kind, place, everywhere, button, buttons, keys))


def drag(view: PlotView, *path: QPoint) -> None:
    """Press the mouse at the first point, move through all, release at the last."""
    target = view.plot.viewport()
    send(target, QEvent.Type.MouseButtonPress, path[0], LEFT)
    for at in path[1:]:
        send(target, QEvent.Type.MouseMove, at, LEFT)
    send(target, QEvent.Type.MouseButtonRelease, path[-1], Qt.MouseButton.NoButton)


def slope_of(ends: Vector | None) -> float:
    assert ends is not None
    (x, y), (x2, y2) = ends.tolist()
    return float((y2 - y) / (x2 - x))


def marker(plot: SectionPlot, name: str) -> tuple[float, float]:
    at = getattr(plot, name).at
    assert at is not None
    return float(at[0]), float(at[1])


# What is shown


def test_the_tangents_slope_is_the_gradient_of_the_row(present: Present) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    view = present(snapshot(problem, rows, 0))
    for row in (0, 7, 20, 3):
        view.draw(snapshot(problem, rows, row))
        for axis, plot in enumerate(view.plots):
            assert slope_of(plot.tangent.ends) == pytest.approx(rows.gradient[axis, row], rel=1e-9)
            at = (rows.params[axis, row], rows.train_loss[row])
            assert marker(plot, "point") == pytest.approx(at, rel=1e-12)
            assert plot.section is not None
            assert plot.section.cut.slope == rows.gradient[axis, row]


def test_the_numbers_of_tutorial_2s_start(present: Present) -> None:
    _, _, shown = at_start(1.1)
    view = present(shown)
    view.marks = ALL
    b, w = (plot.readings.shown for plot in view.plots)
    # −3.044811 and −1.833754 are the tutorial's; times 1.1, and the parabolas there, in NumPy
    assert b[:3] == ("∂L/∂b = −3.04481", "−η·∂L/∂b = 3.34929", "overshoots: L = 3.76195")
    assert w[:3] == ("∂L/∂w = −1.83375", "−η·∂L/∂w = 2.01713", "lands at L = 0.333017")
    assert b[3] == w[3] == "joint step: L = 7.73664"  # row 1's loss at this rate
    assert b[4].startswith("ΔL/Δb = ")
    assert b[4].endswith(" (exact −3.04481)")


@pytest.mark.parametrize(("rate", "overshoots"), [(0.2, False), (0.8, False), (1.1, True)])
def test_the_jump_lands_on_the_curve(present: Present, rate: float, overshoots: bool) -> None:
    problem, start, shown = at_start(rate)
    view = present(shown)
    gradient = problem.objective.gradient(start.tolist())
    for axis, plot in enumerate(view.plots):
        landed = start.copy()
        landed[axis] -= rate * gradient[axis]
        loss = problem.objective.loss(landed.tolist())
        assert marker(plot, "landing") == pytest.approx((landed[axis], loss), rel=1e-12)
        assert plot.jump.ends is not None
        assert plot.jump.ends[0] == pytest.approx(marker(plot, "point"))
        assert plot.jump.ends[1] == pytest.approx((landed[axis], marker(plot, "point")[1]))
    b, w = view.plots
    assert b.landing.brush().color().name().upper() == (LIGHT.danger if overshoots else LIGHT.fit)
    assert w.landing.brush().color().name().upper() == LIGHT.fit  # w never does at these rates


def test_the_joint_step_is_the_next_row(present: Present) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.3, 6)
    view = present(snapshot(problem, rows, 2))
    for axis, plot in enumerate(view.plots):
        at = (rows.params[axis, 3], rows.train_loss[3])
        assert marker(plot, "joint") == pytest.approx(at, rel=1e-12)
    ahead = descend(problem, rows.params[:, 6], 0.7, 3)
    view.draw(snapshot(problem, rows, 6, ahead=ahead.params))
    for axis, plot in enumerate(view.plots):
        at = (ahead.params[axis, 1], ahead.train_loss[1])
        assert marker(plot, "joint") == pytest.approx(at, rel=1e-12)


def test_the_joint_step_of_a_row_that_is_not_computed_yet(present: Present) -> None:
    problem, start, _ = at_start()
    rows = descend(problem, start, 0.1, 6)
    playing = snapshot(problem, rows, 6, playing=True)
    view = present(playing)
    following = rows.params[:, 6] - 0.1 * rows.gradient[:, 6]  # gradient descent says it itself
    assert marker(view.plots[B], "joint")[0] == pytest.approx(following[B], rel=1e-12)
    view.draw(with_optimizer(playing, Adam()))  # whose step nobody foretells
    assert view.plots[B].joint.at is None
    assert not any("joint" in line for line in view.plots[B].readings.shown)


def test_a_batchs_slope_stands_beside_that_of_all_points(present: Present) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 6)
    shaken = replace(rows, gradient=rows.gradient + 0.5)
    shown = snapshot(problem, shaken, 2)
    view = present(shown)
    assert view.plots[B].batch_tangent.ends is None
    run = replace(shown.run, place=Place(0, 0, 5, 16))
    view.draw(replace(shown, runs=(run,)))
    for axis, plot in enumerate(view.plots):
        assert slope_of(plot.tangent.ends) == pytest.approx(rows.gradient[axis, 2], rel=1e-9)
        batch = slope_of(plot.batch_tangent.ends)
        assert batch == pytest.approx(rows.gradient[axis, 2] + 0.5, rel=1e-9)
        assert "(batch " in plot.readings.shown[0]


def test_the_axes_are_those_of_the_surface(present: Present) -> None:
    problem, start, shown = at_start()
    view = present(shown)
    frame = default_frame(problem, start, (B, W))
    assert view.plots[B].mapping.x_range == pytest.approx(frame.x)
    assert view.plots[W].mapping.x_range == pytest.approx(frame.y)
    view.show_frame((B, W), Frame((-2.0, 4.0), (-1.0, 5.0)))  # that of tutorial 2's figures
    assert view.plots[B].mapping.x_range == pytest.approx((-2.0, 4.0))
    assert view.plots[W].mapping.x_range == pytest.approx((-1.0, 5.0))
    view.show_frame((B, W), None)
    assert view.plots[B].mapping.x_range == pytest.approx(frame.x)


def test_the_losses_axis_moves_in_coarse_steps(present: Present) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.05, 200)
    view = present(snapshot(problem, rows, 0))
    ranges = set()
    for row in range(200):
        view.draw(snapshot(problem, rows, row))
        ranges.add(view.plots[B].mapping.y_range)
        section = view.plots[B].section
        assert section is not None
        assert view.plots[B].mapping.y_range == losses_range(section, rows.train_loss[0])
    assert len(ranges) <= 4


def test_a_run_that_diverges_is_drawn_without_complaint(present: Present) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 40.0, 60)
    view = present(at_rate(snapshot(problem, rows, 0), 40.0))
    view.marks = ALL
    for row in (1, 5, 20, 60):
        view.draw(at_rate(snapshot(problem, rows, row), 40.0))
        assert all(np.isfinite(plot.mapping.y_range).all() for plot in view.plots)
    far = np.array([1e300, 1e300])
    view.hold_at(far)  # where not even the loss is a number
    assert all(not plot.point.isVisible() for plot in view.plots)


def test_other_parameters_can_be_chosen(present: Present, qtbot: QtBot) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.3, 5)
    view = present(snapshot(problem, rows, 2))
    first, second = view.plots
    assert view.axes == (1, 2)
    assert first.choice.isVisible()
    first.choice.setFocus()
    qtbot.keyClick(first.choice, Qt.Key.Key_Up)  # from w1 to b
    assert view.axes == (0, 2)
    assert marker(first, "point")[0] == rows.params[0, 2]
    qtbot.keyClick(first.choice, Qt.Key.Key_Down)
    qtbot.keyClick(first.choice, Qt.Key.Key_Down)  # to w2, which the other one gives up
    assert view.axes == (2, 1)
    assert second.choice.currentText() == "w1"
    assert marker(second, "point")[0] == rows.params[1, 2]


def test_with_two_parameters_there_is_nothing_to_choose(present: Present) -> None:
    assert not any(plot.choice.isVisible() for plot in present(at_start()[2]).plots)


def test_side_by_side_or_below_each_other(present: Present) -> None:
    view = present(at_start()[2])
    assert view.plots[0].y() == view.plots[1].y()
    view.resize(300, 600)
    QApplication.processEvents()
    assert view.plots[0].x() == view.plots[1].x()
    assert view.plots[1].y() > view.plots[0].y()


def test_small_plots_leave_out_what_matters_least(present: Present) -> None:
    _, _, shown = at_start(1.1)
    view = present(shown, 420, 220)
    view.marks = ALL
    shown_lines = view.plots[B].readings.shown
    assert [line.split(" ")[0] for line in shown_lines] == [
        "∂L/∂b",
        "−η·∂L/∂b",
        "overshoots:",
        "ΔL/Δb",
    ]
    assert "exact" not in shown_lines[-1]


def _is_as_high_as_it_needs(plot: SectionPlot) -> bool:
    strip = plot.readings
    return strip.width() == plot.width() and strip.height() == strip.heightForWidth(strip.width())


@pytest.mark.parametrize(("width", "height"), [(420, 220), (600, 240), (900, 400)])
def test_no_number_lies_over_a_curve(
    present: Present, qtbot: QtBot, width: int, height: int
) -> None:
    view = present(at_start(1.1)[2], width, height)
    view.marks = ALL
    for plot in view.plots:
        assert plot.readings.isVisible()
        assert not plot.readings.geometry().intersects(plot.plot.geometry())
        assert plot.plot.height() >= plot.readings.height()
        assert plot.mapping.height == plot.box.rect().height()  # drawn at the size that is left
    for other in (360, width):
        view.resize(other, height)
        qtbot.waitUntil(lambda: all(_is_as_high_as_it_needs(plot) for plot in view.plots))


def test_buttons_bear_words_where_there_is_room(present: Present) -> None:
    view = present(at_start()[2])
    for _ in range(2):  # as a frame puts them there
        button = QToolButton()
        button.setFixedWidth(30)
        view.tools.addWidget(button)
        button.show()
    texts = [[button.text() for button in view.buttons.values()]]
    for width in (SMALLEST.width(), 400, 900):
        view.resize(width, 400)
        QApplication.processEvents()
        assert view.width() == width
        assert all(button.geometry().right() < width for button in view.buttons.values())
        assert view.title.width() in (0, *range(view.title.sizeHint().width(), width))
        texts.append([button.text() for button in view.buttons.values()])
    words, symbols = ["Tangent", "Jump", "Difference"], list(SYMBOLS.values())[:3]
    assert texts == [words, symbols, words, words]


def test_a_hidden_view_draws_nothing_until_it_is_shown(present: Present) -> None:
    problem, start, shown = at_start()
    view = present(shown)
    view.hide()
    drawn = view.plots[B].frames_drawn
    view.draw(snapshot(problem, descend(problem, start, 0.1, 5), 4))
    assert view.plots[B].frames_drawn == drawn
    view.show()
    assert marker(view.plots[B], "point")[0] != pytest.approx(start[B])


def test_themes_and_pictures(present: Present) -> None:
    view = present(at_start(1.1)[2])
    view.set_theme(DARK)
    assert view.plots[B].landing.brush().color().name().upper() == DARK.danger
    assert view.plots[W].tangent.pen().color().name().upper() == DARK.tangent
    with view.at_ratio(2.0):
        assert view.plots[B].mapping.ratio == 2.0


# What can be switched and dragged


@pytest.mark.parametrize(
    ("name", "item"), [("tangent", "tangent"), ("jump", "landing"), ("difference", "handle")]
)
def test_marks_are_switched_by_their_buttons(
    present: Present, qtbot: QtBot, name: str, item: str
) -> None:
    view = present(at_start()[2])
    for _ in range(2):
        before = getattr(view.marks, name)
        qtbot.mouseClick(view.buttons[name], LEFT)
        assert getattr(view.marks, name) is not before
        assert all(getattr(plot, item).isVisible() is not before for plot in view.plots)
    view.marks = Marks(tangent=False, jump=False, difference=False)
    assert not any(button.isChecked() for button in view.buttons.values())
    assert not any(plot.readings.isVisible() for plot in view.plots)


def test_close_to_the_point_the_curve_looks_like_its_tangent(
    present: Present, qtbot: QtBot
) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 20)
    view = present(snapshot(problem, rows, 0))
    view.marks = ALL
    whole = [plot.mapping.x_range for plot in view.plots]
    qtbot.mouseClick(view.zoom_button, LEFT)
    for row in (0, 1, 20, 3):
        view.draw(snapshot(problem, rows, row))
        for axis, plot in enumerate(view.plots):
            section, (low, high) = plot.section, plot.mapping.x_range
            assert section is not None
            wide = whole[axis][1] - whole[axis][0]
            assert high - low == pytest.approx(wide / ZOOM)
            assert low < section.cut.at < high
            assert low < section.cut.at + section.triangle.width < high
            inside = (section.values >= low) & (section.values <= high)
            losses = section.losses[inside]
            bottom, top = plot.mapping.y_range
            assert bottom < losses.min()
            assert losses.max() < top
            assert losses.max() - losses.min() > 0.8 * (top - bottom)  # it fills the plot
            ends = section.values[inside][[0, -1]]
            tangent = section.cut.loss + section.cut.slope * (ends - section.cut.at)
            if row < 3:  # where it is steep it can hardly be told from a line
                assert np.abs(losses[[0, -1]] - tangent).max() < 0.5 * (top - bottom)
    qtbot.mouseClick(view.zoom_button, LEFT)
    assert [plot.mapping.x_range for plot in view.plots] == whole


def test_close_to_the_point_the_ranges_stay_while_it_is_dragged(
    present: Present, qtbot: QtBot
) -> None:
    _, _, shown = at_start()
    view = present(shown)
    qtbot.mouseClick(view.zoom_button, LEFT)
    plot = view.plots[B]
    before = plot.mapping.x_range
    assert plot.section is not None
    at, loss = plot.section.cut.at, plot.section.cut.loss
    to = at + 0.3 * (before[1] - before[0])
    target, path = plot.plot.viewport(), (spot(plot, at, loss), spot(plot, to, loss))
    send(target, QEvent.Type.MouseButtonPress, path[0], LEFT)
    for _ in range(3):
        send(target, QEvent.Type.MouseMove, path[1], LEFT)
        assert plot.mapping.x_range == before
        assert plot.section.cut.at == pytest.approx(to, abs=2 / plot.mapping.per_x)
    send(target, QEvent.Type.MouseButtonRelease, path[1], Qt.MouseButton.NoButton)
    view.draw(shown)
    assert sum(plot.mapping.x_range) / 2 == pytest.approx(plot.section.cut.at)


def test_a_flat_curve_can_be_looked_at_closely(present: Present, qtbot: QtBot) -> None:
    problem, _ = tutorial_2()
    best = problem.optimum.params
    assert best is not None
    view = present(snapshot(problem, descend(problem, best, 0.1, 2), 0))
    qtbot.mouseClick(view.zoom_button, LEFT)
    view.show_frame((B, W), Frame((best[0] - 1e-12, best[0] + 1e-12), (-1.0, 5.0)))
    (low, high), section = view.plots[B].mapping.y_range, view.plots[B].section
    assert section is not None
    assert low < section.cut.loss < high


def test_the_triangle_is_dragged_by_its_corner(present: Present) -> None:
    problem, start, shown = at_start()
    view = present(shown)
    view.marks = ALL
    plot = view.plots[B]
    for to in (start[B] + 1.0, start[B] - 0.3):
        handle = spot(plot, *marker(plot, "handle"))
        drag(plot, handle, spot(plot, to, 1.0))
        section = plot.section
        assert section is not None
        pixel = 1 / plot.mapping.per_x
        assert section.triangle.width == pytest.approx(to - start[B], abs=1.5 * pixel)
        there = start + np.array([section.triangle.width, 0.0])
        rise = problem.objective.loss(there.tolist()) - problem.objective.loss(start.tolist())
        assert section.triangle.quotient == pytest.approx(rise / section.triangle.width, rel=1e-12)
        assert marker(plot, "handle")[0] == pytest.approx(there[B])
    assert view.held is None


def test_the_triangle_is_never_without_a_width(present: Present) -> None:
    _, _, shown = at_start()
    view = present(shown)
    view.marks = ALL
    plot = view.plots[B]
    assert plot.section is not None
    middle = spot(plot, *marker(plot, "point"))
    drag(plot, spot(plot, *marker(plot, "handle")), middle)
    assert plot.section is not None
    quotient = plot.section.triangle.quotient
    assert plot.section.triangle.width != 0
    assert abs(quotient - plot.section.cut.slope) <= 1.5 / plot.mapping.per_x  # half of L'' = 2


def test_the_quotient_comes_to_the_gradient_by_the_arrow_keys(
    present: Present, qtbot: QtBot
) -> None:
    view = present(at_start()[2])
    view.marks = ALL
    plot = view.plots[W]
    plot.setFocus()
    assert plot.section is not None
    width, errors = plot.section.triangle.width, []
    for _ in range(30):
        section = plot.section
        errors.append(abs(section.triangle.quotient - section.cut.slope))
        qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-2 * errors[0]
    for _ in range(30):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.section.triangle.width == pytest.approx(width, rel=1e-12)


def test_arrow_keys_are_left_alone_without_a_triangle(present: Present, qtbot: QtBot) -> None:
    view = present(at_start()[2])
    plot = view.plots[W]
    assert plot.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert plot.section is not None
    width = plot.section.triangle.width
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.section.triangle.width == width


def test_dragging_the_point_holds_the_cuts_there(present: Present, qtbot: QtBot) -> None:
    problem, start, shown = at_start()
    view = present(shown)
    b, w = view.plots
    with qtbot.waitSignal(view.held_changed) as signal:
        drag(b, spot(b, *marker(b, "point")), spot(b, 2.0, 1.0))
    pixel = 1.5 / b.mapping.per_x
    assert view.held is not None
    assert signal.args[0] is view.held
    assert view.held == pytest.approx([2.0, start[W]], abs=pixel)
    loss = problem.objective.loss(view.held.tolist())
    assert marker(w, "point") == pytest.approx((start[W], loss))
    slope = problem.objective.gradient(view.held.tolist())[W]
    assert slope_of(w.tangent.ends) == pytest.approx(slope, rel=1e-9)
    stepped = view.held - 0.1 * np.array(problem.objective.gradient(view.held.tolist()))
    assert marker(w, "joint")[0] == pytest.approx(stepped[W], rel=1e-12)
    view.draw(snapshot(problem, descend(problem, start, 0.1, 5), 4))  # the run goes on without
    assert marker(b, "point")[0] == pytest.approx(2.0, abs=pixel)
    with qtbot.waitSignal(view.held_changed) as signal:
        qtbot.mouseClick(view.reset_button, LEFT)
    assert signal.args == [None]
    assert not view.reset_button.isVisible()
    row = descend(problem, start, 0.1, 5).params[:, 4]
    assert marker(b, "point")[0] == row[B]


def test_what_is_held_is_let_go_with_the_parameters(present: Present) -> None:
    view = present(at_start()[2])
    view.hold_at(np.array([1.0, 1.0]))
    problem, start = tutorial_3()
    view.draw(snapshot(problem, descend(problem, start, 0.1, 5)))
    assert view.held is None


# Losses that look at every point


def test_any_loss_has_sections(present: Present) -> None:
    for keys in ({"loss": {"kind": "mae"}}, {"model": {"kind": "sine"}}):
        other = tutorial(**keys)
        rows = descend(other, START, 0.1, 5)
        view = present(snapshot(other, rows, 3))
        for axis, plot in enumerate(view.plots):
            assert slope_of(plot.tangent.ends) == pytest.approx(rows.gradient[axis, 3], abs=1e-9)
            assert plot.bottom.at is None
            assert marker(plot, "point")[1] == pytest.approx(rows.train_loss[3], rel=1e-12)


def test_while_playing_they_keep_time_and_show_the_last_row_in_the_end(
    present: Present, qtbot: QtBot
) -> None:
    sine = tutorial(model={"kind": "sine"})
    rows = descend(sine, START, 0.01, 400)
    view = present(snapshot(sine, rows, 0, playing=True))
    seen = set()
    for row in range(1, 400):
        view.draw(snapshot(sine, rows, row, playing=True))
        seen.add(marker(view.plots[B], "point")[0])
    assert 1 <= len(seen) < 200
    expected = rows.params[B, 399]
    qtbot.waitUntil(lambda: marker(view.plots[B], "point")[0] == expected)
    view.draw(snapshot(sine, rows, 7))  # paused: at once
    assert marker(view.plots[B], "point")[0] == rows.params[B, 7]


def test_long_ones_are_left_to_the_analyst(qtbot: QtBot) -> None:
    data = {"source": "synthetic", "kind": "line", "n": 20_000}
    many = tutorial(data=data, loss={"kind": "mae"})
    rows = descend(many, START, 0.1, 3)
    analyst = Analyst()
    view = SectionsView()
    qtbot.addWidget(view)
    view.question_raised.connect(analyst.ask)
    analyst.answered.connect(view.take_answer)
    with qtbot.waitExposed(view):
        view.show()
    try:
        view.draw(snapshot(many, rows, 0))
        assert view.plots[B].section is None
        for row in range(4):  # while one is on its way no other is asked for
            view.draw(snapshot(many, rows, row, playing=True))
        view.draw(snapshot(many, rows, 2))
        expected = rows.params[B, 2]
        qtbot.waitUntil(lambda: view.plots[B].point.at is not None)
        qtbot.waitUntil(lambda: marker(view.plots[B], "point")[0] == expected)
        assert marker(view.plots[B], "point")[1] == pytest.approx(rows.train_loss[2], rel=1e-12)
    finally:
        analyst.close()


# The surface


def couple(present: Present, qtbot: QtBot) -> tuple[SurfaceView, SectionsView, Snapshot]:
    """A surface and its cross-sections, coupled as the window does it."""
    shown = at_start()[2]
    surface, view = SurfaceView(), present(shown)
    qtbot.addWidget(surface)
    surface.resize(600, 400)
    with qtbot.waitExposed(surface):
        surface.show()
    surface.draw(shown)
    view.hide()
    view.couple(surface)
    view.show()
    return surface, view, shown


def test_the_cuts_go_through_the_current_row(present: Present, qtbot: QtBot) -> None:
    surface, view, shown = couple(present, qtbot)
    upright, level = surface.cuts.lines
    b, w = shown.rows.params[:, 0]
    assert upright.isVisible()
    assert level.isVisible()
    assert upright.ends is not None
    assert level.ends is not None
    assert (upright.ends[:, 0] == b).all()
    assert (level.ends[:, 1] == w).all()
    view.hide()
    assert not upright.isVisible()


def test_dragging_a_cut_moves_the_cross_section(present: Present, qtbot: QtBot) -> None:
    surface, view, shown = couple(present, qtbot)
    b, w = shown.rows.params[:, 0]
    range_before = surface.box.viewRange()
    with qtbot.assertNotEmitted(surface.start_chosen):
        drag(surface, spot(surface, b, 3.0), spot(surface, b + 0.5, 3.0), spot(surface, 1.5, 3.1))
    assert surface.box.viewRange() == range_before  # it was no panning
    assert view.held == pytest.approx([1.5, w], abs=1.5 / surface.mapping.per_x)
    assert view.held is not None
    assert marker(view.plots[B], "point")[0] == view.held[B]
    upright, level = surface.cuts.lines
    assert upright.ends is not None
    assert (upright.ends[:, 0] == view.held[B]).all()
    x = view.held[B]
    drag(surface, spot(surface, 0.0, w), spot(surface, 0.0, w + 1.0), spot(surface, 0.0, 2.5))
    assert view.held == pytest.approx([x, 2.5], abs=1.5 / surface.mapping.per_y)
    assert level.ends is not None
    assert (level.ends[:, 1] == view.held[W]).all()


def test_both_cuts_are_dragged_where_they_cross(present: Present, qtbot: QtBot) -> None:
    surface, view, shown = couple(present, qtbot)
    b, w = shown.rows.params[:, 0]
    with qtbot.waitSignal(surface.requested):  # which lies there in row 0 and goes before
        drag(surface, spot(surface, b, w), spot(surface, 1.0, 1.0), spot(surface, 1.2, 2.2))
    assert view.held is None
    view.hold_at(np.array([0.0, 3.0]))
    drag(surface, spot(surface, 0.0, 3.0), spot(surface, 1.0, 1.0), spot(surface, 1.2, 2.2))
    pixel = max(1 / surface.mapping.per_x, 1 / surface.mapping.per_y)
    assert view.held == pytest.approx([1.2, 2.2], abs=1.5 * pixel)


def test_dragging_the_point_of_a_section_moves_the_cut(present: Present, qtbot: QtBot) -> None:
    surface, view, shown = couple(present, qtbot)
    plot = view.plots[W]
    drag(plot, spot(plot, *marker(plot, "point")), spot(plot, 2.0, 1.0))
    level = surface.cuts.lines[1]
    assert level.ends is not None
    assert level.ends[:, 1] == pytest.approx(2.0, abs=1.5 / plot.mapping.per_x)
    qtbot.mouseClick(view.reset_button, LEFT)
    assert level.ends[0, 1] == shown.rows.params[W, 0]


def test_a_click_on_a_cut_still_chooses_a_start(present: Present, qtbot: QtBot) -> None:
    surface, view, shown = couple(present, qtbot)
    at = spot(surface, shown.rows.params[B, 0], 3.0)
    with qtbot.waitSignal(surface.start_chosen):
        qtbot.mouseClick(surface.plot.viewport(), LEFT, pos=at)
    assert view.held is None


def test_the_pointer_says_what_can_be_dragged(present: Present, qtbot: QtBot) -> None:
    surface, view, _ = couple(present, qtbot)
    view.hold_at(np.array([0.2, 1.0]))
    b, w = 0.2, 1.0
    target, still = surface.plot.viewport(), Qt.MouseButton.NoButton
    shapes = []
    for at in ((b, 3.0), (-0.2, w), (b, w), (1.5, 3.0)):
        send(target, QEvent.Type.MouseMove, spot(surface, *at), still)
        shapes.append(target.cursor().shape())
    shape = Qt.CursorShape
    assert shapes[:3] == [shape.SizeHorCursor, shape.SizeVerCursor, shape.SizeAllCursor]
    assert shapes[3] == shape.ArrowCursor
    plot = view.plots[B]
    send(plot.plot.viewport(), QEvent.Type.MouseMove, spot(plot, *marker(plot, "point")), still)
    assert plot.plot.viewport().cursor().shape() == shape.SizeHorCursor


def test_the_window_couples_them(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    workspace, surface = window.workspace, window.surface
    upright, _ = surface.cuts.lines
    assert not upright.isVisible()
    workspace.show_panel("sections")
    view = workspace.panel("sections", SectionsView)
    qtbot.waitUntil(upright.isVisible)
    qtbot.waitUntil(lambda: view.plots[B].point.isVisible())
    assert view.plots[B].mapping.x_range == pytest.approx(surface.mapping.x_range)
    assert view.plots[W].mapping.x_range == pytest.approx(surface.mapping.y_range)
    drag(surface, spot(surface, START[B], 3.0), spot(surface, 1.0, 3.0), spot(surface, 1.5, 3.0))
    assert view.held is not None
    assert marker(view.plots[B], "point")[0] == view.held[B]
    window.session.step(3)
    view.follow()
    third = descend(tutorial(), START, 0.1, 3).params[B, 3]
    qtbot.waitUntil(lambda: marker(view.plots[B], "point")[0] == pytest.approx(third, rel=1e-12))
    surface.box.setRange(xRange=(0.0, 1.0), yRange=(1.0, 2.0), padding=0)
    surface.box.sigRangeChangedManually.emit([True, True])  # as the mouse wheel does
    qtbot.waitUntil(lambda: view.plots[W].mapping.x_range == pytest.approx((1.0, 2.0)))
    view.hold_at(START)
    with qtbot.waitSignal(window.session.opened):
        window.documents.choose_tutorial("tutorial-3")  # three parameters
    qtbot.waitUntil(lambda: view.axes == surface.axes == (1, 2))
    assert not view.reset_button.isVisible()
    workspace.hide_panel("sections")
    qtbot.waitUntil(lambda: not upright.isVisible())
