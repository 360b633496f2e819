"""The heights of the loss over a frame, as far as they are known by now."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.live.analyst import Question
from engine.problem import surface
from engine.problem.problem import Problem
from engine.problem.surface import Frame, HeightMap
from engine.types import Vector
from gui.views.frames import Axes


class Terrain:
    """A map of what a view looks at: rough at once, finer where the analyst has answered.

    ``map`` is None where even a rough one would take too long; ``kind`` is that of the questions.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.map: HeightMap | None = None
        self._token: tuple[object, ...] = ()

    def look(self, problem: Problem, params: Vector, axes: Axes, frame: Frame) -> Question | None:
        """Look at two parameters about a point (p,); returns what is to be asked, if anything is.

        The same again costs nothing.
        """
        token = (problem, axes, frame, *others(params, axes).tolist())
        if token == self._token:
            return None
        self._token = token
        self.map = surface.rough_map(problem, params, axes, frame)
        if problem.is_free:
            return None
        answers = partial(surface.finer_maps, problem, params, axes, frame)
        return Question(self.kind, token, answers)

    def take(self, kind: str, token: object, answer: object) -> bool:
        """Take an answer; returns whether it is about what is looked at."""
        if kind == self.kind and token == self._token and isinstance(answer, HeightMap):
            self.map = answer
            return True
        return False


def others(params: Vector, axes: Axes) -> Vector:
    """The parameters that a slice is taken at; none where it is no slice."""
    return np.delete(params, axes)
