"""Check of a pack: what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from quizproof.probes.kinds.every import every_kind
from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.files import HubModel
from quizproof.probes.packs.hub import cached
from quizproof.probes.packs.pack import MissingError, Pack
from quizproof.probes.packs.picture_set import Picture, PictureSet
from quizproof.probes.packs.pictures import read_picture, region_mask
from quizproof.probes.packs.stretched import network_size, stretched
from quizproof.questions.problems import InputError, QuizproofError

_SIZE = (128, 128)  # at which pictures are tried where no one classifier says


@dataclass(frozen=True)
class Checked:
    """Lines on a pack: on all that is wrong with it, and on how what is right is taken."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examined:
    """Lines on a pack's parts: on what is wrong, on wrong numbers, and on how a part is taken."""

    wrong: dict[str, list[str]]  # by the part that it costs
    doubtful: tuple[str, ...]  # what is measured, and whose numbers are not its own
    remarks: tuple[str, ...]


def check_pack(folder: Path) -> Checked:
    """Check the pack in ``folder``: no problems where all is well.

    Every digest is compared, every picture decoded, every region filled in at the classifier's
    size, and every other part loaded as a probe would have it.
    """
    try:
        pack = Pack(folder)
    except InputError as error:
        return Checked(tuple(str(problem) for problem in error.problems))
    found = examined(pack)
    wrong = [line for lines in found.wrong.values() for line in lines]
    return Checked(
        (*wrong, *check_pictures(pack), *found.doubtful), (*found.remarks, *stretched(pack))
    )


def examined(pack: Pack) -> Examined:
    """What is to be said of the parts of ``pack`` but its pictures, each loaded once.

    A model of the hub that is not here yet is not wrong.
    """
    wrong: dict[str, list[str]] = {}
    doubtful: list[str] = []
    remarks: list[str] = []
    for part in pack.parts.values():
        if isinstance(part.entry, PictureSet) or not _here(part):
            continue
        kind = every_kind()[part.entry.kind]
        try:
            if kind.elsewhere:  # whose code runs with its own probes alone
                pack.check_part(part)
                continue
            loaded = kind.load(part, None)
            remarks += getattr(loaded, "remarks", ())
            doubtful += kind.doubts(part, loaded, pack.parts)
        except QuizproofError as error:
            wrong[part.name] = str(error).splitlines()
    return Examined(wrong, tuple(dict.fromkeys(doubtful)), tuple(remarks))


def _here(part: Part[Any]) -> bool:
    for named in part.entry.named():
        if isinstance(named, HubModel):
            try:
                cached(named)
            except MissingError:
                return False
            except QuizproofError:
                return True  # here and damaged: told when it is loaded
    return True


def check_pictures(pack: Pack) -> list[str]:
    """A line for every picture and region of ``pack`` that is wrong."""
    return _said_by(_picture_attempts(pack))


def _said_by(attempts: Iterable[Callable[[], object]]) -> list[str]:
    problems = []
    for attempt in attempts:
        try:
            attempt()
        except QuizproofError as error:
            problems.append(str(error))
    return list(dict.fromkeys(problems))  # a broken mask is met in each region made from it


def _picture_attempts(pack: Pack) -> Iterator[Callable[[], object]]:
    size = network_size(pack) or _SIZE
    for part in pack.parts.values():
        if isinstance(part.entry, PictureSet):
            for number, picture in enumerate(part.entry.pictures):
                yield partial(_decode, pack, picture, size)
                for name in picture.regions:
                    yield partial(region_mask, part, number, name, size)


def _decode(pack: Pack, picture: Picture, size: tuple[int, int]) -> None:
    read_picture(pack.file(picture), size)
