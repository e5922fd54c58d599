"""A quiz in no named language, in one or in several: read, shown, exported and imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import load_quiz
from quizproof.reports.cli import main
from quizproof.reports.html import render_html
from quizproof.reports.notebook import check
from quizproof.reports.words import WORDS
from tests.reports.parsed import parsed
from tests.reports.runs import result, run

TITLE = {"en": "My quiz", "fr": "Mon quiz", "zh-Hant": "我的測驗"}
PROMPT = {"en": "Which [1]?", "fr": "Lequel [1] ?", "zh-Hant": "哪個 [1]？"}
OPTION = {"en": "the cat", "fr": "le chat", "zh-Hant": "貓"}
IN = [(), ("fr",), ("zh-Hant",), ("en", "fr"), ("fr", "zh-Hant"), ("en", "fr", "zh-Hant")]


def said(words: dict[str, str], languages: tuple[str, ...]) -> str | dict[str, str]:
    return {tag: words[tag] for tag in languages} if languages else words["en"]


def quiz(folder: Path, languages: tuple[str, ...]) -> Path:
    """A quiz of a list and a choice in ``languages``, or in plain words."""
    options = {
        "a": {"text": said(OPTION, languages), "rule": "layer_type == 'ReLU'"},
        "b": {"text": "42", "rule": "layer_type == 'Linear'"},
    }
    common: dict[str, Any] = {
        "points": 1,
        "about": "method",
        "prompt": said(PROMPT, languages),
        "probe": {"name": "network.layer_type", "with": {"layer": "cnn.6"}},
    }
    files = {
        "quiz": {"id": "mine", "title": said(TITLE, languages), "questions": ["q01", "q02"]},
        "q01": {"kind": "single", "options": options, "expected": ["a"], **common},
        "q02": {
            "kind": "dropdowns",
            "parts": {"1": {"options": options, "expected": "a"}},
            **common,
        },
    }
    folder.mkdir()
    for name, data in files.items():
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def report_of(folder: Path) -> str:
    asked = load_quiz(folder)
    results = [result(question=question) for question in asked.questions]
    return render_html(run(*results, quiz=asked))


@pytest.mark.parametrize("languages", IN)
def test_a_quiz_is_read_in_the_languages_it_is_in(
    tmp_path: Path, languages: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = quiz(tmp_path / "quiz", languages)
    assert load_quiz(folder).title.root == said(TITLE, languages)
    assert main(["lint", str(folder)]) == 0
    assert "note" not in capsys.readouterr().out


@pytest.mark.parametrize("languages", IN)
def test_a_page_offers_the_languages_of_its_quiz(
    tmp_path: Path, languages: tuple[str, ...]
) -> None:
    tree = parsed(report_of(quiz(tmp_path / "quiz", languages)))
    buttons = [button.attributes["id"] for button in tree.all("input", name="language")]
    assert buttons == ([f"language-{tag}" for tag in languages] if len(languages) > 1 else [])
    assert len(list(tree.all("fieldset"))) == (len(languages) > 1)
    assert tree.one("html").attributes["lang"] == (languages or ("en",))[0]
    heads = tree.one("h1"), tree.one("h2", id="questions")
    for shown in languages or ("en",):
        title, program = (head.text(shown) for head in heads)
        assert title == TITLE[shown]
        assert program == WORDS["all_questions"].in_("zh-Hant" if shown == "zh-Hant" else "en")
    if "zh-Hant" not in languages:
        assert WORDS["all_questions"].zh_hant not in tree.text("zh-Hant")


def test_plain_words_claim_no_language_and_what_is_said_in_french_claims_that(
    tmp_path: Path,
) -> None:
    for languages, claimed in (((), [None]), (("fr",), ["fr"]), (("en", "fr"), ["en", "fr"])):
        tree = parsed(report_of(quiz(tmp_path / "-".join(["quiz", *languages]), languages)))
        spans = [span.attributes for span in tree.one("h1").all("span")]
        assert [span.get("lang") for span in spans] == claimed
    program = [span.attributes for span in tree.one("h2", id="questions").all("span")]
    assert program == [{"class": "t", "lang": "en"}]


@pytest.mark.parametrize("form", ["canvas", "moodle"])
@pytest.mark.parametrize("languages", IN)
def test_what_is_exported_is_imported_in_the_same_languages(
    tmp_path: Path, languages: tuple[str, ...], form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file, back = quiz(tmp_path / "quiz", languages), tmp_path / "file", tmp_path / "back"
    assert main(["export", str(folder), "-o", str(file), "--format", form]) == 0
    assert "read back" not in capsys.readouterr().out
    assert main(["import", str(file), "-o", str(back)]) == 0
    assert "not taken over" not in capsys.readouterr().out
    asked, again = load_quiz(folder), load_quiz(back)
    assert again.title == asked.title
    assert [q.prompt for q in again.questions] == [q.prompt for q in asked.questions]
    if not languages or len(languages) > 1:
        assert [options(q) for q in again.questions] == [options(q) for q in asked.questions]
    written = "".join(path.read_text(encoding="utf-8") for path in back.glob("*.yaml"))
    assert ("zh-Hant" in written) == ("zh-Hant" in languages)


def options(question: Any) -> list[Any]:
    listed = question.options if question.kind == "single" else question.parts["1"].options
    return [option.text for option in listed.values()]


def test_one_language_is_exported_as_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = quiz(tmp_path / "quiz", ("en", "fr")), tmp_path / "file"
    arguments = ["-o", str(file), "--format", "canvas", "--language"]
    assert main(["export", str(folder), *arguments, "fr"]) == 0
    assert "the texts in English stay behind" in capsys.readouterr().out
    assert main(["import", str(file), "-o", str(tmp_path / "back")]) == 0
    assert load_quiz(tmp_path / "back").title.root == "Mon quiz"
    assert main(["export", str(folder), *arguments, "de"]) == 2
    assert "no text of mine is in the language 'de'; it names en, fr" in capsys.readouterr().err
    assert main(["export", str(quiz(tmp_path / "plain", ())), *arguments, "en"]) == 2
    assert "it names none; leave --language out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("languages", "lines"),
    [
        ((), ["# mine: My quiz", "#   a)  the cat", "# choose one"]),
        (("fr",), ["# mine: Mon quiz", "#   a)  le chat", "# choose one"]),
        (("en", "fr"), ["# mine: My quiz · Mon quiz", "#   a)  the cat · le chat", "# choose one"]),
        (("zh-Hant",), ["# mine: 我的測驗", "#   a)  貓", "# 請選一項"]),
    ],
)
def test_a_template_is_in_the_languages_of_the_quiz(
    tmp_path: Path,
    languages: tuple[str, ...],
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(quiz(tmp_path / "quiz", languages)), "--template"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line not in printed] == []


def test_a_language_that_neither_the_quiz_nor_the_program_speaks_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = quiz(tmp_path / "quiz", ("fr",))
    assert main(["check", str(folder), "--template", "--language", "fr"]) == 0
    assert main(["check", str(folder), "--template", "--language", "de"]) == 2
    assert "there is no language 'de'; they are fr and en and zh-Hant" in capsys.readouterr().err
    with pytest.raises(QuizproofError, match="no language 'de'"):
        check(folder, {}, language="de")
