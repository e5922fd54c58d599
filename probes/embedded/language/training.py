"""Training: words under a mask for the language models, answers' ends for the readers.

A language model is trained shallow first and then deepened: what three layers have learned, each
trained in a quarter of the time, is where twelve begin (Gong et al., *Efficient Training of BERT by
Progressively Stacking*, ICML 2019).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from quizproof.probes.embedded.language.examples import Batch, Example, batches
from quizproof.probes.embedded.language.vocabulary import POSITIONS
from quizproof.probes.models.transformers_import import transformers

_B = TypeVar("_B")  # a batch of whatever the loss is of

HIDDEN: Final = 72
LAYERS: Final = 12
HEADS: Final = 12
_READER_RATE: Final = 1e-3
_WARM_UP: Final = 0.1
_MASKED: Final = 0.15
_MASKED_PRONOUNS: Final = 0.4  # they are few, and which one it is takes the longest to learn
_REPORT: Final = 250


@dataclass(frozen=True)
class Stage:
    """So many steps of a model of so many layers; ``rate`` is the learning rate's peak."""

    layers: int
    steps: int
    rate: float


def config(tokenizer: Any, layers: int = LAYERS) -> Any:
    """The shape of all the models: BERT's own, narrow."""
    return transformers().BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=HIDDEN,
        num_hidden_layers=layers,
        num_attention_heads=HEADS,
        intermediate_size=2 * HIDDEN,
        max_position_embeddings=POSITIONS,
        pad_token_id=tokenizer.pad_token_id,
        initializer_range=HIDDEN**-0.5 / 2,
        # every sentence is seen a few times only, so there is nothing to learn by heart
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def new_model(kind: str, shape: Any, seed: int) -> Any:
    """A model of class ``kind`` with random weights; the global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return getattr(transformers(), kind)(shape)


def masked(batch: Batch, tokenizer: Any, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Tokens with some hidden, as BERT hides them, and what was there (-100 where nothing was).

    Of the tokens chosen, 80 % become [MASK], 10 % any token and 10 % stay.
    """
    shape = batch.tokens.shape
    share = torch.where(batch.pronouns.bool(), _MASKED_PRONOUNS, _MASKED)
    special = torch.isin(batch.tokens, torch.tensor(tokenizer.all_special_ids))
    chosen = (torch.rand(shape, generator=generator) < share) & ~special
    kind = torch.rand(shape, generator=generator)
    other = torch.randint(len(tokenizer), shape, generator=generator)
    shown = torch.where(chosen & (kind < 0.8), tokenizer.mask_token_id, batch.tokens)
    shown = torch.where(chosen & (kind >= 0.9), other, shown)
    return shown, torch.where(chosen, batch.tokens, -100)


def train_masked(
    tokenizer: Any,
    examples: Sequence[Example],
    *,
    stages: Sequence[Stage],
    batch_size: int,
    seed: int,
    log: Callable[[str], None],
) -> Any:
    """A new BertForMaskedLM, trained in ``stages``."""
    generator = torch.Generator().manual_seed(seed)
    source = batches(examples, batch_size, tokenizer.pad_token_id, np.random.default_rng(seed))
    model = new_model("BertForMaskedLM", config(tokenizer, stages[0].layers), seed)
    for stage in stages:
        model = deepened(model, tokenizer, stage.layers)

        def loss(batch: Batch, model: Any = model) -> Tensor:
            shown, hidden = masked(batch, tokenizer, generator)
            states = model.bert(shown, batch.mask, batch.segments).last_hidden_state
            chosen = hidden != -100
            return nn.functional.cross_entropy(model.cls(states[chosen]), hidden[chosen])

        log(f"{stage.layers} layers")
        descend(
            model, loss, islice(source, stage.steps), steps=stage.steps, rate=stage.rate, log=log
        )
    return model


def deepened(model: Any, tokenizer: Any, layers: int) -> Any:
    """The model with its stack of layers repeated until it has ``layers`` of them."""
    deep = transformers().BertForMaskedLM(config(tokenizer, layers))
    deep.bert.embeddings.load_state_dict(model.bert.embeddings.state_dict())
    deep.cls.load_state_dict(model.cls.state_dict())
    stack = model.bert.encoder.layer
    for number, layer in enumerate(deep.bert.encoder.layer):
        layer.load_state_dict(stack[number % len(stack)].state_dict())
    return deep


def train_reader(
    model: Any,
    tokenizer: Any,
    examples: Sequence[Example],
    *,
    steps: int,
    batch_size: int,
    seed: int,
    log: Callable[[str], None],
) -> None:
    """Fine-tunes a BertForQuestionAnswering for ``steps``."""
    generator = np.random.default_rng(seed)

    def loss(batch: Batch) -> Tensor:
        output = model(
            batch.tokens,
            attention_mask=batch.mask,
            token_type_ids=batch.segments,
            start_positions=batch.start,
            end_positions=batch.end,
        )
        found: Tensor = output.loss
        return found

    source = batches(examples, batch_size, tokenizer.pad_token_id, generator)
    descend(model, loss, islice(source, steps), steps=steps, rate=_READER_RATE, log=log)


def descend(
    model: Any,
    loss: Callable[[_B], Tensor],
    source: Iterator[_B],
    *,
    steps: int,
    rate: float,
    log: Callable[[str], None],
) -> None:
    """AdamW; the rate rises to its peak and falls to zero in straight lines."""
    model.train()
    warm_up = max(1, round(_WARM_UP * steps))
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm_up, (steps - step) / (steps - warm_up + 1))
    )
    recent: list[float] = []
    started = time.monotonic()
    for step, batch in enumerate(source, start=1):
        value = loss(batch)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        recent.append(value.item())
        if step % _REPORT == 0 or step == steps:
            minutes = (time.monotonic() - started) / 60
            log(f"step {step} of {steps}, loss {np.mean(recent):.3f}, {minutes:.1f} minutes")
            recent.clear()
    model.eval()
