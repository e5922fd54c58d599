"""baseline and regress, from the command line to every output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from quizproof.probes.engine.drift import Drift, question_error
from quizproof.probes.engine.judge import Finding
from quizproof.probes.engine.results import Run, State
from quizproof.probes.engine.runner import Runner
from quizproof.probes.packs.pack import Pack
from quizproof.questions.spec import Text
from quizproof.reports.cli import main
from quizproof.reports.html import TEMPLATES
from quizproof.reports.watch.baseline_file import (
    MAX_BYTES,
    BaselineError,
    baseline_of,
    read_baseline,
    write_baseline,
)
from quizproof.reports.watch.kept_maps import kept_maps
from quizproof.reports.watch.regress_json import regress_json
from quizproof.reports.watch.regress_junit import regress_junit
from quizproof.reports.watch.regress_markdown import code, regress_markdown
from quizproof.reports.watch.regress_page import render_regression
from quizproof.reports.watch.regress_text import regress_text
from quizproof.reports.watch.regress_words import REGRESS_WORDS
from quizproof.reports.watch.regression import Regression, compared, exit_code
from tests.planned import plan, result_of
from tests.planted_probes import bright_pack, write_quiz
from tests.reports.parsed import parsed
from tests.reports.runs import illustration

BRIGHT, DARK = 0.9, 0.1
HOSTILE = "<script>x</script> @everyone | #1 www.example.org `a` [b](http://c) \u202e*d*"


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


@pytest.fixture
def quiz(planted_site: Path, tmp_path: Path) -> Path:
    """A quiz about a world that is bright: by draws, exactly, and one that looks at nothing."""
    folder = write_quiz(tmp_path / "quiz", bright="a", bright_exactly="a", random="a")
    bright_pack(folder / "pack", BRIGHT)
    return folder


def measured(
    quiz: Path, pack: Path, seed: int, *, draws: int = 1, versions: Mapping[str, str] = {}
) -> Run:
    """A run as the commands make it, in this process."""
    made = plan(quiz, pack=pack, seed=seed, draws=draws)
    made = replace(made, error=question_error(len(made.tasks)))
    runner = Runner(made)
    results = [result_of(runner, task) for task in made.tasks]
    return Run(
        made.quiz,
        runner.pack.manifest.name,
        runner.pack.digest,
        False,
        {"torch": "2.6.0", **versions},
        seed,
        "cpu",
        results,
        len(results),
    )


def regression(
    quiz: Path, pack: Path, seed: int, *, draws: int = 1, versions: Mapping[str, str] = {}
) -> Regression:
    """``pack`` now against the quiz's own then."""
    then = measured(quiz, quiz / "pack", 16, draws=draws)
    error = question_error(len(then.results))
    kept = baseline_of(then, Pack(quiz / "pack"), question_error=error, least_draws=draws)
    now = measured(quiz, pack, seed, draws=draws, versions=versions)
    order = [result.question.id for result in now.results]
    return compared(kept, now, Pack(pack), {}, order)


def became(found: Regression) -> list[Drift]:
    return [each.drift for each in found.compared]


# ---- what it says


def test_unchanged_is_the_same_with_every_seed(quiz: Path) -> None:
    then = measured(quiz, quiz / "pack", 16)
    pack = Pack(quiz / "pack")
    kept = baseline_of(then, pack, question_error=question_error(3), least_draws=1)
    for seed in range(100):
        now = measured(quiz, quiz / "pack", seed)
        found = compared(kept, now, pack, {}, ["q01", "q02", "q03"])
        assert became(found) == [Drift.SAME] * 3


def test_a_world_that_crosses_the_threshold_flips_with_every_seed(
    quiz: Path, tmp_path: Path
) -> None:
    then = measured(quiz, quiz / "pack", 16)
    kept = baseline_of(then, Pack(quiz / "pack"), question_error=question_error(3), least_draws=1)
    dark = Pack(bright_pack(tmp_path / "dark", DARK))
    for seed in range(100):
        now = measured(quiz, dark.folder, seed)
        found = compared(kept, now, dark, {}, ["q01", "q02", "q03"])
        assert became(found) == [Drift.FLIPPED, Drift.FLIPPED, Drift.SAME]


def test_a_smaller_change_moves_what_is_exact(quiz: Path, tmp_path: Path) -> None:
    found = regression(quiz, bright_pack(tmp_path / "dimmer", 0.8), seed=1)
    assert became(found) == [Drift.SAME, Drift.MOVED, Drift.SAME]
    assert found.compared[1].why.en == (
        "a still holds: margin +0.402 → +0.3; b still does not hold: margin −0.402 → −0.3"
    )


def test_more_draws_show_a_smaller_move(quiz: Path, tmp_path: Path) -> None:
    found = regression(quiz, bright_pack(tmp_path / "dimmer", 0.65), seed=1, draws=150)
    assert became(found)[0] is Drift.MOVED


def test_what_else_is_different_is_named(quiz: Path, tmp_path: Path) -> None:
    dark = bright_pack(tmp_path / "dark", DARK)
    found = regression(quiz, dark, seed=1, versions={"torch": "2.7.0", "lime": "0.2"})
    changes = {change.what: (change.then, change.now) for change in found.changes}
    assert changes["torch"] == ("2.6.0", "2.7.0")
    assert changes["lime"] == ("", "0.2")
    assert changes["seed"] == ("16", "1")
    assert "pack: picture 0" in changes
    assert "pack" in changes
    assert [change.what for change in regression(quiz, quiz / "pack", seed=16).changes] == []


# ---- the commands


def baseline(quiz: Path, out: Path, *arguments: str) -> int:
    return run("baseline", quiz, "--pack", quiz / "pack", "-o", out, *arguments)


def regress(quiz: Path, kept: Path, *arguments: str | Path) -> int:
    return run("regress", quiz, "--baseline", kept, *arguments)


def test_same_and_flipped_with_every_output(
    quiz: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "baseline.json"
    assert baseline(quiz, kept) == 0
    capsys.readouterr()
    assert regress(quiz, kept, "--pack", quiz / "pack", "--strict") == 0
    said = capsys.readouterr().out
    assert "3 same         q01 q02 q03" in said
    assert "different" not in said
    dark = bright_pack(tmp_path / "dark", DARK)
    files = {name: tmp_path / name for name in ("report", "c.md", "r.json", "r.xml")}
    outputs = ("--report", "--markdown", "--json", "--junit")
    written = [a for pair in zip(outputs, files.values(), strict=True) for a in pair]
    assert regress(quiz, kept, "--pack", dark, "--seed", "7", *written) == 1
    said = capsys.readouterr().out
    assert "2 flipped      q01 q02" in said
    assert "q01: measured b instead of a" in said
    assert "seed 16 → 7" in said
    assert json.loads(files["r.json"].read_text(encoding="utf-8"))["summary"]["flipped"] == 2
    assert ElementTree.parse(files["r.xml"]).getroot().get("failures") == "2"
    assert "2 flipped" in files["c.md"].read_text(encoding="utf-8")
    page = parsed((files["report"] / "index.html").read_text(encoding="utf-8"))
    assert page.one("h2", id="standing").text() == "2 of 3 answers flipped since the baseline"


def test_the_same_run_gives_the_same_bytes(quiz: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    assert baseline(quiz, one, "--store", "none") == 0
    assert baseline(quiz, two, "--store", "none") == 0
    assert one.read_bytes() == two.read_bytes()
    assert len(one.read_bytes()) < 10_000


def test_exit_codes_of_what_is_not_the_same(
    quiz: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "baseline.json"
    assert baseline(quiz, kept, "--only", "q02,q03") == 0
    dimmer = bright_pack(tmp_path / "dimmer", 0.8)
    assert regress(quiz, kept, "--pack", dimmer, "--only", "q02,q03") == 0  # moved
    assert regress(quiz, kept, "--pack", dimmer, "--only", "q02,q03", "--strict") == 3
    pack = quiz / "pack"
    capsys.readouterr()
    out = tmp_path / "r.json"
    assert regress(quiz, kept, "--pack", pack, "--strict", "--json", out) == 0
    said = capsys.readouterr().out
    assert "not in the baseline, which is of 2 questions, and left out: q01\n" in said
    assert "not compared" not in said
    assert json.loads(out.read_text(encoding="utf-8"))["left_out"] == ["q01"]
    assert regress(quiz, kept, "--pack", pack, "--only", "q01") == 2  # nothing to compare
    error = capsys.readouterr().err.splitlines()[-1]
    assert "nothing in it to compare with (not in the baseline" in error


def test_a_question_that_is_new_in_the_quiz_is_not_left_out(
    quiz: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = (quiz / "quiz.yaml").read_text(encoding="utf-8")
    (quiz / "quiz.yaml").write_text(head.replace(", q03", ""), encoding="utf-8")
    third = (quiz / "q03.yaml").rename(tmp_path / "q03.yaml")
    kept = tmp_path / "baseline.json"
    assert baseline(quiz, kept) == 0
    (quiz / "quiz.yaml").write_text(head, encoding="utf-8")
    third.rename(quiz / "q03.yaml")
    capsys.readouterr()
    assert regress(quiz, kept, "--pack", quiz / "pack") == 0
    assert "q03: not in the baseline" in capsys.readouterr().out
    assert regress(quiz, kept, "--pack", quiz / "pack", "--strict") == 3


def test_what_is_lost_or_found_is_never_the_same(quiz: Path) -> None:
    pack = Pack(quiz / "pack")
    then = measured(quiz, quiz / "pack", 16)
    now = measured(quiz, quiz / "pack", 1)
    error = question_error(3)

    def undecided(run: Run) -> Run:
        first = replace(run.results[0], state=State.UNDECIDED, measured=None)
        return replace(run, results=[first, *run.results[1:]])

    for old, new, became_, why in (
        (then, undecided(now), Drift.LOST, "a then, not decided this time: "),
        (undecided(then), now, Drift.FOUND, "not decided then, a this time"),
    ):
        kept = baseline_of(old, pack, question_error=error, least_draws=1)
        found = compared(kept, new, pack, {}, ["q01", "q02", "q03"])
        assert became(found) == [became_, Drift.SAME, Drift.SAME]
        assert found.compared[0].why.en.startswith(why)
        assert exit_code(found, broken=False, strict=False) == 0
        assert exit_code(found, broken=False, strict=True) == 3
        word = str(became_)
        assert f"1 {word}" in regress_text(found, [])
        assert f"{word}: {why}" in regress_junit(found)
        assert json.loads(regress_json(found))["summary"][word] == 1
        assert f" {word} | `q01` |" in regress_markdown(found)
        assert parsed(render_regression(found)).one("article", id="question-q01").one("table")


def test_an_option_that_two_models_differ_on_is_lost_and_not_flipped(quiz: Path) -> None:
    pack = Pack(quiz / "pack")
    run_ = measured(quiz, quiz / "pack", 16)
    first = run_.results[0]
    assert first.measurement is not None
    one = first.measurement.models[0]
    other = {
        o: Finding(not f.holds, (-f.margin[2], -f.margin[1], -f.margin[0])) for o, f in one.items()
    }

    def on(*models: Mapping[str, Finding], **changes: Any) -> Run:
        assert first.measurement is not None
        result = replace(first, measurement=replace(first.measurement, models=models), **changes)
        return replace(run_, results=[result])

    kept = baseline_of(on(one, one), pack, question_error=0.001, least_draws=1)
    reason = Text(en="the models differ on option a, b", zh_hant="各模型不一致")
    differ = on(one, other, state=State.UNDECIDED, measured=None, reason=reason)
    found = compared(kept, differ, pack, {}, ["q01"])
    why = "a then, not decided this time: the models differ on option a, b"
    assert (became(found), found.compared[0].why.en) == ([Drift.LOST], why)
    assert "flipped" not in regress_text(found, []) + regress_junit(found)
    assert became(compared(kept, on(other, other), pack, {}, ["q01"])) == [Drift.FLIPPED]


def test_an_option_is_told_of_in_counts_of_draws(quiz: Path, tmp_path: Path) -> None:
    text = (quiz / "q01.yaml").read_text(encoding="utf-8")
    (quiz / "q01.yaml").write_text(text + "estimate: share\n", encoding="utf-8")
    found = regression(quiz, bright_pack(tmp_path / "dark", DARK), seed=1)
    then, now = found.compared[0].then, found.compared[0].now
    assert then is not None
    assert now is not None
    assert now.measurement is not None
    of, of_now = then.fits[0]["a"][1], now.measurement.draws
    assert then.fits == ({"a": (of, of), "b": (0, of)},)
    assert found.compared[0].why.en == (
        f"measured b instead of a; a no longer holds: {of} of {of} draws → 0 of {of_now}; "
        f"b holds now: 0 of {of} draws → {of_now} of {of_now}"
    )
    option = json.loads(regress_json(found))["questions"][0]["options"]["a"]
    assert (option["fits_then"], option["fits_now"]) == ([of, of], [0, of_now])
    article = parsed(render_regression(found)).one("article", id="question-q01")
    assert f"in 0 of {of_now} draws" in article.text()


def test_no_device_is_different_where_no_model_ran(quiz: Path) -> None:
    pack = Pack(quiz / "pack")
    then = measured(quiz, quiz / "pack", 16)
    kept = baseline_of(then, pack, question_error=0.001, least_draws=1)
    for device, changes in (("", []), ("cuda:0", ["device"])):
        found = compared(kept, replace(then, device=device), pack, {}, ["q01"])
        assert [change.what for change in found.changes] == changes


def test_what_became_of_a_question_whose_rules_changed_or_which_fails(
    quiz: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "baseline.json"
    assert baseline(quiz, kept) == 0
    text = (quiz / "q02.yaml").read_text(encoding="utf-8")
    (quiz / "q02.yaml").write_text(text.replace("x > 0.5", "x > 0.6"), encoding="utf-8")
    head = (quiz / "quiz.yaml").read_text(encoding="utf-8")
    (quiz / "quiz.yaml").write_text(head.replace(", q03", ""), encoding="utf-8")
    (quiz / "q03.yaml").unlink()
    (quiz / "pack" / "0.png").write_bytes(b"another picture")
    capsys.readouterr()
    assert regress(quiz, kept, "--pack", quiz / "pack") == 2  # nothing at all was compared
    said = capsys.readouterr().out
    assert "q02: its probe or its rules are others now: make a new baseline" in said
    assert "q03: no longer in the quiz" in said
    assert "  nothing could be compared\n" in said
    assert "q01: failed:" in said


def test_words_and_keys_may_change(quiz: Path, tmp_path: Path) -> None:
    kept = tmp_path / "baseline.json"
    assert baseline(quiz, kept) == 0
    for name in ("q01", "q02"):
        text = (quiz / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("{en: One,", "{en: Which one,").replace(
            "expected: [a]", "expected: [b]"
        )
        (quiz / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert regress(quiz, kept, "--pack", quiz / "pack", "--strict") == 0


# ---- the file


@pytest.fixture
def kept(quiz: Path, tmp_path: Path) -> Path:
    then = measured(quiz, quiz / "pack", 16)
    path = tmp_path / "kept.json"
    pack = Pack(quiz / "pack")
    write_baseline(path, baseline_of(then, pack, question_error=0.001, least_draws=1))
    return path


def test_what_is_written_is_read(kept: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    write_baseline(again, read_baseline(kept, "planted"))
    assert again.read_bytes() == kept.read_bytes()


def changed(kept: Path, **changes: Any) -> bytes:
    return json.dumps({**json.loads(kept.read_text(encoding="utf-8")), **changes}).encode()


def hostile(kept: Path) -> Iterator[tuple[bytes, str]]:
    content = json.loads(kept.read_text(encoding="utf-8"))
    question = content["questions"][0]
    yield b"", "no baseline"
    yield b"\xff\xfe\x00", "no baseline"
    yield b"[" * 100_000, "no baseline"
    yield b"[]", "no baseline"
    yield kept.read_bytes()[:-200], "no baseline"
    yield changed(kept, schema=2), "schema"
    yield changed(kept, kind="something"), "kind"
    yield changed(kept, more=1), "more"
    yield changed(kept, seed=10**40), "seed"
    yield changed(kept, question_error=0), "question_error"
    yield changed(kept, questions=[]), "questions"
    yield changed(kept, questions=[question, question]), "twice"
    yield changed(kept, quiz={**content["quiz"], "id": "other"}), "a baseline of other, not of"
    wrong = {"a": {"holds": True, "margin": [0.1, 0.2]}}
    yield changed(kept, questions=[{**question, "models": [wrong]}]), "margin"
    yield kept.read_bytes().replace(b'"seed": 16', b'"seed": NaN'), "seed"
    nan = {"a": {"holds": True, "margin": [0.1, 0.2, "nan"]}}
    yield changed(kept, questions=[{**question, "models": [nan]}]), "margin"
    yield b"{" + b" " * MAX_BYTES + b"}", "larger than"


def test_a_wrong_file_is_one_line(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    for content, said in hostile(kept):
        path.write_bytes(content)
        with pytest.raises(BaselineError) as raised:
            read_baseline(path, "planted")
        assert said in str(raised.value)
        assert "quizproof baseline planted" in str(raised.value)
        assert "\n" not in str(raised.value)
        assert len(str(raised.value)) < 500
    for path, said in ((tmp_path, "it is a folder"), (tmp_path / "nowhere.json", "No such file")):
        with pytest.raises(BaselineError, match=said):
            read_baseline(path, "planted")


# ---- what a stranger's words may do


@pytest.fixture
def told(quiz: Path, tmp_path: Path) -> Regression:
    """A comparison in which everything flipped and all names are hostile."""
    found = regression(quiz, bright_pack(tmp_path / "dark", DARK), 1, versions={HOSTILE: HOSTILE})
    object.__setattr__(found.run, "pack_name", HOSTILE)
    return found


def test_markdown_keeps_strangers_words_in_code(told: Regression) -> None:
    text = regress_markdown(told)
    assert text.startswith(
        "<!-- quizproof regress planted -->\n### quizproof regress: ❌ 2 flipped"
    )
    outside = without_code(text)
    for sign in ("@", "<script", "www", "http", "#1", "\u202e"):
        assert sign not in outside
    assert code(HOSTILE).startswith("`` ") is False  # it neither begins nor ends with a backtick
    assert code("`a`") == "`` `a` ``"
    assert code("a|b\nc") == "`a¦b c`"
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {6, 4}  # of the two tables


def without_code(text: str) -> str:
    """``text`` without its code spans: what CommonMark finds between equal runs of backticks."""
    return re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", text)


def test_junit_json_and_page_bear_strangers_words(told: Regression) -> None:
    suite = ElementTree.fromstring(regress_junit(told))
    assert [case.get("name") for case in suite] == ["q01", "q02", "q03"]
    report = json.loads(regress_json(told))
    assert report["now"]["pack"]["name"] == HOSTILE
    assert report["questions"][0]["options"]["a"]["drift"] == "flipped"
    page = parsed(render_regression(told))
    [script] = page.all("script")
    assert not list(script.all())


def test_page_shows_both_sides_in_both_languages(told: Regression) -> None:
    page = parsed(render_regression(told))
    standing = page.one("h2", id="standing")
    assert standing.text("zh-Hant") == "3 題中，2 題的答案自基準以來改變"
    article = page.one("article", id="question-q01")
    assert [
        len(list(row.all("svg", class_="margin"))) for row in article.all("tr", class_="flipped")
    ] == [2, 2]
    assert "measured b instead of a" in article.text()
    assert "實測：b；原為：a" in article.text("zh-Hant")
    assert page.one("article", id="question-q03").one("details").attributes.get("open") is None


def test_page_of_nothing_moved(quiz: Path) -> None:
    page = parsed(render_regression(regression(quiz, quiz / "pack", 16)))
    assert page.one("section", class_="standing").attributes["class"] == "standing good"
    assert page.one("h2", id="standing").text() == "All 3 questions are the same as then"
    assert "are those of the baseline" in page.text()


def test_template_and_catalogue_have_the_same_words() -> None:
    watch = TEMPLATES.parent / "watch"
    sources = [
        TEMPLATES / "regress.html.j2",
        watch / "regress_page.py",
        watch / "kept_maps.py",
    ]
    used = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert set(re.findall(r"\br\(\"(\w+)\"[,)]", used)) <= set(REGRESS_WORDS)
    # a key may be chosen between: {{ r("first_model") if … }}, or ("then", "now") in a loop
    unused = [key for key in REGRESS_WORDS if f'"{key}"' not in used and "what_" not in key]
    assert unused == []


def test_the_page_shows_maps_then_now_and_the_difference(told: Regression) -> None:
    """Of a question whose answer is another, over the picture that it is about."""
    each = next(one for one in told.compared if one.drift is Drift.FLIPPED)
    assert each.then is not None
    assert each.now is not None
    then = each.then.model_copy(update={"maps": kept_maps([illustration()])})
    now = replace(each.now, illustrations=(illustration(shift=0.2),))
    moved = replace(each, then=then, now=now)
    page = parsed(render_regression(replace(told, compared=[moved])))
    panels = list(page.all(class_="panel"))
    captions = [panel.one(class_="caption").text() for panel in panels]
    assert captions == [
        "Picture 1 as the model sees it",
        "Then: Saliency",
        "Now: Saliency",
        "Now less then: Saliency",
    ]
    old, new, less = [
        [end.text() for end in panel.one(class_="colours").all("span")] for panel in panels[1:]
    ]
    assert old == new
    assert less[0].replace("−", "") == less[1]


def test_a_map_that_is_the_same_everywhere_says_so(told: Regression) -> None:
    each = next(one for one in told.compared if one.drift is Drift.FLIPPED)
    assert each.then is not None
    assert each.now is not None
    then = each.then.model_copy(update={"maps": kept_maps([illustration()])})
    unmoved = replace(each, then=then, now=replace(each.now, illustrations=(illustration(),)))
    page = parsed(render_regression(replace(told, compared=[unmoved])))
    *_, difference = page.all(class_="panel")
    assert "0 at every place" in difference.text()
    assert not list(difference.all(class_="colours"))
