from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizproof.probes.engine.judge import Finding, Tally
from quizproof.probes.engine.measured import Measured, Measurement, agree
from quizproof.probes.engine.results import State
from quizproof.probes.engine.verdict import Verdict, answer_text, key_text, verdict, why_undecided
from quizproof.questions.problems import Problem
from quizproof.questions.spec import (
    AnyOf,
    Blanks,
    DropDown,
    DropDowns,
    MultipleChoice,
    NumberBlank,
    Option,
    Question,
    SingleChoice,
    Text,
    TextBlank,
    expected_answer,
)

TEXT = Text(en="words", zh_hant="字")
OPTIONS = {name: Option(text=TEXT, rule="x > 0") for name in "abc"}


def test_answers_are_joined_as_a_language_joins() -> None:
    assert answer_text(["a", 0.5]) == Text(en="a, 0.5", zh_hant="a、0.5")
    assert answer_text([]) == answer_text([""]) == Text(en="none", zh_hant="無")
    either = key_text(multiple(AnyOf(any=[["a", "b"], ["c"]])))
    assert either == Text(en="a, b / c", zh_hant="a、b / c")


def single(expected: list[str] | AnyOf | None = None) -> Question:
    return SingleChoice(
        kind="single", points=1, about="method", prompt=TEXT, options=OPTIONS, expected=expected
    )


def multiple(expected: list[str] | AnyOf, choose: int | None = None) -> Question:
    return MultipleChoice(
        kind="multiple",
        choose=choose,
        points=1,
        about="method",
        prompt=TEXT,
        options=OPTIONS,
        expected=expected,
    )


def measured(**holds: bool | None) -> Measured:
    sign = {True: 1.0, False: -1.0, None: 0.1}
    findings = {o: Finding(h, (sign[h] - 0.2, sign[h], sign[h] + 0.2)) for o, h in holds.items()}
    words = {"w": Measurement("him", None, None, "")}
    return Measured(findings, words, 20, None, tally=Tally(20))


A, B, C = "abc"
YES, NO, OPEN = True, False, None


def holds(a: bool | None, b: bool | None, c: bool | None) -> dict[str, bool | None]:
    return {"a": a, "b": b, "c": c}


CASES: list[
    tuple[Question, dict[str, bool | None], str, tuple[str, ...] | None, str | None, str]
] = [
    # one is to be chosen
    (single([A]), holds(YES, NO, NO), "confirmed", (A,), None, "measured a, as expected"),
    (single([A]), holds(NO, YES, NO), "contradicted", (B,), "ruled-out", "measured b, expected a"),
    (
        single([C]),
        holds(NO, NO, NO),
        "contradicted",
        (),
        "ruled-out",
        "c does not hold; no option does",
    ),
    (
        single([C]),
        holds(YES, YES, NO),
        "contradicted",
        (A, B),
        "ruled-out",
        "c does not hold; a and b do",
    ),
    (
        single([C]),
        holds(OPEN, OPEN, NO),
        "contradicted",
        None,
        "ruled-out",
        "c does not hold; which of a, b is open",
    ),
    (
        single([C]),
        holds(OPEN, YES, NO),
        "contradicted",
        None,
        "ruled-out",
        "c does not hold; b does; a is open",
    ),
    (
        single([A]),
        holds(YES, YES, NO),
        "undecided",
        (A, B),
        "several-fit",
        "a and b hold, but 1 is to be chosen",
    ),
    (
        single([A]),
        holds(YES, YES, OPEN),
        "undecided",
        None,
        "several-fit",
        "a and b hold, but 1 is to be chosen",
    ),
    (
        single([A]),
        holds(YES, OPEN, NO),
        "undecided",
        None,
        "open",
        "whether b holds is open after 20 draws",
    ),
    (
        single([A]),
        holds(OPEN, OPEN, NO),
        "undecided",
        None,
        "open",
        "whether a and b hold is open after 20 draws",
    ),
    # without a key
    (
        single(),
        holds(YES, NO, NO),
        "undecided",
        (A,),
        None,
        "measured a, with no key to compare it with",
    ),
    (
        single(),
        holds(NO, NO, NO),
        "undecided",
        (),
        "none-fits",
        "no option holds, but 1 is to be chosen",
    ),
    (
        single(),
        holds(YES, NO, YES),
        "undecided",
        (A, C),
        "several-fit",
        "a and c hold, but 1 is to be chosen",
    ),
    (
        single(),
        holds(OPEN, NO, NO),
        "undecided",
        None,
        "open",
        "whether a holds is open after 20 draws",
    ),
    # any number
    (
        multiple([A, B]),
        holds(YES, YES, NO),
        "confirmed",
        (A, B),
        None,
        "measured a, b, as expected",
    ),
    (
        multiple([A, B]),
        holds(YES, NO, NO),
        "contradicted",
        (A,),
        "ruled-out",
        "measured a, expected a, b",
    ),
    (
        multiple([A, B]),
        holds(YES, YES, YES),
        "contradicted",
        (A, B, C),
        "ruled-out",
        "measured a, b, c, expected a, b",
    ),
    (
        multiple([A, B]),
        holds(OPEN, NO, NO),
        "contradicted",
        None,
        "ruled-out",
        "b does not hold; a is open",
    ),
    (
        multiple([A, B]),
        holds(OPEN, NO, YES),
        "contradicted",
        None,
        "ruled-out",
        "c holds, but was left out; b does not hold; a is open",
    ),
    (
        multiple([A]),
        holds(OPEN, YES, YES),
        "contradicted",
        None,
        "ruled-out",
        "b and c hold, but were left out; a is open",
    ),
    (
        multiple([A, B]),
        holds(YES, OPEN, NO),
        "undecided",
        None,
        "open",
        "whether b holds is open after 20 draws",
    ),
    (multiple([]), holds(NO, NO, NO), "confirmed", (), None, "measured none, as expected"),
    # two are to be chosen
    (
        multiple([A, B], 2),
        holds(YES, YES, NO),
        "confirmed",
        (A, B),
        None,
        "measured a, b, as expected",
    ),
    (
        multiple([A, B], 2),
        holds(YES, NO, YES),
        "contradicted",
        (A, C),
        "ruled-out",
        "measured a, c, expected a, b",
    ),
    (
        multiple([A, B], 2),
        holds(YES, NO, NO),
        "contradicted",
        (A,),
        "ruled-out",
        "b does not hold; a does",
    ),
    (
        multiple([A, B], 2),
        holds(YES, YES, YES),
        "undecided",
        (A, B, C),
        "several-fit",
        "a, b and c hold, but 2 are to be chosen",
    ),
    (
        multiple([A, B], 2),
        holds(YES, YES, OPEN),
        "undecided",
        None,
        "open",
        "whether c holds is open after 20 draws",
    ),
]


@pytest.mark.parametrize(("question", "holds", "state", "answer", "finding", "reason"), CASES)
def test_what_is_said(
    question: Question,
    holds: dict[str, bool | None],
    state: str,
    answer: tuple[str, ...] | None,
    finding: str | None,
    reason: str,
) -> None:
    said = verdict(question, measured(**holds), settles=True, key=())
    assert (said.state, said.measured, said.finding) == (state, answer, finding)
    assert said.reason.en == reason
    assert said.reason.zh_hant != reason
    assert not {"hold", "open", "option", "draw", "expected"} & set(said.reason.zh_hant.split())
    on_another = verdict(question, measured(**holds), settles=False, key=())
    names = {"confirmed": "stand-in agrees", "contradicted": "stand-in differs"}
    assert on_another.state == names.get(state, "undecided")
    assert on_another[1:2] + on_another[3:] == said[1:2] + said[3:]
    assert on_another.reason.en == reason + (", on a stand-in" if state in names else "")


THREE = st.sampled_from([True, False, None])
KINDS = st.sampled_from(["single", "multiple", "choose"])


@given(KINDS, st.sets(st.sampled_from("abc")), st.tuples(THREE, THREE, THREE), THREE)
def test_a_verdict_says_no_more_than_the_findings_do(
    kind: str, key: set[str], found: tuple[bool | None, ...], later: bool | None
) -> None:
    """A state that is settled is not undone by deciding what is still open, whichever way."""
    wanted = {"single": 1, "choose": 2}.get(kind)
    if wanted is not None and len(key) != wanted:
        return
    ticked = sorted(key)
    question = single(ticked) if kind == "single" else multiple(ticked, wanted)
    now = verdict(question, measured(**holds(*found)), settles=True, key=())
    decided = holds(*(found_ if found_ is not None else later for found_ in found))
    then = verdict(question, measured(**decided), settles=True, key=())
    if now.state in ("confirmed", "contradicted"):
        assert then.state == now.state
    if now.measured is not None:
        assert then.measured == now.measured
    right = {option for option, is_true in decided.items() if is_true}
    if None not in decided.values():
        assert then.measured == tuple(sorted(right))
        assert (then.state == "confirmed") == (right == key)
        # options that hold beside those that are expected do not rule them out where some are to
        # be chosen, and do where all that hold are
        contradicted = bool(key - right) or (wanted is None and bool(right - key))
        assert (then.state == "contradicted") == contradicted
    assert (now.finding is None) == (now.state == "confirmed")


def test_an_invalid_key_is_named_and_what_was_measured_is_kept() -> None:
    problem = Problem("q.yaml", 1, 1, "choose 2, but 1 expected", "expect 2")
    found = verdict(single(["a"]), measured(a=True, b=False, c=False), settles=True, key=[problem])
    assert found[:2] == (State.KEY_INVALID, ("a",))
    assert found.reason.en == "choose 2, but 1 expected: expect 2"
    assert found.finding is None
    found = verdict(
        multiple(["a"], 2), measured(a=True, b=True, c=False), settles=True, key=[problem]
    )
    assert found[:2] == (State.KEY_INVALID, ("a", "b"))
    for a, finding in ((False, "ruled-out"), (None, "open")):
        found = verdict(
            multiple(["a"], 2), measured(a=a, b=True, c=False), settles=True, key=[problem]
        )
        assert (found.state, found.finding) == (State.KEY_INVALID, finding)
    found = verdict(
        multiple(["b"], 2), measured(a=False, b=True, c=False), settles=True, key=[problem]
    )
    assert found.finding == "none-fits"
    unknown = verdict(
        single(["z"]), measured(a=False, b=True, c=False), settles=True, key=[problem]
    )
    assert unknown[:2] == (State.KEY_INVALID, ("b",))


def why_open(found: Measured) -> str:
    return why_undecided(single(), found).en


def test_reasons_of_what_is_open() -> None:
    given_up = replace(measured(a=None, b=True, c=False), left=5)
    assert why_open(given_up) == (
        "whether a holds is open after 20 draws; the 5 draws still allowed could not settle it"
    )
    shares = replace(measured(a=None, b=None, c=False), tally=Tally(2, {"a": 1, "b": 1, "c": 0}))
    assert why_open(replace(shares, left=10)) == (
        "whether a and b hold is open: a holds in 1 of 2 draws, b in 1; "
        "the 10 draws still allowed could not settle it"
    )
    one = replace(measured(a=None, b=True, c=False), tally=Tally(12, {"a": 7, "b": 12, "c": 0}))
    assert why_open(one) == "whether a holds is open: a holds in 7 of 12 draws"
    exact = replace(measured(a=None, b=True, c=False), draws=1, tally=None)
    near = "what was measured lies too near the limit"
    assert why_open(exact) == f"whether a holds is open: {near}"
    doubt = Text(en="no variance", zh_hant="沒有變異")
    assert why_open(replace(measured(a=None, b=None, c=None), doubt=doubt)) == "no variance"


def test_a_key_is_ruled_out_only_where_every_model_rules_it_out() -> None:
    def over(*models: dict[str, bool | None]) -> Verdict:
        both = agree(single(["c"]), [judged(model) for model in models])
        return verdict(single(["c"]), both, settles=True, key=())

    def judged(model: dict[str, bool | None]) -> Measured:
        one = measured(**model)
        return replace(one, models=(one.findings,))

    assert over(holds(YES, NO, NO), holds(YES, NO, NO)).state == "contradicted"
    differ = over(holds(YES, NO, NO), holds(NO, YES, NO))
    assert (differ.state, differ.finding, differ.measured) == ("contradicted", "ruled-out", None)
    assert differ.reason.en == "c does not hold; which of a, b is open"
    one_only = over(holds(YES, NO, NO), holds(NO, NO, YES))
    assert (one_only.state, one_only.finding) == ("undecided", "open")
    assert one_only.reason.en == "the models differ on option a, c"
    open_on_one = over(holds(YES, NO, NO), holds(OPEN, NO, OPEN))
    assert open_on_one.state == "undecided"


def test_each_model_may_rule_a_key_out_for_a_reason_of_its_own() -> None:
    one, other = measured(a=False, b=True, c=False), measured(a=True, b=False, c=False)
    found = agree(
        multiple(["a", "b"]), [replace(each, models=(each.findings,)) for each in (one, other)]
    )
    said = verdict(multiple(["a", "b"]), found, settles=True, key=())
    assert (said.state, said.measured) == (State.CONTRADICTED, None)
    assert said.reason.en == "the models differ on option a, b"


def blanks(word: list[str] | None, number: float | None) -> Question:
    return Blanks(
        kind="blanks",
        points=1,
        about="method",
        prompt=TEXT,
        blanks={
            "1": TextBlank(measure="w", expected=word),
            "2": NumberBlank(measure="f", tolerance=0.01, expected_number=number),
        },
    )


@pytest.mark.parametrize(
    ("first", "second", "state", "answer", "finding", "reason"),
    [
        (True, True, "confirmed", ("him", 0.73), None, "measured him, 0.73, as expected"),
        (
            True,
            False,
            "contradicted",
            ("him", 0.73),
            "ruled-out",
            "measured him, 0.73, expected her, 0.5",
        ),
        (
            None,
            False,
            "contradicted",
            None,
            "ruled-out",
            "blank 2 differs: measured 0.73, expected 0.5; 1 is open",
        ),
        (True, None, "undecided", None, "open", "whether 2 holds is open after 20 draws"),
    ],
)
def test_blanks_say_what_was_measured(
    first: bool | None,
    second: bool | None,
    state: str,
    answer: tuple[str | float, ...] | None,
    finding: str | None,
    reason: str,
) -> None:
    found = {"1": Finding(first, (0, 0, 0)), "2": Finding(second, (0, 0, 0))}
    numbers = {"w": Measurement("him", None, None, ""), "f": Measurement(0.73, 0.7, 0.8, "")}
    question = blanks(["her"], 0.5)
    assert expected_answer(question) == ("her", 0.5)
    said = verdict(
        question, Measured(found, numbers, 20, None, tally=Tally(20)), settles=True, key=()
    )
    assert (said.state, said.measured, said.finding) == (state, answer, finding)
    assert said.reason.en == reason
    assert expected_answer(blanks(None, 0.73)) is None
    assert expected_answer(blanks(["him"], None)) is None
    # without a key there is nothing to be decided
    keyless = verdict(blanks(None, None), Measured({}, numbers, 20, None), settles=True, key=())
    assert keyless[:2] == (State.UNDECIDED, ("him", 0.73))
    assert keyless.finding is None


def lists(**holds: bool | None) -> Verdict:
    """Lists 1 (y) and 10 (x), of which a is expected in both; what is not named fails."""
    part = DropDown(options=OPTIONS, expected="a")
    question = DropDowns(
        kind="dropdowns", points=1, about="method", prompt=TEXT, parts={"1": part, "10": part}
    )
    each: dict[str, bool | None] = dict.fromkeys(["1a", "1b", "1c", "10a", "10b", "10c"], False)
    for name, held in holds.items():
        each[("10" if name[0] == "x" else "1") + name[1]] = held
    return verdict(question, measured(**each), settles=True, key=())


def test_drop_downs_take_one_choice_a_part() -> None:
    assert lists(ya=True, xa=True)[:2] == ("confirmed", ("1a", "10a"))
    assert lists(ya=True, xb=True)[:2] == ("contradicted", ("1a", "10b"))
    assert lists(ya=True, xb=True).reason.en == "measured 1a, 10b, expected 1a, 10a"
    several = lists(ya=True, xa=True, xb=True)
    assert (several.state, several.measured) == ("undecided", ("1a", "10a", "10b"))
    assert several.finding == "several-fit"
    assert several.reason.en == "in part 10, a and b hold, but 1 is to be chosen"
    # the first list's finding says nothing of the second's
    out = lists(yb=True, yc=True, xa=True)
    assert (out.state, out.finding) == ("contradicted", "ruled-out")
    assert out.reason.en == "1a does not hold; 1b and 1c do"
    assert lists(xa=True).reason.en == "1a does not hold; no option does"
    opened = lists(yb=None, xa=True)
    assert opened.measured is None
    assert opened.reason.en == "1a does not hold; 1b is open"
    both = lists(yb=True, yc=True)
    assert both.reason.en == "1a does not hold; 1b and 1c do; 10a does not hold; no option does"
    assert lists(ya=True, xa=None).finding == "open"


def test_models_that_differ_leave_an_option_open() -> None:
    one, other = measured(a=True, b=False, c=False), measured(a=False, b=True, c=False)
    both = agree(single(), [one, other])
    assert {o: f.holds for o, f in both.findings.items()} == {"a": None, "b": None, "c": False}
    assert both.doubt is not None
    assert both.doubt.en == "the models differ on option a, b"
    assert agree(single(), [one, one]).findings == one.findings
    assert agree(single(), [one, one]).draws == 40


def test_agreement_reports_the_model_nearest_to_changing_its_mind() -> None:
    near = Measured({"a": Finding(True, (0.0, 0.1, 0.2))}, {}, 1, None)
    far = Measured({"a": Finding(True, (0.8, 0.9, math.inf))}, {}, 1, None)
    assert agree(single(), [far, near]).findings["a"] == Finding(True, (0.0, 0.1, 0.2))


def test_where_models_differ_the_margin_reaches_over_them_all() -> None:
    holds = Measured({"a": Finding(True, (0.00009, 0.0001, 0.00011))}, {}, 1, None)
    fails = Measured({"a": Finding(False, (-0.95, -0.94, -0.93))}, {}, 1, None)
    for models in ([holds, fails], [fails, holds]):
        found = agree(single(), models).findings["a"]
        assert found == Finding(None, (-0.95, 0.0001, 0.00011))


A_OR_B = AnyOf(any=[["a"], ["b"]])
AB_OR_AC = AnyOf(any=[["a", "b"], ["a", "c"]])


@pytest.mark.parametrize(
    ("question", "found", "state", "said"),
    [
        (single(A_OR_B), holds(NO, YES, NO), "confirmed", "measured b, as expected"),
        (single(A_OR_B), holds(YES, NO, NO), "confirmed", "measured a, as expected"),
        (single(A_OR_B), holds(NO, NO, YES), "contradicted", "measured c, expected a / b"),
        (
            single(A_OR_B),
            holds(NO, OPEN, NO),
            "undecided",
            "whether b holds is open after 20 draws",
        ),
        (single(A_OR_B), holds(NO, NO, OPEN), "contradicted", "a and b do not hold; c is open"),
        (
            single(A_OR_B),
            holds(YES, YES, NO),
            "undecided",
            "a and b hold, but 1 is to be chosen",
        ),
        (multiple(AB_OR_AC), holds(YES, NO, YES), "confirmed", "measured a, c, as expected"),
        (
            multiple(AB_OR_AC),
            holds(YES, YES, YES),
            "contradicted",
            "measured a, b, c, expected a, b / a, c",
        ),
        (
            multiple(AB_OR_AC),
            holds(NO, OPEN, YES),
            "contradicted",
            "each key that is accepted is ruled out (a, b / a, c)",
        ),
        (
            multiple(AB_OR_AC),
            holds(YES, OPEN, YES),
            "undecided",
            "whether b holds is open after 20 draws",
        ),
        (
            multiple(AB_OR_AC, choose=2),
            holds(NO, YES, YES),
            "contradicted",
            "measured b, c, expected a, b / a, c",
        ),
    ],
)
def test_of_several_keys_every_one_has_to_be_ruled_out(
    question: Question, found: dict[str, bool | None], state: str, said: str
) -> None:
    got = verdict(question, measured(**found), settles=True, key=[])
    assert (str(got.state), got.reason.en) == (state, said)


_subsets = st.lists(st.sampled_from("abc"), unique=True, min_size=1).map(sorted)


@given(
    st.lists(_subsets, min_size=2, max_size=3),
    st.fixed_dictionaries(dict.fromkeys("abc", st.sampled_from([True, False, None]))),
)
def test_what_is_confirmed_by_several_keys_is_one_of_them(
    keys: list[list[str]], found: dict[str, bool | None]
) -> None:
    """And what is contradicted is contradicted by each of them alone."""
    got = verdict(multiple(AnyOf(any=keys)), measured(**found), settles=True, key=[])
    alone = [verdict(multiple(key), measured(**found), settles=True, key=[]) for key in keys]
    assert (got.state is State.CONTRADICTED) == all(
        one.state is State.CONTRADICTED for one in alone
    )
    if got.state is State.CONFIRMED:
        assert sorted(map(str, got.measured or ())) in keys
