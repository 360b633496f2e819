"""The learning rates that the curvature suggests, to be taken with a click."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.controls.form import Hint
from gui.text import number

RATE_DIGITS = 3
MARGIN_BELOW = 1e-9
"""Relative distance kept from the limit, where the loss would neither fall nor rise."""

BEST, LIMIT = "best", "limit"


def just_below(limit: float) -> float:
    """The largest number of three digits below a limit."""
    context = Context(prec=RATE_DIGITS, rounding=ROUND_FLOOR)
    return float(context.create_decimal_from_float(limit * (1 - MARGIN_BELOW)))


class RateLinks(Hint):
    """The fastest rate and the limit of stability as links; ``chosen`` brings the rate to take."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._best: float | None = None
        self._limit: float | None = None
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(self._on_link)

    def show_rates(self, best: float | None, limit: float | None, *others: str) -> None:
        """Show what there is, and ``others`` (HTML) beside it."""
        self._best, self._limit = best, limit
        parts = []
        if best is not None:
            parts.append(self.tr("fastest {rate}").format(rate=_link(BEST, best)))
        if limit is not None:
            parts.append(self.tr("stable below {rate}").format(rate=_link(LIMIT, limit)))
        self.setText(" · ".join((*parts, *others)))

    @Slot(str)
    def _on_link(self, link: str) -> None:
        if link == BEST and self._best is not None:
            self.chosen.emit(self._best)
        elif link == LIMIT and self._limit is not None:
            self.chosen.emit(just_below(self._limit))


def _link(target: str, rate: float) -> str:
    return f'<a href="{target}">{number(rate)}</a>'
