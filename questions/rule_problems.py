"""Problems of a question's rules, thresholds and wordings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizproof.questions.declared import Declared
from quizproof.questions.near import did_you_mean, nearest
from quizproof.questions.problems import Problem
from quizproof.questions.rules import Interval, Rule, RuleError, parse_rule
from quizproof.questions.spec import (
    Blanks,
    DropDowns,
    Matching,
    MultipleChoice,
    Ordering,
    Question,
    SingleChoice,
    choices,
)
from quizproof.questions.thresholds import settings
from quizproof.questions.yaml_file import Document, Path_


@dataclass(frozen=True)
class _Written:
    """A rule as a file has it."""

    whose: str  # whose it is
    place: Path_
    source: str


def _written(question: Question) -> Iterator[_Written]:
    """Every rule of a question, those for its other wording last."""
    if isinstance(question, Ordering):  # what two items compare is told of each
        for name, item in question.items.items():
            if item.measure is not None:
                yield _Written(f"item {name}", ("items", name, "measure"), f"{item.measure} > 0")
        return
    for choice in choices(question):
        if choice.rule is not None:
            place = _rule_place(question, choice.id, choice.part)
            yield _Written(f"option {choice.id}", place, choice.rule)
    if question.wordings is not None:
        for option, rule in question.wordings.otherwise.items():
            place = ("wordings", "otherwise", option)
            yield _Written(f"option {option} in the other wording", place, rule)


def rule_problems(question: Question, document: Document) -> Iterator[Problem]:
    """Options without a rule, and rules that are not in the language."""
    if isinstance(question, SingleChoice | MultipleChoice) and len(question.options) < 2:
        yield document.problem(("options",), "fewer than two options", "add options")
    if isinstance(question, Matching):
        yield from _matching_problems(question, document)
    if isinstance(question, Ordering):
        yield from _ordering_problems(question, document)
    # of one without a probe that alone is said: the rules come with it
    ruled = question.probe is not None and not isinstance(question, Blanks | Ordering)
    for choice in choices(question) if ruled else ():
        if choice.rule is None:
            yield document.problem(
                _rule_place(question, choice.id, choice.part)[:-1],
                f"option {choice.id} has no rule",
                "add 'rule': when it is right, over what the probe measures",
            )
    for rule in _written(question):
        try:
            parsed = parse_rule(rule.source, question.constants)
        except RuleError as error:
            yield document.problem(
                rule.place, f"{rule.whose}: {error.what}", error.mend, column=error.column - 1
            )
            continue
        if not all(atom.names for atom in parsed.atoms):
            yield document.problem(
                rule.place,
                f"{rule.whose} compares numbers of its own alone, and is not measured",
                "compare with what the probe measures",
            )


def _ordering_problems(question: Ordering, document: Document) -> Iterator[Problem]:
    if len(question.items) < 2:
        yield document.problem(("items",), "fewer than two items", "add items")
    if question.probe is None:
        return
    ranked: dict[str, str] = {}
    for name, item in question.items.items():
        if item.measure is None:
            yield document.problem(
                ("items", name),
                f"item {name} measures nothing",
                "add 'measure': the number that it is ranked by",
            )
        elif item.measure in ranked:
            yield document.problem(
                ("items", name, "measure"),
                f"items {ranked[item.measure]} and {name} are ranked by the same number",
                "name one that is measured of each",
            )
        else:
            ranked[item.measure] = name


def _matching_problems(question: Matching, document: Document) -> Iterator[Problem]:
    if len(question.choices) < 2:
        yield document.problem(("choices",), "fewer than two choices", "add choices")
    for part, item in question.items.items():
        for choice in [choice for choice in item.rules if choice not in question.choices]:
            yield document.problem(
                ("items", part, "rules", choice),
                f"item {part} has a rule for {choice}, which is no choice",
                f"name one of {', '.join(question.choices)}",
            )


def name_problems(
    question: Question, document: Document, declared: Declared, parameters: Mapping[str, object]
) -> Iterator[Problem]:
    """Names that the probe does not measure, and comparisons that cannot be made of them."""
    ranges = declared.ranges(parameters)
    categories = declared.categories(parameters)
    parsed = [_parsed(written.source, question.constants) for written in _written(question)]
    read = {name for rule in parsed if rule for name in rule.names}
    unread = _unread_items(parameters, read & (ranges.keys() | categories.keys()))
    averaged = question.estimate == "mean" and not isinstance(question, Blanks)
    means = averaged and declared.draws_anew(parameters)
    for written in _written(question):
        rule = _parsed(written.source, question.constants)
        if rule is None:
            continue
        for name in sorted(rule.names - ranges.keys() - categories.keys()):
            yield document.problem(
                written.place,
                f"{written.whose} reads '{name}', which the probe does not measure",
                _mend_of_name(name, [*ranges, *categories], [*question.constants], unread),
            )
        if rule.names <= ranges.keys() | categories.keys():
            for what, mend in _type_problems(rule, ranges, categories):
                yield document.problem(written.place, f"{written.whose}: {what}", mend)
            for atom in rule.atoms if means else ():
                if what := atom.without_mean(ranges):
                    yield document.problem(
                        written.place, f"{written.whose}: {what}", "mend the rule"
                    )


def _unread_items(parameters: Mapping[str, object], read: Collection[str]) -> dict[str, str]:
    """Items of lists in ``parameters`` that no name in ``read`` has in it, with the list's name."""
    return {
        item: parameter
        for parameter, value in parameters.items()
        if isinstance(value, list | tuple)
        for item in value
        if isinstance(item, str) and item and not any(item in name for name in read)
    }


def _mend_of_name(
    name: str, measured: Sequence[str], constants: Sequence[str], unread: Mapping[str, str]
) -> str:
    """The mend of a ``name`` that is not ``measured``.

    One made of an item that the question itself does not read anywhere may be the mistake, and is
    no suggestion: a pack need not have a region of that name.
    """
    for near in nearest([*measured, *constants], name):
        for item, parameter in unread.items():
            before, found, after = near.rpartition(item)
            if found and name.startswith(before) and name.endswith(after):
                return f"it measures {near}, of {item} in '{parameter}': write the same in both"
    return did_you_mean(name, [*measured, *constants], f"it measures {', '.join(measured)}")


def threshold_problems(
    question: Question, document: Document, probes: Mapping[str, Declared]
) -> Iterator[Problem]:
    """Thresholds that no rule and no parameter bears, and names that mean two things."""
    call = question.probe
    parameters = call.parameters if call else {}
    measured: set[str] = set()
    if call and (declared := probes.get(call.name)) and not declared.check(parameters):
        measured = {*declared.ranges(parameters), *declared.categories(parameters)}
    parsed = [_parsed(rule.source, {}) for rule in _written(question)]
    used = {name for rule in parsed if rule for name in rule.names}
    for name, threshold in question.thresholds.items():
        place = ("thresholds", name)
        if name in measured:
            yield document.problem(
                place, f"'{name}' is measured, and is a threshold, too", "rename the threshold"
            )
        elif threshold.value is None and name not in settings(parameters):
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


def wording_problems(question: Question, document: Document) -> Iterator[Problem]:
    """Wordings of a prompt that is not in two languages, and rules that are no option's."""
    if question.wordings is None:
        return
    languages = question.prompt.languages
    if len(languages) != 2 or question.wordings.taken not in languages:
        yield document.problem(
            ("wordings", "taken"),
            f"the rules are for the wording in {question.wordings.taken}, and the prompt is in "
            f"{' and '.join(languages) or 'no language that it names'}",
            "wordings are those of a prompt in two languages, of which one is taken",
        )
    known = (
        []
        if isinstance(question, Blanks | Ordering)
        else [choice.id for choice in choices(question)]
    )
    for option in question.wordings.otherwise:
        if option not in known:
            yield document.problem(
                ("wordings", "otherwise", option),
                f"the other wording has a rule for {option}, which is no option",
                f"name one of {', '.join(known)}" if known else "remove it: blanks have no rules",
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


def _parsed(source: str, constants: Mapping[str, float]) -> Rule | None:
    try:
        return parse_rule(source, constants)
    except RuleError:
        return None


def _rule_place(question: Question, choice: str, part: str) -> Path_:
    if isinstance(question, Blanks):
        return ("blanks", part, "measure")
    if isinstance(question, DropDowns):
        return ("parts", part, "options", choice.removeprefix(part), "rule")
    if isinstance(question, Matching):
        return ("items", part, "rules", choice.removeprefix(part))
    return ("options", choice, "rule")
