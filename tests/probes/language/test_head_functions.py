from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.methods.attention_relations import RELATIONS, RelationError, relation
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.tokens import Tokens
from quizproof.questions.problems import QuizproofError
from tests.planted import found, look, question
from tests.planted_language import language_pack, language_tokenizer, planted_net
from tests.probes.language.planted_readings import (
    HEADS,
    LAYERS,
    QUIZ,
    english_bench,
    even,
    no_states,
)

OPTION = dict(zip(("full_stop", "previous", "same", "next", "special"), "abcde", strict=True))


def world(folder: Path, heads: Mapping[tuple[int, int], tuple[str, float]]) -> Bench:
    """Each of ``heads``, (layer, head) from 1, gives that much of its attention to a relation."""

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = even(tokens)
        for (layer, head), (name, much) in heads.items():
            targets = relation(name, tokens)
            for row in range(len(tokens)):
                there = int(targets[row].sum())
                if there:
                    weights = torch.full((len(tokens),), (1 - much) / (len(tokens) - there))
                    weights[targets[row]] = much / there
                    attentions[layer - 1, head - 1, row] = weights
        return no_states(tokens), attentions

    return english_bench(folder, plant)


def test_relations_and_options_are_the_same() -> None:
    assert set(OPTION) == set(RELATIONS)


@pytest.mark.parametrize("function", OPTION)
@pytest.mark.parametrize("layer", [1, 5, 12])
def test_q24_an_option_fails_where_some_layer_shows_its_function(
    function: str, layer: int, tmp_path: Path
) -> None:
    bench = world(tmp_path, {(layer, 12): (function, 0.7)})
    assert found(question("q24"), bench) == set("abcde") - {OPTION[function]}


@pytest.mark.parametrize("function", OPTION)
def test_q24_every_option_is_reachable_alone(function: str, tmp_path: Path) -> None:
    others = [name for name in OPTION if name != function]
    heads = {(layer, 12): (name, 0.7) for layer, name in enumerate(others, 1)}
    assert found(question("q24"), world(tmp_path, heads)) == {OPTION[function]}


def test_q24_all_options_hold_for_even_attention_and_none_where_all_are_shown(
    tmp_path: Path,
) -> None:
    assert found(question("q24"), world(tmp_path / "even", {})) == set("abcde")
    heads = {(layer, 12): (name, 0.7) for layer, name in enumerate(OPTION, 3)}
    assert found(question("q24"), world(tmp_path / "all", heads)) == set()


def test_q24_only_head_12_is_asked_about(tmp_path: Path) -> None:
    heads = {(layer, 11): (name, 0.9) for layer, name in enumerate(OPTION, 1)}
    assert found(question("q24"), world(tmp_path, heads)) == set("abcde")


@pytest.mark.parametrize(("much", "holds"), [(0.45, True), (0.55, False), (0.5, None)])
def test_q24_half_of_the_attention_is_where_it_turns(
    much: float, holds: bool | None, tmp_path: Path
) -> None:
    measured = look(question("q24"), world(tmp_path, {(4, 12): ("previous", much)}))
    assert measured.findings["b"].holds is holds
    assert measured.measurements["strongest_previous"].value == pytest.approx(much)


def test_q24_the_maps_show_every_head(tmp_path: Path) -> None:
    measured = look(question("q24"), world(tmp_path, {(4, 7): ("next", 0.8)}))
    shown = {matrix.title: matrix.values for matrix in measured.matrices}
    assert all(values.shape == (LAYERS, HEADS) for values in shown.values())
    assert float(shown["attention: next token"][3, 6]) == pytest.approx(0.8)
    assert float(shown["attention: next token"][3, 5]) == pytest.approx(1 / 16)
    assert measured.forward == 1


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"head": 13}, QuizproofError, "12 heads a layer, and no head 13"),
        ({"sentences": ["The students visited"]}, RelationError, "no token has a full stop"),
        ({"sentences": []}, RelationError, "no token has a full stop"),
        ({"sentences": ["the " * 70]}, QuizproofError, "takes 64 tokens"),
    ],
)
def test_q24_what_cannot_be_asked_is_named(
    changes: dict[str, Any], error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        look(question("q24", **changes), world(tmp_path, {}))


def test_q24_a_transformer_whose_weights_make_head_12_look_back_is_found_out(
    tmp_path: Path,
) -> None:
    model = transformer_that_looks(-1, tmp_path)
    bench = Bench(language_pack(tmp_path / "pack"), 0, models={"english": model})
    measured = look(question("q24"), bench)
    assert {o for o, finding in measured.findings.items() if finding.holds} == set("acde")
    assert float(measured.measurements["strongest_previous"].value) > 0.9
    assert measured.series["attention of head 12: previous token"][0] > 0.9


def test_q24_and_one_that_looks_ahead(tmp_path: Path) -> None:
    model = transformer_that_looks(1, tmp_path)
    bench = Bench(language_pack(tmp_path / "pack"), 0, models={"english": model})
    assert found(question("q24"), bench) == set("abce")


def transformer_that_looks(by: int, folder: Path) -> LanguageModel:
    """A BERT in whose first layer head 12 finds the token ``by`` places on, whatever it is.

    A token's embedding is its place; the head's queries are places moved by ``by``, its keys places
    as they are. All other weights are random and small.
    """
    tokenizer = language_tokenizer(folder / "tokenizer", QUIZ.replace(".", " .").split())
    places, wide = 20, 20 * HEADS
    net = planted_net(
        "BertForMaskedLM",
        vocab_size=len(tokenizer),
        hidden_size=wide,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=8,
        max_position_embeddings=places,
        initializer_range=0.01,
    )
    net.set_attn_implementation("eager")
    net.eval().requires_grad_(False)
    bert = net.bert
    bert.embeddings.word_embeddings.weight.zero_()
    bert.embeddings.position_embeddings.weight.copy_(torch.eye(places, wide))
    first = bert.encoder.layer[0].attention.self
    last = slice(wide - places, wide)  # the twelfth head's rows
    for projection in (first.query, first.key):
        projection.weight[last] = 0
        projection.weight[last, :places] = torch.eye(places)
    first.query.weight[last, :places] = torch.ones(places - 1).diag(-by)
    return LanguageModel(net, tokenizer, "planted", torch.device("cpu"))
