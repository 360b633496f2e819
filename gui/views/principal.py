"""The steepest and the flattest direction, drawn as the axes of the contours."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem

from engine.problem.conditioning import ContourAxes
from engine.types import Vector
from gui.style import Theme
from gui.text import number
from gui.views.items import StraightLine, pen
from gui.views.labels import Label
from gui.views.mapping import Mapping

REACH = 0.36
"""Share of the plot's sides that the longer line has on either side of the middle."""

LABEL_GAP = 14.0


class PrincipalAxes:
    """Two lines through a point, half as long as 1/√λ on a common scale to either side of it.

    They are the axes of one of the contours, chosen so that it fits into the plot.
    """

    def __init__(self, box: QGraphicsItem) -> None:
        self.lines = (StraightLine(box, -50), StraightLine(box, -50))
        self.labels = (Label(box, 45), Label(box, 45))

    def dress(self, theme: Theme, font: QFont) -> None:
        """Take the colours of a theme, and the font of the plot."""
        for line, label in zip(self.lines, self.labels, strict=True):
            line.setPen(pen(theme.optimum, 1.8))
            label.dress(theme, font, theme.text)

    def clear(self) -> None:
        """Show nothing."""
        for line, label in zip(self.lines, self.labels, strict=True):
            line.ends = None
            line.hide()
            label.clear()

    def place(
        self, mapping: Mapping, there: ContourAxes | None, name: str, covered: Sequence[QRectF]
    ) -> None:
        """Show the axes; nothing where there are none.

        Parameters
        ----------
        name
            What an eigenvalue is called.
        covered
            Where no label is to stand.
        """
        if there is None:
            self.clear()
            return
        arms = there.directions / np.sqrt(there.eigenvalues)  # (2, 2), a column each
        pixels = np.abs(arms) * [[mapping.per_x], [mapping.per_y]]
        sides = np.array([[mapping.width], [mapping.height]])
        arms = arms * (REACH / float((pixels / sides).max()))
        taken = list(covered)
        for k, (line, label) in enumerate(zip(self.lines, self.labels, strict=True)):
            arm = arms[:, k]
            line.place(mapping, np.array([there.centre - arm, there.centre + arm]))
            text = f"{name}{'₁₂'[k]} = {number(float(there.eigenvalues[k]))}"
            label.show_near(
                text, _spots(mapping, there, arm, label.width_of(text)), mapping.rect, taken
            )
            if label.text:
                taken.append(label.box)


def _spots(mapping: Mapping, there: ContourAxes, arm: Vector, width: float) -> list[QPointF]:
    """Beyond either end of an arm, or beside it."""
    middle = QPointF(*mapping.pixel(*there.centre.tolist()))
    spots = []
    for sign in (1, -1):
        end = QPointF(*mapping.pixel(*(there.centre + sign * arm).tolist()))
        along = end - middle
        length = math.hypot(along.x(), along.y())
        if length > 0:
            along = along / length
            across = QPointF(-along.y(), along.x())
            aside = across * (LABEL_GAP + abs(across.x()) * width / 2)
            beyond = end + along * (LABEL_GAP + abs(along.x()) * width / 2)
            spots += [beyond, end + aside, end - aside]
    return spots
