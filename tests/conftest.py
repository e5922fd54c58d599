from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture(autouse=True, scope="session")
def _nobodys_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests keep no evidence where the person who runs them keeps theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUIZPROOF_STORE", str(tmp_path_factory.mktemp("evidence")))
        yield
