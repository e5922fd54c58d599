"""A kind of another distribution, and a probe of its own that takes parts of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quizproof.probes.packs.pack import sha256

GRAPHS = """
from pathlib import Path
from typing import Literal
Path(__file__).with_name("imported").touch()

from quizproof.probes import Draw, Measure, probe
from quizproof.probes.kinds.kind import Entry, Kind
from quizproof.probes.packs.files import File

class Graph:
    part_kind = "graph"
    def __init__(self, edges):
        self.edges = edges

class GraphEntry(Entry):
    kind: Literal["graph"]
    edges: File
    directed: bool

KIND = Kind(
    name="graph",
    entry=GraphEntry,
    load=lambda part, randomized: Graph(part.files.file(part.entry.edges).read_text().split()),
)

@probe("graph.edges", measures=(Measure("edges", "edges", 0, 99, "of the graph"),))
def edges(bench, *, graph: Graph):
    "Edges of a graph."
    yield Draw({"edges": float(len(graph.edges))})
"""
QUESTION = """\
kind: single
points: 1
about: model
prompt: How many edges?
probe: {name: graph.edges}
options:
  a: {text: Two, rule: edges < 2.5}
  b: {text: Three, rule: edges > 2.5}
expected: [b]
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    info = folder / "graphs-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "graphs.py").write_text(GRAPHS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: graphs\nVersion: 1.0\n")
    (info / "RECORD").write_text("graphs.py,,\n")
    (info / "entry_points.txt").write_text(
        "[quizproof.kinds]\ngraph = graphs:KIND\n[quizproof.probes]\ngraphs = graphs\n"
    )
    return folder


def quiz(folder: Path, **changes: Any) -> Path:
    """A quiz of one question, whose pack names three edges."""
    pack = folder / "pack"
    pack.mkdir(parents=True)
    (pack / "edges.txt").write_text("ab bc ca")
    edges = {"file": "edges.txt", "sha256": sha256(pack / "edges.txt")}
    entry = {"kind": "graph", "edges": edges, "directed": False, **changes}
    manifest = {"name": "a pack", "parts": {"network": entry}}
    (pack / "pack.yaml").write_text(json.dumps(manifest))
    named = json.dumps({"parts": {}})
    (folder / "quiz.yaml").write_text(
        f"id: mine\ntitle: Mine\nquestions: [q01]\npack: pack\nsettled_by: {named}\n"
    )
    (folder / "q01.yaml").write_text(QUESTION)
    return folder


def run(site: Path, *arguments: object) -> tuple[int, str]:
    code = "import sys; from quizproof.reports.cli import main; sys.exit(main())"
    ran = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


def test_a_part_of_it_is_measured_by_its_own_probe(site: Path, tmp_path: Path) -> None:
    mine = quiz(tmp_path / "mine")
    assert run(site, "lint", mine) == (0, "mine: 1 question, nothing to complain of\n")
    code, said = run(site, "verify", mine, "--store", "none")
    assert (code, "q01: stand-in agrees: measured b" in said) == (0, True), said
    assert "part      network (graph): edges.txt" in run(site, "pack", "show", mine / "pack")[1]


def test_a_pack_is_checked_without_its_code(site: Path, tmp_path: Path) -> None:
    mine = quiz(tmp_path / "mine")
    (mine / "pack" / "edges.txt").write_text("ab")
    (site / "graphs.py").write_text(GRAPHS.replace('"imported"', '"imported_by_check"'))
    code, said = run(site, "pack", "check", mine / "pack")
    assert code == 2
    assert "edges.txt has SHA-256" in said


def test_what_is_wrong_with_its_entry_costs_the_question(site: Path, tmp_path: Path) -> None:
    said = run(site, "verify", quiz(tmp_path / "mine", directed="no"), "--store", "none")[1]
    assert "failed: part network: directed: Input should be a valid boolean" in said


def test_a_manifest_is_read_without_its_code(site: Path, tmp_path: Path) -> None:
    mine = quiz(tmp_path / "mine")
    code = (
        "import sys; from pathlib import Path; from quizproof.probes.packs.pack import Pack; "
        "print(Pack(Path(sys.argv[1])).manifest.kinds, 'graphs' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(mine / "pack")],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "{'network': 'graph'} False\n"
    assert not (site / "imported").exists()
