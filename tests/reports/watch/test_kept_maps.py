"""Maps that a baseline keeps, and what a comparison shows of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from quizproof.probes.engine.results import Illustration
from quizproof.probes.probe import Map
from quizproof.questions.spec import Text
from quizproof.reports.watch.kept_maps import SIDE, KeptMap, kept_maps, then_and_now
from tests.reports.runs import illustration

RAMP = np.linspace(-1, 3, 100 * 60, dtype=np.float32).reshape(100, 60)


def of(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Illustration:
    return Illustration(Map(Text(en="saliency", zh_hant="顯著圖"), values, signed=True))


def test_a_map_is_kept_small_to_within_a_step() -> None:
    holed = RAMP.copy()
    holed[:10] = np.nan
    [kept] = kept_maps([of(holed)])
    assert max(kept.rows, kept.columns) == SIDE
    assert len(kept.model_dump_json()) < 5_000
    values = kept.values()
    assert np.isnan(values[:5]).all()
    assert np.nanmax(values) == pytest.approx(3, abs=0.1)
    assert kept == KeptMap.model_validate_json(kept.model_dump_json())


def test_pictures_and_later_draws_are_not_kept() -> None:
    later = replace(illustration(), draw=2)
    assert len(kept_maps([illustration(), illustration(colour=True), later])) == 1


def test_what_is_the_same_has_no_difference_and_what_moved_has_one() -> None:
    kept = kept_maps([of(RAMP)])
    then, now, difference = then_and_now(kept, [of(RAMP)])
    assert [one.map.title for one in (then, difference)] == [
        Text(en="Then: saliency", zh_hant="基準：顯著圖"),
        Text(en="Now less then: saliency", zh_hant="現在減基準：顯著圖"),
    ]
    assert now.map.values is RAMP
    assert (difference.map.values == 0).all()
    moved = RAMP.copy()
    moved[50:] += 2
    *_, difference = then_and_now(kept, [of(moved)])
    assert difference.map.signed
    assert (difference.map.values[:23] == 0).all()
    assert difference.map.values[25:] == pytest.approx(2, abs=0.05)


def test_what_was_not_kept_is_shown_as_it_is() -> None:
    picture = illustration(colour=True)
    assert next(then_and_now((), [picture, illustration()])) is picture
    assert len(list(then_and_now((), [of(RAMP)]))) == 1


@pytest.mark.parametrize("change", [{"steps": "AAAA"}, {"rows": SIDE + 1}, {"steps": "?"}])
def test_a_kept_map_that_is_none_is_refused(change: dict[str, object]) -> None:
    [kept] = kept_maps([of(RAMP)])
    with pytest.raises(ValidationError):
        KeptMap.model_validate(kept.model_dump() | change)
