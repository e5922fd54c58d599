"""Kind ``masked-lm``: a model that fills in masked words, such as BERT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from quizproof.probes.kinds.kind import Kind, Part
from quizproof.probes.kinds.saved_model import (
    SavedModel,
    architecture,
    model_description,
    model_folder,
)

if TYPE_CHECKING:
    from quizproof.probes.models.language_models import LanguageModel


class MaskedLMEntry(SavedModel):
    """``kind: masked-lm``, and where the model lies."""

    kind: Literal["masked-lm"]


def load(part: Part[MaskedLMEntry], randomized: int | None) -> LanguageModel:
    """The model, with random weights if ``randomized``. Raises MissingError, LanguageModelError."""
    from quizproof.probes.models.devices import default_device
    from quizproof.probes.models.language_loading import load_language_model

    described = model_description(part)
    return load_language_model(model_folder(part), described, default_device(), randomized)


def doubts(
    part: Part[MaskedLMEntry], loaded: LanguageModel, beside: Mapping[str, Part[Any]]
) -> Iterable[str]:
    """Lines on a tokenizer that does not keep capitals as its vocabulary does."""
    from quizproof.probes.models.letter_case import wrong_case

    said = wrong_case(loaded.tokenizer, cased_script=True)
    return [f"{loaded.description}: {said}"] if said else []


KIND = Kind(
    name="masked-lm",
    entry=MaskedLMEntry,
    load=load,
    architecture=architecture,
    doubts=doubts,
)
