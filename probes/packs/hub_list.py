"""The list of a commit's files, with their digests, that the hub's cache keeps beside them.

A snapshot's links are named by the digests of what they lead to, which says that a file is whole,
and not that the commit has it: any other file can lie there under its own digest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quizproof.probes.packs.files import HubModel
from quizproof.probes.packs.held import read_regular
from quizproof.questions.files import write_whole

_FORMAT: Final = 1
_LONGEST: Final = 20_000_000  # bytes


@dataclass(frozen=True)
class Listed:
    """What a commit says of a file: git's digest, and of a large file its SHA-256."""

    git: str
    sha256: str | None = None


def file_list(model: HubModel) -> dict[str, Listed] | None:
    """The files of the model's commit by name; None where the cache has no such list."""
    try:
        found = json.loads(read_regular(_place(model), _LONGEST))
        if found["format_version"] != _FORMAT:
            return None
        files = found["files"].items()
        return {
            str(name): Listed(str(file["blob_id"]), file.get("lfs_sha256")) for name, file in files
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def is_unlisted(model: HubModel) -> bool:
    """Tell a model that is here, of which nothing here says what its commit's files are."""
    snapshot = _folder(model) / "snapshots" / model.revision
    return model.files is None and snapshot.is_dir() and file_list(model) is None


def keep_list(model: HubModel) -> None:
    """Ask the hub for the list, and keep it as the hub's library does; older ones of it do not.

    Raises nearly anything, where there is no network say.
    """
    from huggingface_hub import HfApi, RepoFile

    files: dict[str, dict[str, Any]] = {}
    for file in HfApi().list_repo_tree(model.repo, revision=model.revision, recursive=True):
        if isinstance(file, RepoFile):
            files[file.path] = {"size": file.size, "blob_id": file.blob_id}
            if file.lfs is not None:
                files[file.path] |= {"lfs_sha256": file.lfs.sha256, "lfs_size": file.lfs.size}
    place = _place(model)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, json.dumps({"format_version": _FORMAT, "files": files}))


def _place(model: HubModel) -> Path:
    return _folder(model) / "trees" / f"{model.revision}.json"


def _folder(model: HubModel) -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{model.repo.replace('/', '--')}"
