"""The words of what a student is told, each in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from quizproof.questions.spec import Text
from quizproof.reports.student.marking import Mark


def _t(en: str, zh_hant: str) -> Text:
    return Text(en=en, zh_hant=zh_hant)


SYMBOLS: Mapping[Mark, str] = {
    Mark.AGREES: "✓",
    Mark.DIFFERS: "✗",
    Mark.NOT_DECIDED: "?",
    Mark.NOT_MEASURED: "○",
    Mark.NOT_ANSWERED: "–",
    Mark.NOT_READ: "!",
}
STAND_IN_SYMBOLS = {**SYMBOLS, Mark.AGREES: "≈", Mark.DIFFERS: "≠"}

MARKS: Mapping[Mark, Text] = {
    Mark.AGREES: _t("agrees", "相符"),
    Mark.DIFFERS: _t("differs", "不符"),
    Mark.NOT_DECIDED: _t("not decided", "無法判定"),
    Mark.NOT_MEASURED: _t("not measured", "未量測"),
    Mark.NOT_ANSWERED: _t("not answered", "未作答"),
    Mark.NOT_READ: _t("cannot be read", "無法讀取"),
}
STAND_IN_MARKS = {
    **MARKS,
    Mark.AGREES: _t("agrees with the stand-in", "與替代模型相符"),
    Mark.DIFFERS: _t("differs from the stand-in", "與替代模型不符"),
}

MEANINGS: Mapping[Mark, Text] = {
    Mark.AGREES: _t("What was measured bears your answer out.", "量測結果支持你的答案。"),
    Mark.DIFFERS: _t(
        "What was measured speaks against your answer: look at what is marked below.",
        "量測結果與你的答案不符：請看下方標示之處。",
    ),
    Mark.NOT_DECIDED: _t(
        "The measurements do not single out an answer, so yours is neither right nor wrong here.",
        "量測結果不足以判定答案，因此這裡無法說你的答案對或錯。",
    ),
    Mark.NOT_MEASURED: _t(
        "Nothing could be measured, so nothing can be said of your answer.",
        "沒有量測結果，因此無法評斷你的答案。",
    ),
    Mark.NOT_ANSWERED: _t("This question was left empty.", "這一題沒有作答。"),
    Mark.NOT_READ: _t(
        "Your answer could not be read; correct it and check again.",
        "無法讀取你的答案；請修正後再檢查一次。",
    ),
}

NONE = _t("none", "無")

STAND_IN_MEANINGS = {
    **MEANINGS,
    Mark.AGREES: _t(
        "A stand-in bears your answer out. About the model that the question names it says "
        "nothing.",
        "替代模型的量測結果支持你的答案；這無法說明題目所指的模型。",
    ),
    Mark.DIFFERS: _t(
        "A stand-in gives another answer than yours. About the model that the question names it "
        "says nothing.",
        "替代模型得出的答案與你的不同；這無法說明題目所指的模型。",
    ),
}

# in place of the report's words for what a key expects
SAID: Mapping[str, Text] = {
    "key": _t("Yours", "你的答案"),
    "no_key": _t("not answered", "未作答"),
    "key_ticks": _t("you chose this", "你選了此項"),
    "key_leaves": _t("you left this", "你沒選此項"),
    "differs": _t("differs from your answer", "與你的答案不同"),
    "filled_expected": _t("yours: {value}", "你的答案：{value}"),
    "no_rule": _t("not filled in, or not with a number", "未填寫，或填的不是數字"),
    "reading_marks": _t(
        "☒ chosen by you, ☐ left by you; ✓ measured to hold, ✗ measured to fail, ? open.",
        "☒ 你選的，☐ 你沒選的；✓ 量測成立，✗ 量測不成立，? 未定。",
    ),
    "check": _t("your answers, measured", "以量測檢驗你的答案"),
    "headline_settled": _t(
        "{agrees} of {judged} {judged:answer|answers} {agrees:agrees|agree} with what was measured",
        "{judged} 題已定案的答案中，{agrees} 題與量測相符",
    ),
    "headline_stand_in": _t(
        "{agrees} of {judged} {agrees:agrees|agree} with a stand-in",
        "替代模型上，{judged} 題中 {agrees} 題相符",
    ),
    "headline_none": _t("No answer could be judged", "沒有可判定的答案"),
    "not_the_key": _t(
        "Judged by measuring alone: the answer key was not looked at.",
        "僅以量測判定，沒有參照標準答案。",
    ),
    "points_settled": _t("points, settled by measuring", "經量測定案的得分"),
    "points_settled_help": _t("{got} of {possible}", "滿分 {possible}，得 {got}"),
    "points_stand_in": _t("points, on a stand-in", "依替代模型的得分"),
    "stand_in_note": _t(
        "A question about one model was measured on another, a stand-in: the model of your course "
        "may answer otherwise. These points are counted separately, and are no more than a hint.",
        "問特定模型的題目是以另一個模型（替代模型）量測的：你課程的模型可能得出不同答案。"
        "這些分數另計，僅供參考。",
    ),
    "points_open": _t("points left open", "未定的分數"),
    "points_open_help": _t("not decided or not measured", "無法判定或未量測"),
    "points_unanswered": _t("points without an answer", "沒有答案的分數"),
    "points_unanswered_help": _t("not answered, or cannot be read", "未作答或無法讀取"),
    "mark": _t("Mark", "結果"),
    "your_answer": _t("Your answer", "你的答案"),
    "points_of": _t(
        "{got} of {possible} {possible:point|points}", "得 {got} 分，滿分 {possible} 分"
    ),
    "points_head": _t("Points", "得分"),
    "problems": _t("What could not be read", "無法讀取的內容"),
    "show_evidence": _t("Show the evidence", "顯示證據"),
    "policy": _t("Policy", "計分方式"),
    "settled_line": _t(
        "{got} of {possible} {possible:point|points}, settled by measuring",
        "經量測定案：得 {got} 分，滿分 {possible} 分",
    ),
    "stand_in_line": _t(
        "{got} of {possible} {possible:point|points} on a stand-in",
        "依替代模型：得 {got} 分，滿分 {possible} 分",
    ),
    "open_line": _t("{possible} {possible:point|points} left open", "未定：{possible} 分"),
    "unanswered_line": _t(
        "{possible} {possible:point|points} not answered", "未作答：{possible} 分"
    ),
    "unread_line": _t(
        "{possible} {possible:point|points} of answers that cannot be read",
        "無法讀取的答案：{possible} 分",
    ),
    "left_empty": _t("Not answered:", "未作答："),
    "evidence_in_notebook": _t("The evidence, question by question", "各題的證據"),
}
