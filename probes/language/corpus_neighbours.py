"""Words of a corpus nearest to a word in its sentence, masked or not, and their parts of speech."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from quizproof.probes.packs.texts import UPOS
from quizproof.probes.parameters import Count, Counts, Name, Pos, Share, distinct
from quizproof.probes.probe import Draw, Matrix, Measure, probe, word
from quizproof.probes.units import LAYER, SHARE
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text

if TYPE_CHECKING:
    from torch import Tensor

    from quizproof.probes import CausalLM, Corpus, Encoder, MaskedLM
    from quizproof.probes.bench import Bench
    from quizproof.probes.models.corpus_reading import ReadCorpus

Metric: TypeAlias = Literal["cosine", "euclidean", "inner_product"]
_METRICS = {
    "cosine": Text(en="cosine", zh_hant="餘弦"),
    "euclidean": Text(en="euclidean", zh_hant="歐氏距離"),
    "inner_product": Text(en="inner product", zh_hant="內積"),
}


@dataclass(frozen=True)
class _ByLayer:
    """The nearest words and their parts of speech after each layer, from 1, and what they say."""

    found: Sequence[Sequence[str]]  # of each layer, nearest first
    words: Sequence[Sequence[str]]  # the words themselves
    leads: Sequence[float]  # of each layer: above 0 where the word's own is there, 0 in doubt

    @property
    def first(self) -> int:
        """The first layer at which it is there; one more than there are where it never is."""
        return min((n for n, by in enumerate(self.leads, 1) if by > 0), default=len(self.leads) + 1)

    @property
    def lasting(self) -> int:
        """From which on it is there in every layer; one more than there are where in none."""
        return max((n for n, by in enumerate(self.leads, 1) if by <= 0), default=0) + 1


@probe(
    "corpus.neighbours",
    finding=Text(
        en=(
            "From layer {lasting_layer} on, the part of speech of “{word}” ({pos}) is the "
            "commonest of the {neighbours} nearest neighbours in every layer. It is so for the "
            "first time at layer {first_layer}. A layer beyond the model’s last means never."
        ),
        zh_hant=(
            "從第 {lasting_layer} 層起，每一層最相近的 {neighbours} 個字都以「{word}」的詞性（"
            "{pos}）最常出現。首次如此是在第 {first_layer} 層。超過最後一層表示從未如此。"
        ),
    ),
    measures=(
        Measure(
            "since_{item}",
            SHARE,
            -1,
            1,
            Text(
                en=(
                    "lead of the masked word's part of speech over the commonest other one among "
                    "the neighbours, 0 where it is no commoner than in the corpus; the least of "
                    "the layer and all after it"
                ),
                zh_hant=(
                    "最相近的字中，與被遮蔽的字同詞性的比例減去其他最常見詞性的比例；若不比語料庫中"
                    "常見則為 0；該層及之後各層的最小值"
                ),
            ),
            each="layers",
        ),
        Measure(
            "lasting_layer",
            LAYER,
            1,
            math.inf,
            Text(
                en=(
                    "layer from which on the masked word's part of speech is the commonest among "
                    "the neighbours in every layer; one more than there are where it is not in the "
                    "last"
                ),
                zh_hant=(
                    "從該層起，被遮蔽的字的詞性在每一層都是最相近的字中最常見的；最後一層不是時為層"
                    "數加一"
                ),
            ),
        ),
        Measure(
            "first_layer",
            LAYER,
            1,
            math.inf,
            Text(
                en=(
                    "first layer at which the masked word's part of speech is the commonest among "
                    "the neighbours; one more than there are where it never is"
                ),
                zh_hant="被遮蔽的字的詞性首次成為最相近的字中最常見者的層；從未如此時為層數加一",
            ),
        ),
        Measure(
            "lasting_layer_{item}",
            LAYER,
            1,
            math.inf,
            Text(
                en=(
                    "layer from which on the masked word's part of speech is the commonest among "
                    "the neighbours in every layer, by the other metric"
                ),
                zh_hant=(
                    "以另一種度量，從該層起，被遮蔽的字的詞性在每一層都是最相近的字中最常見的"
                ),
            ),
            each="beside",
        ),
        word(
            "nearest_{item}",
            Text(
                en="nearest neighbours after the layer",
                zh_hant="該層之後最相近的字",
            ),
            each="layers",
        ),
        Measure(
            "same_{item}",
            SHARE,
            0,
            1,
            Text(
                en=(
                    "share of the neighbours after the layer that are the same word, elsewhere in "
                    "the corpus"
                ),
                zh_hant="該層之後最相近的字中，為語料庫別處同一個字者的比例",
            ),
            each="layers",
        ),
        Measure(
            "in_corpus",
            SHARE,
            0,
            1,
            Text(
                en=("share of the corpus's word pieces that have the masked word's part of speech"),
                zh_hant="語料庫的 word piece 中，與被遮蔽的字同詞性者的比例",
            ),
        ),
        Measure(
            "left_out",
            SHARE,
            0,
            1,
            Text(
                en="share of the corpus's words that have no token of their own",
                zh_hant="語料庫的字中，沒有自己的 token 的比例",
            ),
        ),
    ),
    example="""
        kind: single
        points: 1
        about: model
        prompt: >-
          Which word of the corpus is nearest to "teacher" of "The nurse saw the teacher." after
          layer 6?
        probe:
          name: corpus.neighbours
          with:
            model: english
            sentence: The nurse saw the teacher.
            word: teacher
            pos: NOUN
            layers: [6]
            neighbours: 10
        options:
          a: {text: Another teacher, rule: nearest_6 == 'teacher'}
          b: {text: Another noun, rule: nearest_6 != 'teacher' and since_6 > 0}
        expected: [a]
    """,
    tolerance=0.04,  # one neighbour in another's place moves a lead by 2 of 50 at most
)
def corpus_neighbours(
    bench: Bench,
    *,
    model: MaskedLM | CausalLM | Encoder,
    corpus: Corpus,
    sentence: Name,
    word: Name,
    masked: bool = False,
    pos: Pos,
    layers: Counts,
    neighbours: Count = 50,
    metric: Metric = "cosine",
    beside: Annotated[list[Metric], distinct] = [],  # noqa: B006 (read as a declaration, and never written to)
    chance: Share = 0.01,
) -> Iterator[Draw]:
    """The corpus's word pieces nearest to ``word`` of a sentence, and their parts of speech.

    After each layer, from 1, the state of ``word``, or of [MASK] in its place where it is
    ``masked``, is compared with that of every word piece of the corpus after the same layer, and
    each of the ``neighbours`` nearest has its word's part of speech; special tokens are no words.
    ``pos``, the word's own, is there where it is the commonest of them, and they hold more of it
    than as many pieces drawn blindly from the corpus do but with probability ``chance``: a lead
    that chance would give, or a shared first place, says neither yes nor no, and is 0.

    ``metric`` decides; what the metrics ``beside`` it give is shown. Raises QuizproofError, and
    SearchError where the corpus has fewer pieces than ``neighbours``.
    """
    from quizproof.probes.models.corpus_reading import corpus_reading

    if wrong := [layer for layer in layers if not 1 <= layer <= model.layers]:
        raise QuizproofError(
            f"{model.description} has no layer {wrong[0]}; its layers are 1 to {model.layers}"
        )
    tokens = model.tokens(sentence)
    place = tokens.find_whole(word)
    states = model.read(tokens.masked([place]) if masked else tokens).hidden_states[:, place]
    read = corpus_reading(bench, model, corpus)
    tagged = read.tags.count(pos)
    if not tagged:
        raise QuizproofError(f"the corpus has no word that is tagged {pos}; take one that has")
    searched = {
        m: _searched(states, read, pos, neighbours=neighbours, metric=m, chance=chance)
        for m in [metric, *beside]
    }
    decides = searched[metric]
    yield Draw(
        {
            **{f"since_{layer}": min(decides.leads[layer - 1 :]) for layer in layers},
            "lasting_layer": decides.lasting,
            "first_layer": decides.first,
            **{f"lasting_layer_{name}": searched[name].lasting for name in beside},
            **{f"nearest_{layer}": decides.words[layer - 1][0] for layer in layers},
            **{
                f"same_{layer}": decides.words[layer - 1].count(word) / neighbours
                for layer in layers
            },
            "in_corpus": tagged / len(read.tags),
            "left_out": read.left_out,
        },
        series={
            name: tuple(tags.count(pos) / neighbours for tags in by_layer.found)
            for name, by_layer in searched.items()
        },
        series_name=LAYER,
        series_unit=SHARE,
        captions={name: _caption(pos, name) for name in searched},
        matrices=tuple(
            _table(name, by_layer.found, pos, layers) for name, by_layer in searched.items()
        ),
    )


def _searched(
    states: Tensor, corpus: ReadCorpus, pos: str, *, neighbours: int, metric: Metric, chance: float
) -> _ByLayer:
    from quizproof.probes.methods.corpus_search import by_chance, lead, nearest

    tagged, size = corpus.tags.count(pos), len(corpus.tags)
    found, words, leads = [], [], []
    for layer in range(1, len(states)):
        rows = nearest(states[layer], corpus.embeddings[layer], neighbours, metric)
        tags = [corpus.tags[row] for row in rows.tolist()]
        by = lead(tags, pos)
        doubtful = by > 0 and by_chance(tags.count(pos), neighbours, tagged, size) > chance
        found.append(tags)
        words.append([corpus.words[row] for row in rows.tolist()])
        leads.append(0.0 if doubtful else by)
    return _ByLayer(found, words, leads)


def _caption(pos: str, metric: str) -> Text:
    return Text(
        en=f"{pos} among the neighbours by {_METRICS[metric].en}",
        zh_hant=f"最相近的字中 {pos} 的比例（{_METRICS[metric].zh_hant}）",
    )


def _table(metric: str, found: Sequence[Sequence[str]], pos: str, layers: Sequence[int]) -> Matrix:
    import numpy as np

    seen = sorted({tag for tags in found for tag in tags}, key=UPOS.index)
    shares = [[tags.count(tag) / len(tags) for tag in seen] for tags in found]
    return Matrix(
        Text(
            en=f"parts of speech of the nearest words by {_METRICS[metric].en}",
            zh_hant=f"最相近的字的詞性（{_METRICS[metric].zh_hant}）",
        ),
        np.array(shares, np.float32),
        rows=tuple(str(layer) for layer in range(1, len(found) + 1)),
        columns=tuple(seen),
        row_name=LAYER,
        column_name=Text(en="part of speech", zh_hant="詞性"),
        marked=tuple((layer - 1, seen.index(pos)) for layer in layers if pos in seen),
    )
