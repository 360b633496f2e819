"""Descent Lab: see gradient descent learn. Arguments in, a window or a headless run out."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

from engine import __version__
from engine.experiment import Experiment
from engine.messages import InputError

FINISHED, BAD_INPUT, DIVERGED = 0, 2, 3


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of dumping the usage."""

    def error(self, message: str) -> NoReturn:
        raise InputError("{message} (--help shows what there is)", message=message)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) > 0 and int(height) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, such as 1440x900")
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="descent-lab", description="See gradient descent learn.")
    add = parser.add_argument
    add("path", nargs="?", help="an experiment (.json) or a table (.csv, .tsv, .txt)")
    add("--preset", metavar="NAME", help="start with a tutorial")
    add("--list-presets", action="store_true", help="list the tutorials and stop")
    add("--headless", action="store_true", help="run without a window and print a summary")
    add("--history", metavar="FILE.csv", help="headless: write every row")
    add("--summary", metavar="FILE.json", help="headless: write where the runs ended")
    add("--run", metavar="NAME", help="headless: the history of this run only")
    add("--iterations", metavar="N", type=int, help="stop after N iterations")
    add("--screenshot", metavar="FILE.png", help="run to the end, save a picture and stop")
    add("--language", choices=("en", "zh_CN"), help="language of the window")
    add("--theme", choices=("light", "dark"), help="theme of the window")
    add("--size", metavar="WxH", type=_size, help="size of the window, such as 1440x900")
    add("--version", action="version", version=f"Descent Lab {__version__}")
    return parser


def _check(arguments: argparse.Namespace) -> None:
    if arguments.path and arguments.preset:
        raise InputError("give a file or --preset, not both")
    if not arguments.headless:
        for name in ("history", "summary", "run"):
            if getattr(arguments, name) is not None:
                raise InputError("--{name} needs --headless", name=name)
    elif not (arguments.path or arguments.preset):
        raise InputError("--headless needs an experiment file, a table or --preset NAME")
    elif arguments.screenshot:
        raise InputError("--screenshot opens a window; leave --headless out")


def _experiment(arguments: argparse.Namespace) -> Experiment:
    from engine.files.experiments import checked_iterations, load_experiment, preset
    from engine.problem.sources import experiment_on_table

    if arguments.path is None:
        experiment = preset(arguments.preset or "tutorial-2")
    elif Path(arguments.path).suffix.lower() == ".json":
        experiment = load_experiment(arguments.path)
    else:
        experiment = experiment_on_table(arguments.path)
    if arguments.iterations is not None:
        experiment = checked_iterations(experiment, arguments.iterations)
    return experiment


def _list_presets() -> int:
    from engine.problem.tutorials import TUTORIALS

    for name, tutorial in TUTORIALS.items():
        print(f"{name}  {tutorial.title}")
    return FINISHED


def _headless(arguments: argparse.Namespace) -> int:
    from engine.headless import run_headless

    outcome = run_headless(
        _experiment(arguments), arguments.history, arguments.summary, arguments.run
    )
    print(outcome.text)
    return DIVERGED if outcome.diverged else FINISHED


def has_display() -> bool:
    """Whether a window can be shown; on Linux Qt aborts where there is no display to show it on."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    display = os.environ.get("DISPLAY", "")
    if display.startswith(":"):
        number = display[1:].split(".")[0]
        return Path(f"/tmp/.X11-unix/X{number}").exists()
    return bool(display)


def _window(arguments: argparse.Namespace) -> int:
    if not has_display():
        if not arguments.screenshot:
            raise InputError(
                "there is no display to open a window on; use --headless to run an experiment, "
                "or --screenshot FILE.png for a picture of the window"
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    gc.disable()  # starting makes no garbage, and looking for it would take a tenth of the start
    experiment = _experiment(arguments)
    from gui.app import run_app

    return run_app(
        experiment,
        language=arguments.language,
        theme=arguments.theme,
        size=arguments.size,
        screenshot=arguments.screenshot,
    )


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns the exit code (0 finished, 2 bad input, 3 diverged)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console without κ and R² is no reason to fail
    try:
        arguments = _parser().parse_args(argv)
        _check(arguments)
        if arguments.list_presets:
            return _list_presets()
        return _headless(arguments) if arguments.headless else _window(arguments)
    except InputError as error:
        print(f"descent-lab: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
