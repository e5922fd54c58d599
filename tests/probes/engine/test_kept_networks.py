"""Random networks that are kept from question to question while they are small."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.engine import collector as collector_module
from quizproof.probes.engine.collector import Collector
from quizproof.probes.models.encoder import load_encoder
from quizproof.probes.models.seq2seq_lm import load_seq2seq_lm
from quizproof.probes.packs.pack import EMBEDDED, Pack
from quizproof.questions.quiz import bundled_quiz
from tests.planned import plan
from tests.planted_language import language_folder
from tests.planted_transformers import seq2seq_folder

CPU = torch.device("cpu")


def collector_with(*models: object) -> Collector:
    made = Collector(plan(bundled_quiz("hw09"), illustrated=False))
    for number, model in enumerate(models):
        made.benches[number] = Bench(Pack(EMBEDDED), 16, number, loaded={"model": model})
    return made


def test_small_ones_are_kept_without_what_they_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = language_folder(tmp_path / "encoder", "BertModel")
    one, other = (load_encoder(folder, "encoder", CPU, n, pooling="mean") for n in (0, 1))
    made = collector_with(one, other)
    monkeypatch.setattr(collector_module, "_KEPT", 2 * one.weight_bytes)
    assert one.weight_bytes == sum(w.numel() * 4 for w in one.net.parameters())
    [before] = one.embeddings(["The cat sat"])
    one.read(one.tokens("The cat sat"))
    made.benches[0].once("key", lambda: "kept")
    made._let_go(0)
    assert made.benches[0].loaded["model"] is one
    assert not one._read
    assert not one._vectors
    assert made.benches[0].once("key", lambda: "anew") == "anew"
    assert torch.equal(one.embeddings(["The cat sat"])[0], before)
    monkeypatch.setattr(collector_module, "_KEPT", 2 * one.weight_bytes - 1)
    made._let_go(1)
    assert list(made.benches) == [0]


def test_two_halves_forget_and_what_cannot_is_not_kept(tmp_path: Path) -> None:
    folder = seq2seq_folder(tmp_path / "bart", "Bart")
    halves = load_seq2seq_lm(folder, "bart", CPU, 0)
    halves.read("The cat", "A dog")
    made = collector_with(halves)
    made._let_go(0)
    assert made.benches[0].weight_bytes == halves.weight_bytes > 0
    assert not halves._read

    class Strange:
        part_kind, passes = "strange", halves.passes

    made = collector_with(Strange())
    made._let_go(0)
    assert not made.benches
