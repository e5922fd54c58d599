"""Manifests of the form before parts had kinds, turned into today's as they are read.

They had a place for each role: ``classifier``, ``pictures`` and ``region_names``, the masked models
``english`` and ``chinese``, ``readers`` in order, and a file for each of four texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from quizproof.questions.yaml_file import Document, Path_

_KINDS: Final = {
    "classifier": "classifier",
    "english": "masked-lm",
    "chinese": "masked-lm",
    "triples": "triples",
    "corpus": "corpus",
    "sentences": "sentences",
    "reference_matrix": "matrix",
}
_OTHERS: Final = ("pictures", "region_names", "readers")


def new_form(document: Document) -> Document:
    """``document`` in today's form, each thing at the place that it has in the file."""
    data = document.data
    if not isinstance(data, dict) or "parts" in data or data.keys().isdisjoint({*_KINDS, *_OTHERS}):
        return document
    kept = {key: value for key, value in data.items() if _moved((key,)) == (key,)}
    if not isinstance(data.get("readers", []), list):
        kept["readers"] = data["readers"]  # which says that it does not belong there
    return document.changed({**kept, "parts": dict(_parts(data))}, _moved)


def _parts(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parts by name, in the order of the file."""
    for key, said in data.items():
        if said is None or said == []:
            continue
        if key in _KINDS:
            yield key, _of_kind(_KINDS[key], said)
        elif key == "pictures":
            names = {"region_names": data["region_names"]} if data.get("region_names") else {}
            yield key, {"kind": "pictures", "pictures": said, **names}
        elif key == "readers" and isinstance(said, list):
            for number, reader in enumerate(said, 1):
                yield f"reader_{number}", _of_kind("reader", reader)


def _of_kind(kind: str, said: Any) -> Any:
    return {"kind": kind, **said} if isinstance(said, dict) else said


def _moved(steps: Path_) -> Path_:
    match steps:
        case ("pictures" | "region_names" as key, *rest):
            return ("parts", "pictures", key, *rest)
        case ("readers", int() as number, *rest):
            return ("parts", f"reader_{number + 1}", *rest)
        case ("readers",):
            return ("parts", "readers")
        case (str() as role, *_) if role in _KINDS:
            return ("parts", *steps)
    return steps
