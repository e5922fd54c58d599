"""The options of every command that measures."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from quizproof.questions.problems import QuizproofError
from quizproof.reports.given import SEED, SEEDS

if TYPE_CHECKING:
    from quizproof.reports.measuring import By


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """Declare the options of who measures, and of where evidence is kept."""
    parser.add_argument(
        "--store",
        metavar="PLACE",
        help="keep evidence in this folder or URL, 'none' for nowhere (the user's cache)",
    )
    by = parser.add_mutually_exclusive_group()
    by.add_argument(
        "--workers",
        type=count,
        metavar="N",
        help="measure in N processes (one for one pack, else one for each core)",
    )
    by.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="measure on this Dask cluster (quizproof[dask])",
    )
    parser.add_argument(
        "--memory",
        type=_gibibytes,
        metavar="GIB",
        help="let a worker take so much memory (its share of four fifths of this machine's)",
    )
    parser.add_argument(
        "--patience",
        type=_seconds,
        metavar="S",
        help="end a probe that makes no draw and no pass of a model for S seconds (600)",
    )


def add_seed(parser: argparse.ArgumentParser, otherwise: str | None = None) -> None:
    """Declare the seed of all draws.

    Left out it is the program's own; where ``otherwise`` says what it is then, it is None.
    """
    parser.add_argument(
        "--seed",
        type=seed,
        default=SEED if otherwise is None else None,
        metavar="N",
        help=f"draw with this seed ({otherwise or SEED})",
    )


def add_verify_key(parser: argparse.ArgumentParser) -> None:
    """Declare the key that the file of --from has to be signed with."""
    parser.add_argument(
        "--verify-key",
        type=Path,
        metavar="FILE",
        help="refuse a file of --from that was not signed by this public key's owner",
    )


def verify_key_of(options: argparse.Namespace) -> Path | None:
    """The key that was named. Raises QuizproofError where there is no file to be signed."""
    if options.verify_key is not None and options.source is None:
        raise QuizproofError("--verify-key is about the file that --from names; name that, too")
    key: Path | None = options.verify_key
    return key


def store_of(options: argparse.Namespace) -> str | None:
    """The place of the evidence that is kept; None: nowhere."""
    from quizproof.probes.engine.evidence.store import place_of

    return place_of(options.store)


def by_of(options: argparse.Namespace) -> By:
    """Return who measures, by the options."""
    from quizproof.reports.measuring import By

    by = By(options.workers, options.memory, options.scheduler)
    return by if options.patience is None else replace(by, patience=options.patience)


def seed(text: str) -> int:
    """A whole number that a seed may be. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) >= SEEDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0")
    return int(text)


def count(text: str) -> int:
    """A whole number from 1. Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def _gibibytes(text: str) -> int:
    return int(_number(text, "GiB") * 2**30)


def _seconds(text: str) -> float:
    return _number(text, "seconds")


def _number(text: str, unit: str) -> float:
    """A number above 0, and not beyond what any machine or person has."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < 2**30:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of {unit}")
    return number
