"""Text that a language model writes where it takes the likeliest token at each step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from quizproof.probes.parameters import AnyTexts, MostTokens, Name
from quizproof.probes.probe import Draw, Measure, category, probe, word
from quizproof.probes.units import SHARE, TOKENS
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, Seq2SeqLM
    from quizproof.probes.bench import Bench

_REPEATS: Final = 3  # times in a row that make a loop


@probe(
    "greedy.text",
    finding=Text(
        en=(
            "By the likeliest token at each step, the model writes {tokens} tokens: "
            "“{text}”. Its end was written: {ended}. The text ends in a loop of {loop} "
            "tokens, where 0 means none, and {distinct} of its tokens are different "
            "ones."
        ),
        zh_hant=(
            "每步取機率最高的 token，模型寫出 {tokens} 個 token：「{text}」。是否寫出結束 token："
            "{ended}。"
            "結尾重複的循環長度為 {loop} 個 token（0 表示沒有），相異 token 的比例為 {distinct}。"
        ),
    ),
    measures=(
        word(
            "text",
            Text(
                en="text that the model writes",
                zh_hant="模型寫出的文字",
            ),
        ),
        Measure(
            "tokens",
            TOKENS,
            0,
            math.inf,
            Text(
                en="tokens that the model writes, the end's among them",
                zh_hant="模型寫出的 token 數，含結束 token",
            ),
        ),
        category(
            "ended",
            ("yes", "no"),
            Text(
                en="answer to whether the end's token is written (yes or no)",
                zh_hant="是否寫出結束 token（yes、no）",
            ),
        ),
        Measure(
            "times_{item}",
            Text(en="times", zh_hant="次"),
            0,
            math.inf,
            Text(
                en="number of times that the word is written",
                zh_hant="寫出該字詞的次數",
            ),
            each="words",
        ),
        Measure(
            "loop",
            TOKENS,
            0,
            math.inf,
            Text(
                en=(
                    "length of the shortest run of tokens that stands three times in a row at the "
                    "end; 0 where none does"
                ),
                zh_hant="結尾連續出現三次的最短一段 token 之長度；沒有則為 0",
            ),
        ),
        Measure(
            "distinct",
            SHARE,
            0,
            1,
            Text(
                en="share of the written tokens that are different ones",
                zh_hant="相異 token 占寫出 token 的比例",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Greedy decoding goes on from "The mother lost a hat". Does it run into a loop?
    probe: {name: greedy.text, with: {prompt: The mother lost a hat, most: 48}}
    options:
      a: {text: It repeats itself, rule: loop > 0}
      b: {text: It does not, rule: loop <= 0}
    expected: [a]
    """,
)
def greedy_text(
    bench: Bench,
    *,
    model: CausalLM | Seq2SeqLM,
    prompt: Name,
    words: AnyTexts = {},  # noqa: B006 (read as a declaration, and never written to)
    most: MostTokens = 32,
) -> Iterator[Draw]:
    """Text that ``model`` writes after ``prompt``, the likeliest token at each step.

    It ends with the end's token, or after ``most``. A model of two halves reads the prompt and
    writes anew. A loop is what Holtzman et al. 2020 (arXiv 1904.09751, figure 1) show of greedy
    decoding; the share of distinct tokens is distinct-1 (Li et al. 2016, arXiv 1510.03055).
    ``words`` are looked for as whole words, by names of your own.
    """
    from quizproof.probes.models.seq2seq_lm import Seq2SeqLM
    from quizproof.probes.models.tokens import words_of

    key = ("greedy", model, prompt, most)
    found = bench.once(key, lambda: model.greedy_tokens(prompt, most))
    text = model.decoded(found) if isinstance(model, Seq2SeqLM) else model.decoded(prompt, found)
    yield Draw(
        {
            "text": text.strip(),
            "tokens": len(found),
            "ended": "yes" if found[-1] in model.ends else "no",
            **{f"times_{name}": len(words_of(text, asked)) for name, asked in words.items()},
            "loop": loop(found),
            "distinct": len(set(found)) / len(found),
        }
    )


def loop(tokens: tuple[int, ...]) -> int:
    """The length of the shortest run that stands three times in a row at the end, 0 for none."""
    for length in range(1, len(tokens) // _REPEATS + 1):
        end = tokens[-_REPEATS * length :]
        if end == end[:length] * _REPEATS:
            return length
    return 0
