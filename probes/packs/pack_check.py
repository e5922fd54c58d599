"""Check of a pack: what is wrong with it, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from quizproof.probes.models.architectures import build_network
from quizproof.probes.models.classifiers import load_classifier
from quizproof.probes.packs.architecture_name import architecture_name
from quizproof.probes.packs.language_check import (
    Examined,
    examined_language,
    language_lines,
    language_settling,
)
from quizproof.probes.packs.manifest import Architecture, ClassifierRole, PictureRole
from quizproof.probes.packs.pack import Pack
from quizproof.probes.packs.pictures import read_picture, region_mask
from quizproof.probes.packs.settling import MODELS
from quizproof.questions.problems import InputError, QuizproofError

_SIZE = (128, 128)  # at which pictures are tried where no classifier says


@dataclass(frozen=True)
class Checked:
    """Lines on a pack: on all that is wrong with it, and on how what is right is taken."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def check_pack(folder: Path) -> Checked:
    """Check the pack in ``folder``: no problems where all is well.

    Every digest is compared, every picture decoded, every region filled in at the classifier's
    size, the weights loaded into their architecture, and the language parts tried out.
    """
    try:
        pack = Pack(folder)
    except InputError as error:
        return Checked(tuple(str(problem) for problem in error.problems))
    found = examined(pack)
    classifier = found.wrong.pop("classifier", [])
    wrong = [line for lines in found.wrong.values() for line in lines]
    problems = (*classifier, *check_pictures(pack), *wrong, *found.doubtful)
    return Checked(problems, found.remarks)


def examined(pack: Pack) -> Examined:
    """What is to be said of the models and texts of ``pack``, each loaded once."""
    language = examined_language(pack)
    if pack.manifest.classifier is None:
        return language
    try:
        classifier = load_classifier(pack, torch.device("cpu"))
    except QuizproofError as error:
        wrong = {"classifier": str(error).splitlines(), **language.wrong}
        return replace(language, wrong=wrong)
    return replace(language, remarks=(*classifier.remarks, *language.remarks))


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
    size = _SIZE
    if (role := pack.manifest.classifier) is not None:
        size = (role.input.size[0], role.input.size[1])
    for number, picture in enumerate(pack.manifest.pictures):
        yield partial(_decode, pack, picture, size)
        for name in picture.regions:
            yield partial(region_mask, pack, number, name, size)


def _decode(pack: Pack, picture: PictureRole, size: tuple[int, int]) -> None:
    read_picture(pack.path(picture.file, picture.sha256), size)


def show_pack(folder: Path) -> list[str]:
    """The lines that tell a person what is in the pack. Raises InputError, ClassifierError."""
    pack = Pack(folder)
    lines = [
        f"pack      {pack.manifest.name}",
        f"digest    {pack.digest}",
        f"roles     {', '.join(role for role, there in pack.roles.items() if there) or 'none'}",
    ]
    if pack.manifest.classifier is not None:
        lines += _classifier_lines(pack, pack.manifest.classifier)
    lines += [*_picture_lines(pack), *language_lines(pack)]
    return [*lines, "", *_settling_lines(pack)]


def _classifier_lines(pack: Pack, role: ClassifierRole) -> list[str]:
    net = build_network(role.architecture, len(role.classes), 0, pack.folder)
    parameters = sum(parameter.numel() for parameter in net.parameters())
    return [
        f"network   {_description(role.architecture)}: {parameters:,} parameters",
        f"weights   {role.weights.file} {role.weights.sha256}",
        f"input     {role.input.size[0]} × {role.input.size[1]} pixels",
        f"classes   {', '.join(f'{k} {name}' for k, name in enumerate(role.classes))}",
    ]


def _description(architecture: Architecture) -> str:
    if architecture.course is not None:
        return f"the course's, {architecture.course.width} channels wide"
    if architecture.torchvision is not None:
        return f"torchvision's {architecture.torchvision}"
    return f"{architecture.callable}"


def _picture_lines(pack: Pack) -> Iterator[str]:
    classes = pack.manifest.classifier.classes if pack.manifest.classifier is not None else None
    for number, picture in enumerate(pack.manifest.pictures):
        label = classes[picture.label] if classes is not None else str(picture.label)
        regions = ", ".join(picture.regions) or "no regions"
        yield f"picture {number} {picture.file} ({label}): {regions}"


def _settling_lines(pack: Pack) -> Iterator[str]:
    yield "# in quiz.yaml, this makes the pack the one the questions are about:"
    yield "settled_by:"
    if (role := pack.manifest.classifier) is not None:
        yield f"  classifier: [{role.weights.sha256}]"
    if pack.manifest.pictures:
        yield "  pictures:"
    for number, picture in enumerate(pack.manifest.pictures):
        yield f"    '{number}': {picture.sha256}"
    yield from language_settling(pack)
    names = {role: architecture_name(pack, role) for role in MODELS if pack.roles[role]}
    if any(names.values()):
        yield "  architecture:"
    yield from (f"    {role}: ['{name}']" for role, name in names.items() if name)
