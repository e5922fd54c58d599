"""CSV and JSON files from strangers, read with the line of every row.

Spreadsheets write them with a byte-order mark, with semicolons or tabs, with line breaks within
quotes. What is no text at all is refused in one line.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizproof.questions.files import read_bounded
from quizproof.questions.problems import InputError, Problem

MAX_BYTES = 200_000_000
MAX_CELL = 200_000  # characters
MAX_LINE = 2_000_000  # characters
MAX_CELLS = 5_000  # of a row
_SEPARATORS = ",;\t"
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Table:
    """The rows of a CSV file, read as they are asked for; the separator is the header's."""

    path: Path
    text: str
    separator: str

    @property
    def rows(self) -> Iterator[tuple[int, list[str] | Problem]]:
        """Each row that is not empty with the line it begins at, from 1; what is no row as such.

        A quote that is never closed is a problem where it stands, and what follows is read on.
        """
        csv.field_size_limit(MAX_BYTES)  # the longest cell is told of as its row's fault
        reader = csv.reader(_lines(self.text), delimiter=self.separator, strict=True)
        line = 1
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, _of_csv(self.path, line, str(error))
            else:
                if what := _too_much(row):
                    yield line, Problem(str(self.path), line, 0, what, "shorten it")
                elif any(row):
                    yield line, row
            line = reader.line_num + 1


def read_table(path: Path, most: int = MAX_BYTES) -> Table:
    """The CSV file at ``path``, ``most`` bytes long. Raises InputError for one that is no text."""
    text = read_text(path, most)
    if not text.strip():
        raise InputError([Problem(str(path), 0, 0, "empty", "export it again")])
    return Table(path, text, _separator(text))


def read_json(path: Path, most: int = MAX_BYTES) -> tuple[Any, Callable[[str], int]]:
    """The data in ``path``, and a function from a key to the line it stands at. InputError."""
    text = read_text(path, most)
    lines: dict[str, int] = {}

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
            raise InputError(
                [Problem(str(path), line_of(twice), 0, f"'{twice[:40]}' stands twice", "keep one")]
            )
        return found

    def line_of(key: str) -> int:
        if not lines:  # looked for once: every key may be asked for
            lines.update(_first_lines(text))
        written = (json.dumps(key, ensure_ascii=False), json.dumps(key))
        return next((lines[w[1:-1]] for w in written if w[1:-1] in lines), 0)

    try:
        data = json.loads(text, object_pairs_hook=unique)
        return (_encodable(data) if _HALVES.search(text) else data), line_of
    except json.JSONDecodeError as error:
        problem = Problem(str(path), error.lineno, error.colno, f"not JSON: {error.msg}", "mend it")
        raise InputError([problem]) from None
    except (RecursionError, ValueError):
        raise InputError(
            [Problem(str(path), 0, 0, "not JSON that can be read", "mend it")]
        ) from None


def _first_lines(text: str) -> dict[str, int]:
    """The line that every string of JSON first stands at, by what is between its quotes."""
    found: dict[str, int] = {}
    line, before = 1, 0
    for string in _STRING.finditer(text):
        line += text.count("\n", before, string.start())
        before = string.start()
        found.setdefault(string[1], line)
    return found


def _encodable(data: Any) -> Any:
    """``data`` with halves of characters, which JSON lets pass and no file can hold, as escapes."""
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(data, dict):
        return {_encodable(key): _encodable(value) for key, value in data.items()}
    return [_encodable(item) for item in data] if isinstance(data, list) else data


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """The UTF-8 text in ``path``, its byte-order mark left out. Raises InputError."""

    def wrong(what: str, mend: str, line: int = 0) -> InputError:
        return InputError([Problem(str(path), line, 0, what, mend)])

    content = read_bounded(path, most)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise wrong("UTF-16, not UTF-8", "save it as 'CSV UTF-8'")
    if content[:4] == b"PK\x03\x04":
        raise wrong("a zip or a spreadsheet, not text", "save it as 'CSV UTF-8'")
    if (at := content.find(b"\0")) >= 0:
        raise wrong(
            "not text: it has a zero byte", "export it again", content.count(b"\n", 0, at) + 1
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mend = "save it as 'CSV UTF-8' (it may be Big5)"
        raise wrong(f"not UTF-8 (byte {error.start})", mend, line) from None


def _lines(text: str) -> Iterator[str]:
    """Each line; of one that no table has, as much as shows that it is too long."""
    for line in io.StringIO(text, newline=""):
        yield line if len(line) <= MAX_LINE else line[:MAX_LINE].replace('"', "")


def _too_much(row: Sequence[str]) -> str:
    """Say what is more in ``row`` than a table has; "" where nothing is."""
    if len(row) > MAX_CELLS:
        return f"a row of over {MAX_CELLS} cells"
    if any(len(cell) > MAX_CELL for cell in row):
        return f"a cell of over {MAX_CELL} characters"
    return ""


def _separator(text: str) -> str:
    """The one that splits the first row into the most cells; quoted ones do not count."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    bare = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _of_csv(path: Path, line: int, message: str) -> Problem:
    if "unexpected end" in message:
        return Problem(str(path), line, 0, "the file ends within quotes", "export it again")
    return Problem(str(path), line, 0, f"no row of a CSV ({message})", "mend its quotes")
