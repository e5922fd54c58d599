"""Planted worlds of language: small tokenizers and models in folders, packs made of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from quizproof.probes.kinds.kind import Entry
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.packs.files import File, Folder
from quizproof.probes.packs.manifest import Manifest
from quizproof.probes.packs.manifest_file import named_file, named_folder, write_parts
from quizproof.probes.packs.pack import Pack

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = """
    The a big small red cat dog bird sat saw her him it It on in mat garden . , ? Where is was
    play ##ing ##ed 今 天 買 了 蘋 果 手 機 的 股 價 又 跌
""".split()  # noqa: SIM905
SENTENCES = ("The cat sat on a mat .", "The big dog saw her .", "It was playing in a garden")
TRIPLE = {
    "context": "The cat sat on a mat . The dog saw her .",
    "question": "Where is a cat ?",
    "answer": "mat",
}


def language_tokenizer(folder: Path, words: Iterable[str] = WORDS) -> Any:
    """A cased WordPiece tokenizer of ``words``, written to ``folder``; a character of Chinese
    is a word."""
    vocabulary = [*SPECIAL, *dict.fromkeys(words)]
    folder.mkdir(parents=True, exist_ok=True)
    made = transformers().BertTokenizer(
        vocab={word: number for number, word in enumerate(vocabulary)},
        do_lower_case=False,
        strip_accents=False,
    )
    made.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    return made


def language_folder(
    folder: Path,
    kind: str = "BertForMaskedLM",
    words: Iterable[str] = WORDS,
    seed: int = 0,
    **config: Any,
) -> Path:
    """A model of class ``kind`` with random weights in ``folder``, as ``from_pretrained`` reads it.

    It has 3 layers of 2 heads, 8 dimensions and 32 positions where ``config`` says nothing else.
    """
    tokenizer = language_tokenizer(folder, words)
    shape = {
        "hidden_size": 8,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "max_position_embeddings": 32,
        "initializer_range": 0.3,  # so that layers differ well above rounding
    }
    net = planted_net(kind, seed, vocab_size=len(tokenizer), **{**shape, **config})
    net.save_pretrained(folder)
    return folder


def planted_net(kind: str, seed: int = 0, **config: Any) -> Any:
    """A BERT of class ``kind`` with random weights; the global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return getattr(transformers(), kind)(transformers().BertConfig(**config))


def language_model(folder: Path, **planted: Any) -> LanguageModel:
    """The model that ``language_folder`` makes, loaded as a pack's is."""
    return load_language_model(language_folder(folder, **planted), "planted", torch.device("cpu"))


KINDS = {
    "english": "masked-lm",
    "chinese": "masked-lm",
    "triples": "triples",
    "corpus": "corpus",
    "sentences": "sentences",
    "reference_matrix": "matrix",
    **{f"reader_{number}": "reader" for number in range(1, 10)},
}


def language_pack(folder: Path, **parts: Any) -> Pack:
    """A pack in ``folder`` with ``parts`` of the names in ``KINDS``, the kind left out."""
    folder.mkdir(parents=True, exist_ok=True)
    write_parts(folder, {name: entry(name, said) for name, said in parts.items()}, [])
    return Pack(folder)


def entry(name: str, said: Any) -> Entry | dict[str, Any]:
    """What a manifest says of the part ``name`` of ``KINDS``."""
    if isinstance(said, File):
        said = said.model_dump(exclude_unset=True)
    return {"kind": KINDS[name], **said} if isinstance(said, dict) else said


def with_parts(pack: Pack, **parts: Any) -> Pack:
    """``pack`` with other ``parts``, None for those that it is to lack; no file is written."""
    kept = {n: part for n, part in pack.manifest.parts.items() if n not in parts}
    new = {name: entry(name, said) for name, said in parts.items() if said is not None}
    manifest = {**pack.manifest.model_dump(exclude={"parts"}), "parts": {**kept, **new}}
    pack.manifest = Manifest.model_validate(manifest)
    return pack


def local(pack: Path, name: str, **planted: Any) -> dict[str, Folder]:
    """A planted model in folder ``name`` of ``pack``, as a part takes it."""
    language_folder(pack / name, **planted)
    return {"local": named_folder(pack, name)}


def file_of(pack: Path, name: str, text: str) -> Any:
    """The file ``name`` of ``pack`` with ``text`` in it, as a part takes it."""
    (pack / name).parent.mkdir(parents=True, exist_ok=True)
    (pack / name).write_text(text, encoding="utf-8")
    return named_file(pack, name)
