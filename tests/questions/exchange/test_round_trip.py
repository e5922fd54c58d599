"""What is written for another system is read back as it was, in all that the form can hold."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizproof.questions.exchange.decimals import bounds
from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import FORMS, read_quizzes
from quizproof.questions.exchange.languages import in_language, names_part
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Matching,
    NumberBlank,
    Ordering,
    Question,
    TextBlank,
)
from tests.questions.exchange import quizzes

_PATIENT = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))


def there_and_back(quiz: Exchanged, form: str) -> tuple[Exchanged, list[str]]:
    content, left_out = FORMS[form].write(quiz)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quiz"
        path.write_bytes(content)
        (back,) = read_quizzes(path)
    return back, left_out


def held(question: Question) -> list[dict[str, Any]]:
    """A question as it is told in each language, its numbers as the bounds that they come to."""
    return [_held(in_language(question, language)) for language in quizzes.LANGUAGES]


def title(quiz: Exchanged) -> list[str]:
    return [quiz.title.in_(language) for language in quizzes.LANGUAGES]


def _held(question: Question) -> dict[str, Any]:
    data = question.model_dump(exclude={"choose"})
    if isinstance(question, Blanks):
        data["blanks"] = {
            part: bounds(blank) if isinstance(blank, NumberBlank) else blank.expected
            for part, blank in question.blanks.items()
        }
    return data


@_PATIENT
@given(st.lists(quizzes.questions, min_size=1, max_size=3))
def test_canvas_loses_nothing(asked: list[Question]) -> None:
    quiz = quizzes.quiz_of(*asked)
    back, left_out = there_and_back(quiz, "canvas")
    assert not left_out
    assert (back.id, title(back), back.notes) == (quiz.id, title(quiz), ())
    assert [held(q) for q in back.questions] == [held(q) for q in quiz.questions]
    assert back.pictures == quiz.pictures


@_PATIENT
@given(st.lists(quizzes.questions, min_size=1, max_size=3))
def test_moodle_loses_no_more_than_it_says(asked: list[Question]) -> None:
    """Letters are by place, a range is a number and a tolerance, embedded answers share points."""
    quiz = quizzes.quiz_of(*asked)
    back, left_out = there_and_back(quiz, "moodle")
    assert not left_out
    assert (back.id, title(back), back.notes) == (quiz.id, title(quiz), ())
    assert [in_moodle(q) for q in back.questions] == [in_moodle(q) for q in quiz.questions]
    assert back.pictures == quiz.pictures


def in_moodle(question: Question) -> list[dict[str, Any]]:
    return [
        _told_in_moodle(in_language(question, language), names_part(question, "1"))
        for language in quizzes.LANGUAGES
    ]


def _told_in_moodle(question: Question, named: bool) -> dict[str, Any]:
    data = _held(question)
    if isinstance(question, Blanks):
        data["blanks"] = {
            part: blank.expected if isinstance(blank, TextBlank) else _ends(blank)
            for part, blank in question.blanks.items()
        }
        if (len(question.blanks) > 1 or named) and not _shared(question):
            data["points"] = float(len(question.blanks))
    elif isinstance(question, DropDowns):
        data["parts"] = {part: _by_place(down) for part, down in data["parts"].items()}
    elif isinstance(question, Matching):
        words = {name: text.en for name, text in question.choices.items()}
        data["choices"] = sorted(words.values())
        data["items"] = [(i.text.en, words[i.expected or ""]) for i in question.items.values()]
    elif isinstance(question, Ordering):
        data["items"] = [question.items[name].text.en for name in question.expected or ()]
        data["expected"] = len(question.items)
    else:
        data |= _by_place(data)
    return data


def _shared(question: Blanks) -> bool:
    """True where each blank has a whole point or more of its own."""
    share = question.points / len(question.blanks)
    return share.is_integer() and 1 <= share < 1_000_000


def _by_place(data: dict[str, Any]) -> dict[str, Any]:
    names = list(data["options"])
    key = [data["expected"]] if isinstance(data["expected"], str) else data["expected"]
    if isinstance(key, dict):
        key = [name for (name,) in key["any"]]
    return {
        "options": [option["text"] for option in data["options"].values()],
        "expected": sorted(names.index(name) for name in key),
    }


def _ends(blank: NumberBlank) -> list[float]:
    found = bounds(blank)
    assert found is not None
    return [float(end) for end in found[1:]]
