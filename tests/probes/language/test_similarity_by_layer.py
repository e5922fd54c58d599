from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.questions.problems import QuizproofError
from tests.planted import found, look, question
from tests.planted_language import WORDS, language_model, language_tokenizer
from tests.probes.language.planted_states import chinese_bench, merge, planted_states

RISING = [0.1, 0.15, 0.2, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9]
VALLEY = [0.9, 0.8, 0.6, 0.4, 0.3, 0.2, 0.3, 0.4, 0.5, 0.5, 0.6, 0.7]


def _world(folder: Path, cosines: Sequence[float], lengths: Sequence[float] | None = None) -> Bench:
    """蘋 in the quiz's two sentences has these cosine similarities from layer 0 on."""
    tokenizer = language_tokenizer(folder / "tokenizer")
    mark = tokenizer.convert_tokens_to_ids("機")

    def states(ids: Tensor, mask: Tensor) -> Tensor:
        turned = (ids == mark).any(dim=1).double()  # the sentence with 手機
        angle = torch.tensor(cosines).double().arccos()[:, None] * turned
        size = torch.tensor(lengths or [1.0] * len(cosines)).double()[:, None, None]
        vectors = torch.stack([angle.cos(), angle.sin()], dim=-1) * size
        return vectors[:, :, None].expand(-1, -1, ids.shape[1], -1)

    return chinese_bench(folder, planted_states(tokenizer, states, len(cosines) - 1))


@pytest.mark.parametrize(
    ("option", "cosines"),
    [
        ("a", VALLEY),
        ("b", RISING[::-1]),
        ("c", RISING),
        ("d", [1 - value for value in VALLEY]),
    ],
    ids=["falls then rises", "falls", "rises", "rises then falls"],
)
@pytest.mark.parametrize("last", [-0.9, 0.99])
def test_each_trend_is_found_whatever_the_last_layer_does(
    tmp_path: Path, option: str, cosines: list[float], last: float
) -> None:
    assert found(question("q28"), _world(tmp_path, [*cosines, last])) == {option}


def test_a_wobble_is_no_turn(tmp_path: Path) -> None:
    wobbling = [value + 0.05 * (-1) ** k for k, value in enumerate(RISING)]
    assert found(question("q28"), _world(tmp_path, [*wobbling, 0.0])) == {"c"}
    late = [*RISING[:-2], 0.8, 0.4]
    assert found(question("q28"), _world(tmp_path, [*late, 0.0])) == {"d"}


@pytest.mark.parametrize(
    "cosines", [[0.5] * 12, [0.1, 0.9] * 6, [0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.5, 0.5] + [0.5] * 4]
)
def test_no_trend_is_none_of_them(tmp_path: Path, cosines: list[float]) -> None:
    assert found(question("q28"), _world(tmp_path, [*cosines, 0.0])) == set()


GROWING = [1.5**k for k in range(13)]
SHRINKING = [1 / length for length in GROWING]


@pytest.mark.parametrize(
    ("cosines", "lengths"),
    [
        (VALLEY, GROWING),
        (VALLEY, SHRINKING),
        (RISING[::-1], SHRINKING),
        (RISING, GROWING),
        ([1 - value for value in VALLEY], GROWING),
        ([1 - value for value in VALLEY], SHRINKING),
    ],
    ids=["valley, falls", "valley, rises", "falls", "rises", "peak, falls", "peak, rises"],
)
def test_metrics_that_differ_leave_it_open(
    tmp_path: Path, cosines: list[float], lengths: list[float]
) -> None:
    assert found(question("q28"), _world(tmp_path, [*cosines, 0.0], lengths)) == set()


def test_metrics_that_agree_on_lengths_that_differ(tmp_path: Path) -> None:
    assert found(question("q28"), _world(tmp_path, [*RISING, 0.0], SHRINKING)) == {"c"}


def test_series_start_at_the_first_layer_and_leave_out_the_last(tmp_path: Path) -> None:
    measured = look(question("q28"), _world(tmp_path, [*VALLEY, -0.9]))
    assert measured.series["cosine similarity"] == pytest.approx(VALLEY)
    assert measured.series["−(Euclidean distance)"] == pytest.approx(
        [-((2 - 2 * value) ** 0.5) for value in VALLEY]
    )
    assert measured.series_start == 0
    assert measured.measurements["turn_cosine"].value == 5
    later = look(question("q28", first_layer=2), _world(tmp_path / "later", [*VALLEY, -0.9]))
    assert later.series["cosine similarity"] == pytest.approx(VALLEY[2:])
    assert later.series_start == 2
    assert later.measurements["turn_cosine"].value == 5


def test_each_sentence_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(tmp_path, [*VALLEY, 0.0])
    assert look(question("q28"), world).forward == 2
    monkeypatch.setattr(world.language("chinese"), "passed", None)  # not once more
    assert look(question("q28"), world).forward == 2  # it rests on them all the same


def test_a_word_without_a_token_of_its_own_is_said(tmp_path: Path) -> None:
    unknown = language_model(tmp_path / "unknown", words=[w for w in WORDS if w != "蘋"])
    with pytest.raises(TokenError, match=r"knows '蘋' .* only as \[UNK\]"):
        look(question("q28"), chinese_bench(tmp_path / "unknown", unknown))
    merging = language_model(tmp_path / "merging")
    merge(merging, "蘋果")
    with pytest.raises(TokenError, match=r"no token for '蘋' .* it is inside '蘋果'"):
        look(question("q28"), chinese_bench(tmp_path / "merging", merging))


def test_a_sentence_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    world = chinese_bench(tmp_path, language_model(tmp_path / "model", num_hidden_layers=4))
    with pytest.raises(TokenError, match="'蘋' is not in “今天買了手機”"):
        look(question("q28", sentences=["今天買了手機", "蘋果的股價又跌了"]), world)
    with pytest.raises(QuizproofError, match="3 sentences, but a similarity is of two"):
        look(question("q28", sentences=["蘋果", "蘋果", "蘋果"]), world)
    short = language_model(tmp_path / "short", num_hidden_layers=4, max_position_embeddings=9)
    with pytest.raises(LanguageModelError, match="takes 9 tokens, a sentence has 10"):
        look(question("q28"), chinese_bench(tmp_path / "short", short))


def test_a_model_too_shallow_for_a_trend_is_said(tmp_path: Path) -> None:
    shallow = language_model(tmp_path / "model", num_hidden_layers=2)
    with pytest.raises(LanguageModelError, match="2 layers, too few for a trend"):
        look(question("q28"), chinese_bench(tmp_path, shallow))
