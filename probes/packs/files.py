"""Files that a manifest names: each with its SHA-256, in the pack, a distribution, or a hub."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from quizproof.questions.spec import Model, Sha256

CONFIG = "config.json"  # of a language model

FileName: TypeAlias = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=1000)]
Revision: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9a-f]{40}$", description="a whole commit hash: a branch may move")
]


Distribution: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$",
        description="an installed one that it belongs to, by the path that it lists",
    ),
]


class File(Model):
    """A file of the pack; of an installed distribution where one is named."""

    file: FileName
    sha256: Sha256
    distribution: Distribution | None = None


class Folder(Model):
    """A folder as ``from_pretrained`` reads it, with the digest of every file in it.

    It lies in the pack, or in an installed distribution where one is named.
    """

    folder: FileName
    files: Annotated[dict[FileName, Sha256], Field(min_length=1)]
    distribution: Distribution | None = None


class HubModel(Model):
    """A model of the Hugging Face hub, taken from its cache or fetched."""

    # ASCII: the hub's names are, and counting all of Unicode's letters takes a tenth of a second
    repo: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96}$")]
    revision: Revision
    files: Annotated[
        dict[FileName, Sha256] | None,
        Field(min_length=1, description="of each file that is read, where no list of them is here"),
    ] = None


def identity_of(digests: Any) -> str:
    """Return the one digest that stands for ``digests``, whatever holds them."""
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
