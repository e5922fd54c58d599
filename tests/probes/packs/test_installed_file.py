"""Files of installed distributions as parts of a pack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizproof.probes.packs import installed
from quizproof.probes.packs.files import Folder
from quizproof.probes.packs.pack import DigestError, MissingError, Pack, sha256

NAME, CODE = "weather/data/2021.csv", "weather/__init__.py"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A distribution ``weather-data`` that lists one file; importing it would be seen."""
    folder = tmp_path / "site"
    (folder / "weather" / "data").mkdir(parents=True)
    (folder / "weather" / "__init__.py").write_text("raise SystemExit('imported')")
    (folder / NAME).write_text("1,0\n0,1\n")
    (folder / "weather" / "data" / "unlisted.csv").write_text("1")
    info = folder / "weather_data-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: weather-data\nVersion: 1.0\n")
    (info / "RECORD").write_text(f"weather/__init__.py,,\n{NAME},,\n")
    monkeypatch.syspath_prepend(str(folder))
    return folder


def opened(folder: Path, digest: str, name: str = NAME, distribution: str = "weather-data") -> Pack:
    folder.mkdir(exist_ok=True)
    entry = {"kind": "matrix", "distribution": distribution, "file": name, "sha256": digest}
    text = json.dumps({"name": "a pack", "parts": {"numbers": entry}})
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    return Pack(folder)


def test_a_file_that_a_distribution_lists_is_read(site: Path, tmp_path: Path) -> None:
    digest = sha256(site / NAME)
    pack = opened(tmp_path / "pack", digest)
    assert pack.loaded("numbers").values.tolist() == [[1, 0], [0, 1]]
    assert pack.part("numbers").entry.identity() == digest
    assert pack.part("numbers").entry.location == f"{NAME} of weather-data"
    (site / NAME).write_text("1,0\n0,2\n")
    with pytest.raises(DigestError, match="changed while it was being read"):
        pack.check_unchanged()
    with pytest.raises(DigestError, match="the manifest names"):
        opened(tmp_path / "pack", digest).loaded("numbers")


@pytest.mark.parametrize(
    ("name", "distribution", "said"),
    [
        ("weather/data/unlisted.csv", "weather-data", "lists no file weather/data/unlisted.csv"),
        ("../outside.csv", "weather-data", "lists no file"),
        (NAME, "other-data", "no distribution other-data is installed; pip install other-data"),
    ],
)
def test_what_no_distribution_lists_is_missing(
    site: Path, tmp_path: Path, name: str, distribution: str, said: str
) -> None:
    (tmp_path / "outside.csv").write_text("1")
    with pytest.raises(MissingError, match=said):
        opened(tmp_path / "pack", "0" * 64, name, distribution).loaded("numbers")


def test_a_distribution_that_lies_in_a_pack_is_none(site: Path) -> None:
    with pytest.raises(MissingError, match="lies in a pack"):
        opened(site, sha256(site / NAME)).loaded("numbers")


def test_what_an_extra_brings_is_installed_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def requires(name: str) -> list[str]:
        assert name == "quizproof"
        return ["numpy>=2.0", "weather-data==1.0; extra == 'weather'", 'rain; extra == "wet"']

    monkeypatch.setattr(installed, "requires", requires)
    assert installed.pip_command("Weather_Data") == "pip install 'quizproof[weather]'"
    assert installed.pip_command("rain") == "pip install 'quizproof[wet]'"
    assert installed.pip_command("numpy") == "pip install numpy"
    assert installed.pip_command("weather") == "pip install weather"


def test_a_model_s_folder_may_lie_in_a_distribution(site: Path, tmp_path: Path) -> None:
    digest = sha256(site / NAME)

    def folder(**files: str) -> tuple[Pack, Folder]:
        pack = opened(tmp_path / "pack", digest)
        named = {name.replace("_csv", ".csv"): said for name, said in files.items()}
        return pack, Folder(folder="weather", files=named, distribution="weather-data")

    pack, named = folder(**{"data/2021_csv": digest, "__init__.py": sha256(site / CODE)})
    with pytest.raises(DigestError, match=r"unlisted.csv is not in the manifest"):
        pack.folder_of(named)
    (site / "weather" / "data" / "unlisted.csv").unlink()
    held = pack.folder_of(named)
    assert (held / "data/2021.csv").read_text() == "1,0\n0,1\n"
    assert str(held) == str(site / "weather")
    pack, named = folder(**{"data/2021_csv": "0" * 64, "__init__.py": sha256(site / CODE)})
    with pytest.raises(DigestError, match="the manifest names"):
        pack.folder_of(named)
    pack, named = folder(**{"data/2022_csv": digest})
    with pytest.raises(MissingError, match=r"lists no file weather/data/2022\.csv"):
        pack.folder_of(named)
