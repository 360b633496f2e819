"""The point under the mouse, or the one that was clicked: its ring, its error and its facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem

from engine.problem.fit import PointFacts
from engine.problem.problem import Problem
from gui.style import Theme
from gui.text import fixed_number, number, shortened, translate, whole_number
from gui.views.fit_points import Spot
from gui.views.items import Curve, Marker, disc, pen
from gui.views.mapping import Mapping
from gui.views.readout import Facts, Readout

MOST_FEATURES = 5
"""Features that are named; of more, the one along the axis."""

SHARE_DIGITS = 3
BRIEF = slice(-5, -2)
"""The rows that are left where there is no room for all: target, prediction and error."""


class Inspector:
    """Which point is looked at, and what is shown of it."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self.hovered: Spot | None = None
        self.pinned: Spot | None = None
        self.ring = Marker(parent, disc(6.0), 21)
        self.error = Curve(parent, 20)
        self.readout = Readout(parent)

    @property
    def spot(self) -> Spot | None:
        """The point that is looked at: the pinned one, if there is one."""
        return self.pinned or self.hovered

    def click(self, spot: Spot | None) -> None:
        """Pin a point, or let go of the pinned one by a click on it or on none."""
        self.pinned = None if spot == self.pinned else spot

    def forget(self) -> None:
        """Look at nothing."""
        self.hovered = self.pinned = None

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take a theme's colours, and the font of the plot."""
        self.ring.paint_as(None, pen(theme.fit, 2.2))
        self.error.pen = pen(theme.fit, 2.2)
        self.readout.dress(theme, font)

    def show(
        self,
        mapping: Mapping,
        at: tuple[float, float],
        fitted: float | None,
        facts: Facts,
        avoided: Sequence[QRectF],
    ) -> None:
        """Show facts of a point of the data, and its error up to the height ``fitted``."""
        self.ring.place(mapping, at)
        ends = None if fitted is None else np.array([at, (at[0], fitted)])
        self.error.place(mapping, ends)
        spot = QPointF(*mapping.pixel(*at))
        if not self.readout.show_beside(spot, mapping, facts, avoided):
            brief = Facts("", facts.rows[BRIEF])
            self.readout.show_beside(spot, mapping, brief, avoided)

    def clear(self) -> None:
        """Show nothing."""
        self.ring.hide()
        self.error.hide()
        self.readout.clear()


def facts_text(problem: Problem, spot: Spot, feature: int, facts: PointFacts) -> Facts:
    """The facts of a point in words; ``feature`` is the one along the axis."""
    data = problem.dataset
    names = list(enumerate(data.features))
    if len(names) > MOST_FEATURES:
        names = [names[feature]]
    title = (
        translate("Inspector", "validation point {number}")
        if spot.part
        else translate("Inspector", "training point {number}")
    )
    share = "—" if np.isnan(facts.share) else f"{number(100 * facts.share, SHARE_DIGITS)} %"
    return Facts(
        title.format(number=whole_number(spot.index + 1)),
        (
            *((shortened(name), number(float(facts.x[k]), 5)) for k, name in names),
            (shortened(data.target), number(facts.y, 5)),
            ("ŷ", fixed_number(facts.prediction)),
            (translate("Inspector", "error ŷ − y"), fixed_number(facts.error)),
            (translate("Inspector", "loss ℓ"), fixed_number(facts.loss)),
            (translate("Inspector", "share of Σℓ"), share),
        ),
    )
