"""Attribution methods of tokens with all their settings, of which none has a default.

Where implementations differ, the difference is a setting: ``output`` is the logit in papers, often
the probability in notebooks; ``rule`` is the right ends of the steps in integrated gradients'
paper, Gauss's in Captum; ``baseline`` is zero in Captum, padding in its tutorials, the mask in
others'; ``by`` is a zeroed embedding in Li et al. 2016, the mask or nothing elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from quizproof.probes.parameters import Count

_EXACT = ConfigDict(extra="forbid", strict=True)

Output: TypeAlias = Literal["logit", "log_probability", "probability"]
Stand: TypeAlias = Literal["zero", "pad", "mask"]  # embeddings that stand for no token


@with_config(_EXACT)
class GradientNorm(TypedDict):
    """Euclidean length of the gradient at each embedding (Simonyan et al. 2013; Li et al. 2016)."""

    name: Literal["gradient_norm"]
    output: Output


@with_config(_EXACT)
class InputXGradient(TypedDict):
    """Embedding · gradient (Denil, Demiraj & de Freitas 2014, arXiv 1412.6815)."""

    name: Literal["input_x_gradient"]
    output: Output


@with_config(_EXACT)
class IntegratedGradients(TypedDict):
    """Gradients on the way from a baseline (Sundararajan, Taly & Yan 2017, arXiv 1703.01365)."""

    name: Literal["integrated_gradients"]
    output: Output
    steps: Annotated[int, Field(ge=2, le=10_000)]  # Captum takes no fewer
    rule: Literal["left", "right", "middle", "gauss"]
    baseline: Stand


@with_config(_EXACT)
class Attention(TypedDict):
    """Attention from where the output is predicted, of a head of a layer, from 1, or their mean."""

    name: Literal["attention"]
    layer: Count | Literal["mean"]
    head: Count | Literal["mean"]


@with_config(_EXACT)
class AttentionRollout(TypedDict):
    """Product of all layers' mean attention, half of it staying (Abnar & Zuidema 2020)."""

    name: Literal["attention_rollout"]


@with_config(_EXACT)
class Erasure(TypedDict):
    """Fall of the output where one token is erased (Li, Monroe & Jurafsky 2016)."""

    name: Literal["erasure"]
    output: Output
    by: Literal["drop"] | Stand


Method: TypeAlias = Annotated[
    GradientNorm | InputXGradient | IntegratedGradients | Attention | AttentionRollout | Erasure,
    Field(discriminator="name"),
]
