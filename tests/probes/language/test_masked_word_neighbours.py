from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.models.corpus_reading import CorpusError
from quizproof.probes.models.tokens import Tokens
from quizproof.questions.problems import QuizproofError
from tests.planted import found, look, question
from tests.probes.language.planted_readings import LAYERS, english_bench, even, sentence

TAGS = ("NOUN", "VERB", "DET", "PUNCT")
TAG_OF = {"The": "DET", "the": "DET", ".": "PUNCT"}
TAG_OF |= {f"thing{k}": "NOUN" for k in range(60)} | {f"do{k}": "VERB" for k in range(60)}
CORPUS = [sentence(f"The/DET thing{k}/NOUN do{k}/VERB ./PUNCT") for k in range(60)]

Meant = Callable[[int], dict[str, float]]
"""From a layer to how much of each part of speech there is in the mask's embedding."""


def world(folder: Path, meant: Meant, **rest: Any) -> Bench:
    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        states = torch.zeros(LAYERS + 1, len(tokens), len(TAGS) + 1)
        for place, name in enumerate(tokens.names):
            if name == "[MASK]":
                for layer in range(LAYERS + 1):
                    for tag, much in meant(layer).items():
                        states[layer, place, TAGS.index(tag)] = much
            elif name in TAG_OF:
                states[:, place, TAGS.index(TAG_OF[name])] = 1
                states[:, place, -1] = tokens.ids[place] / 1000  # so that no two words are one
        return states, even(tokens)

    return english_bench(folder, plant, **{"corpus": CORPUS, **rest})


def from_layer(onset: int) -> Meant:
    return lambda layer: {"NOUN": 1.0} if layer >= onset else {"VERB": 1.0}


@pytest.mark.parametrize(
    ("option", "onset"), [("a", 8), ("b", 9), ("c", 11), ("d", 12), ("e", 2), ("f", 7)]
)
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_q21_every_option_is_reachable(
    option: str, onset: int, metric: str, tmp_path: Path
) -> None:
    measured = look(question("q21", metric=metric), world(tmp_path, from_layer(onset)))
    assert {o for o, finding in measured.findings.items() if finding.holds} == {option}
    assert measured.measurements["first_layer"].value == onset
    assert measured.measurements["lasting_layer"].value == onset


@pytest.mark.parametrize(
    ("meant", "first", "lasting"),
    [
        (from_layer(1), 1, 1),
        (from_layer(5), 5, 5),
        (from_layer(13), 13, 13),
        (lambda layer: {"NOUN": 1.0} if layer in (2, 9, 10, 11, 12) else {"VERB": 1.0}, 2, 9),
        (lambda layer: {"NOUN": 1.0} if layer in (8, 9, 10, 11) else {"VERB": 1.0}, 8, 13),
    ],
    ids=["always", "from a layer no option names", "never", "lapses", "not at the end"],
)
def test_q21_nothing_holds_where_no_option_says_it(
    meant: Meant, first: int, lasting: int, tmp_path: Path
) -> None:
    measured = look(question("q21"), world(tmp_path, meant))
    assert {finding.holds for finding in measured.findings.values()} == {False}
    assert measured.measurements["first_layer"].value == first
    assert measured.measurements["lasting_layer"].value == lasting


def test_q21_a_tie_for_the_commonest_decides_nothing(tmp_path: Path) -> None:
    corpus = CORPUS[:10]  # ten words of each part of speech

    def meant(layer: int) -> dict[str, float]:
        return {"NOUN": 1.0} if layer >= 8 else {"NOUN": 1.0, "VERB": 1.0}

    asked = question("q21", neighbours=20)
    measured = look(asked, world(tmp_path, meant, corpus=corpus))
    assert measured.measurements["before_8"].value == 0
    assert measured.findings["a"].holds is None
    shares = measured.matrices[0]
    assert shares.rows == tuple(map(str, range(1, 13)))
    assert shares.values.sum(axis=1) == pytest.approx(1)
    nouns, verbs = shares.columns.index("NOUN"), shares.columns.index("VERB")
    assert shares.values[0, [nouns, verbs]].tolist() == [0.5, 0.5]
    assert measured.series["NOUN among the neighbours"][:7] == (0.5,) * 7


def test_q21_another_part_of_speech_can_be_the_right_one(tmp_path: Path) -> None:
    asked = question("q21", pos="VERB", word="visited")
    world_ = world(tmp_path, lambda layer: {"VERB": 1.0} if layer >= 9 else {"DET": 1.0})
    assert found(asked, world_) == {"b"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pos": "noun"}, "'noun' is no UPOS tag"),
        ({"layers": [8, 13]}, "12 layers, and no layer 13"),
        ({"word": "dean"}, "'dean' is not in"),
        ({"neighbours": 300}, "has 240 embeddings, 300 are asked for"),
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
    without = world(tmp_path / "without", from_layer(8)).models["english"].tokenizer
    bench = world(tmp_path, from_layer(8), corpus=[*CORPUS, lost, long])
    bench.models["english"].tokenizer = without  # it knows no ÿÿ
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
    monkeypatch.setattr(bench.language("english"), "passed", None)  # not once more
    assert look(question("q21", neighbours=10), bench).forward == 61
