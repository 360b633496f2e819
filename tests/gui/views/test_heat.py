"""The colours of the heights."""

from __future__ import annotations

import numpy as np
import pytest

from gui.style import LIGHT
from gui.views.heat import heat_colours, shades


@pytest.mark.parametrize(
    ("even", "heights", "places"),
    [
        (False, [1.0 + 1e-4, 1.01, 2.0], [0, 127, 255]),  # one valley: the logarithm
        (True, [1.0, 1.25, 1.5, 2.0], [0, 63, 127, 255]),  # several: the height itself
    ],
)
def test_colours_follow_the_logarithm_or_the_height(
    even: bool, heights: list[float], places: list[int]
) -> None:
    opacity = LIGHT.heat_opacity
    colours = heat_colours(np.array([heights]), 1.0, LIGHT, opacity, even)
    assert colours.tolist() == [shades(LIGHT, opacity)[places].tolist()]
