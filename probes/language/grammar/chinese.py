"""Chinese sentences about fruit, companies and people, with the sense of every 蘋果 known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from quizproof.probes.language.grammar.sentences import Draft, Gender, Referent, Sentence, one_of

Sense = Literal["fruit", "company", "neither"]
APPLE: Final = "蘋果"
_SENSES: Final[tuple[Sense, ...]] = ("fruit", "company", "neither")

_FILLERS: Final[dict[str, str]] = {
    "TIME": "今天 昨天 早上 下午 晚上 上週 去年 週末",
    "COUNT": "一顆 兩顆 三顆 五顆 一箱 兩箱 一袋 幾顆",
    "PIECES": "兩半 四塊 八塊 薄片 小塊",
    "TASTE": "甜 酸 脆 香 新鮮 好吃 便宜",
    "COLOUR": "紅 綠 大 小 爛",
    "SHOP": "市場 超市 水果店 果園 夜市",
    "PLACE": "桌上 籃子裡 冰箱裡 盤子裡 袋子裡",
    "DISH": "派 汁 醬 沙拉 蛋糕",
    "DEVICE": "手機 電腦 手錶 平板 耳機",
    "MARKET": "股價 股票 營收 市值 業績",
    "UP": "漲 升",
    "DOWN": "跌 降",
    "AGAIN": "又 再度 突然 終於 已經",
    "STAFF": "員工 工程師 執行長 律師 董事",
    "CITY": "台北 東京 紐約 上海 倫敦",
    "SOFTWARE": "系統 軟體 晶片 螢幕 程式",
    "HOW": "很 非常 特別 有點",
    "MOOD": "高興 難過 生氣 驚訝 緊張",
    "LESSON": "數學 音樂 英文 歷史 物理",
    "DID": "跑步 唱歌 讀書 散步 游泳",
}
_OTHER_FRUITS: Final = ["香蕉", "橘子", "西瓜", "葡萄", "芒果", "梨子", "草莓"]
_OTHER_COMPANIES: Final = ["微軟", "谷歌", "三星", "台積電", "小米", "華碩", "宏碁"]
_WOMEN: Final = ["媽媽", "姐姐", "妹妹", "奶奶", "阿姨", "女孩"]
_MEN: Final = ["爸爸", "哥哥", "弟弟", "爺爺", "叔叔", "男孩"]
_ANYONE: Final = ["老師", "學生", "醫生", "教授", "農夫", "同學"]
_GENDERS: Final[tuple[Gender, ...]] = ("feminine", "masculine")
_TAG_OF: Final = {
    "TIME": "NOUN",
    "COUNT": "NUM",
    "TASTE": "ADJ",
    "COLOUR": "ADJ",
    "UP": "VERB",
    "DOWN": "VERB",
    "AGAIN": "ADV",
    "HOW": "ADV",
    "MOOD": "ADJ",
    "DID": "VERB",
    "CITY": "PROPN",
}
"""Parts of speech of the fillers that are not nouns."""

# A and B are people, A+ and B+ the pronouns that stand for them; X is a fruit or a company.
_OF_FRUIT: Final = (
    "TIME A 買/VERB 了/PART COUNT X",
    "A 把/ADP X 切/VERB 成/VERB PIECES",
    "A 在/ADP SHOP 買/VERB X",
    "A TIME 吃/VERB 了/PART COUNT X",
    "SHOP 的/PART X HOW TASTE",
    "這/DET 顆/NOUN X HOW TASTE",
    "PLACE 有/VERB COUNT X",
    "A 喜歡/VERB 吃/VERB COLOUR X",
    "A 做/VERB 了/PART X DISH",
    "X DISH HOW TASTE",
    "樹/NOUN 上/ADP 的/PART X AGAIN 熟/VERB 了/PART",
    "TIME 的/PART X HOW TASTE",
    "X 和/CCONJ Y 都/ADV HOW TASTE",
    "A 給/VERB B COUNT X",
    "A 洗/VERB 了/PART X 再/ADV 給/VERB B 吃/VERB",
    "X 從/ADP 樹/NOUN 上/ADP 掉/VERB 下來/VERB",
    "A 種/VERB 的/PART X AGAIN 爛/VERB 了/PART",
    "A 吃/VERB 了/PART X ，/PUNCT A+ HOW MOOD",
    "X 在/VERB PLACE",
    "COLOUR X 比/ADP Y TASTE",
)
_OF_COMPANY: Final = (
    "TIME 買/VERB 了/PART X DEVICE",
    "X 的/PART MARKET AGAIN DOWN 了/PART",
    "X 的/PART MARKET AGAIN UP 了/PART",
    "X TIME 推出/VERB 新/ADJ DEVICE",
    "X 在/ADP CITY 開/VERB 了/PART 新/ADJ 公司/NOUN",
    "X 的/PART STAFF HOW MOOD",
    "A 在/ADP X 工作/VERB",
    "A TIME 買/VERB 了/PART X 的/PART 股票/NOUN",
    "A 用/VERB X DEVICE 讀書/VERB",
    "X 和/CCONJ Y 都/ADV 推出/VERB 新/ADJ DEVICE",
    "X 比/ADP Y 賺錢/VERB",
    "X 控告/VERB Y",
    "X 的/PART SOFTWARE AGAIN 更新/VERB 了/PART",
    "A 的/PART X DEVICE 壞/VERB 了/PART",
    "TIME X 的/PART STAFF 來/VERB CITY 開會/VERB",
    "X TIME 的/PART MARKET 比/ADP Y 好/ADJ",
    "A 想/VERB 賣/VERB X 的/PART 股票/NOUN",
    "X DEVICE 的/PART SOFTWARE HOW 好/ADJ",
    "X 收購/VERB 了/PART CITY 的/PART 公司/NOUN",
    "A 買/VERB 了/PART X DEVICE ，/PUNCT A+ HOW MOOD",
)
_OF_PEOPLE: Final = (
    "A 教/VERB B LESSON",
    "A TIME 在/ADP CITY DID",
    "A HOW MOOD ，/PUNCT 因為/SCONJ A+ 不/ADV 想/VERB DID",
    "A 請/VERB B 教/VERB A+ LESSON",
    "A 喜歡/VERB B ，/PUNCT 因為/SCONJ B+ 會/AUX 教/VERB LESSON",
    "A 喜歡/VERB 教/VERB LESSON ，/PUNCT A+ 不/ADV 喜歡/VERB LESSON",
    "TIME A 和/CCONJ B 一起/ADV DID",
    "A 說/VERB A+ TIME 想/VERB DID",
    "A 覺得/VERB A+ HOW MOOD",
    "TIME A 在/ADP CITY ，/PUNCT A+ 想/VERB DID",
    "A 不/ADV 會/AUX LESSON ，/PUNCT B 教/VERB A+",
    "A HOW MOOD ，/PUNCT B 請/VERB A+ 吃飯/VERB",
)


@dataclass(frozen=True)
class ChineseSentence(Sentence):
    """``sense`` is what it is about: where 蘋果 stands in it, what the word means there."""

    sense: Sense


def _somebody(rng: np.random.Generator) -> Referent:
    gender: Gender = one_of(rng, _GENDERS)
    settled = bool(rng.random() < 0.7)
    nouns = _ANYONE if not settled else _WOMEN if gender == "feminine" else _MEN
    plural = bool(rng.random() < 0.15)
    noun = one_of(rng, nouns)
    return Referent(
        words=(noun, "們") if plural else (noun,),
        tags=("NOUN", "PART") if plural else ("NOUN",),
        gender=gender,
        plural=plural,
        settled=settled,
    )


def _pronoun(referent: Referent) -> str:
    return ("她" if referent.gender == "feminine" else "他") + ("們" if referent.plural else "")


def write(rng: np.random.Generator, sense: Sense | None = None, apple: bool = False) -> Sentence:
    """One Chinese sentence without a full stop, as the quiz's are.

    With ``sense`` it is about that; with ``apple`` its fruit or company is 蘋果.
    """
    drawn: Sense = one_of(rng, _SENSES)
    about = sense or drawn
    patterns, others = {
        "fruit": (_OF_FRUIT, _OTHER_FRUITS),
        "company": (_OF_COMPANY, _OTHER_COMPANIES),
        "neither": (_OF_PEOPLE, [""]),
    }[about]
    subject = APPLE if apple or rng.random() < 0.6 else one_of(rng, others)
    other = one_of(rng, [word for word in (*others, APPLE) if word != subject])
    subject_tag = "NOUN" if about == "fruit" else "PROPN"
    first = second = _somebody(rng)
    while second.words[0] == first.words[0]:
        second = _somebody(rng)
    people = {"A": first, "B": second}
    draft = Draft()
    for slot in one_of(rng, patterns).split():
        if slot in people:
            draft.name(people[slot])
        elif slot.endswith("+"):
            draft.pronoun(_pronoun(people[slot[0]]), people[slot[0]])
        elif slot in "XY":
            draft.put(f"{subject if slot == 'X' else other}/{subject_tag}")
        elif slot in _FILLERS:
            filler = one_of(rng, _FILLERS[slot].split())
            draft.put(f"{filler}/{_TAG_OF.get(slot, 'NOUN')}")
        else:
            draft.put(slot)
    made = draft.finish("".join)
    return ChineseSentence(made.words, made.tags, made.links, made.text, about)
