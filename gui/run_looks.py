"""How the runs look beside each other: colour, dash and marker, and which of them are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPen

from engine.live.snapshot import RunView, Snapshot
from gui.style import Theme
from gui.views.items import disc, pen, square, triangle
from gui.views.raster import line_pen

LIGHT_COLOURS = ("#D55E00", "#1F2429", "#D08F00", "#7B3F00", "#8A7F00", "#C76F9F")
DARK_COLOURS = ("#FF8C42", "#F2F4F7", "#E6A100", "#B5835A", "#F0E442", "#D16BA5")
"""Okabe–Ito without the blue of the data and the green of the optimum, darker or lighter so that
they stand out from the ground; such as look alike to some eyes never follow each other."""

DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (9.0, 4.0),
    (2.5, 3.5),
    (10.0, 3.0, 2.5, 3.0),
)
"""Pixels of line and gap in turn; none for a line without gaps."""

SQUARE = 0.89
"""Half the side of a square that looks as large as a disc of radius 1."""


@dataclass(frozen=True, slots=True)
class RunLooks:
    """The looks of runs, given by their place in the experiment, and which of them can be seen.

    A run keeps its look for as long as it is there. No two of as many runs as there may be have
    both colour and dash in common, nor both dash and marker: they can be told apart without any
    colour.

    Parameters
    ----------
    names
        The runs' names in their order.
    hidden
        Names of those that are not to be drawn.
    solo
        The name of the only one to be drawn; empty for none.
    places
        Where each ended, as a number: runs that came to the same place get its colour. Empty where
        each has a colour of its own.
    numbers
        Of each name the number of its look, also of names that were there before: a run that comes
        back by undo is to be known again. Names that are missing have the number of their place.
    """

    names: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    solo: str = ""
    places: tuple[int, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    def colour(self, index: int, theme: Theme) -> str:
        """The colour of a run as #RRGGBB; the first one's is that of a fit."""
        colours = DARK_COLOURS if theme.is_dark else LIGHT_COLOURS
        number = self._number(index)
        if index < len(self.places):
            number = self._colours_of_places()[self.places[index]]
        return colours[number % len(colours)]

    def dash(self, index: int) -> tuple[float, ...]:
        """Pixels of line and gap in turn; none for a line without gaps."""
        return DASHES[self._number(index) % len(DASHES)]

    def pen(self, index: int, theme: Theme, width: float) -> QPen:
        """The pen of a run's line."""
        colour, dash = self.colour(index, theme), self.dash(index)
        if not dash:
            return line_pen(colour, width)
        dashed = pen(colour, width, Qt.PenStyle.CustomDashLine)
        dashed.setDashPattern([length / width for length in dash])  # Qt counts in widths
        return dashed

    def marker(self, index: int, radius: float) -> QPainterPath:
        """The symbol at a run's row, about the origin."""
        shapes = (disc(radius), square(SQUARE * radius), triangle(radius))
        return shapes[self._number(index) % len(shapes)]

    def are_like(self, other: RunLooks) -> bool:
        """Whether all runs look the same there, shown or not."""
        return replace(self, hidden=other.hidden, solo=other.solo) == other

    def _number(self, index: int) -> int:
        """The number of a run's look."""
        return self.numbers.get(self.names[index], index) if index < len(self.names) else index

    def _colours_of_places(self) -> dict[int, int]:
        """The number of the colour of each place where runs ended.

        It is that of the first run that ended there, where no other place has it.
        """
        found: dict[int, int] = {}
        for index, place in enumerate(self.places):
            if place not in found:
                own = self._number(index) % len(LIGHT_COLOURS)
                free = (number for number in count() if number not in found.values())
                found[place] = next(free) if own in found.values() else own
        return found

    def is_visible(self, index: int) -> bool:
        """Whether a run is to be drawn; the selected one is drawn in any case."""
        name = self.names[index] if index < len(self.names) else ""
        return name == self.solo if self.solo else name not in self.hidden

    def drawn(self, selected: int, count: int) -> tuple[int, ...]:
        """Which of ``count`` runs to draw, in the order from the lowest to the selected on top."""
        others = [i for i in range(count) if i != selected and self.is_visible(i)]
        return (*reversed(others), selected)

    def shown(self, snapshot: Snapshot) -> list[RunView]:
        """The runs to draw, the selected one last."""
        return [snapshot.runs[i] for i in self.drawn(snapshot.selected, len(snapshot.runs))]

    def framing(self, snapshot: Snapshot) -> list[RunView]:
        """Those for which axes have to make room: the ones drawn that do not run away.

        That is the selected one where all do.
        """
        return [run for run in self.shown(snapshot) if not run.runs_away] or [snapshot.run]

    def following(self, names: Sequence[str]) -> RunLooks:
        """The looks of these runs; one that only got another name stays as it was.

        Runs that come back have their former looks again, where these still are free; new ones
        have the first free ones.
        """
        names = tuple(names)
        if names == self.names:
            return self
        renamed: dict[str, str] = {}
        if len(names) == len(self.names):
            renamed = {
                old: new
                for old, new in zip(self.names, names, strict=True)
                if old not in names and new not in self.names
            }
        hidden = frozenset(renamed.get(name, name) for name in self.hidden) & set(names)
        solo = renamed.get(self.solo, self.solo)
        numbers = self._numbers_for(names, renamed)
        return RunLooks(names, hidden, solo if solo in names else "", numbers=numbers)

    def _numbers_for(self, names: tuple[str, ...], renamed: Mapping[str, str]) -> dict[str, int]:
        """The number of every name that was ever there."""
        now = {
            renamed.get(name, name): self._number(index) for index, name in enumerate(self.names)
        }
        known = {**self.numbers, **now}
        taken = {number for name, number in now.items() if name in names}
        fresh = [name for name in names if name not in now]
        for name in sorted(fresh, key=lambda name: name not in known):  # those that come back first
            number = known.get(name)
            if number is None or number in taken:
                number = next(number for number in count() if number not in taken)
            known[name] = number
            taken.add(number)
        return known

    def with_places(self, places: tuple[int, ...]) -> RunLooks:
        """The looks once it is known which runs end where."""
        return self if places == self.places else replace(self, places=places)

    def with_visibility(self, index: int, shown: bool) -> RunLooks:
        """One run shown or hidden, and none alone."""
        name = {self.names[index]}
        hidden = self.hidden - name if shown else self.hidden | name
        return replace(self, hidden=hidden, solo="")

    def with_solo(self, index: int, alone: bool) -> RunLooks:
        """One run alone, or all again that are not hidden."""
        return replace(self, solo=self.names[index] if alone else "")
