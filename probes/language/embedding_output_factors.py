"""Factors of a sentence that change a character's vector at the embedding output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from quizproof.probes.language.factor_pairs import CHARACTER, FACTORS
from quizproof.probes.parameters import Count
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.language_models import LanguageModel, Reading
    from quizproof.probes.models.tokens import Tokens

_MOST_NOISE = 1e-4  # relative distance; float32 makes 1e-7
_NOISE_FROM = 4  # sentences
_CHINESE = {"meaning": "意思", "length": "長度", "position": "位置", "occurrences": "出現次數"}
_RELATIVE = Text(en="distance ∕ length of the vectors", zh_hant="距離 ∕ 向量長度")
_COSINES = Text(en="1 − cosine similarity of 果", zh_hant="「果」的 1 − 餘弦相似度")
_DISTANCES = Text(en="relative Euclidean distance of 果", zh_hant="「果」的相對歐氏距離")


def _effect(factor: str) -> Text:
    return Text(
        en=f"of 果 in two sentences of different {factor}; the largest of all pairs",
        zh_hant=f"只有{_CHINESE[factor]}不同的兩個句子中「果」的差異；取各對的最大值",
    )


@probe(
    "embedding.output_factors",
    finding=Text(
        en=(
            "Where two sentences differ in one thing alone, the embedding output of 果 "
            "moves by at most this much of its length: meaning {euclidean_meaning}, "
            "length of the sentence {euclidean_length}, position {euclidean_position}, "
            "number of occurrences {euclidean_occurrences}. Numerical noise alone moves "
            "it by {noise}."
        ),
        zh_hant=(
            "兩個句子只有一處不同時，「果」的 embedding output 至多移動（相對於向量長度）："
            "意義 {euclidean_meaning}、句長 {euclidean_length}、位置 "
            "{euclidean_position}、出現次數 {euclidean_occurrences}。數值誤差本身造成的移"
            "動為 {noise}。"
        ),
    ),
    measures=(
        *(
            Measure(
                f"cosine_{factor}",
                Text(en="1 − cosine similarity", zh_hant="1 − 餘弦相似度"),
                0,
                2,
                _effect(factor),
            )
            for factor in FACTORS
        ),
        *(
            Measure(
                f"euclidean_{factor}",
                _RELATIVE,
                0,
                2,
                _effect(factor),
            )
            for factor in FACTORS
        ),
        Measure(
            "noise",
            _RELATIVE,
            0,
            2,
            Text(
                en="of 果 in one sentence read alone, and in a batch; the largest",
                zh_hant="同一個句子單獨讀取與成批讀取時「果」的差異；取最大值",
            ),
        ),
    ),
    tolerance=1e-5,
)
def embedding_output_factors(bench: Bench, *, model: MaskedLM, pairs: Count) -> Iterator[Draw]:
    """Change of the embedding output of 果 when one factor alone changes: an intervention.

    For each of four factors (its meaning, the sentence's length, its position, how often it occurs)
    ``pairs`` pairs of sentences are generated in which that one differs, and the first 果 of the
    two is compared: its similarity to itself would be 1, its distance 0. The effect of a factor is
    the largest over the pairs, for one pair in which the similarity changes shows that it can. The
    noise is what changes when the same sentence is read alone and in a padded batch.
    """
    import numpy as np

    from quizproof.probes.language.factor_pairs import factor_pairs
    from quizproof.probes.methods.embedding_similarity import cosine_similarity, relative_distance
    from quizproof.probes.models.embedding_output import embedding_only

    model = embedding_only(model)
    rng = np.random.default_rng(bench.fixed_seed)
    written = list(islice(factor_pairs(rng), pairs))
    sequences = {
        text: model.tokens(text) for texts in written for pair in texts.values() for text in pair
    }
    for texts in written:
        for factor, pair in texts.items():
            _refuse_confounded(factor, *(sequences[text] for text in pair))
    readings = dict(zip(sequences, model.read_all(list(sequences.values())), strict=True))
    values: dict[str, float | str] = {"noise": _noise(model, list(sequences.values()))}
    cosines, distances = [], []
    for factor in FACTORS:
        one, other = (
            np.stack([_vector(readings[texts[factor][side]]) for texts in written])
            for side in (0, 1)
        )
        cosines.append(np.clip(1 - cosine_similarity(one, other), 0.0, 2.0))
        distances.append(relative_distance(one, other))
        values[f"cosine_{factor}"] = float(cosines[-1].max())
        values[f"euclidean_{factor}"] = float(distances[-1].max())
    numbers = tuple(str(k + 1) for k in range(pairs))
    yield Draw(
        values,
        matrices=tuple(
            Matrix(
                title,
                np.stack(effects).astype(np.float32),
                rows=FACTORS,
                columns=numbers,
                row_name=Text(en="what differs", zh_hant="不同之處"),
                column_name=Text(en="pair of sentences", zh_hant="句對"),
            )
            for title, effects in (
                (_COSINES, cosines),
                (_DISTANCES, distances),
            )
        ),
    )


def _vector(reading: Reading) -> NDArray[np.float64]:
    place = reading.tokens.find(CHARACTER)
    vector: NDArray[np.float64] = reading.hidden_states[0, place].double().numpy()
    return vector


def _refuse_confounded(factor: str, one: Tokens, other: Tokens) -> None:
    from quizproof.probes.language.factor_pairs import differing
    from quizproof.probes.models.tokens import TokenError

    if (found := differing(one, other)) != {factor} - {"meaning"} or one.ids == other.ids:
        raise TokenError(
            f"in this tokenizer's tokens, “{one.text}” and “{other.text}” differ in "
            f"{', '.join(sorted(found)) or 'nothing'}, not in {factor} alone; "
            "take a tokenizer with a token for each character"
        )


def _noise(model: LanguageModel, sequences: Sequence[Tokens]) -> float:
    """The largest relative distance of 果 from itself when only its batch changes."""
    import numpy as np

    from quizproof.probes.methods.embedding_similarity import relative_distance
    from quizproof.probes.models.language_models import LanguageModelError

    by_length = sorted(sequences, key=len)
    short = by_length[:_NOISE_FROM]
    together = list(model.passed([*short, by_length[-1]]))[: len(short)]
    alone = [next(model.passed([tokens])) for tokens in short]
    vectors = (np.stack([_vector(reading) for reading in side]) for side in (alone, together))
    noise = float(relative_distance(*vectors).max())
    if noise > _MOST_NOISE:
        raise LanguageModelError(
            f"the embedding output of {model.description} changes by {noise:.2g} of its length "
            "when only the batch does, so nothing can be said of what else changes it; "
            "look for dropout, or for padding that is not masked"
        )
    return noise
