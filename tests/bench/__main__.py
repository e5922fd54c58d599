"""Run the benchmarks, print them as a table of ratios, and write them as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import torch

from quizproof.probes.bench import Bench
from quizproof.probes.engine.workers.memory import keep_freed_memory
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.bench import attribution, methods, packs, quiz, tokens
from tests.bench.pairs import Comparison, Row, compare

_PICTURE = 9


def main(arguments: list[str] | None = None) -> int:
    """0 where every wanted ratio was met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    parser.add_argument(
        "--only",
        choices=["methods", "attribution", "tokens", "quiz", "packs"],
        help="this part alone",
    )
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="pairs of a row (5)")
    parser.add_argument("--pack", type=Path, default=EMBEDDED, metavar="DIR")
    options = parser.parse_args(arguments)
    keep_freed_memory()  # as where this program measures; what it is compared with has it, too
    pack = Pack(options.pack)
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "methods": lambda: methods.rows(Bench(pack, methods.SEED), _PICTURE, methods.Sizes()),
        "attribution": lambda: attribution.rows(
            Bench(pack, methods.SEED), _PICTURE, methods.Sizes()
        ),
        "tokens": lambda: tokens.rows(tokens.Size()),
        "quiz": partial(quiz.rows, options.pack),
        "packs": partial(packs.rows, options.pack),
    }
    print(f"{_machine()}\n")
    done = []
    for name, rows in parts.items():
        if options.only in (None, name):
            for row in rows():
                done.append(compare(row, options.repeat))
                print(line(done[-1]), flush=True)
    if options.json is not None:
        report = {
            "schema": 1,
            "machine": _machine(),
            "rows": [asdict(d) | {"met": d.met} for d in done],
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if all(comparison.met for comparison in done) else 1


def line(found: Comparison) -> str:
    """One comparison for people."""
    sign = "≥" if found.kind == "faster" else "≤"
    return (
        f"{'ok  ' if found.met else 'MISS'} {found.work}, against {found.against}:\n"
        f"     {found.ratio:.3g} × ({found.low:.3g} to {found.high:.3g} in {found.pairs}), "
        f"wanted {sign} {found.wanted:g} ×; {found.ours:.3g} {found.unit}, "
        f"theirs {found.theirs:.3g} {found.unit}; "
        f"{found.equal}"
    )


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.machine()}, {os.cpu_count()} CPUs{load}, torch {torch.__version__} on "
        f"{torch.get_num_threads()} threads, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main())
