"""Kind ``encoder``: a model that gives one vector for a text, such as a sentence-transformer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from quizproof.probes.kinds.kind import Kind, Part
from quizproof.probes.kinds.saved_model import (
    SavedModel,
    architecture,
    model_description,
    model_folder,
)

if TYPE_CHECKING:
    from quizproof.probes.models.encoder import Encoder


class EncoderEntry(SavedModel):
    """``kind: encoder``, where the model lies, and how tokens' states become one vector."""

    kind: Literal["encoder"]
    pooling: Annotated[
        Literal["mean", "cls"] | None,
        Field(description="of the last states; without it, the model's 1_Pooling/config.json says"),
    ] = None
    normalise: Annotated[
        bool | None,
        Field(description="vectors to length 1; without it, the model's modules.json says"),
    ] = None

    def identity(self) -> str:
        """As that of its model, with its pooling and its length where the manifest says them."""
        lengths = {None: None, True: "normalised", False: "unnormalised"}[self.normalise]
        said = (super().identity(), self.pooling, lengths)
        return " ".join(each for each in said if each is not None)


def load(part: Part[EncoderEntry], randomized: int | None) -> Encoder:
    """The encoder, with random weights if ``randomized``. MissingError, LanguageModelError."""
    from quizproof.probes.models.devices import default_device
    from quizproof.probes.models.encoder import load_encoder

    return load_encoder(
        model_folder(part),
        model_description(part),
        default_device(),
        randomized,
        pooling=part.entry.pooling,
        normalise=part.entry.normalise,
    )


KIND = Kind(name="encoder", entry=EncoderEntry, load=load, architecture=architecture)
