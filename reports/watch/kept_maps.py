"""Maps as a baseline keeps them, small and in 255 steps, and beside those of a later run."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from quizproof.probes.draws import english, in_language
from quizproof.probes.engine.results import Illustration
from quizproof.probes.probe import Map, Words
from quizproof.questions.spec import Model, Text
from quizproof.reports.charts.map_pictures import shrunk, sized
from quizproof.reports.watch.regress_words import REGRESS_WORDS

SIDE: Final = 48  # pixels, at most
_STEPS: Final = 254
_NO_VALUE: Final = 255

Floats = NDArray[np.float32]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Side = Annotated[int, Field(ge=1, le=SIDE)]


class KeptMap(Model):
    """A map of the first draw."""

    title: Annotated[str, Field(max_length=2000)]
    picture: int | None
    signed: bool
    rows: Side
    columns: Side
    low: Finite
    high: Finite
    steps: Annotated[str, Field(max_length=4 * SIDE * SIDE)]  # base64 of a byte for each pixel

    @model_validator(mode="after")
    def _whole(self) -> KeptMap:
        if len(base64.b64decode(self.steps, validate=True)) != self.rows * self.columns:
            raise ValueError("a map has a step for each pixel")
        return self

    def values(self) -> Floats:
        """(rows, columns), NaN where there was no value."""
        steps = np.frombuffer(base64.b64decode(self.steps), np.uint8)
        known = self.low + (self.high - self.low) * steps.astype(np.float64) / _STEPS
        found = np.where(steps == _NO_VALUE, np.nan, known)
        return found.reshape(self.rows, self.columns).astype(np.float32)


def kept_maps(illustrations: Sequence[Illustration]) -> tuple[KeptMap, ...]:
    """The maps of the first draw, but for pictures."""
    return tuple(_kept(one.map) for one in _of_first_draw(illustrations) if _is_map(one))


def _kept(shown: Map) -> KeptMap:
    values = shrunk(np.asarray(shown.values, dtype=np.float32), SIDE)
    known = np.isfinite(values)
    low, high = (
        (float(values[known].min()), float(values[known].max())) if known.any() else (0.0, 0.0)
    )
    shares = (np.where(known, values, low) - low) / ((high - low) or 1.0)
    steps = np.where(known, (shares * _STEPS).round(), _NO_VALUE).astype(np.uint8)
    return KeptMap(
        title=english(shown.title)[:2000],
        picture=shown.picture,
        signed=shown.signed,
        rows=steps.shape[0],
        columns=steps.shape[1],
        low=low,
        high=high,
        steps=base64.b64encode(steps.tobytes()).decode("ascii"),
    )


def then_and_now(
    kept: Sequence[KeptMap], illustrations: Sequence[Illustration]
) -> Iterator[Illustration]:
    """Each map of the first draw then, now, and the difference; what was not kept, as it is now.

    Then and now have one scale of colours, the difference one about 0.
    """
    left = list(kept)
    for one in _of_first_draw(illustrations):
        now = one.map
        if not _is_map(one):
            yield one
            continue
        then = next(
            (k for k in left if (k.title, k.picture) == (english(now.title), now.picture)), None
        )
        if then is not None:
            left.remove(then)
            old, size = then.values(), (then.rows, then.columns)
            difference = sized(now.values, size).astype(np.float32) - old
            # what a step of the kept one is wide is no difference
            difference[np.abs(difference) <= (then.high - then.low) / _STEPS] = 0.0
            for when, values, signed, range_of in (
                ("then", old, now.signed, (now.values,)),
                ("now", now.values, now.signed, (old,)),
                ("map_difference", difference, True, ()),
            ):
                title = _titled(REGRESS_WORDS[when], now.title)
                drawn = replace(now, title=title, values=values, signed=signed)
                yield replace(one, map=drawn, range_of=range_of)
        else:
            yield one


def _of_first_draw(illustrations: Sequence[Illustration]) -> list[Illustration]:
    return [one for one in illustrations if one.draw == 1]


def _is_map(one: Illustration) -> bool:
    return np.asarray(one.map.values).ndim == 2  # a picture has colours of its own


def _titled(word: Text, title: Words) -> Text:
    return Text(
        en=f"{word.en}: {in_language(title, 'en')}",
        zh_hant=f"{word.zh_hant}：{in_language(title, 'zh-Hant')}",
    )
