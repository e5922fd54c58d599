"""Pictures of a pack whose shape is another than the network's, to which they are stretched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Final

from quizproof.probes.packs.network import Network
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.pictures import picture_size
from quizproof.questions.problems import QuizproofError

_MUCH: Final = 1.1  # times as wide for its height: less is hardly seen
_TOLD: Final = 3


def network_size(pack: Pack) -> tuple[int, int] | None:
    """Height and width that the one network of ``pack`` takes; None where there is not one."""
    inputs = [e.input for e in pack.manifest.parts.values() if isinstance(e, Network)]
    return (inputs[0].size[0], inputs[0].size[1]) if len(inputs) == 1 else None


def stretched(pack: Pack, asked: Collection[int] | None = None) -> Iterator[str]:
    """Yield a line for each part with pictures that are stretched: of those ``asked``, or all."""
    size = network_size(pack)
    if size is None:
        return
    height, width = size
    for part in pack.parts.values():
        if not isinstance(part.entry, PictureSet):
            continue
        found = []
        for number, picture in enumerate(part.entry.pictures):
            if asked is not None and number not in asked:
                continue
            with suppress(QuizproofError):  # told where it is read
                high, wide = picture_size(pack.file(picture))
                times = (wide * height) / (high * width)
                if max(times, 1 / times) > _MUCH:
                    found.append((number, f"{wide} × {high}"))
        to = f"stretched to {width} × {height}"
        if len(found) == 1:
            [(number, shape)] = found
            yield f"picture {number} of {part.spoken} is {shape}, and is {to}"
        elif found:
            named = ", ".join(f"{number} ({shape})" for number, shape in found[:_TOLD])
            more = f" and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
            yield f"pictures {named}{more} of {part.spoken} are {to}"
