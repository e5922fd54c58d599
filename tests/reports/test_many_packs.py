"""One quiz on many packs, as a user meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.engine.results import State
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text
from quizproof.reports.cli import main
from quizproof.reports.many_packs import found_packs
from quizproof.reports.packs_page import render_packs
from quizproof.reports.packs_table import Cell, PackRow, packs_text, splits
from tests.planted import planted_pack
from tests.planted_probes import write_quiz
from tests.reports.parsed import parsed
from tests.reports.runs import HOSTILE, pack_rows

RUN = [sys.executable, "-c", "import sys; from quizproof.reports.cli import main; sys.exit(main())"]


@pytest.fixture
def world(planted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A quiz of two questions, and three packs whose pictures tell them apart."""
    monkeypatch.chdir(tmp_path)
    write_quiz(tmp_path / "quiz", good="a", random="a")
    for number, name in enumerate(("ann", "ben", "cid")):
        picture = np.full((8, 8, 3), number / 4, np.float32)
        planted_pack(tmp_path / "models" / name, [picture], [])
    return tmp_path


def verify(*arguments: str, packs: str = "models/*/") -> int:
    return main(["verify", "quiz", "--pack", packs, "--store", "none", *arguments])


def test_each_pack_has_its_files_and_a_row(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = [f"--{kind}={kind}" for kind in ("report", "json", "junit", "evidence")]
    assert verify(*outputs) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "planted on 3 packs"
    assert [line.split() for line in lines[2:5]] == [
        [name, "0", "0", "2", "0", "0"] for name in ("ann", "ben", "cid")
    ]
    assert sorted(path.name for path in (world / "report").iterdir()) == [
        "ann",
        "ben",
        "cid",
        "index.html",
    ]
    assert 'href="../index.html"' in (world / "report" / "ann" / "index.html").read_text("utf-8")
    digests = set()
    for name in ("ann", "ben", "cid"):
        run = json.loads((world / "json" / f"{name}.json").read_text(encoding="utf-8"))
        digests.add(run["pack"]["digest"])
        assert [question["id"] for question in run["questions"]] == ["q01", "q02"]
        assert (world / "junit" / f"{name}.xml").exists()
        assert main(["verify", "quiz", "--from", f"evidence/{name}.evidence"]) == 0
    assert len(digests) == 3


def test_many_packs_say_what_each_says_alone(world: Path) -> None:
    def told(path: str) -> list[dict[str, object]]:
        run = json.loads((world / path).read_text(encoding="utf-8"))
        return [{k: v for k, v in q.items() if k != "seconds"} for q in run["questions"]]

    assert verify("--json", "together", "--workers", "2") == 0
    for name in ("ann", "ben", "cid"):
        assert verify("--json", "alone.json", packs=f"models/{name}") == 0
        assert told("alone.json") == told(f"together/{name}.json")


def test_a_broken_pack_costs_itself(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (world / "models" / "ben" / "pack.yaml").write_text("pictures: 3", encoding="utf-8")
    (world / "models" / "dora").mkdir()
    assert verify("--report", "report") == 2
    said = capsys.readouterr()
    assert "ben: cannot be read: models/ben/pack.yaml:1:" in said.err
    assert "dora: cannot be read: models/dora: no pack.yaml here" in said.err
    rows = {line.split()[0]: line for line in said.out.splitlines() if line.startswith("  ")}
    assert rows["ann"].split()[3] == rows["cid"].split()[3] == "2"
    assert "pack.yaml:1:" in rows["ben"]
    page = (world / "report" / "index.html").read_text(encoding="utf-8")
    assert "no pack.yaml here" in page
    assert not (world / "report" / "ben").exists()


def test_the_code_is_the_worst(world: Path) -> None:
    (world / "models" / "ben" / "pack.yaml").write_text("pictures: 3", encoding="utf-8")
    assert verify("--strict") == 2
    text = (world / "quiz" / "q01.yaml").read_text(encoding="utf-8")
    text = text.replace("about: model", "about: method").replace("expected: [a]", "expected: [b]")
    (world / "quiz" / "q01.yaml").write_text(text, encoding="utf-8")
    assert verify() == 1


def test_a_pattern_that_matches_nothing_is_one_line(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(packs="modles/*/") == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "--pack modles/*/ matches no folder; write it as 'models/*/'"
    )


def test_a_file_in_place_of_a_folder_is_one_line(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("--json", "quiz/quiz.yaml") == 2
    assert "quiz.yaml is a file; with several packs, name a folder" in capsys.readouterr().err


def test_packs_are_found_once_and_in_order(world: Path) -> None:
    (world / "models" / "notes.txt").write_text("no pack")
    (world / "again").symlink_to(world / "models" / "ben")
    found = found_packs(["again", "models/*/", "models/ann"])
    assert [path.name for path in found] == ["again", "ann", "cid"]
    with pytest.raises(QuizproofError, match="matches no folder"):
        found_packs(["models/ann", "none/*"])


def test_reports_of_folders_called_alike_are_told_apart(world: Path) -> None:
    for place in ("one/ann", "two/Ann", "three/index.html"):
        planted_pack(world / place, [np.zeros((8, 8, 3), np.float32)], [])
    arguments = ["one/ann", "two/Ann", "three/index.html"]
    packs = [word for name in arguments for word in ("--pack", name)]
    assert main(["verify", "quiz", *packs, "--store", "none", "--report", "report"]) == 0
    found = sorted(path.name for path in (world / "report").iterdir())
    assert found == ["Ann-2", "ann", "index.html", "index.html-2"]


@pytest.mark.skipif(sys.platform == "win32", reason="no interrupt of a process group there")
def test_an_interrupt_leaves_what_is_done(world: Path, planted_site: Path) -> None:
    write_quiz(world / "quiz", good="a", hangs="a", random="a")
    path = os.pathsep.join([str(planted_site), *filter(None, sys.path)])
    options = ["--store", "none", "--workers", "2", "--report", "report", "--json", "json"]
    process = subprocess.Popen(
        [*RUN, "verify", "quiz", "--pack", "models/*/", *options],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # it may come ignored
    )
    assert process.stderr is not None
    begun = 0
    for line in process.stderr:
        begun += " q01: " in line
        if begun == 2:
            break
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in error
    assert out.startswith("interrupted: 0 of 3 packs are done\n")
    assert out.count("(interrupted: 1 of 3 questions)") == 2
    page = (world / "report" / "index.html").read_text(encoding="utf-8")
    assert "0 of 3 packs are done" in page
    assert len(list((world / "json").iterdir())) == 2


def test_the_table_says_who_differs() -> None:
    lines = packs_text("planted", pack_rows(), 6, ["report/index.html"]).splitlines()
    assert lines[0] == "interrupted: 4 of 6 packs are done"
    found = [" ".join(line.split()) for line in lines]
    assert "pack proven wrong stand-in open failed differs from the key in" in found
    assert "ann 1 0 1 0 0" in found
    assert "ben 0 1 1 0 0 q10 (c, not b)" in found
    assert "cid 0 1 0 1 0 q10 (c, not b)" in found
    assert "dora 0 0 1 0 0 (interrupted: 1 of 2 questions)" in found
    assert "q10 differs from pack to pack: c: 2 (ben, cid); b: 1 (ann)" in found
    assert found[-1] == "written: report/index.html"
    assert all(line.isprintable() for line in lines)


def test_what_failed_is_counted_apart_with_its_reason() -> None:
    cell = Cell(1, "q01", State.FAILED, expected="a", measured="", failed="the part is\ndamaged")
    lines = packs_text("planted", [PackRow("ann", 4, [cell], asked=1)], 1, []).splitlines()
    assert [" ".join(line.split()) for line in lines[-2:]] == [
        "ann 0 0 0 0 1",
        "q01 failed: the part is damaged",
    ]


def test_only_what_was_decided_differs() -> None:
    [split] = splits(pack_rows())
    assert split.question == "q10"
    assert split.packs == [("c", ["ben", "cid"]), ("b", ["ann"])]


def test_the_page_tells_what_is_wrong_from_what_a_stand_in_says() -> None:
    stand_in = PackRow("eve", 0, [Cell(9, "q9", State.STAND_IN_DIFFERS, "a", "b")], 2)
    page = parsed(render_packs(Text("Told"), ("en",), [*pack_rows(), stand_in], 6))
    assert page.one("h2", id="standing").text() == "2 of 6 packs find an answer of the key wrong"
    assert page.one("p", class_="of-these").text() == (
        "1 come out otherwise, on a model that settles nothing. "
        "In 1 something was missing or failed."
    )


def test_the_page_is_escaped_and_has_a_cell_for_each_question() -> None:
    page = render_packs(Text(HOSTILE), ("en",), pack_rows(), 6)
    assert page.count("<script>") == 1  # the page's own
    assert page.count('<td role="cell"><a class="chip') == 7
    assert page.count('<td role="cell"></td>') == 1  # what was not reached
    assert page.index(">q9<") < page.index(">q10<")
    assert render_packs(Text("None"), ("en",), [], 3).count("<tr ") == 1


def test_a_name_that_is_no_unicode_has_a_row() -> None:
    name = os.fsdecode(b"caf\xe9")
    cells = [Cell(1, "q01", State.CONFIRMED, "a", "a")]
    row = PackRow(name, 0, cells, 1)
    packs_text("planted", [row], 1, []).encode()
    page = render_packs(Text("One"), ("en",), [row], 1)
    assert 'href="caf%E9/index.html"' in page
