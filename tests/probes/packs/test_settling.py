"""Which questions of the bundled quiz a pack answers, and whose evidence settles them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.packs.manifest_file import named_folder
from quizproof.probes.packs.network import Architecture
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.settling import Coverage, coverage
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Quiz
from quizproof.reports.pack import pack_command
from tests.planted import classifier_in, pictures_in
from tests.planted_language import file_of, language_folder, language_pack, with_parts
from tests.questions.test_yaml_file import QUESTION

HUB = {
    "hub": {
        "repo": "google-bert/bert-base-chinese",
        "revision": "c30a6ed22ab4564dc1e3b2ecbf6e766b0611a33f",
    }
}


def covered(pack: Pack, quiz: Quiz | None = None) -> dict[str, Coverage]:
    found = coverage(pack, quiz or load_quiz(bundled_quiz("hw09")), catalogue())
    return {one.question: one for one in found}


def test_the_embedded_pack_answers_all_and_settles_what_is_about_no_model() -> None:
    quiz = load_quiz(bundled_quiz("hw09"))
    found = covered(Pack(EMBEDDED), quiz)
    assert len(found) == len(quiz.questions)
    assert not any(one.needs for one in found.values())
    about_no_model = {question.id for question in quiz.questions if question.about != "model"}
    assert {one.question for one in found.values() if one.settles} == about_no_model


def test_a_hub_model_that_the_quiz_names_settles_its_questions(tmp_path: Path) -> None:
    found = covered(language_pack(tmp_path, chinese=HUB))
    assert found["q28"] == Coverage("q28", (), True)
    lacking = ("sentences", "reference_matrix")
    assert found["q29"] == Coverage("q29", lacking, False, unnamed=lacking)
    assert found["q30"].settles  # its architecture is what the named commit has
    assert found["q01"].needs == ("classifier", "pictures")
    assert found["q26"].needs == ("reader_1", "reader_2", "reader_3", "triples")
    other = {"hub": {**HUB["hub"], "revision": "0" * 40}}
    assert not covered(language_pack(tmp_path / "other", chinese=other))["q28"].settles


def test_every_part_that_is_looked_at_has_to_be_named(tmp_path: Path) -> None:
    sentences = file_of(tmp_path, "s.txt", "蘋果")
    matrix = file_of(tmp_path, "m.csv", "1")
    pack = language_pack(tmp_path, chinese=HUB, sentences=sentences, reference_matrix=matrix)
    quiz = load_quiz(bundled_quiz("hw09"))
    assert not covered(pack, quiz)["q29"].settles
    parts = {
        **quiz.settled_by.parts,
        "sentences": [sentences.sha256],
        "reference_matrix": [matrix.sha256],
    }
    named = quiz.settled_by.model_copy(update={"parts": parts})
    assert covered(pack, Quiz(quiz.id, quiz.title, quiz.questions, named, ""))["q29"].settles


def test_pictures_that_are_not_there_are_named(tmp_path: Path) -> None:
    pack = Pack(EMBEDDED)
    few = pictures_in(pack).model_copy(update={"pictures": pictures_in(pack).pictures[:2]})
    with_parts(pack, pictures=few)
    found = covered(pack)
    assert found["q05"].needs == ()
    assert found["q06"].needs == ("picture 2",)


def test_check_says_what_it_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    language_pack(tmp_path, chinese=HUB)
    assert pack_command("check", tmp_path, quiz="hw09") == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("hw09 settles") and " q28" in line for line in said)
    assert "hw09 stand-in for none" in said
    assert "hw09 q29: needs sentences, reference_matrix" in said
    assert any(
        line.startswith("hw09 q21 q23: no pack settles") and "corpus" in line for line in said
    )


def test_check_says_what_it_takes_to_answer_another_quiz(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    language_pack(tmp_path / "pack", chinese=HUB)
    (tmp_path / "quiz.yaml").write_text("id: mine\ntitle: Mine\nquestions: [q01]\n")
    (tmp_path / "q01.yaml").write_text(QUESTION, encoding="utf-8")
    assert pack_command("check", tmp_path / "pack", quiz=str(tmp_path)) == 0
    said = capsys.readouterr().out.splitlines()
    assert "mine q01: needs classifier" in said
    assert pack_command("check", tmp_path / "pack") == 0
    assert "hw09" not in capsys.readouterr().out
    assert not any(line.startswith("hw09") for line in said)


@pytest.mark.parametrize(
    ("config", "settled"),
    [({}, True), ({"position_embedding_type": "relative_key"}, False)],
)
def test_any_weights_of_the_named_architecture_settle_and_those_of_no_other(
    tmp_path: Path, config: dict[str, str], settled: bool
) -> None:
    folder = language_folder(tmp_path / "model")
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}), encoding="utf-8")
    pack = language_pack(tmp_path, chinese={"local": named_folder(tmp_path, "model")})
    assert covered(pack)["q30"].settles == settled
    assert not covered(pack)["q28"].settles


@pytest.mark.parametrize(
    ("architecture", "settled"),
    [({"course": {"width": 5}}, True), ({"torchvision": "resnet18"}, False)],
)
def test_a_classifier_settles_what_is_about_its_architecture(
    architecture: dict[str, object], settled: bool
) -> None:
    pack = Pack(EMBEDDED)
    named = Architecture.model_validate(architecture)
    with_parts(pack, classifier=classifier_in(pack).model_copy(update={"architecture": named}))
    assert covered(pack)["q15"].settles == settled
