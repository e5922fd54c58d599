"""From a manifest's roles of language to what a probe reads with."""

from __future__ import annotations

from pathlib import Path

import torch

from quizproof.probes.models.language_loading import load_language_model, random_language_model
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.reading_comprehension import ModelReader, Reader, SavedReader
from quizproof.probes.models.tokens import load_tokenizer
from quizproof.probes.packs.hub import cached
from quizproof.probes.packs.language_roles import LanguageModelRole, ReaderRole
from quizproof.probes.packs.pack import MissingError, Pack


def load_role(pack: Pack, role: str, device: torch.device) -> LanguageModel:
    """The model of role ``english`` or ``chinese``. Raises MissingError, LanguageModelError."""
    part: LanguageModelRole | None = getattr(pack.manifest, role)
    if part is None:
        raise MissingError(f"pack {pack.manifest.name} has no {role} model")
    return load_language_model(_folder(pack, part), _described(pack, part, role), device)


def load_reader(pack: Pack, number: int, device: torch.device) -> Reader:
    """Reading comprehension model ``number``, from 1. Raises MissingError, QuizproofError."""
    if not 1 <= number <= len(pack.manifest.readers):
        raise MissingError(f"pack {pack.manifest.name} has no reader {number}")
    part = pack.manifest.readers[number - 1]
    described = _described(pack, part, f"reader {number}")
    if part.saved is None:
        return ModelReader(load_language_model(_folder(pack, part), described, device))
    return SavedReader(
        load_tokenizer(pack.folder_of(part.saved.tokenizer)),
        [pack.path(file.file, file.sha256) for file in part.saved.hidden_states],
        f"{described} (saved hidden states)",
    )


def random_reader(reader: Reader, seed: int) -> Reader:
    """The same architecture, tokenizer and head with random weights.

    Raises MissingError where all there is of ``reader`` is what it left.
    """
    if not isinstance(reader, ModelReader):
        raise MissingError(
            f"{reader.description} has no weights to randomise; name the model itself in the pack"
        )
    return ModelReader(random_language_model(reader.model, seed))


def _folder(pack: Pack, part: LanguageModelRole | ReaderRole) -> Path:
    if part.hub is not None:
        return cached(part.hub)
    assert part.local is not None
    return pack.folder_of(part.local)


def _described(pack: Pack, part: LanguageModelRole | ReaderRole, role: str) -> str:
    return part.hub.repo if part.hub is not None else f"{role} of {pack.manifest.name}"
