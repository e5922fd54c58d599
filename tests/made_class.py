"""A made-up class: students of differing skill answer a quiz, with all that names can hold."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence

from quizproof.questions.responses import Response, written
from quizproof.questions.scoring import RightAnswer, key_answer
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Lists,
    MultipleChoice,
    NumberBlank,
    Question,
    SingleChoice,
    Text,
    choices,
)

LIKES: Mapping[str, str] = {"q11": "d", "q30": "abd"}  # what the good ones answer in its place
GIVEN = ("王小明", "陳怡君", "Ada Lovelace", "O'Brien, Seán", "林志豪", "Zoë Müller", "José Núñez")


def made_class(
    questions: Sequence[Question],
    students: int,
    seed: int = 9,
    likes: Mapping[str, str] = LIKES,
) -> list[tuple[dict[str, str], dict[str, Response]]]:
    """Who and their responses; more skilled students answer more often as the key expects."""
    draw = random.Random(seed)
    made = []
    for number in range(1, students + 1):
        skill = draw.gauss(0, 1)
        who = {
            "name": f"{GIVEN[number % len(GIVEN)]} {number}",
            "id": str(700_000 + number),
            "sis_id": f"b10902{number:05d}",
            "section": f"ML 2021-{'AB'[number % 2]}",
        }
        made.append((who, {q.id: _answered(q, skill, draw, likes) for q in questions}))
    return made


def as_plain(
    made: Sequence[tuple[dict[str, str], dict[str, Response]]], questions: Sequence[Question]
) -> str:
    """The class as ``name,id,sis_id,section,q01,…``."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["name", "id", "sis_id", "section", *(q.id for q in questions)])
    for who, responses in made:
        rows.writerow([*who.values(), *(written(q, responses[q.id]) for q in questions)])
    return table.getvalue()


def as_canvas(
    made: Sequence[tuple[dict[str, str], dict[str, Response]]],
    questions: Sequence[Question],
    *,
    language: str = "en",
    labels: Sequence[str] = (
        "name",
        "id",
        "sis_id",
        "section",
        "section_id",
        "section_sis_id",
        "submitted",
        "attempt",
    ),
) -> str:
    """The class as Canvas's Student Analysis: ``language`` is en, zh, or both."""
    table = io.StringIO()
    rows = csv.writer(table)
    header = list(labels)
    for number, question in enumerate(questions):
        header += [f"{4200 + number}: {_in(question.prompt, language)}", f"{question.points}"]
    rows.writerow([*header, "n correct", "n incorrect", "score"])
    for who, responses in made:
        section = [who["section"], "31", "ML2021"]
        row = [who["name"], who["id"], who["sis_id"], *section, "2021-05-09 08:00:00 UTC", "1"]
        for question in questions:
            row += [canvas_cell(question, responses[question.id], language), "0.0"]
        rows.writerow([*row, "0", "0", "0.0"])
    return table.getvalue()


def canvas_cell(question: Question, response: Response, language: str) -> str:
    if isinstance(question, Blanks):
        texts = [response.filled[part] for part in question.blanks if part in response.filled]
    else:
        texts = [
            _in(choice.text, language)
            for choice in choices(question)
            if choice.id in response.chosen and choice.text is not None
        ]
    escapes = isinstance(question, Blanks | DropDowns | MultipleChoice)
    return ",".join(text.replace(",", "\\,") if escapes else text for text in texts)


def _in(text: Text, language: str) -> str:
    if language == "both":
        return text.en if text.en == text.zh_hant else f"{text.en} ／ {text.zh_hant}"
    return text.en if language == "en" else text.zh_hant


def _answered(
    question: Question, skill: float, draw: random.Random, likes: Mapping[str, str]
) -> Response:
    key = key_answer(question)
    assert key is not None
    if draw.random() < 0.02:
        return Response()
    if question.id in likes and draw.random() < 0.45 + 0.2 * max(-1, min(1, skill)):
        return Response(frozenset(likes[question.id]))
    knows = draw.random() < 1 / (1 + 2.718 ** -(skill + 0.6))
    if isinstance(question, Blanks):
        return Response(
            filled={p: _fill(b, key, p, knows, draw) for p, b in question.blanks.items()}
        )
    if knows:
        return Response(key.options)
    if isinstance(question, Lists):
        parts = question.parts.items()
        return Response(frozenset(part + draw.choice(list(down.options)) for part, down in parts))
    assert isinstance(question, SingleChoice | MultipleChoice)
    options = list(question.options)
    many = len(key.options) if isinstance(question, MultipleChoice) else 1
    return Response(frozenset(draw.sample(options, max(1, many))))


def _fill(blank: object, key: RightAnswer, part: str, knows: bool, draw: random.Random) -> str:
    if isinstance(blank, NumberBlank):
        right = f"{blank.expected_number:g}" if blank.expected_number is not None else "0"
        return right if knows else f"{draw.uniform(0, 1):.2f}"
    words = key.blanks[part]
    assert isinstance(words, frozenset)
    return next(iter(words)) if knows else draw.choice(["her", "them", "it"])
