"""What was checked is what is read, whatever is done to names, links and files in between."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from quizproof.probes.models.language_loading import load_language_model
from quizproof.probes.models.weights import read_weights
from quizproof.probes.packs.files import Folder
from quizproof.probes.packs.held import NotRegularError, hold, read_regular
from quizproof.probes.packs.manifest_file import named_folder
from quizproof.probes.packs.pack import DigestError, MissingError, Pack, sha256
from quizproof.probes.packs.pictures import read_picture
from tests.planted_language import language_folder

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="handles have no names there")


def opened(folder: Path) -> Pack:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text("name: a pack\n", encoding="utf-8")
    return Pack(folder)


def exchanged(pack: Pack) -> None:
    """Put the same pack with other content in place of ``pack``."""
    shutil.copytree(pack.folder, away := pack.folder.with_name("away"))
    pack.folder.rename(pack.folder.with_name("kept"))
    away.rename(pack.folder)


def and_back(pack: Pack) -> None:
    shutil.rmtree(pack.folder)
    pack.folder.with_name("kept").rename(pack.folder)


def test_a_digest_is_compared_each_time_it_is_named(tmp_path: Path) -> None:
    pack = opened(tmp_path / "pack")
    (pack.folder / "a").write_text("content")
    digest = sha256(pack.folder / "a")
    for _ in range(2):
        assert pack.path("a", digest).read_text() == "content"
        with pytest.raises(DigestError, match="the manifest names 000000000000"):
            pack.path("a", "0" * 64)


@on_linux
def test_a_folder_exchanged_after_the_check_and_put_back_is_not_what_is_read(
    tmp_path: Path,
) -> None:
    pack = opened(tmp_path / "pack")
    Image.new("RGB", (8, 8), "white").save(pack.folder / "a.png")
    torch.save({"w": torch.ones(2)}, pack.folder / "a.pth")
    save_file({"w": torch.ones(2)}, pack.folder / "a.safetensors")
    names = ("a.png", "a.pth", "a.safetensors")
    checked = [pack.path(name, sha256(pack.folder / name)) for name in names]
    exchanged(pack)
    Image.new("RGB", (8, 8), "black").save(pack.folder / "a.png")
    torch.save({"w": torch.zeros(2)}, pack.folder / "a.pth")
    save_file({"w": torch.zeros(2)}, pack.folder / "a.safetensors")
    picture, *weights = checked
    assert (read_picture(picture, (8, 8)) == 1).all()
    states = [read_weights(path).state for path in weights]
    and_back(pack)
    pack.check_unchanged()  # the names tell nothing
    for state in states:
        assert state["w"].tolist() == [1, 1]


@on_linux
def test_a_model_s_folder_is_read_as_it_was_checked(tmp_path: Path) -> None:
    pack = opened(tmp_path / "pack")
    language_folder(pack.folder / "model")
    part = named_folder(pack.folder, "model")
    folder = pack.folder_of(part)
    one = load_language_model(folder, "one", torch.device("cpu"))
    exchanged(pack)
    shutil.rmtree(pack.folder / "model")
    language_folder(pack.folder / "model", words=["quite", "another", "one"])
    again = load_language_model(folder, "again", torch.device("cpu"))
    assert again.tokenizer.get_vocab() == one.tokenizer.get_vocab()
    for (_, mine), (_, other) in zip(
        one.net.named_parameters(), again.net.named_parameters(), strict=True
    ):
        assert torch.equal(mine, other)


def test_what_is_told_of_a_held_folder_names_the_folder(tmp_path: Path) -> None:
    pack = opened(tmp_path / "pack")
    (pack.folder / "model").mkdir()
    (pack.folder / "model" / "config.json").write_text("{")
    (pack.folder / "model" / "model.safetensors").write_text("")
    folder = pack.folder_of(named_folder(pack.folder, "model"))
    with pytest.raises(Exception, match="is damaged") as caught:
        load_language_model(folder, "one", torch.device("cpu"))
    assert str(pack.folder / "model") in str(caught.value)
    assert "/proc/" not in str(caught.value)
    assert "quizproof-" not in str(caught.value)


def test_a_file_written_into_after_the_check_is_noticed(tmp_path: Path) -> None:
    pack = opened(tmp_path / "pack")
    file = pack.folder / "a"
    file.write_text("as it was")
    os.utime(file, ns=(0, 0))
    pack.path("a", sha256(file))
    with file.open("r+b") as written:
        written.write(b"as it is ")
    os.utime(file, ns=(0, 0))  # as if nothing had been written
    with pytest.raises(DigestError, match="was changed while it was being read"):
        pack.check_unchanged()
    with pytest.raises(DigestError, match="has SHA-256"):
        pack.path("a", sha256(pack.folder / "pack.yaml"))


@on_linux
def test_what_nobody_holds_is_closed(tmp_path: Path) -> None:
    pack = opened(tmp_path / "pack")
    (pack.folder / "folder").mkdir()
    (pack.folder / "folder" / "a").write_text("content")
    part = Folder(folder="folder", files={"a": sha256(pack.folder / "folder" / "a")})
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(50):
        folder = pack.folder_of(part)
    assert len(list(Path("/proc/self/fd").iterdir())) == before + 1
    view = Path(os.fspath(folder))
    assert view.is_dir()
    del folder
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert not view.exists()


@on_linux
def test_a_process_that_is_started_to_read_it_reads_it_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("as it was")
    held, _, _ = hold(tmp_path / "a")
    (tmp_path / "b").write_text("as it is")
    (tmp_path / "b").replace(tmp_path / "a")
    read = "import sys; print(open(sys.argv[1]).read())"
    code = [sys.executable, "-c", read, os.fspath(held)]
    assert subprocess.check_output(code, text=True).strip() == "as it was"


def test_what_is_no_regular_file_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)
        listening.bind("socket")  # a path of few letters
        (tmp_path / "device").symlink_to("/dev/zero")
        (tmp_path / "file").write_text("content")
        (tmp_path / "link").symlink_to("file")
        pack = opened(tmp_path)
        for name in ("pipe", "socket"):
            with pytest.raises(MissingError, match="is no file"):
                pack.path(name, "0" * 64)
            with pytest.raises(NotRegularError):
                read_regular(tmp_path / name, 100)
    for name in ("device", "link"):
        with pytest.raises(NotRegularError):
            read_regular(tmp_path / name, 100)
    with pytest.raises(NotRegularError):
        hold(tmp_path / "device")
    assert read_regular(tmp_path / "file", 100) == b"content"
    with pytest.raises(NotRegularError):
        read_regular(tmp_path / "file", 3)


def test_one_mask_s_true_digest_does_not_stand_for_a_picture_s_false_one(tmp_path: Path) -> None:
    pack = opened(tmp_path / "pack")
    file = pack.folder / "a.png"
    Image.fromarray(np.eye(8, dtype=bool)).save(file)
    pack.path("a.png", sha256(file))
    with pytest.raises(DigestError):
        pack.path("./a.png", "1" * 64)
