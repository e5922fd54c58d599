"""Attention of heads from a pronoun to its referent, beyond what other nouns there get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from quizproof.probes.parameters import Count, Counts
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.probes.units import LAYER
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import CausalLM, Corpus, Encoder, MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.corpus_reading import LinkedSentence

    Heads = NDArray[np.float64]  # (L, H): a number for each head

_NOUNS = ("NOUN", "PROPN")
_CONTRAST = Text(
    en="(referent − other) ∕ (referent + other)",
    zh_hant="（所指對象 − 其他名詞）∕（所指對象 + 其他名詞）",
)
_Place: TypeAlias = tuple[int, int, int]
"""Of a noun, seen from a pronoun: tokens between them, other nouns nearer, and farther."""


@dataclass(frozen=True)
class _Attended:
    """A noun before a pronoun, and the attention it gets from it by each head."""

    sentence: int
    place: _Place
    meant: bool  # whether it is what the pronoun refers to
    attention: Heads


@dataclass(frozen=True)
class _Resolved:
    """Of one sentence, by head: means over its pronouns."""

    referent: Heads  # attention to what the pronoun refers to
    other: Heads  # to nouns in its place that are not meant, or that of an even spread, if more
    lead: Heads  # of the referent against these, in [-1, 1]


@probe(
    "pronoun.attention",
    finding=Text(
        en=(
            "Head {head} gives a pronoun’s referent this lead over other nouns in the same place, "
            "layer by layer: {lead_{item}}. These are means over sentences. Below 0, the referent "
            "is behind."
        ),
        zh_hant=(
            "在第 {head} 個 head，代名詞對所指對象的 attention 領先同一位置其他名詞的幅度，逐層（層"
            "：各句平均）是 {lead_{item}}。小於 0 表示落後。"
        ),
    ),
    measures=(
        Measure(
            "lead_{item}",
            _CONTRAST,
            -1,
            1,
            Text(
                en=(
                    "attention from the pronoun to its referent against that to other nouns in the "
                    "same place, or against an even spread if that is more"
                ),
                zh_hant=(
                    "代名詞對所指對象的 attention，對照同一位置的其他名詞所得，或平均分散時每個 "
                    "token 所得（取大者）"
                ),
            ),
            each="layers",
        ),
        Measure(
            "referent_{item}",
            Text(en="share of attention", zh_hant="attention 的比例"),
            0,
            1,
            Text(
                en="share of the pronoun's attention that goes to its referent",
                zh_hant="代名詞的 attention 給所指對象的比例",
            ),
            each="layers",
        ),
        Measure(
            "other_{item}",
            Text(en="share of attention", zh_hant="attention 的比例"),
            0,
            1,
            Text(
                en=(
                    "share of the pronoun's attention that goes to other nouns in the referent's "
                    "place, or an even spread's if that is more"
                ),
                zh_hant=(
                    "代名詞對同一位置的其他名詞的 attention，或平均分散時每個 token 所得（取大者）"
                ),
            ),
            each="layers",
        ),
    ),
    stochastic=True,
    example="""
    kind: single
    points: 1
    about: model
    prompt: Which head attends more from a pronoun to what it means?
    probe: {name: pronoun.attention, with: {model: english, layers: [4, 5], head: 1}}
    options:
      a: {text: That of layer 4, rule: lead_4 > lead_5}
      b: {text: That of layer 5, rule: lead_5 > lead_4}
    estimate: mean
    expected: [a]
    """,
)
def pronoun_attention(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    corpus: Corpus,
    layers: Counts,
    head: Count,
) -> Iterator[Draw]:
    """Attention from pronouns to their referents, of head ``head`` (from 1) of each of ``layers``.

    Looked at are the corpus's pronouns whose referent the sentence settles and that come after both
    it and another noun or name. The referent's lead is (a − b) ∕ (a + b): a the attention it gets,
    b the mean of what nouns in its place get in the other sentences from pronouns that do not mean
    them, or what an even spread gives, if that is more. In its place are those as many tokens
    before the pronoun, with as many nouns nearer to it, and as many farther. So a head that looks
    for the last noun, or the first, or at a fixed distance, whatever the pronoun, leads by no more
    than 0 on average; nor does one that looks anywhere, since the lead is concave in a. Special
    tokens are hidden, and what is left of a pronoun's attention sums to 1.

    A draw is a sentence: the mean over its pronouns. None is in two draws, and when the corpus is
    spent the draws end. The means speak of sentences such as the corpus's, not of the corpus alone.
    Raises QuizproofError where no referent has another noun to compare it with.
    """
    import numpy as np

    from quizproof.probes.models.corpus_reading import corpus_reading

    if not 1 <= head <= model.heads:
        raise QuizproofError(f"the model has {model.heads} heads a layer, and no head {head}")
    if wrong := [layer for layer in layers if not 1 <= layer <= model.layers]:
        raise QuizproofError(f"the model has {model.layers} layers, and no layer {wrong[0]}")
    linked = corpus_reading(bench, model, corpus).linked
    resolved = _resolved(list({one.sentence.text: one for one in linked}.values()))
    if not resolved:
        raise QuizproofError(
            "the corpus has no pronoun with a settled referent such that a noun in the same place "
            "is not what another pronoun refers to; add sentences with links to it"
        )
    matrices = _matrices(resolved, [(layer - 1, head - 1) for layer in layers])
    for number in np.random.default_rng(bench.draw_seed(0)).permutation(len(resolved)):
        one = resolved[number]
        values = {}
        for layer in layers:
            place = layer - 1, head - 1
            values[f"lead_{layer}"] = float(one.lead[place])
            values[f"referent_{layer}"] = float(one.referent[place])
            values[f"other_{layer}"] = float(one.other[place])
        yield Draw(values, matrices=matrices)


def _resolved(sentences: Sequence[LinkedSentence]) -> list[_Resolved]:
    """The sentences in which some referent has others to be compared with."""

    meant: Mapping[_Place, list[_Attended]] = defaultdict(list)
    others: Mapping[_Place, list[_Attended]] = defaultdict(list)
    for number, linked in enumerate(sentences):
        for noun in _attended(number, linked):
            (meant if noun.meant else others)[noun.place].append(noun)
    compared: Mapping[int, list[_Resolved]] = defaultdict(list)
    for place in sorted(meant):
        for noun in meant[place]:
            elsewhere = [o.attention for o in others[place] if o.sentence != noun.sentence]
            if elsewhere:
                even = 1 / sentences[noun.sentence].tokens
                compared[noun.sentence].append(_contrast(noun.attention, elsewhere, even))
    return [_mean(pronouns) for _, pronouns in sorted(compared.items())]


def _contrast(referent: Heads, elsewhere: Sequence[Heads], even: float) -> _Resolved:
    import numpy as np

    other = np.mean(elsewhere, axis=0).clip(min=even)
    return _Resolved(referent, other, (referent - other) / (referent + other))


def _mean(each: Sequence[_Resolved]) -> _Resolved:
    import numpy as np

    referent, other, lead = (
        np.mean([getattr(one, name) for one in each], axis=0)
        for name in ("referent", "other", "lead")
    )
    return _Resolved(referent, other, lead)


def _attended(number: int, linked: LinkedSentence) -> Iterator[_Attended]:
    """The nouns before the pronouns of a sentence, where each might be meant and one is."""
    for link in linked.sentence.links:
        tags = linked.sentence.pos[: link.pronoun]
        nouns = [k for k, tag in enumerate(tags) if tag in _NOUNS]
        if not link.settled or link.referent not in nouns or len(nouns) < 2:
            continue
        attention = linked.attention[link.pronoun].numpy()
        for nearer, noun in enumerate(reversed(nouns)):
            distance = sum(linked.pieces[noun + 1 : link.pronoun])
            place = distance, nearer, len(nouns) - 1 - nearer
            yield _Attended(number, place, noun == link.referent, attention[:, :, noun])


def _matrices(
    resolved: Sequence[_Resolved], asked: Sequence[tuple[int, int]]
) -> tuple[Matrix, ...]:
    every = _mean(resolved)
    return (
        _matrix(
            Text(
                en="attention from pronoun to referent, by head",
                zh_hant="各 head 從代名詞到所指對象的 attention",
            ),
            every.referent,
            asked,
            signed=False,
        ),
        _matrix(
            Text(en="the referent's lead, by head", zh_hant="各 head 中所指對象的領先幅度"),
            every.lead,
            asked,
            signed=True,
        ),
    )


def _matrix(title: Text, heads: Heads, asked: Sequence[tuple[int, int]], *, signed: bool) -> Matrix:
    import numpy as np

    layers, count = heads.shape
    return Matrix(
        title,
        heads.astype(np.float32),
        rows=tuple(str(k) for k in range(1, layers + 1)),
        columns=tuple(str(k) for k in range(1, count + 1)),
        row_name=LAYER,
        column_name=Text(en="head", zh_hant="head"),
        signed=signed,
        marked=tuple(asked),
    )
