"""A classifier as a manifest names it: its architecture, weights, input and classes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator

from quizproof.probes.packs.files import File
from quizproof.questions.spec import Model


class CourseArchitecture(Model):
    """The course's network: ``width`` channels in its first stage, 128 in the course."""

    MAX_WIDTH: ClassVar[int] = 256

    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)] = 128


Side: TypeAlias = Annotated[int, Field(ge=1, le=1024)]
Finite: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]
Spread: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False)]
# no path and no address: what a network would read by one, no digest was compared of
Word: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,100}$")]
_BOUNDED = Field(ge=-65_536, le=65_536, allow_inf_nan=False)  # what it builds has a size
Plain: TypeAlias = (
    bool | Annotated[int, Field(ge=-65_536, le=65_536)] | Annotated[float, _BOUNDED] | Word
)
ArgumentName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]


class Architecture(Model):
    """Exactly one of the four; code is never taken from the pack itself."""

    course: CourseArchitecture | None = None
    torchvision: Annotated[
        str | None, Field(pattern=r"^[a-z0-9_]+$", description="a network for classification")
    ] = None
    callable: Annotated[
        str | None,
        Field(pattern=r"^[\w.]+:[\w.]+$", description="module:callable of an installed package"),
    ] = None
    onnx: Annotated[
        Literal[True] | None, Field(description="the weights' file is the whole network, in ONNX")
    ] = None
    arguments: Annotated[
        dict[ArgumentName, Plain | list[Plain]],
        Field(max_length=64, description="what the callable is called with, by name"),
    ] = {}

    @model_validator(mode="after")
    def _one(self) -> Architecture:
        given = (self.course, self.torchvision, self.callable, self.onnx)
        if sum(part is not None for part in given) != 1:
            raise ValueError("name one of course, torchvision, callable and onnx")
        if self.arguments and self.callable is None:
            raise ValueError("arguments are a callable's, and none is named")
        return self

    @property
    def name(self) -> str:
        """Name by which a quiz knows it: a width is no part of it, nor are other arguments.

        A network in ONNX has none, since nothing says what it is but itself.
        """
        if self.course is not None:
            return "course"
        if self.torchvision is not None:
            return f"torchvision:{self.torchvision}"
        if self.onnx is not None:
            return ""
        return f"callable:{self.callable}"


class Input(Model):
    """Input of the classifier: [height, width] in pixels, values (x − mean) ∕ std."""

    size: Annotated[list[Side], Field(min_length=2, max_length=2)]
    mean: Annotated[list[Finite], Field(min_length=3, max_length=3)] = [0.0, 0.0, 0.0]
    std: Annotated[list[Spread], Field(min_length=3, max_length=3)] = [1.0, 1.0, 1.0]


class Network(Model):
    """Weights in an architecture, what it is shown, and the classes that its logits are of."""

    architecture: Architecture
    weights: File
    input: Input
    classes: Annotated[list[str], Field(min_length=2, max_length=10_000)]
