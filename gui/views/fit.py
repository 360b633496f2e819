"""Data and fit: the points, the current fit, its residuals and the best fit there is."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Slot
from PySide6.QtGui import QColor, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QComboBox, QGridLayout, QWidget

from engine.live.snapshot import RunView, Snapshot
from engine.problem import fit
from engine.problem.dataset import Part
from engine.problem.problem import Problem
from engine.types import Vector
from gui.run_looks import RunLooks
from gui.style import mix
from gui.text import optimum_name, whole_number
from gui.views.equation import equation
from gui.views.fit_points import (
    POINT_RADIUS,
    RING_RADIUS,
    SQUARE_HALF,
    Looks,
    PointLayer,
    Spot,
    looks,
    seen,
)
from gui.views.fit_subject import Subject
from gui.views.inspector import Inspector, facts_text
from gui.views.items import Curve, Curves, Pairs, Stamps, disc, pen, square
from gui.views.legend import Entry
from gui.views.other_runs import OtherFits, most_lines, run_entries
from gui.views.plot import PlotView
from gui.views.prediction import PredictionInput, PredictionMark, answer_text
from gui.views.ranges import REACH, Extents, Range, reaching
from gui.views.raster import line_pen
from gui.views.segments import EDGE
from gui.views.text_line import TextLine
from gui.views.tint import COLUMNS, ROWS, Tint

MOST_RESIDUALS = 300
MOST_RINGS = 500
TRAIL = 6
"""Rows before the current one whose fits are still seen, fading."""

X_MARGIN = 0.05
LINE_MARGIN = 0.025
EQUATION_GAP = 14
"""Pixels by which equation and boxes are shorter than the row that they share, at least."""

CURVE_STEP = 2.5
"""Pixels between two points of a curve."""

LEAST_FOR_GHOSTS = 270
"""Pixels of height from which on the legend also names the fits of earlier rows."""

CELL = 2
"""Pixels of a cell of the density image."""


class FitView(PlotView):
    """Training points filled, validation points hollow, in the user's own units.

    With one feature it shows the target and the fit over it; with several, the partial residuals
    against one of them; with two features that tell two classes apart, the plane of both and the
    boundary in it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feature = 0
        self._data_range: Range = (0.0, 1.0)
        self._x_range: Range = (0.0, 1.0)
        self._aimed: tuple[object, ...] = ()
        self._lines = Extents(2)
        self._ends = self._along = np.zeros(2)
        self._paired: Vector = np.zeros((0, 2))
        self._paired_x: Vector = np.zeros(0)
        self._tinted: tuple[object, ...] = ()
        self._has_rings = False
        self._is_narrow = False
        self._pressed: QPointF | None = None
        self._looks: Looks | None = None
        self._run_looks = RunLooks()
        self._build_items()
        self._build_header()
        self._dress()
        self.retranslate()

    def _build_items(self) -> None:
        self.tint = Tint(self.box, -99)
        self.faint_grid = Pairs(self.box, -98)
        self.residuals = Pairs(self.box, -60)
        self.points = PointLayer(self.box, -50)
        self.rings = Stamps(self.box, -45)
        self.start = Curve(self.box, -41)
        self.trail = Curves(self.box, -40)
        self.optimum = Curve(self.box, 0)
        self.others = OtherFits(self.box, 2)
        self.threshold = Curve(self.box, 5)
        self.line = Curve(self.box, 10)
        self.mark = PredictionMark(self.box)
        self.inspector = Inspector(self.box)

    def _build_header(self) -> None:
        self.asked = PredictionInput()
        self.asked.changed.connect(self._on_asked)
        self.choice = QComboBox()
        self.choice.setObjectName("fit_feature")
        self.choice.hide()
        self.choice.activated.connect(self._on_feature_chosen)
        self.tools.addWidget(self.choice)
        self.equation = TextLine()
        self._below = QGridLayout()
        self._below.setColumnStretch(0, 1)
        self._below.addWidget(self.equation, 0, 0)
        self._below.addWidget(self.asked, 0, 1, Qt.AlignmentFlag.AlignHCenter)
        self._header.addLayout(self._below, 2, 0, 1, 2)

    def _arrange_header(self) -> None:
        """The equation and the boxes in one row, or in two where that is too narrow."""
        if self._snapshot is None:
            return
        text = equation(self._snapshot.problem, self._snapshot.rows.params[:, 0])
        width = self.equation.width_of(text)
        margins = self._header.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        needed = width + EQUATION_GAP + self.asked.sizeHint().width()
        if (room < needed) != self._is_narrow:
            self._is_narrow = not self._is_narrow
            place = (1, 0) if self._is_narrow else (0, 1)
            self._below.addWidget(self.asked, *place, Qt.AlignmentFlag.AlignHCenter)

    def retranslate(self) -> None:
        self.set_title(self.tr("Data and fit"))
        self.choice.setToolTip(self.tr("The feature that the points are drawn against"))
        self.asked.retranslate()
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

    @Slot()
    def _on_asked(self) -> None:
        self._draw_if_visible()
        if self._drawn is not None:
            self._settle_legend(self._drawn)

    # What is shown

    @property
    def _subject(self) -> Subject:
        assert self._snapshot is not None
        return Subject(self._snapshot.problem, self.feature)

    @property
    def is_plane(self) -> bool:
        """Whether two features are the axes, and the boundary of two classes the fit."""
        return self._subject.is_plane

    def _pixels(self, params: Vector, part: Part, rows: slice | NDArray[np.intp]) -> Vector:
        y = self._subject.height(params, part, rows)
        return self.mapping.to_pixels(part.x[rows, self.feature], y)

    def _curves(self, params: Vector) -> list[Vector | None]:
        """The points of the fits of parameters (p, k)."""
        mapping = self.mapping
        return self._subject.curves(params, self._along, mapping.x_range, mapping.y_range)

    def _curve(self, params: Vector) -> Vector | None:
        return self._curves(params[:, np.newaxis])[0]

    def _name(self, problem: Problem) -> None:
        """Name the axes, and say so where not all points are shown or they are no plain ones."""
        data = problem.dataset
        if self.is_plane:
            self.set_axis_labels(*data.features)
        elif self._subject.is_partial:
            label = self.tr("{target}, less what the other features explain")
            self.set_axis_labels(data.features[self.feature], label.format(target=data.target))
        elif self._subject.has_threshold:
            label = self.tr("{target}, and ŷ = P({target} = 1)")
            self.set_axis_labels(data.features[0], label.format(target=data.target))
        else:
            self.set_axis_labels(data.features[0], data.target)
        self.set_note(self._partial_note(problem) if self._subject.is_partial else "")

    def _partial_note(self, problem: Problem) -> str:
        shown = self._subject.n_shown
        if shown < problem.n_points:
            note = self.tr("partial residuals · {shown} of {n} points shown")
        else:
            note = self.tr("partial residuals")
        return note.format(shown=whole_number(shown), n=whole_number(problem.n_points))

    # Ranges

    def _aim(self, snapshot: Snapshot) -> None:
        problem, params = snapshot.problem, snapshot.rows.params
        if self._drawn is None or self._drawn.problem is not problem:
            self._take(problem)
        # where residuals are partial, the start moves the points
        start = params[:, 0].tolist() if self._subject.is_partial else []
        aimed = (problem, self.feature, self.asked.values, *start)
        if self._aimed != aimed:
            self._aimed = aimed
            self._aim_at_data(problem, params[:, 0])
            self._lines.forget()
        self.set_ranges(self._x_range, self._grown(snapshot))

    def _take(self, problem: Problem) -> None:
        """Begin with another problem."""
        names = problem.dataset.features
        self.feature = 0 if self.is_plane else min(self.feature, len(names) - 1)
        self.choice.clear()
        self.choice.addItems(list(names))
        self.choice.setCurrentIndex(self.feature)
        self.choice.setVisible(self._subject.is_partial)
        self.asked.ask(names)
        self._arrange_header()
        self.inspector.forget()

    def _aim_at_data(self, problem: Problem, start: Vector) -> None:
        subject = self._subject
        x = subject.x()
        self._x_range, self._ends = fit.extent(x, X_MARGIN), np.array(fit.extent(x, LINE_MARGIN))
        self._data_range = subject.y_range(start)
        if self.asked.values is not None:
            self._make_room(self.asked.values)
        self._name(problem)

    def _make_room(self, values: tuple[float, ...]) -> None:
        """Let the picture reach to what a prediction is asked for, if it is not too far away."""
        low, high = self._x_range
        self._x_range = reaching(self._x_range, values[self.feature])
        if self._x_range != (low, high):
            self._ends = np.array(self._x_range)
        if self.is_plane:
            self._data_range = reaching(self._data_range, values[1])

    def _grown(self, snapshot: Snapshot) -> Range:
        """The range of the data, with room for the lines that lie not too far outside of it."""
        if not fit.is_straight(snapshot.problem):
            return self._data_range
        runs = self._run_looks.framing(snapshot)
        low, high = self._lines.of(runs, partial(self._near_ends, snapshot.problem))
        bottom, top = self._data_range
        for value in (float(low.min()), float(high.max())):
            reached = reaching(self._data_range, value)
            bottom, top = min(bottom, reached[0]), max(top, reached[1])
        return bottom, top

    def _near_ends(self, problem: Problem, params: Vector) -> Vector:
        """The heights (2, m) of the lines' ends; NaN where they are too far outside."""
        heights = fit.fit_line(problem, params, self.feature, self._ends).T
        low, high = self._data_range
        reach = REACH * (high - low)
        return np.where((heights >= low - reach) & (heights <= high + reach), heights, np.nan)

    # Painting

    def _paint_still(self, snapshot: Snapshot) -> None:
        problem, start = snapshot.problem, snapshot.rows.params[:, 0]
        self._looks = looks(self.theme, self.mapping.ratio)
        self._along = self._ends
        if not fit.is_straight(problem):
            first, last = self._ends.tolist()
            pixels = (last - first) * self.mapping.per_x
            self._along = np.linspace(first, last, max(2, round(pixels / CURVE_STEP)))
        self.points.reset(self.mapping)
        if self._subject.is_dense:
            self._paint_density()
        elif not self._subject.is_partial:
            self._paint_points(start)
        self._pair(start)
        self._paint_faint_grid()
        self._tinted = ()

    def _paint_points(self, params: Vector) -> None:
        assert self._looks is not None
        for number, (part, rows) in enumerate(self._subject.parts()):
            pictures = self._looks.by_part[number]
            indices, pixels = np.arange(part.n)[rows], self._pixels(params, part, rows)
            if self.is_plane:
                for label, picture in enumerate(pictures):
                    of_class = part.y[rows] == label
                    self.points.add(number, indices[of_class], pixels[of_class], picture)
            else:
                self.points.add(number, indices, pixels, pictures[0])

    def _paint_density(self) -> None:
        """Training and validation points together: the more in a cell, the stronger its colour."""
        mapping = self.mapping
        shape = (max(1, round(mapping.height / CELL)), max(1, round(mapping.width / CELL)))
        counts = [np.zeros(shape) for _ in self._classes()]
        for part, _ in self._subject.parts():
            x, y = part.x[:, self.feature], part.x[:, 1] if self.is_plane else part.y
            for label, count in enumerate(counts):
                of_class = part.y == label if self.is_plane else slice(None)
                count += fit.density(
                    x[of_class], y[of_class], mapping.x_range, mapping.y_range, shape
                )
        self.points.paint_density(counts, self._classes())

    def _classes(self) -> list[QColor]:
        """The colours of the points: one, or one for each class."""
        names = [self.theme.data, self.theme.second] if self.is_plane else [self.theme.data]
        return [QColor(name) for name in names]

    def _paint_faint_grid(self) -> None:
        """In the plane, over the tint, which would hide the grid below it."""
        self.faint_grid.setVisible(self.is_plane)
        self.tint.setVisible(self.is_plane)
        if self.is_plane:
            colour = QColor(self.theme.contour)
            colour.setAlphaF(0.14)
            self.faint_grid.paint_as(pen(colour))
            x, y = ([value for value, _ in ticks.major] for ticks in self.ticks)
            self.faint_grid.place(self.grid_lines(x, y))

    def _pair(self, params: Vector) -> None:
        """Choose the training points that get a residual line, the same ones in every frame."""
        train, rows = self._subject.parts()[0]
        few = np.arange(train.n)[rows]
        few = few[fit.evenly(len(few), MOST_RESIDUALS)]
        self._paired_x = train.x[few, self.feature]
        self._paired = self._pixels(params, train, few)

    def _place(self, snapshot: Snapshot) -> None:
        problem, rows = snapshot.problem, snapshot.rows.params
        params = rows[:, snapshot.row]
        if self._subject.is_partial:
            self.points.reset(self.mapping)
            self._paint_points(params)
            self._pair(params)
        self._place_lines(snapshot)
        self._place_threshold(problem, params)
        self._place_residuals(problem, params)
        if self.is_plane:
            self._place_tint(problem, params)
        if self.is_readable:
            self._place_rings(snapshot)
            self.equation.set_text(equation(problem, params))
        self._place_prediction(problem, params)
        self._inspect(problem, params)

    def _place_lines(self, snapshot: Snapshot) -> None:
        """The fits at the cursor and at the rows before it, and those of the other runs."""
        row = snapshot.row
        before = TRAIL if self.is_readable else 0
        *earlier, now = self._curves(snapshot.rows.params[:, max(0, row - before) : row + 1])
        if self.is_readable:
            self.trail.place(self.mapping, [None] * (TRAIL - len(earlier)) + earlier)
        self.line.place(self.mapping, now)
        self.others.place(self.mapping, snapshot, self._curves)

    def _place_threshold(self, problem: Problem, params: Vector) -> None:
        """Where the one feature's ŷ is ½."""
        at = None
        if self._subject.has_threshold:
            at = fit.threshold(problem, params)
        ends = None if at is None else np.array([(at, y) for y in self.mapping.y_range])
        self.threshold.place(self.mapping, ends)

    def _place_residuals(self, problem: Problem, params: Vector) -> None:
        if self.is_plane:
            self.residuals.place(np.zeros((0, 4)))
            return
        x = np.floor(self._paired[:, 0]) + 0.5
        fitted = fit.fit_curve(problem, params, self.feature, self._paired_x)
        there = (self.mapping.y_range[1] - fitted) * self.mapping.per_y
        ends = np.clip((self._paired[:, 1], there), -EDGE, self.mapping.height + EDGE)
        self.residuals.place(np.column_stack((x, ends[0], x, ends[1])))

    def _place_rings(self, snapshot: Snapshot) -> None:
        """Rings around the points that the update at the cursor looks at."""
        assert self._looks is not None
        members = snapshot.run.members
        if (members is not None) != self._has_rings:
            self._write_legend(snapshot)
            self._settle_legend(snapshot)
        if members is None:
            self.rings.place(np.zeros((0, 2)), self._looks.ring)
            return
        problem, params = snapshot.problem, snapshot.rows.params[:, snapshot.row]
        few = members[fit.evenly(len(members), MOST_RINGS)]
        pixels = self._pixels(params, problem.dataset.train, few)
        self.rings.place(seen(pixels, self.mapping), self._looks.ring)

    def _place_tint(self, problem: Problem, params: Vector) -> None:
        tinted = (problem, *params.tolist())
        if self._tinted != tinted:
            self._tinted = tinted
            x1 = np.linspace(*self.mapping.x_range, COLUMNS)
            x2 = np.linspace(*self.mapping.y_range, ROWS)
            likely = fit.probabilities(problem, params, x1, x2)
            self.tint.place(self.mapping, likely, self.theme)

    def _place_prediction(self, problem: Problem, params: Vector) -> None:
        values = self.asked.values
        if values is None:
            self.mark.clear()
            return
        prediction = float(fit.predict(problem, params, np.array([values]))[0])
        answer = answer_text(problem, values, prediction)
        x = np.array(values[self.feature : self.feature + 1])
        y = values[1] if self.is_plane else fit.fit_curve(problem, params, self.feature, x)[0]
        self.mark.place(self.mapping, (float(x[0]), float(y)), answer, self._covered())

    # The point that is looked at

    def _inspect(self, problem: Problem, params: Vector) -> None:
        spot = self.inspector.spot
        if spot is None or self._subject.is_dense:
            self.inspector.clear()
            return
        part = (problem.dataset.train, problem.dataset.validation)[spot.part]
        index = np.array([spot.index])
        x = part.x[index, self.feature]
        at = (float(x[0]), float(self._subject.height(params, part, index)[0]))
        fitted = None
        if not self.is_plane:
            fitted = float(fit.fit_curve(problem, params, self.feature, x)[0])
        facts = fit.point_facts(problem, params, part, spot.index)
        text = facts_text(problem, spot, self.feature, facts)
        avoided = [*self._covered(), *([self.mark.answer.box] if self.mark.answer.facts else [])]
        self.inspector.show(self.mapping, at, fitted, text, avoided)

    def _on_mouse(self, event: QMouseEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._hover(self._spot_at(event.position()))
        elif event.button() == Qt.MouseButton.LeftButton:
            if kind == QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                moved = (event.position() - self._pressed).manhattanLength()
                self._pressed = None
                if moved < QApplication.startDragDistance():
                    self.inspector.click(self._spot_at(event.position()))
                    self._look_again()

    def _on_leave(self) -> None:
        self._hover(None)

    def _hover(self, spot: Spot | None) -> None:
        if spot != self.inspector.hovered:
            self.inspector.hovered = spot
            self._look_again()

    def _look_again(self) -> None:
        if self._drawn is not None and self._drawn is self._snapshot:
            self._inspect(self._drawn.problem, self._drawn.rows.params[:, self._drawn.row])

    def _spot_at(self, position: QPointF) -> Spot | None:
        pixel = self.pixel_at(position)
        return None if pixel is None else self.points.nearest(pixel.x(), pixel.y())

    # Looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_header()

    def _restyle(self) -> None:
        theme = self.theme
        self.residuals.paint_as(pen(theme.residual))
        self.optimum.pen = pen(theme.optimum, 1.6, Qt.PenStyle.DashLine)
        self.start.pen = pen(mix(theme.faint, theme.plot, 0.8), 1.2, Qt.PenStyle.DashLine)
        self.inspector.dress(theme, self.font())
        self.mark.dress(theme, self.font())
        self.asked.dress(theme)

    def set_looks(self, looks: RunLooks) -> None:
        """Draw the runs that are to be shown."""
        self._run_looks = looks
        self._invalidate()

    def _dress_fit(self, selected: int) -> None:
        """Give the fit of the selected run its look."""
        theme, looks = self.theme, self._run_looks
        colour = looks.colour(selected, theme)
        self.line.pen = looks.pen(selected, theme, 2.5)
        self.threshold.pen = pen(colour, 1.4, Qt.PenStyle.DotLine)
        shares = [0.12 + 0.07 * i for i in range(TRAIL)]
        self.trail.dress([line_pen(mix(colour, theme.plot, share), 1.4) for share in shares])

    def _begin(self, snapshot: Snapshot) -> None:
        self._dress_fit(snapshot.selected)
        self.others.dress(self._run_looks, snapshot, self.theme)
        self.start.place(self.mapping, self._curve(snapshot.rows.params[:, 0]))
        best = snapshot.problem.optimum.params
        self.optimum.place(self.mapping, None if best is None else self._curve(best))
        self._write_legend(snapshot)

    def _write_legend(self, snapshot: Snapshot) -> None:
        problem, theme = snapshot.problem, self.theme
        self._has_rings = snapshot.run.members is not None
        most = most_lines(self.mapping, self.font())
        runs = run_entries(self._run_looks, snapshot, theme, most)
        if runs:  # which are enough to read
            entries = [*(self._point_entries(problem) if self.is_plane else ()), *runs]
        else:
            entries = self._entries_of_one(problem)
        if problem.optimum.params is not None:
            entries.append(Entry(optimum_name(problem), self.optimum.pen))
        if self.mapping.height >= LEAST_FOR_GHOSTS and not runs:
            entries.append(Entry(self.tr("earlier"), self.trail.lines[TRAIL // 2].pen))
            entries.append(Entry(self.tr("start"), self.start.pen))
        self.legend.write(tuple(entries), self.font(), theme.text, theme.plot)

    def _entries_of_one(self, problem: Problem) -> list[Entry]:
        """The points and the fit where only one run is drawn."""
        entries = self._point_entries(problem)
        if self._has_rings:
            ring = pen(self.theme.cursor, 1.5)
            entries.append(Entry(self.tr("current batch"), ring, disc(RING_RADIUS)))
        current = self.tr("boundary ŷ = ½") if self.is_plane else self.tr("current fit")
        entries.append(Entry(current, self.line.pen))
        if self._subject.has_threshold:
            entries.append(Entry("ŷ = ½", self.threshold.pen))
        return entries

    def _point_entries(self, problem: Problem) -> list[Entry]:
        data, second = QColor(self.theme.data), QColor(self.theme.second)
        dot, box = disc(POINT_RADIUS + 0.3), square(SQUARE_HALF + 0.3)
        if self.is_plane:
            name = self.tr("{target} = {label}")
            target = problem.dataset.target
            entries = [
                Entry(name.format(target=target, label=label), None, symbol, colour)
                for label, symbol, colour in ((0, dot, data), (1, box, second))
            ]
        elif self._subject.is_dense:
            entries = [Entry(self.tr("points (density)"), None, dot, data)]
        else:
            entries = [Entry(self.tr("training"), None, dot, data)]
        if problem.dataset.validation.n and not self._subject.is_dense:
            entries.append(Entry(self.tr("validation"), pen(data, 1.2), disc(POINT_RADIUS)))
        return entries

    def _crowd(self, snapshot: Snapshot) -> Vector:
        """The points, the current and the best fit, which weigh as much, and a prediction."""
        problem, params = snapshot.problem, snapshot.rows.params
        shown = [params[:, 0], params[:, snapshot.row]]
        if problem.optimum.params is not None:
            shown.append(problem.optimum.params)
        shown += [run.rows.params[:, run.cursor] for run in self._others_drawn(snapshot)]
        curves = [self._curve(each) for each in shown]
        many = max(50, len(self._paired) // 2)
        dense = [_resampled(curve, many) for curve in curves if curve is not None]
        lines = [self.mapping.to_pixels(each[:, 0], each[:, 1]) for each in dense]
        return np.concatenate([self._paired, *lines, self._crowd_of_prediction()])

    def _others_drawn(self, snapshot: Snapshot) -> list[RunView]:
        return [snapshot.runs[i] for i in self.others.runs]

    def _crowd_of_prediction(self) -> Vector:
        if self.mark.spot is None:
            return np.zeros((0, 2))
        answer = self.mark.answer.box.center()
        return np.repeat([self.mark.spot, (answer.x(), answer.y())], 1000, axis=0)


def _resampled(points: Vector, n: int) -> Vector:
    """``n`` points along those of a curve (m, 2), as evenly as its own."""
    at = np.linspace(0, len(points) - 1, n)
    known = np.arange(len(points))
    return np.column_stack([np.interp(at, known, points[:, k]) for k in (0, 1)])
