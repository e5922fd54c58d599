"""``quizproof evidence`` and the file that ``verify --evidence`` writes, as a user meets them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizproof.reports.cli import main
from quizproof.reports.numbers import number
from tests.planted_probes import write_quiz


@pytest.fixture
def world(planted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_quiz(tmp_path / "quiz", good="a", random="a")
    assert main(["verify", "quiz", "--pack", "quiz/pack", "--store", "kept", *MADE]) == 0
    return tmp_path


MADE = ["--evidence", "made.evidence", "--json", "first.json"]


def test_show_prints_every_draw_and_writes_them(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    where = ["--quiz", "quiz", "--pack", "quiz/pack", "--store", "kept"]
    assert main(["evidence", "show", "q02", *where, "--csv", "d.csv", "--npz", "d.npz"]) == 0
    said = capsys.readouterr().out.splitlines()
    with Path("d.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["model", "draw", "x"]
    assert [row[1] for row in rows] == [str(k + 1) for k in range(len(rows))]
    assert said[0].startswith("planted.random(")
    assert said[2] == f"  draw 1: x {number(float(rows[0][2]))}"
    assert len([line for line in said if line.startswith("  draw ")]) == len(rows) > 5
    assert said[-2:] == ["written: d.csv", "written: d.npz"]
    with np.load("d.npz", allow_pickle=False) as arrays:
        assert list(arrays["names_1"]) == ["x"]
        assert arrays["values_1_1"].tolist() == [float(row[2]) for row in rows]
    of_file = ["--quiz", "quiz", "--from", "made.evidence"]
    assert main(["evidence", "show", "q02", *of_file]) == 0
    assert capsys.readouterr().out.splitlines() == said[:-2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["q2"], "there is no question q2 in the quiz; did you mean q02"),
        (["q02", "--seed", "7"], "quizproof verify quiz --only q02 --seed 7 --pack quiz/pack"),
        (["q02", "--csv", "nowhere/d.csv"], "nowhere is no folder; make it first"),
        (["q02", "--csv", "d", "--npz", "d"], "d is asked for twice"),
        (["q02", "--store", "none"], "no evidence of q02 is kept"),
    ],
)
def test_show_refuses_in_one_line(
    world: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    capsys.readouterr()
    where = ["--quiz", "quiz", "--pack", "quiz/pack", "--store", "kept"]
    assert main(["evidence", "show", arguments[0], *where, *arguments[1:]]) == 2
    out, err = capsys.readouterr()
    line = err.splitlines()[-1]
    assert out == ""
    assert said in line
    assert "Traceback" not in err


def without_seconds(path: Path) -> Any:
    report = json.loads(path.read_text(encoding="utf-8"))
    for question in report["questions"]:
        del question["seconds"]
    return report


def entries(world: Path) -> list[Path]:
    return sorted((world / "kept").rglob("*.evidence"))


def test_another_machine_judges_from_the_file_alone(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (world / "made.evidence").read_bytes()
    elsewhere = world / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "handed.evidence").write_bytes(made)
    monkeypatch.chdir(elsewhere)
    quiz = str(world / "quiz")
    monkeypatch.setattr(
        "quizproof.probes.engine.workers.here.WorkerProcess", None
    )  # nothing is measured
    assert main(["verify", quiz, "--from", "handed.evidence", "--json", "second.json"]) == 0
    output = capsys.readouterr().out
    assert "judged from handed.evidence" in output
    assert "no model was run" in output
    assert hashlib.sha256(made).hexdigest() in output
    assert without_seconds(elsewhere / "second.json") == without_seconds(world / "first.json")


def test_the_same_run_makes_the_same_file(world: Path) -> None:
    again = ["verify", "quiz", "--pack", "quiz/pack", "--store", "kept", "--evidence", "again"]
    assert main(again) == 0
    assert (world / "again").read_bytes() == (world / "made.evidence").read_bytes()


def test_evidence_is_made_without_a_store_too(world: Path) -> None:
    none = ["verify", "quiz", "--pack", "quiz/pack", "--store", "none", "--evidence", "again"]
    assert main(none) == 0
    assert main(["verify", "quiz", "--from", "again"]) == 0


def test_what_the_file_does_not_hold_is_missing(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_quiz(world / "quiz", good="a", random="a", other="a")
    main(["verify", "quiz", "--from", "made.evidence"])
    assert "1 missing          q03" in capsys.readouterr().out


def rewritten(change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile("made.evidence") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile("made.evidence", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _other_value(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("evidence/"))
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])


def _one_less(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name.startswith("evidence/"))]


def _one_more(members: dict[str, bytes]) -> None:
    members["evidence/" + "0" * 64 + ".evidence"] = b"forged"


def _no_digests(members: dict[str, bytes]) -> None:
    del members["digests.json"]


def _another_pack(members: dict[str, bytes]) -> None:
    members["pack/pack.yaml"] = members["pack/pack.yaml"].replace(b"planted", b"another")


@pytest.mark.parametrize("change", [_other_value, _one_less, _one_more, _no_digests, _another_pack])
def test_a_file_that_was_tampered_with_is_refused(
    world: Path, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, bytes]], None]
) -> None:
    rewritten(change)
    capsys.readouterr()
    assert main(["verify", "quiz", "--from", "made.evidence"]) == 2
    _, complaint = capsys.readouterr().err.splitlines()  # the first: a distribution is broken
    assert complaint.startswith("made.evidence ")


def _climbing(members: dict[str, bytes]) -> None:
    members["pack/../../climbed"] = b"out"
    digests = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in members.items()
        if name != "digests.json"
    }
    members["digests.json"] = json.dumps(digests).encode()


def test_nothing_is_written_outside_by_a_file_that_climbs(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewritten(_climbing)
    assert main(["verify", "quiz", "--from", "made.evidence"]) == 2
    assert "which no evidence file does" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_no_evidence_file_is_said_to_be_none(
    world: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (world / "made.evidence").write_bytes(content)
    assert main(["verify", "quiz", "--from", "made.evidence"]) == 2
    assert "evidence file" in capsys.readouterr().err


def test_a_file_that_unfolds_is_refused(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile("made.evidence", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("made.json", b"0" * 1_000_000)
    assert main(["verify", "quiz", "--from", "made.evidence"]) == 2
    assert "no evidence file as this program writes them" in capsys.readouterr().err


def test_ls_says_what_is_kept(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["evidence", "ls", "--store", "kept"]) == 0
    shown = capsys.readouterr().out
    assert "planted.good(x=0.9) on planted, seed 16" in shown
    assert "2 entries" in shown


def test_verify_names_what_is_damaged_and_gc_takes_it_away(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "verify", "--store", "kept"]) == 0
    damaged = entries(world)[0]
    damaged.write_bytes(b"damaged")
    capsys.readouterr()
    assert main(["evidence", "verify", "--store", "kept"]) == 1
    shown = capsys.readouterr()
    assert "2 entries, 1 damaged" in shown.out
    assert damaged.name[:12] in shown.err
    assert main(["evidence", "gc", "--store", "kept"]) == 0
    assert len(entries(world)) == 1
    assert damaged not in entries(world)


def test_gc_takes_away_what_was_not_used_for_long(world: Path) -> None:
    old, young = entries(world)
    os.utime(old, (0, 0))
    assert main(["evidence", "gc", "--store", "kept", "--days", "30"]) == 0
    assert entries(world) == [young]


def test_gc_sweeps_up_after_writers_that_were_killed(world: Path) -> None:
    folder = entries(world)[0].parent
    abandoned, fresh = folder / ".a.evidence.1", folder / ".b.evidence.2"
    for path in (abandoned, fresh):
        path.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    assert main(["evidence", "gc", "--store", "kept"]) == 0
    assert not abandoned.exists()
    assert fresh.exists()  # somebody may still be writing it


def test_an_empty_store_is_empty(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["evidence", "ls", "--store", "not there"]) == 0
    assert capsys.readouterr().out.startswith("0 entries")


def test_a_url_nobody_knows_is_one_line(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "ls", "--store", "nonsense://x"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["verify", "quiz", "--pack", "quiz/pack", "--store", "nonsense://x"]) == 2


def test_a_url_that_does_not_answer_costs_a_line_and_no_verdict(
    world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        place = f"ftp://127.0.0.1:{nobody.getsockname()[1]}/kept"
        capsys.readouterr()
        assert main(["verify", "quiz", "--pack", "quiz/pack", "--store", place]) == 0
        said = capsys.readouterr()
        assert said.err.count("does not answer") == 1
        assert "2 stand-in agrees" in said.out
        assert main(["evidence", "ls", "--store", place]) == 2


def test_two_runs_at_once_keep_what_one_does(world: Path, planted_site: Path) -> None:
    script = "import sys; from quizproof.reports.cli import main; sys.exit(main())"
    path = os.pathsep.join([str(planted_site), *filter(None, sys.path)])
    arguments = ["verify", "quiz", "--pack", "quiz/pack", "--store", "shared"]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script, *arguments, "--json", f"{number}.json"],
            env={**os.environ, "PYTHONPATH": path},
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for number in range(2)
    ]
    assert [run.wait(60) for run in runs] == [0, 0]
    first = without_seconds(world / "first.json")
    assert all(without_seconds(world / f"{number}.json") == first for number in range(2))
    assert main(["evidence", "verify", "--store", "shared"]) == 0
    assert len(list((world / "shared").rglob("*.evidence"))) == len(entries(world))


def test_an_architecture_settles_from_the_file_as_it_did_where_it_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A classifier's is in the manifest, a language model's in its configuration."""
    monkeypatch.chdir(tmp_path)
    only = ["verify", "hw09", "--only", "q15,q30"]
    main([*only, "--store", "none", "--evidence", "hw09.evidence", "--json", "first.json"])
    main([*only, "--from", "hw09.evidence", "--json", "second.json"])
    first, second = (without_seconds(tmp_path / f"{name}.json") for name in ("first", "second"))
    assert second["questions"] == first["questions"]
    assert [q["state"] for q in first["questions"]] == ["confirmed", "contradicted"]
