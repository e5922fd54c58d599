from __future__ import annotations

from pathlib import Path

import pytest

from tests.planted_probes import install


@pytest.fixture
def planted_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The distribution of planted probes, installed for this test; gives its folder."""
    site = tmp_path / "site"
    install(site)
    monkeypatch.syspath_prepend(str(site))
    return site
