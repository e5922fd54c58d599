from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.draws import english
from quizproof.probes.embedded.language.puzzles import distinct_puzzles
from quizproof.probes.language.reading_answers import HEAD, STATES
from quizproof.probes.methods.reader_calibration import calibration
from quizproof.probes.methods.token_separation import Passage
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.pack import EMBEDDED, MissingError, Pack
from quizproof.probes.packs.texts import Triple, Triples
from tests.planted import found, look, question
from tests.planted_language import local, with_parts
from tests.probes.language.planted_readers import (
    TRIPLES,
    WORDS,
    KnownReader,
    answering,
    apart,
    noise,
    planted_bench,
)

OPTIONS = [
    ("a", {1}),
    ("b", {2}),
    ("c", {3}),
    ("d", {1, 2}),
    ("e", {1, 3}),
    ("f", {2, 3}),
    ("g", {1, 2, 3}),
    (None, set()),
]


def right(wrong: set[int]) -> dict[int, bool]:
    return {number: number + 1 not in wrong for number in range(3)}


@pytest.mark.parametrize("saved", [False, True], ids=["states", "saved"])
@pytest.mark.parametrize(("option", "wrong"), OPTIONS)
def test_q27_every_option_is_reachable_by_hidden_states_alone(
    option: str | None, wrong: set[int], saved: bool, tmp_path: Path
) -> None:
    taken = look(question("q27"), planted_bench(tmp_path, [apart(right(wrong))], saved=saved))
    assert {o for o, finding in taken.findings.items() if finding.holds} == (
        {option} if option else set()
    )
    assert taken.measurements["evidence"].value == "hidden states"


@pytest.mark.parametrize(("option", "wrong"), OPTIONS)
def test_q27_every_option_is_reachable_by_a_head(
    option: str | None, wrong: set[int], tmp_path: Path
) -> None:
    every = {1, 2, 3}
    world = planted_bench(tmp_path, [(apart(right(every - wrong)), answering(right(wrong)))])
    taken = look(question("q27"), world)
    assert {o for o, finding in taken.findings.items() if finding.holds} == (
        {option} if option else set()
    )
    assert taken.measurements["evidence"].value == HEAD


def test_a_model_in_a_pack_is_asked(tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [])
    kind = "BertForQuestionAnswering"
    planted = local(tmp_path, "reader", kind=kind, words=WORDS, max_position_embeddings=64)
    with_parts(world.pack, reader_1=planted)
    taken = look(question("q27"), world)
    assert taken.measurements["evidence"].value == HEAD
    assert taken.forward == 3


def test_what_is_shown(tmp_path: Path) -> None:
    taken = look(question("q27"), planted_bench(tmp_path, [apart(True)]))
    assert [english(shown.title) for shown in taken.shown.scatters] == [
        f"reader 1, triple {number}, layer 12" for number in (1, 2, 3)
    ]
    assert set(taken.shown.scatters[0].groups) == {"question", "context", "answer"}
    assert taken.measurements["evidence"].value == STATES


def test_nothing_that_stands_apart_decides_nothing(tmp_path: Path) -> None:
    def same(number: int, tokens: Tokens, places: Passage) -> Tensor:
        return 0 * noise(number, tokens) + 1

    taken = look(question("q27"), planted_bench(tmp_path, [same]))
    assert {finding.holds for finding in taken.findings.values()} == {None}
    assert taken.doubt is not None
    assert taken.doubt.en == (
        "without its head, hidden states do not tell the answer to question 1, 2, 3"
    )


def test_a_word_that_stands_apart_no_further_than_heads_disagree_leaves_it_open(
    tmp_path: Path,
) -> None:
    """The answer to the first question stands apart, that to the third does not; the answer to the
    second does, and so does another word."""

    def states(number: int, tokens: Tokens, places: Passage) -> Tensor:
        found = apart({0: True, 1: False, 2: False})(number, tokens, places)
        if number == 1:
            found[-1, list(places.answer)] += 5.0
        return found

    taken = look(question("q27"), planted_bench(tmp_path, [states]))
    known = calibration()
    lead = taken.measurements["lead_2"]
    assert known.wrong_below < float(lead.value) < known.right_above
    assert {o for o, finding in taken.findings.items() if finding.holds is None} == {"c", "f"}
    assert not any(finding.holds for finding in taken.findings.values())
    assert taken.doubt is not None
    assert taken.doubt.en.endswith("to question 2")


def _told(world: Bench) -> list[bool | None]:
    """Of each question, whether model 1 is found to answer it right."""
    measured = look(question("q27"), world).measurements
    leads = [measured[f"lead_{number}"] for number in (1, 2, 3)]
    return [
        True if low > 0 else False if high < 0 else None
        for low, high in ((m.low or 0.0, m.high or 0.0) for m in leads)
    ]


def test_the_same_reader_with_its_head_and_without_never_contradicts_itself() -> None:
    """On the pack's triples, and in one of a hundred puzzles at most where its states decide."""
    pack = Bench(Pack(EMBEDDED), 0)
    asked = [*pack.part("triples").triples] + [
        Triple(context=p.context, question=p.question, answer=p.answer)
        for p in islice(distinct_puzzles(seed=8, unseen=True), 60)
    ]
    decided = contradicted = 0
    for reader in (1, 2, 3):
        read = [pack.part(f"reader_{reader}").reading(0, triple) for triple in asked]
        for first in range(0, len(asked), 3):
            told = []
            for saved in (False, True):
                three = read[first : first + 3]
                kept = [replace(one, ends=None) if saved else one for one in three]
                planted = {
                    "triples": Triples(tuple(asked[first : first + 3]), "planted"),
                    "reader_1": KnownReader(kept),
                }
                told.append(_told(Bench(pack.pack, 0, loaded=planted)))
            both = [(h, s) for h, s in zip(*told, strict=True) if s is not None]
            assert None not in told[0]  # a head always tells
            decided += len(both)
            contradicted += sum(head is not states for head, states in both)
            if first == 0:
                assert not any(head is not states for head, states in both)
    assert decided >= 10
    assert contradicted <= 1


def test_a_pack_without_the_triple_that_is_asked_about_is_said(tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [apart(True)])
    world.loaded["triples"] = Triples(TRIPLES[:1], "planted")
    with pytest.raises(MissingError, match="has no triple 2"):
        look(question("q27"), world)


def test_what_is_not_there(tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [apart(True)])
    with pytest.raises(MissingError, match="no triple 4"):
        found(question("q27", questions=[4]), world)
    with pytest.raises(MissingError, match="has no part reader_2"):
        found(question("q27", reader="reader_2"), world)
