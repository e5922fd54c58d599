"""Pictures of Moodle, in each of the forms that its versions had: left out with a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.exchange.html_text import MAX_CHARACTERS

LONG = "iVBORw0KGgo" * (MAX_CHARACTERS // 10)


def read(path: Path, prompt: str, beside: str = "", form: str = "html") -> Exchanged:
    (path / "m.xml").write_text(
        f"<quiz><question type='truefalse'><questiontext format='{form}'><text><![CDATA[{prompt}]]>"
        f"</text></questiontext>{beside}<answer fraction='100'><text>true</text></answer>"
        "<answer fraction='0'><text>false</text></answer></question></quiz>",
        encoding="utf-8",
    )
    (quiz,) = read_quizzes(path / "m.xml")
    return quiz


@pytest.mark.parametrize(
    ("prompt", "beside", "form"),
    [
        ("<p>A net? <img src='@@PLUGINFILE@@/net.png' alt='image'></p>", "", "html"),
        (
            "<p>A net? <img src='@@PLUGINFILE@@/a%20net.png'></p>",
            "<file name='a net.png' encoding='base64'>iVBO</file>",
            "html",
        ),
        ("A net?", "<image>net.png</image>", "html"),
        ("A net?", "<image_base64>iVBO</image_base64>", "moodle_auto_format"),
        (f"A net? <img src='data:image/png;base64,{LONG}'>", "", "html"),
        ("A net? ![image](@@PLUGINFILE@@/net.png)", "", "markdown"),
    ],
)
def test_a_picture_is_named_in_the_prompt(
    tmp_path: Path, prompt: str, beside: str, form: str
) -> None:
    quiz = read(tmp_path, prompt, beside, form)
    (question,) = quiz.questions
    assert question.prompt.en.split() == ["A", "net?", "(image)"]
    assert len(quiz.notes) == 1
    assert "an image is left out" in quiz.notes[0]


@pytest.mark.parametrize(
    ("prompt", "beside", "said"),
    [
        ("A net?", "<file name='net.csv' encoding='base64'>iVBO</file>", "left out (net.csv)"),
        ("<a href='@@PLUGINFILE@@/net.csv'>A net?</a>", "", "a file that it links to"),
    ],
)
def test_another_file_is_told_of(tmp_path: Path, prompt: str, beside: str, said: str) -> None:
    quiz = read(tmp_path, prompt, beside)
    assert quiz.questions[0].prompt.en == "A net?"
    assert said in quiz.notes[0]
