"""The rows about attribution of tokens: against Captum at its best batch, and against the floor.

The model is a GPT-2 of a few layers with random weights, large enough for its passes to be what
takes the time. Integrated gradients are Captum's own in both, here with the check that they sum to
what changes, as Captum's documentation shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from quizproof.probes.methods.token_attribution import attribution
from quizproof.probes.methods.token_attribution_settings import Method
from quizproof.probes.methods.token_score import TokenScore, token_score
from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.passes import Passes
from tests.bench.methods import equal, same_passes
from tests.bench.pairs import Row, best
from tests.planted_transformers import causal_folder

BATCHES = (1, 2, 5, 10, 20, 50)
_TEXT = "The cat saw her and then the dog saw the cat"


@dataclass(frozen=True)
class Size:
    """How large the network is, and how many steps a path has."""

    layers: int = 6
    width: int = 384
    steps: int = 50


def rows(size: Size) -> Iterator[Row]:
    """The rows for a sentence."""
    with TemporaryDirectory() as folder:
        config: dict[str, Any] = {
            "n_layer": size.layers,
            "n_embd": size.width,
            "n_head": 6,
            "initializer_range": 0.02,
        }
        made = causal_folder(Path(folder) / "gpt", **config)
        model = load_causal_lm(made, "gpt", torch.device("cpu"))
    model.tokenizer.pad_token = model.tokenizer.eos_token  # what stands for no token
    score = token_score(model, _TEXT, " cat", None, None)
    tokens = len(score.tokens)
    path: Method = {
        "name": "integrated_gradients",
        "output": "logit",
        "baseline": "pad",
        "steps": size.steps,
        "rule": "gauss",
    }
    ours = _ours(score, path)
    batch = best(lambda each: _captum(score, size.steps, each), BATCHES, turns=2)
    theirs = partial(_captum, score, size.steps, batch)
    work = f"integrated gradients of {tokens} tokens, {size.steps} steps"
    yield Row(work, f"Captum, batch {batch}", ours, theirs, equal, 1.0)
    yield _floor(work, score, ours, size.steps + 2, size.steps)
    one: Method = {"name": "gradient_norm", "output": "logit"}
    yield _floor(f"gradient norms of {tokens} tokens", score, _ours(score, one), 1, 1)
    for by in ("zero", "drop"):
        erased: Any = {"name": "erasure", "output": "logit", "by": by}
        work = f"erasure of {tokens} tokens, by {by}"
        yield _floor(work, score, _ours(score, erased), 1 + tokens, 0)


def _ours(score: TokenScore, method: Method) -> Callable[[], Tensor]:
    return lambda: attribution(score, method).values


def _captum(score: TokenScore, steps: int, batch: int) -> Tensor:
    """Captum's, of the network as a person loads it."""
    from captum.attr import IntegratedGradients

    net = score.model.net
    vectors = net.get_input_embeddings()(torch.tensor([score.tokens.ids])).detach()
    found, _gap = IntegratedGradients(
        lambda each: net(inputs_embeds=each).logits[:, -1, score.asked]
    ).attribute(
        vectors,
        score.stand("pad").expand_as(vectors),
        n_steps=steps,
        method="gausslegendre",
        internal_batch_size=batch,
        return_convergence_delta=True,
    )
    summed: Tensor = found[0].double().sum(-1)
    return summed


def _floor(
    work: str, score: TokenScore, ours: Callable[[], object], forward: int, backward: int
) -> Row:
    def counted() -> Passes:
        passes: Passes = score.model.passes
        before = passes + Passes()
        ours()
        return passes - before

    batches = [each for each in BATCHES if each <= forward]
    size = best(
        lambda each: _bare(score, max(batches), max(batches) * bool(backward), each), batches
    )
    return Row(
        work,
        f"the floor: {forward} bare passes in batches of {size}",
        ours,
        partial(_bare, score, forward, backward, size),
        lambda _, theirs: same_passes(counted(), theirs),
        1.15,
        "overhead",
    )


def _bare(score: TokenScore, forward: int, backward: int, batch: int) -> Passes:
    """Passes of the network alone on embeddings that are there already."""
    net, width = score.model.net, score.model.net.config.hidden_size
    vectors = torch.rand(batch, len(score.tokens), width)
    for left in range(backward, 0, -batch):
        some = vectors[: min(batch, left)].requires_grad_()
        torch.autograd.grad(net(inputs_embeds=some).logits[:, -1, 0].sum(), some)
    with torch.inference_mode():
        for left in range(forward - backward, 0, -batch):
            net(inputs_embeds=vectors[: min(batch, left)])
    return Passes(forward, backward)
