"""Attention from one part of speech to another, of heads that were planted to look there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.methods.attention_relations import RelationError
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.testing import draws_of
from quizproof.questions.problems import QuizproofError
from tests.probes.language.planted_readings import english_bench, even, no_states, sentence

CORPUS = [
    sentence("dogs/NOUN see/VERB small/ADJ cats/NOUN ./PUNCT"),
    sentence("see/VERB dogs/NOUN ./PUNCT"),
    sentence("small/ADJ cats/NOUN ./PUNCT"),
]
NOUNS = ("dogs", "cats")


def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
    """Head 3 of layer 2 gives half of what it gives to nouns, evenly, and half to [CLS]."""
    attentions = even(tokens)
    nouns = torch.tensor([name in NOUNS for name in tokens.names])
    attentions[1, 2] = 0.5 * nouns / nouns.sum()
    attentions[1, 2, :, 0] += 0.5
    return no_states(tokens), attentions


def asked(folder: Path, **given: Any) -> Any:
    bench = english_bench(folder, plant, CORPUS)
    parameters = {"of": "VERB", "to": "NOUN", "heads": ["L2H3", "L1H1"], **given}
    [draw] = draws_of("heads.parts_of_speech", bench, **parameters)
    return draw


def test_the_head_that_looks_at_nouns_is_found(tmp_path: Path) -> None:
    draw = asked(tmp_path)
    assert draw.values["attention_L2H3"] == pytest.approx(1)  # [CLS] is hidden
    assert draw.values["attention_L1H1"] == pytest.approx((2 / 5 + 1 / 3) / 2)
    assert draw.values["even"] == pytest.approx((2 / 5 + 1 / 3) / 2)
    assert draw.values["most_head"] == "L2H3"
    assert draw.values["most"] == pytest.approx(1)
    assert draw.matrices[0].marked == ((1, 2), (0, 0))


def test_a_word_is_no_other_one_of_its_own_part_of_speech(tmp_path: Path) -> None:
    draw = asked(tmp_path, of="NOUN", to="NOUN")  # the first sentence alone has two
    assert draw.values["even"] == pytest.approx(1 / 5)
    assert draw.values["attention_L2H3"] == pytest.approx(1 / 2)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({"to": "ADV"}, RelationError, "has VERB to look from and ADV to look at"),
        ({"heads": ["L13H1"]}, QuizproofError, "no layer 13"),
        ({"of": "noun"}, QuizproofError, "of of probe"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    given: dict[str, Any], error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        asked(tmp_path, **given)
