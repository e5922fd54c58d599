"""Evidence of another quiz than the one that is asked about."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from quizproof.reports.cli import main
from tests.planted_probes import write_quiz
from tests.probes.engine.evidence.test_file import written

OTHERS = "made is evidence of planted and holds nothing of other; name the quiz it is of"


@pytest.fixture
def made(planted_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_quiz(tmp_path / "quiz", good="a")
    assert main(["verify", "quiz", "--pack", "quiz/pack", "--evidence", "made"]) == 0
    changed("changed", x=0.8)
    changed("other", x=0.8, id="other")
    changed("renamed", x=0.9, id="renamed")
    Path("answers.yaml").write_text("q01: a\n", encoding="utf-8")
    Path("class.csv").write_text("student,q01\ns1,a\n", encoding="utf-8")


def changed(name: str, *, x: float, id: str = "planted") -> None:
    shutil.copytree("quiz", name)
    for path, was, now in (
        (Path(name, "q01.yaml"), "good}", f"good, parameters: {{x: {x}}}}}"),
        (Path(name, "quiz.yaml"), "id: planted", f"id: {id}"),
    ):
        text = path.read_text(encoding="utf-8")
        assert was in text
        path.write_text(text.replace(was, now), encoding="utf-8")


def states(quiz: str, file: str = "made") -> list[str]:
    main(["verify", quiz, "--from", file, "--json", f"{quiz}.json"])
    found = json.loads(Path(f"{quiz}.json").read_text(encoding="utf-8"))
    return [question["state"] for question in found["questions"]]


def repacked(**more: object) -> Mapping[str, bytes]:
    """The members of ``made`` as another version of the program would have written them."""
    with zipfile.ZipFile("made") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    about = {**json.loads(members["made.json"]), **more}
    known = {name: value for name, value in about.items() if value is not None}
    del members["digests.json"]
    return {**members, "made.json": json.dumps(known).encode()}


@pytest.mark.usefixtures("made")
def test_evidence_of_another_quiz_is_refused_before_anything_is_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in (
        ["verify", "other", "--from", "made", "--report", "out", "--json", "out.json"],
        ["check", "other", "answers.yaml", "--from", "made", "--report", "out"],
        ["grade", "other", "class.csv", "-o", "out.csv", "--from", "made", "--report", "out"],
        ["evidence", "show", "q01", "--quiz", "other", "--from", "made", "--csv", "out.csv"],
    ):
        capsys.readouterr()
        assert main(command) == 2, command
        said = capsys.readouterr()
        assert said.out == ""
        assert OTHERS in said.err.splitlines()[-1], command
        assert not list(Path().glob("out*")), command


@pytest.mark.usefixtures("made")
def test_evidence_of_this_quiz_is_judged_whatever_changed_since() -> None:
    assert states("quiz") == ["stand-in agrees"]
    assert states("changed") == ["missing"]
    assert states("renamed") == ["stand-in agrees"]


@pytest.mark.usefixtures("made")
def test_a_file_that_does_not_name_its_quiz_is_known_by_its_probes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(Path("early"), repacked(quiz=None))
    assert states("other", "early") == ["missing"]  # one of the probes is the same
    written(Path("early"), repacked(quiz=None, code={"attribution.side": "0" * 64}))
    assert main(["verify", "other", "--from", "early"]) == 2
    assert "early is evidence of another quiz" in capsys.readouterr().err


@pytest.mark.usefixtures("made")
def test_an_empty_file_is_of_no_other_quiz() -> None:
    members = {name: data for name, data in repacked().items() if "evidence/" not in name}
    written(Path("empty"), members)
    assert states("other", "empty") == ["missing"]
