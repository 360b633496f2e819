"""Panels with real events: shown, hidden, enlarged, remembered, and drawn only while seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from engine.files.experiments import preset
from engine.headless import run_experiment
from engine.live.snapshot import Snapshot
from gui.i18n import set_language
from gui.numbers_panel import NumbersPanel
from gui.panel_frame import PanelFrame
from gui.panels import PANELS, PanelInfo
from gui.settings import Arrangement, Settings, load_settings, save_settings
from gui.style import DARK, LIGHT, Theme
from gui.views.fit import FitView
from gui.views.loss import LossView
from gui.workspace import TURNS_PER_SECOND, Workspace
from tests.gui.conftest import WAIT_MS, OpenWindow, tutorial_2
from tests.gui.views.descents import snapshot

LEFT = Qt.MouseButton.LeftButton


class Plain(QWidget):
    """A panel without a title line of its own, which shows the row and counts its frames."""

    cursor_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[Snapshot] = []
        self.theme = LIGHT
        self.label = QLabel(self)

    def draw(self, snapshot: Snapshot) -> None:
        self.drawn.append(snapshot)
        self.label.setText(str(snapshot.cursor))

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme


class CountedLoss(LossView):
    """The loss curve, with a note of each snapshot that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Snapshot] = []

    def draw(self, now: Snapshot) -> None:
        self.given.append(now)
        super().draw(now)


made: Counter[str] = Counter()


def make(key: str, kind: Callable[[], QWidget]) -> QWidget:
    made[key] += 1
    return kind()


def info(key: str, area: str, kind: Callable[[], QWidget] = Plain, **fields: object) -> PanelInfo:
    return PanelInfo(key, key, area, partial(make, key, kind), **fields)  # type: ignore[arg-type]


TABLE = (
    info("fit", "top", FitView),
    info("deep", "top", shown=False, pace="turn"),
    info("loss", "bottom", CountedLoss),
    info("cuts", "bottom", pace="turn"),
    info("log", "bottom", shown=False, pace="turn"),
    info("numbers", "right", NumbersPanel),
    info("step", "right", pace="follow"),
    info("scales", "whole", shown=False),
)

OpenWorkspace = Callable[..., Workspace]


@pytest.fixture
def open_workspace(qtbot: QtBot) -> OpenWorkspace:
    """Opens workspaces over the table above; 1200 x 800 pixels, arranged as by default."""
    made.clear()

    def begin(arrangement: Arrangement | None = None, width: int = 1200) -> Workspace:
        workspace = Workspace(QLabel("controls"), TABLE)
        qtbot.addWidget(workspace)
        workspace.resize(width, 800)
        workspace.restore(arrangement or Arrangement())
        workspace.set_theme(LIGHT)
        with qtbot.waitExposed(workspace):
            workspace.show()
        return workspace

    return begin


def frames_of(count: int, playing: bool = True) -> list[Snapshot]:
    """Snapshots of tutorial 2, one row further each."""
    descent = run_experiment(tutorial_2(stop={"iterations": count}))[0]
    rows = descent.history.rows()
    return [snapshot(descent.problem, rows, cursor, playing=playing) for cursor in range(count)]


def seen(workspace: Workspace) -> set[str]:
    return {key for key, frame in workspace.frames.items() if frame.is_seen()}


def drawn(workspace: Workspace, key: str) -> list[Snapshot]:
    panel = workspace.frames[key].panel
    assert isinstance(panel, Plain | CountedLoss)
    return panel.drawn if isinstance(panel, Plain) else panel.given


def has_drawn(workspace: Workspace, key: str, cursor: int) -> bool:
    return bool(drawn(workspace, key)) and drawn(workspace, key)[-1].cursor == cursor


def has_column(workspace: Workspace) -> bool:
    return workspace.has_right_column


def sizes(workspace: Workspace) -> dict[str, tuple[int, int]]:
    return {
        key: (frame.width(), frame.height())
        for key, frame in workspace.frames.items()
        if frame.is_seen()
    }


def double_click_title(qtbot: QtBot, frame: PanelFrame) -> None:
    """Twice on the title, where the pixels under the pointer take it first."""
    panel = frame.panel
    title = panel.title if isinstance(panel, LossView | FitView) else frame.title
    qtbot.mouseDClick(title, LEFT)


# what is seen ----------------------------------------------------------------------------


def test_what_the_table_shows_is_seen_and_only_that_is_made(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    assert seen(workspace) == {"fit", "loss", "cuts", "numbers"}
    assert made == {"fit": 1, "loss": 1, "cuts": 1, "numbers": 1}
    assert workspace.is_shown("step")  # behind another tab
    assert not workspace.is_on_screen("step")


def test_a_panel_is_made_when_it_is_first_shown_and_once(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    announced: list[QWidget] = []
    workspace.panel_made.connect(announced.append)
    for key in ("deep", "step", "scales", "deep", "scales"):
        workspace.show_panel(key)
        assert key in seen(workspace)
    assert [made[key] for key in ("deep", "step", "scales", "log")] == [1, 1, 1, 0]
    assert announced == [workspace.frames[key].panel for key in ("deep", "step", "scales")]


def test_a_row_without_panels_gives_its_room_to_the_other(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    before = sizes(workspace)
    workspace.hide_panel("loss")
    workspace.hide_panel("cuts")
    QApplication.processEvents()
    assert seen(workspace) == {"fit", "numbers"}
    assert workspace.frames["fit"].height() > before["fit"][1] + before["loss"][1]
    workspace.show_panel("loss")
    workspace.show_panel("cuts")
    QApplication.processEvents()
    assert sizes(workspace) == before


def test_when_all_are_closed_a_sentence_says_how_to_open_them(
    open_workspace: OpenWorkspace,
) -> None:
    workspace = open_workspace()
    for key in ("fit", "loss", "cuts", "numbers", "step"):
        workspace.hide_panel(key)
    assert seen(workspace) == set()
    assert not workspace.has_right_column
    texts = [label.text() for label in workspace.findChildren(QLabel) if label.isVisible()]
    assert any("View" in text for text in texts)
    workspace.restore_default()
    assert seen(workspace) == {"fit", "loss", "cuts", "numbers"}


def test_what_does_not_fit_scrolls_and_is_not_squeezed(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(Arrangement(right_column=True), width=760)
    workspace.show_panel("deep")
    workspace.show_panel("log")
    QApplication.processEvents()
    for key in seen(workspace):
        frame = workspace.frames[key]
        assert frame.width() >= frame.minimumSizeHint().width()
        assert frame.height() >= frame.minimumSizeHint().height()
    bottom = [workspace.frames[key] for key in ("loss", "cuts", "log")]
    assert sum(frame.width() for frame in bottom) > workspace._centre.width()


# enlarging -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["fit", "loss", "cuts"])
def test_a_double_click_on_the_title_enlarges_and_another_restores_every_size(
    qtbot: QtBot, open_workspace: OpenWorkspace, key: str
) -> None:
    workspace = open_workspace()
    workspace._rows["bottom"].moveSplitter(313, 1)
    workspace._plots.moveSplitter(377, 1)
    before = sizes(workspace)
    double_click_title(qtbot, workspace.frames[key])
    assert workspace.enlarged == key
    assert seen(workspace) == {key, "numbers"}
    QApplication.processEvents()
    assert workspace.frames[key].size() == workspace._centre.size()
    double_click_title(qtbot, workspace.frames[key])
    QApplication.processEvents()
    assert workspace.enlarged == ""
    assert sizes(workspace) == before


def test_a_double_click_in_the_plot_enlarges_nothing(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    fit = workspace.panel("fit", FitView)
    qtbot.mouseDClick(fit.plot.viewport(), LEFT)
    qtbot.mouseDClick(workspace.frames["cuts"].panel, LEFT)
    assert workspace.enlarged == ""


def test_the_button_enlarges_and_becomes_the_way_back(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    button = workspace.frames["loss"].buttons.enlarge
    enlarging = button.icon().cacheKey()
    qtbot.mouseClick(button, LEFT)
    assert workspace.enlarged == "loss"
    assert "Esc" in button.toolTip()
    assert button.icon().cacheKey() != enlarging
    qtbot.mouseClick(button, LEFT)
    assert workspace.enlarged == ""
    assert "Esc" not in button.toolTip()


def test_a_panel_at_the_right_takes_the_centre_and_goes_back(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    before = sizes(workspace)
    numbers = workspace.frames["numbers"]
    qtbot.mouseDClick(workspace._right.row.tabs["numbers"], LEFT)
    QApplication.processEvents()
    assert seen(workspace) == {"numbers", "step"}
    assert numbers.size() == workspace._centre.size()
    assert numbers.title.isVisible()
    double_click_title(qtbot, numbers)
    QApplication.processEvents()
    assert seen(workspace) == {"fit", "loss", "cuts", "numbers"}
    assert not numbers.title.isVisible()  # the tab says it
    workspace.show_panel("numbers")
    QApplication.processEvents()
    assert sizes(workspace) == before


def test_a_whole_panel_replaces_the_centre_until_it_is_closed(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    before = sizes(workspace)
    workspace.show_panel("scales")
    assert seen(workspace) == {"scales", "numbers"}
    assert workspace.is_shown("scales")
    qtbot.mouseClick(workspace.frames["scales"].buttons.close_, LEFT)
    QApplication.processEvents()
    assert sizes(workspace) == before
    assert not workspace.is_shown("scales")


def test_closing_an_enlarged_panel_brings_back_the_others(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    workspace.enlarge("cuts")
    qtbot.mouseClick(workspace.frames["cuts"].buttons.close_, LEFT)
    assert seen(workspace) == {"fit", "loss", "numbers"}


def test_the_key_enlarges_the_panel_with_the_focus(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    workspace.frames["loss"].buttons.close_.setFocus(Qt.FocusReason.TabFocusReason)
    workspace.toggle_enlarged_one()
    assert workspace.enlarged == "loss"
    workspace.toggle_enlarged_one()
    assert workspace.enlarged == ""


# the right column ------------------------------------------------------------------------


def test_tabs_choose_what_is_seen_at_the_right(qtbot: QtBot, open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    tabs = workspace._right.row.tabs
    assert tabs["numbers"].isChecked()
    qtbot.mouseClick(tabs["step"], LEFT)
    assert tabs["step"].isChecked()
    assert seen(workspace) == {"fit", "loss", "cuts", "step"}
    qtbot.mouseClick(workspace._right.buttons.close_, LEFT)
    assert not workspace.is_shown("step")
    assert seen(workspace) == {"fit", "loss", "cuts", "numbers"}
    assert list(workspace._right.row.tabs) == ["numbers"]


def test_tabs_that_do_not_fit_go_on_in_another_line(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    row = workspace._right.row
    row.show_tabs({str(i): f"A panel of some length {i}" for i in range(5)}, "0")
    qtbot.waitUntil(lambda: row.width() >= row.minimumSizeHint().width(), timeout=WAIT_MS)
    places = [tab.geometry() for tab in row.tabs.values()]
    assert len({place.y() for place in places}) > 1
    for place, tab in zip(places, row.tabs.values(), strict=True):
        assert place.size() == tab.sizeHint()
        assert row.rect().contains(place)
    assert not any(a.intersects(b) for a in places for b in places if a is not b)


def test_the_column_gives_way_in_a_narrow_window_unless_it_is_asked_for(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    assert has_column(workspace)
    workspace.resize(900, 800)
    assert not has_column(workspace)
    workspace.resize(1200, 800)
    assert has_column(workspace)
    workspace.resize(900, 800)
    qtbot.mouseClick(workspace._unfold, LEFT)
    assert has_column(workspace)
    workspace.resize(1200, 800)
    qtbot.mouseClick(workspace._right.fold, LEFT)
    assert not has_column(workspace)
    assert workspace._unfold.isVisible()
    workspace.show_panel("step")
    assert "step" in seen(workspace)


# drawing ---------------------------------------------------------------------------------


def play(qtbot: QtBot, workspace: Workspace, frames: list[Snapshot]) -> None:
    """Draw frames as they come from an engine that waits for each to be drawn."""
    for frame in frames:
        workspace.draw(frame)
        qtbot.waitUntil(lambda: not workspace.is_drawing(), timeout=WAIT_MS)


def test_hidden_panels_are_never_drawn(qtbot: QtBot, open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    step, deep = workspace.panel("step", Plain), workspace.panel("deep", Plain)
    play(qtbot, workspace, frames_of(20))
    assert (step.drawn, deep.drawn) == ([], [])
    assert len(drawn(workspace, "loss")) == 20
    workspace.enlarge("fit")
    play(qtbot, workspace, frames_of(20))
    assert len(drawn(workspace, "loss")) == 20
    workspace.show_panel("scales")
    fit = workspace.panel("fit", FitView)
    frames_before = fit.frames_drawn
    play(qtbot, workspace, frames_of(20))
    assert fit.frames_drawn == frames_before
    assert len(drawn(workspace, "scales")) == 21  # the latest at once, then each


def test_a_panel_that_appears_is_drawn_at_once_with_the_latest(
    open_workspace: OpenWorkspace,
) -> None:
    workspace = open_workspace()
    frames = frames_of(9)
    for frame in frames:
        workspace.draw(frame)
    for key in ("deep", "step", "scales"):
        workspace.show_panel(key)
        assert drawn(workspace, key) == [frames[-1]]
    loss = workspace.frames["loss"].panel
    assert isinstance(loss, CountedLoss)
    workspace.hide_panel("loss")
    later = frames_of(12)[-1]
    workspace.draw(later)
    workspace.show_panel("loss")
    assert loss.given[-1] is later


def test_while_playing_the_others_take_turns_at_a_steady_rate(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    workspace.show_panel("deep")
    workspace.show_panel("log")
    others = ("deep", "cuts", "log")
    frames = iter(frames_of(3000))
    play = QTimer(interval=2)
    play.timeout.connect(lambda: workspace.draw(next(frames)))
    began = monotonic()
    play.start()
    qtbot.waitUntil(lambda: len(drawn(workspace, "log")) >= 4, timeout=WAIT_MS)
    play.stop()
    seconds = monotonic() - began
    counts = [len(drawn(workspace, key)) for key in others]
    assert max(counts) - min(counts) <= 1
    assert sum(counts) <= seconds * TURNS_PER_SECOND + 2
    assert len(drawn(workspace, "loss")) > 3 * sum(counts)


def test_the_engine_waits_until_the_frame_is_drawn(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    workspace.show_panel("step")
    frames = frames_of(3)
    workspace.draw(frames[1])
    assert workspace.is_drawing()
    assert drawn(workspace, "loss") == drawn(workspace, "step") == []
    qtbot.waitUntil(lambda: not workspace.is_drawing(), timeout=WAIT_MS)
    assert drawn(workspace, "loss") == drawn(workspace, "step") == [frames[1]]
    workspace.draw(frames[2])
    workspace.draw(replace(frames[2], playing=False))
    assert not drawn(workspace, "step")[-1].playing
    qtbot.waitUntil(lambda: not workspace.is_drawing(), timeout=WAIT_MS)
    assert not drawn(workspace, "loss")[-1].playing


def test_a_last_frame_that_plays_still_reaches_everyone(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    """At one step a second the others are not to lag behind by several steps."""
    workspace = open_workspace()
    workspace.show_panel("deep")
    workspace.show_panel("log")
    for frame in frames_of(5):
        workspace.draw(frame)
    for key in ("deep", "cuts", "log"):
        qtbot.waitUntil(partial(has_drawn, workspace, key, 4), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: workspace._turns.is_idle, timeout=WAIT_MS)


def test_when_paused_all_that_is_seen_is_up_to_date_at_once(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    workspace.show_panel("deep")
    for frame in (*frames_of(5), *frames_of(8, playing=False)):
        workspace.draw(frame)
    for key in ("deep", "cuts", "loss"):
        assert drawn(workspace, key)[-1].cursor == 7
        assert not drawn(workspace, key)[-1].playing


def test_a_minimised_window_draws_nothing_and_is_up_to_date_after(
    qtbot: QtBot, open_workspace: OpenWorkspace
) -> None:
    workspace = open_workspace()
    workspace.draw(frames_of(1)[0])
    before = len(drawn(workspace, "loss"))
    workspace.showMinimized()
    qtbot.waitUntil(workspace.isMinimized)
    frames = frames_of(5)
    for frame in frames:
        workspace.draw(frame)
    assert len(drawn(workspace, "loss")) == before
    workspace.showNormal()
    qtbot.waitUntil(lambda: drawn(workspace, "loss")[-1] is frames[-1], timeout=WAIT_MS)


def test_themes_reach_hidden_panels_and_those_that_are_made_later(
    open_workspace: OpenWorkspace,
) -> None:
    workspace = open_workspace()
    step = workspace.panel("step", Plain)
    workspace.set_theme(DARK)
    assert step.theme is DARK
    workspace.show_panel("scales")
    assert workspace.panel("scales", Plain).theme is DARK
    assert workspace.panel("fit", FitView).theme is DARK


# remembering -----------------------------------------------------------------------------


def test_what_was_arranged_comes_back(open_workspace: OpenWorkspace) -> None:
    first = open_workspace()
    for key in ("deep", "step"):
        first.show_panel(key)
    first.hide_panel("cuts")
    first._rows["top"].moveSplitter(281, 1)
    first._plots.moveSplitter(390, 1)
    first._columns.moveSplitter(371, 1)
    QApplication.processEvents()
    expected = sizes(first)
    save_settings(Settings(arrangement=first.arrangement()))
    again = open_workspace(load_settings().arrangement)
    QApplication.processEvents()
    assert sizes(again) == expected
    first.enlarge("loss")
    save_settings(Settings(arrangement=first.arrangement()))
    third = open_workspace(load_settings().arrangement)
    assert third.enlarged == "loss"
    third.shrink()
    QApplication.processEvents()
    assert sizes(third) == expected


def test_panels_that_are_no_more_are_ignored(open_workspace: OpenWorkspace) -> None:
    gone = Arrangement({"gone": True, "loss": False}, {"gone": 2.0}, "gone", "gone")
    workspace = open_workspace(gone)
    assert seen(workspace) == {"fit", "cuts", "numbers"}


def test_the_default_layout_comes_back_with_its_sizes(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace()
    before = sizes(workspace)
    workspace._plots.moveSplitter(600, 1)
    workspace._columns.moveSplitter(450, 1)
    workspace.hide_panel("fit")
    workspace.show_panel("step")
    workspace.enlarge("log")
    workspace.toggle_right_column()
    workspace.restore_default()
    QApplication.processEvents()
    assert sizes(workspace) == before


# in the window ---------------------------------------------------------------------------


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_every_panel_is_a_panel_with_a_title_and_a_place(
    open_window: OpenWindow, panel: PanelInfo
) -> None:
    window = open_window()
    window.workspace.show_panel(panel.key)
    frame = window.workspace.frames[panel.key]
    assert frame.is_seen()
    assert frame.accessibleName()
    assert window._actions[panel.action].text() == frame.accessibleName()
    for button in (frame.buttons.enlarge, frame.buttons.close_):
        assert button.accessibleName()
        assert button.toolTip()
        assert not button.icon().isNull()


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_shortcuts_hide_and_show(qtbot: QtBot, open_window: OpenWindow, panel: PanelInfo) -> None:
    window = open_window()
    action = window._actions[panel.action]
    for _ in range(2):
        was_seen = window.workspace.frames[panel.key].is_seen()
        press(qtbot, window, panel.shortcut)
        assert window.workspace.frames[panel.key].is_seen() != was_seen
        assert action.isChecked() != was_seen


def press(qtbot: QtBot, window: QWidget, keys: str) -> None:
    *modifiers, key = keys.split("+")
    held = Qt.KeyboardModifier.ControlModifier if modifiers else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"), held)


def test_keys_enlarge_what_is_under_the_pointer_and_escape_comes_back(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.mouseMove(window.surface, QPoint(40, 40))
    qtbot.mouseMove(window.loss, QPoint(40, 40))
    qtbot.waitUntil(window.workspace.frames["loss"].underMouse, timeout=WAIT_MS)
    press(qtbot, window, "E")
    assert window.workspace.enlarged == "loss"
    assert window._actions["enlarge"].isChecked()
    press(qtbot, window, "Escape")
    assert window.workspace.enlarged == ""
    assert not window._actions["enlarge"].isChecked()


def test_the_space_bar_plays_after_a_button_was_clicked(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.mouseClick(window.workspace.frames["fit"].buttons.enlarge, LEFT)
    qtbot.mouseClick(window.workspace._right.buttons.close_, LEFT)
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(window, Qt.Key.Key_Space)


def test_a_button_reached_by_tab_is_pressed_by_the_space_bar(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    button = window.workspace.frames["fit"].buttons.enlarge
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert window.workspace.enlarged == "fit"
    assert window.session.snapshot is not None
    assert not window.session.snapshot.playing


def test_hidden_numbers_are_copied_as_they_are_now(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.workspace.hide_panel("numbers")
    window.session.step(7)
    qtbot.waitUntil(
        lambda: window.session.snapshot is not None and window.session.snapshot.cursor == 7,
        timeout=WAIT_MS,
    )
    window._actions["copy_numbers"].trigger()
    assert QGuiApplication.clipboard().text().startswith("Iteration\t7\n")


def test_a_run_goes_on_while_nothing_is_shown(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(tutorial_2(stop={"iterations": 20_000}))
    for panel in PANELS:
        window.workspace.hide_panel(panel.key)
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        window.session.play()


@pytest.mark.parametrize("size", [(1000, 650), (1100, 700), (1440, 900), (2560, 1440)])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_size_of_the_window_leaves_every_panel_its_least(
    open_window: OpenWindow, size: tuple[int, int], language: str
) -> None:
    window = open_window(preset("tutorial-3"))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    set_language(app, language)
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    workspace = window.workspace
    assert {"fit", "surface", "loss"} <= seen(workspace)
    for key in seen(workspace):
        frame = workspace.frames[key]
        assert frame.size().expandedTo(frame.minimumSizeHint()) == frame.size()
        place = QRect(frame.mapTo(workspace, QPoint()), frame.size())
        assert workspace.rect().contains(place), f"{key} is cut"
        if frame.info.area != "right":
            assert workspace._centre.geometry().contains(place), f"{key} is cut"
    assert workspace.has_right_column == (size[0] >= 1440)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)], ids=["large", "small"])
def test_no_panel_that_is_opened_lets_the_centre_scroll_sideways(
    qtbot: QtBot, open_window: OpenWindow, size: tuple[int, int], language: str
) -> None:
    window = open_window(preset("tutorial-3"))  # whose surface has a choice of axes
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    set_language(app, language)
    window.resize(*size)
    workspace = window.workspace
    centre = workspace.findChild(QScrollArea, "centre")
    assert isinstance(centre, QScrollArea)
    for panel in PANELS:
        workspace.restore_default()
        workspace.show_panel(panel.key)
        qtbot.waitUntil(workspace.frames[panel.key].is_seen)
        qtbot.wait(50)
        assert centre.horizontalScrollBar().maximum() == 0, panel.key


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_right_column_gives_way_to_panels_that_are_opened_together(
    qtbot: QtBot, open_window: OpenWindow, language: str
) -> None:
    """A narrower one of them leaves it where it is; a column that was asked for stays."""
    window = open_window(preset("tutorial-2"))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    set_language(app, language)
    window.resize(1440, 900)
    workspace = window.workspace
    centre = workspace.findChild(QScrollArea, "centre")
    assert isinstance(centre, QScrollArea)
    scroll = centre.horizontalScrollBar()
    for keys, stays in ((("log", "results"), True), (("log", "sections"), False)):
        workspace.restore_default()
        for key in keys:
            workspace.show_panel(key)
            qtbot.waitUntil(workspace.frames[key].is_seen)
        qtbot.waitUntil(lambda: scroll.maximum() == 0)
        assert workspace.has_right_column == stays
    workspace.hide_panel("sections")
    qtbot.waitUntil(lambda: workspace.has_right_column)
    workspace.toggle_right_column()
    workspace.toggle_right_column()
    workspace.show_panel("sections")
    qtbot.waitUntil(lambda: scroll.maximum() > 0)
    assert workspace.has_right_column


def test_closing_the_window_remembers(open_window: OpenWindow) -> None:
    window = open_window()
    window._remember = True
    window.workspace.hide_panel("loss")
    window.session.mark_saved()
    window.close()
    assert load_settings().arrangement.shown == {"loss": False}
    again = open_window(arrangement=load_settings().arrangement)
    assert not again.workspace.frames["loss"].is_seen()
    assert again.workspace.frames["fit"].is_seen()


def test_closing_the_window_remembers_what_the_loss_is_drawn_against(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window._remember = True
    window.loss.axis_choice.setFocus()
    qtbot.keyClick(window.loss.axis_choice, Qt.Key.Key_Down)
    window.close()
    assert load_settings().loss_axis == "epochs"
    again = open_window(loss_axis="epochs")
    assert again.loss.axis == "epochs"
    assert again.loss.axis_choice.currentIndex() == 1


def test_a_picture_is_sharp_whatever_is_shown(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    window.workspace.hide_panel("surface")
    window.workspace.enlarge("numbers")
    file = tmp_path / "window.png"
    assert window.save_picture(file)
    assert QImage(str(file)).width() == 2 * window.width()
