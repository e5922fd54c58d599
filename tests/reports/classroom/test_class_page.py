"""The report of a class: both languages, hostile words, and what a teacher needs first."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quizproof.probes.engine.results import Outcome, QuestionResult, State
from quizproof.questions.classroom import ClassResponses, Student, Submission
from quizproof.questions.grading import grade_class
from quizproof.questions.problems import Problem
from quizproof.questions.responses import Response
from quizproof.questions.scoring import Policy, key_answer
from quizproof.questions.spec import Question, Text
from quizproof.reports.classroom.class_page import render_class
from quizproof.reports.classroom.class_result import items_of, key_text
from quizproof.reports.classroom.class_words import CLASS_WORDS, POLICIES
from quizproof.reports.classroom.graded_class import GradedClass
from quizproof.reports.classroom.regrading import QuestionChange, Regrade, StudentChange
from quizproof.reports.classroom.small_groups import Saying
from quizproof.reports.html import TEMPLATES
from tests.reports.parsed import parsed
from tests.reports.runs import HOSTILE, blanks, choice, dropdowns, measured, result, text

TITLE = Text.model_validate(text("A quiz", "測驗"))
FILLED = blanks().model_copy(update={"blanks": dict(list(blanks().blanks.items())[:2])})  # type: ignore[union-attr]
ONE = choice("q01", rules=("x > y", "x <= y"), expected=["a"])
QUIZ: tuple[Question, ...] = (ONE, FILLED, dropdowns())


def graded(
    students: int = 40,
    results: dict[str, QuestionResult] | None = None,
    problems: tuple[Problem, ...] = (),
    regrade: Regrade | None = None,
    quiz: tuple[Question, ...] = QUIZ,
) -> GradedClass:
    """A class in which all who are good at the other questions choose b in q01."""
    rows = []
    for number in range(students):
        good = number % 2 == 0
        given = {
            "q01": Response(frozenset("b" if good else "a")),
            "q22": Response(filled={"1": "him" if good else HOSTILE, "2": "0.73"}),
            "q29": Response(frozenset({"10a", "2a"} if good else {"10b"})),
        }
        rows.append(
            Submission(Student(f"s {number}"), number + 2, {q.id: given[q.id] for q in quiz})
        )
    responses = ClassResponses("class.csv", tuple(q.id for q in quiz), rows)
    keys = {q.id: key for q in quiz if (key := key_answer(q)) is not None}
    grades = grade_class(quiz, keys, responses, Policy.PARTIAL_CREDIT)
    numbers = {q.id: number for number, q in enumerate(quiz, 1)}
    known = results or {}
    return GradedClass(
        "quiz",
        TITLE,
        HOSTILE,
        grades,
        items_of(grades, numbers, known),
        problems,
        "store" if known else "",
        tuple(q.id for q in quiz if q.id not in known),
        regrade,
    )


def contradicted(settles: bool = True) -> dict[str, QuestionResult]:
    state = State.CONTRADICTED if settles else State.STAND_IN_DIFFERS
    found = measured({"a": (False, -0.3, -0.2, -0.1), "b": (True, 0.1, 0.2, 0.3)})
    return {"q01": result(state, ONE, measured=("b",), measurement=found, settles=settles)}


@pytest.mark.parametrize("name", [*CLASS_WORDS, *POLICIES])
def test_both_languages_have_the_same_places_to_fill(name: str) -> None:
    shown = (CLASS_WORDS | POLICIES)[name]

    def places(words: str) -> set[str]:  # English fills one in twice: {count:problem|problems}
        return {name for _, name, _, _ in string.Formatter().parse(words) if name}

    assert places(shown.en) == places(shown.zh_hant)
    assert re.search(r"[\u4e00-\u9fff]", shown.zh_hant) or "α" in shown.zh_hant
    assert not re.search(r"[\u4e00-\u9fff]", shown.en)


def test_template_and_catalogue_have_the_same_words() -> None:
    sources = [TEMPLATES / "class.html.j2", TEMPLATES.parent / "classroom" / "class_page.py"]
    used = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert set(re.findall(r"\bc\(\"(\w+)\"", used)) <= CLASS_WORDS.keys()
    assert [name for name in CLASS_WORDS if f'"{name}"' not in used] == []


def test_what_speaks_against_the_key_is_first() -> None:
    page = parsed(render_class(graded(results=contradicted())))
    assert [heading.text() for heading in page.all("h2")][:2] == [
        "The measurement contradicts the key of one question: correct it before grades go out",
        "The measurement against the key",
    ]
    [task] = page.all("div", class_="contradicted")
    assert "q01: the key expects a, but b was measured" in task.text()
    assert "20 of 40 students (50 %) chose" in task.text()
    assert "20 students would gain points and 20 would lose some" in task.text()
    assert "40 位學生中有 20 位（50 %）" in task.text("zh-Hant")


def test_a_stand_in_comes_later_and_settles_nothing() -> None:
    page = parsed(render_class(graded(results=contradicted(settles=False))))
    headings = [heading.text() for heading in page.all("h2")]
    assert "The measurement against the key" not in headings
    assert headings.index("Stand-ins that differ from the key") > 1


def test_a_wrong_option_that_good_students_pick_is_told() -> None:
    page = parsed(render_class(graded()))
    assert "Wrong options that good students pick" in [h.text() for h in page.all("h2")]
    assert (
        "q01, option b (Option b): chosen by 50 % of all, 100 % of the upper and 0 %" in page.text()
    )
    assert (
        page.one("h2", id="standing").text().startswith("Graded by the key, which is not checked")
    )


def test_by_an_invalid_key_nothing_is_right_or_wrong() -> None:
    found = measured({"a": (True, 0.1, 0.2, 0.3), "b": (False, -0.3, -0.2, -0.1)})
    results = {"q01": result(State.KEY_INVALID, ONE, measurement=found)}
    page = parsed(render_class(graded(results=results)))
    article = page.one("article", id="question-q01").text()
    assert "nobody can be right by this key" in article
    assert "Right 0 %" not in article
    assert "Right 50 %" not in article
    assert "= key" not in article
    assert "Discrimination" not in article
    scatter = page.one("figure", class_="scatter")
    dots = [dot.one("title").text() for dot in scatter.all("circle")]
    assert dots
    assert not [dot for dot in dots if dot.startswith("q01")]
    assert "Left out: 1, whose key is invalid, so that nobody can be right (q01)." in scatter.text()
    row = next(page.one("table", class_="of-items").one("tbody").all("tr"))
    assert [cell.attributes["data-value"] for cell in row.all("td", class_="figure")] == ["–", "–"]
    assert graded().items.items[0].good_distractors
    assert not graded(results=results).items.items[0].good_distractors


def test_an_invalid_key_is_known_without_evidence() -> None:
    class_ = graded()
    numbers = {question.id: number for number, question in enumerate(QUIZ, 1)}
    items = items_of(class_.grades, numbers, {}, invalid=["q22"])
    assert [item.question.id for item in items.items if item.is_key_invalid] == ["q22"]
    assert "(q22)" in parsed(render_class(replace(class_, items=items))).text()


def test_problems_of_the_quiz_are_told_apart_from_unreadable_answers() -> None:
    unread = (Problem("class.csv", 3, 0, "q01: no option z", "ask the student"),)
    of_quiz = (Problem("q22.yaml", 9, 0, "choose 2, but 1 expected", "expect 2"),)
    both = parsed(render_class(replace(graded(problems=unread), of_quiz=of_quiz)))
    quiz, answers = (both.one("section", **{"aria-labelledby": of}) for of in ("of_quiz", "unread"))
    assert "choose 2, but 1 expected" in quiz.text()
    assert "no option z" not in quiz.text()
    assert "no option z" in answers.text()
    assert "choose 2" not in answers.text()
    assert "2 problems of the answers and of the quiz" in both.one("h2", id="standing").text()
    alone = parsed(render_class(replace(graded(), of_quiz=of_quiz)))
    assert "1 problem of the quiz’s keys or files" in alone.one("h2", id="standing").text()
    assert not list(alone.all("section", **{"aria-labelledby": "unread"}))


def test_the_key_by_which_students_gain_is_named() -> None:
    three = choice("q01", rules=("x > y", "x <= y", "x < 1"), expected=["a"])
    holds, fails = (True, 0.1, 0.2, 0.3), (False, -0.3, -0.2, -0.1)
    found = measured({"a": fails, "b": holds, "c": holds})
    out = result(
        State.CONTRADICTED,
        three,
        measured=None,
        measurement=found,
        settles=True,
        finding=Outcome.RULED_OUT,
    )
    shown = graded(results={"q01": out}, quiz=(three, FILLED, dropdowns()))
    [task] = parsed(render_class(shown)).all("div", class_="contradicted")
    assert "With b or c for a key, 20 students would gain points" in task.text()
    assert "chose b (Option b) or c (Option c), which" in " ".join(task.text().split())


def test_hostile_words_stay_words() -> None:
    problems = (Problem(HOSTILE, 1, 0, HOSTILE, HOSTILE),) * 150
    change = StudentChange(HOSTILE, HOSTILE, 1.0, None, {HOSTILE: -1.0})
    words = Text.model_construct(HOSTILE)
    regrade = Regrade(HOSTILE, (QuestionChange(HOSTILE, words, 1, 0),), (change,))
    page = render_class(graded(problems=problems, regrade=regrade))
    assert page.lower().count("<script") == 1  # the page's own
    tree = parsed(page)
    assert not list(tree.all("img"))
    assert "<script>document.title" in tree.text()
    assert len(list(tree.one("ul", class_="lines").all("li"))) == 100
    assert "… and 50 more" in tree.text()


def test_every_table_and_figure_of_every_kind() -> None:
    class_ = graded()
    page = parsed(render_class(class_))
    sections = {a.attributes["id"]: a for a in page.all("article")}
    assert list(sections) == ["question-q01", "question-q22", "question-q29"]
    row = "b Option b good students pick it 20 (50 %) 100 % 0 % +1.00"
    assert row in sections["question-q01"].text()
    assert "Blank [1]" in sections["question-q22"].text()
    assert "him key 20 (50 %)" in sections["question-q22"].text()
    assert "List [10]" in sections["question-q29"].text()
    assert sum(1 for _ in page.one("svg", class_="histogram").all("rect")) == 20
    assert [key_text(question) for question in QUIZ] == [
        "a",
        "[1] him / her; [2] 0.73 ± 0.01",
        "[10] a, [2] a",
    ]


@pytest.mark.parametrize("students", [0, 1, 2])
def test_a_class_of_next_to_nobody(students: int) -> None:
    page = parsed(render_class(graded(students)))
    assert page.one("h1").text() == "A quiz"
    assert not re.search(r"\bnan\b", page.one("main").text().lower())


def test_the_numbers_are_those_of_the_students() -> None:
    class_ = graded()
    first = class_.items.items[0]
    assert first.statistics.difficulty == pytest.approx(0.5)
    assert first.statistics.discrimination == pytest.approx(-1)
    assert class_.items.totals.sum() == pytest.approx(
        float(sum(student.total for student in class_.grades.students))
    )
    assert np.isnan(class_.items.alpha) or class_.items.alpha < 1


def test_the_page_asks_for_nothing(tmp_path: Path) -> None:
    page = render_class(graded(results=contradicted()))
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page


NAMES = [f"Ada-{k} Byron" for k in range(50)]


def named(students: int = 40) -> GradedClass:
    """A class of people with names, of whom one alone chose b and filled in a word of hers."""
    rows = []
    for number in range(students):
        odd = number == 17
        given = {
            "q01": Response(frozenset("b" if odd else "a")),
            "q22": Response(filled={"1": "my-own-word" if odd else "him", "2": "0.73"}),
            "q29": Response(frozenset({"10a", "2a"} if number % 3 else {"10b"})),
        }
        student = Student(NAMES[number], sis_id=f"id-{number:04}")
        rows.append(Submission(student, 7000 + number, given))
    responses = ClassResponses("roster-2026.csv", tuple(q.id for q in QUIZ), rows)
    keys = {q.id: key for q in QUIZ if (key := key_answer(q)) is not None}
    grades = grade_class(QUIZ, keys, responses, Policy.PARTIAL_CREDIT)
    change = StudentChange(NAMES[3], "id-0003", 1.0, 2.0, {"q01": 1.0})
    why = Text.model_validate(text("another key", "其他"))
    return GradedClass(
        quiz="quiz",
        title=TITLE,
        responses="roster-2026.csv",
        grades=grades,
        items=items_of(grades, {q.id: n for n, q in enumerate(QUIZ, 1)}, contradicted()),
        unread=(Problem("roster-2026.csv", 7017, 0, f"{NAMES[17]}: two rows", "mend"),),
        evidence="/home/somebody/store",
        unknown=(),
        regrade=Regrade("old-roster.json", (QuestionChange("q01", why, 1, 0),), (change,)),
    )


def test_an_anonymous_page_has_nothing_by_which_one_is_known() -> None:
    page = render_class(named(), anonymous=True)
    known = ("Byron", "Ada-", "id-00", "roster", "my-own-word", "7017", "somebody")
    assert [word for word in known if word in page] == []
    assert [word for word in known if word in render_class(named())] == list(known)


def test_an_anonymous_page_tells_of_no_small_group() -> None:
    tree = parsed(render_class(named(), anonymous=True))
    rows = [row.text() for row in tree.one("article", id="question-q01").all("tr")]
    assert "Option a" in rows[1]
    assert "> 35 (> 87 %)" in rows[1]
    assert "< 5 (< 13 %)" in rows[2]
    bars = tree.one("table", **{"data-csv": "points"}).all("tr")
    counts = [int(list(row.all("td"))[-1].text().strip("≈ ")) for row in list(bars)[1:]]
    assert not [count for count in counts if count % 5]
    assert 35 <= sum(counts) <= 45
    assert not [count for count in counts if 0 < count < 5]


def test_an_anonymous_page_rounds_whatever_could_be_subtracted() -> None:
    class_ = named()
    page = render_class(class_, anonymous=True)
    tree = parsed(page)
    [dot, *_] = tree.one("svg", class_="items").all("circle")
    assert float(dot.attributes["cx"]) == pytest.approx(56 + 0.875 * 556, abs=0.1)  # 39 of 40
    rows = [row.text() for row in tree.one("article", id="question-q29").all("tr")]
    assert "≈ 25 (≈ 62 %)" in " ".join(rows)  # 26 of 40
    large = parsed(render_class(named(50), anonymous=True))
    fifths = [svg.text() for svg in large.all("div", class_="by-fifth")]
    assert "> 50 %" in fifths[0]
    assert not [text for text in fifths if re.search(r"\b(0|100) %", text)]
    assert "Students per" in tree.text()
    assert "could not be read" not in tree.one("h2", id="standing").text()


def test_two_anonymous_pages_do_not_tell_of_who_joined() -> None:
    """Between them no number of the whole class differs, and all are those of the students."""
    before, after = (parsed(render_class(named(students), anonymous=True)) for students in (40, 41))
    summary = before.one("dl", class_="groups").text()
    assert summary == after.one("dl", class_="groups").text()
    assert "students graded≈ 40" in summary
    assert re.search(r"points≈ \d+ % median ≈ \d+ %, standard deviation ≈ \d+ %", summary)
    assert "alpha0.0 how" in summary
    assert "≈ 40 students" in before.one("p", class_="meta").text()
    for page in (before, after):
        assert "put to ≈ 40 students" in page.one("article", id="question-q29").text()
        assert "numbers of students, and shares of them, are rounded to five" in page.text()
    mean = named(41).items.totals.mean() / 0.9
    assert f"≈ {5 * round(20 * mean)} %" in summary


def test_what_an_anonymous_page_says_is_true() -> None:
    saying = Saying(anonymous=True)
    for of in range(10, 60):
        for count in range(of + 1):
            share = 100 * count / of
            for said, true in (
                (saying.count(count, of), count),
                (saying.percent(share / 100, of), share),
            ):
                sign, bound = said.split()
                assert sign in "<>≈"
                assert sign != "<" or true < float(bound), (said, of)
                assert sign != ">" or true > float(bound), (said, of)


def test_of_fewer_than_ten_no_share_is_told() -> None:
    assert {Saying(anonymous=True).percent(share, 9) for share in (0.0, 0.5, 1.0)} == {"–"}


def test_no_share_on_an_anonymous_page_tells_how_many_students_there_are() -> None:
    saying = Saying(anonymous=True)
    for alike in (range(40, 43), range(43, 45)):  # one rounded number, and one bound
        for share in np.linspace(0.2, 0.8, 13):
            assert (
                len({saying.percent(share, of) for of in alike if round(of * share) % 5 == 0}) < 2
            )
        assert len({saying.everyone(of) for of in alike}) == 1
        assert len({saying.percent(1.0, of) for of in alike}) == 1
        assert len({saying.drawn(1.0, of) for of in alike}) == 1


def test_an_anonymous_page_of_four_says_nothing_of_them() -> None:
    tree = parsed(render_class(named(4), anonymous=True))
    assert "Fewer than five students" in tree.text()
    assert not list(tree.all("article"))
    assert not list(tree.all("svg", class_="histogram"))


def test_the_order_of_the_file_does_not_show() -> None:
    class_ = named()
    backwards = replace(class_.grades, students=class_.grades.students[::-1])
    numbers = {q.id: n for n, q in enumerate(QUIZ, 1)}
    turned = replace(class_, grades=backwards, items=items_of(backwards, numbers, contradicted()))
    assert render_class(turned, anonymous=True) == render_class(class_, anonymous=True)


def test_a_question_leads_to_the_evidence_that_lies_beside() -> None:
    page = parsed(render_class(named(), evidence_at={"q01": "../report/index.html#q01"}))
    links = {a.attributes["href"] for a in page.all("a") if "report" in a.attributes["href"]}
    assert links == {"../report/index.html#q01"}


def test_charts_have_axes_and_the_class_its_spread() -> None:
    tree = parsed(render_class(named()))
    assert "standard deviation" in tree.one("dl", class_="groups").text()
    assert "No points: 0." in tree.text()
    histogram = tree.one("svg", class_="histogram")
    assert next(histogram.all("text", class_="middle")).text() == "0"
    assert len(list(tree.one("svg", class_="items").all("circle"))) > 0
    assert len(list(tree.all("table", class_="sortable"))) == 1
