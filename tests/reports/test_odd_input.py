"""What is odd in a quiz or its draws: the page opens all the same, and says what it left out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from quizproof.probes.draws import Map, Matrix, Scatter
from quizproof.probes.engine.measured import Drawn, Measurement
from quizproof.probes.engine.reasons import other_than_expected
from quizproof.probes.engine.results import Illustration, State
from quizproof.probes.engine.verdict import answer_text
from quizproof.questions.spec import Text
from quizproof.reports.html import render_html
from tests.reports.parsed import Element, parsed
from tests.reports.runs import choice, illustration, measured, result, run

NAN = math.nan


def test_a_missing_translation_is_the_other_language_and_says_which() -> None:
    only_english = choice(prompt={"en": "Only in English?"})
    both = choice("q02")
    tree = parsed(render_html(run(result(question=only_english), result(question=both))))
    prompt = tree.one("article", id="q01").one("p", class_="prompt")
    assert prompt.text("zh-Hant") == prompt.text("en") == "Only in English?"
    assert [span.attributes["lang"] for span in prompt.all("span")] == ["en"]


@pytest.mark.parametrize("title", ["اختبار الشبكات (9)", "מבחן: רשתות"])
def test_a_title_in_right_to_left_script_turns_nothing_else_round(title: str) -> None:
    made = run(result())
    made = replace(made, quiz=replace(made.quiz, title=Text(title)))
    tree = parsed(render_html(made))
    assert tree.one("h1").attributes["dir"] == "auto"
    assert tree.one("h1").text() == title
    assert title in tree.one("title").text()
    assert tree.one("html").attributes.get("dir") is None


def test_of_very_many_questions_the_most_urgent_have_their_evidence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quizproof.reports.html._IN_FULL", 2)
    monkeypatch.setattr("quizproof.reports.html._CARDS", 1)
    states = [State.CONFIRMED] * 3 + [State.CONTRADICTED] * 2
    results = [
        result(state, choice(f"q{k}"), illustrations=(illustration(shift=k / 10),))
        for k, state in enumerate(states)
    ]
    page = render_html(run(*results))
    tree = parsed(page)
    assert [e.attributes["data-id"] for e in tree.all("details", class_="entry")] == [
        "q3",
        "q4",
        "q0",
        "q1",
        "q2",
    ]
    assert "evidence of the 2 most urgent questions; that of the other 3 is left out" in tree.text()
    assert len(list(tree.all("article", class_="card"))) == 1
    full = [a.attributes["id"] for a in tree.all("article", class_="question") if has_table(a)]
    assert full == ["q3", "q4"]
    left = tree.one("article", id="q1").text()
    assert "quizproof verify planted --only q1" in left
    maps = page.count("<image ")
    assert maps == render_html(run(*results[3:])).count("<image ")


def has_table(article: Element) -> bool:
    return bool(list(article.all("table", class_="options")))


def test_draws_that_are_no_numbers_are_left_out_and_counted() -> None:
    values = tuple({"x": NAN if k == 3 else k / 10, "y": 0.45} for k in range(8))
    made = measured(
        measurements={
            "x": Measurement(NAN, None, None, ""),
            "y": Measurement(0.45, None, None, ""),
        },
        drawn=(Drawn("a model", values),),
        draws=8,
        series={"s": (0.1, NAN, 0.3)},
        matrices=(Matrix("m", np.full((2, 2), NAN, np.float32), ("1", "2"), ("a", "b")),),
        scatters=(Scatter("s", np.array([[NAN, 0], [1, 2]], np.float32), ("g", "h"), ("x", "y")),),
    )
    nothing = Illustration(Map("empty", np.full((8, 8), NAN, np.float32)))
    question = choice(estimate="share")
    page = render_html(run(result(question=question, measurement=made, illustrations=(nothing,))))
    article = parsed(page).one("article", id="q01")
    first = next(article.one("table", class_="options").all("ul", class_="models"))
    assert first.text().startswith("fits in 3 of 7 draws; −0.45 – 0.25 (1 without a number, left")
    drawn = [e for e in article.all() if e.tag in ("path", "circle", "rect", "polyline", "line")]
    assert drawn
    assert not [e for e in drawn if "nan" in " ".join(e.attributes.values()).split()]
    assert "NaN" not in page.split("<script>")[0]


@pytest.mark.parametrize(
    ("reason", "told"), [("measured b, expected a", False), ("a does not hold; b does", True)]
)
def test_a_card_does_not_say_the_two_answers_twice(reason: str, told: bool) -> None:
    why = (
        other_than_expected(answer_text("b"), answer_text("a"))
        if not told
        else Text(en=reason, zh_hant="a 不成立")
    )
    shown = result(State.CONTRADICTED, reason=why, measured=("b",))
    card = parsed(render_html(run(shown))).one("article", class_="card")
    assert (reason in card.text()) is told
    assert "Key a → Measured b" in card.text()
