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
from engine.messages import InputError, Message
from gui.display import has_display, missing_packages, needed_libraries, what_is_missing

FINISHED, BAD_INPUT, DIVERGED = 0, 2, 3
LARGEST_SIDE = 8192
FIRST_PRESET = "tutorial-2"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of dumping the usage."""

    def error(self, message: str) -> NoReturn:
        raise InputError("{message} (--help shows what there is)", message=message)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) > 0 and int(height) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, such as 1440x900")
    if max(int(width), int(height)) > LARGEST_SIDE:
        raise argparse.ArgumentTypeError(f"{text!r} is larger than {LARGEST_SIDE} pixels")
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
    add("--smoke-test", action="store_true", help="try everything once, say ok and stop")
    add("--version", action="version", version=f"Descent Lab {__version__}")
    return parser


def _check(arguments: argparse.Namespace) -> None:
    if arguments.path and arguments.preset:
        raise InputError("give a file or --preset, not both")
    if arguments.smoke_test and (arguments.path or arguments.preset or arguments.headless):
        raise InputError("--smoke-test brings its own experiment; give it alone")
    if not arguments.headless:
        for name in ("history", "summary", "run"):
            if getattr(arguments, name) is not None:
                raise InputError("--{name} needs --headless", name=name)
    elif not (arguments.path or arguments.preset):
        raise InputError("--headless needs an experiment file, a table or --preset NAME")
    elif arguments.screenshot:
        raise InputError("--screenshot opens a window; leave --headless out")
    if arguments.screenshot and Path(arguments.screenshot).suffix.lower() != ".png":
        raise InputError("--screenshot writes PNG; give it a name that ends in .png")


def _is_experiment(path: str | None) -> bool:
    return path is not None and Path(path).suffix.lower() == ".json"


def _experiment(arguments: argparse.Namespace) -> Experiment:
    from engine.files.experiments import load_experiment, preset
    from engine.problem.sources import experiment_on_table

    if arguments.path is None:
        return preset(arguments.preset or FIRST_PRESET)
    if _is_experiment(arguments.path):
        return load_experiment(arguments.path)
    return experiment_on_table(arguments.path)


def _stopping(experiment: Experiment, arguments: argparse.Namespace) -> Experiment:
    """The experiment with as many iterations as were asked for."""
    from engine.files.experiments import checked_iterations

    if arguments.iterations is None:
        return experiment
    return checked_iterations(experiment, arguments.iterations)


def _remark(arguments: argparse.Namespace) -> Message | None:
    """What is to be said of a table that was given: which of its columns are left out."""
    if arguments.path is None or _is_experiment(arguments.path):
        return None
    from engine.files.tables import left_out, table_at

    return left_out(table_at(arguments.path))


def _list_presets() -> int:
    from engine.problem.tutorials import TUTORIALS

    for name, tutorial in TUTORIALS.items():
        print(f"{name}  {tutorial.title}")
    return FINISHED


def _headless(arguments: argparse.Namespace) -> int:
    from engine.headless import run_headless

    experiment = _stopping(_experiment(arguments), arguments)
    remark = _remark(arguments)
    if remark is not None:
        print(f"descent-lab: {remark}", file=sys.stderr)
    outcome = run_headless(experiment, arguments.history, arguments.summary, arguments.run)
    print(outcome.text)
    return DIVERGED if outcome.diverged else FINISHED


def _prepare_window(without_display: str | None = None) -> None:
    """See to a display and to what Qt needs of the system.

    Parameters
    ----------
    without_display
        What to say where there is no display; None goes on without showing anything.
    """
    if not has_display():
        if without_display is not None:
            raise InputError(without_display)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    missing = missing_packages(needed_libraries())
    if missing:
        raise InputError("{missing}", missing=what_is_missing(missing))
    # Starting makes no garbage, and looking for it would take a tenth of the start; from then on
    # only the window's thread looks for it (gui.garbage).
    gc.disable()


def _window(arguments: argparse.Namespace) -> int:
    _prepare_window(
        None
        if arguments.screenshot
        else "there is no display to open a window on; use --headless to run an experiment, "
        "or --screenshot FILE.png for a picture of the window"
    )
    from engine.files.experiments import preset

    path = str(Path(arguments.path).resolve()) if _is_experiment(arguments.path) else None
    instead = None
    if arguments.path is not None and not arguments.screenshot:
        instead = _stopping(preset(FIRST_PRESET), arguments)
    try:
        experiment, remark = _stopping(_experiment(arguments), arguments), _remark(arguments)
    except InputError as error:
        if instead is None:
            raise
        experiment, path, remark = instead, None, error.message
    from gui.app import run_app

    return run_app(
        experiment,
        instead=instead,
        language=arguments.language,
        theme=arguments.theme,
        size=arguments.size,
        screenshot=arguments.screenshot,
        path=path,
        remark=remark,
    )


def _smoke_test() -> int:
    _prepare_window()
    from gui.smoke import run_smoke_test

    return run_smoke_test()


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns the exit code (0 finished, 2 bad input, 3 diverged)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console without κ and R² is no reason to fail
    try:
        arguments = _parser().parse_args(argv)
        _check(arguments)
        if arguments.list_presets:
            return _list_presets()
        if arguments.smoke_test:
            return _smoke_test()
        return _headless(arguments) if arguments.headless else _window(arguments)
    except InputError as error:
        print(f"descent-lab: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # whoever read the output has seen enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINISHED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
