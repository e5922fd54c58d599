"""Lines are broken between words on a terminal, and nowhere else."""

from __future__ import annotations

import sys

import pytest

from quizproof.probes.engine.results import State
from quizproof.reports.packs_table import packs_text
from quizproof.reports.summary import summary_text
from quizproof.reports.telling import broken, columns, tell, tell_all
from tests.reports.runs import choice, every_state, result, run

REASON = (
    "whether a and c hold is open: a holds in 5 of 13 draws, c in 8; the 12 draws still allowed"
)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_word_is_broken_and_no_line_is_wider(width: int) -> None:
    states = [result(State.UNDECIDED, choice(f"q{k:02d}"), reason=REASON) for k in range(30)]
    for line in summary_text(run(*states), ()).splitlines():
        parts = list(broken(line, width))
        assert " ".join(" ".join(parts).split()) == " ".join(line.split())
        assert all(columns(part) <= width for part in parts)
        assert all(part.startswith(parts[0][: len(line) - len(line.lstrip())]) for part in parts)


def test_a_word_that_is_too_long_has_a_line_of_its_own() -> None:
    path = "/a/very/long/path/" + "x" * 80
    assert list(broken(f"written: {path} (new)", 40)) == ["written:", f"  {path}", "  (new)"]


def test_chinese_takes_two_columns() -> None:
    assert columns("果 é") == 4
    assert list(broken("果果 果果 果果", 10)) == ["果果 果果", "  果果"]


def test_a_terminal_has_them_broken_and_a_pipe_has_them_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = summary_text(every_state(), ())
    tell_all(text)
    assert capsys.readouterr().out == text
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    tell_all(text)
    tell(REASON)
    said = capsys.readouterr().out.splitlines()
    assert max(map(columns, said)) <= 80
    assert " ".join(said[-2:]).replace("   ", " ") == REASON
    assert packs_text("quiz", [], 0, [])
