"""The window as a whole: what a person does with it, with real events on real widgets."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from engine.experiment import FileData, TutorialData, kind_of
from engine.files.experiments import load_experiment, save_experiment
from engine.headless import run_experiment
from engine.live.snapshot import Health, Snapshot
from engine.specs import LEARNING_RATE
from gui.actions import ACTIONS, MENUS
from gui.main_window import MainWindow
from tests.gui.conftest import WAIT_MS, OpenWindow, tutorial_2


def play_to_the_end(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(
        lambda: drawn(window).run.ended is not None and not drawn(window).playing, timeout=WAIT_MS
    )


def drawn(window: MainWindow) -> Snapshot:
    assert window.session.snapshot is not None
    return window.session.snapshot


def is_at(window: MainWindow, row: int) -> bool:
    return drawn(window).cursor == row


def has_runs(window: MainWindow, count: int) -> bool:
    return len(drawn(window).runs) == count


def has_begun(window: MainWindow) -> bool:
    return drawn(window).head > 0


def test_every_action_has_a_text_a_menu_and_a_shortcut_of_its_own(open_window: OpenWindow) -> None:
    window = open_window()
    menus = {menu.key for menu in MENUS}
    shortcuts = []
    for info in ACTIONS:
        action = window._actions[info.key]
        assert action.objectName() == info.key
        assert action.text()
        assert info.menu in menus
        if not action.shortcut().isEmpty():
            shortcuts.append(action.shortcut().toString())
    assert len(shortcuts) == len(set(shortcuts)) > 10


def test_space_plays_tutorial_2_to_its_end(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    play_to_the_end(qtbot, window)
    rows = drawn(window).rows
    fresh = run_experiment(tutorial_2())[0].history.rows()
    assert np.array_equal(rows.params, fresh.params)
    assert np.array_equal(rows.train_loss, fresh.train_loss)


def test_arrows_step_and_home_and_end_travel(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    for key, row in [
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 1000),
    ]:
        qtbot.keyClick(window, key)
        qtbot.waitUntil(partial(is_at, window, row), timeout=WAIT_MS)


def test_a_click_on_the_surface_starts_there(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    box = window.surface.box
    wanted = (1.5, 1.0)
    pixel = window.surface.plot.mapFromScene(box.mapViewToScene(QPointF(*wanted)))
    qtbot.mouseClick(window.surface.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    qtbot.waitUntil(lambda: abs(drawn(window).rows.params[0, 0] - 1.5) < 0.05, timeout=WAIT_MS)
    assert drawn(window).rows.params[:, 0] == pytest.approx(wanted, abs=0.05)
    window.session.undo()
    qtbot.waitUntil(lambda: drawn(window).rows.params[0, 0] < 0.5, timeout=WAIT_MS)


def test_a_rate_above_the_limit_is_called_unstable_and_diverges_with_sane_axes(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.controls.requested.emit({"optimizer.lr": 1.1}, "")
    qtbot.waitUntil(lambda: drawn(window).run.health is Health.UNSTABLE, timeout=WAIT_MS)
    play_to_the_end(qtbot, window)
    assert drawn(window).run.health is Health.DIVERGED
    for view in (window.fit, window.surface, window.loss):
        assert np.isfinite(np.array(view.box.viewRange())).all()
        assert np.abs(np.array(view.box.viewRange())).max() < 1e15


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_tutorial_opens_and_runs(qtbot: QtBot, open_window: OpenWindow, number: int) -> None:
    window = open_window()
    with qtbot.waitSignal(window.session.opened, timeout=WAIT_MS):
        window._actions[f"tutorial-{number}"].trigger()
    qtbot.waitUntil(lambda: drawn(window).head == 0 and not drawn(window).playing)
    assert window.session.experiment is not None
    assert window.session.experiment.data == TutorialData(f"tutorial-{number}")  # type: ignore[arg-type]
    play_to_the_end(qtbot, window)
    assert drawn(window).run.ended is not None


@pytest.mark.parametrize(
    ("sample", "line"),
    # least squares as Hubble (1929) and R's documentation of `cars` have it
    [("hubble", (-40.784, 454.158)), ("cars", (-17.579, 3.932))],
)
def test_sample_data_open_at_a_stable_rate(
    qtbot: QtBot, open_window: OpenWindow, sample: str, line: tuple[float, float]
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.session.opened, timeout=WAIT_MS):
        window._actions[sample].trigger()
    qtbot.waitUntil(lambda: drawn(window).problem.truth is None, timeout=WAIT_MS)
    assert drawn(window).problem.optimum.params == pytest.approx(line, abs=5e-4)
    assert drawn(window).run.health is Health.STABLE


def test_save_and_open_again_bring_the_same_rows(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    window.session.step(30)
    qtbot.waitUntil(lambda: drawn(window).cursor == 30, timeout=WAIT_MS)
    window.controls.requested.emit({"optimizer.lr": 0.4}, "")
    qtbot.waitUntil(lambda: drawn(window).run.learning_rate == 0.4, timeout=WAIT_MS)
    assert window.isWindowModified()
    file = tmp_path / "mine.json"
    assert window.documents.save_to(file)
    assert not window.isWindowModified()
    assert "mine" in window.windowTitle()
    play_to_the_end(qtbot, window)
    rows = drawn(window).rows
    again = open_window(load_experiment(file))
    play_to_the_end(qtbot, again)
    assert np.array_equal(drawn(again).rows.params, rows.params)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("typo.json", '{"format": 1, "data": {"source": "tutorial", "nam": "tutorial-2"}}'),
        ("newer.json", '{"format": 2, "data": {}}'),
        ("deep.json", "[" * 100_000),
        ("binary.json", "\x00\x01\x02"),
        ("empty.csv", ""),
        ("one.csv", "x\n1\n2\n3\n"),
        ("missing.csv", None),
        ("missing.json", None),
    ],
)
def test_a_bad_file_gives_one_sentence_and_loses_nothing(
    open_window: OpenWindow, tmp_path: Path, name: str, content: str | None
) -> None:
    window = open_window()
    file = tmp_path / name
    if content is not None:
        file.write_text(content)
    before = window.session.experiment
    _close_dialogs_soon()
    window.documents.open_path(str(file))
    assert name in window.notice.text
    assert window.notice.isVisible()
    assert window.session.experiment == before
    assert not window.session.can_undo


def _close_dialogs_soon() -> None:
    """A modal dialog that should not be there would block the test for ever."""

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()

    QTimer.singleShot(300, close)


def test_a_dropped_experiment_opens(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    file = tmp_path / "dropped.json"
    save_experiment(file, tutorial_2(title="Dropped", stop={"iterations": 7}))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(200, 200), copy, mime, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(window.session.opened, timeout=WAIT_MS):
        QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), copy, mime, left, none))
    assert window.session.experiment is not None
    assert window.session.experiment.title == "Dropped"
    assert "dropped" in window.windowTitle()


def test_a_table_opens_through_the_dialog(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    file = tmp_path / "own.csv"
    file.write_text("hours,mark\n1,2\n2,4.1\n3,5.9\n4,8.2\n")

    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        qtbot.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(200, accept)
    with qtbot.waitSignal(window.session.opened, timeout=WAIT_MS):
        window.documents.open_table(str(file))
    assert window.session.experiment is not None
    assert window.session.experiment.data == FileData(str(file), ("hours",), "mark")


def test_unsaved_changes_are_asked_about(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.controls.requested.emit({"optimizer.lr": 0.3}, "")
    qtbot.waitUntil(lambda: window.session.is_modified, timeout=WAIT_MS)
    asked: list[str] = []

    def answer(button: QMessageBox.StandardButton) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        chosen = box.button(button)
        assert isinstance(chosen, QPushButton)
        qtbot.mouseClick(chosen, Qt.MouseButton.LeftButton)

    QTimer.singleShot(100, lambda: answer(QMessageBox.StandardButton.Cancel))
    assert not window.close()
    assert window.isVisible()
    QTimer.singleShot(100, lambda: answer(QMessageBox.StandardButton.Discard))
    assert window.documents.may_go_on()
    assert len(asked) == 2


def test_unsaved_changes_are_answered_with_the_keyboard(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.controls.requested.emit({"optimizer.lr": 0.3}, "")
    qtbot.waitUntil(lambda: window.session.is_modified, timeout=WAIT_MS)
    texts: list[str] = []

    def press(key: Qt.Key) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        texts.extend(button.text() for button in box.buttons())
        qtbot.keyClick(box, key, Qt.KeyboardModifier.AltModifier)

    QTimer.singleShot(100, lambda: press(Qt.Key.Key_C))
    assert not window.documents.may_go_on()
    QTimer.singleShot(100, lambda: press(Qt.Key.Key_D))
    assert window.documents.may_go_on()
    keys = [text[text.index("&") + 1] for text in texts[:3]]
    assert sorted(keys) == ["C", "D", "S"]


def test_the_picture_shows_the_window(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    file = tmp_path / "window.png"
    assert window.save_picture(file)
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (2400, 1600)
    colours = {picture.pixel(QPoint(x, y)) for x in range(0, 2400, 40) for y in range(0, 1600, 40)}
    assert len(colours) > 20
    assert not window.save_picture(tmp_path / "no" / "such" / "folder.png")
    assert "folder.png" in window.notice.text


def test_theme_and_language_change_live(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    file_menu = window._actions.menu("file")
    light = window.palette().window().color()
    window._actions["theme_dark"].trigger()
    assert window.palette().window().color().lightness() < light.lightness()
    window._actions["language_zh_CN"].trigger()
    qtbot.waitUntil(lambda: "文件" in file_menu.title(), timeout=WAIT_MS)
    assert window._actions["theme_dark"].isChecked()
    window._actions["language_en"].trigger()
    qtbot.waitUntil(lambda: file_menu.title() == "&File", timeout=WAIT_MS)


def test_closing_in_the_middle_of_a_run_at_full_speed(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    for _ in range(20):
        window = open_window(tutorial_2(stop={"iterations": 10_000_000}))
        window.session.play()
        qtbot.waitUntil(partial(has_begun, window), timeout=WAIT_MS)
        window.close()


def test_the_saved_file_is_the_documented_format(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    file = tmp_path / "e.json"
    window.documents.save_to(file)
    tree = json.loads(file.read_text(encoding="utf-8"))
    assert set(tree) == {
        "format", "title", "data", "split", "features", "model", "loss", "runs", "stop",
    }  # fmt: skip
    assert tree["runs"][0]["optimizer"]["kind"] == "gd"
    assert window.session.experiment is not None
    assert kind_of(window.session.experiment.data) == "tutorial"


def test_the_space_bar_plays_after_a_number_was_typed(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    box = window.controls.optimizer.fields[LEARNING_RATE].box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.44")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: drawn(window).run.learning_rate == 0.44, timeout=WAIT_MS)
    focus = QApplication.focusWidget()
    assert focus is not box
    play_to_the_end(qtbot, window)


def test_letters_in_the_box_of_the_fit_are_no_shortcuts_but_the_space_bar_plays(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    box = window.fit.asked.boxes[0]
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    for text in ("0.5", "1e-1", "fleece"):
        for key in text:
            qtbot.keyClick(QApplication.focusWidget() or window, key)
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return)
        assert not window.workspace.enlarged
    assert box.text() == "fleece"
    assert box.is_wrong
    assert window.loss.log_scale
    with qtbot.waitSignal(window.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.text() == "fleece"


def test_a_control_reached_by_tab_keeps_the_keys_that_it_uses(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    switch = window.controls.data.standardise
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not drawn(window).problem.scaler.is_identity, timeout=WAIT_MS)
    assert not drawn(window).playing
    slider = window.controls.optimizer.fields[LEARNING_RATE].slider
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: drawn(window).run.learning_rate > 0.1, timeout=WAIT_MS)
    assert drawn(window).cursor == 0


def test_a_number_that_is_being_typed_is_saved(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    box = window.controls.optimizer.fields[LEARNING_RATE].box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.44")
    file = tmp_path / "typed.json"
    assert window.documents.save_to(file)
    optimizer = load_experiment(file).runs[0].optimizer
    assert optimizer.lr == 0.44


def test_samples_are_saved_by_name_and_shown_by_it(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    with qtbot.waitSignal(window.session.opened, timeout=WAIT_MS):
        window._actions["hubble"].trigger()
    file = tmp_path / "hubble.json"
    assert window.documents.save_to(file)
    assert json.loads(file.read_text())["data"]["path"] == "sample:hubble-1929.csv"
    assert kind_of(load_experiment(file).data) == "file"


@pytest.mark.parametrize("typed", ["rate 0.1", "rate 0.1.json", "RATE.JSON"])
def test_save_as_adds_the_suffix(open_window: OpenWindow, tmp_path: Path, typed: str) -> None:
    window = open_window()
    window.documents.folder = str(tmp_path)

    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        name = dialog.findChild(QLineEdit)
        assert isinstance(name, QLineEdit)
        name.setText(typed)
        dialog.accept()

    QTimer.singleShot(200, accept)
    assert window.documents.save_as()
    expected = typed if typed.lower().endswith(".json") else typed + ".json"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [expected]
    assert window.documents.path == tmp_path / expected


def test_a_good_edit_clears_the_sentence_about_a_bad_one(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window()
    window.controls.requested.emit({"split.train": 0.01}, "")
    qtbot.waitUntil(window.notice.isVisible, timeout=WAIT_MS)
    window.controls.requested.emit({"split.train": 0.5}, "")
    qtbot.waitUntil(lambda: not window.notice.isVisible(), timeout=WAIT_MS)


def test_long_names_of_columns_widen_and_cut_nothing(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window()
    width = window.controls.minimumWidth()
    x, y = "average_number_of_rooms_" * 12, "value_" * 50
    file = tmp_path / "long.csv"
    file.write_text(f"{x},{y}\n1,2\n2,4.1\n3,5.9\n")
    with qtbot.waitSignal(window.session.opened, timeout=WAIT_MS):
        window.session.open_table(FileData(str(file), (x,), y))
    qtbot.waitUntil(lambda: drawn(window).problem.dataset.target == y, timeout=WAIT_MS)
    assert window.controls.minimumWidth() <= width + 20
    for side, room in (("bottom", window.fit.mapping.width), ("left", window.fit.mapping.height)):
        axis = window.fit.plot.getAxis(side)
        assert "…" in axis.labelText
        assert axis.label.boundingRect().width() <= room + 8


def test_the_window_shows_the_selected_run(qtbot: QtBot, open_window: OpenWindow) -> None:
    runs = [
        {"start": {"kind": "zeros"}},
        {"optimizer": {"kind": "momentum", "lr": 0.02}},
        {"name": "far", "optimizer": {"lr": 3.0}},
    ]
    window = open_window(tutorial_2(runs=runs, stop={"iterations": 200}))
    controls = window.controls
    window.workspace.show_panel("numbers")
    play_to_the_end(qtbot, window)
    assert (controls.optimizer.method.key, controls.start.kind.key) == ("gd", "zeros")
    window.session.select(1)
    qtbot.waitUntil(lambda: drawn(window).selected == 1, timeout=WAIT_MS)
    assert (controls.optimizer.method.key, controls.start.kind.key) == ("momentum", "own")
    window.session.select(2)
    qtbot.waitUntil(lambda: drawn(window).selected == 2, timeout=WAIT_MS)
    snapshot = drawn(window)
    assert snapshot.head < 30
    last = snapshot.rows.params[:, -1]
    assert window.surface.current.at == pytest.approx(tuple(last))
    assert f"Iteration\t{snapshot.head}\n" in window.numbers.numbers_as_text()
    controls.requested.emit({"optimizer.lr": 0.3}, "")
    qtbot.waitUntil(lambda: drawn(window).run.learning_rate == 0.3, timeout=WAIT_MS)
    assert [run.head for run in drawn(window).runs] == [200, 200, 0]


def test_runs_come_and_go_while_the_window_plays(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(tutorial_2(stop={"iterations": 1_000_000}))
    session = window.session
    session.play()
    for count in (2, 3):
        qtbot.waitUntil(partial(has_begun, window), timeout=WAIT_MS)
        session.add_run()
        qtbot.waitUntil(partial(has_runs, window, count), timeout=WAIT_MS)
    assert drawn(window).playing
    for count in (2, 1):
        session.remove_run(0)
        qtbot.waitUntil(partial(has_runs, window, count), timeout=WAIT_MS)
    head = drawn(window).head
    qtbot.waitUntil(lambda: drawn(window).head > head, timeout=WAIT_MS)
    assert session.experiment is not None
    assert [run.name for run in session.experiment.runs] == ["GD 3"]
