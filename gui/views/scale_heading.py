"""What stands over a column of the view of three feature scales."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.descent.scales import Outcome, Scaled
from gui.style import LIGHT, TITLE_POINTS, Theme
from gui.text import number, tooltip, whole_number
from gui.views.scale_plots import scale_pen
from gui.views.view import colour_label

SCALER_DIGITS = 5
GAP, MARGIN = 8, 8
SWATCH = QSize(32, 10)
IDEOGRAPH = re.compile("([\u2e80-\u9fff])")


class Swatch(QWidget):
    """A piece of the line that a scale has where all three are overlaid."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._theme = LIGHT
        self.setFixedSize(SWATCH)

    def set_theme(self, theme: Theme) -> None:
        """Change the colour."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return SWATCH

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(scale_pen(self._number, self._theme, 2.6))
        painter.drawLine(2, self.height() // 2, self.width() - 2, self.height() // 2)
        painter.end()


class ScaleHeading(QWidget):
    """The name of a scale, what becomes of the descent on it, its curvature and its scaler.

    ``rate_chosen`` brings the rate at which gradient descent is fastest on it.
    """

    rate_chosen = Signal(float)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._scaled: Scaled | None = None
        self.swatch = Swatch(number)
        self.name, self.kappa = QLabel(), QLabel()
        self.scaler, self.outcome, self.facts = QLabel(), QLabel(), QLabel()
        for label in (self.scaler, self.outcome, self.facts):
            label.setWordWrap(True)
            label.setSizePolicy(_shrinking(QSizePolicy.Policy.Minimum))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.facts.linkActivated.connect(self._on_rate_clicked)
        self._lay_out()
        self._dress()

    def _lay_out(self) -> None:
        name = QHBoxLayout()
        name.setSpacing(GAP)
        name.addStretch(1)
        name.addWidget(self.swatch)
        name.addWidget(self.name)
        name.addStretch(1)
        self.kappa.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._first = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._first.setSpacing(GAP)
        self._first.addStretch(1)
        self._first.addLayout(name)
        self._first.addWidget(self.kappa)
        self._first.addStretch(1)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 2, MARGIN, 2)
        layout.setSpacing(1)
        layout.addLayout(self._first)
        for label in (self.scaler, self.outcome, self.facts):
            layout.addWidget(label)
        layout.addStretch(1)
        self.setSizePolicy(_shrinking(QSizePolicy.Policy.Preferred))

    @property
    def first_line(self) -> int:
        """Pixels of width that name and κ need beside each other."""
        parts = (self.swatch, self.name, self.kappa)
        return sum(part.sizeHint().width() for part in parts) + 2 * GAP + 2 * MARGIN

    def stack(self, on: bool) -> None:
        """Put κ below the name, or beside it."""
        wide, narrow = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._first.setDirection(narrow if on else wide)
        self._first.setSpacing(0 if on else GAP)
        self._column.activate()

    def set_name(self, name: str) -> None:
        """Say what the scale is called."""
        self.name.setText(name)

    def set_theme(self, theme: Theme) -> None:
        """Change all colours."""
        self._theme = theme
        self.swatch.set_theme(theme)
        self._dress()

    def describe(self, scaled: Scaled) -> None:
        """Say what is known of a scale."""
        self._scaled = scaled
        self.scaler.setText(self._scaler_text(scaled))
        self.scaler.setToolTip(tooltip(self._scalers_text(scaled)))
        curvature = scaled.problem.curvature
        self.kappa.setText("" if curvature is None else f"κ {number(curvature.condition_number)}")
        self.kappa.setVisible(curvature is not None)
        self.outcome.setText(self._outcome_text(scaled))
        self.facts.setText(self._facts_text(scaled))
        self._dress()

    # Sentences

    def _scaler_text(self, scaled: Scaled) -> str:
        if scaled.kind == "enlarged":
            return self.tr("every feature times 10")
        if scaled.kind == "original":
            return self.tr("the features as they are")
        names = scaled.problem.dataset.features
        text = self._mean_and_sd(scaled, 0)
        return text if len(names) == 1 else f"{names[0]}: {text}, …"

    def _mean_and_sd(self, scaled: Scaled, feature: int) -> str:
        scaler = scaled.problem.scaler
        return self.tr("mean {mean} · sd {sd}").format(
            mean=number(float(scaler.mean[feature]), SCALER_DIGITS),
            sd=number(float(scaler.sd[feature]), SCALER_DIGITS),
        )

    def _scalers_text(self, scaled: Scaled) -> str:
        """Mean and standard deviation of every feature of the training part."""
        if scaled.kind != "standardised":
            return ""
        names = scaled.problem.dataset.features
        each = [f"{name}: {self._mean_and_sd(scaled, j)}" for j, name in enumerate(names)]
        return self.tr("Of the training part: {each}").format(each="; ".join(each))

    def _outcome_text(self, scaled: Scaled) -> str:
        n = scaled.iteration
        if scaled.outcome is Outcome.DIVERGES:
            text = self.tr("diverges at iteration {n}")
        elif scaled.outcome is Outcome.GROWS:
            text = self.tr("never settles: above the limit")
        elif scaled.outcome is Outcome.WANDERS:
            text = self.tr("does not come down in {n} steps")
        elif scaled.outcome is Outcome.CONVERGES:
            text = (
                self.tr("zig-zags, not there after {n} steps")
                if scaled.zigzags
                else self.tr("converges, not there after {n} steps")
            )
        elif n == 0:
            text = self.tr("starts at the optimum")
        elif n == 1:
            text = self.tr("arrives in one step")
        elif scaled.zigzags:
            text = self.tr("zig-zags for {n} steps")
        else:
            text = self.tr("converges in {n} steps")
        return text.format(n=whole_number(n))

    def _facts_text(self, scaled: Scaled) -> str:
        curvature, parts, best = scaled.problem.curvature, [], ""
        if scaled.limit is not None:
            limit = number(scaled.limit)
            parts.append(self.tr("stable below {limit}").format(limit=limit))
        if curvature is not None and curvature.best_rate is not None and scaled.is_plain:
            parts.append(self.tr("fastest {rate}"))
            best = f'<a href="best">{number(curvature.best_rate)}</a>'
        return " · ".join(map(unbroken, parts)).replace("{rate}", best)

    @Slot(str)
    def _on_rate_clicked(self, _link: str) -> None:
        curvature = None if self._scaled is None else self._scaled.problem.curvature
        if curvature is not None and curvature.best_rate is not None:
            self.rate_chosen.emit(curvature.best_rate)

    # Looks

    def _dress(self) -> None:
        theme = self._theme
        name, state = QFont(self.font()), QFont(self.font())
        name.setPointSizeF(name.pointSizeF() + TITLE_POINTS)
        name.setBold(True)
        state.setBold(True)
        self.name.setFont(name)
        self.outcome.setFont(state)
        name.setBold(False)
        self.kappa.setFont(name)
        colour_label(self.name, theme.text)
        colour_label(self.kappa, theme.text)
        colour_label(self.facts, theme.text)
        colour_label(self.scaler, theme.faint)
        colour_label(self.outcome, self._state_colour())

    def _state_colour(self) -> str:
        scaled, theme = self._scaled, self._theme
        if scaled is None or scaled.outcome is Outcome.ARRIVES:
            return theme.good
        return theme.warning if scaled.outcome is Outcome.CONVERGES else theme.danger

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()


def unbroken(text: str) -> str:
    """A text in which no line breaks: neither at a space nor beside an ideograph."""
    return IDEOGRAPH.sub("\\1&#x2060;", text.replace(" ", "&nbsp;"))


def _shrinking(height: QSizePolicy.Policy) -> QSizePolicy:
    """The policy of what wraps its text: as narrow as may be, and then higher."""
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, height)
    policy.setHeightForWidth(True)
    return policy
