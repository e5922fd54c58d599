"""Evidence: what a probe drew on one model; a verdict is judged from it without the model."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.probe import Draw, Map, Matrix, Scatter, Unsure, Words
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Value
from quizproof.questions.spec import Text

FORMAT: Final = b"quizproof evidence 1\n"
# of an entry of a store, which says by itself what it is known by
_SEALED: Final = b"quizproof evidence 2\n"
_DIGEST: Final = 64
_MAX_BYTES: Final = 1_000_000_000  # unpacked


class EvidenceError(QuizproofError):
    """Bytes that are no evidence, or not what was written."""


@dataclass(frozen=True)
class Evidence:
    """The draws in order; the first is whole, of the others there are the values alone."""

    draws: tuple[Draw, ...]
    forward: tuple[int, ...]  # passes that the draws up to each one rest on
    backward: tuple[int, ...]
    seconds: float  # that measuring took
    model: str
    device: str
    ended: bool = False  # whether the probe has no further draw to give
    of: str = ""  # for people: the probe, its parameters, the pack
    # how the probe started another process: what that read no key knows, so it is not kept
    started: str = ""


def sealed(key: str, content: bytes) -> bytes:
    """Return what ``to_bytes`` gave as an entry of a store: with its key, and a SHA-256 of both."""
    rest = key.encode("ascii") + b"\n" + content
    return _SEALED + hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


def unsealed(key: str, entry: bytes) -> bytes:
    """Return what was ``sealed`` with ``key``. Raises EvidenceError for anything else."""
    if not entry.startswith(_SEALED):
        raise EvidenceError("no evidence of this version")
    digest, _, rest = entry[len(_SEALED) :].partition(b"\n")
    if hashlib.sha256(rest).hexdigest().encode("ascii") != digest:
        raise EvidenceError("damaged: its bytes are not those that were written")
    of, _, content = rest.partition(b"\n")
    if of != key.encode("ascii"):
        raise EvidenceError("damaged: it is the evidence of another key")
    return content


def to_bytes(evidence: Evidence) -> bytes:
    """A head, the SHA-256 of the rest, and the rest: numpy's zip of plain arrays, no pickle."""
    arrays: dict[str, NDArray[Any]] = {}

    def kept(array: Any) -> str:
        name = f"a{len(arrays)}"
        arrays[name] = np.asarray(array, dtype=np.float32)
        return name

    head = {
        "values": [dict(draw.values) for draw in evidence.draws],
        "forward": evidence.forward,
        "backward": evidence.backward,
        "seconds": evidence.seconds,
        "model": evidence.model,
        "device": evidence.device,
        "ended": evidence.ended,
        "of": evidence.of,
        **_shown(evidence.draws[0], kept),
    }
    text = json.dumps(head, ensure_ascii=True, default=_plain)
    arrays["head"] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # the stub's own
    rest = stream.getvalue()
    return FORMAT + hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


def _shown(first: Draw, kept: Callable[[Any], str]) -> dict[str, Any]:
    """Return all of a draw but its values; ``kept`` puts an array away and gives its name."""
    return {
        "series": {name: [float(v) for v in s] for name, s in first.series.items()},
        "series_start": first.series_start,
        "captions": _kept_by_name(first.captions),
        "maps": [
            {
                "title": _kept(shown.title),
                "values": kept(shown.values),
                "picture": shown.picture,
                "regions": shown.regions,
                "signed": shown.signed,
            }
            for shown in first.maps
        ],
        "matrices": [
            {
                "title": _kept(shown.title),
                "values": kept(shown.values),
                "rows": shown.rows,
                "columns": shown.columns,
                "row_name": _kept(shown.row_name),
                "column_name": _kept(shown.column_name),
                "signed": shown.signed,
            }
            for shown in first.matrices
        ],
        "scatters": [
            {
                "title": _kept(shown.title),
                "points": kept(shown.points),
                "groups": shown.groups,
                "labels": shown.labels,
                "variance": shown.variance,
                "captions": _kept_by_name(shown.captions),
            }
            for shown in first.scatters
        ],
        "unsure": None
        if first.unsure is None
        else {
            "within": {name: [low, high] for name, (low, high) in first.unsure.within.items()},
            "why": _kept(first.unsure.why),
        },
    }


def from_bytes(content: bytes) -> Evidence:
    """Return the evidence that ``to_bytes`` wrote; nothing in it is run.

    Raises EvidenceError for anything else.
    """
    if not content.startswith(FORMAT):
        raise EvidenceError("no evidence of this version")
    body = content[len(FORMAT) :]
    digest, rest = body[:_DIGEST], body[_DIGEST + 1 :]
    if hashlib.sha256(rest).hexdigest().encode("ascii") != digest:
        raise EvidenceError("damaged: its bytes are not those that were written")
    try:
        with np.load(io.BytesIO(rest), allow_pickle=False) as arrays:
            if sum(entry.file_size for entry in arrays.zip.infolist()) > _MAX_BYTES:
                raise ValueError("unpacked, it is too large")
            return _evidence(json.loads(arrays["head"].tobytes()), arrays)
    except Exception as error:  # a forged file raises nearly anything from its reader
        raise EvidenceError(f"no evidence that can be read ({type(error).__name__})") from None


def _evidence(head: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Evidence:
    values = tuple(_values(draw) for draw in head["values"])
    forward, backward = (tuple(int(n) for n in head[key]) for key in ("forward", "backward"))
    if not values or not len(values) == len(forward) == len(backward):
        raise ValueError("draws")
    first = Draw(
        values=values[0],
        maps=tuple(
            Map(
                _words(m["title"]),
                arrays[m["values"]],
                picture=None if m["picture"] is None else int(m["picture"]),
                regions=tuple(map(str, m["regions"])),
                signed=bool(m["signed"]),
            )
            for m in head["maps"]
        ),
        series={str(name): tuple(map(float, series)) for name, series in head["series"].items()},
        series_start=int(head["series_start"]),
        captions=_words_by_name(head.get("captions", {})),
        matrices=tuple(
            Matrix(
                _words(m["title"]),
                arrays[m["values"]],
                rows=tuple(map(str, m["rows"])),
                columns=tuple(map(str, m["columns"])),
                row_name=_words(m["row_name"]),
                column_name=_words(m["column_name"]),
                signed=bool(m["signed"]),
            )
            for m in head["matrices"]
        ),
        scatters=tuple(
            Scatter(
                _words(s["title"]),
                arrays[s["points"]],
                groups=tuple(map(str, s["groups"])),
                labels=tuple(map(str, s["labels"])),
                variance=None
                if s["variance"] is None
                else (float(s["variance"][0]), float(s["variance"][1])),
                captions=_words_by_name(s.get("captions", {})),
            )
            for s in head["scatters"]
        ),
        unsure=_unsure(head.get("unsure")),
    )
    return Evidence(
        draws=(first, *map(Draw, values[1:])),
        forward=forward,
        backward=backward,
        seconds=float(head["seconds"]),
        model=str(head["model"]),
        device=str(head["device"]),
        ended=bool(head["ended"]),
        of=str(head["of"]),
    )


def _kept(words: Words) -> str | dict[str, Any]:
    """Return a plain string as it is, and a text by language."""
    return words if isinstance(words, str) else words.model_dump(by_alias=True)


def _kept_by_name(captions: Mapping[str, Words]) -> dict[str, str | dict[str, Any]]:
    return {name: _kept(words) for name, words in captions.items()}


def _words(found: Any) -> Words:
    return found if isinstance(found, str) else Text.model_validate(found)


def _words_by_name(found: Any) -> dict[str, Words]:
    return {str(name): _words(words) for name, words in found.items()}


def _unsure(found: Any) -> Unsure | None:
    if found is None:
        return None
    within = {str(name): (float(low), float(high)) for name, (low, high) in found["within"].items()}
    return Unsure(within, Text.model_validate(found["why"]))


def _values(draw: dict[str, Any]) -> dict[str, Value]:
    for name, value in draw.items():
        if not isinstance(value, str | int | float) or (
            not isinstance(value, str) and not math.isfinite(value)
        ):
            raise ValueError(name)
    return draw


def _plain(value: Any) -> Any:
    """numpy's numbers as Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)
