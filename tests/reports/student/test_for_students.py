"""What is handed out to students: nothing in it depends on the key."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizproof.questions.quiz import bundled_quiz, load_questions, load_quiz
from quizproof.questions.spec import expected_answer
from quizproof.reports.cli import main

TEXT = {"en": "What?", "zh-Hant": "什麼？"}
OPTIONS = {name: {"text": TEXT, "rule": f"x > {place}"} for place, name in enumerate("abc")}


def quiz(folder: Path, **keys: Any) -> Path:
    """A quiz with a question of each kind, and with these keys."""
    folder.mkdir(parents=True)
    head = {"id": "planted", "title": TEXT, "questions": ["q01", "q02", "q03", "q04"]}
    common = {"points": 1, "about": "model", "prompt": TEXT, "probe": {"name": "planted.probe"}}
    tolerance = {"range": keys["range"]} if keys.get("range") else 0.25
    blanks = {
        "1": {"measure": "word", "expected": keys.get("words", ["him"])},
        "2": {"measure": "x", "tolerance": tolerance, "expected_number": keys.get("number", 1.0)},
    }
    parts = {
        "1": {"options": OPTIONS, "expected": keys.get("part", "a")},
        "2": {"options": OPTIONS, "expected": "b"},
    }
    questions = {
        "q01": {"kind": "single", "options": OPTIONS, "expected": keys.get("one", ["a"])},
        "q02": {"kind": "multiple", "options": OPTIONS, "expected": keys.get("some", ["a", "c"])},
        "q03": {"kind": "blanks", "blanks": blanks},
        "q04": {"kind": "dropdowns", "parts": parts},
    }
    for name, data in {"quiz": head, **questions}.items():
        body = data if name == "quiz" else common | data
        if why := keys.get("because"):
            body = body if name == "quiz" else {**body, "because": why}
        comment = f"# the key is {keys}\n"
        text = comment + json.dumps(body)  # which is YAML, too
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def exported(quiz: Path | str, to: Path) -> dict[str, bytes]:
    """The files of ``quiz`` as exported to the folder ``to``, by name."""
    assert main(["export", str(quiz), "--for-students", "-o", str(to)]) == 0
    return {str(path.relative_to(to)): path.read_bytes() for path in sorted(to.rglob("*"))}


keys = st.fixed_dictionaries(
    {
        "one": st.lists(st.sampled_from("abc"), max_size=3),
        "some": st.lists(st.sampled_from("abc"), max_size=3),
        "part": st.sampled_from([*"abc", None]),
        "words": st.lists(
            st.text(alphabet="aé蘋'\"#:", min_size=1, max_size=5), min_size=1, max_size=3
        )
        | st.none(),
        "number": st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        "because": st.text(alphabet="abc", max_size=9),
    }
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=keys, other=keys)
def test_keys_alone_make_no_difference(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, Any], other: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("both")
    files = exported(quiz(folder / "a", **one), folder / "out")
    assert files == exported(quiz(folder / "b", **other), folder / "other")
    assert exported(quiz(folder / "c", **one), folder / "again") == files


def test_a_range_of_right_numbers_leaves_its_width_alone(tmp_path: Path) -> None:
    one = exported(quiz(tmp_path / "a", range=[0.72, 0.74], number=None), tmp_path / "one")
    other = exported(quiz(tmp_path / "b", range=[0.51, 0.53], number=0.52), tmp_path / "other")
    assert one == other
    assert b"tolerance: 0.01\n" in one["q03.yaml"]


def test_everything_else_is_handed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = exported("hw09", tmp_path / "handed out")
    assert not any(b"expected" in content or b"#" in content for content in files.values())
    head, questions = load_questions(tmp_path / "handed out")
    whole, with_keys = load_questions(bundled_quiz("hw09"), key=False)
    assert head == whole.model_copy(update={"without_key": True})
    assert questions == with_keys
    assert all(expected_answer(question) is None for question in questions)
    capsys.readouterr()
    assert main(["lint", str(tmp_path / "handed out")]) == 0
    *notes, said = capsys.readouterr().out.splitlines()
    assert said == "hw09: 30 questions without a key, nothing to complain of"
    assert all("its two languages ask different things" in note for note in notes)


def test_there_is_no_key_to_verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported("hw09", tmp_path / "out")
    assert main(["verify", str(tmp_path / "out")]) == 2
    assert "has no key to verify" in capsys.readouterr().err


def test_a_key_in_a_quiz_without_one_is_complained_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported("hw09", tmp_path / "out")
    shutil.copy(bundled_quiz("hw09") / "q07.yaml", tmp_path / "out")
    assert main(["lint", str(tmp_path / "out")]) == 2
    assert "q07 says what it expects" in capsys.readouterr().out


def test_what_lies_in_the_folder_is_not_handed_out_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(bundled_quiz("hw09"), tmp_path / "out")
    assert main(["export", "hw09", "--for-students", "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith("is not empty; name a new folder\n")
    assert load_quiz(tmp_path / "out").digest == load_quiz(bundled_quiz("hw09")).digest


def test_a_pack_stays_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = quiz(tmp_path / "quiz")
    head = folder / "quiz.yaml"
    head.write_text(head.read_text().replace('"questions"', '"pack": "../mine", "questions"'))
    assert b"pack: ../mine\n" in exported(folder, tmp_path / "out")["quiz.yaml"]
    assert "the pack it is measured on, ../mine, is not in it" in capsys.readouterr().out
