"""Messages from a process that runs probes: data, with bounds, of which nothing is ever run.

A message is the lengths of its head and its body, the head as JSON, and the body. What is sent the
other way is pickled: it comes from this program.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import IO, Final, Literal, TypeAlias

from pydantic import TypeAdapter, ValidationError

Kind: TypeAlias = Literal[
    "started", "phase", "drew", "passed", "evidence", "failed", "missing", "no memory"
]

_SIZES: Final = struct.Struct(">II")
_HEAD: Final = 1 << 16  # bytes, at most
_BODY: Final = 1 << 30
_REASON: Final = 4_000  # characters


class WireError(Exception):
    """Bytes that are no message."""


@dataclass(frozen=True)
class Message:
    """What a worker has to say of the request ``of``; ``count`` draws or passes, or a reason.

    The reason of a phase is what is done, that with evidence how the probe started another process.
    """

    kind: Kind
    of: int = 0
    count: int = 0
    reason: str = ""


_HEADS: TypeAdapter[Message] = TypeAdapter(Message)


def send(stream: IO[bytes], message: Message, body: bytes = b"") -> None:
    """Write ``message`` whole. Raises OSError where nobody reads any more."""
    fields = {
        "kind": message.kind,
        "of": message.of,
        "count": message.count,
        "reason": message.reason[:_REASON],
    }
    head = json.dumps(fields).encode("ascii")
    stream.write(_SIZES.pack(len(head), len(body)) + head + body)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Message, bytes]:
    """Read the next message, and its body.

    Raises EOFError at the end of the stream, WireError for anything that is no message.
    """
    sizes = stream.read(_SIZES.size)
    if len(sizes) < _SIZES.size:
        raise EOFError
    head, body = _SIZES.unpack(sizes)
    if head > _HEAD or body > _BODY:
        raise WireError
    content, rest = stream.read(head), stream.read(body)
    if len(content) < head or len(rest) < body:
        raise EOFError
    try:
        return _HEADS.validate_json(content, strict=True), rest
    except ValidationError:
        raise WireError from None
