"""The parts of the pack that a quiz is measured on, as far as lint has to know them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from quizproof.probes.packs.manifest import MANIFEST, read_manifest
from quizproof.probes.packs.pack import pack_folder
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import read_head


def known_parts(quiz: Path) -> Mapping[str, str] | None:
    """Return the kind of each part by its name; None where there is no pack that can be read.

    What is wrong with it, measuring says, or ``quizproof pack check``.
    """
    try:
        head, _ = read_head(quiz)
        return read_manifest(pack_folder(quiz, head) / MANIFEST).kinds
    except (QuizproofError, OSError):
        return None
