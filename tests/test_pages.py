"""The pages for readers: every command in them runs, every file is taken, every output is real.

In a page's order, in one empty folder: a block of ``sh`` is run; a block that begins with
``# NAME``, or ``## NAME`` where it adds to one, is the file of that name; a block of ``text`` is
what the commands before it print on standard output, ``…`` standing for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = (
    "reports/for-assistants.md",
    "reports/for-students.md",
    "reports/for-ci.md",
    "questions/for-authors.md",
    "probes/for-probe-authors.md",
)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+# exit (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    language: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        yield Block(found[1], found[2], text.count("\n", 0, found.start()) + 1)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for all pages: what several measure is measured once."""
    return tmp_path_factory.mktemp("evidence")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_what_happens(page: str, kept: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "QUIZPROOF_STORE": str(kept),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "COLUMNS": "80",
    }
    folder = tmp_path / "here"
    folder.mkdir()
    said = ""
    for block in blocks(ROOT / page):
        where = f"{page}:{block.line}"
        match block.language:
            case "sh":
                said = _run(block.text, folder, environment, where)
            case "text":
                assert _is_like(said, block.text), f"{where}: it says\n{said}"
            case _:
                _take(block, folder, where)


def _run(script: str, folder: Path, environment: dict[str, str], where: str) -> str:
    """Run a script's commands, each ending with 0 or with what ``# exit N`` behind it says."""
    said = ""
    for command in script.replace("\\\n", " ").splitlines():
        expected = int(found[1]) if (found := _EXIT.search(command)) else 0
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        said += done.stdout
        assert done.returncode == expected, f"{where}: {command}\n{done.stdout}{done.stderr}"
    return said


def _is_like(said: str, shown: str) -> bool:
    pattern = ".*".join(map(re.escape, shown.strip().split("…")))
    return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def _take(block: Block, folder: Path, where: str) -> None:
    """Write the file that a block is."""
    first, _, rest = block.text.partition("\n")
    named = re.fullmatch(r"(##?) (\S+)", first)
    assert named, f"{where}: the block does not begin with the name of its file"
    path = folder / named[2]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if named[1] == "##" else "w", encoding="utf-8") as file:
        file.write(rest)


def test_what_a_page_shows_is_compared_in_full() -> None:
    assert _is_like("a\nb 12 c\n", "a\nb … c\n")
    assert not _is_like("a\nb 12 d\n", "a\nb … c\n")
    assert not _is_like("a\nb\nc\n", "a\nb\n")


@pytest.mark.parametrize("page", PAGES)
def test_the_readme_leads_to_every_page(page: str) -> None:
    assert f"({page})" in (ROOT / "README.md").read_text(encoding="utf-8")
