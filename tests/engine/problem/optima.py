"""What a test asks of an optimum that there has to be."""

from __future__ import annotations

from engine.problem.optimum import Optimum
from engine.types import Vector


def solution(optimum: Optimum) -> Vector:
    """Its parameters (p,)."""
    assert optimum.params is not None
    return optimum.params


def distances(optimum: Optimum, params: Vector) -> Vector:
    """How far off parameters (p,) are from the nearest solution."""
    offset = optimum.offset(params)
    assert offset is not None
    return offset
