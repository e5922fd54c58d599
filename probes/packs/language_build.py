"""Language parts in a course's folder: models, saved hidden states, texts.

bert-base-cased/, bert-base-chinese/       from_pretrained layout
hw9_bert/tokenizer1 … 3/                   the tokenizers of the reading comprehension models
hw9_bert/output/model1_q1 … model3_q3      their hidden states, as torch.save left them
triples.json                               here or in hw9_bert/
sentences.json or sentences.txt, corpus.jsonl, reference_matrix.csv
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from quizproof.probes.packs.language_roles import (
    LANGUAGE_MODELS,
    File,
    HubModel,
    LanguageModelRole,
    ReaderRole,
    SavedStates,
)
from quizproof.probes.packs.manifest_file import file_role, folder_role
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
_STATES = re.compile(r"model([1-9])_q([1-9][0-9]?)")


def find_language(folder: Path, *, hub: bool) -> tuple[dict[str, Any], list[str]]:
    """The roles that are there, and a line for what should be there and is not whole.

    With ``hub``, the public models that ``folder`` does not hold are named on the Hugging Face hub.
    """
    roles: dict[str, Any] = {}
    problems: list[Problem] = []
    for role in LANGUAGE_MODELS:
        try:
            if (folder / MODELS[role]).is_dir():
                roles[role] = LanguageModelRole(local=_folder(folder, MODELS[role]))
            elif hub:
                roles[role] = LanguageModelRole(hub=HUB[role])
        except _Unreadable as error:
            problems.append(error.problem)
    try:
        if readers := list(_readers(folder)):
            roles["readers"] = readers
    except _Unreadable as error:
        problems.append(error.problem)
    for role, names in TEXT_FILES.items():
        try:
            if there := [name for name in names if (folder / name).is_file()]:
                roles[role] = _file(folder, there[0])
        except _Unreadable as error:
            problems.append(error.problem)
    return roles, [str(problem) for problem in problems]


class _Unreadable(Exception):  # noqa: N818  # it never leaves this file
    def __init__(self, path: Path, what: str, mend: str) -> None:
        self.problem = Problem(str(path), 0, 0, what, mend)


def _readers(folder: Path) -> Iterator[ReaderRole]:
    """The models of reading comprehension, in order: each by its tokenizer and hidden states."""
    output = folder / READERS / "output"
    if not output.is_dir():
        return
    matched = [m for path in output.iterdir() if (m := _STATES.fullmatch(path.name)) is not None]
    found = {(int(m[1]), int(m[2])) for m in matched}
    if not found:
        raise _Unreadable(output, "no hidden states", "put model1_q1, model1_q2, … here")
    questions = max(question for _, question in found)
    for model in range(1, max(model for model, _ in found) + 1):
        names = [f"model{model}_q{question}" for question in range(1, questions + 1)]
        for question, name in enumerate(names, 1):
            if (model, question) not in found:
                mend = "put it back: the models and questions go by their numbers"
                raise _Unreadable(output / name, "not there, though others are", mend)
        yield ReaderRole(
            saved=SavedStates(
                tokenizer=_folder(folder, f"{READERS}/tokenizer{model}"),
                hidden_states=[_file(folder, f"{READERS}/output/{name}") for name in names],
            )
        )


def _file(folder: Path, name: str) -> File:
    try:
        return file_role(folder, name)
    except OSError as error:
        raise _Unreadable(folder / name, f"cannot be read ({error.strerror})", "mend it") from None


def _folder(folder: Path, name: str) -> Any:
    try:
        if not any((folder / name).iterdir()):
            raise _Unreadable(folder / name, "an empty folder", "copy the model's files here")
        if not model_files(folder / name):
            raise _Unreadable(folder / name, "no file of a model", "copy the model's files here")
        return folder_role(folder, name)
    except OSError as error:
        raise _Unreadable(folder / name, f"cannot be read ({error.strerror})", "mend it") from None
