from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.questions.problems import InputError
from quizproof.questions.quiz import read_question
from quizproof.questions.yaml_file import MAX_BYTES, read_document

QUESTION = """\
kind: single
points: 0.3
about: method
prompt: {en: One, zh-Hant: 一}
probe: {name: network.layer_type, with: {layer: cnn.6}}
options:
  a: {text: {en: A, zh-Hant: 甲}, rule: layer_type == 'ReLU'}
  b: {text: {en: B, zh-Hant: 乙}, rule: layer_type == 'Linear'}
expected: [a]
"""


def problems(folder: Path, text: str) -> list[str]:
    """Line:column: what, of every problem of a question's file with this text."""
    path = folder / "q01.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_question(folder, "q01")
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


def test_a_question_reads(tmp_path: Path) -> None:
    (tmp_path / "q01.yaml").write_text(QUESTION, encoding="utf-8")
    question, document = read_question(tmp_path, "q01")
    assert question.id == "q01"
    assert question.prompt.zh_hant == "一"
    assert document.place("options", "b", "rule") == (8, 40)


def test_unknown_key_with_the_nearest_known_one(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, QUESTION.replace("expected: [a]", "expectd: [a]"))
    assert problem == "9:10: unknown key 'expectd'; did you mean 'expected'?"


def test_all_problems_at_once_in_order(tmp_path: Path) -> None:
    text = QUESTION.replace("points: 0.3", "points: -1").replace("layer_type == 'Linear'", "5")
    text = text.replace("about: method", "about: nothing")
    found = problems(tmp_path, text)
    assert [problem.split(":")[0] for problem in found] == ["2", "3", "8"]
    assert "points" in found[0]
    assert "'method', 'architecture' or 'model'" in found[1]
    assert "valid string" in found[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: single\nkind: single\n", "2:1: the key 'kind' stands twice; keep one"),
        ("a: &x 1\nb: *x\n", "1:4: an anchor or alias (x); write the value out where it is used"),
        ("a: !!python/object/apply:os.system ['x']\n", "1:4: the tag"),
        ("a: !!python/name:os.system\n", "1:4: the tag"),
        ("a: [1, 2\nb: 3\n", "2:2: not YAML"),
        ("a: b: c\n", "1:5: not YAML"),
        ("? [a]\n: 1\n", "1:3: a key that is not a word"),
        ("kind: wrong\n", "'wrong'"),
        ("", ""),
        ("[]\n", ""),
        ("just words\n", ""),
        ("a: \x00\n", "not YAML"),
        ("[" * 5000, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ("a: !x 1\n", "1:4: the tag !x"),
        ("a: 99999999999999999999999999999999999999999\n", "is not a int"),
        ("a: .nan\n", "is not a float; write a number in digits, or put it in quotes where"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(tmp_path: Path, text: str, said: str) -> None:
    found = problems(tmp_path, text)
    assert any(said in problem for problem in found), found


def test_exploding_anchors_cost_no_time(tmp_path: Path) -> None:
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    began = time.perf_counter()
    assert "anchor or alias" in problems(tmp_path, "\n".join(layers))[0]
    assert time.perf_counter() - began < 5


def test_a_file_that_is_too_large_or_not_utf8_or_missing(tmp_path: Path) -> None:
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    latin.write_bytes("a: é".encode("latin-1"))
    for path, said in [(large, "larger"), (latin, "not UTF-8"), (tmp_path / "no.yaml", "No such")]:
        with pytest.raises(InputError, match=said):
            read_document(path)


def test_a_byte_order_mark_and_dates_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffday: 2021-05-09\nyes: no\nn: 0x10\nf: 1.5e+3\n".encode())
    data = read_document(path).data
    assert data == {"day": "2021-05-09", "yes": False, "n": 16, "f": 1500.0}


def assert_read_or_refused(path: Path) -> None:
    try:
        read_document(path)
    except InputError as error:
        lines = str(error).splitlines()
    else:
        return
    assert lines
    assert all(line.startswith(f"{path}:") for line in lines)


@given(st.text(max_size=200))
def test_any_text_gives_data_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_text(text, encoding="utf-8")
    assert_read_or_refused(path)


@given(st.binary(max_size=200))
def test_any_bytes_give_data_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz-bytes.yaml"
    path.write_bytes(content)
    assert_read_or_refused(path)
