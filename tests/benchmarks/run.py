"""All figures, each beside its reference in the same run; medians of several.

make bench
"""

from __future__ import annotations

from tests.benchmarks import frames, general, heartbeat, lockstep, startup, steps
from tests.benchmarks.naive import against_naive, naive_frame_ms


def frame_report() -> list[str]:
    """Median frame of the three plots together, by number of rows, against a naive one."""
    naive = naive_frame_ms()
    what = "frame of the three plots, {}"
    return [
        against_naive(what.format(rows), value, naive, 5)
        for rows, value in frames.measure().items()
    ] + [
        against_naive(what.format(runs), value, naive, 10)
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
