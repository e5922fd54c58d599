from __future__ import annotations

from pathlib import Path

import pytest

from quizproof.probes.catalogue import catalogue
from quizproof.questions.declared import PackParts
from quizproof.questions.lint import LintedQuestion, lint_quiz
from quizproof.questions.problems import InputError
from quizproof.questions.quiz import bundled_quiz
from tests.questions.test_yaml_file import QUESTION


def quiz(folder: Path, **questions: str) -> Path:
    """A quiz of these questions' texts."""
    head = "id: planted\ntitle: {en: Planted, zh-Hant: 種}\nquestions: [" + ", ".join(questions)
    (folder / "quiz.yaml").write_text(head + "]\n", encoding="utf-8")
    for name, text in questions.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def linted(folder: Path, text: str) -> LintedQuestion:
    [only] = lint_quiz(quiz(folder, q01=text), catalogue()).questions
    return only


def test_of_the_bundled_quiz_one_key_is_wrong_as_it_was_handed_in() -> None:
    [problem] = lint_quiz(bundled_quiz("hw09"), catalogue()).problems
    assert "q16.yaml" in str(problem)
    assert "choose 2, but 1 expected" in str(problem)


def test_a_sound_question(tmp_path: Path) -> None:
    found = linted(tmp_path, QUESTION)
    line = QUESTION.splitlines().index("expected: [a]") + 1
    key_at = f"{tmp_path / 'q01.yaml'}:{line}"
    [asks] = [n for n, each in enumerate(QUESTION.splitlines(), 1) if each.startswith("probe:")]
    probe_at = f"{tmp_path / 'q01.yaml'}:{asks}"
    assert found == LintedQuestion("q01", found.question, key_at=key_at, probe_at=probe_at)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("layer_type == 'ReLU'", "layer_typ == 'ReLU'", "'layer_typ', which the probe does not"),
        ("layer_type == 'ReLU'", "layer_type > 1", "is a category, not a number"),
        ("layer_type == 'ReLU'", "layer_type == 'Relu'", "'Relu' is never measured"),
        ("layer_type == 'ReLU'", "f(layer_type) > 1", "calls something"),
        ("network.layer_type", "network.layer", "no probe is called network.layer; did you mean"),
        ("network.layer_type", "xyz.q", "called xyz.q; quizproof probes lists them"),
        ("layer_type == 'ReLU'", "layer_typ == 'ReLU'", "not measure; did you mean layer_type?"),
        ("layer: cnn.6", "layers: cnn.6", "no parameter layers; did you mean layer?"),
        ("layer: cnn.6", "layer: 6", "parameter layer of probe network.layer_type"),
        ("layer: cnn.6", "layer: 6", "layer_type is 6; quote it: it is to be text"),
        ("probe: {name: network.layer_type, with: {layer: cnn.6}}\n", "", "no probe measures"),
        (
            "expected:",
            "thresholds: {most: {value: 2, from: an eye}}\nexpected:",
            "no rule compares",
        ),
        ("expected:", "thresholds: {most: {from: an eye}}\nexpected:", "has no value, and the"),
        ("expected:", "close: [most]\nexpected:", "'most' is no threshold"),
        ("layer_type == 'ReLU'", "1 > 0", "compares numbers of its own alone"),
        ("layer_type == 'ReLU'", "x > 0.5 or 1 > 0", "compares numbers of its own alone"),
        ("layer_type == 'ReLU'", "x / 0 > 1", "the rule divides by zero"),
        ("layer_type == 'ReLU'", "x / (1 - 1) > 1", "the rule divides by zero"),
    ],
)
def test_what_keeps_a_question_from_being_measured(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    found = linted(tmp_path, QUESTION.replace(old, new, 1))
    assert said in str(found.broken[0])
    assert not found.key


PARTS = {"net": "classifier", "english": "masked-lm", "photos": "pictures"}


@pytest.mark.parametrize(
    ("with_", "parts", "said"),
    [
        ("{layer: cnn.6}", PARTS, None),
        ("{model: net, layer: cnn.6}", PARTS, None),
        (
            "{model: nett, layer: cnn.6}",
            PARTS,
            "5:49: the pack has no part nett; did you mean net?",
        ),
        (
            "{model: weights, layer: cnn.6}",
            PARTS,
            "5:49: the pack has no part weights; its parts of kind classifier: net",
        ),
        (
            "{model: english, layer: cnn.6}",
            PARTS,
            "5:49: part english is of kind masked-lm, not classifier; its parts of kind",
        ),
        (
            "{layer: cnn.6}",
            {**PARTS, "other": "classifier"},
            "5:8: the pack has several of kind classifier: net, other; name one, such as",
        ),
        (
            "{layer: cnn.6}",
            {"english": "masked-lm"},
            "5:8: the pack has no classifier; put a part of kind classifier into it",
        ),
        ("{layer: cnn.6}", None, None),
        ("{model: 3, layer: cnn.6}", PARTS, "parameter model of probe network.layer_type"),
    ],
)
def test_parts_are_those_of_the_pack(
    tmp_path: Path, with_: str, parts: dict[str, str] | None, said: str | None
) -> None:
    text = QUESTION.replace("{layer: cnn.6}", with_, 1)
    known = None if parts is None else PackParts(parts)
    [only] = lint_quiz(quiz(tmp_path, q01=text), catalogue(), parts=known).questions
    told = [str(problem) for problem in only.broken]
    assert (told == []) if said is None else any(said in line for line in told)
    assert len(told) <= 1


@pytest.mark.parametrize(
    ("with_", "said"),
    [
        ("{picture: 1, regions: [food, plate]}", None),
        ("{picture: 2, regions: [food]}", "the pack has no picture 2; it has 2, from 0 to 1"),
        ("{picture: 0, regions: [food, plate]}", "picture 0 has no region plate; it has food"),
        ("{picture: 1, regions: [food, plat]}", "picture 1 has no region plat; did you mean"),
    ],
)
def test_pictures_and_regions_are_those_of_the_pack(
    with_: str, said: str | None, tmp_path: Path
) -> None:
    known = PackParts(PARTS, {"photos": [["food"], ["food", "plate"]]})
    text = QUESTION.replace("network.layer_type", "filter.regions")
    with_ = with_.replace("{", "{layer: cnn.6, filter: 0, ")
    text = text.replace("{layer: cnn.6}", with_).replace("layer_type == 'ReLU'", "density_food > 1")
    [only] = lint_quiz(quiz(tmp_path, q01=text), catalogue(), parts=known).questions
    told = [str(problem) for problem in only.broken if "picture" in problem.what]
    assert told == [] if said is None else said in told[0] and "q01.yaml:5:" in told[0]


def test_a_wrong_parameter_is_told_at_its_own_line(tmp_path: Path) -> None:
    text = QUESTION.replace("{layer: cnn.6}", "\n  {model: net,\n  layr: cnn.6}", 1)
    [problem] = linted(tmp_path, text).broken
    [line] = [n for n, each in enumerate(text.splitlines(), 1) if "layr" in each]
    assert problem.line == line
    assert problem.mend == "did you mean layer?"


def test_rules_are_not_held_to_names_that_come_of_a_wrong_parameter(tmp_path: Path) -> None:
    known = PackParts(PARTS, {"photos": [["food"]]})
    text = QUESTION.replace("network.layer_type", "filter.regions")
    with_ = "{layer: cnn.6, filter: 0, picture: 0, regions: [fod]}"
    text = text.replace("{layer: cnn.6}", with_).replace("layer_type == 'ReLU'", "density_food > 1")
    [only] = lint_quiz(quiz(tmp_path, q01=text), catalogue(), parts=known).questions
    assert [(p.what, p.mend) for p in only.broken] == [
        ("picture 0 has no region fod", "did you mean food?")
    ]


@pytest.mark.parametrize(
    ("regions", "rules", "mend"),
    [
        (
            "[fod]",
            ("density_food > 1", "density_food <= 1"),
            "it measures density_fod, of fod in 'regions': write the same in both",
        ),
        ("[food]", ("density_fod > 1", "density_food <= 1"), "did you mean density_food?"),
        ("[fod]", ("densty_fod > 1", "density_fod <= 1"), "did you mean density_fod"),
    ],
)
def test_no_name_is_suggested_that_comes_of_what_may_be_the_mistake(
    tmp_path: Path, regions: str, rules: tuple[str, str], mend: str
) -> None:
    """Of a pack that is not known nobody knows whether it has the region."""
    text = QUESTION.replace("network.layer_type", "filter.regions")
    with_ = f"{{layer: cnn.6, filter: 0, picture: 0, regions: {regions}}}"
    text = text.replace("{layer: cnn.6}", with_)
    for old, new in zip(("layer_type == 'ReLU'", "layer_type == 'Linear'"), rules, strict=True):
        assert old in text
        text = text.replace(old, new)
    [only] = lint_quiz(quiz(tmp_path, q01=text), catalogue()).questions
    assert {problem.mend[: len(mend)] for problem in only.broken} == {mend}


@pytest.mark.parametrize(
    ("points", "each", "said"),
    [
        ("0.3", ("0.1", "0.2"), []),
        ("1", ("0.1", "0.2"), ["the quiz has 1 points, and its questions 0.3 together"]),
    ],
)
def test_points_that_add_up(
    points: str, each: tuple[str, str], said: list[str], tmp_path: Path
) -> None:
    first = next(line for line in QUESTION.splitlines() if line.startswith("points:"))
    questions = {f"q0{n}": QUESTION.replace(first, f"points: {p}") for n, p in enumerate(each, 1)}
    head = quiz(tmp_path, **questions) / "quiz.yaml"
    head.write_text(f"{head.read_text('utf-8')}points: {points}\n", "utf-8")
    problems = lint_quiz(tmp_path, catalogue()).head_problems
    assert [problem.what for problem in problems] == said
    assert all(problem.line == 4 for problem in problems)


def test_a_threshold_called_as_what_is_measured(tmp_path: Path) -> None:
    text = "thresholds: {layer_type: {value: 2, from: an eye}}\nexpected:"
    found = linted(tmp_path, QUESTION.replace("expected:", text, 1))
    assert any("'layer_type' is measured, and is a threshold" in str(p) for p in found.broken)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expected: [a]", "expected: [a, b]", "9:11: choose 1, but 2 expected"),
        ("expected: [a]", "expected: []", "9:11: choose 1, but 0 expected"),
        ("expected: [a]", "expected: [z]", "9:12: expected option z is not among"),
        ("expected: [a]\n", "", "1:1: the question expects nothing"),
        ("expected: [a]", "expected: [a, a]", "9:11: an option is expected twice"),
        ("kind: single", "kind: multiple\nchoose: 2", "10:11: choose 2, but 1 expected"),
        ("kind: single", "kind: multiple\nchoose: 3", "choose 3 of 2 options"),
    ],
)
def test_a_wrong_key_leaves_the_question_measurable(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    found = linted(tmp_path, QUESTION.replace(old, new))
    assert not found.broken
    assert any(said in str(problem) for problem in found.key), found.key


def test_the_place_of_a_mistake_in_a_rule(tmp_path: Path) -> None:
    [problem] = linted(tmp_path, QUESTION.replace("'ReLU'", "'ReLU' and g.h")).broken
    assert (problem.line, problem.column) == (7, 40 + len("layer_type == 'ReLU' and "))


def test_one_broken_file_costs_the_others_nothing(tmp_path: Path) -> None:
    found = lint_quiz(quiz(tmp_path, q01="kind: [", q02=QUESTION), catalogue())
    assert [bool(question.broken) for question in found.questions] == [True, False]


def test_questions_listed_twice_or_not_at_all(tmp_path: Path) -> None:
    quiz(tmp_path, q01=QUESTION, q02=QUESTION)
    head = (tmp_path / "quiz.yaml").read_text(encoding="utf-8")
    (tmp_path / "quiz.yaml").write_text(head.replace("q02", "q01"), encoding="utf-8")
    said = [problem.what for problem in lint_quiz(tmp_path, catalogue()).problems]
    assert said == ["q02.yaml is not part of the quiz", "the question 'q01' stands twice"]


def test_no_quiz_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no quiz\.yaml here"):
        lint_quiz(tmp_path, catalogue())


BLANKS = """\
kind: blanks
points: 0.4
about: model
prompt: {en: "[1] [2]", zh-Hant: "[1] [2]"}
probe: {name: network.layer_type, with: {layer: cnn.6}}
blanks:
  1: {measure: layer_type, expected: [ReLU]}
  2: {measure: other, tolerance: 0.01, expected_number: 0.73}
"""

DROPDOWNS = """\
kind: dropdowns
points: 0.4
about: model
prompt: {en: "[1]", zh-Hant: "[1]"}
probe: {name: network.layer_type, with: {layer: cnn.6}}
parts:
  1:
    options:
      a: {text: {en: A, zh-Hant: 甲}, rule: layer_type == 'ReLU'}
      b: {text: {en: B, zh-Hant: 乙}, rule: layer_tipe == 'Linear'}
    expected: c
"""


def test_blanks_and_dropdowns(tmp_path: Path) -> None:
    [problem] = linted(tmp_path, BLANKS).broken
    assert "reads 'other'" in problem.what
    assert problem.line == 8
    found = linted(tmp_path, DROPDOWNS)
    assert "reads 'layer_tipe'" in found.broken[0].what
    assert found.broken[0].line == 10
    assert "part 1 expects c, which is no option" in found.key[0].what
    found = linted(tmp_path, BLANKS.replace(", expected: [ReLU]", ""))
    assert "blank 1 expects nothing" in found.key[0].what


def test_an_option_without_a_rule(tmp_path: Path) -> None:
    text = QUESTION.replace(", rule: layer_type == 'ReLU'", "", 1)
    assert text != QUESTION
    [problem] = linted(tmp_path, text).broken
    assert "option a has no rule; add 'rule'" in str(problem)
    assert problem.line == 7


def test_a_blank_that_measures_nothing(tmp_path: Path) -> None:
    found = linted(tmp_path, BLANKS.replace("measure: other, ", ""))
    assert [str(problem).partition(": ")[2] for problem in found.broken] == [
        "blank 2 measures nothing; add 'measure'"
    ]
    assert not found.key


IMPORTED = """\
kind: blanks
points: 0.4
about: model
prompt: {en: "[1] [2]", zh-Hant: "[1] [2]"}
blanks:
  1: {expected: [ReLU]}
  2: {tolerance: {range: [0.7, 0.8]}}
"""


def test_an_imported_question_is_told_of_once(tmp_path: Path) -> None:
    found = linted(tmp_path, IMPORTED)
    [problem] = found.broken
    assert "no probe measures this question" in problem.what
    assert "to every blank" in problem.mend
    assert not found.key


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{en: One, zh-Hant: 一}", "One", None),
        ("{en: B, zh-Hant: 乙}", "{zh-Hant: 乙, en: B}", None),
        ("{en: One, zh-Hant: 一}", "{en: One}", "4:9: it is in en, and the quiz's title in en, zh"),
        ("{en: B, zh-Hant: 乙}", "{zh-Hant: 乙}", "whoever reads en sees it in zh-Hant"),
        ("{en: B, zh-Hant: 乙}", "{en: B, zh-Hant: 乙, fr: b}", "8:13: it is in fr as well"),
    ],
)
def test_other_languages_than_the_title_are_a_note(
    old: str, new: str, said: str | None, tmp_path: Path
) -> None:
    found = linted(tmp_path, QUESTION.replace(old, new))
    assert not found.broken
    assert [str(note) for note in found.notes if said is None or said not in str(note)] == []
    assert bool(found.notes) == (said is not None)


def test_a_text_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    [problem] = linted(tmp_path, QUESTION.replace("{en: B, zh-Hant: 乙}", "{en: B, fr: ''}")).broken
    assert "q01.yaml:8:13: 'text': there are no words in fr" in str(problem)


def test_a_mistake_in_a_blank_is_told_once_and_where_it_stands(tmp_path: Path) -> None:
    """Of the kind of blank, or of tolerance, that was meant; not of every kind there is."""
    text = (
        "kind: blanks\npoints: 1\nabout: model\nprompt: One [1] two [2] three [3]\n"
        "probe: {name: network.layer_type, with: {layer: cnn.0}}\nblanks:\n"
        "  '1': {measure: layer_type, expected_number: 1, tolerance: -1}\n"
        "  '2': {measure: layer_type, expected_number: 1, tolerence: 0.1}\n"
        "  '3': {measure: layer_type, expected: [a], expectd: b}\n"
    )
    found = [str(problem).partition("q01.yaml:")[2] for problem in linted(tmp_path, text).broken]
    assert [problem.partition(";")[0] for problem in found] == [
        "7:61: 'tolerance': input should be greater than or equal to 0 (here -1)",
        "8:8: the key 'tolerance' is missing",
        "8:61: unknown key 'tolerence'",
        "9:54: unknown key 'expectd'",
    ]
