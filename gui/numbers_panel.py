"""The numbers of the iteration that the window shows: parameters, losses, gradient, distances."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QPalette,
)
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from engine.live.snapshot import Health, RunView, Snapshot
from engine.problem.evaluation import Evaluation, evaluate
from engine.problem.problem import Problem
from engine.types import Vector
from gui.number_table import Group, Line, NumberTable, bold, faint
from gui.style import LIGHT, Theme
from gui.tables import copy_action
from gui.text import (
    STEADY_DIGITS,
    batch_text,
    loss_symbol,
    number,
    optimum_name,
    translate_message,
    whole_number,
)

MARGIN_PX = 12


def _lines(names: Sequence[str], *columns: Vector) -> tuple[Line, ...]:
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(Line(name, row) for name, row in zip(names, rows, strict=True))


class NumbersPanel(QScrollArea):
    """What is known at the cursor's row, as numbers; "Copy numbers" has every digit of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._snapshot: Snapshot | None = None
        self._health = Health.STABLE
        self._title, self._batch, self._rate = QLabel(self), faint(QLabel(self)), QLabel(self)
        self._state, self._ended = QLabel(self), QLabel(self)
        self._ended.setWordWrap(True)
        self._table = NumberTable(self)
        self._copy = copy_action(self, self.copy_numbers)
        self._menu = QMenu(self)
        self._menu.addAction(self._copy)
        self._lay_out()
        self._retranslate()

    def draw(self, snapshot: Snapshot) -> None:
        """Show the row at the cursor."""
        self._snapshot = snapshot
        groups = self._groups(snapshot)
        if self._table.show_groups(groups):
            self._fix_widths()
        self._draw_head(snapshot)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme for the states of a run."""
        self._theme = theme
        self._colour_state()

    def numbers_as_text(self) -> str:
        """The table with tabs between its columns and all digits; empty before the first draw."""
        if self._snapshot is None:
            return ""
        lines: list[tuple[str, ...]] = [
            (self.tr("Iteration"), str(self._snapshot.row)),
            (self.tr("Learning rate"), repr(self._snapshot.run.learning_rate)),
        ]
        for group in self._groups(self._snapshot):
            lines.append((group.title, *group.columns))
            lines += [(line.name, *map(repr, line.values)) for line in group.lines]
        return "".join("\t".join(line).rstrip() + "\n" for line in lines)

    @Slot()
    def copy_numbers(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.numbers_as_text())

    def _groups(self, snapshot: Snapshot) -> list[Group]:
        problem = snapshot.problem
        params = snapshot.rows.params[:, snapshot.row]
        evaluation = evaluate(problem, params)
        best = problem.optimum.params
        groups = [self._parameters(self.tr("Parameters"), problem, params, best)]
        if not problem.scaler.is_identity:
            own = problem.scaler.to_own_units
            best = None if best is None else own(best)
            groups.append(self._parameters(self.tr("Own units"), problem, own(params), best))
        return [
            *groups,
            self._losses(problem, evaluation),
            self._gradient(problem, evaluation),
            *self._accuracy(evaluation),
            self._r2(evaluation),
            *self._distances(problem, evaluation),
        ]

    def _parameters(
        self, title: str, problem: Problem, params: Vector, optimum: Vector | None
    ) -> Group:
        if optimum is None:
            return Group(title, (self.tr("now"),), _lines(problem.names, params))
        columns = (self.tr("now"), optimum_name(problem))
        return Group(title, columns, _lines(problem.names, params, optimum))

    def _losses(self, problem: Problem, evaluation: Evaluation) -> Group:
        lines = [Line(self.tr("training"), (evaluation.train.loss,))]
        if evaluation.validation is not None:
            lines.append(Line(self.tr("validation"), (evaluation.validation.loss,)))
        if problem.penalty:
            lines.append(Line(self.tr("with penalty"), (evaluation.loss,)))
        if problem.optimum.params is not None:
            lines.append(Line(optimum_name(problem), (problem.optimum.loss,)))
        return Group(self.tr("Loss"), (loss_symbol(problem.neuron.loss_kind),), tuple(lines))

    def _gradient(self, problem: Problem, evaluation: Evaluation) -> Group:
        names = [f"∂L/∂{name}" for name in problem.names]
        lines = _lines(names, evaluation.gradient)
        return Group(
            self.tr("Gradient"), ("",), (*lines, Line("‖∇L‖", (evaluation.gradient_norm,)))
        )

    def _accuracy(self, evaluation: Evaluation) -> list[Group]:
        train, rest = evaluation.train.accuracy, evaluation.validation
        if train is None:
            return []
        lines = [Line(self.tr("training"), (train,))]
        if rest is not None and rest.accuracy is not None:
            lines.append(Line(self.tr("validation"), (rest.accuracy,)))
        return [Group(self.tr("Accuracy"), ("",), tuple(lines))]

    def _r2(self, evaluation: Evaluation) -> Group:
        lines = [Line(self.tr("training"), (evaluation.train.r2,))]
        if evaluation.validation is not None:
            lines.append(Line(self.tr("validation"), (evaluation.validation.r2,)))
        return Group("R²", ("",), tuple(lines))

    def _distances(self, problem: Problem, evaluation: Evaluation) -> list[Group]:
        columns, distances, norms = [], [], []
        to_optimum, to_truth = evaluation.to_optimum, evaluation.to_truth
        if to_optimum is not None:
            columns.append(optimum_name(problem))
            distances.append(to_optimum)
        if to_truth is not None:
            columns.append(self.tr("truth"))
            distances.append(to_truth)
        if not columns:
            return []
        lines = _lines([f"Δ{name}" for name in problem.names], *distances)
        if evaluation.distance_to_optimum is not None:
            norms.append(Line("‖Δ‖", (evaluation.distance_to_optimum,)))
        return [Group(self.tr("Distance to"), tuple(columns), (*lines, *norms))]

    def _draw_head(self, snapshot: Snapshot) -> None:
        run = snapshot.run
        self._title.setText(self.tr("Iteration {row}").format(row=whole_number(snapshot.row)))
        self._batch.setText(batch_text(run.place, snapshot.problem.dataset.train.n))
        self._rate.setText(
            self.tr("learning rate η = {rate}").format(
                rate=number(run.learning_rate, STEADY_DIGITS)
            )
        )
        self._state.setText(self._state_text(run))
        self._ended.setText("" if run.ended is None else translate_message(run.ended))
        if run.health is not self._health:
            self._health = run.health
            self._colour_state()

    def _state_text(self, run: RunView) -> str:
        if run.health is Health.DIVERGED:
            return self.tr("diverged")
        if run.stability_limit is None:
            return self.tr("unstable") if run.health is Health.UNSTABLE else ""
        limit = number(run.stability_limit)
        if run.health is Health.UNSTABLE:
            return self.tr("unstable: stable below η = {limit}").format(limit=limit)
        return self.tr("stable below η = {limit}").format(limit=limit)

    def _colour_state(self) -> None:
        theme = self._theme
        colours = {
            Health.STABLE: theme.faint,
            Health.UNSTABLE: theme.warning,
            Health.DIVERGED: theme.danger,
        }
        self._state.setStyleSheet(f"color: {colours[self._health]};")

    def _fix_widths(self) -> None:
        """Give the panel the table's width and the texts above it a size that no text changes."""
        width = self._table.sizeHint().width()
        for label in (self._title, self._batch, self._rate, self._state):
            label.setFixedSize(width, QFontMetrics(label.font()).height() + 2)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        self.setMinimumWidth(width + 2 * MARGIN_PX + bar + 2 * self.frameWidth())

    def _lay_out(self) -> None:
        font = bold(self._title.font())
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self._title.setFont(font)
        content = QWidget(self)
        content.setBackgroundRole(QPalette.ColorRole.Base)
        self._layout = QVBoxLayout(content)
        self._layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        self._layout.setSpacing(2)
        for part in (self._title, self._batch, self._rate, self._state, self._ended):
            self._layout.addWidget(part)
        self._layout.addWidget(self._table, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Numbers of the iteration"))
        self._copy.setText(self.tr("Copy numbers"))
        if self._snapshot is not None:
            self.draw(self._snapshot)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu.popup(event.globalPos())
