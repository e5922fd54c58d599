from __future__ import annotations

from pathlib import Path

import pytest
from torch import Tensor

from quizproof.probes.draws import english
from quizproof.probes.methods.token_separation import Passage
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.texts import Triples
from quizproof.questions.problems import QuizproofError
from quizproof.questions.spec import Text
from tests.planted import found, look, question
from tests.probes.language.planted_readers import (
    LAYERS,
    TRIPLES,
    States,
    matching,
    noise,
    planted_bench,
)


@pytest.mark.parametrize("saved", [False, True], ids=["model", "saved"])
@pytest.mark.parametrize(("option", "stage"), [("a", 0), ("b", 1), ("c", 2), ("d", 3)])
def test_q25_every_option_is_reachable(
    option: str, stage: int, saved: bool, tmp_path: Path
) -> None:
    world = planted_bench(tmp_path, [matching(stage)], saved=saved)
    assert found(question("q25"), world) == {option}


def test_q25_a_question_that_draws_near_the_rest_is_not_matched(tmp_path: Path) -> None:
    assert found(question("q25"), planted_bench(tmp_path, [matching(1, with_rest=True)])) == set()


def test_q25_what_is_there_from_the_start_is_no_layers_work(tmp_path: Path) -> None:
    taken = look(question("q25"), planted_bench(tmp_path, [matching(-1)]))
    assert float(taken.measurements["gap_at_3"].value) > 0.5
    assert all(abs(float(taken.measurements[f"rise_to_{end}"].value)) < 0.1 for end in (3, 6, 9))


def _by_triple(*stages: int | None) -> States:
    """Each triple's question and relevant part move together at a stage of its own, or never."""

    def states(number: int, tokens: Tokens, places: Passage) -> Tensor:
        stage = stages[number]
        planted = matching(1, with_rest=True) if stage is None else matching(stage)
        return planted(number, tokens, places)

    return states


@pytest.mark.parametrize(
    ("stages", "open_", "said"),
    [
        ((3, 1, 1), {"b", "d"}, "1 is for layers 10–12, 2 is for layers 4–6, 3 is for layers 4–6"),
        ((3, 1, 0), {"a", "b", "d"}, "3 is for layers 1–3"),
        ((3, 3, None), {"d"}, "3 is for none"),
    ],
)
def test_q25_triples_that_disagree_leave_open_what_any_is_for(
    stages: tuple[int | None, ...], open_: set[str], said: str, tmp_path: Path
) -> None:
    taken = look(question("q25"), planted_bench(tmp_path, [_by_triple(*stages)]))
    assert {o for o, finding in taken.findings.items() if finding.holds is None} == open_
    assert not any(finding.holds for finding in taken.findings.values())
    assert taken.doubt is not None
    assert taken.doubt.en.startswith("the triples disagree: ")
    assert said in taken.doubt.en


def test_q25_what_the_mean_is_for_is_open_though_no_triple_is_for_it(tmp_path: Path) -> None:
    """Each triple has one stage ahead and the same one second: that is the mean's first."""

    def states(number: int, tokens: Tokens, places: Passage) -> Tensor:
        moved = noise(number, tokens)
        moved[1:] = moved[0] + 0.01 * moved[1:]
        for layer in range(LAYERS + 1):
            both = [*places.question, *places.relevant]
            # the shared stage 7–9 moves them by 0.8, and one of the others, of each triple, by 1
            shared = min(max(layer - 6, 0), 3) / 3
            own = min(max(layer - 3 * (0, 1, 3)[number], 0), 3) / 3
            moved[layer, both] += 0.8 * shared + own
        return moved

    taken = look(question("q25"), planted_bench(tmp_path, [states]))
    values = {name: float(m.value) for name, m in taken.measurements.items()}
    assert values["lead_9"] > 0
    assert taken.findings["c"].holds is None


def test_q25_one_triple_shows_no_agreement(tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [matching(2)])
    world.loaded["triples"] = Triples(TRIPLES[:1], "planted")
    with pytest.raises(QuizproofError, match="one triple alone"):
        look(question("q25"), world)


def test_what_is_shown(tmp_path: Path) -> None:
    taken = look(question("q25"), planted_bench(tmp_path, [matching(2)]))
    gap, *each = taken.shown.series.values()
    captions = [english(taken.shown.captions[name]) for name in taken.shown.series]
    assert captions[:2] == [
        "gap between the relevant part and the rest",
        "gap between them in triple 1",
    ]
    assert len(gap) == 13
    assert len(each) == len(TRIPLES)
    assert taken.shown.series_start == 0
    assert gap[6] == pytest.approx(sum(one[6] for one in each) / 3)
    assert gap[9] - gap[6] == pytest.approx(taken.measurements["rise_to_9"].value)
    assert [shown.title for shown in taken.shown.scatters] == [
        Text(en=f"reader 1, triple 1, layer {layer}", zh_hant=f"reader 1，問題 1，第 {layer} 層")
        for layer in (3, 6, 9, 12)
    ]
    groups = dict(zip(taken.shown.scatters[2].labels, taken.shown.scatters[2].groups, strict=True))
    assert groups["Peter"] == "answer"
    assert groups["book"] == "relevant part"
    assert groups["king"] == "context"
    assert groups["Who"] == "question"
    assert "[SEP]" not in groups
    of_groups = taken.shown.scatters[0].captions
    assert of_groups["relevant part"] == Text(en="relevant part", zh_hant="文章中與問題有關的部分")


@pytest.mark.parametrize("stages", [[0, 12], [], [3, 3, 12]])
def test_stages_of_no_reader(stages: list[int], tmp_path: Path) -> None:
    with pytest.raises(QuizproofError, match="parameter stages"):
        look(question("q25", stages=stages), planted_bench(tmp_path, [matching(0)]))


@pytest.mark.parametrize("stages", [[3, 6, 9], [6, 3, 9, 12], [3, 6, 9, 24]])
def test_stages_that_the_layers_do_not_have(stages: list[int], tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [matching(0)])
    with pytest.raises(QuizproofError, match="reader 1 has 12 layers"):
        look(question("q25", stages=stages), world)
