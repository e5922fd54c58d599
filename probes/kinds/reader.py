"""Kind ``reader``: a model of reading comprehension, or the hidden states that one left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from quizproof.probes.kinds.kind import Kind, Part
from quizproof.probes.kinds.saved_model import SavedModel, model_description, model_folder
from quizproof.probes.packs.files import File, Folder, identity_of
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Model

if TYPE_CHECKING:
    from quizproof.probes.models.reading_comprehension import Reader


class SavedStates(Model):
    """Hidden states without their model: a tuple per triple, and the tokenizer of their tokens."""

    tokenizer: Folder
    hidden_states: Annotated[list[File], Field(min_length=1)]


class ReaderEntry(SavedModel):
    """``kind: reader``, and exactly one of the three."""

    kind: Literal["reader"]
    saved: SavedStates | None = None

    @model_validator(mode="after")
    def _one(self) -> ReaderEntry:
        if sum(part is not None for part in (self.local, self.hub, self.saved)) != 1:
            raise ValueError("name one of local, hub and saved")
        return self

    def identity(self) -> str:
        if self.saved is None:
            return super().identity()
        states = [file.sha256 for file in self.saved.hidden_states]
        return identity_of([self.saved.tokenizer.files, states])

    @property
    def randomizes(self) -> bool:
        return self.saved is None

    @property
    def location(self) -> str:
        if self.saved is None:
            return super().location
        states = self.saved.hidden_states
        return f"saved hidden states of {len(states)} triples ({states[0].file}, …)"


def load(part: Part[ReaderEntry], randomized: int | None) -> Reader:
    """The reader, with random weights if ``randomized``.

    Raises QuizproofError, and MissingError, too, where it is to be randomized and what it left is
    all there is of it.
    """
    from quizproof.probes.models.devices import default_device
    from quizproof.probes.models.language_loading import load_language_model
    from quizproof.probes.models.reading_comprehension import ModelReader, SavedReader
    from quizproof.probes.models.tokens import load_tokenizer
    from quizproof.probes.packs.pack import MissingError

    described = model_description(part)
    saved = part.entry.saved
    if saved is None:
        model = load_language_model(model_folder(part), described, default_device(), randomized)
        return ModelReader(model, part.spoken)
    if randomized is not None:
        raise MissingError(
            f"{described} has no weights to randomise; name the model itself in the pack"
        )
    return SavedReader(
        tokenizer=load_tokenizer(part.files.folder_of(saved.tokenizer)),
        files=[part.files.file(file) for file in saved.hidden_states],
        description=f"{described} (saved hidden states)",
        name=part.spoken,
    )


def doubts(
    part: Part[ReaderEntry], loaded: Reader, beside: Mapping[str, Part[Any]]
) -> Iterable[str]:
    """Lines on its tokenizer; saved states are compared with the tokens of the pack's triples."""
    from quizproof.probes.models.letter_case import wrong_case
    from quizproof.probes.models.weights import read_tensors
    from quizproof.probes.packs.texts import read_triples

    for triples in (other for other in beside.values() if other.entry.kind == "triples"):
        try:
            asked = read_triples(triples.files.file(triples.entry))
        except QuizproofError:  # told of its own
            continue
        for number, triple in enumerate(asked):
            loaded.reading(number, triple)
        break
    else:
        for file in part.entry.saved.hidden_states if part.entry.saved is not None else ():
            read_tensors(part.files.file(file))
    said = wrong_case(loaded.tokenizer)
    return [f"{loaded.description}: {said}"] if said else []


KIND = Kind(name="reader", entry=ReaderEntry, load=load, doubts=doubts)
