"""Names, units and ranges of what a probe measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from quizproof.probes.draws import Words


@dataclass(frozen=True)
class Measure:
    """The name, unit and range of one measured quantity.

    >>> letters = Text(en="letters", zh_hant="字母")
    >>> length = Measure("length_{item}", letters, 0, math.inf, "of the word", each="words")
    >>> [one.name for one in length.expand({"words": ["cat", "bird"]})]
    ['length_cat', 'length_bird']

    Args:
        name: the name that rules call it by. ``{item}`` in it stands for each item of the list
            parameter ``each``.
        unit: the unit, as a plain string or in several languages; empty for a word.
        low: the least that it can be, in its unit; -inf where there is no least.
        high: the most that it can be; inf where there is no most. A draw outside these is an
            error; the tighter they are, the fewer draws decide a mean.
        help: what is measured, in a few words for the report.
        each: the list parameter that it is repeated over, None for a single one. Of a list of
            parts, ``{item}`` is the place of each, from 1.
        categories: the words that it may be, () for any word whatever; its range is then unused.
            None is for a number.
    """

    name: str
    unit: Words
    low: float
    high: float
    help: Words
    each: str | None = None
    categories: tuple[str, ...] | None = None

    def expand(self, parameters: Mapping[str, Any]) -> Iterator[Measure]:
        """Yield this measure, or one for each item of the parameter it is repeated over."""
        if self.each is None:
            yield self
            return
        for item in parameters[self.each]:
            name = self.name.replace("{item}", str(item))
            yield replace(self, name=name, each=None)


def category(
    name: str, categories: tuple[str, ...], help: Words, each: str | None = None
) -> Measure:
    """Return the measure of a word that is one of ``categories``.

    >>> category("colour", ("red", "green"), "of the paint").categories
    ('red', 'green')
    """
    return Measure(name, "", 0, 0, help, each=each, categories=categories)


def word(name: str, help: Words, each: str | None = None) -> Measure:
    """Return the measure of a word that may be any: of a vocabulary that is not known.

    >>> word("likeliest", "the likeliest token").categories
    ()
    """
    return category(name, (), help, each)
