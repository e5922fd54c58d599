from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import numpy as np
import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.probes.engine.measured import Measurement
from quizproof.probes.engine.results import Illustration, Run, State
from quizproof.probes.packs.manifest import HeldOutFigure
from quizproof.probes.probe import Draw, Map, Measure, Probe
from quizproof.questions.spec import Text
from quizproof.reports.html import render_html, spans_in
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
    return tree.one("article", id=f"question-{id}")


def test_nothing_in_the_page_runs_or_loads(tree: Element) -> None:
    tags = {element.tag for element in tree.all()}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    for element in tree.all():
        assert not [name for name in element.attributes if name.startswith("on")]
        assert "style" not in element.attributes
        for name in ("href", "src", "action", "xlink:href"):
            address = element.attributes.get(name, "#")
            assert address.startswith(("#", "data:image/png;base64,")), address


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


def test_top_counts_what_stands_and_what_does_not(tree: Element) -> None:
    counts = [group.one("b").text() for group in tree.one(class_="groups").all(class_="group")]
    assert counts == ["1", "2", "2", "5"]  # open: three results, and two that were not reached
    assert tree.one(id="standing").text() == "1 of 10 expected answers are confirmed"
    assert tree.one(id="standing").text("zh-Hant") == "10 題預期答案中，1 題獲得證實"


def test_interruption_is_said_on_top(tree: Element) -> None:
    alert = tree.one(class_="alert")
    assert "8 of 10 questions were measured. The other 2 are unchecked." in alert.text()
    assert not list(page(result()).all(class_="alert"))


def test_interrupted_before_the_first_question() -> None:
    shown = page(asked=3, quiz=run(result()).quiz)
    assert "0 of 3" in shown.one(class_="alert").text()
    assert "No question was measured." in shown.text()
    assert "every expected answer is confirmed" not in shown.text()


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
    assert "1 of the quiz’s 3 questions were asked for" in shown.one(class_="standing").text()


def test_to_do_names_each_question_with_its_mend(tree: Element) -> None:
    tasks = {next(task.all(class_="badge")).text()[2:]: task for task in tree.all(class_="task")}
    assert next(iter(tasks)) == "contradicted"
    assert "confirmed" not in tasks
    assert "Check the key of q02: measured a, expected b." in tasks["contradicted"].text()
    assert "請檢查 q02 的答案：實測 a，預期 b。" in tasks["contradicted"].text("zh-Hant")
    assert "choose 2, but 1 is expected" in tasks["key invalid"].text()
    assert "picture 7 has no region tray" in tasks["missing"].text()
    assert "[1] her, [2] 0.5" in tasks["stand-in differs"].text()
    for task in tasks.values():
        assert list(task.all("a"))


def test_nothing_to_do_when_all_is_confirmed() -> None:
    assert "Nothing: every expected answer is confirmed." in page(result()).text()


def test_overview_has_a_row_and_a_chip_for_each_question(tree: Element) -> None:
    rows = list(tree.one("table", class_="all").one("tbody").all("tr"))
    chips = list(tree.one(class_="strip").all("a"))
    assert len(rows) == len(chips) == 8
    assert (
        rows[4]
        .text()
        .endswith("stand-in differs Expected [1] him, [2] 0.73 Measured [1] her, [2] 0.5")
    )
    assert rows[6].text().endswith("missing Expected [10] a, [2] b Measured not measured")
    assert [chip.attributes["href"] for chip in chips[:2]] == ["#question-q01", "#question-q02"]
    assert chips[1].text() == "✗ q02: contradicted"


def options(section: Element) -> list[Element]:
    return [row for row in section.one("table", class_="options").all("tr") if list(row.all("td"))]


def test_options_show_key_measurement_rule_and_margin(tree: Element) -> None:
    first, second = options(article(tree, "q01"))
    assert "☒" in first.one(class_="tick").text()
    assert "✓ holds" in first.one(class_="verdict").text()
    assert first.one("code").text() == "x > y"
    assert first.one("p", class_="numbers").text() == "+0.2 [+0.1, +0.3] share of pixels"
    assert "☐" in second.one(class_="tick").text()
    assert "✗ fails" in second.one(class_="verdict").text()
    assert second.one("p", class_="numbers").text() == "−0.2 [−0.3, −0.1] share of pixels"


def test_options_that_differ_from_the_key_are_flagged(tree: Element) -> None:
    assert [bool(list(r.all(class_="flag"))) for r in options(article(tree, "q01"))] == [False] * 2
    assert [bool(list(r.all(class_="flag"))) for r in options(article(tree, "q02"))] == [True] * 2


def test_categories_have_infinite_margins_in_words(tree: Element) -> None:
    texts = [row.one("p", class_="numbers").text() for row in options(article(tree, "q02"))]
    assert texts == ["+∞: a matching category", "−∞: a category that does not match"]


def test_share_of_draws_is_named_as_the_unit(tree: Element) -> None:
    unknown, near = options(article(tree, "q03"))
    assert unknown.one("p", class_="numbers").text().startswith("? [−∞, +∞]")
    assert near.one("p", class_="numbers").text().endswith("share of draws above one half")


def test_scaled_comparisons_do_not_borrow_a_unit(tree: Element) -> None:
    texts = [row.one("p", class_="numbers").text() for row in options(article(tree, "q04"))]
    assert texts[0].endswith("share of pixels")
    assert texts[2].endswith("in the unit of its deciding comparison")


def test_margins_over_the_same_kinds_of_quantity_share_a_scale() -> None:
    made = measured(
        {"a": (False, -2.0, -2.0, -2.0), "b": (True, 0.5, 0.5, 0.5)},
        {"x": Measurement(0.6, 0.5, 0.7, "share"), "y": Measurement(3.0, 2.0, 4.0, "pixels")},
    )
    question = choice(rules=("x > 1 and y > 5", "y < 3.5 and x < 2"))
    section = article(page(result(question=question, measurement=made)), "q01")
    dots = [dot.attributes["cx"] for dot in section.all("circle")]
    assert dots == ["4.00%", "61.50%"]
    assert "−2" in section.one(class_="axis-ends").text()
    assert section.one("table", class_="options").text().count("deciding comparison") == 2


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
    shown = page(result(State.CONTRADICTED, expected=(), measured=("a",)))
    assert "expected none." in shown.one(class_="task").text()


def facts(section: Element) -> dict[str, str]:
    names = [name.text() for name in section.all("dt")]
    return dict(zip(names, [value.text() for value in section.all("dd")], strict=True))


def test_how_it_was_measured(tree: Element) -> None:
    told = facts(article(tree, "q01"))
    assert told["Probe"] == "planted.probe"
    assert told["Parameters"] == 'picture: 1layer: "cnn.6"'
    assert told["Model"] == "a planted model"
    assert told["Draws"] == "17 (at most 200 a model)"
    assert told["Certainty"].startswith("99 % confidence")
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
        (State.STAND_IN_AGREES, False, True, "A stand-in, the model of the embedded pack"),
        (State.STAND_IN_DIFFERS, False, False, "A stand-in, the model of pack planted pack"),
        (State.UNDECIDED, False, False, "A stand-in, the model of pack planted pack"),
        (State.UNDECIDED, False, True, "A stand-in, the model of the embedded pack"),
    ],
)
def test_whose_evidence_it_is(state: State, settles: bool, embedded: bool, said: str) -> None:
    section = article(page(result(state, settles=settles), pack_embedded=embedded), "q01")
    assert said in facts(section)["Whose evidence"]


def test_measured_numbers_have_units_and_intervals(tree: Element) -> None:
    rows = [row.text() for row in article(tree, "q22").one("table", class_="numbers").all("tr")]
    assert rows[2] == "fall0.5[0.49, 0.51]probability"


def test_pictures_and_maps_stand_side_by_side(tree: Element) -> None:
    figure = article(tree, "q01").one("figure", class_="maps")
    captions = [panel.one(class_="caption").text() for panel in figure.all(class_="panel")]
    assert captions == ["Picture 1 as the model sees it", "Saliency", "Signed"]
    for panel in figure.all(class_="panel"):
        assert len(list(panel.all("use", class_="outline"))) == 2
    legend = figure.one("figcaption")
    assert legend.text() == "Outlined food bar"
    assert legend.text("zh-Hant") == "輪廓線 食物 bar"


def test_a_picture_among_the_maps_has_its_own_title(tree: Element) -> None:
    captions = [c.text() for c in article(tree, "q04").all(class_="caption")]
    assert captions == ["Picture 1 as the model sees it", "Overlay"]


def test_outlines_are_told_apart_by_colour_and_by_dash(tree: Element) -> None:
    first, second = article(tree, "q01").one("figcaption").all("line", class_="outline")
    for name in ("stroke", "stroke-dasharray"):
        assert first.attributes[name] != second.attributes[name]


def test_a_picture_shown_twice_is_kept_once() -> None:
    questions = [choice(f"q{k:02}") for k in range(20)]
    many = [result(question=q, illustrations=(illustration(),)) for q in questions]
    shown = render_html(run(*many))
    assert shown.count("data:image/png") == 2


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
    assert [figure.one("figcaption").text() for figure in figures] == ["capital", "gap"]


def test_a_trend_is_drawn_with_its_series_and_not_again() -> None:
    made = measured(series={"cosine": (0.1, 0.2, 0.15), "trend of cosine": (0.1, 0.2, 0.2)})
    [drawing] = page(result(measurement=made)).all("svg", class_="series")
    assert [len(list(drawing.all("polyline", class_=kind))) for kind in ("line", "trend")] == [1, 1]


def test_a_unit_called_share_is_no_share_of_draws() -> None:
    made = measured(
        {"a": (True, 0.2, 0.2, 0.2), "b": (False, -0.2, -0.2, -0.2)},
        {"x": Measurement(0.6, 0.6, 0.6, "share"), "y": Measurement(0.4, 0.4, 0.4, "share")},
    )
    shown = page(result(measurement=made, confidence=None, tolerance=0.01))
    first = next(iter(options(shown)))
    assert first.one("p", class_="numbers").text() == "+0.2 ± 0.01 share"


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
    assert [row.text() for row in table.all("tr", class_="help")] == ["of the word", "du mot"]
    assert next(row.text("zh-Hant") for row in table.all("tr", class_="help")) == "該字的長度"
    units = [row.one("p", class_="numbers").text("zh-Hant") for row in options(section)]
    assert units[0].endswith("個字母")
    assert units[1].endswith("lettres")
    captions = [figure.one("figcaption") for figure in section.all("figure")]
    assert [caption.text("zh-Hant") for caption in captions] == ["成長", "plain"]
    assert "planted.probe Lengths of words." in section.text()
    assert "words" in [code.text() for code in section.all("code")]


def test_a_series_counts_from_where_it_starts() -> None:
    made = measured(series={"similarity": (0.1, 0.2, 0.3)}, series_start=0)
    labels = [
        text.text()
        for text in page(result(measurement=made)).one("svg", class_="series").all("text")
    ]
    assert labels[1:3] == ["0", "2"]


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
