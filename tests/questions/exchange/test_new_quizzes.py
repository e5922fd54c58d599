"""Blanks of Canvas's New Quizzes: what is right in them, and names that tell nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.exchange.exchanged import Exchanged, ExchangeError
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.spec import Blanks, DropDowns, TextBlank
from tests.questions.exchange.qti_items import (
    blanks,
    condition,
    equal,
    item,
    label,
    mammal,
    response,
    written,
)

ONE, TWO = "aaaaaaaa-0000-4000-8000-00000000000a", "bbbbbbbb-0000-4000-8000-00000000000b"
PROMPT = f"<p>It rises to [{ONE}] and falls to [{TWO}].</p>"


def choices(kind: str, *texts: str, ident: str) -> list[str]:
    return [
        label(f"{ident}{place}", text, scoring_algorithm="Equivalence", answer_type=kind)
        for place, text in enumerate(texts)
    ]


def entry(algorithm: str, *texts: str, ident: str = "e") -> list[str]:
    return [
        label(f"{ident}{place}", text, scoring_algorithm=algorithm, answer_type="openEntry")
        for place, text in enumerate(texts)
    ]


def two(first: list[str], second: list[str], *right: str) -> str:
    """An item whose responses hold the right answers where classic quizzes have the names."""
    responses = response(f"response_{ONE}", first, name="peak") + response(
        f"response_{TWO}", second, name="floor"
    )
    conditions = "".join(
        condition(equal(ident, f"response_{name}"), "50.00", "Add")
        for name, ident in zip((ONE, TWO), right, strict=True)
    )
    return item("fill_in_multiple_blanks_question", PROMPT, responses, conditions)


def read(path: Path, *items: str) -> Exchanged:
    (quiz,) = read_quizzes(written(path, *items))
    return quiz


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "quiz.xml"


@pytest.mark.parametrize("kind", ["dropdown", "wordbank"])
def test_distractors_are_not_right_and_the_key_names_nothing(path: Path, kind: str) -> None:
    first = choices("dropdown", "low", "peak", ident="f")
    second = choices(kind, "floor", "roof", "wall", ident="s")
    quiz = read(path, two(first, second, "f1", "s0"))
    (question,) = quiz.questions
    assert isinstance(question, DropDowns)
    assert question.prompt.en == "It rises to [1] and falls to [2]."
    assert [[o.text.en for o in p.options.values()] for p in question.parts.values()] == [
        ["low", "peak"],
        ["floor", "roof", "wall"],
    ]
    assert [part.expected for part in question.parts.values()] == ["b", "a"]
    assert "peak" not in str([*question.parts])


def test_blanks_that_share_a_bank_show_all_of_its_words(path: Path) -> None:
    first, second = (choices("wordbank", *words, ident=words[0]) for words in ("ab", "bc"))
    (question,) = read(path, two(first, second, "a0", "b1")).questions
    assert isinstance(question, DropDowns)
    found = [[o.text.en for o in p.options.values()] for p in question.parts.values()]
    assert found == [["a", "b", "c"], ["b", "c", "a"]]


@pytest.mark.parametrize("algorithm", ["TextEquivalence", "TextInChoices", "Equivalence"])
def test_every_answer_of_an_entry_is_right(path: Path, algorithm: str) -> None:
    entries = entry(algorithm, "peak", "summit")
    (question,) = read(path, two(entries, entry("TextEquivalence", "floor"), "e0", "e0")).questions
    assert isinstance(question, Blanks)
    assert question.blanks == {
        "1": TextBlank(expected=["peak", "summit"]),
        "2": TextBlank(expected=["floor"]),
    }


@pytest.mark.parametrize(
    ("algorithm", "said"),
    [
        ("TextContainsAnswer", "whatever contains it"),
        ("TextCloseEnough", "what is close enough to it"),
        ("TextRegex", "what a regular expression fits"),
        ("TextOfNextYear", "what 'textofnextyear' takes"),
    ],
)
def test_what_no_list_of_words_says_is_no_key(path: Path, algorithm: str, said: str) -> None:
    entries = entry(algorithm, "peak")
    quiz = read(path, two(entries, entry("TextEquivalence", "floor"), "e0", "e0"))
    (question,) = quiz.questions
    assert isinstance(question, Blanks)
    assert question.blanks == {"1": TextBlank(), "2": TextBlank(expected=["floor"])}
    assert "no key for blank 1" in quiz.notes[0]
    assert said in quiz.notes[0]


def test_lists_and_entries_in_one_question_are_left_out_alone(path: Path) -> None:
    mixed = two(choices("dropdown", "peak", ident="f"), entry("TextEquivalence", "x"), "f0", "e0")
    quiz = read(path, mixed, mammal())
    assert len(quiz.questions) == 1
    assert "not taken over: it has blanks and lists" in quiz.notes[0]
    with pytest.raises(ExchangeError, match="blanks and lists"):
        read_quizzes(written(path, mixed))


@pytest.mark.parametrize("name", ["animal_1", "Animal_1", "the-animal", "animal4567"])
def test_a_blank_keeps_its_name(path: Path, name: str) -> None:
    quiz = read(path, blanks(f"A [{name}] sat, [so] it did.", {name: [label("b1", "cat")]}))
    (question,) = quiz.questions
    assert isinstance(question, Blanks)
    assert question.prompt.en == f"A [{name.lower()}] sat, [so] it did."
    assert [*question.blanks] == [name.lower()]


def test_two_names_that_differ_in_capitals_alone_are_renamed(path: Path) -> None:
    labels = {"noun": [label("b1", "cat")], "Noun": [label("b2", "mat")]}
    (question,) = read(path, blanks("A [noun] sat on a [Noun].", labels)).questions
    assert isinstance(question, Blanks)
    assert [*question.blanks] == ["1", "2"]


@pytest.mark.parametrize("name", ["the animal", "動物", "a" * 33, "the_cat_1"])
def test_a_blank_with_another_name_is_renamed_in_the_prompt_too(path: Path, name: str) -> None:
    quiz = read(path, blanks(f"A [{name}] sat, [so] it did.", {name: [label("b1", "cat")]}))
    (question,) = quiz.questions
    assert isinstance(question, Blanks)
    assert question.prompt.en == "A [1] sat, [so] it did."
    assert [*question.blanks] == ["1"]
    assert f"{name} is 1" in quiz.notes[0]


def test_a_name_that_is_the_answer_is_renamed(path: Path) -> None:
    (question,) = read(path, blanks("A [cat] sat.", {"cat": [label("b1", "Cat")]})).questions
    assert isinstance(question, Blanks)
    assert (question.prompt.en, [*question.blanks]) == ("A [1] sat.", ["1"])


def test_one_of_several_words_that_is_the_name_of_the_only_blank(path: Path) -> None:
    word = item("short_answer_question", "A [cat] sat.", "", condition(equal("cat")))
    (question,) = read(path, word).questions
    assert question.prompt.en == "A [1] sat."
