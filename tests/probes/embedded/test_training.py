"""Training goes downhill, repeats exactly, and deepening keeps what was learned."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch

from quizproof.probes.embedded.language import english_grammar
from quizproof.probes.embedded.language.checkpoints import write_model
from quizproof.probes.embedded.language.examples import of_sentences
from quizproof.probes.embedded.language.training import Stage, deepened, train_masked
from quizproof.probes.embedded.language.vocabulary import write_tokenizer
from quizproof.probes.language.grammar.sentences import distinct
from quizproof.probes.models.language_loading import load_language_model

SENTENCES = list(islice(distinct(english_grammar.write, 1, unseen=False), 200))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    words = {word for sentence in SENTENCES for word in sentence.words}
    return write_tokenizer(words, tmp_path_factory.mktemp("tokenizer"))


def trained(tokenizer: Any, seed: int, told: list[str] | None = None) -> Any:
    lines: list[str] = [] if told is None else told
    examples = of_sentences(tokenizer, SENTENCES)
    return train_masked(
        tokenizer,
        examples,
        stages=(Stage(1, 12, 3e-3), Stage(2, 3, 1e-3)),
        batch_size=16,
        seed=seed,
        log=lines.append,
    )


def test_a_seed_gives_the_same_weights_and_another_gives_others(tokenizer: Any) -> None:
    first, again, other = (trained(tokenizer, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_the_loss_falls(tokenizer: Any) -> None:
    told: list[str] = []
    trained(tokenizer, 0, told)
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in told if "loss" in line]
    assert losses[-1] < losses[0] - 0.2


def test_a_deepened_model_repeats_its_layers(tokenizer: Any) -> None:
    shallow = trained(tokenizer, 0)
    deep = deepened(shallow, tokenizer, 5)
    assert len(deep.bert.encoder.layer) == 5
    for number, layer in enumerate(deep.bert.encoder.layer):
        source = shallow.bert.encoder.layer[number % 2].state_dict()
        assert all(torch.equal(value, source[name]) for name, value in layer.state_dict().items())
    assert torch.equal(deep.get_input_embeddings().weight, shallow.get_input_embeddings().weight)


def test_a_written_model_is_read_in_float32_and_its_head_is_tied(
    tokenizer: Any, tmp_path: Path
) -> None:
    model = trained(tokenizer, 0)
    tokenizer.save_pretrained(tmp_path)
    write_model(model, tmp_path)
    found = load_language_model(tmp_path, "written", torch.device("cpu")).net
    for name, value in found.state_dict().items():
        assert value.dtype == torch.float32
        torch.testing.assert_close(value, model.state_dict()[name], rtol=1e-3, atol=1e-6)
    embedding = found.get_input_embeddings().weight
    assert found.get_output_embeddings().weight.data_ptr() == embedding.data_ptr()
