"""What a probe found, in its own sentence, with the numbers as the page writes them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, cast

import pytest

from quizproof.probes import Reader
from quizproof.probes.bench import Bench
from quizproof.probes.catalogue import catalogue
from quizproof.probes.declaration import Draw, Measure, Probe, Words
from quizproof.probes.engine.measured import Measurement
from quizproof.probes.engine.results import State
from quizproof.questions.spec import Text
from quizproof.reports.html import render_html
from quizproof.reports.sentence import sentence_of
from tests.reports.parsed import parsed
from tests.reports.runs import HOSTILE, choice, illustration, measured, result, run

PARAMETERS: dict[str, Any] = {"regions": ["food", "bar"], "layers": [3, 12], "readers": ["r1"]}
PARAMETERS["turn"] = {"name": "rotate", "degrees": -90, "fill": "black"}
VALUES: dict[str, float | str] = {
    "x": 0.123456,
    "word": "Conv2d",
    "in_food": 0.5,
    "in_bar": -0.25,
    "at_3": 1e-9,
    "at_12": 3.0,
    "of_1": 2.0,
    "kind_food": "sweet",
    "kind_bar": "none",
}


def declared(finding: Words | None) -> Probe:
    def found(
        bench: Bench,
        *,
        regions: list[str],
        layers: list[int],
        readers: list[Reader],
        turn: dict[str, Any],
        also: str | None = None,
    ) -> Iterator[Draw]:
        yield Draw({})

    return Probe(
        name="planted.probe",
        stochastic=False,
        tolerance=0.0,
        measured=(
            Measure("x", "share", 0, 1, ""),
            Measure("word", "", 0, 0, "", categories=()),
            Measure("in_{item}", "share", -1, 1, "", each="regions"),
            Measure("at_{item}", "share", 0, math.inf, "", each="layers"),
            Measure("of_{item}", "share", 0, math.inf, "", each="readers"),
            Measure("kind_{item}", "", 0, 0, "", each="regions", categories=()),
        ),
        run=found,
        finding=finding,
    )


def said(finding: Words | None, **values: float | str) -> Text | None:
    those = {**VALUES, **values}
    shown = result(
        question=choice(probe={"name": "planted.probe", "with": PARAMETERS}),
        measurement=measured(
            measurements={name: Measurement(value, None, None, "") for name, value in those.items()}
        ),
        illustrations=(illustration(),),
    )
    return sentence_of(shown, declared(finding))


@pytest.mark.parametrize(
    ("finding", "en", "zh_hant"),
    [
        ("{x} of {word}", "0.1235 of Conv2d", "0.1235 of Conv2d"),
        (
            Text(en="Inside: {in_{item}}.", zh_hant="內部：{in_{item}}。"),
            "Inside: food 0.5, bar −0.25.",
            "內部：食物 0.5、bar −0.25。",
        ),
        (
            Text(en="{at_{item}} at {layers}", zh_hant="{layers}：{at_{item}}"),
            "3: 1\u00a0×\u00a010⁻⁹, 12: 3 at 3, 12",
            "3、12：3：1\u00a0×\u00a010⁻⁹、12：3",
        ),
        ("{of_{item}}; {also}", "r1 2; –", "r1 2; –"),
        (
            Text(en="{turn}", zh_hant="{turn}"),
            "rotate, degrees −90, fill black",
            "rotate、degrees −90、fill black",
        ),
        (
            Text(en="{kind_{item}}", zh_hant="{kind_{item}}"),
            "food: sweet, bar: none",
            "食物：sweet、bar：none",
        ),
    ],
)
def test_values_are_written_as_the_page_writes_them(finding: Words, en: str, zh_hant: str) -> None:
    found = said(finding)
    assert found is not None
    assert (found.en, found.zh_hant) == (en, zh_hant)


def test_nothing_is_said_of_what_was_not_measured() -> None:
    assert said(None) is None
    nothing = result(State.MISSING, measurement=None)
    assert sentence_of(nothing, declared("{x}")) is None
    other = result(question=choice(probe={"name": "planted.probe", "with": PARAMETERS}))
    assert sentence_of(other, declared("{word}")) is None  # evidence of another version
    assert sentence_of(other, declared("{in_{item}}")) is None
    wrong = result(question=choice(probe={"name": "planted.probe", "with": {"regions": 7}}))
    assert sentence_of(wrong, declared("{x}")) is None


def test_a_long_word_is_cut() -> None:
    found = said("It wrote {word}.", word="word " * 1000)
    assert found is not None
    assert len(found.en) < 150
    assert found.en.endswith("….")


@pytest.mark.parametrize("state", [State.CONTRADICTED, State.STAND_IN_DIFFERS])
def test_the_page_shows_it_and_reads_no_html_in_it(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    probes = cast(dict[str, Probe], catalogue())
    monkeypatch.setitem(probes, "planted.probe", declared(f"Found: {{word}} in {HOSTILE[:20]}"))
    shown = result(
        state,
        question=choice(probe={"name": "planted.probe", "with": PARAMETERS}),
        measurement=measured(
            measurements={n: Measurement(v, None, None, "") for n, v in VALUES.items()}
            | {"word": Measurement(HOSTILE, None, None, "")}
        ),
    )
    tree = parsed(render_html(run(shown)))
    sentences = [p for p in tree.all("p") if "sentence" in p.attributes.get("class", "").split()]
    assert len(sentences) == (2 if state is State.CONTRADICTED else 1)  # a card, and its row
    for sentence in sentences:
        assert sentence.text().startswith("Found: <script>document.title = 'run'</script>")
        assert not list(sentence.all("script"))
