"""Measures of how alike two attribution maps are, which several probes have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from quizproof.probes.probe import Measure
from quizproof.probes.units import COSINE, SHARE, SPEARMAN
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes.methods.map_similarity import Likeness

Mass: TypeAlias = Literal["absolute", "positive", "negative"]
SignedMass: TypeAlias = Literal["signed", "absolute", "positive", "negative"]

_SSIM = Text(en="SSIM", zh_hant="SSIM")
_WHAT = (
    (
        "spearman",
        SPEARMAN,
        -1.0,
        Text(en="rank correlation of the two maps' pixels", zh_hant="兩張圖各像素的等級相關"),
    ),
    (
        "cosine",
        COSINE,
        -1.0,
        Text(en="cosine similarity of the two maps", zh_hant="兩張圖的餘弦相似度"),
    ),
    (
        "ssim",
        _SSIM,
        -1.0,
        Text(en="structural similarity of the two maps", zh_hant="兩張圖的結構相似度"),
    ),
    (
        "top",
        SHARE,
        0.0,
        Text(
            en="share of the largest pixels that is common to both maps",
            zh_hant="兩張圖最大的像素中，共有的比例",
        ),
    ),
)


def measures(each: str | None = None) -> tuple[Measure, ...]:
    """The measures of a likeness, repeated over the list parameter ``each`` if one is named."""
    suffix = "" if each is None else "_{item}"
    return tuple(
        Measure(f"{name}{suffix}", unit, low, 1, what, each=each) for name, unit, low, what in _WHAT
    )


def values(found: Likeness, suffix: str = "") -> dict[str, float]:
    """What was measured, by the names of ``measures``."""
    return {f"{name}{suffix}": float(getattr(found, name)) for name, *_ in _WHAT}


def counted(values: NDArray[np.float64], mass: SignedMass) -> NDArray[np.float64]:
    """The part of a map that counts."""
    from quizproof.probes.methods.localisation import part_of

    return values if mass == "signed" else part_of(values, mass)


def title(method: str, target: str) -> Text:
    """What is seen of a map of ``method`` for the class ``target``."""
    named = method.replace("_", " ")
    return Text(en=f"{named} of {target}", zh_hant=f"「{target}」的 {named}")
