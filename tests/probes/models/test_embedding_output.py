from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from quizproof.probes.models.embedding_output import embedding_only
from quizproof.probes.models.language_models import LanguageModel
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import SENTENCES, language_model, language_tokenizer
from tests.probes.language.planted_states import planted_states

SHAPE = {
    "hidden_size": 8,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 32,
    "initializer_range": 0.3,
}


@pytest.mark.parametrize("kind", ["Bert", "RoFormer", "Electra", "Roberta", "Albert"])
@pytest.mark.parametrize("head", ["Model", "ForMaskedLM"])
def test_it_is_hidden_state_0_of_the_whole_model(tmp_path: Path, kind: str, head: str) -> None:
    tokenizer = language_tokenizer(tmp_path)
    config = getattr(transformers(), f"{kind}Config")(
        vocab_size=len(tokenizer), embedding_size=8, pad_token_id=0, **SHAPE
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = getattr(transformers(), f"{kind}{head}")(config).eval().requires_grad_(False)
    net.set_attn_implementation("eager")
    model = LanguageModel(net, tokenizer, "planted", torch.device("cpu"))
    sequences = [model.tokens(sentence) for sentence in SENTENCES]
    found = embedding_only(model).read_all(sequences)
    assert model.passes.forward == len(SENTENCES)
    for reading, whole in zip(found, model.read_all(sequences), strict=True):
        torch.testing.assert_close(reading.hidden_states[0], whole.hidden_states[0])
        assert len(whole.hidden_states) == 4


@pytest.mark.parametrize("read_before", [False, True])
def test_it_has_one_layer_and_the_models_own_weights(tmp_path: Path, read_before: bool) -> None:
    model = language_model(tmp_path, num_hidden_layers=5)
    tokens = model.tokens(SENTENCES[0])
    if read_before:
        model.read(tokens)
    shallow = embedding_only(model)
    assert len(shallow.read(tokens).hidden_states) == 2
    own = {parameter.data_ptr() for parameter in model.net.parameters()}
    assert {parameter.data_ptr() for parameter in shallow.net.parameters()} < own
    assert len(model.read(model.tokens(SENTENCES[1])).hidden_states) == model.layers + 1 == 6


def test_a_network_without_a_list_of_layers_is_read_whole(tmp_path: Path) -> None:
    def states(ids: Tensor, mask: Tensor) -> Tensor:
        return ids[None, :, :, None].expand(3, -1, -1, 4).double()

    model = planted_states(language_tokenizer(tmp_path), states, 2)
    shallow = embedding_only(model)
    assert len(shallow.read(shallow.tokens(SENTENCES[0])).hidden_states) == 3
