"""``quizproof trust``: what is about to be trusted, shown without running it, and remembered."""

from __future__ import annotations

import sys
from pathlib import Path

from quizproof.probes.beside import PROBES_FILE, BesideCode, code_beside, sha256_of
from quizproof.probes.trust import is_trusted, trust, trusted_file
from quizproof.questions.problems import QuizproofError
from quizproof.reports import exit_codes
from quizproof.reports.telling import tell


def trust_command(folder: Path, *, yes: bool) -> int:
    """The whole command; returns the exit code. Raises QuizproofError."""
    code = code_beside(folder)
    if code is None:
        raise QuizproofError(f"{folder} has no {PROBES_FILE}; there is nothing to trust")
    _show(code)
    if is_trusted(folder, code.digest):
        tell("it is trusted already")
        return exit_codes.NOTHING_TO_COMPLAIN_OF
    if not yes and not _is_wanted():
        raise QuizproofError(
            f"{folder} is not trusted; read it, then: quizproof trust {folder} --yes"
        )
    trust(folder, code.digest)
    tell(f"trusted until it changes; {trusted_file()} remembers it")
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _show(code: BesideCode) -> None:
    for name, content in code.files.items():
        tell(f"{code.folder / name}: {len(content):,} bytes, SHA-256 {sha256_of(content)}")
    names = code.probe_names
    tell(f"probes: {', '.join(names) or 'none that is declared by a name written out'}")
    tell("it will run as you, with all that you may read and write")


def _is_wanted() -> bool:
    if not sys.stdin.isatty():
        return False
    print("trust it? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
