"""What the curvature says: how steep each direction is, and what a step makes of the error."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.experiment import Gd, Momentum, Nesterov, Newton
from engine.live.snapshot import Snapshot
from engine.problem.conditioning import condition_if_standardised, local_curvature
from engine.problem.curvature import Course, Curvature, Direction, directions
from engine.problem.problem import Problem
from engine.problem.surface import is_quick
from gui.controls.form import Choice, Hint
from gui.controls.rate_links import RateLinks
from gui.formula import indexed
from gui.number_table import bold, faint
from gui.style import LIGHT, Theme
from gui.text import NO_BREAK, number, tooltip

MARGIN_PX = 12
GAP_PX = 6
KAPPA_SIZE = 1.5
BAR = QSize(96, 16)
MOST_DIGITS = 12
"""Digits of a factor that is not quite 1."""

BAR_REACH = 1.35
"""The factors that a bar shows, from −BAR_REACH to BAR_REACH."""

MOST_DIRECTIONS = 8
"""Directions that are listed; of more the steepest and the flattest ones."""

MOST_COMPONENTS = 4


class FactorBar(QWidget):
    """A factor on a line from beyond −1 to beyond 1; outside of ±1 the error grows."""

    def __init__(self) -> None:
        super().__init__()
        self.factor = 0.0
        self._theme, self._colour = LIGHT, QColor(LIGHT.good)
        self.setFixedSize(BAR)

    def show_factor(self, factor: float, colour: str, theme: Theme) -> None:
        """Show a factor in a colour."""
        self.factor, self._colour, self._theme = factor, QColor(colour), theme
        self.update()

    def _place(self, factor: float) -> float:
        share = (min(max(factor, -BAR_REACH), BAR_REACH) / BAR_REACH + 1) / 2
        return 5 + share * (self.width() - 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        beyond = QColor(self._theme.danger)
        beyond.setAlpha(70)
        painter.setBrush(beyond)
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        painter.setBrush(QColor(self._theme.border))
        left, right = self._place(-1), self._place(1)
        painter.drawRect(QRectF(left, middle - 2, right - left, 4))
        for tick in (-1, 0, 1):
            painter.fillRect(
                QRectF(self._place(tick) - 0.5, middle - 5, 1, 10), QColor(self._theme.faint)
            )
        painter.setBrush(self._colour)
        painter.drawEllipse(QPointF(self._place(self.factor), middle), 4.5, 4.5)
        painter.end()


class DirectionRow(QWidget):
    """One direction: its eigenvalue and components, the factor, and what that means."""

    def __init__(self) -> None:
        super().__init__()
        self.eigenvalue, self.vector = QLabel(), faint(QLabel())
        self.factor, self.bar, self.meaning = QLabel(), FactorBar(), Hint()
        self.eigenvalue.setFont(bold(self.eigenvalue.font()))
        self.vector.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.vector.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, GAP_PX, 0, 0)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.eigenvalue, 0, 0)
        grid.addWidget(self.vector, 0, 1)
        grid.addWidget(self.factor, 1, 0)
        grid.addWidget(self.bar, 1, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.meaning, 2, 0, 1, 2)


class ConditioningPanel(QScrollArea):
    """κ, the rates that follow from it, and each direction of the surface.

    Signals
    -------
    requested(dict, str)
        A rate that was clicked, as a key of the experiment file.
    """

    requested = Signal(dict, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._snapshot: Snapshot | None = None
        self._problem: Problem | None = None
        self._standardised: float | None = None
        self.kappa, self.about, self.rates = QLabel(), Hint(), RateLinks()
        self.place, self.note = Choice(), Hint()
        self.place.chosen.connect(self._on_place_chosen)
        self.rows: list[DirectionRow] = []
        self._lay_out()
        self._retranslate()
        self.place.set_key("best")

    def _lay_out(self) -> None:
        font = bold(self.kappa.font())
        font.setPointSizeF(font.pointSizeF() * KAPPA_SIZE)
        self.kappa.setFont(font)
        self.rates.chosen.connect(self._on_rate_chosen)
        content = QWidget()
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP_PX)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.setSpacing(GAP_PX)
        for part in (self.place, self.kappa, self.about, self.rates, self.note):
            layout.addWidget(part)
        layout.addLayout(self._list)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        self._theme = theme
        self._show()

    def draw(self, snapshot: Snapshot) -> None:
        """Show what the curvature says about the step at the cursor."""
        self._snapshot = snapshot
        if snapshot.problem is not self._problem:
            self._problem = snapshot.problem
            self._standardised = condition_if_standardised(snapshot.problem)
        self._show()

    def _show(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        problem = snapshot.problem
        self.place.setVisible(not problem.is_quadratic)
        curvature = self._curvature(snapshot)
        self._show_head(snapshot, curvature)
        self._show_directions(snapshot, curvature)

    def _curvature(self, snapshot: Snapshot) -> Curvature | None:
        problem = snapshot.problem
        if self.place.key == "here" and not problem.is_quadratic and is_quick(problem):
            return local_curvature(problem, snapshot.rows.params[:, snapshot.row])
        return problem.curvature

    def _show_head(self, snapshot: Snapshot, curvature: Curvature | None) -> None:
        for part in (self.kappa, self.rates):
            part.setVisible(curvature is not None)
        if curvature is None:
            self.about.setText(
                self.tr("The surface does not curve upwards here, so nothing follows for the rate.")
            )
            self.note.hide()
            return
        self.kappa.setText(f"κ = {number(curvature.condition_number)}")
        self.about.setText(self._about(curvature))
        self.rates.show_rates(self._best_rate(snapshot), snapshot.run.stability_limit)
        self.rates.setVisible(bool(self.rates.text()))
        note = self._note(snapshot)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _about(self, curvature: Curvature) -> str:
        if curvature.smallest < 0:
            return self.tr("Along at least one direction the surface curves downwards.")
        if curvature.smallest == 0:
            return self.tr("Along at least one direction the surface is flat.")
        sentence = self.tr("The steepest direction curves {kappa} times as much as the flattest.")
        text = sentence.format(kappa=number(curvature.condition_number))
        if self._standardised is not None and not _nearly(
            self._standardised, curvature.condition_number
        ):
            sentence = self.tr("With standardised features: κ = {kappa}.")
            text += " " + sentence.format(kappa=number(self._standardised))
        return text

    def _best_rate(self, snapshot: Snapshot) -> float | None:
        """The rate at which plain gradient descent is fastest; None for other methods."""
        curvature = snapshot.problem.curvature
        is_plain = isinstance(snapshot.run.settings.optimizer, Gd)
        return curvature.best_rate if is_plain and curvature is not None else None

    def _note(self, snapshot: Snapshot) -> str:
        optimizer = snapshot.run.settings.optimizer
        if isinstance(optimizer, Gd):
            return ""
        if isinstance(optimizer, Momentum | Nesterov):
            return self.tr(
                "With momentum the limit is another; the factors below are those of plain "
                "gradient descent at this rate."
            )
        if isinstance(optimizer, Newton):
            return self.tr(
                "Newton's method divides by the curvature, so that every direction has the "
                "factor 1 − η; those below are of plain gradient descent."
            )
        return self.tr(
            "This method scales its steps by itself, and no such limit applies; the factors "
            "below are those of plain gradient descent at this rate."
        )

    def _show_directions(self, snapshot: Snapshot, curvature: Curvature | None) -> None:
        rate = snapshot.run.learning_rate
        listed = [] if curvature is None else list(directions(curvature, rate))
        numbered = list(enumerate(listed, 1))
        if len(numbered) > MOST_DIRECTIONS:
            half = MOST_DIRECTIONS // 2
            numbered = numbered[:half] + numbered[-half:]
        while len(self.rows) < len(numbered):
            self.rows.append(DirectionRow())
            self._list.addWidget(self.rows[-1])
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(numbered))
        for row, (k, direction) in zip(self.rows, numbered, strict=False):
            self._show_direction(row, k, direction, snapshot.problem.names)

    def _show_direction(
        self, row: DirectionRow, k: int, direction: Direction, names: tuple[str, ...]
    ) -> None:
        row.eigenvalue.setText(f"{indexed(f'λ{k}')} = {number(direction.eigenvalue)}")
        row.vector.setText(_components(direction, names))
        row.factor.setText(f"1 − ηλ = {_unlike(1.0, direction.factor, 4)}")
        theme = self._theme
        colour = {
            Course.DIRECT: theme.good,
            Course.CRAWLS: theme.faint,
            Course.FLAT: theme.faint,
            Course.ZIGZAGS: theme.warning,
        }.get(direction.course, theme.danger)
        row.bar.show_factor(direction.factor, colour, theme)
        row.bar.setToolTip(
            tooltip(self.tr("Between −1 and 1 the error shrinks; in the red it grows."))
        )
        row.meaning.setText(self._meaning(direction))

    def _meaning(self, direction: Direction) -> str:
        sentences = {
            Course.CRAWLS: self.tr("crawls: a step leaves {share} of the error"),
            Course.DIRECT: self.tr("direct: a step leaves {share} of the error"),
            Course.ZIGZAGS: self.tr("zig-zags: a step changes sides and leaves {share}"),
            Course.DIVERGES: self.tr("diverges: a step overshoots to {share} of the error"),
            Course.FLAT: self.tr("flat: a step changes nothing"),
            Course.FALLS: self.tr("falls: it curves downwards, and a step moves away"),
        }
        share = f"{_unlike(100.0, 100 * abs(direction.factor), 3)} %"
        return sentences[direction.course].format(share=share)

    @Slot(float)
    def _on_rate_chosen(self, rate: float) -> None:
        if self._snapshot is not None and rate != self._snapshot.run.learning_rate:
            self.requested.emit({"optimizer.lr": rate}, "")

    @Slot(str)
    def _on_place_chosen(self, _key: str) -> None:
        self._show()

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Conditioning"))
        self.place.set_choices(
            [("best", self.tr("at the optimum")), ("here", self.tr("at the current point"))]
        )
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()


def _nearly(first: float, second: float) -> bool:
    return abs(first - second) <= 1e-6 * abs(second)


def _unlike(whole: float, value: float, digits: int) -> str:
    """A number with more digits where it would read like a whole that it is not."""
    while value != whole and digits < MOST_DIGITS and number(value, digits) == number(whole):
        digits += 1
    return number(value, digits)


def _components(direction: Direction, names: tuple[str, ...]) -> str:
    """The largest components of a unit vector with their parameters, the first one positive."""
    values = direction.vector.tolist()
    order = sorted(range(len(values)), key=lambda i: -abs(values[i]))[:MOST_COMPONENTS]
    sign = -1.0 if values[order[0]] < 0 else 1.0
    parts = [f"{number(sign * values[i], 2)}{NO_BREAK}{names[i]}" for i in sorted(order)]
    more = f"{NO_BREAK}…" if len(values) > MOST_COMPONENTS else ""
    return f"{NO_BREAK}· ".join(parts) + more
