"""Whose evidence settles a question, and which questions of a quiz a pack can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizproof.probes.declaration import Probe
from quizproof.probes.kinds.every import every_kind
from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.parts_taken import names_taken, parts_of
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.pictures import picture_of
from quizproof.questions.spec import Question, Quiz, SettledBy


@dataclass(frozen=True)
class Coverage:
    """Coverage of one question by a pack: what the pack can say of it."""

    question: str
    needs: tuple[str, ...]  # the parts, or kinds, or pictures, that it lacks
    settles: bool  # whether its evidence confirms or contradicts, where it lacks none
    unnamed: tuple[str, ...] = ()  # the parts for which the quiz names nothing: nobody settles it


def coverage(pack: Pack, quiz: Quiz, probes: Mapping[str, Probe]) -> list[Coverage]:
    """Return what ``pack`` can say of each question of ``quiz`` that a probe measures, in order."""
    found = []
    for question in quiz.questions:
        if question.probe is None or (probe := probes.get(question.probe.name)) is None:
            continue
        parameters = probe.complete(question.probe.parameters)
        names, lacking = names_taken(pack, probe, parameters)
        settled = False
        if not lacking:
            parts = parts_of(pack, probe, parameters)
            lacking = [
                f"picture {number}"
                for part in parts
                if isinstance(part.entry, PictureSet)
                for number in pictures_looked_at(parameters, len(part.entry.pictures))
                if not 0 <= number < len(part.entry.pictures)
            ]
            settled = not lacking and settles(
                question.about, pack, quiz.settled_by, parts, parameters
            )
        nobody = unnamed(question, quiz.settled_by, names)
        found.append(Coverage(question.id, tuple(lacking), settled, nobody))
    return found


def has_architecture(kind: str) -> bool:
    """Return whether parts of ``kind`` are models whose architecture a quiz can name."""
    found = every_kind().get(kind)
    return found is not None and found.architecture is not None


def architecture_name(part: Part[Any]) -> str:
    """The name that a quiz gives the architecture of a part, "" where it has or tells none."""
    kind = every_kind()[part.entry.kind]
    return "" if kind.architecture is None else kind.architecture(part)


def settles(
    about: str,
    pack: Pack,
    settled_by: SettledBy,
    parts: Sequence[Part[Any]],
    parameters: Mapping[str, Any],
) -> bool:
    """Return whether evidence about ``parts`` confirms or contradicts what a question expects.

    What is true of a method any model may say; of an architecture, any model of one that the quiz
    names; of a model, the parts that the quiz names alone, all that are looked at.
    """
    if about == "method":
        return True
    if about == "architecture":
        models = [part for part in parts if has_architecture(part.entry.kind)]
        return bool(models) and all(
            _named(pack, settled_by, part, parameters)
            or architecture_name(part) in settled_by.architecture.get(part.name, [])
            for part in models
        )
    return bool(parts) and all(_named(pack, settled_by, part, parameters) for part in parts)


def unnamed(
    question: Question, settled_by: SettledBy, names: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Those of ``names``, each with its kind, of which the quiz names no part.

    Nobody's evidence settles the question where there are any; none for a question about a method,
    which anybody's settles.
    """
    if question.about == "method":
        return ()
    if question.about == "model":
        return tuple(name for name, _ in names if not settled_by.named(name))
    return tuple(
        name
        for name, kind in names
        if has_architecture(kind)
        and not settled_by.named(name)
        and not settled_by.architecture.get(name)
    )


def _named(
    pack: Pack, settled_by: SettledBy, part: Part[Any], parameters: Mapping[str, Any]
) -> bool:
    named = settled_by.named(part.name)
    if isinstance(part.entry, PictureSet):
        pictures = part.entry.pictures
        return isinstance(named, Mapping) and all(
            0 <= number < len(pictures) and named.get(str(number)) == pictures[number].sha256
            for number in pictures_looked_at(parameters, len(pictures))
        )
    return pack.identity(part) in named


def pictures_looked_at(parameters: Mapping[str, Any], pictures: int) -> list[int]:
    """The pictures a probe looks at, by the parameters' names; all of them where none says so."""
    if isinstance(number := parameters.get("picture"), int):
        return [number]
    if isinstance(numbers := parameters.get("pictures"), list):
        return numbers
    return list(range(pictures))


def pictures_rested_on(parameters: Mapping[str, Any], pictures: int) -> list[int]:
    """The pictures that draws depend on: those looked at, and those ``after`` which these come.

    Of the latter it is how much of a stream of chance they take.
    """
    looked_at = pictures_looked_at(parameters, pictures)
    after = parameters.get("after")
    earlier = after if isinstance(after, list) else []
    return sorted({*looked_at, *(number for number in earlier if 0 <= number < pictures)})


def check_parts(
    pack: Pack,
    parts: Sequence[Part[Any]],
    parameters: Mapping[str, Any],
    pictures: Callable[[Mapping[str, Any], int], list[int]],
) -> None:
    """See that the files of ``parts`` are those that the manifest names.

    ``pictures``: ``pictures_looked_at`` or ``pictures_rested_on``. Raises what ``Pack.file`` does.
    """
    for part in parts:
        if isinstance(part.entry, PictureSet):
            for number in pictures(parameters, len(part.entry.pictures)):
                for file in picture_of(part, number).files():
                    pack.file(file)
        else:
            pack.check_part(part)
