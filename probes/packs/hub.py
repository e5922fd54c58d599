"""Models of the Hugging Face hub, by name and commit, in the cache that all its programs share.

Only ``fetch`` uses the network. Nothing here imports torch.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from quizproof.probes.packs.language_roles import CONFIG, LANGUAGE_MODELS, HubModel
from quizproof.probes.packs.manifest import Manifest
from quizproof.probes.packs.pack import DigestError, MissingError, sha256
from quizproof.questions.problems import QuizproofError, one_line

_NEEDED = (CONFIG, "model.safetensors")
# weights as safetensors alone: other formats may hold code, and are fetched for nothing
_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]
_FOLDERS = ["*/*"]
_PATIENCE = 10.0  # seconds for the hub's first answer


class HubError(QuizproofError):
    """The hub could not be asked, or did not give what was asked for."""


def hub_models(manifest: Manifest, roles: Collection[str]) -> Iterator[HubModel]:
    """The models of the hub that are behind ``roles``, each once."""
    parts = [getattr(manifest, role) for role in LANGUAGE_MODELS if role in roles]
    if "readers" in roles:
        parts += manifest.readers
    yield from {part.hub: None for part in parts if part is not None and part.hub is not None}


def fetch(model: HubModel, *, bars: bool = True) -> None:
    """Bring ``model`` into the hub's cache where it is not there, with the hub's progress bars.

    Raises HubError.
    """
    from huggingface_hub import constants, get_session, snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    if _whole(model) is not None:
        return
    if not bars:
        disable_progress_bars()
    # what went wrong is told here, in one line
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        # without a network this fails at once; a download would be tried for half a minute
        get_session().head(constants.ENDPOINT, timeout=_PATIENCE)
        folder = Path(
            snapshot_download(
                model.repo,
                revision=model.revision,
                allow_patterns=_FILES,
                ignore_patterns=_FOLDERS,
            )
        )
    except Exception as error:  # the network fails in many ways
        raise HubError(
            f"{_named(model)} cannot be fetched ({_reason(error)}); {_with_a_network(model)}"
        ) from None
    if lacking := [name for name in _NEEDED if not (folder / name).is_file()]:
        raise HubError(f"{_named(model)} has no {lacking[0]}; name a commit that has")


def cached(model: HubModel) -> Path:
    """Its folder in the hub's cache, the digests of its files right; nothing is fetched.

    Raises MissingError, DigestError.
    """
    folder = _whole(model)
    if folder is None:
        raise MissingError(f"{_named(model)} is not on this machine; {_with_a_network(model)}")
    for path in sorted(p for p in folder.iterdir() if any(map(p.match, _FILES))):
        _check(path)
    return folder


def _whole(model: HubModel) -> Path | None:
    """Its folder in the hub's cache; None where anything that is needed is not there."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(
            snapshot_download(
                model.repo,
                revision=model.revision,
                allow_patterns=_FILES,
                ignore_patterns=_FOLDERS,
                local_files_only=True,
            )
        )
    except Exception:  # a cache may be damaged in many ways
        return None
    return folder if all((folder / name).is_file() for name in _NEEDED) else None


def _check(path: Path) -> None:
    """Raises DigestError for a file that is not what the cache calls it by: SHA-256, or git's."""
    name = path.resolve().name
    if not path.is_symlink() or not re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", name):
        return
    if (sha256(path) if len(name) == 64 else _git_digest(path)) != name:
        raise DigestError(f"{path} is damaged; take {path.resolve()} away and fetch it again")


def _git_digest(path: Path) -> str:
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _reason(error: Exception) -> str:
    """The first sentence of what the hub's library says; it goes on for paragraphs."""
    first = str(error).strip().splitlines()[:1]
    return one_line(f"{type(error).__name__}: {first[0] if first else ''}")[:160]


def _with_a_network(model: HubModel) -> str:
    return f"with a network: hf download {model.repo} --revision {model.revision}"


def _named(model: HubModel) -> str:
    return f"{model.repo} at {model.revision[:7]} of the Hugging Face hub"
