"""``python -m quizproof.probes.embedded.language.causal``: train and check the causal model."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from torch import Tensor, nn

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.causal_texts import list_words, repeated, rows
from quizproof.probes.embedded.language.checkpoints import write_model
from quizproof.probes.embedded.language.training import descend, new_model
from quizproof.probes.embedded.language.vocabulary import POSITIONS
from quizproof.probes.language.grammar.sentences import Sentence, distinct
from quizproof.probes.models.causal_lm import CausalLM, load_causal_lm
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.packs.manifest import HeldOutFigure
from quizproof.probes.packs.manifest_file import named_folder, write_parts
from quizproof.probes.packs.pack import EMBEDDED
from quizproof.questions.spec import Text

NAME: Final = "gpt"  # of the part
FOLDER: Final = "language/gpt"  # of the pack
VOCABULARY: Final = 768  # of these 256 are bytes, so that some words are one token and some several
HIDDEN: Final = 96
LAYERS: Final = 4
HEADS: Final = 6
_END: Final = "<|endoftext|>"
_RATE: Final = 3e-3


@dataclass(frozen=True)
class Size:
    """Amounts that are written, trained and counted. A step is a batch."""

    sentences: int = 25_000
    steps: int = 2400
    batch: int = 32
    counted: int = 1000


def build(
    out: Path, seed: int = 0, size: Size = Size(), log: Callable[[str], None] = print
) -> list[HeldOutFigure]:
    """Write the causal model to the pack in ``out``, and how good it is on what is held out."""
    started = time.monotonic()
    folder = out / FOLDER
    sentences = list(islice(distinct(english_grammar.write, seed, False), size.sentences))
    tokenizer = write_tokenizer([sentence.text for sentence in sentences], folder)
    write_model(trained(tokenizer, sentences, seed, size, log), folder)
    figures = held_out_figures(folder, seed, size.counted)
    part = {"kind": "causal-lm", "local": named_folder(out, FOLDER)}
    write_parts(out, {NAME: part}, figures)
    for figure in figures:
        log(f"{figure.about.en}: {figure.right:.1%} of {figure.count}, {figure.baseline:.1%} else")
    log(f"wrote {folder} after {(time.monotonic() - started) / 60:.1f} minutes")
    return figures


def write_tokenizer(texts: Sequence[str], folder: Path) -> Any:
    """GPT-2's tokenizer with pieces learned from ``texts``, written to ``folder``.

    Byte-level BPE: any text is some sequence of its tokens (Radford et al. 2019, section 2.2).
    """
    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[_END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    pieces.train_from_iterator(texts, trainer)
    learned = json.loads(pieces.to_str())["model"]
    made = transformers().GPT2Tokenizer(
        vocab=learned["vocab"],
        merges=[tuple(merge) for merge in learned["merges"]],
        model_max_length=POSITIONS,
    )
    folder.mkdir(parents=True, exist_ok=True)
    made.save_pretrained(folder)
    return made


def trained(
    tokenizer: Any, sentences: Sequence[Sentence], seed: int, size: Size, log: Callable[[str], None]
) -> Any:
    """A new GPT2LMHeadModel, trained on rows of ``sentences`` and of lists of their words."""
    model = new_model("GPT2LMHeadModel", _shape(tokenizer), seed)

    def loss(batch: Tensor) -> Tensor:
        logits = model(batch[:, :-1], use_cache=False).logits
        return nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())

    source = rows(tokenizer, sentences, size.batch, np.random.default_rng(seed))
    descend(model, loss, islice(source, size.steps), steps=size.steps, rate=_RATE, log=log)
    return model


def _shape(tokenizer: Any) -> Any:
    """GPT-2's own, narrow."""
    return transformers().GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=POSITIONS,
        n_embd=HIDDEN,
        n_layer=LAYERS,
        n_head=HEADS,
        bos_token_id=tokenizer.eos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        initializer_range=HIDDEN**-0.5 / 2,
        # no row is seen twice, so that there is nothing to learn by heart
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
    )


def held_out_figures(folder: Path, seed: int, count: int) -> list[HeldOutFigure]:
    """How often the likeliest token is the next one: in unseen sentences, and in unseen lists.

    Sentences are held against the share that the commonest token alone would get right; a list that
    stands there for the second time against the same list for the first time.
    """
    model = load_causal_lm(folder, NAME, torch.device("cpu"))
    unseen = list(islice(distinct(english_grammar.write, seed + 1, True), count))
    there: list[int] = []
    right: list[bool] = []
    for sentence in unseen:
        ids = model.tokens(sentence.text).ids
        right += _right(model, ids)
        there += ids[1:]
    [(_, commonest)] = Counter(there).most_common(1)
    first, second = _copied(model, unseen, seed, count // 10)
    return [
        HeldOutFigure(
            about=Text(
                en="causal model: next token of a sentence",
                zh_hant="因果語言模型：句子的下一個 token",
            ),
            right=sum(right) / len(right),
            baseline=commonest / len(there),
            count=len(right),
        ),
        HeldOutFigure(
            about=Text(
                en="causal model: next token of a list of words that stands there again",
                zh_hant="因果語言模型：重複出現的詞彙清單的下一個 token",
            ),
            right=sum(second) / len(second),
            baseline=sum(first) / len(first),
            count=len(second),
        ),
    ]


def _copied(
    model: CausalLM, sentences: Sequence[Sentence], seed: int, count: int
) -> tuple[list[bool], list[bool]]:
    """Which next tokens are right while a list stands there first, and when it comes again."""
    rng = np.random.default_rng(seed + 1)
    words = [tuple(model.tokens(f" {word}").ids) for word in list_words(sentences)]
    first, second = [], []
    for _ in range(count):
        ids, period = repeated(words, rng)
        found = _right(model, ids)
        first += found[: period - 1]
        second += found[period : 2 * period - 1]  # its first token is where it begins anew
    return first, second


def _right(model: CausalLM, ids: Sequence[int]) -> list[bool]:
    """Whether the likeliest token is the next one, at every token but the last."""
    with torch.inference_mode():
        found = model.net(torch.tensor([ids]), use_cache=False).logits[0, :-1].argmax(1)
    right: list[bool] = (found == torch.tensor(ids[1:])).tolist()
    return right


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when everything is written."""
    parser = argparse.ArgumentParser(
        prog="python -m quizproof.probes.embedded.language.causal",
        description="Train the causal language model, write the pack's part of it.",
    )
    parser.add_argument("--out", type=Path, default=EMBEDDED, help="the pack's folder")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other sentences (0)")
    given = parser.parse_args(arguments)
    if given.seed < 0:
        parser.error("--seed must be 0 or more")
    # one thread adds up in the same order however many cores there are
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    build(given.out, given.seed, log=partial(print, flush=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
