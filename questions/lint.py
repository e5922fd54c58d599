"""What is wrong with a quiz, said before any model runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from quizproof.questions.head_problems import head_problems
from quizproof.questions.problems import InputError, Problem
from quizproof.questions.quiz import read_head, read_question
from quizproof.questions.rules import Interval, Rule, RuleError, parse_rule
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    MultipleChoice,
    NumberBlank,
    Question,
    QuizFile,
    Range,
    Relative,
    SingleChoice,
    TextBlank,
    choices,
)
from quizproof.questions.without_key import has_key
from quizproof.questions.yaml_file import Document, Path_


class Declared(Protocol):
    """What lint needs to know of a probe; `quizproof.probes.Probe` is one."""

    @property
    def stochastic(self) -> bool: ...

    def check(self, parameters: Mapping[str, object]) -> list[str]: ...

    def ranges(self, parameters: Mapping[str, object]) -> dict[str, Interval]: ...

    def categories(self, parameters: Mapping[str, object]) -> dict[str, tuple[str, ...]]: ...


@dataclass(frozen=True)
class LintedQuestion:
    """A question's file as lint found it.

    ``question`` is None where the file cannot be read as one. ``broken`` are problems that keep it
    from being measured; ``key`` are those of its key alone: it is measured all the same.
    """

    id: str
    question: Question | None
    broken: tuple[Problem, ...] = ()
    key: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class LintedQuiz:
    """A quiz folder as lint found it."""

    head: QuizFile
    questions: tuple[LintedQuestion, ...]
    head_problems: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, by file and line."""
        found = list(self.head_problems)
        for linted in self.questions:
            found += linted.broken if self.head.without_key else [*linted.broken, *linted.key]
        return sorted(found)


def lint_quiz(folder: Path, probes: Mapping[str, Declared], *, key: bool = True) -> LintedQuiz:
    """Everything wrong with the quiz in ``folder``; without ``key``, as if it had none.

    Raises InputError where ``quiz.yaml`` itself cannot be read; a question's mistakes cost only it.
    """
    head, document = read_head(folder)
    linted = tuple(_lint_file(folder, name, probes, key) for name in dict.fromkeys(head.questions))
    with_key = [q.id for q in linted if q.question and has_key(q.question)]
    return LintedQuiz(head, linted, tuple(head_problems(folder, head, document, with_key)))


def _lint_file(
    folder: Path, name: str, probes: Mapping[str, Declared], key: bool
) -> LintedQuestion:
    try:
        question, document = read_question(folder, name, key=key)
    except InputError as error:
        return LintedQuestion(name, None, broken=tuple(error.problems))
    broken = (
        *_rule_problems(question, document),
        *_probe_problems(question, document, probes),
        *_threshold_problems(question, document, probes),
    )
    wrong_key = tuple(_key_problems(question, document)) if key else ()
    return LintedQuestion(name, question, broken, wrong_key)


def _key_problems(question: Question, document: Document) -> Iterator[Problem]:
    if isinstance(question, SingleChoice | MultipleChoice):
        yield from _choice_key_problems(question, document)
    elif isinstance(question, DropDowns):
        for part, down in question.parts.items():
            place = ("parts", part)
            if down.expected is None:
                yield document.problem(place, f"part {part} expects nothing", "add 'expected'")
            elif down.expected not in down.options:
                yield document.problem(
                    (*place, "expected"),
                    f"part {part} expects {down.expected}, which is no option",
                    f"name one of {', '.join(down.options)}",
                )
    else:
        for part, blank in question.blanks.items():
            if key := _missing_key(blank):
                yield document.problem(
                    ("blanks", part), f"blank {part} expects nothing", f"add '{key}'"
                )
            if isinstance(blank, NumberBlank):
                for what, mend in _tolerance_problems(blank):
                    yield document.problem(
                        ("blanks", part, "tolerance"), f"blank {part}: {what}", mend
                    )


def _missing_key(blank: TextBlank | NumberBlank) -> str | None:
    if isinstance(blank, TextBlank):
        return "expected" if blank.expected is None else None
    has_key = blank.expected_number is not None or isinstance(blank.tolerance, Range)
    return None if has_key else "expected_number"


def _tolerance_problems(blank: NumberBlank) -> Iterator[tuple[str, str]]:
    number = blank.expected_number
    match blank.tolerance:
        case Range(range=[low, high]) if low > high:
            yield "the range ends before it begins", f"write [{high:g}, {low:g}]"
        case Range(range=[low, high]) if number is not None and not low <= number <= high:
            yield f"{number:g} is expected, which the range leaves out", "mend one of them"
        case Relative() if number == 0:
            yield "a share of 0 leaves no room", "write an absolute tolerance, as 0.01"


def _choice_key_problems(
    question: SingleChoice | MultipleChoice, document: Document
) -> Iterator[Problem]:
    if question.expected is None:
        yield document.problem((), "the question expects nothing", "add 'expected'")
        return
    unknown = [option for option in question.expected if option not in question.options]
    for option in unknown:
        yield document.problem(
            ("expected", question.expected.index(option)),
            f"expected option {option} is not among the options",
            f"name one of {', '.join(question.options)}",
        )
    if len(set(question.expected)) != len(question.expected):
        yield document.problem(("expected",), "an option is expected twice", "name it once")
    wanted = 1 if isinstance(question, SingleChoice) else question.choose
    if wanted is not None and len(set(question.expected)) != wanted:
        yield document.problem(
            ("expected",),
            f"choose {wanted}, but {len(set(question.expected))} expected",
            f"expect {wanted}, or change what is to be chosen",
        )
    if isinstance(question, MultipleChoice) and (question.choose or 0) > len(question.options):
        yield document.problem(
            ("choose",),
            f"choose {question.choose} of {len(question.options)} options",
            "choose fewer",
        )


def _rule_problems(question: Question, document: Document) -> Iterator[Problem]:
    if isinstance(question, SingleChoice | MultipleChoice) and len(question.options) < 2:
        yield document.problem(("options",), "fewer than two options", "add options")
    for choice in choices(question):
        if choice.rule is None:
            # of one without a probe that alone is said: the rules come with it
            if question.probe is not None and not isinstance(question, Blanks):
                yield document.problem(
                    _rule_place(question, choice.id, choice.part)[:-1],
                    f"option {choice.id} has no rule",
                    "add 'rule': when it is right, over what the probe measures",
                )
            continue
        try:
            parse_rule(choice.rule, question.constants)
        except RuleError as error:
            yield document.problem(
                _rule_place(question, choice.id, choice.part),
                f"option {choice.id}: {error.what}",
                error.mend,
                column=error.column - 1,
            )


def _probe_problems(
    question: Question, document: Document, probes: Mapping[str, Declared]
) -> Iterator[Problem]:
    if question.probe is None:
        mend = "add 'probe', and a 'rule' to every option"
        if isinstance(question, Blanks):
            mend = "add 'probe', and to every blank the name that it takes from it as 'measure'"
        yield document.problem((), "no probe measures this question", mend)
        return
    declared = probes.get(question.probe.name)
    if declared is None:
        yield document.problem(
            ("probe", "name"),
            f"no probe is called {question.probe.name}",
            f"the probes are {', '.join(sorted(probes))}",
        )
        return
    if wrong := declared.check(question.probe.parameters):
        for line in wrong:
            yield document.problem(("probe", "with"), line, "see the probe's parameters")
        return
    if isinstance(question, Blanks):
        yield from _blank_problems(question, document, declared, question.probe.parameters)
    yield from _name_problems(question, document, declared, question.probe.parameters)


def _blank_problems(
    question: Blanks, document: Document, declared: Declared, parameters: Mapping[str, object]
) -> Iterator[Problem]:
    """What is wrong with what blanks measure, where there is no key to make a rule with."""
    numbers, categories = declared.ranges(parameters), declared.categories(parameters)
    for choice, (part, blank) in zip(choices(question), question.blanks.items(), strict=True):
        fitting = numbers if isinstance(blank, NumberBlank) else categories
        if blank.measure is None:
            yield document.problem(
                ("blanks", part), f"blank {part} measures nothing", "add 'measure'"
            )
        elif choice.rule is None and blank.measure not in fitting:
            kind = "number" if isinstance(blank, NumberBlank) else "category"
            yield document.problem(
                ("blanks", part, "measure"),
                f"blank {part} reads '{blank.measure}', which is no {kind} of the probe's",
                f"it measures {', '.join([*numbers, *categories])}",
            )
        elif declared.stochastic and not all(map(math.isfinite, numbers.get(blank.measure, ()))):
            yield document.problem(
                ("blanks", part, "measure"),
                f"blank {part} reads '{blank.measure}', whose mean over draws has no bounds",
                "take one with a bounded range",
            )


def _name_problems(
    question: Question, document: Document, declared: Declared, parameters: Mapping[str, object]
) -> Iterator[Problem]:
    ranges = declared.ranges(parameters)
    categories = declared.categories(parameters)
    for choice in choices(question):
        rule = _parsed(choice.rule, question.constants)
        if rule is None:
            continue
        place = _rule_place(question, choice.id, choice.part)
        for name in sorted(rule.names - ranges.keys() - categories.keys()):
            yield document.problem(
                place,
                f"option {choice.id} reads '{name}', which the probe does not measure",
                f"it measures {', '.join([*ranges, *categories])}",
            )
        if rule.names <= ranges.keys() | categories.keys():
            for what, mend in _type_problems(rule, ranges, categories):
                yield document.problem(place, f"option {choice.id}: {what}", mend)
            means = question.estimate == "mean" and not isinstance(question, Blanks)
            if declared.stochastic and means:
                for atom in rule.atoms:
                    if what := atom.without_mean(ranges):
                        yield document.problem(
                            place, f"option {choice.id}: {what}", "mend the rule"
                        )


def _threshold_problems(
    question: Question, document: Document, probes: Mapping[str, Declared]
) -> Iterator[Problem]:
    """Thresholds that no rule and no parameter bears, and names that mean two things."""
    call = question.probe
    parameters = call.parameters if call else {}
    measured: set[str] = set()
    if call and (declared := probes.get(call.name)) and not declared.check(parameters):
        measured = {*declared.ranges(parameters), *declared.categories(parameters)}
    rules = [choice.rule for choice in choices(question) if choice.rule]
    if question.wordings:
        rules += question.wordings.otherwise.values()
    used = {name for rule in rules if (parsed := _parsed(rule, {})) for name in parsed.names}
    for name, threshold in question.thresholds.items():
        place = ("thresholds", name)
        if name in measured:
            yield document.problem(
                place, f"'{name}' is measured, and is a threshold, too", "rename the threshold"
            )
        elif threshold.value is None and name not in parameters:
            yield document.problem(
                place,
                f"threshold '{name}' has no value, and the probe is given no parameter of its name",
                "add 'value', or name a parameter",
            )
        elif threshold.value is not None and name not in used:
            yield document.problem(
                place, f"no rule compares with threshold '{name}'", "use it or remove it"
            )
    for number, name in enumerate(question.close):
        if name not in question.thresholds:
            yield document.problem(
                ("close", number), f"'{name}' is no threshold", "name one of 'thresholds'"
            )


def _type_problems(
    rule: Rule, ranges: Mapping[str, Interval], categories: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    for atom in rule.atoms:
        if atom.kind == "order" and (words := sorted(atom.names & categories.keys())):
            yield f"'{words[0]}' is a category, not a number", "compare it with == or !="
        if atom.kind == "category" and (numbers := sorted(atom.names & ranges.keys())):
            yield (
                f"'{numbers[0]}' is a number, not a category",
                "compare it with <, <=, >, >= or abs(a - b) <= a tolerance",
            )
        for word in atom.words:
            known = [categories[name] for name in atom.names if categories.get(name)]
            if known and word not in known[0]:
                yield f"'{word}' is never measured", f"the categories are {', '.join(known[0])}"


def _parsed(source: str | None, constants: Mapping[str, float]) -> Rule | None:
    try:
        return None if source is None else parse_rule(source, constants)
    except RuleError:
        return None


def _rule_place(question: Question, choice: str, part: str) -> Path_:
    if isinstance(question, Blanks):
        return ("blanks", part, "measure")
    if isinstance(question, DropDowns):
        return ("parts", part, "options", choice.removeprefix(part), "rule")
    return ("options", choice, "rule")
