"""The loss curve: its place, its range, and travelling through time with the mouse."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.descent.history import Epochs, Stretch
from engine.files.experiments import experiment_from
from engine.headless import run_experiment
from engine.live.snapshot import Snapshot
from gui.run_looks import RunLooks
from gui.settings import LossAxis
from gui.style import LIGHT
from gui.views.loss import SHORTEST, LossView
from gui.views.mapping import SANE_PIXELS
from gui.views.ranges import rounded_up
from gui.views.raster import RasterLayer
from tests.gui.snapshots import seen
from tests.gui.views.descents import (
    beside,
    descend,
    first,
    several,
    snapshot,
    tutorial_2,
    tutorial_3,
)


def spot(view: LossView, x: float, y: float) -> QPoint:
    """Where a point of the data is on the plot's viewport."""
    scene = view.box.mapViewToScene(QPointF(x, y))
    return QPoint(view.plot.mapFromScene(scene))


def test_the_marker_is_at_the_cursors_loss(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 100)
    view = show(LossView, snapshot(problem, rows, 30))
    assert view.marker.at == pytest.approx((30, math.log10(rows.train_loss[30])))
    x, y = view.mapping.pixel(30, math.log10(rows.train_loss[30]))
    assert (view.marker.x(), view.marker.y()) == pytest.approx((x, y), abs=0.01)
    view.log_scale = False
    assert view.marker.at == pytest.approx((30, rows.train_loss[30]))


def test_the_curve_is_painted_where_the_losses_are(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 40)
    view = show(LossView, snapshot(problem, rows))
    for row in (3, 10, 25):
        x, y = view.mapping.pixel(row, math.log10(rows.train_loss[row]))
        assert view.curves[0].image.pixelColor(int(x), int(y)) == QColor(view.theme.fit)
        assert view.curves[0].image.pixelColor(int(x), int(y) - 9).alpha() == 0


def test_rows_beyond_the_cursor_are_grey(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 40)
    view = show(LossView, snapshot(problem, rows, 20))
    x, y = view.mapping.pixel(30, math.log10(rows.train_loss[30]))
    near = (int(x), int(y))
    assert view.curves[0].image.pixelColor(*near).alpha() == 0
    assert view.beyond[0].image.pixelColor(*near).alpha() > 0
    view.draw(snapshot(problem, rows, 40))
    assert view.curves[0].image.pixelColor(*near).alpha() > 0


def test_the_floor_is_the_least_squares_loss(show: Any) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 5)))
    level = math.log10(problem.optimum.loss)
    assert view.floor.ends[:, 1] == pytest.approx([level, level])
    assert view.floor.isVisible()


def test_the_iterations_axis_grows_in_coarse_steps(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 1000)
    view = show(LossView, snapshot(problem, first(rows, 1)))
    spans = {view.mapping.x_range}
    for count in range(1, 1001):
        view.draw(snapshot(problem, first(rows, count)))
        assert view.mapping.x_range[1] > max(count - 1, SHORTEST)
        spans.add(view.mapping.x_range)
    assert len(spans) <= 9


@pytest.mark.parametrize(
    ("rows", "length"), [(50, 50), (51, 75), (76, 100), (101, 150), (999, 1000), (1e6, 1e6)]
)
def test_lengths_are_round(rows: float, length: float) -> None:
    assert rounded_up(rows) == length


def test_the_loss_axis_stands_still_while_the_run_converges(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 45)
    view = show(LossView, snapshot(problem, first(rows, 1)))
    mapping = view.mapping
    for count in range(1, 46):
        view.draw(snapshot(problem, first(rows, count)))
        assert view.mapping == mapping


def test_a_diverging_loss_ends_at_the_top(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 1.1, 200)  # grows by 3 a step: 1e95 times the start at the end
    view = show(LossView, snapshot(problem, rows))
    top = math.log10(rows.train_loss[0] * SANE_PIXELS)
    assert top < view.mapping.y_range[1] < top + 2


def test_a_loss_of_zero_has_no_place_on_the_logarithmic_axis(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 10)
    rows.train_loss[4] = 0.0
    view = show(LossView, snapshot(problem, rows, 4))
    places = [view.marker.at]
    view.log_scale = False
    places.append(view.marker.at)
    assert places == [None, (4, 0.0)]
    assert view.mapping.y_range[0] < 0 < view.mapping.y_range[1]


def test_half_the_error_is_called_so(show: Any) -> None:
    problem, start = tutorial_3()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 3)))
    assert "½ MSE" in view.plot.getAxis("left").label.toPlainText()
    assert [entry.text for entry in view.legend.entries] == ["training", "least squares"]
    problem, start = tutorial_2()
    view.draw(snapshot(problem, descend(problem, start, 0.1, 3), generation=2))
    assert "½" not in view.plot.getAxis("left").label.toPlainText()
    assert "validation" in [entry.text for entry in view.legend.entries]


def test_the_ghost_is_drawn_faintly(show: Any) -> None:
    problem, start = tutorial_2()
    old, new = descend(problem, start, 0.02, 40), descend(problem, start, 0.1, 40)
    view = show(LossView, snapshot(problem, new, ghost=old))
    x, y = view.mapping.pixel(20, math.log10(old.train_loss[20]))
    assert view.ghost.image.pixelColor(int(x), int(y)).alpha() > 0
    assert "before the change" in [entry.text for entry in view.legend.entries]
    view.draw(snapshot(problem, new, generation=2))
    assert view.ghost.is_empty


def test_clicking_and_dragging_chooses_the_row(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 40)))
    chosen: list[int] = []
    view.cursor_chosen.connect(chosen.append)
    viewport, left = view.plot.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(viewport, left, pos=spot(view, 12, 0.0))
    qtbot.mouseRelease(viewport, left, pos=spot(view, 12, 0.0))
    assert chosen == [12]


@pytest.mark.parametrize(("x", "row"), [(-1.2, 0), (49, 40)])
def test_a_click_beside_the_rows_chooses_the_nearest(
    x: float, row: int, show: Any, qtbot: QtBot
) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 40)))
    with qtbot.waitSignal(view.cursor_chosen) as signal:
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, x, 0.0))
    assert signal.args == [row]


def test_nothing_is_computed_or_moved_by_a_click(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(LossView, snapshot(problem, descend(problem, start, 0.1, 40)))
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot(view, 5, 0.0))
    assert view.marker.at is not None
    assert view.marker.at[0] == 40
    assert np.array_equal(view.cursor_line.ends[:, 0], [40, 40])


def test_a_run_that_ended_sooner_stays_at_its_last_row(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    rows, longer = descend(problem, start, 0.1, 14), descend(problem, start, 0.05, 400)
    view = show(LossView, snapshot(problem, rows))
    for cursor in (200, 400, 300):
        view.draw(beside(snapshot(problem, rows), longer, cursor))
        assert view.marker.at == pytest.approx((14, math.log10(rows.train_loss[14])))
        assert view.cursor_line.ends is not None
        assert view.cursor_line.ends[0, 0] == cursor
    with qtbot.waitSignal(view.cursor_chosen) as chosen:
        viewport = view.plot.viewport()
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=spot(view, 250, 0))
    assert chosen.args[0] == pytest.approx(250, abs=2)


def paint_at(layer: RasterLayer, view: LossView, x: float, loss: float) -> QColor:
    px, py = view.mapping.pixel(x, math.log10(loss))
    return layer.image.pixelColor(int(px), int(py))


def test_every_run_is_drawn_in_its_look_and_named(show: Any) -> None:
    now = several([0.02, 0.1, 0.4])
    view = show(LossView, now)
    looks = RunLooks()
    assert [entry.text for entry in view.legend.entries][:3] == ["run 0", "run 1", "run 2"]
    pens = [entry.line for entry in view.legend.entries[:3]]
    assert [line.color() for line in pens] == [QColor(looks.colour(i, LIGHT)) for i in range(3)]
    assert pens[0].widthF() > pens[1].widthF() == pens[2].widthF()
    for i, run in enumerate(now.runs[1:], 1):
        painted = {
            paint_at(view.others, view, row, float(run.rows.train_loss[row])).name()
            for row in range(5, 200)
        }
        assert looks.colour(i, LIGHT).lower() in painted
    assert paint_at(view.curves[0], view, 60, float(now.rows.train_loss[60])) == QColor(
        looks.colour(0, LIGHT)
    )


def test_dashed_curves_have_gaps(show: Any) -> None:
    now = several([0.02, 0.021])
    view = show(LossView, now)
    losses = now.runs[1].rows.train_loss
    alphas = [paint_at(view.others, view, x, float(losses[x])).alpha() for x in range(20, 200)]
    assert 0.15 < alphas.count(0) / len(alphas) < 0.5


def test_the_selected_run_is_on_top_and_has_the_rest(show: Any) -> None:
    now = several([0.02, 0.1], selected=1)
    view = show(LossView, now)
    assert view.marker.at == pytest.approx((200, math.log10(now.rows.train_loss[200])))
    colour = QColor(RunLooks().colour(1, LIGHT))
    assert view.marker.brush().color() == colour
    assert [marker.isVisible() for marker in view.other_markers] == [True]
    assert view.curves[0].zValue() > view.others.zValue()
    assert view.legend.entries[1].line.widthF() > view.legend.entries[0].line.widthF()


def test_hidden_runs_leave_the_plot_and_the_legend(show: Any) -> None:
    now = several([0.02, 0.1, 0.4])
    view = show(LossView, now)
    looks = RunLooks(("run 0", "run 1", "run 2"))
    view.set_looks(looks.with_visibility(1, False))
    assert [entry.text for entry in view.legend.entries][:2] == ["run 0", "run 2"]
    view.set_looks(looks.with_solo(0, True))
    assert view.legend.entries[0].text == "training"
    assert view.others.strokes == 0
    assert not any(marker.isVisible() for marker in view.other_markers)


def test_a_run_that_diverges_does_not_disturb_the_axis(show: Any) -> None:
    calm = show(LossView, several([0.02, 0.1])).mapping.y_range
    for log_scale in (True, False):
        view = show(LossView, several([0.02, 0.1]))
        view.log_scale = log_scale
        alone = view.mapping.y_range
        view.draw(several([0.02, 0.1, 1.1], steps=200, generation=2))
        assert view.mapping.y_range == alone
        assert not log_scale or alone == calm
    assert sorted(marker.isVisible() for marker in view.other_markers) == [False, True]


def test_where_all_runs_run_away_the_selected_one_sets_the_axis(show: Any) -> None:
    now = several([0.9, 1.1], steps=20, selected=1)
    view = show(LossView, now)
    assert view.mapping.y_range[1] > math.log10(now.rows.train_loss[20])


@pytest.mark.parametrize("playing", [False, True])
def test_growing_and_beginning_anew_paint_the_same(show: Any, playing: bool) -> None:
    whole = several([0.05, 0.8, 0.4], playing=playing)
    view = show(LossView, at_iteration(whole, 0))
    for row in (1, 2, 40, 41, 110, 199, 200):
        view.draw(at_iteration(whole, row))
    view.draw(replace(whole, playing=False))  # what was too little to be drawn is drawn now
    grown = view.others.image.copy()
    view.set_looks(RunLooks(("run 0", "run 1", "run 2")))
    assert view.others.image == grown


def at_iteration(whole: Snapshot, row: int) -> Snapshot:
    """The snapshot when so many rows were recorded."""
    runs = tuple(
        replace(run, rows=first(run.rows, row + 1), cursor=min(row, run.head)) for run in whole.runs
    )
    return replace(whole, runs=runs, cursor=row)


def test_going_back_unpaints_runs_that_are_longer_than_the_selected(show: Any) -> None:
    problem, start = tutorial_2()
    long = descend(problem, start, 0.02, 200)
    alone = snapshot(problem, first(long, 11))
    view = show(LossView, beside(alone, long, 200))
    assert paint_at(view.others, view, 100, float(long.train_loss[100])).alpha() > 0
    view.draw(beside(alone, long, 50))
    alphas = [
        paint_at(view.others, view, x, float(long.train_loss[x])).alpha() for x in range(60, 190)
    ]
    assert set(alphas) == {0}


def three_losses(selected: int = 0, row: int = 100) -> Snapshot:
    """Runs that minimise MSE, MSE again and MAE of the same points, with rows of the engine's."""
    data = {"source": "synthetic", "kind": "line", "n": 60, "outliers": 0.05, "seed": 4}
    losses = ({"kind": "mse"}, {"kind": "mse", "l2": 0.01}, {"kind": "mae"})
    runs = [{"name": f"run {i}", "loss": loss} for i, loss in enumerate(losses)]
    asked = experiment_from({"format": 1, "data": data, "runs": runs, "stop": {"iterations": 100}})
    descents = run_experiment(asked)
    views = tuple(
        replace(seen(each, row, generation=10 + i).run, problem=each.problem)
        for i, each in enumerate(descents)
    )
    alone = seen(descents[selected], row)
    return replace(alone, runs=views, selected=selected)


def hidden(*runs: int) -> RunLooks:
    """Looks of three runs, some of them hidden."""
    looks = RunLooks().following([f"run {i}" for i in range(3)])
    for run in runs:
        looks = looks.with_visibility(run, False)
    return looks


def label_of(view: LossView) -> str:
    return str(view.plot.getAxis("left").labelText)


@pytest.mark.parametrize("log_scale", [True, False])
def test_different_losses_are_shares_of_their_starts(show: Any, log_scale: bool) -> None:
    whole = three_losses()
    view = show(LossView, whole)
    view.log_scale = log_scale
    assert "loss ÷ loss at the start" in label_of(view)
    lower = reversed(view.other_markers)  # the selected one lies on top, and then the first
    for marker, run in zip((view.marker, *lower), whole.runs, strict=True):
        share = run.rows.train_loss[100] / run.rows.train_loss[0]
        assert marker.at == pytest.approx((100, math.log10(share) if log_scale else share))
    (begun,) = view.scaled(np.ones(1))
    assert view.mapping.y_range[0] < begun < view.mapping.y_range[1]  # where all of them begin
    lowest = view.floor.ends[0, 1]
    best = whole.problem.optimum.params
    assert best is not None
    floor = whole.problem.train.loss(best.tolist()) / whole.rows.train_loss[0]
    assert lowest == pytest.approx(math.log10(floor) if log_scale else floor)


def test_other_curves_are_painted_as_shares(show: Any) -> None:
    whole = three_losses()
    view = show(LossView, whole)
    losses = whole.runs[2].rows.train_loss

    def paint(unit: float) -> int:  # of some rows: the line has gaps
        at = [(x, float(losses[x]) / unit) for x in range(30, 60)]
        return sum(paint_at(view.others, view, x, loss).alpha() for x, loss in at)

    assert paint(float(losses[0])) > 0
    assert paint(1.0) == 0


def test_one_loss_with_another_penalty_is_drawn_as_it_is(show: Any) -> None:
    whole = three_losses()
    view = show(LossView, whole)
    view.set_looks(hidden(2))
    assert "MSE" in label_of(view)
    assert view.marker.at == pytest.approx((100, math.log10(whole.rows.train_loss[100])))
    view.set_looks(hidden())
    assert "loss ÷ loss at the start" in label_of(view)
    view.draw(three_losses(selected=2))
    assert "loss ÷ loss at the start" in label_of(view)
    view.set_looks(hidden(0, 1))
    assert "MAE" in label_of(view)


def test_a_loss_of_nothing_at_the_start_is_drawn_as_it_is(show: Any) -> None:
    whole = three_losses()
    rows = replace(whole.runs[2].rows, train_loss=np.zeros(101))
    still = replace(whole.runs[2], rows=rows)
    view = show(LossView, replace(whole, runs=(*whole.runs[:2], still)))
    view.log_scale = False
    assert view.other_markers[0].at == pytest.approx((100, 0.0))


EPOCHS = Epochs(80, (Stretch(0, 0, 10, 8), Stretch(100, 10, 1, None)))


@pytest.mark.parametrize(("axis", "factor"), [("epochs", 1), ("points", 80)])
def test_epochs_and_points_stretch_the_axis(
    show: Any, qtbot: QtBot, axis: LossAxis, factor: int
) -> None:
    now = several([0.05, 0.1])
    runs = (replace(now.runs[0], epochs=EPOCHS), replace(now.runs[1], epochs=Epochs(80)))
    now = replace(now, runs=runs)
    view = show(LossView, now)
    view.set_axis(axis)
    run = now.runs[0]
    assert view.marker.at == pytest.approx((110 * factor, math.log10(run.rows.train_loss[200])))
    assert view.other_markers[0].at == pytest.approx(
        (200 * factor, math.log10(now.runs[1].rows.train_loss[200]))
    )
    for row, epochs in ((50, 5), (95, 9.5), (120, 30), (180, 90)):
        loss = float(run.rows.train_loss[row])
        assert paint_at(view.curves[0], view, epochs * factor, loss) == QColor(LIGHT.fit)
    chosen: list[int] = []
    view.cursor_chosen.connect(chosen.append)
    bottom = sum(view.mapping.y_range) / 2
    where = spot(view, 60 * factor, bottom)
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert chosen == [pytest.approx(150, abs=1)]


def test_a_curve_bends_where_the_batches_change_however_it_grows(show: Any) -> None:
    whole = several([0.05])
    whole = replace(whole, runs=(replace(whole.run, epochs=EPOCHS),))
    view = show(LossView, at_iteration(whole, 0))
    view.set_axis("epochs")
    for row in (60, 99, 100, 101, 200):
        view.draw(at_iteration(whole, row))
    grown = view.curves[0].image.copy()
    view.set_looks(RunLooks(("run 0",)))
    assert view.curves[0].image == grown


def test_the_axis_is_chosen_and_named(show: Any, qtbot: QtBot) -> None:
    view = show(LossView, several([0.1]))
    view.axis_choice.setFocus()
    qtbot.keyClick(view.axis_choice, Qt.Key.Key_Down)
    assert view.axis == "epochs"
    assert view.plot.getAxis("bottom").labelText == "epochs"
    qtbot.keyClick(view.axis_choice, Qt.Key.Key_Down)
    assert view.plot.getAxis("bottom").labelText == "points seen"


def test_the_button_asks_for_the_other_scale(show: Any, qtbot: QtBot) -> None:
    view = show(LossView, several([0.1]))
    assert view.log_button.isChecked()
    with qtbot.waitSignal(view.log_scale_chosen) as asked:
        qtbot.mouseClick(view.log_button, Qt.MouseButton.LeftButton)
    assert asked.args == [False]
    view.log_scale = True
    assert view.log_button.isChecked()


def test_epochs_of_mini_batches_are_marked_where_they_lie_apart(show: Any) -> None:
    now = several([0.1], steps=50)
    plain = show(LossView, now).still.image.copy()
    batches = Epochs(80, (Stretch(0, 0, 10, 8),))
    view = show(LossView, replace(now, runs=(replace(now.run, epochs=batches),), generation=2))
    marked = view.still.image
    different = [
        x for x in range(plain.width()) if plain.pixelColor(x, 60) != marked.pixelColor(x, 60)
    ]
    wanted = [math.floor(view.mapping.pixel(row, 0.0)[0]) for row in (10, 20, 30, 40, 50)]
    assert different == wanted
    view.draw(several([0.1], steps=5000, generation=3))
    dense = Epochs(80, (Stretch(0, 0, 2, 40),))
    crowded = several([0.1], steps=5000, generation=4)
    without = view.still.image.copy()
    view.draw(replace(crowded, runs=(replace(crowded.run, epochs=dense),)))
    assert view.still.image == without


def test_the_name_of_the_first_epoch_lies_over_all_curves(show: Any) -> None:
    now = several([0.1], steps=50)
    view = show(LossView, replace(now, runs=(replace(now.run, epochs=EPOCHS),)))
    label = view.epoch_label
    assert label.text == "epoch 1"
    assert label.zValue() > max(layer.zValue() for layer in (*view.curves, view.batch, view.others))
    line = view.mapping.pixel(10.0, 0.0)[0]
    assert line <= label.box.left() <= line + 6
    epochs = Epochs(80, (Stretch(0, 0, 45, 2),))  # its line lies under the legend
    view.draw(replace(now, runs=(replace(now.run, epochs=epochs),), generation=3))
    assert label.isVisible()
    assert view.legend.boundingRect().left() < view.mapping.pixel(45.0, 0.0)[0]
    assert not label.box.intersects(view.legend.boundingRect())
    view.draw(several([0.1], generation=2))
    assert not label.isVisible()
