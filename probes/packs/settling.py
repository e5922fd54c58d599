"""Whose evidence settles a question, and which questions of a quiz a pack can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizproof.probes.packs.architecture_name import architecture_name
from quizproof.probes.packs.language_roles import LANGUAGE_MODELS, LANGUAGE_ROLES
from quizproof.probes.packs.pack import Pack
from quizproof.probes.probe import Probe
from quizproof.questions.spec import Question, Quiz, SettledBy

MODELS = ("classifier", *LANGUAGE_MODELS)
WITH_WEIGHTS = (*MODELS, "readers")  # but for readers of which there are saved states alone


@dataclass(frozen=True)
class Coverage:
    """Coverage of one question by a pack: what the pack can say of it."""

    question: str
    needs: tuple[str, ...]  # the roles, or pictures, that it lacks
    settles: bool  # whether its evidence confirms or contradicts, where it lacks none
    unnamed: tuple[str, ...] = ()  # the roles for which the quiz names nothing: nobody settles it


def coverage(pack: Pack, quiz: Quiz, probes: Mapping[str, Probe]) -> list[Coverage]:
    """Return what ``pack`` can say of each question of ``quiz`` that a probe measures, in order."""
    found = []
    for question in quiz.questions:
        if question.probe is None or (probe := probes.get(question.probe.name)) is None:
            continue
        parameters = probe.complete(question.probe.parameters)
        needs = lacking(pack, probe.roles)
        if "pictures" in probe.roles and not needs:
            there = len(pack.manifest.pictures)
            asked = pictures_looked_at(parameters, there)
            needs = tuple(f"picture {number}" for number in asked if number >= there)
        settled = not needs and settles(
            question.about, pack, quiz.settled_by, probe.roles, parameters
        )
        nobody = unnamed(question, quiz.settled_by, probe.roles)
        found.append(Coverage(question.id, needs, settled, nobody))
    return found


def lacking(pack: Pack, roles: Sequence[str]) -> tuple[str, ...]:
    """Those of ``roles`` that ``pack`` does not have."""
    return tuple(role for role in roles if not pack.roles.get(role, False))


def settles(
    about: str,
    pack: Pack,
    settled_by: SettledBy,
    roles: Sequence[str],
    parameters: Mapping[str, Any],
) -> bool:
    """Return whether evidence about ``pack`` confirms or contradicts what a question expects.

    What is true of a method any model may say; of an architecture, any model of one that the quiz
    names; of a model, the parts that the quiz names alone, all that are looked at.
    """
    if about == "method":
        return True
    if about == "architecture":
        models = [role for role in roles if role in MODELS]
        return bool(models) and all(
            _named(pack, settled_by, role, parameters)
            or architecture_name(pack, role) in settled_by.architecture.get(role, [])
            for role in models
        )
    return bool(roles) and all(_named(pack, settled_by, role, parameters) for role in roles)


def unnamed(question: Question, settled_by: SettledBy, roles: Sequence[str]) -> tuple[str, ...]:
    """Those of ``roles`` of which the quiz names no part: nobody's evidence settles the question.

    None for a question about a method, which anybody's settles.
    """
    if question.about == "method":
        return ()
    if question.about == "architecture":
        roles = [role for role in roles if role in MODELS]
    named = {
        "classifier": bool(settled_by.classifier),
        "pictures": bool(settled_by.pictures),
        **{role: bool(parts) for role, parts in settled_by.language.items()},
    }
    if question.about == "architecture":
        for role, names in settled_by.architecture.items():
            named[role] = named.get(role, False) or bool(names)
    return tuple(role for role in roles if not named.get(role, False))


def _named(pack: Pack, settled_by: SettledBy, role: str, parameters: Mapping[str, Any]) -> bool:
    if role == "classifier":
        return pack.classifier.weights.sha256 in settled_by.classifier
    if role == "pictures":
        return all(
            settled_by.pictures.get(str(number)) == pack.picture(number).sha256
            for number in pictures_looked_at(parameters, len(pack.manifest.pictures))
        )
    named = settled_by.language.get(role, [])
    return all(identity in named for identity in pack.identities(role))


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
    roles: Sequence[str],
    parameters: Mapping[str, Any],
    pictures: Callable[[Mapping[str, Any], int], list[int]],
) -> None:
    """See that the files of ``roles`` are those that the manifest names.

    ``pictures``: ``pictures_looked_at`` or ``pictures_rested_on``. Raises what ``Pack.path`` does.
    """
    if "classifier" in roles:
        weights = pack.classifier.weights
        pack.path(weights.file, weights.sha256)
    if "pictures" in roles:
        for number in pictures(parameters, len(pack.manifest.pictures)):
            picture = pack.picture(number)
            pack.path(picture.file, picture.sha256)
            for region in picture.regions.values():
                if region.mask is not None and region.sha256 is not None:
                    pack.path(region.mask, region.sha256)
    for role in LANGUAGE_ROLES:
        if role in roles:
            pack.check_role(role)
