from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.questions.problems import QuizproofError
from quizproof.reports.known_words import known
from tests.planted import found, look, question
from tests.probes.language.planted_readers import TRIPLES, matching, planted_bench


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


def test_what_is_shown(tmp_path: Path) -> None:
    taken = look(question("q25"), planted_bench(tmp_path, [matching(2)]))
    gap, *each = taken.series.values()
    assert len(gap) == 13
    assert len(each) == len(TRIPLES)
    assert taken.series_start == 0
    assert gap[6] == pytest.approx(sum(one[6] for one in each) / 3)
    assert gap[9] - gap[6] == pytest.approx(taken.measurements["rise_to_9"].value)
    assert [shown.title for shown in taken.scatters] == [
        f"reader 1, triple 1, layer {layer}" for layer in (3, 6, 9, 12)
    ]
    groups = dict(zip(taken.scatters[2].labels, taken.scatters[2].groups, strict=True))
    assert groups["Peter"] == "answer"
    assert groups["book"] == "relevant part"
    assert groups["king"] == "context"
    assert groups["Who"] == "question"
    assert "[SEP]" not in groups
    for words in (*taken.series, *taken.scatters[0].groups, taken.scatters[0].title):
        assert known(words), words


@pytest.mark.parametrize("stages", [[3, 6, 9], [6, 3, 9, 12], [0, 12], [], [3, 6, 9, 24]])
def test_stages_that_the_layers_do_not_have(stages: list[int], tmp_path: Path) -> None:
    world = planted_bench(tmp_path, [matching(0)])
    with pytest.raises(QuizproofError, match="reader 1 has 12 layers"):
        look(question("q25", stages=stages), world)
