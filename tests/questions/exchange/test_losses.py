"""What a form cannot hold is said, a line each; nothing else is."""

from __future__ import annotations

import pytest

from quizproof.questions.exchange.losses import losses
from quizproof.questions.spec import (
    AnyOf,
    Blanks,
    DropDown,
    DropDowns,
    MultipleChoice,
    NumberBlank,
    Option,
    ProbeCall,
    Question,
    Range,
    Text,
    TextBlank,
)
from tests.questions.exchange.quizzes import quiz_of
from tests.questions.exchange.test_round_trip import there_and_back


def told(question: Question, form: str, language: str = "all") -> list[str]:
    quiz = quiz_of(question)
    back, left_out = there_and_back(quiz, form)
    return [*left_out, *losses(quiz.questions, back.questions, language)]


def blanks(prompt: str, **parts: TextBlank | NumberBlank) -> Blanks:
    named = {name.removeprefix("p"): blank for name, blank in parts.items()}
    return Blanks(
        kind="blanks",
        points=0.4,
        about="model",
        prompt=Text(en=prompt, zh_hant=prompt),
        blanks=named,
    )


def option(text: str) -> Option:
    return Option(text=Text(en=text, zh_hant=text))


HIM = TextBlank(expected=["him"])
FALL = NumberBlank(expected_number=0.73, tolerance=0.01)
MANY = MultipleChoice(
    kind="multiple",
    points=1,
    about="model",
    prompt=Text(en="Which two?", zh_hant="哪兩個？"),
    options={"a": option("A"), "b": option("B")},
    expected=["a", "b"],
)


def test_nothing_is_said_where_nothing_is_lost() -> None:
    assert told(blanks("[1] fell", p1=HIM), "canvas") == []
    assert told(blanks("fell by", p1=FALL), "moodle") == []
    assert told(MANY, "canvas") == []


def test_a_number_among_blanks_of_canvas_has_no_tolerance() -> None:
    (line,) = told(blanks("[1] fell by [2]", p1=HIM, p2=FALL), "canvas")
    assert line.startswith("q01: blank 2: right only as the word '0.73'")


def test_embedded_answers_of_moodle_have_points_of_their_own() -> None:
    assert told(blanks("[1] fell by [2]", p1=HIM, p2=FALL), "moodle") == [
        "q01: points: 0.4 is read back as 2"
    ]


def test_a_range_of_moodle_is_a_number_and_a_tolerance() -> None:
    ranged = NumberBlank(tolerance=Range(range=[0.25, 0.75]))
    (line,) = told(blanks("how much", p1=ranged), "moodle")
    assert line == "q01: blank 1: the tolerance is written as the numbers that it comes to"


def test_a_number_not_in_the_middle_of_its_range() -> None:
    ranged = NumberBlank(tolerance=Range(range=[0.0, 0.4]), expected_number=0.3)
    (line,) = told(blanks("how much", p1=ranged), "canvas")
    assert line == "q01: blank 1: its range stays, the number 0.3 in it does not"


def test_how_many_are_to_be_chosen() -> None:
    (line,) = told(MANY.model_copy(update={"choose": 2}), "canvas")
    assert "that 2 are to be chosen" in line


def test_a_probe() -> None:
    (line,) = told(MANY.model_copy(update={"probe": ProbeCall(name="x")}), "canvas")
    assert line.startswith("the probes and rules of 1 question,")


def test_a_key_that_is_not_there() -> None:
    keyless = MANY.model_copy(update={"expected": None})
    assert told(keyless, "canvas") == ["q01: it has no key: nobody gets points for it there"]
    empty = blanks("whom", p1=TextBlank())
    assert told(empty, "canvas") == ["q01: blank 1 has no key: nobody gets points for it there"]


@pytest.mark.parametrize(
    ("name", "becomes"), [("ab", "parts: ab become 1"), ("1", "it is read back")]
)
def test_names_of_parts(name: str, becomes: str) -> None:
    question = DropDowns(
        kind="dropdowns",
        points=1,
        about="model",
        prompt=Text(en=f"Is [{name}]?", zh_hant=f"是 [{name}]？"),
        parts={name: DropDown(options={"a": option("A"), "b": option("B")}, expected="b")},
    )
    assert told(question, "canvas") == []
    lines = told(question, "moodle")
    assert any(becomes in line for line in lines) == (name == "ab")


def test_what_cannot_be_written_in_xml() -> None:
    question = MANY.model_copy(update={"prompt": Text(en="a\x00b", zh_hant="a\x00b")})
    (line,) = told(question, "canvas")
    assert "prompt: the English text is read back otherwise from character 2" in line


def test_a_text_that_looks_like_two_languages() -> None:
    options = {
        "a": option("left ／ right"),
        "b": Option(text=Text(en="up", zh_hant="上 ／ 高")),
    }
    lines = told(MANY.model_copy(update={"options": options}), "canvas")
    assert [line[: len("q01: option a")] for line in lines] == ["q01: option a", "q01: option b"]


def test_several_keys_of_several_options_are_narrowed_nowhere() -> None:
    """And full credit stays behind."""
    keys = AnyOf(any=[["a"], ["b"]])
    question = MANY.model_copy(
        update={"expected": keys, "choose": None, "full_credit": "it is unclear"}
    )
    assert told(question, "canvas") == [
        "q01: that everyone has the points stays behind: give them there by hand",
        "q01: its 2 keys have no place there: nobody gets points for it there",
    ]
    _, left_out = there_and_back(quiz_of(question, MANY), "moodle")
    assert left_out == [
        "q01: left out: 2 keys are accepted, and Moodle has one for several choices"
    ]


def test_the_other_language() -> None:
    lines = told(MANY, "canvas", "en")
    assert any("the texts in Chinese stay behind" in line for line in lines)
