"""Tables as learners have them: written by spreadsheets, by R, by NumPy, by hand, and broken ones.

The tables are small enough to be checked by eye; the expected numbers are those in the text.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from engine.files.tables import (
    CHUNK_ROWS,
    PREVIEW_ROWS,
    Table,
    pick_columns,
    read_table,
    suggest_columns,
    table_at,
    too_few_numeric_columns,
)
from engine.messages import InputError, Message

Write = Callable[..., Path]

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_file


def columns_of(table: Table) -> dict[str, list[float]]:
    return {name: table.numbers(name).tolist() for name in table.columns}


def complaint_about(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        read_table(path)
    return str(refused.value)


# What is read


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2.5\n-3,4e2\n",
        "x;y\n1;2.5\n-3;4e2\n",
        "x;y\n1;2,5\n-3;4e2\n",
        "x\ty\n1\t2.5\n-3\t4e2\n",
        "x\ty\n1\t2,5\n-3\t4e2\n",
        "x y\n1 2.5\n-3 4e2\n",
        "  x   y\n  1   2.5  \n -3\t 4e2\n",
        "# x y\n1 2.5\n-3 4e2\n",
        "# x,y\n1,2.5\n-3,4e2\n",
        "x, y\n1, 2.5\n-3, 4e2\n",
        '"x","y"\n"1","2.5"\n"-3","4e2"\n',
        '"x" "y"\n1 "2.5"\n-3 4e2\n',
        '"x";"y"\n"1";"2,5"\n"-3";"4e2"\n',
        "x,y\r\n1,2.5\r\n-3,4e2\r\n",
        "x,y\r1,2.5\r-3,4e2",
        "\n\nx,y\n\n1,2.5\n   \n,\n-3,4e2\n\n",
        "\ufeffx,y\n1,2.5\n-3,4e2\n",
        "x,y\n１,２.５\n-3,4e2\n",  # a Chinese keyboard's full-width digits
    ],
)
def test_delimiters_quotes_line_ends_and_decimal_marks(write: Write, text: str) -> None:
    table = read_table(write(text))

    assert columns_of(table) == {"x": [1.0, -3.0], "y": [2.5, 400.0]}
    assert table.n == 2
    assert table.numeric_columns() == ("x", "y")


@pytest.mark.parametrize("text", ["1,2\n3,4\n", "1 2\n3 4\n", "1;2\n3;4\n"])
def test_columns_without_a_header_are_numbered(write: Write, text: str) -> None:
    assert columns_of(read_table(write(text))) == {"column 1": [1, 3], "column 2": [2, 4]}


def test_decimal_commas_in_the_first_row_are_data(write: Write) -> None:
    assert columns_of(read_table(write("1,5;2,5\n3,5;4,5\n"))) == {
        "column 1": [1.5, 3.5],
        "column 2": [2.5, 4.5],
    }


def test_decimal_comma_is_found_below_many_whole_numbers(write: Write) -> None:
    table = read_table(write("x;y\n" + "1;2\n" * 500 + "0,5;2\n"))

    assert table.numbers("x")[-1] == 0.5


def test_decimal_commas_between_spaces(write: Write) -> None:
    assert columns_of(read_table(write("x y\n1,5 2,5\n3,5 4,5\n"))) == {
        "x": [1.5, 3.5],
        "y": [2.5, 4.5],
    }


def test_thousands_are_not_guessed(write: Write) -> None:
    english = read_table(write('x,y\n"1,234",1\n"2,500",2\n'))
    tabbed = read_table(write("x\ty\n1,234\t1\n2,500\t2\n"))
    german = read_table(write("x;y\n1.234;0,5\n2.500;1,5\n"))

    for table in (english, tabbed, german):
        assert table.numeric_columns() == ("y",)
    with pytest.raises(
        InputError, match=r"“1\.234” is not a number in a file that writes decimals"
    ):
        german.numbers("x")


def test_underscores_do_not_group_digits(write: Write) -> None:
    table = read_table(write("x,y\n1_000,1\n2,2\n"))

    with pytest.raises(InputError, match="line 2, column “x”: “1_000” is not a number"):
        table.numbers("x")


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(write: Write) -> None:
    table = read_table(write('name,x,y\n"Doe, ""J""\nSr.",1,2\n"Roe; R.",3,oops\n'))

    assert table.preview == (('Doe, "J"\nSr.', "1", "2"), ("Roe; R.", "3", "oops"))
    assert_array_equal(table.numbers("x"), [1, 3])
    with pytest.raises(InputError, match="line 4, column “y”"):  # as an editor counts
        table.numbers("y")


def test_names_are_unique_and_never_empty(write: Write) -> None:
    table = read_table(write("x,x,,x (2),  a\tb \n1,2,3,4,5\n1,2,3,4,5\n"))

    assert table.columns == ("x", "x (2)", "column 3", "x (2) (2)", "a b")
    assert table.numbers("x (2)")[0] == 2


def test_a_word_in_every_row_is_no_header(write: Write) -> None:
    table = read_table(write("a,1\nb,2\n"))

    assert table.columns == ("column 1", "column 2")
    assert table.n == 2


def test_preview_is_the_first_rows_as_text(write: Write) -> None:
    table = read_table(write("name,x\n" + "".join(f" n{i} ,0{i}\n" for i in range(50))))

    assert len(table.preview) == PREVIEW_ROWS
    assert table.preview[1] == ("n1", "01")


def test_preview_continues_across_chunks(write: Write) -> None:
    rows = 2 * CHUNK_ROWS + 1
    table = read_table(write("x,y\n" + "".join(f"{i},{-i}\n" for i in range(rows))))

    assert table.n == rows
    assert len(table.preview) == PREVIEW_ROWS
    assert_array_equal(table.numbers("x"), np.arange(rows))
    assert_array_equal(table.numbers("y"), -np.arange(rows))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pairs=st.lists(
        st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=2, max_size=9
    ),
    delimiter=st.sampled_from([",", ";", "\t", " "]),
)
def test_written_numbers_come_back_to_the_last_bit(
    write: Write, pairs: list[tuple[float, float]], delimiter: str
) -> None:
    path = write("\n".join(f"{x!r}{delimiter}{y!r}" for x, y in pairs))

    x, y = pick_columns(read_table(path), ["column 1"], "column 2")

    assert_array_equal(np.column_stack([x, y]), np.array(pairs))


# Encodings


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gbk", "gb18030"],
)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("距离", "速度"),
        ("身高", "体重"),
        ("温度（℃）", "销量"),
        ("学习时间", "成绩"),
        ("年份", "销售额（万元）"),
        ("面积", "y"),
    ],
)
def test_short_chinese_headers(write: Write, encoding: str, x: str, y: str) -> None:
    table = read_table(write(f"{x},{y}\n1,2\n3,4\n", encoding=encoding))

    assert columns_of(table) == {x: [1, 3], y: [2, 4]}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("Größe", "Übergänge"),
        ("température", "énergie"),
        ("T (°C)", "I (µA)"),
        ("x²", "Año"),
        ("ÄÖÜ", "y"),
    ],
)
def test_western_headers(write: Write, encoding: str, x: str, y: str) -> None:
    table = read_table(write(f"{x};{y}\n1,5;2\n3;4\n", encoding=encoding))

    assert columns_of(table) == {x: [1.5, 3], y: [2, 4]}


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_either_byte_order(write: Write, mark: bytes) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"

    table = read_table(write(mark + "x\ty\n1\t2\n3\t4\n".encode(order)))

    assert columns_of(table) == {"x": [1, 3], "y": [2, 4]}


# What is refused


def test_missing_file(tmp_path: Path) -> None:
    sentence = complaint_about(tmp_path / "nowhere.csv")

    assert sentence.startswith("Cannot open nowhere.csv: there is no such file")
    assert str(tmp_path) not in sentence


def test_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert "there is no such file" in complaint_about(tmp_path / "a\0b.csv")


def test_file_taken_for_a_folder(write: Write) -> None:
    assert "there is no such file" in complaint_about(write("x,y\n1,2\n3,4\n") / "inner.csv")


def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()

    assert complaint_about(folder) == (
        "Cannot open folder.csv: it is a folder; choose a file in it."
    )


def test_folder_without_a_name() -> None:
    assert complaint_about(Path()).startswith("Cannot open .: it is a folder")


@contextmanager
def without_root() -> Iterator[None]:
    """Root may read everything; nobody may not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are not those of POSIX")
def test_no_permission(write: Write) -> None:
    path = write("x,y\n1,2\n3,4\n", "secret.csv")
    path.chmod(0)

    with without_root():
        sentence = complaint_about(path)

    assert sentence.startswith("Cannot open secret.csv: there is no permission to read it")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_file_that_the_system_cannot_open(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)

    assert complaint_about(loop).startswith(f"Cannot open loop.csv: {os.strerror(errno.ELOOP)};")


@pytest.mark.parametrize("text", ["", "\n \n\t\n", "\ufeff", ",,\n,,\n"])
def test_empty_file(write: Write, text: str) -> None:
    assert complaint_about(write(text)) == ("table.csv is empty; choose a file with a table in it.")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PNG, "picture.png"),
        (PNG, "picture.csv"),
        (b"\xff\xfex", "half.csv"),  # UTF-16 by its mark, but half a character
        (b"x,y\n1,2\n3,\x81\n", "unknown.csv"),  # neither UTF-8, GB18030 nor Windows-1252
    ],
)
def test_file_that_is_no_text(write: Write, content: bytes, name: str) -> None:
    assert complaint_about(write(content, name)) == (
        f"{name} is not a text file, or its encoding is unknown; save the table as CSV in UTF-8 "
        "and open that."
    )


@pytest.mark.parametrize("name", ["table.xlsx", "table.XLS", "table.ods"])
def test_spreadsheet(write: Write, name: str) -> None:
    assert complaint_about(write(b"PK\x03\x04\0", name)) == (
        f"{name} is a spreadsheet, which is not supported yet; save the sheet as CSV and open that."
    )


@pytest.mark.parametrize("text", ["x\n1\n2\n", "1\n2\n3\n", "a" * 200_000])
def test_single_column(write: Write, text: str) -> None:
    assert complaint_about(write(text)).startswith(
        "table.csv has only one column; a fit needs two columns of numbers"
    )


def test_header_only(write: Write) -> None:
    assert complaint_about(write("x,y\n")) == (
        "table.csv has a header but no data; a fit needs at least two rows."
    )


@pytest.mark.parametrize("text", ["x,y\n1,2\n", "1,2\n"])
def test_single_row(write: Write, text: str) -> None:
    assert complaint_about(write(text)) == (
        "table.csv has only one row of data; a fit needs at least two."
    )


@pytest.mark.parametrize(
    ("row", "found"), [("3", 1), ("3,4,5", 3), ("3,4,", 3), ("3;4", 1), ('"3,4"', 1)]
)
def test_ragged_row(write: Write, row: str, found: int) -> None:
    assert complaint_about(write(f"x,y\n1,2\n\n{row}\n5,6\n")) == (
        "table.csv, line 4: this row and the first differ in their number of cells "
        f"({found} and 2); give every row the same number."
    )


@pytest.mark.parametrize("cell", ['"4', '"4"5'])
def test_quotation_mark_that_does_not_close(write: Write, cell: str) -> None:
    assert complaint_about(write(f"x,y\n1,2\n3,{cell}\n5,6\n")) == (
        "table.csv, line 3: a quoted cell does not end as it should; correct the quotation marks."
    )


# Columns


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("twelve", "“twelve” is not a number; correct it or choose another column"),
        ("12 km", "“12 km” is not a number"),
        ("NA", "“NA” is not a number"),
        ("0x10", "“0x10” is not a number"),
        ("", "the cell is blank; fill in a number or delete the row"),
        ("   ", "the cell is blank"),
        ("nan", "“nan” stands for a missing number"),
        ("-inf", "“-inf” is infinite or too large"),
        ("1e999", "“1e999” is infinite or too large"),  # beyond the largest double, 1.8e308
    ],
)
def test_cell_that_is_no_number(write: Write, cell: str, reason: str) -> None:
    table = read_table(write(f"a,b,c\n1,2,3\n\n4,{cell},6\n7,8,9\n"))

    with pytest.raises(InputError) as refused:
        table.numbers("b")

    assert str(refused.value).startswith(f"table.csv, line 4, column “b”: {reason}")
    assert refused.value.message.values["line"] == 4


def test_fault_far_down_is_found_on_its_line(write: Write) -> None:
    rows = CHUNK_ROWS + 5
    table = read_table(write("x,y\n" + "1,2\n" * rows + "1,oops\n" + "1,2\n" * rows))

    with pytest.raises(InputError, match=f"line {rows + 2}, column “y”"):  # after the header
        table.numbers("y")


def test_unknown_column_names_those_there_are(write: Write) -> None:
    table = read_table(write("x,y\n1,2\n3,4\n"))

    with pytest.raises(InputError, match="no column “z”; its columns are “x”, “y”"):
        table.numbers("z")


def test_numeric_columns_may_have_gaps_but_nothing_else(write: Write) -> None:
    table = read_table(
        write("full,gap,void,word,late,nan,inf\n1,,,a,,nan,inf\n2,3,,b,4,1,1\n3,4,,c,x,1,1\n")
    )

    assert table.numeric_columns() == ("full", "gap")
    with pytest.raises(InputError, match="line 2, column “gap”: the cell is blank"):
        table.numbers("gap")
    # The word, not the blank cell above it, is what keeps the column from being numeric.
    with pytest.raises(InputError, match="line 4, column “late”: “x” is not a number"):
        table.numbers("late")


def test_numbers_cannot_be_changed_by_a_reader(write: Write) -> None:
    numbers = read_table(write("x,y\n1,2\n3,4\n")).numbers("x")

    with pytest.raises(ValueError, match="read-only"):
        numbers[0] = 5


def test_picked_columns_keep_their_order(write: Write) -> None:
    table = read_table(write("a,b,c\n1,2,3\n4,5,6\n"))

    x, y = pick_columns(table, ["c", "a"], "b")

    assert_array_equal(x, [[3, 1], [6, 4]])
    assert_array_equal(y, [2, 5])
    assert x.dtype == y.dtype == np.float64


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([], "a", "Choose at least one column for x"),
        (["a"], "a", "“a” is chosen more than once; x and y must be different columns"),
        (["a", "a"], "b", "“a” is chosen more than once"),
        (["a"], "z", "has no column “z”"),
        (["a", "word"], "b", "column “word”: “w” is not a number"),
    ],
)
def test_columns_that_cannot_be_picked(write: Write, x: list[str], y: str, reason: str) -> None:
    table = read_table(write("a,b,word\n1,2,w\n3,4,w\n"))

    with pytest.raises(InputError, match=reason):
        pick_columns(table, x, y)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x,y\n1,2\n3,4\n", ("x", "y")),
        ("name,d,v\na,2,3\nb,5,6\n", ("d", "v")),
        ("p,q,r\n1,2,3\n4,5,6\n", ("p", "q")),
        ("x,name\n1,a\n2,b\n", None),
    ],
)
def test_suggested_columns(write: Write, text: str, expected: tuple[str, str] | None) -> None:
    assert suggest_columns(read_table(write(text))) == expected


def test_table_with_one_numeric_column_says_what_is_in_the_way(write: Write) -> None:
    error = too_few_numeric_columns(read_table(write("name,x\na,1\nb,2\n")))

    assert str(error) == (
        "table.csv has too few columns of numbers (1); a fit needs two: x and y. table.csv, "
        "line 2, column “name”: “a” is not a number; correct it or choose another column."
    )
    assert isinstance(error.message.values["reason"], Message)  # so that it is translated too


def test_a_table_is_read_again_only_when_its_file_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("x,y\n1,2\n3,4\n")
    first = table_at(file)
    assert table_at(file) is first
    file.write_text("x,y\n1,2\n3,4\n5,6\n")
    assert table_at(file).n == 3
    file.unlink()
    with pytest.raises(InputError, match="no such file"):
        table_at(file)
