"""A formula followed once and then repeated: updates of several runs for the price of few calls.

What NumPy takes for a handful of numbers is the call, not the numbers. So the formulas of
:mod:`engine.descent.optimizers`, each written once, are followed once on stand-ins, which note the
calls that were made of them; after that, nothing is chosen, wrapped or allocated any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from engine.types import Calls, Vector

UNROLLED = 8
"""Steps written out, each on rows of its own, so that what moves need not be copied in each."""


class Traced(NDArrayOperatorsMixin):
    """Stands for the array ``values``; arithmetic with it is noted on the tape."""

    def __init__(self, tape: Tape, values: Vector) -> None:
        self._tape = tape
        self.values = values

    def __array_ufunc__(self, ufunc: np.ufunc, _method: str, *inputs: Any) -> Traced:
        return self._tape.note(ufunc, inputs)


class Counted(NDArrayOperatorsMixin):
    """A number that is another one in each repetition, the same for all runs or not.

    ``table`` is (repetitions, 1 or size). Counted numbers are computed all at once; powers by
    Python, as for one run alone: NumPy's differ in the last bit on some machines.
    """

    def __init__(self, table: NDArray[Any]) -> None:
        self.table = table

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any) -> Traced | Counted:
        for value in inputs:
            if isinstance(value, Traced):
                return value.__array_ufunc__(ufunc, method, *inputs)
        tables = [value.table if isinstance(value, Counted) else value for value in inputs]
        return Counted(_powers(*tables) if ufunc is np.power else ufunc(*tables))


def _powers(base: Any, exponents: NDArray[Any]) -> Vector:
    """``base`` (a number, or one per column) to whole powers (repetitions, 1), by Python."""
    bases, columns = np.unique(np.atleast_1d(base), return_inverse=True)
    counts = exponents[:, 0].tolist()
    return np.array([[value**count for value in bases.tolist()] for count in counts])[:, columns]


class Tape:
    """Calls of ufuncs on arrays that stay where they are, which make up one step."""

    def __init__(self) -> None:
        self._calls: Calls = []
        self._counted: list[tuple[Vector, Vector]] = []  # stand-in (n,), and the table (steps, n)
        self._path = np.empty((UNROLLED, 0))
        self._places: list[tuple[Vector, Vector]] = []  # stand-in, and the part of the path

    def place(self, values: Vector, columns: int) -> list[Vector]:
        """Let ``values`` (n,) be what moves with every step; returns its parts, n / columns each.

        A call that has them as its last argument moves them on; others see them as they were
        before the step.
        """
        self._path = np.tile(values, (UNROLLED, 1))
        parts = np.split(values, columns)
        self._places = [(values, self._path)]
        self._places += zip(parts, np.split(self._path, columns, axis=1), strict=True)
        return parts

    def extend(self, calls: Calls) -> None:
        """Add calls that were put together elsewhere."""
        self._calls.extend(calls)

    def note(self, ufunc: np.ufunc, inputs: tuple[Any, ...]) -> Traced:
        """Add a call; its result has an array of its own."""
        size = next(len(value.values) for value in inputs if isinstance(value, Traced))
        result = np.empty(size)
        self._calls.append((ufunc, (*(self._array(value, size) for value in inputs), result)))
        return Traced(self, result)

    def _array(self, value: Any, size: int) -> Vector:
        if isinstance(value, Traced):
            return value.values
        array = np.empty(size)
        if isinstance(value, Counted):
            self._counted.append((array, np.broadcast_to(value.table, (len(value.table), size))))
        else:
            array[:] = value
        return array

    def carry(self, old: Vector, new: Vector) -> None:
        """Let ``old`` be, in the next step, what this one made of it.

        In place, unless something asks for the old one after the new one has been made.
        """
        made = [position for position, (_, args) in enumerate(self._calls) if args[-1] is new]
        after = self._calls[made[-1] + 1 :] if made else []
        if not made or any(value is old for _, args in after for value in args):
            self._calls.append((np.positive, (new, old)))
            return
        self._calls = [
            (ufunc, tuple(old if value is new else value for value in args))
            for ufunc, args in self._calls
        ]

    def repeat(self, steps: int) -> Vector:
        """Make the step again and again; returns what moves after each, shape (steps, n)."""
        path = np.empty((steps, self._path.shape[1]))
        counted = [(array, np.empty((UNROLLED, len(array)))) for array, _ in self._counted]
        calls = self._unrolled(counted)
        with np.errstate(all="ignore"):  # a diverging run overflows: that is what it shows
            for first in range(0, steps, UNROLLED):
                part = slice(first, min(first + UNROLLED, steps))
                n = part.stop - first
                for (_, now), (_, table) in zip(counted, self._counted, strict=True):
                    now[:n] = table[part]
                for ufunc, args in calls[: n * len(self._calls)]:
                    ufunc(*args)
                path[part] = self._path[:n]
        return path

    def _unrolled(self, counted: Sequence[tuple[Vector, Vector]]) -> Calls:
        """The calls of some steps, each on the rows of its own step where there are such."""
        calls: Calls = []
        for step in range(UNROLLED):
            before = {id(array): rows[step - 1] for array, rows in self._places}
            before |= {id(array): rows[step] for array, rows in counted}
            after = {id(array): rows[step] for array, rows in self._places}
            for ufunc, (*inputs, result) in self._calls:
                arguments = [before.get(id(value), value) for value in inputs]
                calls.append((ufunc, (*arguments, after.get(id(result), result))))
        return calls
