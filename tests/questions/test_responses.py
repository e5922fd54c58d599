from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizproof.questions.answers_file import read_answers
from quizproof.questions.problems import InputError
from quizproof.questions.responses import Response, ResponseError, parse_response, written
from quizproof.questions.spec import Question
from tests.reports.runs import blanks, choice, dropdowns

ONE = choice("q01", rules=("x > y",) * 4)
SEVERAL = choice("q04", "multiple", ("x > y",) * 4, ["a", "d"])
LISTS = dropdowns()  # lists 10 and 2, each with a and b
FILLED = blanks()  # 1 is a word, 2 a number, 3 has no key


@pytest.mark.parametrize(
    ("question", "value", "chosen"),
    [
        (ONE, "a", "a"),
        (ONE, " B. ", "b"),
        (ONE, "(c)", "c"),
        (ONE, ["d"], "d"),
        (ONE, "-", ""),
        (ONE, "", ""),
        (ONE, None, ""),
        (SEVERAL, "a,d", "a d"),
        (SEVERAL, "A D", "a d"),
        (SEVERAL, "AD", "a d"),
        (SEVERAL, "a;d;a", "a d"),
        (SEVERAL, "ａ、ｄ", "a d"),
        (SEVERAL, ["D", "a"], "a d"),
        (LISTS, "10a 2b", "10a 2b"),
        (LISTS, "2b, 10A", "10a 2b"),
        (LISTS, "a,b", "10a 2b"),
        (LISTS, "10=a; 2=b", "10a 2b"),
        (LISTS, "[10] a [2] b", "10a 2b"),
        (LISTS, {"10": "a", 2: "B"}, "10a 2b"),
        (LISTS, {"2": "b"}, "2b"),
        (LISTS, [None, "b"], "2b"),
        (LISTS, "2b", "2b"),
    ],
)
def test_options_in_all_their_writings(question: Question, value: Any, chosen: str) -> None:
    response = parse_response(question, value)
    assert response == Response(frozenset(chosen.split()))
    assert parse_response(question, written(question, response)) == response


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("him; 0.73; x", {"1": "him", "2": "0.73", "3": "x"}),
        ("him,0.73,", {"1": "him", "2": "0.73"}),
        ("[2] 0,73 [1] him, her", {"1": "him, her", "2": "0,73"}),
        ({1: " Him ", "2": 0.73}, {"1": "Him", "2": "0.73"}),
        (["him", None, ""], {"1": "him"}),
        ("", {}),
        (None, {}),
    ],
)
def test_blanks_in_all_their_writings(value: Any, filled: dict[str, str]) -> None:
    response = parse_response(FILLED, value)
    assert response == Response(filled=filled)
    assert parse_response(FILLED, written(FILLED, response)) == response


@pytest.mark.parametrize(
    ("question", "value", "told"),
    [
        (ONE, "e", "no option is called 'e'; choose of a, b, c, d"),
        (ONE, "bad", "no option is called 'bad'"),
        (ONE, "a b", r"2 options are chosen \(a, b\), where one is to be"),
        (ONE, True, "True is no answer"),
        (ONE, {"a": 1}, "a mapping, where options"),
        (ONE, "x" * 3000, "an answer of 3000 characters"),
        (SEVERAL, "a, e", "no option is called 'e'"),
        (LISTS, "3a", "no list has an option '3a'; write list and letter, as 10a 2a"),
        (LISTS, "10a 10b", "list 10 has 2 choices"),
        (LISTS, {"3": "a"}, "there is no part '3'; the parts are 10, 2"),
        (LISTS, {"2": "z"}, "list 2 has no option 'z'; choose one of a, b"),
        (FILLED, "him", r"not an answer to 3 blanks; write \[1\] … \[2\] … \[3\] …"),
        (FILLED, "[1] him [1] her", "a part is answered twice"),
        (FILLED, "[9] him", "there is no part '9'"),
        (FILLED, ["him"], "1 answers for 3 blanks"),
    ],
)
def test_what_is_no_answer_is_named(question: Question, value: Any, told: str) -> None:
    with pytest.raises(ResponseError, match=told):
        parse_response(question, value)


def test_the_same_answers_from_each_kind_of_file(tmp_path: Path) -> None:
    files = {
        "a.yaml": "q01: a\nq04: [a, d]\nq29: {10: a, 2: b}\nq22: {1: him, 2: 0.73}\n",
        "a.json": '{"q01": "a", "q04": "a,d", "q29": "10a 2b", "q22": {"1": "him", "2": 0.73}}',
        "a.csv": "\ufeffquestion;answer\r\nQ01;a\r\nq04;a,d\r\nq29;10a 2b\r\n"
        'q22;"[1] him [2] 0.73"\r\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        answers = read_answers(tmp_path / name, [ONE, SEVERAL, LISTS, FILLED])
        assert answers.problems == []
        assert answers.responses == {
            "q01": Response(frozenset("a")),
            "q04": Response(frozenset("ad")),
            "q29": Response(frozenset({"10a", "2b"})),
            "q22": Response(filled={"1": "him", "2": "0.73"}),
        }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "q01: a\nq04: e\nq99: a\n"),
        ("a.json", '{"q01": "a",\n"q04": "e",\n"q99": "a"}'),
        ("a.csv", 'question,answer\nq04,e\nq99,a\nq01,a\nq01,b\nx\n"cut'),
    ],
)
def test_what_cannot_be_read_is_listed_and_the_rest_is_there(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    answers = read_answers(tmp_path / name, [ONE, SEVERAL])
    assert answers.responses == {"q01": Response(frozenset("a"))}
    told = [str(problem).removeprefix(str(tmp_path)) for problem in answers.problems]
    assert told[0] == f"/{name}:2: q04: no option is called 'e'; choose of a, b, c, d"
    assert told[1] == f"/{name}:3: there is no question 'q99'; remove it"
    if name == "a.csv":
        assert told[2:] == [
            "/a.csv:5: q01 is answered twice; keep one; the first counts",
            "/a.csv:6: 1 cells where 2 belong; "
            "write question,answer; an answer with commas in quotes",
            "/a.csv:7: the file ends within quotes; export it again",
        ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", "q01,a\n".encode("utf-16"), "UTF-16, not UTF-8"),
        ("a.csv", "q01,選項\n".encode("big5"), "1: not UTF-8"),
        ("a.csv", b"q01,a\nq04,\0\n", "2: not text: it has a zero byte"),
        ("a.csv", b"PK\x03\x04", "a spreadsheet, not text"),
        ("a.json", b'{"q01": ', "1:9: not JSON"),
        ("a.json", b'{"q01": "a",\n"q04": 1, "q04": 2}', "2: 'q04' stands twice"),
        ("a.json", b"[" * 100_000, "not JSON that can be read"),
        ("a.json", b"[]", "no mapping"),
        ("a.yaml", b"", "empty; write a line for each, as 'q01: a'"),
        ("a.yaml", b"!!python/object:os.system {}", "the tag"),
        ("nowhere.yaml", None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_line(
    tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told) as refused:
        read_answers(tmp_path / name, [ONE])
    assert str(refused.value).startswith(str(tmp_path / name))
    assert "\n" not in str(refused.value)
