"""Files that nobody declared are found; this program's, a library's and the system's are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from quizproof import probes
from quizproof.probes.engine.opened_files import opened_files, undeclared


def test_figures_beside_a_module_are_code_however_they_are_reached(tmp_path: Path) -> None:
    [room] = probes.__path__
    linked = tmp_path / "quizproof" / "probes"
    linked.parent.mkdir()
    linked.symlink_to(room)
    for place in (Path(room), linked):
        assert not undeclared([str(place / "methods" / "reader_calibration.json")], [])


def test_a_table_of_one_s_own_is_found_unless_it_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizproof.probes.engine.opened_files._machine", lambda: ())
    table = tmp_path / "table.csv"
    table.write_text("0.9")
    with opened_files() as opened:
        table.read_text()
    assert undeclared(opened, []) == [table.resolve()]
    assert not undeclared(opened, [table])


def test_what_is_installed_is_looked_through_wherever_it_lies(tmp_path: Path) -> None:
    """torch does when it is imported, those on PYTHONPATH too."""
    metadata = tmp_path / "mine-1.0.dist-info" / "entry_points.txt"
    metadata.parent.mkdir()
    metadata.write_text("[torch.backends]")
    assert not undeclared([str(metadata)], [])


def test_libraries_and_the_interpreter_may_read_their_own() -> None:
    assert not undeclared([str(Path(yaml.__file__).with_name("data")), sys.executable], [])
