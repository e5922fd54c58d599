"""What of language a course's folder holds, as it was handed out, with small planted models."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from quizproof.probes.models.tokens import load_tokenizer, tokens_of
from tests.planted_language import SPECIAL, TRIPLE, WORDS, language_folder

TRIPLES = (
    TRIPLE,
    {**TRIPLE, "question": "Where is the dog ?"},
    {**TRIPLE, "context": "The bird sat in a garden .", "answer": "garden"},
)
LAYERS, SIZE = 12, 16  # hidden states of 768 numbers are as good, and larger


def course_language(folder: Path) -> Path:
    """``folder`` with all that a course may hold: ``hw9_bert``, two models, and four texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for model in (1, 2, 3):
        course_tokenizer(folder / "hw9_bert" / f"tokenizer{model}")
        save_states(folder, model)
    language_folder(folder / "bert-base-cased", words=[*WORDS, "the"])
    language_folder(folder / "bert-base-chinese", seed=1)
    (folder / "triples.json").write_text(json.dumps(TRIPLES))
    (folder / "sentences.txt").write_text("今天買了蘋果\n蘋果又跌\n的蘋果", encoding="utf-8")
    (folder / "reference_matrix.csv").write_text("1,0,0\n0,1,0\n0,0,1\n")
    line = {"text": "The cat sat .", "words": ["The", "cat", "sat", "."]}
    line["pos"] = ["DET", "NOUN", "VERB", "PUNCT"]
    (folder / "corpus.jsonl").write_text(json.dumps(line))
    return folder


def course_tokenizer(folder: Path) -> None:
    """As transformers wrote a tokenizer in 2021: it names no class."""
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join([*SPECIAL, *WORDS]) + "\n", encoding="utf-8")
    settings = {"do_lower_case": False, "model_max_length": 512, "name_or_path": "bert-base-cased"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    special = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL}
    (folder / "special_tokens_map.json").write_text(json.dumps(special))


def save_states(folder: Path, model: int) -> None:
    """The hidden states of reader ``model``, random, a tuple for each triple."""
    tokenizer = load_tokenizer(folder / "hw9_bert" / f"tokenizer{model}")
    generator = torch.Generator().manual_seed(model)
    (folder / "hw9_bert" / "output").mkdir(exist_ok=True)
    for number, triple in enumerate(TRIPLES, 1):
        length = len(tokens_of(tokenizer, triple["question"], triple["context"]))
        states = tuple(
            torch.randn(1, length, SIZE, generator=generator).requires_grad_()
            for _ in range(LAYERS + 1)
        )
        torch.save(states, folder / "hw9_bert" / "output" / f"model{model}_q{number}")
