"""Every English sentence's annotations, whatever the seed."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.embedded.language import english_lexicon as lexicon
from quizproof.probes.embedded.language.english_grammar import (
    FORMS,
    join,
    person,
    write,
    written,
)
from quizproof.probes.language.grammar.sentences import (
    QUIZ_ENGLISH,
    TAGS,
    Draft,
    Sentence,
    distinct,
    held_out,
)

SEEDS = st.integers(0, 2**32 - 1)

FEMININE, MASCULINE = {"she", "her", "herself"}, {"he", "him", "his", "himself"}
PLURAL, NEUTER = {"they", "them", "their", "themselves"}, {"it", "its", "itself"}
PRONOUNS = FEMININE | MASCULINE | PLURAL | NEUTER


def _nouns(table: str, plural: bool) -> set[str]:
    return {entry[plural] for entry in lexicon.pairs(table)}


def _allowed(noun: str) -> set[str]:
    """The pronouns that English has for a noun of the lexicon, found from the tables alone."""
    allowed: set[str] = set()
    if any(noun in _nouns(table, True) for table in (lexicon.WOMEN, lexicon.MEN, lexicon.ANYONE)):
        allowed |= PLURAL
    if noun in _nouns(lexicon.WOMEN + " " + lexicon.ANYONE, False) | set(lexicon.NAMES_OF_WOMEN):
        allowed |= FEMININE
    if noun in _nouns(lexicon.MEN + " " + lexicon.ANYONE, False) | set(lexicon.NAMES_OF_MEN):
        allowed |= MASCULINE
    if noun in _nouns(lexicon.THINGS, False):
        allowed |= NEUTER
    return allowed


@given(SEEDS)
def test_every_pronoun_agrees_with_its_referent_in_gender_and_number(seed: int) -> None:
    sentence = write(np.random.default_rng(seed))
    for link in sentence.links:
        allowed = _allowed(sentence.words[link.referent])
        assert sentence.words[link.pronoun] in allowed, sentence.text
        assert link.referent < link.pronoun
        assert sentence.tags[link.referent] in {"NOUN", "PROPN"}
        one_kind = any(allowed <= kind for kind in (FEMININE, MASCULINE, PLURAL, NEUTER))
        assert link.settled is one_kind, sentence.text


@given(SEEDS)
def test_pronouns_of_one_referent_agree_with_one_another(seed: int) -> None:
    sentence = write(np.random.default_rng(seed))
    kinds: dict[int, set[str]] = {}
    for link in sentence.links:
        word = sentence.words[link.pronoun]
        [kind] = [kind for kind in (FEMININE, MASCULINE, PLURAL, NEUTER) if word in kind]
        assert kinds.setdefault(link.referent, kind) is kind, sentence.text


@given(SEEDS)
def test_every_word_has_a_part_of_speech_and_every_pronoun_a_link(seed: int) -> None:
    sentence = write(np.random.default_rng(seed))
    assert len(sentence.words) == len(sentence.tags)
    assert set(sentence.tags) <= TAGS
    linked = {link.pronoun for link in sentence.links}
    assert linked == {k for k, tag in enumerate(sentence.tags) if tag == "PRON"}
    assert all(
        (word in PRONOUNS) == (tag == "PRON")
        for word, tag in zip(sentence.words, sentence.tags, strict=True)
    )
    assert sentence.text[0].isupper()
    assert sentence.text.endswith(".")
    assert "|" not in sentence.text


def test_a_word_has_the_same_part_of_speech_unless_english_has_two() -> None:
    tags: dict[str, set[str]] = {}
    for sentence in islice(distinct(write, 3, unseen=False), 2000):
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            tags.setdefault(word.lower(), set()).add(tag)
    twofold = {word: found for word, found in tags.items() if len(found) > 1}
    assert twofold == {"lost": {"VERB", "ADJ"}}  # lost a key, was lost


def test_the_grammar_writes_the_quiz_sentence() -> None:
    """Its words in its form: found by looking for them in the same roles."""
    form = next(form for form in FORMS if form.__name__ == "_asked")
    grouped = "DET NOUN, VERB, DET NOUN, CCONJ VERB PRON, PART VERB PRON, NOUN NOUN, PUNCT"
    pattern = grouped.replace(",", "").split()
    rng = np.random.default_rng(5)
    like_it = [s for s in (written(rng, form) for _ in range(4000)) if [*s.tags] == pattern]
    quiz = Sentence((), (), (), QUIZ_ENGLISH)
    for place, word in enumerate(quiz.text.replace(".", " .").split()):
        assert any(s.words[place] == word for s in like_it), word


def test_links_of_the_form_of_the_quiz_sentence() -> None:
    """The first pronoun is the one who is asked, the second the ones who ask."""
    form = next(form for form in FORMS if form.__name__ == "_asked")
    rng = np.random.default_rng(6)
    for _ in range(200):
        sentence = written(rng, form)
        helper, asker = sentence.links
        assert asker.referent < sentence.tags.index("VERB") < helper.referent < helper.pronoun
        assert helper.pronoun < asker.pronoun


def test_a_seed_writes_the_same_sentences_and_another_writes_others() -> None:
    first, again, other = (
        [sentence.text for sentence in islice(distinct(write, seed, unseen=False), 50)]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_held_out_sentences_are_never_written_for_training() -> None:
    seen = [sentence.text for sentence in islice(distinct(write, 1, unseen=False), 500)]
    unseen = [sentence.text for sentence in islice(distinct(write, 1, unseen=True), 100)]
    assert not any(held_out(text) for text in seen)
    assert all(held_out(text) for text in unseen)
    assert len(set(seen)) == 500
    assert held_out(QUIZ_ENGLISH)


def test_a_pronoun_for_nobody_is_refused() -> None:
    somebody = person(np.random.default_rng(0))
    with pytest.raises(KeyError):
        Draft().pronoun("she", somebody)


def test_an_unknown_part_of_speech_is_refused() -> None:
    with pytest.raises(ValueError, match="GERUND"):
        Draft().put("learning/GERUND").finish(join)
