"""Models of reading comprehension: a model that is asked, or the hidden states one left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor

from quizproof.probes.models.language_models import LanguageModel, Reading
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.tokens import tokens_of
from quizproof.probes.models.weights import read_tensors
from quizproof.probes.packs.texts import Triple
from quizproof.questions.problems import QuizproofError

_SAVE = "save model(...).hidden_states, of one triple"


class SavedStatesError(QuizproofError):
    """Saved hidden states that are not those of the triple they are said to be of."""


class Reader(Protocol):
    """Reader of triples: it gives a reading of triple ``number``, from 0."""

    @property
    def name(self) -> str: ...
    @property
    def tokenizer(self) -> Any: ...
    @property
    def description(self) -> str: ...
    @property
    def device(self) -> torch.device: ...
    @property
    def passes(self) -> Passes: ...

    def reading(self, number: int, triple: Triple) -> Reading:
        """``[CLS] question [SEP] context [SEP]``, read. Raises QuizproofError."""
        ...


@dataclass(eq=False)
class ModelReader:
    """A model that is asked."""

    part_kind: ClassVar[str] = "reader"

    model: LanguageModel
    name: str = "the reader"

    @property
    def description(self) -> str:
        return self.model.description

    @property
    def tokenizer(self) -> Any:
        return self.model.tokenizer

    @property
    def weight_bytes(self) -> int:
        return self.model.weight_bytes

    def forget(self) -> None:
        """Let go of all readings, which the next who asks has made again."""
        self.model.forget()

    @property
    def remarks(self) -> tuple[str, ...]:
        return self.model.remarks

    @property
    def device(self) -> torch.device:
        return self.model.device

    @property
    def passes(self) -> Passes:
        return self.model.passes

    def reading(self, number: int, triple: Triple) -> Reading:
        return self.model.read(self.model.tokens(triple.question, triple.context))


@dataclass(eq=False)
class SavedReader:
    """Reader by saved states: a file for each triple, of a tuple of (1, T, D), embedding first."""

    part_kind: ClassVar[str] = "reader"

    tokenizer: Any
    files: Sequence[Path]
    description: str
    name: str = "the reader"
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    passes: Passes = field(default_factory=Passes)

    def reading(self, number: int, triple: Triple) -> Reading:
        if number >= len(self.files):
            raise SavedStatesError(
                f"{self.description} has no hidden states of triple {number + 1}; "
                "take that triple out, or save its states too"
            )
        path = self.files[number]
        tokens = tokens_of(self.tokenizer, triple.question, triple.context)
        return Reading(tokens, _stacked(path, read_tensors(path), len(tokens)))


def _stacked(path: Path, states: Sequence[Tensor], tokens: int) -> Tensor:
    """(L + 1, T, D) from L + 1 of (1, T, D). Raises SavedStatesError."""
    shapes = {tuple(state.shape) for state in states}
    if len(states) < 2 or len(shapes) != 1:
        raise SavedStatesError(f"{path} holds no tuple of hidden states of one shape; {_SAVE}")
    [shape] = shapes
    numbers = all(state.is_floating_point() for state in states)
    if len(shape) != 3 or shape[0] != 1 or shape[2] == 0 or not numbers:
        raise SavedStatesError(
            f"{path} holds tensors of {shape}, not of (1, tokens, dimensions); {_SAVE}"
        )
    if shape[1] != tokens:
        raise SavedStatesError(
            f"{path} has hidden states of {shape[1]} tokens, the triple has {tokens}: "
            "it is another triple, or another tokenizer; take those the states were saved with"
        )
    return torch.stack([state[0].float() for state in states])
