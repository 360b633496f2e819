"""The runs beside the selected one, over the surface and over the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QColor

from engine.live.snapshot import Snapshot
from engine.problem import fit
from gui.run_looks import RunLooks
from gui.style import LIGHT
from gui.views.fit import FitView
from gui.views.other_runs import MOST_NAMES
from gui.views.raster import RasterLayer
from gui.views.surface import SurfaceView
from tests.gui.views.descents import first, several

NAMES = ("run 0", "run 1", "run 2")


def at_iteration(whole: Snapshot, row: int) -> Snapshot:
    """The snapshot when so many rows were recorded."""
    runs = tuple(
        replace(run, rows=first(run.rows, row + 1), cursor=min(row, run.head)) for run in whole.runs
    )
    return replace(whole, runs=runs, cursor=row)


def layers_of(view: SurfaceView) -> list[RasterLayer]:
    return list(view.others._layers)


def test_every_path_ends_in_a_marker_of_its_look_at_its_row(show: Any) -> None:
    now = several([0.02, 0.1, 0.4])
    view = show(SurfaceView, now)
    assert view.others.runs == (2, 1)
    for marker, i in zip(view.others.markers, view.others.runs, strict=True):
        run = now.runs[i]
        assert marker.at == tuple(run.rows.params[:, run.cursor])
        assert marker.brush().color() == QColor(RunLooks().colour(i, LIGHT))
        assert marker.isVisible()
    assert all(layer.strokes > 0 for layer in layers_of(view))
    assert view.path.zValue() > layers_of(view)[0].zValue()


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


def test_a_legend_of_many_runs_stays_small_and_keeps_the_selected_one(show: Any) -> None:
    rates = [0.02 + 0.01 * i for i in range(12)]
    view = show(SurfaceView, several(rates, steps=20, selected=11))
    named = [entry.text for entry in view.legend.entries if entry.text.startswith("run ")]
    assert len(named) == MOST_NAMES
    assert named[-1] == "run 11"


def test_hiding_clears_what_was_painted(show: Any) -> None:
    view = show(SurfaceView, several([0.02, 0.1, 0.4]))
    view.set_looks(RunLooks(NAMES).with_solo(0, True))
    assert all(layer.strokes == 0 for layer in layers_of(view))
    assert not any(marker.isVisible() for marker in view.others.markers)


def test_growing_and_beginning_anew_paint_the_same(show: Any) -> None:
    whole = several([0.05, 0.3, 0.4])
    view = show(SurfaceView, at_iteration(whole, 0))
    for row in (1, 2, 40, 41, 110, 199, 200):
        view.draw(at_iteration(whole, row))
    grown = [layer.image.copy() for layer in layers_of(view)]
    view.set_looks(RunLooks(NAMES))
    assert [layer.image for layer in layers_of(view)] == grown


@pytest.mark.parametrize("kind", [SurfaceView, FitView])
def test_a_run_that_diverges_leaves_the_ranges_as_they_are(show: Any, kind: Any) -> None:
    alone = show(kind, several([0.1])).mapping
    beside = show(kind, several([0.1, 1.1], steps=40)).mapping
    assert (beside.x_range, beside.y_range) == (alone.x_range, alone.y_range)


def test_every_fit_is_where_its_run_is(show: Any) -> None:
    now = several([0.02, 0.1, 0.4])
    view = show(FitView, now)
    assert view.others.runs == (2, 1)
    for curve, i in zip(view.others.curves, view.others.runs, strict=True):
        run = now.runs[i]
        params = run.rows.params[:, run.cursor]
        assert curve.points is not None
        expected = fit.fit_line(now.problem, params, 0, curve.points[:, 0])
        assert curve.points[:, 1] == pytest.approx(expected, rel=1e-12)
        assert curve.pen.color() == QColor(RunLooks().colour(i, LIGHT))
        assert curve.zValue() < view.line.zValue()


def test_the_fits_follow_the_cursor(show: Any) -> None:
    whole = several([0.02, 0.1])
    view = show(FitView, at_iteration(whole, 200))
    view.draw(replace(at_iteration(whole, 3), generation=7))
    params = whole.runs[1].rows.params[:, 3]
    points = view.others.curves[0].points
    assert points[:, 1] == pytest.approx(fit.fit_line(whole.problem, params, 0, points[:, 0]))
