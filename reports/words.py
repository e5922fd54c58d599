"""The words of the report, each in both languages."""

from __future__ import annotations

from quizproof.probes.engine.results import State
from quizproof.questions.spec import Text


def _t(en: str, zh_hant: str) -> Text:
    return Text(en=en, zh_hant=zh_hant)


# The symbols tell states apart without colour
SYMBOLS = {
    State.CONFIRMED: "✓",
    State.CONTRADICTED: "✗",
    State.KEY_INVALID: "!",
    State.FAILED: "⊘",
    State.MISSING: "○",
    State.UNDECIDED: "?",
    State.STAND_IN_DIFFERS: "≠",
    State.STAND_IN_AGREES: "≈",
}

NAMES = {
    State.CONFIRMED: _t("confirmed", "證實"),
    State.CONTRADICTED: _t("contradicted", "不符"),
    State.KEY_INVALID: _t("key invalid", "答案無效"),
    State.FAILED: _t("failed", "量測失敗"),
    State.MISSING: _t("missing", "缺少資料"),
    State.UNDECIDED: _t("undecided", "無法判定"),
    State.STAND_IN_DIFFERS: _t("stand-in differs", "代用模型不同"),
    State.STAND_IN_AGREES: _t("stand-in agrees", "代用模型相同"),
}

MEANINGS = {
    State.CONFIRMED: _t(
        "What was measured bears out the expected answer.",
        "量測結果支持預期答案。",
    ),
    State.CONTRADICTED: _t(
        "What was measured speaks against the expected answer.",
        "量測結果與預期答案不符。",
    ),
    State.KEY_INVALID: _t(
        "The expected answer breaks the question’s own terms, whatever is measured.",
        "不論量測結果為何，預期答案本身就不符合題目的要求。",
    ),
    State.FAILED: _t(
        "The measurement stopped with an error; nothing is known.",
        "量測因錯誤而中止，沒有任何結果。",
    ),
    State.MISSING: _t(
        "Something this question needs was not there, so nothing was measured.",
        "缺少本題所需的資料，因此沒有進行量測。",
    ),
    State.UNDECIDED: _t(
        "The measurements do not single out an answer.",
        "量測結果不足以判定答案。",
    ),
    State.STAND_IN_DIFFERS: _t(
        "A stand-in model gives another answer than the expected one. "
        "About the model that the quiz names it says nothing.",
        "代用模型得出的答案與預期答案不同；這無法說明測驗所指定的模型。",
    ),
    State.STAND_IN_AGREES: _t(
        "A stand-in model gives the expected answer. "
        "About the model that the quiz names it says nothing.",
        "代用模型得出的答案與預期答案相同；這無法說明測驗所指定的模型。",
    ),
}

ACTIONS = {
    State.CONTRADICTED: _t(
        "Look at the evidence, then correct the key, or the rule if it is not what is meant.",
        "請查看證據，然後更正答案；若規則並非題意，則更正規則。",
    ),
    State.KEY_INVALID: _t(
        "Mend the key or the question as the line below says; no student can be right until then.",
        "請依下列說明修正答案或題目；在此之前，沒有學生能答對。",
    ),
    State.FAILED: _t(
        "Read the error and run again; until then the answer is unchecked.",
        "請閱讀錯誤訊息後重新執行；在此之前，答案未經檢查。",
    ),
    State.MISSING: _t(
        "Provide what is named below and run again; until then the answer is unchecked.",
        "請補上下列資料後重新執行；在此之前，答案未經檢查。",
    ),
    State.UNDECIDED: _t(
        "See which options are open, or hold together: reword the question, or mend the rules.",
        "請查看哪些選項未定或同時成立：請修改題目的文字，或修正規則。",
    ),
    State.STAND_IN_DIFFERS: _t(
        "Change nothing yet: measure with the model that the quiz names (--pack). Only that "
        "settles these; where quiz.yaml names none, name it there first (settled_by).",
        "先不要更動：請以測驗所指定的模型量測（--pack），只有該模型能定案；"
        "若 quiz.yaml 尚未指定，請先在 settled_by 指定。",
    ),
    State.STAND_IN_AGREES: _t(
        "Not confirmed: measure with the model that the quiz names (--pack). Only that settles "
        "these; where quiz.yaml names none, name it there first (settled_by).",
        "尚未證實：請以測驗所指定的模型量測（--pack），只有該模型能定案；"
        "若 quiz.yaml 尚未指定，請先在 settled_by 指定。",
    ),
}

# What is to be done about one question; {id}, {expected} and {measured} are filled in
TASKS = {
    State.CONTRADICTED: _t(
        "Check the key of {id}: measured {measured}, expected {expected}.",
        "請檢查 {id} 的答案：實測 {measured}，預期 {expected}。",
    ),
    State.KEY_INVALID: _t(
        "Mend the key of {id}: expected {expected}, measured {measured}.",
        "請修正 {id} 的答案：預期 {expected}，實測 {measured}。",
    ),
    State.FAILED: _t("Find out why {id} failed.", "請查明 {id} 失敗的原因。"),
    State.MISSING: _t("Provide what {id} needs.", "請補上 {id} 所需的資料。"),
    State.UNDECIDED: _t(
        "Look at the options of {id} (expected {expected}).",
        "請查看 {id} 的選項（預期 {expected}）。",
    ),
    State.STAND_IN_DIFFERS: _t(
        "{id}: the stand-in gives {measured}, expected {expected}.",
        "{id}：代用模型得出 {measured}，預期 {expected}。",
    ),
    State.STAND_IN_AGREES: _t("{id}: {expected}", "{id}：{expected}"),
}

WORDS = {
    "packs": _t("many packs in one run", "一次檢查多個資料包"),
    "packs_standing": _t(
        "{differing} of {all} packs differ from the key",
        "{all} 個資料包中，{differing} 個與答案不同",
    ),
    "packs_interrupted": _t(
        "Interrupted: {done} of {all} packs are done.",
        "執行中斷：{all} 個資料包中只完成 {done} 個。",
    ),
    "packs_table": _t("Packs and questions", "資料包與題目"),
    "packs_reading": _t(
        "Each row is a pack, each column a question; a letter is the answer that was measured "
        "where it is not the expected one.",
        "每列是一個資料包，每欄是一題；字母是實測答案，僅在與預期答案不同時列出。",
    ),
    "splits": _t("Questions that packs answer differently", "各資料包答案不一的題目"),
    "no_splits": _t("None.", "無。"),
    "answered": _t("{answer}: {count} of the packs", "{answer}：{count} 個資料包"),
    "language": _t("Language", "語言"),
    "skip": _t("To the questions", "跳到題目"),
    "report": _t("the answer key, measured", "以量測檢驗答案"),
    "standing": _t(
        "{confirmed} of {asked} expected answers are confirmed",
        "{asked} 題預期答案中，{confirmed} 題獲得證實",
    ),
    "interrupted": _t(
        "Interrupted: {done} of {asked} questions were measured. The other {left} are unchecked.",
        "執行中斷：{asked} 題中只量測了 {done} 題，其餘 {left} 題未經檢查。",
    ),
    "partial": _t(
        "{asked} of the quiz’s {all} questions were asked for; the others are unchecked.",
        "本測驗共 {all} 題，這次只量測 {asked} 題，其餘未經檢查。",
    ),
    "group_stand": _t("stand", "成立"),
    "group_stand_help": _t("confirmed by measurement", "經量測證實"),
    "group_fall": _t("do not stand", "不成立"),
    "group_fall_help": _t("contradicted, or the key is invalid", "與量測不符，或答案無效"),
    "group_stand_in": _t("stand-in evidence only", "僅有代用模型的證據"),
    "group_stand_in_help": _t("neither confirmed nor contradicted", "既未證實，也未否定"),
    "group_open": _t("open", "未定"),
    "group_open_help": _t(
        "undecided, missing, failed or not reached", "無法判定、缺少、失敗或未量測"
    ),
    "all_questions": _t("All questions", "所有題目"),
    "to_do": _t("What to do", "待辦事項"),
    "nothing_to_do": _t(
        "Nothing: every expected answer is confirmed.", "無：所有預期答案都獲得證實。"
    ),
    "nothing_measured": _t("No question was measured.", "沒有量測任何題目。"),
    "evidence": _t("The evidence", "證據"),
    "question": _t("Question", "題目"),
    "question_number": _t("Question {number}", "第 {number} 題"),
    "state": _t("State", "結果"),
    "expected": _t("Expected", "預期"),
    "which_first": _t("Which comes first, {one} or {other}?", "{one} 與 {other} 何者在前？"),
    "measured": _t("Measured", "實測"),
    "none_holds": _t("none", "無"),
    "no_key": _t("no key", "未附答案"),
    "not_decided": _t("not decided", "未定"),
    "more_draws": _t(
        "More draws (max_draws) may decide it.", "增加抽樣次數（max_draws）或可判定。"
    ),
    "and_next": _t(", ", "、"),
    "and_last": _t(" and ", " 與 "),
    "points": _t("{points} points", "{points} 分"),
    "options": _t("Options", "選項"),
    "option": _t("Option and rule", "選項與規則"),
    "blank": _t("Blank", "填空"),
    "list": _t("List", "下拉選單"),
    "filled_expected": _t("expected: {value}", "預期：{value}"),
    "filled_measured": _t("measured: {value}", "實測：{value}"),
    "margin": _t("Margin", "裕度"),
    "fails": _t("fails", "不成立"),
    "holds": _t("holds", "成立"),
    "open": _t("open", "未定"),
    "key_ticks": _t("the key ticks this", "答案勾選此項"),
    "key_leaves": _t("the key leaves this", "答案未勾選此項"),
    "differs": _t("differs from the key", "與答案不同"),
    "no_rule": _t("no rule: there is no key to compare with", "沒有規則：沒有可比較的答案"),
    "category_true": _t("a matching category", "類別相符"),
    "category_false": _t("a category that does not match", "類別不符"),
    "not_measured": _t("not measured", "未量測"),
    "mixed_unit": _t("in the unit of its deciding comparison", "單位依決定性的比較而定"),
    "share_unit": _t("share of draws above one half", "成立的抽樣比例減二分之一"),
    "maps": _t("Pictures and maps", "圖片與熱圖"),
    "picture": _t("The picture as the model sees it", "模型所見的圖片"),
    "picture_number": _t("Picture {number} as the model sees it", "模型所見的圖片 {number}"),
    "outlined": _t("Outlined", "輪廓線"),
    "no_value": _t("grey: no value", "灰色：沒有數值"),
    "charts": _t("Tables and drawings", "表與圖"),
    "variance_kept": _t(
        "(of the variance, {across} % across and {up} % up)",
        "（橫軸 {across} %、縱軸 {up} % 的變異）",
    ),
    "series": _t("Measured series", "量測序列"),
    "numbers": _t("What was measured", "量測值"),
    "name": _t("Name", "名稱"),
    "value": _t("Value", "數值"),
    "interval": _t("Interval", "區間"),
    "unit": _t("Unit", "單位"),
    "how": _t("How it was measured", "量測方式"),
    "probe": _t("Probe", "量測程序（probe）"),
    "no_probe": _t("none: this question names no probe", "無：本題未指定量測程序"),
    "parameters": _t("Parameters", "參數"),
    "defaults": _t("the probe’s defaults", "預設值"),
    "model": _t("Model", "模型"),
    "no_model": _t("the probe’s own", "量測程序自備"),
    "draws": _t("Draws", "抽樣次數"),
    "draws_of": _t("{draws} (at most {most} a model)", "{draws}（每個模型至多 {most}）"),
    "decided_by": _t("Decided by", "判定依據"),
    "by_mean": _t("the mean over draws of each comparison", "每個比較在各次抽樣的平均值"),
    "by_share": _t(
        "the share of draws in which the rule holds, against one half",
        "規則成立的抽樣比例是否超過二分之一",
    ),
    "by_exact": _t("one exact measurement", "一次確定性的量測"),
    "certainty": _t("Certainty", "確定程度"),
    "exact": _t("exact, ± {tolerance} (numerical)", "確定，± {tolerance}（數值誤差）"),
    "confidence": _t(
        "{confidence} confidence for all options together, whenever drawing stops",
        "所有選項合計的信賴水準為 {confidence}，不論何時停止抽樣",
    ),
    "passes": _t("Pictures or sentences through the model", "通過模型的圖片或句子數"),
    "passes_counted": _t(
        "{forward} forward, {backward} backward", "正向 {forward}，反向 {backward}"
    ),
    "time": _t("Time", "時間"),
    "seconds": _t("{seconds} s", "{seconds} 秒"),
    "seed": _t("Seed", "亂數種子"),
    "doubt": _t("Doubt", "疑點"),
    "whose": _t("Whose evidence", "證據來源"),
    "about_nothing": _t("None: nothing was measured.", "無：沒有進行量測。"),
    "about_method": _t(
        "The question is about the method: any model settles it.",
        "本題問的是方法：任何模型都能定案。",
    ),
    "about_architecture": _t(
        "The question is about an architecture, and the model has it: it settles the question.",
        "本題問的是架構，而量測的模型正是此架構：能為本題定案。",
    ),
    "about_unnamed": _t(
        "The quiz names no {roles} that the question is about: until its quiz.yaml does, nobody’s "
        "evidence settles it.",
        "測驗並未指定本題所問的 {roles}：在 quiz.yaml 指定之前，任何人的證據都無法定案。",
    ),
    "about_named": _t(
        "The model that the quiz names: it settles the question.",
        "測驗所指定的模型：能為本題定案。",
    ),
    "about_stand_in": _t(
        "A stand-in, the model of the embedded pack: it settles nothing about the model that the "
        "quiz names.",
        "代用模型（內附資料包的模型）：無法為測驗所指定的模型定案。",
    ),
    "about_other": _t(
        "A stand-in, the model of pack {pack}: it is not the one that the quiz names.",
        "代用模型（資料包 {pack} 的模型）：並非測驗所指定的模型。",
    ),
    "zero_line": _t("Models that learned nothing", "什麼都沒學過的模型"),
    "zero_line_same": _t(
        "{same} of {of} models that learned nothing (random weights) give the same answer.",
        "{of} 個什麼都沒學過的模型（隨機權重）中，有 {same} 個給出相同的答案。",
    ),
    "zero_line_left_open": _t("{open} of them left it open.", "其中 {open} 個無法判定。"),
    "zero_line_worth": _t(
        "So the answer says little about what this model learned.",
        "因此這個答案幾乎不能說明此模型學到了什麼。",
    ),
    "thresholds": _t("Thresholds", "門檻"),
    "threshold_close": _t(
        "A fifth more or less of it gives another answer on the embedded pack.",
        "將它增減五分之一，內附資料包就會得出不同的答案。",
    ),
    "zero_line_open": _t(
        "{of} with random weights were measured; there is no answer to compare theirs with.",
        "量測了 {of} 個隨機權重的模型，但沒有實測答案可以比較。",
    ),
    "wordings": _t("The question’s two languages ask different things.", "本題兩種語言所問不同。"),
    "wording_in": _t("By the {language}", "依{language}"),
    "wording_taken": _t("(the rules are for this one)", "（規則依此）"),
    "reading": _t("How to read the drawings", "圖的讀法"),
    "reading_margin": _t(
        "The margin says how far the measurement is from changing an option’s verdict. The middle "
        "line is 0: to its right the option’s rule holds, to its left it fails. The dot is the "
        "estimate, the bar its interval; an option is decided once the evidence lies clear of 0. "
        "An arrow stands for ±∞: a category matches or it does not, and nothing lies between.",
        "裕度表示量測值距離改變該選項判定還有多遠。中線為 0：右側表示規則成立，左側表示不成立。"
        "圓點是估計值，橫條是其區間；證據明確離開 0 時，該選項即告判定。"
        "箭頭代表 ±∞：類別只有相符或不相符，沒有中間值。",
    ),
    "reading_marks": _t(
        "☒ ticked by the key, ☐ left by it; ✓ measured to hold, ✗ measured to fail, ? open.",
        "☒ 答案勾選，☐ 答案未勾選；✓ 量測成立，✗ 量測不成立，? 未定。",
    ),
    "run": _t("The run", "執行資訊"),
    "quiz": _t("Quiz", "測驗"),
    "pack": _t("Pack", "資料包"),
    "embedded": _t("embedded", "內附"),
    "digest": _t("Digest (SHA-256)", "雜湊值（SHA-256）"),
    "device": _t("Device", "運算裝置"),
    "versions": _t("Versions", "版本"),
    "notes": _t("Notes", "備註"),
    "held_out": _t("Right on what was held out", "保留資料上的正確率"),
    "held_out_share": _t("{right} % of {count}", "{count} 個中的 {right} %"),
    "held_out_guess": _t(
        "({baseline} % by always guessing the commonest)", "（一律猜最常見者為 {baseline} %）"
    ),
}
