"""Models of language as ``save_pretrained`` writes them: in a folder of the pack, or on a hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import model_validator

from quizproof.probes.kinds.kind import Entry, Part
from quizproof.probes.packs.files import CONFIG, File, Folder, HubModel, identity_of
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import QuizproofError

_MAX_BYTES = 10_000_000
_OTHER_THAN_A_CONFIGURATION = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)


class SavedModel(Entry):
    """A model by exactly one of the two."""

    local: Folder | None = None
    hub: HubModel | None = None

    @model_validator(mode="after")
    def _one(self) -> SavedModel:
        if (self.local is None) == (self.hub is None):
            raise ValueError("name one of local and hub")
        return self

    def identity(self) -> str:
        """A digest, or ``repo@revision``; by the digests of its files where the pack names them."""
        if self.local is not None:
            return identity_of(self.local.files)
        assert self.hub is not None
        if self.hub.files is not None:
            return identity_of(self.hub.files)  # by these, and not by what the pack calls it
        return f"{self.hub.repo}@{self.hub.revision}"

    def shown(self) -> Iterator[File]:
        """Its configuration, which names its architecture."""
        if self.local is not None and CONFIG in self.local.files:
            name = f"{self.local.folder}/{CONFIG}"
            yield File(
                file=name,
                sha256=self.local.files[CONFIG],
                distribution=self.local.distribution,
            )

    @property
    def randomizes(self) -> bool:
        return True


def model_folder(part: Part[SavedModel]) -> Path:
    """Its folder, every file's digest right. Raises MissingError, DigestError."""
    from quizproof.probes.packs.hub import cached

    if part.entry.hub is not None:
        return cached(part.entry.hub)
    assert part.entry.local is not None
    return part.files.folder_of(part.entry.local)


def model_description(part: Part[SavedModel]) -> str:
    """Its name for people: the hub's where it is of one."""
    return part.entry.hub.repo if part.entry.hub is not None else part.description


def architecture(part: Part[SavedModel]) -> str:
    """Its configuration's ``model_type``, "" where it is not known.

    Behind it stands the kind of its positions where they are not absolute: ``bert``,
    ``bert:relative_key``.
    """
    from quizproof.probes.packs.hub import cached

    try:
        if part.entry.hub is not None:
            path: Path = cached(part.entry.hub) / CONFIG
        else:  # that file alone: an evidence file holds no weights
            path = part.files.file(next(part.entry.shown()))
        config = json.loads(read_bounded(path, _MAX_BYTES))
        kind, positions = config["model_type"], config.get("position_embedding_type", "absolute")
    except (QuizproofError, OSError, StopIteration, *_OTHER_THAN_A_CONFIGURATION):
        return ""  # measuring says what is wrong with the model
    return str(kind) if positions == "absolute" else f"{kind}:{positions}"
