"""What one iteration does, in five steps with their formulas and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStyle, QVBoxLayout, QWidget

from engine.descent.explain import Explanation, Update, explain
from engine.experiment import OPTIMIZER_SPECS, Optimizer, kind_of
from engine.live.snapshot import Health, Snapshot
from engine.specs import LEARNING_RATE, NEWTON_RATE
from engine.types import Vector
from gui.controls.form import Hint, Unfold
from gui.formula import indexed, rich, rich_lines
from gui.number_table import Group, Line, NumberTable, bold, faint
from gui.points_table import PointsTable, feature_names, gradient_columns, loss_columns
from gui.style import LIGHT, Theme
from gui.text import batch_text, number, translate_message, whole_number

MARGIN_PX = 12
PADDING_PX = 10
BADGE_PX = 20
GAP_PX = 8
WIDEST_PX = 420
TITLE_SIZE = 1.15
FORMULA_SIZE = 1.1

PARAMETERS_BESIDE = 2
"""Parameters whose numbers stand beside one another; more go into further blocks below."""

MOST_FEATURES = 6
"""Features whose factors are listed for the first point; the table has those of all."""


class Fold(QWidget):
    """Something that a click unfolds; ``opened`` asks for its numbers."""

    opened = Signal()

    def __init__(self, *contents: QWidget) -> None:
        super().__init__()
        self.button = Unfold(self)
        self._contents = contents
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button)
        for content in contents:
            layout.addLayout(_at_the_left(content))
            content.hide()
        self.button.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        """Whether its contents are shown."""
        return self.button.isChecked()

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        for content in self._contents:
            content.setVisible(is_open)
        if is_open:
            self.opened.emit()


class Card(QFrame):
    """One step: its number and title, its formula, and what belongs to it."""

    def __init__(self, step: int, *contents: QWidget) -> None:
        super().__init__()
        self.setObjectName("card")
        self.title, self.formula = QLabel(), QLabel()
        badge = QLabel(str(step))
        badge.setObjectName("badge")
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setFixedSize(BADGE_PX, BADGE_PX)
        self.title.setFont(bold(_larger(self.title, TITLE_SIZE).font()))
        _larger(self.formula, FORMULA_SIZE).setWordWrap(True)
        self.formula.setTextFormat(Qt.TextFormat.RichText)
        self.formula.hide()
        head = QHBoxLayout()
        head.setSpacing(GAP_PX)
        head.addWidget(badge)
        head.addWidget(self.title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING_PX, GAP_PX, PADDING_PX, GAP_PX)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.formula)
        for content in contents:
            layout.addLayout(_at_the_left(content))

    def show_formulas(self, lines: Sequence[str]) -> None:
        """Show formulas under one another."""
        self.formula.setText(rich_lines(lines))
        self.formula.show()


def _at_the_left(content: QWidget) -> QHBoxLayout:
    """Numbers near their names, however wide the panel is; all else as wide as it likes."""
    if isinstance(content, NumberTable):
        content.setMaximumWidth(WIDEST_PX)
    row = QHBoxLayout()
    row.addWidget(content, 1)
    row.addStretch(0)
    return row


def _larger(label: QLabel, share: float) -> QLabel:
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * share)
    label.setFont(font)
    return label


def _first(values: Vector) -> float:
    """The number of the first point; NaN where no points are given."""
    return float(values[0]) if len(values) else nan


def _by_parameter(names: Sequence[str], quantities: Sequence[tuple[str, Vector]]) -> list[Group]:
    """Lines for quantities (p,), columns for parameters, in blocks of few columns."""
    groups = []
    for begin in range(0, len(names), PARAMETERS_BESIDE):
        some = slice(begin, begin + PARAMETERS_BESIDE)
        lines = [Line(rich(symbol), tuple(v[some].tolist())) for symbol, v in quantities]
        columns = tuple(rich(indexed(name)) for name in names[some])
        groups.append(Group("", columns, tuple(lines)))
    return groups


def _hyper_parameters(optimizer: Optimizer) -> str:
    """What an optimizer goes by besides its rate: μ = 0.9, for instance."""
    texts = []
    for spec in OPTIMIZER_SPECS[kind_of(optimizer)]:
        value = getattr(optimizer, spec.key)
        value = value if spec.index is None else value[spec.index]
        if spec not in (LEARNING_RATE, NEWTON_RATE) and (spec.key != "weight_decay" or value):
            texts.append(f"{spec.symbol} = {number(value)}")
    return "   ".join(texts)


class StepsPanel(QScrollArea):
    """Predict, loss, gradients, update, repeat: one iteration as the engine explains it.

    While iterations go by faster than frames, the numbers go on but the tables of the points rest.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._snapshot: Snapshot | None = None
        self._formulas: object = None
        self._drawn_row = 0
        self._health = Health.STABLE
        self._title, self._batch = QLabel(self), faint(QLabel(self))
        self._make_parts()
        self._lay_out()
        self._retranslate()

    def draw(self, snapshot: Snapshot) -> None:
        """Show the row at the cursor."""
        row = snapshot.row
        rushes = snapshot.playing and abs(row - self._drawn_row) > 1
        self._snapshot, self._drawn_row = snapshot, row
        wants_points = self._has_open_table and not rushes
        run = snapshot.run
        it = explain(
            snapshot.problem,
            run.settings,
            run.rows,
            row,
            run.place,
            snapshot.before,
            most_points=None if wants_points else 1,
        )
        self._draw_head(it)
        self._draw_formulas(it)
        self._hyper.setText(_hyper_parameters(run.settings.optimizer))
        self._hyper.setVisible(bool(self._hyper.text()))
        self._draw_numbers(it)
        if self._has_open_table:
            self._draw_points(it, wants_points)
        self._draw_verdict(snapshot)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme for the states of a run; the rest follows the window's."""
        self._theme = theme
        self._colour_verdict()

    # building ----------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self._predicted, self._losses, self._slopes = NumberTable(), NumberTable(), NumberTable()
        self._factors, self._updated = NumberTable(), NumberTable()
        self._state, self._criteria = NumberTable(), NumberTable()
        self._tables = (
            *(self._predicted, self._losses, self._slopes, self._factors),
            *(self._updated, self._state, self._criteria),
        )
        self._factor_formulas = _larger(QLabel(), FORMULA_SIZE)
        self._factor_formulas.setWordWrap(True)
        self._loss_points, self._slope_points = PointsTable(), PointsTable()
        self._loss_note, self._slope_note = Hint(), Hint()
        self._loss_fold = Fold(self._loss_points, self._loss_note)
        self._factor_fold = Fold(self._factor_formulas, self._factors)
        self._slope_fold = Fold(self._slope_points, self._slope_note)
        self._hyper = Hint()
        self._state_fold = Fold(self._state)
        self._state_fold.button.setChecked(True)
        for fold in (self._loss_fold, self._slope_fold):
            fold.opened.connect(self._draw_again)
        self._next, self._ended = QLabel(), QLabel()
        self._ended.setWordWrap(True)
        self._ended.hide()

    def _lay_out(self) -> None:
        self._title.setFont(bold(_larger(self._title, TITLE_SIZE).font()))
        self._cards = (
            Card(1, self._predicted),
            Card(2, self._losses, self._loss_fold),
            Card(3, self._slopes, self._factor_fold, self._slope_fold),
            Card(4, self._hyper, self._updated, self._state_fold),
            Card(5, self._criteria, self._next, self._ended),
        )
        content = QWidget(self)
        content.setBackgroundRole(QPalette.ColorRole.Base)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.setSpacing(2)
        for label in (self._title, self._batch):
            layout.addWidget(label)
        for card in self._cards:
            layout.addSpacing(GAP_PX)
            layout.addWidget(card)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _fix_widths(self) -> None:
        """Make room for the tables, and give texts that change a size that they do not change."""
        width = max(table.sizeHint().width() for table in self._tables)
        for label in (self._title, self._batch, self._next):
            label.setFixedSize(width, QFontMetrics(label.font()).height() + 2)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        around = MARGIN_PX + PADDING_PX + self.frameWidth() + 1
        self.setMinimumWidth(width + 2 * around + bar)

    # drawing -----------------------------------------------------------------------------

    @property
    def _has_open_table(self) -> bool:
        return self._loss_fold.is_open or self._slope_fold.is_open

    @Slot()
    def _draw_again(self) -> None:
        if self._snapshot is not None:
            self.draw(self._snapshot)

    def _draw_head(self, it: Explanation) -> None:
        self._title.setText(self.tr("Iteration {row}").format(row=whole_number(it.row)))
        self._batch.setText(batch_text(it.place, it.n))

    def _draw_formulas(self, it: Explanation) -> None:
        formulas = it.formulas
        if formulas == self._formulas:
            return
        self._formulas = formulas
        lines = (formulas.predict, formulas.loss, formulas.gradient, formulas.update)
        for card, some in zip(self._cards, lines, strict=False):
            card.show_formulas(some)
        self._factor_formulas.setText(rich_lines(formulas.factors))

    def _draw_numbers(self, it: Explanation) -> None:
        update = it.update
        state = [] if update is None else self._state_groups(it, update)
        self._state_fold.setVisible(bool(state))
        tables = (
            (self._predicted, self._prediction_groups(it)),
            (self._losses, self._loss_groups(it)),
            (self._slopes, self._gradient_groups(it)),
            (self._factors, self._factor_groups(it)),
            (self._updated, self._update_groups(it, update)),
            (self._state, state),
            (self._criteria, self._stop_groups(it)),
        )
        changed = [table.show_groups(groups) for table, groups in tables]
        if any(changed):
            self._fix_widths()

    def _draw_points(self, it: Explanation, wanted: bool) -> None:
        terms = it.terms if wanted and len(it.terms) else None
        reason = self.tr("Pause to see the points.")
        columns = loss_columns(len(it.names) - 1), gradient_columns(it.names)
        self._loss_points.show_terms(columns[0], terms, reason)
        self._slope_points.show_terms(columns[1], terms, reason)
        note = ""
        if terms is not None and len(terms) < it.n:
            note = self.tr("The first {count} of {n} points.").format(
                count=whole_number(len(terms)), n=whole_number(it.n)
            )
        for label, fold in (
            (self._loss_note, self._loss_fold),
            (self._slope_note, self._slope_fold),
        ):
            label.setText(note)
            label.setVisible(bool(note) and fold.is_open)

    def _draw_verdict(self, snapshot: Snapshot) -> None:
        run, row = snapshot.run, snapshot.row
        has_ended = run.ended is not None and row == run.head
        if has_ended and run.ended is not None:
            self._ended.setText(translate_message(run.ended))
        self._ended.setVisible(has_ended)
        self._next.setVisible(not has_ended)
        self._next.setText(
            self.tr("Not yet: on to iteration {row}").format(row=whole_number(row + 1))
        )
        if run.health is not self._health:
            self._health = run.health
            self._colour_verdict()

    def _colour_verdict(self) -> None:
        colour = self._theme.danger if self._health is Health.DIVERGED else self._theme.good
        self._ended.setStyleSheet(f"color: {colour};")

    # the numbers of each step ------------------------------------------------------------

    def _prediction_groups(self, it: Explanation) -> list[Group]:
        parameters = zip(it.names, it.params.tolist(), strict=True)
        lines = [Line(rich(indexed(name)), (value,)) for name, value in parameters]
        return [Group("", (), tuple(lines)), self._first_point(it)]

    def _first_point(self, it: Explanation) -> Group:
        terms, lines = it.terms, []
        names = feature_names(len(it.names) - 1)
        if it.place.size is not None:
            number = int(terms.positions[0]) + 1 if len(terms) else nan
            lines.append(Line(self.tr("number"), (number,)))
        for name, values in zip(names[:MOST_FEATURES], terms.x, strict=False):
            lines.append(Line(rich(name), (_first(values),)))
        if len(it.formulas.predict) > 1:
            lines.append(Line(rich("z"), (_first(terms.z),)))
        for symbol, values in (("ŷ", terms.prediction), ("y", terms.y), ("ŷ − y", terms.error)):
            lines.append(Line(rich(symbol), (_first(values),)))
        return Group(self._point_title(it), ("",), tuple(lines))

    def _point_title(self, it: Explanation) -> str:
        if it.place.size is None:
            return self.tr("First point")
        return self.tr("First point of the batch")

    def _loss_groups(self, it: Explanation) -> list[Group]:
        lines = [
            Line(
                self.tr("{symbol} of the first point").format(symbol="ℓ"), (_first(it.terms.loss),)
            ),
            Line(self.tr("points {symbol}").format(symbol=rich("n")), (it.n,)),
        ]
        if it.has_penalty:
            lines += [
                Line(rich("(1/n)·Σᵢ ℓᵢ"), (it.data_loss,)),
                Line(self.tr("penalty"), (it.penalty,)),
            ]
        lines.append(Line(rich("L"), (it.loss,)))
        return [Group("", (), tuple(lines))]

    def _gradient_groups(self, it: Explanation) -> list[Group]:
        groups = []
        symbols = [rich(indexed(name)) for name in it.names]
        if it.has_penalty:
            parts = zip(
                symbols, it.data_gradient.tolist(), it.penalty_gradient.tolist(), strict=True
            )
            lines = [Line(f"∂/∂{symbol}", (data, penalty)) for symbol, data, penalty in parts]
            groups.append(Group("", (self.tr("mean"), self.tr("penalty")), tuple(lines)))
        whole = zip(symbols, it.gradient.tolist(), strict=True)
        lines = [Line(f"∂<i>L</i>/∂{symbol}", (value,)) for symbol, value in whole]
        columns = (self.tr("sum"),) if it.has_penalty else ()
        return [*groups, Group("", columns, tuple(lines))]

    def _factor_groups(self, it: Explanation) -> list[Group]:
        terms = it.terms
        lines = [
            Line(rich("∂ℓ/∂ŷ"), (_first(terms.outer),)),
            Line(rich("∂ŷ/∂z"), (_first(terms.inner),)),
        ]
        names = it.names[: MOST_FEATURES + 1]
        for quantity, rows in (("∂z/∂", terms.features), ("∂ℓ/∂", terms.products)):
            for name, values in zip(names, rows, strict=False):
                lines.append(Line(rich(quantity + indexed(name)), (_first(values),)))
        return [Group(self._point_title(it), ("",), tuple(lines))]

    def _update_groups(self, it: Explanation, update: Update | None) -> list[Group]:
        rate = Group("", (), (Line(rich("η"), (it.learning_rate,)),))
        unknown = it.params * nan
        gradient, delta, new = (
            (unknown, unknown, unknown)
            if update is None
            else (update.gradient, update.delta, update.params)
        )
        quantities = [("g", gradient), ("θ", it.params), ("Δθ", delta), ("θ ←", new)]
        return [rate, *_by_parameter(it.names, quantities)]

    def _state_groups(self, it: Explanation, update: Update) -> list[Group]:
        """The state as it was, as the update leaves it (with an arrow), and what is made of it."""
        quantities = []
        for symbol, values in update.before.items():
            quantities += [(symbol, values), (f"{symbol} ←", update.after[symbol])]
        quantities += update.corrected.items()
        if not quantities:
            return []
        count = () if update.count is None else (Line(rich("t"), (update.count,)),)
        return [*([Group("", (), count)] if count else []), *_by_parameter(it.names, quantities)]

    def _stop_groups(self, it: Explanation) -> list[Group]:
        names = {
            "iterations": self.tr("iteration"),
            "gradient_norm": "‖∇<i>L</i>‖",
            "loss_change": "|Δ<i>L</i>|",
        }
        lines = [
            Line(
                names[rule.kind],
                tuple(nan if value is None else value for value in (rule.value, rule.bound)),
            )
            for rule in it.stops
        ]
        iterations = it.stops[0]
        left = int((iterations.bound or 0) - (iterations.value or 0))
        lines.insert(1, Line(self.tr("left"), (max(left, 0),)))
        return [Group("", (self.tr("now"), self.tr("stops at")), tuple(lines))]

    # Qt's own ----------------------------------------------------------------------------

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("The steps of the iteration"))
        titles = (
            self.tr("Predict"),
            self.tr("Loss"),
            self.tr("Gradients"),
            self.tr("Update"),
            self.tr("Repeat"),
        )
        for card, title in zip(self._cards, titles, strict=True):
            card.title.setText(title)
        for fold in (self._loss_fold, self._slope_fold):
            fold.button.setText(self.tr("The terms of the points"))
        self._factor_fold.button.setText(self.tr("The factors of the chain rule"))
        self._state_fold.button.setText(self.tr("The optimizer's state"))
        self._draw_again()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
