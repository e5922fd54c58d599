"""Weights stay mapped from their file: workers share them by the system's pages, not by copies."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from quizproof.probes.models.classifiers import load_classifier
from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.pace import Pace
from quizproof.probes.packs.pack import EMBEDDED, Pack
from tests.planted_language import language_folder

CPU = torch.device("cpu")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the system does not say what is mapped"
)


def unmapped(net: nn.Module, file: Path) -> list[str]:
    """The parameters whose numbers are not those of ``file``'s pages."""
    ranges = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, *_, path = line.split(maxsplit=5)
        if path == str(file.resolve()):
            low, high = (int(address, 16) for address in addresses.split("-"))
            ranges.append(range(low, high))
    return [
        name
        for name, parameter in net.named_parameters()
        if not any(parameter.data_ptr() in mapped for mapped in ranges)
    ]


def test_a_language_model_is_mapped(tmp_path: Path) -> None:
    folder = language_folder(tmp_path / "bert")
    model = load_language_model(folder, "planted", CPU)
    # a bias for each word of the vocabulary is tied by copying it
    assert set(unmapped(model.net, folder / "model.safetensors")) <= {"cls.predictions.bias"}


@pytest.mark.parametrize("suffix", ["safetensors", "pth"])
def test_a_classifier_is_mapped_where_its_layout_is_the_files(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "quizproof.probes.models.classifiers.pace_for", lambda *_: Pace(channels_last=False)
    )
    pack = Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))
    before = pack / "classifier.safetensors"
    state = {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in load_file(before).items()
    }
    after = pack / f"whole.{suffix}"
    if suffix == "pth":
        torch.save(state, after)
    else:
        save_file(state, after)
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    for old, new in ((before.name, after.name), (sha256(before), sha256(after))):
        assert old in text
        text = text.replace(old, new)
    (pack / "pack.yaml").write_text(text, encoding="utf-8")
    mapped, copied = (load_classifier(Pack(p).part("classifier"), CPU) for p in (pack, EMBEDDED))
    assert unmapped(mapped.net, after) == []
    pictures = torch.rand(2, 3, *mapped.size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(mapped(pictures), copied(pictures))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
