"""Encoders of sentences: one vector for a text, as sentence-transformers computes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

import torch
from torch import Tensor

from quizproof.probes.models.language_loading import EMBEDDING, load_network
from quizproof.probes.models.language_models import (
    LanguageModel,
    LanguageModelError,
    Reading,
    batches,
)
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.steadiness import refuse_unsteady_model
from quizproof.probes.models.tokens import Tokens, tokens_of
from quizproof.questions.files import read_bounded
from quizproof.questions.problems import one_line

Pooling: TypeAlias = Literal["mean", "cls"]

POOLING_FILE: Final = "1_Pooling/config.json"  # of sentence-transformers, as the next
_MODULES: Final = "modules.json"
_LIMIT: Final = "sentence_bert_config.json"
_UNDERSTOOD: Final = ("Transformer", "Pooling", "Normalize")
_MOST_BYTES: Final = 1_000_000
_OLDER: Final = "pooling_mode_"  # what modes were called when each had a switch of its own
_OLDER_NAMES: Final = {"mean_tokens": "mean", "cls_token": "cls"}


@dataclass(eq=False)
class Encoder(LanguageModel):
    """A transformer whose last hidden states become one vector for a text, by ``pooling``.

    ``mean`` is that of all tokens, the special ones among them, ``cls`` the state of the first.
    With ``normalise`` it is divided by its length, as sentence-transformers' Normalize does.
    """

    part_kind: ClassVar[str] = "encoder"

    pooling: Pooling = "mean"
    normalise: bool = False
    # tokens after which sentence-transformers cuts a text off, None where nothing says it
    limit: int | None = None
    _vectors: dict[tuple[int, ...], Tensor] = field(default_factory=dict, init=False, repr=False)

    def forget(self) -> None:
        super().forget()
        self._vectors.clear()

    def embeddings(self, texts: Sequence[str], *, cut: bool = False) -> Tensor:
        """Float32 (N, D), a row for each of N texts, as long as the model makes them.

        A text goes through the model once. With ``cut``, what is beyond the model's limit is cut
        off, as sentence-transformers does. Raises LanguageModelError for one that is too long.
        """
        sequences = [self.cut_tokens(text) if cut else self.tokens(text) for text in texts]
        asked = {tokens.ids: tokens for tokens in sequences}
        fresh = [tokens for ids, tokens in asked.items() if ids not in self._vectors]
        known = asked.keys() - {tokens.ids for tokens in fresh} - self.passes.counted
        self.passes.count(forward=len(known))
        self.passes.counted |= asked.keys()
        for batch in batches(fresh):
            for tokens, reading in zip(batch, self.passed(batch), strict=True):
                self._vectors[tokens.ids] = self._pooled(reading)
        return torch.stack([self._vectors[tokens.ids] for tokens in sequences])

    def cut_tokens(self, text: str) -> Tokens:
        """``text`` as tokens, without those beyond the limit, or the context where there is none.

        Raises LanguageModelError where the model has neither.
        """
        most = self.context if self.limit is None else self.limit
        if most is None:
            raise LanguageModelError(f"{self.description} cuts no text off; give it whole ones")
        return tokens_of(self.tokenizer, text).cut(most)

    def hidden_states(self, text: str) -> Tensor:
        """Float32 (L + 1, T, D), special tokens among the T: 0 is the embedding output."""
        return self.read(self.tokens(text)).hidden_states

    def attentions(self, text: str) -> Tensor:
        """Float32 (L, H, T, T): from a token (row) to a token (column)."""
        found = self.read(self.tokens(text)).attentions
        assert found is not None
        return found

    def _pooled(self, reading: Reading) -> Tensor:
        last = reading.hidden_states[-1]
        pooled = last[0].clone() if self.pooling == "cls" else last.mean(0)
        return torch.nn.functional.normalize(pooled, dim=0) if self.normalise else pooled


def load_encoder(
    folder: Path,
    description: str,
    device: torch.device,
    randomized: int | None = None,
    *,
    pooling: Pooling | None = None,
    normalise: bool | None = None,
) -> Encoder:
    """The encoder in ``folder`` without a head, with random weights if ``randomized``.

    Where ``pooling`` is None, the folder has to say it; where ``normalise`` is None, a module
    Normalize of the folder says it. Raises LanguageModelError, TokenError.
    """
    stated = _stated_pooling(folder) if pooling is None else pooling
    loaded = load_network(folder, description, device, EMBEDDING, randomized)
    model = Encoder(
        **vars(loaded),
        pooling=stated,
        normalise="Normalize" in _modules(folder) if normalise is None else normalise,
        limit=_stated_limit(folder),
    )
    refuse_unsteady_model(model)
    model.passes = Passes()
    return model


def _stated_pooling(folder: Path) -> Pooling:
    """What sentence-transformers' files say. Raises LanguageModelError where they do not."""
    for kind in _modules(folder):
        if kind not in _UNDERSTOOD:
            raise LanguageModelError(
                f"{folder / _MODULES} has a module {one_line(kind, 80)}, which is not computed "
                "here; take a model of Transformer, Pooling and Normalize alone"
            )
    path = folder / POOLING_FILE
    if not path.is_file():
        raise LanguageModelError(
            f"{folder} has no {POOLING_FILE}, so that nothing says how states become one vector; "
            "write pooling: mean or cls in the manifest"
        )
    told = _json(path)
    modes = _modes(told) if isinstance(told, dict) else []
    if len(modes) != 1 or modes[0] not in get_args(Pooling):
        said = one_line(" and ".join(map(str, modes)), 80) or "nothing"
        raise LanguageModelError(
            f"{path} says {said} of pooling; it is mean or cls that is measured here"
        )
    found: Pooling = modes[0]
    return found


def _modes(told: dict[str, Any]) -> list[Any]:
    if "pooling_mode" in told:
        mode = told["pooling_mode"]
        return mode if isinstance(mode, list) else [mode]
    switched = [key.removeprefix(_OLDER) for key, on in told.items() if on is True]
    return [_OLDER_NAMES.get(k, k) for k in switched if _OLDER + k in told]


def _stated_limit(folder: Path) -> int | None:
    """The tokens that sentence-transformers' files say a text is cut to, where they do."""
    path = folder / _LIMIT
    told = _json(path) if path.is_file() else None
    found = told.get("max_seq_length") if isinstance(told, dict) else None
    return found if isinstance(found, int) and found > 2 else None


def _modules(folder: Path) -> list[str]:
    """The names of the classes that a text goes through, where sentence-transformers' file says."""
    path = folder / _MODULES
    told = _json(path) if path.is_file() else None
    parts = [] if told is None else told if isinstance(told, list) else [told]
    kinds = [part.get("type") if isinstance(part, dict) else None for part in parts]
    return [str(kind).rpartition(".")[2] for kind in kinds]


def _json(path: Path) -> Any:
    try:
        return json.loads(read_bounded(path, _MOST_BYTES))
    except (ValueError, RecursionError):
        raise LanguageModelError(f"{path} is damaged; restore it") from None
