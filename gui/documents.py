"""Opening and saving: files, tables, tutorials, and what is asked before something is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QFileDialog, QMessageBox, QWidget

from engine.experiment import SAMPLE, FileData
from engine.files.experiments import load_experiment, preset, save_experiment
from engine.live.session import Session
from engine.messages import InputError

SAMPLES = {
    "hubble": ("hubble-1929.csv", "distance_Mpc", "velocity_km_per_s"),
    "cars": ("ezekiel-1930-cars.csv", "speed_mph", "distance_ft"),
}
"""Sample tables in ``resources/data``: file, feature, target."""

EXPERIMENT_SUFFIX = ".json"

MOST_WAIT_MS = 5000
"""How long saving may wait for what was just typed to take effect."""


class Documents(QObject):
    """What is open, where it is stored, and the ways to another.

    Signals
    -------
    failed(Message)
        A file could not be used; what was open stays.
    changed()
        The file that the experiment belongs to is another.
    file_used(str)
        A file was opened or saved: for the list of recent files.
    """

    failed = Signal(object)
    changed = Signal()
    file_used = Signal(str)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self.folder = ""
        session.opened.connect(self._on_opened)

    @property
    def path(self) -> Path | None:
        """The experiment file that is open; None for one that was never saved."""
        path = self._session.path
        return None if path is None else Path(path)

    # other experiments -------------------------------------------------------------------

    def choose_tutorial(self, name: str) -> None:
        """Go to a tutorial; undo comes back."""
        self._session.replace(preset(name))

    def choose_sample(self, key: str) -> None:
        """Go to a sample table; undo comes back."""
        file, x, y = SAMPLES[key]
        self._session.open_table(FileData(SAMPLE + file, (x,), y))

    def open_path(self, path: str) -> None:
        """Open a file: an experiment where it ends in .json, a table otherwise."""
        if Path(path).suffix.lower() == EXPERIMENT_SUFFIX:
            self.open_experiment(path)
        else:
            self.open_table(path)

    def open_experiment(self, path: str) -> None:
        """Open an experiment file, after asking about unsaved changes."""
        try:
            experiment = load_experiment(path)
        except InputError as error:
            self.failed.emit(error.message)
            return
        if self.may_go_on():
            self._session.open(experiment, str(Path(path).resolve()))

    def open_table(self, path: str) -> None:
        """Ask which columns of a table to fit, and fit them; undo comes back."""
        from engine.files.tables import table_at
        from gui.dialogs.open_data import OpenDataDialog

        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            table = table_at(path)
        except InputError as error:
            self.failed.emit(error.message)
            return
        finally:
            QApplication.restoreOverrideCursor()
        dialog = OpenDataDialog(table, self._window)
        if dialog.exec() and dialog.data is not None:
            self._session.open_table(dialog.data)
            self.file_used.emit(str(Path(path).resolve()))
        dialog.deleteLater()  # with the table that it holds

    @Slot()
    def ask_for_experiment(self) -> None:
        """Ask for an experiment file and open it."""
        pattern = self.tr("Experiments (*.json);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open experiment"), self.folder, pattern
        )
        if path:
            self.open_experiment(path)

    @Slot()
    def ask_for_table(self) -> None:
        """Ask for a table and open it."""
        pattern = self.tr("Tables (*.csv *.tsv *.txt *.dat);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open data"), self.folder, pattern
        )
        if path:
            self.open_table(path)

    # saving ------------------------------------------------------------------------------

    @Slot(result=bool)
    def save(self) -> bool:
        """Save to the file that is open, or ask for one; returns whether it is saved."""
        return self.save_as() if self.path is None else self.save_to(self.path)

    @Slot(result=bool)
    def save_as(self) -> bool:
        """Ask for a file and save to it; returns whether it is saved."""
        path = self._ask_where(
            self.tr("Save experiment"), EXPERIMENT_SUFFIX, self.tr("Experiments (*.json)")
        )
        return path is not None and self.save_to(path)

    def save_to(self, path: Path) -> bool:
        """Save to a file; returns whether it is saved."""
        self._take_what_is_being_typed()
        experiment = self._session.experiment
        if experiment is None:
            return False
        try:
            save_experiment(path, experiment)
        except InputError as error:
            self.failed.emit(error.message)
            return False
        self._session.mark_saved(str(path.resolve()))
        self.file_used.emit(str(path.resolve()))
        self.changed.emit()
        return True

    def ask_for_picture(self) -> Path | None:
        """Where a picture of the window should go; None where the user thought better of it."""
        return self._ask_where(self.tr("Save picture"), ".png", self.tr("Pictures (*.png)"))

    def may_go_on(self) -> bool:
        """Whether what is open may be lost: it is saved, or the user said so."""
        self._take_what_is_being_typed()
        if not self._session.is_modified:
            return True
        answer = self._ask_about_changes()
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard

    def _ask_about_changes(self) -> int:
        """Save, Discard or Cancel."""
        buttons = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Unsaved changes"),
            self.tr("The experiment has changed. Save it first?"),
            parent=self._window,
        )
        texts = {  # Qt's own have no keys
            buttons.Save: self.tr("&Save"),
            buttons.Discard: self.tr("&Discard"),
            buttons.Cancel: self.tr("&Cancel"),
        }
        for button, text in texts.items():
            box.addButton(button).setText(text)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        return answer

    def _ask_where(self, title: str, suffix: str, pattern: str) -> Path | None:
        name = self.path.stem if self.path is not None else "descent"
        dialog = QFileDialog(self._window, title, self.folder, pattern)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(name + suffix)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        if not chosen:
            return None
        path = chosen[0]
        return Path(path if path.lower().endswith(suffix) else path + suffix)

    def _take_what_is_being_typed(self) -> None:
        """Let the number in the box that has the focus count, and wait for all answers."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractSpinBox):
            focus.clearFocus()
        if not self._session.is_settled:
            loop = QEventLoop()
            self._session.settled.connect(loop.quit)
            QTimer.singleShot(MOST_WAIT_MS, loop.quit)
            loop.exec()

    # answers -----------------------------------------------------------------------------

    @Slot()
    def _on_opened(self) -> None:
        if self.path is not None:
            self.file_used.emit(str(self.path))
        self.changed.emit()
