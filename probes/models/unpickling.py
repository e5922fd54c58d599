"""Reading what ``torch.save`` wrote, from a file that may be hostile, damaged, or something else.

It is read by torch's weights-only reader, which runs no code, after a process that can be ended has
gone through its pickle: that takes time or memory without bound, if whoever wrote it wants it to.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final

import torch

from quizproof.probes.models import dry_pickle
from quizproof.questions.problems import QuizproofError, one_line

_ZIP: Final = b"PK\x03\x04"
_WAIT: Final = 30.0  # seconds for a process that may use a processor for fewer, on a busy machine
# what people have in place of a checkpoint, by how it begins
_OTHERS: Final = (
    (b"<", "is a web page, as a drive hands out in place of a large file; download it again"),
    (b"version https://git-lfs", "is what Git LFS keeps in place of the file; run git lfs pull"),
    (b"\x89HDF", "is of Keras, not of torch; save model.state_dict() with torch.save"),
    (b"\x1f\x8b", "is compressed by gzip; unpack it"),
)


class WeightsError(QuizproofError):
    """A file of weights that cannot be read, or that asks for more than reading."""


def is_safetensors(path: Path) -> bool:
    """Tell safetensors by how they begin: a length, and JSON of that length. Raises OSError."""
    with path.open("rb") as file:
        begin = file.read(9)
    length = int.from_bytes(begin[:8], "little")
    return begin[8:] == b"{" and length <= path.stat().st_size - 8


def of_torch(path: Path) -> bool:
    """Tell what ``torch.save`` wrote, in either format, by how it begins. Raises OSError."""
    with path.open("rb") as file:
        begin = file.read(len(_ZIP))
    return begin == _ZIP or begin.startswith(b"\x80\x02")


def unpickled(path: Path, kind: str) -> Any:
    """Return what ``torch.save`` wrote into ``path``: a mapping or a sequence, as ``kind`` says.

    Raises WeightsError where it is something else, and nearly anything where it is damaged.
    """
    with path.open("rb") as file:
        begin = file.read(64)
    zipped = begin.startswith(_ZIP)  # as torch itself tells them apart
    for start, what in _OTHERS:
        if begin.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(start):
            raise WeightsError(f"{path} {what}")
    if zipped:
        _refuse_other_archives(path)
    _refuse_by_outline(path, _outline(path, zipped), kind)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if zipped and path.suffix != ".safetensors":  # of which torch believes the name
                return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
            with path.open("rb") as file:
                return torch.load(file, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        if asked := re.search(r"GLOBAL `?([\w.]+)", str(error)):
            raise _asks(path, asked[1]) from None
        if "Unsupported operand" in str(error):
            raise WeightsError(
                f"{path} was saved by a pickle_protocol that torch's weights-only reader does not "
                "read; save it by torch.save without one"
            ) from None
        raise WeightsError(f"{path} is damaged or no checkpoint of torch; restore it") from None


def _refuse_other_archives(path: Path) -> None:
    """Raises WeightsError for zip archives of other kinds, and for compressed ones.

    Torch compresses no weights, and a few compressed bytes can unfold without bound.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    parts = {entry.filename.partition("/")[2] for entry in entries}
    if "constants.pkl" in parts:
        raise WeightsError(
            f"{path} is a TorchScript archive, which is code; where you trust it, run "
            + _command(f'torch.jit.load({json.dumps(str(path))}, map_location="cpu")', path)
        )
    if entries and not any(entry.filename.endswith("data.pkl") for entry in entries):
        raise WeightsError(
            f"{path} is a zip archive of {one_line(entries[0].filename, 80)}, not a checkpoint; "
            "unpack it"
        )
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise WeightsError(f"{path} is compressed; restore it as torch.save wrote it")


def _outline(path: Path, zipped: bool) -> dict[str, Any]:
    """What ``dry_pickle`` says of the pickle in ``path``. Raises WeightsError."""
    command = [sys.executable, "-I", "-S", dry_pickle.__file__, *["alone"] * zipped]
    too_much = WeightsError(
        f"{path} takes more time or memory than any checkpoint to unpickle, and was given up; "
        "save model.state_dict() alone"
    )
    content: dict[str, Any] = {}
    with path.open("rb") as file:
        if zipped:
            archive = torch._C.PyTorchFileReader(os.fspath(path))
            if archive.get_record_size("data.pkl") > dry_pickle.LONGEST:
                raise too_much
            content["input"] = archive.get_record("data.pkl")  # the bytes that torch unpickles
        else:
            content["stdin"] = file
        try:
            done = subprocess.run(  # noqa: S603 (our own interpreter, our own code)
                command, capture_output=True, timeout=_WAIT, check=False, **content
            )
        except subprocess.TimeoutExpired:
            raise too_much from None
    if done.returncode == dry_pickle.NO_PICKLE:
        raise WeightsError(f"{path} is damaged or no checkpoint of torch; restore it")
    if done.returncode != 0:
        raise too_much
    outline: dict[str, Any] = json.loads(done.stdout)
    return outline


def _refuse_by_outline(path: Path, outline: dict[str, Any], kind: str) -> None:
    """Raises WeightsError where what was saved is a module, or of another kind."""
    if (module := outline["module"]) is not None:
        keys = "".join(f"[{json.dumps(key)}]" for key in module["keys"])
        name = json.dumps(str(path))
        loaded = f'torch.load({name}, map_location="cpu", weights_only=False){keys}'
        raise WeightsError(
            f"{path} holds a whole model ({one_line(module['name'], 80)}), which takes code to "
            "load, and nothing of it was run; where you trust it, run " + _command(loaded, path)
        )
    if "asks" in outline:
        raise _asks(path, one_line(outline["asks"], 80))
    if outline["kind"] != kind:
        wanted = {
            "mapping": "state dict; save model.state_dict()",
            "sequence": "tuple of tensors; save model(...).hidden_states",
        }
        raise WeightsError(f"{path} holds no {wanted[kind]}")


def _asks(path: Path, name: str) -> WeightsError:
    return WeightsError(
        f"{path} asks for {name}, which is no weights, and nothing of it was run; "
        "where you trust it, save model.state_dict() alone"
    )


def _command(model: str, path: Path) -> str:
    """The command that saves the state dict of ``model``, an expression, beside ``path``."""
    beside = path.with_name(f"{path.stem}-state.pth")
    code = f"import torch; torch.save({model}.state_dict(), {json.dumps(str(beside))})"
    # names come from the file: in a shell they must stay names
    return f"python -c {shlex.quote(code)} and put {beside.name} in its place"
