"""Models of the Hugging Face hub, by name and commit, in the cache that all its programs share.

Only ``fetch`` uses the network. Nothing here imports torch.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from quizproof.probes.kinds.kind import Entry
from quizproof.probes.packs.files import CONFIG, HubModel
from quizproof.probes.packs.held import Held, HeldFolder, hold, hold_folder
from quizproof.probes.packs.hub_list import Listed, file_list, is_unlisted, keep_list
from quizproof.probes.packs.pack import DigestError, MissingError
from quizproof.probes.packs.shards import INDEX, WEIGHTS, shards
from quizproof.questions.problems import QuizproofError, one_line

# weights as safetensors alone: other formats may hold code, and are fetched for nothing
_FILES = ["*.json", "*.txt", "*.model", "*.spm", "*.safetensors"]
_FOLDERS = ["*/*"]
_PART = 1 << 20  # bytes
_PATIENCE = 10.0  # seconds for the hub's first answer


class HubError(QuizproofError):
    """The hub could not be asked, or did not give what was asked for."""


def hub_models(entries: Iterable[Entry]) -> Iterator[HubModel]:
    """The models of the hub that parts are, each once."""
    hubs = [each for entry in entries for each in entry.named() if isinstance(each, HubModel)]
    yield from {(hub.repo, hub.revision): hub for hub in hubs}.values()


def fetch(model: HubModel, *, bars: bool = True) -> None:
    """Bring ``model`` into the hub's cache where it is not there, with the hub's progress bars.

    So is the list of its commit's files: without one it settles nothing. Raises HubError.
    """
    from huggingface_hub import constants, get_session, snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    here = _whole(model) is not None
    if here and not is_unlisted(model):
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
        if is_unlisted(model):
            keep_list(model)
    except Exception as error:  # the network fails in many ways
        if here:
            raise HubError(
                f"{_named(model)} is here without the list of that commit's files, so that nothing "
                f"is settled by it ({_reason(error)}); {_with_a_network(model)}"
            ) from None
        raise HubError(
            f"{_named(model)} cannot be fetched ({_reason(error)}); {_with_a_network(model)}"
        ) from None
    if lacking := _lacking(folder):
        raise HubError(f"{_named(model)} has no {lacking}; name a commit that has")


def cached(model: HubModel) -> HeldFolder:
    """Its folder in the hub's cache, the digests of its files right; nothing is fetched.

    They are those that the pack names, that its commit's list does, or else those that the cache's
    links are named by. Raises MissingError, DigestError.
    """
    folder = _whole(model)
    if folder is None:
        raise MissingError(f"{_named(model)} is not on this machine; {_with_a_network(model)}")
    listed = file_list(model)
    paths = sorted(path for path in folder.iterdir() if any(map(path.match, _FILES)))
    return hold_folder(folder, {path.name: _checked(path, model, listed) for path in paths})


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
    return folder if _lacking(folder) is None else None


def _lacking(folder: Path) -> str | None:
    """The first of the files that are needed and not there."""
    needed = [CONFIG]
    if (folder / INDEX).is_file() and not (folder / WEIGHTS).is_file():
        needed += sorted(set((shards(folder / INDEX) or {}).values())) or [WEIGHTS]
    else:
        needed.append(WEIGHTS)
    return next((name for name in needed if not (folder / name).is_file()), None)


def _checked(path: Path, model: HubModel, listed: Mapping[str, Listed] | None) -> Held:
    """Raises DigestError for a file that is not what the pack, the commit, or its link says."""
    try:
        held, sha256, _ = hold(path)
    except OSError as error:
        reason = one_line(error.strerror or str(error))
        raise DigestError(f"{path} cannot be read ({reason}); {_with_a_network(model)}") from None
    if model.files is not None and model.files.get(path.name) != sha256:
        raise DigestError(
            f"{path} has SHA-256 {sha256[:12]}…, which the pack does not name for it; "
            "mend the pack's 'files', or take the file away"
        )
    if listed is not None:
        wanted = listed.get(path.name)
        if wanted is None:
            raise DigestError(f"{path} is no file of that commit; take it away")
        right = sha256 == wanted.sha256 if wanted.sha256 else _git_digest(held) == wanted.git
    elif model.files is not None:
        right = True
    else:
        name = path.resolve().name
        if not path.is_symlink() or not re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", name):
            raise DigestError(
                f"{path} is not named by its digest, and nothing here says what it is; "
                f"{_with_a_network(model)}; or name its SHA-256 in the pack, under 'files'"
            )
        right = (sha256 if len(name) == 64 else _git_digest(held)) == name
    if not right:
        raise DigestError(f"{path} is damaged; take {path.resolve()} away and fetch it again")
    return held


def _git_digest(path: Path) -> str:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()


def _reason(error: Exception) -> str:
    """The first sentence of what the hub's library says; it goes on for paragraphs."""
    first = str(error).strip().splitlines()[:1]
    return one_line(f"{type(error).__name__}: {first[0] if first else ''}", 160)


def _with_a_network(model: HubModel) -> str:
    return f"with a network: hf download {model.repo} --revision {model.revision}"


def _named(model: HubModel) -> str:
    return f"{model.repo} at {model.revision[:7]} of the Hugging Face hub"
