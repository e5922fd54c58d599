"""Corpora of pronouns, and models that attend from them by a planted taste."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from quizproof.probes.bench import Bench
from quizproof.probes.models.tokens import Tokens
from tests.probes.language.planted_readings import english_bench, even, no_states, sentence

NAMES = [f"Name{k}" for k in range(45)]
PAIRS = list(pairwise(NAMES))
# either pronoun may mean either name, so that each place has names that are meant and others
BOTH = [
    sentence(
        f"{a}/PROPN {verb}/VERB {b}/PROPN and/CCONJ asked/VERB her/PRON to/PART help/VERB him/PRON "
        "./PUNCT",
        (5, her),
        (8, 2 - her),
    )
    for verb, her in (("met", 2), ("saw", 0))
    for a, b in PAIRS
]
NEAR = [
    sentence(f"{a}/PROPN liked/VERB {b}/PROPN because/SCONJ she/PRON ran/VERB ./PUNCT", (4, 2))
    for a, b in PAIRS
]
FAR = [
    sentence(f"{a}/PROPN called/VERB {b}/PROPN because/SCONJ he/PRON ran/VERB ./PUNCT", (4, 0))
    for a, b in PAIRS
]
# three names, at other distances: the first and the last are in other places than among two
THREE = [
    sentence(
        f"{a}/PROPN and/CCONJ {b}/PROPN {verb}/VERB {c}/PROPN as/SCONJ they/PRON ran/VERB ./PUNCT",
        (6, meant),
    )
    for verb, meant in (("met", 0), ("saw", 2), ("heard", 4))
    for (a, b), c in zip(PAIRS, reversed(NAMES), strict=False)
]


def without_settling(line: dict[str, Any], *numbers: int) -> dict[str, Any]:
    links = [{**link, "settled": k not in numbers} for k, link in enumerate(line["links"])]
    return {**line, "links": links}


Taste = Callable[[int, list[int], int], int]
"""From a pronoun's place, the names' places and the referent's to the place attended to."""


def referent(pronoun: int, names: list[int], meant: int) -> int:
    return meant


def nearest(pronoun: int, names: list[int], meant: int) -> int:
    return max(name for name in names if name < pronoun)


def first(pronoun: int, names: list[int], meant: int) -> int:
    return min(names)


def two_back(pronoun: int, names: list[int], meant: int) -> int:
    return pronoun - 2


def three_back(pronoun: int, names: list[int], meant: int) -> int:
    return pronoun - 3


def other(pronoun: int, names: list[int], meant: int) -> int:
    return next(name for name in names if name != meant)


def world(
    folder: Path,
    heads: Mapping[tuple[int, int], tuple[Taste, float]],
    corpus: list[dict[str, Any]] = BOTH,
) -> Bench:
    """Each of ``heads``, (layer, head) from 1, gives that much attention as its taste says."""
    meant_in = {
        line["text"]: {link["pronoun"]: link["referent"] for link in line["links"]}
        for line in corpus
    }

    def plant(tokens: Tokens) -> tuple[torch.Tensor, torch.Tensor]:
        attentions = even(tokens)
        # a word is one token here, after [CLS]
        names = [place for place, name in enumerate(tokens.names) if name.startswith("Name")]
        rng = np.random.default_rng(tokens.ids)
        for (layer, head), (taste, much) in heads.items():
            for pronoun, meant in meant_in.get(tokens.text, {}).items():
                given = much * rng.uniform(0.9, 1)
                row = torch.full((len(tokens),), (1 - given) / (len(tokens) - 1))
                row[taste(pronoun + 1, names, meant + 1)] = given
                attentions[layer - 1, head - 1, pronoun + 1] = row
        return no_states(tokens), attentions

    return english_bench(folder, plant, corpus)
