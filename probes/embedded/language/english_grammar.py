"""English sentences about people, written so that every pronoun's referent is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from quizproof.probes.embedded.language import english_lexicon as words
from quizproof.probes.language.grammar.sentences import Draft, Gender, Referent, Sentence, one_of

_KINDS: Final[tuple[tuple[Gender, bool, str, tuple[str, ...]], ...]] = (
    ("feminine", True, words.WOMEN, words.NAMES_OF_WOMEN),
    ("masculine", True, words.MEN, words.NAMES_OF_MEN),
    ("feminine", True, words.WOMEN, words.NAMES_OF_WOMEN),
    ("masculine", True, words.MEN, words.NAMES_OF_MEN),
    ("feminine", False, words.ANYONE, ()),
    ("masculine", False, words.ANYONE, ()),
)


def join(parts: Sequence[str]) -> str:
    """Words as written text: spaces between them, none before a full stop or a comma."""
    text = " ".join(parts)
    for mark in ".,?":
        text = text.replace(f" {mark}", mark)
    return text


def person(rng: np.random.Generator, singular: bool = False) -> Referent:
    """A person or a group, by noun or by name. A noun without gender gets one by a coin."""
    gender, settled, nouns, names = one_of(rng, _KINDS)
    if names and rng.random() < 0.3:
        return Referent(words=(one_of(rng, names),), tags=("PROPN",), gender=gender)
    plural = not singular and bool(rng.random() < 0.3)
    noun = one_of(rng, words.pairs(nouns))[plural]
    described = [one_of(rng, words.ABOUT_PEOPLE)] if rng.random() < 0.2 else []
    return Referent(
        words=("the", *described, noun),
        tags=("DET", *("ADJ" for _ in described), "NOUN"),
        gender=gender,
        plural=plural,
        settled=settled or plural,
    )


def people(rng: np.random.Generator) -> tuple[Referent, Referent]:
    """Two that share no noun and no name."""
    first = second = person(rng)
    while first.words[first.head] == second.words[second.head]:
        second = person(rng)
    return first, second


def thing(rng: np.random.Generator, article: str = "a") -> Referent:
    """One thing."""
    described = [one_of(rng, words.ABOUT_THINGS)] if rng.random() < 0.3 else []
    noun = one_of(rng, words.pairs(words.THINGS))[0]
    parts = (article, *described, noun)
    if article == "a" and parts[1][0] in "aeiou":
        parts = ("an", *parts[1:])
    return Referent(words=parts, tags=("DET", *("ADJ" for _ in described), "NOUN"), gender="neuter")


def place(rng: np.random.Generator) -> str:
    """A place with its preposition, tagged."""
    where, _, noun = one_of(rng, words.PLACES.split()).partition("|")
    return f"{where}/ADP the/DET {noun}/NOUN"


def pronoun(case: Mapping[str, str], referent: Referent) -> str:
    """The referent's pronoun in this case."""
    return case["plural" if referent.plural else referent.gender]


def _was(referent: Referent) -> str:
    return "were/AUX" if referent.plural else "was/AUX"


def _favour(rng: np.random.Generator, draft: Draft, taker: Referent) -> None:
    """Draft what one asks for: to teach her something, to give him a thing, to visit them."""
    kind = rng.integers(3)
    if kind == 0:
        draft.put("teach/VERB").pronoun(pronoun(words.OBJECT, taker), taker)
        draft.put(one_of(rng, words.SUBJECTS))
    elif kind == 1:
        draft.put(f"{one_of(rng, list(words.HANDED))}/VERB")
        draft.pronoun(pronoun(words.OBJECT, taker), taker).name(thing(rng))
    else:
        draft.put(f"{one_of(rng, list(words.DONE_TO_PEOPLE))}/VERB")
        draft.pronoun(pronoun(words.OBJECT, taker), taker)


def _asked(rng: np.random.Generator, draft: Draft) -> None:
    asker, helper = people(rng)
    draft.name(asker).put(f"{one_of(rng, words.MET)}/VERB").name(helper).put("and/CCONJ")
    draft.put(f"{one_of(rng, words.ASKED)}/VERB").pronoun(pronoun(words.OBJECT, helper), helper)
    draft.put("to/PART")
    _favour(rng, draft, asker)


def _promised(rng: np.random.Generator, draft: Draft) -> None:
    giver, taker = people(rng)
    draft.name(giver).put(f"{one_of(rng, words.MET)}/VERB").name(taker).put("and/CCONJ")
    draft.put(f"{one_of(rng, words.PROMISED)}/VERB to/PART")
    _favour(rng, draft, taker)


def _because(rng: np.random.Generator, draft: Draft) -> None:
    """One likes somebody for what that one is, and calls somebody for what one is oneself."""
    first, second = people(rng)
    of_second = rng.random() < 0.5
    verbs, why = (words.LIKED, words.WHY_LIKED) if of_second else (words.NEEDED, words.WHY_CALLED)
    meant = second if of_second else first
    draft.name(first).put(f"{one_of(rng, verbs)}/VERB").name(second).put("because/SCONJ")
    draft.pronoun(pronoun(words.SUBJECT, meant), meant)
    draft.put(f"{_was(meant)} {one_of(rng, why)}/ADJ")


def _when(rng: np.random.Generator, draft: Draft) -> None:
    first, second = people(rng)
    draft.put("when/SCONJ").name(first).put(f"{one_of(rng, words.CAME)}/VERB ,/PUNCT")
    draft.pronoun(pronoun(words.SUBJECT, first), first)
    draft.put(f"{one_of(rng, words.MET)}/VERB").name(second)


def _lost_and_found(rng: np.random.Generator, draft: Draft) -> None:
    owner, finder = people(rng)
    lost = thing(rng, "a")
    draft.name(owner).put("lost/VERB").name(lost).put("and/CCONJ").name(finder)
    draft.put(f"{one_of(rng, ['found', 'hid', 'sold', 'bought'])}/VERB")
    draft.pronoun("it", lost)
    if rng.random() < 0.5:
        draft.put(place(rng))


def _own(rng: np.random.Generator, draft: Draft) -> None:
    owner, other = people(rng)
    draft.name(owner).put(f"{one_of(rng, list(words.HANDED.values()))}/VERB").name(other)
    draft.pronoun(pronoun(words.POSSESSIVE, owner), owner)
    draft.put(f"{one_of(rng, words.pairs(words.THINGS))[int(rng.integers(2))]}/NOUN")


def _alone(rng: np.random.Generator, draft: Draft) -> None:
    one = person(rng)
    draft.name(one).put(f"{one_of(rng, list(words.DONE_TO_THINGS.values()))}/VERB")
    draft.pronoun(pronoun(words.POSSESSIVE, one), one)
    draft.put(f"{one_of(rng, words.pairs(words.THINGS))[int(rng.integers(2))]}/NOUN {place(rng)}")


def _reason(rng: np.random.Generator, draft: Draft) -> None:
    one = person(rng)
    draft.name(one).put(f"{one_of(rng, words.RESTED)}/VERB because/SCONJ")
    draft.pronoun(pronoun(words.SUBJECT, one), one)
    draft.put(f"{_was(one)} {one_of(rng, words.FEELINGS)}/ADJ")


def _mirror(rng: np.random.Generator, draft: Draft) -> None:
    one = person(rng)
    draft.name(one).put(f"{one_of(rng, ['saw', 'painted', 'hid', 'admired'])}/VERB")
    draft.pronoun(pronoun(words.REFLEXIVE, one), one).put(place(rng))


def _thanks(rng: np.random.Generator, draft: Draft) -> None:
    giver, taker = people(rng)
    draft.name(giver).put(f"{one_of(rng, list(words.HANDED.values()))}/VERB").name(taker)
    draft.name(thing(rng)).put("and/CCONJ").pronoun(pronoun(words.SUBJECT, taker), taker)
    draft.put("thanked/VERB").pronoun(pronoun(words.OBJECT, giver), giver)


def _taught(rng: np.random.Generator, draft: Draft) -> None:
    teacher, pupil = people(rng)
    draft.name(teacher).put("taught/VERB").name(pupil).put(one_of(rng, words.SUBJECTS))
    draft.put(place(rng))


def fact(rng: np.random.Generator, draft: Draft) -> None:
    """Somebody did something to a thing somewhere."""
    done = one_of(rng, list(words.DONE_TO_THINGS.values()))
    draft.name(person(rng)).put(f"{done}/VERB").name(thing(rng)).put(place(rng))


def _counted(rng: np.random.Generator, draft: Draft) -> None:
    number, plural = one_of(rng, words.NUMBERS), one_of(rng, words.pairs(words.THINGS))[1]
    done = one_of(rng, list(words.DONE_TO_THINGS.values()))
    draft.name(person(rng)).put(f"{done}/VERB {number}/NUM {plural}/NOUN {place(rng)}")


def _rested(rng: np.random.Generator, draft: Draft) -> None:
    draft.name(person(rng)).put(f"{one_of(rng, words.RESTED)}/VERB {one_of(rng, words.HOW)}/ADV")
    draft.put(place(rng))


def _felt(rng: np.random.Generator, draft: Draft) -> None:
    one = person(rng)
    draft.name(one).put(f"{_was(one)} {one_of(rng, words.FEELINGS)}/ADJ")
    if rng.random() < 0.5:
        draft.put(f"and/CCONJ {one_of(rng, words.RESTED)}/VERB {one_of(rng, words.HOW)}/ADV")


FORMS: Final[tuple[Callable[[np.random.Generator, Draft], None], ...]] = (
    *(_asked, _asked, _asked, _promised, _because, _because, _when, _lost_and_found),
    *(_own, _alone, _reason, _mirror, _thanks, _taught, fact, _counted, _rested, _felt),
)
"""The sentence forms, each drawn as often as it stands here."""


def write(rng: np.random.Generator) -> Sentence:
    """One English sentence."""
    return written(rng, one_of(rng, FORMS))


def written(
    rng: np.random.Generator, form: Callable[[np.random.Generator, Draft], None]
) -> Sentence:
    """One English sentence of this form, its first letter a capital."""
    draft = Draft()
    form(rng, draft)
    sentence = draft.put("./PUNCT").finish(join)
    first, *rest = sentence.words
    capital = (first[0].upper() + first[1:], *rest)
    return Sentence(capital, sentence.tags, sentence.links, join(capital))
