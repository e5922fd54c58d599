"""Changes of a picture with all their settings, as a question names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from quizproof.probes.methods.attribution_settings import Fill
from quizproof.probes.parameters import InWords, Positive, Sigma

if TYPE_CHECKING:
    from torch import Tensor

_EXACT = ConfigDict(extra="forbid", strict=True)

Degrees: TypeAlias = Annotated[
    float,
    Field(ge=-360, le=360),
    InWords("number from -360 to 360 (anticlockwise, to the left, above 0)"),
]


@with_config(_EXACT)
class Paint(TypedDict):
    """Another colour in the picture's place (Zeiler & Fergus 2014)."""

    name: Literal["paint"]
    fill: Fill


@with_config(_EXACT)
class Rotate(TypedDict):
    """The picture turned about its middle, anticlockwise above 0; from outside comes ``fill``."""

    name: Literal["rotate"]
    degrees: Degrees
    fill: Fill


@with_config(_EXACT)
class Blur(TypedDict):
    """The picture times a Gaussian of ``sigma`` pixels, its edges repeated outside it."""

    name: Literal["blur"]
    sigma: Sigma


@with_config(_EXACT)
class Noise(TypedDict):
    """Noise of mean 0 and of ``sigma`` in each value of 0–1, which are cut to these: of a normal
    distribution, or ± ``sigma`` by the toss of a coin.
    """

    name: Literal["noise"]
    sigma: Positive
    distribution: Literal["normal", "signs"]


Change: TypeAlias = Annotated[Paint | Rotate | Blur | Noise, Field(discriminator="name")]
SAMPLED: Final = ("noise",)


def changed(picture: Tensor, change: Change, seed: int) -> Tensor:
    """``picture``, (3, H, W) in 0–1, with the whole of it changed; ``seed`` is that of noise."""
    import torch

    from quizproof.probes.methods.fills import filled

    if change["name"] == "paint":
        return filled(picture, change["fill"])
    if change["name"] == "rotate":
        return _rotated(picture, change["degrees"], filled(picture, change["fill"]))
    if change["name"] == "blur":
        return filled(picture, {"blur": change["sigma"]})
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(picture.shape, generator=generator)
    if change["distribution"] == "signs":
        noise = torch.where(noise < 0, -1.0, 1.0)
    return (picture + change["sigma"] * noise.to(picture)).clamp(0, 1)


def _rotated(picture: Tensor, degrees: float, outside: Tensor) -> Tensor:
    """``picture`` turned to the left about its middle, sampled bilinearly, within ``outside``."""
    import torch
    from torch.nn.functional import grid_sample

    if degrees % 90 == 0 and (picture.shape[1] == picture.shape[2] or degrees % 180 == 0):
        return torch.rot90(picture, round(degrees / 90), dims=(1, 2))  # exact: nothing is sampled
    _, height, width = picture.shape
    angle = torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))
    cos, sin = angle.cos(), angle.sin()
    down, right = torch.meshgrid(
        torch.arange(height, dtype=torch.float64) - (height - 1) / 2,
        torch.arange(width, dtype=torch.float64) - (width - 1) / 2,
        indexing="ij",
    )
    from_right, from_down = cos * right - sin * down, sin * right + cos * down
    places = torch.stack([from_right * 2 / width, from_down * 2 / height], dim=-1)
    with_mask = torch.cat([picture, torch.ones_like(picture[:1])])[None].double()
    sampled = grid_sample(
        with_mask, places[None].to(with_mask), padding_mode="zeros", align_corners=False
    )[0]
    inside = sampled[3:]
    return (sampled[:3] + (1 - inside) * outside.double()).to(picture)
