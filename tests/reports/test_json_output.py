from __future__ import annotations

import json
import math

import numpy as np

from quizproof.reports.json_output import MaybeNumber, Output, json_text


class Part(Output):
    names: dict[str, str]
    numbers: tuple[MaybeNumber, ...]


class Whole(Output):
    parts: list[Part]
    path: str


def test_what_json_lacks_is_null_or_its_escape_wherever_it_is() -> None:
    numbers = (1, 0.5, math.nan, math.inf, -math.inf, float(np.float64(-np.inf)), None)
    part = Part(names={"\udcff": "中 \ud800"}, numbers=numbers)
    written = json_text(Whole(parts=[part], path="a/\udce9"))
    written.encode("utf-8")
    assert json.loads(written) == {
        "parts": [
            {
                "names": {"\\udcff": "中 \\ud800"},
                "numbers": [1, 0.5, None, None, None, None, None],
            }
        ],
        "path": "a/\\udce9",
    }


def test_a_whole_number_stays_one_and_words_stay_as_they_are() -> None:
    assert '"中"' in json_text(Part(names={"a": "中"}, numbers=()))
    assert json_text(Part(names={}, numbers=(1, 1.0)), indent=None).endswith("[1, 1.0]}\n")
