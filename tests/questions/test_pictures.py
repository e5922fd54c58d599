"""Pictures in prompts and options: files of the quiz's folder, with words for who does not see."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quizproof.questions.asking import template
from quizproof.questions.pictures import (
    MAX_PICTURE_BYTES,
    PictureError,
    in_words,
    pieces,
    read_pictures,
    sound,
    without_pictures,
)
from quizproof.questions.quiz import load_quiz
from tests.questions.test_lint import linted
from tests.questions.test_yaml_file import QUESTION

CAT = "![a cat on a mat](figures/cat.png)"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, kind)
    return buffer.getvalue()


def asked(prompt: str, option: str = "A") -> str:
    text = QUESTION.replace("prompt: {en: One, zh-Hant: 一}", f"prompt: '{prompt}'")
    assert prompt in text
    return text.replace("{en: A, zh-Hant: 甲}", f"'{option}'")


def with_cat(folder: Path, content: bytes | None = None) -> Path:
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "cat.png").write_bytes(picture() if content is None else content)
    return folder


def test_a_sound_picture_in_a_prompt_and_an_option(tmp_path: Path) -> None:
    found = linted(with_cat(tmp_path), asked(f"What is this? {CAT}", CAT))
    assert found.harmless == ()
    quiz = load_quiz(tmp_path)
    assert quiz.pictures == {"figures/cat.png": picture()}
    before = quiz.digest
    with_cat(tmp_path, picture("PNG", (9, 9)))
    assert load_quiz(tmp_path).digest != before


@pytest.mark.parametrize(
    ("prompt", "content", "said"),
    [
        ("![](figures/cat.png)", picture(), "has no alternative text"),
        ("![  ](figures/cat.png)", picture(), "has no alternative text"),
        ("![cat](cat.png)", picture(), "cat.png cannot be read (No such file or directory)"),
        ("![cat](figures/cat.svg)", picture(), "'figures/cat.svg' is no picture of the quiz"),
        ("![cat](../cat.png)", picture(), "'../cat.png' is no picture of the quiz's folder"),
        ("![cat](/etc/cat.png)", picture(), "'/etc/cat.png' is no picture"),
        ("![cat](https://x.org/cat.png)", picture(), "is no picture of the quiz's folder"),
        (CAT, b"GIF89a", "no picture that can be read"),
        (CAT, picture()[:-30], "no picture that can be read"),
        (CAT, b"<svg onload='alert(1)'/>", "no picture that can be read"),
        (CAT, b"\0" * (MAX_PICTURE_BYTES + 1), "larger than"),
        (CAT, picture("PNG", (9000, 1)), "9000 × 1 pixels; make it smaller"),
        (CAT, picture("BMP"), "no picture that can be read"),
    ],
)
def test_what_is_wrong_with_a_picture(
    tmp_path: Path, prompt: str, content: bytes, said: str
) -> None:
    found = linted(with_cat(tmp_path, content), asked(prompt))
    [problem] = found.harmless
    assert said in str(problem)
    assert problem.line == 4
    assert found.broken == ()


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    quiz = tmp_path / "quiz"
    quiz.mkdir()
    (tmp_path / "cat.png").write_bytes(picture())
    (quiz / "cat.png").symlink_to(tmp_path / "cat.png")
    [problem] = linted(quiz, asked("![cat](cat.png)")).harmless
    assert "outside the quiz's folder" in str(problem)
    assert load_quiz(quiz).pictures == {}


def test_all_pictures_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizproof.questions.pictures.MAX_ALL_BYTES", len(picture()))
    linted(with_cat(tmp_path), asked(f"{CAT} ![cat](cat.png)"))
    (tmp_path / "cat.png").write_bytes(picture())
    assert list(read_pictures(tmp_path, load_quiz(tmp_path).questions)) == ["figures/cat.png"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_made_anew(kind: str) -> None:
    hidden = picture(kind) + b"<script>alert(1)</script>"
    shown = sound(hidden)
    assert (shown.width, shown.height) == (8, 6)
    assert b"script" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as again:
        assert again.size == (8, 6)


@given(st.binary(max_size=200))
def test_whatever_bytes_there_are_nothing_but_a_picture_is_shown(content: bytes) -> None:
    with pytest.raises(PictureError):
        sound(content)


@given(st.lists(st.one_of(st.text(), st.just(CAT), st.just("![b](x/y.webp)"))).map("".join))
def test_words_and_pictures_are_all_there_is(words: str) -> None:
    again = "".join(p if isinstance(p, str) else f"![{p[0]}]({p[1]})" for p in pieces(words))
    assert again == words
    assert without_pictures(words) == "".join(p for p in pieces(words) if isinstance(p, str))


def test_where_no_picture_can_be_shown_its_words_are(tmp_path: Path) -> None:
    assert in_words(f"What? {CAT}") == "What? (a cat on a mat)"
    linted(with_cat(tmp_path), asked(f"What? {CAT}"))
    quiz = load_quiz(tmp_path)
    assert "# What? (a cat on a mat)" in template("q", quiz.title, quiz.questions, ["en"])


def test_an_alternative_text_is_no_blanks_name(tmp_path: Path) -> None:
    text = """kind: blanks
points: 1
about: method
prompt: "![1](figures/cat.png) is [1]"
probe: {name: network.layer_type, with: {layer: cnn.6}}
blanks: {"1": {measure: layer_type, expected: [ReLU]}}
"""
    [problem] = linted(with_cat(tmp_path), text).harmless
    assert "the alternative text of figures/cat.png is the name of a blank" in str(problem)


def test_a_list_shows_no_pictures(tmp_path: Path) -> None:
    text = """kind: dropdowns
points: 1
about: method
prompt: "[1]"
probe: {name: network.layer_type, with: {layer: cnn.6}}
parts:
  "1":
    options:
      a: {text: "![a cat](figures/cat.png)", rule: layer_type == 'ReLU'}
      b: {text: B, rule: layer_type == 'Linear'}
    expected: a
"""
    [problem] = linted(with_cat(tmp_path), text).harmless
    assert "stands in a list, which shows no pictures" in str(problem)
