"""Relations between tokens that a head attends along, such as the one before, or the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from quizproof.probes.language.heads_shown import every_head, head_matrix, the_most_of
from quizproof.probes.parameters import HeadName, Names, distinct, some
from quizproof.probes.probe import Draw, Measure, probe, word
from quizproof.probes.units import HEAD, SHARE
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, Encoder, MaskedLM
    from quizproof.probes.bench import Bench

Relations: TypeAlias = Annotated[
    list[Literal["full_stop", "previous", "same", "next", "special", "first", "delimiter"]],
    some,
    distinct,
]
_CHINESE = {
    "full_stop": "最注意句號的比例",
    "previous": "最注意前一個 token 的比例",
    "same": "最注意相同的 token 的比例",
    "next": "最注意下一個 token 的比例",
    "special": "最注意 special token 的比例",
    "first": "最注意第一個 token 的比例",
    "delimiter": "最注意標點符號的比例",
}
_TOLERANCE = 1e-6


@probe(
    "heads.relations",
    finding=Text(
        en=(
            "For each relation, such as to the next token, these shares of the tokens attend most "
            "to the one they have in it: {most_{item}}. They are of the heads with the largest "
            "shares: {head_{item}}. “none” means that two heads are alike."
        ),
        zh_hant=(
            "就各種關係（例如與下一個 token）而言，有此關係之對象的 token 中，最注意該對象者的比例"
            "：{most_{item}}。各取比例最大的 head，依序是 {head_{item}}（「none」表示有兩個相同）。"
        ),
    ),
    measures=(
        Measure(
            "most_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the tokens that attend most to a token in the relation, of all that "
                    "have one; of the head asked for where it is largest"
                ),
                zh_hant="有此關係之 token 的 token 中，最注意它者的比例；取所問各 head 的最大值",
            ),
            each="relations",
        ),
        Measure(
            "attention_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "mean attention that tokens give to a token in the relation, of all that have "
                    "one; of the head asked for where it is largest"
                ),
                zh_hant="有此關係之 token 的 token 給它的平均 attention；取所問各 head 的最大值",
            ),
            each="relations",
        ),
        word(
            "head_{item}",
            Text(
                en=(
                    "head by which most tokens attend most to a token in the relation, such as "
                    "L2H1; none where two are alike"
                ),
                zh_hant="使最多 token 最注意此關係之 token 的 head，如 L2H1；有兩者相同時為 none",
            ),
            each="relations",
        ),
        word(
            "attention_head_{item}",
            Text(
                en=(
                    "head whose mean attention to a token in the relation is the largest; none "
                    "where two are alike"
                ),
                zh_hant="給此關係之 token 的平均 attention 最大的 head；有兩者相同時為 none",
            ),
            each="relations",
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          Which head looks at the previous token: head 1 of layer 1 or head 2 of layer 3?
        probe:
          name: heads.relations
          with:
            model: english
            sentences: [The nurse saw the teacher in the garden.]
            heads: [L1H1, L3H2]
            relations: [previous]
        options:
          a: {text: Head 1 of layer 1, rule: head_previous == 'L1H1'}
          b: {text: Head 2 of layer 3, rule: head_previous == 'L3H2'}
        expected: [a]
    """,
)
def heads_relations(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    sentences: Names,
    relations: Relations,
    heads: Annotated[list[HeadName], distinct] = [],  # noqa: B006 (read as a declaration, and never written to)
) -> Iterator[Draw]:
    """Share of tokens that attend most to those in each of ``relations``, by the best of ``heads``.

    A relation is of a token to others of its sentence (Clark, Khandelwal, Levy & Manning 2019,
    arXiv 1906.04341): full_stop, delimiter (a full stop or another punctuation mark), previous,
    next, same (itself and its copies), first, special. Special tokens are hidden as exBERT hides
    them, so that what goes to them is not looked at, but for the relation ``special``; what they
    attend to is looked at for none. ``L2H1`` is the first head of the second layer; without
    ``heads`` all are looked at. Raises RelationError.
    """
    import torch

    from quizproof.probes.methods.attention_relations import (
        RelationError,
        attend_most,
        attention_along,
    )
    from quizproof.probes.models.interventions import Part

    asked = {name: Part.called(name, model) for name in heads} or every_head(model)
    readings = []
    for reading in model.read_all([model.tokens(sentence) for sentence in sentences]):
        if reading.attentions is None:
            raise RelationError(
                f"{model.description} gives no attention weights; "
                'load it with attn_implementation="eager"'
            )
        readings.append((reading.tokens, reading.attentions))
    shares = {name: attend_most(name, readings) for name in relations}
    along = {name: attention_along(name, readings) for name in relations}

    def of_asked(values: torch.Tensor) -> torch.Tensor:
        return torch.stack([values[part.layer - 1, part.head - 1] for part in asked.values()])

    yield Draw(
        {
            **{f"most_{name}": float(of_asked(share).max()) for name, share in shares.items()},
            **{f"attention_{name}": float(of_asked(share).max()) for name, share in along.items()},
            **{
                f"head_{name}": the_most_of(list(asked), of_asked(share), _TOLERANCE)
                for name, share in shares.items()
            },
            **{
                f"attention_head_{name}": the_most_of(list(asked), of_asked(share), _TOLERANCE)
                for name, share in along.items()
            },
        },
        series={name: tuple(of_asked(share).tolist()) for name, share in shares.items()},
        captions={name: _series_title(name) for name in shares},
        series_name=HEAD,
        series_unit=SHARE,
        matrices=tuple(
            head_matrix(_title(name), share, asked.values() if heads else ())
            for name, share in shares.items()
        ),
    )


def _title(relation: str) -> Text:
    return Text(
        en=f"tokens that attend most to the {relation.replace('_', ' ')} token",
        zh_hant=_CHINESE[relation],
    )


def _series_title(relation: str) -> Text:
    title = _title(relation)
    return Text(en=f"{title.en}, by the heads asked for", zh_hant=f"所問的各 head：{title.zh_hant}")
