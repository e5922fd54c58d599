"""Drawing, training, checking and writing the embedded pack."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import save

from quizproof.probes.embedded.pictures.course import CLASSIFIER, REGION_NAMES
from quizproof.probes.embedded.pictures.ten import TEN, Subject, draw_subject, file_names
from quizproof.probes.embedded.pictures.training import (
    TRAINED_FROM,
    WIDTH,
    predictions,
    scene_set,
    train,
)
from quizproof.probes.kinds.classifier import ClassifierEntry
from quizproof.probes.kinds.pictures import PicturesEntry
from quizproof.probes.packs.course import CourseNetwork
from quizproof.probes.packs.manifest import HeldOutFigure
from quizproof.probes.packs.manifest_file import named_file, write_parts
from quizproof.probes.packs.network import Architecture, CourseArchitecture
from quizproof.probes.packs.pack import sha256
from quizproof.probes.packs.picture_set import Picture, Region
from quizproof.questions.spec import Text

SCENES: Final = 11_000
EPOCHS: Final = 9
UNSEEN: Final = 1000
REQUIRED: Final = 0.95
WEIGHTS: Final = "classifier.safetensors"
_CONTOUR_WIDTH: Final = 0.06


class NotGoodEnoughError(Exception):
    """The trained classifier does not reach what the pack promises."""


def build(
    out: Path,
    seed: int = 0,
    scenes: int = SCENES,
    epochs: int = EPOCHS,
    log: Callable[[str], None] = print,
) -> None:
    """Draw ``scenes`` scenes, train on them for ``epochs`` and write the pack to ``out``.

    ``seed`` is 0 or more. ``told`` is handed a line now and then. Raises ``NotGoodEnoughError``,
    and writes nothing, when fewer than 95 % of the unseen scenes or not all ten pictures are
    classified right.
    """
    started = time.monotonic()
    # One thread adds up in the same order however many cores there are.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    pictures, labels = scene_set(scenes, TRAINED_FROM + seed * scenes, log)
    network = train(pictures, labels, epochs, seed, log)
    write_pack(out, network, [_check(network, log)])
    log(f"wrote {out} after {(time.monotonic() - started) / 60:.1f} minutes")


def _check(network: CourseNetwork, log: Callable[[str], None]) -> HeldOutFigure:
    unseen, labels = scene_set(UNSEEN, 0)
    share = float(np.mean(predictions(network, unseen) == labels.numpy()))
    log(f"{share:.1%} of {UNSEEN} unseen scenes right")
    drawn = [draw_subject(subject)[0].pixels for subject in TEN]
    found = predictions(network, torch.from_numpy(np.stack(drawn)).permute(0, 3, 1, 2))
    names = CLASSIFIER.classes
    wrong = [
        f"picture {k} is taken for {names[got]}, not {names[subject.label]}"
        for k, (got, subject) in enumerate(zip(found, TEN, strict=True))
        if got != subject.label
    ]
    log(f"{len(TEN) - len(wrong)} of the {len(TEN)} pictures right")
    if share < REQUIRED:
        wrong.insert(0, f"{share:.1%} of {UNSEEN} unseen scenes right, {REQUIRED:.0%} needed")
    if wrong:
        raise NotGoodEnoughError("; ".join(wrong))
    about = Text(en="classifier: unseen scenes", zh_hant="分類器：未見過的場景")
    return HeldOutFigure(about=about, right=share, count=UNSEEN)


def write_pack(out: Path, network: CourseNetwork, held_out: list[HeldOutFigure]) -> None:
    """Write weights, pictures, masks and their entries in the manifest to the folder ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    # The order in memory is no part of the weights: safetensors wants the plain one.
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    (out / WEIGHTS).write_bytes(save(state))
    classifier = ClassifierEntry(
        kind="classifier",
        architecture=Architecture(course=CourseArchitecture(width=WIDTH)),
        weights=named_file(out, WEIGHTS),
        input=CLASSIFIER.input,
        classes=CLASSIFIER.classes,
    )
    pictures = [
        _written(out, number, subject, name)
        for number, (subject, name) in enumerate(zip(TEN, file_names(), strict=True))
    ]
    shown = PicturesEntry(kind="pictures", pictures=pictures, region_names=REGION_NAMES)
    write_parts(out, {"classifier": classifier, "pictures": shown}, held_out)


def _written(out: Path, number: int, subject: Subject, name: str) -> Picture:
    scene, masks = draw_subject(subject)
    _save(scene.pixels, out / name)
    regions = {}
    for region, mask in masks.items():
        file = f"regions/{number}/{region}.png"
        _save(mask, out / file)
        regions[region] = Region(mask=file, sha256=sha256(out / file))
    for region, whole in subject.edges.items():
        regions[region] = Region(outline_of=whole, width=_CONTOUR_WIDTH)
    for region, whole in subject.outsides.items():
        regions[region] = Region(outside=whole)
    return Picture(file=name, sha256=sha256(out / name), label=subject.label, regions=regions)


def _save(pixels: NDArray[Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, optimize=True)
