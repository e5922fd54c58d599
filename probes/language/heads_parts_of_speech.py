"""Attention of heads from words of one part of speech to those of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from quizproof.probes.language.heads_shown import by_head, every_head, head_matrix, the_most_of
from quizproof.probes.parameters import HeadName, Pos, distinct
from quizproof.probes.probe import Draw, Measure, probe, word
from quizproof.probes.units import SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, Corpus, Encoder, MaskedLM
    from quizproof.probes.bench import Bench

_TOLERANCE = 1e-5


@probe(
    "heads.parts_of_speech",
    tolerance=_TOLERANCE,
    finding=Text(
        en=(
            "The head that gives most attention from a {of} to the {to} words of its sentence is "
            "{most_head}: a share of {most} of its attention. Attention that is spread evenly "
            "would give {even}. The heads asked about give: {attention_{item}}."
        ),
        zh_hant=(
            "從一個 {of} 到句中 {to} 各字的 attention，最高的 head 是 {most_head}，占 {most}。"
            "attention 平均分散時為 {even}。所問的各 head：{attention_{item}}。"
        ),
    ),
    measures=(
        Measure(
            "attention_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the head's attention that goes from a word of the one part of speech "
                    "to those of the other"
                ),
                zh_hant="該 head 從一種詞性的字到另一種詞性各字的 attention",
            ),
            each="heads",
        ),
        Measure(
            "most",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of attention that goes from the one part of speech to the other, of the "
                    "head where it is largest"
                ),
                zh_hant="從一種詞性的字到另一種詞性各字的 attention，取最高的 head",
            ),
        ),
        word(
            "most_head",
            Text(
                en=(
                    "head that gives most attention from the one part of speech to the other, such "
                    "as L2H1; none where two are alike"
                ),
                zh_hant=(
                    "從一種詞性到另一種詞性的 attention 最高的 head，如 L2H1；有兩者相同時為 none"
                ),
            ),
        ),
        Measure(
            "even",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of attention that would go from the one part of speech to the other if "
                    "it were spread evenly"
                ),
                zh_hant="attention 平均分散時，從一種詞性的字到另一種詞性各字的量",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: Does head 1 of layer 2 look from verbs to nouns more than an even spread would?
        probe:
          name: heads.parts_of_speech
          with: {model: english, of: VERB, to: NOUN, heads: [L2H1]}
        options:
          a: {text: "Yes", rule: attention_L2H1 > even}
          b: {text: "No", rule: attention_L2H1 < even}
        expected: [a]
    """,
)
def heads_parts_of_speech(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    corpus: Corpus,
    of: Pos,
    to: Pos,
    heads: Annotated[list[HeadName], distinct] = [],  # noqa: B006 (read as a declaration, and never written to)
) -> Iterator[Draw]:
    """Attention of each of ``heads`` from a corpus's words tagged ``of`` to those tagged ``to``.

    The mean over all words ``of`` that have another word ``to`` in their sentence (before them, of
    a causal model), of what goes to all of these (Clark, Khandelwal, Levy & Manning 2019, arXiv
    1906.04341, section 4). Special tokens are hidden, and what is left sums to 1. ``L2H1`` is the
    first head of the second layer.
    """
    from quizproof.probes.methods.attention_between_tags import attention_between
    from quizproof.probes.models.causal_lm import CausalLM
    from quizproof.probes.models.interventions import Part

    asked = {name: Part.called(name, model) for name in heads}
    found = bench.once(
        ("attention between", model, corpus, of, to),
        lambda: attention_between(
            model, corpus.sentences, of, to, looks_back=isinstance(model, CausalLM)
        ),
    )
    flat = found.attention.flatten()
    yield Draw(
        {
            **by_head("attention", asked, found.attention),
            "most": float(flat.max()),
            "most_head": the_most_of(list(every_head(model)), flat, _TOLERANCE),
            "even": found.even,
        },
        matrices=(
            head_matrix(
                Text(en=f"attention from {of} to {to}", zh_hant=f"從 {of} 到 {to} 的 attention"),
                found.attention,
                asked.values(),
            ),
        ),
    )
