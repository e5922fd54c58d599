"""Pictures of a quiz on its pages."""

from __future__ import annotations

from dataclasses import replace

from quizproof.questions.spec import Text
from quizproof.reports.html import render_html
from tests.questions.test_pictures import picture
from tests.reports.runs import choice, measured, result, run
from tests.reports.test_matching_report import FAILS, HOLDS, QUESTION
from tests.reports.test_ordering_report import ordering

SAID = 'See ![a <b>"cat"</b>](cat.png), ![a dog](dog.png) <img src=x onerror=alert(1)>'


def test_pictures_are_part_of_the_page_and_of_nothing_else() -> None:
    asked = choice().model_copy(update={"prompt": Text(SAID)})
    made = run(result(question=asked))
    made = replace(made, quiz=replace(made.quiz, pictures={"cat.png": picture(), "dog.png": b"no"}))
    page = render_html(made)
    start = '<img class="shown" src="data:image/png;base64,'
    assert page.count(start) == 1
    shown = page[page.index(start) :].partition(">")[0]
    assert 'alt="a &lt;b&gt;&#34;cat&#34;&lt;/b&gt;" width="8" height="6"' in shown
    assert "(a dog) &lt;img src=x" in page
    assert "<img src=x" not in page
    assert "(a &lt;b&gt;&#34;cat&#34;&lt;/b&gt;)" in page  # in the table of all questions
    assert "![" not in page


def test_pictures_are_shown_in_the_items_of_every_kind() -> None:
    seen = Text("This one: ![a cat](cat.png)")
    pairs = QUESTION.items["1"].model_copy(update={"text": seen})
    matching = QUESTION.model_copy(update={"items": QUESTION.items | {"1": pairs}})
    order = ordering(["a", "b"])
    first = order.items["a"].model_copy(update={"text": seen})
    ordered = order.model_copy(update={"items": order.items | {"a": first}})
    findings = measured({"1a": HOLDS, "1b": FAILS, "2a": HOLDS, "2b": FAILS})
    for asked, made in ((matching, findings), (ordered, measured({"aba": HOLDS, "abb": FAILS}))):
        of = run(result(question=asked, expected=None, measured=None, measurement=made))
        page = render_html(replace(of, quiz=replace(of.quiz, pictures={"cat.png": picture()})))
        assert page.count('<img class="shown"') == 1
