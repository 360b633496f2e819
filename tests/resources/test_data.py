"""The sample data are those published, and the program can read them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import resources
from engine.files.tables import pick_columns, read_table, suggest_columns


def test_path_leads_to_a_file_on_disk() -> None:
    assert resources.path("data", "README.md").is_file()
    assert resources.path("data") / "README.md" == resources.path("data", "README.md")


@pytest.mark.parametrize(
    ("name", "x", "y", "n", "intercept", "slope"),
    [
        # The line v = -40.784 + 454.158 d through Hubble's 24 nebulae, by the normal equation.
        ("hubble-1929.csv", "distance_Mpc", "velocity_km_per_s", 24, -40.784, 454.158),
        # R: coef(lm(dist ~ speed, data = cars)), n = 50.
        ("ezekiel-1930-cars.csv", "speed_mph", "distance_ft", 50, -17.579, 3.932),
    ],
)
def test_sample_has_the_published_least_squares_line(
    name: str, x: str, y: str, n: int, intercept: float, slope: float
) -> None:
    table = read_table(resources.path("data", name))

    features, targets = pick_columns(table, [x], y)

    assert table.n == n
    assert suggest_columns(table) == (x, y)
    design = np.column_stack([np.ones(n), features])
    fitted = np.linalg.lstsq(design, targets, rcond=None)[0]
    assert fitted == pytest.approx([intercept, slope], abs=5e-4)  # three decimals are quoted


def test_hubble_nebulae_are_those_of_the_paper() -> None:
    table = read_table(resources.path("data", "hubble-1929.csv"))

    # Hubble (1929), Table 1: its first, seventh and last row.
    assert table.preview[0] == ("SMC", "0.032", "170")
    assert table.preview[6] == ("NGC 5457", "0.45", "200")
    assert table.numbers("velocity_km_per_s")[-1] == 1090
    # Five of them come towards us: NGC 6822, 598, 221, 224 and 3031.
    velocities = table.numbers("velocity_km_per_s")
    assert_array_equal(velocities[velocities < 0], [-130, -70, -185, -220, -30])


def test_cars_are_those_of_r() -> None:
    table = read_table(resources.path("data", "ezekiel-1930-cars.csv"))

    # R: colSums(cars) is 770 and 2149.
    assert table.numbers("speed_mph").sum() == 770
    assert table.numbers("distance_ft").sum() == 2149


def test_readme_describes_every_sample() -> None:
    readme = resources.path("data", "README.md").read_text(encoding="utf-8")

    for sample in resources.path("data").glob("*.csv"):
        assert f"`{sample.name}`" in readme
