"""Networks in ONNX against their arithmetic, and what is refused of their files."""

from __future__ import annotations

import builtins
import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, load, numpy_helper, save

from quizproof.probes.models.architectures import ClassifierError
from quizproof.probes.models.onnx_network import OnnxNetwork
from quizproof.questions.problems import InputError
from tests.planted_onnx import CLASSES, SIZE, linear


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.rand(5, 3, *SIZE, generator=torch.Generator().manual_seed(0))


def near(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one - other).abs().max() <= 1e-5)


@pytest.mark.parametrize("batch", ["batch", 1, None])
@pytest.mark.parametrize("kind", ["FLOAT", "DOUBLE"])
def test_logits_are_the_network_s(
    tmp_path: Path, pictures: torch.Tensor, batch: Any, kind: str
) -> None:
    slopes = linear(tmp_path / "model.onnx", (batch, 3, *SIZE), kind=kind)
    net = OnnxNetwork(tmp_path / "model.onnx", SIZE)
    assert near(net(pictures), pictures.flatten(1) @ torch.from_numpy(slopes))
    assert net(pictures).dtype == torch.float32
    assert net.remarks == ()
    assert near(copy.deepcopy(net)(pictures), net(pictures))


@pytest.mark.parametrize("sides", [(*SIZE, 3), ("height", "width", 3), (3 * SIZE[0] * SIZE[1],)])
def test_colours_may_come_last(tmp_path: Path, pictures: torch.Tensor, sides: Any) -> None:
    slopes = linear(tmp_path / "model.onnx", ("batch", *sides))
    net = OnnxNetwork(tmp_path / "model.onnx", SIZE)
    rows = pictures.permute(0, 2, 3, 1).flatten(1)
    assert near(net(pictures), rows @ torch.from_numpy(slopes))


@pytest.mark.parametrize("sides", [(1, *SIZE), (*SIZE, 1), (SIZE[0] * SIZE[1],)])
def test_a_network_of_grey_pictures_is_shown_grey(
    tmp_path: Path, pictures: torch.Tensor, sides: Any
) -> None:
    slopes = linear(tmp_path / "model.onnx", ("batch", *sides))
    net = OnnxNetwork(tmp_path / "model.onnx", SIZE)
    assert near(net(pictures), pictures.mean(1).flatten(1) @ torch.from_numpy(slopes))


def test_probabilities_become_logits_and_are_told(tmp_path: Path, pictures: torch.Tensor) -> None:
    slopes = linear(tmp_path / "model.onnx", softmax=True)
    net = OnnxNetwork(tmp_path / "model.onnx", SIZE)
    logits = pictures.flatten(1) @ torch.from_numpy(slopes)
    assert near(net(pictures).softmax(1), logits.softmax(1))
    assert net.remarks == (
        f"{tmp_path / 'model.onnx'}: gives probabilities, whose logarithms are taken for logits",
    )
    assert net(1000 * pictures).isfinite().all()  # of a probability of 0, too


def test_a_classifier_of_scikit_learn_gives_its_probabilities(tmp_path: Path) -> None:
    """As skl2onnx exports LogisticRegression: the likeliest class beside what each class has."""
    features = 3 * SIZE[0] * SIZE[1]
    slopes = np.random.default_rng(0).normal(size=(CLASSES, features))
    node = helper.make_node(
        "LinearClassifier",
        ["X"],
        ["label", "probabilities"],
        domain="ai.onnx.ml",
        classlabels_ints=list(range(CLASSES)),
        coefficients=slopes.ravel().tolist(),
        intercepts=[0.0] * CLASSES,
        multi_class=1,
        post_transform="SOFTMAX",
    )
    graph = helper.make_graph(
        [node],
        "LogisticRegression",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, features])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, CLASSES]),
        ],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=8), tmp_path / "model.onnx")
    net = OnnxNetwork(tmp_path / "model.onnx", SIZE)
    shown = torch.rand(4, 3, *SIZE, generator=torch.Generator().manual_seed(0))
    rows = shown.permute(0, 2, 3, 1).flatten(1)
    wanted = (rows @ torch.from_numpy(slopes).float().T).softmax(1)
    assert near(net(shown).softmax(1), wanted)


def test_gradients_are_one_clear_line(tmp_path: Path, pictures: torch.Tensor) -> None:
    linear(tmp_path / "model.onnx")
    net = OnnxNetwork(tmp_path / "model.onnx", SIZE)
    with pytest.raises(ClassifierError, match="gives predictions and no gradients; ask") as caught:
        net(pictures.requires_grad_())
    assert "\n" not in str(caught.value)
    with torch.no_grad():
        assert net(pictures).shape == (5, CLASSES)


def refusal(path: Path, kind: type[Exception] = ClassifierError) -> str:
    with pytest.raises(kind) as caught:
        OnnxNetwork(path, SIZE)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (("batch", 3, 8, 8), "takes 3 × 8 × 8 for a picture, the manifest says 4 × 5 pixels"),
        (("batch", 4, *SIZE), "takes 4 × 4 × 5"),
        (("batch", 61), "takes 61 for a picture"),
        ((8, 3, *SIZE), "takes 8 pictures at once"),
        (("batch", 3, *SIZE, 1), "takes 3 × 4 × 5 × 1"),
    ],
)
def test_another_input_is_refused(tmp_path: Path, shape: Any, said: str) -> None:
    linear(tmp_path / "model.onnx", shape)
    assert said in refusal(tmp_path / "model.onnx")


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    linear(path)
    model = load(path)
    save(model, path, save_as_external_data=True, location="secret", size_threshold=0)
    assert (tmp_path / "secret").is_file()
    assert "has weights in another file, which is not read" in refusal(path)


def test_weights_in_another_file_are_found_in_a_branch(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    hidden = TensorProto(data_type=TensorProto.FLOAT, dims=[3], name="hidden")
    hidden.data_location = TensorProto.EXTERNAL
    hidden.external_data.add(key="location", value="../../etc/passwd")
    constant = helper.make_node("Constant", [], ["inner"], value=hidden)
    out = helper.make_tensor_value_info("inner", TensorProto.FLOAT, [3])
    branch = helper.make_graph([constant], "branch", [], [out])
    yes = numpy_helper.from_array(np.array(True), "yes")
    nodes = [
        helper.make_node("Constant", [], ["yes"], value=yes),
        helper.make_node("If", ["yes"], ["more"], then_branch=branch, else_branch=branch),
        helper.make_node("Add", ["sums", "more"], ["logits"]),
    ]
    linear(path, nodes=nodes)
    assert "has weights in another file" in refusal(path)


def looped() -> list[Any]:
    infos = [
        helper.make_tensor_value_info(name, kind, shape)
        for name, kind, shape in (
            ("step", TensorProto.INT64, []),
            ("on", TensorProto.BOOL, []),
            ("kept", TensorProto.FLOAT, [None, CLASSES]),
        )
    ]
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["on"], ["on_again"]),
            helper.make_node("Identity", ["kept"], ["kept_again"]),
        ],
        "body",
        infos,
        [
            helper.make_tensor_value_info("on_again", TensorProto.BOOL, []),
            helper.make_tensor_value_info("kept_again", TensorProto.FLOAT, [None, CLASSES]),
        ],
    )
    often = numpy_helper.from_array(np.array(2**62), "often")
    yes = numpy_helper.from_array(np.array(True), "yes")
    return [
        helper.make_node("Constant", [], ["often"], value=often),
        helper.make_node("Constant", [], ["yes"], value=yes),
        helper.make_node("Loop", ["often", "yes", "sums"], ["logits"], body=body),
    ]


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (looped, "has a loop, which might not end"),
        (
            lambda: [helper.make_node("Own", ["sums"], ["logits"], domain="com.someone")],
            "cannot be run .*with operators of ONNX alone",
        ),
        (lambda: [helper.make_node("Reshape", ["sums", "sums"], ["logits"])], "cannot be run"),
    ],
)
def test_what_cannot_be_run_is_one_line(
    tmp_path: Path, nodes: Callable[[], list[Any]], said: str
) -> None:
    linear(tmp_path / "model.onnx", nodes=nodes())
    assert re.search(said, refusal(tmp_path / "model.onnx"))


def test_two_outputs_for_each_class_are_refused(tmp_path: Path) -> None:
    more = helper.make_tensor_value_info("sums", TensorProto.FLOAT, [None, CLASSES])
    linear(tmp_path / "model.onnx", outputs=[more])
    assert "gives logits (tensor(float)), sums (tensor(float)), and not one number" in refusal(
        tmp_path / "model.onnx"
    )


@pytest.mark.parametrize("content", [b"", b"no onnx", b"\x08" * 1000])
def test_a_damaged_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    assert str(path) in refusal(path)
    linear(path)
    path.write_bytes(path.read_bytes()[:-20])
    assert str(path) in refusal(path)
    path.unlink()
    assert "cannot be read" in refusal(path, InputError)


def test_without_onnxruntime_the_mend_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    linear(tmp_path / "model.onnx")
    imported = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "onnxruntime":
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'quizproof[onnx]'" in refusal(tmp_path / "model.onnx")
