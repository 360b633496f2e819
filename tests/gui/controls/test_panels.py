from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from PySide6.QtCore import QPoint, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import specs
from engine.experiment import Experiment, Settings, SyntheticKind, settings_at
from engine.files.experiments import experiment_from, preset
from engine.live.snapshot import Request, Snapshot
from engine.live.worker import Worker
from engine.problem.synthetic import RECIPES, natural_model
from engine.problem.tutorials import TUTORIALS
from gui.controls.form import SEEDS, Choice, SpecField, another_seed
from gui.controls.number_box import NumberBox
from gui.controls.panel import ControlsPanel
from gui.controls.rate_links import just_below

LEFT = Qt.MouseButton.LeftButton
# the offscreen platform says so of every list that opens
pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
LINE: dict[str, Any] = {"source": "synthetic", "kind": "line"}
NARROW: dict[str, Any] = {"features": {"scale": 10.0}}
UNSTABLE: dict[str, Any] = {"runs": [{"optimizer": {"kind": "gd", "lr": 0.9}}]}


class Shown:
    """A panel with an experiment of the real engine in it, and what it asked for."""

    def __init__(self, panel: ControlsPanel) -> None:
        self.panel = panel
        self.requests: list[tuple[dict[str, Any], str]] = []
        self.tutorials: list[str] = []
        self.tables_wanted = 0
        self.experiment: Experiment | None = None
        panel.requested.connect(self._on_requested)
        panel.tutorial_chosen.connect(self.tutorials.append)
        panel.open_table_requested.connect(self._on_table)

    def _on_requested(self, values: dict[str, Any], merge: str) -> None:
        self.requests.append((values, merge))

    def _on_table(self) -> None:
        self.tables_wanted += 1

    def show(self, experiment: Experiment, rows: int = 0) -> Snapshot:
        """Show an experiment as the window does: problem, experiment, frame."""
        snapshot = snapshot_of(experiment, rows)
        self.experiment = experiment
        self.panel.show_problem(snapshot.problem)
        self.panel.show_experiment(experiment, snapshot.run.settings)
        self.panel.draw(snapshot)
        return snapshot


def snapshot_of(experiment: Experiment, rows: int = 0) -> Snapshot:
    worker = Worker()
    snapshots: list[Snapshot] = []
    worker.snapshot_ready.connect(snapshots.append)
    worker.load(Request(0, experiment))
    worker.acknowledge()
    if rows:
        worker.step(rows)
    worker.shut_down()
    return snapshots[-1]


def experiment(data: dict[str, Any] | None = None, **keys: Any) -> Experiment:
    chosen = data or {"source": "tutorial", "name": "tutorial-2"}
    return experiment_from({"format": 1, "data": chosen} | keys)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    panel = ControlsPanel()
    qtbot.addWidget(panel)
    panel.resize(330, 860)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    result = Shown(panel)
    result.show(preset("tutorial-2"))
    return result


@pytest.fixture
def translated(qapp: QApplication) -> Iterator[Callable[[QTranslator], None]]:
    """Installs a translator for the rest of the test."""
    installed: list[QTranslator] = []

    def install(translator: QTranslator) -> None:
        installed.append(translator)
        qapp.installTranslator(translator)

    yield install
    for translator in installed:
        qapp.removeTranslator(translator)


def type_into(box: NumberBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def choose(choice: Choice, key: str) -> None:
    """Open the list, go to a choice with the keys and take it."""
    choice.setFocus()
    choice.showPopup()
    view = choice.view()
    view.setCurrentIndex(choice.model().index(choice.findData(key), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)


def drag(field: SpecField, *distances: int) -> None:
    option = QStyleOptionSlider()
    field.slider.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    begin = field.slider.style().subControlRect(control, option, part, field.slider).center()
    QTest.mousePress(field.slider, LEFT, pos=begin)
    for distance in distances:
        QTest.mouseMove(field.slider, begin + QPoint(distance, 0))
    QTest.mouseRelease(field.slider, LEFT, pos=begin + QPoint(distances[-1], 0))


def check(box: QAbstractButton) -> None:
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


# the whole ------------------------------------------------------------------------------------


def test_showing_an_experiment_asks_for_nothing(shown: Shown) -> None:
    for name in TUTORIALS:
        shown.show(preset(name), rows=3)
    shown.show(experiment(LINE, **UNSTABLE))
    shown.show(experiment(LINE, runs=[{"optimizer": {"kind": "adam"}}]))
    assert shown.requests == []
    assert shown.tutorials == []


@pytest.mark.parametrize("width", [300, 330])
@pytest.mark.parametrize("key", ["tutorial-2", "tutorial-3", "line"])
def test_nothing_is_cut_off_and_nothing_scrolls_sideways(
    shown: Shown, key: str, width: int
) -> None:
    panel = shown.panel
    random: dict[str, Any] = {
        "runs": [{"optimizer": {"kind": "adam"}, "start": {"kind": "random"}}]
    }
    shown.show(preset(key) if key in TUTORIALS else experiment(LINE, **random))
    panel.optimizer.more.click()
    panel.resize(width, 560)
    QApplication.processEvents()
    content = panel.widget()
    assert content is not None
    assert panel.width() == width
    assert content.minimumSizeHint().width() <= panel.viewport().width()
    assert panel.horizontalScrollBar().maximum() == 0
    assert panel.verticalScrollBar().maximum() > 0
    for child in content.findChildren(QWidget):
        if child.isVisible():
            right = child.mapTo(content, QPoint(child.width(), 0)).x()
            assert right <= content.width(), child


def test_the_panel_grows_with_what_would_not_fit(shown: Shown) -> None:
    font = shown.panel.font()
    font.setPointSize(40)
    shown.panel.setFont(font)
    QApplication.processEvents()
    content = shown.panel.widget()
    assert content is not None
    assert shown.panel.minimumWidth() > 300
    assert content.minimumSizeHint().width() <= shown.panel.viewport().width()


class Brackets(QTranslator):
    def translate(
        self, _context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str:
        return f"[{text}]"

    def isEmpty(self) -> bool:
        return False


def test_every_text_changes_its_language(
    shown: Shown, translated: Callable[[QTranslator], None]
) -> None:
    shown.show(experiment(LINE, **NARROW, **UNSTABLE, split={"train": 0.5, "seed": 1}))
    translated(Brackets())
    QApplication.processEvents()
    texts = [label.text() for label in shown.panel.findChildren(QLabel)]
    texts += [button.text() for button in shown.panel.findChildren(QAbstractButton)]
    texts += [group.title() for group in shown.panel.findChildren(QGroupBox)]
    for combo in shown.panel.findChildren(QComboBox):
        texts += [combo.itemText(index) for index in range(combo.count())]
    same = {"b", "w", "w1", "w2", shown.panel.model.formula.text()}  # in every language
    untranslated = [text for text in texts if text and "[" not in text and text not in same]
    assert untranslated == []
    assert shown.requests == []


def test_a_long_language_cuts_nothing_off(
    qtbot: QtBot, shown: Shown, translated: Callable[[QTranslator], None]
) -> None:
    class Long(QTranslator):
        def translate(
            self, _context: str, text: str, _disambiguation: str | None = None, _n: int = -1
        ) -> str:
            return f"非常长的中文翻译文字 {text}"

        def isEmpty(self) -> bool:
            return False

    translated(Long())
    shown.show(experiment(LINE, **NARROW, **UNSTABLE))
    content, viewport = shown.panel.widget(), shown.panel.viewport()
    assert content is not None
    qtbot.waitUntil(lambda: content.minimumSizeHint().width() <= viewport.width())


def test_every_control_has_a_name_for_a_screen_reader(shown: Shown) -> None:
    shown.show(experiment(LINE))
    controls = [
        widget
        for kind in (SpecField, Choice, NumberBox, QAbstractButton)
        for widget in shown.panel.findChildren(kind)
        if not isinstance(widget, SpecField)
    ]
    nameless = [
        widget
        for widget in controls
        if not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
    ]
    assert nameless == []


def test_live_settings_are_those_at_the_cursor(shown: Shown) -> None:
    run = {"changes": [{"at": 2, "set": {"optimizer.lr": 0.05, "stop.iterations": 7}}]}
    changing = experiment(runs=[run])
    lr = shown.panel.optimizer.fields[specs.LEARNING_RATE]
    for row, rate, iterations in [(0, 0.1, 1000), (3, 0.05, 7)]:
        settings: Settings = settings_at(changing, 0, row)
        shown.panel.show_experiment(changing, settings)
        assert lr.value == rate
        assert shown.panel.stop.fields["iterations"].value == iterations


# data -----------------------------------------------------------------------------------------


def test_a_tutorial_shows_its_data_and_hides_what_is_fixed(shown: Shown) -> None:
    data = shown.panel.data
    assert data.source.currentText() == "Tutorial 2 · Gradient descent step by step"
    assert data.about.text() == "100 points · y = 1 + 2·x + noise"
    assert data.parts.text() == "80 training · 20 validation"
    for field in (data.points, data.noise, data.outliers, data.seed):
        assert not field.isVisible()
        assert not field.label.isVisible()
    shown.show(preset("tutorial-3"))
    assert data.about.text() == "1,000 points · y = 2 − x1 + x2 + noise"
    assert data.parts.text() == "all 1,000 points for training"


def test_a_tutorial_can_be_chosen(shown: Shown) -> None:
    choose(shown.panel.data.source, "tutorial-4")
    assert shown.tutorials == ["tutorial-4"]
    assert shown.requests == []
    assert shown.panel.data.source.key == "tutorial-2"  # until the engine has it


def test_a_made_up_line_can_be_chosen(shown: Shown) -> None:
    choose(shown.panel.data.source, "line")
    line = LINE | {"n": 100, "noise": 0.1, "seed": 0, "outliers": 0.0}
    assert shown.requests == [({"data": line, "model.kind": "line", "loss.kind": "mse"}, "")]


@pytest.mark.parametrize("kind", get_args(SyntheticKind))
def test_another_kind_of_made_up_points_keeps_the_rest(shown: Shown, kind: SyntheticKind) -> None:
    data = shown.panel.data
    keys = {"n": 50, "noise": 0.3, "seed": 3, "outliers": 0.1}
    before = "tanh" if kind == "line" else "line"
    shown.show(experiment({"source": "synthetic", "kind": before, **keys}))
    choose(data.source, kind)
    ((values, merge),) = shown.requests
    wanted = {"source": "synthetic", "kind": kind, **keys}
    assert values == {"data": wanted} | natural_model(kind, "mse")
    assert merge == ""
    shown.show(experiment(values["data"]))
    assert data.source.key == kind
    assert data.about.text() == f"50 points · {RECIPES[kind].formula}"
    for field in (data.points, data.noise, data.outliers, data.seed):
        assert field.isVisible()
    assert len(shown.requests) == 1


def test_every_kind_of_made_up_points_has_its_own_name(shown: Shown) -> None:
    source = shown.panel.data.source
    names = [source.itemText(source.findData(kind)) for kind in get_args(SyntheticKind)]
    assert names[0] == "Made-up line"
    assert all(names)
    assert len(set(names)) == len(names)


def test_made_up_points_of_other_features_drop_the_factors(shown: Shown) -> None:
    plane = {"source": "synthetic", "kind": "two-features"}
    shown.show(experiment(plane, features={"scale": [1, 10]}))
    type_into(shown.panel.data.noise.box, "0.5")
    choose(shown.panel.data.source, "sine")
    assert "features.scale" not in shown.requests[0][0]
    assert shown.requests[1][0]["features.scale"] == 1.0


def test_a_made_up_line_drops_the_factors_of_other_features(shown: Shown) -> None:
    shown.show(
        experiment({"source": "tutorial", "name": "tutorial-3"}, features={"scale": [1, 10]})
    )
    data = shown.panel.data
    assert data.factors.text() == "Feature factor: 1 · 10"
    assert not data.factor.isVisible()
    choose(data.source, "line")
    assert shown.requests[0][0]["features.scale"] == 1.0


def test_a_table_can_be_asked_for(shown: Shown) -> None:
    choose(shown.panel.data.source, "open")
    choose(shown.panel.data.source, "open")
    assert shown.tables_wanted == 2
    assert shown.panel.data.source.key == "tutorial-2"


def test_made_up_points_are_edited_as_a_whole(shown: Shown) -> None:
    shown.show(experiment(LINE | {"n": 50, "noise": 0.3, "seed": 3, "outliers": 0.1}))
    data = shown.panel.data
    type_into(data.points.box, "200")
    type_into(data.noise.box, "0,5")
    type_into(data.outliers.box, "0")
    type_into(data.seed.box, "8")
    last = LINE | {"n": 200, "noise": 0.5, "seed": 8, "outliers": 0.0}
    assert [values["data"]["n"] for values, _ in shown.requests] == [200] * 4
    assert shown.requests[-1] == ({"data": last}, "")
    made = experiment(shown.requests[-1][0]["data"])
    assert shown.show(made).problem.dataset.train.n == 200


def test_a_new_seed_is_another_one(shown: Shown) -> None:
    shown.show(experiment(LINE | {"seed": 3}))
    QTest.mouseClick(shown.panel.data.seed.button, LEFT)
    seed = shown.requests[0][0]["data"]["seed"]
    assert seed != 3
    assert 0 <= seed < SEEDS
    assert all(another_seed(2) != 2 for _ in range(100))


def test_a_drag_asks_all_along_with_one_key(shown: Shown) -> None:
    shown.show(experiment(LINE))
    drag(shown.panel.data.noise, 5, 15, 25)
    drag(shown.panel.data.noise, 5, 10)
    merges = [merge for _, merge in shown.requests]
    assert merges == ["data.noise#1"] * 3 + ["data.noise#2"] * 2
    noises = [values["data"]["noise"] for values, _ in shown.requests]
    assert noises == sorted(noises)


def test_the_training_share_is_asked_for(shown: Shown) -> None:
    type_into(shown.panel.data.share.box, "0.6")
    assert shown.requests == [({"split.train": 0.6}, "")]


def test_the_split_can_be_shuffled_with_a_seed(shown: Shown) -> None:
    data = shown.panel.data
    assert not data.split_seed.isVisible()
    check(data.shuffle)
    shown.show(experiment(split={"train": 0.8, "seed": 0}))
    assert data.split_seed.isVisible()
    type_into(data.split_seed.box, "5")
    QTest.mouseClick(data.split_seed.button, LEFT)
    check(data.shuffle)
    asked = [values["split.seed"] for values, _ in shown.requests]
    assert asked[:2] == [0, 5]
    assert asked[2] not in (None, 5)
    assert asked[3] is None


def test_scaling_is_asked_for(shown: Shown) -> None:
    type_into(shown.panel.data.factor.box, "10")
    check(shown.panel.data.standardise)
    assert shown.requests == [({"features.scale": 10.0}, ""), ({"features.standardise": True}, "")]


def test_a_narrow_valley_can_be_cured_with_one_click(shown: Shown) -> None:
    data = shown.panel.data
    assert not data.valley.isVisible()
    shown.show(experiment(**NARROW))
    # κ of tutorial 2 with the feature × 10, from the design's notes: 112
    assert data.valley_text.text() == "κ = 112: the valley is narrow"
    QTest.mouseClick(data.cure, LEFT)
    assert shown.requests == [({"features.standardise": True}, "")]
    shown.show(experiment(features={"scale": 10.0, "standardise": True}))
    assert not data.valley.isVisible()


def test_a_flat_valley_is_called_flat(shown: Shown) -> None:
    points = {"source": "points", "x": [2.0, 2.0, 2.0], "y": [1.0, 2.0, 4.0]}
    shown.show(experiment(points))
    data = shown.panel.data
    assert data.valley_text.text() == "κ = ∞: the valley is flat along one direction"
    assert not data.cure.isVisible()
    assert data.source.currentText() == "Points of this experiment"
    assert data.about.text() == "3 points · x → y"


def test_a_narrow_valley_that_is_standardised_offers_nothing(shown: Shown) -> None:
    # two features that are nearly the same: scaling each for itself does not part them
    rows = [[1.0, 1.0], [2.0, 2.001], [3.0, 3.0], [4.0, 4.002]]
    points = {"source": "points", "x": rows, "y": [1.0, 2.0, 3.0, 5.0]}
    shown.show(experiment(points, features={"standardise": True}))
    assert shown.panel.data.valley.isVisible()
    assert not shown.panel.data.cure.isVisible()


def test_a_file_is_among_the_sources(shown: Shown, tmp_path: Any) -> None:
    path = tmp_path / "cars.csv"
    path.write_text("speed,distance\n4,2\n7,4\n8,16\n", encoding="utf-8")
    shown.show(experiment({"source": "file", "path": str(path), "x": ["speed"], "y": "distance"}))
    data = shown.panel.data
    assert data.source.currentText() == "cars.csv"
    assert data.about.text() == "3 points · speed → distance"
    shown.show(preset("tutorial-1"))
    assert data.source.findText("cars.csv") == -1


# model ----------------------------------------------------------------------------------------


def test_the_loss_can_be_chosen(shown: Shown) -> None:
    model = shown.panel.model
    models = [model.model.itemData(i) for i in range(model.model.count())]
    assert models == ["line", "logistic", "tanh", "sine"]
    choose(model.loss, "half_mse")
    assert shown.requests == [({"loss.kind": "half_mse"}, "")]
    shown.show(preset("tutorial-3"))
    assert model.loss.key == "half_mse"


def test_a_model_brings_the_loss_that_suits_it(shown: Shown) -> None:
    model = shown.panel.model
    choose(model.model, "logistic")
    choose(model.model, "tanh")  # the squared error that is shown suits it
    assert shown.requests == [
        ({"model.kind": "logistic", "loss.kind": "log_loss"}, ""),
        ({"model.kind": "tanh"}, ""),
    ]


def test_each_model_offers_its_losses_and_says_its_formula(shown: Shown) -> None:
    model = shown.panel.model
    labels = {"source": "points", "x": [0, 1, 2, 3], "y": [0, 1, 0, 1]}
    shown.show(experiment(labels, model={"kind": "logistic"}))
    assert model.loss.key == "log_loss"
    assert "σ(b + w·x)" in model.formula.text()
    shown.show(experiment(model={"kind": "sine"}))
    assert model.loss.findData("log_loss") == -1
    assert model.formula.text() == "ŷ = sin(b + w·x)"


def test_only_the_settings_that_act_are_shown(shown: Shown) -> None:
    model = shown.panel.model
    assert not model.delta.isVisible()
    assert not model.l2.isVisible()
    shown.show(experiment(loss={"kind": "huber", "delta": 0.5}))
    assert model.delta.isVisible()
    assert model.delta.box.value == 0.5
    type_into(model.delta.box, "0.25")
    shown.show(experiment(loss={"kind": "mae", "l1": 0.125}))  # a penalty is never hidden
    assert not model.delta.isVisible()
    assert model.l1.isVisible()
    assert (model.l1.box.value, model.l2.box.value) == (0.125, 0)
    assert [values for values, _ in shown.requests] == [{"loss.delta": 0.25}]


# start ----------------------------------------------------------------------------------------


def test_the_start_shows_row_0(shown: Shown) -> None:
    start = shown.panel.start
    assert "/".join(start.names) == "b/w"
    # RandomState(42).randn(2), as the tutorial prints it
    assert [box.lineEdit().text() for box in start.boxes] == ["0.4967", "−0.1383"]
    assert start.kind.currentText() == "As in the tutorial"
    shown.show(preset("tutorial-3"), rows=2)
    assert "/".join(start.names) == "b/w1/w2"
    assert start.boxes[0].value == 0.0
    assert start.hint.text() == "or click the loss surface"


def test_a_typed_start_keeps_the_other_numbers(shown: Shown) -> None:
    snapshot = snapshot_of(preset("tutorial-2"))
    type_into(shown.panel.start.boxes[1], "-2,5")
    b = float(snapshot.rows.params[0, 0])
    assert shown.requests == [({"start": {"kind": "values", "values": [b, -2.5]}}, "")]


def test_the_kind_of_start_can_be_chosen(shown: Shown) -> None:
    start = shown.panel.start
    choose(start.kind, "zeros")
    choose(start.kind, "random")
    choose(start.kind, "own")
    asked = [values["start"] for values, _ in shown.requests]
    assert asked == [
        {"kind": "zeros"},
        {"kind": "random", "seed": 0, "scale": 1.0},
        {"kind": "own"},
    ]
    choose(start.kind, "values")
    assert shown.requests[-1][0]["start"]["kind"] == "values"


def test_other_data_have_no_start_of_their_own(shown: Shown) -> None:
    shown.show(experiment(LINE))
    assert shown.panel.start.kind.findData("own") == -1
    assert shown.panel.start.kind.key == "zeros"


def test_a_random_start_has_a_seed_and_a_spread(shown: Shown) -> None:
    start = shown.panel.start
    assert not start.seed.isVisible()
    QTest.mouseClick(start.random, LEFT)
    drawn = shown.requests[0][0]["start"]
    assert drawn["kind"] == "random"
    assert drawn["seed"] != 0
    random = experiment(runs=[{"start": {"kind": "random", "seed": 4, "scale": 2.0}}])
    snapshot = shown.show(random)
    assert [box.value for box in start.boxes] == snapshot.rows.params[:, 0].tolist()
    assert start.seed.isVisible()
    type_into(start.seed.box, "9")
    type_into(start.spread.box, "0.5")
    assert shown.requests[-1][0]["start"] == {"kind": "random", "seed": 9, "scale": 0.5}


def test_a_start_that_is_no_number_is_refused(shown: Shown) -> None:
    box = shown.panel.start.boxes[0]
    type_into(box, "east")
    assert shown.requests == []
    assert box.refusal == "“east” is not a number."
    assert "east" in box.toolTip()
    fault, other = shown.panel.start.fault, shown.panel.start.boxes[1]
    assert fault.isVisible()
    assert fault.text() == box.refusal
    type_into(other, "west")
    type_into(box, "1")
    assert fault.text() == other.refusal == "“west” is not a number."
    type_into(other, "2")
    assert not fault.isVisible()


# optimizer ------------------------------------------------------------------------------------


def follow(shown: Shown, link: str) -> None:
    """Go through the links under the rate with the tab key and follow the one that is meant."""
    rates = shown.panel.optimizer.rates
    shown.panel.optimizer.fields[specs.LEARNING_RATE].box.setFocus()
    QTest.keyClick(shown.panel.focusWidget(), Qt.Key.Key_Tab)
    assert rates.hasFocus()
    for _ in range(2 if link == "limit" else 1):
        QTest.keyClick(rates, Qt.Key.Key_Tab)
    QTest.keyClick(rates, Qt.Key.Key_Return)


def test_the_rates_that_the_surface_suggests(shown: Shown) -> None:
    text = shown.panel.optimizer.rates.text()
    # tutorial 2: best 0.7593, limit 0.8055, κ 16.4, from the design's notes
    for part in (">0.7593<", ">0.8055<", "κ&nbsp;16.4"):
        assert part in text


def test_the_fastest_rate_can_be_taken(shown: Shown) -> None:
    follow(shown, "best")
    curvature = snapshot_of(preset("tutorial-2")).problem.curvature
    assert curvature is not None
    best = curvature.best_rate
    assert shown.requests == [({"optimizer.lr": best}, "")]


def test_a_rate_just_below_the_limit_can_be_taken(shown: Shown) -> None:
    follow(shown, "limit")
    assert shown.requests == [({"optimizer.lr": 0.805}, "")]


def test_a_rate_can_be_taken_with_the_mouse(shown: Shown) -> None:
    rates = shown.panel.optimizer.rates
    for x in range(0, rates.width(), 4):
        QTest.mouseClick(rates, LEFT, pos=QPoint(x, rates.height() // 2))
    taken = {values["optimizer.lr"] for values, _ in shown.requests}
    curvature = snapshot_of(preset("tutorial-2")).problem.curvature
    assert curvature is not None
    best = curvature.best_rate
    assert taken == {best, 0.805}


@pytest.mark.parametrize(
    ("limit", "rate"), [(0.8055, 0.805), (1.0, 0.999), (0.3, 0.299), (0.030849, 0.0308)]
)
def test_just_below_a_limit_is_below_it(limit: float, rate: float) -> None:
    assert just_below(limit) == rate


def test_a_rate_at_the_limit_is_called_unstable(shown: Shown) -> None:
    optimizer = shown.panel.optimizer
    assert not optimizer.warning.isVisible()
    shown.show(experiment(**UNSTABLE))
    assert optimizer.warning.isVisible()
    assert optimizer.badge.text() == "unstable"
    assert optimizer.reason.text().startswith("Above 0.8055 every step ")
    limit = snapshot_of(preset("tutorial-2")).run.stability_limit
    at_limit: dict[str, Any] = {"runs": [{"optimizer": {"kind": "gd", "lr": limit}}]}
    shown.show(experiment(**at_limit))
    assert optimizer.warning.isVisible()
    shown.show(experiment(runs=[{"optimizer": {"kind": "gd", "lr": 0.8}}]))
    assert not optimizer.warning.isVisible()


def test_an_adaptive_method_has_no_limit(shown: Shown) -> None:
    shown.show(experiment(runs=[{"optimizer": {"kind": "adam", "lr": 5.0}}]))
    optimizer = shown.panel.optimizer
    assert optimizer.rates.text() == "κ&nbsp;16.4"
    assert not optimizer.warning.isVisible()


def test_momentum_has_a_limit_of_its_own(shown: Shown) -> None:
    shown.show(experiment(runs=[{"optimizer": {"kind": "momentum", "lr": 0.1}}]))
    text = shown.panel.optimizer.rates.text()
    # 2(1 + μ)/λmax = 0.8055 · 1.9
    assert ">1.53<" in text
    assert "best" not in text


@pytest.mark.parametrize(
    ("kind", "visible", "folded"),
    [
        ("gd", {"η"}, {"λ"}),
        ("momentum", {"η", "μ"}, {"λ"}),
        ("adam", {"η", "β₁", "β₂"}, {"ε", "λ"}),
    ],
)
def test_a_method_shows_its_settings(
    shown: Shown, kind: str, visible: set[str], folded: set[str]
) -> None:
    shown.show(experiment(runs=[{"optimizer": {"kind": kind}}]))
    optimizer = shown.panel.optimizer

    def symbols() -> set[str]:
        return {spec.symbol for spec, field in optimizer.fields.items() if field.isVisible()}

    assert symbols() == visible
    QTest.mouseClick(optimizer.more, LEFT)
    assert symbols() == visible | folded


def test_a_method_can_be_chosen(shown: Shown) -> None:
    choose(shown.panel.optimizer.method, "adam")
    assert shown.requests == [({"optimizer.kind": "adam"}, "")]


def test_settings_that_share_a_key_are_asked_for_together(shown: Shown) -> None:
    adam = experiment(runs=[{"optimizer": {"kind": "adam", "betas": [0.8, 0.99]}}])
    shown.show(adam)
    fields = shown.panel.optimizer.fields
    type_into(fields[specs.BETA_1].box, "0.7")
    type_into(fields[specs.BETA_2].box, "0.95")
    assert shown.requests == [
        ({"optimizer.betas": [0.7, 0.99]}, ""),
        ({"optimizer.betas": [0.7, 0.95]}, ""),
    ]


def test_a_drag_of_the_rate_has_one_key(shown: Shown) -> None:
    lr = shown.panel.optimizer.fields[specs.LEARNING_RATE]
    drag(lr, 4, 8)
    type_into(lr.box, "0.5")
    drag(lr, -4)
    merges = [merge for _, merge in shown.requests]
    assert merges == ["optimizer.lr#1", "optimizer.lr#1", "", "optimizer.lr#2"]
    assert all(list(values) == ["optimizer.lr"] for values, _ in shown.requests)


# stop -----------------------------------------------------------------------------------------


def test_stops_are_asked_for(shown: Shown) -> None:
    fields = shown.panel.stop.fields
    type_into(fields["iterations"].box, "1e4")
    gradient = fields["gradient_norm"]
    assert gradient.switch is not None
    check(gradient.switch)
    type_into(gradient.box, "1e-8")
    check(gradient.switch)
    asked = [values for values, _ in shown.requests]
    assert asked == [
        {"stop.iterations": 10_000},
        {"stop.gradient_norm": 1e-6},
        {"stop.gradient_norm": 1e-8},
        {"stop.gradient_norm": None},
    ]
    assert isinstance(asked[0]["stop.iterations"], int)


# frames ---------------------------------------------------------------------------------------


def test_a_frame_that_changes_nothing_touches_no_widget(shown: Shown) -> None:
    snapshot = snapshot_of(preset("tutorial-2"), rows=5)
    shown.panel.draw(snapshot)
    for _ in range(5):
        QApplication.processEvents()
    painted = []

    class Watcher(QWidget):
        def eventFilter(self, watched: Any, event: Any) -> bool:
            if event.type() in (event.Type.Paint, event.Type.UpdateRequest):
                painted.append(watched)
            return False

    watcher = Watcher()
    for child in shown.panel.findChildren(QWidget):
        child.installEventFilter(watcher)
    for _ in range(10):
        shown.panel.draw(snapshot)
    QApplication.processEvents()
    assert painted == []
    watcher.deleteLater()


OWN: dict[str, Any] = {
    "runs": [
        {"name": "common"},
        {"name": "robust", "loss": {"kind": "huber", "delta": 0.25, "l2": 0.5}},
    ]
}


def test_the_loss_is_that_of_the_selected_run(shown: Shown) -> None:
    asked = experiment(**OWN)
    model = shown.panel.model
    shown.show(asked)
    assert model.loss.key == "mse"
    assert model.own.isVisible()
    assert not model.own.isChecked()
    shown.panel.show_experiment(asked, settings_at(asked, 1, 0), 1)
    assert model.loss.key == "huber"
    assert model.delta.value == 0.25
    assert model.l2.value == 0.5
    assert model.own.isChecked()
    shown.panel.show_experiment(asked, settings_at(asked, 0, 0), 0)
    assert model.loss.key == "mse"
    assert not model.own.isChecked()
    shown.show(experiment())
    assert not model.own.isVisible()  # there is no other run


def test_another_model_asks_for_the_loss_of_all_runs_that_have_none(shown: Shown) -> None:
    classes = {"source": "synthetic", "kind": "two-classes"}
    runs = [{"name": "own", "loss": {"kind": "mse"}}]
    asked = experiment(classes, model={"kind": "logistic"}, runs=runs)
    shown.show(asked)
    shown.panel.model.model.chosen.emit("line")
    assert shown.requests == [({"model.kind": "line", "loss.kind": "mse"}, "")]
