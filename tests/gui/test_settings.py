from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gui.settings import (
    MOST_RECENT_FILES,
    VERSION_KEY,
    Arrangement,
    Settings,
    load_settings,
    resolved_language,
    save_settings,
)

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_first_start_has_the_defaults() -> None:
    assert load_settings() == Settings()


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    settings = Settings(
        geometry=bytes(range(256)),
        arrangement=Arrangement({"loss": False}, {"fit": 1.3, "right": 320.0}, "step", "fit", True),
        theme="dark",
        language="zh_CN",
        log_loss=False,
        loss_axis="epochs",
        speed=None,
        folder=str(tmp_path),
        recent=("/a, b.json", "/数据 \\ ;=%.json"),
    )
    save_settings(settings)
    assert load_settings() == settings


def test_settings_of_a_version_with_other_fields_load() -> None:
    save_settings(Settings(theme="dark"))
    QSettings().remove("arrangement")
    QSettings().setValue("splitters", '{"top": "AAAA"}')
    assert load_settings() == Settings(theme="dark")


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("geometry", '"not base64!"'),
        ("arrangement", "[1, 2]"),
        ("arrangement", '{"shown": {"fit": 3}}'),
        ("arrangement", '{"sizes": {"fit": -1}}'),
        ("arrangement", '{"sizes": {"fit": 1e999}}'),
        ("theme", '"purple"'),
        ("language", '"fr"'),
        ("log_loss", '"perhaps"'),
        ("loss_axis", '"years"'),
        ("speed", "-3"),
        ("speed", "1e999"),
        ("folder", "7"),
        ("recent", '"one"'),
        ("theme", "{broken"),
        ("theme", ""),
        ("theme", ["a", "list"]),
        ("speed", "\ud800"),
    ],
)
def test_a_bad_field_is_dropped_and_the_others_stay(name: str, stored: object) -> None:
    good = Settings(
        geometry=b"g",
        arrangement=Arrangement(tab="numbers"),
        theme="dark",
        language="zh_CN",
        log_loss=False,
        loss_axis="points",
        speed=500.0,
        folder="/here",
        recent=("/here/a.json",),
    )
    save_settings(good)
    QSettings().setValue(name, stored)
    assert load_settings() == replace(good, **{name: getattr(Settings(), name)})


def test_settings_of_another_version_are_left_unread() -> None:
    save_settings(Settings(theme="dark"))
    QSettings().setValue(VERSION_KEY, "2")
    assert load_settings() == Settings()


def test_a_file_that_is_no_settings_file_does_not_block_the_start() -> None:
    save_settings(Settings(theme="dark"))
    file = Path(QSettings().fileName())
    file.write_bytes(b"\x00\x80[[[=\n\xff" * 50)
    assert load_settings() == Settings()


def test_the_latest_file_comes_first_and_only_once(tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.json" for i in range(MOST_RECENT_FILES + 2)]
    settings = Settings()
    for file in (*files, files[5]):
        file.touch()
        settings = settings.with_file(file)
    assert settings.folder == str(tmp_path)
    assert len(settings.recent) == MOST_RECENT_FILES
    assert settings.recent_files()[:2] == [files[5], files[-1]]
    assert len(set(settings.recent)) == MOST_RECENT_FILES


def test_only_files_that_are_there_are_offered(tmp_path: Path) -> None:
    here, gone = tmp_path / "here.json", tmp_path / "gone.json"
    here.touch()
    settings = Settings().with_file(here).with_file(gone)
    assert settings.recent_files() == [here]


def test_a_name_that_is_no_unicode_is_not_remembered(tmp_path: Path) -> None:
    settings = Settings().with_file(tmp_path / "\udcff.json")
    assert settings == Settings()
    save_settings(settings)


@pytest.mark.parametrize(
    ("system", "language"),
    [("zh_CN.UTF-8", "zh_CN"), ("zh_TW.UTF-8", "zh_CN"), ("de_DE.UTF-8", "en"), ("C", "en")],
)
def test_a_chinese_system_gets_chinese(
    monkeypatch: pytest.MonkeyPatch, system: str, language: str
) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(name, system)
    assert resolved_language("system") == language
    assert resolved_language("en") == "en"
    assert resolved_language("zh_CN") == "zh_CN"
