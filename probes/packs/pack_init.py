"""From a folder of one's own to a pack: ``pack.yaml`` with the kinds, digests and classes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from quizproof.probes.kinds.every import every_kind
from quizproof.probes.packs.files import CONFIG
from quizproof.probes.packs.manifest import MANIFEST, Manifest
from quizproof.probes.packs.manifest_file import manifest_text, named_file, named_folder
from quizproof.questions.files import read_bounded, write_whole
from quizproof.questions.problems import QuizproofError, one_line

_PICTURES: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
_WEIGHTS: Final = (".safetensors", ".pth", ".pt")
_KINDS: Final = (  # of models, by the end of the class that config.json names
    ("ForMaskedLM", "masked-lm"),
    ("ForPreTraining", "masked-lm"),
    ("ForCausalLM", "causal-lm"),
    ("LMHeadModel", "causal-lm"),
    ("ForQuestionAnswering", "reader"),
    ("ForConditionalGeneration", "seq2seq-lm"),
    ("MarianMTModel", "seq2seq-lm"),
    ("Model", "encoder"),
)
_TEXTS: Final = {"corpus.jsonl": "corpus", "triples.json": "triples"}
_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)
_MOST_BYTES: Final = 10_000_000


@dataclass
class Initialised:
    """What was made of a folder."""

    manifest: Path
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)  # as the manifest has them
    remarks: list[str] = field(default_factory=list)  # how something was taken
    left_out: list[str] = field(default_factory=list)  # and why


def init_pack(folder: Path) -> Initialised:
    """Write ``pack.yaml`` for what lies in ``folder``; nothing of it is loaded.

    A folder as ``save_pretrained`` writes it is a model, one with pictures those, weights that are
    called as a network of torchvision that network with its classes, a table of numbers a matrix.
    Raises QuizproofError where nothing is taken, or there is a manifest already.
    """
    made = Initialised(folder / MANIFEST)
    if not folder.is_dir():
        raise QuizproofError(f"{folder} is no folder; name the one with the files")
    if made.manifest.exists():
        raise QuizproofError(f"{made.manifest} is there already; remove it first")
    there = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    # networks first: pictures may be of their classes
    for path in sorted(there, key=lambda path: path.suffix not in _WEIGHTS):
        try:
            _take(path, folder, made)
        except (QuizproofError, OSError, ValueError, KeyError) as error:
            made.left_out.append(f"{path.name}: {one_line(str(error), 200)}")
    if not made.parts:
        said = "; ".join(made.left_out) or "it is empty"
        raise QuizproofError(f"{folder} holds nothing that is known here: {said}")
    name = folder.resolve().name[:200] or "pack"
    try:
        manifest = _MANIFEST.validate_python({"name": name, "parts": made.parts})
    except ValidationError as error:
        raise QuizproofError(f"{folder} makes no pack: {one_line(str(error), 400)}") from None
    write_whole(made.manifest, manifest_text(manifest))
    return made


def _take(path: Path, folder: Path, made: Initialised) -> None:
    """Make a part of ``path``, or say why there is none."""
    if path.is_symlink():
        raise QuizproofError("a link; put the file itself here")
    if not path.is_dir() and not path.is_file():
        raise QuizproofError("no file but a pipe or a device; put a file here")
    if path.is_dir():
        part = _model(path) if (path / CONFIG).is_file() else _pictures(path, folder, made)
    elif path.suffix in _WEIGHTS:
        part = _network(path, made)
    else:
        part = _file(path)
    kind = str(part["kind"])
    if kind not in every_kind():
        raise QuizproofError(f"this version knows no parts of kind {kind}")
    made.parts[_name(path, made.parts)] = part


def _model(path: Path) -> dict[str, Any]:
    config = json.loads(read_bounded(path / CONFIG, _MOST_BYTES))
    of = config.get("architectures") or [""]
    kind = next((kind for end, kind in _KINDS if str(of[0]).endswith(end)), None)
    if kind is None:
        raise QuizproofError(f"its {CONFIG} names no architecture that is known here")
    return {"kind": kind, "local": named_folder(path.parent, path.name).model_dump()}


def _network(path: Path, made: Initialised) -> dict[str, Any]:
    from quizproof.probes.measure_extra import require_measure
    from quizproof.probes.models.torchvision_import import torchvision_models

    require_measure("looking up torchvision's networks")
    known = torchvision_models()
    stem = path.stem.casefold()
    names = [name for name in known.list_models(module=known) if _begins(stem, name)]
    if not names:
        raise QuizproofError(
            "weights of a network that its name does not tell; call the file as torchvision does, "
            "such as resnet18.safetensors, or write the part by hand (quizproof pack build for "
            "the course's)"
        )
    network = max(names, key=len)
    weights = known.get_model_weights(network).DEFAULT
    shown, classes = weights.transforms(), list(weights.meta["categories"])
    made.remarks.append(
        f"{path.name}: torchvision's {network}, with the {len(classes):,} classes and the input of "
        f"its weights {weights.name}; mend classes and input where it was trained on others"
    )
    return {
        "kind": "classifier",
        "architecture": {"torchvision": network},
        "weights": named_file(path.parent, path.name).model_dump(),
        "input": {
            "size": [*shown.crop_size, *shown.crop_size][:2],
            "mean": list(shown.mean),
            "std": list(shown.std),
        },
        "classes": classes,
    }


def _begins(stem: str, network: str) -> bool:
    """Tell whether a file is called as torchvision calls ``network``: resnet18-f37072fd, say."""
    return re.fullmatch(rf"{re.escape(network)}([^a-z0-9].*)?", stem) is not None


def _pictures(path: Path, folder: Path, made: Initialised) -> dict[str, Any]:
    found = sorted(
        each
        for each in path.rglob("*")
        if each.suffix.casefold() in _PICTURES and each.is_file()  # no pipe
    )
    if not found:
        raise QuizproofError("neither a model with a config.json nor pictures")
    networks = [part["classes"] for part in made.parts.values() if part["kind"] == "classifier"]
    classes = _labels(path, networks[0] if len(networks) == 1 else [])
    pictures = [
        {
            **named_file(folder, each.relative_to(folder).as_posix()).model_dump(),
            "label": classes.get(each.parent.name, 0),
        }
        for each in found
    ]
    told = ", ".join(f"{label} {name}" for name, label in classes.items()) or "all 0"
    made.remarks.append(f"{path.name}: {len(pictures)} pictures, by their paths; labels: {told}")
    return {"kind": "pictures", "pictures": pictures}


def _labels(path: Path, classes: list[str]) -> dict[str, int]:
    """The labels of the folders in ``path``: their classes' places, else their own in order."""
    names = sorted(each.name for each in path.iterdir() if each.is_dir())
    places = {_plain(name): place for place, name in enumerate(classes)}
    if names and all(_plain(name) in places for name in names):
        return {name: places[_plain(name)] for name in names}
    return {name: place for place, name in enumerate(names)}


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


def _file(path: Path) -> dict[str, Any]:
    kind = _TEXTS.get(path.name)
    if kind is None and path.stem == "sentences" and path.suffix in (".txt", ".json"):
        kind = "sentences"
    if kind is None and path.suffix == ".csv":
        kind = "matrix" if _is_matrix(path) else "table"
    if kind is None and path.suffix == ".parquet":
        kind = "table"
    return {"kind": kind or "file", **named_file(path.parent, path.name).model_dump()}


def _is_matrix(path: Path) -> bool:
    """Tell whether a table is of numbers alone, as many rows as columns."""
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        rows = list(islice(csv.reader(file), 10_000))
    try:
        [float(cell) for cell in chain(*rows)]
    except ValueError:
        return False
    return bool(rows) and all(len(row) == len(rows) for row in rows)


def _name(path: Path, taken: Mapping[str, object]) -> str:
    """A part's name: the file's as far as it may be, and one that is not taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_")[:40]
    name = base = plain if plain[:1].isalpha() else f"part_{plain}".rstrip("_")
    number = 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name
