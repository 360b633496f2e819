"""The window: composition only. Widgets ask, the session answers, views draw what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import QByteArray, QEvent, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from engine.experiment import MOST_RUNS, Experiment, FileData, Settings
from engine.live.session import Session
from engine.live.snapshot import Snapshot
from engine.messages import QT_TRANSLATE_NOOP, InputError, Message
from engine.problem.surface import Frame
from gui import style
from gui.actions import Actions
from gui.comparisons import COMPARISONS
from gui.controls.panel import ControlsPanel
from gui.documents import Documents
from gui.i18n import set_language
from gui.notice import Notice
from gui.numbers_panel import NumbersPanel
from gui.panels import CONDITIONING, PANELS
from gui.run_looks import RunLooks
from gui.settings import (
    LanguageSetting,
    LossAxis,
    ThemeSetting,
    resolved_language,
    save_settings,
)
from gui.settings import Settings as WindowSettings
from gui.text import translate, tutorial_title
from gui.transport import Transport
from gui.turns import Paced
from gui.views.fit import FitView
from gui.views.loss import LossView
from gui.views.surface import SurfaceView
from gui.workspace import Workspace

SMALLEST = (1000, 650)
FIRST_SIZE = (1440, 900)
TRANSPORT_MS = 33
"""Milliseconds for which the iteration's number stays while a run plays: nobody reads faster."""

FRAME_ROOM = (16, 48)
"""Pixels left for the frame and the title, whose size is not known before the window is shown."""


class MainWindow(QMainWindow):
    """Descent Lab.

    Parameters
    ----------
    settings
        What was remembered; a language or theme of the command line comes in here too.
    remember
        Whether closing writes the settings back.
    """

    def __init__(self, settings: WindowSettings, remember: bool = True) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("main_window")
        self._settings = settings
        self._remember = remember
        self._shown_experiment: Experiment | None = None
        self._shown_settings: Settings | None = None
        self._shown_run = 0
        self._looks, self._looks_belong_to = RunLooks(), 0
        self._looks_before: dict[int, RunLooks] = {}  # of other experiments: undo leads to them
        self._placed: tuple[object, ...] = ()
        self._places: tuple[int, ...] = ()
        self._readers: list[Any] = []  # of the experiment, among the panels
        self._drawn: Snapshot | None = None
        self.session = Session(self)
        self.documents = Documents(self.session, self)
        self._build()
        self._actions = Actions(self, self.menuBar(), self._handlers(), _text_of_action)
        self._connect()
        self._restore()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()  # not the first control, which would keep the space bar to itself

    # building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.controls = ControlsPanel()
        self.workspace = Workspace(self.controls)
        self.workspace.panel_made.connect(self._on_panel_made)
        self.fit = self.workspace.panel("fit", FitView)
        self.surface = self.workspace.panel("surface", SurfaceView)
        self.loss = self.workspace.panel("loss", LossView)
        self.numbers = self.workspace.panel("numbers", NumbersPanel)
        self.transport = Transport()
        self._paced_transport = Paced(self.transport.draw, TRANSPORT_MS, self)
        self.notice = Notice()
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(self.workspace, 1)
        layout.addWidget(self.transport)
        self.setCentralWidget(centre)
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        documents, session, workspace = self.documents, self.session, self.workspace
        handlers: dict[str, Callable[[], object]] = {
            "open": documents.ask_for_experiment,
            "open_data": documents.ask_for_table,
            "save": documents.save,
            "save_as": documents.save_as,
            "save_picture": self.ask_for_picture,
            "quit": self.close,
            "undo": session.undo,
            "redo": session.redo,
            "copy_numbers": self._copy_numbers,
            "toggle": session.toggle,
            "forward": partial(session.step, 1),
            "back": partial(session.step, -1),
            "start": partial(session.seek, 0),
            "end": session.run_to_end,
            "reframe": self.surface.reframe,
            "log_loss": self._toggle_log_loss,
            "add_run": self._add_run,
            "remove_run": self._remove_selected_run,
            "previous_run": partial(self._select_beside, -1),
            "next_run": partial(self._select_beside, 1),
            "enlarge": workspace.toggle_enlarged_one,
            "right_column": workspace.toggle_right_column,
            "default_panels": workspace.restore_default,
            "about": self.show_about,
        }
        for panel in PANELS:
            handlers[panel.action] = partial(workspace.toggle_panel, panel.key)
        for key in COMPARISONS:
            handlers[f"compare_{key}"] = partial(self._compare, key)
        for number in range(1, 6):
            name = f"tutorial-{number}"
            handlers[name] = partial(documents.choose_tutorial, name)
        for sample in ("hubble", "cars"):
            handlers[sample] = partial(documents.choose_sample, sample)
        for theme in get_args(ThemeSetting):
            handlers[f"theme_{theme}"] = partial(self.set_theme, theme)
        for language in get_args(LanguageSetting):
            handlers[f"language_{language}"] = partial(self.set_language, language)
        return handlers

    def _connect(self) -> None:
        session, transport, controls = self.session, self.transport, self.controls
        session.snapshot_ready.connect(self._on_snapshot)
        session.wait_for(self.workspace.is_drawing)
        session.experiment_changed.connect(self._on_experiment)
        session.undo_changed.connect(self._on_undo_changed)
        session.failed.connect(self.notice.say)
        session.experiment_changed.connect(self.notice.clear)
        self.documents.failed.connect(self.notice.say)
        self.documents.changed.connect(self._show_title)
        self.documents.file_used.connect(self._on_file_used)
        transport.play_requested.connect(session.play)
        transport.pause_requested.connect(session.pause)
        transport.step_requested.connect(session.step)
        transport.seek_requested.connect(session.seek)
        transport.end_requested.connect(session.run_to_end)
        transport.speed_changed.connect(self._on_speed)
        controls.requested.connect(self._on_requested)
        controls.own_loss_asked.connect(self._on_own_loss_asked)
        controls.tutorial_chosen.connect(self.documents.choose_tutorial)
        controls.open_table_requested.connect(self.documents.ask_for_table)
        self.workspace.arranged.connect(self._on_arranged)
        self._actions.menu("recent").aboutToShow.connect(self._fill_recent)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme)

    def _restore(self) -> None:
        settings = self._settings
        self.resize(*_fitting(FIRST_SIZE))
        if settings.geometry:
            self.restoreGeometry(QByteArray(settings.geometry))
        self.workspace.restore(settings.arrangement)
        self.documents.folder = settings.folder
        self.transport.set_speed(settings.speed)
        self.session.set_speed(settings.speed)
        self.loss.log_scale = settings.log_loss
        self.loss.set_axis(settings.loss_axis)
        self._actions["log_loss"].setChecked(settings.log_loss)
        self._show_theme()
        self._actions[f"theme_{settings.theme}"].setChecked(True)
        self._actions[f"language_{settings.language}"].setChecked(True)
        self._on_undo_changed()

    # what came from the engine -----------------------------------------------------------

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._drawn is None or snapshot.problem is not self._drawn.problem:
            self.controls.show_problem(snapshot.problem)
        self._drawn = snapshot
        self._show_settings()
        self._on_looks(self._looks.with_places(self._places_of(snapshot)))
        self.workspace.draw(snapshot)
        self._paced_transport.show(snapshot, at_once=not snapshot.playing)
        self.controls.draw(snapshot)

    @Slot(object)
    def _on_experiment(self, experiment: Experiment) -> None:
        self._shown_experiment = None
        self._show_settings()
        self._show_title()
        self._show_runs(experiment)

    def _show_runs(self, experiment: Experiment) -> None:
        """Let the looks follow the runs, and show the list of them when there are several."""
        were_alone, are_several = len(self._looks.names) < 2, len(experiment.runs) > 1
        self._on_looks(self._looks_kept().following([run.name for run in experiment.runs]))
        if were_alone and are_several and not self.workspace.is_shown("runs"):
            self.workspace.offer_panel("runs")
        self._actions["remove_run"].setEnabled(are_several)
        self._actions["add_run"].setEnabled(len(experiment.runs) < MOST_RUNS)
        for key in ("previous_run", "next_run"):
            self._actions[key].setEnabled(are_several)

    def _looks_kept(self) -> RunLooks:
        """The looks that the runs of the opened experiment had so far; none if it is a new one."""
        identity = self.session.identity
        if identity == self._looks_belong_to:
            return self._looks
        self._looks_before[self._looks_belong_to] = self._looks
        self._looks_belong_to = identity
        return self._looks_before.get(identity, RunLooks())

    def _places_of(self, snapshot: Snapshot) -> tuple[int, ...]:
        """Where runs that differ in nothing but their starts have ended; empty for others."""
        if len(snapshot.runs) < 2 or any(run.ended is None for run in snapshot.runs):
            return ()
        token = (snapshot.generation, self.session.experiment)
        if self._placed != token:
            self._placed, self._places = token, ()
            experiment = self.session.experiment
            if experiment is not None and experiment.differs_in_starts:
                from engine.descent.results import minima

                rows = [run.rows.params for run in snapshot.runs]
                self._places = minima([each[:, 0] for each in rows], [each[:, -1] for each in rows])
        return self._places

    @Slot(object)
    def _on_looks(self, looks: RunLooks) -> None:
        """Draw the runs that are to be shown."""
        if looks is not self._looks:
            self._looks = looks
            self.workspace.set_looks(looks)

    def _show_settings(self) -> None:
        """Let the controls show the settings that hold at the cursor."""
        experiment, settings = self.session.experiment, self.session.settings
        selected = self.session.selected
        if experiment is None or settings is None:
            return
        is_same_run = settings is self._shown_settings and selected == self._shown_run
        if experiment is self._shown_experiment and is_same_run:
            return
        self._shown_experiment, self._shown_settings = experiment, settings
        self._shown_run = selected
        for reader in (self.controls, *self._readers):
            reader.show_experiment(experiment, settings, selected)

    @Slot()
    def _on_undo_changed(self) -> None:
        self._actions["undo"].setEnabled(self.session.can_undo)
        self._actions["redo"].setEnabled(self.session.can_redo)
        self._show_title()

    @Slot(QWidget)
    def _on_panel_made(self, panel: QWidget) -> None:
        """Connect the signals of a panel that the window knows by their names."""
        known = {
            "requested": self._on_requested,  # (dict, str): as the controls' signal
            "start_chosen": self._on_start_chosen,  # (object): parameters
            "cursor_chosen": self.session.seek,  # (int): a row
            "question_raised": self.session.analyst.ask,  # (object): a question
            "select_requested": self.session.select,  # (int): a run
            "add_requested": self._add_run,  # (): a copy of the selected run
            "remove_requested": self._remove_run,  # (int): a run
            "rename_requested": self._rename_run,  # (int, str): a run, its name
            "compare_requested": self._compare,  # (str): a key of COMPARISONS
            "looks_changed": self._on_looks,  # (object): RunLooks
            "log_scale_chosen": self._set_log_loss,  # (bool)
            "axis_chosen": self._on_loss_axis,  # (str): a LossAxis
        }
        for name, slot in known.items():
            signal = getattr(panel, name, None)
            if signal is not None:
                signal.connect(slot)
        if hasattr(panel, "take_answer"):
            self.session.analyst.answered.connect(panel.take_answer)
        if hasattr(panel, "show_experiment"):
            self._readers.append(panel)
            self._shown_experiment = None
            self._show_settings()
        if hasattr(panel, "show_frame"):  # it looks at what the map from above looks at
            panel.show_frame(self.surface.axes, self.surface.chosen_frame)
            self.surface.frame_chosen.connect(panel.show_frame)
        if hasattr(panel, "couple"):  # it cuts through the loss along lines over that map
            panel.couple(self.surface)
        if hasattr(panel, "set_looks"):
            panel.set_looks(self._looks)

    @Slot()
    def _on_arranged(self) -> None:
        """Let the menu say what is shown."""
        workspace = self.workspace
        for panel in PANELS:
            self._actions[panel.action].setChecked(workspace.is_shown(panel.key))
        self.surface.accompany_directions(workspace.is_on_screen(CONDITIONING))
        self._actions["enlarge"].setChecked(bool(workspace.enlarged))
        self._actions["right_column"].setChecked(workspace.has_right_column)

    # what the user asked for -------------------------------------------------------------

    @Slot(dict, str)
    def _on_requested(self, values: dict[str, object], merge: str) -> None:
        self._ask_session(partial(self.session.apply, values, merge))

    @Slot(bool)
    def _on_own_loss_asked(self, own: bool) -> None:
        self._ask_session(partial(self.session.set_own_loss, own))

    @Slot(object)
    def _on_start_chosen(self, values: object) -> None:
        self._on_requested({"start": {"kind": "values", "values": values}}, "")

    @Slot(object)
    def _on_speed(self, speed: float | None) -> None:
        self._settings = replace(self._settings, speed=speed)
        self.session.set_speed(speed)

    @Slot()
    def _add_run(self) -> None:
        self._ask_session(self.session.add_run)

    @Slot(int)
    def _remove_run(self, index: int) -> None:
        self._ask_session(partial(self.session.remove_run, index))

    def _remove_selected_run(self) -> None:
        self._remove_run(self.session.selected)

    @Slot(int, str)
    def _rename_run(self, index: int, name: str) -> None:
        self._ask_session(partial(self.session.rename_run, index, name))

    def _select_beside(self, step: int) -> None:
        """Select the run before or behind the selected one, around the ends."""
        count = len(self._looks.names)
        self.session.select((self.session.selected + step) % max(count, 1))

    @Slot(str)
    def _compare(self, kind: str) -> None:
        self._ask_session(partial(self._set_compared_runs, kind))

    def _set_compared_runs(self, kind: str) -> None:
        from engine.comparisons import compared

        session, surface = self.session, self.surface
        experiment, settings, snapshot = session.experiment, session.settings, session.snapshot
        if experiment is None or settings is None or snapshot is None:
            return
        plane = None
        if surface.isVisible():
            mapping = surface.mapping
            plane = Frame(mapping.x_range, mapping.y_range), surface.axes
        runs = compared(kind, experiment, session.selected, settings, snapshot.problem, plane)
        session.set_runs(runs)

    def _ask_session(self, ask: Callable[[], None]) -> None:
        """Ask for an edit, and say why where it cannot be done."""
        try:
            ask()
        except InputError as error:
            self.notice.say(error.message)
            self._shown_experiment = None  # the controls show again what still holds
            self._show_settings()

    def set_theme(self, theme: ThemeSetting) -> None:
        """``system``, ``light`` or ``dark``, from now on."""
        self._settings = replace(self._settings, theme=theme)
        self._actions[f"theme_{theme}"].setChecked(True)
        self._show_theme()

    def set_language(self, language: LanguageSetting) -> None:
        """``system``, ``en`` or ``zh_CN``, from now on."""
        self._settings = replace(self._settings, language=language)
        self._actions[f"language_{language}"].setChecked(True)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        set_language(app, resolved_language(self._settings.language))

    def save_picture(self, path: Path) -> bool:
        """Save a PNG of the window at twice its resolution; returns whether it is saved."""
        ratio = 2.0 if self.devicePixelRatioF() < 2 else self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        with self.workspace.at_ratio(ratio):
            self.render(picture)
        if picture.save(str(path), "PNG"):
            return True
        text = QT_TRANSLATE_NOOP("Message", "Cannot write the picture {path}.")
        self.notice.say(Message(text, {"path": path}))
        return False

    def ask_for_picture(self) -> None:
        """Ask where a picture of the window should go and save it."""
        path = self.documents.ask_for_picture()
        if path is not None:
            self.save_picture(path)

    def show_about(self) -> None:
        """Help ▸ About."""
        from gui.dialogs.about import AboutDialog

        dialog = AboutDialog(self)
        dialog.exec()
        dialog.deleteLater()

    def _copy_numbers(self) -> None:
        """Put the numbers of the row on the clipboard, also while they are hidden."""
        if self.session.snapshot is not None:
            self.numbers.draw(self.session.snapshot)
        self.numbers.copy_numbers()

    def _toggle_log_loss(self) -> None:
        self._set_log_loss(self._actions["log_loss"].isChecked())

    @Slot(bool)
    def _set_log_loss(self, on: bool) -> None:
        self._settings = replace(self._settings, log_loss=on)
        self._actions["log_loss"].setChecked(on)
        self.loss.log_scale = on

    @Slot(str)
    def _on_loss_axis(self, axis: LossAxis) -> None:
        self._settings = replace(self._settings, loss_axis=axis)

    @Slot(str)
    def _on_file_used(self, path: str) -> None:
        self._settings = self._settings.with_file(Path(path))
        self.documents.folder = self._settings.folder

    @Slot()
    def _fill_recent(self) -> None:
        menu = self._actions.menu("recent")
        menu.clear()
        for path in self._settings.recent_files():
            action = QAction(path.name, menu, toolTip=str(path))
            action.triggered.connect(partial(self._open_recent, str(path)))
            menu.addAction(action)
        if menu.isEmpty():
            menu.addAction(self.tr("Nothing yet")).setEnabled(False)

    def _open_recent(self, path: str, _checked: bool = False) -> None:
        self.documents.open_path(path)

    # appearance --------------------------------------------------------------------------

    @Slot()
    def _on_system_scheme(self) -> None:
        if self._settings.theme == "system":
            self._show_theme()

    def _show_theme(self) -> None:
        chosen = {"light": style.LIGHT, "dark": style.DARK}.get(self._settings.theme)
        theme = chosen or style.system_theme()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        style.apply_theme(app, theme)
        self.workspace.set_theme(theme)
        self.transport.set_icon_colour(theme.text)

    @Slot()
    def _show_title(self) -> None:
        path, experiment = self.documents.path, self.session.experiment
        if path is not None:
            name = path.stem
        elif experiment is not None and experiment.title:
            name = translate("Tutorial", experiment.title)
        elif experiment is not None and isinstance(experiment.data, FileData):
            name = experiment.data.name
        else:
            name = self.tr("Untitled")
        self.setWindowTitle(f"{name}[*] — Descent Lab")
        self.setWindowModified(self.session.is_modified)

    # Qt's own ----------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_actions"):
            self._actions.retranslate()
            self._show_title()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_go_on():
            event.ignore()
            return
        if self._remember:
            geometry = bytes(self.saveGeometry().data())
            arrangement = self.workspace.arrangement()
            save_settings(replace(self._settings, geometry=geometry, arrangement=arrangement))
        self.session.close()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.workspace.enlarged:
            self.workspace.shrink()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.documents.open_path(files[0])


def _text_of_action(key: str) -> str:
    """What the menu says for an action whose text stands in another table."""
    titles = {panel.action: panel.translated_title for panel in PANELS}
    return titles[key]() if key in titles else tutorial_title(key)


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """A size that fits the screen with the frame that the window system puts around it."""
    free = QGuiApplication.primaryScreen().availableGeometry()
    width, height = FRAME_ROOM
    return min(size[0], free.width() - width), min(size[1], free.height() - height)
