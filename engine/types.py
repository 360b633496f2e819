"""Names for the arrays and columns that pass through the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
"""A float64 array; its shape stands in the docstring of whoever takes it."""

Column = Any
"""One number for one run or row (a float), or the same quantity of many (a float64 array).

Arithmetic on it is elementwise, so a float and each element of an array come out bit for bit
the same.
"""

Columns = Sequence[Column]
"""One column per parameter, the intercept first."""

Calls = list[tuple[np.ufunc, tuple[Vector, ...]]]
"""Calls of ufuncs in their order, the last argument of each taking the result."""
