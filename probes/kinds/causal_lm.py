"""Kind ``causal-lm``: a model that goes on with a text, such as GPT-2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizproof.probes.kinds.kind import Kind, Part
from quizproof.probes.kinds.saved_model import (
    SavedModel,
    architecture,
    model_description,
    model_folder,
)

if TYPE_CHECKING:
    from quizproof.probes.models.causal_lm import CausalLM


class CausalLMEntry(SavedModel):
    """``kind: causal-lm``, and where the model lies."""

    kind: Literal["causal-lm"]


def load(part: Part[CausalLMEntry], randomized: int | None) -> CausalLM:
    """The model, with random weights if ``randomized``. Raises MissingError, LanguageModelError."""
    from quizproof.probes.models.causal_lm import load_causal_lm
    from quizproof.probes.models.devices import default_device

    described = model_description(part)
    return load_causal_lm(model_folder(part), described, default_device(), randomized)


KIND = Kind(name="causal-lm", entry=CausalLMEntry, load=load, architecture=architecture)
