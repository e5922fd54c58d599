"""A key that is wrong whatever else is right: what every command says of it, from end to end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import Draw, Measure, Probe
from quizproof.probes.engine.results import Outcome, State
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy
from quizproof.reports.cli import main
from quizproof.reports.html import render_html
from quizproof.reports.student.marking import Checked, Mark, checked
from quizproof.reports.summary import summary_text
from tests.planted_probes import write_quiz
from tests.reports.parsed import parsed
from tests.reports.runs import choice, dropdowns, measured, result, run

pytestmark = pytest.mark.usefixtures("planted_site")

OPTIONS = {"a": "x < 0.1", "b": "x > 0.5", "c": "x < 0.3", "d": "x > 0.7"}  # x is 0.9
UNCLEAR = {"a": "x > 0.5", "b": "x < 0.5", "c": "x > 2", "d": "x < 0 - 1"}  # x is 0.5 ± 0.1


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    """q01, of which b and d hold, and q02, of which a or b does; both keys say c."""
    folder = write_quiz(tmp_path / "quiz", good="c", random="c")
    for name, rules, probe in (
        ("q01", OPTIONS, {"name": "planted.good"}),
        ("q02", UNCLEAR, {"name": "planted.random", "with": {"x": 0.5}}),
    ):
        question = {
            "kind": "single",
            "points": 1,
            "about": "method",
            "estimate": "share",
            "prompt": {"en": "Which?", "zh-Hant": "哪個？"},
            "probe": probe,
            "options": {
                option: {"text": {"en": option, "zh-Hant": option}, "rule": rule}
                for option, rule in rules.items()
            },
            "expected": ["c"],
        }
        (folder / f"{name}.yaml").write_text(json.dumps(question), encoding="utf-8")
    return folder


def command(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def verified(quiz: Path, *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    out = quiz.parent / "run.json"
    code = command("verify", quiz, "--pack", quiz / "pack", "--json", out, *arguments)
    found: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))["questions"]
    return code, found


def test_verify_contradicts_it_and_says_what_holds(
    quiz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (one, two) = verified(quiz, "--report", quiz.parent / "report")
    assert code == 1
    assert [one[k] for k in ("state", "finding", "measured", "reason")] == [
        "contradicted",
        "ruled-out",
        ["b", "d"],
        "c does not hold; b and d do",
    ]
    assert [two[k] for k in ("state", "finding", "measured", "reason")] == [
        "contradicted",
        "ruled-out",
        None,
        "c does not hold; which of a, b is open",
    ]
    said = capsys.readouterr().out
    assert "q01: c does not hold; b and d do\n" in said
    assert "to do: look at the evidence, then correct the key" in said
    assert "more draws" not in said
    page = (quiz.parent / "report" / "index.html").read_text(encoding="utf-8")
    b_and_d = '<bdi class="mark">b</bdi>{}<bdi class="mark">d</bdi>'
    languages = [(" and ", "en"), (" 與 ", "zh-Hant")]
    in_both = "".join(
        f'<span class="t in-{tag}" lang="{tag}">{word}</span>' for word, tag in languages
    )
    assert b_and_d.format(in_both) in page


@pytest.mark.parametrize(
    ("key", "state", "finding"), [("b", "undecided", "several-fit"), ("a", "contradicted", None)]
)
def test_one_of_several_that_hold_is_undecided(
    quiz: Path, key: str, state: str, finding: str | None
) -> None:
    text = (quiz / "q01.yaml").read_text(encoding="utf-8")
    (quiz / "q01.yaml").write_text(text.replace('["c"]', f'["{key}"]'), encoding="utf-8")
    code, [one] = verified(quiz, "--only", "q01")
    assert (one["state"], one["measured"]) == (state, ["b", "d"])
    assert one["finding"] == (finding or "ruled-out")
    assert code == (0 if finding else 1)


@pytest.mark.parametrize(
    ("answer", "mark", "reason", "code"),
    [
        ("b", "not decided", "b and d fit", 0),
        ("d", "not decided", "b and d fit", 0),
        ("c", "differs", "c does not hold; b and d do", 1),
        ("a", "differs", "a does not hold; b and d do", 1),
    ],
)
def test_check_costs_an_answer_that_fits_nothing(
    quiz: Path, answer: str, mark: str, reason: str, code: int
) -> None:
    answers, out = quiz.parent / "answers.yaml", quiz.parent / "check.json"
    answers.write_text(f"q01: {answer}\n", encoding="utf-8")
    assert command("check", quiz, answers, "--pack", quiz / "pack", "--json", out) == code
    told = json.loads(out.read_text(encoding="utf-8"))
    one = told["questions"][0]
    assert (one["mark"], one["reason"], one["measured"]) == (mark, reason, ["b", "d"])
    where = "settled" if code else "open"
    assert told["points"][where] == {"got": 0, "possible": 1, "questions": ["q01"]}


def test_grade_names_both_as_supported(quiz: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, out = quiz.parent / "store", quiz.parent / "class.json"
    command("verify", quiz, "--pack", quiz / "pack", "--store", store)
    answers = quiz.parent / "class.csv"
    answered = ("bbdca", "accab")
    rows = [
        f"s{n},{first},{second}" for n, (first, second) in enumerate(zip(*answered, strict=True))
    ]
    answers.write_text("\n".join(["student,q01,q02", *rows]) + "\n", encoding="utf-8")
    capsys.readouterr()
    page = quiz.parent / "page"
    arguments = ("--pack", quiz / "pack", "--store", store, "--json", out, "--report", page)
    assert command("grade", quiz, answers, "-o", quiz.parent / "grades.csv", *arguments) == 1
    assert "q01: key c, measured b, d; 3 of 5 students chose b, d" in capsys.readouterr().out
    one, two = json.loads(out.read_text(encoding="utf-8"))["questions"]
    assert {option["id"] for option in one["options"] if option["supported"]} == {"b", "d"}
    assert (one["against_key"]["measured"], one["against_key"]["chose"]) == ("b, d", 3)
    assert (one["against_key"]["gain"], one["against_key"]["lose"]) == (3, 1)
    # that the key is wrong is told, though nobody knows yet what is right
    assert two["against_key"]["measured"] == "≠ c"
    assert (two["against_key"]["gain"], two["against_key"]["lose"]) == (0, 2)


def test_a_baseline_keeps_several_and_finds_them_again(
    quiz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = quiz.parent / "baseline.json"
    pack = ("--pack", quiz / "pack")
    assert command("baseline", quiz, "-o", kept, *pack) == 0
    one, two = json.loads(kept.read_text(encoding="utf-8"))["questions"]
    assert (one["measured"], two["measured"]) == (["b", "d"], None)
    assert command("regress", quiz, "--baseline", kept, *pack) == 0
    file = json.loads(kept.read_text(encoding="utf-8"))
    file["questions"][0]["measured"] = ["b"]
    file["questions"][0]["models"][0]["d"] = {"holds": False, "margin": [-0.2, -0.2, -0.2]}
    kept.write_text(json.dumps(file), encoding="utf-8")
    capsys.readouterr()
    assert command("regress", quiz, "--baseline", kept, *pack) == 1
    assert "q01: measured b, d instead of b" in capsys.readouterr().out


# What becomes of one answer, by hand


def said(holds: str, answer: str, kind: str = "single", **more: Any) -> Checked:
    """``holds``: T, F or ? for each option."""
    known = {"T": True, "F": False, "?": None}
    margins = {o: (known[h], 0.0, 0.0, 0.0) for o, h in zip("abcd", holds, strict=True)}
    question = choice(kind=kind, rules=["x > y"] * 4, **more)
    question = question.model_copy(update={"expected": None})
    found = result(State.UNDECIDED, question, measurement=measured(margins), settles=True)
    return checked(found, Response(frozenset(answer)), Policy.PARTIAL_CREDIT)


@pytest.mark.parametrize(
    ("holds", "answer", "mark", "points"),
    [
        ("FTFF", "b", Mark.AGREES, 1),
        ("FTFF", "a", Mark.DIFFERS, 0),
        ("F??F", "a", Mark.DIFFERS, 0),  # it is surely wrong, whatever is right
        ("F??F", "b", Mark.NOT_DECIDED, 0),
        ("FTTF", "b", Mark.NOT_DECIDED, 0),
        ("FTTF", "a", Mark.DIFFERS, 0),
        ("FFFF", "a", Mark.DIFFERS, 0),
        ("????", "a", Mark.NOT_DECIDED, 0),
        ("T??F", "a", Mark.NOT_DECIDED, 0),
    ],
)
def test_one_to_choose(holds: str, answer: str, mark: Mark, points: float) -> None:
    found = said(holds, answer)
    assert found.mark is mark
    assert float(found.points) == pytest.approx(points * 0.3)
    assert (found.why is None) == (mark is Mark.AGREES or holds == "FTFF")


@pytest.mark.parametrize(
    ("holds", "answer", "mark", "points"),
    [
        ("TTFF", "ab", Mark.AGREES, 1),
        ("TTTF", "ab", Mark.NOT_DECIDED, 0),
        ("TTTF", "ad", Mark.DIFFERS, 0),
        ("TT?F", "ab", Mark.NOT_DECIDED, 0),
        ("TF?F", "ab", Mark.DIFFERS, 0),
        ("TF?F", "ac", Mark.NOT_DECIDED, 0),
        ("TTFF", "a", Mark.DIFFERS, 0.5),
    ],
)
def test_two_to_choose(holds: str, answer: str, mark: Mark, points: float) -> None:
    found = said(holds, answer, "multiple", choose=2)
    assert found.mark is mark
    assert float(found.points) == pytest.approx(points * 0.3)


@pytest.mark.parametrize(
    ("holds", "answer", "mark", "points"),
    [
        ("TTFF", "ab", Mark.AGREES, 1),
        ("TTTF", "ab", Mark.DIFFERS, 2 / 3),
        ("T??F", "ab", Mark.NOT_DECIDED, 0),
        ("T??F", "bc", Mark.DIFFERS, 0),  # it leaves out what surely holds
        ("TT?F", "abd", Mark.DIFFERS, 1 / 3),  # c may hold: no more points than are sure
        ("FFFF", "", Mark.AGREES, 1),
    ],
)
def test_any_number_to_choose(holds: str, answer: str, mark: Mark, points: float) -> None:
    found = said(holds, answer, "multiple")
    assert found.mark is mark
    assert float(found.points) == pytest.approx(points * 0.3)


@pytest.mark.parametrize(
    ("holds", "answer", "mark", "points", "why"),
    [
        ("TFTF", ("10a", "2a"), Mark.AGREES, 1, None),
        ("TTTF", ("10a", "2a"), Mark.NOT_DECIDED, 0, "in part 10, a and b fit"),
        ("TTTF", ("10a", "2b"), Mark.DIFFERS, 0.5, "2b does not hold; 2a does"),
        ("??TF", ("10a", "2b"), Mark.DIFFERS, 0, "2b does not hold; 2a does"),
        ("TF??", ("10b", "2b"), Mark.DIFFERS, 0, "10b does not hold; 10a does"),
    ],
)
def test_lists(
    holds: str, answer: tuple[str, ...], mark: Mark, points: float, why: str | None
) -> None:
    known = {"T": True, "F": False, "?": None}
    parts = ("10a", "10b", "2a", "2b")
    margins = {o: (known[h], 0.0, 0.0, 0.0) for o, h in zip(parts, holds, strict=True)}
    found = result(State.UNDECIDED, dropdowns(), measurement=measured(margins), settles=True)
    one = checked(found, Response(frozenset(answer)), Policy.PER_BLANK)
    assert one.mark is mark
    assert float(one.points) == pytest.approx(points * 0.3)
    assert (one.why and one.why.en) == why


def test_advice_to_draw_more_is_given_only_where_draws_can_help() -> None:
    def undecided(name: str, finding: Outcome | None, **more: Any) -> Any:
        found = measured({"a": (None, -0.1, 0.0, 0.1), "b": (None, -0.1, 0.0, 0.1)}, **more)
        return result(
            State.UNDECIDED, choice(name), measured=None, measurement=found, finding=finding
        )

    helped = undecided("q01", Outcome.OPEN, more_could_decide=True)
    others = [
        undecided("q02", Outcome.OPEN, more_could_decide=False),
        undecided("q03", Outcome.SEVERAL_FIT, more_could_decide=True),
    ]
    keyless = undecided("q04", None)
    given = replace(keyless, question=choice("q05", full_credit="nobody could know"))
    text = summary_text(run(helped, *others, keyless, given), ())
    assert "to do: allow more draws (max_draws), which may settle it: q01\n" in text
    assert "more draws could not settle it: q02\n" in text
    assert "exclude one another: q03\n" in text
    assert "to do: give it a key (expected): q04\n" in text
    assert "to do: nothing: everyone has full credit: q05\n" in text
    page = render_html(run(helped, *others))
    assert page.count("allow more draws (max_draws)") == 1
    assert "allow more draws" not in render_html(run(*others))


def test_a_stand_ins_reason_is_told_on_the_terminal() -> None:
    found = result(State.STAND_IN_DIFFERS, choice("q27"), reason="c does not hold; no option does")
    assert "q27: c does not hold; no option does" in summary_text(run(found), ())


def planted_probe(finding: str) -> Probe:
    def run_(bench: object) -> Iterator[Draw]:
        yield Draw({})

    return Probe(
        name="planted.probe",
        stochastic=False,
        tolerance=0.0,
        measured=(Measure("x", "", 0, 1, ""), Measure("y", "", 0, 1, "")),
        run=run_,
        finding=finding,
    )


def test_findings_are_told_apart_on_the_page_and_what_was_measured_instead_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declared = planted_probe(finding="It is {x}.")
    monkeypatch.setitem(cast(dict[str, Probe], catalogue()), "planted.probe", declared)
    fails: dict[str, tuple[bool | None, float, float, float]] = {
        "a": (False, -0.3, -0.2, -0.1),
        "b": (False, -0.3, -0.2, -0.1),
    }
    findings = (
        ("q01", State.UNDECIDED, Outcome.SEVERAL_FIT, "Of one, several options hold."),
        ("q02", State.UNDECIDED, Outcome.NONE_FITS, "Of one, no option holds."),
        ("q03", State.UNDECIDED, Outcome.OPEN, "One is open."),
        ("q04", State.UNDECIDED, None, "One has no key."),
        ("q05", State.STAND_IN_DIFFERS, Outcome.RULED_OUT, "one key is ruled out"),
    )
    made = run(
        *(
            result(
                state,
                choice(name, probe={"name": "planted.probe"}),
                measured=("a", "b") if finding is Outcome.SEVERAL_FIT else None,
                measurement=measured(fails),
                finding=finding,
            )
            for name, state, finding, _ in findings
        )
    )
    shown = parsed(render_html(made)).text()
    assert [said for *_, said in findings if said not in shown] == []
    told = summary_text(made, ()).splitlines()
    after = {line.split(":")[0].strip(): below for line, below in pairwise(told)}
    assert {name for name, said in after.items() if said == "        It is 0.6."} == {"q02", "q05"}
