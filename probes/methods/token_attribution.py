"""Attribution of one output token to the tokens that a model reads, by any method.

A number for each token. Gradients and erasure are in the unit of the output and signed: above 0 for
what speaks for it. Attention, its rollout and lengths of gradients are never below 0. Special
tokens and masks keep their embeddings in a baseline, and are never erased.
"""

from __future__ import annotations

import torch
from torch import Tensor

from quizproof.probes.methods.token_attribution_settings import (
    Attention,
    Erasure,
    IntegratedGradients,
    Method,
    Output,
)
from quizproof.probes.methods.token_score import TokenScore
from quizproof.questions.problems import QuizproofError

_CAPTUM = {
    "left": "riemann_left",
    "right": "riemann_right",
    "middle": "riemann_middle",
    "gauss": "gausslegendre",
}
_MOST_GAP = 0.05  # Sundararajan et al. 2017, section 5: enough steps come within 5 %
_BATCH = 32  # steps of a path that go through the model at once


def attribution(score: TokenScore, method: Method) -> Tensor:
    """Float64 (T,): of each token that is read. Raises QuizproofError."""
    match method["name"]:
        case "gradient_norm":
            _, gradient = _gradient(score, method["output"])
            return gradient.square().sum(-1).sqrt()
        case "input_x_gradient":
            vectors, gradient = _gradient(score, method["output"])
            return (vectors.double() * gradient).sum(-1)
        case "integrated_gradients":
            return _integrated(score, method)
        case "attention":
            return _attention(score, method)
        case "attention_rollout":
            return rollout(score)
    return _erasure(score, method)


def _gradient(score: TokenScore, output: Output) -> tuple[Tensor, Tensor]:
    """The embeddings (T, D), and the gradient there, float64."""
    vectors = score.embeddings(score.tokens.ids)
    with torch.enable_grad():
        taken = vectors[None].clone().requires_grad_()
        of = score.of_embeddings(taken, output, backward=True)
        [gradient] = torch.autograd.grad(of.sum(), taken)
    return vectors.cpu(), gradient[0].double().cpu()


def _integrated(score: TokenScore, method: IntegratedGradients) -> Tensor:
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
            internal_batch_size=_BATCH,
        )
    summed: Tensor = found[0].double().sum(-1).cpu()
    with torch.no_grad():
        ends = torch.stack([vectors, baseline])
        whole, none = score.of_embeddings(ends, method["output"], backward=False).tolist()
    _refuse_incomplete(summed, whole - none, method["steps"])
    return summed


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
    for name, there in (("layer", layers), ("head", heads)):
        asked = method["layer"] if name == "layer" else method["head"]
        if asked == "mean":
            found = found.mean(0, keepdim=True) if name == "layer" else found.mean(1, keepdim=True)
        elif asked > there:
            raise QuizproofError(
                f"{score.description} has {there} {name}s"
                f"{' a layer' if name == 'head' else ''}, and no {name} {asked}; they begin with 1"
            )
        else:
            found = found[asked - 1 : asked] if name == "layer" else found[:, asked - 1 : asked]
    return found[0, 0]


def rollout(score: TokenScore) -> Tensor:
    """Attention as it flows through all layers (Abnar & Zuidema 2020, arXiv 2005.00928, section 3).

    Raises QuizproofError for a model of two halves, of which it is not defined.
    """
    if score.whole is None:
        raise QuizproofError(
            f"attention rollout is not defined for {score.description}, a model of two halves; "
            "ask for attention"
        )
    each = score.whole.double().mean(1)  # (L, T, T)
    mixed = (each + torch.eye(each.shape[-1], dtype=torch.float64)) / 2
    flow = mixed[0]
    for layer in mixed[1:]:
        flow = layer @ flow
    return flow[score.place]


def _erasure(score: TokenScore, method: Erasure) -> Tensor:
    ids, own, by = list(score.tokens.ids), score.own, method["by"]
    found = torch.zeros(len(ids), dtype=torch.float64)
    if not own:
        return found
    [whole] = score.of_tokens([ids], method["output"])
    if by == "drop":
        if len(ids) == 1:
            raise QuizproofError(
                "nothing is left where the only token is dropped; erase by zero or mask"
            )
        before = [score.written is None and k <= score.place for k in own]
        for gone in {True, False} & set(before):
            places = [k for k, is_before in zip(own, before, strict=True) if is_before == gone]
            rows = [ids[:k] + ids[k + 1 :] for k in places]
            fallen = whole - score.of_tokens(rows, method["output"], int(gone))
            found[places] = fallen.cpu()
    elif by == "zero":
        vectors = score.embeddings(ids)
        for k in own:
            erased = vectors.clone()
            erased[k] = 0
            with torch.no_grad():
                left = score.of_embeddings(erased[None], method["output"], backward=False)
            found[k] = float(whole - left)
    else:
        stand = score.stand_id(by)
        rows = [[*ids[:k], stand, *ids[k + 1 :]] for k in own]
        found[own] = (whole - score.of_tokens(rows, method["output"])).cpu()
    return found
