"""``quizproof verify``: measure every question and judge the key."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from quizproof.reports.commands.commands import Commands


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    verify = commands.add_parser(
        "verify", parents=[common], help="measure every question and judge the key"
    )
    verify.add_argument("quiz", metavar="QUIZ")
    source = verify.add_mutually_exclusive_group()
    source.add_argument(
        "--pack",
        action="append",
        default=[],
        metavar="DIR",
        help="default: the embedded pack; several, or a quoted pattern 'models/*/', are checked "
        "in one run, with a file for each in the folders that --report, --json … name",
    )
    source.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FILE",
        help="judge from a file that --evidence wrote; no model is run",
    )
    verify.add_argument("--only", metavar="q01,q10", help="these questions alone")
    verify.add_argument("--report", type=Path, metavar="DIR", help="write DIR/index.html")
    verify.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON")
    verify.add_argument("--junit", type=Path, metavar="FILE", help="write them as JUnit XML")
    verify.add_argument(
        "--evidence", type=Path, metavar="FILE", help="write all that the verdicts rest on"
    )
    verify.add_argument("--strict", action="store_true", help="exit 3 for anything left open")
    verify.add_argument("--seed", type=int, default=16, metavar="N", help="of all draws (16)")
    verify.add_argument(
        "--store",
        metavar="PLACE",
        help="keep evidence in this folder or URL, 'none' for nowhere (the user's cache)",
    )
    by = verify.add_mutually_exclusive_group()
    by.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="measure in N processes (one for one pack, else one for each core)",
    )
    by.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="measure on this Dask cluster (quizproof[dask])",
    )
    verify.add_argument(
        "--memory",
        type=_gibibytes,
        metavar="GIB",
        help="that a worker may take (its share of four fifths of this machine's)",
    )
    verify.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from quizproof.probes.evidence_store import default_place
    from quizproof.reports.outputs import Outputs
    from quizproof.reports.verify import By, Source, verify

    store = options.store or default_place()
    return verify(
        options.quiz,
        Source(options.pack, options.source, options.seed, None if store == "none" else store),
        By(options.workers, options.memory, options.scheduler),
        only=options.only,
        outputs=Outputs(options.report, options.json, options.junit, options.evidence),
        strict=options.strict,
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _gibibytes(text: str) -> int:
    try:
        size = float(text)
    except ValueError:
        size = math.nan
    if not 0 < size < 2**30:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of GiB")
    return int(size * 2**30)
