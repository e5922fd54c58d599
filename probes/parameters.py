"""Types of a probe's parameters that say what is too little, too much or twice: lint sees to it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, Field

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class InWords:
    """What a parameter may be, for people, where its type alone does not say it."""

    words: str


def _distinct(those: list[T]) -> list[T]:
    if twice := sorted({str(one) for one in those if those.count(one) > 1}):
        raise ValueError(f"{', '.join(twice)} stands in it twice")
    return those


# of what there is one at least, and each once
distinct = AfterValidator(_distinct)
some = Field(min_length=1, json_schema_extra={"uniqueItems": True})

# What they may be ends far above what anybody measures: beyond, a question would hold up the others
# for ever, or ask for more memory than there is.
Index: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]
Seed: TypeAlias = Annotated[int, Field(ge=0, le=2**32 - 1)]  # numpy's end there
MostTokens: TypeAlias = Annotated[int, Field(ge=1, le=4096)]  # a step each, which nothing else ends
Count: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]  # of what is there
Times: TypeAlias = Annotated[int, Field(ge=1, le=10_000)]  # each a pass or more, or an unknown
Samples: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]
Side: TypeAlias = Annotated[int, Field(ge=1, le=10_000)]  # of a window, in pixels
Sigma: TypeAlias = Annotated[float, Field(gt=0, le=1_000)]  # of a Gaussian, in pixels
Smoothing: TypeAlias = Annotated[float, Field(ge=0, le=1_000)]  # the same, or none
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Amount: TypeAlias = Annotated[float, Field(ge=0, le=1_000_000)]
Positive: TypeAlias = Annotated[float, Field(gt=0, le=1_000_000)]
Pos: TypeAlias = Literal[  # a part of speech, as https://universaldependencies.org/u/pos/ has it
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
]  # fmt: skip
Name: TypeAlias = Annotated[str, Field(min_length=1)]
Indices: TypeAlias = Annotated[list[Index], some, distinct]
AnyIndices: TypeAlias = Annotated[list[Index], distinct]
Counts: TypeAlias = Annotated[list[Count], some, distinct]
Shares: TypeAlias = Annotated[list[Share], some, distinct]
Names: TypeAlias = Annotated[list[Name], some, distinct]
# texts by names of the question's own, which measures of each are called by
TextName: TypeAlias = Annotated[
    str, Field(pattern=r"^[^\W\d]\w*$"), InWords("a word of letters, digits and _, no digit first")
]
Texts: TypeAlias = Annotated[dict[TextName, Name], Field(min_length=1)]
AnyTexts: TypeAlias = dict[TextName, Name]  # or none
# a layer of a model, from 1, its attention or MLP, or one of its heads: L2, L2ATT, L2MLP, L2H1
PartName: TypeAlias = Annotated[
    str,
    Field(pattern=r"^L[1-9]\d*(H[1-9]\d*|ATT|MLP)?$"),
    InWords("a layer, its attention, its MLP or a head, such as L2, L2ATT, L2MLP or L2H1"),
]
HeadName: TypeAlias = Annotated[
    str, Field(pattern=r"^L[1-9]\d*H[1-9]\d*$"), InWords("a head, such as L2H1")
]
PartNames: TypeAlias = Annotated[list[PartName], some, distinct]
# which the pictures have to have that the call looks at
REGION: Final = "region of a picture"
Region: TypeAlias = Annotated[str, Field(min_length=1), REGION]
Regions: TypeAlias = Annotated[list[Name], some, distinct, REGION]
