"""Tokens that a model's tokenizer makes of texts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quizproof.probes.parameters import Texts
from quizproof.probes.probe import Draw, Matrix, Measure, category, probe, word
from quizproof.probes.units import TOKENS
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, Encoder, MaskedLM, Seq2SeqLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.tokens import Tokens

_SHOWN = 100  # tokens: a text may be a book
_DIFFERENCES = ("nothing", "unknown", "spaces", "capitals", "other")


@probe(
    "tokens.split",
    finding=Text(
        en=(
            "Tokens of the texts' own: {count_{item}}. Special tokens that the tokenizer puts "
            "around them: {special_{item}}. What differs once they are decoded again: "
            "{differs_{item}}."
        ),
        zh_hant=(
            "各段文字本身的 token 數：{count_{item}}。tokenizer 另外加上的特殊 token 數："
            "{special_{item}}。解碼之後的不同之處：{differs_{item}}。"
        ),
    ),
    measures=(
        Measure(
            "count_{item}",
            TOKENS,
            0,
            math.inf,
            Text(
                en="tokens of the text, special ones left out",
                zh_hant="文字的 token 數，不計特殊 token",
            ),
            each="texts",
        ),
        Measure(
            "special_{item}",
            TOKENS,
            0,
            math.inf,
            Text(
                en="special tokens that are put around the text, such as [CLS]",
                zh_hant="加在文字前後的特殊 token 數，例如 [CLS]",
            ),
            each="texts",
        ),
        Measure(
            "unknown_{item}",
            TOKENS,
            0,
            math.inf,
            Text(
                en="tokens that stand for what the vocabulary does not know",
                zh_hant="代表未知字詞的 token 數",
            ),
            each="texts",
        ),
        Measure(
            "per_character_{item}",
            Text(en="tokens ∕ character", zh_hant="token ∕ 字元"),
            0,
            math.inf,
            Text(
                en="tokens for each character of the text",
                zh_hant="文字中每個字元的 token 數",
            ),
            each="texts",
        ),
        word(
            "pieces_{item}",
            Text(
                en="tokens of the text as the vocabulary has them, a space between two",
                zh_hant="文字的各 token（依詞彙表），以空格分隔",
            ),
            each="texts",
        ),
        word(
            "ids_{item}",
            Text(
                en="numbers of the text's tokens, a space between two",
                zh_hant="文字各 token 的編號，以空格分隔",
            ),
            each="texts",
        ),
        word(
            "decoded_{item}",
            Text(
                en="text that the tokens are decoded to",
                zh_hant="由 token 解碼所得的文字",
            ),
            each="texts",
        ),
        category(
            "differs_{item}",
            _DIFFERENCES,
            Text(
                en=(
                    "difference of the decoded text from the text: nothing; what is unknown; "
                    "spaces alone; capitals alone; something other"
                ),
                zh_hant=(
                    "解碼所得文字的不同之處：無（nothing）、未知字詞（unknown）、只有空格（spaces）"
                    "、只有大小寫（capitals）、其他（other）"
                ),
            ),
            each="texts",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: Which word is one token to the model?
    probe:
      name: tokens.split
      with: {model: gpt, texts: {nurse: " nurse", nursing: " nursing"}}
    options:
      a: {text: nurse, rule: count_nurse < 2 and count_nursing >= 2}
      b: {text: nursing, rule: count_nursing < 2 and count_nurse >= 2}
      c: {text: both, rule: 'max(count_nurse, count_nursing) < 2'}
      d: {text: neither, rule: 'min(count_nurse, count_nursing) >= 2'}
    expected: [a]
    """,
)
def tokens_split(
    bench: Bench, *, model: MaskedLM | CausalLM | Seq2SeqLM | Encoder, texts: Texts
) -> Iterator[Draw]:
    """The tokens that ``model`` reads for each of ``texts``, and the text they are decoded to.

    ``texts`` has them by names of your own. Subword tokens are those of Sennrich, Haddow & Birch
    2016 (arXiv 1508.07909) or Wu et al. 2016 (arXiv 1609.08144), as the model's own tokenizer makes
    them. A text may be longer than the model takes: nothing goes through it. Decoding is the
    tokenizer's own, of all tokens but the special ones around the text.
    """
    from quizproof.probes.models.tokens import tokens_of

    values: dict[str, float | str] = {}
    tables = []
    for name, text in texts.items():
        tokens = tokens_of(model.tokenizer, text)
        own = [place for place, special in enumerate(tokens.special()) if not special]
        ids = [tokens.ids[place] for place in own]
        decoded = str(model.tokenizer.decode(ids))
        unknown = ids.count(tokens.unknown) if tokens.unknown is not None else 0
        values |= {
            f"count_{name}": len(own),
            f"special_{name}": len(tokens) - len(own),
            f"unknown_{name}": unknown,
            f"per_character_{name}": len(own) / len(text),
            f"pieces_{name}": " ".join(tokens.names[place] for place in own),
            f"ids_{name}": " ".join(map(str, ids)),
            f"decoded_{name}": decoded,
            f"differs_{name}": _difference(text, decoded, unknown),
        }
        tables.append(_table(name, tokens))
    yield Draw(values, matrices=tuple(tables))


def _difference(text: str, decoded: str, unknown: int) -> str:
    if text == decoded:
        return "nothing"
    if unknown:
        return "unknown"
    if "".join(text.split()) == "".join(decoded.split()):
        return "spaces"
    return "capitals" if text.casefold() == decoded.casefold() else "other"


def _table(name: str, tokens: Tokens) -> Matrix:
    import numpy as np

    return Matrix(
        Text(en=f"numbers of the tokens of “{name}”", zh_hant=f"「{name}」各 token 的編號"),
        np.array([tokens.ids[:_SHOWN]], np.float32).reshape(1, -1),
        rows=("",),
        columns=tokens.names[:_SHOWN],
        row_name=Text(en="number", zh_hant="編號"),
        column_name=Text(en="token", zh_hant="token"),
    )
