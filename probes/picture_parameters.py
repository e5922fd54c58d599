"""Pictures that a call looks at, and their regions, held against what a pack has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from quizproof.questions.near import did_you_mean


def picture_problems(
    parameters: Mapping[str, Any],
    named: Mapping[str, Sequence[str]],
    pictures: Sequence[Collection[str]],
) -> Iterator[tuple[str, str, str]]:
    """Yield the parameter, what is wrong and the mend where ``pictures`` lack what is asked for.

    Of each picture there are its regions; ``named`` are those that parameters name.
    """
    looked_at = list(looked_at_by(parameters))
    for name, number in looked_at:
        if number >= len(pictures):
            yield (
                name,
                f"the pack has no picture {number}",
                f"it has {len(pictures)}, from 0 to {len(pictures) - 1}",
            )
    for name, regions in named.items():
        for number in (n for _, n in looked_at if n < len(pictures)):
            for region in regions:
                if region not in pictures[number]:
                    has = f"it has {', '.join(pictures[number]) or 'none'}"
                    yield (
                        name,
                        f"picture {number} has no region {region}",
                        did_you_mean(region, pictures[number], has),
                    )


def looked_at_by(parameters: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the parameter and the number of each picture that a call of a probe looks at."""
    for name in ("picture", "pictures"):
        for number in _numbers(parameters.get(name)):
            yield name, number


def _numbers(given: Any) -> list[int]:
    return given if isinstance(given, list) else [given] if isinstance(given, int) else []
