"""The words of the English grammar. A bar shows where a word is two pieces for the tokenizer."""

from __future__ import annotations

from functools import cache
from typing import Final

WOMEN: Final = (
    "woman/women girl/girls queen/queens mother/mothers sister/sisters aunt/aunts "
    "actress/actresses princess/princess|es grand|mother/grand|mother|s wait|ress/wait|ress|es"
)
MEN: Final = (
    "man/men boy/boys king/kings father/fathers brother/brothers uncle/uncles "
    "actor/actors prince/prince|s grand|father/grand|father|s wait|er/wait|er|s"
)
ANYONE: Final = (
    "professor/professors teacher/teachers student/students doctor/doctors lawyer/lawyers "
    "neighbor/neighbors judge/judges pilot/pilots nurse/nurses scientist/scientists "
    "writer/writers friend/friends garden|er/garden|er|s paint|er/paint|er|s farm|er/farm|er|s "
    "sing|er/sing|er|s danc|er/danc|er|s"
)
NAMES_OF_WOMEN: Final = ("Mary", "Anna", "Alice", "Emma", "Jane", "Clara", "Lucy", "Sarah")
NAMES_OF_MEN: Final = ("Tom", "John", "Peter", "David", "Henry", "Paul", "James", "Oscar")

THINGS: Final = (
    "book/books letter/letters ring/rings key/keys picture/pictures apple/apples cake/cakes "
    "lamp/lamps bicycle/bicycles ticket/tickets hat/hats basket/baskets map/maps clock/clocks "
    "coin/coins flower/flowers necklace/necklace|s"
)
PLACES: Final = (
    "in|garden in|library in|park in|kitchen in|forest in|village in|museum in|hospital "
    "at|school at|station at|market near|river near|bridge near|castle"
)
SUBJECTS: Final = (
    "machine/NOUN learning/NOUN",
    "computer/NOUN science/NOUN",
    "mathematics/NOUN",
    "physics/NOUN",
    "chemistry/NOUN",
    "history/NOUN",
    "music/NOUN",
    "French/PROPN",
    "Latin/PROPN",
    "modern/ADJ art/NOUN",
)

ABOUT_PEOPLE: Final = [
    "old",
    "young",
    "tall",
    "famous",
    "quiet",
    "happy",
    "rich",
    "poor",
    "strange",
]
ABOUT_THINGS: Final = [
    "old",
    "new",
    "small",
    "red",
    "blue",
    "heavy",
    "broken",
    "beautiful",
    "golden",
]
WHY_LIKED: Final = ["kind", "clever", "brave", "funny", "wise", "patient", "honest"]
WHY_CALLED: Final = ["lonely", "lost", "sick", "worried", "tired", "hungry", "afraid"]
FEELINGS: Final = ["happy", "sad", "angry", "proud", "tired", "hungry", "surprised"]
HOW: Final = ["quietly", "quickly", "slowly", "happily", "often", "early", "late", "again"]
NUMBERS: Final = ["two", "three", "four", "five", "six"]

MET: Final = [
    "visited",
    "met",
    "called",
    "saw",
    "greeted",
    "found",
    "followed",
    "helped",
    "thanked",
]
LIKED: Final = ["liked", "admired", "trusted", "loved", "praised"]
NEEDED: Final = ["called", "visited", "followed", "asked", "needed"]
ASKED: Final = ["asked", "begged", "told", "invited", "wanted", "expected"]
PROMISED: Final = ["promised", "offered", "agreed", "refused"]
RESTED: Final = ["slept", "waited", "sang", "danced", "laughed", "read", "walked", "cried"]
CAME: Final = ["arrived", "left", "returned", "came"]

DONE_TO_THINGS: Final = {
    "find": "found",
    "lose": "lost",
    "hide": "hid",
    "buy": "bought",
    "see": "saw",
    "leave": "left",
    "paint": "painted",
}
HANDED: Final = {"give": "gave", "send": "sent", "show": "showed", "lend": "lent", "sell": "sold"}
DONE_TO_PEOPLE: Final = {
    "visit": "visited",
    "help": "helped",
    "follow": "followed",
    "call": "called",
}

SUBJECT: Final = {"feminine": "she", "masculine": "he", "neuter": "it", "plural": "they"}
OBJECT: Final = {"feminine": "her", "masculine": "him", "neuter": "it", "plural": "them"}
POSSESSIVE: Final = {"feminine": "her", "masculine": "his", "neuter": "its", "plural": "their"}
REFLEXIVE: Final = {
    "feminine": "herself",
    "masculine": "himself",
    "neuter": "itself",
    "plural": "themselves",
}


def whole(word: str) -> str:
    """The word without its bars."""
    return word.replace("|", "")


@cache
def pairs(table: str) -> tuple[tuple[str, str], ...]:
    """(singular, plural) of every entry of a table of nouns."""
    entries = [whole(entry).partition("/") for entry in table.split()]
    return tuple((singular, plural) for singular, _, plural in entries)


def split_words() -> dict[str, list[str]]:
    """The words that are several pieces, as WordPiece writes them: farmer is farm, ##er."""
    entries = " ".join((WOMEN, MEN, ANYONE, THINGS)).replace("/", " ").split()
    found = {}
    for entry in entries:
        first, *rest = entry.split("|")
        if rest:
            found[whole(entry)] = [first, *(f"##{piece}" for piece in rest)]
    return found
