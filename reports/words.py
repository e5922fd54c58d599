"""The words of the report, each in both languages."""

from __future__ import annotations

from quizproof.probes.engine.results import Outcome, State
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
    State.KEY_INVALID: _t("key invalid", "標準答案無效"),
    State.FAILED: _t("failed", "量測失敗"),
    State.MISSING: _t("missing", "缺少資料"),
    State.UNDECIDED: _t("undecided", "無法判定"),
    State.STAND_IN_DIFFERS: _t("stand-in differs", "替代模型不同"),
    State.STAND_IN_AGREES: _t("stand-in agrees", "替代模型相同"),
}

FINDINGS = {
    Outcome.RULED_OUT: _t("the key is ruled out", "標準答案已被排除"),
    Outcome.SEVERAL_FIT: _t("several options hold", "多個選項成立"),
    Outcome.NONE_FITS: _t("no option holds", "沒有選項成立"),
    Outcome.OPEN: _t("open", "未定"),
}

MEANINGS = {
    State.CONFIRMED: _t(
        "The measurement bears the key’s answer out.",
        "量測結果支持標準答案。",
    ),
    State.CONTRADICTED: _t(
        "The measurement rules the key’s answer out: look at the evidence, then correct the key, "
        "or the rule if it does not say what the option means.",
        "量測結果與標準答案不符：請查看證據，然後更正標準答案；若規則並非選項的原意，則更正規則。",
    ),
    State.KEY_INVALID: _t(
        "The key breaks the question’s own terms, so that no student can be right whatever is "
        "measured: correct the question’s file.",
        "標準答案本身不符合題目的要求，不論量測結果為何都沒有學生能答對：請更正題目檔案。",
    ),
    State.FAILED: _t(
        "The measurement ended with an error, and the key’s answer is unchecked: read the error, "
        "and measure again.",
        "量測因錯誤而中止，標準答案未經檢查：請閱讀錯誤訊息後重新量測。",
    ),
    State.MISSING: _t(
        "Something that this question needs was not there, so that nothing was measured.",
        "缺少本題所需的資料，因此沒有進行量測。",
    ),
    State.UNDECIDED: _t(
        "The measurement does not single out an answer.",
        "量測結果不足以判定答案。",
    ),
    State.STAND_IN_DIFFERS: _t(
        "The key’s answer does not fit on another model than the one that the question is about. "
        "Change nothing yet: only the course’s own model settles this.",
        "在替代模型上，標準答案不符合量測結果。先不要更動：只有課程本身的模型能定案。",
    ),
    State.STAND_IN_AGREES: _t(
        "Another model than the one that the question is about gives the key’s answer. Only the "
        "course’s own model settles this.",
        "替代模型得出的答案與標準答案相同。只有課程本身的模型能定案。",
    ),
}

WORDS = {
    "packs": _t("many packs in one run", "一次檢查多個模型包"),
    "packs_interrupted": _t(
        "Interrupted: {done} of {all} {all:pack is|packs are} done.",
        "執行中斷：{all} 個模型包中只完成 {done} 個。",
    ),
    "packs_table": _t("Packs and questions", "模型包與題目"),
    "packs_reading": _t(
        "Each row is a pack, each column a question; a letter is the answer that was measured "
        "where it is not the key’s.",
        "每列是一個模型包，每欄是一題；字母是實測答案，僅在與標準答案不同時列出。",
    ),
    "splits": _t("Questions that packs answer differently", "各模型包答案不一的題目"),
    "no_splits": _t("None.", "無。"),
    "answered": _t("{answer}: {count} of the packs", "{answer}：{count} 個模型包"),
    "language": _t("Language", "語言"),
    "skip": _t("To the questions", "跳到題目"),
    "report": _t("the answer key, measured", "以量測檢驗標準答案"),
    "interrupted": _t(
        "Interrupted: {done} of {asked} {asked:question was|questions were} measured. The "
        "other {left} {left:is|are} unchecked.",
        "執行中斷：{asked} 題中只量測了 {done} 題，其餘 {left} 題未經檢查。",
    ),
    "partial": _t(
        "{asked} of the quiz’s {all} questions {asked:was|were} asked for; the others are "
        "unchecked.",
        "本測驗共 {all} 題，這次只量測 {asked} 題，其餘未經檢查。",
    ),
    "judged_at": _t("judged {when}", "判定於 {when}"),
    "head_wrong_one": _t("One answer in the key is wrong.", "標準答案有一題錯誤。"),
    "head_wrong": _t("{count} answers in the key are wrong.", "標準答案有 {count} 題錯誤。"),
    "head_proven_none": _t("None is proven.", "沒有任何一題獲得證實。"),
    "head_proven_one": _t("One is proven.", "一題獲得證實。"),
    "head_proven": _t("{count} are proven.", "{count} 題獲得證實。"),
    "head_all_proven": _t(
        "{count:The one answer|All {count} answers} in the key {count:is|are} proven.",
        "標準答案 {count} 題全部獲得證實。",
    ),
    "head_unsettled_one": _t("One is not settled.", "一題尚未定案。"),
    "head_unsettled": _t("{count} are not settled.", "{count} 題尚未定案。"),
    "on_stand_in": _t("On a stand-in model ", "替代模型上 "),
    "of_agree_one": _t("one agrees", "一題相符"),
    "of_agree": _t("{count} agree", "{count} 題相符"),
    "of_differ_one": _t("one comes out otherwise", "一題得出不同結果"),
    "of_differ": _t("{count} come out otherwise", "{count} 題得出不同結果"),
    "of_ruled_out_one": _t(
        "one key is ruled out with nothing else found", "一題的標準答案被排除而沒有找到其他答案"
    ),
    "of_ruled_out": _t(
        "{count} keys are ruled out with nothing else found",
        "{count} 題的標準答案被排除而沒有找到其他答案",
    ),
    "stop": _t(".", "。"),
    "between": _t(" ", "\u200b"),  # two sentences
    "of_several_one": _t("Of one, several options hold.", "有一題多個選項成立。"),
    "of_several": _t("Of {count}, several options hold.", "有 {count} 題多個選項成立。"),
    "of_none_one": _t("Of one, no option holds.", "有一題沒有選項成立。"),
    "of_none": _t("Of {count}, no option holds.", "有 {count} 題沒有選項成立。"),
    "of_open_one": _t("One is open.", "一題未定。"),
    "of_open": _t("{count} are open.", "{count} 題未定。"),
    "of_keyless_one": _t("One has no key.", "一題沒有標準答案。"),
    "of_keyless": _t("{count} have no key.", "{count} 題沒有標準答案。"),
    "of_unmeasured_one": _t("One was not measured.", "一題未量測。"),
    "of_unmeasured": _t("{count} were not measured.", "{count} 題未量測。"),
    "on_built_in": _t(
        "Measured on the demonstration model that is built into quizproof.",
        "以 quizproof 內附的示範模型量測。",
    ),
    "on_pack": _t("Measured on the pack {pack}.", "以模型包 {pack} 量測。"),
    "not_the_course_s": _t("It is not your course’s model.", "這不是貴課程的模型。"),
    "not_the_quiz_s": _t(
        "For some questions it is not the model that the quiz names.",
        "對部分題目而言，這不是測驗所指定的模型。",
    ),
    "to_settle_one": _t("To settle the question about that:", "若要為相關的一題定案："),
    "to_settle": _t("To settle the {count} questions about that:", "若要為相關的 {count} 題定案："),
    "your_folder": _t("YOUR_FOLDER", "課程資料夾"),
    "first_name_it": _t(
        "For {questions}, quiz.yaml first has to name that model (settled_by).",
        "{questions} 須先在 quiz.yaml 的 settled_by 指定該模型。",
    ),
    "left_out": _t(
        "To keep this page small, it has the evidence of the {most} most urgent questions; that of "
        "the other {count} is left out.",
        "為免頁面過大，只列出最急迫 {most} 題的證據，其餘 {count} 題的證據從略。",
    ),
    "left_out_one": _t(
        "The evidence of this question is left out here. To see it:",
        "此處從略本題的證據。查看方式：",
    ),
    "a_folder": _t("FOLDER", "資料夾"),
    "no_number": _t("{count} without a number, left out", "{count} 次沒有數值，已略去"),
    "wrong_answers": _t("Wrong answers", "錯誤的標準答案"),
    "wrong_by_chance": _t("wrong with a chance below {error} %", "判定錯誤的機率低於 {error} %"),
    "see_it": _t("See the evidence", "查看證據"),
    "topic": _t("Topic", "主題"),
    "all_states": _t("All {count}", "全部 {count}"),
    "search": _t("Search", "搜尋"),
    "open_all": _t("Open all", "全部展開"),
    "shown_of": _t("of {all} {all:question is|questions are} shown", "題（共 {all} 題）符合條件"),
    "number": _t("No.", "題號"),
    "sure": _t("How sure", "把握"),
    "kind_method": _t("any model settles it", "任何模型皆可定案"),
    "kind_settles": _t("the model asked about", "題目所問的模型"),
    "kind_architecture": _t("the architecture asked about", "題目所問的架構"),
    "kind_stand_in": _t("a stand-in model", "替代模型"),
    "kind_nothing": _t("none", "無"),
    "key": _t("Key", "標準答案"),
    "colon": _t(": ", "："),
    "semicolon": _t(";", "；"),
    "print_everything": _t("Print everything", "列印全部"),
    "printed_in_brief": _t(
        "Printed in brief: the summary, and the questions that changed or need attention. “Print "
        "everything”, at the top of the page, has all of them with their pictures and tables.",
        "此為簡要列印：只含摘要與有變動或需處理的題目。頁首的「列印全部」可列印所有題目及其圖表。",
    ),
    "theme": _t("Light or dark", "淺色或深色"),
    "limit_above": _t("fits above {limit}", "大於 {limit} 時符合"),
    "limit_at_or_above": _t("fits at {limit} or above", "等於或大於 {limit} 時符合"),
    "limit_at_or_below": _t("fits at {limit} or below", "等於或小於 {limit} 時符合"),
    "limit_below": _t("fits below {limit}", "小於 {limit} 時符合"),
    "decides_most": _t("of the rule’s comparisons, the one that decides", "規則中起決定作用的比較"),
    "categories_decide": _t(
        "Words are compared: they match or they do not.", "比較的是類別：只有相符或不相符。"
    ),
    "fits": _t("fits", "符合"),
    "fits_not": _t("does not fit", "不符合"),
    "fits_in": _t("fits in {held} of {of} {of:draw|draws}", "{of} 次抽樣中 {held} 次符合"),
    "mean_margin": _t(
        "mean distance to the limit {mean}, between {low} and {high}",
        "與門檻的平均差距 {mean}，介於 {low} 與 {high} 之間",
    ),
    "distance_in_tolerances": _t(
        "{distance} from the limit: {times} × the numerical tolerance of {tolerance}",
        "距離門檻 {distance}：為數值誤差 {tolerance} 的 {times} 倍",
    ),
    "differs_by_model": _t(
        "The two models disagree: which one the question means decides.",
        "兩個模型的結果不一致：答案取決於是哪一個模型。",
    ),
    "model_margin": _t("{margin} from the limit", "與門檻的差距 {margin}"),
    "distance": _t("{distance} from the limit", "距離門檻 {distance}"),
    "draws_as_dots": _t("Every draw, and the limit", "每次抽樣與門檻"),
    "value_and_limit": _t("What was measured, and the limit", "量測值與門檻"),
    "mean_and_spread": _t(
        "The mean over all draws; behind it the least and the largest, where they differ.",
        "所有抽樣的平均；其後為最小與最大值（若有不同）。",
    ),
    "maps_of_first": _t(
        "(draw 1 has the setting that the question describes)",
        "（第 1 次抽樣為題目所述的設定）",
    ),
    "all_questions": _t("All questions", "所有題目"),
    "nothing_measured": _t("No question was measured.", "沒有量測任何題目。"),
    "to_do": _t("What to do", "待辦事項"),
    "category_true": _t("a matching category", "類別相符"),
    "category_false": _t("a category that does not match", "類別不符"),
    "reading_margin": _t(
        "The margin is the distance from what was measured to the limit. The middle line is 0: to "
        "its right the option’s rule holds, to its left it fails. The dot is the "
        "estimate, the bar its interval; an option is decided once the evidence lies clear of 0. "
        "An arrow stands for ±∞: a category matches or it does not, and nothing lies between.",
        "圖中為量測值與門檻的差距。中線為 0：右側表示規則成立，左側表示不成立。"
        "圓點是估計值，橫條是其區間；證據明確離開 0 時，該選項即告判定。"
        "箭頭代表 ±∞：類別只有相符或不相符，沒有中間值。",
    ),
    "evidence": _t("The evidence", "證據"),
    "question": _t("Question", "題目"),
    "question_number": _t("Question {number}", "第 {number} 題"),
    "state": _t("State", "結果"),
    "which_first": _t("Which comes first, {one} or {other}?", "{one} 與 {other} 何者在前？"),
    "measured": _t("Measured", "實測"),
    "none_holds": _t("none", "無"),
    "no_key": _t("no key", "未附標準答案"),
    "not_decided": _t("not decided", "未定"),
    "advice": _t("What to do", "建議"),
    "and_next": _t(", ", "、"),
    "and_last": _t(" and ", " 與 "),
    "points": _t("{points} {points:point|points}", "{points} 分"),
    "options": _t("Options", "選項"),
    "option": _t("Option and rule", "選項與規則"),
    "blank": _t("Blank", "填空"),
    "list": _t("List", "下拉選單"),
    "filled_expected": _t("expected: {value}", "標準答案：{value}"),
    "filled_measured": _t("measured: {value}", "實測：{value}"),
    "fails": _t("fails", "不成立"),
    "holds": _t("holds", "成立"),
    "open": _t("open", "未定"),
    "key_ticks": _t("the key ticks this", "標準答案勾選此項"),
    "key_leaves": _t("the key leaves this", "標準答案未勾選此項"),
    "differs": _t("differs from the key", "與標準答案不同"),
    "no_rule": _t("no rule: there is no key to compare with", "沒有規則：沒有可比較的標準答案"),
    "not_measured": _t("not measured", "未量測"),
    "maps": _t("Pictures and maps", "圖片與熱圖"),
    "picture": _t("The picture as the model sees it", "模型所見的圖片"),
    "picture_number": _t("Picture {number} as the model sees it", "模型所見的圖片 {number}"),
    "outlined": _t("Outlined", "輪廓線"),
    "same_everywhere": _t("{value} at every place", "每一處皆為 {value}"),
    "no_value": _t("grey: no value", "灰色：沒有數值"),
    "charts": _t("Tables and drawings", "表與圖"),
    "series": _t("Measured series", "量測序列"),
    "numbers": _t("What was measured", "量測值"),
    "value": _t("Value", "數值"),
    "unit": _t("Unit", "單位"),
    "how": _t("How it was measured", "量測方式"),
    "probe": _t("Probe", "量測程序（probe）"),
    "no_probe": _t("none: this question names no probe", "無：本題未指定量測程序"),
    "parameters": _t("Parameters", "參數"),
    "defaults": _t("the probe’s defaults", "預設值"),
    "model": _t("Model", "模型"),
    "model_built_in": _t("demonstration model", "示範模型"),
    "model_of_pack": _t("the pack’s model", "模型包的模型"),
    "model_random": _t("the same with random weights", "相同架構、隨機權重"),
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
        "The chance that any of these verdicts is wrong is at most {error} %.",
        "這些判定中有任何一個錯誤的機率至多為 {error} %。",
    ),
    "passes": _t("Pictures or sentences through the model", "通過模型的圖片或句子數"),
    "passes_counted": _t(
        "{forward} forward, {backward} backward", "正向 {forward}，反向 {backward}"
    ),
    "time": _t("Time", "時間"),
    "seconds": _t("{seconds} s", "{seconds} 秒"),
    "seed": _t("Seed", "亂數種子"),
    "repeat": _t("To measure it again", "重新量測本題"),
    "show_draws": _t("To see all its draws", "查看所有抽樣"),
    "option_pack": _t(" --pack YOUR_FOLDER", " --pack 課程資料夾"),
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
        "The quiz does not name what the question is about ({parts}): until its quiz.yaml "
        "does, nobody’s "
        "evidence settles it.",
        "測驗並未指定本題所問的對象（{parts}）：在 quiz.yaml 指定之前，任何人的證據都無法定案。",
    ),
    "about_named": _t(
        "The model that the quiz names: it settles the question.",
        "測驗所指定的模型：能為本題定案。",
    ),
    "about_stand_in": _t(
        "Tried on the built-in demonstration model alone, a stand-in: it settles nothing about the "
        "model that the quiz names.",
        "僅以內附的示範模型（替代模型）試測：無法為測驗所指定的模型定案。",
    ),
    "about_other": _t(
        "Tried on the model of pack {pack}, a stand-in: it is not the one that the quiz names.",
        "以模型包 {pack} 的模型（替代模型）試測：並非測驗所指定的模型。",
    ),
    "zero_line": _t("Models that learned nothing", "什麼都沒學過的模型"),
    "zero_line_same": _t(
        "{same} of {of} {of:model|models} that learned nothing (random weights) "
        "{same:gives|give} the same answer.",
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
        "將它增減五分之一，內附模型包就會得出不同的答案。",
    ),
    "zero_line_open": _t(
        "{of} {of:model|models} with random weights {of:was|were} measured, but there is no "
        "answer to compare.",
        "量測了 {of} 個隨機權重的模型，但沒有實測的答案可以比較。",
    ),
    "wordings": _t("The question’s two languages ask different things.", "本題兩種語言所問不同。"),
    "wording_in": _t("By the {language}", "依{language}"),
    "wording_taken": _t("(the rules are for this one)", "（規則依此）"),
    "reading": _t("How to read the drawings", "圖的讀法"),
    "reading_states": _t(
        "Proven: measured on what the question is about, or, for a question about a method, on any "
        "model, and as the key says. Wrong: measured so that the key’s answer is ruled out. Not "
        "settled: measured on another model than the question is about, or without a clear result.",
        "證實：以題目所問的模型（若問的是方法，則以任何模型）量測，且與標準答案相同。"
        "錯誤：量測結果排除了標準答案。尚未定案：以替代模型量測，或沒有明確結果。",
    ),
    "reading_draws": _t(
        "Each dot is one draw: one whole result, as a student would see it. The line is the limit "
        "that the option’s rule names; on the coloured side the rule holds. A question about a "
        "method has a second row of dots: the same network with random weights.",
        "每個圓點是一次抽樣，也就是學生會看到的一個完整結果。直線是選項規則所訂的門檻，"
        "有底色的一側表示規則成立。問方法的題目有第二列圓點：同一個網路、隨機權重。",
    ),
    "reading_marks": _t(
        "☒ the key ticks it, ☐ the key does not; ✓ it was measured to hold, ✗ to fail, "
        "? it is open.",
        "☒ 標準答案勾選，☐ 標準答案未勾選；✓ 量測成立，✗ 量測不成立，? 未定。",
    ),
    "reading_keys": _t(
        "On the keyboard: j and k go to the next and the previous question, / to the search, "
        "? to this help.",
        "鍵盤：j 與 k 移到下一題與上一題，/ 移到搜尋，? 移到本說明。",
    ),
    "embedded": _t("(built in)", "（內附）"),
    "run": _t("The run", "執行資訊"),
    "quiz": _t("Quiz", "測驗"),
    "pack": _t("Pack", "模型包"),
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
