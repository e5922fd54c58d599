"""Numbers that a question may give for a parameter end somewhere: lint tells what is beyond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from quizproof.probes.catalogue import catalogue

ENDLESS = {"table.partial_dependence values": "in the unit of the table's column"}
SLIC = {"name": "slic", "segments": 50, "compactness": 10, "sigma": 0}
SHAP: dict[str, Any] = {"output": "logit", "segments": SLIC, "fill": "mean", "pixels": "whole"}


def endless(schema: Any) -> Iterator[Any]:
    """Yield what in a JSON schema is a number without a largest."""
    if isinstance(schema, list):
        for each in schema:
            yield from endless(each)
    elif isinstance(schema, dict):
        ends = {"maximum", "exclusiveMaximum", "const", "enum"} & schema.keys()
        if schema.get("type") in ("integer", "number") and not ends:
            yield schema
        for each in schema.values():
            yield from endless(each)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_a_number_that_a_question_gives_a_probe_has_a_largest(name: str) -> None:
    probe = catalogue()[name]
    for asked in probe.asked:
        if asked.name not in probe.parts and f"{name} {asked.name}" not in ENDLESS:
            schema = TypeAdapter(probe.bounded_hints[asked.name]).json_schema()
            assert list(endless(schema)) == [], asked.name


@pytest.mark.parametrize(
    ("probe", "given", "said"),
    [
        ("attribution.curve", {"steps": 100_000_000}, "whole number from 1 to 10000"),
        (
            "attribution.curve",
            {"method": {"name": "kernel_shap", "samples": 10**12, **SHAP}},
            "whole number from 1 to 100000",
        ),
        (
            "perturbation.effect",
            {"change": {"name": "blur", "sigma": 1e12}},
            "number above 0 to 1000",
        ),
        ("lime.regions", {"numpy_seed": 2**32}, "whole number from 0 to 4294967295"),
    ],
)
def test_what_is_beyond_is_told_at_its_place(probe: str, given: dict[str, Any], said: str) -> None:
    mends = [mend for _, what, mend in catalogue()[probe].wrong(given) if "missing" not in what]
    assert mends == [f"it may be: {said}"]
