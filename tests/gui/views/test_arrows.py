"""The arrows at the current point: where they end, how long they are, what they say."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from engine.descent.history import Place, Rows
from engine.experiment import Adam, Gd
from engine.live.snapshot import Snapshot
from gui.text import number
from gui.views.arrows import LONGEST, SHORTEST, Arrow
from gui.views.surface import SurfaceView
from tests.gui.views.descents import descend, many_points, snapshot, tutorial_2, tutorial_3


def changed(alone: Snapshot, **changes: Any) -> Snapshot:
    """The snapshot with something else about its run."""
    return replace(alone, runs=(replace(alone.run, **changes),))


def along(arrow: Arrow) -> QPointF:
    """From an arrow's tail to its tip."""
    assert arrow.ends is not None
    return arrow.ends[1] - arrow.ends[0]


def length(point: QPointF) -> float:
    return math.hypot(point.x(), point.y())


def test_the_step_ends_at_the_next_row(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.3, 20)
    view = show(SurfaceView, snapshot(problem, rows, 1))
    arrow = view.arrows.step
    assert arrow.ends is not None
    for end, row in zip(arrow.ends, (1, 2), strict=True):
        expected = view.mapping.pixel(*rows.params[:, row].tolist())
        assert (end.x(), end.y()) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("foreseen", [True, False])
def test_at_the_head_the_step_is_foreseen(foreseen: bool, show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.3, 0)
    later = descend(problem, rows.params[:, -1], 0.3, 5).params
    alone = snapshot(problem, rows, ahead=later if foreseen else None, playing=not foreseen)
    alone = changed(
        alone, settings=msgspec.structs.replace(alone.run.settings, optimizer=Gd(lr=0.3))
    )
    view = show(SurfaceView, alone)
    assert alone.next_params is not None
    assert alone.next_params.tolist() == later[:, 1].tolist()  # to the last bit
    assert view.arrows.step.ends is not None
    tip = view.arrows.step.ends[1]
    assert (tip.x(), tip.y()) == pytest.approx(view.mapping.pixel(*later[:, 1].tolist()))


def test_what_another_method_will_do_is_not_guessed(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.3, 2)
    alone = snapshot(problem, rows, playing=True)
    settings = msgspec.structs.replace(alone.run.settings, optimizer=Adam())
    view = show(SurfaceView, changed(alone, settings=settings))
    assert view.arrows.step.ends is None
    assert view.arrows.gradient.ends is not None


def test_the_gradient_points_downhill_and_is_bounded(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.1, 60)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    mapping = view.mapping
    for row in (0, 5, 60):
        view.draw(snapshot(problem, rows, row))
        b, w = problem.objective.gradient(rows.params[:, row].tolist())
        downhill = QPointF(-float(b) * mapping.per_x, float(w) * mapping.per_y)
        arrow = along(view.arrows.gradient)
        cross = downhill.x() * arrow.y() - downhill.y() * arrow.x()
        assert cross / length(downhill) / length(arrow) == pytest.approx(0, abs=1e-9)
        assert downhill.x() * arrow.x() + downhill.y() * arrow.y() > 0
        shown = min(max(length(downhill), SHORTEST), LONGEST)
        assert length(arrow) == pytest.approx(shown, abs=1e-6)


def test_lengths_are_written_in_full_numbers(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.3, 20)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    labels = view.arrows.labels
    norm = float(np.linalg.norm(rows.gradient[:, 0]))
    assert labels[view.arrows.gradient].text == f"‖∇L‖ = {number(norm)}"
    assert labels[view.arrows.step].text == f"‖η∇L‖ = {number(0.3 * norm)}"
    boxes = [label.box for label in labels.values() if label.text]
    assert len(boxes) == 2
    assert not boxes[0].intersects(boxes[1])
    assert all(view.mapping.rect.contains(box) for box in boxes)


def test_the_batch_has_an_arrow_of_its_own_beside_the_full_gradient(show: Any) -> None:
    problem, start = tutorial_2()
    exact = descend(problem, start, 0.1, 5)
    shaken = np.array([[0.5], [-1.5]]) + exact.gradient
    rows = Rows(exact.params, shaken, exact.loss, exact.train_loss, exact.validation_loss)
    alone = changed(snapshot(problem, rows, 2), place=Place(0, 2, 5, 16))
    view = show(SurfaceView, alone)
    norm = float(np.linalg.norm(exact.gradient[:, 2]))
    assert view.arrows.labels[view.arrows.gradient].text == f"‖∇L‖ = {number(norm)}"
    batch = along(view.arrows.batch)
    assert batch.x() / batch.y() == pytest.approx(
        -shaken[0, 2] * view.mapping.per_x / (shaken[1, 2] * view.mapping.per_y)
    )
    assert "−g of the batch" in [entry.text for entry in view.legend.entries]


def test_on_a_slice_the_arrows_are_projections(show: Any) -> None:
    problem, start = tutorial_3()
    rows = descend(problem, start, 0.5, 10)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    x, y = view.axes
    assert view.arrows.step.ends is not None
    tip = view.arrows.step.ends[1]
    assert (tip.x(), tip.y()) == pytest.approx(view.mapping.pixel(*rows.params[[x, y], 1].tolist()))


def test_the_arrows_can_be_hidden(show: Any, qtbot: QtBot) -> None:
    problem, start = tutorial_2()
    view = show(SurfaceView, snapshot(problem, descend(problem, start, 0.3, 20), 0))
    assert view.arrows_shown
    qtbot.mouseClick(view.arrows_button, Qt.MouseButton.LeftButton)
    assert not view.arrows_shown
    assert view.arrows.step.ends is None
    assert view.arrows.gradient.ends is None
    assert not any(label.isVisible() for label in view.arrows.labels.values())
    assert "downhill −∇L" not in [entry.text for entry in view.legend.entries]
    view.show_arrows(True)
    assert view.arrows_button.isChecked()
    assert view.arrows.step.ends is not None


def test_a_diverging_step_breaks_nothing(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 50.0, 60)
    for row in (0, 3, 30, 60):
        view = show(SurfaceView, snapshot(problem, rows, row))
        assert not view.grab().isNull()


def test_where_there_are_many_points_of_a_line_nothing_waits(show: Any) -> None:
    problem, start = many_points(30_000)
    rows = descend(problem, start, 0.3, 3)
    view = show(SurfaceView, changed(snapshot(problem, rows, 1), place=Place(0, 1, 9, 64)))
    assert view.arrows.gradient.ends is not None  # a quadratic costs nothing in the points


@pytest.mark.parametrize("size", [(420, 400), (600, 400), (900, 700)])
@pytest.mark.parametrize("rate", [0.05, 0.3, 0.75, 1.1])
def test_no_label_hides_a_mark(rate: float, size: tuple[int, int], show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, rate, 40)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    view.resize(*size)
    written = 0
    for row in range(40):
        view.draw(snapshot(problem, rows, row))
        for label in (label for label in view.arrows.labels.values() if label.text):
            written += 1
            for mark in (view.optimum, view.truth, view.current, view.start):
                if mark.isVisible():
                    assert not mark.mapRectToParent(mark.boundingRect()).intersects(label.box)
    assert written > (5 if rate > 1 else 30)  # one that diverges is soon gone


def test_no_eigenvalue_hides_a_mark(show: Any) -> None:
    problem, start = tutorial_2()
    rows = descend(problem, start, 0.3, 20)
    view = show(SurfaceView, snapshot(problem, rows, 0))
    view.show_directions(True)
    for truth in np.linspace(0, 3, 31).tolist():
        problem = replace(problem, truth=np.array([1.0, truth]))
        view.draw(snapshot(problem, rows, 0))
        labels = [label for label in view.principal.labels if label.text]
        assert labels
        for label in labels:
            for mark in (view.optimum, view.truth, view.start):
                assert not mark.mapRectToParent(mark.boundingRect()).intersects(label.box)
