from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.packs import texts
from quizproof.probes.packs.texts import (
    printed_unit,
    read_corpus,
    read_matrix,
    read_sentences,
    read_triples,
)
from quizproof.questions.problems import InputError

TRIPLE = {"context": "The cat sat on a mat.", "question": "Where?", "answer": "a mat"}
LINE = {
    "text": "The cat saw her.",
    "words": ["The", "cat", "saw", "her", "."],
    "pos": ["DET", "NOUN", "VERB", "PRON", "PUNCT"],
}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(read: Callable[[Path], object], path: Path) -> list[str]:
    """What is said of the file, a line for each problem, without the folder."""
    with pytest.raises(InputError) as caught:
        read(path)
    lines = str(caught.value).replace(f"{path.parent}/", "").splitlines()
    assert len(lines) == len(caught.value.problems)
    assert all("; " in line for line in lines)  # what, and the mend
    return lines


def test_what_is_well_is_read(tmp_path: Path) -> None:
    [triple] = read_triples(written(tmp_path, "t.json", json.dumps([TRIPLE])))
    assert triple.answer == "a mat"
    apples = [{"text": "蘋果", "sense": "fruit"}, {"text": "蘋果手機"}]
    path = written(tmp_path, "s.json", json.dumps(apples))
    assert [(s.text, s.sense) for s in read_sentences(path)] == [
        ("蘋果", "fruit"),
        ("蘋果手機", None),
    ]
    linked = {**LINE, "links": [{"pronoun": 3, "referent": 1, "settled": False}]}
    path = written(tmp_path, "c.jsonl", "\n\n".join(map(json.dumps, [LINE, linked])))
    one, other = read_corpus(path)
    assert one.places() == [(0, 3), (4, 7), (8, 11), (12, 15), (15, 16)]
    assert not other.links[0].settled
    matrix = read_matrix(written(tmp_path, "m.csv", "1, 0.5\n0.5, 1e0\n"))
    assert matrix.tolist() == [[1, 0.5], [0.5, 1]]


@pytest.mark.parametrize(
    ("content", "unit"),
    [("1,0.5\n0.67,1", 0.01), ("0.50,0.5\n1,1", 0.01), ("1,255\n0,1", 1), ("1e-3,2\n1,1", 1e-3)],
)
def test_the_digits_a_matrix_is_printed_to(tmp_path: Path, content: str, unit: float) -> None:
    assert printed_unit(written(tmp_path, "m.csv", content)) == pytest.approx(unit)
    with pytest.raises(InputError):
        printed_unit(written(tmp_path, "m.csv", content.replace("1", "one")))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_marks_and_line_ends_of_other_systems_are_let_be(
    tmp_path: Path, start: bytes, end: bytes
) -> None:
    text = "蘋果很甜".encode()
    path = written(tmp_path, "s.txt", start + text + end + end + b" " + text + end)
    assert [sentence.text for sentence in read_sentences(path)] == ["蘋果很甜"] * 2
    path = written(tmp_path, "m.csv", start + b"1,0" + end + b"0,1" + end)
    assert read_matrix(path).tolist() == [[1, 0], [0, 1]]
    line = json.dumps(LINE).encode()
    assert len(read_corpus(written(tmp_path, "c.jsonl", start + line + end + line))) == 2


def test_what_unicode_alone_ends_a_line_with_is_part_of_it(tmp_path: Path) -> None:
    line = json.dumps({**LINE, "text": "The cat\u2028saw\x85 her."}, ensure_ascii=False)
    assert len(read_corpus(written(tmp_path, "c.jsonl", line))) == 1


@pytest.mark.parametrize("read", [read_triples, read_sentences, read_corpus, read_matrix])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.json:"),
        (b"\n \n", "a.json:"),
        (b"ok\n\xff\xfe", "a.json:2: no UTF-8; save the file as UTF-8"),
        ("蘋果".encode("big5"), "no UTF-8"),
        ("1,2\n3,4".encode("utf-16"), "no UTF-8"),
        (b"[" * 100_000, "deep"),
        (b"9" * 5000, "number"),
    ],
)
def test_what_is_no_text_is_told(
    tmp_path: Path, read: Callable[[Path], Any], content: bytes, said: str
) -> None:
    lines = refusal(read, written(tmp_path, "a.json", content))
    assert said in lines[0] or read is read_matrix


def test_an_enormous_file_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_BYTES", 1_000_000)
    path = written(tmp_path, "a.json", b"")
    with path.open("r+b") as file:
        file.truncate(10**12)  # sparse: to read it would fill any memory
    for read in (read_triples, read_sentences, read_corpus, read_matrix):
        assert "larger than 1000000 bytes" in refusal(read, path)[0]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read (it is a folder)" in refusal(read_corpus, tmp_path)[0]
    assert "cannot be read (No such file" in refusal(read_corpus, tmp_path / "nowhere")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[\n{"context": }]', "t.json:2:13: no JSON"),
        ('{"context": "a"}', "a JSON dict, not a list"),
        ("[]", "nothing in it"),
        ("[\n1]", "t.json:2: Input should be a valid dictionary"),
        ("""[\n\n{"context": "a", "question": "b"}]""", "t.json:3: answer: Field required"),
        ("""[{"context": "a", "question": "b", "answer": "c"}]""", "1: the answer is no part"),
        ("""[{"context": "a", "question": "", "answer": "a"}]""", "1: question: String should"),
        ("""[{"context": "a", "question": "b", "answer": 3}]""", "answer: Input should be"),
        ("""[{"context": "a", "question": "b", "answer": "a", "x": 1}]""", "x: Extra inputs"),
        (
            """[{"context": "a\\ud800", "question": "b", "answer": "a"}]""",
            "context: Input should be",
        ),
    ],
)
def test_wrong_triples_are_told_by_line(tmp_path: Path, content: str, said: str) -> None:
    [line] = refusal(read_triples, written(tmp_path, "t.json", content))
    assert said in line


def test_the_line_of_every_wrong_item_is_told(tmp_path: Path) -> None:
    content = json.dumps([TRIPLE, {**TRIPLE, "answer": "]["}, TRIPLE, {}], indent=1)
    lines = refusal(read_triples, written(tmp_path, "t.json", content))
    numbers = [number for number, line in enumerate(content.splitlines(), 1) if " {" in line]
    assert [line.split(":")[1] for line in lines] == [str(numbers[k]) for k in (1, 3, 3, 3)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pos": ["DET"]}, "1 parts of speech for 5 words"),
        ({"pos": ["DET", "NN", "VERB", "PRON", "PUNCT"]}, "'NN' is no UPOS tag"),
        ({"words": ["The", "cat", "her", "saw", "."]}, "'saw' is not in the text, in its order"),
        ({"words": []}, "words:"),
        ({"text": ""}, "text:"),
        ({"text": "a" * 10_001}, "text: String should have at most 10000"),
        ({"links": [{"pronoun": 5, "referent": 1}]}, "a link names a word that is not there"),
        ({"links": [{"pronoun": -1, "referent": 1}]}, "links.0.pronoun"),
        ({"lines": []}, "lines: Extra inputs"),
    ],
)
def test_a_wrong_line_of_a_corpus_is_told(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    content = f"{json.dumps(LINE)}\n\n{json.dumps({**LINE, **changes})}\n{{\n"
    wrong, no_json = refusal(read_corpus, written(tmp_path, "c.jsonl", content))
    assert wrong.startswith("c.jsonl:3: ")
    assert said in wrong
    assert no_json.startswith("c.jsonl:4:2: no JSON")


def test_a_thousand_wrong_lines_are_not_all_told(tmp_path: Path) -> None:
    assert len(refusal(read_corpus, written(tmp_path, "c.jsonl", "{}\n" * 1000))) == 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("1,2\n3", "m.csv:2: 1 numbers, the first row has 2"),
        ("1,2\n3,4\n5,6", "m.csv: no square matrix"),
        ("1,2", "no square matrix"),
        ("", "no square matrix"),
        ("a,b\n1,2", "m.csv:1: could not convert string to float: 'a'"),
        ("1,2\n3,", "m.csv:2: could not convert"),
        ("1;2\n3;4", "m.csv:1: could not convert"),
        ("1,nan\n1,1", "m.csv:1: a number that is not finite"),
        ("1,1\n1,1e999", "m.csv:2: a number that is not finite"),
    ],
)
def test_a_wrong_matrix_is_told_by_line(tmp_path: Path, content: str, said: str) -> None:
    [line] = refusal(read_matrix, written(tmp_path, "m.csv", content))
    assert said in line
