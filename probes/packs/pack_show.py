"""Description of a pack: what is in it, and its digests as a quiz takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quizproof.probes.kinds.kind import Part
from quizproof.probes.models.architectures import build_network
from quizproof.probes.packs.network import Architecture, Network
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.settling import architecture_name


def show_pack(folder: Path) -> list[str]:
    """The lines that tell a person what is in the pack. Raises InputError, ClassifierError."""
    pack = Pack(folder)
    lines = [f"pack      {pack.manifest.name}", f"digest    {pack.digest}"]
    networks = [e for e in pack.manifest.parts.values() if isinstance(e, Network)]
    for part in pack.parts.values():
        lines.append(f"part      {part.name} ({part.entry.kind}): {part.entry.location}")
        if isinstance(part.entry, Network):
            lines += _network_lines(part.entry, pack.folder)
        if isinstance(part.entry, PictureSet):
            lines += _picture_lines(part.entry, networks[0].classes if len(networks) == 1 else ())
    return [*lines, "", *settling_lines(pack)]


def _network_lines(says: Network, folder: Path) -> Iterator[str]:
    net = build_network(says.architecture, len(says.classes), 0, folder)
    parameters = sum(parameter.numel() for parameter in net.parameters())
    yield f"network   {_description(says.architecture)}: {parameters:,} parameters"
    yield f"weights   {says.weights.file} {says.weights.sha256}"
    yield f"input     {says.input.size[0]} × {says.input.size[1]} pixels"
    yield f"classes   {', '.join(f'{k} {name}' for k, name in enumerate(says.classes))}"


def _description(architecture: Architecture) -> str:
    if architecture.course is not None:
        return f"the course's, {architecture.course.width} channels wide"
    if architecture.torchvision is not None:
        return f"torchvision's {architecture.torchvision}"
    given = ", ".join(f"{name}={value!r}" for name, value in architecture.arguments.items())
    return f"{architecture.callable}({given})" if given else f"{architecture.callable}"


def _picture_lines(says: PictureSet, classes: Sequence[str]) -> Iterator[str]:
    for number, picture in enumerate(says.pictures):
        label = classes[picture.label] if classes else str(picture.label)
        regions = ", ".join(picture.regions) or "no regions"
        yield f"picture {number} {picture.file} ({label}): {regions}"


def settling_lines(pack: Pack) -> Iterator[str]:
    """Yield the lines of ``quiz.yaml`` by which the questions are about this pack."""
    yield "# in quiz.yaml, this makes the pack the one the questions are about:"
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
