"""Description of a pack: what is in it, and its digests as a quiz takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from quizproof.probes.models.architectures import build_network
from quizproof.probes.packs.network import Architecture, Network
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.picture_set import PictureSet
from quizproof.probes.packs.settling_lines import settling_lines

_CLASSES = 20  # that are named


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
    intro = "# in quiz.yaml, this makes the pack the one the questions are about:"
    return [*lines, "", intro, *settling_lines(pack)]


def _network_lines(says: Network, folder: Path) -> Iterator[str]:
    net = build_network(says.architecture, len(says.classes), 0, folder)
    parameters = sum(parameter.numel() for parameter in net.parameters())
    yield f"network   {_description(says.architecture)}: {parameters:,} parameters"
    yield f"weights   {says.weights.file} {says.weights.sha256}"
    yield f"input     {says.input.size[0]} × {says.input.size[1]} pixels"
    classes = [f"{k} {name}" for k, name in enumerate(says.classes)]
    more = f" and {len(classes) - _CLASSES:,} more" if len(classes) > _CLASSES else ""
    yield f"classes   {', '.join(classes[:_CLASSES])}{more}"


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
