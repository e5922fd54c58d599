"""Attribution of one output token to the tokens that a model reads, by any method.

A number for each token. Gradients and erasure are in the unit of the output and signed: above 0 for
what speaks for it. Attention, its rollout and lengths of gradients are never below 0. Special
tokens and masks keep their embeddings in a baseline, and are never erased.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from quizproof.probes.methods.token_attribution_settings import (
    Attention,
    Erasure,
    IntegratedGradients,
    Method,
    Output,
)
from quizproof.probes.methods.token_score import TokenScore, rows_at_once
from quizproof.questions.problems import QuizproofError

_CAPTUM = {
    "left": "riemann_left",
    "right": "riemann_right",
    "middle": "riemann_middle",
    "gauss": "gausslegendre",
}
_MOST_GAP = 0.05  # Sundararajan et al. 2017, section 5: enough steps come within 5 %


@dataclass(frozen=True)
class Attribution:
    """Float64 (T,), of each token that is read, and the output, or its logit, that they are of."""

    values: Tensor
    output: float


def attribution(score: TokenScore, method: Method) -> Attribution:
    """Attribute the output token to those that are read. Raises QuizproofError."""
    match method["name"]:
        case "gradient_norm":
            _, gradient, output = _gradient(score, method["output"])
            return Attribution(gradient.square().sum(-1).sqrt(), output)
        case "input_x_gradient":
            vectors, gradient, output = _gradient(score, method["output"])
            return Attribution((vectors.double() * gradient).sum(-1), output)
        case "integrated_gradients":
            return _integrated(score, method)
        case "erasure":
            return _erasure(score, method)
        case "attention":
            found = _attention(score, method)
        case "attention_rollout":
            found = rollout(score)
    return Attribution(found, float(score.of_tokens([score.tokens.ids], "logit")[0]))


def _gradient(score: TokenScore, output: Output) -> tuple[Tensor, Tensor, float]:
    """The embeddings (T, D), the gradient there, float64, and the output."""
    vectors = score.embeddings(score.tokens.ids)
    with torch.enable_grad():
        taken = vectors[None].clone().requires_grad_()
        of = score.of_embeddings(taken, output, backward=True)
        [gradient] = torch.autograd.grad(of.sum(), taken)
    return vectors.cpu(), gradient[0].double().cpu(), float(of[0].detach())


def _integrated(score: TokenScore, method: IntegratedGradients) -> Attribution:
    from captum.attr import IntegratedGradients as Integrated

    vectors = score.embeddings(score.tokens.ids)
    baseline = vectors.clone()
    baseline[score.own] = score.stand(method["baseline"])
    with torch.enable_grad():
        found = Integrated(
            lambda steps: score.of_embeddings(steps, method["output"], backward=True)
        ).attribute(
            vectors[None],
            baseline[None],
            n_steps=method["steps"],
            method=_CAPTUM[method["rule"]],
            internal_batch_size=rows_at_once(len(vectors)),
        )
    summed: Tensor = found[0].double().sum(-1).cpu()
    with torch.no_grad():
        ends = torch.stack([vectors, baseline])
        whole, none = score.of_embeddings(ends, method["output"], backward=False).tolist()
    _refuse_incomplete(summed, whole - none, method["steps"])
    return Attribution(summed, whole)


def _refuse_incomplete(found: Tensor, change: float, steps: int) -> None:
    """Raises QuizproofError where the sum is not what changes: the paper's own check."""
    gap = abs(float(found.sum()) - change) / max(abs(change), float(found.abs().sum()), 1e-12)
    if gap > _MOST_GAP:
        raise QuizproofError(
            f"integrated gradients of {steps} steps sum to {float(found.sum()):.3g}, and the "
            f"output changes by {change:.3g}; ask for more steps, or another baseline"
        )


def _attention(score: TokenScore, method: Attention) -> Tensor:
    found = score.attention.double()
    layers, heads = found.shape[:2]
    layer, head = method["layer"], method["head"]
    for name, asked, there in (("layer", layer, layers), ("head", head, heads)):
        if isinstance(asked, int) and asked > there:
            a_layer = " a layer" if name == "head" else ""
            raise QuizproofError(
                f"{score.model.description} has {there} {name}s{a_layer}, and no {name} {asked}; "
                "they begin with 1"
            )
    found = found.mean(0) if layer == "mean" else found[layer - 1]
    return found.mean(0) if head == "mean" else found[head - 1]


def rollout(score: TokenScore) -> Tensor:
    """Attention as it flows through all layers (Abnar & Zuidema 2020, arXiv 2005.00928, section 3).

    Raises QuizproofError for a model of two halves, of which it is not defined.
    """
    if score.whole is None:
        raise QuizproofError(
            f"attention rollout is not defined for {score.model.description}, a model of two "
            "halves; ask for attention"
        )
    each = score.whole.double().mean(1)  # (L, T, T)
    mixed = (each + torch.eye(each.shape[-1], dtype=torch.float64)) / 2
    flow = mixed[0]
    for layer in mixed[1:]:
        flow = layer @ flow
    return flow[score.place]


def _erasure(score: TokenScore, method: Erasure) -> Attribution:
    """The fall of the output where each of the text's own tokens is erased."""
    ids, own, output = list(score.tokens.ids), score.own, method["output"]
    found = torch.zeros(len(ids), dtype=torch.float64)
    if method["by"] == "zero":
        vectors = score.embeddings(ids)
        rows = vectors.repeat(1 + len(own), 1, 1)
        for row, k in zip(rows[1:], own, strict=True):
            row[k] = 0
        with torch.no_grad():
            whole, *left = score.of_embeddings(rows, output, backward=False).tolist()
    elif method["by"] == "drop":
        whole, left = float(score.of_tokens([ids], output)[0]), _dropped(score, output)
    else:
        stand = score.stand_id(method["by"])
        erased = [[*ids[:k], stand, *ids[k + 1 :]] for k in own]
        whole, *left = score.of_tokens([ids, *erased], output).tolist()
    found[own] = whole - torch.tensor(left, dtype=torch.float64)
    return Attribution(found, whole)


def _dropped(score: TokenScore, output: Output) -> list[float]:
    """The output without each of the text's own tokens, whose place is taken by the next."""
    ids, own = list(score.tokens.ids), score.own
    if len(ids) == 1:
        raise QuizproofError(
            "nothing is left where the only token is dropped; erase by zero or mask"
        )
    found: dict[int, float] = {}
    for before in (True, False):  # the place where it is predicted moves, or does not
        places = [k for k in own if (score.written is None and k <= score.place) is before]
        if places:
            rows = [ids[:k] + ids[k + 1 :] for k in places]
            left = score.of_tokens(rows, output, int(before))
            found |= dict(zip(places, left.tolist(), strict=True))
    return [found[k] for k in own]
