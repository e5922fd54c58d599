"""Texts in the reports of other systems, in whichever language they are."""

from __future__ import annotations

import pytest

from quizproof.questions.answer_texts import question_of, response_of
from quizproof.questions.exchange.languages import in_one_line
from quizproof.questions.languages import languages_of
from quizproof.questions.spec import Option, SingleChoice, Text


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
