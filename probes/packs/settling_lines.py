"""What a quiz says to be about a pack: the lines of its ``settled_by``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.settling import architecture_name


def settling_lines(pack: Pack) -> Iterator[str]:
    """Yield the lines of ``quiz.yaml`` by which the questions are about this pack."""
    yield "settled_by:"
    if pack.parts:
        yield "  parts:"
    for part in pack.parts.values():
        yield from _named(pack, part)
    names = {part.name: architecture_name(part) for part in pack.parts.values()}
    if any(names.values()):
        yield "  architecture:"
    yield from (f"    {part}: ['{name}']" for part, name in names.items() if name)


def _named(pack: Pack, part: Part[Any]) -> Iterator[str]:
    if not isinstance(part.entry, PictureSet):
        yield f"    {part.name}: [{pack.identity(part)}]"
        return
    yield f"    {part.name}:"
    for number, picture in enumerate(part.entry.pictures):
        yield f"      '{number}': {picture.sha256}"
