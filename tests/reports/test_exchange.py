"""``quizproof export --format`` and ``quizproof import``, as a person uses them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizproof.questions.exchange.forms import FORMS
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Question, QuizFile, Text
from quizproof.questions.write_quiz import write_quiz
from quizproof.reports.cli import main
from quizproof.reports.commands import export
from tests.questions.exchange import quizzes
from tests.questions.exchange.qti_items import (
    QTI,
    assessment,
    choice,
    essay,
    mammal,
    packed,
    resource,
    written,
)


def test_the_formats_are_those_there_are() -> None:
    assert (*FORMS, "gradescope") == export.FORMATS


def texts_and_key(question: Question) -> dict[str, Any]:
    """What an exchange is to keep."""
    data = question.model_dump(include={"id", "kind", "points", "prompt", "expected"})
    for option in getattr(question, "options", {}).values():
        data.setdefault("options", []).append(option.text)
    return data


@pytest.mark.parametrize("form", FORMS)
def test_hw09_there_and_back(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, back = tmp_path / "file", tmp_path / "back"
    assert main(["export", "hw09", "-o", str(path), "--format", form]) == 0
    told = capsys.readouterr().out
    assert "30 questions" in told
    assert "q22: " in told  # a word and a number in one prompt
    assert "the probes and rules of 30 questions" in told
    assert main(["import", str(path), "-o", str(back)]) == 0
    quiz, again = load_quiz(bundled_quiz("hw09")), load_quiz(back)
    assert (again.id, again.title) == (quiz.id, quiz.title)
    for asked, found in zip(quiz.questions, again.questions, strict=True):
        if asked.id != "q22":
            assert texts_and_key(found) == texts_and_key(asked)


def test_lint_says_that_imported_questions_have_no_probe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, back = tmp_path / "quiz.zip", tmp_path / "back"
    main(["export", "hw09", "-o", str(path), "--format", "canvas"])
    main(["import", str(path), "-o", str(back)])
    capsys.readouterr()
    assert main(["lint", str(back)]) == 2
    lines = capsys.readouterr().out.splitlines()
    wrong = [line for line in lines if ": note: " not in line]
    assert len(wrong) == 30
    assert all("no probe measures this question" in line for line in wrong)


def test_a_folder_takes_the_file(tmp_path: Path) -> None:
    assert main(["export", "hw09", "-o", str(tmp_path), "--format", "canvas"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["hw09.zip"]


def test_one_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, back = tmp_path / "quiz.xml", tmp_path / "back"
    language = ["--language", "zh-Hant"]
    assert main(["export", "hw09", "-o", str(path), "--format", "moodle", *language]) == 0
    assert "the texts in English stay behind" in capsys.readouterr().out
    assert main(["import", str(path), "-o", str(back)]) == 0
    quiz, again = load_quiz(bundled_quiz("hw09")), load_quiz(back)
    for asked, found in zip(quiz.questions, again.questions, strict=True):
        assert found.prompt == Text(asked.prompt.zh_hant)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "hw09", "-o", "{0}/no/quiz.zip", "--format", "canvas"], "is no folder"),
        (["export", "nowhere", "-o", "{0}/quiz.zip", "--format", "canvas"], "no quiz.yaml"),
        (["import", "{0}/nothing.zip", "-o", "{0}/back"], "No such file"),
        (["import", "{0}", "-o", "{0}/back"], "it is a folder"),
        (["import", "{0}/nothing.zip", "-o", "{0}"], "is there already"),
        (["import", "{0}/bad.zip", "-o", "{0}/back"], "no whole zip"),
        (["import", "{0}/bad.zip", "-o", "{0}/no/back"], "is no folder"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 not whole")
    assert main([argument.format(tmp_path) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


def test_several_quizzes_become_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "quizzes.xml"
    item = (
        '<item title="q01"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type'
        "</fieldlabel><fieldentry>short_answer_question</fieldentry></qtimetadatafield>"
        "</qtimetadata></itemmetadata><presentation><material><mattext>What?</mattext></material>"
        "</presentation></item>"
    )
    quiz = f'<assessment ident="{{}}" title="A quiz"><section>{item}</section></assessment>'
    idents = ("one", "two", "two", "Not an id!")
    path.write_text(f"<questestinterop>{''.join(map(quiz.format, idents))}</questestinterop>")
    assert main(["import", str(path), "-o", str(tmp_path / "back")]) == 0
    found = sorted(folder.name for folder in (tmp_path / "back").iterdir())
    assert found == ["one", "quiz3", "quiz4", "two"]
    assert load_quiz(tmp_path / "back" / "quiz3").id == "quiz3"


def test_what_was_taken_over_is_told_in_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worth_two = choice({"x": "Whale", "y": "Trout"}, {"x": "100", "y": "50"})
    path = written(tmp_path / "quiz.xml", mammal(), worth_two, essay())
    assert main(["import", str(path), "-o", str(tmp_path / "back")]) == 2
    heading, *table = capsys.readouterr().out.splitlines()
    assert heading == f"{tmp_path / 'back'}: 2 of 3 questions taken over, without probes"
    assert [line.split("  ")[1] for line in table] == [
        "q01, item 1 (Question)",
        "q02, item 2 (Question)",
        "item 3 (Question)",
    ]
    first, second, third = table
    assert first.endswith("  taken")
    assert "  taken with a change  no key: a gives all of the points there, b a part" in second
    assert "  left out             no kind of question here is like essay_question; " in third
    assert len(load_quiz(tmp_path / "back").questions) == 2
    assert main(["lint", str(tmp_path / "back")]) == 2
    assert "the question expects nothing" in capsys.readouterr().out


def test_one_quiz_of_several_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resources = resource("a", QTI, "a/a.xml") + resource("b", QTI, "b/b.xml")
    files = {"a/a.xml": assessment(mammal(), ident="a"), "b/b.xml": assessment(essay(), title="B")}
    path = packed(tmp_path / "quiz.zip", resources, files)
    assert main(["import", str(path), "-o", str(tmp_path / "back")]) == 2
    assert "B: nothing taken over" in capsys.readouterr().out
    assert [folder.name for folder in (tmp_path / "back").iterdir()] == ["a"]
    assert len(load_quiz(tmp_path / "back" / "a").questions) == 1


def test_a_change_is_not_what_could_not_be_read(tmp_path: Path) -> None:
    path = written(tmp_path / "quiz.xml", choice({"x": "Whale", "y": ""}, {"x": "100"}))
    assert main(["import", str(path), "-o", str(tmp_path / "back")]) == 0


def test_no_torch_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from quizproof.reports.cli import main;"
        f"main(['export', 'hw09', '-o', {str(tmp_path / 'quiz.zip')!r}, '--format', 'canvas']);"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(question=quizzes.questions, nasty=st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_folder_reads_back_as_it_was_written(
    question: Question, nasty: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("quiz")
    (asked,) = quizzes.quiz_of(question).questions
    asked = asked.model_copy(update={"because": nasty})
    head = QuizFile(id="quiz1", title=asked.prompt, questions=[asked.id])
    write_quiz(folder, head, [asked])
    again = load_quiz(folder)
    assert again.title == asked.prompt
    assert again.questions == (asked,)
