"""The quiz ``sentences``: every option is found in some world, every key on the real encoder."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from quizproof.probes.bench import Bench
from quizproof.probes.engine.verdict import measured_answer
from quizproof.probes.methods import embedding_similarity
from quizproof.probes.packs.pack import Pack
from quizproof.probes.testing import world
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import Question, expected_answer
from tests.planted import look
from tests.planted_language import language_tokenizer
from tests.planted_transformers import byte_tokenizer

FOLDER = bundled_quiz("sentences")
QUESTIONS = {question.id: question for question in load_quiz(FOLDER).questions}


@dataclass
class Planted:
    """An encoder whose vectors are known by text, or its means by layer, or its tokenizer."""

    part_kind = "encoder"
    layers = 6
    description = "planted"

    vectors: Mapping[str, Sequence[float]] = field(default_factory=dict)
    means: Sequence[float] = ()
    tokenizer: Any = None
    seen: list[str] = field(default_factory=list)

    def embeddings(self, texts: Sequence[str], *, cut: bool = False) -> Tensor:
        return torch.tensor([self.vectors[text] for text in texts], dtype=torch.float64)

    def tokens(self, text: str) -> str:
        return text

    def read(self, text: str) -> Any:
        """Two texts have the planted cosine similarity after each layer."""
        self.seen.append(text)
        states = torch.zeros(len(self.means), 1, 32)
        for layer, mean in enumerate(self.means):
            states[layer, 0, 0] = math.sqrt(mean)
            states[layer, 0, len(self.seen)] = math.sqrt(1 - mean)
        return SimpleNamespace(hidden_states=states)


def measured(name: str, planted: Planted) -> Any:
    bench = world(Pack(FOLDER), minilm=planted)
    return measured_answer(QUESTIONS[name], look(QUESTIONS[name], bench))


def with_cosines(name: str, *cosines: float, lengths: Sequence[float] = ()) -> Planted:
    """The texts of the question at these cosines from the first."""
    call = QUESTIONS[name].probe
    assert call is not None
    others: dict[str, str] = call.parameters["others"]
    vectors: dict[str, Sequence[float]] = {call.parameters["text"]: (1.0, 0.0)}
    for text, cosine, length in zip(
        others.values(), cosines, lengths or [1.0] * len(cosines), strict=True
    ):
        vectors[text] = (length * cosine, length * math.sqrt(1 - cosine**2))
    return Planted(vectors)


@pytest.mark.parametrize(
    ("name", "cosines", "answer"),
    [
        ("q01", (1.0,), "a"),
        ("q01", (0.97,), "b"),
        ("q01", (0.6,), "c"),
        ("q02", (-0.5, 0.8, 0.1), "a"),
        ("q02", (0.05, 0.8, 0.1), "b"),
        ("q02", (0.4, 0.8, 0.1), "c"),
        ("q02", (0.9, 0.8, 0.1), "d"),
        ("q03", (1.0, 0.9), "a"),
        ("q03", (0.98, 0.6), "b"),
        ("q03", (0.5, 0.6), "c"),
        ("q07", (1.0, 0.9), "a"),
        ("q07", (0.95, 0.9), "b"),
        ("q07", (0.85, 0.9), "c"),
    ],
)
def test_every_option_is_found_where_it_is_so(
    name: str, cosines: tuple[float, ...], answer: str
) -> None:
    assert measured(name, with_cosines(name, *cosines)) == (answer,)


def test_orders_differ_where_lengths_are_not_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    cosines = (0.9, 0.8, 0.7, 0.3, 0.2, 0.1)
    planted = with_cosines("q04", *cosines, lengths=(1, 2, 3, 4, 5, 6))
    assert measured("q04", planted) == ("a", "c")
    # a method that forgets to scale the vectors
    monkeypatch.setattr(embedding_similarity, "unit_vectors", lambda vectors: vectors)
    assert measured("q04", planted) == ("b", "c")
    assert measured("q04", with_cosines("q04", *cosines, lengths=(9, 4, 1, 1, 1, 0.1))) == (
        "a",
        "d",
    )


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
def test_any_order_is_found(order: str) -> None:
    cosines = dict(zip(order, (0.9, 0.5, 0.1), strict=True))
    planted = with_cosines("q05", cosines["c"], cosines["b"], cosines["a"])
    assert measured("q05", planted) == tuple(order)


@pytest.mark.parametrize(("lowest", "answer"), [(0, "a"), (1, "b"), (5, "b"), (6, "c")])
def test_the_narrowest_cone_may_be_anywhere(lowest: int, answer: str) -> None:
    means = [0.6 - 0.3 * (layer == lowest) for layer in range(7)]
    assert measured("q06", Planted(means=means)) == (answer,)


def test_tokens_may_be_one_or_several_or_unknown(tmp_path: Path) -> None:
    rare = "electroencephalographically"
    worlds = {
        "whole": language_tokenizer(tmp_path / "whole", ["cat", rare, "🦭"]),
        "pieces": language_tokenizer(tmp_path / "pieces", ["c", "##at", rare[:5], "##" + rare[5:]]),
        "unknown": language_tokenizer(tmp_path / "unknown", ["dog"]),
        "bytes": byte_tokenizer(tmp_path / "bytes"),
    }
    found = {n: measured("q08", Planted(tokenizer=tokenizer)) for n, tokenizer in worlds.items()}
    assert found == {
        "whole": ("1a", "2a", "3a"),
        "pieces": ("1b", "2b", "3c"),
        "unknown": ("1c", "2c", "3c"),
        "bytes": ("1b", "2b", "3b"),
    }


@pytest.fixture(scope="module")
def real() -> Bench:
    return world(Pack(FOLDER))


@pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)
def test_the_key_is_what_the_published_encoder_does(asked: Question, real: Bench) -> None:
    assert measured_answer(asked, look(asked, real)) == expected_answer(asked)
    assert asked.topic


def test_the_story_is_longer_than_the_model_reads(real: Bench) -> None:
    call = QUESTIONS["q07"].probe
    assert call is not None
    model = real.part("minilm")
    end = call.parameters["others"]["end"]
    whole, cut = (len(model.tokens(end)), len(model.cut_tokens(end)))
    assert (cut, whole > cut + 20) == (model.limit, True)
    read = model.tokenizer.decode(model.cut_tokens(end).ids)
    assert "submarines" in end
    assert "submarines" not in read


def test_the_quiz_is_settled_by_its_own_pack() -> None:
    quiz = load_quiz(FOLDER)
    pack = Pack(FOLDER)
    assert quiz.settled_by.parts["minilm"] == [pack.identity(pack.part("minilm"))]
