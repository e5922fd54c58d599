"""Check of a pack's language parts: what is wrong with them, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.language_parts import load_reader, load_role
from quizproof.probes.models.letter_case import wrong_case
from quizproof.probes.models.reading_comprehension import ModelReader, Reader, SavedReader
from quizproof.probes.models.weights import read_tensors
from quizproof.probes.packs.hub import cached
from quizproof.probes.packs.language_roles import (
    LANGUAGE_MODELS,
    LANGUAGE_ROLES,
    TEXTS,
    File,
    HubModel,
    LanguageModelRole,
    ReaderRole,
)
from quizproof.probes.packs.pack import MissingError, Pack
from quizproof.probes.packs.texts import read_corpus, read_matrix, read_sentences, read_triples
from quizproof.questions.problems import InputError, Problem, QuizproofError

_CPU = torch.device("cpu")
_READ: dict[str, Callable[[Any], Any]] = {
    "triples": read_triples,
    "corpus": read_corpus,
    "sentences": read_sentences,
    "reference_matrix": read_matrix,
}


@dataclass(frozen=True)
class Examined:
    """Lines on a pack's parts: on what is wrong, on wrong numbers, and on how a part is taken."""

    wrong: dict[str, list[str]]  # by the role that it costs
    doubtful: tuple[str, ...]  # what is measured, and whose numbers are not its own
    remarks: tuple[str, ...]


def examined_language(pack: Pack) -> Examined:
    """Try out what there is of language in ``pack``.

    Every model is loaded, every text read, and every reader's hidden states are compared with the
    tokens of the triples. A model of the hub that is not here yet is not wrong.
    """
    wrong: dict[str, list[str]] = {}
    doubtful: list[str] = []
    remarks: list[str] = []
    for role, attempt in _attempts(pack):
        try:
            match attempt():
                case LanguageModel() as model:
                    remarks += model.remarks
                    doubtful += _doubts(role, model)
                case ModelReader(model=model):
                    remarks += model.remarks
                    doubtful += _doubts(role, model)
                case SavedReader() as reader:
                    doubtful += _doubts(role, reader)
        except QuizproofError as error:
            wrong.setdefault(role, []).extend(str(error).splitlines())
    return Examined(wrong, tuple(dict.fromkeys(doubtful)), tuple(remarks))


def _doubts(role: str, model: LanguageModel | SavedReader) -> list[str]:
    said = wrong_case(model.tokenizer, cased_script=role != "chinese")
    return [f"{model.description}: {said}"] if said else []


def _attempts(pack: Pack) -> Iterator[tuple[str, Callable[[], object]]]:
    for role in TEXTS:
        if pack.roles[role]:
            yield role, partial(_text, pack, role)
    if pack.roles["reference_matrix"] and pack.roles["sentences"]:
        yield "reference_matrix", partial(_one_row_a_sentence, pack)
    for role in LANGUAGE_MODELS:
        part: LanguageModelRole | None = getattr(pack.manifest, role)
        if part is not None and _here(part.hub):
            yield role, partial(load_role, pack, role, _CPU)
    for number, reader in enumerate(pack.manifest.readers, 1):
        if _here(reader.hub):
            yield "readers", partial(_reader, pack, number)


def _text(pack: Pack, role: str) -> Any:
    return _READ[role](pack.text(role))


def _one_row_a_sentence(pack: Pack) -> None:
    try:
        rows, sentences = len(_text(pack, "reference_matrix")), len(_text(pack, "sentences"))
    except QuizproofError:
        return  # told of its own
    if rows != sentences:
        what = f"{rows} rows for {sentences} sentences"
        path = str(pack.text("reference_matrix"))
        raise InputError([Problem(path, 0, 0, what, "give it a row and a column for each")])


def _reader(pack: Pack, number: int) -> Reader:
    reader = load_reader(pack, number, _CPU)
    try:
        triples = _text(pack, "triples")
    except QuizproofError:  # not there, or told of its own
        for file in reader.files if isinstance(reader, SavedReader) else ():
            read_tensors(file)
        return reader
    for k, triple in enumerate(triples):
        reader.reading(k, triple)
    return reader


def _here(model: HubModel | None) -> bool:
    if model is not None:
        try:
            cached(model)
        except MissingError:
            return False
        except QuizproofError:
            return True  # here and damaged: told when it is loaded
    return True


def language_lines(pack: Pack) -> Iterator[str]:
    """Yield the lines that tell a person what the language parts are."""
    for role in LANGUAGE_ROLES:
        parts = getattr(pack.manifest, role)
        if role == "readers":
            for number, part in enumerate(parts, 1):
                yield f"reader {number:<2} {_description(part)}"
        elif parts is not None:
            yield f"{role.removeprefix('reference_'):<9} {_description(parts)}"


def _description(part: LanguageModelRole | ReaderRole | File) -> str:
    if isinstance(part, File):
        return part.file
    if part.hub is not None:
        return f"{part.hub.repo} of the Hugging Face hub, at {part.hub.revision}"
    if part.local is not None:
        return f"{part.local.folder}/"
    assert isinstance(part, ReaderRole)
    assert part.saved is not None
    states = part.saved.hidden_states
    return f"saved hidden states of {len(states)} triples ({states[0].file}, …)"


def language_settling(pack: Pack) -> Iterator[str]:
    """The lines under ``settled_by:`` that make these parts the ones the questions are about."""
    there = [role for role in LANGUAGE_ROLES if pack.roles[role]]
    if there:
        yield "  language:"
    for role in there:
        yield f"    {role}:"
        yield from (f"    - {name}" for name in pack.identities(role))
