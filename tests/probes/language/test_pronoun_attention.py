from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.models.tokens import Tokens
from quizproof.questions.problems import QuizproofError
from tests.planted import found, look, question
from tests.probes.language.planted_readings import (
    HEADS,
    LAYERS,
    english_bench,
    even,
    no_states,
    sentence,
)

NAMES = [f"Name{k}" for k in range(45)]
BOTH = [
    sentence(
        f"{a}/PROPN met/VERB {b}/PROPN and/CCONJ asked/VERB her/PRON to/PART help/VERB him/PRON "
        "./PUNCT",
        (5, 2),
        (8, 0),
    )
    for a, b in pairwise(NAMES)
]
NEAR = [
    sentence(f"{a}/PROPN liked/VERB {b}/PROPN because/SCONJ she/PRON ran/VERB ./PUNCT", (4, 2))
    for a, b in pairwise(NAMES)
]
FAR = [
    sentence(f"{a}/PROPN called/VERB {b}/PROPN because/SCONJ he/PRON ran/VERB ./PUNCT", (4, 0))
    for a, b in pairwise(NAMES)
]


def without_settling(line: dict[str, Any], *numbers: int) -> dict[str, Any]:
    links = [{**link, "settled": k not in numbers} for k, link in enumerate(line["links"])]
    return {**line, "links": links}


Taste = Callable[[int, list[int], int], int]
"""From a pronoun's place, the names' places and the referent's to the place attended to."""


def referent(pronoun: int, names: list[int], meant: int) -> int:
    return meant


def nearest(pronoun: int, names: list[int], meant: int) -> int:
    return max(name for name in names if name < pronoun)


def first(pronoun: int, names: list[int], meant: int) -> int:
    return min(names)


def three_back(pronoun: int, names: list[int], meant: int) -> int:
    return pronoun - 3


def other(pronoun: int, names: list[int], meant: int) -> int:
    return next(name for name in names if name != meant)


def world(
    folder: Path,
    heads: Mapping[tuple[int, int], tuple[Taste, float]],
    corpus: list[dict[str, Any]] = BOTH,
) -> Bench:
    """Each of ``heads``, (layer, head) from 1, gives that much attention as its taste says."""
    meant_in = {
        line["text"]: {link["pronoun"]: link["referent"] for link in line["links"]}
        for line in corpus
    }

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = even(tokens)
        # a word is one token here, after [CLS]
        names = [place for place, name in enumerate(tokens.names) if name.startswith("Name")]
        rng = np.random.default_rng(tokens.ids)
        for (layer, head), (taste, much) in heads.items():
            for pronoun, meant in meant_in.get(tokens.text, {}).items():
                given = much * rng.uniform(0.9, 1)
                row = torch.full((len(tokens),), (1 - given) / (len(tokens) - 1))
                row[taste(pronoun + 1, names, meant + 1)] = given
                attentions[layer - 1, head - 1, pronoun + 1] = row
        return no_states(tokens), attentions

    return english_bench(folder, plant, corpus)


@pytest.mark.parametrize(("option", "layer"), [("a", 7), ("b", 8), ("c", 9), ("d", 10), ("e", 11)])
@pytest.mark.parametrize("corpus", [BOTH, NEAR + FAR], ids=["both in a sentence", "one each"])
def test_q23_every_option_is_reachable(
    option: str, layer: int, corpus: list[dict[str, Any]], tmp_path: Path
) -> None:
    bench = world(tmp_path, {(layer, 3): (referent, 0.8)}, corpus)
    assert found(question("q23"), bench) == {option}


def test_q23_of_two_heads_that_resolve_pronouns_the_clearer_one_counts(tmp_path: Path) -> None:
    bench = world(tmp_path, {(9, 3): (referent, 0.9), (10, 3): (referent, 0.13)})
    measured = look(question("q23"), bench)
    assert float(measured.measurements["near_10"].value) > 0
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"c"}


@pytest.mark.parametrize("taste", [nearest, first, three_back, other])
def test_q23_no_fixed_taste_passes_for_resolving(taste: Taste, tmp_path: Path) -> None:
    measured = look(question("q23"), world(tmp_path, {(8, 3): (taste, 0.9)}))
    assert measured.findings["b"].holds is False
    assert not any(finding.holds for finding in measured.findings.values())


def test_q23_a_clear_taste_does_not_hide_a_head_that_resolves(tmp_path: Path) -> None:
    bench = world(tmp_path, {(8, 3): (nearest, 0.95), (11, 3): (referent, 0.6)})
    assert found(question("q23"), bench) == {"e"}


def test_q23_other_heads_and_even_attention_are_no_answer(tmp_path: Path) -> None:
    bench = world(tmp_path, {(8, 4): (referent, 0.9), (6, 3): (referent, 0.9)})
    assert found(question("q23"), bench) == set()


def test_q23_the_numbers_are_those_of_the_sentences(tmp_path: Path) -> None:
    measured = look(question("q23"), world(tmp_path, {(8, 3): (referent, 0.8)}))
    value = {name: float(m.value) for name, m in measured.measurements.items()}
    assert 0.72 < value["referent_8"] < 0.8
    even_share = 1 / 12  # nine words, a full stop, [CLS] and [SEP]
    assert value["referent_7"] == pytest.approx(even_share)
    assert value["near_7"] == pytest.approx(0)
    a = value["referent_8"]
    assert value["near_8"] == pytest.approx((a - even_share) / (a + even_share), abs=0.02)
    assert value["lead_8"] == pytest.approx((value["near_8"] + value["far_8"]) / 2)
    by_head, near, far = measured.matrices
    assert by_head.values.shape == near.values.shape == far.values.shape == (LAYERS, HEADS)
    assert by_head.values.argmax() == 7 * HEADS + 2
    assert float(by_head.values[7, 2]) == pytest.approx(a, abs=0.02)


def test_q23_no_sentence_is_drawn_twice(tmp_path: Path) -> None:
    # undecided to the end: every head alike
    measured = look(question("q23"), world(tmp_path, {}, BOTH[:9] + BOTH[:4] + NEAR[:3] + FAR[:5]))
    assert measured.draws <= 9 + 3


def test_q23_the_seed_alone_says_in_which_order(tmp_path: Path) -> None:
    heads = {(8, 3): (referent, 0.5)}
    one, same = (look(question("q23"), world(tmp_path / n, heads)) for n in ("one", "same"))
    assert one.measurements == same.measurements


def test_q23_a_word_of_several_pieces_is_attended_to_as_one(tmp_path: Path) -> None:
    corpus = [
        {**line, "text": line["text"].replace(f" {line['words'][2]} ", " Namesake ")}
        | {"words": [*line["words"][:2], "Namesake", *line["words"][3:]]}
        for line in BOTH
    ]

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = even(tokens)
        assert tokens.names[3:6] == ("Name", "##sa", "##ke")
        given = 0.9 - tokens.ids[1] / 1000  # the names differ
        for place, targets in ((8, [3, 4, 5]), (11, [1])):
            row = torch.full((len(tokens),), (1 - given) / (len(tokens) - len(targets)))
            row[targets] = given / len(targets)
            attentions[7, 2, place] = row
        return no_states(tokens), attentions

    words = [w for line in BOTH for w in line["words"]]
    bench = english_bench(tmp_path, plant, corpus, ["Name", "##sa", "##ke", *words])
    measured = look(question("q23"), bench)
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"b"}
    assert float(measured.measurements["referent_8"].value) > 0.8


@pytest.mark.parametrize(
    "corpus",
    [
        NEAR,
        FAR,
        [sentence("Name1/PROPN sat/VERB ./PUNCT")],
        [sentence("When/SCONJ she/PRON ran/VERB Name1/PROPN met/VERB Name2/PROPN ./PUNCT", (1, 3))],
        [sentence("Name1/PROPN sat/VERB as/SCONJ she/PRON ran/VERB ./PUNCT", (3, 0))],
        [without_settling(line, 0, 1) for line in BOTH],
        [without_settling(line, 1) for line in BOTH],
    ],
    ids=[
        "near alone",
        "far alone",
        "no pronoun",
        "refers ahead",
        "no rival",
        "not settled",
        "half settled",
    ],
)
def test_q23_a_corpus_without_both_kinds_of_pronouns_is_an_error(
    corpus: list[dict[str, Any]], tmp_path: Path
) -> None:
    with pytest.raises(QuizproofError, match="add links to it"):
        look(question("q23"), world(tmp_path, {}, corpus))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"layers": [7, 8, 9, 10, 11, 13]}, "12 layers, and no layer 13"),
        ({"head": 13}, "12 heads a layer, and no head 13"),
        ({"head": 0}, "no head 0"),
    ],
)
def test_q23_what_the_model_lacks_is_named(
    changes: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(QuizproofError, match=says):
        look(question("q23", **changes), world(tmp_path, {}))
