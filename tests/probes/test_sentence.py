"""The sentence of a probe has places for what it measures and takes, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import DECLARED, Draw, Measure, Words, probe
from quizproof.probes.sentence import filled, places_in
from quizproof.probes.strangers import _data, probes_of
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import bundled_quiz, load_questions
from quizproof.questions.text import Text

NAME = "tested.sentence"
BOTH = Text(en="{x} of {item_count}: {y_{item}}", zh_hant="{item_count} 中的 {x}：{y_{item}}")


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    DECLARED.pop(NAME, None)


def declare(finding: Words | None) -> None:
    @probe(
        NAME,
        measures=(
            Measure("x", "share", 0, 1, "drawn"),
            Measure("y_{item}", "share", 0, 1, "drawn", each="words"),
        ),
        finding=finding,
    )
    def run(bench: Bench, *, words: list[str], item_count: int = 2) -> Iterator[Draw]:
        yield Draw({"x": 0.5} | {f"y_{word}": 0.5 for word in words})


def test_places_are_those_of_every_language_once() -> None:
    assert places_in(BOTH) == ["x", "item_count", "y_{item}"]


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("It is {z}.", "it has a place {z}, which is neither measured nor a parameter"),
        ("It is {y_cat}.", "it has a place {y_cat}"),
        ("It is {item_cuont}.", "did you mean item_count?"),
        (Text(en="It is {x}.", zh_hant="為 {w}。"), "it has a place {w}"),
        ("It is {x.", "a brace in it opens or closes no place"),
        ("It is x}.", "a brace in it opens or closes no place"),
        ("It is {x!r}.", "it has a place {x!r}"),
        ("", "there are no words in it"),
    ],
)
def test_a_wrong_sentence_is_refused_where_it_is_declared(finding: Words, said: str) -> None:
    with pytest.raises(QuizproofError) as refused:
        declare(finding)
    assert str(refused.value).startswith(f"finding of probe {NAME}: ")
    assert said in str(refused.value)
    assert NAME not in DECLARED


def test_another_process_is_told_the_sentence() -> None:
    declare(BOTH)
    [there] = probes_of([_data(DECLARED[NAME])])
    assert there.finding == BOTH


def test_one_that_tells_no_sentence_has_none_and_a_wrong_one_is_no_declaration() -> None:
    declare(BOTH)
    told = _data(DECLARED[NAME])
    assert probes_of([{k: v for k, v in told.items() if k != "finding"}])[0].finding is None
    for wrong in ("{z}", 7, {"en": 7}):
        with pytest.raises((ValueError, TypeError)):
            probes_of([{**told, "finding": wrong}])


def test_values_stand_in_the_language_around_them_and_are_no_places_themselves() -> None:
    values: dict[str, Words] = {
        "x": "{y_{item}}",
        "item_count": "2",
        "y_{item}": Text(en="a", zh_hant="甲"),
    }
    assert filled(BOTH, values) == Text(en="{y_{item}} of 2: a", zh_hant="2 中的 {y_{item}}：甲")
    assert filled("{x}", {"x": ""}).en == "?"


def test_every_probe_of_the_bundled_quiz_says_what_it_found() -> None:
    _, questions = load_questions(bundled_quiz("hw09"))
    asked = {question.probe.name for question in questions if question.probe}
    assert not {name for name in asked if catalogue()[name].finding is None}


@pytest.mark.parametrize("name", sorted(n for n, p in catalogue().items() if p.finding))
def test_probes_of_the_program_say_the_same_in_both_languages(name: str) -> None:
    declared = catalogue()[name]
    assert isinstance(declared.finding, Text)
    assert set(declared.finding.languages) == {"en", "zh-Hant"}
    assert not declared.finding_problem
    one, other = (places_in(words) for words in (declared.finding.en, declared.finding.zh_hant))
    assert sorted(one) == sorted(other), "a value is told in one language alone"
    assert declared.finding.en.endswith(".")
    assert declared.finding.zh_hant.endswith("。")
