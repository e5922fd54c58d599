"""CSV and JSON files from strangers, read with the line of every row.

Spreadsheets write them with a byte-order mark, with semicolons or tabs, with line breaks within
quotes. What is no text at all is refused in one line.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizproof.questions.problems import InputError, Problem

MAX_BYTES = 200_000_000
MAX_CELL = 200_000  # characters
_SEPARATORS = ",;\t"
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
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True
        )
        line = 1
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, _of_csv(self.path, line, str(error))
            else:
                if any(len(cell) > MAX_CELL for cell in row):
                    what = f"a cell of over {MAX_CELL} characters"
                    yield line, Problem(str(self.path), line, 0, what, "shorten it")
                elif any(row):
                    yield line, row
            line = reader.line_num + 1


def read_table(path: Path) -> Table:
    """The CSV file at ``path``. Raises InputError where it is empty or no text."""
    text = read_text(path)
    if not text.strip():
        raise InputError([Problem(str(path), 0, 0, "empty", "export it again")])
    return Table(path, text, _separator(text))


def read_json(path: Path) -> tuple[Any, Callable[[str], int]]:
    """The data in ``path``, and a function from a key to the line it stands at. InputError."""
    text = read_text(path)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(
                [Problem(str(path), line_of(twice), 0, f"'{twice[:40]}' stands twice", "keep one")]
            )
        return found

    def line_of(key: str) -> int:
        for written in (json.dumps(key, ensure_ascii=False), json.dumps(key)):
            if (at := text.find(written)) >= 0:
                return text.count("\n", 0, at) + 1
        return 0

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


def _encodable(data: Any) -> Any:
    """``data`` with halves of characters, which JSON lets pass and no file can hold, as escapes."""
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(data, dict):
        return {_encodable(key): _encodable(value) for key, value in data.items()}
    return [_encodable(item) for item in data] if isinstance(data, list) else data


def read_text(path: Path) -> str:
    """The UTF-8 text in ``path``, its byte-order mark left out. Raises InputError."""

    def wrong(what: str, mend: str, line: int = 0) -> InputError:
        return InputError([Problem(str(path), line, 0, what, mend)])

    try:
        if path.stat().st_size > MAX_BYTES:
            raise wrong(f"larger than {MAX_BYTES} bytes", "split the file")
        content = path.read_bytes()
    except OSError as error:
        raise wrong(f"cannot be read ({error.strerror})", "check the path") from None
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


def _separator(text: str) -> str:
    """The one that splits the first row into the most cells; quoted ones do not count."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    bare = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _of_csv(path: Path, line: int, message: str) -> Problem:
    if "unexpected end" in message:
        return Problem(str(path), line, 0, "the file ends within quotes", "export it again")
    return Problem(str(path), line, 0, f"no row of a CSV ({message})", "mend its quotes")
