from __future__ import annotations

import ast
import re
import string

import pytest

from quizproof.probes.engine.results import Outcome, State
from quizproof.questions.spec import Text
from quizproof.reports import words
from quizproof.reports.classroom import class_words
from quizproof.reports.counting import filled
from quizproof.reports.html import TEMPLATES
from quizproof.reports.student import check_words
from quizproof.reports.viewer_words import VIEWER_WORDS
from quizproof.reports.watch import regress_words

ALL = [
    *((f"name-{state}", text) for state, text in words.NAMES.items()),
    *((f"finding-{finding}", text) for finding, text in words.FINDINGS.items()),
    *((f"meaning-{state}", text) for state, text in words.MEANINGS.items()),
    *words.WORDS.items(),
    *VIEWER_WORDS.items(),
]


@pytest.mark.parametrize("text", [text for _, text in ALL], ids=[name for name, _ in ALL])
def test_both_languages_have_the_same_places_to_fill(text: Text) -> None:
    def places(shown: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(shown) if name}

    assert places(text.en) == places(text.zh_hant)
    if re.search(r"[a-z]{3}", re.sub(r"\{.*?\}", "", text.en)):
        assert re.search(r"[\u4e00-\u9fff]", text.zh_hant)
    assert not re.search(r"[\u4e00-\u9fff]", text.en)


EVERYWHERE = [
    *ALL,
    *check_words.SAID.items(),
    *class_words.CLASS_WORDS.items(),
    *regress_words.REGRESS_WORDS.items(),
]
APART = {name.removesuffix("_one") for name, _ in EVERYWHERE if name.endswith("_one")}
COUNTED = [(name, text) for name, text in EVERYWHERE if name not in APART]


@pytest.mark.parametrize("text", [text for _, text in COUNTED], ids=[name for name, _ in COUNTED])
def test_one_of_a_thing_is_not_said_as_many(text: Text) -> None:
    places = {name for _, name, _, _ in string.Formatter().parse(text.en) if name}
    said = filled(text.en, dict.fromkeys(places, 1))
    assert not re.search(r"(^|\bof |\ball |\bper |\bto |; )1 (?!agrees)[a-z]+s\b", said, re.I), said


def test_every_state_is_spoken_of() -> None:
    assert set(words.NAMES) == set(words.MEANINGS) == set(words.SYMBOLS) == set(State)
    assert set(words.FINDINGS) == set(Outcome)


def test_templates_and_catalogue_have_the_same_words() -> None:
    sources = [*TEMPLATES.glob("*.j2"), *TEMPLATES.parent.rglob("*.py")]
    used = "".join(p.read_text(encoding="utf-8") for p in sources if "words" not in p.name)
    asked = set(re.findall(r"\bt\(\"(\w+)\"[,)]", used))
    known_to_all = words.WORDS.keys() | VIEWER_WORDS.keys() | check_words.SAID.keys()
    assert asked <= known_to_all
    unused = {key for key in known_to_all if not re.search(rf'"{key}"', used)}
    counted = {key for key in unused if re.search(rf'"{re.sub("_(one|none)$", "", key)}"', used)}
    kinds = {
        f"kind_{kind}" for kind in ("method", "architecture", "settles", "stand_in", "nothing")
    }
    assert unused == counted | kinds


_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」）]([,;:?!(]| \()|([,;:?!)]|\) )[\u4e00-\u9fff「（]")
_OF_OLD = re.compile("預期答案|代用|資料包|最近的字|被蓋|蓋掉|被遮(?!蔽)")


@pytest.mark.parametrize("room", ["reports", "probes"])
def test_the_chinese_has_full_width_signs_and_one_word_a_thing(room: str) -> None:
    said = [
        (path, node.lineno, node.value)
        for path in sorted((TEMPLATES.parents[1] / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.search(r"[\u4e00-\u9fff]{2}", node.value)
        and not re.search(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", node.value)  # what speaks of Chinese
    ]
    assert len(said) > 100
    assert [one for one in said if _HALF_WIDTH.search(one[2]) or _OF_OLD.search(one[2])] == []
