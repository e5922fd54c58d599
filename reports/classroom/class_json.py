"""A class's grades as one JSON object, for programs and for a later comparison."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from quizproof.probes.engine.results import State
from quizproof.questions.classroom import Student
from quizproof.questions.grading import GradedStudent
from quizproof.questions.responses import Response, written
from quizproof.questions.scoring import Policy
from quizproof.questions.spec import Question
from quizproof.reports.classroom.class_result import AgainstKey, ItemOfClass, OptionOfClass
from quizproof.reports.classroom.graded_class import GradedClass
from quizproof.reports.classroom.regrading import Regrade
from quizproof.reports.json_output import Output, json_text

Statistic = Annotated[float | None, Field(description="null where it is not defined")]


class OptionOfClassOutput(Output):
    """An option, or a text that filled a blank, and who chose it."""

    id: str
    fill: Annotated[str | None, Field(description="the text; null for an option")]
    in_key: bool
    supported: Annotated[bool | None, Field(description="by the measurement; null: not known")]
    chose: Annotated[int, Field(description="number of students")]
    share: Statistic
    upper: Annotated[Statistic, Field(description="share of the upper group")]
    lower: Annotated[Statistic, Field(description="share of the lower group")]
    discrimination: Statistic
    draws_the_good: bool


class AgainstKeyOutput(Output):
    """A measured answer that is not the key's, and what it would change."""

    measured: str
    options: Annotated[tuple[str, ...], Field(description="supported, and not in the key")]
    chose: Annotated[int, Field(description="students who chose any of them")]
    many: bool
    settled: Annotated[bool, Field(description="by the model that the quiz is about")]
    gain: Annotated[int, Field(description="students who would have more points")]
    lose: Annotated[int, Field(description="students who would have fewer points")]


class ItemOutput(Output):
    """A question over the class."""

    id: str
    number: Annotated[int, Field(ge=1, description="place in the quiz")]
    points: float
    key: str
    state: Annotated[State | None, Field(description="null: nothing is known of it")]
    put_to: Annotated[int, Field(description="number of students")]
    empty: Annotated[int, Field(description="students who left it empty")]
    unread: Annotated[int, Field(description="students whose answer could not be read")]
    difficulty: Statistic
    discrimination: Statistic
    options: list[OptionOfClassOutput]
    against_key: AgainstKeyOutput | None


class PersonOutput(Output):
    """A student, by as many names as the file has."""

    name: str
    id: str
    sis_id: str
    login: str
    section: str


class StudentOutput(Output):
    """A student who was graded."""

    label: Annotated[str, Field(description="tells them from every other of the class")]
    name: str
    id: str
    sis_id: str
    login: str
    section: str
    line: Annotated[int, Field(description="of the file of responses")]
    total: float
    points: Annotated[dict[str, float], Field(description="by question")]
    answers: Annotated[dict[str, str | None], Field(description="null: could not be read")]


class QuestionChangeOutput(Output):
    """A question in which points change."""

    id: str
    why: str
    more: Annotated[int, Field(description="number of students")]
    less: Annotated[int, Field(description="number of students")]


class StudentChangeOutput(Output):
    """A student whose points change."""

    label: str
    before: Annotated[float | None, Field(description="null: was not graded")]
    after: Annotated[float | None, Field(description="null: is not graded")]
    by: float
    questions: Annotated[dict[str, float], Field(description="by how much in each")]


class RegradeOutput(Output):
    """All that changes from earlier grades."""

    before: Annotated[str, Field(description="what those were made by")]
    nobody_loses: Annotated[bool, Field(description="the better of the old and the new key counts")]
    questions: list[QuestionChangeOutput]
    students: list[StudentChangeOutput]


class GradesOutput(Output):
    """A class's grades, as ``grade --json`` writes them."""

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    kind: Literal["grades"] = "grades"
    quiz: Annotated[str, Field(description="the quiz's id")]
    policy: Annotated[Policy, Field(description="of the points")]
    possible: float
    alpha: Annotated[Statistic, Field(description="Cronbach's")]
    evidence: Annotated[str | None, Field(description="where it is from; null: nothing is known")]
    questions: list[ItemOutput]
    students: list[StudentOutput]
    ungraded: Annotated[list[PersonOutput], Field(description="whose rows contradict each other")]
    problems: Annotated[list[str], Field(description="what could not be read")]
    regrade: RegradeOutput | None


def class_json(graded: GradedClass) -> str:
    """``graded`` as JSON, ending in a newline."""
    grades, items = graded.grades, graded.items
    questions = {question.id: question for question in grades.questions}
    # responses as text: what many answered alike is one object
    known: dict[tuple[str, Response], str] = {}
    report = GradesOutput(
        quiz=graded.quiz,
        policy=grades.policy,
        possible=_rounded(float(grades.possible)),
        alpha=_rounded(items.alpha),
        evidence=graded.evidence or None,
        questions=[_item(item) for item in items.items],
        students=[_student(student, questions, known) for student in grades.students],
        ungraded=[PersonOutput(**_names(student)) for student in grades.ungraded],
        problems=[str(problem) for problem in graded.problems],
        regrade=None if graded.regrade is None else _regrade(graded.regrade),
    )
    return json_text(report, indent=None)


def _item(item: ItemOfClass) -> ItemOutput:
    return ItemOutput(
        id=item.question.id,
        number=item.number,
        points=item.question.points,
        key=item.key,
        state=item.result.state if item.result else None,
        put_to=item.statistics.put_to,
        empty=item.empty,
        unread=item.unread,
        difficulty=_rounded(item.statistics.difficulty),
        discrimination=_rounded(item.statistics.discrimination),
        options=[_option(option) for option in item.options],
        against_key=None if item.against is None else _against(item.against),
    )


def _option(option: OptionOfClass) -> OptionOfClassOutput:
    return OptionOfClassOutput(
        id=option.id,
        fill=option.fill,
        in_key=option.in_key,
        supported=option.supported,
        chose=option.statistics.count,
        share=_rounded(option.statistics.share),
        upper=_rounded(option.statistics.upper),
        lower=_rounded(option.statistics.lower),
        discrimination=_rounded(option.statistics.discrimination),
        draws_the_good=option.draws_the_good,
    )


def _against(against: AgainstKey) -> AgainstKeyOutput:
    return AgainstKeyOutput(
        measured=against.measured,
        options=tuple(option.id for option in against.options),
        chose=against.chose,
        many=against.many,
        settled=against.settled,
        gain=against.gain,
        lose=against.lose,
    )


def _student(
    graded: GradedStudent, questions: dict[str, Question], known: dict[tuple[str, Response], str]
) -> StudentOutput:
    answers: dict[str, str | None] = {}
    for question, response in graded.responses.items():
        if response is None:
            answers[question] = None
        elif (text := known.get((question, response))) is None:
            answers[question] = known[question, response] = written(questions[question], response)
        else:
            answers[question] = text
    return StudentOutput(
        label=graded.label,
        **_names(graded.student),
        line=graded.line,
        total=_rounded(float(graded.total)),
        points={q: _rounded(float(points)) for q, points in graded.points.items()},
        answers=answers,
    )


def _names(student: Student) -> dict[str, str]:
    return dict(vars(student))


def _regrade(regrade: Regrade) -> RegradeOutput:
    return RegradeOutput(
        before=regrade.name,
        nobody_loses=regrade.nobody_loses,
        questions=[
            QuestionChangeOutput(id=q.id, why=q.why.en, more=q.more, less=q.less)
            for q in regrade.questions
        ],
        students=[
            StudentChangeOutput(
                label=change.label,
                before=None if change.before is None else _rounded(change.before),
                after=None if change.after is None else _rounded(change.after),
                by=_rounded(change.by),
                questions={q: _rounded(by) for q, by in change.questions.items()},
            )
            for change in regrade.students
        ],
    )


def _rounded(value: float) -> float:
    return round(value, 9)
