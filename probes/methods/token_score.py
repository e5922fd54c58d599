"""What a model makes of one output token, as a function of the tokens or embeddings it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from quizproof.probes.methods.token_attribution_settings import Output, Stand
from quizproof.probes.models.asked_word import asked_word
from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.seq2seq_lm import Seq2SeqLM
from quizproof.probes.models.steadiness import same_numbers
from quizproof.probes.models.tokens import Tokens, made_up
from quizproof.questions.problems import QuizproofError, one_line

_AT_ONCE = 1024  # tokens: a pass with its gradient keeps some MB of each in a large network
_scales: WeakKeyDictionary[Any, float] = WeakKeyDictionary()  # of the networks looked at so far


@dataclass(frozen=True, eq=False)
class TokenScore:
    """An output token of a text of T tokens.

    Args:
        model: what reads and predicts.
        tokens: what it reads, the mask among them where a masked model is asked.
        asked: the output token's number in the vocabulary.
        place: the row of the logits where it is predicted.
        written: of a model of two halves, what its decoder reads, else None.
        target: and all that it is to write.
    """

    model: Any
    tokens: Tokens
    asked: int
    place: int
    written: tuple[int, ...] | None = None
    target: str | None = None

    @property
    def own(self) -> list[int]:
        """The places of the text's own tokens: no special one, and no mask."""
        special = self.tokens.special()
        masks = {k for k, i in enumerate(self.tokens.ids) if i == self.tokens.mask}
        return [k for k in range(len(self.tokens)) if not special[k] and k not in masks]

    @cached_property
    def whole(self) -> Tensor | None:
        """Attention among the text's tokens, (L, H, T, T); None of a model of two halves."""
        if self.target is not None:
            return None
        found: Tensor = self.model.read(self.tokens).attentions
        return found

    @property
    def attention(self) -> Tensor:
        """From where the output is predicted to each token that is read, (L, H, T)."""
        if self.whole is not None:
            return self.whole[:, :, self.place]
        reading = self.model.read(self.tokens.text, self.target)
        found: Tensor = reading.cross_attentions[:, :, self.place]
        return found

    def embeddings(self, ids: Sequence[int]) -> Tensor:
        """Float32 (T, D): what the network goes on from where it reads ``ids``, without positions.

        Raises LanguageModelError where it does not go on from these as from the tokens.
        """
        if self.model.net not in _scales:
            _scales[self.model.net] = self._scale()
        return self._rows(ids) * _scales[self.model.net]

    def stand(self, by: Stand) -> Tensor:
        """The vector (D,) that stands for no token. Raises LanguageModelError."""
        if by == "zero":
            return torch.zeros_like(self._rows([self.asked])[0])
        return self.embeddings([self.stand_id(by)])[0]

    def stand_id(self, by: str) -> int:
        """The token that stands for none. Raises LanguageModelError where there is none."""
        found = getattr(self.model.tokenizer, f"{by}_token_id", None)
        if not isinstance(found, int):
            raise LanguageModelError(
                f"{self.model.description} has no token for {by} that could stand for another; "
                "take another stand-in, such as zero"
            )
        return found

    def of_tokens(self, rows: Sequence[Sequence[int]], output: Output, gone: int = 0) -> Tensor:
        """The output, float64 (N,), where the model reads each of N ``rows`` of one length.

        ``gone`` tokens before the place where it is predicted are not there.
        """
        found = []
        step = rows_at_once(len(rows[0]))
        for start in range(0, len(rows), step):
            ids = torch.tensor(rows[start : start + step], device=self.model.device)
            self.model.passes.count(forward=len(ids))
            with torch.no_grad():
                found.append(self._scored(output, gone, input_ids=ids))
        return torch.cat(found)

    def of_embeddings(self, vectors: Tensor, output: Output, *, backward: bool) -> Tensor:
        """The output, float64 (N,), where the model reads ``vectors`` (N, T, D)."""
        backwards = len(vectors) if backward else 0
        self.model.passes.count(forward=len(vectors), backward=backwards)
        step = rows_at_once(vectors.shape[1])
        some = [vectors[start : start + step] for start in range(0, len(vectors), step)]
        return torch.cat([self._scored(output, 0, inputs_embeds=each) for each in some])

    @cached_property
    def _keeps_the_last(self) -> bool:
        """Can the network leave out the logits of all places but the last?"""
        return "logits_to_keep" in signature(self.model.net.forward).parameters

    def _rows(self, ids: Sequence[int]) -> Tensor:
        """Rows of the embedding matrix."""
        numbers = torch.tensor(ids, device=self.model.device)
        with torch.no_grad():
            found: Tensor = self.model.net.get_input_embeddings()(numbers)
        return found.clone()

    def _scale(self) -> float:
        """What a row is multiplied by before the network goes on from it, by a few tokens."""
        few = made_up(self.model.tokenizer, 3)
        score = TokenScore(self.model, few, self.asked, len(few) - 1)
        encoder = None
        if self.written is not None:
            encoder = self.model.net.get_encoder()
            score = TokenScore(self.model, few, self.asked, 0, self.written[:1], "")
        by_tokens = score.of_tokens([few.ids], "logit")
        for scale in (1.0, getattr(encoder, "embed_scale", None)):
            if scale is not None:
                rows = (score._rows(few.ids) * scale)[None]
                with torch.no_grad():
                    by_rows = score.of_embeddings(rows, "logit", backward=False)
                if same_numbers(by_rows, by_tokens):
                    return float(scale)
        raise LanguageModelError(
            f"{self.model.description} does not go on from its embeddings as from its tokens; "
            "ask for attention or erasure"
        )

    def _scored(self, output: Output, gone: int, **read: Tensor) -> Tensor:
        [given] = read.values()
        device = self.model.device
        read["attention_mask"] = torch.ones(given.shape[:2], dtype=torch.long, device=device)
        place = self.place - gone
        others: dict[str, Any] = {}
        if self.written is not None:
            read["decoder_input_ids"] = torch.tensor([self.written] * len(given), device=device)
            place = self.place
        elif place == given.shape[1] - 1 and self._keeps_the_last:
            others, place = {"logits_to_keep": 1}, 0  # a vocabulary is most of a small network
        try:
            every: Tensor = self.model.net(**read, **others).logits
        except Exception as error:  # the network may be of any kind
            raise LanguageModelError(
                f"{self.model.description} cannot read what stands for its tokens "
                f"({one_line(f'{type(error).__name__}: {error}', 120)}); ask for attention"
            ) from None
        logits = every[:, place].double()
        if output == "logit":
            return logits[:, self.asked]
        logs = logits.log_softmax(1)[:, self.asked]
        return logs.exp() if output == "probability" else logs


def rows_at_once(tokens: int) -> int:
    """The number of sequences of so many tokens that go through a network together."""
    return max(1, _AT_ONCE // tokens)


def token_score(
    model: CausalLM | LanguageModel | Seq2SeqLM,
    text: str,
    of: str,
    masked: str | None,
    target: str | None,
) -> TokenScore:
    """The output token ``of`` where ``model`` reads ``text``.

    Of a causal model, the one after the text; of a masked one, that in the place of ``masked``; of
    one of two halves, the first of the word ``of`` in ``target``. Raises QuizproofError.
    """
    kind = model.part_kind
    said = {name for name, given in (("masked", masked), ("target", target)) if given is not None}
    needs = {"masked-lm": {"masked"}, "seq2seq-lm": {"target"}}.get(kind, set())
    if said != needs:
        mend = " and ".join(needs) or "neither masked nor target"
        raise QuizproofError(f"{model.description} is a {kind}: say {mend}, and no other")
    if isinstance(model, Seq2SeqLM):
        assert target is not None
        source, writes = model.source(text), model.target(target)
        if not len(source):
            raise LanguageModelError(f"{model.description} was given no token; write a text")
        place = writes.places(of)[0]
        written = (model.start(), *writes.ids[:place])
        return TokenScore(model, source, writes.ids[place], place, written, target)
    asked = asked_word(model, text, of, masked)
    return TokenScore(model, asked.tokens, asked.token, asked.place)
