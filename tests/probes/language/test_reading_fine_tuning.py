from __future__ import annotations

from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import pytest
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.embedded_language.puzzles import distinct_puzzles
from quizproof.probes.methods.token_separation import Passage
from quizproof.probes.models.reading_comprehension import SavedStatesError
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.texts import Triple
from quizproof.questions.problems import QuizproofError
from quizproof.reports.known_words import known
from tests.planted import found, look, question
from tests.probes.language.planted_readers import (
    PlantedReader,
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


@pytest.mark.parametrize("saved", [False, True], ids=["states", "saved"])
@pytest.mark.parametrize(("option", "tuned"), OPTIONS)
def test_q26_every_option_is_reachable_by_hidden_states_alone(
    option: str | None, tuned: set[int], saved: bool, tmp_path: Path
) -> None:
    readers = [apart(number in tuned, seed=number) for number in (1, 2, 3)]
    world = planted_bench(tmp_path, readers, saved=saved)
    assert found(question("q26"), world) == ({option} if option else set())


@pytest.mark.parametrize(("option", "tuned"), OPTIONS)
def test_q26_every_option_is_reachable_by_heads(
    option: str | None, tuned: set[int], tmp_path: Path
) -> None:
    # the hidden states say nothing, as of a head that reads what is not seen in distances
    readers = [(apart(False, seed=number), answering(number in tuned)) for number in (1, 2, 3)]
    world = planted_bench(tmp_path, readers)
    assert found(question("q26"), world) == ({option} if option else set())


def test_two_answers_of_three_are_more_than_chance_and_one_is_not(tmp_path: Path) -> None:
    readers = [
        (apart(False, seed=1), answering({0: True, 1: True, 2: False})),
        (apart(False, seed=2), answering({0: False, 1: True, 2: False})),
        (apart(True), answering(False)),  # it is set apart, and the head does not see it
    ]
    assert found(question("q26"), planted_bench(tmp_path, readers)) == {"e"}


@pytest.mark.parametrize("saved", [False, True], ids=["models", "states"])
def test_on_unseen_puzzles_the_readers_that_were_fine_tuned_are_found(saved: bool) -> None:
    pack = Bench(Pack(EMBEDDED), 0)
    asked = [
        Triple(context=p.context, question=p.question, answer=p.answer)
        for p in islice(distinct_puzzles(seed=5, unseen=True), 24)
    ]
    found_tuned = dict.fromkeys((1, 2, 3), 0)
    for first in range(0, len(asked), 3):
        world = Bench(pack.pack, 0)
        triples = world.once("triples", lambda first=first: asked[first : first + 3])  # type: ignore[misc]
        for reader, (number, triple) in product(found_tuned, enumerate(triples, 1)):
            read = pack.reader(reader).reading(number - 1, triple)
            read = replace(read, ends=None) if saved else read
            world.once(("reading", reader, number), lambda read=read: read)  # type: ignore[misc]
        taken = look(question("q26"), world)
        for reader in found_tuned:
            found_tuned[reader] += float(taken.measurements[f"chance_{reader}"].value) < 0.01
    # of 8 sets of three; the first two were fine-tuned, the third was not
    assert found_tuned[1] >= 7
    assert found_tuned[2] >= 6
    assert found_tuned[3] <= 1


def test_what_is_apart_from_the_start_was_not_set_apart(tmp_path: Path) -> None:
    def rare(number: int, tokens: Tokens, places: Passage) -> Tensor:
        states = noise(number, tokens)
        states[:, list(places.answer)] += 3.0
        return states

    taken = look(question("q26"), planted_bench(tmp_path, [rare, rare, apart(True)]))
    assert float(taken.measurements["apart_1"].value) > 1.3
    assert {o for o, finding in taken.findings.items() if finding.holds} == {"c"}


def test_what_is_shown(tmp_path: Path) -> None:
    taken = look(question("q26"), planted_bench(tmp_path, [apart(True)] * 3))
    assert len(taken.series) == len(taken.scatters) == 3
    assert {len(values) for values in taken.series.values()} == {13}
    for words in (*taken.series, *taken.scatters[0].groups, taken.scatters[0].title):
        assert known(words), words
    assert taken.scatters[1].title == "reader 2, triple 1, layer 12"
    assert taken.scatters[1].variance is not None


def test_states_of_another_triple_or_depth_are_named_errors(tmp_path: Path) -> None:
    world = planted_bench(tmp_path / "a", [apart(True)] * 3, saved=True)
    first = world.pack.manifest.readers[0]
    assert first.saved is not None
    first.saved.hidden_states.reverse()
    with pytest.raises(SavedStatesError, match="hidden states of"):
        found(question("q26"), world)

    def deeper(number: int, tokens: Tokens, places: Passage) -> Tensor:
        return noise(number, tokens)[: 13 - number]

    world = planted_bench(tmp_path / "b", [deeper] * 3)
    assert isinstance(world.reader(1), PlantedReader)
    with pytest.raises(QuizproofError, match="hidden states of different triples"):
        found(question("q26"), world)
