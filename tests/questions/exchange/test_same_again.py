"""What was imported, exported and imported again is the same quiz, whatever wrote it first."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import FORMS, read_quizzes
from quizproof.questions.scoring import key_answer
from tests.questions.exchange.qti_items import (
    choice,
    condition,
    equal,
    item,
    label,
    response,
    section,
    within,
    written,
)
from tests.questions.exchange.test_round_trip import held, in_moodle, there_and_back

_words = st.text("abcdeé字 -.'", min_size=1, max_size=8).map(str.strip)
_texts = st.lists(_words, min_size=1, max_size=5)
_worth = st.sampled_from(["100", "50", "0"])
_numbers = st.decimals(-1000, 1000, places=3).map(str)
_points = st.sampled_from(["1.0", "0.3", "1234.5", "7", "0", ""])
_name = st.sampled_from(
    ["b1", "Animal_1", "the cat", "動物", "aaaaaaaa-0000-4000-8000-000000000001"]
)


@st.composite
def single_choices(draw: st.DrawFn) -> str:
    options = {f"o{n}": text for n, text in enumerate(draw(_texts))}
    worth = {ident: draw(_worth) for ident in options}
    return choice(options, worth, points_possible=draw(_points))


@st.composite
def several_choices(draw: st.DrawFn) -> str:
    options = {f"o{n}": text for n, text in enumerate(draw(_texts))}
    right = "".join(
        equal(ident) if draw(st.booleans()) else f"<not>{equal(ident)}</not>" for ident in options
    )
    labels = [label(ident, text) for ident, text in options.items()]
    key = condition(f"<and>{right}</and>") if draw(st.booleans()) else ""
    return item("multiple_answers_question", "Which?", response("response1", labels), key)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    found = draw(st.lists(_numbers, max_size=2))
    margin = draw(st.sampled_from(["0", "0.5"]).map(Decimal))
    conditions = "".join(
        condition(within(n, str(Decimal(n) - margin), str(Decimal(n) + margin)), draw(_worth))
        for n in found
    )
    return item("numerical_question", "How much?", "", conditions, points_possible=draw(_points))


@st.composite
def short_answers(draw: st.DrawFn) -> str:
    words = draw(st.lists(_words, max_size=3))
    conditions = "".join(condition(equal(word), draw(_worth)) for word in words)
    return item("short_answer_question", "Whom?", "", conditions)


@st.composite
def parts(draw: st.DrawFn) -> str:
    """Blanks or lists of any sort, in one prompt."""
    names = draw(st.lists(_name, min_size=1, max_size=3, unique=True))
    kind = draw(st.sampled_from(["", "openEntry", "dropdown", "wordbank"]))
    algorithm = draw(st.sampled_from(["", "Equivalence", "TextInChoices", "TextRegex"]))
    attributes = {"answer_type": kind, "scoring_algorithm": algorithm} if kind else {}
    responses, conditions = "", ""
    for name in names:
        words = draw(_texts)
        idents = [f"{name}-{n}" for n in range(len(words))]
        labels = [label(i, w, **attributes) for i, w in zip(idents, words, strict=True)]
        responses += response(
            f"response_{name}", labels, name=draw(st.sampled_from([name, words[0]]))
        )
        right = draw(st.lists(st.sampled_from(idents), max_size=2, unique=True))
        conditions += "".join(
            condition(equal(ident, f"response_{name}"), "50", "Add") for ident in right
        )
    kinds = ["fill_in_multiple_blanks_question"]
    if not kind:
        kinds.append("multiple_dropdowns_question")
    prompt = "Say " + " and ".join(f"[{name}]" for name in names)
    return item(draw(st.sampled_from(kinds)), prompt, responses, conditions)


_items = st.one_of(single_choices(), several_choices(), numbers(), short_answers(), parts())
_groups = st.builds(
    lambda items, points: section(*items, pick="1", points=points),
    st.lists(_items, min_size=1, max_size=3),
    _points,
)


def imported(items: list[str]) -> Exchanged:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quiz.xml"
        essay = choice({"1001": "Whale", "1002": "Trout"}, {"1001": "100"})
        (quiz,) = read_quizzes(written(path, essay, *items))
        return quiz


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(_items, _groups), min_size=1, max_size=3))
def test_canvas_gives_back_what_it_was_given(items: list[str]) -> None:
    quiz = imported(items)
    back, left_out = there_and_back(quiz, "canvas")
    assert not left_out
    assert not back.notes
    assert [held(q) for q in back.questions] == [held(q) for q in quiz.questions]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(_items, _groups), min_size=1, max_size=3))
def test_moodle_gives_back_all_that_has_a_key(items: list[str]) -> None:
    quiz = imported(items)
    back, left_out = there_and_back(quiz, "moodle")
    asked = [question for question in quiz.questions if key_answer(question) is not None]
    assert len(left_out) == len(quiz.questions) - len(asked)
    assert not back.notes
    assert [q.kind for q in back.questions] == [q.kind for q in asked]
    if asked:  # blanks are called by their place now, as they are from then on
        again, _ = there_and_back(back, "moodle")
        assert [in_moodle(q) for q in again.questions] == [in_moodle(q) for q in back.questions]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("points", [1, 2, 6, 1234])
def test_points_of_blanks_stay(form: str, points: int) -> None:
    question = item(
        "fill_in_multiple_blanks_question",
        "A [b1].",
        response("response_b1", [label("p", "cat")], name="b1"),
        points_possible=str(points),
    )
    quiz = imported([question])
    back, _ = there_and_back(quiz, form)
    assert [q.points for q in back.questions] == [1, points]
