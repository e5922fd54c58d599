"""The answers of one student, from a YAML, JSON or CSV file; what cannot be read is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quizproof.questions.problems import InputError, Problem
from quizproof.questions.responses import Response, ResponseError, parse_response
from quizproof.questions.spec import Question
from quizproof.questions.tables import read_json, read_table
from quizproof.questions.yaml_file import MAX_BYTES, read_document

_HEADS = ("question", "id", "題目")


@dataclass
class Answers:
    """Responses by question; one that could not be read is not among them, but told of."""

    responses: dict[str, Response] = field(default_factory=dict)
    unreadable: dict[str, Problem] = field(default_factory=dict)  # by question
    problems: list[Problem] = field(default_factory=list)  # all of them, in order


def read_answers(path: Path, questions: Iterable[Question]) -> Answers:
    """The answers in ``path``: a mapping from question to answer, or rows of ``question,answer``.

    Raises InputError where the file as a whole cannot be read.
    """
    return _collected(str(path), _pairs(path), questions)


def given_answers(given: Mapping[Any, Any], questions: Iterable[Question], place: str) -> Answers:
    """The answers in ``given``, from question to answer; ``place`` is where problems are told."""
    pairs = ((str(name).strip().lower(), value, 0) for name, value in given.items())
    return _collected(place, pairs, questions)


def _collected(
    place: str, pairs: Iterable[tuple[str, Any, int] | Problem], questions: Iterable[Question]
) -> Answers:
    known = {question.id: question for question in questions}
    answers = Answers()
    for found in pairs:
        if isinstance(found, Problem):
            answers.problems.append(found)
            continue
        name, value, line = found
        if name not in known:
            answers.problems.append(
                Problem(place, line, 0, f"there is no question '{name[:40]}'", "remove it")
            )
        elif name in answers.responses:
            answers.problems.append(
                Problem(place, line, 0, f"{name} is answered twice", "keep one; the first counts")
            )
        else:
            try:
                answers.responses[name] = parse_response(known[name], value)
            except ResponseError as error:
                problem = Problem(place, line, 0, f"{name}: {error.what}", error.mend)
                answers.unreadable[name] = problem
                answers.problems.append(problem)
    return answers


def _pairs(path: Path) -> Iterator[tuple[str, Any, int] | Problem]:
    """Question, answer and line of each; what is wrong with a row in its place."""
    if path.suffix.lower() == ".csv":
        for line, row in read_table(path, MAX_BYTES).rows:
            if isinstance(row, Problem):
                yield row
                continue
            cells = [cell.strip() for cell in row]
            if line == 1 and cells[0].lower() in _HEADS:
                continue
            if len(cells) != 2:
                mend = "write question,answer; an answer with commas in quotes"
                yield Problem(str(path), line, 0, f"{len(cells)} cells where 2 belong", mend)
                continue
            yield cells[0].lower(), cells[1], line
        return
    if path.suffix.lower() == ".json":
        data, line_of = read_json(path, MAX_BYTES)
    else:
        document = read_document(path)
        data, line_of = document.data, lambda name: document.place(name)[0]
    if not isinstance(data, dict):
        what = "empty" if data is None else "no mapping"
        raise InputError([Problem(str(path), 0, 0, what, "write a line for each, as 'q01: a'")])
    for name, value in data.items():
        yield str(name).strip().lower(), value, line_of(name)
