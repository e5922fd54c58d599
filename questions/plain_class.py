"""A class's responses in a table of one's own: ``student,q01,q02,…``, or the same as JSON.

The first column says who; ``name``, ``id``, ``sis_id``, ``login`` and ``section`` may be columns
too. Cells are as ``parse_response`` takes them; ``q22[1]`` is a column for one blank or list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizproof.questions.classroom import ClassResponses, Reader, Student, Submission
from quizproof.questions.fields import PART
from quizproof.questions.problems import InputError, Problem, one_line
from quizproof.questions.responses import Response, ResponseError, parse_response
from quizproof.questions.spec import Blanks, Lists, Question
from quizproof.questions.tables import Table, read_json

_LABELS = {
    "name": ("name", "student name", "姓名", "學生姓名"),
    "id": ("id", "canvas id", "student id"),
    "sis_id": ("sis_id", "sis id", "sis user id", "學號"),
    "login": ("login", "login id", "sis login id", "login_id", "帳號"),
    "section": ("section", "班級", "組別"),
}
_FIELD = {label: field for field, labels in _LABELS.items() for label in labels}
_PART = re.compile(rf"(.+?)\s*\[({PART})\]")
_NUMBERED = re.compile(r"(?:q|第)?\s*0*(\d+)\s*題?")


@dataclass(frozen=True)
class _Column:
    reader: Reader
    part: str | None  # one part of the question alone


def read_plain(table: Table, questions: Sequence[Question]) -> ClassResponses:
    """Every row of ``table``."""
    found = ClassResponses(str(table.path))
    rows = table.rows
    _, header = next(rows)
    assert not isinstance(header, Problem)
    labels = [cell.strip().lower() for cell in header]
    columns = _columns(labels, questions, found)
    asked = {column.reader.question.id for column in columns.values()}
    found.asked = tuple(q.id for q in questions if q.id in asked)
    for line, row in rows:
        if isinstance(row, Problem):
            found.problems.append(row)
        elif len(row) != len(labels):
            found.problem(
                line,
                f"{len(row)} cells where the header has {len(labels)}: nothing in it is graded",
                "mend the row; the file may be cut here",
            )
        else:
            student = _student(labels, row)
            responses = _row(found, line, columns, row)
            found.submissions.append(Submission(student=student, line=line, responses=responses))
    return found


def read_plain_json(path: Path, questions: Sequence[Question]) -> ClassResponses:
    """``{student: {q01: a, …}, …}``, or a list of objects with ``student`` and the answers."""
    data, line_of = read_json(path)
    found = ClassResponses(str(path))
    if isinstance(data, Mapping):
        entries = [(str(name), {"student": name}, given) for name, given in data.items()]
    elif isinstance(data, list) and all(isinstance(entry, Mapping) for entry in data):
        entries = [_entry(entry) for entry in data]
    else:
        what = "neither a mapping of students nor a list of them"
        raise InputError([Problem(str(path), 1, 0, what, 'write {"student": {"q01": "a"}}')])
    readers = {question.id: Reader(question, parse_response) for question in questions}
    asked: set[str] = set()
    for name, who, given in entries:
        line = line_of(name)
        if not isinstance(given, Mapping):
            found.problem(line, f"{_short(name)} has no answers", "write a mapping of them")
            continue
        labels = [str(label).lower() for label in who]
        student = _student(labels, [str(value) for value in who.values()])
        responses: dict[str, Response | None] = {}
        for label, value in given.items():
            question = _question(str(label).strip().lower(), readers)
            if question is None:
                found.problem(
                    line, f"there is no question '{_short(str(label))}'", "remove or rename it"
                )
                continue
            responses[question] = _read(found, line, readers[question], value)
        asked |= responses.keys()
        found.submissions.append(Submission(student=student, line=line, responses=responses))
    found.asked = tuple(question for question in readers if question in asked)
    return found


def _entry(entry: Mapping[str, Any]) -> tuple[str, dict[str, Any], Any]:
    """A student's name, all that says who, and the answers, of one object of a list."""
    who = {
        label: value
        for label, value in entry.items()
        if label.lower() == "student" or label.lower() in _FIELD
    }
    rest = {label: value for label, value in entry.items() if label not in who}
    nested = rest.get("answers", rest.get("responses"))
    name = str(next(iter(who.values()), ""))
    return name, who, nested if isinstance(nested, Mapping) and len(rest) == 1 else rest


def _columns(
    labels: Sequence[str], questions: Sequence[Question], found: ClassResponses
) -> dict[int, _Column]:
    """The question of each column; one that is none is listed."""
    readers = {question.id: Reader(question, parse_response) for question in questions}
    if _question(labels[0], readers):
        what = f"the first column is {_short(labels[0])}, where it is to say who answered"
        raise InputError([Problem(found.path, 1, 0, what, "put a column 'student' before it")])
    columns: dict[int, _Column] = {}
    taken: set[tuple[str, str | None]] = set()
    for place, label in enumerate(labels):
        if place == 0 or label in _FIELD:
            continue
        match = _PART.fullmatch(label)
        part = match[2] if match else None
        question = _question(match[1] if match else label, readers)
        if question is None or (part and part not in _parts(readers[question].question)):
            found.problem(1, f"no question is called '{_short(label)}'", "remove or rename it")
        elif {(question, part), (question, None)} & taken:
            found.problem(1, f"two columns are {_short(label)}; the first counts", "remove one")
        else:
            taken.add((question, part))
            columns[place] = _Column(readers[question], part)
    return columns


def _question(label: str, readers: Mapping[str, Reader]) -> str | None:
    """The question a label names: by its id, or its number in the form q1, Q01 or 1."""
    if label in readers:
        return label
    if not (match := _NUMBERED.fullmatch(label)):
        return None
    alike = [q for q in readers if (m := _NUMBERED.fullmatch(q)) and m[1] == match[1]]
    return alike[0] if len(alike) == 1 else None


def _parts(question: Question) -> Sequence[str]:
    if isinstance(question, Blanks):
        return list(question.blanks)
    return list(question.parts) if isinstance(question, Lists) else []


def _student(labels: Sequence[str], row: Sequence[str]) -> Student:
    """The student of a row: by its first cell, and by the columns that say more."""
    given = {
        field: cell.strip()
        for label, cell in zip(labels, row, strict=False)
        if (field := _FIELD.get(label))
    }
    first = row[0].strip() if row else ""
    if labels and labels[0] not in _FIELD:
        # what has a digit in it and no space is a number of the school's, not a name
        numbered = re.fullmatch(r"\S*\d\S*", first) and "sis_id" not in given and "id" not in given
        given = ({"sis_id": first} if numbered else {}) | {"name": first} | given
    return Student(**given)


def _row(
    found: ClassResponses, line: int, columns: Mapping[int, _Column], row: Sequence[str]
) -> dict[str, Response | None]:
    responses: dict[str, Response | None] = {}
    by_part: dict[str, dict[str, str]] = {}
    for place, column in columns.items():
        question = column.reader.question.id
        if column.part is None:
            responses[question] = _read(found, line, column.reader, row[place])
        else:
            by_part.setdefault(question, {})[column.part] = row[place]
    if by_part:
        readers = {column.reader.question.id: column.reader for column in columns.values()}
        for question, parts in by_part.items():
            responses[question] = _read(found, line, readers[question], parts)
    return responses


def _read(found: ClassResponses, line: int, reader: Reader, value: Any) -> Response | None:
    try:
        return reader.read(value)
    except ResponseError as error:
        found.problem(line, f"{reader.question.id}: {error.what}", error.mend)
        return None


def _short(text: str) -> str:
    return one_line(text, 60)
