from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.draws import english
from quizproof.probes.models.corpus_reading import CorpusError
from quizproof.probes.models.tokens import TokenError, Tokens
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text
from tests.planted import found, look, question
from tests.planted_language import language_tokenizer
from tests.probes.language.planted_readings import LAYERS, QUIZ, english_bench, even, sentence

TAGS = ("NOUN", "VERB", "DET", "PUNCT")
WAYS = (*TAGS, "anything")
TAG_OF = {"The": "DET", "the": "DET", ".": "PUNCT"}
TAG_OF |= {f"thing{k}": "NOUN" for k in range(60)} | {f"do{k}": "VERB" for k in range(60)}
CORPUS = [sentence(f"The/DET thing{k}/NOUN do{k}/VERB ./PUNCT") for k in range(60)]

Meant = Callable[[int], dict[str, float]]
"""From a layer to how much of each part of speech there is in the mask's embedding."""


def world(
    folder: Path, meant: Meant, long: str = "", *, turning: bool = False, **rest: Any
) -> Bench:
    """Words point where their part of speech does; those of ``long`` are three times as long.

    ``turning``: each layer has its own directions, those of the layer before by one further.
    """
    every = np.random.default_rng(0).normal(size=2000)  # a number for each token, as chance has it

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        states = torch.zeros(LAYERS + 1, len(tokens), len(WAYS))
        for place, name in enumerate(tokens.names):
            if name == "[MASK]":
                for layer in range(LAYERS + 1):
                    for way, much in meant(layer).items():
                        states[layer, place, WAYS.index(way)] = much
            elif name in TAG_OF:
                much = 3 if TAG_OF[name] == long else 1
                states[:, place, WAYS.index(TAG_OF[name])] = much
                states[:, place, -1] = every[tokens.ids[place] * 7 + place] / 1000
        if turning:
            states = torch.stack([states[k].roll(k, dims=-1) for k in range(LAYERS + 1)])
        return states, even(tokens)

    return english_bench(folder, plant, **{"corpus": CORPUS, **rest})


def from_layer(onset: int) -> Meant:
    return lambda layer: {"NOUN": 1.0} if layer >= onset else {"VERB": 1.0}


@pytest.mark.parametrize(
    ("option", "onset"), [("a", 8), ("b", 9), ("c", 11), ("d", 12), ("e", 2), ("f", 7)]
)
@pytest.mark.parametrize("metric", ["cosine", "euclidean", "inner_product"])
def test_q21_every_option_is_reachable(
    option: str, onset: int, metric: str, tmp_path: Path
) -> None:
    measured = look(question("q21", metric=metric), world(tmp_path, from_layer(onset)))
    assert {o for o, finding in measured.findings.items() if finding.holds} == {option}
    assert measured.measurements["first_layer"].value == onset
    assert measured.measurements["lasting_layer"].value == onset


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "inner_product"])
def test_q21_a_layer_is_compared_with_the_same_layer_of_the_corpus(
    metric: str, tmp_path: Path
) -> None:
    asked = question("q21", metric=metric)
    measured = look(asked, world(tmp_path, from_layer(8), turning=True))
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"a"}
    assert measured.measurements["first_layer"].value == 8


@pytest.mark.parametrize(
    ("meant", "first", "lasting"),
    [
        (from_layer(1), 1, 1),
        (from_layer(3), 3, 3),
        (from_layer(5), 5, 5),
        (from_layer(10), 10, 10),
        (from_layer(13), 13, 13),
        (lambda layer: {"NOUN": 1.0} if layer in (8, 9, 10, 11) else {"VERB": 1.0}, 8, 13),
    ],
    ids=["always", "3", "5", "10", "never", "not at the end"],
)
def test_q21_nothing_holds_where_no_option_says_it(
    meant: Meant, first: int, lasting: int, tmp_path: Path
) -> None:
    measured = look(question("q21"), world(tmp_path, meant))
    assert {finding.holds for finding in measured.findings.values()} == {False}
    assert measured.measurements["first_layer"].value == first
    assert measured.measurements["lasting_layer"].value == lasting


def test_q21_what_was_lost_again_is_not_where_it_begins(tmp_path: Path) -> None:
    measured = look(
        question("q21"),
        world(tmp_path, lambda k: {"NOUN": 1.0} if k in (2, 3, 9, 10, 11, 12) else {"VERB": 1.0}),
    )
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"b"}
    assert measured.findings["e"].holds is False
    assert measured.measurements["first_layer"].value == 2


def test_q21_a_tie_for_the_commonest_decides_nothing(tmp_path: Path) -> None:
    corpus = CORPUS[:10]  # ten words of each part of speech

    def meant(layer: int) -> dict[str, float]:
        return {"NOUN": 1.0} if layer >= 8 else {"NOUN": 1.0, "VERB": 1.0}

    asked = question("q21", neighbours=20)
    measured = look(asked, world(tmp_path, meant, corpus=corpus))
    assert measured.measurements["since_7"].value == 0
    assert measured.findings["a"].holds is None
    shares = measured.shown.matrices[0]
    assert shares.rows == tuple(map(str, range(1, 13)))
    assert shares.values.sum(axis=1) == pytest.approx(1)
    nouns, verbs = shares.columns.index("NOUN"), shares.columns.index("VERB")
    assert shares.values[0, [nouns, verbs]].tolist() == [0.5, 0.5]
    assert measured.shown.series["cosine"][:7] == (0.5,) * 7


# most words are nouns: half of fifty drawn blindly are
NOUNS = [sentence(f"thing{k}/NOUN thing{59 - k}/NOUN do{k}/VERB ./PUNCT") for k in range(60)]


@pytest.mark.parametrize(
    ("blind", "onset", "holds", "open_"),
    [
        (7, 8, set(), {"a", "f"}),  # of layer 7 nobody can say
        (5, 8, {"a"}, set()),  # it is surely not there at 6 and 7
        (1, 2, set(), {"e"}),
        (12, 13, set(), {"d"}),
    ],
)
def test_q21_a_lead_that_chance_would_give_decides_nothing(
    blind: int, onset: int, holds: set[str], open_: set[str], tmp_path: Path
) -> None:
    def meant(layer: int) -> dict[str, float]:
        if layer == blind:
            return {"anything": 1.0}
        return {"NOUN": 1.0} if layer >= onset else {"VERB": 1.0}

    measured = look(question("q21"), world(tmp_path, meant, corpus=NOUNS))
    among = measured.shown.series["cosine"][blind - 1]
    assert 0.4 < among < 0.65
    assert measured.measurements["in_corpus"].value == 0.5
    assert {o for o, finding in measured.findings.items() if finding.holds} == holds
    assert {o for o, f in measured.findings.items() if f.holds is None} == open_


def test_q21_another_metric_is_shown_beside_the_one_that_decides(tmp_path: Path) -> None:
    # verbs point elsewhere and are long: the inner product finds them up to layer 9
    def meant(layer: int) -> dict[str, float]:
        return {"NOUN": 1.0, "VERB": 0.5 if layer < 10 else 0.0} if layer >= 8 else {"VERB": 1.0}

    bench = world(tmp_path, meant, long="VERB")
    measured = look(question("q21"), bench)
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"a"}
    assert measured.measurements["lasting_layer"].value == 8
    assert measured.measurements["lasting_layer_inner_product"].value == 10
    assert [english(table.title).rpartition(" by ")[2] for table in measured.shown.matrices] == [
        "cosine",
        "inner product",
    ]
    assert measured.shown.captions["inner_product"] == Text(
        en="NOUN among the neighbours by inner product", zh_hant="最相近的字中 NOUN 的比例（內積）"
    )
    turned = question("q21", metric="inner_product", beside=["cosine"])
    assert found(turned, bench) == set()  # no option says layer 10


def test_q21_another_part_of_speech_can_be_the_right_one(tmp_path: Path) -> None:
    asked = question("q21", pos="VERB", word="visited")
    world_ = world(tmp_path, lambda layer: {"VERB": 1.0} if layer >= 9 else {"DET": 1.0})
    assert found(asked, world_) == {"b"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pos": "noun"}, "parameter pos of probe corpus.neighbours is 'noun'; it may be: \"ADJ\""),
        ({"layers": [8, 13]}, "no layer 13; its layers are 1 to 12"),
        ({"word": "dean"}, "'dean' is not in"),
        ({"neighbours": 300}, "has 240 embeddings, 300 are asked for; take a larger one"),
        ({"pos": "ADJ"}, "no word that is tagged ADJ; take one that has"),
    ],
)
def test_q21_what_cannot_be_asked_is_named(
    changes: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(QuizproofError, match=says):
        look(question("q21", **changes), world(tmp_path, from_layer(8)))


def test_q21_words_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    lost = sentence("The/DET thing0/NOUN ÿÿ/X ./PUNCT")
    long = sentence(" ".join(["The/DET"] * 64))
    without = world(tmp_path / "without", from_layer(8)).loaded["english"].tokenizer
    bench = world(tmp_path, from_layer(8), corpus=[*CORPUS, lost, long])
    bench.loaded["english"].tokenizer = without  # it knows no ÿÿ
    measured = look(question("q21"), bench)
    assert {o for o, f in measured.findings.items() if f.holds} == {"a"}
    assert measured.measurements["left_out"].value == pytest.approx(65 / (240 + 4 + 64))


def test_q21_a_corpus_that_cannot_be_read_at_all_is_an_error(tmp_path: Path) -> None:
    bench = world(tmp_path, from_layer(8), corpus=[sentence(" ".join(["The/DET"] * 64))])
    with pytest.raises(CorpusError, match="no word of the corpus can be read: planted takes 64"):
        look(question("q21"), bench)


def test_q21_the_corpus_is_read_once_for_all_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = world(tmp_path, from_layer(8))
    assert look(question("q21"), bench).forward == 61
    monkeypatch.setattr(bench.part("english"), "passed", None)  # not once more
    assert look(question("q21", neighbours=10), bench).forward == 61


def test_q21_a_tokenizer_that_splits_the_word_is_named(tmp_path: Path) -> None:
    split = ["prof", "##essor", *(w for line in CORPUS for w in line["words"])]
    bench = world(tmp_path, from_layer(8))
    bench.loaded["english"].tokenizer = language_tokenizer(
        tmp_path / "split", [*(w for w in QUIZ.split() if w != "professor"), *split]
    )
    with pytest.raises(TokenError, match=r"splits 'professor' of “.*” into prof ##essor"):
        look(question("q21"), bench)


def test_q21_every_piece_of_a_word_is_searched_with_the_words_part_of_speech(
    tmp_path: Path,
) -> None:
    corpus = [sentence(f"The/DET thing{k}/NOUN walrus/NOUN do{k}/VERB ./PUNCT") for k in range(20)]
    words = ["wal", "##rus", *(w for line in corpus for w in line["words"] if w != "walrus")]
    bench = world(tmp_path, from_layer(8), corpus=corpus, words=words)
    measured = look(question("q21"), bench)
    assert measured.measurements["in_corpus"].value == pytest.approx(3 / 6)


def test_q21_a_model_that_learned_nothing_is_measured_too(tmp_path: Path) -> None:
    measured = look(question("q21"), Bench(Pack(EMBEDDED), 0, randomized=3))
    assert measured.measurements["in_corpus"].value == pytest.approx(0.25, abs=0.03)


def test_a_word_in_its_sentence_has_its_own_neighbours(tmp_path: Path) -> None:
    """Not masked, it points where its like does, and the corpus has it once."""
    asked = question("q21", sentence="The thing7 do8.", word="thing7", masked=False, neighbours=20)
    measured = look(asked, world(tmp_path, from_layer(13)))
    values = {name: m.value for name, m in measured.measurements.items()}
    assert values["first_layer"] == values["lasting_layer"] == 1
    assert str(values["nearest_6"]).startswith("thing")
    assert values["same_6"] in (0.0, 0.05)
    whole = question("q21", sentence="The thing7 do8.", word="thing7", masked=False, neighbours=60)
    measured = look(whole, world(tmp_path / "whole", from_layer(13)))
    assert measured.measurements["same_6"].value == pytest.approx(1 / 60)
