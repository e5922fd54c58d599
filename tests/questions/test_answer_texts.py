"""Texts in the reports of other systems, in whichever language they are."""

from __future__ import annotations

import pytest

from quizproof.questions.answer_texts import question_of, response_of
from quizproof.questions.exchange.languages import in_one_line
from quizproof.questions.languages import languages_of
from quizproof.questions.responses import ResponseError
from quizproof.questions.spec import MultipleChoice, Option, Question, SingleChoice, Text


def asked(prompt: Text, first: Text, second: Text) -> SingleChoice:
    return SingleChoice(
        kind="single",
        points=1,
        about="model",
        prompt=prompt,
        options={"a": Option(text=first), "b": Option(text=second)},
    )


PLAIN = asked(Text("Which?"), Text("cat"), Text("dog"))
FRENCH = asked(Text(fr="Lequel ?"), Text(fr="chat"), Text(fr="chien"))
THREE = asked(
    Text(en="Which?", fr="Lequel ?", de="Welcher?"),
    Text(en="cat", fr="chat", de="Katze"),
    Text(en="dog", fr="chien"),
)


@pytest.mark.parametrize("question", [PLAIN, FRENCH, THREE])
def test_an_answer_is_known_in_each_language_and_as_it_is_exported(question: SingleChoice) -> None:
    languages = languages_of(question)
    for name, option in question.options.items():
        exported = in_one_line(option.text, languages)
        for words in (exported, *(option.text.in_(language) for language in languages)):
            assert response_of(question, words).chosen == {name}
    prompts = [question.prompt.in_(language) for language in languages or ["en"]]
    for prompt in (*prompts, " ".join(prompts), " ".join(prompts[::-1][:2])):
        assert question_of(prompt, [question]) is question
    assert question_of("Quoi ?", [question]) is None


def options(question: type[SingleChoice] | type[MultipleChoice], *texts: str) -> Question:
    given = {name: Option(text=Text(text)) for name, text in zip("abcdefgh", texts, strict=False)}
    return question(
        kind="single" if question is SingleChoice else "multiple",  # type: ignore[arg-type]
        points=1,
        about="model",
        prompt=Text("Which?"),
        options=given,
    )


COMMAS = options(MultipleChoice, "x", "y", "x,y", "z")


@pytest.mark.parametrize(
    ("cell", "chosen"),
    [
        (r"x\,y", {"c"}),
        (r"x,x\,y", {"a", "c"}),
        (r"x\, y,z", {"c", "d"}),
        ("y,x", {"a", "b"}),
        ("z,x", {"a", "d"}),
        ("z", {"d"}),
    ],
)
def test_what_can_be_read_in_one_way_is_read(cell: str, chosen: set[str]) -> None:
    assert response_of(COMMAS, cell).chosen == chosen


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        (COMMAS, "x,y"),
        (COMMAS, "x, y"),
        (COMMAS, "x,x,y"),
        (COMMAS, "z,x,y"),
        (COMMAS, ",".join(["x,y"] * 400)),
        (options(MultipleChoice, "1", "5", "1,5", "2"), "1,5"),
        (options(MultipleChoice, "x", "x", "x,y", "y"), "x,y"),
        (options(MultipleChoice, "x", "x", "y", "z"), "x,y"),
        (options(SingleChoice, "x", "x", "y"), "x"),
        (options(MultipleChoice, "one", "two", "a,b"), "a,b"),  # which may be their letters
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(question: Question, cell: str) -> None:
    with pytest.raises(ResponseError, match="can be read in several ways"):
        response_of(question, cell)


@pytest.mark.parametrize(
    ("cell", "chosen"), [("x,y", {"c"}), (r"x\,y", {"c"}), ("X, Y", {"c"}), ("x,x", {"a"})]
)
def test_of_a_single_choice_one_is_chosen(cell: str, chosen: set[str]) -> None:
    assert response_of(options(SingleChoice, "x", "y", "x,y"), cell).chosen == chosen


@pytest.mark.parametrize("cell", ["q", "x,q", r"x\,q", "x,y,q"])
def test_what_cannot_be_read_at_all(cell: str) -> None:
    with pytest.raises(ResponseError, match="is no option's text"):
        response_of(COMMAS, cell)
