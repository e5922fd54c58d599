"""Factors of a sentence that change a word's vector after a layer, each varied alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from quizproof.probes.language.factor_pairs import CHARACTER, FACTORS, Pair
from quizproof.probes.parameters import Index, Name, TextName, Times
from quizproof.probes.probe import Draw, Matrix, Measure, probe
from quizproof.questions.near import did_you_mean
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from quizproof.probes import CausalLM, Encoder, MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.language_models import LanguageModel, Reading
    from quizproof.probes.models.tokens import Tokens

Two: TypeAlias = Annotated[list[Name], Field(min_length=2, max_length=2)]
Factors: TypeAlias = Annotated[
    dict[TextName, Literal["written"] | Annotated[list[Two], Field(min_length=1)]],
    Field(min_length=1),
]
_MOST_NOISE = 1e-4  # relative distance; float32 makes 1e-7
_NOISE_FROM = 4  # sentences
_RELATIVE = Text(en="distance ∕ length of the vectors", zh_hant="距離 ∕ 向量長度")


@probe(
    "embedding.factors",
    finding=Text(
        en=(
            "The vector of {word} after layer {layer} changes by at most these shares of its "
            "length, by what alone differs between two sentences: {euclidean_{item}}. Numerical "
            "noise alone changes it by {noise}."
        ),
        zh_hant=(
            "「{word}」在第 {layer} 層之後的向量，在只有一處不同的兩個句子間至多改變（占向量長度的"
            "比例）：{euclidean_{item}}。僅由數值誤差所致的改變為 {noise}。"
        ),
    ),
    measures=(
        Measure(
            "cosine_{item}",
            Text(en="1 − cosine similarity", zh_hant="1 − 餘弦相似度"),
            0,
            2,
            Text(
                en=(
                    "change of the word's vector between two sentences that differ in this factor "
                    "alone, by cosine; the largest of the pairs"
                ),
                zh_hant="句子只有此因素不同時，該字詞向量的變化（餘弦）；取各對的最大值",
            ),
            each="factors",
        ),
        Measure(
            "euclidean_{item}",
            _RELATIVE,
            0,
            2,
            Text(
                en=(
                    "change of the word's vector between two sentences that differ in this factor "
                    "alone, by distance; the largest of the pairs"
                ),
                zh_hant="句子只有此因素不同時，該字詞向量的變化（距離）；取各對的最大值",
            ),
            each="factors",
        ),
        Measure(
            "noise",
            _RELATIVE,
            0,
            2,
            Text(
                en=(
                    "change of the word's vector between reading a sentence alone and in a batch; "
                    "the largest"
                ),
                zh_hant="同一個句子單獨讀取與成批讀取時，該字詞向量的變化；取最大值",
            ),
        ),
    ),
    tolerance=1e-5,
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          Is the vector of "nurse" after layer 2 of BERT another where another verb follows?
        probe:
          name: embedding.factors
          with:
            model: english
            word: nurse
            layer: 2
            factors:
              verb: [[The nurse saw the teacher., The nurse helped the teacher.]]
        options:
          a: {text: "Yes", rule: euclidean_verb > noise + 0.001}
          b: {text: "No", rule: euclidean_verb <= noise + 0.001}
        expected: [a]
    """,
)
def embedding_factors(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    word: Name,
    factors: Factors,
    layer: Index = 0,
    pairs: Times = 8,
) -> Iterator[Draw]:
    """Change of the vector of ``word`` after ``layer`` when one of ``factors`` alone changes.

    An intervention; layer 0 is the embedding output. Of each factor there are pairs of sentences
    that differ in it, and the first ``word`` of the two is compared: its similarity to itself would
    be 1, its distance 0. The effect of a factor is the largest over the pairs, for one pair in
    which the vector changes shows that it can. ``written`` are ``pairs`` pairs that a grammar
    writes of the character 果, which differ in its meaning, or in the sentence's length, its
    position or how often it occurs, and, where tokens are not characters, are refused. The noise is
    what changes when the same sentence is read alone and in a padded batch.
    """
    import numpy as np

    from quizproof.probes.methods.embedding_similarity import cosine_similarity, relative_distance
    from quizproof.probes.models.embedding_output import embedding_only

    if layer > model.layers:
        raise QuizproofError(
            f"{model.description} has no layer {layer}; "
            f"its layers are 0 (embedding output) to {model.layers}"
        )
    given = _given(np.random.default_rng(bench.fixed_seed), word, factors, pairs)
    read_by = model if layer else embedding_only(model)
    texts = dict.fromkeys(text for those in given.values() for pair in those for text in pair)
    sequences = {text: model.tokens(text) for text in texts}
    for factor, those in given.items():
        for one, other in those:
            if factors[factor] == "written":
                _refuse_confounded(factor, sequences[one], sequences[other])
            else:
                _refuse_same(sequences[one], sequences[other])
    readings = dict(zip(sequences, read_by.read_all(list(sequences.values())), strict=True))

    def vectors(of: Sequence[Pair], side: int) -> NDArray[np.float64]:
        return np.stack([_vector(readings[pair[side]], word, layer) for pair in of])

    noise = _noise(read_by, list(sequences.values()), word, layer)
    values: dict[str, float | str] = {"noise": noise}
    effects: dict[str, list[NDArray[np.float64]]] = {"cosine": [], "euclidean": []}
    for factor, those in given.items():
        sides = vectors(those, 0), vectors(those, 1)
        effects["cosine"].append(np.clip(1 - cosine_similarity(*sides), 0.0, 2.0))
        effects["euclidean"].append(relative_distance(*sides))
        values |= {f"{metric}_{factor}": float(each[-1].max()) for metric, each in effects.items()}
    yield Draw(
        values,
        matrices=(
            _table(
                Text(en=f"1 − cosine similarity of {word}", zh_hant=f"「{word}」的 1 − 餘弦相似度"),
                list(given),
                effects["cosine"],
            ),
            _table(
                Text(
                    en=f"relative Euclidean distance of {word}", zh_hant=f"「{word}」的相對歐氏距離"
                ),
                list(given),
                effects["euclidean"],
            ),
        ),
    )


def _given(
    rng: np.random.Generator, word: str, factors: Factors, pairs: int
) -> Mapping[str, Sequence[Pair]]:
    """The pairs of each factor, those to be written among them. Raises QuizproofError."""
    from quizproof.probes.language.factor_pairs import factor_pairs

    asked = [factor for factor, those in factors.items() if those == "written"]
    for factor in asked:
        if word != CHARACTER or factor not in FACTORS:
            mend = did_you_mean(factor, FACTORS, "write pairs of your own under it")
            raise QuizproofError(
                f"no sentences that differ in {factor} alone are written of {word!r}, but of "
                f"{CHARACTER}, in {', '.join(FACTORS)}; {mend}"
            )
    written = list(islice(factor_pairs(rng), pairs)) if asked else []
    return {
        factor: [each[factor] for each in written]
        if those == "written"
        else [(one, other) for one, other in those]
        for factor, those in factors.items()
    }


def _vector(reading: Reading, word: str, layer: int) -> NDArray[np.float64]:
    place = reading.tokens.find(word)
    vector: NDArray[np.float64] = reading.hidden_states[layer, place].double().numpy()
    return vector


def _refuse_same(one: Tokens, other: Tokens) -> None:
    from quizproof.probes.models.tokens import TokenError

    if one.ids == other.ids:
        raise TokenError(
            f"in this tokenizer's tokens, “{one.text}” and “{other.text}” differ in nothing; "
            "write two that do"
        )


def _refuse_confounded(factor: str, one: Tokens, other: Tokens) -> None:
    from quizproof.probes.language.factor_pairs import differing
    from quizproof.probes.models.tokens import TokenError

    if (found := differing(one, other)) != {factor} - {"meaning"} or one.ids == other.ids:
        raise TokenError(
            f"in this tokenizer's tokens, “{one.text}” and “{other.text}” differ in "
            f"{', '.join(sorted(found)) or 'nothing'}, not in {factor} alone; "
            "take a tokenizer with a token for each character"
        )


def _noise(model: LanguageModel, sequences: Sequence[Tokens], word: str, layer: int) -> float:
    """The largest relative distance of ``word`` from itself when only its batch changes."""
    import numpy as np

    from quizproof.probes.methods.embedding_similarity import relative_distance
    from quizproof.probes.models.language_models import LanguageModelError

    by_length = sorted(sequences, key=len)
    short = by_length[:_NOISE_FROM]
    together = list(model.passed([*short, by_length[-1]]))[: len(short)]
    alone = [next(model.passed([tokens])) for tokens in short]
    vectors = (
        np.stack([_vector(reading, word, layer) for reading in side]) for side in (alone, together)
    )
    noise = float(relative_distance(*vectors).max())
    if noise > _MOST_NOISE:
        raise LanguageModelError(
            f"the state after layer {layer} of {model.description} changes by {noise:.2g} of its "
            "length when only the batch does, so nothing can be said of what else changes it; "
            "look for dropout, or for padding that is not masked"
        )
    return noise


def _table(title: Text, factors: Sequence[str], effects: Sequence[NDArray[np.float64]]) -> Matrix:
    import numpy as np

    most = max(map(len, effects))
    rows = [np.pad(each, (0, most - len(each)), constant_values=np.nan) for each in effects]
    return Matrix(
        title,
        np.stack(rows).astype(np.float32),
        rows=tuple(factors),
        columns=tuple(str(k + 1) for k in range(most)),
        row_name=Text(en="what differs", zh_hant="不同之處"),
        column_name=Text(en="pair of sentences", zh_hant="句對"),
    )
