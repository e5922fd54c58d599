"""The line that says what became of a question since the baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from quizproof.probes.engine.drift import Drift, Standing, agreed
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.reasons import joined
from quizproof.probes.engine.results import QuestionResult
from quizproof.probes.engine.verdict import answer_text
from quizproof.questions.spec import Text
from quizproof.reports.numbers import signed
from quizproof.reports.watch.baseline_file import KeptQuestion
from quizproof.reports.watch.fits import fits_of, in_all

_NAMED: Final = 3  # options, in a line about one question
_BECAME: Final[Mapping[tuple[bool | None, bool | None], tuple[str, str]]] = {
    (True, False): ("no longer holds", "不再成立"),
    (False, True): ("holds now", "變為成立"),
    (True, True): ("still holds", "仍成立"),
    (False, False): ("still does not hold", "仍不成立"),
}


def why_moved(
    drift: Drift, options: Mapping[str, Drift], then: KeptQuestion, now: QuestionResult
) -> Text:
    """The answers, and of the options that moved in how many draws they fitted, or how far off."""
    before, after = answer_text(then.measured or ()), answer_text(now.measured or ())
    if drift is Drift.LOST:
        return Text(
            en=f"{before.en} then, not decided this time: {now.reason.en}",
            zh_hant=f"原為：{before.zh_hant}；這次無法判定：{now.reason.zh_hant}",
        )
    if drift is Drift.FOUND:
        return Text(
            en=f"not decided then, {after.en} this time",
            zh_hant=f"原先無法判定，這次為：{after.zh_hant}",
        )
    if drift not in (Drift.FLIPPED, Drift.MOVED):
        return Text(en="nothing moved", zh_hant="沒有變動")
    those = [option for option, became in options.items() if became is drift]
    said = [_move(option, drift, then, now) for option in those[:_NAMED]]
    both = then.measured is not None and now.measured is not None
    if drift is Drift.FLIPPED and both and before != after:
        said.insert(
            0,
            Text(
                en=f"measured {after.en} instead of {before.en}",
                zh_hant=f"實測：{after.zh_hant}；原為：{before.zh_hant}",
            ),
        )
    if (more := len(those) - _NAMED) > 0:
        said.append(Text(en=f"and {more} more", zh_hant=f"另有 {more} 個"))
    return joined(said)


def _move(option: str, drift: Drift, then: KeptQuestion, now: QuestionResult) -> Text:
    """The move of one option, on the model on which it moved most."""
    assert now.measurement is not None
    pairs = [
        (old[option].finding(), new[option])
        for old, new in zip(then.models, now.measurement.models, strict=True)
        if option in old
    ]
    if not pairs or (drift is Drift.MOVED and option in then.blanks):
        return Text(en=f"blank {option}", zh_hant=f"空格 {option}")
    old, new = max(pairs, key=lambda pair: abs(pair[0].margin[1] - pair[1].margin[1]))
    before = then.standing()
    assert before is not None
    held = agreed(before, option)
    holds = agreed(Standing(now.measurement.models), option)
    en, zh_hant = _BECAME.get((held, holds), ("is not as then", "與基準不同"))
    how = _by_how_much(option, (old, new), then, now)
    said = Text(en=f"{option} {en}", zh_hant=f"{option} {zh_hant}")
    if how is None:
        return said
    return Text(en=f"{said.en}: {how.en}", zh_hant=f"{said.zh_hant}：{how.zh_hant}")


def _by_how_much(
    option: str, sides: tuple[Finding, Finding], then: KeptQuestion, now: QuestionResult
) -> Text | None:
    """Counts of draws where these decide, else margins; None between words."""
    fitted, fits = in_all(option, then.fits), in_all(option, fits_of(now))
    if fitted is not None and fits is not None:
        (held, of), (held_now, of_now) = fitted, fits
        return Text(
            en=f"{held} of {of} draws → {held_now} of {of_now}",
            zh_hant=f"{of} 次抽樣中 {held} 次 → {of_now} 次中 {held_now} 次",
        )
    before, after = (side.margin[1] for side in sides)
    if not (math.isfinite(before) and math.isfinite(after)):
        return None
    mean = ("mean ", "平均") if now.confidence is not None else ("", "")
    return Text(
        en=f"{mean[0]}margin {signed(before)} → {signed(after)}",
        zh_hant=f"{mean[1]}與門檻的差距 {signed(before)} → {signed(after)}",
    )
