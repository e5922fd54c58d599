"""Questions as a class answered them, beside what was measured of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from quizproof.probes.engine.results import Outcome, QuestionResult, State
from quizproof.questions.grading import ClassGrades
from quizproof.questions.item_statistics import (
    ItemStatistics,
    OptionStatistics,
    cronbach_alpha,
    fifths,
    item_statistics,
    option_statistics,
    shares_of_rest,
)
from quizproof.questions.responses import Response
from quizproof.questions.scoring import (
    RightAnswer,
    is_filled_right,
    key_answer,
    measured_answer,
    plain_word,
    points,
)
from quizproof.questions.spec import (
    Blanks,
    NumberBlank,
    Ordering,
    Question,
    Range,
    Relative,
    Text,
    TextBlank,
    choices,
    expected_answer,
)
from quizproof.reports.numbers import answer
from quizproof.reports.numbers import key as written_key

MANY = 0.1  # the share of a class from which on many chose an option
FILLS = 6  # of what blanks were filled with, the most frequent ones that are told

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class OptionOfClass:
    """An option, or a text that filled a blank, and who chose it."""

    id: str
    part: str
    text: Text | None  # None for what filled a blank
    fill: str | None
    in_key: bool
    supported: bool | None  # by the measurement; None where it is open, or not known
    statistics: OptionStatistics

    @property
    def draws_the_good(self) -> bool:
        """True where it is wrong by the key, and yet those who do well in the rest choose it."""
        return not self.in_key and self.statistics.draws_the_good


@dataclass(frozen=True)
class AgainstKey:
    """A measured answer that is not the key's, and what it would change."""

    key: str
    measured: str
    mended: str  # the key by which ``gain`` and ``lose`` are counted
    options: tuple[OptionOfClass, ...]  # supported by the measurement, and not in the key
    chose: int  # students who chose any of them
    put_to: int
    settled: bool  # by the model that the quiz is about; else by a stand-in
    gain: int  # students who would have more points, were the key as measured
    lose: int

    @property
    def many(self) -> bool:
        return self.chose >= MANY * self.put_to and self.chose > 0

    @property
    def share(self) -> float:
        return self.chose / max(1, self.put_to)


@dataclass(frozen=True)
class ItemOfClass:
    """A question over the class."""

    question: Question
    number: int
    key: str
    statistics: ItemStatistics
    fifths: tuple[float, ...]  # the mean share of its points, from the weakest students up
    options: tuple[OptionOfClass, ...]
    empty: int  # students who left it empty
    unread: int  # students whose answer could not be read
    result: QuestionResult | None  # None: nothing is known of it
    against: AgainstKey | None
    key_problem: bool = False  # whether the quiz's own files say that its key is invalid

    @property
    def good_distractors(self) -> tuple[OptionOfClass, ...]:
        if self.is_key_invalid:
            return ()
        return tuple(option for option in self.options if option.draws_the_good)

    @property
    def is_key_invalid(self) -> bool:
        """True where no student can be right by the key, so that nothing is wrong by it either."""
        if self.key_problem:
            return True
        return self.result is not None and self.result.state is State.KEY_INVALID


@dataclass(frozen=True)
class ClassItems:
    """All of a class's questions."""

    items: tuple[ItemOfClass, ...]
    alpha: float
    totals: Floats  # (students,)

    @property
    def against(self) -> list[ItemOfClass]:
        """Questions whose key the measurement contradicts, those many chose against first."""
        found = [item for item in self.items if item.against and item.against.settled]
        return sorted(found, key=lambda i: -(i.against.chose if i.against else 0))

    @property
    def stand_ins_against(self) -> list[ItemOfClass]:
        return [item for item in self.items if item.against and not item.against.settled]

    @property
    def many_against(self) -> bool:
        """True where many chose what a measurement that settles it supports against the key."""
        return any(
            item.against and item.against.many and not _is_accepted(item) for item in self.against
        )


def _is_accepted(item: ItemOfClass) -> bool:
    """Tell whether the course knowingly keeps the contradicted key."""
    accepted = item.result.accepted if item.result else None
    return accepted is not None and accepted.holds


def items_of(
    grades: ClassGrades,
    numbers: Mapping[str, int],
    results: Mapping[str, QuestionResult],
    invalid: Collection[str] = (),
) -> ClassItems:
    """The statistics of every question that was graded; ``invalid`` are those of such a key."""
    had = _points(grades)
    worth = np.array([float(question.points) for question in grades.questions])
    rest = shares_of_rest(had, worth)
    items = tuple(
        _item(
            grades,
            question,
            numbers[question.id],
            had=had[:, at],
            rest=rest[:, at],
            results=results,
            invalid=invalid,
        )
        for at, question in enumerate(grades.questions)
    )
    return ClassItems(items, cronbach_alpha(had), np.nansum(had, axis=1))


def key_text(question: Question) -> str:
    """Write what the key of a question expects, on one line."""
    everyone = "" if question.full_credit is None else ", and full credit for everyone"
    return f"{_key_text(question)}{everyone}"


def _key_text(question: Question) -> str:
    if isinstance(question, Blanks):
        return "; ".join(f"[{part}] {_blank_key(blank)}" for part, blank in question.blanks.items())
    return written_key(question, expected_answer(question)) or "–"


def _blank_key(blank: TextBlank | NumberBlank) -> str:
    if not isinstance(blank, NumberBlank):
        return " / ".join(blank.expected or ["–"])
    match blank.tolerance:
        case Range(range=[low, high]):
            return f"{low:.12g} … {high:.12g}"
        case Relative(relative=share):
            within = f"{100 * share:.12g} %"
        case within_:
            within = f"{within_:.12g}"
    return f"{blank.expected_number:.12g} ± {within}"


def _points(grades: ClassGrades) -> Floats:
    """Points by student and question; NaN where it was not put to them."""

    def as_float(points: Fraction | None) -> float:
        return np.nan if points is None else float(points)

    ids = [question.id for question in grades.questions]
    return np.array(
        [[as_float(student.points.get(q)) for q in ids] for student in grades.students],
        dtype=np.float64,
    ).reshape(len(grades.students), len(ids))


def _item(
    grades: ClassGrades,
    question: Question,
    number: int,
    *,
    had: Floats,
    rest: Floats,
    results: Mapping[str, QuestionResult],
    invalid: Collection[str],
) -> ItemOfClass:
    put = np.isfinite(had)
    codes, responses = _coded(grades, question.id)
    result = results.get(question.id)
    options = tuple(_options(question, codes, responses, put=put, rest=rest, result=result))
    return ItemOfClass(
        question=question,
        number=number,
        key=key_text(question),
        statistics=item_statistics(had, float(question.points), rest),
        fifths=fifths(had, float(question.points), rest),
        options=options,
        empty=int(sum(put[codes == at].sum() for at, r in enumerate(responses) if r and r.empty)),
        unread=int(sum(put[codes == at].sum() for at, r in enumerate(responses) if r is None)),
        result=result,
        against=_against(
            grades,
            question,
            codes=codes,
            responses=responses,
            put=put,
            options=options,
            result=result,
        ),
        key_problem=question.id in invalid,
    )


def _coded(grades: ClassGrades, question: str) -> tuple[Codes, list[Response | None]]:
    """A number for each student's response, and the different responses by number."""
    places: dict[Response | None, int] = {}
    codes = np.empty(len(grades.students), dtype=np.intp)
    for at, student in enumerate(grades.students):
        response = student.responses.get(question, _EMPTY)
        codes[at] = places.setdefault(response, len(places))
    return codes, list(places)


_EMPTY = Response()


def _options(
    question: Question,
    codes: Codes,
    responses: Sequence[Response | None],
    *,
    put: NDArray[np.bool_],
    rest: Floats,
    result: QuestionResult | None,
) -> Iterator[OptionOfClass]:
    key, measured = key_answer(question), _measured(question, result)
    if isinstance(question, Blanks | Ordering):
        assert key is not None
        for part in question.blanks if isinstance(question, Blanks) else question.positions:
            fills = [plain_word(r.filled.get(part, "")) if r else "" for r in responses]
            times: Counter[str] = Counter()
            for at, fill in enumerate(fills):
                if fill:
                    times[fill] += int(put[codes == at].sum())
            for fill, _ in times.most_common(FILLS):
                chosen = np.array([fill == other for other in fills])[codes]
                yield OptionOfClass(
                    id=part,
                    part=part,
                    text=None,
                    fill=fill,
                    in_key=part in key.blanks and is_filled_right(key.blanks[part], fill),
                    supported=is_filled_right(measured.blanks[part], fill) if measured else None,
                    statistics=option_statistics(chosen & put, put, rest),
                )
        return
    findings = result.measurement.findings if result and result.measurement else {}
    for choice in choices(question):
        chosen = np.array([bool(r) and choice.id in r.chosen for r in responses], bool)  # type: ignore[union-attr]
        finding = findings.get(choice.id)
        yield OptionOfClass(
            id=choice.id,
            part=choice.part,
            text=choice.text,
            fill=None,
            in_key=bool(choice.expected),
            supported=finding.holds if finding else None,
            statistics=option_statistics(chosen[codes] & put if len(codes) else put, put, rest),
        )


def _measured(question: Question, result: QuestionResult | None) -> RightAnswer | None:
    """The right answer by the measurement; of one that is open in part, as far as it is known."""
    if result is None or result.measurement is None:
        return None
    if result.measured is not None:
        return measured_answer(question, result.measured)
    if result.finding is not Outcome.RULED_OUT or isinstance(question, Blanks | Ordering):
        return None
    findings = result.measurement.findings
    return measured_answer(question, tuple(o for o, found in findings.items() if found.holds))


_DIFFER = (State.CONTRADICTED, State.STAND_IN_DIFFERS, State.KEY_INVALID)


def _against(
    grades: ClassGrades,
    question: Question,
    *,
    codes: Codes,
    responses: Sequence[Response | None],
    put: NDArray[np.bool_],
    options: Sequence[OptionOfClass],
    result: QuestionResult | None,
) -> AgainstKey | None:
    measured, key = _measured(question, result), key_answer(question)
    if result is None or measured is None or key is None or result.state not in _DIFFER:
        return None
    supported = tuple(o for o in options if not o.in_key and _stands(o, measured))
    chose = [
        r is not None
        and any(
            o.id in r.chosen if o.fill is None else plain_word(r.filled.get(o.part, "")) == o.fill
            for o in supported
        )
        for r in responses
    ]
    mended = replace(measured, everyone=key.everyone)
    moved = [
        points(question, mended, r, grades.policy) - points(question, key, r, grades.policy)
        for r in responses
    ]
    if measured == key:
        return None

    def count(which: Sequence[bool]) -> int:
        return int((np.array(which, bool)[codes] & put).sum()) if len(codes) else 0

    return AgainstKey(
        key=key_text(question),
        measured=_measured_text(question, result),
        mended=_mended_text(question, result, measured),
        options=supported,
        chose=count(chose),
        put_to=int(put.sum()),
        settled=result.settles,
        gain=count([by > 0 for by in moved]),
        lose=count([by < 0 for by in moved]),
    )


def _measured_text(question: Question, result: QuestionResult) -> str:
    """Write what was measured; of what is open in part, that it is not the key."""
    if result.measured is None:
        return f"≠ {key_text(question)}"
    return answer(question, result.measured) or "–"


def _mended_text(question: Question, result: QuestionResult, measured: RightAnswer) -> str:
    """Write the key as measured; of what is open in part, all that surely holds."""
    if result.measured is not None:
        return _measured_text(question, result)
    between = " or " if question.kind == "single" else ", "
    return between.join(sorted(measured.options)) or "–"


def _stands(option: OptionOfClass, measured: RightAnswer) -> bool:
    if option.fill is not None:
        return is_filled_right(measured.blanks[option.part], option.fill)
    return option.id in measured.options
