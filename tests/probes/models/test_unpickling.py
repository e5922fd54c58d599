"""Files that people, or others, have in place of a state dict that torch saved."""

from __future__ import annotations

import gzip
import pickle
import shlex
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from quizproof.probes.models import dry_pickle, unpickling
from quizproof.probes.models.weights import WeightsError, read_tensors, read_weights

STATE = {"a.weight": torch.arange(6.0).reshape(2, 3), "a.bias": torch.ones(2)}
MAGIC = 0x1950A86A20F9469CFC6C


def refusal(path: Path, read: Callable[[Path], object] = read_weights) -> str:
    with pytest.raises(WeightsError) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message.replace(str(path.parent), "FOLDER")


def zipped(path: Path, pickled: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", pickled)
        archive.writestr("a/version", "3\n")
        archive.writestr("a/byteorder", "little")
    return path


def legacy(path: Path, pickled: bytes) -> Path:
    system: dict[str, int] = {}
    before = pickle.dumps(MAGIC, 2) + pickle.dumps(1001, 2) + pickle.dumps(system, 2)
    path.write_bytes(before + pickled + pickle.dumps([], 2))
    return path


def pairs(depth: int) -> bytes:
    """A pair of a pair of … each of which is there once, and twice when it is gone through."""
    return b"K\x01" + b"".join(b"q%ch%c\x86" % (k, k) for k in range(depth))


PLACES = {
    "a key": b"}" + pairs(60) + b"K\x01s",
    "of an ordered dict": b"ccollections\nOrderedDict\n](" + pairs(60) + b"K\x01te\x85R",
    "a storage's": b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
    + pairs(60)
    + b"X\x03\x00\x00\x00cpuK\x01tQ",
    "a function's": b"ctorch.serialization\n_get_layout\n" + pairs(60) + b"\x85R",
    "a function": pairs(60) + b")R",
    "a class": pairs(60) + b")\x81",
    "10 GiB of zeros": b"cbuiltins\nbytearray\n\x8a\x05\x00\x00\x00\x80\x02\x85R",
    "a place among 2³¹": b"}r\xff\xff\xff\x7f",
    "three million in one another": b"}K\x01" + b"\x85" * 3_000_000 + b"K\x01s",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("written", [zipped, legacy])
@pytest.mark.parametrize("read", [read_weights, read_tensors])
def test_no_small_pickle_takes_for_ever_or_all_memory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    written: Callable[[Path, bytes], Path],
    read: Callable[[Path], object],
) -> None:
    monkeypatch.setattr(unpickling, "_WAIT", 1.0)  # a fast machine's patience, for a fast test
    began = time.perf_counter()
    said = refusal(written(tmp_path / "small.pth", b"\x80\x02" + PLACES[place] + b"."), read)
    assert time.perf_counter() - began < 20
    assert "given up" in said or "damaged" in said


@pytest.mark.skipif(sys.platform == "win32", reason="the system limits no process")
def test_the_system_ends_it_where_nobody_waits_that_long(tmp_path: Path) -> None:
    began = time.process_time()
    said = refusal(zipped(tmp_path / "small.pth", b"\x80\x02" + PLACES["a key"] + b"."))
    assert "takes more time or memory than any checkpoint" in said
    assert time.process_time() - began < 2  # of this process


def test_a_long_pickle_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "saved.pth"
    torch.save(STATE, path)
    assert read_weights(path).state.keys() == STATE.keys()
    monkeypatch.setattr(dry_pickle, "LONGEST", 50)
    assert "given up" in refusal(path)


def test_a_name_that_is_no_text_is_not_spelled_out(tmp_path: Path) -> None:
    said = refusal(zipped(tmp_path / "a.pth", b"\x80\x02}" + pairs(18) + b"K\x01s."))
    assert "a tuple is no tensor but int" in said


def run(command: str) -> None:
    """Run what a refusal says to run, in this process: a Python with torch takes seconds."""
    code = shlex.split(command)
    assert code[:2] == ["python", "-c"]
    exec(code[2])


def mended(path: Path) -> dict[str, Tensor]:
    """The state dict that the command in the refusal of ``path`` makes."""
    with pytest.raises(WeightsError, match="where you trust it, run python -c ") as caught:
        read_weights(path)
    command, _, rest = str(caught.value).partition(", run ")[2].rpartition(" and put ")
    run(command)
    assert rest == f"{path.stem}-state.pth in its place"
    return read_weights(path.with_name(f"{path.stem}-state.pth")).state


NET = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2), nn.ReLU()).eval()


def is_net(state: dict[str, Tensor]) -> bool:
    own = NET.state_dict()
    return state.keys() == own.keys() and all(torch.equal(state[n], own[n]) for n in own)


@pytest.mark.parametrize("zip_format", [True, False])
@pytest.mark.parametrize("nest", [(), ("model",), ('a "name" of $HOME\'s', "net")])
def test_a_whole_module_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, zip_format: bool, nest: tuple[str, ...]
) -> None:
    content: Any = NET
    for key in reversed(nest):
        content = {"epoch": 3, key: content}
    path = tmp_path / "it's a $(model).pth"
    torch.save(content, path, _use_new_zipfile_serialization=zip_format)
    assert "a whole model (torch.nn.modules.container.Sequential)" in refusal(path)
    assert is_net(mended(path))


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_torchscript_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pth"
    torch.jit.save(torch.jit.script(NET), path)
    assert "is a TorchScript archive" in refusal(path)
    assert is_net(mended(path))


@pytest.mark.parametrize("name", ["checkpoint.pth", "a.safetensors", "weights.bin", "noname"])
def test_a_file_is_what_it_holds_not_what_it_is_called(tmp_path: Path, name: str) -> None:
    for save in (
        lambda path: save_file(STATE, path),
        lambda path: torch.save(STATE, path),
        lambda path: torch.save(STATE, path, _use_new_zipfile_serialization=False),
    ):
        save(tmp_path / name)
        assert all(torch.equal(read_weights(tmp_path / name).state[n], STATE[n]) for n in STATE)


def test_safetensors_whose_length_looks_like_a_pickle_are_safetensors(tmp_path: Path) -> None:
    for length in range(600):
        save_file(STATE, tmp_path / "a", {"note": "-" * length})
        if (tmp_path / "a").read_bytes()[:2] == b"\x80\x02":
            assert read_weights(tmp_path / "a").state.keys() == STATE.keys()
            return
    pytest.fail("no such length")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<!DOCTYPE html><title>Virus scan warning</title>", "is a web page"),
        (b"\n  <html>", "is a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"\x89HDF\r\n\x1a\n", "is of Keras"),
        (gzip.compress(b"weights", mtime=0), "is compressed by gzip"),
        (pickle.dumps({"a": 1}), "damaged or no checkpoint of torch"),
    ],
)
def test_what_people_have_instead_is_told_by_its_name(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "checkpoint.pth").write_bytes(content)
    assert said in refusal(tmp_path / "checkpoint.pth")


def test_a_zip_with_the_checkpoint_in_it_is_to_be_unpacked(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "inside.pth")
    with zipfile.ZipFile(tmp_path / "a.pth", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "inside.pth", "checkpoint.pth")
    assert "is a zip archive of checkpoint.pth, not a checkpoint" in refusal(tmp_path / "a.pth")


def test_a_protocol_that_torch_does_not_read_is_the_reason(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "a.pth", pickle_protocol=4)
    assert "pickle_protocol" in refusal(tmp_path / "a.pth")
