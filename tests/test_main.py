"""The program as it is started: what it prints, writes and returns."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import resources
from engine import __version__
from gui.display import has_display
from main import main

ROOT = Path(__file__).resolve().parent.parent
FINISHED, BAD_INPUT, DIVERGED = 0, 2, 3  # as documented
NO_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the program as a user does, without any display."""
    kept = {name: value for name, value in os.environ.items() if name not in NO_DISPLAY}
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        capture_output=True,
        encoding="utf-8",
        env=kept | {"PYTHONIOENCODING": "utf-8"} | environment,
        check=False,
        timeout=60,
    )


def experiment(folder: Path, **keys: Any) -> str:
    path = folder / "experiment.json"
    tree = {"format": 1, "data": {"source": "tutorial", "name": "tutorial-2"}}
    path.write_text(json.dumps(tree | keys), encoding="utf-8")
    return str(path)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# Headless


def test_tutorial_1_prints_its_losses(tmp_path: Path) -> None:
    history = tmp_path / "out.csv"
    done = start("--headless", "--preset", "tutorial-1", "--history", str(history))
    assert (done.returncode, done.stderr) == (FINISHED, "")
    assert "GD: Finished at iteration 1000, the last one. It has not arrived: " in done.stdout
    # Tutorial 1's text, every hundred updates.
    assert [float(row["loss"]) for row in rows_of(history)[::100]] == pytest.approx(
        [
            *(81.0287983452256, 1.3412078261208689, 1.1664378082856437, 1.0837415754330317),
            *(1.0403492394094551, 1.0175794060119359, 1.0056310904780545, 0.999361292996188),
            *(0.9960712593213872, 0.9943448364803573, 0.9934389078119494),
        ],
        rel=1e-14,
    )


def test_tutorial_2_writes_its_first_step_and_its_end(tmp_path: Path) -> None:
    history, summary = tmp_path / "out.csv", tmp_path / "out.json"
    files = ["--history", str(history), "--summary", str(summary)]
    assert main(["--headless", "--preset", "tutorial-2", *files]) == FINISHED
    rows = rows_of(history)
    # Tutorial 2's text.
    assert float(rows[0]["loss"]) == pytest.approx(2.7421577700550976, rel=1e-14)
    assert float(rows[0]["grad_b"]) == pytest.approx(-3.044811379650508, rel=1e-14)
    assert float(rows[0]["grad_w"]) == pytest.approx(-1.8337537171510832, rel=1e-14)
    assert f"{float(rows[1]['b']):.8f} {float(rows[1]['w']):.8f}" == "0.80119529 0.04511107"
    # 60-digit arithmetic after 1000 updates.
    parameters = json.loads(summary.read_text(encoding="utf-8"))["runs"][0]["parameters"]
    assert parameters == pytest.approx({"b": 1.02354093708, "w": 1.9689641135454568}, rel=1e-12)
    assert len(rows) == 1001


def test_iterations_on_the_command_line_come_first(tmp_path: Path) -> None:
    path, history = experiment(tmp_path, stop={"iterations": 7}), tmp_path / "out.csv"
    assert main(["--headless", path, "--history", str(history)]) == FINISHED
    assert len(rows_of(history)) == 8
    assert main(["--headless", path, "--history", str(history), "--iterations", "0"]) == FINISHED
    assert len(rows_of(history)) == 1


def test_one_run_by_its_name(tmp_path: Path) -> None:
    path = experiment(tmp_path, runs=[{"name": "slow"}])
    history = tmp_path / "out.csv"
    assert main(["--headless", path, "--history", str(history), "--run", "slow"]) == FINISHED
    assert "run" not in rows_of(history)[0]


def test_a_table_is_fitted_at_its_best_rate(capsys: pytest.CaptureFixture[str]) -> None:
    table = str(resources.path("data", "hubble-1929.csv"))
    assert main(["--headless", table]) == FINISHED
    # The line through Hubble's 24 nebulae by the normal equation: −40.784 + 454.158 d.
    assert "b = -40.78" in capsys.readouterr().out


def test_columns_that_no_fit_can_have_are_named(tmp_path: Path) -> None:
    table = tmp_path / "exam.csv"
    table.write_text("hours,score,passed\n1,40,no\n2,55,yes\n3,70,yes\n")
    done = start("--headless", str(table), "--iterations", "5")
    assert done.returncode == FINISHED
    assert done.stderr == (
        "descent-lab: Only columns of numbers can be fitted (classes as 0 and 1); left out: "
        "“passed”. exam.csv, line 2, column “passed”: “no” is not a number; correct it or choose "
        "another column.\n"
    )
    assert done.stdout.startswith("GD: ")


def test_divergence_writes_its_files_and_says_so(tmp_path: Path) -> None:
    path = experiment(tmp_path, runs=[{"optimizer": {"lr": 1.1}}])
    history, summary = tmp_path / "out.csv", tmp_path / "out.json"
    done = start("--headless", path, "--history", str(history), "--summary", str(summary))

    assert (done.returncode, done.stderr) == (DIVERGED, "")
    assert "learning rate 1.1 is above the stability limit 0.8055" in done.stdout
    stop = json.loads(summary.read_text(encoding="utf-8"))["runs"][0]["stop"]
    assert stop == {"reason": "diverged", "iteration": len(rows_of(history)) - 1}


def test_one_run_that_diverges_among_several_is_told(tmp_path: Path) -> None:
    path = experiment(tmp_path, runs=[{}, {"optimizer": {"lr": 1.1}}])
    history = tmp_path / "out.csv"
    assert main(["--headless", path, "--history", str(history), "--run", "GD"]) == DIVERGED
    assert len(rows_of(history)) == 1001


def test_a_console_without_greek_letters_is_no_reason_to_fail() -> None:
    done = start("--headless", "--preset", "tutorial-2", PYTHONIOENCODING="ascii")
    assert done.returncode == FINISHED
    assert "? 16.43544521" in done.stdout  # κ of 60-digit arithmetic


def test_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-presets"]) == FINISHED
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [f"tutorial-{i}" for i in range(1, 6)]


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == FINISHED
    assert capsys.readouterr().out == f"Descent Lab {__version__}\n"


# Refusals


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--headless"], "--headless needs an experiment file, a table or --preset NAME"),
        (["--preset", "tutorial-1", "lesson.json"], "give a file or --preset, not both"),
        (["--history", "out.csv"], "--history needs --headless"),
        (["--summary", "out.json"], "--summary needs --headless"),
        (["--run", "GD"], "--run needs --headless"),
        (
            ["--headless", "--preset", "tutorial-1", "--screenshot", "window.png"],
            "--screenshot opens a window",
        ),
        (["--headless", "--preset", "tutorial-9"], "There is no preset tutorial-9; choose one of"),
        (["--headless", "none.json"], "Cannot open none.json: there is no such file"),
        (["--headless", "none.csv"], "Cannot open none.csv: there is no such file"),
        (["--headless", "none"], "Cannot open none: there is no such file"),
        (
            ["--headless", "--preset", "tutorial-1", "--iterations", "-1"],
            "stop.iterations: -1 is not allowed here; expected a whole number ≥ 0.",
        ),
        (
            ["--headless", "--preset", "tutorial-1", "--iterations", "x"],
            "--iterations: invalid int",
        ),
        (["--headless", "--preset", "tutorial-1", "--run", "SGD"], "There is no run SGD"),
        (["--size", "big"], "'big' is not WIDTHxHEIGHT"),
        (["--size", "0x100"], "'0x100' is not WIDTHxHEIGHT"),
        (["--theme", "blue"], "invalid choice: 'blue'"),
        (["--langauge", "en"], "--langauge"),
        (
            ["--headless", "--preset", "tutorial-1", "--history", "none/out.csv"],
            "Cannot write none/out.csv: No such file or directory.",
        ),
    ],
)
def test_bad_usage_is_told_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == BAD_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("descent-lab: ")
    assert complaint in said.err
    assert said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "experiment.json: this is not an experiment"),
        (b"[" * 100_000, "experiment.json: the JSON is nested too deeply"),
        (b'{"format": 1, "data": {"source": "tutorial"}}', "experiment.json: data.name: this key"),
        (
            b'{"format": 1, "data": {"source": "points", "x": [1e200, 1], "y": [1, 2]}}',
            "The data have numbers beyond 1e+100",
        ),
        (
            b'{"format": 1, "data": {"source": "points", "x": [1e50, 1], "y": [1, 2]}, "runs": '
            b'[{"start": {"kind": "values", "values": [0, 1e150]}}]}',
            "The start of run GD is too far from the data",
        ),
        (
            b'{"format": 1, "data": {"source": "points", "x": [1, 2], "y": [1, 2]}, "runs": '
            b'[{"start": {"kind": "values", "values": [0, 1, 2]}}]}',
            "The start of run GD has 3 values, but the model has 2 parameters (b, w).",
        ),
        (
            b'{"format": 1, "data": {"source": "points", "x": [1, 2], "y": [1]}}',
            "data.x has 2 points and data.y has 1",
        ),
        (
            b'{"format": 1, "data": {"source": "points", "x": [[1], [2, 3]], "y": [1, 2]}}',
            "the same number of features each",
        ),
        (
            b'{"format": 1, "data": {"source": "file", "path": "\\u0000", "x": ["a"], "y": "b"}}',
            "Cannot open",
        ),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_file_is_told_in_one_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / "experiment.json").write_bytes(content)
    done = start("--headless", str(tmp_path / "experiment.json"))
    assert (done.returncode, done.stdout) == (BAD_INPUT, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_files_that_cannot_be_written_are_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So early that the data have not been looked for, and the other file is not begun."""
    missing = {"source": "file", "path": "none.csv", "x": ["a"], "y": "b"}
    good, bad = str(tmp_path / "out.csv"), str(tmp_path / "none" / "out.json")
    for path in (experiment(tmp_path), experiment(tmp_path, data=missing)):
        for files in (("--history", good, "--summary", bad), ("--history", bad)):
            assert main(["--headless", path, *files]) == BAD_INPUT
            said = capsys.readouterr()
            assert said.err == f"descent-lab: Cannot write {bad}: No such file or directory.\n"
            assert said.out == ""
            assert [file.name for file in tmp_path.iterdir()] == ["experiment.json"]
    assert main(["--headless", path, "--history", good]) == BAD_INPUT
    assert "none.csv" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["experiment.json"]


# Displays

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have one display")


@on_linux
def test_without_a_display_it_says_what_works_without() -> None:
    done = start()
    assert (done.returncode, done.stdout) == (BAD_INPUT, "")
    assert "there is no display" in done.stderr
    assert "--headless" in done.stderr
    assert "--screenshot" in done.stderr
    assert done.stderr.count("\n") == 1


@on_linux
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":98765"}, False),  # no server has this number
        ({"DISPLAY": ":98765.0"}, False),
        ({"DISPLAY": "somewhere:0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_displays_are_found(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    for name in NO_DISPLAY:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_display() is expected


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f"'{sys.executable}' main.py --headless --preset tutorial-2 | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stderr == ""
