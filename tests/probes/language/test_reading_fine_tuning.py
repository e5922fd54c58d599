from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.draws import english
from quizproof.probes.embedded.language.calibration import Kind, Workshop
from quizproof.probes.embedded.language.puzzles import distinct_puzzles
from quizproof.probes.engine.measured import Measured
from quizproof.probes.kinds.reader import ReaderEntry
from quizproof.probes.language.reading_answers import HEAD
from quizproof.probes.methods.token_separation import Passage
from quizproof.probes.models.reading_comprehension import ModelReader, Reader, SavedStatesError
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.packs.texts import Triple, Triples
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text
from tests.planted import found, look, question
from tests.probes.language.planted_readers import (
    KnownReader,
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


def test_two_answers_of_three_decide_and_one_leaves_it_open(tmp_path: Path) -> None:
    readers = [
        (apart(False, seed=1), answering({0: True, 1: True, 2: False})),
        (apart(False, seed=2), answering({0: False, 1: True, 2: False})),
        (apart(True), answering(False)),  # it is set apart, and the head does not see it
    ]
    taken = look(question("q26"), planted_bench(tmp_path, readers))
    assert {o: finding.holds for o, finding in taken.findings.items() if finding.holds is None} == {
        "a": None,
        "d": None,
    }
    assert not any(finding.holds for finding in taken.findings.values())
    assert taken.doubt is not None
    assert taken.doubt.en.startswith(
        "undecided whether fine-tuned, below 99 : 1 either way: reader 2 ("
    )
    assert {taken.measurements[f"head_{k}"].value for k in (1, 2, 3)} == {HEAD}


def test_what_is_set_apart_a_little_is_open(tmp_path: Path) -> None:
    """From nothing to far apart it goes from not fine-tuned to open to fine-tuned, never back."""
    found_by = []
    for number, by in enumerate((0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 5.0)):
        world = planted_bench(tmp_path / str(number), [apart(True, seed=7, by=by)] * 3)
        taken = look(question("q26"), world)
        found_by.append(float(taken.measurements["tuned_1"].value))
        all_three, none_open = taken.findings["g"].holds, taken.doubt is None
        assert all_three is (None if abs(found_by[-1]) <= math.log10(99) else found_by[-1] > 0)
        assert none_open is (all_three is not None)
    told = [0 if abs(value) <= math.log10(99) else 1 if value > 0 else -1 for value in found_by]
    assert told == sorted(told)
    assert set(told) == {-1, 0, 1}


def _sets(count: int, seed: int) -> list[list[Triple]]:
    asked = [
        Triple(context=p.context, question=p.question, answer=p.answer)
        for p in islice(distinct_puzzles(seed, unseen=True), 3 * count)
    ]
    return [asked[first : first + 3] for first in range(0, len(asked), 3)]


def _told(
    readers: Mapping[int, Reader], sets: Sequence[list[Triple]], saved: bool
) -> list[Measured]:
    """What is found of three readers by each set of three triples, with and without their heads."""
    taken = []
    for asked in sets:
        planted: dict[str, Any] = {"triples": Triples(tuple(asked), "planted")}
        for number, reader in readers.items():
            read = [reader.reading(which, triple) for which, triple in enumerate(asked)]
            kept = [replace(one, ends=None) if saved else one for one in read]
            planted[f"reader_{number}"] = KnownReader(kept)
        taken.append(look(question("q26"), Bench(Pack(EMBEDDED), 0, loaded=planted)))
    return taken


@pytest.mark.parametrize("saved", [False, True], ids=["models", "states"])
def test_on_unseen_puzzles_no_reader_is_taken_for_the_other_kind(saved: bool) -> None:
    """Neither these readers nor these puzzles were in the calibration."""
    pack = Bench(Pack(EMBEDDED), 0)
    taken = _told({k: pack.part(f"reader_{k}") for k in (1, 2, 3)}, _sets(8, seed=5), saved)
    found_by = {k: [float(m.measurements[f"tuned_{k}"].value) for m in taken] for k in (1, 2, 3)}
    sure = math.log10(99)
    assert min(*found_by[1], *found_by[2]) > -sure
    assert max(found_by[3]) < sure
    assert sum(value > sure for value in (*found_by[1], *found_by[2])) >= 15
    assert sum(value < -sure for value in found_by[3]) >= 5
    assert sum(m.findings["d"].holds is True for m in taken) >= 6  # the first two, not the third


@pytest.mark.slow
def test_readers_trained_anew_are_not_taken_for_the_other_kind() -> None:
    """Of a seed that the calibration has not: fine-tuned 60 steps, 150, and not at all."""
    workshop = Workshop()
    kinds = [Kind("english", 60, 31), Kind("english", 150, 32), Kind("english", 0, 33)]
    readers = {n: ModelReader(workshop.reader(kind)) for n, kind in enumerate(kinds, 1)}
    sure = math.log10(99)
    for saved in (False, True):
        taken = _told(readers, _sets(40, seed=6), saved)
        found_by = {k: [float(m.measurements[f"tuned_{k}"].value) for m in taken] for k in readers}
        wrong = sum(value < -sure for value in (*found_by[1], *found_by[2]))
        wrong += sum(value > sure for value in found_by[3])
        assert wrong <= 2  # of 120, at one in a hundred each
        assert sum(value > sure for value in (*found_by[1], *found_by[2])) >= 65
        assert sum(value < -sure for value in found_by[3]) >= 25


def test_what_is_apart_from_the_start_was_not_set_apart(tmp_path: Path) -> None:
    def rare(number: int, tokens: Tokens, places: Passage) -> Tensor:
        states = noise(number, tokens)
        states[:, list(places.answer)] += 3.0
        return states

    taken = look(question("q26"), planted_bench(tmp_path, [rare, rare, apart(True)]))
    assert next(iter(taken.shown.series.values()))[-1] > 1.3
    assert all(taken.findings[o].holds is False for o in "abdefg")


def test_what_is_shown(tmp_path: Path) -> None:
    taken = look(question("q26"), planted_bench(tmp_path, [apart(True)] * 3))
    assert len(taken.shown.series) == len(taken.shown.scatters) == 3
    assert {len(values) for values in taken.shown.series.values()} == {13}
    assert taken.shown.captions["reader_2"] == Text(
        en="distance of the answer against the other words, reader 2",
        zh_hant="答案相對於其他字的距離，reader 2",
    )
    assert english(taken.shown.scatters[1].title) == "reader 2, triple 1, layer 12"
    assert taken.shown.scatters[1].variance is not None


def test_states_of_another_triple_or_depth_are_named_errors(tmp_path: Path) -> None:
    world = planted_bench(tmp_path / "a", [apart(True)] * 3, saved=True)
    first = world.pack.manifest.parts["reader_1"]
    assert isinstance(first, ReaderEntry)
    assert first.saved is not None
    first.saved.hidden_states.reverse()
    with pytest.raises(SavedStatesError, match="hidden states of"):
        found(question("q26"), world)

    def deeper(number: int, tokens: Tokens, places: Passage) -> Tensor:
        return noise(number, tokens)[: 13 - number]

    def shallow(number: int, tokens: Tokens, places: Passage) -> Tensor:
        return noise(number, tokens)[:7]

    world = planted_bench(tmp_path / "c", [shallow] * 3)
    with pytest.raises(
        QuizproofError, match="hidden states of 6 layers, and those it could be held"
    ):
        found(question("q26"), world)
    world = planted_bench(tmp_path / "d", [(shallow, answering(True))] * 3)
    assert found(question("q26"), world) == {"g"}  # a head is one of whatever depth
    with pytest.raises(QuizproofError, match="odds of 1 to one"):
        found(question("q26", odds=1.0), world)

    world = planted_bench(tmp_path / "b", [deeper] * 3)
    assert isinstance(world.part("reader_1"), PlantedReader)
    with pytest.raises(QuizproofError, match="hidden states of different triples"):
        found(question("q26"), world)
