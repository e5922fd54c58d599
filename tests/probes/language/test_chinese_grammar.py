"""Every Chinese sentence's annotations, whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.embedded.language.apples import likeness, ten_sentences
from quizproof.probes.language.grammar.chinese import APPLE, ChineseSentence, write
from quizproof.probes.language.grammar.sentences import QUIZ_CHINESE, TAGS, held_out

SEEDS = st.integers(0, 2**32 - 1)
WOMEN = {"媽媽", "姐姐", "妹妹", "奶奶", "阿姨", "女孩"}
MEN = {"爸爸", "哥哥", "弟弟", "爺爺", "叔叔", "男孩"}


@given(SEEDS)
def test_every_pronoun_agrees_with_its_referent(seed: int) -> None:
    sentence = write(np.random.default_rng(seed))
    for link in sentence.links:
        pronoun, noun = sentence.words[link.pronoun], sentence.words[link.referent]
        plural = sentence.words[link.referent + 1 :][:1] == ("們",)
        assert pronoun.endswith("們") is plural
        assert (pronoun[0] == "她") or noun not in WOMEN
        assert (pronoun[0] == "他") or noun not in MEN
        assert link.settled is (noun in WOMEN | MEN)


@given(SEEDS)
def test_words_parts_of_speech_and_text_belong_together(seed: int) -> None:
    sentence = write(np.random.default_rng(seed))
    assert len(sentence.words) == len(sentence.tags)
    assert set(sentence.tags) <= TAGS
    assert "".join(sentence.words) == sentence.text
    assert not any(character.isascii() for character in sentence.text)
    linked = {link.pronoun for link in sentence.links}
    assert linked == {k for k, tag in enumerate(sentence.tags) if tag == "PRON"}


@given(SEEDS, st.sampled_from(["fruit", "company"]))
def test_the_sense_that_is_asked_for_is_the_one_written(seed: int, sense: str) -> None:
    sentence = write(np.random.default_rng(seed), sense, apple=True)  # type: ignore[arg-type]
    assert isinstance(sentence, ChineseSentence)
    assert sentence.sense == sense
    tag = sentence.tags[sentence.words.index(APPLE)]
    assert tag == ("NOUN" if sense == "fruit" else "PROPN")


def test_both_sentences_of_the_quiz_are_written_and_may_be_trained_on() -> None:
    rng = np.random.default_rng(0)
    written = {write(rng, "company", apple=True).text for _ in range(6_000)}
    assert set(QUIZ_CHINESE) <= written
    assert not any(held_out(text) for text in QUIZ_CHINESE)


@pytest.mark.parametrize("seed", range(5))
def test_ten_different_held_out_sentences_with_the_word_once(seed: int) -> None:
    ten = ten_sentences(seed)
    assert len({one.text for one in ten}) == 10
    assert [one.sense for one in ten].count("fruit") == 5
    for one in ten:
        assert one.text.count("蘋") == one.text.count("果") == one.text.count(APPLE) == 1
        assert held_out(one.text)
    assert ten_sentences(seed) == ten


def test_likeness_on_paper() -> None:
    vectors = np.array([[3.0, 4.0], [6.0, 8.0], [-4.0, 3.0]])
    np.testing.assert_allclose(
        likeness(vectors, "cosine similarity"), [[1, 1, 0], [1, 1, 0], [0, 0, 1]], atol=1e-12
    )
    np.testing.assert_allclose(
        likeness(vectors, "euclidean distance"),
        [[0, 5, 50**0.5], [5, 0, 125**0.5], [50**0.5, 125**0.5, 0]],
        atol=1e-12,
    )
