"""A quiz's own probes are read in a process of their own, and only as they were shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes import beside as module
from quizproof.probes import trust as trusting
from quizproof.probes.beside import Beside, code_beside, declared_beside, probes_beside
from quizproof.probes.engine.evidence.key import this_machine
from quizproof.questions.declared import PackParts
from quizproof.questions.problems import QuizproofError
from tests.beside import PROBES, quiz_with_probes


def declared(folder: Path) -> Beside | str:
    code = code_beside(folder)
    assert code is not None
    return declared_beside(code)


def test_it_is_known_by_what_it_declares_and_is_not_imported_here(tmp_path: Path) -> None:
    found = declared(quiz_with_probes(tmp_path / "quiz"))
    assert isinstance(found, Beside)
    [probe] = probes_beside(found).values()
    assert (probe.name, probe.summary) == ("own.letters", "Count the letters of a word.")
    assert probe.check({"word": 1})
    assert probe.measures({"word": "cat"})["letters"].high == 99
    assert "counting" not in sys.modules
    assert not [name for name in sys.modules if name.startswith(module.MODULE)]


def test_what_bounds_its_parameters_is_known_without_its_code(tmp_path: Path) -> None:
    bounded = PROBES.replace(
        "word: str", "word: str, most: Count, regions: Regions, share: Share = 1"
    )
    bounded = f"from quizproof.probes.parameters import Count, Regions, Share\n{bounded}"
    found = declared(quiz_with_probes(tmp_path / "quiz", bounded))
    assert isinstance(found, Beside), found
    [probe] = probes_beside(found).values()
    right = {"word": "cat", "most": 1, "regions": ["a", "b"]}
    assert probe.check(right) == []
    wrong: list[dict[str, Any]] = [
        {"most": 0},
        {"most": 1.5},
        {"regions": []},
        {"regions": ["a", "a"]},
        {"regions": [""]},
        {"share": 1.5},
    ]
    assert [len(probe.check({**right, **each})) for each in wrong] == [1] * len(wrong)
    known = PackParts({}, {})
    assert probe.part_problems(right, known) == []
    assert probe.bounded_hints["regions"] != probe.hints["regions"]


def test_its_names_are_read_without_running_it(tmp_path: Path) -> None:
    raises = f"raise RuntimeError\n{PROBES}"
    code = code_beside(quiz_with_probes(tmp_path / "quiz", raises))
    assert code is not None
    assert code.probe_names == ["own.letters"]
    assert list(code.files) == ["counting.py", "probes.py"]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("raise ValueError('of mine')", "ValueError: of mine"),
        ("import os; os._exit(3)", "its process ended with exit code 3 when it was imported"),
        ("import sys; sys.exit(5)", "its process ended with exit code 5 when it was imported"),
        ("import time; time.sleep(60)", "it was not imported within 2 s"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "asks the network"),
        ("import urllib.request as u; u.urlopen('http://example.org')", "asks the network"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def (", "SyntaxError"),
    ],
)
def test_what_it_does_when_it_is_imported(
    added: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sleep" in added:
        monkeypatch.setattr("quizproof.probes.strangers._PATIENCE", 2.0)
    found = declared(quiz_with_probes(tmp_path / "quiz", f"{PROBES}\n{added}\n"))
    assert isinstance(found, str)
    assert said in found


def test_what_it_prints_is_no_declaration(tmp_path: Path) -> None:
    prints = f"print('[]')\nimport os\nos.write(1, b'[]')\n{PROBES}"
    assert isinstance(declared(quiz_with_probes(tmp_path / "quiz", prints)), Beside)


def test_a_change_of_it_or_of_a_module_beside_it_is_another_code(tmp_path: Path) -> None:
    folder = quiz_with_probes(tmp_path / "quiz")

    def digests() -> tuple[str, str]:
        found = declared(folder)
        assert isinstance(found, Beside)
        return found.digest, this_machine().code(probes_beside(found)["own.letters"])

    seen = [digests()]
    (folder / "counting.py").write_text("def count(word): return len(word)\n", "utf-8")
    seen.append(digests())
    (folder / "probes.py").write_text(f"{PROBES}# more\n", "utf-8")
    seen.append(digests())
    (folder / "test_probes.py").write_text("import pytest\n", "utf-8")  # is not imported by it
    assert digests() == seen[-1]
    assert len(set(seen)) == 3
    assert len({key for _, key in seen}) == 3


def test_what_changes_between_being_shown_and_being_read_does_not_run(tmp_path: Path) -> None:
    folder = quiz_with_probes(tmp_path / "quiz")
    code = code_beside(folder)
    assert code is not None
    (folder / "counting.py").write_text("open('ran', 'w')\ncount = len\n", "utf-8")
    found = declared_beside(code)
    assert isinstance(found, str)
    assert "changed meanwhile" in found


@pytest.mark.parametrize("name", ["numpy", "json"])
def test_a_module_beside_it_takes_no_installed_one_s_place(name: str, tmp_path: Path) -> None:
    folder = quiz_with_probes(tmp_path / "quiz")
    (folder / f"{name}.py").write_text("", "utf-8")
    with pytest.raises(QuizproofError, match="called as a module that is installed; rename it"):
        code_beside(folder)


def test_trust_is_remembered_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = tmp_path / "config" / "trusted.json"
    monkeypatch.setattr(trusting, "trusted_file", lambda: remembered)
    assert not trusting.is_trusted(tmp_path, "a" * 64)
    trusting.trust(tmp_path, "a" * 64)
    trusting.trust(tmp_path / "other", "b" * 64)
    assert trusting.is_trusted(tmp_path, "a" * 64)
    assert not trusting.is_trusted(tmp_path, "b" * 64)
    assert not trusting.is_trusted(tmp_path / "more", "a" * 64)
    assert remembered.stat().st_mode & 0o777 == 0o600
    assert remembered.parent.stat().st_mode & 0o777 == 0o700
    remembered.write_text("[]", "utf-8")
    with pytest.raises(QuizproofError, match="damaged; remove it"):
        trusting.is_trusted(tmp_path, "a" * 64)
    remembered.write_text("{}", "utf-8")
    remembered.chmod(0o666)
    with pytest.raises(QuizproofError, match="written by others"):
        trusting.is_trusted(tmp_path, "a" * 64)
