"""Tokens of a text that a model's output token is attributed to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from quizproof.probes.methods.token_attribution_settings import Method
from quizproof.probes.parameters import Name, Texts
from quizproof.probes.probe import Draw, Matrix, Measure, Unsure, probe, word
from quizproof.probes.units import PLACE, SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import Interval
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM, MaskedLM, Seq2SeqLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.tokens import Tokens

_TOLERANCE = 1e-4
_SIGNED = ("input_x_gradient", "integrated_gradients", "erasure")
_LEAVE_SPECIAL = ("integrated_gradients", "erasure")  # and masks: theirs would be 0, unmeasured
_TIED = 1e-6  # shares nearer than this are the same, in float32
_CLOSE = Text(
    en="other tokens have as much but for rounding",
    zh_hant="有其他 token 的歸因僅有捨入誤差之差",
)
_UNIT = Text(en="output", zh_hant="輸出值")
_SHARE_OF = Text(
    en="share of all tokens' attribution by size that is the word's",
    zh_hant="該字詞占所有 token 歸因絕對值的比例",
)


@probe(
    "token.attribution",
    finding=Text(
        en=(
            "Of what the tokens have to do with “{of}”, by size, the words have these "
            "shares: {share_{item}}. With their signs they sum to {value_{item}}, where "
            "above 0 speaks for it. The token with most is “{top}”."
        ),
        zh_hant=(
            "就各 token 與「{of}」的關係（取絕對值）而言，各字詞所占的比例：{share_{item}}；"
            "帶正負號之和：{value_{item}}，"
            "大於 0 表示支持。最大的 token 是「{top}」。"
        ),
    ),
    tolerance=_TOLERANCE,
    measures=(
        Measure("share_{item}", SHARE, 0, 1, _SHARE_OF, each="words"),
        Measure(
            "value_{item}",
            _UNIT,
            -math.inf,
            math.inf,
            Text(
                en=(
                    "sum of the attribution of the word's tokens; above 0 where they speak for the "
                    "output"
                ),
                zh_hant="該字詞各 token 歸因之和；大於 0 表示支持該輸出",
            ),
            each="words",
        ),
        Measure(
            "rank_{item}",
            PLACE,
            1,
            math.inf,
            Text(
                en=("place of the word's largest token among all tokens by size of attribution"),
                zh_hant="該字詞歸因絕對值最大的 token 在所有 token 中的名次",
            ),
            each="words",
        ),
        word(
            "top",
            Text(
                en="token that has the largest attribution by size",
                zh_hant="歸因絕對值最大的 token",
            ),
        ),
        Measure(
            "sum",
            _UNIT,
            -math.inf,
            math.inf,
            Text(
                en="sum of the attribution of all tokens",
                zh_hant="所有 token 歸因之和",
            ),
        ),
        Measure(
            "output",
            _UNIT,
            -math.inf,
            math.inf,
            Text(
                en="output that is attributed, or its logit",
                zh_hant="被歸因的輸出值，或其 logit",
            ),
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: >-
      In "The student trusted David because he was honest.", on which does "he" rest more, masked?
    probe:
      name: token.attribution
      with:
        model: english
        text: The student trusted David because he was honest.
        masked: he
        of: he
        words: {student: student, David: David}
        method:
          {name: integrated_gradients, output: logit, steps: 64, rule: gauss, baseline: mask}
    options:
      a: {text: David, rule: share_David > share_student}
      b: {text: the student, rule: share_student > share_David}
    expected: [a]
    """,
)
def token_attribution(
    bench: Bench,
    *,
    model: CausalLM | MaskedLM | Seq2SeqLM,
    text: Name,
    of: Name,
    words: Texts,
    method: Method,
    masked: Name | None = None,
    target: Name | None = None,
    special: bool = False,
) -> Iterator[Draw]:
    """How much each token of ``text`` has to do with an output token, by ``method``.

    ``of`` is that token: of a causal model what comes after the text, with its space; of a masked
    one what is predicted where the word ``masked`` is; of one of two halves, the first token of
    that word in ``target``, all before it written. ``words`` of the text, by names of your own, are
    summed over their tokens; of one that stands there twice, ``king#2`` is the second. A
    special token is called by its name, such as [CLS], and with ``special`` these count among all
    tokens: by a gradient or attention, since the other methods leave them, and masks, as they are.
    The method's settings say what is computed, with its paper.
    """
    from quizproof.probes.methods.ranking import likeliest
    from quizproof.probes.methods.token_attribution import attribution
    from quizproof.probes.methods.token_score import token_score

    if special and method["name"] in _LEAVE_SPECIAL:
        raise QuizproofError(
            f"{method['name']} leaves special tokens as they are and says nothing of them; leave "
            "'special' out, or ask for a gradient or attention"
        )
    asked = (model, text, of, masked, target)
    score = bench.once(("token score", *asked), lambda: token_score(*asked))
    attributed = bench.once(
        ("token attribution", *asked, *sorted(method.items())),
        lambda: attribution(score, method),
    )
    tokens, found = score.tokens, attributed.values
    counted = [k for k, is_special in enumerate(tokens.special()) if special or not is_special]
    if method["name"] in _LEAVE_SPECIAL:
        counted = score.own
    sizes = found[counted].abs()
    if not (mass := float(sizes.sum())) > 0:
        raise QuizproofError(
            f"by {method['name']} no token of the text has to do with the output; "
            "ask for another method or text"
        )
    relative = sizes / mass
    values: dict[str, float | str] = {
        "top": tokens.names[counted[likeliest(relative, _TIED, "tokens")]],
        "sum": float(found[counted].sum()),
        "output": attributed.output,
    }
    within = {}
    for name, written in words.items():
        places = _counted(word_places(tokens, written), counted, written, method["name"])
        rank_of, bounds = _rank(relative, places)
        values |= {
            f"share_{name}": float(relative[places].sum().clamp(max=1)),
            f"value_{name}": float(found[counted][places].sum()),
            f"rank_{name}": rank_of,
        }
        if bounds is not None:
            within[f"rank_{name}"] = bounds
    yield Draw(
        values,
        matrices=(_table(tokens, found, counted, signed=method["name"] in _SIGNED),),
        unsure=Unsure(within, _CLOSE) if within else None,
    )


def _counted(places: Sequence[int], counted: Sequence[int], word: str, method: str) -> list[int]:
    """Where ``places`` are among those that are ``counted``."""
    found = [counted.index(place) for place in places if place in counted]
    if not found:
        if method in _LEAVE_SPECIAL:
            raise QuizproofError(
                f"{word!r} is a special token or the mask, of which {method} says nothing; "
                "name a word that is read, or ask for a gradient or attention"
            )
        raise QuizproofError(f"{word!r} is a special token, and not counted; say special: true")
    return found


def _rank(relative: Tensor, places: Sequence[int]) -> tuple[int, Interval | None]:
    """The place of the largest of ``places``, and within which bounds where rounding decides."""
    from quizproof.probes.methods.ranking import rank

    strongest = max(places, key=lambda k: float(relative[k]))
    least, place, most = rank(relative, strongest, _TIED)
    return place, (least, most) if least < most else None


def word_places(tokens: Tokens, asked: str) -> list[int]:
    """The places of a word's tokens in a text, or of a special token by its name.

    Raises TokenError, with the nearest words where it is not there.
    """
    from quizproof.probes.models.tokens import TokenError
    from quizproof.questions.near import did_you_mean

    special = [k for k, text in enumerate(tokens.texts) if text is None]
    if named := [k for k in special if tokens.names[k] == asked]:
        return named[:1]
    if (asked.rpartition("#")[0] or asked) not in tokens.text:
        known = [*tokens.text.split(), *(tokens.names[k] for k in special)]
        mend = did_you_mean(asked, known, "name a word of it")
        raise TokenError(f"{asked!r} is not in the text {tokens.text!r}; {mend}")
    return tokens.places(asked)


def _table(tokens: Tokens, found: Tensor, counted: Sequence[int], *, signed: bool) -> Matrix:
    return Matrix(
        Text(en="attribution of each token", zh_hant="各 token 的歸因"),
        found[list(counted)][None].float().numpy(),
        rows=("",),
        columns=tuple(tokens.names[k] for k in counted),
        row_name=_UNIT,
        column_name=Text(en="token", zh_hant="token"),
        signed=signed,
    )
