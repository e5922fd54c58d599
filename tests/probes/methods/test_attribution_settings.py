"""The methods that the documentation and the tests know are those that a question can name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from quizproof.probes.methods.attribution_settings import SAMPLED, Method
from quizproof.probes.packs.pack import EMBEDDED
from tests.probes.methods.every_method import METHODS

KINDS: dict[str, Any] = {
    get_args(get_type_hints(kind)["name"])[0]: kind for kind in get_args(get_args(Method)[0])
}
README = EMBEDDED.parents[1] / "README.md"


def test_every_method_is_tested_for_what_all_keep() -> None:
    assert set(METHODS) == set(KINDS)
    assert set(SAMPLED) == {
        name for name, kind in KINDS.items() if "samples" in kind.__annotations__
    }


@pytest.mark.parametrize("name", KINDS)
def test_its_settings_are_in_the_documentation(name: str) -> None:
    text = Path(README).read_text(encoding="utf-8")
    [row] = [line for line in text.splitlines() if line.startswith("| `") and f"`{name}`" in line]
    told = set(re.findall(r"`(\w+)`", row)) - set(KINDS)
    assert told == set(get_type_hints(KINDS[name])) - {"name", "output"}
