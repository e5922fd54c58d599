"""The bundled pack goes by its name where no folder is called so."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.reports.cli import main


def test_it_is_shown_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["pack", "show", "embedded"]) == 0
    assert "pack      embedded" in capsys.readouterr().out
    (tmp_path / "embedded").mkdir()
    assert main(["pack", "show", "embedded"]) == 2
