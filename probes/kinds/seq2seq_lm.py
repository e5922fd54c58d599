"""Kind ``seq2seq-lm``: a model that reads a text and writes one, such as T5."""

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
    from quizproof.probes.models.seq2seq_lm import Seq2SeqLM


class Seq2SeqLMEntry(SavedModel):
    """``kind: seq2seq-lm``, and where the model lies."""

    kind: Literal["seq2seq-lm"]


def load(part: Part[Seq2SeqLMEntry], randomized: int | None) -> Seq2SeqLM:
    """The model, with random weights if ``randomized``. Raises MissingError, LanguageModelError."""
    from quizproof.probes.models.devices import default_device
    from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm

    described = model_description(part)
    return load_seq2seq_lm(model_folder(part), described, default_device(), randomized)


KIND = Kind(name="seq2seq-lm", entry=Seq2SeqLMEntry, load=load, architecture=architecture)
