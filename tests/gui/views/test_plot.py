"""What all plots share: frames, hidden views, themes, layers that only get added to."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.live.snapshot import Snapshot
from engine.types import Vector
from gui.style import DARK, LIGHT
from gui.views import segments
from gui.views.fit import FitView
from gui.views.loss import LossView
from gui.views.plot import RUSH_FRAMES, PlotView
from gui.views.raster import CurveLayer, PathLayer
from gui.views.surface import SurfaceView
from gui.views.view import RUSH_ROWS
from tests.gui.views.descents import descend, first, snapshot, tutorial_2, tutorial_3

VIEWS = (FitView, LossView, SurfaceView)
all_views = pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)


def tutorial(steps: int = 40, rate: float = 0.1, noise: float = 0.0) -> Snapshot:
    problem, start = tutorial_2()
    return snapshot(problem, descend(problem, start, rate, steps, noise))


def pixels(image: QImage) -> np.ndarray[Any, Any]:
    table = np.frombuffer(image.constBits(), np.uint8)
    return table.reshape(image.height(), image.bytesPerLine())[:, : 4 * image.width()].copy()


def picture(view: PlotView) -> np.ndarray[Any, Any]:
    return pixels(view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))


@all_views
def test_a_hidden_view_is_not_drawn_until_it_is_shown(kind: type[PlotView], qtbot: QtBot) -> None:
    view = kind()
    qtbot.addWidget(view)
    view.draw(tutorial())
    assert view.frames_drawn == 0
    with qtbot.waitExposed(view):
        view.show()
    assert view.frames_drawn >= 1
    drawn = view.frames_drawn
    view.hide()
    view.draw(tutorial())
    assert view.frames_drawn == drawn


@all_views
def test_a_snapshot_is_one_frame(kind: type[PlotView], show: Any) -> None:
    view = show(kind, tutorial())
    before = view.frames_drawn
    view.draw(tutorial())
    assert view.frames_drawn == before + 1


@all_views
@pytest.mark.parametrize("noise", [0.0, 1.0], ids=["smooth", "noisy"])
def test_what_grew_row_by_row_is_what_is_drawn_at_once(
    kind: type[PlotView], noise: float, show: Any
) -> None:
    whole = tutorial(steps=900, noise=noise)
    at_once = show(kind, whole)
    grown = show(kind, snapshot(whole.problem, first(whole.rows, 1)))
    for count in (2, 3, 10, 11, 60, 64, 200, 201, 640, 901):
        grown.draw(snapshot(whole.problem, first(whole.rows, count)))
    assert grown.mapping == at_once.mapping
    for name in ("path", "points"):
        if hasattr(grown, name):
            assert (
                pixels(getattr(grown, name).image) == pixels(getattr(at_once, name).image)
            ).all()


@all_views
@pytest.mark.parametrize("noise", [0.0, 1.0], ids=["smooth", "noisy"])
def test_what_rushed_by_looks_when_it_stands_as_if_nothing_had_rushed(
    kind: type[PlotView], noise: float, show: Any
) -> None:
    whole = tutorial(steps=400, rate=0.815, noise=noise)  # it leaves the first ranges
    pictures = []
    for step in (1, RUSH_ROWS, RUSH_ROWS + 1, RUSH_ROWS + 2):
        view = show(kind, snapshot(whole.problem, first(whole.rows, 1), playing=True))
        begun = view.mapping
        for count in range(1 + step, 401, step):
            view.draw(snapshot(whole.problem, first(whole.rows, count), playing=True))
        view.draw(whole)
        assert view.mapping != begun
        pictures.append(picture(view))
    assert all((each == pictures[0]).all() for each in pictures)


def test_ranges_are_looked_at_in_every_frame_but_where_rows_rush_by(show: Any) -> None:
    whole = tutorial(steps=4000)
    view = show(LossView, snapshot(whole.problem, first(whole.rows, 1), playing=True))

    def covers(count: int) -> bool:
        view.draw(snapshot(whole.problem, first(whole.rows, count), playing=True))
        return bool(view.mapping.x_range[1] >= count - 1)

    assert all(covers(count) for count in range(2, 400, RUSH_ROWS - 1))
    rushing = [covers(count) for count in range(420, 4000, 400)]
    assert not all(rushing)
    assert all(any(rushing[at : at + RUSH_FRAMES]) for at in range(len(rushing) - RUSH_FRAMES))
    view.draw(whole)
    assert view.mapping.x_range[1] >= 4000


@pytest.mark.parametrize("noise", [0.0, 1.0], ids=["smooth", "noisy"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_layers_that_grew_are_pixel_identical_to_a_full_repaint(
    noise: float, ratio: float, show: Any
) -> None:
    whole = tutorial(steps=12_000, noise=noise)  # beyond the rows after which a path is thinned
    view = show(SurfaceView, whole)
    mapping = view.mapping.__class__(
        view.mapping.x_range, view.mapping.y_range, 500.0, 300.0, ratio
    )
    pen = view.current.pen()
    x, y = whole.rows.params
    loss = whole.rows.train_loss
    in_rows = mapping.__class__((-100.0, 12_100.0), (-3.0, 2.0), 500.0, 300.0, ratio)
    pictures = []
    for cuts in ([0, 12_001], [0, 1, 2, 50, 51, 700, 5_000, 9_999, 12_001]):
        path, curve = PathLayer(view.box, 0), CurveLayer(view.box, 0)
        path.begin(mapping, pen, dots=True)
        curve.begin(in_rows, pen, np.log10)
        for begin, end in pairwise(cuts):
            path.extend(x[begin:end], y[begin:end])
            curve.extend(loss[begin:end])
        pictures.append((pixels(path.image), pixels(curve.image)))
    for one, other in zip(*pictures, strict=True):
        assert one.any()
        assert (one == other).all()


def test_rows_that_are_appended_are_all_that_is_painted(show: Any) -> None:
    whole = tutorial(steps=60, rate=0.8)  # zig-zags: every row is its own segment
    view = show(SurfaceView, snapshot(whole.problem, first(whole.rows, 51)))
    assert view.path.strokes == 50
    image = view.path.image
    view.draw(snapshot(whole.problem, first(whole.rows, 56)))
    assert view.path.strokes == 55
    assert view.path.image is image


@all_views
def test_a_new_generation_and_a_step_back_are_painted_anew(kind: type[PlotView], show: Any) -> None:
    whole = tutorial(steps=60, rate=0.8)
    other = descend(whole.problem, whole.rows.params[:, 0], 0.05, 60)
    view = show(kind, whole)
    before = picture(view)
    view.draw(snapshot(whole.problem, other, generation=2))
    view.draw(snapshot(whole.problem, other, 20, generation=2))
    after = picture(view)
    view._invalidate()
    assert (after != before).any()
    assert (picture(view) == after).all()


@all_views
def test_going_back_and_forth_gives_the_same_picture(kind: type[PlotView], show: Any) -> None:
    whole = tutorial(steps=60, rate=0.8)
    view = show(kind, snapshot(whole.problem, whole.rows, 10))
    before = picture(view)
    view.draw(snapshot(whole.problem, whole.rows, 45))
    assert (picture(view) != before).any()
    view.draw(snapshot(whole.problem, whole.rows, 10))
    assert (picture(view) == before).all()


@all_views
def test_a_theme_changes_the_colours_and_back(kind: type[PlotView], show: Any) -> None:
    view = show(kind, tutorial())
    light = picture(view)
    view.set_theme(DARK)
    dark = view.grab().toImage()
    assert dark.pixelColor(1, 1) == QColor(DARK.plot)
    view.set_theme(LIGHT)
    assert (picture(view) == light).all()


@all_views
def test_a_view_is_as_wide_as_its_window_and_redrawn_when_resized(
    kind: type[PlotView], show: Any
) -> None:
    view = show(kind, tutorial())
    view.resize(900, 500)
    assert view.mapping.width == view.box.rect().width()
    assert view.mapping.width > 700


@all_views
def test_texts_are_written_anew_when_the_language_changes(
    kind: type[PlotView], show: Any, qtbot: QtBot
) -> None:
    view = show(kind, tutorial())
    view.set_title("stale")
    QApplication.postEvent(view, QEvent(QEvent.Type.LanguageChange))
    qtbot.waitUntil(lambda: view.title.text() != "stale")


@all_views
@pytest.mark.parametrize("steps", [60, 500])
def test_a_diverging_run_keeps_its_axes_sane(kind: type[PlotView], steps: int, show: Any) -> None:
    view = show(kind, tutorial(steps=steps, rate=1.1))
    ranges = np.array([view.mapping.x_range, view.mapping.y_range])
    assert np.isfinite(ranges).all()
    assert np.abs(ranges).max() < 1e4
    view.grab()


@all_views
def test_values_that_are_no_numbers_do_no_harm(kind: type[PlotView], show: Any) -> None:
    whole = tutorial(steps=20)
    broken = descend(whole.problem, whole.rows.params[:, 0], 0.1, 20)
    for column in (broken.train_loss, broken.validation_loss):
        column[5], column[6], column[7] = np.nan, np.inf, 0.0
    view = show(kind, snapshot(whole.problem, broken))
    assert np.isfinite([view.mapping.x_range, view.mapping.y_range]).all()
    view.grab()


@all_views
def test_a_problem_with_more_parameters_can_follow(kind: type[PlotView], show: Any) -> None:
    view = show(kind, tutorial())
    problem, start = tutorial_3()
    view.draw(snapshot(problem, descend(problem, start, 0.3, 10), generation=2))
    view.grab()
    view.draw(tutorial())
    view.grab()


@all_views
def test_the_legend_stays_inside_the_plot(kind: type[PlotView], show: Any) -> None:
    view = show(kind, tutorial())
    assert view.legend.isVisible()
    assert view.box.boundingRect().contains(view.legend.boundingRect())


def test_names_of_the_users_table_are_taken_literally(show: Any) -> None:
    view = show(FitView, tutorial())
    view.set_axis_labels("a < b & <i>c</i>", "y")
    assert "a < b & <i>c</i>" in view.plot.getAxis("bottom").label.toPlainText()


@all_views
def test_a_picture_can_be_painted_at_another_resolution(kind: type[PlotView], show: Any) -> None:
    view = show(kind, tutorial())
    before = picture(view)
    with view.at_ratio(3.0):
        assert view.still.image.width() == 3 * view.mapping.width
        assert view.still.image.devicePixelRatio() == 3.0
    assert (picture(view) == before).all()


def test_the_legend_gives_way_to_the_curve(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.01, 50)  # falls so slowly that it comes to the top right
    view = show(LossView, snapshot(problem, first(rows, 1)))
    view.draw(snapshot(problem, rows))
    assert not view.legend.boundingRect().contains(view.marker.pos())


class CrowdedLoss(LossView):
    """A plot that is full, and counts how often a place for its legend is looked for."""

    searches = 0
    run_is_covered = False

    def _spot(self) -> QPointF | None:
        return self.legend.boundingRect().center() if self.run_is_covered else None

    def _crowd(self, snapshot: Snapshot) -> Vector:  # noqa: ARG002
        self.searches += 1
        return np.random.default_rng(1).uniform(0, 600, (20_000, 2))


def test_no_place_is_looked_for_in_every_frame_under_the_legend(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 60)
    view = show(CrowdedLoss, snapshot(problem, first(rows, 1)))
    before, view.run_is_covered = view.searches, True
    for count in range(2, 20):
        view.draw(snapshot(problem, first(rows, count)))
    assert view.searches == before + 1
    view.run_is_covered = False
    view.draw(snapshot(problem, first(rows, 20)))
    view.run_is_covered = True
    view.draw(snapshot(problem, first(rows, 21)))
    assert view.searches == before + 2


def test_the_legend_gives_way_to_a_line_between_two_rows(show: Any) -> None:
    """And not only to the rows, which are far apart where the steps are large."""
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 3)
    rows.params[:] = [[0.5, 2.9, 0.5, 0.5], [-0.1, 4.4, 4.4, -0.1]]  # its ends are in corners
    view = show(SurfaceView, snapshot(problem, rows))
    legend, size = view.legend.boundingRect(), (view.mapping.width, view.mapping.height)
    dots = segments.dotted(view.mapping.to_pixels(*rows.params), 1.0, *size)
    assert len(dots) > 300
    assert not any(legend.contains(QPointF(*dot)) for dot in dots.tolist())


def test_a_pause_is_a_time_to_look_for_a_better_place(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 60)
    view = show(CrowdedLoss, snapshot(problem, rows, playing=True))
    before = view.searches
    view.draw(snapshot(problem, rows, playing=True))
    assert view.searches == before
    view.draw(snapshot(problem, rows))
    assert view.searches == before + 1
