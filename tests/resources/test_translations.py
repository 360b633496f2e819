"""The Chinese translation is whole and compiled, keeps its placeholders, and is what is shown."""

from __future__ import annotations

import ast
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo
from PySide6.QtWidgets import QApplication

from gui.i18n import set_language
from tools.translations import ROOT, TRANSLATION, check, compile_to

translate = QCoreApplication.translate

WITHOUT_CLASS = {
    "Action",
    "Message",
    "Panel",
    "Spec",
    "Tutorial",
}  # contexts of tables and sentences


def messages() -> list[tuple[str, ElementTree.Element]]:
    """Every message of the translation file with the name of its context."""
    return [
        (context.findtext("name", ""), message)
        for context in ElementTree.parse(TRANSLATION).getroot().iter("context")
        for message in context.iter("message")
    ]


def pairs() -> list[tuple[str, str]]:
    """Every source text with its translation."""
    return [
        (message.findtext("source", ""), message.findtext("translation", ""))
        for _, message in messages()
    ]


def classes_of_the_window() -> set[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in ROOT.glob("gui/**/*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.name for node in nodes if isinstance(node, ast.ClassDef)}


def placeholders(text: str) -> set[tuple[str, str | None, str | None]]:
    """Names with format specifications and conversions, in whatever order."""
    return {
        (name, specification, conversion)
        for _, name, specification, conversion in Formatter().parse(text)
        if name is not None
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the translation, compiled, to be spoilt."""
    for file in (TRANSLATION, TRANSLATION.with_suffix(".qm")):
        shutil.copyfile(file, tmp_path / file.name)
    return tmp_path / TRANSLATION.name


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    set_language(qapp, "zh_CN")
    yield
    set_language(qapp, "en")


def test_translation_is_complete_and_compiled() -> None:
    assert check(TRANSLATION) == [], "run `make translations` and translate what is new"


def forget(context: ElementTree.Element, message: ElementTree.Element) -> None:
    context.remove(message)


def leave_unfinished(_context: ElementTree.Element, message: ElementTree.Element) -> None:
    translation = message.find("translation")
    assert translation is not None
    translation.set("type", "unfinished")


def outlive(_context: ElementTree.Element, message: ElementTree.Element) -> None:
    source = message.find("source")
    assert source is not None
    source.text = "Nobody says this"


@pytest.mark.parametrize(
    ("spoil", "faults"),
    [
        (forget, {"missing: Notice: Close"}),
        (leave_unfinished, {"unfinished: Notice: Close"}),
        (outlive, {"missing: Notice: Close", "vanished: Notice: Nobody says this"}),
    ],
)
def test_a_fault_is_named_with_its_text(
    copy: Path,
    spoil: Callable[[ElementTree.Element, ElementTree.Element], None],
    faults: set[str],
) -> None:
    tree = ElementTree.parse(copy)
    for context in tree.getroot().iter("context"):
        if context.findtext("name") == "Notice":
            for message in context.findall("message"):
                if message.findtext("source") == "Close":
                    spoil(context, message)
    tree.write(copy, encoding="utf-8")
    compile_to(copy, copy.with_suffix(".qm"))
    assert set(check(copy)) == faults


def test_an_old_compiled_file_is_a_fault(copy: Path) -> None:
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace(">梯度下降<", ">下山<"), encoding="utf-8")
    assert check(copy) == [f"not compiled since it changed: {copy.name}"]


def test_every_context_is_a_class_of_the_window_or_a_table() -> None:
    contexts = {context for context, _ in messages()}
    assert contexts >= WITHOUT_CLASS
    assert contexts - WITHOUT_CLASS - classes_of_the_window() == set()


def test_placeholders_survive_translation() -> None:
    assert [
        (source, text) for source, text in pairs() if placeholders(source) != placeholders(text)
    ] == []


def test_texts_keep_the_rules_of_writing() -> None:
    """Nothing is empty or frayed; a menu's key stays, and so does the ellipsis of a dialog."""
    assert [text for _, text in pairs() if not text or text != text.strip()] == []
    assert [text for source, text in pairs() if ("&" in source) != ("(&" in text)] == []
    assert [text for source, text in pairs() if ("…" in source) != ("…" in text)] == []


@pytest.mark.usefixtures("chinese")
def test_window_reads_every_text_in_chinese() -> None:
    unread = [
        (context, source)
        for context, message in messages()
        if translate(
            context,
            source := message.findtext("source", ""),
            message.findtext("comment"),
        )
        != message.findtext("translation")
    ]
    assert unread == []
    assert translate("SurfaceView", "Loss surface") == "损失曲面"
    assert translate("Spec", "Learning rate") == "学习率"
    assert translate("Message", "a whole number") == "整数"


@pytest.mark.usefixtures("chinese")
def test_qt_speaks_chinese_too() -> None:
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    assert Path(folder, "qtbase_zh_CN.qm").is_file()
    assert translate("QPlatformTheme", "Cancel") == "取消"


def test_english_needs_no_translation(qapp: QApplication) -> None:
    set_language(qapp, "zh_CN")
    set_language(qapp, "en")
    assert translate("SurfaceView", "Loss surface") == "Loss surface"
    assert translate("QPlatformTheme", "Cancel") == "Cancel"
