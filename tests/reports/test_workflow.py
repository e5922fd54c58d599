"""The workflow in the documentation: YAML that is one, with commands that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from quizproof.reports.cli import _parser

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "reports" / "README.md"]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


def commands(script: str) -> list[list[str]]:
    """Every quizproof command of a shell script, as its arguments."""
    found = []
    for line in script.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|\|\||[|;]", line):
            words = shlex.split(part.partition(">")[0], comments=True)
            if any(word.endswith("quizproof") for word in words[:2]):
                place = next(k for k, word in enumerate(words) if word.endswith("quizproof"))
                found.append(words[place + 1 :])
    return found


def workflow() -> dict[str, Any]:
    [text] = [block for block in blocks(PAGES[1], "yaml") if "jobs:" in block]
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def steps() -> list[dict[str, Any]]:
    [job] = workflow()["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def parses(arguments: list[str]) -> bool:
    try:
        _parser().parse_args(arguments)
    except SystemExit as exited:
        return exited.code in (0, None)
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_every_command_in_the_documentation_is_one(page: Path) -> None:
    found = [c for block in blocks(page, "sh") for c in commands(block)]
    assert found
    assert [" ".join(c) for c in found if not parses(c)] == []


def test_a_command_that_is_none_is_noticed() -> None:
    [regress] = commands("quizproof regress hw09 --baseline b.json \\\n  --reports report")
    assert not parses(regress)


def test_every_step_uses_a_version_or_runs_commands_that_there_are() -> None:
    run = [step["run"] for step in steps() if "run" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", s["uses"]) for s in steps() if "uses" in s)
    found = [command for script in run for command in commands(script)]
    assert [command[0] for command in found] == ["lint", "regress", "evidence"]
    assert all(map(parses, found))


def test_what_regress_writes_is_what_later_steps_take() -> None:
    [regress] = [step["run"] for step in steps() if "regress hw09" in step.get("run", "")]
    [upload] = [step for step in steps() if "upload-artifact" in step.get("uses", "")]
    for name in upload["with"]["path"].split():
        assert f" {name}" in regress
    [said] = [step for step in steps() if "gh pr comment" in step.get("run", "")]
    assert "--markdown comment.md" in regress
    assert "--body-file comment.md" in said["run"]
    # a failed comparison is what the report and the comment are for
    assert all("!cancelled()" in step["if"] for step in (upload, said))


def test_no_word_of_a_stranger_is_put_into_a_script() -> None:
    """``${{ … }}`` in a script is pasted into it before the shell reads it."""
    assert not any("${{" in step.get("run", "") for step in steps())
    assert workflow()["permissions"] == {"contents": "read", "pull-requests": "write"}
