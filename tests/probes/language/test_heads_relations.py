from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.draws import english
from quizproof.probes.methods.attention_relations import RELATIONS, RelationError, relation
from quizproof.probes.models.causal_lm import load_causal_lm
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.tokens import Tokens
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.probes.testing import draws_of
from quizproof.probes.testing import world as bench_on
from quizproof.questions.problems import QuizproofError
from quizproof.questions.rules import parse_rule
from quizproof.questions.spec import Text
from tests.planted import found, look, question
from tests.planted_language import language_pack, language_tokenizer, planted_net
from tests.planted_transformers import causal_folder
from tests.probes.language.planted_readings import (
    HEADS,
    LAYERS,
    QUIZ,
    english_bench,
    even,
    no_states,
)

MUCH = 0.3  # of a token's attention: the most that one of 16 gets, and far from half
OPTION = dict(zip(("full_stop", "previous", "same", "next", "special"), "abcde", strict=True))


def world(folder: Path, heads: Mapping[tuple[int, int], tuple[str, float]]) -> Bench:
    """By each of ``heads``, (layer, head) from 1, that share of the tokens attend to a relation."""

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = even(tokens)
        for (layer, head), (name, share) in heads.items():
            targets = relation(name, tokens)
            rows = [row for row in range(len(tokens)) if targets[row].any()]
            for row in rows[: round(share * len(rows))]:
                there = int(targets[row].sum())
                weights = torch.full((len(tokens),), (1 - MUCH) / (len(tokens) - there))
                weights[targets[row]] = MUCH / there
                attentions[layer - 1, head - 1, row] = weights
        return no_states(tokens), attentions

    return english_bench(folder, plant)


def test_every_option_is_of_a_relation() -> None:
    assert set(OPTION) <= set(RELATIONS)


@pytest.mark.parametrize("function", OPTION)
@pytest.mark.parametrize("layer", [1, 5, 12])
def test_q24_an_option_holds_where_some_layer_shows_its_function(
    function: str, layer: int, tmp_path: Path
) -> None:
    bench = world(tmp_path, {(layer, 12): (function, 0.8)})
    assert found(question("q24"), bench) == {OPTION[function]}


@pytest.mark.parametrize("function", OPTION)
def test_q24_an_option_fails_alone_where_all_others_are_shown(
    function: str, tmp_path: Path
) -> None:
    others = [name for name in OPTION if name != function]
    heads = {(layer, 12): (name, 0.8) for layer, name in enumerate(others, 1)}
    assert found(question("q24"), world(tmp_path, heads)) == set("abcde") - {OPTION[function]}


def test_q24_no_option_holds_for_even_attention_and_all_where_all_are_shown(
    tmp_path: Path,
) -> None:
    assert found(question("q24"), world(tmp_path / "even", {})) == set()
    heads = {(layer, 12): (name, 0.8) for layer, name in enumerate(OPTION, 3)}
    assert found(question("q24"), world(tmp_path / "all", heads)) == set("abcde")


def test_q24_diffuse_attention_is_no_function(tmp_path: Path) -> None:
    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng(0)
        rows = rng.dirichlet([20.0] * len(tokens), size=(LAYERS, HEADS, len(tokens)))
        return no_states(tokens), torch.from_numpy(rows).float()

    measured = look(question("q24"), english_bench(tmp_path, plant))
    assert not any(finding.holds for finding in measured.findings.values())


def test_q24_only_head_12_is_asked_about(tmp_path: Path) -> None:
    heads = {(layer, 11): (name, 0.9) for layer, name in enumerate(OPTION, 1)}
    assert found(question("q24"), world(tmp_path, heads)) == set()


@pytest.mark.parametrize(("tokens", "holds"), [(6, False), (7, True), (8, True)])
def test_q24_half_of_the_tokens_is_where_it_turns(tokens: int, holds: bool, tmp_path: Path) -> None:
    # all of the 14 tokens but the full stop have a next one, and [SEP] is none
    measured = look(question("q24"), world(tmp_path, {(4, 12): ("next", tokens / 13)}))
    assert measured.findings["d"].holds is holds
    assert measured.measurements["most_next"].value == pytest.approx(tokens / 13)


def test_q24_exactly_half_is_half(tmp_path: Path) -> None:
    measured = look(question("q24"), world(tmp_path, {(4, 12): ("same", 0.5)}))
    assert measured.measurements["most_same"].value == 0.5
    assert measured.findings["c"].holds is True


@pytest.mark.parametrize("parked", [0.0, 0.97])
def test_q24_what_goes_to_special_tokens_hides_no_function_but_theirs(
    parked: float, tmp_path: Path
) -> None:
    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        given = world(tmp_path / "shown", {(4, 12): ("previous", 0.9)})
        attentions = given.part("english").read(tokens).attentions
        assert attentions is not None
        attentions = (1 - parked) * attentions
        attentions[:, :, :, len(tokens) - 1] += parked
        return no_states(tokens), attentions

    bench = english_bench(tmp_path / "parked", plant)
    assert found(question("q24"), bench) == ({"b", "e"} if parked else {"b"})


def test_q24_a_head_that_gives_all_to_special_tokens_has_their_function_alone(
    tmp_path: Path,
) -> None:
    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = torch.zeros(LAYERS, HEADS, len(tokens), len(tokens))
        attentions[:, :, :, 0] = 1
        return no_states(tokens), attentions

    assert found(question("q24"), english_bench(tmp_path, plant)) == {"e"}


def test_q24_the_other_wording_turns_every_answer_round(tmp_path: Path) -> None:
    asked = question("q24")
    assert asked.wordings is not None
    assert asked.wordings.taken == "zh-Hant"
    for heads in ({}, {(1, 12): ("same", 0.5)}, {(2, 12): ("next", 0.9), (3, 12): ("special", 1)}):
        measured = look(asked, world(tmp_path / str(len(heads)), heads))
        values = {name: m.value for name, m in measured.measurements.items()}
        for option, rule in asked.wordings.otherwise.items():
            turned = parse_rule(rule, asked.constants).holds(values)
            assert turned is not measured.findings[option].holds


def test_q24_the_maps_show_every_head(tmp_path: Path) -> None:
    measured = look(question("q24"), world(tmp_path, {(4, 7): ("next", 0.8)}))
    shown = {english(matrix.title): matrix.values for matrix in measured.shown.matrices}
    assert all(values.shape == (LAYERS, HEADS) for values in shown.values())
    table = shown["tokens that attend most to the next token"]
    assert float(table[3, 6]) == pytest.approx(10 / 13)
    assert float(table[3, 5]) == 0
    assert measured.forward == 1
    assert measured.shown.captions["next"] == Text(
        en="tokens that attend most to the next token, by the heads asked for",
        zh_hant="所問的各 head：最注意下一個 token 的比例",
    )


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        (
            {"heads": ["L1H13"]},
            QuizproofError,
            "no head 13, asked for as L1H13; each layer has heads 1",
        ),
        ({"sentences": ["The students visited"]}, RelationError, "no token has a full stop"),
        ({"sentences": []}, QuizproofError, "sentences of probe .* is .*, 1 or more"),
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
    bench = Bench(language_pack(tmp_path / "pack"), 0, loaded={"english": model})
    measured = look(question("q24"), bench)
    assert {o for o, finding in measured.findings.items() if finding.holds} == {"b"}
    assert float(measured.measurements["most_previous"].value) == 1
    assert measured.shown.series["previous"][0] == 1


def test_q24_and_one_that_looks_ahead(tmp_path: Path) -> None:
    model = transformer_that_looks(1, tmp_path)
    bench = Bench(language_pack(tmp_path / "pack"), 0, loaded={"english": model})
    assert found(question("q24"), bench) == {"d"}


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


def test_q24_a_model_that_learned_nothing_is_measured_too() -> None:
    bench = Bench(Pack(EMBEDDED), 0, randomized=3)
    assert None not in {finding.holds for finding in look(question("q24"), bench).findings.values()}


def test_any_model_with_attentions_is_asked_and_a_head_is_named(tmp_path: Path) -> None:
    """A causal one sees nothing that is next, and its first token none but itself."""
    model = load_causal_lm(causal_folder(tmp_path / "gpt"), "gpt", torch.device("cpu"))
    with torch.no_grad():
        model.net.transformer.h[1].attn.c_attn.weight[:, :32] = 0  # no queries, no keys
    bench = bench_on(language_pack(tmp_path / "pack"), gpt=model)
    sentence = " cat sat on the mat"
    [draw] = draws_of(
        "heads.relations", bench, sentences=[sentence], relations=["next", "previous", "first"]
    )
    assert draw.values["most_next"] == draw.values["attention_next"] == 0
    assert draw.values["head_next"] == "none"
    attentions = model.attentions(sentence)
    size = len(model.tokens(sentence))
    for name, columns in (("previous", range(size - 1)), ("first", [0] * (size - 1))):
        given = attentions[:, :, range(1, size), columns].mean(dim=2)
        assert draw.values[f"attention_{name}"] == pytest.approx(float(given.max()), rel=1e-5)
        layer, head = divmod(int(given.argmax()), given.shape[1])
        alike = int((given >= given.max() - 1e-6).sum()) > 1
        most = "none" if alike else f"L{layer + 1}H{head + 1}"
        assert draw.values[f"attention_head_{name}"] == most
    [of_one] = draws_of(
        "heads.relations", bench, sentences=[sentence], relations=["first"], heads=["L2H1"]
    )
    even = sum(1 / (row + 1) for row in range(1, size)) / (size - 1)
    assert of_one.values["attention_first"] == pytest.approx(even, rel=1e-4)
    assert of_one.values["head_first"] == "L2H1"
