"""Which questions of the bundled quiz a pack answers, and whose evidence settles them."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.settling import Coverage, coverage
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Quiz
from quizproof.reports.pack import pack_command
from tests.planted_language import file_of, language_pack

HUB = {
    "hub": {
        "repo": "google-bert/bert-base-chinese",
        "revision": "c30a6ed22ab4564dc1e3b2ecbf6e766b0611a33f",
    }
}


def covered(pack: Pack, quiz: Quiz | None = None) -> dict[str, Coverage]:
    found = coverage(pack, quiz or load_quiz(bundled_quiz("hw09")), catalogue())
    return {one.question: one for one in found}


def test_the_embedded_pack_answers_all_and_settles_what_is_about_methods() -> None:
    quiz = load_quiz(bundled_quiz("hw09"))
    found = covered(Pack(EMBEDDED), quiz)
    assert len(found) == len(quiz.questions)
    assert not any(one.needs for one in found.values())
    about_method = {question.id for question in quiz.questions if question.about == "method"}
    assert {one.question for one in found.values() if one.settles} == about_method


def test_a_hub_model_that_the_quiz_names_settles_its_questions(tmp_path: Path) -> None:
    found = covered(language_pack(tmp_path, chinese=HUB))
    assert found["q28"] == Coverage("q28", (), True)
    assert found["q29"] == Coverage("q29", ("sentences", "reference_matrix"), False)
    assert found["q01"].needs == ("classifier", "pictures")
    assert "readers" in found["q26"].needs
    other = {"hub": {**HUB["hub"], "revision": "0" * 40}}
    assert not covered(language_pack(tmp_path / "other", chinese=other))["q28"].settles


def test_every_part_that_is_looked_at_has_to_be_named(tmp_path: Path) -> None:
    sentences = file_of(tmp_path, "s.txt", "蘋果")
    matrix = file_of(tmp_path, "m.csv", "1")
    pack = language_pack(tmp_path, chinese=HUB, sentences=sentences, reference_matrix=matrix)
    quiz = load_quiz(bundled_quiz("hw09"))
    assert not covered(pack, quiz)["q29"].settles
    language = {
        **quiz.settled_by.language,
        "sentences": [sentences.sha256],
        "reference_matrix": [matrix.sha256],
    }
    named = quiz.settled_by.model_copy(update={"language": language})
    assert covered(pack, Quiz(quiz.id, quiz.title, quiz.questions, named, ""))["q29"].settles


def test_pictures_that_are_not_there_are_named(tmp_path: Path) -> None:
    pack = Pack(EMBEDDED)
    few = pack.manifest.model_copy(update={"pictures": pack.manifest.pictures[:2]})
    pack.manifest = few
    found = covered(pack)
    assert found["q05"].needs == ()
    assert found["q06"].needs == ("picture 2",)


def test_check_says_what_it_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    language_pack(tmp_path, chinese=HUB)
    assert pack_command("check", tmp_path) == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("hw09 settles") and " q28" in line for line in said)
    assert "hw09 stand-in for none" in said
    assert "hw09 q29: needs sentences, reference_matrix" in said
