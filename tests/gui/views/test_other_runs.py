"""The runs beside the selected one, over the surface and over the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from engine.descent.history import Epochs, Stretch
from engine.live.snapshot import Snapshot
from engine.problem import fit
from gui.run_looks import RunLooks
from gui.style import LIGHT
from gui.views.fit import FitView
from gui.views.loss import LossView
from gui.views.other_runs import MOST_LINES, TURNS
from gui.views.raster import PathLayer
from gui.views.surface import SurfaceView
from gui.views.view import RUSH_ROWS
from tests.gui.views.descents import descend, first, several

NAMES = ("run 0", "run 1", "run 2")


def at_iteration(whole: Snapshot, row: int) -> Snapshot:
    """The snapshot when so many rows were recorded."""
    runs = tuple(
        replace(run, rows=first(run.rows, row + 1), cursor=min(row, run.head)) for run in whole.runs
    )
    return replace(whole, runs=runs, cursor=row)


def layers_of(view: SurfaceView) -> list[PathLayer]:
    """Those of the other runs, the lowest first."""
    return [view.others.paths[i].layer for i in view.others.runs]


def started_at(now: Snapshot, starts: list[tuple[float, float]]) -> Snapshot:
    """The same runs from other starts, each with rows of a new generation."""
    runs = tuple(
        replace(
            run,
            rows=descend(now.problem, np.array(start), 0.1, run.head),
            generation=run.generation + 100,
        )
        for run, start in zip(now.runs, starts, strict=True)
    )
    return replace(now, runs=runs, generation=now.generation + 100)


def selecting(now: Snapshot, index: int) -> Snapshot:
    return replace(now, selected=index, generation=now.generation + 1)


def test_every_path_ends_in_a_marker_of_its_look_at_its_row(show: Any) -> None:
    now = several([0.02, 0.1, 0.4])
    view = show(SurfaceView, now)
    assert view.others.runs == (2, 1)
    for i in view.others.runs:
        run, marker = now.runs[i], view.others.paths[i].marker
        assert marker.at == tuple(run.rows.params[:, run.cursor])
        assert marker.brush().color() == QColor(RunLooks().colour(i, LIGHT))
        assert marker.isVisible()
    assert all(layer.strokes > 0 for layer in layers_of(view))
    heights = [layer.zValue() for layer in (*layers_of(view), view.path)]
    assert heights == sorted(set(heights))


def test_the_selected_run_has_its_own_look_and_is_no_other(show: Any) -> None:
    now = several([0.02, 0.1], selected=1)
    view = show(SurfaceView, now)
    assert view.others.runs == (0,)
    assert view.current.brush().color() == QColor(RunLooks().colour(1, LIGHT))
    assert view.current.at == tuple(now.runs[1].rows.params[:, now.runs[1].cursor])


def test_one_run_looks_as_ever(show: Any) -> None:
    view = show(SurfaceView, several([0.1]))
    assert view.others.runs == ()
    assert view.current.brush().color() == QColor(LIGHT.fit)
    assert "start" in [entry.text for entry in view.legend.entries]


@pytest.mark.parametrize("kind", [SurfaceView, FitView])
def test_the_legend_names_the_runs_that_are_drawn(show: Any, kind: Any) -> None:
    view = show(kind, several([0.02, 0.1, 0.4]))
    looks = RunLooks(NAMES)
    named = [entry.text for entry in view.legend.entries if entry.text in NAMES]
    assert named == list(NAMES)
    view.set_looks(looks.with_visibility(1, False))
    assert view.others.runs == (2,)
    assert "run 1" not in [entry.text for entry in view.legend.entries]
    view.set_looks(looks.with_solo(0, True))
    assert view.others.runs == ()
    assert not set(NAMES) & {entry.text for entry in view.legend.entries}


@pytest.mark.parametrize("kind", [SurfaceView, FitView, LossView])
def test_a_legend_of_many_runs_stays_small_and_keeps_the_selected_one(show: Any, kind: Any) -> None:
    rates = [0.02 + 0.01 * i for i in range(12)]
    view = show(kind, several(rates, steps=20, selected=11))
    texts = [entry.text for entry in view.legend.entries]
    named = [text for text in texts if text.startswith("run ")]
    assert len(named) == MOST_LINES - 1
    assert named[-1] == "run 11"
    assert texts[MOST_LINES - 1] == "… +6"
    view.draw(several(rates[:MOST_LINES], steps=20, generation=2))
    texts = [entry.text for entry in view.legend.entries]
    assert texts[:MOST_LINES] == [f"run {i}" for i in range(MOST_LINES)]


@pytest.mark.parametrize("kind", [SurfaceView, FitView])
def test_a_small_plot_names_fewer_runs_but_names_them(show: Any, kind: Any) -> None:
    now = several([0.02 + 0.01 * i for i in range(12)], steps=20, selected=11)
    view = show(kind, now)
    view.resize(310, 350)
    view.draw(replace(now, generation=2))
    texts = [entry.text for entry in view.legend.entries]
    assert 2 <= texts.index("run 11") + 1 < MOST_LINES - 1
    assert view.legend.isVisible()
    covered = view.legend.boundingRect()
    assert covered.height() < 0.6 * view.mapping.height
    assert covered.width() < 0.7 * view.mapping.width


def test_hiding_clears_what_was_painted(show: Any) -> None:
    view = show(SurfaceView, several([0.02, 0.1, 0.4]))
    painted = layers_of(view)
    assert not any(layer.is_empty for layer in painted)
    view.set_looks(RunLooks(NAMES).with_solo(0, True))
    assert all(layer.is_empty for layer in painted)
    assert not any(path.marker.isVisible() for path in view.others.paths.values())


@pytest.mark.parametrize("playing", [False, True])
def test_growing_and_beginning_anew_paint_the_same(show: Any, playing: bool) -> None:
    whole = several([0.05, 0.3, 0.4], playing=playing)
    view = show(SurfaceView, at_iteration(whole, 0))
    for row in (1, 2, 40, 41, 110, 199, 200):
        view.draw(at_iteration(whole, row))
        for i in view.others.runs:
            now = tuple(whole.runs[i].rows.params[:, row])
            assert view.others.paths[i].marker.at == now
    view.draw(replace(whole, playing=False))  # those are drawn whose turn it was not
    grown = [layer.image.copy() for layer in layers_of(view)]
    view.set_looks(RunLooks(NAMES))
    assert [layer.image for layer in layers_of(view)] == grown


def sentinel(layer: PathLayer) -> None:
    """Leave a spot in a picture that is gone when it is painted again."""
    layer.image.setPixelColor(1, 1, QColor("magenta"))


def has_sentinel(layer: PathLayer) -> bool:
    return layer.image.pixelColor(1, 1) == QColor("magenta")


def test_a_run_that_begins_anew_is_the_only_one_painted_again(show: Any) -> None:
    whole = several([0.1, 0.05, 0.02])
    view = show(SurfaceView, at_iteration(whole, 100))
    for i in view.others.runs:
        sentinel(view.others.paths[i].layer)
    now = at_iteration(whole, 150)
    branched = replace(now.runs[2], rows=now.runs[1].rows, generation=77)
    view.draw(replace(now, runs=(*now.runs[:2], branched), generation=2))
    assert has_sentinel(view.others.paths[1].layer)
    assert not has_sentinel(view.others.paths[2].layer)
    fresh = show(SurfaceView, replace(now, runs=(*now.runs[:2], branched)))
    assert view.others.paths[2].layer.image == fresh.others.paths[2].layer.image


def test_selecting_another_run_puts_it_on_top_and_leaves_the_rest(show: Any) -> None:
    now = several([0.1, 0.05, 0.02])
    view = show(SurfaceView, now)
    before = view.mapping
    sentinel(view.others.paths[2].layer)
    view.draw(selecting(now, 1))
    assert view.others.runs == (2, 0)
    assert has_sentinel(view.others.paths[2].layer)
    assert view.others.paths[1].layer.is_empty
    assert not view.others.paths[1].marker.isVisible()
    assert view.current.brush().color() == QColor(RunLooks().colour(1, LIGHT))
    assert view.current.at == tuple(now.runs[1].rows.params[:, -1])
    assert view.mapping == before
    fit_view = show(FitView, now)
    fit_view.draw(selecting(now, 1))
    assert fit_view.line.pen.color() == QColor(RunLooks().colour(1, LIGHT))
    assert [len(line.segments) for line in fit_view.others.curves.lines] == [1, 1]
    assert fit_view.others.curves.isVisible()
    assert [line.pen.color() for line in fit_view.others.curves.lines] == [
        QColor(RunLooks().colour(i, LIGHT)) for i in (2, 0)
    ]


def test_the_paths_have_the_dashes_of_their_looks(show: Any) -> None:
    view = show(SurfaceView, several([0.001, 0.01, 0.01]))
    dashed, dotted = (view.others.paths[i].layer for i in (1, 2))
    run = several([0.001, 0.01]).runs[1]
    shares = []
    for layer in (dashed, dotted):
        pixels = view.mapping.to_pixels(*run.rows.params[:, 5:]).astype(int)
        alphas = np.array([layer.image.pixelColor(x, y).alpha() for x, y in pixels.tolist()])
        shares.append(float((alphas == 0).mean()))
    assert 0.15 < shares[0] < 0.45
    assert shares[1] > shares[0]
    solid = show(SurfaceView, several([0.001, 0.01], selected=1)).others.paths[0].layer
    pixels = view.mapping.to_pixels(*several([0.001]).rows.params[:, 1:]).astype(int)
    assert all(solid.image.pixelColor(x, y).alpha() > 0 for x, y in pixels.tolist())


STARTS = [(-1.0, -1.0), (4.0, 5.0), (0.5, -6.0)]


def test_starts_are_marked_where_they_differ_and_all_are_seen(show: Any) -> None:
    same = several([0.1, 0.05, 0.02])
    view = show(SurfaceView, same)
    assert not any(path.start.isVisible() for path in view.others.paths.values())
    now = started_at(same, STARTS)
    view.draw(now)
    assert view.start.at == STARTS[0]
    assert [view.others.paths[i].start.at for i in (1, 2)] == STARTS[1:]
    assert all(view.others.paths[i].start.isVisible() for i in (1, 2))
    for x, y in STARTS:
        assert view.mapping.x_range[0] < x < view.mapping.x_range[1]
        assert view.mapping.y_range[0] < y < view.mapping.y_range[1]
    before = view.mapping
    view.draw(selecting(now, 2))
    assert view.mapping == before
    assert view.others.paths[0].start.at == STARTS[0]


def test_hiding_or_selecting_runs_leaves_a_chosen_frame(show: Any) -> None:
    now = started_at(several([0.1, 0.05, 0.02]), STARTS)
    view = show(SurfaceView, now)
    view.show_ranges((0.0, 2.0), (1.0, 3.0))
    view.set_looks(RunLooks(NAMES).with_visibility(1, False))
    view.draw(selecting(now, 2))
    assert view.chosen_frame is not None
    assert view.mapping.x_range == pytest.approx((0.0, 2.0))


def in_batches(now: Snapshot, steps: list[int]) -> Snapshot:
    """The same rows, of which so many make an epoch."""
    runs = tuple(
        replace(run, epochs=Epochs(80, (Stretch(0, 0, count, None),)))
        for run, count in zip(now.runs, steps, strict=True)
    )
    return replace(now, runs=runs)


def test_the_end_of_the_first_epoch_is_marked_where_batches_race(show: Any) -> None:
    whole = in_batches(several([0.1, 0.05, 0.02]), [1, 5, 80])
    view = show(SurfaceView, at_iteration(whole, 30))
    assert view.epoch.at == tuple(whole.runs[0].rows.params[:, 1])
    assert view.others.paths[1].epoch.at == tuple(whole.runs[1].rows.params[:, 5])
    assert not view.others.paths[2].epoch.isVisible()
    view.draw(at_iteration(whole, 80))
    assert view.others.paths[2].epoch.at == tuple(whole.runs[2].rows.params[:, 80])
    assert "end of epoch 1" in [entry.text for entry in view.legend.entries]
    view.draw(several([0.1, 0.05, 0.02], generation=3))
    assert not view.epoch.isVisible()
    assert not any(path.epoch.isVisible() for path in view.others.paths.values())


def test_the_paths_are_painted_up_to_the_cursor_only(show: Any) -> None:
    whole = several([0.1, 0.05, 0.02])
    view = show(SurfaceView, whole)
    back = replace(whole, runs=tuple(replace(run, cursor=7) for run in whole.runs), cursor=7)
    view.draw(back)
    assert [layer.strokes for layer in layers_of(view)] == [7, 7]
    for i in view.others.runs:
        assert view.others.paths[i].marker.at == tuple(whole.runs[i].rows.params[:, 7])


@pytest.mark.parametrize("kind", [SurfaceView, FitView])
def test_axes_stay_for_the_sane_runs_also_where_another_one_is_selected(
    show: Any, kind: Any
) -> None:
    now = several([0.1, 1.1], steps=60)
    view = show(kind, now)
    before = view.mapping
    view.draw(selecting(now, 1))
    assert view.mapping == before
    view.set_looks(RunLooks(NAMES[:2]).with_solo(1, True))
    assert view.mapping != before


def test_the_fits_of_all_runs_have_room(show: Any) -> None:
    now = several([0.1, 0.1], steps=5)
    alone = show(FitView, now).mapping.y_range
    view = show(FitView, started_at(now, [(0.5, 0.5), (4.0, 1.0)]))
    assert view.mapping.y_range[1] >= 5.0 > alone[1]
    view.set_looks(RunLooks(NAMES[:2]).with_visibility(1, False))
    assert (
        view.mapping.y_range
        == show(FitView, started_at(several([0.1], steps=5), [(0.5, 0.5)])).mapping.y_range
    )


def test_the_line_of_the_selected_fit_has_its_dashes(show: Any) -> None:
    now = several([0.02, 0.1])
    view = show(FitView, now)
    assert view.line.pen.style() == Qt.PenStyle.SolidLine
    view.draw(selecting(now, 1))
    assert view.line.pen.style() == Qt.PenStyle.CustomDashLine
    assert view.others.curves.lines[0].pen.style() == Qt.PenStyle.SolidLine


@pytest.mark.parametrize("kind", [SurfaceView, FitView])
def test_a_run_that_diverges_leaves_the_ranges_as_they_are(show: Any, kind: Any) -> None:
    alone = show(kind, several([0.1])).mapping
    beside = show(kind, several([0.1, 1.1], steps=40)).mapping
    assert (beside.x_range, beside.y_range) == (alone.x_range, alone.y_range)


def test_every_fit_is_where_its_run_is(show: Any) -> None:
    now = several([0.02, 0.1, 0.4])
    view = show(FitView, now)
    assert view.others.runs == (2, 1)
    for curve, i in zip(view.others.curves.lines, view.others.runs, strict=True):
        run = now.runs[i]
        params = run.rows.params[:, run.cursor]
        assert curve.points is not None
        expected = fit.fit_line(now.problem, params, 0, curve.points[:, 0])
        assert curve.points[:, 1] == pytest.approx(expected, rel=1e-12)
        assert curve.pen.color() == QColor(RunLooks().colour(i, LIGHT))
    assert view.others.curves.zValue() < view.line.zValue()


def test_the_fits_follow_the_cursor(show: Any) -> None:
    whole = several([0.02, 0.1])
    view = show(FitView, at_iteration(whole, 200))
    view.draw(replace(at_iteration(whole, 3), generation=7))
    params = whole.runs[1].rows.params[:, 3]
    points = view.others.curves.lines[0].points
    assert points[:, 1] == pytest.approx(fit.fit_line(whole.problem, params, 0, points[:, 0]))


def test_where_rows_can_be_told_apart_every_line_reaches_its_marker(show: Any) -> None:
    whole = replace(several([0.02, 0.1, 0.4]), playing=True)
    view = show(SurfaceView, at_iteration(whole, 0))
    behind = []
    for step in (1, RUSH_ROWS - 1, RUSH_ROWS + 5):
        reached = view._drawn.cursor
        for row in range(reached + step, reached + 1 + 2 * TURNS * step, step):
            view.draw(at_iteration(whole, row))
            behind.append(row + 1 - min(view.others.paths[i].painted for i in view.others.runs))
        if step < RUSH_ROWS:
            assert not any(behind)
    assert 0 < max(behind) <= TURNS * (RUSH_ROWS + 5)
    view.draw(replace(at_iteration(whole, view._drawn.cursor), playing=False))
    assert all(view.others.paths[i].painted == view._drawn.cursor + 1 for i in view.others.runs)
