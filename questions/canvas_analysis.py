"""Canvas's *Student Analysis* CSV of a classic quiz.

Its columns are ``name, id, [sis_id], [root_account], section, section_id, [section_sis_id],
submitted, [attempt]``, of which some may be taken out, then two for each question, then three of
its own counting. The labels are in the account's language, and an anonymous quiz has neither
``name`` nor ``id``, so columns are told by their place and by what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from quizproof.questions.answer_texts import question_of, response_of
from quizproof.questions.classroom import ClassResponses, Reader, Student, Submission
from quizproof.questions.problems import Problem, one_line
from quizproof.questions.responses import Response, ResponseError
from quizproof.questions.spec import Question
from quizproof.questions.tables import Table

_HEAD = re.compile(r"\s*(\d+)\s*[:：](.*)", re.DOTALL)
_NUMBER = re.compile(r"\s*\d+([.,]\d+)?\s*")
_ENOUGH = 200  # rows to tell the columns by
_FIELDS = ("name", "id", "sis_id", "section", "attempt")
_LABELS = frozenset([*_FIELDS, "root_account", "section_id", "section_sis_id", "submitted"])
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")


@dataclass(frozen=True)
class _Who:
    """The places of the columns that say who; None where the file has none."""

    name: int | None
    id: int | None
    sis_id: int | None
    section: int | None
    attempt: int | None


def is_analysis(header: Sequence[str]) -> bool:
    """Tell whether a table with this header is a Student Analysis."""
    return _first_question(header) is not None


def read_analysis(table: Table, questions: Sequence[Question]) -> ClassResponses:
    """Every row of ``table``."""
    found = ClassResponses(str(table.path))
    rows = table.rows
    _, header = next(rows)
    assert not isinstance(header, Problem)
    columns = _questions(header, questions, found)
    asked = {reader.question.id for reader in columns.values()}
    found.asked = tuple(question.id for question in questions if question.id in asked)
    first = _first_question(header)
    assert first is not None
    begun = list(islice(rows, _ENOUGH))
    whole = [row for _, row in begun if not isinstance(row, Problem) and len(row) == len(header)]
    who = _who(header[:first], whole)
    for line, row in chain(begun, rows):
        if isinstance(row, Problem):
            found.problems.append(row)
        elif len(row) != len(header):
            found.problem(
                line,
                f"{len(row)} cells where the header has {len(header)}: nothing in it is graded",
                "export it again; the file may be cut here",
            )
        else:
            found.submissions.append(_submission(found, line, row, who, columns))
    return found


def _first_question(header: Sequence[str]) -> int | None:
    for place, label in enumerate(header[:-1]):
        if _HEAD.fullmatch(label) and _NUMBER.fullmatch(header[place + 1]):
            return place
    return None


def _questions(
    header: Sequence[str], questions: Sequence[Question], found: ClassResponses
) -> dict[int, Reader]:
    """A reader for each column that is a question's; one that is none of the quiz is listed."""
    columns: dict[int, Reader] = {}
    first = _first_question(header)
    assert first is not None
    for place in range(first, len(header) - 1, 2):
        match = _HEAD.fullmatch(header[place])
        if match is None:
            break
        question = question_of(match[2], questions)
        short = one_line(match[2], 60)
        if question is None:
            found.problem(
                1,
                f"question {match[1]} '{short}' is none of this quiz's, or several",
                "its words may have been changed; its answers are not graded",
            )
        elif any(reader.question.id == question.id for reader in columns.values()):
            found.problem(
                1, f"question {match[1]} is {question.id} a second time", "the first counts"
            )
        else:
            columns[place] = Reader(question, response_of)
    return columns


def _who(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> _Who:
    """Find the places of the columns before the questions.

    English labels say what they are, and any of them may be absent. Others are told by their
    place: the time of submission is known by its form, and an attempt alone may stand after it; the
    section and its number stand before it, and before those a name and a number, in a quiz with
    names. With fewer, the first are the names, as far as they tell rows apart.
    """

    def share(place: int, form: re.Pattern[str]) -> float:
        cells = [row[place].strip() for row in rows if row[place].strip()]
        return sum(bool(form.match(cell)) for cell in cells) / max(1, len(cells))

    known = {label: place for place, label in enumerate(map(_label, labels))}
    if (
        known.keys() & {"name", "section", "submitted"} or known.keys() <= _LABELS
    ):  # in English: each says what it is
        return _Who(**{field: known.get(field) for field in _FIELDS})
    timed = [place for place in range(len(labels)) if share(place, _TIME) > 0.5]
    last = len(labels) - 1
    submitted = timed[-1] if timed else last
    attempt = submitted + 1 if submitted < last else None
    if submitted >= 4:
        # with the school's numbers there is one more for the student, maybe one for the section
        section = {4: 2, 5: 3, 6: 3}.get(submitted, 4)
        sis_id = 2 if section > 2 else None
        return _Who(name=0, id=1, sis_id=sis_id, section=section, attempt=attempt)
    if submitted and _tells_apart(rows, attempt):
        # of two numbers the first is Canvas's; one alone is not taken for that by mistake
        of_canvas, of_school = {2: (None, 1), 3: (1, 2)}.get(submitted, (None, None))
        return _Who(name=0, id=of_canvas, sis_id=of_school, section=None, attempt=attempt)
    section_at = 0 if submitted >= 2 else None
    return _Who(name=None, id=None, sis_id=None, section=section_at, attempt=attempt)


def _label(label: str) -> str:
    return re.sub(r"[\s_-]+", "_", label.strip().lower())


def _tells_apart(rows: Sequence[Sequence[str]], attempt: int | None) -> bool:
    """Tell whether the first cells are names of people rather than of a few sections."""
    names = [row[0].strip() for row in rows]
    submissions = {(row[0].strip(), "" if attempt is None else row[attempt]) for row in rows}
    return len(set(names)) > 1 and 2 * len(submissions) > len(rows) and all(names)


def _submission(
    found: ClassResponses,
    line: int,
    row: Sequence[str],
    who: _Who,
    columns: Mapping[int, Reader],
) -> Submission:
    def cell(place: int | None) -> str:
        return "" if place is None else row[place].strip()

    responses: dict[str, Response | None] = {}
    shown = set()
    for place, reader in columns.items():
        question = reader.question.id
        # one that was not put to this student has no points either
        if not row[place] and not row[place + 1]:
            continue
        shown.add(question)
        try:
            responses[question] = reader.read(row[place])
        except ResponseError as error:
            found.problem(line, f"{question}: {error.what}", error.mend)
            responses[question] = None
    attempt = cell(who.attempt)
    return Submission(
        student=Student(
            name=cell(who.name),
            id=cell(who.id),
            sis_id=cell(who.sis_id),
            login="",
            section=cell(who.section),
        ),
        line=line,
        responses=responses,
        attempt=int(attempt) if attempt.isdecimal() and len(attempt) < 10 else None,
        shown=frozenset(shown),
    )
