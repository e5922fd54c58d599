from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

import numpy as np
import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.measured import Drawn, Measured, Measurement
from quizproof.probes.engine.results import Illustration, Run, State
from quizproof.probes.packs.manifest import HeldOutFigure
from quizproof.probes.probe import Draw, Map, Measure, Probe
from quizproof.questions.rules import Value
from quizproof.questions.spec import Text
from quizproof.reports.html import TEMPLATES, render_html, spans_in
from quizproof.reports.words import MEANINGS, NAMES, SYMBOLS
from tests.reports.parsed import Element, parsed
from tests.reports.runs import (
    HOSTILE,
    blanks,
    choice,
    dropdowns,
    every_state,
    illustration,
    measured,
    result,
    run,
)


def page(*results: object, **more: object) -> Element:
    return parsed(render_html(run(*results, **more)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> str:
    return render_html(every_state())


@pytest.fixture(scope="module")
def tree(whole: str) -> Element:
    return parsed(whole)


def article(tree: Element, id: str) -> Element:
    return tree.one("article", id=id)


def test_nothing_in_the_page_runs_or_loads(tree: Element) -> None:
    tags = {element.tag for element in tree.all()}
    assert not tags & {"img", "link", "iframe", "object", "embed", "form", "base"}
    [script] = tree.all("script")
    own = [
        (TEMPLATES / name).read_text(encoding="utf-8")
        for name in ("page.js", "viewer.js", "tables.js", "finder.js", "paper.js")
    ]
    parts = "\n".join(part.rstrip("\n") for part in own[1:])
    kept = own[0].partition('{% include "viewer.js" %}')[0]
    assert script.children == [kept + parts]
    for element in tree.all():
        assert not [name for name in element.attributes if name.startswith("on")]
        assert "style" not in element.attributes
        for name in ("href", "src", "action", "xlink:href"):
            address = element.attributes.get(name, "#")
            assert address.startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,")), (
                address
            )


def test_style_reaches_for_nothing_outside(tree: Element) -> None:
    [style] = tree.one("style").children
    assert isinstance(style, str)
    assert "url(" not in style
    assert "@import" not in style


def test_ids_are_unique_and_everything_referred_to_is_there(tree: Element) -> None:
    ids = [element.attributes["id"] for element in tree.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in tree.all():
        for name in ("aria-labelledby", "for"):
            assert set(element.attributes.get(name, "").split()) <= set(ids)
        for name in ("href", "fill"):
            if match := re.fullmatch(r"#([a-z].*)|url\(#(.*)\)", element.attributes.get(name, "")):
                assert (match[1] or match[2]) in ids


def test_both_languages_say_the_same_things(tree: Element) -> None:
    spans = [e.attributes for e in tree.all(class_="t")]
    shown = [span["lang"] for span in spans if span["class"] != "t"]  # else in one alone
    assert shown[::2] == ["en"] * (len(shown) // 2)
    assert shown[1::2] == ["zh-Hant"] * (len(shown) // 2)


def test_headings_go_down_one_step_at_a_time(tree: Element) -> None:
    levels = [int(e.tag[1]) for e in tree.all() if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_table_heads_say_what_they_are_the_head_of(tree: Element) -> None:
    for head in tree.all("th"):
        assert head.attributes["scope"] in ("col", "row", "rowgroup")


def test_every_drawing_is_named_or_hidden(tree: Element) -> None:
    for drawing in tree.all("svg"):
        inner = "x" in drawing.attributes  # an arrowhead inside a drawing
        named = drawing.attributes.get("role") == "img" and "aria-labelledby" in drawing.attributes
        assert named or inner or drawing.attributes.get("aria-hidden") == "true"


def test_hostile_words_are_words(tree: Element) -> None:
    shown = article(tree, "q08").text()
    assert shown.count(" ".join(HOSTILE.split())) >= 5  # prompt, option, reason, probe, because
    assert "\\udcff" in shown
    assert HOSTILE.replace("{{7*7}}", "49") not in tree.text()


def test_every_state_has_symbol_name_meaning_in_both_languages(tree: Element) -> None:
    for shown in every_state().results:
        section = article(tree, shown.question.id)
        badge = next(section.all(class_="badge"))
        assert badge.text() == f"{SYMBOLS[shown.state]} {NAMES[shown.state].en}"
        assert badge.text("zh-Hant") == f"{SYMBOLS[shown.state]} {NAMES[shown.state].zh_hant}"
        outcome = section.one(class_="outcome").text("zh-Hant")
        assert MEANINGS[shown.state].zh_hant in outcome
        assert " ".join(shown.reason.zh_hant.replace("\udcff", "\\udcff").split()) in outcome


def test_symbols_differ() -> None:
    assert set(SYMBOLS) == set(State)
    assert len(set(SYMBOLS.values())) == len(State)


def test_the_headline_counts_what_is_wrong_proven_and_not_settled(tree: Element) -> None:
    head = tree.one(id="standing")
    assert head.text() == "2 answers in the key are wrong. One is proven. 7 are not settled."
    # sentences in Chinese stand beside one another; a line may break between them
    in_chinese = head.text("zh-Hant").split("\u200b")
    assert in_chinese == ["標準答案有 2 題錯誤。", "一題獲得證實。", "7 題尚未定案。"]
    those = tree.one(class_="of-these").text()
    assert "On a stand-in model one agrees, one comes out otherwise." in those
    assert "4 were not measured." in those  # one missing, one failed, two not reached


def test_whose_evidence_it_is_and_what_would_settle_the_rest(tree: Element) -> None:
    whose = tree.one(class_="whose")
    assert whose.text().startswith("Measured on the demonstration model that is built into")
    assert whose.one("code").text() == "quizproof verify planted --pack YOUR_FOLDER"
    other = page(result(State.CONFIRMED, settles=True), pack_embedded=False).one(class_="whose")
    assert other.text() == "Measured on the pack planted pack."


def test_interruption_is_said_on_top(tree: Element) -> None:
    alert = tree.one(class_="alert")
    assert "8 of 10 questions were measured. The other 2 are unchecked." in alert.text()
    assert not list(page(result()).all(class_="alert"))


def test_interrupted_before_the_first_question() -> None:
    shown = page(asked=3, quiz=run(result()).quiz)
    assert "0 of 3" in shown.one(class_="alert").text()
    assert "No question was measured." in shown.text()
    assert "proven" not in shown.one(id="standing").text()


@pytest.mark.parametrize(
    ("made", "tone"),
    [
        (run(result()), "good"),
        (run(result(), asked=2), "plain"),
        (run(result(), result(State.STAND_IN_AGREES, choice("q02"))), "plain"),
        (run(result(), result(State.UNDECIDED, choice("q02"))), "plain"),
        (run(result(), result(State.CONTRADICTED, choice("q02"))), "bad"),
        (run(result(), result(State.KEY_INVALID, choice("q02"))), "bad"),
        (run(result(), quiz=run(result(), result()).quiz), "plain"),
    ],
)
def test_green_is_for_the_whole_quiz_confirmed(made: Run, tone: str) -> None:
    assert tone in parsed(render_html(made)).one(class_="standing").attributes["class"].split()


def test_part_of_a_quiz_is_said_to_be_a_part() -> None:
    shown = page(result(), quiz=run(*(result(question=choice(f"q{k}")) for k in range(3))).quiz)
    assert "1 of the quiz’s 3 questions was asked for" in shown.one(class_="standing").text()


def test_every_wrong_answer_has_a_card(tree: Element) -> None:
    cards = list(tree.all("article", class_="card"))
    assert [card.one("h3").one("a").text() for card in cards] == ["q02", "q06"]
    assert cards[0].one(class_="keyed").text() == "Key b → Measured a"
    assert "why it is contradicted" in cards[0].text()
    assert "choose 2, but 1 is expected" in cards[1].text()
    assert [link.attributes["href"] for link in cards[0].all("a")] == ["#q02", "#q02"]


def test_every_question_is_a_row_the_urgent_ones_first(
    tree: Element,
) -> None:
    rows = list(tree.all("details", class_="entry"))
    assert [row.attributes["data-id"] for row in rows[:2]] == ["q02", "q06"]
    assert rows[-1].attributes["data-state"] == "confirmed"
    assert not [row for row in rows if "open" in row.attributes]
    cells = {row.attributes["data-id"]: next(row.all("summary")) for row in rows}
    assert cells["q22"].one(class_="c-key").text() == "Key [1] him, [2] 0.73"
    assert cells["q22"].one(class_="c-measured").text() == "Measured [1] her, [2] 0.5"
    assert cells["q29"].one(class_="c-measured").text() == "Measured not measured"
    assert cells["q02"].one(class_="c-state").text() == "State ✗ contradicted"


def options(section: Element) -> list[Element]:
    return [row for row in section.one("table", class_="options").all("tr") if list(row.all("td"))]


def test_options_show_key_measurement_and_rule(tree: Element) -> None:
    first, second = options(article(tree, "q01"))
    assert "☒" in first.one(class_="tick").text()
    assert "✓ holds" in first.one(class_="verdict").text()
    assert next(first.all("code")).text() == "x > y"
    assert "mean distance to the limit 0.2, between 0.1 and 0.3" in first.one(class_="bar").text()
    assert "☐" in second.one(class_="tick").text()
    assert "✗ fails" in second.one(class_="verdict").text()


def drawn_by(*draws: dict[str, Value], twin: Sequence[dict[str, Value]] = ()) -> Measured:
    models = [Drawn("the pack's", draws)]
    if twin:
        models.append(Drawn("random weights", tuple(twin)))
    return replace(measured(), drawn=tuple(models), draws=len(draws) + len(twin))


def test_every_draw_is_a_dot_on_the_axis_of_what_decides() -> None:
    made = drawn_by({"x": 0.25, "y": 0.5}, {"x": 0.75, "y": 0.5}, twin=[{"x": 1.0, "y": 0.5}])
    question = choice(rules=("x > 0.5", "y > x"), estimate="share")
    first, second = options(article(page(result(question=question, measurement=made)), "q01"))
    assert first.one(class_="axis-text").text() == "x (share of pixels) · fits above 0.5"
    models = [line.text() for line in first.one(class_="models").all("li")]
    assert models == [
        "fits in 1 of 2 draws; 0.25 – 0.75 demonstration model",
        "1 the same with random weights",
    ]
    assert second.one(class_="axis-text").one("code").text() == "y − x"
    assert next(line.text() for line in second.one(class_="models").all("li")).startswith(
        "fits in 1 of 2 draws; −0.25 – 0.25"
    )
    dots = [path.attributes["d"].count("M") for path in first.all("path", class_="dots")]
    assert dots == [2, 1]


def test_a_rule_that_holds_at_its_limit_says_so() -> None:
    made = drawn_by({"x": 0.25, "y": 0.25})
    question = choice(rules=("x <= 0.5", "x >= y"), estimate="share")
    first, second = options(article(page(result(question=question, measurement=made)), "q01"))
    assert first.one(class_="axis-text").text().endswith("fits at 0.5 or below")
    assert second.one(class_="axis-text").text().endswith("fits at 0 or above")


def test_an_option_on_which_models_disagree_has_the_value_on_each() -> None:
    made = drawn_by({"x": 0.6, "y": 0.1}, twin=[{"x": 0.2, "y": 0.1}])
    one = {"a": Finding(True, (0.1, 0.1, 0.1)), "b": Finding(False, (-0.1, -0.1, -0.1))}
    other = {**one, "a": Finding(False, (-0.3, -0.3, -0.3))}
    both = {**one, "a": Finding(None, (-0.3, 0.1, 0.1))}
    made = replace(made, findings=both, models=(one, other))
    question = choice(rules=("x > 0.5", "x < 0.1"))
    exact = result(question=question, measurement=made, confidence=None, tolerance=0.01)
    first, second = options(article(page(exact), "q01"))
    assert "The two models disagree" in first.text()
    assert "holds; +0.1 from the limit demonstration model" in first.text()
    assert "fails; −0.3 from the limit the same with random weights" in first.text()
    assert "numerical tolerance" not in first.text()
    assert "disagree" not in second.text()


def test_of_several_comparisons_the_deciding_one_is_drawn() -> None:
    made = drawn_by({"x": 0.9, "y": 0.1}, {"x": 0.8, "y": 0.1})
    question = choice(rules=("x > 0.5 and y < 0.2", "x < 0.1"), estimate="share")
    first, _ = options(article(page(result(question=question, measurement=made)), "q01"))
    assert first.one(class_="axis-text").text().startswith("y (share of pixels) · fits below 0.2")
    assert "the one that decides" in first.one(class_="axis-text").text()


def test_how_sure_is_told_in_counts() -> None:
    made = drawn_by(*[dict[str, Value](x=0.9, y=0.1)] * 28)
    question = choice(rules=("x > 0.5", "x < 0.1"), estimate="share")
    shown = page(result(question=question, measurement=made, measured=("a",)))
    assert (
        shown.one("details", class_="entry").one("summary").one(class_="c-sure").text()
        == "How sure a: 28 of 28 draws"
    )


def test_a_constant_has_no_spread_and_each_model_its_own_column() -> None:
    made = drawn_by({"x": 0.9, "y": 0.1}, {"x": 0.9, "y": 0.3}, twin=[{"x": 0.2, "y": 0.2}] * 2)
    question = choice(rules=("x > 0.5", "x < 0.1"), estimate="share")
    shown = article(page(result(question=question, measurement=made)), "q01")
    rows = [row.text() for row in shown.one("table", class_="numbers").all("tr")]
    assert rows == [
        "demonstration modelthe same with random weightsUnit",
        "x",
        "0.90.2share of pixels",
        "y",
        "0.2 0.1 – 0.30.2share of pixels",
    ]


def test_the_maps_say_that_they_are_of_the_first_draw() -> None:
    many = result(illustrations=(illustration(),))
    heads = [head.text() for head in article(page(many), "q01").all("h4")]
    assert "Pictures and maps (draw 1 has the setting that the question describes)" in heads


def test_options_that_differ_from_the_key_are_flagged(tree: Element) -> None:
    assert [bool(list(r.all(class_="flag"))) for r in options(article(tree, "q01"))] == [False] * 2
    assert [bool(list(r.all(class_="flag"))) for r in options(article(tree, "q02"))] == [True] * 2


def test_categories_have_no_axis() -> None:
    made = replace(measured(), drawn=(Drawn("m", ({"kind": "ReLU"}, {"kind": "ReLU"})),))
    question = choice(rules=("kind == 'ReLU'", "kind == 'Conv2d'"), estimate="share")
    first, second = options(article(page(result(question=question, measurement=made)), "q01"))
    assert not list(first.all("svg"))
    assert "Words are compared" in first.one(class_="axis-text").text()
    assert first.one("li").text() == "fits in 2 of 2 draws"
    assert second.one("li").text() == "fits in 0 of 2 draws"


def test_an_exact_value_is_told_in_multiples_of_its_tolerance() -> None:
    made = measured({"a": (True, 0.1, 0.2, 0.3), "b": (False, -0.3, -0.2, -0.1)})
    shown = result(measurement=made, confidence=None, tolerance=1e-4)
    first, _ = options(article(page(shown), "q01"))
    assert "0.2 from the limit: 2 000 × the numerical tolerance" in first.one(class_="bar").text()


def test_blanks_show_what_they_are_filled_with(tree: Element) -> None:
    rows = [row.text() for row in options(article(tree, "q22"))]
    assert "expected: him ∕ her · measured: her" in rows[0]
    assert "expected: 0.73 ± 0.01 · measured: 0.5" in rows[1]
    assert "no key" in rows[2]


def test_lists_keep_their_options_apart() -> None:
    section = article(page(result(question=dropdowns(), expected=("10a", "2a"))), "q29")
    assert [head.text() for head in section.all(class_="part")] == ["List [10]", "List [2]"]
    assert len(options(section)) == 4


def test_no_key_is_no_wrong_key() -> None:
    question = choice(expected=["a"]).model_copy(update={"expected": None})
    section = article(page(result(State.UNDECIDED, question, expected=None)), "q01")
    assert "no key" in section.one(class_="answers").text()
    assert not list(section.all(class_="flag"))


def test_an_empty_answer_is_none_of_the_options() -> None:
    question = choice("q01", "multiple", expected=["a"]).model_copy(update={"expected": []})
    shown = page(result(State.CONTRADICTED, question, expected=(), measured=("a",)))
    assert shown.one(class_="keyed").text() == "Key none → Measured a"


def facts(section: Element) -> dict[str, str]:
    names = [name.text() for name in section.all("dt")]
    return dict(zip(names, [value.text() for value in section.all("dd")], strict=True))


def test_how_it_was_measured(tree: Element) -> None:
    told = facts(article(tree, "q01"))
    assert told["Probe"] == "planted.probe"
    assert told["Parameters"] == 'picture: 1layer: "cnn.6"'
    assert told["Model"] == "a planted model"
    assert told["Draws"] == "17 (at most 200 a model)"
    assert told["Certainty"].endswith("is wrong is at most 1 %.")
    assert told["Pictures or sentences through the model"] == "1 024 forward, 512 backward"
    assert told["Whose evidence"] == "The question is about the method: any model settles it."
    exact = facts(article(tree, "q02"))
    assert exact["Certainty"] == "exact, ± 1 × 10⁻⁶ (numerical)"
    assert exact["Draws"] == "1"
    assert facts(article(tree, "q03"))["Doubt"] == "8 draws decide nothing"


@pytest.mark.parametrize(
    ("state", "settles", "embedded", "said"),
    [
        (State.CONFIRMED, True, False, "The model that the quiz names"),
        (State.UNDECIDED, True, False, "The model that the quiz names"),
        (
            State.STAND_IN_AGREES,
            False,
            True,
            "Tried on the built-in demonstration model alone, a stand-in",
        ),
        (
            State.STAND_IN_DIFFERS,
            False,
            False,
            "Tried on the model of pack planted pack, a stand-in",
        ),
        (State.UNDECIDED, False, False, "Tried on the model of pack planted pack, a stand-in"),
        (
            State.UNDECIDED,
            False,
            True,
            "Tried on the built-in demonstration model alone, a stand-in",
        ),
    ],
)
def test_whose_evidence_it_is(state: State, settles: bool, embedded: bool, said: str) -> None:
    section = article(page(result(state, settles=settles), pack_embedded=embedded), "q01")
    assert said in facts(section)["Whose evidence"]


def test_measured_numbers_have_units(tree: Element) -> None:
    rows = [row.text() for row in article(tree, "q22").one("table", class_="numbers").all("tr")]
    named = [row for row, following in pairwise(rows) if following == "0.5probability"]
    assert [row.split()[0] for row in named] == ["fall"]


def test_pictures_and_maps_stand_side_by_side(tree: Element) -> None:
    figure = article(tree, "q01").one("figure", class_="maps")
    drawn = [
        [panel.one(class_="caption").text() for panel in draw.all(class_="panel")]
        for draw in figure.all(class_="drawn")
    ]
    assert drawn == [
        ["Picture 1 as the model sees it", "Saliency", "Signed"],
        ["Picture 1 as the model sees it", "Saliency"],
    ]
    assert [which.text() for which in figure.all(class_="which-draw")] == [
        "draw 1 of 8 (2 kept)",
        "draw 2 of 8 (2 kept)",
    ]
    for panel in figure.all(class_="panel"):
        assert len(list(panel.all("use", class_="outline"))) == 2
    legend = next(figure.all("div", class_="outlines"))
    assert legend.text() == "Outlined food food_x 0.7 bar bar_x 0.8"
    assert legend.text("zh-Hant") == "輪廓線 食物 food_x 0.7 bar bar_x 0.8"


def test_a_picture_among_the_maps_has_its_own_title(tree: Element) -> None:
    figure = article(tree, "q04").one("figure", class_="maps")
    captions = [c.text() for c in figure.all(class_="caption")]
    assert captions == ["Picture 1 as the model sees it", "Overlay"]


def test_outlines_are_told_apart_by_colour_and_by_dash(tree: Element) -> None:
    legend = next(article(tree, "q01").all("div", class_="outlines"))
    first, second = legend.all("line", class_="outline")
    for name in ("stroke", "stroke-dasharray"):
        assert first.attributes[name] != second.attributes[name]


def test_a_picture_shown_twice_is_kept_once() -> None:
    questions = [choice(f"q{k:02}") for k in range(20)]
    many = [result(question=q, illustrations=(illustration(),)) for q in questions]
    shown = render_html(run(*many))
    assert len(re.findall("data:image/(png|jpeg)", shown)) == 2


def test_twenty_questions_with_pictures_stay_below_three_megabytes() -> None:
    noise = np.random.default_rng(0)
    masks = {f"region {k}": noise.random((128, 128)) > 0.97 for k in range(3)}
    pictures = [noise.random((128, 128, 3), dtype=np.float32) for _ in range(10)]
    many = [
        result(
            question=choice(f"q{k:02}"),
            illustrations=tuple(
                Illustration(
                    Map("noise", noise.random((128, 128), dtype=np.float32)),
                    pictures[k % 10],
                    masks,
                )
                for _ in range(3)
            ),
        )
        for k in range(20)
    ]
    assert len(render_html(run(*many)).encode()) < 3_000_000


def test_a_picture_of_fifty_megapixels_leaves_the_page_small() -> None:
    size = 7000, 7200
    mask = np.zeros(size, bool)
    mask[::2] = np.random.default_rng(0).random((size[0] // 2, 1)) > 0.5  # a ragged border
    picture = np.broadcast_to(np.float32(0.5), (*size, 3))
    map_ = Map("large", np.broadcast_to(np.float32(0.1), size), 0)
    shown = render_html(run(result(illustrations=(Illustration(map_, picture, {"food": mask}),))))
    assert len(shown) < 300_000


def test_a_map_without_a_picture_is_shown_alone() -> None:
    alone = Illustration(Map("Small", np.eye(4, dtype=np.float32)))
    figure = article(page(result(illustrations=(alone,))), "q01").one("figure", class_="maps")
    assert len(list(figure.all(class_="panel"))) == 1
    assert figure.one("svg", role="img").attributes["viewbox"] == "0 0 4 4"


def test_a_coarse_map_is_stretched_over_its_picture() -> None:
    shown = illustration()
    coarse = Illustration(Map("Coarse", np.eye(4, dtype=np.float32)), shown.picture, shown.outlines)
    figure = article(page(result(illustrations=(coarse,))), "q01").one("figure", class_="maps")
    assert {d.attributes["viewbox"] for d in figure.all("svg", role="img")} == {"0 0 48 48"}


def test_series_are_drawn_and_named(tree: Element) -> None:
    figures = [f for f in article(tree, "q04").all("figure") if list(f.all(class_="series"))]
    assert [figure.one(class_="caption").text() for figure in figures] == ["capital", "gap"]


def test_a_trend_is_drawn_with_its_series_and_not_again() -> None:
    made = measured(series={"cosine": (0.1, 0.2, 0.15), "trend of cosine": (0.1, 0.2, 0.2)})
    [drawing] = page(result(measurement=made)).all("svg", class_="series")
    assert [len(list(drawing.all("polyline", class_=kind))) for kind in ("line", "trend")] == [1, 1]


def test_a_probe_of_somebody_else_s_says_it_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In two languages where it gives them, and as it is where it gives a plain string."""
    letters = Text(en="letters", zh_hant="個字母")

    def lengths(bench: object, *, words: list[str] = ["cat"]) -> Iterator[Draw]:  # noqa: B006
        """Lengths of ``words``.

        In letters.
        """
        yield Draw({"x": 3.0})

    monkeypatch.setitem(
        cast(dict[str, Probe], catalogue()),
        "planted.probe",
        Probe(
            name="planted.probe",
            stochastic=False,
            tolerance=0.0,
            measured=(
                Measure("x", letters, 0, 9, Text(en="of the word", zh_hant="該字的長度")),
                Measure("y", "lettres", 0, 9, "du mot"),
            ),
            run=lengths,
        ),
    )
    made = measured(
        {"a": (True, 0.2, 0.2, 0.2), "b": (False, -0.2, -0.2, -0.2)},
        {"x": Measurement(3, 3, 3, letters), "y": Measurement(4, 4, 4, "lettres")},
        series={"grown": (1.0, 2.0), "plain": (2.0, 1.0)},
        captions={"grown": Text(en="growth", zh_hant="成長")},
    )
    question = choice(rules=("x > 2", "y < 3"), probe={"name": "planted.probe"})
    section = article(page(result(question=question, measurement=made)), "q01")
    table = section.one("table", class_="numbers")
    assert [words.text() for words in table.all(class_="help")] == ["of the word", "du mot"]
    assert next(words.text("zh-Hant") for words in table.all(class_="help")) == "該字的長度"
    units = [row.text("zh-Hant") for row in table.all("tr", class_="values")]
    assert units[0].endswith("個字母")
    assert units[1].endswith("lettres")
    captions = [figure.one(class_="caption") for figure in section.all("figure")]
    assert [caption.text("zh-Hant") for caption in captions] == ["成長", "plain"]
    assert "planted.probe Lengths of words." in section.text()
    assert "words" in [code.text() for code in section.all("code")]


def test_a_series_counts_from_where_it_starts() -> None:
    made = measured(series={"similarity": (0.1, 0.2, 0.3)}, series_start=0)
    labels = [
        text.text()
        for text in page(result(measurement=made)).one("svg", class_="series").all("text")
    ]
    assert labels == ["0.1", "0.2", "0.3", "0", "1", "2"]


def test_held_out_figures_are_told() -> None:
    about = Text(en="reader: exact match", zh_hant="閱讀模型：完全相同")
    figure = HeldOutFigure(about=about, right=0.659, baseline=0.2, count=1000)
    footer = page(result(), held_out=[figure]).one("footer").text()
    assert "reader: exact match 65.9 % of 1 000 (20 % by always guessing" in footer


def test_footer_says_what_ran(tree: Element) -> None:
    told = facts(tree.one("footer"))
    assert told["Pack: Digest (SHA-256)"] == "1" * 64
    assert told["Quiz: Digest (SHA-256)"] == "0" * 64
    assert told["Seed"] == "0"
    assert " ".join(HOSTILE.split()) in told["Versions"]


def test_the_same_run_gives_the_same_page(whole: str) -> None:
    assert render_html(every_state()) == whole


def test_values_are_escaped_once_and_braces_in_words_are_left() -> None:
    spans = spans_in(("en", "zh-Hant"))
    assert "&lt;b&gt;{x}" in spans(Text(en="<b>{x}", zh_hant="字"))
    assert "a &lt;i&gt; b" in spans(Text(en="a {x} b", zh_hant="{x}"), x="<i>")


def test_what_follows_a_number_is_one_or_many() -> None:
    spans = spans_in(("en", "zh-Hant"))
    words = Text(en="{of} {of:draw|draws}", zh_hant="{of} 次抽樣")
    assert "1 draw<" in spans(words, of="1")
    assert "2 draws<" in spans(words, of="2")


def test_parts_that_the_quiz_does_not_name_are_joined_as_the_language_joins() -> None:
    made = result(State.STAND_IN_AGREES, unnamed=("classifier", "pictures"))
    shown = article(page(made), "q01").text("zh-Hant")
    assert "所問的對象（classifier、pictures）" in shown


def test_probes_of_the_catalogue_explain_their_numbers() -> None:
    question = choice(
        rules=("layer_type == 'Conv2d'", "layer_type == 'ReLU'"),
        probe={"name": "network.layer_type", "with": {"layer": "cnn.6"}},
    )
    made = result(
        question=question,
        measurement=measured(measurements={"layer_type": Measurement("Conv2d", None, None, "")}),
    )
    assert article(page(made), "q01").one(class_="help").text()


def test_all_kinds_render_without_any_measurement() -> None:
    kinds = [choice(), choice("q02", "multiple"), blanks("q03"), dropdowns("q04")]
    bare = {"measured": None, "measurement": None, "confidence": None}
    shown = page(*(result(State.FAILED, question=kind, **bare) for kind in kinds))
    for kind in kinds:
        assert facts(article(shown, kind.id))["Whose evidence"] == "None: nothing was measured."


def test_a_report_names_its_questions_first(tree: Element) -> None:
    mark = tree.one("meta", name="quizproof-questions")
    assert mark.attributes["content"].split()[0] in {
        article.attributes["id"] for article in tree.all("article", class_="question")
    }


def test_draws_are_counted_on_the_model_whose_maps_are_shown() -> None:
    run = every_state()
    [first] = [r for r in run.results if r.question.id == "q01"]
    assert first.measurement is not None
    drawn = tuple(Drawn(model, ({},) * 6) for model in ("a", "b"))
    two = replace(first, measurement=replace(first.measurement, draws=12, drawn=drawn))
    page = parsed(render_html(replace(run, results=(two,), asked=1)))
    figure = article(page, "q01").one("figure", class_="maps")
    assert next(figure.all(class_="which-draw")).text() == "draw 1 of 6 (2 kept)"


def test_a_logarithmic_axis_says_that_it_is_one() -> None:
    made = drawn_by({"x": 0.001, "y": 0.1}, {"x": 1000.0, "y": 0.1})
    question = choice(rules=("x > 0.5", "y > 0.5"), estimate="share")
    first, second = options(article(page(result(question=question, measurement=made)), "q01"))
    assert first.one(class_="axis-text").text().endswith("fits above 0.5 · logarithmic axis")
    assert "logarithmic" not in second.one(class_="axis-text").text()


def test_one_point_is_no_points() -> None:
    one, two = (page(result(question=choice(points=points))) for points in (1, 2))
    assert article(one, "q01").one(class_="points").text() == "1 point"
    assert article(two, "q01").one(class_="points").text() == "2 points"
