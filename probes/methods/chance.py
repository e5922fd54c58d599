"""How likely chance alone would do as well, over a few independent questions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def at_least_as_many(hits: int, chances: Sequence[float]) -> float:
    """Probability of ``hits`` or more, each with its own chance: the Poisson binomial."""
    exactly = [1.0]
    for chance in chances:
        missed = [p * (1 - chance) for p in exactly] + [0.0]
        hit = [0.0] + [p * chance for p in exactly]
        exactly = [a + b for a, b in zip(missed, hit, strict=True)]
    return min(1.0, sum(exactly[hits:]))


def sum_as_small(shares: Sequence[float]) -> float:
    """Probability that as many shares, uniform in (0, 1], have a sum as small as these.

    Edgington 1972, “An additive method for combining probability values from independent
    experiments”: the distribution of Irwin and Hall, in exact arithmetic.
    """
    count = len(shares)
    total = sum(Fraction(share) for share in shares)
    terms = (
        (-1) ** k * math.comb(count, k) * (total - k) ** count
        for k in range(min(count, math.floor(total)) + 1)
    )
    return float(min(Fraction(1), sum(terms, Fraction(0)) / math.factorial(count)))
