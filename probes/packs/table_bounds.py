"""What a table of data may be: so many columns and cells, each column with a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from quizproof.questions.problems import InputError, Problem, few, one_line

MAX_CELLS: Final = 5_000_000
_MAX_COLUMNS: Final = 5_000


def refuse_names(path: Path, names: Sequence[str], line: int) -> None:
    """Raises InputError where columns are too many, or a name is empty or stands twice."""
    wrong = [
        Problem(str(path), line, 0, f"column {place} has no name", "name it in the first row")
        for place, name in enumerate(names, 1)
        if not name
    ]
    wrong += [
        Problem(str(path), line, 0, f"two columns are called '{one_line(name, 80)}'", "rename one")
        for name, count in Counter(names).items()
        if name and count > 1
    ]
    if len(names) > _MAX_COLUMNS:
        wrong = [Problem(str(path), line, 0, f"over {_MAX_COLUMNS} columns", "take some of them")]
    if wrong:
        raise InputError(few(wrong))


def refuse_more_cells(path: Path, cells: int) -> None:
    """Raises InputError where a table has more ``cells`` than are read."""
    if cells > MAX_CELLS:
        what = f"over {MAX_CELLS:,} cells"
        raise InputError([Problem(str(path), 0, 0, what, "take a part of it")])
