"""Whose evidence settles a question, and which questions of a quiz a pack can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizproof.probes.packs.pack import Pack
from quizproof.probes.probe import Probe
from quizproof.questions.spec import Quiz, SettledBy


@dataclass(frozen=True)
class Coverage:
    """What a pack can say of one question."""

    question: str
    needs: tuple[str, ...]  # the roles, or pictures, that it lacks
    settles: bool  # whether its evidence confirms or contradicts, where it lacks none


def coverage(pack: Pack, quiz: Quiz, probes: Mapping[str, Probe]) -> list[Coverage]:
    """What ``pack`` can say of each question of ``quiz`` that a probe measures, in order."""
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
        settled = not needs and (
            question.about == "method" or settles(pack, quiz.settled_by, probe.roles, parameters)
        )
        found.append(Coverage(question.id, needs, settled))
    return found


def lacking(pack: Pack, roles: Sequence[str]) -> tuple[str, ...]:
    """Those of ``roles`` that ``pack`` does not have."""
    return tuple(role for role in roles if not pack.roles.get(role, False))


def settles(
    pack: Pack, settled_by: SettledBy, roles: Sequence[str], parameters: Mapping[str, Any]
) -> bool:
    """Whether every part of the pack that is looked at is one that the quiz names."""
    return bool(roles) and all(_named(pack, settled_by, role, parameters) for role in roles)


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
