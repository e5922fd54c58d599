"""The parts of the pack that a quiz is measured on, as far as lint has to know them."""

from __future__ import annotations

from pathlib import Path

from quizproof.probes.packs.manifest import MANIFEST, read_manifest
from quizproof.probes.packs.pack import pack_folder
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.questions.declared import PackParts
from quizproof.questions.problems import QuizproofError
from quizproof.questions.quiz import read_head


def known_parts(quiz: Path, pack: str | None = None) -> PackParts | None:
    """Return what lint knows of the parts of ``pack``, or the quiz's; None where none can be read.

    What is wrong with it, measuring says, or ``quizproof pack check``. Of a quiz that names no pack
    its pictures are not known: the embedded one stands in for another.
    """
    try:
        head, _ = read_head(quiz)
        manifest = read_manifest(pack_folder(quiz, head, pack) / MANIFEST)
    except (QuizproofError, OSError):
        return None
    if head.pack is None and pack is None:
        return PackParts(manifest.kinds)
    return PackParts(
        manifest.kinds,
        {
            name: [list(picture.regions) for picture in part.pictures]
            for name, part in manifest.parts.items()
            if isinstance(part, PictureSet)
        },
    )
