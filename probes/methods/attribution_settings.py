"""Attribution methods with all their settings, as a question names them: none has a default.

Where two implementations of a method differ, the difference is a setting:

| setting | who differs |
|---|---|
| ``output`` | papers explain the logit, notebooks often the probability or the loss |
| ``colours`` | Simonyan et al. 2013 take the largest size over the colours, others a sum |
| ``noise_of`` | SmoothGrad's σ is a share of the picture's range in its paper, absolute in Captum |
| ``averaged`` | SmoothGrad's paper averages gradients, others their sizes or squares |
| ``rule`` | integrated gradients' paper sums at the right ends of the steps, Captum by Gauss |
| ``times_difference`` | without the factor picture − baseline they are a mean gradient |
| ``rectified``, ``stretched`` | Grad-CAM's paper cuts what is below 0, and stretches bilinearly |
| ``fill``, ``baseline`` | black in Captum, grey in Zeiler & Fergus 2014, segments' means in LIME |
| ``pixels`` | heat maps give each pixel its segment's value, sums a part of it |
| ``kernel_width``, ``ridge``, ``distance`` | 0.25, 1, cosine in LIME's package; a lasso in Captum |
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from quizproof.probes.parameters import (
    Amount,
    Name,
    Positive,
    Samples,
    Share,
    Side,
    Sigma,
    Smoothing,
    Times,
)

_EXACT = ConfigDict(extra="forbid", strict=True)

Output: TypeAlias = Literal["logit", "probability", "cross_entropy"]
Colours: TypeAlias = Literal["sum", "mean", "sum_of_sizes", "mean_of_sizes", "largest_size"]
Sides: TypeAlias = Annotated[list[Side], Field(min_length=2, max_length=2)]  # down, right


@with_config(_EXACT)
class Blur(TypedDict):
    """The picture blurred by a Gaussian of this σ in pixels (Fong & Vedaldi 2017)."""

    blur: Sigma


Fill: TypeAlias = Literal["black", "white", "mean"] | Share | Blur  # a number is a grey, 0–1


@with_config(_EXACT)
class Slic(TypedDict):
    """Superpixels by SLIC (Achanta et al. 2012), near so many."""

    name: Literal["slic"]
    segments: Times
    compactness: Positive
    sigma: Smoothing


@with_config(_EXACT)
class Grid(TypedDict):
    """Rectangles of equal size but for a pixel."""

    name: Literal["grid"]
    rows: Times
    columns: Times


# of a segment's value, what each of its pixels has: all of it, or a part, so that they add up
Pixels: TypeAlias = Literal["whole", "part"]
Segments: TypeAlias = Annotated[Slic | Grid, Field(discriminator="name")]
HiddenBy: TypeAlias = Literal["segment_mean"] | Fill


@with_config(_EXACT)
class Saliency(TypedDict):
    """∂ output ∕ ∂ picture (Simonyan, Vedaldi & Zisserman 2013)."""

    name: Literal["saliency"]
    output: Output
    colours: Colours


@with_config(_EXACT)
class InputXGradient(TypedDict):
    """Picture × gradient (Shrikumar et al. 2016)."""

    name: Literal["input_x_gradient"]
    output: Output
    colours: Colours


@with_config(_EXACT)
class GuidedBackprop(TypedDict):
    """Gradient of the logit, cut below 0 at every ReLU (Springenberg et al. 2015)."""

    name: Literal["guided_backprop"]
    colours: Colours


@with_config(_EXACT)
class SmoothGrad(TypedDict):
    """Mean over noisy copies (Smilkov et al. 2017)."""

    name: Literal["smoothgrad"]
    output: Output
    samples: Samples
    noise: Positive
    noise_of: Literal["range", "absolute"]
    averaged: Literal["gradients", "sizes", "squares"]
    colours: Colours


@with_config(_EXACT)
class IntegratedGradients(TypedDict):
    """Gradients on the way from a baseline (Sundararajan, Taly & Yan 2017)."""

    name: Literal["integrated_gradients"]
    output: Output
    steps: Times
    rule: Literal["left", "right", "middle", "gauss"]
    baseline: Fill
    times_difference: bool
    colours: Colours


@with_config(_EXACT)
class GradCam(TypedDict):
    """A layer's maps, weighted by their mean gradients (Selvaraju et al. 2017)."""

    name: Literal["grad_cam"]
    output: Output
    layer: Name
    rectified: bool
    stretched: Literal["bilinear", "nearest"]


@with_config(_EXACT)
class Occlusion(TypedDict):
    """Fall of the output where a window is hidden (Zeiler & Fergus 2014), averaged over windows."""

    name: Literal["occlusion"]
    output: Output
    window: Sides
    stride: Sides
    fill: Fill


@with_config(_EXACT)
class DeepLift(TypedDict):
    """Contributions to the logit by the rescale rule (Shrikumar, Greenside & Kundaje 2017)."""

    name: Literal["deeplift"]
    baseline: Fill
    colours: Colours


@with_config(_EXACT)
class GradientShap(TypedDict):
    """Expected gradients between noisy copies and baselines (Lundberg & Lee 2017; Erion 2021)."""

    name: Literal["gradient_shap"]
    output: Output
    samples: Samples
    noise: Amount
    baselines: Annotated[list[Fill], Field(min_length=1)]
    colours: Colours


@with_config(_EXACT)
class KernelShap(TypedDict):
    """Shapley values of segments by weighted regression (Lundberg & Lee 2017)."""

    name: Literal["kernel_shap"]
    output: Output
    samples: Samples
    segments: Segments
    fill: HiddenBy
    pixels: Pixels


@with_config(_EXACT)
class Lime(TypedDict):
    """Weights of segments in a ridge regression around the picture (Ribeiro et al. 2016)."""

    name: Literal["lime"]
    output: Output
    samples: Samples
    segments: Segments
    fill: HiddenBy
    pixels: Pixels
    kernel_width: Positive
    distance: Literal["cosine", "euclidean"]
    ridge: Amount


Method: TypeAlias = Annotated[
    Saliency
    | InputXGradient
    | GuidedBackprop
    | SmoothGrad
    | IntegratedGradients
    | GradCam
    | Occlusion
    | DeepLift
    | GradientShap
    | KernelShap
    | Lime,
    Field(discriminator="name"),
]

SAMPLED: Final = ("smoothgrad", "gradient_shap", "kernel_shap", "lime")
