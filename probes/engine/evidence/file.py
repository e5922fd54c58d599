"""One file with all that a run's verdicts rest on: another machine judges from it, with no model.

A zip, nothing in it compressed: ``made.json`` (what the evidence was made with), the pack's
manifest, its pictures and masks, the evidence by key, and ``digests.json`` with the SHA-256 of each
of them. A file in which a byte was changed by chance is refused; who changes one on purpose can sum
it anew, which a ``signature`` of the digests alone prevents.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pydantic import Field, TypeAdapter, ValidationError

from quizproof.probes.beside import Beside, declarations, probes_beside
from quizproof.probes.declaration import Probe
from quizproof.probes.engine.evidence.key import MadeWith, code_of_network, this_machine
from quizproof.probes.engine.evidence.record import EvidenceError, sealed, unsealed
from quizproof.probes.engine.evidence.signature import (
    SignatureError,
    is_right,
    signature,
    signing_key,
    verifying_key,
)
from quizproof.probes.engine.evidence.store import SUFFIX, Store
from quizproof.probes.packs.files import File
from quizproof.probes.packs.held import NotRegularError, hold
from quizproof.probes.packs.manifest import MANIFEST
from quizproof.probes.packs.pack import Pack
from quizproof.questions.exchange.safe_zip import refuse_long_list
from quizproof.questions.files import is_full, open_bounded, write_whole
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Model, QuestionId, Sha256

_MADE, _DIGESTS, _PACK, _EVIDENCE = "made.json", "digests.json", "pack", "evidence"
_SIGNATURE: Final = "signature"
_ENTRY: Final = re.compile(rf"{_EVIDENCE}/[0-9a-f]{{64}}{re.escape(SUFFIX)}")
_MAX_BYTES: Final = 500_000_000
_MAX_MEMBERS: Final = 20_000
_MAX_LIST_BYTES: Final = 8_000_000


class EvidenceFileError(QuizproofError):
    """A file that is no evidence file, or not as it was written."""


class _Made(Model):
    format: int = Field(ge=1, le=2)  # 1: entries without their keys
    versions: dict[str, str]
    code: dict[str, Sha256]
    files: dict[str, Sha256] = {}
    seed: int
    unlisted: list[str] = []  # models of a hub that nobody could compare with their commit's list
    probes: list[Any] = []  # what the quiz's own declare, with which it is judged
    quiz: QuestionId | None = None  # earlier files do not say


@dataclass(frozen=True)
class Opened:
    """An evidence file, unpacked."""

    pack: Path  # a pack without its models
    store: str
    seed: int
    made_with: MadeWith
    beside: Beside | None  # the quiz's own probes that it was made with
    quiz: str | None  # whose questions were measured; None: an earlier file
    sha256: str  # of the file


def write_evidence_file(
    path: Path,
    pack: Pack,
    store: Store,
    *,
    keys: Iterable[str],
    probes: Iterable[Probe],
    files: Mapping[str, str],
    quiz: str,
    seed: int,
    sign_key: Path | None = None,
    beside: Beside | None = None,
) -> str:
    """Write to ``path`` what ``keys`` name in ``store``; gives its SHA-256.

    ``files`` are the digests of those that the probes' parameters name. What the probes ``beside``
    the quiz declare is written, too. Raises OSError, and SignatureError for a ``sign_key`` that is
    none.
    """
    signer = None if sign_key is None else signing_key(sign_key)
    members = {f"{_PACK}/{MANIFEST}": pack.written.read_bytes()}
    for file in _shown(pack):
        try:
            members[f"{_PACK}/{file.file}"] = pack.file(file).read_bytes()
        except QuizproofError:
            continue  # it costs the questions about it, as where it was measured
    for key in keys:
        if (content := store.read(key)) is not None:
            members[f"{_EVIDENCE}/{key}{SUFFIX}"] = sealed(key, content)
    here = this_machine()
    code = {probe.name: here.code(probe) for probe in probes}
    own = [] if beside is None else declarations(beside, list(code))
    for part in pack.parts.values():
        if (network := here.network(part)) is not None:
            code[code_of_network(part)] = network
    made = _Made(
        format=2,
        versions=dict(here.libraries),
        code=code,
        files=dict(files),
        seed=seed,
        unlisted=pack.unlisted_here(),
        probes=own,
        quiz=quiz,
    )
    # what most have none of is left out, for programs that know nothing of it
    rare = {name for name in ("unlisted", "probes") if not getattr(made, name)}
    members[_MADE] = _json(made.model_dump(exclude=rare))
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    members[_DIGESTS] = _json(digests)
    if signer is not None:
        members[_SIGNATURE] = signature(signer, members[_DIGESTS])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name), content)  # its date is always the same
    write_whole(path, whole.getvalue())
    return hashlib.sha256(whole.getvalue()).hexdigest()


def open_evidence_file(path: Path, folder: Path, verify_key: Path | None = None) -> Opened:
    """Unpack ``path`` into the empty ``folder``.

    Raises EvidenceFileError, OSError, and SignatureError where whoever has the ``verify_key`` did
    not sign it.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:  # before all of it is hashed
            raise EvidenceFileError(f"{path} is no evidence file as this program writes them")
        held, sha256, _ = hold(path)
    except NotRegularError:
        raise EvidenceFileError(f"{path} is no evidence file; make one with --evidence") from None
    members = _members(held)
    signed = members.pop(_SIGNATURE, None)
    if verify_key is not None:
        _check_signature(path, verify_key, signed, members.get(_DIGESTS, b""))
    try:
        digests = TypeAdapter(dict[str, Sha256]).validate_json(members.pop(_DIGESTS))
        made = _Made.model_validate_json(members[_MADE])
    except (KeyError, ValidationError):
        raise EvidenceFileError(f"{path} is no evidence file; make one with --evidence") from None
    if digests != {name: hashlib.sha256(c).hexdigest() for name, c in members.items()}:
        raise EvidenceFileError(f"{path} was changed since it was made; have it made again")
    for name, content in members.items():
        if name == _MADE:
            continue
        place = PurePosixPath(name)
        room, *inside = place.parts or ("",)
        if (
            not inside
            or ".." in inside
            or room not in (_PACK, _EVIDENCE)
            or (room == _EVIDENCE and not _ENTRY.fullmatch(name))
        ):
            raise EvidenceFileError(f"{path} holds {name[:100]!r}, which no evidence file does")
        if room == _EVIDENCE:
            target = folder / _EVIDENCE / place.name[:2] / place.name
            content = _entry(path, place.stem, content, made.format)
        else:
            target = folder.joinpath(*place.parts)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except (OSError, ValueError) as error:  # one is in the place of another's folder
            if isinstance(error, OSError) and is_full(error):
                raise
            raise EvidenceFileError(f"{path} cannot be unpacked; have it made again") from None
    return Opened(
        pack=folder / _PACK,
        store=str(folder / _EVIDENCE),
        seed=made.seed,
        made_with=MadeWith(
            libraries=made.versions,
            digests=made.code,
            files=made.files,
            unlisted=tuple(made.unlisted),
        ),
        beside=_beside(made, path),
        quiz=made.quiz,
        sha256=sha256,
    )


def _entry(path: Path, key: str, content: bytes, format: int) -> bytes:
    """The entry of a store under ``key``. Raises EvidenceFileError for that of another key."""
    if format == 1:
        return sealed(key, content)  # as the file's digests say: by its name
    try:
        unsealed(key, content)
    except EvidenceError as error:
        raise EvidenceFileError(f"{path}: {key[:12]} is {error}; have it made again") from None
    return content


def beside_in(path: Path) -> Beside | None:
    """The quiz's own probes that an evidence file was made with, nothing of it unpacked.

    Raises EvidenceFileError and OSError.
    """
    try:
        made = _Made.model_validate_json(_members(path)[_MADE])
    except (KeyError, ValidationError):
        raise EvidenceFileError(f"{path} is no evidence file; make one with --evidence") from None
    return _beside(made, path)


def _beside(made: _Made, path: Path) -> Beside | None:
    if not made.probes:
        return None
    beside = Beside(None, "", json.dumps(made.probes))
    try:
        probes_beside(beside)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EvidenceFileError(f"{path} declares no probes; have it made again") from None
    return beside


def _check_signature(path: Path, verify_key: Path, signed: bytes | None, digests: bytes) -> None:
    key = verifying_key(verify_key)
    if signed is None:
        raise SignatureError(f"{path} is not signed; have it made with --sign-key")
    if not is_right(key, signed, digests):
        raise SignatureError(
            f"{path} was not signed with the key of {verify_key}, or was changed since; "
            "ask whoever made it"
        )


def _shown(pack: Pack) -> Iterator[File]:
    """Yield what a report or a verdict asks of a pack: pictures, masks, and the configurations of
    language models, which name their architectures. What is of a distribution is not the pack's."""
    for entry in pack.manifest.parts.values():
        yield from (file for file in entry.shown() if file.distribution is None)


def _json(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=True).encode("ascii")


def _members(path: Path) -> dict[str, bytes]:
    try:
        with open_bounded(path, _MAX_BYTES, "have it made again") as file:
            refuse_long_list(file, _MAX_LIST_BYTES)
            archive = zipfile.ZipFile(file)
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if (
                len(entries) > _MAX_MEMBERS
                or len(names) != len(entries)
                or sum(entry.file_size for entry in entries) > _MAX_BYTES
                or any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
            ):
                raise EvidenceFileError(f"{path} is no evidence file as this program writes them")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise EvidenceFileError(
            f"{path} is damaged or no evidence file; have it made again"
        ) from None
