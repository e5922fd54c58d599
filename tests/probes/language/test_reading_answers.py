from __future__ import annotations

from pathlib import Path

import pytest
from torch import Tensor

from quizproof.probes.language.reading_answers import HEAD
from quizproof.probes.methods.token_separation import Passage
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.language_roles import ReaderRole
from quizproof.probes.packs.pack import MissingError
from quizproof.reports.known_words import known
from tests.planted import found, look, question
from tests.planted_language import local
from tests.probes.language.planted_readers import (
    WORDS,
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
    role = ReaderRole(local=planted["local"])
    world.pack.manifest = world.pack.manifest.model_copy(update={"readers": [role]})
    taken = look(question("q27"), world)
    assert taken.measurements["evidence"].value == HEAD
    assert taken.forward == 3


def test_what_is_shown(tmp_path: Path) -> None:
    taken = look(question("q27"), planted_bench(tmp_path, [apart(True)]))
    assert [shown.title for shown in taken.scatters] == [
        f"reader 1, triple {number}, layer 12" for number in (1, 2, 3)
    ]
    assert set(taken.scatters[0].groups) == {"question", "context", "answer"}
    assert known(str(taken.measurements["evidence"].value))


def test_nothing_that_stands_apart_decides_nothing(tmp_path: Path) -> None:
    def same(number: int, tokens: Tokens, places: Passage) -> Tensor:
        return 0 * noise(number, tokens) + 1

    taken = look(question("q27"), planted_bench(tmp_path, [same]))
    assert {finding.holds for finding in taken.findings.values()} <= {None, False}
    assert taken.findings["g"].holds is None


def test_what_is_not_there(tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [apart(True)])
    with pytest.raises(MissingError, match="no triple 4"):
        found(question("q27", questions=[4]), world)
    with pytest.raises(MissingError, match="no reader 2"):
        found(question("q27", reader=2), world)
