from __future__ import annotations

import json
import os
import pickle
import struct
import sys
import time
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from quizproof.probes.models.weights import WeightsError, read_weights
from quizproof.probes.packs.course import course_network
from tests.probes.course_folder import course_checkpoint, save_as_on_a_gpu


class Hostile:
    """Unpickled by plain pickle, it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def refusal(path: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        read_weights(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message.replace(str(path), "FILE")  # it holds the test's name


def saved(tmp_path: Path, content: object) -> Path:
    torch.save(content, tmp_path / "saved.pth")
    return tmp_path / "saved.pth"


@pytest.mark.parametrize("zipped", [True, False])
def test_a_course_checkpoint_from_a_gpu_is_read_on_a_cpu(tmp_path: Path, zipped: bool) -> None:
    net = course_network(2)
    save_as_on_a_gpu(course_checkpoint(net), tmp_path / "checkpoint.pth", zipped=zipped)
    if not torch.cuda.is_available():
        with pytest.raises(RuntimeError, match="CUDA"):  # the tag is there
            torch.load(tmp_path / "checkpoint.pth")
    state = read_weights(tmp_path / "checkpoint.pth").state
    assert len(state) == 81
    for name, tensor in net.state_dict().items():
        assert torch.equal(state[name], tensor)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the kernel's account of the mapping")
def test_the_full_width_is_quick_and_the_optimizer_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pth"
    net = course_network()
    assert sum(parameter.numel() for parameter in net.parameters()) == 14_162_827
    save_as_on_a_gpu(course_checkpoint(net), path)
    size = path.stat().st_size
    assert size > 165_000_000
    began = time.perf_counter()
    state = read_weights(path).state
    assert time.perf_counter() - began < 10
    assert len(state) == 81
    # a third is the model; the kernel reads some pages ahead
    assert 0.3 * size < resident_bytes(path) < 0.5 * size
    del state
    path.unlink()


def resident_bytes(path: Path) -> int:
    """How much of the mapped file lies in memory."""
    kilobytes, inside = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line[:1] in "0123456789abcdef":
            inside = line.endswith(str(path))
        elif inside and line.startswith("Rss:"):
            kilobytes += int(line.split()[1])
    return kilobytes * 1024


@pytest.mark.parametrize("nest", ["model_state_dict", "state_dict", "model", "generator"])
def test_a_state_dict_is_found_where_scripts_put_it_and_said(tmp_path: Path, nest: str) -> None:
    optimizer = {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 1e-3}]}
    content = {nest: {"a": torch.ones(2)}, "epoch": 3, "optimizer": optimizer}
    found = read_weights(saved(tmp_path, content))
    assert list(found.state) == ["a"]
    assert found.remarks[0].endswith(f"the state dict that it has under {nest}")


def test_a_state_dict_is_found_in_a_checkpoint_in_a_checkpoint(tmp_path: Path) -> None:
    found = read_weights(saved(tmp_path, {"model": {"state_dict": {"a": torch.ones(2)}}}))
    assert list(found.state) == ["a"]
    assert found.remarks[0].endswith("under model → state_dict")


def test_of_several_state_dicts_none_is_taken_but_the_usual(tmp_path: Path) -> None:
    one, two = ({"a": torch.full((2,), value)} for value in (1.0, 2.0))
    assert "discriminator is no tensor but dict" in refusal(
        saved(tmp_path, {"discriminator": one, "generator": two})
    )
    found = read_weights(saved(tmp_path, {"state_dict_ema": one, "state_dict": two}))
    assert torch.equal(found.state["a"], two["a"])


def test_a_state_dict_alone_is_taken_without_a_word(tmp_path: Path) -> None:
    assert read_weights(saved(tmp_path, {"a": torch.ones(2)})).remarks == ()


def test_safetensors_are_read(tmp_path: Path) -> None:
    save_file({"a": torch.arange(3.0)}, tmp_path / "a.safetensors")
    assert read_weights(tmp_path / "a.safetensors").state["a"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("nested", [True, False])
def test_code_in_a_checkpoint_is_named_and_never_run(
    tmp_path: Path, zipped: bool, nested: bool
) -> None:
    mark, path = tmp_path / "mark", tmp_path / "hostile.pth"
    hostile: object = Hostile(mark)
    if nested:
        hostile = {"model_state_dict": {"a": torch.ones(1)}, "epoch": hostile}
    torch.save(hostile, path, _use_new_zipfile_serialization=zipped)
    assert "mkdir" in refusal(path)
    assert not mark.exists()
    torch.load(path, weights_only=False)  # what a careless reader would have run
    assert mark.exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_plain_pickle_is_never_run(tmp_path: Path, protocol: int) -> None:
    mark, path = tmp_path / "mark", tmp_path / "hostile.pth"
    path.write_bytes(pickle.dumps(Hostile(mark), protocol))
    refusal(path)
    assert not mark.exists()
    pickle.loads(path.read_bytes())
    assert mark.exists()


def test_a_whole_model_is_not_unpickled(tmp_path: Path) -> None:
    assert "a whole model (torch.nn.modules.linear.Linear)" in refusal(
        saved(tmp_path, torch.nn.Linear(2, 2))
    )


@pytest.mark.parametrize("kind", ["zip", "legacy", "safetensors"])
@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.1, 0.3, 0.6, 0.9, 0.999])
def test_a_truncated_file_is_damaged(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / ("cut.safetensors" if kind == "safetensors" else "cut.pth")
    content = {"a": torch.rand(300), "b": torch.rand(300)}
    if kind == "safetensors":
        save_file(content, path)
    else:
        torch.save(content, path, _use_new_zipfile_serialization=kind == "zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    message = refusal(path)
    assert "damaged" in message or "asks for collec" in message  # cut within a module's name


@pytest.mark.parametrize("content", [b"", b"\0", b"hello", b"PK\x03\x04", b"\x80\x02", b"\x89PNG"])
@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
def test_what_is_no_checkpoint_says_so(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"file.{suffix}"
    path.write_bytes(content)
    assert "damaged" in refusal(path)


def claim(path: Path, header: object, data: bytes = b"") -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]},
        {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4]},
        {"dtype": "X9", "shape": [1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]},
    ],
)
def test_claims_of_a_safetensors_header_are_not_believed(
    tmp_path: Path, entry: dict[str, object]
) -> None:
    assert "damaged" in refusal(claim(tmp_path / "a.safetensors", {"a": entry}, b"\0\0\0\0"))


def test_a_safetensors_header_of_absurd_length_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", 2**62) + b"{}")
    assert "header too large" in refusal(tmp_path / "a.safetensors")


def test_a_compressed_checkpoint_is_not_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pth"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/data.pkl", bytes(5_000_000))
        archive.writestr("bomb/version", "3")
    assert path.stat().st_size < 10_000
    assert "compressed" in refusal(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([torch.ones(1)], "no state dict"),
        ({}, "no state dict"),
        ({"model_state_dict": {}}, "no state dict"),
        ({"a": torch.ones(1), "b": [1, 2]}, "b is no tensor but list"),
        ({3: torch.ones(1)}, "3 is no tensor"),
        ({"model_state_dict": {"a": 1.5}}, "a is no tensor but float"),
        ({"a": torch.empty(3, device="meta")}, "a is no plain tensor"),
        ({"a": torch.ones(1).expand(10**9)}, "a is no plain tensor"),
        ({"a": torch.eye(3).to_sparse()}, "a is no plain tensor"),
        ({"a": torch.tensor([1.0, torch.nan])}, "a holds NaN or infinity"),
        ({"a": torch.tensor(torch.inf), "b": torch.tensor(-torch.inf)}, "and so do 1 more"),
    ],
)
def test_what_is_no_state_dict_of_numbers_is_refused(
    tmp_path: Path, content: object, said: str
) -> None:
    assert said in refusal(saved(tmp_path, content))


def test_a_name_over_several_lines_stays_in_one(tmp_path: Path) -> None:
    content: dict[str, Tensor] = {"a\nb\x1b[31m": torch.tensor(torch.nan)}
    assert "a b" in refusal(saved(tmp_path, content))
