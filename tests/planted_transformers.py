"""Small transformers of any architecture in folders, with tokenizers that need no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from tokenizers.pre_tokenizers import ByteLevel

from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import language_tokenizer

PROMPTS = ("The cat sat on the", "A dog saw her", "it was the cat that")
WORDS = "the The cat dog sat on mat saw her him it was that".split()  # noqa: SIM905
_END = "<|endoftext|>"

GPT2 = {"n_layer": 2, "n_embd": 16, "n_head": 2, "n_positions": 32, "initializer_range": 0.3}
LLAMA = {
    "num_hidden_layers": 2,
    "hidden_size": 16,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 32,
    "initializer_range": 0.3,
}
_SMALL = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 40,
    "initializer_range": 0.3,
}
LIKE_BERT: dict[str, dict[str, Any]] = {
    "Roberta": _SMALL,
    "Albert": {**_SMALL, "embedding_size": 8},
    "Electra": {**_SMALL, "embedding_size": 8},
    "MPNet": _SMALL,
    "DistilBert": {
        "dim": 16,
        "n_layers": 2,
        "n_heads": 2,
        "hidden_dim": 16,
        "max_position_embeddings": 40,
    },
}
_HALVES = {
    "d_model": 16,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 16,
    "decoder_ffn_dim": 16,
    "max_position_embeddings": 32,
    "init_std": 0.3,
    "forced_eos_token_id": None,
}
SEQ2SEQ: dict[str, dict[str, Any]] = {
    "T5": {
        "d_model": 16,
        "d_kv": 8,
        "d_ff": 16,
        "num_layers": 2,
        "num_decoder_layers": 1,
        "num_heads": 2,
        "initializer_factor": 0.5,
    },
    "Bart": _HALVES,
    "Marian": _HALVES,
}


def byte_tokenizer(
    folder: Path, words: Iterable[str] = WORDS, special: Mapping[str, str] | None = None
) -> Any:
    """GPT-2's tokenizer with a token for each byte, and one for each of ``words`` after a space.

    ``special`` are further special tokens by what they are for.
    """
    vocabulary = {byte: number for number, byte in enumerate(sorted(ByteLevel.alphabet()))}
    merges: list[tuple[str, str]] = []
    for word in words:
        piece = "Ġ"
        for letter in word:
            if piece + letter not in vocabulary:
                merges.append((piece, letter))
                vocabulary[piece + letter] = len(vocabulary)
            piece += letter
    for token in (_END, *(special or {}).values()):
        vocabulary[token] = len(vocabulary)
    made = transformers().GPT2Tokenizer(vocab=vocabulary, merges=merges, **(special or {}))
    made.save_pretrained(folder)
    return made


def causal_folder(folder: Path, name: str = "GPT2", seed: int = 0, **config: Any) -> Path:
    """A causal language model of 2 layers with random weights in ``folder``, and its tokenizer."""
    tokenizer = byte_tokenizer(folder)
    shape = {**(GPT2 if name == "GPT2" else LLAMA), **config}
    ids = {"bos_token_id": len(tokenizer) - 1, "eos_token_id": len(tokenizer) - 1}
    head = "GPT2LMHeadModel" if name == "GPT2" else f"{name}ForCausalLM"
    planted_transformer(
        head, f"{name}Config", seed, vocab_size=len(tokenizer), **ids, **shape
    ).save_pretrained(folder)
    return folder


def masked_folder(folder: Path, name: str) -> Any:
    """A masked model of ``LIKE_BERT`` in ``folder`` with its tokenizer; it is given as made."""
    if name == "Roberta":
        tokenizer = byte_tokenizer(folder, special={"mask_token": "<mask>"})
    else:
        tokenizer = language_tokenizer(folder)
    made = planted_transformer(
        f"{name}ForMaskedLM",
        f"{name}Config",
        vocab_size=len(tokenizer),
        pad_token_id=0,
        **LIKE_BERT[name],
    )
    made.save_pretrained(folder)
    return made


def seq2seq_folder(folder: Path, name: str = "T5", seed: int = 0, **config: Any) -> Path:
    """A sequence-to-sequence model with random weights in ``folder``, and its tokenizer."""
    special = {"pad_token": "<pad>", "eos_token": "</s>"}
    tokenizer = byte_tokenizer(folder, special=special)
    end, pad = tokenizer.eos_token_id, tokenizer.pad_token_id
    made = planted_transformer(
        "MarianMTModel" if name == "Marian" else f"{name}ForConditionalGeneration",
        f"{name}Config",
        seed,
        vocab_size=len(tokenizer),
        pad_token_id=pad,
        eos_token_id=end,
        decoder_start_token_id=pad,
        **{**SEQ2SEQ[name], **config},
    )
    made.save_pretrained(folder)
    return folder


def planted_transformer(head: str, of: str, seed: int = 0, **config: Any) -> Any:
    """The class ``head`` on a configuration ``of`` its kind; the global generator is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = getattr(transformers(), head)(getattr(transformers(), of)(**config))
    return made.eval()
