"""Plain text in text2qti's form."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.exchange.exchanged import ExchangeError
from quizproof.questions.exchange.forms import read_quizzes
from quizproof.questions.spec import Blanks, MultipleChoice, NumberBlank, SingleChoice, TextBlank

QUIZ = """\
Quiz title: Of nets

Points: 2
1.  What is $x^2$ for x = 2?
a)  3
*b) 4

2.  Which are even?
[*] 2
[ ] 3
[*] 4

3.  The capital of France?
*   Paris
*   paris, France

4.  How much?
=   0.02 +- 0.001

5.  Explain.
____
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "quiz.txt"


def test_every_kind_that_it_has(path: Path) -> None:
    path.write_text("\ufeff" + QUIZ, encoding="utf-8")
    (quiz,) = read_quizzes(path)
    assert quiz.title.en == "Of nets"
    one, several, word, number = quiz.questions
    assert isinstance(one, SingleChoice)
    assert (one.points, one.prompt.en) == (2.0, r"What is \(x^2\) for x = 2?")
    assert ([o.text.en for o in one.options.values()], one.expected) == (["3", "4"], ["b"])
    assert isinstance(several, MultipleChoice)
    assert several.expected == ["a", "c"]
    assert isinstance(word, Blanks)
    assert isinstance(number, Blanks)
    assert word.blanks == {"1": TextBlank(expected=["Paris", "paris, France"])}
    assert number.blanks == {"1": NumberBlank(expected_number=0.02, tolerance=0.001)}
    (note,) = quiz.notes
    assert "essay_question" in note


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. x\n", "Question"),
        ("", "No questions"),
        ("hello", "quiz.txt"),
        ("1.  x\na)  y\n", "on line 3"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(path: Path, text: str, said: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError, match=said) as raised:
        read_quizzes(path)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("![a net](/dev/zero)", "(a net)"),
        ("![](/nowhere.png)", "(image)"),
        ("![a net][y]\n\n    [y]: /etc/passwd", "(a net)"),
    ],
)
def test_an_image_is_left_out_and_never_opened(path: Path, image: str, shown: str) -> None:
    path.write_text(QUIZ.replace("even?", f"even?\n\n    {image}"), encoding="utf-8")
    (quiz,) = read_quizzes(path)
    assert shown in quiz.questions[1].prompt.en
    assert "an image is left out" in next(note for note in quiz.notes if "q02" in note)


def test_words_that_look_like_an_image_stay(path: Path) -> None:
    path.write_text(QUIZ.replace("even?", "even? `a ![b` and 3![4]"), encoding="utf-8")
    (quiz,) = read_quizzes(path)
    assert "![b" in quiz.questions[1].prompt.en
    assert not any("image" in note for note in quiz.notes)


def test_a_group_gives_its_questions_their_points(path: Path) -> None:
    questions = "".join(f"{n}.  Is {n} odd?\na) Yes\n*b) No\n\n" for n in (2, 4))
    path.write_text(f"GROUP\npick: 1\npoints per question: 3\n\n{questions}END_GROUP\n")
    (quiz,) = read_quizzes(path)
    assert [question.points for question in quiz.questions] == [3, 3]
    assert "1 of its 2 questions are put to each student, for 3 points" in quiz.notes[0]


def test_no_code_is_run(path: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = f"```{{.python .run}}\nopen({str(ran)!r}, 'w')\n```\n"
    path.write_text(QUIZ.replace("2.  Which", code + "\n2.  Which"), encoding="utf-8")
    with pytest.raises(ExchangeError, match="Code execution"):
        read_quizzes(path)
    assert not ran.exists()


def test_a_binary_file(path: Path) -> None:
    path.write_bytes(b"1. \xff")
    with pytest.raises(ExchangeError, match="not UTF-8"):
        read_quizzes(path)
