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
    "zoom": _t("Zoom", "放大"),
}
