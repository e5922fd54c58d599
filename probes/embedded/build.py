"""Drawing, training, checking and writing the embedded pack."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save

from quizproof.probes.course import COURSE_CLASSES, CourseNetwork
from quizproof.probes.embedded.canvas import Mask
from quizproof.probes.embedded.ten import TEN, draw_subject, file_names
from quizproof.probes.embedded.training import TRAINED_FROM, WIDTH, predictions, scene_set, train

SCENES: Final = 11_000
EPOCHS: Final = 9
UNSEEN: Final = 1000
REQUIRED: Final = 0.95
_CONTOUR_WIDTH: Final = 0.06


class NotGoodEnoughError(Exception):
    """The trained classifier does not reach what the pack promises."""


def build(
    out: Path,
    seed: int = 0,
    scenes: int = SCENES,
    epochs: int = EPOCHS,
    told: Callable[[str], None] = print,
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
    pictures, labels = scene_set(scenes, TRAINED_FROM + seed * scenes, told)
    network = train(pictures, labels, epochs, seed, told)
    _check(network, told)
    write_pack(out, network)
    told(f"wrote {out} after {(time.monotonic() - started) / 60:.1f} minutes")


def _check(network: CourseNetwork, told: Callable[[str], None]) -> None:
    unseen, labels = scene_set(UNSEEN, 0)
    share = float(np.mean(predictions(network, unseen) == labels.numpy()))
    told(f"{share:.1%} of {UNSEEN} unseen scenes right")
    drawn = [draw_subject(subject)[0].pixels for subject in TEN]
    found = predictions(network, torch.from_numpy(np.stack(drawn)).permute(0, 3, 1, 2))
    wrong = [
        f"picture {k} is taken for {COURSE_CLASSES[got]}, not {COURSE_CLASSES[subject.label]}"
        for k, (got, subject) in enumerate(zip(found, TEN, strict=True))
        if got != subject.label
    ]
    told(f"{len(TEN) - len(wrong)} of the {len(TEN)} pictures right")
    if share < REQUIRED:
        wrong.insert(0, f"{share:.1%} of {UNSEEN} unseen scenes right, {REQUIRED:.0%} needed")
    if wrong:
        raise NotGoodEnoughError("; ".join(wrong))


def write_pack(out: Path, network: CourseNetwork) -> None:
    """Write weights, pictures, masks and the manifest to the folder ``out``."""
    # The order in memory is no part of the weights: safetensors wants the plain one.
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    lines = [
        "name: embedded",
        "classifier:",
        f"  architecture: {{course: {{width: {WIDTH}}}}}",
        "  weights: " + _written(out, "classifier.safetensors", save(state)),
        "  input: {size: [128, 128], mean: [0, 0, 0], std: [1, 1, 1]}",
        f"  classes: [{', '.join(COURSE_CLASSES)}]",
        "pictures:",
    ]
    for k, (subject, name) in enumerate(zip(TEN, file_names(), strict=True)):
        scene, masks = draw_subject(subject)
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(scene.pixels).save(path, optimize=True)
        lines += [f"- file: {name}", f"  sha256: {_digest(path)}", f"  label: {subject.label}"]
        lines.append("  regions:")
        for region, mask in masks.items():
            lines.append(f"    {region}: {_written_mask(out, f'regions/{k}/{region}.png', mask)}")
        for region, whole in subject.edges.items():
            lines.append(f"    {region}: {{outline_of: {whole}, width: {_CONTOUR_WIDTH}}}")
        for region, whole in subject.outsides.items():
            lines.append(f"    {region}: {{outside: {whole}}}")
    (out / "pack.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _written(out: Path, name: str, content: bytes) -> str:
    out.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(content)
    return f"{{file: {name}, sha256: {_digest(out / name)}}}"


def _written_mask(out: Path, name: str, mask: Mask) -> str:
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(mask).save(path, optimize=True)
    return f"{{mask: {name}, sha256: {_digest(path)}}}"
