"""The words of the comparison's page, each in both languages."""

from __future__ import annotations

from quizproof.probes.engine.drift import Drift
from quizproof.questions.spec import Text


def _t(en: str, zh_hant: str) -> Text:
    return Text(en=en, zh_hant=zh_hant)


# The symbols tell them apart without colour
DRIFT_SYMBOLS = {
    Drift.SAME: "=",
    Drift.MOVED: "↝",
    Drift.FLIPPED: "⇄",
    Drift.LOST: "?",
    Drift.FOUND: "+",
    Drift.NOT_COMPARED: "○",
}

DRIFT_NAMES = {
    Drift.SAME: _t("same", "相同"),
    Drift.MOVED: _t("moved", "變動"),
    Drift.FLIPPED: _t("flipped", "答案改變"),
    Drift.LOST: _t("lost", "答案未定"),
    Drift.FOUND: _t("found", "答案新得"),
    Drift.NOT_COMPARED: _t("not compared", "未比較"),
}

DRIFT_MEANINGS = {
    Drift.SAME: _t(
        "Nothing moved by more than the noise of the draws, or the tolerance, explains.",
        "變動未超出抽樣雜訊或數值容差所能解釋的範圍。",
    ),
    Drift.MOVED: _t(
        "Something moved by more than noise explains, but every option comes out as it did then.",
        "變動超出雜訊所能解釋的範圍，但各選項的判定不變。",
    ),
    Drift.FLIPPED: _t(
        "What was measured is another answer than the baseline’s.",
        "實測的答案與基準不同。",
    ),
    Drift.LOST: _t(
        "The baseline has an answer; this time none is decided.",
        "基準中有答案，這次無法判定。",
    ),
    Drift.FOUND: _t(
        "The baseline has no answer; this time one is decided.",
        "基準中沒有答案，這次得以判定。",
    ),
    Drift.NOT_COMPARED: _t(
        "One side was not measured, or another question was asked.",
        "其中一方沒有量測，或題目已不同。",
    ),
}

DRIFT_ACTIONS = {
    Drift.FLIPPED: _t(
        "Look at both sides below. Then correct the key, or put back what was changed; "
        "if the new answer is meant, make a new baseline.",
        "請查看下方新舊兩邊，再更正標準答案或還原變更；若新答案正確，請重新建立基準。",
    ),
    Drift.LOST: _t(
        "See why it is not decided any more; put back what was changed, or allow more draws.",
        "請查看為何不再能判定；還原變更，或增加抽樣次數。",
    ),
    Drift.FOUND: _t(
        "Look at the answer; where it is right, make a new baseline.",
        "請查看答案；若正確，請重新建立基準。",
    ),
    Drift.MOVED: _t(
        "No answer changed. If the move is meant, make a new baseline.",
        "答案不變。若變動在預期之內，請重新建立基準。",
    ),
    Drift.NOT_COMPARED: _t(
        "See why, then make a new baseline.",
        "請查看原因，再重新建立基準。",
    ),
}

REGRESS_WORDS = {
    "title": _t("comparison with a baseline", "與基準比較"),
    "meta_then": _t("Baseline: pack {pack}, seed {seed}", "基準：模型包 {pack}，亂數種子 {seed}"),
    "meta_now": _t("Now: pack {pack}, seed {seed}", "現在：模型包 {pack}，亂數種子 {seed}"),
    "standing_flipped": _t(
        "{count} of {all} {all:answer|answers} flipped since the baseline",
        "{all} 題中，{count} 題的答案自基準以來改變",
    ),
    "standing_lost": _t(
        "{count} of {all} {all:answer|answers} {count:is|are} not decided any more",
        "{all} 題中，{count} 題的答案不再能判定",
    ),
    "standing_found": _t(
        "{count} of {all} {all:question|questions} {count:has|have} an answer that had none",
        "{all} 題中，{count} 題原先無法判定，現在有答案",
    ),
    "left_out": _t(
        "Left out, as the baseline does not have them: {questions}.",
        "基準不含下列題目，因此略過：{questions}。",
    ),
    "fits_in": _t("in {held} of {of} {of:draw|draws}", "{of} 次抽樣中 {held} 次"),
    "standing_moved": _t(
        "No answer flipped; {count} of {all} {all:question|questions} moved",
        "答案皆未改變；{all} 題中 {count} 題有變動",
    ),
    "standing_same": _t(
        "{all:The question is|All {all} questions are} the same as then", "{all} 題皆與基準相同"
    ),
    "standing_open": _t(
        "Nothing flipped or moved; {count} of {all} {all:question|questions} could not be compared",
        "沒有改變或變動；{all} 題中 {count} 題無法比較",
    ),
    "different": _t("What else is different", "其他差異"),
    "different_help": _t(
        "Beside the measurements, this differs from the baseline: a move may come from it.",
        "除量測值外，以下項目與基準不同，變動可能由此而來。",
    ),
    "nothing_different": _t(
        "Pack, versions, device, seed and quiz are those of the baseline.",
        "模型包、版本、運算裝置、亂數種子與測驗皆與基準相同。",
    ),
    "then": _t("Then", "基準"),
    "now": _t("Now", "現在"),
    "then_and_now": _t("Then and now, on one axis", "基準與現在（同一座標軸）"),
    "margin_axis": _t("distance to the limit", "與門檻的差距"),
    "shares_axis": _t("share of the draws in which it fits", "成立的抽樣所占比例"),
    "what": _t("What", "項目"),
    "what_part": _t("pack: {name}", "模型包：{name}"),
    "what_code": _t("code of {name}", "{name} 的程式碼"),
    "what_pack": _t("pack", "模型包"),
    "what_device": _t("device", "運算裝置"),
    "what_seed": _t("seed", "亂數種子"),
    "what_quiz": _t("quiz", "測驗"),
    "absent": _t("none", "無"),
    "became": _t("Became", "變化"),
    "all_others": _t("The same as then", "與基準相同的題目"),
    "side_by_side": _t("Then and now, side by side", "新舊對照"),
    "reading": _t("How to read this", "如何閱讀"),
    "reading_test": _t(
        "Each run keeps the interval in which a margin lies, and the intervals hold at whatever "
        "draw a run stopped. A margin moved where the two have no point in common. If nothing "
        "changed, anything at all is said to have moved or flipped with a probability of at most "
        "{error} %, over all questions together.",
        "每次執行都保留與門檻的差距所在的區間，且不論在第幾次抽樣停止，區間都有效。"
        "兩個區間沒有交集時，才說差距變動了。若什麼都沒變，"
        "所有題目合計，誤報任何變動或改變的機率至多 {error} %。",
    ),
    "first_model": _t("the pack’s model", "模型包的模型"),
    "second_model": _t("the same with random weights", "相同架構、隨機權重"),
    "no_prompt": _t("This question is no longer in the quiz.", "測驗中已沒有此題。"),
    "draws_then_now": _t(
        "{then} {then:draw|draws} then, {now} now", "基準抽樣 {then} 次，現在 {now} 次"
    ),
    "exact_within": _t("exact, within ± {tolerance}", "精確值，誤差 ± {tolerance} 以內"),
    "filled": _t("filled with {value}", "填入 {value}"),
    "maps": _t("Maps then and now", "基準與現在的熱圖"),
    "map_difference": _t("Now less then", "現在減基準"),
    "baseline_of": _t("The baseline", "基準"),
}
