"""The package in the shape that Canvas writes and reads, looked at as plain XML."""

from __future__ import annotations

import io
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest

from quizproof.questions.exchange.canvas import canvas_package
from quizproof.questions.exchange.languages import in_language
from quizproof.questions.quiz import bundled_quiz, load_quiz
from quizproof.questions.spec import (
    Blanks,
    NumberBlank,
    Question,
    Range,
    Relative,
    Text,
    TextBlank,
)
from tests.questions.exchange.quizzes import quiz_of

NS = {"": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}


def item(question: Question) -> Element:
    (found,) = items(question)
    return found


def items(*asked: Question) -> list[Element]:
    content, _ = canvas_package(quiz_of(*asked))
    with ZipFile(io.BytesIO(content)) as package:
        root = fromstring(package.read("quiz1/quiz1.xml"))
    return root.findall("assessment/section[@ident='root_section']/item", NS)


def entry(element: Element, label: str) -> str:
    for field in element.findall("itemmetadata/qtimetadata/qtimetadatafield", NS):
        if field.findtext("fieldlabel", "", NS) == label:
            return field.findtext("fieldentry", "", NS)
    raise AssertionError(label)


def texts(element: Element, path: str) -> list[str]:
    return [found.text or "" for found in element.findall(path, NS)]


def number(tolerance: float | Relative | Range, expected: float | None) -> Element:
    blank = NumberBlank(tolerance=tolerance, expected_number=expected)
    text = Text(en="How much?", zh_hant="多少？")
    return item(Blanks(kind="blanks", points=0.4, about="model", prompt=text, blanks={"1": blank}))


def hw09(name: str) -> Question:
    quiz = load_quiz(bundled_quiz("hw09"))
    return next(question for question in quiz.questions if question.id == name)


def test_the_files_of_the_package() -> None:
    content, _ = canvas_package(quiz_of(hw09("q01")))
    assert content == canvas_package(quiz_of(hw09("q01")))[0]
    with ZipFile(io.BytesIO(content)) as package:
        assert package.namelist() == [
            "imsmanifest.xml",
            "quiz1/quiz1.xml",
            "quiz1/assessment_meta.xml",
            "non_cc_assessments/",
        ]
        manifest = fromstring(package.read("imsmanifest.xml"))
        meta = fromstring(package.read("quiz1/assessment_meta.xml"))
    resources = manifest.findall("{*}resources/{*}resource")
    assert [resource.get("type") for resource in resources] == [
        "imsqti_xmlv1p2",
        "associatedcontent/imscc_xmlv1p1/learning-application-resource",
    ]
    assert resources[0].find("{*}dependency").get("identifierref") == resources[1].get(  # type: ignore[union-attr]
        "identifier"
    )
    assert meta.findtext("{*}points_possible") == "0.3"


def test_one_choice() -> None:
    found = item(hw09("q01"))
    assert entry(found, "question_type") == "multiple_choice_question"
    assert entry(found, "points_possible") == "0.3"
    (response,) = found.findall("presentation/response_lid", NS)
    assert (response.get("ident"), response.get("rcardinality")) == ("response1", "Single")
    labels = response.findall("render_choice/response_label", NS)
    idents = [label.get("ident") for label in labels]
    assert entry(found, "original_answer_ids") == ",".join(filter(None, idents))
    assert all(ident and ident.isdigit() for ident in idents)
    assert texts(found, "resprocessing/respcondition/conditionvar/varequal") == [idents[0]]
    (set_,) = found.findall("resprocessing/respcondition/setvar", NS)
    assert (set_.get("action"), set_.get("varname"), set_.text) == ("Set", "SCORE", "100")
    decvar = found.find("resprocessing/outcomes/decvar", NS)
    assert decvar is not None
    assert (decvar.get("varname"), decvar.get("maxvalue")) == ("SCORE", "100")


def test_several_choices() -> None:
    question = hw09("q04")
    found = item(question)
    assert entry(found, "question_type") == "multiple_answers_question"
    (response,) = found.findall("presentation/response_lid", NS)
    assert response.get("rcardinality") == "Multiple"
    idents = [label.get("ident") for label in response.iter(f"{{{NS['']}}}response_label")]
    right = texts(found, "resprocessing/respcondition/conditionvar/and/varequal")
    wrong = texts(found, "resprocessing/respcondition/conditionvar/and/not/varequal")
    assert sorted(right + wrong) == idents
    letters = [chr(ord("a") + int(ident) % 1000 - 1) for ident in right]
    assert letters == question.expected  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [f"q{n:02}" for n in range(1, 31)])
def test_a_list_or_blank_has_its_name_once_in_the_prompt(name: str) -> None:
    """Canvas shows one wherever it is named."""
    question = hw09(name)
    found = item(question)
    (prompt,) = texts(found, "presentation/material/mattext")
    responses = [
        response
        for response in found.findall("presentation/response_lid", NS)
        if response.get("ident") != "response1"
    ]
    for response in responses:
        (blank,) = texts(response, "material/mattext")
        assert response.get("ident") == f"response_{blank}"
        assert prompt.count(f"[{blank}]") == 1
    if responses:
        shares = texts(found, "resprocessing/respcondition/setvar[@action='Add']")
        assert shares == [f"{100 / len(responses):.2f}"] * len(responses)


def test_a_number_and_its_margin() -> None:
    found = number(0.01, 0.73)
    assert entry(found, "question_type") == "numerical_question"
    (fib,) = found.findall("presentation/response_str/render_fib", NS)
    assert fib.get("fibtype") == "Decimal"
    condition = "resprocessing/respcondition/conditionvar/or"
    assert texts(found, f"{condition}/varequal") == ["0.73"]
    assert texts(found, f"{condition}/and/vargte") == ["0.72"]
    assert texts(found, f"{condition}/and/varlte") == ["0.74"]


@pytest.mark.parametrize(
    ("tolerance", "expected", "low", "high"),
    [
        (0.0, 0.0, "0", "0"),
        (1e-7, 0.0, "-0.0000001", "0.0000001"),
        (1e-9, 1.5e-5, "0.000014999", "0.000015001"),
        (0.1, 0.3, "0.2", "0.4"),  # 0.3 - 0.1 is not 0.2 in binary
        (1e-30, 5e-29, "4.9E-29", "5.1E-29"),
        (Relative(relative=0.05), 0.02, "0.019", "0.021"),
    ],
)
def test_a_number_near_zero_survives(
    tolerance: float | Relative, expected: float, low: str, high: str
) -> None:
    found = number(tolerance, expected)
    assert texts(found, ".//vargte") == [low]
    assert texts(found, ".//varlte") == [high]


def test_a_range() -> None:
    found = number(Range(range=[-0.5, 1e-5]), None)
    assert texts(found, "resprocessing/respcondition/conditionvar/vargte") == ["-0.5"]
    assert texts(found, "resprocessing/respcondition/conditionvar/varlte") == ["0.00001"]


def test_a_number_not_in_the_middle_of_its_range() -> None:
    """Of such a one Canvas would take the upper margin for both."""
    found = number(Range(range=[0.0, 0.4]), 0.3)
    assert found.find(".//varequal") is None
    assert texts(
        found,
        "resprocessing/respcondition/conditionvar/vargte",
    ) == ["0"]
    assert texts(found, "resprocessing/respcondition/conditionvar/varlte") == ["0.4"]


def test_a_prompt_that_canvas_would_leave_out() -> None:
    long = Text(en="x" * 17_000, zh_hant="x" * 17_000)
    _, (line,) = canvas_package(quiz_of(hw09("q01").model_copy(update={"prompt": long})))
    assert line.startswith("q01: its prompt is longer than 16384 characters")


def test_a_word() -> None:
    blank = TextBlank(expected=["him", "Him <b>"])
    text = Text(en="Whom?", zh_hant="誰？")
    found = item(Blanks(kind="blanks", points=1, about="model", prompt=text, blanks={"1": blank}))
    assert entry(found, "question_type") == "short_answer_question"
    words = texts(found, "resprocessing/respcondition/conditionvar/varequal")
    assert words == ["him", "Him <b>"]


def test_the_language_asked_for() -> None:
    question = hw09("q01")
    for language, other in (("en", question.prompt.zh_hant), ("zh-Hant", question.prompt.en)):
        (prompt,) = texts(
            item(in_language(question, language)),
            "presentation/material/mattext",
        )
        assert other not in prompt
    (both,) = texts(item(question), "presentation/material/mattext")
    assert question.prompt.zh_hant in both


def test_markup_in_a_prompt_is_text() -> None:
    text = Text(en="<b onclick='x()'>&amp;]]>", zh_hant="<b>")
    question = hw09("q01").model_copy(update={"prompt": text})
    (prompt,) = texts(item(question), "presentation/material/mattext")
    assert "&lt;b onclick='x()'&gt;&amp;amp;]]&gt;" in prompt
