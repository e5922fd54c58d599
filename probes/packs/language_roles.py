"""Language parts that a manifest may name, by role: models, saved hidden states, and texts."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, TypeAlias

from pydantic import Field, model_validator

from quizproof.questions.spec import Model, Sha256

CONFIG = "config.json"  # of a language model
LANGUAGE_MODELS = ("english", "chinese")
TEXTS = ("triples", "corpus", "sentences", "reference_matrix")
LANGUAGE_ROLES = (*LANGUAGE_MODELS, "readers", *TEXTS)

FileName: TypeAlias = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=1000)]
Revision: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9a-f]{40}$", description="a whole commit hash: a branch may move")
]


class File(Model):
    file: FileName
    sha256: Sha256


class Folder(Model):
    """A folder as ``from_pretrained`` reads it, with the digest of every file in it."""

    folder: FileName
    files: Annotated[dict[FileName, Sha256], Field(min_length=1)]


class HubModel(Model):
    """A model of the Hugging Face hub, taken from its cache or fetched."""

    # ASCII: the hub's names are, and counting all of Unicode's letters takes a tenth of a second
    repo: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96}$")]
    revision: Revision
    files: Annotated[
        dict[FileName, Sha256] | None,
        Field(min_length=1, description="of each file that is read, where no list of them is here"),
    ] = None


class SavedStates(Model):
    """Hidden states without their model: a tuple per triple, and the tokenizer of their tokens."""

    tokenizer: Folder
    hidden_states: Annotated[list[File], Field(min_length=1)]


class LanguageModelRole(Model):
    """A model by exactly one of the two."""

    local: Folder | None = None
    hub: HubModel | None = None

    @model_validator(mode="after")
    def _one(self) -> LanguageModelRole:
        if (self.local is None) == (self.hub is None):
            raise ValueError("name one of local and hub")
        return self


class ReaderRole(Model):
    """A model of reading comprehension, or what it left, by exactly one of the three."""

    local: Folder | None = None
    hub: HubModel | None = None
    saved: SavedStates | None = None

    @model_validator(mode="after")
    def _one(self) -> ReaderRole:
        if sum(part is not None for part in (self.local, self.hub, self.saved)) != 1:
            raise ValueError("name one of local, hub and saved")
        return self


def identity(part: LanguageModelRole | ReaderRole | File) -> str:
    """Return what a quiz names a part of a pack by: a digest, or a hub's ``repo@revision``.

    A model of the hub whose files the pack names is known by their digests, as one of a folder is.
    """
    if isinstance(part, File):
        return part.sha256
    digests: Any
    if part.hub is not None:
        if part.hub.files is None:
            return f"{part.hub.repo}@{part.hub.revision}"
        digests = part.hub.files  # by these, and not by what the pack says that they are
    elif part.local is not None:
        digests = part.local.files
    else:
        assert isinstance(part, ReaderRole)
        assert part.saved is not None
        digests = [part.saved.tokenizer.files, [file.sha256 for file in part.saved.hidden_states]]
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
