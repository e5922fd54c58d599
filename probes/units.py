"""Units that several probes measure in."""

from __future__ import annotations

from quizproof.questions.spec import Text

SHARE = Text(en="share", zh_hant="比例")
DENSITY = Text(en="times the average", zh_hant="平均的倍數")
PROBABILITY = Text(en="probability", zh_hant="機率")
LOGIT = Text(en="logit", zh_hant="logit")
PEARSON = Text(en="Pearson's r", zh_hant="Pearson 相關係數 r")
SPEARMAN = Text(en="Spearman's ρ", zh_hant="Spearman 等級相關係數 ρ")
FACTORS_OF_TEN = Text(en="factors of ten", zh_hant="10 的次方數")
GREY_LEVELS = Text(en="grey levels", zh_hant="灰階")
PICTURES = Text(en="pictures", zh_hant="張")
SUPERPIXELS = Text(en="superpixels", zh_hant="個 superpixel")
LAYER = Text(en="layer", zh_hant="層")
TOKENS = Text(en="tokens", zh_hant="個 token")
BITS = Text(en="bits", zh_hant="位元")
PLACE = Text(en="place", zh_hant="名")
COSINE = Text(en="cosine", zh_hant="餘弦")
HEAD = Text(en="head", zh_hant="head")
