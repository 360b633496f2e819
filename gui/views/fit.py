"""Data and fit: the points, the current line, its residuals and the least-squares line."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QWidget

from engine.live.snapshot import Snapshot
from engine.problem import fit
from engine.problem.dataset import Part
from engine.problem.problem import Problem
from engine.types import Vector
from gui.style import mix
from gui.text import optimum_name
from gui.views.items import Pairs, StraightLine, disc, draw_stamps, pen, stamp
from gui.views.legend import Entry
from gui.views.plot import PlotView
from gui.views.ranges import Range
from gui.views.raster import RasterLayer
from gui.views.segments import EDGE

MOST_POINTS = 20_000
"""Points of a scatter; more are shown as an image of their density."""

MOST_PARTIAL = 2_000
"""Points of a scatter that moves with the fit."""

MOST_RESIDUALS = 300
TRAIL = 6
"""Rows before the current one whose lines are still seen, fading."""

X_MARGIN = 0.05
LINE_MARGIN = 0.025
Y_MARGIN = 0.06
REACH = 1.5
"""Ranges of the data by which the picture grows for a line that lies outside."""

GROWTH_STEP = 0.25
POINT_RADIUS = 2.8
CELL = 2
"""Pixels of a cell of the density image."""


class FitView(PlotView):
    """Training points filled, validation points hollow, in the user's own units.

    With several features it shows the partial residuals against one of them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feature = 0
        self._data_range: Range = (0.0, 1.0)
        self._y_range: Range = (0.0, 1.0)
        self._x_range: Range = (0.0, 1.0)
        self._aimed: tuple[object, ...] = ()
        self._rows_seen = 0
        self._ends = np.zeros(2)
        self._paired: Vector = np.zeros((0, 2))
        self._paired_x: Vector = np.zeros(0)
        self.residuals = Pairs(self.box, -60)
        self.points = RasterLayer(self.box, -50)
        self.trail = [StraightLine(self.box, -40 + i) for i in range(TRAIL)]
        self.least_squares = StraightLine(self.box, 0)
        self.line = StraightLine(self.box, 10)
        self.choice = QComboBox()
        self.choice.setObjectName("fit_feature")
        self.choice.hide()
        self.choice.activated.connect(self._on_feature_chosen)
        self.tools.addWidget(self.choice)
        self._dress()
        self.retranslate()

    def retranslate(self) -> None:
        self.set_title(self.tr("Data and fit"))
        self.choice.setToolTip(self.tr("The feature that the points are drawn against"))
        if self._snapshot is not None:
            self._name(self._snapshot.problem)
        super().retranslate()

    def choose_feature(self, feature: int) -> None:
        """Draw against another feature."""
        self.feature = feature
        self.choice.setCurrentIndex(feature)
        self._invalidate()

    @Slot(int)
    def _on_feature_chosen(self, feature: int) -> None:
        self.choose_feature(feature)

    @property
    def is_partial(self) -> bool:
        """Whether partial residuals are shown, which move with the fit."""
        return self._snapshot is not None and self._snapshot.problem.dataset.n_features > 1

    def _parts(self, problem: Problem) -> list[tuple[Part, slice]]:
        """Training and validation part and which of their points are shown."""
        parts = [problem.dataset.train, problem.dataset.validation]
        n = sum(part.n for part in parts)
        limit = MOST_PARTIAL if self.is_partial else n
        return [(part, fit.evenly(part.n, max(1, limit * part.n // n))) for part in parts]

    def _is_dense(self, problem: Problem) -> bool:
        return not self.is_partial and _total(problem) > MOST_POINTS

    def _name(self, problem: Problem) -> None:
        """Name the axes, and say so where not all points are shown or they are no plain ones."""
        data = problem.dataset
        if not self.is_partial:
            self.set_axis_labels(data.features[self.feature], data.target)
            self.set_note("")
            return
        label = self.tr("{target}, less what the other features explain")
        self.set_axis_labels(data.features[self.feature], label.format(target=data.target))
        shown = sum(len(range(*rows.indices(part.n))) for part, rows in self._parts(problem))
        if shown < _total(problem):
            note = self.tr("partial residuals · {shown} of {n} points shown")
        else:
            note = self.tr("partial residuals")
        self.set_note(note.format(shown=f"{shown:,}", n=f"{_total(problem):,}"))

    # Ranges

    def _aim(self, snapshot: Snapshot) -> None:
        problem, params = snapshot.problem, snapshot.rows.params
        if self._drawn is None or self._drawn.problem is not problem:
            self._offer_features(problem)
        start = params[:, 0].tolist() if self.is_partial else []  # which else moves no point
        aimed = (problem, self.feature, *start)
        if self._aimed != aimed:
            self._aimed = aimed
            self._aim_at_data(problem, params[:, 0])
            self._rows_seen = 0
        if self._drawn is not None and self._drawn.generation != snapshot.generation:
            self._rows_seen, self._y_range = 0, self._data_range
        self._grow(fit.fit_line(problem, params[:, self._rows_seen :], self.feature, self._ends))
        self._rows_seen = len(snapshot.rows)
        self.set_ranges(self._x_range, self._y_range)

    def _offer_features(self, problem: Problem) -> None:
        names = problem.dataset.features
        self.feature = min(self.feature, len(names) - 1)
        self.choice.clear()
        self.choice.addItems(list(names))
        self.choice.setCurrentIndex(self.feature)
        self.choice.setVisible(len(names) > 1)
        self._name(problem)

    def _aim_at_data(self, problem: Problem, start: Vector) -> None:
        x = np.concatenate([part.x[:, self.feature] for part, _ in self._parts(problem)])
        self._x_range = fit.extent(x, X_MARGIN)
        self._ends = np.array(fit.extent(x, LINE_MARGIN))
        best = start if problem.optimum.params is None else problem.optimum.params
        params = [best, start] if self.is_partial else [best]
        y = np.concatenate([self._y(problem, each) for each in params])
        self._data_range = self._y_range = fit.extent(y, Y_MARGIN)
        if self.is_partial:
            self._name(problem)

    def _y(self, problem: Problem, params: Vector) -> Vector:
        return np.concatenate(
            [
                fit.partial_residuals(problem, params, self.feature, part, rows)
                for part, rows in self._parts(problem)
            ]
        )

    def _grow(self, lines: Vector) -> None:
        """Let the lines that lie not too far outside be seen, in coarse steps."""
        low, high = self._data_range
        step, reach = GROWTH_STEP * (high - low), REACH * (high - low)
        near = lines[(lines >= low - reach) & (lines <= high + reach)]
        if len(near):
            down, up = (low - float(near.min())) / step, (float(near.max()) - high) / step
            bottom = low - step * math.ceil(down + 0.1) if down > 0 else low
            top = high + step * math.ceil(up + 0.1) if up > 0 else high
            self._y_range = (min(self._y_range[0], bottom), max(self._y_range[1], top))

    # Painting

    def _paint_still(self, snapshot: Snapshot) -> None:
        problem = snapshot.problem
        self._stamps = self._make_stamps()
        self.points.reset(self.mapping)
        if self._is_dense(problem):
            self._paint_density(problem)
        elif not self.is_partial:
            self._paint_points(problem, snapshot.rows.params[:, 0])
        self._pair(problem, snapshot.rows.params[:, 0])
        self._write_legend(problem)

    def _make_stamps(self) -> tuple[QPixmap, QPixmap]:
        ratio, data = self.mapping.ratio, QColor(self.theme.data)
        hollow = stamp(disc(POINT_RADIUS), QColor(self.theme.plot), pen(data, 1.2), ratio)
        return stamp(disc(POINT_RADIUS + 0.3), data, None, ratio), hollow

    def _paint_points(self, problem: Problem, params: Vector) -> None:
        painter = self.points.painter()
        for (part, rows), picture in zip(self._parts(problem), self._stamps, strict=True):
            y = fit.partial_residuals(problem, params, self.feature, part, rows)
            pixels = self.mapping.to_pixels(part.x[rows, self.feature], y)
            draw_stamps(painter, self._seen(pixels), picture)
        painter.end()
        self.points.ink_all()

    def _seen(self, pixels: Vector) -> Vector:
        size = np.array([self.mapping.width, self.mapping.height])
        return pixels[((pixels > -EDGE) & (pixels < size + EDGE)).all(axis=1)]

    def _paint_density(self, problem: Problem) -> None:
        """Training and validation points together: the more in a cell, the stronger its colour."""
        mapping = self.mapping
        shape = (max(1, round(mapping.height / CELL)), max(1, round(mapping.width / CELL)))
        counts = np.zeros(shape)
        for part, _ in self._parts(problem):
            x = part.x[:, self.feature]
            counts += fit.density(x, part.y, mapping.x_range, mapping.y_range, shape)
        image = _density_image(counts, QColor(self.theme.data))
        painter = self.points.painter()
        painter.drawImage(QRectF(0, 0, mapping.width, mapping.height), image)
        painter.end()
        self.points.ink_all()

    def _pair(self, problem: Problem, params: Vector) -> None:
        """Choose the training points that get a residual line, the same ones in every frame."""
        train, rows = self._parts(problem)[0]
        few = fit.evenly(len(range(*rows.indices(train.n))), MOST_RESIDUALS)
        self._paired_x = train.x[rows, self.feature][few]
        y = fit.partial_residuals(problem, params, self.feature, train, rows)[few]
        self._paired = self.mapping.to_pixels(self._paired_x, y)

    def _place(self, snapshot: Snapshot) -> None:
        problem, rows = snapshot.problem, snapshot.rows.params
        params = rows[:, snapshot.row]
        if self.is_partial:
            self.points.reset(self.mapping)
            self._paint_points(problem, params)
            self._pair(problem, params)
        self.line.place(self.mapping, self._line_of(problem, params))
        best = problem.optimum.params
        self.least_squares.place(
            self.mapping, None if best is None else self._line_of(problem, best)
        )
        self._place_trail(problem, rows[:, max(0, snapshot.row - TRAIL) : snapshot.row])
        self._place_residuals(problem, params)

    def _line_of(self, problem: Problem, params: Vector) -> Vector:
        y = fit.fit_line(problem, params, self.feature, self._ends)
        return np.column_stack((self._ends, y))

    def _place_trail(self, problem: Problem, before: Vector) -> None:
        missing = TRAIL - before.shape[1]
        for i, item in enumerate(self.trail):
            past = None if i < missing else self._line_of(problem, before[:, i - missing])
            item.place(self.mapping, past)

    def _place_residuals(self, problem: Problem, params: Vector) -> None:
        x = np.floor(self._paired[:, 0]) + 0.5
        fitted = fit.fit_line(problem, params, self.feature, self._paired_x)
        there = (self.mapping.y_range[1] - fitted) * self.mapping.per_y
        ends = np.clip((self._paired[:, 1], there), -EDGE, self.mapping.height + EDGE)
        self.residuals.place(np.column_stack((x, ends[0], x, ends[1])))

    # Looks

    def _restyle(self) -> None:
        theme = self.theme
        self.residuals.pen = pen(theme.residual)
        self.line.setPen(pen(theme.fit, 2.5))
        self.least_squares.setPen(pen(theme.optimum, 1.6, Qt.PenStyle.DashLine))
        for i, item in enumerate(self.trail):
            item.setPen(pen(mix(theme.fit, theme.plot, 0.12 + 0.07 * i), 1.4))

    def _write_legend(self, problem: Problem) -> None:
        theme, data = self.theme, QColor(self.theme.data)
        dot = disc(POINT_RADIUS + 0.3)
        if self._is_dense(problem):
            entries = [Entry(self.tr("points (density)"), None, dot, data)]
        else:
            entries = [Entry(self.tr("training"), None, dot, data)]
            if problem.dataset.validation.n:
                hollow = disc(POINT_RADIUS)
                entries.append(Entry(self.tr("validation"), pen(data, 1.2), hollow))
        entries += [
            Entry(self.tr("current fit"), self.line.pen()),
            Entry(optimum_name(problem), self.least_squares.pen()),
        ]
        self.legend.write(tuple(entries), self.font(), theme.text, theme.plot)

    def _crowd(self, snapshot: Snapshot) -> Vector:
        """The points, and the current and the least-squares line, which weigh as much."""
        problem, params = snapshot.problem, snapshot.rows.params
        along = np.linspace(self._ends[0], self._ends[1], max(50, len(self._paired) // 2))
        lines = [params[:, 0], params[:, snapshot.row]]
        if problem.optimum.params is not None:
            lines.append(problem.optimum.params)
        curves = [
            self.mapping.to_pixels(along, fit.fit_line(problem, each, self.feature, along))
            for each in lines
        ]
        return np.concatenate([self._paired, *curves])


def _total(problem: Problem) -> int:
    return problem.dataset.train.n + problem.dataset.validation.n


def _density_image(counts: Vector, colour: QColor) -> QImage:
    """One pixel a cell, its opacity growing with the logarithm of the count."""
    share = np.log1p(counts) / max(np.log1p(counts.max()), 1.0)
    alpha = np.where(counts > 0, 40 + 215 * share, 0).astype(np.uint32)
    pixels = np.ascontiguousarray((alpha << 24 | (colour.rgb() & 0xFFFFFF))[::-1])
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    return image.copy()
