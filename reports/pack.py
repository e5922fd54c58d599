"""``quizproof pack build|check|show``."""

from __future__ import annotations

from pathlib import Path

from quizproof.reports import exit_codes


def pack_command(verb: str, folder: Path) -> int:
    """Run one of the three; returns the exit code. Raises QuizproofError."""
    raise NotImplementedError(verb, folder, exit_codes)
