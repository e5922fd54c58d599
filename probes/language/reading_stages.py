"""In which layers of a reader the question draws near the part of the context that answers it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from quizproof.probes.models.triple_readings import (
    mean_by_layer,
    reading,
    scatter,
    scatter_title,
    texts,
)
from quizproof.probes.parameters import Counts
from quizproof.probes.probe import Draw, Measure, Scatter, Unsure, probe
from quizproof.probes.units import LAYER
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import Reader, Triples
    from quizproof.probes.bench import Bench
    from quizproof.probes.methods.token_separation import Passage
    from quizproof.probes.models.language_models import Reading

_UNIT = Text(en="cosine similarity", zh_hant="餘弦相似度")
_Leads: TypeAlias = Mapping[int, float]  # by the last layer of a stage


@probe(
    "reading.stages",
    finding=Text(
        en=(
            "The question is more like the relevant part of the context than like the rest by so "
            "much, at the last layer of each stage: {gap_at_{item}}. Below 0, it is less like it. "
            "Each stage’s layers widen this gap by: {rise_to_{item}}."
        ),
        zh_hant=(
            "問題與文章中有關部分的相似度，在各階段的最後一層比與其餘部分高出的量（層：量）是 "
            "{gap_at_{item}}。小於 0 表示較低。各階段使此差距增加的量是 {rise_to_{item}}。"
        ),
    ),
    tolerance=1e-4,
    measures=(
        Measure(
            "gap_at_{item}",
            _UNIT,
            -2,
            2,
            Text(
                en=(
                    "similarity of the question to the relevant part of the context, less that to "
                    "the rest, at the stage's last layer"
                ),
                zh_hant=(
                    "問題與文章中有關部分的相似度，減去與其餘部分的相似度；取該階段的最後一層"
                ),
            ),
            each="stages",
        ),
        Measure(
            "rise_to_{item}",
            _UNIT,
            -4,
            4,
            Text(
                en=(
                    "growth over the stage's layers of the gap between the relevant part of the "
                    "context and the rest"
                ),
                zh_hant="該階段各層使問題與文章有關部分、其餘部分的相似度差距增加多少",
            ),
            each="stages",
        ),
        Measure(
            "lead_{item}",
            _UNIT,
            -8,
            2,
            Text(
                en=(
                    "lead of the stage over any other in widening the gap, or the gap at its end "
                    "where that is less; from the least to the most of the triples"
                ),
                zh_hant=(
                    "該階段使差距增加的量領先其他階段多少，或該階段末的差距（取較小者）；由各題的最"
                    "小值到最大值"
                ),
            ),
            each="stages",
        ),
    ),
    example="""
    kind: single
    points: 1
    about: model
    prompt: In which layers does the question find the relevant part of the context?
    probe: {name: reading.stages, with: {reader: reader_1, stages: [6, 12]}}
    options:
      a: {text: Layers 1 to 6, rule: lead_6 > 0}
      b: {text: Layers 7 to 12, rule: lead_12 > 0}
    expected: [b]
    """,
)
def reading_stages(
    bench: Bench, *, reader: Reader, triples: Triples, stages: Counts
) -> Iterator[Draw]:
    """Gap that each stage of layers opens between the relevant part of the context and the rest.

    It is the mean over all triples. ``stages`` holds the last layer of each, from 1; the first
    stage starts from the embedding output, each other where the one before it ends.

    A stage's lead is above 0 where its layers widen the gap more than those of any other stage, and
    the gap is there in the end. It is known from the least to the most that a triple, or the mean
    of them all, gives: a few triples tell what a reader does where they are of one mind, and leave
    it open where they are not.
    """
    from quizproof.probes.methods.token_separation import passage, question_gap

    asked = triples.triples
    if len(asked) < 2:
        raise QuizproofError(
            "one triple alone is of one mind whatever it shows; put two at least into the pack"
        )
    gaps: list[list[float]] = []
    scatters: tuple[Scatter, ...] = ()
    for number, triple in enumerate(asked, 1):
        read = reading(bench, reader, triples, number)
        places = passage(read.tokens, triple.answer)
        _refuse_other_depth(len(read.hidden_states) - 1, reader.name, stages)
        gaps.append(question_gap(read.hidden_states, places).tolist())
        if number == 1:
            scatters = _scatters(read, places, reader.name, stages)
    gap = mean_by_layer(gaps, reader.name)
    each = [_leads(one, stages) for one in gaps]
    mean = _leads(gap, stages)
    spans = {end: [one[end] for one in (mean, *each)] for end in stages}
    yield Draw(
        {f"gap_at_{end}": gap[end] for end in stages}
        | {f"rise_to_{end}": rise for end, rise in _rises(gap, stages).items()}
        | {f"lead_{end}": lead for end, lead in mean.items()},
        series={"gap": gap} | {f"gap_{k}": tuple(one) for k, one in enumerate(gaps, 1)},
        captions={
            "gap": Text(
                en="gap between the relevant part and the rest",
                zh_hant="有關部分與其餘部分的差距",
            )
        }
        | {
            f"gap_{k}": Text(en=f"gap between them in triple {k}", zh_hant=f"問題 {k} 的差距")
            for k in range(1, len(gaps) + 1)
        },
        series_start=0,
        series_name=LAYER,
        scatters=scatters,
        unsure=Unsure(
            {f"lead_{end}": (min(span), max(span)) for end, span in spans.items()},
            _disagreement(each),
        ),
    )


def _rises(gap: Sequence[float], stages: Sequence[int]) -> _Leads:
    starts = [0, *stages]
    return {end: gap[end] - gap[start] for start, end in zip(starts, stages, strict=False)}


def _leads(gap: Sequence[float], stages: Sequence[int]) -> _Leads:
    rises = _rises(gap, stages)

    def others(end: int) -> float:
        return max([0.0, *(rise for other, rise in rises.items() if other != end)])

    return {end: min(gap[end], rise - others(end)) for end, rise in rises.items()}


def _disagreement(each: Sequence[_Leads]) -> Text:
    """Return the line that says which stage each triple is for."""
    en, zh_hant = [], []
    for number, leads in enumerate(each, 1):
        starts = zip((0, *leads), leads.items(), strict=False)
        ahead = [f"{start + 1}–{end}" for start, (end, lead) in starts if lead > 0]
        en.append(f"{number} is for {'layers ' + ahead[0] if ahead else 'none'}")
        zh_hant.append(f"第 {number} 題" + (f"為第 {ahead[0]} 層" if ahead else "皆非"))
    return Text(
        en=f"the triples disagree: {', '.join(en)}", zh_hant=f"各題不一致：{'、'.join(zh_hant)}"
    )


def _scatters(
    read: Reading, places: Passage, reader: str, stages: list[int]
) -> tuple[Scatter, ...]:
    shown = texts(read, places.answer)
    groups = {
        "question": shown["question"],
        "relevant part": [p for p in places.relevant if p not in places.answer],
        "context": [place for place in shown["context"] if place not in places.relevant],
        "answer": shown["answer"],
    }
    return tuple(scatter(scatter_title(reader, 1, layer), read, layer, groups) for layer in stages)


def _refuse_other_depth(layers: int, reader: str, stages: list[int]) -> None:
    if stages != sorted(set(stages)) or not stages or stages[0] < 1 or stages[-1] != layers:
        raise QuizproofError(
            f"{reader} has {layers} layers, which the stages that end with "
            f"{', '.join(map(str, stages))} do not divide; ask for stages that do"
        )
