"""The example of every probe is answered as its key says, where the embedded pack has the parts."""

from __future__ import annotations

import json
import textwrap

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.reports.cli import main

pytestmark = pytest.mark.slow
PROBES = sorted(name for name, probe in catalogue().items() if probe.example)
WRONG = ("failed", "contradicted", "stand-in differs")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What ``verify --json`` says of each probe's example."""
    folder = tmp_path_factory.mktemp("examples")
    ids = {name: f"q{k:02}" for k, name in enumerate(PROBES, start=1)}
    head = f"id: examples\ntitle: Examples\nquestions: [{', '.join(ids.values())}]\n"
    (folder / "quiz.yaml").write_text(head, encoding="utf-8")
    for name, number in ids.items():
        text = textwrap.dedent(catalogue()[name].example).lstrip()
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    told = folder / "told.json"
    main(["verify", str(folder), "--store", "none", "--json", str(told)])
    found = {each["id"]: each for each in json.loads(told.read_text())["questions"]}
    return {name: found[number] for name, number in ids.items()}


@pytest.mark.parametrize("name", PROBES)
def test_its_key_is_not_wrong(name: str, answered: dict[str, dict[str, str]]) -> None:
    question = answered[name]
    assert question["state"] not in WRONG, question["reason"]
    if question["state"] == "missing":
        assert question["reason"].startswith("pack embedded has no "), question["reason"]
