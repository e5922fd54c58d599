"""A prompt whose two languages ask different things: what lint says of it, and its other rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import MultipleChoice, choices
from quizproof.questions.wordings import other_language, other_wording
from tests.questions.test_lint import BLANKS, DROPDOWNS, linted
from tests.questions.test_yaml_file import QUESTION

WORDINGS = """\
wordings:
  what: {en: One asks which is so., zh-Hant: 一問是，一問否。}
  taken: zh-Hant
  otherwise:
    a: layer_type != 'ReLU'
    b: layer_type != 'Linear'
expected:"""


def with_wordings(old: str = "", new: str = "") -> str:
    return QUESTION.replace("expected:", WORDINGS.replace(old, new), 1)


def test_what_the_wordings_ask_is_a_note_and_no_mistake(tmp_path: Path) -> None:
    found = linted(tmp_path, with_wordings())
    assert not found.broken
    assert not found.key
    [note] = found.notes
    assert "ask different things: One asks which is so; its rules are for the Chinese" in str(note)
    assert note.line == 10
    assert not linted(tmp_path, QUESTION).notes
    quiz_notes = lint_quiz(tmp_path, catalogue()).notes
    assert quiz_notes == []
    english = linted(tmp_path, with_wordings("taken: zh-Hant", "taken: en"))
    assert "its rules are for the English" in str(english.notes[0])


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("a: layer_type", "z: layer_type", "has a rule for z, which is no option", 13),
        ("b: layer_type != 'Linear'", "b: layer_typ != 'Linear'", "reads 'layer_typ', which", 14),
        ("b: layer_type != 'Linear'", "b: layer_type > 1", "is a category, not a number", 14),
        ("b: layer_type != 'Linear'", "b: layer_type != 'Lin'", "'Lin' is never measured", 14),
        ("b: layer_type != 'Linear'", "b: f(x) > 1", "other wording: the rule calls something", 14),
        ("taken: zh-Hant", "taken: zh", "zh-Hant", 11),
    ],
)
def test_a_wrong_rule_for_the_other_wording_is_named(
    old: str, new: str, said: str, line: int, tmp_path: Path
) -> None:
    [problem] = linted(tmp_path, with_wordings(old, new)).broken
    assert said in str(problem)
    assert problem.line == line


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("One", "the prompt is in no language that it names"),
        ("{en: One, fr: Un}", "the wording in zh-Hant, and the prompt is in en and fr"),
        ("{en: One, fr: Un, zh-Hant: 一}", "the prompt is in en and fr and zh-Hant"),
    ],
)
def test_wordings_are_those_of_a_prompt_in_two_languages(
    prompt: str, said: str, tmp_path: Path
) -> None:
    text = with_wordings().replace("{en: One, zh-Hant: 一}", prompt)
    [problem] = linted(tmp_path, text).broken
    assert said in str(problem)


def test_wordings_may_be_of_any_two_languages(tmp_path: Path) -> None:
    text = with_wordings("taken: zh-Hant", "taken: de")
    text = text.replace("{en: One, zh-Hant: 一}", "{de: Eins, fr: Un}")
    found = linted(tmp_path, text)
    assert not found.broken
    assert found.question is not None
    assert other_language(found.question) == "fr"


def test_blanks_have_no_rules_to_turn(tmp_path: Path) -> None:
    text = BLANKS.replace("measure: other", "measure: layer_type", 1) + WORDINGS.rsplit("\n", 2)[0]
    found = linted(tmp_path, text + "\n")
    assert any("a rule for a, which is no option; remove it" in str(p) for p in found.broken)


def test_the_other_rules_take_the_place_of_those_they_are_for(tmp_path: Path) -> None:
    asked = linted(tmp_path, with_wordings("    b: layer_type != 'Linear'\n", "")).question
    assert asked is not None
    other = other_wording(asked)
    assert other is not None
    turned = {choice.id: choice.rule for choice in choices(other)}
    own = {choice.id: choice.rule for choice in choices(asked)}
    assert turned == {**own, "a": "layer_type != 'ReLU'"}
    assert other_language(asked) == "en"


def test_the_parts_of_lists_have_other_rules_of_their_own(tmp_path: Path) -> None:
    lists = DROPDOWNS.replace("layer_tipe", "layer_type")
    rules = WORDINGS.replace("    a:", "    1a:").replace("    b:", "    1b:").rsplit("\n", 1)[0]
    found = linted(tmp_path, lists + rules + "\n")
    assert not found.broken
    assert found.question is not None
    other = other_wording(found.question)
    assert other is not None
    assert [choice.rule for choice in choices(other)] == [
        "layer_type != 'ReLU'",
        "layer_type != 'Linear'",
    ]


def test_a_question_whose_languages_ask_the_same_has_no_other_wording(tmp_path: Path) -> None:
    asked = linted(tmp_path, QUESTION).question
    assert asked is not None
    assert other_wording(asked) is None


def test_every_rule_of_question_24_turns_round() -> None:
    [asked] = [q for q in load_quiz(bundled_quiz("hw09")).questions if q.id == "q24"]
    assert isinstance(asked, MultipleChoice)
    other = other_wording(asked)
    assert other is not None
    for own, turned in zip(choices(asked), choices(other), strict=True):
        assert own.rule is not None
        assert turned.rule == own.rule.replace(">=", "<")
