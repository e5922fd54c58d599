"""A classifier in ONNX as a pack's part: what needs predictions is measured, all else is told."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from torch import nn

from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.methods.lime_explanation import explain
from quizproof.probes.methods.saliency import saliency
from quizproof.probes.models.classifiers import ClassifierError
from quizproof.probes.packs.manifest_file import named_file
from quizproof.probes.packs.pack import DigestError, MissingError, Pack
from quizproof.questions.problems import InputError
from tests.planted import planted_classifier, planted_pack

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx import helper

from tests.planted_onnx import CLASSES, SIZE, linear


def onnx_pack(folder: Path, **network: Any) -> Pack:
    """A pack with a linear network and two pictures."""
    pictures = np.random.default_rng(0).random((2, *SIZE, 3)).astype(np.float32)
    planted_pack(folder, list(pictures), [], labels=[0, 1])
    if not (folder / "model.onnx").exists():
        linear(folder / "model.onnx")
    told = yaml.safe_load((folder / "pack.yaml").read_text())
    told["parts"]["net"] = {
        "kind": "classifier",
        "architecture": {"onnx": True},
        "weights": named_file(folder, "model.onnx").model_dump(exclude_unset=True),
        "input": {"size": list(SIZE)},
        "classes": [f"class {k}" for k in range(CLASSES)],
        **network,
    }
    (folder / "pack.yaml").write_text(yaml.safe_dump(told))
    return Pack(folder)


def asked(pack: Pack, name: str, **parameters: Any) -> Any:
    probe = catalogue()[name]
    return next(Bench(pack, seed=0).run(probe, probe.complete(parameters)))


def test_its_predictions_are_measured(tmp_path: Path) -> None:
    pack = onnx_pack(tmp_path, input={"size": list(SIZE), "mean": [0.5] * 3, "std": [0.25] * 3})
    values = asked(pack, "prediction.class", picture=1, of="class 2").values
    shown = Bench(pack, seed=0).part("pictures").shown(1, pack.loaded("net"))
    rows = ((shown - 0.5) / 0.25).flatten()
    logits = rows @ torch.from_numpy(linear(tmp_path / "again.onnx"))
    assert values["probability"] == pytest.approx(float(logits.softmax(0)[2]), abs=1e-5)
    assert values["likeliest"] == f"class {int(logits.argmax())}"


def test_lime_explains_it_as_it_does_the_same_network_in_torch(tmp_path: Path) -> None:
    pack = onnx_pack(tmp_path)
    net = pack.loaded("net")
    own = nn.Linear(3 * SIZE[0] * SIZE[1], CLASSES, bias=False)
    with torch.no_grad():
        own.weight.copy_(torch.from_numpy(linear(tmp_path / "again.onnx")).T)
    picture = torch.rand(3, *SIZE, generator=torch.Generator().manual_seed(0))
    segments = np.arange(SIZE[0] * SIZE[1]).reshape(SIZE) // 4
    one, other = (
        explain(model, picture, 1, segments, seed=0, samples=100, batch=8)
        for model in (
            net,
            planted_classifier(nn.Sequential(nn.Flatten(), own), size=SIZE, classes=CLASSES),
        )
    )
    assert np.allclose(one.weights, other.weights, atol=1e-5)
    assert net.passes.forward == 100


def test_gradients_asked_of_it_are_one_line(tmp_path: Path) -> None:
    pack = onnx_pack(tmp_path)
    net = pack.loaded("net")
    with pytest.raises(ClassifierError, match="predictions and no gradients") as caught:
        saliency(net, torch.rand(1, 3, *SIZE), torch.tensor([0]))
    assert "\n" not in str(caught.value)
    with pytest.raises(ClassifierError, match=r"has no layer cnn\.0"):
        net.layer("cnn.0")


def test_it_has_no_twin(tmp_path: Path) -> None:
    pack = onnx_pack(tmp_path)
    assert not pack.part("net").entry.randomizes
    with pytest.raises(MissingError, match="no weights to randomise; name the network itself"):
        pack.loaded("net", 0)


def test_its_evidence_rests_on_the_version_of_what_runs_it(tmp_path: Path) -> None:
    entry = onnx_pack(tmp_path).part("net").entry
    assert entry.rests_on()["onnxruntime"] == version("onnxruntime")


def test_a_changed_network_is_refused(tmp_path: Path) -> None:
    pack = onnx_pack(tmp_path)
    linear(tmp_path / "model.onnx", softmax=True)
    with pytest.raises(DigestError, match=r"model\.onnx"):
        pack.loaded("net")


def test_how_its_outputs_are_taken_is_told(tmp_path: Path) -> None:
    linear(tmp_path / "model.onnx", softmax=True)
    [remark] = onnx_pack(tmp_path).loaded("net").remarks
    assert "gives probabilities, whose logarithms are taken for logits" in remark


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({"classes": ["one", "two"]}, r"gives \(1, 3\) for one picture and 2 classes"),
        ({"input": {"size": [8, 8]}}, "the manifest says 8 × 8 pixels; mend 'input'"),
    ],
)
def test_what_the_manifest_says_is_compared(
    tmp_path: Path, network: dict[str, Any], said: str
) -> None:
    with pytest.raises(ClassifierError, match=said):
        onnx_pack(tmp_path, **network).loaded("net")


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (
            lambda: [
                helper.make_node("RandomNormalLike", ["sums"], ["noise"]),
                helper.make_node("Add", ["sums", "noise"], ["logits"]),
            ],
            "other logits for the same picture each time",
        ),
        (
            lambda: [
                helper.make_node("ReduceMean", ["sums"], ["middle"], axes=[0], keepdims=1),
                helper.make_node("Sub", ["sums", "middle"], ["logits"]),
            ],
            "other logits for the same picture in a batch with others",
        ),
    ],
)
def test_one_that_answers_differently_is_refused(tmp_path: Path, nodes: Any, said: str) -> None:
    linear(tmp_path / "model.onnx", nodes=nodes())
    with pytest.raises(ClassifierError, match=said):
        onnx_pack(tmp_path).loaded("net")


def test_only_one_architecture_is_named(tmp_path: Path) -> None:
    both = {"onnx": True, "torchvision": "resnet18"}
    with pytest.raises(InputError, match="name one of course, torchvision, callable and onnx"):
        onnx_pack(tmp_path, architecture=both)
