"""Evidence: what a probe drew on one model; a verdict is judged from it without the model."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.engine.evidence.shown import maps_of, read_maps, read_shown, shown_of
from quizproof.probes.probe import Draw
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Value

FORMAT: Final = b"quizproof evidence 1\n"
# of an entry of a store, which says by itself what it is known by
_SEALED: Final = b"quizproof evidence 2\n"
_DIGEST: Final = 64
_MAX_BYTES: Final = 1_000_000_000  # unpacked


class EvidenceError(QuizproofError):
    """Bytes that are no evidence, or not what was written."""


@dataclass(frozen=True)
class Evidence:
    """The draws in order; the first is whole, of the others there are the values.

    The few that come next have their maps too.
    """

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
        **shown_of(evidence.draws[0], kept),
        "later_maps": [
            maps_of(draw, kept) for draw in takewhile(lambda d: d.maps, evidence.draws[1:])
        ],
    }
    text = json.dumps(head, ensure_ascii=True, default=_plain)
    arrays["head"] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # the stub's own
    rest = stream.getvalue()
    return FORMAT + hashlib.sha256(rest).hexdigest().encode("ascii") + b"\n" + rest


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
    later = [read_maps(maps, arrays) for maps in head.get("later_maps", ())]
    rest = values[1:]
    return Evidence(
        draws=(
            Draw(values[0], **read_shown(head, arrays)),
            *(Draw(*each) for each in zip(rest, later, strict=False)),
            *map(Draw, rest[len(later) :]),
        ),
        forward=forward,
        backward=backward,
        seconds=float(head["seconds"]),
        model=str(head["model"]),
        device=str(head["device"]),
        ended=bool(head["ended"]),
        of=str(head["of"]),
    )


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
