"""All figures, each beside its reference in the same run; medians of several.

make bench
"""

from __future__ import annotations

from tests.benchmarks import frames, general, heartbeat, lockstep, startup, steps
from tests.benchmarks.timing import line


def frame_report() -> list[str]:
    """Median frame of the three plots together, by number of rows."""
    return [
        line(f"frame of the three plots, {rows}", f"{value:.2f} ms", "", "", "≤ 5 ms")
        for rows, value in frames.measure().items()
    ] + [
        line(f"frame of the three plots, {runs}", f"{value:.2f} ms", "", "", "≤ 10 ms")
        for runs, value in frames.measure_side_by_side().items()
    ]


def main() -> None:
    """Print the report as it comes."""
    for part in (
        steps.report,
        steps.surface_report,
        general.report,
        frame_report,
        heartbeat.report,
        lockstep.report,
        startup.report,
    ):
        for row in part():
            print(row, flush=True)


if __name__ == "__main__":
    main()
