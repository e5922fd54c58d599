"""Change of a word's logit or probability where parts of a model are taken out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

from quizproof.probes.language.intervened import UNIT, effects, places, scored
from quizproof.probes.parameters import Name, PartNames
from quizproof.probes.probe import Draw, Measure, probe, word
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, MaskedLM
    from quizproof.probes.bench import Bench

By: TypeAlias = Literal["zero", "mean"]
ScoreName: TypeAlias = Literal["logit", "logit_difference", "probability", "log_probability"]
_TOLERANCE = 1e-4


@probe(
    "ablation.effect",
    tolerance=_TOLERANCE,
    finding=Text(
        en=(
            "The {score} of “{word}” is {before} with the whole model. Without each of these "
            "parts it changes by {change_{item}}; without all of them at once it is {after_all}. "
            "The part without which it changes most is {most}."
        ),
        zh_hant=(
            "完整模型中「{word}」的 {score} 為 {before}。去掉下列各部分時的變化：{change_{item}}；"
            "全部去掉時為 {after_all}。影響最大的是 {most}。"
        ),
    ),
    measures=(
        Measure(
            "before",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en="score of the word by the whole model",
                zh_hant="完整模型中該字詞的分數",
            ),
        ),
        Measure(
            "after_{item}",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en="score of the word without the part",
                zh_hant="去掉該部分後該字詞的分數",
            ),
            each="parts",
        ),
        Measure(
            "change_{item}",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en=(
                    "change of the word's score where the part is taken out; below 0 where it falls"
                ),
                zh_hant="去掉該部分時該字詞分數的變化；小於 0 表示下降",
            ),
            each="parts",
        ),
        Measure(
            "after_all",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en="score of the word without all the parts at once",
                zh_hant="同時去掉所有部分後該字詞的分數",
            ),
        ),
        word(
            "most",
            Text(
                en=("part without which the word's score changes most; none where two are alike"),
                zh_hant="去掉後該字詞分數變化最大的部分；有兩者相同時為 none",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          After "The nurse saw the teacher in the": without which of these is " garden" less likely?
        probe:
          name: ablation.effect
          with:
            model: gpt
            prompt: The nurse saw the teacher in the
            word: " garden"
            score: probability
            parts: [L1H1, L2MLP]
            by: zero
        options:
          a: {text: Head 1 of layer 1, rule: change_L1H1 < change_L2MLP}
          b: {text: The MLP of layer 2, rule: change_L2MLP < change_L1H1}
        expected: [b]
    """,
)
def ablation_effect(
    bench: Bench,
    *,
    model: CausalLM | MaskedLM,
    prompt: Name,
    word: Name,
    against: Name | None = None,
    masked: Name | None = None,
    score: ScoreName = "logit",
    parts: PartNames,
    by: By = "zero",
    at: Name | None = None,
) -> Iterator[Draw]:
    """Change of the score of ``word`` where each of ``parts`` gives zero, or its mean.

    ``L2H1`` is the first head of the second layer, ``L2ATT`` and ``L2MLP`` what its attention and
    its MLP write, ``L2`` the layer, which then adds nothing to its state. The ``mean`` is over the
    prompt's tokens (Wang et al. 2023, arXiv 2211.00593, take it over a set of prompts). It is
    replaced at every token, or at those of the prompt's word ``at`` alone.

    ``word`` is one token, after the prompt of a causal model with its space, in the place of the
    word ``masked`` of a masked one. ``logit_difference`` is to the word ``against``. An error for a
    model whose heads and MLPs are not told apart.
    """
    import torch

    from quizproof.probes.models.interventions import Part, Replacement, values_of

    asked = {name: Part.called(name, model) for name in parts}
    known = scored(
        bench, model, prompt=prompt, word=word, against=against, masked=masked, score=score
    )
    there = places(model.tokens(prompt), at)
    new = {part: Replacement(torch.zeros(1), there) for part in asked.values()}
    if by == "mean":
        values = values_of(model, known.parts, known.word.tokens, list(new))
        new = {part: Replacement(value.mean(dim=0), there) for part, value in values.items()}
    before = known.before()
    after = {name: known.after({part: new[part]}) for name, part in asked.items()}
    changes = {name: value - before for name, value in after.items()}
    yield Draw(
        {
            "before": before,
            **{f"after_{name}": value for name, value in after.items()},
            **{f"change_{name}": value for name, value in changes.items()},
            "after_all": known.after(new),
            "most": _most(changes),
        },
        matrices=(
            effects(
                Text(en="change of the score", zh_hant="分數的變化"),
                {"Δ": list(changes.values())},
                parts,
            ),
        ),
    )


def _most(changes: dict[str, float]) -> str:
    sizes = sorted(((abs(change), name) for name, change in changes.items()), reverse=True)
    alike = len(sizes) > 1 and sizes[0][0] - sizes[1][0] <= _TOLERANCE
    return "none" if alike else sizes[0][1]
