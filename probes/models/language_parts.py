"""From a manifest's roles of language to what a probe reads with."""

from __future__ import annotations

from pathlib import Path

import torch

from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.reading_comprehension import ModelReader, Reader, SavedReader
from quizproof.probes.models.tokens import load_tokenizer
from quizproof.probes.packs.hub import cached
from quizproof.probes.packs.language_roles import LanguageModelRole, ReaderRole
from quizproof.probes.packs.pack import MissingError, Pack


def load_role(
    pack: Pack, role: str, device: torch.device, randomized: int | None = None
) -> LanguageModel:
    """The model of role ``english`` or ``chinese``, with random weights if ``randomized``.

    Raises MissingError, LanguageModelError.
    """
    part: LanguageModelRole | None = getattr(pack.manifest, role)
    if part is None:
        raise MissingError(f"pack {pack.manifest.name} has no {role} model")
    described = _described(pack, part, role)
    return load_language_model(_folder(pack, part), described, device, randomized)


def load_reader(
    pack: Pack, number: int, device: torch.device, randomized: int | None = None
) -> Reader:
    """Reading comprehension model ``number``, from 1, with random weights if ``randomized``.

    Raises QuizproofError, and MissingError, too, where it is to be randomized and what it left is
    all there is of it.
    """
    if not 1 <= number <= len(pack.manifest.readers):
        raise MissingError(f"pack {pack.manifest.name} has no reader {number}")
    part = pack.manifest.readers[number - 1]
    described = _described(pack, part, f"reader {number}")
    if part.saved is None:
        return ModelReader(load_language_model(_folder(pack, part), described, device, randomized))
    if randomized is not None:
        raise MissingError(
            f"{described} has no weights to randomise; name the model itself in the pack"
        )
    return SavedReader(
        tokenizer=load_tokenizer(pack.folder_of(part.saved.tokenizer)),
        files=[pack.path(file.file, file.sha256) for file in part.saved.hidden_states],
        description=f"{described} (saved hidden states)",
    )


def _folder(pack: Pack, part: LanguageModelRole | ReaderRole) -> Path:
    if part.hub is not None:
        return cached(part.hub)
    assert part.local is not None
    return pack.folder_of(part.local)


def _described(pack: Pack, part: LanguageModelRole | ReaderRole, role: str) -> str:
    return part.hub.repo if part.hub is not None else f"{role} of {pack.manifest.name}"
