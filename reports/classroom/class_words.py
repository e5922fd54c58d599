"""The words of a class's report, each in both languages."""

from __future__ import annotations

from quizproof.questions.spec import Text


def _t(en: str, zh_hant: str) -> Text:
    return Text(en=en, zh_hant=zh_hant)


POLICIES = {
    "all-or-nothing": _t(
        "all or nothing: a question's points for an answer that is right in every part",
        "全對才給分：每個部分都答對才得該題分數",
    ),
    "partial-credit": _t(
        "partial credit: of several options, right less wrong ones, not below zero; of blanks and "
        "lists, the share that is right",
        "部分給分：複選題以答對數減答錯數計，不低於零；填空與下拉選單依答對比例計",
    ),
    "per-blank": _t(
        "per blank: of blanks and lists, the share that is right; of options, all or nothing",
        "逐格給分：填空與下拉選單依答對比例計；選擇題全對才給分",
    ),
}

CLASS_WORDS = {
    "kicker": _t("a class, graded", "班級評分報告"),
    "meta": _t(
        "{students} {students:student|students} · {questions} {questions:question|questions} "
        "· {policy} · {file}",
        "{students} 位學生 · {questions} 題 · {policy} · {file}",
    ),
    "standing_against": _t(
        "The measurement contradicts the key of {count} questions: correct it before grades go out",
        "量測結果與 {count} 題的標準答案不符：請先更正標準答案，再公布成績",
    ),
    "standing_against_one": _t(
        "The measurement contradicts the key of one question: correct it before grades go out",
        "量測結果與 1 題的標準答案不符：請先更正標準答案，再公布成績",
    ),
    "standing_unread": _t(
        "Graded, with {count} {count:problem|problems} of the answers",
        "已完成評分，但作答有 {count} 處問題",
    ),
    "standing_of_quiz": _t(
        "Graded, with {count} {count:problem|problems} of the quiz’s keys or files",
        "已完成評分，但標準答案或測驗檔案有 {count} 處問題",
    ),
    "standing_problems": _t(
        "Graded, with {count} {count:problem|problems} of the answers and of the quiz’s keys or "
        "files",
        "已完成評分，但作答與標準答案或測驗檔案共有 {count} 處問題",
    ),
    "standing_good": _t(
        "Graded; nothing speaks against the key", "已完成評分；沒有跡象顯示標準答案有誤"
    ),
    "standing_unknown": _t(
        "Graded by the key, which is not checked: nothing was measured",
        "已依標準答案評分；標準答案未經量測檢查",
    ),
    "standing_partly": _t(
        "Graded; of {count} {count:question|questions} the key is not settled by measurement",
        "已完成評分；有 {count} 題的標準答案尚未由量測定案",
    ),
    "students": _t("students graded", "已評分學生"),
    "ungraded": _t("{count} not graded: their rows differ", "{count} 位未評分：其資料列互相矛盾"),
    "all_graded": _t("everyone in the file", "檔案中的所有人"),
    "mean": _t("mean of {possible} {possible:point|points}", "平均（滿分 {possible}）"),
    "median": _t(
        "median {median}, standard deviation {deviation}, from {low} to {high}",
        "中位數 {median}，標準差 {deviation}，自 {low} 至 {high}",
    ),
    "median_alone": _t(
        "median {median}, standard deviation {deviation}", "中位數 {median}，標準差 {deviation}"
    ),
    "too_few": _t(
        "Fewer than five students: to show more would tell of each.",
        "學生少於五位：若顯示更多內容，等同透露個別學生的情況。",
    ),
    "points_of_all": _t("points", "分數"),
    "mean_line": _t("the mean, {mean}", "平均 {mean}"),
    "ends": _t(
        "No points: {nothing}. All points: {everything}.",
        "零分：{nothing} 人。滿分：{everything} 人。",
    ),
    "broad_bars": _t(
        "Nothing here is exact, so that two such pages do not tell of a student: numbers of "
        "students, and shares of them, are rounded to five students (≈), mean, median and "
        "deviation to five percent of the points, correlations and alpha to a tenth. Bars of "
        "fewer than five students are one with their neighbours.",
        "本頁數值皆非精確值，以免從兩份報告推知個別學生：人數與比例以五人為單位取近似值（≈），"
        "平均、中位數與標準差以滿分的 5 % 為單位，相關係數與 α 取至小數一位。"
        "不足五人的區間已與相鄰區間合併。",
    ),
    "from": _t("From", "自"),
    "to": _t("To", "至"),
    "file_unnamed": _t("made without names", "不含姓名"),
    "old_key": _t("the old key", "舊的標準答案"),
    "evidence_known": _t("known", "已知"),
    "see_evidence": _t("evidence", "證據"),
    "scatter": _t("Questions by how hard they are and how they tell apart", "各題的難易與鑑別"),
    "scatter_help": _t(
        "To the right of 95 % and below 0.2 a question tells students apart no more; below 0 those "
        "who do well elsewhere do worse in it. Red: the measurement contradicts the key.",
        "得分率高於 95 % 且鑑別度低於 0.2 的題目幾乎無法區分學生；鑑別度低於 0 表示其他題表現好的"
        "學生在此題反而較差。紅色：量測結果與標準答案不符。",
    ),
    "fifths": _t("Right, by fifths of the class", "各五分組的得分率"),
    "alpha": _t("Cronbach’s alpha", "Cronbach’s α"),
    "alpha_help": _t("how well the questions agree with each other", "各題之間的一致程度"),
    "look_at": _t("questions to look at", "值得檢視的題目"),
    "look_at_help": _t("listed below, the most urgent first", "列於下方，最急迫者在前"),
    "points_axis": _t("Students by points", "分數分布"),
    "against": _t("The measurement against the key", "量測結果與標準答案不符"),
    "against_says": _t(
        "{id}: the key expects {key}, but {measured} was measured, on evidence that settles it.",
        "{id}：標準答案為 {key}，但實測為 {measured}，且此證據足以定案。",
    ),
    "against_chose": _t(
        "{count} of {all} {all:student|students} ({share} %) chose {options}, which the "
        "measurement supports "
        "and the key does not.",
        "{all} 位學生中有 {count} 位（{share} %）選了 {options}：量測支持、但標準答案未列。",
    ),
    "key_is_invalid": _t("nobody can be right by this key", "依此標準答案無人能答對"),
    "or": _t(" or ", "或"),
    "against_none_chose": _t(
        "No student chose otherwise than the key in what was measured.",
        "沒有學生的作答符合實測而不符合標準答案。",
    ),
    "against_many": _t("a tenth of the class or more", "達全班十分之一"),
    "against_change": _t(
        "With {mended} for a key, {gain} {gain:student|students} would gain points and "
        "{lose} would lose some.",
        "若標準答案改為 {mended}，{gain} 位學生會加分，{lose} 位會扣分。",
    ),
    "against_do": _t(
        "Look at the evidence (quizproof verify --report), correct the key, and grade again with "
        "--before to see whose points change.",
        "請查看證據（quizproof verify --report）並更正標準答案，再以 --before 重新評分，"
        "即可得知誰的分數改變。",
    ),
    "stand_ins": _t("Stand-ins that differ from the key", "替代模型與標準答案不同"),
    "stand_ins_help": _t(
        "Measured on another model than the question is about: this settles nothing. Measure with "
        "the model that the quiz names before anything is changed.",
        "這些量測使用的並非題目所指的模型，無法定案。更動之前，請以測驗所指定的模型量測。",
    ),
    "stand_in_says": _t(
        "{id}: key {key}, the stand-in gives {measured}; {count} of {all} "
        "{all:student|students} answered so "
        "against the key",
        "{id}：標準答案為 {key}，替代模型得出 {measured}；"
        "{all} 位學生中有 {count} 位如此作答而與標準答案不同",
    ),
    "of_quiz": _t("Problems of the quiz", "測驗的問題"),
    "of_quiz_help": _t(
        "By an invalid key nobody can be right, whatever they answered. Mend the quiz and grade "
        "again.",
        "標準答案無效時，不論如何作答都無法得分。請修正測驗後重新評分。",
    ),
    "left_out_invalid": _t(
        "Left out: {count}, whose key is invalid, so that nobody can be right ({questions}).",
        "未列入：{count} 題的標準答案無效，無人能答對（{questions}）。",
    ),
    "left_out_alike": _t(
        "Left out: {count}, in which all have the same points, or which too few answered "
        "({questions}).",
        "未列入：{count} 題所有人得分相同，或作答人數過少（{questions}）。",
    ),
    "unread": _t("Problems of the answers", "作答的問題"),
    "unread_help": _t(
        "Nothing here has points. Correct the file and grade again, or grade these by hand.",
        "以下各項均未給分。請修正檔案後重新評分，或以人工評分。",
    ),
    "unread_more": _t(
        "… and {count} more; all are on standard error", "……另有 {count} 項；全部列於標準錯誤輸出"
    ),
    "changes": _t("Whose points change", "分數有變動者"),
    "nobody_loses": _t(
        "An answer that the old key gives more for keeps that.",
        "舊標準答案給分較高的作答保留其分數。",
    ),
    "changes_says": _t(
        "Against {name}: {more} {more:student gains|students gain} points, {less} "
        "{less:loses|lose} some.",
        "與 {name} 相比：{more} 位學生加分，{less} 位扣分。",
    ),
    "changes_none": _t(
        "Against {name}, nobody’s points change.", "與 {name} 相比，沒有人的分數變動。"
    ),
    "gain": _t("gain", "加分"),
    "lose": _t("lose", "扣分"),
    "student": _t("Student", "學生"),
    "before": _t("Before", "先前"),
    "after": _t("Now", "現在"),
    "by": _t("Change", "變動"),
    "in_questions": _t("In", "題目"),
    "not_graded": _t("not graded", "未評分"),
    "good_distractors": _t("Wrong options that good students pick", "高分學生偏好的錯誤選項"),
    "good_distractors_help": _t(
        "Wrong by the key, and yet chosen rather by those who do well in the other questions, by "
        "more than two standard errors. The option, the wording or the key may be at fault.",
        "依標準答案為錯誤，但在其他題目表現好的學生反而較常選擇（超出兩個標準誤）。選項、題意或標準答案可能有問題。",
    ),
    "good_distractor": _t(
        "{id}, option {option}: chosen by {share} % of all, {upper} % of the upper and {lower} % "
        "of the lower group (r = {r})",
        "{id} 選項 {option}：全體 {share} % 選擇；高分組 {upper} %，低分組 {lower} %（r = {r}）",
    ),
    "all": _t("All questions", "所有題目"),
    "key": _t("Key", "標準答案"),
    "measured_says": _t("Measurement", "量測"),
    "unknown": _t("unknown", "未知"),
    "difficulty": _t("Right", "得分率"),
    "discrimination": _t("Discrimination", "鑑別度"),
    "chose": _t("Answers", "作答分布"),
    "details": _t("The questions one by one", "逐題分析"),
    "option_head": _t("Option", "選項"),
    "fill_head": _t("Filled with", "填答"),
    "count": _t("Students", "人數"),
    "count_by": _t("Students per {points} {points:point|points}", "每 {points} 分的人數"),
    "share": _t("Share", "比例"),
    "upper": _t("Upper 27 %", "高分組 27 %"),
    "lower": _t("Lower 27 %", "低分組 27 %"),
    "r": _t("r with the rest", "與其餘題目的相關 r"),
    "in_key": _t("key", "標準答案"),
    "supported": _t("measured to hold", "實測成立"),
    "not_supported": _t("measured to fail", "實測不成立"),
    "draws_good": _t("good students pick it", "高分學生偏好"),
    "list": _t("List", "下拉選單"),
    "blank": _t("Blank", "填空"),
    "empty": _t("left empty: {count}", "未作答：{count}"),
    "not_read": _t("could not be read: {count}", "無法讀取：{count}"),
    "put_to": _t("put to {count} {count:student|students}", "{count} 位學生作答"),
    "nobody": _t("Nobody was graded.", "沒有學生獲得評分。"),
    "reading": _t("How to read the numbers", "數字的讀法"),
    "reading_difficulty": _t(
        "Right: the mean share of a question’s points that students have. Below 25 % a question is "
        "very hard, above 95 % it tells students apart no more.",
        "得分率：學生在該題得分占滿分的平均比例。低於 25 % 表示極難，"
        "高於 95 % 則幾乎無法區分學生。",
    ),
    "reading_discrimination": _t(
        "Discrimination: the correlation of a question’s points with the points of all the others "
        "(corrected item-total correlation). Teachers wish for 0.2 or more; below 0, those who do "
        "well elsewhere do worse here, which often means that the key is wrong.",
        "鑑別度：該題得分與其餘各題總分的相關（校正後題項總分相關）。一般希望至少 0.2；若低於 0，"
        "表示其他題表現好的學生在此題反而較差，往往意味標準答案有誤。",
    ),
    "reading_fifths": _t(
        "By fifths: the share of the question’s points that each fifth of the class has, from the "
        "least points elsewhere to the most. It rises where a question tells students apart.",
        "五分組：依其餘各題得分由低至高分為五組，各組在該題的得分率。能區分學生的題目，其得分率逐組上升。",
    ),
    "reading_option": _t(
        "r of an option: the point-biserial correlation of choosing it with the points of the "
        "other questions. It is above 0 for a right option and below 0 for a wrong one. The upper "
        "and the lower group are the 27 % with the most and the fewest points elsewhere.",
        "選項的 r：是否選擇該項與其餘各題得分的點二系列相關。正確選項應大於 0，錯誤選項應小於 0。"
        "高分組與低分組分別是其餘各題得分最高與最低的 27 %。",
    ),
    "reading_alpha": _t(
        "Cronbach’s alpha: how far the questions measure one thing; 0.7 is usual for a test. It is "
        "over those to whom every question was put.",
        "Cronbach’s α：各題測量同一能力的程度；一般測驗約為 0.7。僅計入作答所有題目的學生。",
    ),
    "made": _t("How this was made", "評分資訊"),
    "policy": _t("Policy", "計分方式"),
    "file": _t("Responses", "作答檔案"),
    "evidence": _t("Evidence", "證據"),
    "no_evidence": _t(
        "None is known; run quizproof verify first, and the report will say which keys are proven.",
        "沒有已知的證據；請先執行 quizproof verify，報告便會說明哪些標準答案已獲證實。",
    ),
    "some_unknown": _t("nothing is known of {questions}", "尚無 {questions} 的證據"),
}
