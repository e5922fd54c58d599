"""Parts of a pack that a call of a probe takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quizproof.probes.declaration import Probe
from quizproof.probes.kinds.kind import Part
from quizproof.probes.packs.pack import MissingError, Pack
from quizproof.probes.part_parameters import ChoiceError, chosen


def names_of(
    kinds: Mapping[str, str], pack: str, probe: Probe, parameters: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """Return the names of the parts that a call takes of a pack, by the parameter.

    ``kinds`` are those of the parts of the pack called ``pack``. Raises MissingError.
    """
    names: dict[str, tuple[str, ...]] = {}
    wrong: list[ChoiceError] = []
    for name, each in probe.parts.items():
        try:
            names[name] = chosen(each, parameters.get(name), kinds)
        except ChoiceError as error:
            wrong.append(error)
    if wrong:
        said = wrong[0].what.replace("the pack", f"pack {pack}", 1)
        more = "".join(f", {error.what.removeprefix('the pack has ')}" for error in wrong[1:])
        mends = "; ".join(dict.fromkeys(error.mend for error in wrong))
        raise MissingError(f"{said}{more}, which probe {probe.name} takes; {mends}")
    return names


def parts_taken(
    pack: Pack, probe: Probe, parameters: Mapping[str, Any]
) -> dict[str, tuple[Part[Any], ...]]:
    """Return the parts that a call takes, by the parameter. Raises MissingError."""
    names = names_of(pack.manifest.kinds, pack.manifest.name, probe, parameters)
    return {name: tuple(pack.parts[one] for one in those) for name, those in names.items()}


def parts_of(pack: Pack, probe: Probe, parameters: Mapping[str, Any]) -> list[Part[Any]]:
    """Return the same, each once. Raises MissingError."""
    taken = parts_taken(pack, probe, parameters)
    return list({part.name: part for parts in taken.values() for part in parts}.values())


def names_taken(
    pack: Pack, probe: Probe, parameters: Mapping[str, Any]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the names of the parts that a call takes, each with its kind, and those not there.

    Of a part that the call does not name, and of which there is not one in the pack, the kind
    stands for the name.
    """
    kinds = pack.manifest.kinds
    names: dict[str, str] = {}
    lacking: list[str] = []
    for name, parameter in probe.parts.items():
        given = parameters.get(name)
        try:
            names |= {one: kinds[one] for one in chosen(parameter, given, kinds)}
        except ChoiceError as error:
            lacking += error.needs
            said: Sequence[str] = given if isinstance(given, list) else [given or parameter.kind]
            names |= dict.fromkeys(said, parameter.kinds[0])
    return list(names.items()), lacking
