"""``quizproof pack build|check|show``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from quizproof.reports import exit_codes


def pack_command(verb: str, folder: Path) -> int:
    """Run one of the three; returns the exit code. Raises QuizproofError."""
    return {"build": _build, "check": _check, "show": _show}[verb](folder)


def _build(folder: Path) -> int:
    from quizproof.probes.pack_build import build_pack

    built = build_pack(folder)
    print(f"written: {built.manifest}")
    for line in built.lacking:
        print(f"lacking: {line}")
    return _complain(built.problems)


def _check(folder: Path) -> int:
    from quizproof.probes.pack_check import check_pack

    problems = check_pack(folder)
    if not problems:
        print(f"{folder}: nothing to complain of")
    return _complain(problems)


def _show(folder: Path) -> int:
    from quizproof.probes.pack_check import show_pack

    print("\n".join(show_pack(folder)))
    return exit_codes.NOTHING_TO_COMPLAIN_OF


def _complain(problems: Sequence[str]) -> int:
    for line in problems:
        print(line, file=sys.stderr)
    return exit_codes.WRONG_INPUT if problems else exit_codes.NOTHING_TO_COMPLAIN_OF
