"""Three feature scales in a real window: one action opens them, and the engine's numbers stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextOption
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from engine.files.experiments import experiment_from, preset
from engine.live.analyst import Question
from gui.main_window import MainWindow
from gui.style import DARK, LIGHT
from gui.views.scale_heading import unbroken
from gui.views.scales import QUESTION, ScalesView
from tests.gui.conftest import WAIT_MS, OpenWindow, tutorial_2

ShowScales = Callable[..., tuple[MainWindow, ScalesView]]


@pytest.fixture
def show_scales(open_window: OpenWindow, qtbot: QtBot) -> ShowScales:
    """Opens a window with the three scales, by their action, and waits for the answer."""

    def begin(*arguments: object, **settings: object) -> tuple[MainWindow, ScalesView]:
        window = open_window(*arguments, **settings)
        window._actions["panel_scales"].trigger()
        view = window.workspace.panel("scales", ScalesView)
        wait_for_answer(window, view, qtbot)
        return window, view

    return begin


def wait_for_answer(window: MainWindow, view: ScalesView, qtbot: QtBot) -> None:
    def is_answered() -> bool:
        known, rate = view.comparison, view.learning_rate
        is_right = known is not None and {scaled.rate for scaled in known.scales} == {rate}
        return is_right and not window.session.analyst.is_thinking

    qtbot.waitUntil(is_answered, timeout=WAIT_MS)


def is_laid_out(view: ScalesView) -> bool:
    """Whether all three contours are on the same ranges, as many pixels for b as for w."""
    ranges = [[*plot.mapping.x_range, *plot.mapping.y_range] for plot in view.contours]
    mappings = [plot.mapping for plot in view.contours]
    is_settled = all(plot._measured() == plot.mapping for plot in view.contours)
    is_settled = is_settled and not view._resized.isActive()
    is_settled &= all(each.height() >= each.heightForWidth(each.width()) for each in view.headings)
    is_round = all(abs(mapping.per_x / mapping.per_y - 1) < 0.03 for mapping in mappings)
    return is_settled and is_round and all(np.allclose(each, ranges[0], 1e-9) for each in ranges)


def shows(view: ScalesView, n_params: int) -> bool:
    assert view.comparison is not None
    return view.comparison.scales[0].problem.n_params == n_params


def outcomes(view: ScalesView) -> list[str]:
    return [heading.outcome.text() for heading in view.headings]


def test_one_action_opens_it_and_escape_closes_it(show_scales: ShowScales, qtbot: QtBot) -> None:
    window, view = show_scales()
    assert window.workspace.enlarged == "scales"
    assert view.isVisible()
    assert not window.fit.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not view.isVisible()
    assert window.fit.isVisible()


def test_the_headings_say_what_tutorial_2_shows(show_scales: ShowScales) -> None:
    _, view = show_scales()
    assert outcomes(view) == [
        "converges in 816 steps",
        "diverges at iteration 9",
        "converges in 68 steps",
    ]
    assert [heading.kappa.text() for heading in view.headings] == ["κ 16.44", "κ 112", "κ 1"]
    assert view.headings[2].scaler.text() == "mean 0.47246 · sd 0.30622"
    assert "0.8055" in view.headings[0].facts.text()
    assert "0.03085" in view.headings[1].facts.text()


def test_the_best_rate_of_the_third_arrives_in_one_step(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales()
    view.headings[2].facts.linkActivated.emit("best")
    wait_for_answer(window, view, qtbot)
    assert outcomes(view)[2] == "arrives in one step"
    assert outcomes(view)[0] == "zig-zags for 159 steps"
    assert view.rate.value == pytest.approx(0.5)
    assert view.follow_button.isVisible()
    assert window.session.settings is not None
    assert window.session.settings.optimizer.lr == 0.1  # the run keeps its own
    qtbot.mouseClick(view.follow_button, Qt.MouseButton.LeftButton)
    wait_for_answer(window, view, qtbot)
    assert outcomes(view)[0] == "converges in 816 steps"
    assert not view.follow_button.isVisible()


def test_a_rate_can_be_typed_and_follows_the_run_until_then(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales()
    window.session.apply({"optimizer.lr": 0.2})
    qtbot.waitUntil(lambda: view.learning_rate == 0.2, timeout=WAIT_MS)
    wait_for_answer(window, view, qtbot)
    view.rate.setFocus()
    view.rate.selectAll()
    qtbot.keyClicks(view.rate, "1.1")
    qtbot.keyClick(view.rate, Qt.Key.Key_Return)
    wait_for_answer(window, view, qtbot)
    assert [text.split()[0] for text in outcomes(view)] == ["diverges"] * 3
    window.session.apply({"optimizer.lr": 0.3})
    qtbot.waitUntil(lambda: window.session.is_settled, timeout=WAIT_MS)
    assert view.learning_rate == 1.1


def test_contours_are_on_equal_ranges_and_the_third_is_round(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    _, view = show_scales()
    assert view.comparison is not None
    qtbot.waitUntil(lambda: is_laid_out(view), timeout=WAIT_MS)
    for plot, scaled in zip(view.contours, view.comparison.scales, strict=True):
        assert plot.start.at == (0.4967141530112327, -0.13826430117118466)
        assert plot.optimum.at == tuple(scaled.centre)
        assert plot.start.isVisible()
        assert plot.optimum.isVisible()


@pytest.mark.parametrize("size", [(1000, 650), (1200, 800), (1600, 1000)])
def test_ranges_stay_equal_at_every_size(
    show_scales: ShowScales, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window, view = show_scales()
    window.resize(*size)
    qtbot.waitUntil(lambda: is_laid_out(view), timeout=WAIT_MS)
    scroll = view.findChild(QScrollArea)
    assert isinstance(scroll, QScrollArea)
    assert not scroll.horizontalScrollBar().isVisible()


def test_each_can_have_its_own_ranges(show_scales: ShowScales) -> None:
    _, view = show_scales()
    assert view.comparison is not None
    view.equal_ranges.setChecked(False)
    for plot, frame in zip(view.contours, view.comparison.frames, strict=True):
        assert plot.mapping.x_range == pytest.approx(frame.x)
        assert plot.mapping.y_range == pytest.approx(frame.y)


def test_the_cursor_moves_markers_and_computes_nothing(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales()
    comparison = view.comparison
    assert comparison is not None
    qtbot.waitUntil(lambda: is_laid_out(view), timeout=WAIT_MS)
    stills = [plot.still.image.copy() for plot in view.contours]
    with qtbot.assertNotEmitted(view.question_raised):
        window.session.step(20)
        there = tuple(comparison.scales[0].rows.params[:, 20])
        qtbot.waitUntil(lambda: view.contours[0].current.at == there, timeout=WAIT_MS)
    assert view.comparison is comparison
    for plot, scaled, still in zip(view.contours, comparison.scales, stills, strict=True):
        row = min(20, len(scaled.rows) - 1)
        assert plot.current.at == tuple(scaled.rows.params[:, row])
        assert plot.still.image == still
    line = view.scatters[0].line.points
    assert line is not None
    b, w = comparison.scales[0].rows.params[:, 20]
    assert_allclose(line[:, 1], b + w * line[:, 0])


def test_another_data_set_is_compared_anew(show_scales: ShowScales, qtbot: QtBot) -> None:
    window, view = show_scales()
    view.choose_rate(0.5)
    wait_for_answer(window, view, qtbot)
    before = view.comparison
    window.session.replace(preset("tutorial-1"))
    qtbot.waitUntil(lambda: view.comparison is not before, timeout=WAIT_MS)
    wait_for_answer(window, view, qtbot)
    assert view.comparison is not None
    assert view.comparison.scales[0].problem.dataset.train.n == 100
    assert view.learning_rate == 0.01  # the rate chosen for other data is gone


def test_data_with_fewer_features_take_the_place_of_others(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales(preset("tutorial-3"))
    for name, count in [("tutorial-2", 2), ("tutorial-3", 3), ("tutorial-2", 2)]:
        window.session.open(preset(name))
        qtbot.waitUntil(partial(shows, view, count), timeout=WAIT_MS)
        wait_for_answer(window, view, qtbot)
        assert all(plot.scene.scaled.problem.n_params == count for plot in view.contours)


def test_another_start_is_compared_anew(show_scales: ShowScales, qtbot: QtBot) -> None:
    window, view = show_scales()
    window.session.apply({"start": {"kind": "values", "values": [2.0, 1.0]}})
    qtbot.waitUntil(lambda: view.contours[0].start.at == (2.0, 1.0), timeout=WAIT_MS)
    assert [plot.start.at for plot in view.contours] == [(2.0, 1.0)] * 3


def test_curves_of_all_three_are_overlaid(show_scales: ShowScales) -> None:
    _, view = show_scales()
    assert view.comparison is not None
    for side, plot in enumerate(view.cuts):
        for curve, pair in zip(plot.curves, view.comparison.slices, strict=True):
            assert curve.points is not None
            assert_allclose(curve.points[:, 1], pair[side].losses)
    assert "63.4" in view.cuts[1].note.text()
    for curve, scaled in zip(view.losses.curves, view.comparison.scales, strict=True):
        assert curve.points is not None
        rows = curve.points[:, 0].astype(int)
        assert_allclose(curve.points[:, 1], np.log10(scaled.excess[rows]))
    styles = {(curve.pen.color().name(), *curve.pen.dashPattern()) for curve in plot.curves}
    assert len(styles) == 3


def test_several_features_are_shown_as_slices(show_scales: ShowScales) -> None:
    _, view = show_scales(preset("tutorial-3"))
    assert view.comparison is not None
    assert view.comparison.axes == (1, 2)
    assert view.contours[0].note.text() == "slice through the optimum"
    assert view.headings[2].scaler.text().startswith("x1: mean")
    assert "x2: mean" in view.headings[2].scaler.toolTip()


@pytest.mark.parametrize(
    "keys",
    [
        {"model": {"kind": "logistic"}, "loss": {"kind": "log_loss"}},
        {"loss": {"kind": "mae"}},
    ],
)
def test_surfaces_that_are_not_free_get_finer(
    show_scales: ShowScales, keys: dict[str, object]
) -> None:
    data = {"source": "synthetic", "kind": "two-classes", "n": 300, "noise": 0.4, "seed": 1}
    _, view = show_scales(experiment_from({"format": 1, "data": data} | keys))
    assert not view.grab().isNull()
    for plot in view.contours:
        terrain = plot._terrain.map
        assert terrain is not None
        assert len(terrain.x) > 35


def test_a_run_under_way_at_a_changed_rate_is_followed(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales(tutorial_2(runs=[{"name": "a", "optimizer": {"kind": "momentum"}}]))
    assert "fastest" not in view.headings[0].facts.text()
    window.session.step(10)
    window.session.apply({"optimizer.lr": 0.02})
    qtbot.waitUntil(lambda: view.learning_rate == 0.02, timeout=WAIT_MS)
    wait_for_answer(window, view, qtbot)
    window.session.seek(0)
    qtbot.waitUntil(lambda: view.learning_rate == 0.1, timeout=WAIT_MS)


def test_themes_and_languages_change_while_it_is_open(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales()
    before = view.grab().toImage()
    window.set_theme("dark")
    assert view.theme is DARK
    assert view.cuts[0].theme is DARK
    assert view.grab().toImage() != before
    assert DARK.truth in view.cuts[0].note.text()
    window.set_theme("light")
    assert LIGHT.truth in view.cuts[0].note.text()
    window.set_language("zh_CN")
    qtbot.waitUntil(lambda: window.windowTitle() != "", timeout=WAIT_MS)
    assert outcomes(view)[1]


def test_a_picture_has_every_plot_at_its_resolution(show_scales: ShowScales) -> None:
    _, view = show_scales()
    with view.at_ratio(2.0):
        assert {plot.mapping.ratio for plot in view.contours} == {2.0}
    assert {plot.mapping.ratio for plot in view.contours} == {view.devicePixelRatioF()}


@pytest.mark.parametrize("text", ["stable below 0.8055", "稳定上限 0.8055", "最快 0.7593"])
def test_no_line_breaks_within_a_fact(
    text: str,
    qtbot: QtBot,  # noqa: ARG001 - fonts need an application
) -> None:
    document = QTextDocument()
    words = QTextOption()
    words.setWrapMode(QTextOption.WrapMode.WordWrap)
    document.setDefaultTextOption(words)
    document.setHtml(unbroken(text))
    document.setTextWidth(30)
    assert document.size().height() > 0
    assert document.firstBlock().layout().lineCount() == 1


def test_shown_again_it_asks_only_about_the_problem_that_is_open_now(
    show_scales: ShowScales, qtbot: QtBot
) -> None:
    window, view = show_scales()
    window.workspace.hide_panel("scales")
    with qtbot.waitSignal(window.session.snapshot_ready, timeout=WAIT_MS):
        window.session.open(preset("tutorial-3"))
    asked: list[Question] = []
    view.question_raised.connect(asked.append)
    window.workspace.show_panel("scales")
    qtbot.waitUntil(lambda: shows(view, 3), timeout=WAIT_MS)
    assert window.session.snapshot is not None
    problems = [question.token[0] for question in asked if question.kind == QUESTION]
    assert problems == [window.session.snapshot.problem]
