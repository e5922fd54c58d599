"""The key of evidence on a network that an installed package ships."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.evidence.key import MadeWith, evidence_key, this_machine
from quizproof.probes.packs.pack import EMBEDDED, Pack

PARAMETERS: dict[str, dict[str, Any]] = {
    "network.layer_type": {"layer": "cnn.6"},
    "lime.colours": {"samples": 200, "superpixels": 50, "painted": 11, "least_weight": 0.05},
}


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The embedded pack with a network of a module beside it."""
    folder = Path(shutil.copytree(EMBEDDED, tmp_path / "pack"))
    manifest = yaml.safe_load((folder / "pack.yaml").read_text(encoding="utf-8"))
    manifest["classifier"]["architecture"] = {"callable": "site_shipped:net"}
    (folder / "pack.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
    (tmp_path / "site_shipped.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return Pack(folder)


def key(pack: Pack, probe: str, made_with: MadeWith | None = None) -> str:
    found = catalogue()[probe]
    with_ = made_with or this_machine()
    return evidence_key(
        found, found.complete(PARAMETERS[probe]), pack, randomized=None, seed=16, made_with=with_
    )


def test_changed_code_of_a_network_is_another_key(pack: Pack, tmp_path: Path) -> None:
    looks, others = "network.layer_type", "lime.colours"
    before = key(pack, looks), key(pack, others)
    assert (key(pack, looks), key(pack, others)) == before
    (tmp_path / "site_shipped.py").write_text("VALUE = 2\n")
    assert key(pack, looks) != before[0]
    assert key(pack, others) == before[1]


def test_a_file_says_with_which_code_of_a_network_it_was_made(pack: Pack, tmp_path: Path) -> None:
    here = this_machine()
    probe = catalogue()["network.layer_type"]
    code = {probe.name: here.code(probe)}
    network = here.network(pack)
    assert network is not None
    named = MadeWith(here.libraries, {**code, "callable:site_shipped:net": network})
    expected = key(pack, probe.name, here)
    (tmp_path / "site_shipped.py").write_text("VALUE = 2\n")  # other code here says nothing of it
    assert key(pack, probe.name, named) == expected
    assert key(pack, probe.name, MadeWith(here.libraries, code)) != expected
