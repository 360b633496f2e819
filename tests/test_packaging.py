"""What is packaged: one version, every licence, every resource, and nothing that is needed left."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import resources
from engine import __version__
from tools import bundle, licences, package

ROOT = Path(__file__).resolve().parent.parent


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {licences.normal(name): pinned for name, pinned in pairs}


def index() -> dict[str, dict[str, str]]:
    text = resources.path("licences", "index.json").read_text(encoding="utf-8")
    return {licences.normal(each["name"]): each for each in json.loads(text)}


# version


def test_the_version_is_written_in_one_place() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in pyproject["project"]
    assert pyproject["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "engine.__version__"}
    assert version("descent-lab") == __version__
    spec = (ROOT / "descent-lab.spec").read_text(encoding="utf-8")
    assert "from engine import __version__" in spec
    assert not re.search(r"\d+\.\d+\.\d+", spec)


# licences


def test_every_licence_is_there_in_its_version() -> None:
    assert licences.check() == [], "run `make licences`"


def test_every_listed_distribution_is_the_pinned_one() -> None:
    listed = {name: each["version"] for name, each in index().items() if name != "python"}
    assert listed == {name: pins()[name] for name in listed}


def test_what_others_bundle_is_named() -> None:
    """NumPy's wheel has OpenBLAS and libgfortran in it; the executable PyInstaller's bootloader."""
    assert {"OpenBLAS", "libgfortran"} <= set(
        re.findall(
            r"OpenBLAS|libgfortran", resources.path("licences", "numpy.txt").read_text("utf-8")
        )
    )
    assert "bootloader" in resources.path("licences", "pyinstaller.txt").read_text("utf-8")
    assert {"python", "pyinstaller", "shiboken6", "pyside6-essentials"} <= index().keys()


def test_a_build_without_a_licence_stops() -> None:
    bundle.check_licences([("numpy.linalg", "", "PYMODULE")], [])
    with pytest.raises(SystemExit, match="no licence of pytest"):
        bundle.check_licences([("pytest", "", "PYMODULE")], [])


# what goes in


def test_every_resource_goes_in() -> None:
    packed = {Path(source) for source, _ in bundle.resource_files(ROOT)}
    for name in ("icons/app.svg", "i18n/descent-lab_zh_CN.qm", "licences/index.json"):
        assert resources.path(*name.split("/")) in packed
    samples = set((ROOT / "resources" / "data").glob("*.csv"))
    assert samples
    assert samples <= packed
    folders = {Path(source).parent.name: folder for source, folder in bundle.resource_files(ROOT)}
    assert folders["data"] == "resources/data"


def test_every_resource_is_in_the_wheel() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = pyproject["tool"]["setuptools"]["package-data"]["*"]
    kinds = {Path(source).suffix for source, _ in bundle.resource_files(ROOT)}
    assert {f"*{kind}" for kind in kinds} <= set(patterns)


@pytest.mark.parametrize(
    ("file", "needed"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", True),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6/Qt/plugins/imageformats/libqtiff.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("PySide6/Qt/lib/libQt6Gui.so.6", True),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        ("libQt6EglFSDeviceIntegration.so.6", False),
        ("libxcb-cursor.so.0", True),
        ("libX11-xcb.so.1", False),
        ("libstdc++.so.6", False),
        ("resources/i18n/descent-lab_zh_CN.qm", True),
        ("resources/data/hubble-1929.csv", True),
    ],
)
def test_only_what_is_needed_goes_in(file: str, needed: bool) -> None:
    assert bundle.is_needed(file) is needed


def test_links_to_what_was_left_out_go_too() -> None:
    library = ("PySide6/Qt/lib/libQt6Core.so.6", "/x/libQt6Core.so.6", "BINARY")
    link = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    dangling = ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", "SYMLINK")
    text = ("resources/a.txt", "/x/a.txt", "DATA")
    assert bundle.without_dangling([link, dangling, text], [library]) == [link, text]


def test_the_program_works_without_what_is_left_out(tmp_path: Path) -> None:
    """The whole smoke test, with every excluded module impossible to import."""
    script = f"""if True:
        import sys

        class Refusal:
            def find_spec(self, name, path=None, target=None):
                if any(name == left or name.startswith(left + ".") for left in EXCLUDED):
                    raise ModuleNotFoundError("left out of the package: " + name, name=name)

        EXCLUDED = {bundle.EXCLUDED_MODULES!r}
        sys.meta_path.insert(0, Refusal())
        import main
        sys.exit(main.main(["--smoke-test"]))
    """
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("ok ")


def test_what_is_excluded_exists() -> None:
    """A name that is misspelt would exclude nothing."""
    gone = {"numpy.distutils", "lib2to3", "setuptools", "pip", "_curses", "curses", "readline"}
    unknown = [
        name
        for name in bundle.EXCLUDED_MODULES
        if name not in gone and importlib.util.find_spec(name) is None
    ]
    assert unknown == []


# the folder and its archive


def test_the_archive_holds_the_folder_and_belongs_to_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "descent-lab"
    (folder / "_internal").mkdir(parents=True)
    program = folder / "descent-lab"
    program.write_bytes(b"\0" * 1_000_000)
    program.chmod(0o755)
    package.write_read_me(folder)
    assert package.folder_megabytes(folder) == pytest.approx(1.0, abs=0.01)
    if sys.platform == "win32":
        return
    archive = package.pack(folder)
    assert archive.name.startswith(f"descent-lab-{__version__}-")
    with tarfile.open(archive) as tar:
        members = {member.name: member for member in tar.getmembers()}
    assert members["descent-lab/descent-lab"].mode & 0o111
    assert {"descent-lab/README.txt", "descent-lab/LICENSE.txt"} <= members.keys()
    assert {(member.uid, member.uname) for member in members.values()} == {(0, "")}


def test_a_trial_passes_only_with_ok_and_zero() -> None:
    shown = {
        "print('first paint'); print('ok 1')": (True, True),
        "print('ok 1'); raise SystemExit(1)": (False, False),
        "print('something else')": (False, False),
    }
    for script, (passed, painted) in shown.items():
        trial = package.try_out([sys.executable, "-c", script])
        assert (trial.passed, trial.first_paint is not None) == (passed, painted)
