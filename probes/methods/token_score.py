"""What a model makes of one output token, as a function of the tokens or embeddings it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from quizproof.probes.methods.token_attribution_settings import Method, Output, Stand
from quizproof.probes.models.causal_lm import CausalLM
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.seq2seq_lm import Seq2SeqLM
from quizproof.probes.models.steadiness import same_numbers
from quizproof.probes.models.tokens import Tokens, token_id
from quizproof.questions.problems import QuizproofError, one_line

_BATCH = 32  # sequences


@dataclass(frozen=True, eq=False)
class TokenScore:
    """An output token of a text of T tokens.

    Args:
        net: the network, with its tokenizer.
        tokens: what it reads, the mask among them where a masked model is asked.
        attention: (L, H, T), from where the output is predicted to each token, by layer and head.
        whole: (L, H, T, T) where all attention is the text's own, None where it crosses from
            another text.
        asked: the output token's number in the vocabulary.
        place: the row of the logits where it is predicted.
        written: of a model of two halves, what its decoder reads, else None.
    """

    net: Any
    tokenizer: Any
    description: str
    passes: Passes
    device: torch.device
    tokens: Tokens
    attention: Tensor
    whole: Tensor | None
    asked: int
    place: int
    written: tuple[int, ...] | None = None

    @property
    def own(self) -> list[int]:
        """The places of the text's own tokens: no special one, and no mask."""
        special = self.tokens.special()
        masks = {k for k, i in enumerate(self.tokens.ids) if i == self.tokens.mask}
        return [k for k in range(len(self.tokens)) if not special[k] and k not in masks]

    @cached_property
    def _scale(self) -> float:
        """What a row of the embedding matrix is multiplied by before the network goes on from it.

        Raises LanguageModelError where it does not go on from these as from the tokens.
        """
        by_tokens = self.of_tokens([self.tokens.ids], "logit")
        rows = self._rows(self.tokens.ids)
        encoder = self.net.get_encoder() if self.written is not None else None
        for scale in (1.0, getattr(encoder, "embed_scale", None)):
            if scale is not None:
                with torch.no_grad():
                    by_vectors = self.of_embeddings(rows[None] * scale, "logit", backward=False)
                if same_numbers(by_vectors, by_tokens):
                    return float(scale)
        raise LanguageModelError(
            f"{self.description} does not go on from its embeddings as from its tokens; "
            "ask for attention or erasure"
        )

    def embeddings(self, ids: Sequence[int]) -> Tensor:
        """Float32 (T, D): what the network goes on from where it reads ``ids``, without positions.

        Raises LanguageModelError.
        """
        return self._rows(ids) * self._scale

    def _rows(self, ids: Sequence[int]) -> Tensor:
        with torch.no_grad():
            found: Tensor = self.net.get_input_embeddings()(torch.tensor(ids, device=self.device))
        return found.clone()

    def stand(self, by: Stand) -> Tensor:
        """The vector (D,) that stands for no token. Raises LanguageModelError."""
        if by == "zero":
            return torch.zeros_like(self._rows([self.asked])[0])
        return self.embeddings([self.stand_id(by)])[0]

    def stand_id(self, by: str) -> int:
        """The token that stands for none. Raises LanguageModelError where there is none."""
        found = getattr(self.tokenizer, f"{by}_token_id", None)
        if not isinstance(found, int):
            raise LanguageModelError(
                f"{self.description} has no token for {by} that could stand for another; "
                "take another stand-in, such as zero"
            )
        return found

    def of_tokens(self, rows: Sequence[Sequence[int]], output: Output, gone: int = 0) -> Tensor:
        """The output, float64 (N,), where the model reads each of N ``rows`` of one length.

        ``gone`` tokens before the place where it is predicted are not there.
        """
        found = []
        for start in range(0, len(rows), _BATCH):
            ids = torch.tensor(rows[start : start + _BATCH], device=self.device)
            self.passes.count(forward=len(ids))
            with torch.no_grad():
                found.append(self._scored(output, gone, input_ids=ids))
        return torch.cat(found)

    def output(self, method: Method) -> float:
        """What ``method`` attributes, or the logit where it looks at none."""
        asked: Output = "logit"
        if method["name"] != "attention" and method["name"] != "attention_rollout":
            asked = method["output"]
        return float(self.of_tokens([self.tokens.ids], asked)[0])

    def of_embeddings(self, vectors: Tensor, output: Output, *, backward: bool) -> Tensor:
        """The output, float64 (N,), where the model reads ``vectors`` (N, T, D)."""
        self.passes.count(forward=len(vectors), backward=len(vectors) if backward else 0)
        return self._scored(output, 0, inputs_embeds=vectors)

    def _scored(self, output: Output, gone: int, **read: Tensor) -> Tensor:
        [given] = read.values()
        read["attention_mask"] = torch.ones(given.shape[:2], dtype=torch.long, device=self.device)
        place = self.place - gone
        if self.written is not None:
            ids = torch.tensor([self.written] * len(given), device=self.device)
            read["decoder_input_ids"] = ids
            place = self.place
        try:
            every: Tensor = self.net(**read).logits
        except Exception as error:  # the network may be of any kind
            raise LanguageModelError(
                f"{self.description} cannot read what stands for its tokens "
                f"({one_line(f'{type(error).__name__}: {error}', 120)}); ask for attention"
            ) from None
        logits = every[:, place].double()
        if output == "logit":
            return logits[:, self.asked]
        logs = logits.log_softmax(1)[:, self.asked]
        return logs.exp() if output == "probability" else logs


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
    common = {
        "net": model.net,
        "tokenizer": model.tokenizer,
        "description": model.description,
        "passes": model.passes,
        "device": model.device,
    }
    if isinstance(model, Seq2SeqLM):
        assert target is not None
        reading = model.read(text, target)
        place = reading.target.find(of)
        return TokenScore(
            **common,
            tokens=reading.source,
            attention=reading.cross_attentions[:, :, place],
            whole=None,
            asked=reading.target.ids[place],
            place=place,
            written=(model.start(), *reading.target.ids[:place]),
        )
    if isinstance(model, CausalLM):
        tokens = model.tokens(text)
        place, asked = len(tokens) - 1, model.next_token_id(text, of)
    else:
        assert masked is not None
        tokens = model.tokens(text)
        place = tokens.find_whole(masked)
        tokens, asked = tokens.masked([place]), token_id(model.tokenizer, of, model.description)
    whole = model.read(tokens).attentions
    assert whole is not None
    return TokenScore(
        **common, tokens=tokens, attention=whole[:, :, place], whole=whole, asked=asked, place=place
    )
