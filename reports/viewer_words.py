"""The words of pictures and charts, each in both languages."""

from __future__ import annotations

from quizproof.questions.spec import Text


def _t(en: str, zh_hant: str) -> Text:
    return Text(en=en, zh_hant=zh_hant)


VIEWER_WORDS: dict[str, Text] = {
    "slide": _t("How much of the map covers the picture", "熱圖覆蓋圖片的比例"),
    "draw_before": _t("The draw before", "前一次抽樣"),
    "draw_after": _t("The next draw", "後一次抽樣"),
    "draw_of": _t("draw {draw} of {draws}", "第 {draw} 次抽樣，共 {draws} 次"),
    "draw_of_kept": _t(
        "draw {draw} of {draws} ({kept} kept)", "第 {draw} 次抽樣，共 {draws} 次（保留 {kept} 次）"
    ),
    "logarithmic": _t("logarithmic axis", "對數座標軸"),
    "the_numbers": _t("The numbers", "數值"),
    "asked_about": _t("asked about", "題目所問"),
    "component": _t(
        "principal component {number} ({share} % of the variance)",
        "主成分 {number}（占變異數的 {share} %）",
    ),
    "across": _t("across", "橫軸"),
    "up": _t("up", "縱軸"),
    "point": _t("Point", "點"),
    "group": _t("Group", "組別"),
    "place": _t("place in the series", "序列中的位置"),
    "trend": _t("Trend", "趨勢"),
    "trend_is": _t("Broken line: the trend.", "虛線：趨勢。"),
    "thinned": _t("Some of the places, evenly apart.", "僅列出等距的部分位置。"),
    "packs_wrong": _t(
        "{count} of {all} {all:pack finds|packs find} an answer of the key wrong",
        "{all} 個模型包中，{count} 個發現標準答案有誤",
    ),
    "packs_on_stand_in": _t(
        "{count} come out otherwise, on a model that settles nothing",
        "{count} 個結果不同，但所用模型無法定案",
    ),
    "packs_lacking": _t(
        "In {count} something was missing or failed", "{count} 個缺少資料或量測失敗"
    ),
    "full_stop": _t(".", "。"),
    "skip_to_packs": _t("Skip to the packs", "跳至模型包"),
    "all_packs": _t("All packs", "所有模型包"),
    "zoom": _t("Zoom", "放大"),
}
