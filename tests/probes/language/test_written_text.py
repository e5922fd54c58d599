"""What a sequence-to-sequence model writes, held to transformers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm
from quizproof.probes.models.transformers_import import transformers
from tests.planted_language import language_pack
from tests.planted_transformers import seq2seq_folder

SOURCE, TARGET = "The cat sat on the mat", "A dog saw her"


def test_it_is_what_transformers_writes_and_one_over_its_perplexity(tmp_path: Path) -> None:
    folder = seq2seq_folder(tmp_path / "bart", "Bart")
    model = load_seq2seq_lm(folder, "bart", torch.device("cpu"))
    probe = catalogue()["written.text"]
    bench = Bench(language_pack(tmp_path / "pack"), seed=0, loaded={"bart": model})
    [draw] = bench.run(probe, probe.complete({"source": SOURCE, "target": TARGET, "most": 5}))
    plain = transformers().AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    ids, labels = (
        model.tokenizer(text, return_tensors="pt").input_ids for text in (SOURCE, TARGET)
    )
    with torch.no_grad():
        loss = plain(ids, labels=labels).loss
        written = plain.generate(ids, max_new_tokens=5, num_beams=1, do_sample=False)[0]
    assert draw.values["probability"] == pytest.approx(float(torch.exp(-loss)), abs=1e-6)
    said = model.tokenizer.decode(written, skip_special_tokens=True).strip()
    assert draw.values["written"] == said
    assert said
    assert 2 <= bench.made.forward <= 6  # the target once, and a pass for each token
