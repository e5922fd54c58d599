"""Words in no named language, or in any."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from quizproof.questions.text import LANGUAGE, Text, all_languages, language_tag

TAGS = st.from_regex(LANGUAGE, fullmatch=True)
WORDS = st.text(min_size=1)
TEXTS = st.one_of(WORDS, st.dictionaries(TAGS, WORDS, min_size=1)).map(Text)


@given(TEXTS, TAGS)
def test_a_reader_of_any_language_is_told_something_the_text_says(text: Text, tag: str) -> None:
    said = text.in_(tag)
    shown = text.language_for(tag)
    if text.languages:
        assert text.in_(shown) == said
        assert shown in text.languages
    else:
        assert (said, shown) == (text.root, "")


@given(TEXTS)
def test_a_text_is_one_value_wherever_it_goes(text: Text) -> None:
    assert TypeAdapter(Text).validate_python(text.model_dump()) == text
    assert pickle.loads(pickle.dumps(text)) == text
    assert len({text, Text(text.root)}) == 1


def test_kept_evidence_names_chinese_as_python_does() -> None:
    kept = TypeAdapter(Text).validate_python({"en": "yes", "zh_hant": "是"})
    assert kept == Text({"en": "yes", "zh-Hant": "是"})


def test_what_is_not_in_a_language_is_in_english_or_in_the_first() -> None:
    assert Text({"fr": "oui", "en": "yes"}).in_("de") == "yes"
    assert Text({"fr": "oui", "de": "ja"}).in_("es") == "oui"
    assert Text("42").in_("es") == "42"


@pytest.mark.parametrize(
    ("language", "said"),
    [("pt-BR", "sim"), ("zh-TW", "是"), ("zh-HK", "是"), ("zh-Hant-TW", "是"), ("zh-CN", "yes")],
)
def test_the_nearest_language_is_taken(language: str, said: str) -> None:
    assert Text(en="yes", pt="sim", zh_hant="是").in_(language) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no words in it"),
        ({}, "neither words nor words by language"),
        (5, "neither words nor words by language"),
        ({"EN": "x"}, "'EN' is no language as en"),
        ({"zh_TW": "x"}, "'zh_TW' is no language as en"),
        ({"english": "x"}, "'english' is no language as en"),
        ({"en": "x", "fr": ""}, "no words in fr"),
        ({"en": 5}, "what it says in en is no text; quote it"),
    ],
)
def test_what_is_no_text_is_named(given: object, said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)):
        TypeAdapter(Text).validate_python(given)


@pytest.mark.parametrize(
    ("told", "tag"),
    [("EN-us", "en-US"), ("zh_hant_tw", "zh-Hant-TW"), ("C", ""), ("POSIX", ""), ("", "")],
)
def test_a_tag_is_written_in_one_way(told: str, tag: str) -> None:
    assert language_tag(told) == tag


def test_the_languages_of_texts_are_in_the_order_of_the_texts() -> None:
    assert all_languages([Text("1"), Text(fr="un"), Text(en="one", fr="un")]) == ("fr", "en")
