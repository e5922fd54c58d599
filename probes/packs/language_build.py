"""Language parts in a course's folder: models, saved hidden states, texts.

bert-base-cased/, bert-base-chinese/       from_pretrained layout
hw9_bert/tokenizer1 … 3/                   the tokenizers of the reading comprehension models
hw9_bert/output/model1_q1 … model3_q3      their hidden states, as torch.save left them
triples.json                               here or in hw9_bert/
sentences.json or sentences.txt, corpus.jsonl, reference_matrix.csv
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from quizproof.probes.kinds.corpus import CorpusEntry
from quizproof.probes.kinds.kind import Entry
from quizproof.probes.kinds.masked_lm import MaskedLMEntry
from quizproof.probes.kinds.matrix import MatrixEntry
from quizproof.probes.kinds.reader import ReaderEntry, SavedStates
from quizproof.probes.kinds.sentences import SentencesEntry
from quizproof.probes.kinds.triples import TriplesEntry
from quizproof.probes.packs.files import File, HubModel
from quizproof.probes.packs.manifest_file import named_file, named_folder
from quizproof.probes.packs.pack import model_files
from quizproof.questions.problems import Problem

MODELS: Final = {"english": "bert-base-cased", "chinese": "bert-base-chinese"}
HUB: Final = {
    "english": HubModel(
        repo="google-bert/bert-base-cased", revision="cd5ef92a9fb2f889e972770a36d4ed042daf221e"
    ),
    "chinese": HubModel(
        repo="google-bert/bert-base-chinese", revision="c30a6ed22ab4564dc1e3b2ecbf6e766b0611a33f"
    ),
}
READERS: Final = "hw9_bert"
TEXT_FILES: Final = {
    "triples": ("triples.json", f"{READERS}/triples.json"),
    "sentences": ("sentences.json", "sentences.txt"),
    "corpus": ("corpus.jsonl",),
    "reference_matrix": ("reference_matrix.csv",),
}
_KINDS: Final[dict[str, Callable[..., Entry]]] = {
    "triples": partial(TriplesEntry, kind="triples"),
    "sentences": partial(SentencesEntry, kind="sentences"),
    "corpus": partial(CorpusEntry, kind="corpus"),
    "reference_matrix": partial(MatrixEntry, kind="matrix"),
}
_STATES = re.compile(r"model([1-9])_q([1-9][0-9]?)")


def find_language(folder: Path, *, hub: bool) -> tuple[dict[str, Entry], list[str]]:
    """The parts that are there, and a line for what should be there and is not whole.

    With ``hub``, the public models that ``folder`` does not hold are named on the Hugging Face hub.
    """
    parts: dict[str, Entry] = {}
    problems: list[Problem] = []
    for name, place in MODELS.items():
        try:
            if (folder / place).is_dir():
                parts[name] = MaskedLMEntry(kind="masked-lm", local=_folder(folder, place))
            elif hub:
                parts[name] = MaskedLMEntry(kind="masked-lm", hub=HUB[name])
        except _Unreadable as error:
            problems.append(error.problem)
    try:
        states = _states(folder)
    except _Unreadable as error:
        problems.append(error.problem)
        states = []
    for number, names in enumerate(states, 1):
        try:
            parts[f"reader_{number}"] = _reader(folder, number, names)
        except _Unreadable as error:
            problems.append(error.problem)
    for name, places in TEXT_FILES.items():
        try:
            if there := [place for place in places if (folder / place).is_file()]:
                file = _file(folder, there[0])
                parts[name] = _KINDS[name](file=file.file, sha256=file.sha256)
        except _Unreadable as error:
            problems.append(error.problem)
    return parts, [str(problem) for problem in problems]


class _Unreadable(Exception):  # noqa: N818  # it never leaves this file
    def __init__(self, path: Path, what: str, mend: str) -> None:
        self.problem = Problem(str(path), 0, 0, what, mend)


def _states(folder: Path) -> list[list[str]]:
    """The files of hidden states of each model of reading comprehension, in order."""
    output = folder / READERS / "output"
    if not output.is_dir():
        return []
    matched = [m for path in output.iterdir() if (m := _STATES.fullmatch(path.name)) is not None]
    if not matched:
        raise _Unreadable(output, "no hidden states", "put model1_q1, model1_q2, … here")
    models, questions = (max(int(m[group]) for m in matched) for group in (1, 2))
    return [
        [f"model{model}_q{question}" for question in range(1, questions + 1)]
        for model in range(1, models + 1)
    ]


def _reader(folder: Path, number: int, names: list[str]) -> ReaderEntry:
    """Reader ``number``, from 1, by its tokenizer and its hidden states."""
    output = folder / READERS / "output"
    for name in names:
        if not (output / name).exists():
            mend = "put it back: the models and questions go by their numbers"
            raise _Unreadable(output / name, "not there, though others are", mend)
    return ReaderEntry(
        kind="reader",
        saved=SavedStates(
            tokenizer=_folder(folder, f"{READERS}/tokenizer{number}"),
            hidden_states=[_file(folder, f"{READERS}/output/{name}") for name in names],
        ),
    )


def _file(folder: Path, name: str) -> File:
    try:
        return named_file(folder, name)
    except OSError as error:
        raise _Unreadable(folder / name, f"cannot be read ({error.strerror})", "mend it") from None


def _folder(folder: Path, name: str) -> Any:
    try:
        if not any((folder / name).iterdir()):
            raise _Unreadable(folder / name, "an empty folder", "copy the model's files here")
        if not model_files(folder / name):
            raise _Unreadable(folder / name, "no file of a model", "copy the model's files here")
        return named_folder(folder, name)
    except OSError as error:
        raise _Unreadable(folder / name, f"cannot be read ({error.strerror})", "mend it") from None
