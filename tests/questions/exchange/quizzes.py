"""Quizzes of every kind, as hypothesis makes them up."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quizproof.questions.exchange.exchanged import Exchanged
from quizproof.questions.pictures import named_pictures
from quizproof.questions.spec import (
    LEAST_POINTS,
    AnyOf,
    Blanks,
    DropDown,
    DropDowns,
    Matched,
    Matching,
    MultipleChoice,
    NumberBlank,
    Option,
    Ordering,
    Question,
    Range,
    Ranked,
    Relative,
    SingleChoice,
    Text,
    TextBlank,
)
from tests.questions.test_pictures import picture

LETTERS = "abcdefghijklmnopqrstuvwxyz"
HOSTILE = [
    "]]>",
    "<!-- ",
    "<script>alert(1)</script>",
    "&amp;lt;",
    "&#x41;",
    "{1:SHORTANSWER:=x}",
    "[[1]]",
    "\\(x^2 \\le y\\)",
    "‮אבג‬",
    "🙂👩‍👩‍👧",
    "a\nb\n\n c ",
    "  two  spaces ",
    "\t",
    "=cmd|' /C calc'!A0",
    "x" * 300,
    "~%100%=}#*\\",
]

# every character that XML can hold
_characters = st.characters(
    exclude_categories=["Cs", "Cc"], include_characters="\n\t", exclude_characters="\ufffe\uffff"
)
# pictures of the quizzes made here, and texts that show them; the last shows none
PICTURES = {"net.png": picture(), "figures/a.b-c.GIF": picture("GIF"), "x/y.jpeg": picture("JPEG")}
SHOWING = [
    "![a net](net.png)",
    '![2  < "3" & more](figures/a.b-c.GIF)',
    " ![](x/y.jpeg)",
    "![a {1} \\ b](net.png)",
    "![not there](cat.png)",
]
_plain = st.one_of(
    st.text(_characters, min_size=1, max_size=20),
    st.sampled_from(HOSTILE),
    st.tuples(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE)).map("".join),
)
LANGUAGES = ("en", "fr", "zh-Hant")


def _texts_of(words: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    """Words of no named language, of any, or the same in two."""
    named = st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True)
    return st.one_of(
        words.map(Text),
        words.map(lambda text: Text(en=text, zh_hant=text)),
        named.flatmap(lambda tags: st.fixed_dictionaries(dict.fromkeys(tags, words))).map(Text),
    )


def _short(words: str) -> str:
    return words[:60].strip()


_words = st.one_of(
    _plain, st.tuples(_plain, st.sampled_from(SHOWING), st.sampled_from(["", "b"])).map("".join)
)
texts = _texts_of(_words)


# one line, trimmed, as an option is
def _lined(text: str) -> str:
    return " ".join(text.split()).replace("／", "/")


lines = _plain.map(_lined).filter(bool)
_shown_lines = _words.map(_lined).filter(bool)
_one_line = _texts_of(_shown_lines)
_pictureless = _texts_of(lines)  # a list shows no pictures
numbers = st.floats(allow_nan=False, allow_infinity=False)
_sizes = st.floats(min_value=0, allow_nan=False, allow_infinity=False, max_value=1e300)
points = st.one_of(st.sampled_from([0, 0.3]), st.floats(LEAST_POINTS, 1000))


topics = st.one_of(st.none(), lines.filter(lambda words: words.isprintable()).map(_short))


@st.composite
def _options(draw: st.DrawFn, texts_of: st.SearchStrategy[Text]) -> dict[str, Option]:
    letters = draw(st.lists(st.sampled_from(LETTERS), min_size=2, max_size=6, unique=True))
    return {letter: Option(text=draw(texts_of)) for letter in letters}


def _common(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "points": draw(points),
        "topic": draw(topics),
        "about": "model",
        "prompt": draw(texts),
    }


@st.composite
def singles(draw: st.DrawFn) -> SingleChoice:
    options = draw(_options(_one_line))
    right = draw(st.lists(st.sampled_from(sorted(options)), min_size=1, unique=True))
    # several come back in the order of the options
    several = [[option] for option in options if option in right]
    key = right if len(right) == 1 else AnyOf(any=several)
    return SingleChoice(kind="single", options=options, expected=key, **_common(draw))


@st.composite
def multiples(draw: st.DrawFn) -> MultipleChoice:
    options = draw(_options(_one_line))
    key = [name for name in options if draw(st.booleans())] or [next(iter(options))]
    return MultipleChoice(kind="multiple", options=options, expected=key, **_common(draw))


def _named(draw: st.DrawFn, count: int) -> dict[str, Any]:
    """A prompt that names its parts, in order."""
    common = _common(draw)
    filler = draw(_words).replace("[", "(")
    names = " ".join(f"{filler}[{part}]" for part in range(1, count + 1))
    common["prompt"] = draw(
        st.sampled_from(
            [
                Text(f"Fill {names}"),
                Text(fr=f"Remplir {names}"),
                Text(en=f"Fill {names}", zh_hant=f"填 {names}"),
                Text(zh_hant=f"填 {names}", en=f"Fill {names}", fr=f"Remplir {names}"),
            ]
        )
    )
    return common


@st.composite
def drop_downs(draw: st.DrawFn) -> DropDowns:
    parts = {}
    for part in range(1, draw(st.integers(1, 4)) + 1):
        options = draw(_options(_pictureless))
        key = draw(st.sampled_from(sorted(options)))
        parts[str(part)] = DropDown(options=options, expected=key)
    return DropDowns(kind="dropdowns", parts=parts, **_named(draw, len(parts)))


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    letters = draw(st.lists(st.sampled_from(LETTERS), min_size=2, max_size=5, unique=True))
    words = draw(st.lists(lines, min_size=len(letters), max_size=len(letters), unique=True))
    choices = {letter: Text(text) for letter, text in zip(letters, words, strict=True)}
    items = {
        str(part): Matched(text=draw(_pictureless), expected=draw(st.sampled_from(letters)))
        for part in range(1, draw(st.integers(1, 4)) + 1)
    }
    return Matching(kind="matching", choices=choices, items=items, **_common(draw))


@st.composite
def orderings(draw: st.DrawFn) -> Ordering:
    letters = draw(st.lists(st.sampled_from(LETTERS), min_size=2, max_size=5, unique=True))
    items = {letter: Ranked(text=draw(_pictureless)) for letter in letters}
    order = draw(st.permutations(letters))
    return Ordering(kind="ordering", items=items, expected=order, **_common(draw))


_word_lists = st.lists(lines, min_size=1, max_size=4, unique=True)
text_blanks = st.builds(TextBlank, expected=_word_lists)
number_blanks = st.one_of(
    st.builds(NumberBlank, expected_number=numbers, tolerance=_sizes),
    st.builds(
        NumberBlank,
        # of few digits: a share of a double may need more digits than a double has
        expected_number=st.decimals(-1000, 1000, places=4).map(float),
        tolerance=st.builds(Relative, relative=st.decimals(0, 1, places=3).map(float)),
    ),
    st.tuples(numbers, numbers).map(
        lambda ends: NumberBlank(tolerance=Range(range=sorted(ends)), expected_number=None)
    ),
)


@st.composite
def word_blanks(draw: st.DrawFn) -> Blanks:
    """Several blanks for words, or one."""
    count = draw(st.integers(1, 4))
    blanks: dict[str, TextBlank | NumberBlank] = {
        str(part): draw(text_blanks) for part in range(1, count + 1)
    }
    return Blanks(kind="blanks", blanks=blanks, **_named(draw, count))


@st.composite
def one_number(draw: st.DrawFn) -> Blanks:
    return Blanks(kind="blanks", blanks={"1": draw(number_blanks)}, **_common(draw))


@st.composite
def one_word(draw: st.DrawFn) -> Blanks:
    common = _common(draw)
    prompt = common["prompt"].root
    if isinstance(prompt, str):
        common["prompt"] = Text(prompt.replace("[", "("))
    else:
        common["prompt"] = Text({tag: words.replace("[", "(") for tag, words in prompt.items()})
    return Blanks(kind="blanks", blanks={"1": draw(text_blanks)}, **common)


questions = st.one_of(
    singles(),
    multiples(),
    drop_downs(),
    matchings(),
    orderings(),
    word_blanks(),
    one_number(),
    one_word(),
)


def quiz_of(*asked: Question, title: str = "A quiz") -> Exchanged:
    numbered = tuple(
        question.model_copy(update={"id": f"q{place:02}"})
        for place, question in enumerate(asked, 1)
    )
    shown = {name: PICTURES[name] for name in named_pictures(numbered) if name in PICTURES}
    return Exchanged("quiz1", Text(title), numbered, pictures=shown)
