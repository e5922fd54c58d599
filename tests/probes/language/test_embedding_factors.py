from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.language.factor_pairs import CHARACTER, FACTORS, differing, factor_pairs
from quizproof.probes.models.language_models import LanguageModel, LanguageModelError
from quizproof.probes.models.tokens import TokenError
from quizproof.probes.models.transformers_import import transformers
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.testing import draws_of, world
from quizproof.questions.problems import QuizproofError
from tests.planted import found, look, question
from tests.planted_language import language_model, language_pack, language_tokenizer
from tests.probes.language.planted_states import chinese_bench, merge, planted_states

LETTERS = sorted(
    {
        letter
        for texts in islice(factor_pairs(np.random.default_rng(0)), 300)
        for pair in texts.values()
        for text in pair
        for letter in text
    }
)


def _bert(folder: Path, **changes: Any) -> LanguageModel:
    shape = {"words": LETTERS, "max_position_embeddings": 64, "num_hidden_layers": 1}
    return language_model(folder / "model", **{**shape, **changes})


def _asked() -> Any:
    return question("q30", pairs=4)


def test_positions_are_part_of_a_berts_embedding_output(tmp_path: Path) -> None:
    assert found(_asked(), chinese_bench(tmp_path, _bert(tmp_path))) == {"a", "b", "d"}


def test_without_position_embeddings_nothing_has_an_effect(tmp_path: Path) -> None:
    model = _bert(tmp_path)
    model.net.bert.embeddings.position_embeddings.weight.zero_()
    assert found(_asked(), chinese_bench(tmp_path, model)) == {"a", "b", "c", "d"}


def test_rotary_positions_are_no_part_of_the_embedding_output(tmp_path: Path) -> None:
    tokenizer = language_tokenizer(tmp_path / "tokenizer", LETTERS)
    config = transformers().RoFormerConfig(
        vocab_size=len(tokenizer),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        initializer_range=0.3,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = transformers().RoFormerModel(config).eval().requires_grad_(False)
    model = LanguageModel(net, tokenizer, "rotary", torch.device("cpu"))
    [one, other] = [model.read(model.tokens(text)) for text in ("蘋果在桌上", "桌上在蘋果")]
    places = [reading.tokens.find(CHARACTER) for reading in (one, other)]
    moved = one.hidden_states[-1, places[0]] - other.hidden_states[-1, places[1]]
    assert moved.norm() > 0.01  # it does know the order, but not at the embedding output
    assert found(_asked(), chinese_bench(tmp_path, model)) == {"a", "b", "c", "d"}


Mixing = Callable[[Tensor, Tensor, Tensor], Tensor]


def _neighbours(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
    return words + words.roll(-1, dims=1) / 10  # 蘋 is always on the other side


def _length(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
    return words + mask.sum(dim=1)[:, None, None] * torch.eye(words.shape[2])[0] / 100


def _occurrences(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
    alike = ids[:, :, None] == ids[:, None, :]
    return words + alike.sum(dim=2, keepdim=True) * torch.eye(words.shape[2])[0] / 100


def _position_in_length(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
    """Which cosine similarity cannot see."""
    return words * (1 + torch.arange(ids.shape[1])[:, None] / 100)


@pytest.mark.parametrize(
    ("mixing", "options"),
    [
        (_neighbours, "bcd"),
        (_length, "acd"),
        (_occurrences, "abc"),
        (_position_in_length, "abd"),
    ],
)
def test_an_embedding_output_that_knows_of_one_factor(
    tmp_path: Path, mixing: Mixing, options: str
) -> None:
    assert found(_asked(), _mixed(tmp_path, mixing)) == set(options)


def test_an_embedding_output_that_knows_of_all_has_none_right(tmp_path: Path) -> None:
    def everything(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        for mixing in (_neighbours, _length, _occurrences, _position_in_length):
            words = mixing(ids, words, mask)
        return words

    assert found(_asked(), _mixed(tmp_path, everything)) == set()


def test_an_effect_that_cosine_cannot_see_is_measured_by_distance(tmp_path: Path) -> None:
    measured = look(_asked(), _mixed(tmp_path, _position_in_length)).measurements
    assert float(measured["cosine_position"].value) < 1e-6
    assert float(measured["euclidean_position"].value) > 0.01


def test_one_pair_with_an_effect_is_enough(tmp_path: Path) -> None:
    def of_long_ones(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        return words + (mask.sum(dim=1) > 22)[:, None, None] * torch.eye(8)[0]

    asked = question("q30", pairs=12)
    measured = look(asked, _mixed(tmp_path, of_long_ones))
    cosines, distances = (matrix.values for matrix in measured.shown.matrices)
    assert (distances[1] > 0.1).any()
    assert (distances[1] < 1e-6).any()
    for k, factor in enumerate(FACTORS):
        for metric, effects in (("cosine", cosines), ("euclidean", distances)):
            value = measured.measurements[f"{metric}_{factor}"].value
            assert value == pytest.approx(effects[k].max(), abs=1e-6)
    assert {o for o, f in measured.findings.items() if f.holds} == {"a", "c", "d"}


def _mixed(folder: Path, mixing: Mixing) -> Bench:
    """The embedding output is ``mixing`` of the word embeddings, each of length 1 or so."""
    tokenizer = language_tokenizer(folder / "tokenizer", LETTERS)
    table = torch.randn(len(tokenizer), 8, generator=torch.Generator().manual_seed(0)) / 8**0.5

    def states(ids: Tensor, mask: Tensor) -> Tensor:
        mixed = mixing(ids, table[ids] * mask[:, :, None], mask)
        return torch.stack([mixed, torch.zeros_like(mixed)])

    return chinese_bench(folder, planted_states(tokenizer, states, 1))


def test_padding_that_leaks_is_said(tmp_path: Path) -> None:
    def padded_length(ids: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        return words + ids.shape[1] / 100

    with pytest.raises(LanguageModelError, match=r"changes by .* when only the batch does"):
        look(_asked(), _mixed(tmp_path, padded_length))


def test_the_embedded_model_and_its_randomized_one_agree() -> None:
    pack = Pack(EMBEDDED)
    trained, random = (look(question("q30"), Bench(pack, seed=0, randomized=k)) for k in (None, 0))
    verdicts = [
        {o: f.holds for o, f in measured.findings.items()} for measured in (trained, random)
    ]
    assert verdicts[0] == verdicts[1]
    assert None not in verdicts[0].values()
    assert "random weights" in random.model
    pairs = [measured.measurements["euclidean_position"].value for measured in (trained, random)]
    assert pairs[0] != pairs[1]


def test_words_without_tokens_of_their_own_are_said(tmp_path: Path) -> None:
    merging = _bert(tmp_path / "merging")
    merge(merging, "蘋果")
    with pytest.raises(TokenError, match=r"no token for '果' .* it is inside '蘋果'"):
        look(_asked(), chinese_bench(tmp_path / "merging", merging))
    unknown = _bert(tmp_path / "unknown", words=[w for w in LETTERS if w != CHARACTER])
    with pytest.raises(TokenError, match=r"knows '果' .* only as \[UNK\]"):
        look(_asked(), chinese_bench(tmp_path / "unknown", unknown))
    uneven = _bert(tmp_path / "uneven")
    merge(uneven, "手機")
    with pytest.raises(TokenError, match=r"differ in length.*, not in meaning alone"):
        look(question("q30", pairs=30), chinese_bench(tmp_path / "uneven", uneven))
    poor = _bert(tmp_path / "poor", words=["蘋", CHARACTER, "，"])
    with pytest.raises(TokenError, match=r"differ in nothing, not in meaning alone"):
        look(_asked(), chinese_bench(tmp_path / "poor", poor))


def test_sentences_too_long_for_the_model_and_no_pairs_are_said(tmp_path: Path) -> None:
    short = _bert(tmp_path, max_position_embeddings=12)
    with pytest.raises(LanguageModelError, match="takes 12 tokens"):
        look(_asked(), chinese_bench(tmp_path, short))
    with pytest.raises(
        QuizproofError, match=r"pairs of probe .* is 0; it may be: whole number from 1"
    ):
        look(question("q30", pairs=0), chinese_bench(tmp_path / "none", short))


def test_pairs_differ_in_their_factor_alone(tmp_path: Path) -> None:
    model = _bert(tmp_path)
    for texts in islice(factor_pairs(np.random.default_rng(1)), 50):
        assert tuple(texts) == FACTORS
        for factor, pair in texts.items():
            one, other = (model.tokens(text) for text in pair)
            assert one.text != other.text
            assert one.unknown not in (*one.ids, *other.ids)
            assert differing(one, other) == {factor} - {"meaning"}
        first, second = texts["position"]
        assert sorted(first) == sorted(second)
        assert texts["length"][1].startswith(texts["length"][0])
        assert sum(a != b for a, b in zip(*texts["occurrences"], strict=True)) == 1
        for factor in set(FACTORS) - {"meaning"}:
            assert len({_around(text) for text in texts[factor]}) == 1


def _around(text: str) -> str:
    place = text.index(CHARACTER)
    assert text[place + 1] != "，"
    return text[place - 1 : place + 2]


def test_pairs_follow_their_seed() -> None:
    def some(seed: int) -> list[Any]:
        return list(islice(factor_pairs(np.random.default_rng(seed)), 5))

    assert some(1) == some(1)
    assert some(1) != some(2)


def test_pairs_of_one_s_own_at_any_layer(tmp_path: Path) -> None:
    """By hand: what the model's own hidden states are, of another word and after a layer."""
    model = language_model(tmp_path / "model", num_hidden_layers=2)
    pairs = [["The cat sat .", "The dog sat ."], ["The big cat sat .", "The cat sat ."]]
    bench = world(language_pack(tmp_path / "pack"), model=model)
    for layer in (0, 2):
        [draw] = draws_of(
            "embedding.factors",
            bench,
            word="sat",
            layer=layer,
            factors={"noun": pairs[:1], "both": pairs},
        )
        moved = []
        for pair in pairs:
            one, other = (
                reading.hidden_states[layer, reading.tokens.names.index("sat")].double()
                for reading in model.read_all([model.tokens(text) for text in pair])
            )
            moved.append(float(2 * (one - other).norm() / (one.norm() + other.norm())))
        assert draw.values["euclidean_noun"] == pytest.approx(moved[0], rel=1e-4, abs=1e-6)
        assert draw.values["euclidean_both"] == pytest.approx(max(moved), rel=1e-4)
    assert np.isnan(draw.matrices[0].values[0, 1])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"word": "蘋"},
            "that differ in meaning alone are written of '蘋', but of 果",
        ),
        ({"factors": {"lenght": "written"}}, "did you mean length"),
        ({"factors": {"own": [["果", "果"]]}}, "differ in nothing; write two that do"),
        ({"factors": {"own": [["果"]]}}, "factors"),
        ({"layer": 2}, "no layer 2; its layers are 0 .* to 1"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    given: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(QuizproofError, match=says) as caught:
        look(question("q30", pairs=1, **given), chinese_bench(tmp_path, _bert(tmp_path)))
    assert "\n" not in str(caught.value)
