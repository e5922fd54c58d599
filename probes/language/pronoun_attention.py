"""How much more attention heads give from a pronoun to its referent than to other nouns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.questions.problems import QuizproofError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes.bench import Bench
    from quizproof.probes.models.corpus_reading import LinkedSentence
    from quizproof.probes.packs.texts import Link

    Heads = NDArray[np.float64]  # (L, H): a number for each head

_NOUNS = ("NOUN", "PROPN")
_CONTRAST = "(referent − rival) ∕ (referent + rival)"


@dataclass(frozen=True)
class _Resolved:
    """Of one pronoun, by head."""

    referent: Heads  # attention to what it refers to
    lead: Heads  # of that against what the strongest rival gets, or an even spread would give


@probe(
    "pronoun.attention",
    roles=("english", "corpus"),
    measures=(
        Measure(
            "near_{item}",
            _CONTRAST,
            -1,
            1,
            "attention to the referent against that to the strongest other noun before the "
            "pronoun, where the referent is the nearest one",
            each="layers",
        ),
        Measure(
            "far_{item}",
            _CONTRAST,
            -1,
            1,
            "attention to the referent against that to the strongest other noun before the "
            "pronoun, where another noun is nearer",
            each="layers",
        ),
        Measure(
            "referent_{item}",
            "share of attention",
            0,
            1,
            "from the pronoun to its referent",
            each="layers",
        ),
        Measure(
            "lead_{item}",
            _CONTRAST,
            -1,
            1,
            "attention to the referent against that to the strongest other noun before the "
            "pronoun, mean of both kinds of sentence",
            each="layers",
        ),
    ),
    stochastic=True,
)
def pronoun_attention(bench: Bench, *, layers: list[int], head: int) -> Iterator[Draw]:
    """Attention from pronouns to their referents, of head ``head`` (from 1) of each of ``layers``.

    Looked at are the corpus's pronouns whose referent the sentence settles and that come after both
    it and another noun or name, a rival. The referent's lead is (a − b) ∕ (a + b), a the attention
    it gets, b the most that any rival gets, or what attention spread evenly over the sentence would
    give the referent, if that is more. A head that looks for the nearest noun, or the first, or at
    a fixed distance, whatever the pronoun, leads for referents that are the nearest noun or for
    those that are not, and not for both.

    A draw is a sentence that has pronouns of both kinds, or two with one kind each; no sentence is
    in two draws, and when the corpus is spent the draws end. The means of a head speak of sentences
    such as the corpus's, not of the corpus alone.
    """
    import numpy as np

    from quizproof.probes.models.corpus_reading import corpus_reading

    model = bench.language("english")
    if not 1 <= head <= model.heads:
        raise QuizproofError(f"the model has {model.heads} heads a layer, and no head {head}")
    if wrong := [layer for layer in layers if not 1 <= layer <= model.layers]:
        raise QuizproofError(f"the model has {model.layers} layers, and no layer {wrong[0]}")
    both: list[tuple[_Resolved, _Resolved]] = []
    alone: dict[bool, list[_Resolved]] = {True: [], False: []}
    distinct = {one.sentence.text: one for one in corpus_reading(bench, "english").linked}
    for sentence in distinct.values():
        near, far = _resolved(sentence)
        if near and far:
            both.append((_mean(near), _mean(far)))
        elif near or far:
            alone[bool(near)].append(_mean(near or far))
    rng = np.random.default_rng(bench.draw_seed(0))
    for group in alone.values():
        rng.shuffle(group)
    both += zip(alone[True], alone[False], strict=False)
    if not both:
        raise QuizproofError(
            "the corpus has no two pronouns with settled referents and other nouns before them, "
            "one whose referent is the nearest noun and one whose is not; add links to it"
        )
    matrices = _matrices(both)
    for number in rng.permutation(len(both)):
        near_one, far_one = both[number]
        values = {}
        for layer in layers:
            place = layer - 1, head - 1
            values[f"near_{layer}"] = float(near_one.lead[place])
            values[f"far_{layer}"] = float(far_one.lead[place])
            values[f"referent_{layer}"] = float(
                (near_one.referent[place] + far_one.referent[place]) / 2
            )
            values[f"lead_{layer}"] = (values[f"near_{layer}"] + values[f"far_{layer}"]) / 2
        yield Draw(values, matrices=matrices)


def _resolved(linked: LinkedSentence) -> tuple[list[_Resolved], list[_Resolved]]:
    """The pronouns whose referent is the nearest noun before them, and those whose is not."""
    near: list[_Resolved] = []
    far: list[_Resolved] = []
    for link in linked.sentence.links:
        if rivals := _rivals(linked, link):
            attention = linked.attention[link.pronoun].numpy()
            referent = attention[:, :, link.referent]
            even = linked.pieces[link.referent] / linked.tokens
            strongest = attention[:, :, rivals].max(axis=2).clip(min=even)
            nearest = max(rivals) < link.referent
            lead = (referent - strongest) / (referent + strongest)
            (near if nearest else far).append(_Resolved(referent, lead))
    return near, far


def _rivals(linked: LinkedSentence, link: Link) -> list[int]:
    """The nouns before a pronoun that it might refer to and does not; none where it refers ahead
    or where the sentence leaves open to what."""
    tags = linked.sentence.pos[: link.pronoun]
    if not link.settled or link.referent >= link.pronoun:
        return []
    return [k for k, tag in enumerate(tags) if tag in _NOUNS and k != link.referent]


def _mean(pronouns: Sequence[_Resolved]) -> _Resolved:
    import numpy as np

    return _Resolved(
        np.mean([p.referent for p in pronouns], axis=0), np.mean([p.lead for p in pronouns], axis=0)
    )


def _matrices(draws: Sequence[tuple[_Resolved, _Resolved]]) -> tuple[Matrix, ...]:
    every = _mean([pronoun for pair in draws for pronoun in pair])
    near, far = _mean([near for near, _ in draws]), _mean([far for _, far in draws])
    return (
        _matrix("attention from pronoun to referent, by head", every.referent, signed=False),
        _matrix("the referent's lead where it is the nearest noun", near.lead, signed=True),
        _matrix("the referent's lead where another noun is nearer", far.lead, signed=True),
    )


def _matrix(title: str, values: Heads, *, signed: bool) -> Matrix:
    import numpy as np

    layers, heads = (tuple(str(k + 1) for k in range(size)) for size in values.shape)
    return Matrix(title, values.astype(np.float32), layers, heads, "layer", "head", signed)
