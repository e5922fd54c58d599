"""Share of a word's score that parts of a clean run bring back in a corrupted one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from quizproof.probes.language.ablation_effect import ScoreName
from quizproof.probes.language.intervened import UNIT, Scored, effects, places, scored
from quizproof.probes.parameters import Name, PartNames
from quizproof.probes.probe import Draw, Measure, probe
from quizproof.probes.units import SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from quizproof.probes import CausalLM, MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.interventions import Part, Replacement

_SAME = 1e-3  # share of the larger score: a difference below is next to rounding


@probe(
    "patching.effect",
    tolerance=1e-3,
    finding=Text(
        en=(
            "The {score} of “{word}” is {clean} for the clean prompt and {corrupted} for the "
            "corrupted one. Put from the first into the second, each of these parts brings back "
            "this share of the difference: {restored_{item}}."
        ),
        zh_hant=(
            "「{word}」的 {score} 在乾淨的提示為 {clean}，在改動的提示為 {corrupted}。"
            "把下列各部分由前者換入後者時，恢復的差距比例：{restored_{item}}。"
        ),
    ),
    measures=(
        Measure(
            "clean",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en="score of the word for the clean prompt",
                zh_hant="該字詞在乾淨提示的分數",
            ),
        ),
        Measure(
            "corrupted",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en="score of the word for the corrupted prompt",
                zh_hant="該字詞在改動提示的分數",
            ),
        ),
        Measure(
            "patched_{item}",
            UNIT,
            -math.inf,
            math.inf,
            Text(
                en=(
                    "score of the word for the corrupted prompt with the part put in from the "
                    "clean one"
                ),
                zh_hant="把該部分由乾淨提示換入改動提示後，該字詞的分數",
            ),
            each="parts",
        ),
        Measure(
            "restored_{item}",
            SHARE,
            -math.inf,
            math.inf,
            Text(
                en=("share of the difference of the two prompts' scores that the part brings back"),
                zh_hant="該部分恢復的比例，以兩提示的分數之差為 1",
            ),
            each="parts",
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          In "The nurse saw the teacher in the", "saw" becomes "told". The state after which
          layer, at the word that was changed, brings back more of what " garden" lost?
        probe:
          name: patching.effect
          with:
            model: gpt
            clean: The nurse saw the teacher in the
            corrupted: The nurse told the teacher in the
            word: " garden"
            score: probability
            parts: [L1, L2]
            at: saw
        options:
          a: {text: Layer 1, rule: restored_L1 > restored_L2}
          b: {text: Layer 2, rule: restored_L2 > restored_L1}
        expected: [a]
    """,
)
def patching_effect(
    bench: Bench,
    *,
    model: CausalLM | MaskedLM,
    clean: Name,
    corrupted: Name,
    word: Name,
    against: Name | None = None,
    masked: Name | None = None,
    score: ScoreName = "logit_difference",
    parts: PartNames,
    at: Name | None = None,
) -> Iterator[Draw]:
    """Score of ``word`` for a corrupted prompt where parts are those of the clean prompt.

    Activation patching (Meng et al. 2022, arXiv 2202.05262; Wang et al. 2023, arXiv 2211.00593):
    the two prompts have as many tokens, and each of ``parts``, at every token or at those of the
    clean prompt's word ``at``, gives for the corrupted one what it gives for the clean one; the
    part ``L2`` is the state after the second layer. Restored is (patched − corrupted) ∕ (clean −
    corrupted). Parts are called, and words asked of, as in ``ablation.effect``; for what is lost
    rather than restored, swap the prompts. An error where the prompts do not differ in the score.
    """
    from quizproof.probes.models.interventions import Part

    asked = {name: Part.called(name, model) for name in parts}
    first, second = (
        scored(bench, model, prompt=prompt, word=word, against=against, masked=masked, score=score)
        for prompt in (clean, corrupted)
    )
    _refuse_other_length(first, second)
    there = places(model.tokens(clean), at)
    scores = {"clean": first.before(), "corrupted": second.before()}
    gap = scores["clean"] - scores["corrupted"]
    if abs(gap) <= _SAME * max(map(abs, scores.values())):
        raise QuizproofError(
            f"the {score} of {word!r} is the same for both prompts ({scores['clean']:.4g}), so "
            "that there is nothing to bring back; take prompts that differ in it"
        )
    new = _of_clean(first, list(asked.values()), there)
    patched = {name: second.after({part: new[part]}) for name, part in asked.items()}
    restored = {name: (value - scores["corrupted"]) / gap for name, value in patched.items()}
    yield Draw(
        {
            **scores,
            **{f"patched_{name}": value for name, value in patched.items()},
            **{f"restored_{name}": value for name, value in restored.items()},
        },
        matrices=(
            effects(
                Text(en="share brought back", zh_hant="恢復的比例"),
                {"restored": list(restored.values())},
                parts,
            ),
        ),
    )


def _of_clean(
    clean: Scored, parts: Sequence[Part], there: Sequence[int] | None
) -> dict[Part, Replacement]:
    """What each part gives for the clean prompt; of a layer, the state after it."""
    from quizproof.probes.models.interventions import Replacement, values_of

    tokens = clean.word.tokens
    states = clean.model.read(tokens).hidden_states
    found = {}
    for part, value in values_of(clean.model, clean.parts, tokens, parts).items():
        whole = part.sort == "layer"
        given = value + states[part.layer - 1].to(value.device) if whole else value
        found[part] = Replacement(given, there, state=whole)
    return found


def _refuse_other_length(first: Scored, second: Scored) -> None:
    one, other = first.word, second.word
    if len(one.tokens) != len(other.tokens):
        raise QuizproofError(
            f"the clean prompt has {len(one.tokens)} tokens, the corrupted one "
            f"{len(other.tokens)}: {' '.join(one.tokens.names)}, {' '.join(other.tokens.names)}; "
            "write two of the same number"
        )
    if one.place != other.place:
        raise QuizproofError(
            "the masked word is at another place in the corrupted prompt; write it at the same"
        )
