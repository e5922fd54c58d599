"""Readers planted by what they leave: hidden states in which chosen words stand apart or match."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.kinds.reader import ReaderEntry, SavedStates
from quizproof.probes.methods.token_separation import Passage, passage
from quizproof.probes.models.language_models import Reading
from quizproof.probes.models.passes import Passes
from quizproof.probes.models.tokens import Tokens, load_tokenizer, tokens_of
from quizproof.probes.packs.files import File
from quizproof.probes.packs.manifest_file import named_file, named_folder
from quizproof.probes.packs.texts import Triple
from tests.planted_language import file_of, language_pack, language_tokenizer

LAYERS, DIMENSIONS = 12, 24
TRIPLES = (
    Triple(
        context="The king hid a hat in the museum. Peter hid a book at the market. "
        "James lost a heavy letter at the station.",
        question="Who hid the book?",
        answer="Peter",
    ),
    Triple(
        context="The sister left a basket in the park. The boy painted a key near the river. "
        "The old woman bought a small flower in the forest.",
        question="What did the old woman buy in the forest?",
        answer="a small flower",
    ),
    Triple(
        context="The old friend bought a hat in the museum. The boy found a ticket at the "
        "school. Sarah bought a letter near the river.",
        question="Where did the old friend buy the hat?",
        answer="the museum",
    ),
)
WORDS = sorted(
    {w for t in TRIPLES for text in (t.context, t.question) for w in text.strip("?").split()}
    | {"museum", "market", "station", "park", "river", "forest", "school", "book", "hat", ".", "?"}
)

States = Callable[[int, Tokens, Passage], Tensor]  # of a triple, from 0: (L + 1, T, D)
Ends = Callable[[int, Tokens, Passage], Tensor | None]  # (2, T)


@dataclass(eq=False)
class PlantedReader:
    part_kind: ClassVar[str] = "reader"

    tokenizer: Any
    states: States
    ends: Ends = lambda number, tokens, places: None
    description: str = "planted"
    name: str = "planted"
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    passes: Passes = field(default_factory=Passes)

    def reading(self, number: int, triple: Triple) -> Reading:
        tokens = tokens_of(self.tokenizer, triple.question, triple.context)
        places = passage(tokens, triple.answer)
        states = self.states(number, tokens, places)
        return Reading(tokens, states, ends=self.ends(number, tokens, places))


@dataclass(eq=False)
class KnownReader:
    """A reader by its readings of triples, in order."""

    part_kind: ClassVar[str] = "reader"

    readings: Sequence[Reading]
    tokenizer: Any = None
    description: str = "known"
    name: str = "known"
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    passes: Passes = field(default_factory=Passes)

    def reading(self, number: int, triple: Triple) -> Reading:
        return self.readings[number]


def planted_bench(
    folder: Path, readers: Sequence[tuple[States, Ends] | States], saved: bool = False
) -> Bench:
    """A pack of these readers and ``TRIPLES``; with ``saved``, files of hidden states alone,
    as a course hands them out, beside a tokenizer that is a list of words."""
    language_tokenizer(folder / "made", WORDS)
    (folder / "words").mkdir()
    (folder / "made" / "vocab.txt").rename(folder / "words" / "vocab.txt")
    tokenizer = load_tokenizer(folder / "words")
    planted = [
        PlantedReader(tokenizer, *reader)
        if isinstance(reader, tuple)
        else PlantedReader(tokenizer, reader)
        for reader in readers
    ]
    triples = file_of(folder, "triples.json", json.dumps([t.model_dump() for t in TRIPLES]))
    if not saved:
        named = {
            f"reader_{k}": replace(one, name=f"reader {k}") for k, one in enumerate(planted, 1)
        }
        return Bench(language_pack(folder, triples=triples), 0, loaded=named)
    parts = {f"reader_{k}": _saved(folder, k, reader) for k, reader in enumerate(planted, 1)}
    return Bench(language_pack(folder, triples=triples, **parts), 0)


def _saved(folder: Path, number: int, reader: PlantedReader) -> ReaderEntry:
    files: list[File] = []
    for which, triple in enumerate(TRIPLES):
        name = f"output/model{number}_q{which + 1}"
        (folder / "output").mkdir(exist_ok=True)
        states = reader.reading(which, triple).hidden_states
        torch.save(tuple(state[None].float() for state in states), folder / name)
        files.append(named_file(folder, name))
    saved = SavedStates(tokenizer=named_folder(folder, "words"), hidden_states=files)
    return ReaderEntry(kind="reader", saved=saved)


def noise(number: int, tokens: Tokens, seed: int = 0) -> Tensor:
    """States in which every layer is new and no token has more to do with one than another."""
    drawn = torch.Generator().manual_seed(1000 * seed + number)
    return torch.randn(LAYERS + 1, len(tokens), DIMENSIONS, generator=drawn)


def apart(triples: Mapping[int, bool] | bool, seed: int = 0, by: float = 5.0) -> States:
    """Noise in which, for these triples, the last layers set the answer's tokens apart."""

    def states(number: int, tokens: Tokens, places: Passage) -> Tensor:
        found = noise(number, tokens, seed)
        if triples if isinstance(triples, bool) else triples[number]:
            found[-3:, list(places.answer)] += by
        else:  # another word, at the other end of the context
            other = max(set(places.context) - set(places.answer), key=lambda p: abs(p - 15))
            found[-1, other] += by
        return found

    return states


def answering(triples: Mapping[int, bool] | bool) -> Ends:
    """A head that answers these triples right, the others with a span that holds more."""

    def ends(number: int, tokens: Tokens, places: Passage) -> Tensor:
        right = triples if isinstance(triples, bool) else triples[number]
        first, last = places.answer[0], places.answer[-1] + (0 if right else 3)
        logits = torch.zeros(2, len(tokens))
        logits[0, first] = logits[1, last] = 4.0
        logits[:, 0] = 9.0  # [CLS], which is no span of the context
        return logits

    return ends


def matching(stage: int, with_rest: bool = False) -> States:
    """The question and the relevant part move together in layers 3·stage + 1 to 3·stage + 3."""

    def states(number: int, tokens: Tokens, places: Passage) -> Tensor:
        found = noise(number, tokens)
        found[1:] = found[0] + 0.1 * found[1:]
        for layer in range(LAYERS + 1):
            moved = min(max(layer - 3 * stage, 0), 3)
            part = places.rest if with_rest else places.relevant
            found[layer, [*places.question, *part]] += float(moved)
        return found

    return states
