"""Many packs in one run: on two workers against one; and memory, of ten times as much work."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tests.bench.pairs import Row, identical

_PACKS = 64
_FEW, _MANY = 4, 40
_DRAWS = 100
_QUESTIONS = "q05,q06,q09,q14,q16,q18"  # less than a second for a pack
_RUN = """
import json, resource, sys
from quizproof.reports.cli import main
code = main()
peaks = [resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"code": code, "kib": peaks}))
"""
# as many draws as are asked for, decided or not; of few copies, for draws are what takes memory
_DRAW = """
import json, resource, sys
from quizproof.probes.bench import Bench
from quizproof.probes.engine.collect import collect
from quizproof.probes.packs.pack import Pack
from quizproof.probes.catalogue import catalogue
from quizproof.questions.lint import lint_quiz
from quizproof.questions.quiz import bundled_quiz
from pathlib import Path
probes = catalogue()
linted = lint_quiz(bundled_quiz("hw09"), probes)
question = next(q.question for q in linted.questions if q.id == "q12")
small = {**question.probe.parameters, "samples": 4}
call = question.probe.model_copy(update={"parameters": small})
question = question.model_copy(update={"max_draws": int(sys.argv[2]), "probe": call})
bench = Bench(Pack(Path(sys.argv[1])), 16)
found = collect(question, probes[question.probe.name], bench, draws=int(sys.argv[2]))
kib = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
print(json.dumps({"kib": kib, "values": [dict(values) for values in found.values]}))
"""


@dataclass(frozen=True)
class _Ran:
    results: Any
    mebibytes: float  # at the peaks of its processes


def rows(pack: Path) -> Iterator[Row]:
    """Comparisons over copies of ``pack`` whose classifiers differ a little."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        for number in range(_PACKS):
            _differing_copy(pack, folder / "packs" / f"{number:02d}", number)
        yield Row(
            f"{_PACKS} packs on 2 workers",
            "1 worker",
            partial(_verified, folder, _PACKS, 2),
            partial(_verified, folder, _PACKS, 1),
            _same,
            1.8,
            repeat=1,
        )
        yield Row(
            f"memory, {_MANY} packs",
            f"{_FEW} packs",
            partial(_verified, folder, _MANY, 2),
            partial(_verified, folder, _FEW, 2),
            _begins_the_same,
            1.1,
            "overhead",
            repeat=1,
            amount=_mebibytes,
            unit="MiB",
        )
        yield Row(
            f"memory, {10 * _DRAWS} draws of SmoothGrad",
            f"{_DRAWS} draws",
            partial(_drawn, pack, 10 * _DRAWS),
            partial(_drawn, pack, _DRAWS),
            _begins_the_same,
            1.2,
            "overhead",
            repeat=1,
            amount=_mebibytes,
            unit="MiB",
        )


def _differing_copy(pack: Path, folder: Path, seed: int) -> None:
    """A pack whose classifier's every weight is moved a little, so that nothing of it is known."""
    shutil.copytree(pack, folder)
    path = folder / "classifier.safetensors"
    before = _sha256(path)
    generator = torch.Generator().manual_seed(seed)
    state = load_file(path)
    for tensor in state.values():
        if tensor.is_floating_point() and tensor.numel() > 1:
            noise = torch.randn(tensor.shape, generator=generator)
            tensor += (0.01 * tensor.float().std() * noise).to(tensor.dtype)
    save_file(state, path)
    manifest = folder / "pack.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert before in text, f"{manifest} names other weights"
    manifest.write_text(text.replace(before, _sha256(path)), encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _verified(folder: Path, packs: int, workers: int) -> _Ran:
    """The results of each pack, measured as a user would, nothing known before."""
    found = folder / "found"
    shutil.rmtree(found, ignore_errors=True)
    arguments = ["verify", "hw09", "--only", _QUESTIONS, "--store", "none"]
    arguments += ["--workers", str(workers), "--json", str(found)]
    for number in range(packs):
        arguments += ["--pack", str(folder / "packs" / f"{number:02d}")]
    said = _run(_RUN, arguments)
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(found.iterdir())]
    for result in results:
        for question in result["questions"]:
            del question["seconds"]
    return _Ran(results, sum(said["kib"]) / 1024)


def _drawn(pack: Path, draws: int) -> _Ran:
    said = _run(_DRAW, [str(pack), str(draws)])
    made = len(said["values"])
    assert made == draws, f"{made} draws were made, not {draws}"
    return _Ran(said["values"], sum(said["kib"]) / 1024)


def _run(code: str, arguments: list[str]) -> Any:
    """The JSON that a process says last."""
    ran = subprocess.run(  # a core for each worker, so that two have what one has twice
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def _mebibytes(ran: _Ran) -> float:
    return ran.mebibytes


def _same(ours: _Ran, theirs: _Ran) -> str:
    identical(ours.results, theirs.results)
    return "every number equal"


def _begins_the_same(ours: _Ran, theirs: _Ran) -> str:
    identical(ours.results[: len(theirs.results)], theirs.results)
    return "every number that both have equal"
