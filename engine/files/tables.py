"""Tables of one's own data: CSV, TSV and other delimited text, read without questions asked.

Delimiter, encoding, header and decimal mark are found from the file itself. A table is parsed once,
in chunks, into one float array per column; of the text only the first rows are kept, for a preview,
and of the cells that are no numbers only the sentence that says which one and why.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.messages import QT_TRANSLATE_NOOP, InputError, Message

FloatArray = NDArray[np.float64]
NumberReader = Callable[[str], float]
Row = tuple[int, list[str]]  # the line on which it starts, counted from 1, and its cells

PREVIEW_ROWS = 20
CHUNK_ROWS = 4_096  # few enough for the processor's cache: a third faster than 65,536
SAMPLE_LINES = 100  # from which the delimiter is found
SAMPLE_CHARACTERS = 1_000  # from which a Chinese encoding is told from a Western one

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers"})
SPACES = " "  # stands for any run of spaces and tabs
DELIMITERS = ("\t", ";", ",", SPACES)  # the earlier one where two fit equally well

_BLANK = QT_TRANSLATE_NOOP(
    "Message",
    "{file}, line {line}, column “{column}”: the cell is blank; fill in a number or delete the "
    "row.",
)
_TEXT = QT_TRANSLATE_NOOP(
    "Message",
    "{file}, line {line}, column “{column}”: “{text}” is not a number; correct it or choose "
    "another column.",
)
_TEXT_BESIDE_DECIMAL_COMMAS = QT_TRANSLATE_NOOP(
    "Message",
    "{file}, line {line}, column “{column}”: “{text}” is not a number in a file that writes "
    "decimals with a comma; correct it or choose another column.",
)
_NAN = QT_TRANSLATE_NOOP(
    "Message",
    "{file}, line {line}, column “{column}”: “{text}” stands for a missing number; fill in a "
    "number or delete the row.",
)
_INFINITE = QT_TRANSLATE_NOOP(
    "Message",
    "{file}, line {line}, column “{column}”: “{text}” is infinite or too large; correct it or "
    "delete the row.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What one column holds.

    Attributes
    ----------
    values
        The numbers, shape (n,), read-only; empty if any cell is not a finite number.
    numeric
        Whether there is a number and every other cell is a finite number or blank.
    fault
        Why `values` is empty: the first cell that is not a finite number, or else the first blank.
    """

    values: FloatArray
    numeric: bool
    fault: Message | None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table as read: `n` rows of named columns.

    Attributes
    ----------
    path
        The file, as it was given.
    n
        The number of data rows, at least 2.
    contents
        The columns by name, in the file's order, at least 2.
    preview
        The first rows as text, at most `PREVIEW_ROWS`.
    """

    path: Path
    n: int
    contents: Mapping[str, Column]
    preview: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, each of them once."""
        return tuple(self.contents)

    def numeric_columns(self) -> tuple[str, ...]:
        """Name the columns that hold finite numbers and, at most, blank cells beside them."""
        return tuple(name for name, column in self.contents.items() if column.numeric)

    def numbers(self, column: str) -> FloatArray:
        """Return a column's numbers, shape (n,), read-only.

        Raises
        ------
        InputError
            If there is no such column, or a cell in it is blank, text, NaN or infinite.
        """
        if column not in self.contents:
            raise InputError(
                QT_TRANSLATE_NOOP(
                    "Message", "{file} has no column “{column}”; its columns are {available}."
                ),
                file=self.path.name,
                column=column,
                available=", ".join(f"“{name}”" for name in self.columns),
            )
        found = self.contents[column]
        if found.fault is not None:
            raise InputError(found.fault.template, **found.fault.values)
        return found.values


def read_table(path: str | Path) -> Table:
    """Read a table from delimited text.

    Cells are separated by commas, semicolons, tabs or spaces and may be quoted. The first row is a
    header unless a number stands in it; without one, the columns are `column 1`, `column 2`, ….
    Rows without any content are skipped. Where the delimiter is no comma, a comma can be the
    decimal mark. Thousands separators are not guessed: such a cell is text.

    Raises
    ------
    InputError
        If the file cannot be read or is no table of at least two columns and two rows.
    """
    path = Path(path)
    text = _decoded(path)
    delimiter = _delimiter(text)
    decimal_comma = _has_decimal_comma(text, delimiter)
    names, rows = _header(text.file, _rows(text, delimiter), _number_reader(decimal_comma))
    builders = [_ColumnBuilder(text.file, name, decimal_comma) for name in names]
    preview: list[list[str]] = []
    n = 0
    while chunk := list(islice(rows, CHUNK_ROWS)):
        lines, records = zip(*chunk, strict=True)
        for builder, cells in zip(builders, zip(*records, strict=True), strict=True):
            builder.add(lines, cells)
        preview.extend(records[: PREVIEW_ROWS - len(preview)])
        n += len(chunk)
    _refuse_too_few_rows(text.file, n)
    contents = {builder.name: builder.finish() for builder in builders}
    return Table(path, n, contents, tuple(tuple(map(str.strip, row)) for row in preview))


def table_at(path: str | Path) -> Table:
    """Read a table, or take the one that was read last where the file is still the same.

    The dialog that asks for columns, and every edit that begins a fit again, want it once more.

    Raises
    ------
    InputError
        As :func:`read_table`.
    """
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return read_table(path)  # which says what is wrong
    return _table_as_of(str(path), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1)
def _table_as_of(path: str, _modified_ns: int, _size: int) -> Table:
    return read_table(path)


def pick_columns(table: Table, x: Sequence[str], y: str) -> tuple[FloatArray, FloatArray]:
    """Return the features, shape (n, d), and the targets, shape (n,), of the named columns.

    Raises
    ------
    InputError
        If no x is named, a column is named twice or is missing, or one of its cells is no finite
        number.
    """
    if not x:
        raise InputError(QT_TRANSLATE_NOOP("Message", "Choose at least one column for x."))
    for name, times in Counter([*x, y]).items():
        if times > 1:
            raise InputError(
                QT_TRANSLATE_NOOP(
                    "Message",
                    "The column “{column}” is chosen more than once; x and y must be different "
                    "columns.",
                ),
                column=name,
            )
    return np.column_stack([table.numbers(name) for name in x]), table.numbers(y)


def suggest_columns(table: Table) -> tuple[str, str] | None:
    """Suggest an x and a y: the first two numeric columns, or None if there are fewer."""
    numeric = table.numeric_columns()
    return (numeric[0], numeric[1]) if len(numeric) >= 2 else None


def left_out(table: Table) -> Message | None:
    """Say which columns no fit can have, and why the first of them; None where all are numeric."""
    others = [name for name, column in table.contents.items() if not column.numeric]
    if not others:
        return None
    text = QT_TRANSLATE_NOOP(
        "Message",
        "Only columns of numbers can be fitted (classes as 0 and 1); left out: {columns}. {reason}",
    )
    columns = ", ".join(f"“{name}”" for name in others)
    return Message(text, {"columns": columns, "reason": table.contents[others[0]].fault})


def too_few_numeric_columns(table: Table) -> InputError:
    """Say why `suggest_columns` found nothing, with the first column that stands in the way."""
    numeric = table.numeric_columns()
    reason = next(column.fault for column in table.contents.values() if not column.numeric)
    return InputError(
        QT_TRANSLATE_NOOP(
            "Message",
            "{file} has too few columns of numbers ({count}); a fit needs two: x and y. {reason}",
        ),
        file=table.path.name,
        count=len(numeric),
        reason=reason,
    )


# From bytes to lines


@dataclass(frozen=True, slots=True)
class _Text:
    """A file's bytes and the encoding in which they are text; decoded anew by each reader."""

    file: str
    raw: bytes
    encoding: str

    def lines(self) -> Iterator[str]:
        lines = io.TextIOWrapper(io.BytesIO(self.raw), encoding=self.encoding)
        # numpy.savetxt and gnuplot mark the header as a comment.
        yield lines.readline().removeprefix("#")
        yield from lines


def _decoded(path: Path) -> _Text:
    file = path.name or str(path)
    raw = _read_bytes(path, file)
    if path.suffix.lower() in SPREADSHEETS:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "{file} is a spreadsheet, which is not supported yet; save the sheet as CSV and "
                "open that.",
            ),
            file=file,
        )
    encoding = _encoding(raw)
    if encoding is None:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "{file} is not a text file, or its encoding is unknown; save the table as CSV in "
                "UTF-8 and open that.",
            ),
            file=file,
        )
    return _Text(file, raw, encoding)


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        if not path.is_dir():
            return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in it
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message", "Cannot open {file}: there is no such file; check its name and folder."
            ),
            file=file,
        ) from error
    except PermissionError as error:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "Cannot open {file}: there is no permission to read it; change its permissions or "
                "open a copy.",
            ),
            file=file,
        ) from error
    except OSError as error:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message", "Cannot open {file}: {reason}; copy it elsewhere and try again."
            ),
            file=file,
            reason=error.strerror,
        ) from error
    raise InputError(
        QT_TRANSLATE_NOOP("Message", "Cannot open {file}: it is a folder; choose a file in it."),
        file=file,
    )


def _encoding(raw: bytes) -> str | None:
    """Find the encoding: the byte-order mark's, UTF-8, GB18030 (includes GBK), Windows-1252.

    Statistical detection was tried (charset-normalizer 3.5) and took most GBK headers of a few
    characters for Korean, Japanese or UTF-16; what a table offers is rarely more than that.
    """
    for mark, encoding in (
        (b"\xff\xfe\0\0", "utf-32"),  # before UTF-16, whose mark it begins with
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return encoding if _decodes(raw, encoding) else None
    if b"\0" in raw:
        return None
    if _decodes(raw, "utf-8"):
        return "utf-8-sig"
    if _decodes(raw, "gb18030") and _mostly_common_chinese(raw):
        return "gb18030"
    return "cp1252" if _decodes(raw, "cp1252") else None


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_common_chinese(raw: bytes) -> bool:
    """Tell Chinese from Western letters, most of which are rare characters when read as GB18030."""
    foreign = re.finditer(r"[^\x00-\x7f]", raw.decode("gb18030"))
    common = [_is_common_chinese(match[0]) for match in islice(foreign, SAMPLE_CHARACTERS)]
    return 2 * sum(common) >= len(common)


def _is_common_chinese(character: str) -> bool:
    """Whether it is punctuation or one of GB 2312's 3,755 characters of the first level."""
    try:
        return character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


# From lines to rows


def _delimiter(text: _Text) -> str:
    sample = list(islice(filter(str.strip, text.lines()), SAMPLE_LINES))
    if not sample:
        raise _empty(text.file)
    scores = {delimiter: _delimiter_score(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=scores.__getitem__)
    if scores[best] == 0.0:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "{file} has only one column; a fit needs two columns of numbers, separated by "
                "commas, semicolons, tabs or spaces.",
            ),
            file=text.file,
        )
    return best


def _delimiter_score(lines: Sequence[str], delimiter: str) -> float:
    """Return how regular (0 to 1) and how numeric (0 to 1) the table is; 0 for a single column.

    The numbers decide in `1,5;2,5`, which has two regular columns or three.
    """
    try:
        spaced = _single_spaced(lines, delimiter)
        rows = list(csv.reader(spaced, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return 0.0
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if width < 2:
        return 0.0
    cells = [cell for row in rows if len(row) == width for cell in row]
    decimal_marks = (False,) if delimiter == "," else (False, True)
    readers = [_number_reader(comma) for comma in decimal_marks]
    numeric = sum(any(_is_number(cell, reader) for reader in readers) for cell in cells)
    return len(cells) / (width * len(rows)) + numeric / len(cells)


def _single_spaced(lines: Iterable[str], delimiter: str) -> Iterable[str]:
    """Leave one space of a run, if spaces are what separates the cells."""
    return (" ".join(line.split()) for line in lines) if delimiter == SPACES else lines


def _rows(text: _Text, delimiter: str) -> Iterator[Row]:
    """Yield the rows that hold anything, all as long as the first."""
    lines = _single_spaced(text.lines(), delimiter)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    width = 0
    line = 1
    try:
        for row in reader:
            if "".join(row).strip():
                width = width or len(row)
                if len(row) != width:
                    raise _ragged(text.file, line, len(row), width)
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message",
                "{file}, line {line}: a quoted cell does not end as it should; correct the "
                "quotation marks.",
            ),
            file=text.file,
            line=line,
        ) from error


def _ragged(file: str, line: int, found: int, expected: int) -> InputError:
    return InputError(
        QT_TRANSLATE_NOOP(
            "Message",
            "{file}, line {line}: this row and the first differ in their number of cells "
            "({found} and {expected}); give every row the same number.",
        ),
        file=file,
        line=line,
        found=found,
        expected=expected,
    )


def _empty(file: str) -> InputError:
    return InputError(
        QT_TRANSLATE_NOOP("Message", "{file} is empty; choose a file with a table in it."),
        file=file,
    )


def _refuse_too_few_rows(file: str, n: int) -> None:
    if n == 0:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message", "{file} has a header but no data; a fit needs at least two rows."
            ),
            file=file,
        )
    if n == 1:
        raise InputError(
            QT_TRANSLATE_NOOP(
                "Message", "{file} has only one row of data; a fit needs at least two."
            ),
            file=file,
        )


def _header(
    file: str, rows: Iterator[Row], reader: NumberReader
) -> tuple[list[str], Iterator[Row]]:
    """Return the columns' names and the rows of data; a row with a number in it is no header."""
    first = next(rows, None)
    if first is None:
        raise _empty(file)
    cells = first[1]
    if any(_is_number(cell, reader) for cell in cells):
        return _unique([""] * len(cells)), chain([first], rows)
    return _unique(cells), rows


def _unique(names: Sequence[str]) -> list[str]:
    """Name the nameless by their position, and number what comes a second time: `x`, `x (2)`."""
    unique: dict[str, None] = {}
    for position, name in enumerate(names, start=1):
        stem = " ".join(name.split()) or f"column {position}"
        candidate, times = stem, 1
        while candidate in unique:
            times += 1
            candidate = f"{stem} ({times})"
        unique[candidate] = None
    return list(unique)


# From cells to numbers

_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_PERHAPS_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def _has_decimal_comma(text: _Text, delimiter: str) -> bool:
    """Whether the file writes decimals with a comma.

    A semicolon delimits because the comma is taken; beside tabs or spaces, `1,234` may as well be
    an English thousand, so that it takes another cell, such as `1,5`, to tell.
    """
    if delimiter == ",":
        return False
    separator = None if delimiter == SPACES else delimiter
    return any(
        _DECIMAL_COMMA.fullmatch(cell)
        and (delimiter == ";" or not _PERHAPS_THOUSANDS.fullmatch(cell))
        for line in text.lines()
        if "," in line
        for cell in (quoted.strip(' "\n') for quoted in line.split(separator))
    )


def _number_reader(decimal_comma: bool) -> NumberReader:
    return _number_with_comma if decimal_comma else _number


def _number(cell: str) -> float:
    if "_" in cell:  # float() takes 1_000 for a thousand
        raise ValueError(cell)
    return float(cell)


def _number_with_comma(cell: str) -> float:
    if "." in cell:  # it may mark thousands and must not pass for decimals
        raise ValueError(cell)
    return _number(cell.replace(",", "."))


def _is_number(cell: str, reader: NumberReader) -> bool:
    try:
        return math.isfinite(reader(cell))
    except ValueError:
        return False


class _ColumnBuilder:
    """Takes a column's cells chunk by chunk; keeps the numbers, or what stands in their way."""

    def __init__(self, file: str, name: str, decimal_comma: bool) -> None:
        self.name = name
        self._file = file
        self._read = _number_reader(decimal_comma)
        self._text = _TEXT_BESIDE_DECIMAL_COMMAS if decimal_comma else _TEXT
        self._parts: list[FloatArray] = []
        self._numeric = False
        self._refused = False
        self._fault: Message | None = None

    def add(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        if self._refused:
            return
        values = self._numbers(cells)
        if values is None:
            self._examine(lines, cells)
        else:
            self._numeric = True
            self._parts.append(values)

    def finish(self) -> Column:
        values = np.concatenate(self._parts) if self._fault is None else np.empty(0)
        values.flags.writeable = False
        return Column(values, self._numeric and not self._refused, self._fault)

    def _numbers(self, cells: Sequence[str]) -> FloatArray | None:
        try:
            values = np.fromiter(map(self._read, cells), np.float64, len(cells))
        except ValueError:
            return None
        return values if np.isfinite(values).all() else None

    def _examine(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Look for the first fault; what is not even blank settles that the column is refused."""
        for line, cell in zip(lines, cells, strict=True):
            complaint = self._complaint(cell)
            if complaint is None:
                self._numeric = True
            elif complaint is not _BLANK:
                self._fault = self._message(complaint, line, cell)
                self._refused = True
                return
            elif self._fault is None:
                self._fault = self._message(complaint, line, cell)

    def _complaint(self, cell: str) -> str | None:
        if not cell.strip():
            return _BLANK
        try:
            value = self._read(cell)
        except ValueError:
            return self._text
        if math.isnan(value):
            return _NAN
        return None if math.isfinite(value) else _INFINITE

    def _message(self, complaint: str, line: int, cell: str) -> Message:
        values = {"file": self._file, "line": line, "column": self.name, "text": cell.strip()}
        return Message(complaint, values)
